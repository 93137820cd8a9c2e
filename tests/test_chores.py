"""The first start and continuous integration on machines that lack something. Every program here is a stand-in."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHELL = ("sh", "bash", "env", "rm", "mkdir", "dirname", "grep", "cat")

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make here")


@pytest.fixture
def machine(tmp_path):
    """A folder of programs that is the whole PATH, and a function that adds one to it."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in SHELL:
        (programs / name).symlink_to(str(shutil.which(name)))

    def add(name: str, script: str = "exit 0") -> None:
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)

    add.path = str(programs)
    return add


def run(machine, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": machine.path, "HOME": str(folder)}
    return subprocess.run([*command], cwd=folder, env=environment, capture_output=True, text=True, timeout=30)


def make(machine, tmp_path) -> subprocess.CompletedProcess[str]:
    folder = tmp_path / "house"
    folder.mkdir(exist_ok=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return run(machine, folder, str(shutil.which("make")), ".venv/bin/python")


def python_of(version: str, on_venv: str) -> str:
    """A python that answers the Makefile's question about its version, and makes an environment as told."""
    question = 'case "$2" in *"sys.version_info < (3, 14)"*)'
    answer = "exit 0" if version in ("3.11", "3.12", "3.13") else "exit 1"
    return f'case "$1" in -c) {question} {answer};; esac;; --version) echo Python {version};; -m) {on_venv};; esac'


def test_a_python_that_cannot_make_the_environment_leaves_no_half_of_one(machine, tmp_path):
    machine("python3", python_of("3.11", "mkdir -p .venv/bin; cat /dev/null >.venv/bin/python; exit 1"))
    assert make(machine, tmp_path).returncode != 0
    assert not (tmp_path / "house" / ".venv").exists()
    machine("python3", python_of("3.11", "mkdir -p .venv/bin; cat /dev/null >.venv/bin/python"))
    assert make(machine, tmp_path).returncode == 0


def test_without_a_python_of_the_range_one_sentence_names_the_range(machine, tmp_path):
    machine("python3", python_of("3.14", "exit 1"))
    failed = make(machine, tmp_path)
    assert failed.returncode != 0
    assert "Atelier needs Python 3.11, 3.12 or 3.13 with venv" in failed.stderr
    assert "https://www.python.org" in failed.stderr


def test_the_makefile_and_the_package_agree_on_the_range():
    asked = re.search(r"not \((.*?)\) <= sys\.version_info < \((.*?)\)", (ROOT / "Makefile").read_text())
    least, below = (found.replace(", ", ".") for found in asked.groups())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={least},<{below}"


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        (("make", "python3", "chromium", "fonts"), ""),
        (("make", "chromium", "fonts"), "python3-venv"),
        (("python3", "fonts"), "make chromium"),
        ((), "make python3-venv chromium fonts-dejavu-core fonts-liberation"),
    ],
)
def test_continuous_integration_installs_what_lacks_and_nothing_else(machine, tmp_path, there, wanted):
    for name in there:
        machine(name)
    machine("dpkg-query", "echo install ok installed" if "fonts" in there else "exit 1")
    # the stand-in brings make, because the script goes on with it
    log, bash = tmp_path / "log", f'cat >"{machine.path}/make" <<E\n#!/bin/sh\nE'
    chmod = f'{shutil.which("chmod")} +x "{machine.path}/make"'
    machine("apt-get", f'echo "$@" >>"{log}"; {bash}\n{chmod}')
    machine("sudo", 'exec "$@"')
    machine("id", "echo 1000")
    folder = tmp_path / "house" / ".ci"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", folder)
    done = run(machine, folder, str(shutil.which("bash")), "run")
    assert done.returncode == 0, done.stderr
    installed = log.read_text().splitlines()[-1].partition("recommends ")[2] if log.exists() else ""
    assert installed == wanted
