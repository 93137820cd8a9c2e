"""What this machine has, and honest advice for machines of several kinds."""

import os
import subprocess
from pathlib import Path

import pytest

from tools.backends.machine import GB, Advice, Gpu, Machine, advise, look

BIG_DISK = 500 * GB
LAPTOP = Machine(cpus=8, memory=16 * GB, memory_free=12 * GB, disk_free=BIG_DISK, torch="2.13.0+cpu")


def with_gpu(gigabytes: int, kind: str = "cuda", usable: bool = True, memory: int = 64) -> Machine:
    gpu = Gpu(name="RTX 4090", kind=kind, memory=gigabytes * GB, usable=usable)
    return Machine(
        cpus=16, memory=memory * GB, memory_free=memory * GB, disk_free=BIG_DISK, gpus=(gpu,), torch="2.13.0"
    )


def fitting(advice: Advice) -> list[str]:
    return [fit.model.rpartition("/")[2] for fit in advice.images if fit.fits]


def test_this_machine_is_seen(tmp_path: Path):
    machine = look(tmp_path / "not" / "there" / "yet")
    assert 1 <= machine.cpus <= (os.cpu_count() or 1)
    assert 0 < machine.memory_free <= machine.memory
    assert machine.disk_free > 0
    assert machine.torch.startswith("2.")
    assert advise(machine).summary


def test_a_laptop_is_offered_the_quick_models_first_and_told_that_it_is_slow():
    advice = advise(LAPTOP)
    assert fitting(advice) == ["sd-turbo", "stable-diffusion-v1-5"]
    assert advice.images[0].line == "ATELIER_IMAGE_MODEL=stabilityai/sd-turbo"
    assert "No GPU" in advice.summary
    assert "minutes" in advice.summary
    assert "on this CPU" in advice.images[0].words
    assert "needs 64 GB of free memory" in advice.images[-1].words


def test_a_gpu_is_offered_the_best_that_fits_first():
    assert fitting(advise(with_gpu(80)))[0] == "FLUX.1-schnell"
    assert fitting(advise(with_gpu(12)))[0] == "stable-diffusion-3.5-medium"
    assert fitting(advise(with_gpu(4))) == ["stable-diffusion-v1-5", "sd-turbo"]
    assert "wait in the computer's memory" in advise(with_gpu(12)).images[0].words
    assert "CPU" not in "".join(fit.words for fit in advise(with_gpu(80)).images)


def test_a_mac_counts_the_memory_it_shares():
    assert "stable-diffusion-xl-base-1.0" in fitting(advise(with_gpu(0, "mps", memory=32)))
    assert "stable-diffusion-xl-base-1.0" not in fitting(advise(with_gpu(0, "mps", memory=8)))


def test_a_gpu_that_pytorch_cannot_use_is_told_with_what_to_install():
    advice = advise(with_gpu(24, usable=False))
    assert "RTX 4090" in advice.summary
    assert "CUDA build" in advice.summary
    assert "on this CPU" in advice.images[0].words


def test_a_full_disk_and_little_memory_fit_nothing_and_the_built_in_model_stays():
    advice = advise(Machine(cpus=1, memory=2 * GB, memory_free=GB, disk_free=0))
    assert fitting(advice) == []
    assert not any(fit.fits for fit in advice.encoders)
    assert "the built-in one does" in advice.summary
    assert "of disk" in advice.images[0].words


def test_the_drivers_own_list_shows_gpus_that_pytorch_does_not_see(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA H200, 143771'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert look(tmp_path).gpus == (Gpu(name="NVIDIA H200", kind="cuda", memory=143771 * 2**20, usable=False),)
    for broken in ("echo nonsense, many", "exit 9", "echo"):
        tool.write_text(f"#!/bin/sh\n{broken}\n")
        assert look(tmp_path).gpus == ()


def test_a_driver_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import torch

    def hang(*_: object, **options: float) -> None:
        raise subprocess.TimeoutExpired("nvidia-smi", options["timeout"])

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(subprocess, "run", hang)
    assert look(tmp_path).gpus == ()
