"""What tests and benchmarks of an ingest share: a real process that is killed, and the straightforward way to compare with.

run_killed(...)   one `ingest` in a process of its own, killed with SIGKILL after some rows
contents(...)     everything a library holds, to compare two of them
plainly(...)      the way of a first evening: batches in the file's order padded to the model's length, rows as lists
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
from library_kit import DIMENSIONS

from tools.backends.database import Library

HERE = Path(__file__).parent
FACTS = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": DIMENSIONS}
RUN = """
import sys; sys.path[:0] = sys.argv[4:]
from library_kit import PlainEncoder
from tools.backends import preparing
from tools.backends.database import Library
from tools.backends.ingest import ingest
preparing.BATCH = int(sys.argv[3])
facts = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": 64}
with Library(sys.argv[1], **facts) as library:
    ingest([sys.argv[2]], library, PlainEncoder(), progress=lambda *call: print(call[0], flush=True))
"""


def run_killed(dsn: str, file: Path, rows: int, moment: float, batch: int = 20) -> int | None:
    """Ingest with the plain encoder in a process, and kill it `moment` seconds after so many rows are read.

    Returns:
        The rows that it had told of; None where it was done before it could be killed.
    """
    command = [sys.executable, "-c", RUN, dsn, str(file), str(batch), str(HERE), str(HERE.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        told = 0
        for line in run.stdout:
            told = int(line)
            if told >= rows:
                break
        time.sleep(moment)  # not to wait for anything: the moment of the kill is what is tried
        if run.poll() is not None:
            return None
        os.kill(run.pid, signal.SIGKILL)
    return told


def kill_often(dsn: str, file: Path, rows: int, kills: int, seed: int = 0, batch: int = 20) -> int:
    """Ingest a file of so many rows and kill it at random moments, each run going on where the last one was killed.

    Returns:
        How many runs were really killed; then let one run to its end.
    """
    rng = random.Random(seed)
    really = 0
    for number in range(kills):
        reached = rows * number // kills  # each run first comes by what was there before
        really += (
            run_killed(dsn, file, reached + rng.randint(1, max(1, rows // kills)), rng.random() * 0.05, batch)
            is not None
        )
    return really


def contents(library: Library) -> list[dict[str, Any]]:
    """Every row with its vectors, in the order of ids, but for the moment it was added."""
    pages = list(library.export_batches(5_000, vectors=True))
    return pa.concat_tables(pages).drop_columns(["added_at"]).to_pylist() if pages else []
