"""Recipes as text: the JSON that our own files carry, checked strictly, and the line that other programs read."""

import json
import math
import re
from typing import Any

from tools.backends.records import Recipe, as_json

LONGEST_PROMPT = 20_000  # characters
LARGEST_SIDE = 16_384  # pixels
MOST_STEPS = 1_000
LEAST_STRENGTH = 1 / MOST_STEPS  # of a render that begins with a picture: less runs no step
_LONGEST_NAME = 300


def recipe_to_json(recipe: Recipe) -> str:
    """The whole recipe as one line of ASCII JSON."""
    return json.dumps(as_json(recipe), sort_keys=True)


def recipe_from_json(value: Any) -> Recipe | None:
    """A recipe from a JSON text or a decoded value, or None if anything about it is not as it must be.

    Strangers' files reach this: every type, range and length is checked. Unknown keys (a newer version's) are passed over.
    """
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, dict):
        return None
    texts = {"prompt": LONGEST_PROMPT, "negative_prompt": LONGEST_PROMPT} | dict.fromkeys(
        ("scheduler", "model", "model_hash", "device", "start", "mask"), _LONGEST_NAME
    )
    numbers = {
        "seed": (0, 2**64 - 1),
        "steps": (1, MOST_STEPS),
        "width": (1, LARGEST_SIDE),
        "height": (1, LARGEST_SIDE),
    }
    optional = {"negative_prompt", "model_hash", "device", "start", "mask"}
    fields: dict[str, Any] = {}
    for key, most in texts.items():
        text = value.get(key, "" if key in optional else None)
        if not isinstance(text, str) or len(text) > most or not _is_writable(text):
            return None
        fields[key] = text
    for key, (low, high) in numbers.items():
        number = value.get(key)
        if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
            return None
        fields[key] = number
    guidance = value.get("guidance")
    if not isinstance(guidance, int | float) or isinstance(guidance, bool) or not abs(guidance) <= 1_000:
        return None  # `abs(nan) <= …` is false too
    strength = value.get("strength", 0.0)
    if not isinstance(strength, int | float) or isinstance(strength, bool):
        return None
    if fields["start"]:
        if not LEAST_STRENGTH <= strength <= 1 or fields["steps"] < least_steps(strength):
            return None
    elif strength != 0 or fields["mask"]:
        return None
    versions = value.get("versions", {})
    if not isinstance(versions, dict) or len(versions) > 50:
        return None
    for name, version in versions.items():
        if not isinstance(version, str) or len(name) > _LONGEST_NAME or len(version) > _LONGEST_NAME:
            return None
    return Recipe(**fields, guidance=float(guidance), strength=float(strength), versions=dict(versions))


def least_steps(strength: float) -> int:
    """The fewest steps with which this strength, at least LEAST_STRENGTH, changes anything: one is run."""
    steps = math.ceil(1 / strength)
    return steps if int(steps * strength) >= 1 else steps + 1  # 49 × (1 / 49) is a little less than 1


def parameters_text(recipe: Recipe) -> str:
    """The `parameters` text that AUTOMATIC1111's web UI writes, and that galleries and sd-parsers read."""
    prompt = _one_text(recipe.prompt)
    negative = f"\nNegative prompt: {_one_text(recipe.negative_prompt)}" if recipe.negative_prompt.strip() else ""
    settings = {
        "Steps": str(recipe.steps),
        "Sampler": sampler_name(recipe.scheduler),
        "CFG scale": _short(recipe.guidance),
        "Seed": str(recipe.seed),
        "Size": f"{recipe.width}x{recipe.height}",
        "Model hash": recipe.model_hash,
        "Model": _plain(recipe.model),
        "Denoising strength": _short(recipe.strength) if recipe.start else "",
        "Version": f"Atelier {_plain(recipe.versions.get('atelier', ''))}".strip(),
    }
    return f"{prompt}{negative}\n" + ", ".join(f"{key}: {value}" for key, value in settings.items() if value)


def sampler_name(scheduler: str) -> str:
    """What the web UI calls a diffusers scheduler class; the class's own name where it has no other."""
    return _SAMPLERS.get(scheduler, _plain(scheduler) or "Unknown")


_SAMPLERS = {
    "EulerDiscreteScheduler": "Euler",
    "EulerAncestralDiscreteScheduler": "Euler a",
    "DPMSolverMultistepScheduler": "DPM++ 2M",
    "DPMSolverSinglestepScheduler": "DPM++ 2S",
    "DPMSolverSDEScheduler": "DPM++ SDE",
    "KDPM2DiscreteScheduler": "DPM2",
    "KDPM2AncestralDiscreteScheduler": "DPM2 a",
    "HeunDiscreteScheduler": "Heun",
    "LMSDiscreteScheduler": "LMS",
    "DDIMScheduler": "DDIM",
    "DDPMScheduler": "DDPM",
    "PNDMScheduler": "PLMS",
    "UniPCMultistepScheduler": "UniPC",
    "LCMScheduler": "LCM",
}


def _one_text(text: str) -> str:
    """Text that can stand in the `parameters` chunk: no NUL, no lone surrogate, nothing that readers take for the next part.

    The exact words are in our own chunk.
    """
    text = text.replace("\0", " ").replace("\r", "\n").replace("Negative prompt:", "negative prompt:")
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def _plain(text: str) -> str:
    """A value that cannot be taken for another key of the settings line."""
    return re.sub(r"[,:\s]+", " ", text).strip()


def _short(number: float) -> str:
    return f"{number:g}" if math.isfinite(number) else "0"


def _is_writable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
