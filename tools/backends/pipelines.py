"""Finding, downloading and loading a diffusers pipeline, with the device and precision that this machine allows.

torch, diffusers and transformers are imported inside the functions: only who loads a model pays for them.
"""

import contextlib
import inspect
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from tools.backends.errors import BadInput, ModelUnavailable
from tools.backends.modelfiles import ModelFolder

ANOTHER_MODEL = "Set ATELIER_IMAGE_MODEL to another model, or to `starter` for the built-in one."

_SMALL = 300_000_000  # parameters; up to here half precision saves nothing worth its rounding


def resolve_device(wished: str) -> str:
    """The device for a wish; "auto" means CUDA, else MPS, else the CPU.

    Raises:
        ModelUnavailable: that device is not here; says what to set.
    """
    import torch

    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if wished == "auto":
        return "cuda" if cuda else "mps" if mps else "cpu"
    kind, _, index = wished.partition(":")
    number = int(index) if index.isdigit() else 0
    here = {"cpu": True, "cuda": cuda and number < max(1, torch.cuda.device_count()), "mps": mps}
    if not here.get(kind, False) or (index and not index.isdigit()):
        there = ", ".join(["cpu", *["cuda"] * cuda, *["mps"] * mps])
        raise ModelUnavailable(
            f"ATELIER_DEVICE={wished} is not on this machine (PyTorch sees: {there}). Set it to `auto`."
        )
    return wished


