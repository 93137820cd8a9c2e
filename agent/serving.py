"""`atelier chat`: starts the page. The page itself is app.py; this only prepares its process and becomes it."""

import dataclasses
import ipaddress
import os
import shutil
import socket
import sys
from pathlib import Path

from agent.printing import say
from agent.settings import Settings, environment_of, has_screen
from tools.backends.errors import AtelierError, BadInput
from tools.backends.storage import translated

PROJECT = Path(__file__).resolve().parent.parent
PAGE_FILES = (".chainlit", "public", "chainlit.md")
# Chainlit's command takes options from these variables too. Other programs set them for themselves, and with CI=true
# Chainlit even puts a false key in the place of OPENAI_API_KEY.
NOT_FOR_CHAINLIT = ("CI", "DEBUG", "HEADLESS", "NO_CACHE", "RUN_TARGET", "WATCH")


def chat(settings: Settings, host: str | None, port: int | None) -> int:
    """Serve the page until Ctrl-C.

    Raises:
        BadInput: the host or port cannot be listened on.
        StorageFull: the page's folder in ATELIER_HOME cannot be written.
    """
    settings = dataclasses.replace(settings, host=host or settings.host, port=port or settings.port)
    _check_free(settings.host, settings.port)
    folder = _page_folder(settings.home / "page" / str(settings.port))
    app = PROJECT / "agent" / "app.py"
    # -P: a folder named like a library in the person's working folder must not take its place
    command = [
        sys.executable,
        "-P",
        "-m",
        "chainlit",
        "run",
        str(app),
        "--host",
        settings.host,
        "--port",
        str(settings.port),
    ]
    if not (sys.stdin.isatty() and sys.stdout.isatty() and has_screen()):
        command.append("--headless")  # or it opens a browser
    environment = environment_of(settings) | {"CHAINLIT_APP_ROOT": str(folder)}
    for name in NOT_FOR_CHAINLIT:
        environment.pop(name, None)
    shown = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    say(f"Atelier is starting at http://{f'[{shown}]' if ':' in shown else shown}:{settings.port} (Ctrl-C ends it).")
    try:
        os.execve(sys.executable, command, environment)  # one process: signals and memory belong to the page itself
    except OSError as error:
        raise AtelierError(f"The page cannot be started: {error}. Run `make install` and try again.") from error


def hosts_answered(host: str) -> list[str]:
    """The names in a request's Host header that the page answers to, where it listens on `host`.

    A page that listens on this machine alone answers only to this machine's names: otherwise a website could point its
    own name at 127.0.0.1 and read the page through the visitor's browser (DNS rebinding). Whoever listens on more has
    opened the page to others, under names that nobody here can know.
    """
    try:
        own = host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name: it is what it stands for here
        try:
            own = all(ipaddress.ip_address(found[4][0]).is_loopback for found in socket.getaddrinfo(host, None))
        except (OSError, ValueError):
            own = False
    bare = f"[{host}]" if ":" in host else host
    return list(dict.fromkeys(("127.0.0.1", "localhost", "[::1]", bare.lower()))) if own else ["*"]


def _page_folder(folder: Path) -> Path:
    """Copy the page's files to where Chainlit may write beside them: it keeps uploads and translations there.

    So nothing is written into the person's working folder, nor into the project. One folder for each port: Chainlit
    clears the uploads away when it ends, and they should be its own.
    """
    if not (PROJECT / "public").is_dir():
        raise AtelierError(
            f"The page's files are not in {PROJECT}. Start Atelier from a clone of its repository: make chat"
        )
    with translated(folder):
        for name in PAGE_FILES:
            source, target = PROJECT / name, folder / name
            if source.is_dir():
                shutil.rmtree(target, ignore_errors=True)  # what an older version had must not stay
                shutil.copytree(source, target)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    return folder


def _check_free(host: str, port: int) -> None:
    """Try the address now: the web server's own complaint comes late, and as a traceback."""
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(address[0], address[1], address[2]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
            probe.bind(address[4])
    except socket.gaierror as error:
        raise BadInput(f"There is no address {host!r} here. Use --host 127.0.0.1.") from error
    except OSError as error:
        other = port + 1 if port < 65_535 else 8000
        raise BadInput(
            f"Port {port} on {host} cannot be used ({error.strerror}). Stop what uses it, or choose another: atelier chat --port {other}"
        ) from error
