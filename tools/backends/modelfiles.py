"""What a diffusers model folder says about itself, read from its files without loading it: class, sizes, defaults, hash.

No torch, no diffusers: asking a model for its defaults must not cost seconds of imports.
"""

import hashlib
import json
import math
import re
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tools.backends.errors import ModelUnavailable

MOST_STEPS = 150
MOST_GUIDANCE = 30.0
LARGEST_SIDE = 4096

_WEIGHTS = {".safetensors", ".bin", ".ckpt", ".pt", ".pth", ".gguf"}
_WHOLE_FILE = 256 * 2**20  # bytes; a larger file is hashed by pieces, because 12 GB take a minute to read
_PIECE = 2**20

# Steps and guidance that a family's authors recommend. The first whose words are all in the class or the name counts.
_RECOMMENDED: tuple[tuple[tuple[str, ...], int, float], ...] = (
    (("lcm",), 4, 1.0),
    (("turbo", "stablediffusion3"), 4, 0.0),
    (("turbo",), 4, 0.0),
    (("lightning",), 4, 0.0),
    (("hyper-sd",), 4, 0.0),
    (("schnell",), 4, 0.0),
    (("flux",), 28, 3.5),
    (("stablediffusion3", "3.5"), 40, 4.5),
    (("stablediffusion3",), 28, 7.0),
    (("stablediffusionxl",), 30, 6.0),
    (("stablediffusion",), 30, 7.5),
    (("pixart",), 20, 4.5),
    (("sana",), 20, 4.5),
)


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What a model recommends. Sizes in pixels."""

    steps: int
    guidance: float
    width: int
    height: int


@dataclass(frozen=True)
class ModelFolder:
    """A folder in diffusers' layout. `label` is what the person called it, for messages and for the families' names."""

    path: Path
    label: str

    def __post_init__(self) -> None:
        if not (self.path / "model_index.json").is_file():
            raise ModelUnavailable(
                f"{self.label} is not an image model: {self.path} holds no model_index.json. "
                "Set ATELIER_IMAGE_MODEL to `starter`, to a folder that diffusers saved, or to a Hugging Face name."
            )
        if missing := [part for part in self.parts if not (self.path / part).is_dir()]:
            raise ModelUnavailable(
                f"{self.label} is not complete: {self.path} has no {', '.join(missing)}. "
                "Download it again, or set ATELIER_IMAGE_MODEL=starter."
            )

    @cached_property
    def class_name(self) -> str:
        """The pipeline's class, such as StableDiffusionPipeline."""
        name = self._json("model_index.json").get("_class_name")
        return name if isinstance(name, str) else "DiffusionPipeline"

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The sub-folders that the pipeline is made of, such as unet, vae and text_encoder."""
        index = self._json("model_index.json")
        named = [
            part for part, what in sorted(index.items()) if isinstance(what, list) and what and what[0] is not None
        ]
        return tuple(part for part in named if re.fullmatch(r"\w+", part))

    @cached_property
    def scheduler(self) -> str:
        """The class of the model's own scheduler."""
        name = self._json("scheduler/scheduler_config.json").get("_class_name")
        return name if isinstance(name, str) else ""

    @cached_property
    def packs(self) -> bool:
        """Whether prompts of any length reach the denoiser whole, in chunks (packing.py): a plain CLIP reads for it."""
        reader = self._json("model_index.json").get("text_encoder")
        plain = isinstance(reader, list) and reader[1:] == ["CLIPTextModel"]
        return plain and self.class_name in {"StableDiffusionPipeline", "StableDiffusionXLPipeline"}

    @cached_property
    def vae_factor(self) -> int:
        """Pixels for each latent, along one side."""
        channels = self._json("vae/config.json").get("block_out_channels")
        return 2 ** (len(channels) - 1) if isinstance(channels, list) and channels else 8

    @cached_property
    def multiple(self) -> int:
        """Width and height are multiples of this many pixels."""
        patch = self._json("transformer/config.json").get("patch_size", 1)
        packed = 2 if "flux" in self.class_name.lower() else patch if isinstance(patch, int) and 0 < patch < 9 else 1
        return max(8, self.vae_factor * packed)

    @cached_property
    def defaults(self) -> Defaults:
        """Steps and guidance from `atelier.json` in the folder, else the family's; the size from the denoiser's config."""
        own = self._json("atelier.json")
        words = f"{self.class_name} {self.label}".lower()
        steps, guidance = next(((s, g) for needed, s, g in _RECOMMENDED if all(n in words for n in needed)), (30, 5.0))
        if _is_number(own.get("steps"), 1, MOST_STEPS):
            steps = int(own["steps"])
        if _is_number(own.get("guidance"), 0, MOST_GUIDANCE):
            guidance = float(own["guidance"])
        sample = self._json("unet/config.json").get("sample_size") or self._json("transformer/config.json").get(
            "sample_size"
        )
        if not isinstance(sample, list):
            sample = [sample, sample]
        latent = [
            int(side) if _is_number(side, 1, 1024) else 128 for side in (*sample, *sample)
        ]  # 128: diffusers' own, for Flux
        height, width = (side * self.vae_factor for side in latent[:2])
        return Defaults(steps=steps, guidance=guidance, width=width, height=height)

    @cached_property
    def weights(self) -> tuple[Path, ...]:
        """The weight files of the parts that model_index.json names, sorted; each part's best kind only."""
        files: list[Path] = []
        for part in self.parts:
            found = [f for f in sorted((self.path / part).glob("*")) if f.suffix in _WEIGHTS and f.is_file()]
            chosen = [f for f in found if f.suffix == ".safetensors"] or found
            plain = [f for f in chosen if ".fp16" not in f.name and ".bf16" not in f.name]
            files += plain or chosen
        return tuple(files)

    @property
    def variant(self) -> str | None:
        """`fp16` where the folder holds half-precision files only (their names say so)."""
        names = [f.name for f in self.weights if f.parent.name in {"unet", "transformer"}]
        return "fp16" if names and all(".fp16" in name for name in names) else None

    @cached_property
    def parameters(self) -> int:
        """About how many numbers the weights hold, from the headers of the safetensors files."""
        return sum(_parameters_in(file) for file in self.weights)

    def hash(self) -> str:
        """Ten hex digits over all weights, as galleries show them. Remembered while no file's size or time changes."""
        if not self.weights:
            raise ModelUnavailable(
                f"{self.label} has no weights in {self.path}. Download the model again, or set ATELIER_IMAGE_MODEL=starter."
            )
        total = hashlib.sha256()
        for file in self.weights:
            total.update(f"{file.parent.name}/{file.name}\0{_digest(file)}\0".encode())
        return total.hexdigest()[:10]

    def _json(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads((self.path / name).read_bytes())
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}


_digests: dict[tuple[str, int, int], str] = {}


def _digest(file: Path) -> str:
    """sha256 of a file: all of it, or of a very large one its size and 64 pieces spread over it."""
    state = file.stat()
    key = (str(file.resolve()), state.st_size, state.st_mtime_ns)
    if key not in _digests:
        digest = hashlib.sha256(str(state.st_size).encode())
        with file.open("rb") as data:
            if state.st_size <= _WHOLE_FILE:
                while piece := data.read(_PIECE):
                    digest.update(piece)
            else:
                for n in range(64):
                    data.seek((state.st_size - _PIECE) * n // 63)
                    digest.update(data.read(_PIECE))
        _digests[key] = digest.hexdigest()
    return _digests[key]


def _parameters_in(file: Path) -> int:
    """Numbers in a weight file. Other kinds than safetensors are taken for 16-bit floats."""
    size = file.stat().st_size
    if file.suffix != ".safetensors":
        return size // 2
    try:
        with file.open("rb") as data:
            (length,) = struct.unpack("<Q", data.read(8))
            header = json.loads(data.read(min(length, 100 * 2**20)))
        return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return size // 2


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