def library_versions() -> dict[str, str]:
    """The versions that a picture's exact bytes depend on."""
    versions = {}
    for name in ("torch", "diffusers", "transformers", "atelier"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return {"torch": "", "diffusers": "", "transformers": "", "atelier": "", **versions}


def load_pipeline(model: ModelFolder, device: str) -> Any:
    """Load a folder's pipeline onto a device, in a precision that the device and its memory allow.

    Raises:
        ModelUnavailable: broken or unknown files, no text-to-image pipeline, or too little memory.
    """
    import torch
    from diffusers import DiffusionPipeline

    dtype, offload = _precision(model, device)
    try:
        with _quietly():
            pipeline = DiffusionPipeline.from_pretrained(
                str(model.path), dtype=getattr(torch, dtype), variant=model.variant, local_files_only=True
            )
        accepted = inspect.signature(type(pipeline).__call__).parameters
        if "prompt" not in accepted or not {"image", "mask_image"}.isdisjoint(
            name for name, p in accepted.items() if p.default is inspect.Parameter.empty
        ):
            raise ModelUnavailable(
                f"{model.label} ({model.class_name}) does not make pictures from words alone. {ANOTHER_MODEL}"
            )
        pipeline.set_progress_bar_config(disable=True)
        if offload:
            pipeline.enable_model_cpu_offload(device=device)
        else:
            pipeline.to(device)
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise ModelUnavailable(f"{model.label} does not fit in the memory of {device}. {ANOTHER_MODEL}") from error
    except (OSError, ValueError, TypeError, RuntimeError, LookupError, AttributeError, ImportError) as error:
        raise ModelUnavailable(
            f"{model.label} cannot be loaded from {model.path}: {first_line(error)}. Download it again. {ANOTHER_MODEL}"
        ) from error
    return pipeline


def beginning_with_a_picture(pipeline: Any, masked: bool) -> Any:
    """The same parts as a pipeline that begins with a picture, and keeps some of it where it is masked.

    Raises:
        BadInput: diffusers has no such pipeline for this family of models, or one that heeds no strength or no size.
    """
    import copy

    from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting

    what = "keep a part of a picture" if masked else "begin with a picture"
    cannot = f"{type(pipeline).__name__} cannot {what}. {ANOTHER_MODEL}"
    try:
        made = (AutoPipelineForInpainting if masked else AutoPipelineForImage2Image).from_pipe(pipeline)
    except ValueError as error:
        raise BadInput(cannot) from error
    # Those that edit a picture by words (Flux Kontext, …) take one as well, but no strength: the recipe would name a number
    # that did nothing. And those that paint pixels (DeepFloyd IF) do it in one size of their own, whatever the recipe's is.
    accepted = inspect.signature(type(made).__call__).parameters.keys()
    needed = {"image", "strength"} | ({"mask_image"} if masked else set())
    unet, vae = getattr(made, "unet", None), getattr(made, "vae", None)
    if not needed <= accepted or (vae is None and not {"width", "height"} <= accepted):
        raise BadInput(cannot)
    if masked and unet is not None and vae is not None and unet.config.in_channels == vae.config.latent_channels != 4:
        # The pipeline tells an ordinary model from one that reads the mask by 4 channels against 9, and does nothing else
        # with that number; this model has another number of them. Its weights are shared with the copy, its settings are not.
        made.unet = copy.copy(unet)
        made.unet.register_to_config(in_channels=4)
    made.set_progress_bar_config(disable=True)
    return made


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """No bars for a second's loading, and no talk of image processors that rendering does not use."""
    from diffusers.utils import logging as diffusers_log
    from transformers.utils import logging as transformers_log

    level, bars = transformers_log.get_verbosity(), transformers_log.is_progress_bar_enabled()
    diffusers_bars = diffusers_log.is_progress_bar_enabled()
    transformers_log.set_verbosity_error()
    transformers_log.disable_progress_bar()
    diffusers_log.disable_progress_bar()
    try:
        yield
    finally:
        transformers_log.set_verbosity(level)
        if bars:
            transformers_log.enable_progress_bar()
        if diffusers_bars:
            diffusers_log.enable_progress_bar()


def _precision(model: ModelFolder, device: str) -> tuple[str, bool]:
    """The torch dtype's name, and whether parts must wait in the computer's memory while others work on the GPU."""
    import psutil
    import torch

    free = psutil.virtual_memory().available
    if device == "cpu":
        for dtype, size in (("float32", 4), ("bfloat16", 2)):
            if model.parameters * size < 0.9 * free:
                return dtype, False
        raise ModelUnavailable(
            f"{model.label} needs {model.parameters * 2 / 2**30:.0f} GB of memory; {free / 2**30:.0f} GB are free. {ANOTHER_MODEL}"
        )
    if model.parameters <= _SMALL:
        return "float32", False
    newer = "transformer" in {file.parent.name for file in model.weights}  # SD 3, Flux, …: made for bfloat16
    if not device.startswith("cuda"):
        return ("bfloat16" if newer else "float16"), False
    dtype = "bfloat16" if newer and torch.cuda.is_bf16_supported() else "float16"
    return dtype, model.parameters * 2 > 0.85 * torch.cuda.mem_get_info(device)[0]


@contextlib.contextmanager
def calmly(model: ModelFolder, device: str) -> Iterator[None]:
    """Render a small model on one CPU core, and others on all.

    Its thousands of small steps each end with the cores waiting for one another: on two busy cores (a browser, a
    training) a picture of one second took minutes so, and five seconds on one core. And one core gives the same bytes
    on every machine, however many it has.
    """
    import torch

    threads = torch.get_num_threads()
    if device == "cpu" and model.parameters <= _SMALL:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def folder_of(name_or_path: str) -> Path:
    """The folder of a model; a Hugging Face name is downloaded into the hub's own cache."""
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    if path.suffix in {".safetensors", ".ckpt"}:
        raise ModelUnavailable(
            f"{path.name} is a single checkpoint file; a folder in diffusers' layout is needed. "
            f"Convert it with diffusers' convert_original_stable_diffusion_to_diffusers.py. {ANOTHER_MODEL}"
        )
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name_or_path) or name_or_path.startswith((".", "~")):
        raise ModelUnavailable(f"There is no folder {name_or_path} with an image model. {ANOTHER_MODEL}")
    from diffusers import DiffusionPipeline

    try:
        return Path(DiffusionPipeline.download(name_or_path))
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise ModelUnavailable(
            f"{name_or_path} is neither a folder here nor a model that could be downloaded ({first_line(error)}). "
            f"Check the name and the network. {ANOTHER_MODEL}"
        ) from error


def scheduler_for(scheduler: Any, name: str) -> Any:
    """A fresh scheduler: of the named class if this one can be swapped for it, else of its own class."""
    kinds = {kind.__name__: kind for kind in getattr(scheduler, "compatibles", ())}
    return kinds.get(name, type(scheduler)).from_config(scheduler.config)


def furthest_tokenizer(model: ModelFolder) -> tuple[Any, int]:
    best: tuple[Any, int] = (None, 0)
    from transformers import AutoTokenizer

    for folder in sorted(model.path.glob("tokenizer*")):
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
            limit = tokenizer.model_max_length if tokenizer.model_max_length < 10**6 else 77
            if "StableDiffusion3" in model.class_name:
                limit = min(limit, 256)  # what its pipeline lets T5 read, whatever the tokenizer's own limit is
            room = limit - tokenizer.num_special_tokens_to_add()
        except (OSError, ValueError, TypeError, AttributeError, ImportError):
            continue
        if tokenizer.is_fast and room > best[1]:
            best = tokenizer, room
    return best


def first_line(error: BaseException) -> str:
    """The first line of an error, short enough to stand inside a sentence."""
    text = str(error).strip().partition("\n")[0].rstrip(".")[:300]
    return text or type(error).__name__
