"""Mushroom and sunflower, in the unit box (y down, base at 1)."""

import math
import random

from starter.draw.pen import CREAM, Color, Painter, Pen, dark, light, mix

LEAF: Color = (70, 160, 70)
CLAY: Color = (190, 96, 66)
SEED: Color = (92, 54, 32)


def _toadstool(pen: Pen, x: float, base: float, r: float, tall: float, color: Color) -> None:
    """A mushroom whose cap has the radius `r`; `tall` is from the ground to the top of the cap."""
    cap = base - tall + r * 0.86
    stem = mix(CREAM, (236, 214, 180), 0.35)
    pen.blob(
        ((x - r * 0.28, cap - r * 0.1), (x + r * 0.28, cap - r * 0.1), (x + r * 0.34, (cap + base) / 2), (x + r * 0.44, base - 0.04),
         (x, base), (x - r * 0.44, base - 0.04), (x - r * 0.34, (cap + base) / 2)), stem
    )  # fmt: skip
    pen.oval(x, cap + r * 0.04, r * 0.72, r * 0.2, dark(stem, 0.26))
    pen.blob(
        ((x - r, cap), (x - r * 0.9, cap - r * 0.42), (x - r * 0.5, cap - r * 0.78), (x, cap - r * 0.9),
         (x + r * 0.5, cap - r * 0.78), (x + r * 0.9, cap - r * 0.42), (x + r, cap), (x + r * 0.6, cap + r * 0.1), (x, cap + r * 0.04), (x - r * 0.6, cap + r * 0.1)),
        color,
    )  # fmt: skip
    for dx, dy, size in (
        (-0.52, -0.3, 0.17),
        (0.02, -0.46, 0.24),
        (0.56, -0.26, 0.18),
        (0.28, -0.06, 0.1),
        (-0.22, -0.02, 0.1),
    ):
        pen.oval(x + dx * r, cap + dy * r, size * r, size * r * 0.86, CREAM)


def _tuft(pen: Pen, x: float) -> None:
    for lean in (-0.16, 0.0, 0.16):
        pen.poly(((x - 0.1, 1.0), (x + lean * 1.3, 0.72 + abs(lean)), (x + 0.1, 1.0)), LEAF)


def mushroom(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    if pose == "single":
        _toadstool(pen, 0.0, 0.98, 1.0, 1.9, color)
        _tuft(pen, -0.42)
        _tuft(pen, 0.44)
        return
    _toadstool(pen, 0.56, 0.98, 0.46, 1.2, mix(color, dark(color, 0.3), 0.4))
    _toadstool(pen, -0.2, 0.98, 0.7, 1.9, color)
    _toadstool(pen, -0.7, 0.98, 0.34, 0.74, light(color, 0.12))
    _tuft(pen, 0.2)


def _bloom(pen: Pen, x: float, y: float, r: float, color: Color) -> None:
    """Two rings of pointed petals around a broad dark heart full of seeds."""
    count = 10
    for ring, tone in ((0, dark(color, 0.22)), (1, color)):
        far, wide = (r, 0.22 * r) if ring == 0 else (0.96 * r, 0.21 * r)
        for i in range(count):
            t = math.pi * 2 * (i + 0.5 * ring) / count - math.pi / 2
            cos, sin = math.cos(t), math.sin(t)
            petal = ((0.3, 0.6), (0.5, 1.0), (0.66, 1.0), (0.84, 0.6), (1.0, 0.0))
            path = [(far * a, wide * b) for a, b in petal] + [(far * a, -wide * b) for a, b in petal[-2::-1]]
            pen.poly([(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in path], tone)
    pen.oval(x, y, r * 0.44, r * 0.44, SEED)
    pen.oval(x, y, r * 0.34, r * 0.34, (134, 84, 44))
    for i in range(1, 9):
        t, out = i * 2.4, 0.1 * r * math.sqrt(i)
        pen.oval(x + out * math.cos(t), y + out * math.sin(t), r * 0.05, r * 0.05, SEED)


def sunflower(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    if pose == "blooming":
        pen.line(((0.06, 0.93), (-0.04, 0.5), (0.0, -0.2)), 0.15, LEAF, curve=True)
        pen.blob(((0.0, 0.84), (-0.3, 0.86), (-0.74, 0.46), (-0.36, 0.44)), LEAF)
        pen.blob(((0.02, 0.72), (0.3, 0.78), (0.76, 0.36), (0.36, 0.34)), dark(LEAF, 0.2))
        _bloom(pen, 0.0, -0.32, 0.84, color)
        return
    pen.line(((0.0, 0.6), (0.0, -0.2)), 0.15, LEAF)
    for side in (-1, 1):
        pen.blob(
            ((0.0, 0.5), (side * 0.2, 0.16), (side * 0.74, 0.06), (side * 0.46, 0.44)), dark(LEAF, 0.1 + 0.1 * side)
        )
    _bloom(pen, 0.0, -0.36, 0.76, color)
    pen.poly(((-0.46, 0.52), (0.46, 0.52), (0.32, 1.0), (-0.32, 1.0)), CLAY)
    pen.box(-0.54, 0.44, 0.54, 0.62, light(CLAY, 0.22))


PAINTERS: dict[str, Painter] = {"mushroom": mushroom, "sunflower": sunflower}
AIRBORNE: frozenset[tuple[str, str]] = frozenset()
MIRRORED: frozenset[str] = frozenset({"mushroom"})
