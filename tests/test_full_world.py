"""The world that the shipped models do not know yet holds what the one that they know holds: the same claims, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from starter.world import WORLD

OTHER = "first" if WORLD == "full" else "full"


@pytest.mark.parametrize(
    "claims", ["test_scenes.py", "test_captions.py", "test_judge.py", "test_rendering.py", "test_starter_training.py"]
)
def test_the_other_world_holds_too(claims):
    here = Path(__file__).parent
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", str(here / claims)]
    done = subprocess.run(
        command,
        cwd=here.parent,
        env={**os.environ, "STARTER_WORLD": OTHER},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
