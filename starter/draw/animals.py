"""Cat, dog, bird and fish, each in its poses, drawn in the unit box (y down, feet at 1)."""

import random
from collections.abc import Sequence

from starter.draw.pen import CREAM, INK, Color, Painter, Pen, Point, dark, light, mix, smooth

PINK: Color = (244, 140, 150)
WHITE: Color = (255, 255, 255)
SEAM = 0.07  # how wide the line is that sets a head off from its body
BELOW: Point = (0.0, 0.07)


def seam(fur: Color) -> Color:
    """The line between two parts of the same colour: darker, or paler where darker would not show."""
    return dark(fur, 0.45) if sum(fur) > 250 else light(fur, 0.3)


def seamed_oval(
    pen: Pen, x: float, y: float, rx: float, ry: float, fill: Color, toward: Point = BELOW, line: Color | None = None
) -> None:
    """An oval set off from what is behind it by a line on one side: all around, it would double the outline."""
    pen.oval(x + toward[0], y + toward[1], rx, ry, line or seam(fill))
    pen.oval(x, y, rx, ry, fill)


def seamed_blob(
    pen: Pen, points: Sequence[Point], fill: Color, toward: Point = BELOW, line: Color | None = None
) -> None:
    """A blob set off from what is behind it by a line on one side."""
    path = smooth(tuple(points))
    pen.poly([(x + toward[0], y + toward[1]) for x, y in path], line or seam(fill))
    pen.poly(path, fill)


def open_eye(pen: Pen, x: float, y: float, r: float, *, ring: Color | None = None) -> None:
    """A dark eye with a glint; `ring` puts a lighter ball around it, which dark fur needs."""
    if ring:
        pen.oval(x, y, r * 1.28, r * 1.36, ring)
    pen.oval(x, y, r, r * 1.12, (22, 14, 30))
    pen.oval(x + r * 0.32, y - r * 0.4, r * 0.4, r * 0.42, WHITE)


def _cat_head(pen: Pen, x: float, y: float, r: float, fur: Color, *, asleep: bool = False) -> None:
    for side in (-1, 1):
        pen.poly(
            (
                (x + side * r * 0.98, y - r * 1.32),
                (x + side * r * 0.95, y - r * 0.1),
                (x + side * r * 0.15, y - r * 0.75),
            ),
            fur,
        )
        pen.poly(
            ((x + side * r * 0.86, y - r * 1.02), (x + side * r * 0.8, y - r * 0.4), (x + side * r * 0.4, y - r * 0.7)),
            PINK,
        )
    seamed_oval(pen, x, y, r * 1.08, r * 0.88, fur)
    for shift in (-0.28, 0.0, 0.28):  # the tabby's stripes
        pen.line(((x + shift * r, y - r * 0.82), (x + shift * r * 0.8, y - r * 0.45)), r * 0.12, dark(fur, 0.35))
    pen.oval(x, y + r * 0.42, r * 0.48, r * 0.34, light(fur, 0.7))
    pen.poly(((x - r * 0.16, y + r * 0.2), (x + r * 0.16, y + r * 0.2), (x, y + r * 0.38)), PINK)
    ink = INK if sum(fur) > 250 else (12, 8, 20)
    for side in (-1, 1):
        ex = x + side * r * 0.46
        if asleep:
            pen.arc(ex, y - r * 0.06, r * 0.25, 5, 175, r * 0.17, ink)
        else:
            pen.oval(ex, y - r * 0.06, r * 0.24, r * 0.28, (170, 226, 92))
            pen.oval(ex, y - r * 0.06, r * 0.11, r * 0.25, ink)
            pen.oval(ex - r * 0.06, y - r * 0.17, r * 0.06, r * 0.07, WHITE)
        pen.line(((x + side * r * 0.5, y + r * 0.36), (x + side * r * 1.2, y + r * 0.26)), r * 0.06, light(fur, 0.85))
        pen.line(((x + side * r * 0.5, y + r * 0.46), (x + side * r * 1.18, y + r * 0.54)), r * 0.06, light(fur, 0.85))


