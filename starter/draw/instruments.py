"""Guitar, piano and drum, in the unit box (y down, base at 1)."""

import math
import random
from collections.abc import Sequence

from starter.draw.pen import CREAM, INK, Color, Painter, Pen, Point, dark, light, mix

GOLD: Color = (250, 200, 76)
STEEL: Color = (196, 202, 214)
NECK: Color = (96, 60, 38)
MAPLE: Color = (226, 176, 108)
SKIN: Color = (252, 244, 226)


def _leaning(points: Sequence[Point]) -> tuple[Point, ...]:
    """A guitar is thought upright, with its body below, and drawn leaning to the right."""
    cos, sin = math.cos(math.radians(30)), math.sin(math.radians(30))
    return tuple((0.06 + x * cos - y * sin, x * sin + y * cos - 0.03) for x, y in points)


def _body(half: Sequence[Point], share: float = 1.0) -> tuple[Point, ...]:
    """Both halves of an outline that is given from its top to its bottom, shrunk around its middle by `share`."""
    both = (*half, *((-x, y) for x, y in reversed(half) if x > 0))
    return _leaning([(x * share, 0.4 + (y - 0.4) * share) for x, y in both])


_ACOUSTIC = ((0.0, -0.34), (0.34, -0.3), (0.48, -0.02), (0.4, 0.2), (0.58, 0.4), (0.64, 0.7), (0.4, 0.98), (0.0, 1.04))
_ELECTRIC = (
    (-0.14, -0.04), (-0.3, -0.34), (-0.5, -0.38), (-0.56, -0.14), (-0.44, 0.14), (-0.46, 0.36), (-0.62, 0.62), (-0.5, 0.92),
    (0.0, 1.02), (0.46, 0.92), (0.6, 0.58), (0.44, 0.3), (0.44, 0.1), (0.52, -0.1), (0.42, -0.2), (0.24, 0.0),
)  # fmt: skip


