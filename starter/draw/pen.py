"""A pen that draws flat shapes in a subject's own coordinates, and the colours it draws with.

The unit box runs from -1 to 1 both ways, y downwards; the pen maps it onto pixels. It knows no subject and no place.
"""

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

Color = tuple[int, int, int]
Point = tuple[float, float]

INK: Color = (38, 30, 48)
CREAM: Color = (255, 246, 226)

COLORS: dict[str, Color] = {
    "orange": (245, 142, 44),
    "black": (58, 54, 70),
    "white": (250, 248, 244),
    "gray": (148, 150, 162),
    "brown": (150, 92, 52),
    "golden": (236, 184, 84),
    "red": (222, 52, 56),
    "blue": (52, 112, 226),
    "yellow": (252, 210, 48),
    "green": (62, 172, 82),
    "autumn red": (206, 72, 36),
    "pink": (246, 140, 186),
    "purple": (146, 82, 204),
    "silver": (192, 200, 212),
}


def mix(a: Color, b: Color, share: float) -> Color:
    """`a` with this share (0 to 1) of `b` in it."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def dark(color: Color, share: float = 0.3) -> Color:
    return mix(color, (24, 12, 44), share)


def light(color: Color, share: float = 0.4) -> Color:
    return mix(color, (255, 252, 240), share)


class Pen:
    """Draws onto a picture: centre (cx, cy) and half the unit box in pixels, turned by `turn` degrees, maybe mirrored."""

    def __init__(
        self, image: Image.Image, cx: float, cy: float, half: float, *, flip: bool = False, turn: float = 0.0
    ) -> None:
        self.draw = ImageDraw.Draw(image)
        self.half = half
        cos, sin = math.cos(math.radians(turn)) * half, math.sin(math.radians(turn)) * half
        self.turned = turn != 0
        mirror = -1 if flip else 1
        self._map = (cx, cos * mirror, -sin, cy, sin * mirror, cos)

    def at(self, x: float, y: float) -> Point:
        """The pixel under a point of the unit box."""
        cx, a, b, cy, c, d = self._map
        return cx + a * x + b * y, cy + c * x + d * y

    def poly(self, points: Sequence[Point], fill: Color) -> None:
        self.draw.polygon([self.at(x, y) for x, y in points], fill=fill)

    def blob(self, points: Sequence[Point], fill: Color) -> None:
        """A closed smooth curve through the points."""
        self.poly(smooth(tuple(points)), fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Color) -> None:
        if self.turned:
            self.poly([(x + rx * c, y + ry * s) for c, s in _circle(28)], fill)
            return
        (px, py), w, h = self.at(x, y), rx * self.half, ry * self.half
        self.draw.ellipse((px - w, py - h, px + w, py + h), fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Color) -> None:
        self.poly(((left, top), (right, top), (right, bottom), (left, bottom)), fill)

    def line(self, points: Sequence[Point], width: float, fill: Color, *, curve: bool = False) -> None:
        """A stroke with round ends, `width` in units of the box."""
        path = smooth(tuple(points), closed=False) if curve else points
        pixels = [self.at(x, y) for x, y in path]
        thick = max(1, round(width * self.half))
        self.draw.line(pixels, fill=fill, width=thick, joint="curve" if len(pixels) > 2 and thick > 4 else None)
        if thick > 4:
            for x, y in (pixels[0], pixels[-1]):
                self.draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=fill)

    def arc(self, x: float, y: float, r: float, start: float, end: float, width: float, fill: Color) -> None:
        """Part of a circle, in degrees clockwise from three o'clock."""
        steps = [math.radians(start + (end - start) * i / 8) for i in range(9)]
        self.line([(x + r * math.cos(t), y + r * math.sin(t)) for t in steps], width, fill)


@lru_cache(maxsize=8)
def _circle(count: int) -> tuple[Point, ...]:
    return tuple((math.cos(2 * math.pi * i / count), math.sin(2 * math.pi * i / count)) for i in range(count))


@lru_cache(maxsize=512)
def smooth(points: tuple[Point, ...], *, closed: bool = True) -> tuple[Point, ...]:
    """A Catmull-Rom curve through the points, six steps between neighbours."""
    count = len(points)
    out: list[Point] = []
    for i in range(count if closed else count - 1):
        if closed:
            p0, p1, p2, p3 = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (points[min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        for step in range(6):
            t = step / 6
            out.append(tuple(_spline(p0[k], p1[k], p2[k], p3[k], t) for k in (0, 1)))  # type: ignore[arg-type]
    if not closed:
        out.append(points[-1])
    return tuple(out)


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


Painter = Callable[[Pen, Color, str, random.Random], None]  # draws a subject of this colour in this pose