def cat(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, pale = dark(color, 0.28), light(color, 0.6)
    if pose == "sitting":
        pen.line(((0.3, 0.85), (0.8, 0.8), (0.86, 0.4), (0.7, 0.1)), 0.2, shade, curve=True)
        pen.blob(((0, -0.2), (0.4, 0.05), (0.6, 0.65), (0.5, 0.98), (-0.5, 0.98), (-0.6, 0.65), (-0.4, 0.05)), color)
        pen.blob(((0, 0.12), (0.24, 0.3), (0.2, 0.75), (-0.2, 0.75), (-0.24, 0.3)), pale)
        for side in (-1, 1):
            pen.oval(side * 0.24, 0.92, 0.2, 0.11, pale)
        _cat_head(pen, 0, -0.36, 0.52, color)
    elif pose == "sleeping":
        pen.oval(0.2, 0.54, 0.8, 0.45, color)
        for x in (0.34, 0.56, 0.76):  # stripes along the back
            pen.line(((x, 0.12 + (x - 0.3) * 0.3), (x + 0.08, 0.36)), 0.08, shade)
        pen.line(((0.94, 0.66), (0.74, 0.9), (0.3, 0.96), (-0.1, 0.92)), 0.2, shade, curve=True)
        _cat_head(pen, -0.4, 0.34, 0.58, color, asleep=True)
    else:
        pen.line(((-0.62, 0.15), (-0.92, -0.1), (-0.86, -0.5), (-0.62, -0.62)), 0.17, shade, curve=True)
        for x, lean, tone in ((-0.5, -0.12, shade), (0.26, 0.14, shade), (-0.34, 0.12, color), (0.42, -0.08, color)):
            pen.line(((x, 0.4), (x + lean, 0.9)), 0.2, tone)
        pen.blob(((-0.7, 0.2), (-0.5, -0.02), (0.1, 0.04), (0.55, 0.0), (0.66, 0.3), (0.4, 0.56), (-0.5, 0.56)), color)
        for x in (-0.4, -0.15, 0.1):
            pen.line(((x, 0.04), (x + 0.03, 0.26)), 0.08, shade)
        _cat_head(pen, 0.56, -0.22, 0.4, color)


def _dog_head(pen: Pen, x: float, y: float, r: float, fur: Color, *, asleep: bool = False) -> None:
    """Facing right: a long muzzle, a black nose, a hanging ear and a happy tongue."""
    ear = dark(fur, 0.42) if sum(fur) > 260 else light(fur, 0.22)
    pen.oval(x, y, r * 0.9, r * 0.82, fur)
    pen.blob(
        (
            (x + r * 0.2, y - r * 0.3), (x + r * 1.2, y - r * 0.1), (x + r * 1.5, y + r * 0.2),
            (x + r * 1.25, y + r * 0.56), (x + r * 0.3, y + r * 0.66),
        ),
        light(fur, 0.45),
    )  # fmt: skip
    ink = (16, 10, 22)
    pen.oval(x + r * 1.38, y + r * 0.02, r * 0.22, r * 0.19, ink)
    if asleep:
        pen.arc(x + r * 0.4, y - r * 0.24, r * 0.24, 10, 170, r * 0.15, ink)
        pen.line(((x + r * 0.7, y + r * 0.5), (x + r * 1.2, y + r * 0.42)), r * 0.1, ink)
    else:
        pen.blob(
            ((x + r * 0.66, y + r * 0.56), (x + r, y + r * 0.5), (x + r * 1.02, y + r), (x + r * 0.76, y + r * 1.08)),
            (250, 100, 120),
        )
        pen.line(((x + r * 0.5, y + r * 0.56), (x + r * 1.2, y + r * 0.46)), r * 0.09, ink)
        pen.oval(x + r * 0.36, y - r * 0.24, r * 0.19, r * 0.21, WHITE)
        pen.oval(x + r * 0.4, y - r * 0.22, r * 0.13, r * 0.15, ink)
    pen.blob(
        (
            (x - r * 0.5, y - r * 0.72), (x - r * 0.08, y - r * 0.5), (x - r * 0.02, y + r * 0.4),
            (x - r * 0.3, y + r * 0.95), (x - r * 0.72, y + r * 0.7), (x - r * 0.86, y - r * 0.1),
        ),
        ear,
    )  # fmt: skip


def dog(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, collar = dark(color, 0.26), (220, 50, 60) if color[0] < 200 or color[2] > 200 else (40, 110, 220)
    if pose == "sitting":
        pen.line(((-0.5, 0.85), (-0.86, 0.7), (-0.9, 0.36)), 0.17, shade, curve=True)
        pen.blob(((-0.1, -0.3), (0.3, -0.1), (0.36, 0.5), (0.3, 0.98), (-0.6, 0.98), (-0.7, 0.6), (-0.4, 0.1)), color)
        pen.oval(-0.38, 0.72, 0.32, 0.28, shade)
        pen.line(((0.2, 0.2), (0.24, 0.9)), 0.22, color)
        pen.oval(0.32, 0.93, 0.2, 0.09, light(color))
        pen.oval(-0.26, 0.93, 0.26, 0.09, light(color, 0.25))
        pen.oval(0.26, 0.3, 0.12, 0.24, light(color, 0.55))
        pen.line(((-0.26, 0.02), (0.3, 0.06)), 0.13, collar)
        _dog_head(pen, 0.02, -0.46, 0.5, color)
    elif pose == "sleeping":
        pen.blob(((-0.94, 0.66), (-0.72, 0.1), (-0.2, 0.0), (0.24, 0.26), (0.36, 0.98), (-0.84, 0.98)), color)
        seamed_oval(pen, -0.52, 0.66, 0.36, 0.32, color, (0.06, -0.03))
        pen.line(((-0.9, 0.8), (-0.7, 0.94), (-0.36, 0.92), (-0.16, 0.84)), 0.17, shade, curve=True)
        pen.line(((-0.02, 0.3), (0.0, 0.8)), 0.14, collar)
        pen.line(((0.0, 0.91), (0.86, 0.91)), 0.18, light(color, 0.3))
        _dog_head(pen, 0.28, 0.42, 0.46, color, asleep=True)
    else:
        pen.line(((-0.6, 0.1), (-0.82, -0.12), (-0.9, -0.4)), 0.15, shade, curve=True)
        for path, tone in (
            (((-0.4, 0.4), (-0.6, 0.6), (-0.98, 0.72)), shade), (((0.3, 0.4), (0.66, 0.5), (0.98, 0.46)), shade),
            (((-0.46, 0.36), (-0.44, 0.68), (-0.76, 0.94)), color), (((0.28, 0.4), (0.48, 0.66), (0.82, 0.76)), color),
        ):  # fmt: skip
            pen.line(path, 0.17, tone)
        pen.blob(((-0.72, 0.2), (-0.5, 0.0), (0.1, 0.04), (0.46, -0.1), (0.5, 0.36), (0.2, 0.52), (-0.5, 0.48)), color)
        pen.line(((0.22, -0.1), (0.52, 0.22)), 0.12, collar)
        _dog_head(pen, 0.5, -0.26, 0.36, color)


def bird(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, belly, beak = dark(color, 0.3), light(color, 0.65), (255, 170, 30)
    if color[0] > 240 and color[2] < 90:  # a yellow bird's beak would vanish
        beak = (240, 100, 30)
    if pose == "perched":
        pen.line(((-1, 0.84), (-0.2, 0.88), (0.98, 0.8)), 0.15, (112, 72, 44))
        pen.oval(0.8, 0.66, 0.16, 0.1, (96, 190, 84))
        for x in (-0.06, 0.16):
            pen.line(((x, 0.55), (x, 0.82)), 0.07, beak)
        pen.poly(((-0.4, 0.1), (-1.0, 0.62), (-0.78, 0.74), (-0.2, 0.5)), shade)
        pen.blob(((-0.5, 0.2), (-0.2, -0.2), (0.3, -0.3), (0.56, 0.1), (0.4, 0.55), (0.0, 0.68), (-0.36, 0.5)), color)
        pen.oval(0.24, 0.3, 0.26, 0.28, belly)
        pen.poly(((0.62, -0.54), (1.0, -0.38), (0.6, -0.26)), beak)
        pen.oval(0.3, -0.42, 0.42, 0.4, color)
        pen.poly(((0.1, -0.74), (0.02, -1.0), (0.3, -0.8), (0.34, -1.0), (0.46, -0.74)), color)
        pen.blob(((-0.56, 0.36), (-0.3, -0.06), (0.1, 0.04), (0.04, 0.36), (-0.2, 0.5)), shade)
        pen.oval(0.44, -0.48, 0.13, 0.14, WHITE)
        pen.oval(0.47, -0.48, 0.08, 0.09, INK)
        return
    pen.blob(((0.0, 0.1), (0.1, -0.5), (0.42, -0.98), (0.46, -0.5), (0.4, 0.05)), shade)
    pen.poly(((-0.5, 0.1), (-1.0, 0.02), (-0.86, 0.22), (-1.0, 0.44), (-0.45, 0.36)), shade)
    pen.blob(((-0.6, 0.2), (-0.1, 0.0), (0.4, -0.06), (0.5, 0.24), (0.1, 0.48), (-0.4, 0.4)), color)
    pen.oval(0.08, 0.34, 0.32, 0.14, belly)
    pen.poly(((0.74, -0.04), (1.0, 0.12), (0.72, 0.2)), beak)
    pen.oval(0.54, 0.04, 0.28, 0.26, color)
    pen.blob(
        ((0.3, 0.12), (-0.06, -0.3), (-0.5, -0.94), (-0.72, -0.98), (-0.7, -0.5), (-0.4, 0.1), (0, 0.26)),
        mix(color, shade, 0.4),
    )
    for x, y in ((-0.66, -0.7), (-0.6, -0.42), (-0.46, -0.16)):
        pen.line(((x, y), (x + 0.3, y + 0.24)), 0.06, shade)
    pen.oval(0.62, 0.0, 0.09, 0.1, WHITE)
    pen.oval(0.64, 0.0, 0.055, 0.065, INK)


def fish(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, stripe = dark(color, 0.28), light(color, 0.75)
    pen.blob(((-0.42, 0.0), (-0.98, -0.56), (-0.8, 0.0), (-0.98, 0.56)), shade)
    pen.blob(((-0.2, -0.3), (0.0, -0.72), (0.4, -0.58), (0.44, -0.24)), shade)
    pen.blob(((-0.1, 0.3), (-0.1, 0.68), (0.24, 0.56), (0.26, 0.3)), shade)
    pen.blob(((-0.6, 0.0), (-0.2, -0.42), (0.35, -0.46), (0.9, -0.02), (0.35, 0.46), (-0.2, 0.42)), color)
    for x, tall in ((-0.2, 0.36), (0.22, 0.42)):
        pen.blob(
            ((x - 0.07, -tall), (x + 0.12, -tall), (x + 0.2, 0), (x + 0.12, tall), (x - 0.07, tall), (x + 0.02, 0)),
            stripe,
        )
    pen.blob(((0.02, 0.06), (-0.26, 0.0), (-0.3, 0.26), (-0.06, 0.26)), shade)
    pen.oval(0.56, -0.1, 0.17, 0.17, WHITE)
    pen.oval(0.6, -0.1, 0.1, 0.11, INK)
    pen.arc(0.7, 0.08, 0.14, 20, 120, 0.06, dark(color, 0.55))
    if pose == "swimming":
        for x, y, r in ((1.02, -0.34, 0.09), (0.92, -0.62, 0.12), (1.08, -0.88, 0.08)):
            pen.oval(x, y, r, r, (196, 236, 255))
            pen.oval(x - r * 0.2, y - r * 0.2, r * 0.45, r * 0.45, CREAM)


def splash(pen: Pen) -> None:
    """The water that a jumping fish throws up, in an unturned unit box."""
    for x, y, r in ((-0.5, 0.84, 0.2), (-0.2, 0.92, 0.2), (-0.8, 0.93, 0.17), (0.1, 0.96, 0.14)):
        pen.oval(x, y, r * 1.3, r, (150, 214, 250))
        pen.oval(x - 0.03, y - 0.04, r * 0.8, r * 0.55, (226, 246, 255))
    for x, y in ((-0.9, 0.46), (-0.1, 0.62), (0.22, 0.72), (-0.7, 0.22)):
        pen.oval(x, y, 0.07, 0.09, (176, 226, 255))


PAINTERS: dict[str, Painter] = {"cat": cat, "dog": dog, "bird": bird, "fish": fish}
AIRBORNE: frozenset[tuple[str, str]] = frozenset({("bird", "flying"), ("fish", "swimming"), ("fish", "jumping")})
MIRRORED: frozenset[str] = frozenset({"cat", "dog", "bird", "fish"})
