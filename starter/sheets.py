"""Sheets of rendered pictures beside the drawings that they were to be: what the model card shows.

The sheets of drawings alone, by which the drawing is judged, are made by `starter.draw.sheet`.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from starter.captions import plain
from starter.data import SIZE
from starter.rendering import steady
from starter.world import FRAMINGS, RELATIONS, STYLES, SUBJECTS, TIMES, WEATHERS, Scene, places_of, sample_scene

SEED = 7
SHOWN = (
    Scene(subject="cat", color="orange", pose="sitting", place="living room", time="day"),
    Scene(subject="castle", color="gray", pose="towers", place="meadow", time="sunset"),
    Scene(subject="boat", color="red", pose="sailing", place="sea", time="day"),
    Scene(subject="robot", color="silver", pose="standing", place="city", time="night"),
    Scene(subject="tree", color="green", pose="round", place="snow", time="day"),
    Scene(subject="rocket", color="white", pose="launching", place="space", time="night"),
    Scene(subject="dog", color="brown", pose="running", place="beach", time="day"),
    Scene(subject="car", color="red", pose="driving", place="desert", time="day"),
)


def grid(pictures: np.ndarray, columns: int, path: Path) -> None:
    """Save (N, H, W, 3) uint8 pictures row by row, with a thin gap between, as WebP or as the path's ending says."""
    from PIL import Image

    height, width = pictures.shape[1] + 4, pictures.shape[2] + 4
    page = Image.new("RGB", (columns * width, -(-len(pictures) // columns) * height), "white")
    for number, picture in enumerate(pictures):
        page.paste(Image.fromarray(picture), (number % columns * width, number // columns * height))
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path, quality=85)


def styles() -> list[Scene]:
    """Eight scenes (the rows) in every style."""
    return [replace(scene, style=style, seed=SEED) for scene in SHOWN for style in STYLES]


def subjects() -> list[Scene]:
    """Every subject once, in the first of its colours and poses, each at another of its places."""
    return [
        Scene(
            subject=name,
            color=kind.colors[0],
            pose=kind.poses[0],
            place=places_of(name)[number % len(places_of(name))],
            time=TIMES[number % len(TIMES)],
            seed=SEED,
        )
        for number, (name, kind) in enumerate(SUBJECTS.items())
    ]


def together() -> list[Scene]:
    """Pairs in every relation, and every weather and framing, of combinations that nothing was trained on."""
    rng = random.Random("starter together")
    asked = [{"relation": relation} for relation in RELATIONS[1:] for _ in range(4)]
    asked += [{"weather": weather, "relation": "none"} for weather in WEATHERS[1:] for _ in range(2)]
    asked += [{"framing": framing, "relation": "none"} for framing in FRAMINGS[1:] for _ in range(2)]
    return [sample_scene(rng, held_out=True, style="none", **each) for each in asked]


def write(pipe: Any, folder: Path, steps: int, guidance: float) -> None:
    """The sheets, seed 7 each: `drawn` and `rendered` for each of them, in `folder`."""
    made = (("", styles(), len(STYLES)), ("-subjects", subjects(), 12), ("-together", together(), 16))
    for name, scenes, columns in made:
        grid(steady(scenes), columns, folder / f"drawn{name}.webp")
        grid(render(pipe, scenes, steps, guidance), columns, folder / f"rendered{name}.webp")


def render(pipe: Any, scenes: Sequence[Scene], steps: int, guidance: float) -> np.ndarray:
    """What the renderer makes of the scenes' plain captions, one by one: the same noise for all. (N, SIZE, SIZE, 3) uint8."""
    import torch

    pictures = np.empty((len(scenes), SIZE, SIZE, 3), np.uint8)
    for number, scene in enumerate(scenes):
        noise = torch.Generator().manual_seed(SEED)
        made = pipe(plain(scene), num_inference_steps=steps, guidance_scale=guidance, generator=noise, output_type="np")
        pictures[number] = (made.images[0] * 255).round()
    return pictures
