"""What this machine has (processor, memory, disk, GPU), and which image models and encoders fit it. Guesses, said as such."""

import contextlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

GB = 2**30


@dataclass(frozen=True, kw_only=True)
class Gpu:
    """A GPU. `usable` is false for one that the installed PyTorch cannot use. Memory in bytes; 0 if unknown."""

    name: str
    kind: str  # "cuda" or "mps"
    memory: int
    usable: bool = True


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What there is. Memory and disk in bytes."""

    cpus: int
    memory: int
    memory_free: int
    disk_free: int
    gpus: tuple[Gpu, ...] = ()
    torch: str = ""

    @property
    def gpu(self) -> Gpu | None:
        """The usable GPU with the most memory."""
        return max((g for g in self.gpus if g.usable), key=lambda g: g.memory, default=None)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One model that could be set: the line to set, whether it fits here, and what to expect of it."""

    model: str
    line: str
    fits: bool
    words: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What to set on this machine. `summary` is one or two sentences; `images` and `encoders` are ordered, best fitting first."""

    summary: str
    images: tuple[Fit, ...]
    encoders: tuple[Fit, ...]


@dataclass(frozen=True)
class _Known:
    """An image model: memory in GB that a render takes on a GPU (half precision) and on a CPU, its download, its work."""

    name: str
    gpu: float
    offloaded: float  # GPU memory with parts waiting in the computer's own
    cpu: float
    disk: float
    cpu_minutes: float  # a picture on 8 good cores; published and remembered figures, rounded up
    words: str


# From the model cards and diffusers' documentation on memory; activations at the model's usual size included.
_IMAGES = (
    _Known("stabilityai/sd-turbo", 4, 2.5, 7, 5, 0.2, "1 to 4 steps at 512×512; quick, simple pictures"),
    _Known("stable-diffusion-v1-5/stable-diffusion-v1-5", 4, 2.5, 7, 5, 2.5, "512×512; the classic, with most add-ons"),
    _Known(
        "stabilityai/sdxl-turbo", 8, 5.5, 16, 14, 0.6, "1 to 4 steps at 512×512; better hands and text than SD-Turbo"
    ),
    _Known("stabilityai/stable-diffusion-xl-base-1.0", 10, 6, 18, 14, 15, "1024×1024; detailed"),
    _Known(
        "stabilityai/stable-diffusion-3.5-medium",
        18,
        10,
        32,
        20,
        25,
        "1024×1024; follows long prompts; its licence must be accepted",
    ),
    _Known(
        "black-forest-labs/FLUX.1-schnell", 33, 24, 64, 34, 20, "4 steps at 1024×1024; the best of these; Apache-2.0"
    ),
)
_ENCODERS = (
    ("openai/clip-vit-base-patch32", 2, 1, "knows far more words and styles than the built-in one; fine on a CPU"),
    ("openai/clip-vit-large-patch14", 4, 2, "finer; ten times the work of base"),
    ("google/siglip2-base-patch16-224", 3, 2, "finds better by words, in many languages; fine on a CPU"),
)


def look(folder: Path | str = ".") -> Machine:
    """Look at this machine. `folder` says which disk; it need not exist yet. Imports torch, if it is installed."""
    import psutil

    memory = psutil.virtual_memory()
    allowed = _allowed_memory() or memory.total
    version, gpus = _torch_gpus()
    return Machine(
        cpus=_cpus(),
        memory=min(memory.total, allowed),
        memory_free=min(memory.available, allowed),
        disk_free=_disk_free(Path(folder)),
        gpus=gpus or _unused_gpus(),
        torch=version,
    )


def advise(machine: Machine) -> Advice:
    """Which models fit this very machine, the best first, each with the line to set."""
    images = sorted((_image_fit(known, machine) for known in _IMAGES), key=lambda fit: not fit.fits)
    best = [fit for fit in images if fit.fits]
    if machine.gpu:
        best.reverse()  # with a GPU the largest that fits is the best; without one the quickest is
        images = best + [fit for fit in images if not fit.fits]
    encoders = tuple(
        Fit(
            model=name,
            line=f"ATELIER_ENCODER={name}",
            fits=machine.memory_free > memory * GB and machine.disk_free > disk * GB,
            words=words,
        )
        for name, memory, disk, words in _ENCODERS
    )
    return Advice(summary=_summary(machine, best), images=tuple(images), encoders=encoders)


def _summary(machine: Machine, best: list[Fit]) -> str:
    unused = next((gpu for gpu in machine.gpus if not gpu.usable), None)
    if machine.gpu:
        gpu = machine.gpu
        have = f"{gpu.name}, {gpu.memory / GB:.0f} GB" if gpu.memory else gpu.name
    elif unused:
        have = (
            f"There is a GPU ({unused.name}), but the installed PyTorch {machine.torch} cannot use it. Install PyTorch's CUDA build "
            "into .venv: https://pytorch.org/get-started/locally shows the command for your driver. Until then the processor renders"
        )
    else:
        have = f"No GPU: {machine.cpus} processor cores, {machine.memory / GB:.0f} GB of memory"
    if not best:
        return f"{have}. None of the well-known image models fits; the built-in one does."
    slow = (
        ""
        if machine.gpu
        else " On a CPU a large model takes minutes for each picture; the built-in one takes about a second."
    )
    return f"{have}. A good real model here: {best[0].line}.{slow}"


def _image_fit(known: _Known, machine: Machine) -> Fit:
    gpu = machine.gpu
    lacks, words = "", known.words
    if gpu and gpu.kind == "cuda":
        if gpu.memory < known.offloaded * GB:
            lacks = f"needs {known.offloaded:g} GB of GPU memory"
        elif gpu.memory < known.gpu * GB:
            words += "; parts of it wait in the computer's memory, so it is slower"
            if machine.memory < known.gpu * GB:
                lacks = f"needs {known.gpu:g} GB of memory beside the GPU's"
    elif gpu:
        if machine.memory < 1.5 * known.gpu * GB:
            lacks = f"needs {1.5 * known.gpu:g} GB of memory"
    elif machine.memory_free < known.cpu * GB:
        lacks = f"needs {known.cpu:g} GB of free memory on a CPU"
    else:
        words += f"; {_about(known.cpu_minutes * 8 / max(1, machine.cpus))} a picture on this CPU, at a guess"
    if machine.disk_free < known.disk * GB:
        lacks = f"{lacks} and {known.disk:g} GB of disk" if lacks else f"needs {known.disk:g} GB of disk"
    return Fit(
        model=known.name,
        line=f"ATELIER_IMAGE_MODEL={known.name}",
        fits=not lacks,
        words=f"{words}; {lacks}" if lacks else words,
    )


def _about(minutes: float) -> str:
    if minutes < 1:
        return f"about {max(1, round(minutes * 6)) * 10} seconds"
    return f"about {round(minutes)} minute{'s' * (round(minutes) != 1)}"


def _torch_gpus() -> tuple[str, tuple[Gpu, ...]]:
    try:
        import torch
    except (ImportError, OSError):  # OSError: a broken CUDA library
        return "", ()
    gpus: list[Gpu] = []
    if torch.cuda.is_available():
        for n in range(torch.cuda.device_count()):
            about = torch.cuda.get_device_properties(n)
            gpus.append(Gpu(name=about.name, kind="cuda", memory=about.total_memory))
    elif torch.backends.mps.is_available():
        gpus.append(Gpu(name="Apple GPU", kind="mps", memory=0))
    return torch.__version__, tuple(gpus)


def _unused_gpus() -> tuple[Gpu, ...]:
    """GPUs that the driver shows and PyTorch does not."""
    command = shutil.which("nvidia-smi")
    if not command:
        return ()
    found: list[Gpu] = []
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        ask = [command, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
        answer = subprocess.run(ask, capture_output=True, text=True, timeout=10, check=True).stdout
        for line in answer.strip().splitlines():
            name, _, megabytes = line.rpartition(",")
            found.append(Gpu(name=name.strip(), kind="cuda", memory=int(megabytes) * 2**20, usable=False))
    return tuple(found)


def _cpus() -> int:
    """Cores that this process may use, which in a container is fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _allowed_memory() -> int:
    """The memory that a container may use, in bytes; 0 where there is no limit."""
    with contextlib.suppress(OSError, ValueError):
        return int(Path("/sys/fs/cgroup/memory.max").read_text())
    return 0


def _disk_free(folder: Path) -> int:
    for place in (folder.absolute(), *folder.absolute().parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(place).free
    return 0
