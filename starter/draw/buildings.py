"""Windmill and pagoda, in the unit box (y down, base at 1)."""

import math
import random

from starter.draw.pen import CREAM, Color, Painter, Pen, Point, dark, light

WOOD: Color = (120, 76, 46)
WINDOW: Color = (255, 222, 116)
STONE: Color = (150, 144, 154)
GOLD: Color = (250, 200, 76)
AIR: Color = (250, 252, 255)
_HUB = (0.0, -0.28)


def _sail(pen: Pen, degrees: float) -> None:
    """One of the four sails: a spar from the hub, and cloth on a frame at its side."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def at(along: float, aside: float) -> Point:
        return _HUB[0] + along * cos - aside * sin, _HUB[1] + along * sin + aside * cos

    pen.poly((at(0.2, -0.05), at(0.94, -0.05), at(0.94, 0.33), at(0.2, 0.27)), WOOD)
    pen.poly((at(0.26, 0.02), at(0.53, 0.02), at(0.53, 0.24), at(0.26, 0.22)), CREAM)
    pen.poly((at(0.6, 0.02), at(0.88, 0.02), at(0.88, 0.27), at(0.6, 0.25)), CREAM)
    pen.line((_HUB, at(0.94, 0.0)), 0.1, WOOD)


def windmill(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    """The still one holds its sails upright and level; the turning one holds them aslant, and the air moves."""
    shade = dark(color, 0.26) if min(color) < 180 else (206, 206, 222)
    cap = (68, 96, 150) if min(color) > 180 else dark(color, 0.55)
    pen.poly(((-0.36, -0.3), (0.36, -0.3), (0.62, 1.0), (-0.62, 1.0)), color)
    pen.poly(((0.1, -0.3), (0.36, -0.3), (0.62, 1.0), (0.26, 1.0)), shade)
    pen.blob(((-0.46, -0.22), (-0.34, -0.52), (0.0, -0.68), (0.34, -0.52), (0.46, -0.22), (0.0, -0.16)), cap)
    turning = pose == "turning"
    pen.box(-0.17, 0.72, 0.17, 1.0, WOOD)
    pen.oval(0.0, 0.72, 0.17, 0.14, WOOD)
    pen.oval(0.08, 0.84, 0.05, 0.05, GOLD)
    if turning:
        pen.oval(0.0, 0.26, 0.15, 0.16, WOOD)
        pen.oval(0.0, 0.26, 0.09, 0.1, WINDOW)
    for i in range(4):
        _sail(pen, i * 90 + (38 if turning else -90))
    if turning:  # nothing below: there it would look like a smile
        for start in (158, 250, 342):
            pen.arc(_HUB[0], _HUB[1], 0.98, start, start + 42, 0.1, AIR)
    pen.oval(_HUB[0], _HUB[1], 0.14, 0.14, dark(WOOD, 0.3))
    pen.oval(_HUB[0], _HUB[1], 0.08, 0.08, GOLD)


def _tier(pen: Pen, y: float, wide: float, tall: float, color: Color, pane: Color) -> None:
    """A storey whose floor is at `y`, with an upswept roof on it that reaches `wide` to either side."""
    half, eave, ridge = wide * 0.58, y - tall * 0.5, y - tall - 0.02
    pen.box(-half, eave - 0.04, half, y, CREAM)
    for i in range(2):
        x = (i - 0.5) * half * 1.02
        pen.box(x - half * 0.22, eave + tall * 0.12, x + half * 0.22, y - tall * 0.06, pane)
    for x in (-half, 0.0, half):
        pen.box(x - 0.05, eave, x + 0.05, y, dark(color, 0.3))
    tip = eave - tall * 0.28
    for drop, tone in ((0.07, dark(color, 0.42)), (0.0, color)):
        pen.poly(
            ((-wide * 1.1, tip), (-wide * 0.82, eave - tall * 0.16), (-wide * 0.42, ridge), (wide * 0.42, ridge),
             (wide * 0.82, eave - tall * 0.16), (wide * 1.1, tip), (wide * 0.98, eave - tall * 0.02 + drop),
             (wide * 0.6, eave + drop), (-wide * 0.6, eave + drop), (-wide * 0.98, eave - tall * 0.02 + drop)), tone
        )  # fmt: skip
    pen.line(((-wide * 0.4, ridge + 0.03), (wide * 0.4, ridge + 0.03)), 0.07, light(color, 0.35))


def pagoda(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    """Its number of roofs is the pose: three broad ones, or five on a slender tower."""
    pane = WINDOW if color[0] < 230 else (186, 84, 56)
    tiers, broad, less, crown = (3, 0.94, 0.22, -0.8) if pose == "three-tiered" else (5, 0.76, 0.1, -1.0)
    base = 0.9
    tall = (base - crown) / tiers
    pen.line(((0, crown), (0, crown - 0.3)), 0.08, GOLD)
    for up in (0.06, 0.18):
        pen.oval(0, crown - up, 0.14 - up * 0.3, 0.06, GOLD)
    for i in range(tiers - 1, -1, -1):  # from the top, so that no wall hides a roof
        _tier(pen, base - tall * i, broad * (1 - less * i), tall, color, pane)
    pen.box(-broad * 0.76, 0.87, broad * 0.76, 1.0, STONE)
    pen.box(-0.13, base - tall * 0.42, 0.13, 0.9, dark(color, 0.55))


PAINTERS: dict[str, Painter] = {"windmill": windmill, "pagoda": pagoda}
AIRBORNE: frozenset[tuple[str, str]] = frozenset()
MIRRORED: frozenset[str] = frozenset({"windmill"})