def guitar(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    at, acoustic = _leaning, pose == "acoustic"
    for y in (-1.12, -0.94):
        for side in (-1, 1) if acoustic else (-1,):
            pen.line(at(((side * 0.1, y), (side * 0.22, y))), 0.09, STEEL)
    if acoustic:
        pen.poly(at(((-0.15, -1.24), (0.15, -1.24), (0.12, -0.82), (-0.12, -0.82))), dark(color, 0.5))
        pen.blob(_body(_ACOUSTIC), dark(color, 0.42))
        pen.blob(_body(_ACOUSTIC, 0.87), mix(color, (255, 190, 110), 0.16))
        (x, y), (low, _) = at(((0.0, 0.24), (0.0, 0.0)))
        pen.oval(x, y, 0.28, 0.28, (250, 222, 168))
        pen.oval(x, y, 0.21, 0.21, INK)
        pen.line(at(((-0.24, 0.72), (0.24, 0.72))), 0.13, NECK)
    else:
        pen.poly(at(((-0.16, -1.2), (0.06, -1.26), (0.16, -1.1), (0.09, -0.82), (-0.11, -0.82))), MAPLE)
        pen.blob(at(_ELECTRIC), color)
        pen.blob(
            at(
                (
                    (-0.22, 0.04),
                    (0.2, 0.06),
                    (0.34, 0.1),
                    (0.34, 0.36),
                    (0.48, 0.62),
                    (0.36, 0.82),
                    (0.14, 0.62),
                    (-0.24, 0.5),
                )
            ),
            CREAM,
        )
        for y in (0.2, 0.46):
            pen.line(at(((-0.14, y), (0.14, y))), 0.13, INK)
        pen.line(at(((-0.18, 0.74), (0.18, 0.74))), 0.13, STEEL)
        x, y = at(((0.36, 0.68),))[0]
        pen.oval(x, y, 0.08, 0.08, GOLD)
    end = 0.08 if acoustic else 0.06
    pen.poly(at(((-0.1, -0.88), (0.1, -0.88), (0.11, end), (-0.11, end))), NECK)
    for y in (-0.72, -0.54, -0.36, -0.18):
        pen.line(at(((-0.06, y), (0.06, y))), 0.05, STEEL)
    for x in (-0.045, 0.045):
        pen.line(at(((x, -0.86), (x, 0.72))), 0.04, (255, 246, 214))


def _keys(pen: Pen, left: float, right: float, top: float, bottom: float) -> None:
    """An octave and a third in a dark bed: white keys, and the black ones in groups of two and three."""
    count = 8
    step = (right - left) / count
    pen.box(left - 0.05, top - 0.05, right + 0.05, bottom + 0.05, INK)
    pen.box(left, top, right, bottom, (255, 253, 246))
    for i in range(1, count):
        x = left + i * step
        pen.line(((x, top + 0.02), (x, bottom - 0.02)), 0.035, (150, 146, 160))
        if i not in (3, 7):
            pen.box(x - step * 0.3, top, x + step * 0.3, top + (bottom - top) * 0.62, INK)


def _music(pen: Pen, x: float, y: float) -> None:
    """An open book of music."""
    for side in (-1, 1):
        pen.poly(((x, y + 0.04), (x + side * 0.36, y), (x + side * 0.36, y + 0.4), (x, y + 0.44)), (255, 250, 236))
        for dx, dy in ((0.1, 0.28), (0.24, 0.2)):
            pen.oval(x + side * dx, y + dy, 0.055, 0.045, INK)
            pen.line(((x + side * dx + 0.04, y + dy), (x + side * dx + 0.04, y + dy - 0.12)), 0.035, INK)
    pen.line(((x, y + 0.04), (x, y + 0.42)), 0.04, (190, 180, 190))


def piano(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    pale = min(color) > 180
    shade, shine = (dark(color, 0.34), light(color, 0.22)) if not pale else ((204, 200, 216), (232, 228, 238))
    if pose == "grand":
        for x in (-0.82, 0.82):
            pen.poly(((x - 0.12, 0.4), (x + 0.12, 0.4), (x + 0.07, 0.94), (x - 0.07, 0.94)), shade)
            pen.oval(x, 0.94, 0.1, 0.06, GOLD)
        pen.box(-0.12, 0.44, 0.12, 0.9, shade)
        pen.line(((-0.2, 0.93), (0.2, 0.93)), 0.1, GOLD)
        pen.line(((0.7, -0.1), (0.42, -0.72)), 0.08, (214, 164, 90))
        lid = (
            (-0.98, -0.12),
            (-1.0, -0.86),
            (-0.9, -1.04),
            (-0.4, -1.06),
            (0.12, -0.98),
            (0.44, -0.74),
            (0.42, -0.5),
            (0.24, -0.34),
            (0.16, -0.12),
        )
        pen.blob(lid, shade)
        pen.blob(tuple((-0.4 + (x + 0.4) * 0.86, -0.56 + (y + 0.56) * 0.84) for x, y in lid), shine)
        pen.poly(((-0.98, -0.22), (0.7, -0.22), (0.92, -0.16), (0.98, 0.0), (-0.98, 0.0)), shade)
        pen.line(((-0.9, -0.13), (0.82, -0.13)), 0.08, GOLD)
        pen.box(-1.0, -0.06, 1.0, 0.5, color)
        _music(pen, -0.1, -0.54)
        _keys(pen, -0.84, 0.84, 0.06, 0.4)
        return
    pen.box(-0.86, -0.86, 0.86, 0.98, color)
    pen.box(-0.96, -1.0, 0.96, -0.82, shade)
    pen.box(-0.7, -0.7, 0.7, -0.12, shine)
    pen.box(-0.68, 0.56, 0.68, 0.84, shade)
    _music(pen, 0.0, -0.62)
    pen.box(-1.0, -0.1, 1.0, 0.46, color)
    _keys(pen, -0.84, 0.84, 0.0, 0.34)
    for x in (-0.92, 0.92):
        pen.box(x - 0.08, 0.46, x + 0.08, 1.0, shade)
    for x in (-0.14, 0.14):
        pen.line(((x, 0.88), (x, 0.96)), 0.12, GOLD)


def _stick(pen: Pen, start: Point, end: Point) -> None:
    pen.line((start, end), 0.1, MAPLE)
    pen.oval(end[0], end[1], 0.11, 0.09, light(MAPLE, 0.4))


def _barrel(pen: Pen, x: float, top: float, bottom: float, r: float, color: Color) -> None:
    """A drum seen a little from above: shell, hoops and skin."""
    flat = r * 0.3
    pen.oval(x, bottom, r, flat, STEEL)
    pen.oval(x, bottom - 0.07, r, flat, color)
    pen.box(x - r, top, x + r, bottom - 0.07, color)
    pen.oval(x, top + 0.06, r, flat, STEEL)
    pen.oval(x, top, r, flat, STEEL)
    pen.oval(x, top, r * 0.88, flat * 0.84, SKIN)


def drum(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade = dark(color, 0.3)
    hoop = GOLD if color[2] > 100 or color[1] < 100 else (206, 62, 56)
    if pose == "snare":
        top, bottom, r, flat = -0.28, 0.68, 0.9, 0.3
        pen.oval(0, bottom, r * 1.04, flat, dark(hoop, 0.2))
        pen.oval(0, bottom - 0.16, r, flat, color)
        pen.box(-r, top, r, bottom - 0.16, color)
        pen.poly(((0.5, top), (r, top), (r, bottom - 0.14), (0.5, bottom + 0.1)), shade)
        zig = [
            (-r + 0.3 * i, (0.02 if i % 2 else 0.62) + 0.24 * math.sqrt(max(0.0, 1 - (-1 + i / 3) ** 2)))
            for i in range(7)
        ]
        pen.line(zig, 0.09, CREAM)
        pen.oval(0, top + 0.12, r * 1.04, flat, hoop)
        pen.oval(0, top, r * 1.04, flat, light(hoop, 0.3))
        pen.oval(0, top, r * 0.92, flat * 0.84, SKIN)
        _stick(pen, (0.96, -0.96), (-0.3, -0.26))
        _stick(pen, (-0.96, -0.96), (0.3, -0.26))
        return
    for side in (-1, 1):
        pen.line(((side * 0.92, -0.64), (side * 0.92, 0.96)), 0.09, STEEL)
        pen.line(((side * 0.72, 0.96), (side * 1.08, 0.96)), 0.09, STEEL)
        pen.blob(((side * 0.46, -0.6), (side * 0.84, -0.84), (side * 1.2, -0.8), (side * 0.88, -0.58)), dark(GOLD, 0.2))
        pen.blob(((side * 0.46, -0.64), (side * 0.84, -0.9), (side * 1.2, -0.86), (side * 0.88, -0.66)), GOLD)
        _barrel(pen, side * 0.72, 0.34, 0.9, 0.34, color)
        _barrel(pen, side * 0.34, -0.5, -0.06, 0.31, color)
    pen.oval(0, 0.38, 0.64, 0.62, STEEL if hoop == GOLD else hoop)
    pen.oval(0, 0.38, 0.59, 0.57, color)
    pen.oval(0, 0.38, 0.45, 0.44, SKIN)
    star = [(math.sin(i * math.pi / 5), -math.cos(i * math.pi / 5), 0.32 if i % 2 == 0 else 0.14) for i in range(10)]
    pen.poly([(x * r, 0.4 + y * r) for x, y, r in star], shade if hoop == GOLD else hoop)


PAINTERS: dict[str, Painter] = {"guitar": guitar, "piano": piano, "drum": drum}
AIRBORNE: frozenset[tuple[str, str]] = frozenset()
MIRRORED: frozenset[str] = frozenset({"guitar", "piano"})
