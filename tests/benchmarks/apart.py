"""A function of this package run in a process of its own: for its peak memory, and because one process opens one library.

    python -m benchmarks.apart MODULE FUNCTION ANSWER        with the arguments as JSON on stdin

The answer goes into a file, so that nothing that is printed on the way gets into it.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent


def apart(function: Callable[..., Any], **given: Any) -> Any:
    """Call it with plain values in a fresh process, and give its answer, which is plain values too.

    Raises:
        RuntimeError: it failed; what it printed stands on stderr.
    """
    with tempfile.TemporaryDirectory(prefix="atelier-bench-") as folder:
        answer = Path(folder) / "answer.json"
        done = subprocess.run(
            command(function, answer),
            input=json.dumps(given, default=str),
            text=True,
            stdout=sys.stderr,
            env=environment(),
            check=False,
        )
        if done.returncode or not answer.exists():
            raise RuntimeError(f"{function.__module__}.{function.__name__} ended with {done.returncode}.")
        return json.loads(answer.read_text())


def command(function: Callable[..., Any], answer: Path) -> list[str]:
    """The command that calls the function with what comes on its stdin."""
    return [sys.executable, "-m", "benchmarks.apart", function.__module__, function.__name__, str(answer)]


def environment() -> dict[str, str]:
    """In which that command finds this package and the product."""
    paths = [str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def main() -> None:
    module, name, answer = sys.argv[1:4]
    function = getattr(importlib.import_module(module), name)
    Path(answer).write_text(json.dumps(function(**json.load(sys.stdin))))


if __name__ == "__main__":
    main()
