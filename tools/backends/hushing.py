"""What an engine in C prints to stderr by itself, kept from the terminal: our own errors say it in one line."""

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def hushed(log: logging.Logger) -> Iterator[None]:
    """Meanwhile whatever is written to the process's stderr goes to the log, line by line, when it is over."""
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, ValueError, AttributeError):  # there is no stderr to keep clean
        yield
        return
    with tempfile.TemporaryFile() as said:
        try:
            os.dup2(said.fileno(), 2)
            yield
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            for line in said.read(1 << 16).decode("utf-8", "replace").splitlines():
                log.info("The engine says: %s", line)
