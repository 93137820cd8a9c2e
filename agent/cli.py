"""The command `atelier`: reads a command line, runs one command, and says how it ended.

Nothing heavy is imported here, so that `--help` and wrong usage answer at once. The work is in commands.py, filling and
emptying the library in filling.py, the turns of a conversation in asking.py, whole ones in conversations.py, the page in
serving.py, the check-up in doctor.py.

Exit codes: 0 done, 1 failed (one line on stderr), 2 wrong usage, 130 stopped by Ctrl-C, 141 the reader went away.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.backends.columns import OURS
from tools.backends.errors import AtelierError, BadInput
from tools.backends.filters import Filter, parse_filter

STOPPED = 130
READER_GONE = 141
ROOMS = {
    **dict.fromkeys(("history", "conversation", "template"), "conversations"),
    **dict.fromkeys(("ingest", "export"), "filling"),
}  # where the other commands are
MOST_MATCHES = 200  # of a search; more than anybody reads, and each costs time


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    parser = build_parser()
    options = parser.parse_args(argv)
    if wrong := _wrong_together(options):
        parser.error(wrong)
    try:
        code = _run(options)
        sys.stdout.flush()  # a reader that has gone shows up here, not after the last line of main
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was finished before is kept.\n")
        return STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again while it exits
        return READER_GONE
    except AtelierError as error:
        return _fail(str(error))
    except Exception as error:  # noqa: BLE001 - people get a sentence, the log gets the traceback
        from agent.logs import keep_details

        where = keep_details(error)
        return _fail(f"Something unexpected happened ({type(error).__name__}: {error}). The details are in {where}.")
    return code


def _fail(message: str) -> int:
    from agent.printing import plain

    sys.stderr.write(plain(message) + "\n")  # errors quote files' and servers' words
    return 1


def _run(options: argparse.Namespace) -> int:
    """Start the log and run the chosen command."""
    from agent.logs import start
    from agent.settings import load_settings

    settings = load_settings()
    start(settings.home)
    if options.command == "chat":
        from agent.serving import chat

        return chat(settings, options.host, options.port)
    if options.command == "ask":
        from agent.asking import ask

        return ask(settings, options)
    if options.command == "doctor":
        from agent.doctor import doctor

        return doctor(settings, as_document=options.json)
    module = importlib.import_module(f"agent.{ROOMS.get(options.command, 'commands')}")
    command: Callable[..., int] = getattr(module, options.command)
    return command(settings, options)


def build_parser() -> argparse.ArgumentParser:
    """Every command and option, with the words that `--help` shows."""
    parser = argparse.ArgumentParser(
        prog="atelier",
        description="Find prompts that worked, write a better one, render it, refine it, keep it.",
        epilog="Settings are environment variables that begin with ATELIER_; `atelier doctor` says what is in use.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    chat = commands.add_parser("chat", help="open the studio as a page in the browser")
    chat.add_argument("--host", metavar="H", help="address to listen on (127.0.0.1)")
    chat.add_argument("--port", metavar="N", type=_port, help="port to listen on (8000)")

    ask = _answering(commands, "ask", "say one thing to the assistant; a thread goes on over calls")
    ask.add_argument("text", metavar="TEXT", help='what you want to see, or to change: "make it more cinematic"')
    ask.add_argument("--thread", metavar="NAME", help="the conversation to begin or to go on with")
    ask.add_argument("--image", metavar="FILE", type=Path, action="append", default=[], help="a picture to talk about")

    search = _answering(commands, "search", "find prompts in the library by words, by a picture, or by both")
    search.add_argument("text", metavar="TEXT", nargs="?", default="", help="what the picture shows")
    search.add_argument("--image", metavar="FILE", type=Path, help="a picture that it should look like")
    search.add_argument(
        "--without", metavar="TEXT", action="append", default=[], help="what it should not show; may be repeated"
    )
    search.add_argument(
        "--where",
        metavar="EXPR",
        type=_condition,
        action="append",
        default=[],
        help='only examples like this, such as "shape=wide", "prompt!:people" or "favourite=yes"; may be repeated',
    )
    search.add_argument("--diverse", action="store_true", help="rather different ones than the nearest")
    search.add_argument("-k", metavar="N", type=_few, default=10, help="how many to show, up to 200 (10)")
    search.add_argument("--no-taste", action="store_true", help="in the order that anybody would get")

    describe = _answering(commands, "describe", "find the prompts that likely made a picture")
    describe.add_argument("image", metavar="IMAGE", type=Path, help="PNG, JPEG, WebP or GIF")
    describe.add_argument("-k", metavar="N", type=_few, default=10, help="how many to show, up to 200 (10)")

    generate = _answering(commands, "generate", "render a prompt as it stands")
    generate.add_argument("prompt", metavar="PROMPT", nargs="?", help="what to render, word for word")
    generate.add_argument(
        "--template", metavar="FILE|TEXT", help='instead of PROMPT: one with slots, such as "a {cat|dog}, __style__"'
    )
    generate.add_argument("--image", metavar="FILE", type=Path, help="a picture to begin with, instead of noise")
    generate.add_argument(
        "--mask", metavar="FILE", type=Path, help="of that size: light where it may change, dark where it stays"
    )
    generate.add_argument(
        "--strength", metavar="F", type=float, help="how much of it may change, up to 1 (0.6; with a mask 1)"
    )
    generate.add_argument("--negative", metavar="TEXT", default="", help="what the picture should not show")
    generate.add_argument("--seed", metavar="N", type=_seed, help="the same seed gives the same picture (random)")
    generate.add_argument("--steps", metavar="N", type=_count, help="denoising steps (the model's own)")
    generate.add_argument(
        "--guidance", metavar="F", type=float, help="how closely to follow the words (the model's own)"
    )
    generate.add_argument("--size", metavar="WxH", type=_size, help="in pixels, such as 512x768 (the model's own)")
    generate.add_argument(
        "-n", metavar="N", type=_count, default=1, help="how many pictures, each with its own seed (1)"
    )
    generate.add_argument("--out", metavar="DIR", type=Path, help="folder to save in (pictures/ in ATELIER_HOME)")

    render = _answering(commands, "render", "render the recipe in a picture's file again")
    render.add_argument("png", metavar="PNG", type=Path)
    render.add_argument(
        "--image", metavar="FILE", type=Path, help="the picture that the recipe begins with, if it does"
    )
    render.add_argument("--mask", metavar="FILE", type=Path, help="its mask, if it had one")
    render.add_argument("--out", metavar="DIR", type=Path, help="folder to save in (pictures/ in ATELIER_HOME)")

    ingest = _answering(commands, "ingest", "add prompts from CSV or Parquet files to the library")
    ingest.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="id, prompt, url, width, height, source_site"
    )
    ingest.add_argument("--images", metavar="DIR", type=Path, help="folder with the pictures, named by id")
    ingest.add_argument("--fetch-images", action="store_true", help="load the other pictures from their links")
    ingest.add_argument(
        "--map",
        metavar="OURS=THEIRS",
        type=_pair,
        action="append",
        default=[],
        help="what a column is called there, such as prompt=caption or seed=noise_seed; may be repeated",
    )
    ingest.add_argument(
        "--skip-nsfw", metavar="F", type=_part, help="leave out rows with a higher nsfw score, such as 0.5"
    )
    ingest.add_argument(
        "--again",
        action="store_true",
        help="read also files that have not changed, ask dead links again, and bring back what was taken out",
    )
    ingest.add_argument(
        "--workers",
        metavar="N",
        type=_workers,
        default=0,
        help="encode on N workers of Ray (pip install 'atelier[cluster]')",
    )

    favourites = _answering(commands, "favourites", "list what you saved, or remove one")
    favourites.add_argument("action", nargs="?", choices=("list", "remove"), default="list")
    favourites.add_argument("id", metavar="ID", nargs="?", help="which one to remove")

    history = _answering(commands, "history", "show every draft and picture of a conversation as a tree")
    history.add_argument("thread", metavar="THREAD", help="the conversation's name, as in `atelier ask --thread`")

    conversation = commands.add_parser(
        "conversation", help="write a conversation to a file, or make one from a file again"
    )
    actions = conversation.add_subparsers(dest="action", required=True, metavar="ACTION")
    kept = _answering(actions, "export", "write a conversation to a file: every draft, change and recipe")
    kept.add_argument("thread", metavar="THREAD", help="the conversation's name")
    kept.add_argument("file", metavar="FILE", type=Path, help="where to write it; a file that is there is replaced")
    replay = _answering(actions, "replay", "render a conversation's pictures again, without any language model")
    replay.add_argument("file", metavar="FILE", type=Path, help="what `atelier conversation export` wrote")
    replay.add_argument("--thread", metavar="NAME", help="the new conversation (the old name and -replay)")

    template = _answering(commands, "template", "give a conversation's prompt with slots where it changed")
    template.add_argument("thread", metavar="THREAD", help="the conversation's name")
    template.add_argument("--out", metavar="FILE", type=Path, help="write it to a file instead")

    taste = _answering(commands, "taste", "show what you keep and drop, edit it, or have it forgotten")
    taste.add_argument("action", nargs="?", choices=("show", "add", "remove", "wipe"), default="show")
    taste.add_argument("text", metavar="TEXT", nargs="*", help="such as: low-key light, no bokeh")

    export = commands.add_parser("export", help="write the library to a CSV or Parquet file")
    export.add_argument("file", metavar="FILE", type=Path, help="ends in .csv or .parquet")
    export.add_argument("--vectors", action="store_true", help="also vectors and thumbnails (Parquet only)")
    export.add_argument("--force", action="store_true", help="replace the file if it is there")

    _answering(commands, "doctor", "say which parts are in use, try each, and name the real ones for this machine")

    return parser


def _answering(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help: str
) -> argparse.ArgumentParser:
    """A command that can answer with a JSON document."""
    command = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    command.add_argument("--json", action="store_true", help="answer with one JSON document")
    return command


def _wrong_together(options: argparse.Namespace) -> str:
    """What argparse cannot see: options that are right one by one and wrong together."""
    if options.command == "search" and not options.text.strip() and options.image is None:
        return "search: say what to look for: TEXT, --image FILE, or both"
    if options.command == "generate" and (options.prompt is None) == (options.template is None):
        return "generate: give a PROMPT, or a --template with slots, and not both"
    if options.command == "favourites" and options.action == "remove" and not options.id:
        return "favourites: say which one to remove; `atelier favourites` shows every ID"
    if options.command == "favourites" and options.action == "list" and options.id:
        return "favourites: `list` takes no ID"
    if options.command == "taste" and bool(options.text) != (options.action in ("add", "remove")):
        return (
            f"taste: {'say which line' if options.action in ('add', 'remove') else f'`{options.action}` takes no TEXT'}"
        )
    if options.command == "export" and options.file.suffix.lower() not in (".csv", ".parquet"):
        return f"export: {options.file.name!r} should end in .csv or .parquet"
    if options.command == "export" and options.vectors and options.file.suffix.lower() == ".csv":
        return "export: a CSV file cannot hold vectors; name a file that ends in .parquet"
    if options.command == "ingest" and len({ours for ours, _ in options.map}) < len(options.map):
        return "ingest: --map names one of our columns twice"
    if options.command == "ingest" and options.workers and options.fetch_images:
        return "ingest: --fetch-images asks from one place, politely; run it first, without --workers"
    return ""


def _count(text: str) -> int:
    return _whole(text, 1, 10_000)


def _few(text: str) -> int:
    return _whole(text, 1, MOST_MATCHES)


def _port(text: str) -> int:
    return _whole(text, 1, 65_535)


def _workers(text: str) -> int:
    return _whole(text, 1, 10_000)


def _part(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return number


def _pair(text: str) -> tuple[str, str]:
    ours, sign, theirs = (part.strip() for part in text.partition("="))
    if not (ours and sign and theirs):
        raise argparse.ArgumentTypeError(f"{text!r} is not a pair such as prompt=caption")
    if ours not in OURS:
        raise argparse.ArgumentTypeError(f"{ours!r} is no column of ours; these are: {', '.join(OURS)}")
    return ours, theirs


def _seed(text: str) -> int:
    return _whole(text, 0, 2**64 - 1)


def _whole(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
    return number


def _condition(text: str) -> Filter:
    try:
        return parse_filter(text)
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _size(text: str) -> tuple[int, int]:
    width, x, height = text.lower().partition("x")
    if not (x and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 512x768")
    return int(width), int(height)


if __name__ == "__main__":
    sys.exit(main())
