"""Where the details go: ATELIER_HOME/atelier.log. The terminal keeps to what the person asked for."""

import contextlib
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

FOR_LIBRARIES = {
    "TRANSFORMERS_VERBOSITY": "error",
    "DIFFUSERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    # nobody but the person is told what is done here
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRACELOOP_TELEMETRY": "false",
    "ANONYMIZED_TELEMETRY": "false",
    "DO_NOT_TRACK": "1",
}
_MEGABYTE = 1 << 20
_file: Path | None = None


def start(home: Path, *, page: bool = False) -> None:
    """Send every library's log records and warnings to the log file, and quieten their own chatter.

    A home that cannot be written is not this function's to complain about: the part that needs it says so.
    `page`: Chainlit has set up logging to stdout already; that is taken away again.
    """
    global _file
    for name, value in FOR_LIBRARIES.items():
        os.environ.setdefault(name, value)
    logging.captureWarnings(True)
    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            home / "atelier.log", maxBytes=_MEGABYTE, backupCount=1, encoding="utf-8", delay=True
        )
        _file = home / "atelier.log"
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    if page:
        root.handlers.clear()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)


def say(text: str) -> None:
    """Write a line to the terminal, past the log."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def keep_details(error: BaseException) -> str:
    """Write an error with its traceback to the log file and say where that is."""
    text = "".join(traceback.format_exception(error))
    for path in (_file, Path(tempfile.gettempdir()) / "atelier.log"):
        if path is None:
            continue
        with contextlib.suppress(OSError), path.open("a", encoding="utf-8") as log:
            log.write(text + "\n")
            return str(path)
    return "no log, because none could be written"


@contextlib.contextmanager
def clean_stdout(only_document: bool) -> Iterator[Callable[[Any], None]]:
    """Hand out `answer(document)`; with `only_document`, whatever else prints to stdout meanwhile goes to stderr.

    Done on the file descriptor, because libraries in C print too, and one stray line makes a JSON document unreadable.
    """
    import json

    answers: list[Any] = []
    if not only_document:
        yield answers.append
        return
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield answers.append
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        for document in answers:
            text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
            sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
            sys.stdout.buffer.flush()
