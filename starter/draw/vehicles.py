"""Train, bicycle and airplane, looking to the right, in the unit box (y down, wheels on 1; the flying one around 0)."""

import math
import random
from collections.abc import Sequence

from starter.draw.pen import CREAM, INK, Color, Painter, Pen, Point, dark, light, mix

GLASS: Color = (150, 214, 248)
STEEL: Color = (186, 192, 206)
TYRE: Color = (44, 40, 54)
GOLD: Color = (250, 200, 76)
SMOKE: Color = (238, 238, 246)


def _accent(color: Color) -> Color:
    """What a stripe or a tail is painted in, so that it shows on the main colour."""
    if min(color) > 180:
        return (44, 104, 196)
    return CREAM if color[0] > 200 and color[1] < 120 else (222, 62, 56)


def _ring(pen: Pen, x: float, y: float, r: float, width: float, fill: Color) -> None:
    """A circle one can look through, `r` to its outer edge."""
    (px, py), w = pen.at(x, y), r * pen.half
    pen.draw.ellipse((px - w, py - w, px + w, py + w), outline=fill, width=max(1, round(width * pen.half)))


def _tilted(points: Sequence[Point], degrees: float) -> tuple[Point, ...]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return tuple((x * cos - y * sin, x * sin + y * cos) for x, y in points)


def _steam(pen: Pen, color: Color) -> None:
    shade, trim = dark(color, 0.35), GOLD
    wheel = (206, 58, 54) if color[0] < 120 else dark(color, 0.62)
    for x, y, r in ((-0.62, -1.0, 0.24), (-0.28, -0.98, 0.26), (0.08, -0.92, 0.22), (0.36, -0.8, 0.17)):
        pen.oval(x, y, r * 1.12, r, mix(SMOKE, (150, 150, 176), 0.22))
        pen.oval(x - r * 0.1, y - r * 0.16, r * 0.9, r * 0.74, SMOKE)
    pen.poly(((0.36, -0.1), (0.42, -0.46), (0.36, -0.64), (0.74, -0.64), (0.68, -0.46), (0.74, -0.1)), shade)
    pen.line(((0.36, -0.62), (0.74, -0.62)), 0.13, trim)
    pen.oval(0.06, -0.16, 0.17, 0.2, trim)
    pen.box(-0.94, -0.5, -0.28, 0.6, color)
    pen.box(-1.06, -0.64, -0.18, -0.46, shade)
    pen.box(-0.8, -0.34, -0.42, 0.02, GLASS)
    pen.poly(((0.62, 0.98), (0.78, 0.5), (0.9, 0.5), (1.12, 0.98)), trim)
    pen.line(((0.84, 0.58), (0.86, 0.92)), 0.07, shade)
    pen.blob(
        ((-0.34, -0.14), (0.66, -0.14), (0.88, -0.02), (0.92, 0.2), (0.88, 0.42), (0.66, 0.5), (-0.34, 0.5)), color
    )
    pen.line(((-0.24, -0.02), (0.66, -0.02)), 0.1, light(color, 0.4))
    for x in (-0.06, 0.36):
        pen.line(((x, -0.1), (x, 0.44)), 0.08, trim)
    pen.oval(0.84, 0.18, 0.15, 0.3, shade)
    pen.oval(0.94, 0.14, 0.14, 0.15, (255, 242, 170))
    pen.box(-1.0, 0.46, 0.94, 0.62, shade)
    for x, r in ((-0.6, 0.35), (0.1, 0.35), (0.56, 0.24)):
        pen.oval(x, 1.0 - r, r, r, TYRE)
        pen.oval(x, 1.0 - r, r * 0.7, r * 0.7, wheel)
        pen.oval(x, 1.0 - r, r * 0.26, r * 0.26, trim)
    pen.line(((-0.6, 0.68), (0.1, 0.68)), 0.1, STEEL)


