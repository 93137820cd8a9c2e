"""What all places share: the hour's light, the sky with its sun, moon and stars, and a pen that can also glaze."""

import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from starter.draw.pen import Color, Pen, Point, mix

HOUR = {"day": 0, "sunset": 1, "night": 2}
LAMPLIGHT: Color = (255, 226, 134)
SKY: dict[str, tuple[tuple[Color, ...], ...]] = {
    "default": (
        ((78, 168, 240), (206, 238, 252)),
        ((98, 58, 150), (236, 96, 116), (255, 190, 92)),
        ((8, 12, 44), (20, 30, 82), (40, 54, 118)),
    ),
    "snow": (
        ((150, 198, 236), (226, 240, 250)),
        ((122, 84, 168), (244, 140, 150), (255, 206, 150)),
        ((8, 16, 50), (28, 46, 102), (62, 84, 150)),
    ),
    "desert": (
        ((64, 176, 226), (250, 230, 188)),
        ((110, 50, 130), (240, 90, 80), (255, 184, 70)),
        ((12, 10, 44), (36, 28, 88), (72, 52, 112)),
    ),
    "space": (
        ((60, 66, 170), (116, 92, 206), (150, 150, 232)),
        ((60, 22, 92), (176, 52, 126), (250, 130, 90)),
        ((4, 4, 18), (14, 8, 40), (36, 14, 70)),
    ),
    "mountains": (
        ((86, 150, 226), (190, 220, 246)),
        ((84, 62, 156), (232, 110, 140), (255, 204, 140)),
        ((8, 12, 46), (24, 34, 90), (52, 66, 132)),
    ),
    "underwater": (
        ((150, 240, 232), (48, 178, 206), (24, 116, 178)),
        ((255, 204, 146), (132, 186, 172), (52, 136, 168), (34, 84, 146)),
        ((30, 70, 136), (12, 36, 92), (6, 16, 56)),
    ),
}
_LIGHT = (  # how each time of day colours what it falls on: a multiplier and a tint with its share
    ((1.0, 1.0, 1.0), (0, 0, 0), 0.0),
    ((0.86, 0.66, 0.64), (255, 120, 70), 0.16),
    ((0.62, 0.63, 0.74), (24, 40, 120), 0.13),  # moonlit: sand stays sand, and grass grass
)


def lit(color: Color, time: str) -> Color:
    """A daylight colour as it looks at this time of day."""
    factor, tint, share = _LIGHT[HOUR[time]]
    return mix(tuple(round(c * f) for c, f in zip(color, factor, strict=True)), tint, share)  # type: ignore[arg-type]


def apart(choices: tuple[Color, ...], avoid: Color) -> Color:
    """The first colour that is far from the one to avoid, or else the farthest."""
    far = [sum(abs(a - b) for a, b in zip(tone, avoid, strict=True)) for tone in choices]
    return next((tone for tone, d in zip(choices, far, strict=True) if d > 170), choices[far.index(max(far))])


@lru_cache(maxsize=64)
def sky(place: str, time: str, size: int) -> Image.Image:
    stops = SKY.get(place, SKY["default"])[HOUR[time]]
    reach = 1.0 if place in ("space", "underwater") else 0.68  # the last colour stands at the horizon
    at = np.linspace(0, 1, size) / reach
    rows = np.stack([np.interp(at, np.linspace(0, 1, len(stops)), [c[k] for c in stops]) for k in range(3)], -1)
    return Image.fromarray(np.broadcast_to(rows[:, None], (size, size, 3)).round().astype(np.uint8).copy())


class Canvas(Pen):
    """A pen over a whole picture, in shares of its size, that can also lay see-through colour on it."""

    def __init__(self, image: Image.Image) -> None:
        super().__init__(image, 0, 0, image.width)
        self._veil = ImageDraw.Draw(image, "RGBA")

    def glaze(self, points: Sequence[Point], fill: Color, share: float) -> None:
        """A polygon of which only this share (0 to 1) is seen."""
        self._veil.polygon([self.at(x, y) for x, y in points], fill=(*fill, round(share * 255)))

    def glow(self, x: float, y: float, rx: float, ry: float, fill: Color, share: float) -> None:
        """Three ovals, one in another: a light that fades outwards."""
        for part in (1.0, 0.72, 0.46):
            (px, py), w, h = self.at(x, y), rx * part * self.half, ry * part * self.half
            self._veil.ellipse((px - w, py - h, px + w, py + h), fill=(*fill, round(share * 255)))


def paint_heavens(pen: Pen, time: str, rng: random.Random, bare: bool) -> None:
    side = rng.choice((0.14, 0.86))
    if time == "day":
        if not bare:
            pen.oval(side, 0.13, 0.095, 0.095, (255, 240, 170))
            pen.oval(side, 0.13, 0.07, 0.07, (255, 220, 70))
        for x, y in (
            (1 - side + rng.uniform(-0.06, 0.06), rng.uniform(0.1, 0.2)),
            (rng.uniform(0.35, 0.65), rng.uniform(0.05, 0.12)),
        ):
            for dx, dy, r in ((-0.08, 0.015, 0.045), (0.0, 0.0, 0.065), (0.08, 0.018, 0.045)):
                pen.oval(x + dx, y + dy, r * 1.3, r * 0.8, (252, 254, 255))
    elif time == "sunset":
        x = rng.choice((0.16, 0.84)) + rng.uniform(-0.05, 0.05)
        if not bare:
            pen.oval(x, 0.46, 0.19, 0.19, (255, 170, 96))
            pen.oval(x, 0.46, 0.14, 0.14, (255, 232, 140))
        for _ in range(3):
            x, y, w = rng.uniform(0, 1), rng.uniform(0.08, 0.34), rng.uniform(0.12, 0.24)
            pen.oval(x, y, w, 0.018, (255, 150, 140))
    else:
        paint_stars(pen, rng, 26, 0.55)
        if not bare:
            pen.oval(side, 0.13, 0.085, 0.085, (255, 244, 200))
            pen.oval(side + 0.035, 0.115, 0.07, 0.07, (16, 24, 68))


def paint_stars(pen: Pen, rng: random.Random, count: int, depth: float) -> None:
    for i in range(count):
        r = 0.011 if i % 4 == 0 else 0.006
        pen.oval(rng.random(), rng.random() * depth, r, r, (255, 250, 220))
