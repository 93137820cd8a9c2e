"""What the independent judge reads off rendered pictures: the renderer's figures, for the model card.

Nothing here loads a model: pipelines and the judge are handed in. Drawings to compare with are steady ones, as the renderer
learnt from.
"""

import csv
import dataclasses
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from starter import captions
from starter import judge as judging
from starter.data import ATTRIBUTES, SIZE, labels_of
from starter.world import STYLES, Scene, sample_scene

FIGURES = ("subject", "color", "pose", "place", "time", "style", "weather", "framing", "size")
CELLS = 16  # of a latent a side
GRAIN = 0.22  # smoothness: the least of 150 drawings was 0.30 (a line drawing), the most of 40 decoded noises 0.16


def generate(
    pipe: Any, prompts: Sequence[str], steps: int, guidance: float, seed: int = 0, batch: int = 20
) -> np.ndarray:
    """Pictures (N, SIZE, SIZE, 3) uint8 of prompts, each with noise from its own number and `seed`."""
    import torch

    parts = []
    for start in range(0, len(prompts), batch):
        words = list(prompts[start : start + batch])
        noises = [torch.Generator().manual_seed(seed * 100_003 + start + n) for n in range(len(words))]
        made = pipe(words, num_inference_steps=steps, guidance_scale=guidance, generator=noises, output_type="np")
        parts.append((made.images * 255).round().astype(np.uint8))
    return np.concatenate(parts)


def steady(scenes: Sequence[Scene]) -> np.ndarray:
    """The drawings (N, SIZE, SIZE, 3) uint8 that a renderer of these scenes should come near."""
    from starter.draw import draw_with_masks

    return np.stack([np.asarray(draw_with_masks(scene, SIZE, steady=True)[0].convert("RGB")) for scene in scenes])


def read_off(judge: judging.Judge, pictures: np.ndarray, scenes: Sequence[Scene]) -> dict[str, float]:
    """Share of pictures whose attributes are read as their scenes have them, and of pairs with both subjects present."""
    labels = np.array([labels_of(scene) for scene in scenes])
    right = judging.agreement(judging.read(judge, pictures), labels)
    figures = {name: round(float(right[name].mean()), 4) for name in FIGURES if name in right}
    pairs = np.array([scene.other != "none" for scene in scenes])
    if pairs.any():
        figures["two_subjects"] = round(float((right["subject"] & right["other"])[pairs].mean()), 4)
        figures["relation"] = round(float(right["relation"][pairs].mean()), 4)
    return figures


def restyled(pipe: Any, judge: judging.Judge, count: int, steps: int, guidance: float) -> dict[str, float]:
    """ "Make it <style>" at one seed: the style as asked, subject and place as they were read before, over `count` pairs."""
    rng = random.Random("starter restyled")
    plain = [sample_scene(rng, held_out=True, style="none") for _ in range(count)]
    styles = [STYLES[1 + n % (len(STYLES) - 1)] for n in range(count)]
    before, after = (
        judging.read(judge, generate(pipe, prompts, steps, guidance, seed=1))
        for prompts in (
            [captions.plain(scene) for scene in plain],
            [
                captions.plain(dataclasses.replace(scene, style=style))
                for scene, style in zip(plain, styles, strict=True)
            ],
        )
    )
    asked = np.array([ATTRIBUTES["style"].index(style) for style in styles])
    return {
        "style_as_asked": round(float((after["style"] == asked).mean()), 4),
        "subject_unchanged": round(float((after["subject"] == before["subject"]).mean()), 4),
        "place_unchanged": round(float((after["place"] == before["place"]).mean()), 4),
    }


def smoothness(pictures: np.ndarray) -> np.ndarray:
    """How well a pixel foretells the one a latent cell further, (N,): the mean correlation of (N, H, W, 3) across and down.

    Within a cell even decoded noise is smooth, so neighbours would tell nothing.
    """
    values, cell = pictures.astype(np.float64), pictures.shape[1] // CELLS
    across = values[:, :, :-cell], values[:, :, cell:]
    down = values[:, :-cell], values[:, cell:]
    found = []
    for one, other in (across, down):
        one, other = (part.reshape(len(values), -1) for part in (one, other))
        one, other = (part - part.mean(1, keepdims=True) for part in (one, other))
        spread = np.sqrt((one**2).sum(1) * (other**2).sum(1))
        found.append(np.where(spread > 0, (one * other).sum(1) / np.where(spread > 0, spread, 1), 1.0))
    return np.mean(found, axis=0)


def foreign(pipe: Any, prompts: Sequence[str], steps: int, guidance: float) -> dict[str, float]:
    """Prompts of another world: how many give a picture and no noise, and how many have their unknown words named."""
    pictures = generate(pipe, prompts, steps, guidance)
    known = {part for word in captions.known_words() for part in re.findall(r"[a-z]+", word)}
    strange = [set(re.findall(r"[a-z]{2,}", prompt.lower())) - known for prompt in prompts]
    return {
        "prompts": len(prompts),
        "pictures": int((smoothness(pictures) > GRAIN).sum()),
        "with_unknown_words_named": sum(map(bool, strange)),
    }


def real_prompts(path: Path, count: int = 50) -> list[str]:
    """Prompts spread evenly over a CSV file with a column `prompt`."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        said = [row["prompt"].replace("\0", "") for row in csv.DictReader(file) if row.get("prompt")]
    return said[:: max(1, len(said) // count)][:count]


def seconds(pipe: Any, steps: int, guidance: float, rounds: int = 3) -> float:
    """Median seconds of one picture, after a first one."""
    took = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        generate(pipe, ["a red boat on the sea"], steps, guidance)
        took.append(time.perf_counter() - began)
    return round(float(np.median(took[1:])), 2)


def measures(
    pipe: Any, judge: judging.Judge, scenes: Sequence[Scene], steps: int, guidance: float, many: Any = None
) -> dict[str, dict[str, float]]:
    """Everything that the judge says of a renderer; `many` is the pipeline before its steps were made fewer, if there is one."""
    prompts = [captions.plain(scene) for scene in scenes]
    drawn = judging.features(judge, steady(scenes))
    found = {}
    for name, one, number in (("renderer", pipe, steps), ("renderer_of_many_steps", many, 20)):
        if one is None:
            continue
        pictures = generate(one, prompts, number, guidance)
        found[name] = read_off(judge, pictures, scenes) | {
            "frechet_distance_to_drawings": round(judging.frechet(judging.features(judge, pictures), drawn), 3),
            "steps": number,
            "guidance": guidance,
            "seconds": seconds(one, number, guidance),
        }
    found["make_it_a_style"] = restyled(pipe, judge, 200 if len(scenes) >= 200 else len(scenes), steps, guidance)
    return found