def _express(pen: Pen, color: Color) -> None:
    """Drawn long, low and pointed, where the steam train is short and tall."""
    shade = dark(color, 0.42)
    stripe = CREAM if color[0] > 120 or color[1] > 120 else (226, 66, 60)
    for x in (-0.92, -0.56, 0.04, 0.44):
        pen.oval(x, 0.82, 0.17, 0.15, TYRE)
        pen.oval(x, 0.82, 0.07, 0.07, STEEL)
    pen.line(((-1.14, 0.95), (1.16, 0.95)), 0.11, (122, 98, 90))
    pen.box(-1.02, -0.52, -0.56, -0.4, shade)
    pen.blob(
        ((-1.14, -0.38), (-1.1, -0.44), (-0.2, -0.44), (0.14, -0.38), (0.5, -0.1), (0.92, 0.16), (1.2, 0.44), (1.24, 0.64),
         (1.1, 0.76), (0.2, 0.77), (-1.1, 0.77), (-1.14, 0.72)), color
    )  # fmt: skip
    pen.blob(
        (
            (-1.14, 0.22),
            (-0.2, 0.22),
            (0.5, 0.28),
            (1.21, 0.47),
            (1.22, 0.58),
            (0.5, 0.46),
            (-0.2, 0.42),
            (-1.14, 0.42),
        ),
        stripe,
    )
    pen.blob(((-1.12, 0.64), (0.3, 0.64), (1.2, 0.66), (1.1, 0.77), (0.2, 0.77), (-1.16, 0.77)), shade)
    for left in (-1.02, -0.71, -0.4):
        pen.box(left, -0.22, left + 0.23, 0.08, GLASS)
    pen.box(-0.1, -0.26, 0.1, 0.6, light(color, 0.22))
    pen.box(-0.05, -0.2, 0.05, 0.08, GLASS)
    pen.blob(((0.22, -0.28), (0.44, -0.12), (0.8, 0.12), (0.62, 0.16), (0.28, 0.12), (0.2, -0.1)), INK)
    pen.blob(((0.3, -0.16), (0.42, -0.06), (0.6, 0.07), (0.36, 0.06)), GLASS)
    pen.oval(1.0, 0.34, 0.11, 0.08, (255, 244, 160))


def train(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    if pose == "steam":
        _steam(pen, color)
    else:
        _express(pen, color)


def bicycle(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    """Parked on its stand, or a town bicycle with a low frame and a basket of flowers."""
    shade, basket = dark(color, 0.3), pose == "with a basket"
    rear, front, crank = (-0.6, 0.55), (0.62, 0.55), (-0.04, 0.6)
    head, seat = (0.42, -0.2), (-0.26, -0.2)
    for x, y in (rear, front):
        _ring(pen, x, y, 0.46, 0.08, TYRE)
        _ring(pen, x, y, 0.39, 0.05, STEEL)
        pen.oval(x, y, 0.11, 0.11, STEEL)
    if not basket:
        pen.line((crank, (-0.24, 0.98)), 0.08, STEEL)
    if basket:
        pen.line((head, (0.2, 0.3), crank), 0.15, color, curve=True)
        pen.arc(rear[0], rear[1], 0.5, 190, 300, 0.1, color)
        pen.arc(front[0], front[1], 0.5, 200, 330, 0.1, color)
    else:
        pen.line((seat, (0.44, -0.14)), 0.14, color)
        pen.line(((0.46, -0.04), crank), 0.14, color)
    for path in ((rear, crank), (rear, seat), (seat, crank), ((0.36, -0.4), front)):
        pen.line(path, 0.13, color)
    pen.oval(crank[0], crank[1], 0.15, 0.15, shade)
    pen.oval(crank[0], crank[1], 0.07, 0.07, STEEL)
    pen.line((crank, (0.08, 0.82)), 0.07, TYRE)
    pen.line(((-0.02, 0.84), (0.2, 0.84)), 0.09, TYRE)
    pen.line((seat, (-0.3, -0.34)), 0.09, STEEL)
    pen.blob(((-0.58, -0.46), (-0.3, -0.44), (-0.06, -0.36), (-0.3, -0.3), (-0.5, -0.28)), TYRE)
    if not basket:
        pen.line(((0.36, -0.4), (0.32, -0.54), (0.66, -0.6)), 0.1, TYRE)
        pen.oval(0.66, -0.28, 0.12, 0.12, (255, 240, 150))
        return
    pen.line(((0.36, -0.4), (0.32, -0.56), (0.06, -0.58)), 0.1, TYRE, curve=True)
    for x, y in ((0.5, -0.66), (0.98, -0.66), (0.74, -0.6)):
        pen.oval(x, y, 0.16, 0.13, (84, 168, 84))
    for x, y, tone in ((0.46, -0.78, (250, 130, 170)), (0.74, -0.92, (255, 248, 240)), (1.0, -0.78, (255, 168, 60))):
        for t in range(5):
            angle = t * 1.2566 - 1.57
            pen.oval(x + 0.11 * math.cos(angle), y + 0.11 * math.sin(angle), 0.095, 0.095, tone)
        pen.oval(x, y, 0.075, 0.075, (246, 190, 40) if tone[1] != 168 else (140, 70, 40))
    pen.poly(((0.4, -0.64), (1.1, -0.64), (1.0, -0.1), (0.5, -0.1)), (190, 128, 70))
    for y in (-0.42, -0.24):
        pen.line(((0.48, y), (1.02, y)), 0.06, (132, 82, 46))
    pen.line(((0.4, -0.62), (1.1, -0.62)), 0.11, (224, 170, 104))


def airplane(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    """A chubby jet: climbing to the right, or on its wheels."""
    shade, trim = dark(color, 0.26), _accent(color)
    landed = pose == "landed"
    up, low = (0, 0.22) if landed else (-16, -0.14)

    def place(points: Sequence[Point]) -> tuple[Point, ...]:
        return tuple((0.1 + x * 0.94, low + y * 0.94) for x, y in _tilted(points, up))

    if landed:
        for x in (0.06, 0.84):
            pen.line(((x, 0.3), (x, 0.8)), 0.12, (136, 142, 158))
            pen.oval(x, 0.81, 0.19, 0.19, TYRE)
            pen.oval(x, 0.81, 0.08, 0.08, STEEL)
    pen.poly(place(((0.2, -0.2), (-0.16, -0.82), (-0.38, -0.82), (-0.16, -0.2))), mix(color, shade, 0.8))
    pen.poly(place(((-0.5, -0.1), (-0.98, -0.78), (-1.22, -0.78), (-1.0, 0.0))), trim)
    pen.blob(
        place(
            (
                (-1.12, -0.12),
                (-0.5, -0.28),
                (0.4, -0.34),
                (0.86, -0.24),
                (1.12, 0.04),
                (0.9, 0.28),
                (0.3, 0.36),
                (-0.5, 0.2),
            )
        ),
        color,
    )
    pen.blob(place(((-0.96, 0.0), (-0.2, 0.14), (0.9, 0.16), (0.82, 0.3), (0.3, 0.36), (-0.5, 0.2))), light(trim, 0.1))
    pen.poly(place(((0.78, -0.26), (1.0, -0.1), (1.04, 0.0), (0.74, -0.02))), INK)
    pen.poly(place(((0.82, -0.19), (0.95, -0.1), (0.97, -0.05), (0.81, -0.06))), GLASS)
    pane = (70, 110, 160) if min(color) > 180 or color[1] > 150 else (255, 240, 190)
    for x in (-0.36, -0.1, 0.16, 0.42):
        px, py = place(((x, -0.1),))[0]
        pen.oval(px, py, 0.09, 0.1, pane)
    reach = 0.62 if landed else 0.8
    pen.poly(place(((0.3, 0.12), (-0.5, reach + 0.08), (-0.84, reach + 0.08), (-0.32, 0.12))), shade)
    pen.poly(place(((0.3, 0.06), (-0.5, reach), (-0.8, reach), (-0.28, 0.06))), light(color, 0.15))
    pen.poly(place(((-0.7, -0.02), (-1.1, 0.3), (-1.32, 0.3), (-1.0, -0.02))), shade)


PAINTERS: dict[str, Painter] = {"train": train, "bicycle": bicycle, "airplane": airplane}
AIRBORNE = frozenset({("airplane", "flying")})
MIRRORED = frozenset({"train", "bicycle", "airplane"})
