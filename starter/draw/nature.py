"""Tree, mountain, flower and moon as subjects, in the unit box (base at 1)."""

import math
import random

from starter.draw.pen import INK, Color, Painter, Pen, dark, light, mix

BARK: Color = (118, 76, 48)
LEAF: Color = (58, 152, 70)


def tree(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, bright = dark(color, 0.28), light(color, 0.3)
    if pose == "round":
        pen.poly(((-0.13, 0.1), (0.13, 0.1), (0.2, 1), (-0.2, 1)), BARK)
        pen.line(((0, 0.5), (0.34, 0.16)), 0.1, BARK)
        for x, y, r in ((0.42, 0.0, 0.44), (-0.44, 0.0, 0.44), (0.0, 0.1, 0.4)):
            pen.oval(x, y, r, r * 0.9, shade)
        for x, y, r in ((-0.32, -0.26, 0.46), (0.32, -0.28, 0.46), (0, -0.56, 0.46)):
            pen.oval(x, y, r, r * 0.92, color)
        for x, y in ((-0.24, -0.62), (-0.46, -0.3), (0.1, -0.3), (0.36, -0.5)):
            pen.oval(x, y, 0.12, 0.09, bright)
    elif pose == "pine":
        pen.box(-0.13, 0.6, 0.13, 1, BARK)
        for top, bottom, wide in ((0.0, 0.76, 0.74), (-0.5, 0.3, 0.58), (-1.0, -0.16, 0.42)):
            pen.poly(((0, top), (wide, bottom), (0.0, bottom - 0.08), (-wide, bottom)), color)
            pen.poly(((0, top), (wide, bottom), (0.1, bottom - 0.07), (0.12, top + 0.3)), shade)
    else:
        for path, width in (
            (((0.0, 0.98), (-0.03, 0.2), (0.05, -0.3), (-0.02, -0.9)), 0.24), (((0, 0.3), (0.4, -0.1), (0.6, -0.6)), 0.14),
            (((0, 0.1), (-0.4, -0.16), (-0.64, -0.6)), 0.14), (((0.0, -0.2), (0.2, -0.5), (0.26, -0.86)), 0.1),
            (((-0.32, -0.1), (-0.72, -0.14), (-0.9, -0.3)), 0.09), (((0.34, -0.06), (0.7, -0.1), (0.88, -0.28)), 0.09),
            (((0, -0.3), (-0.26, -0.56), (-0.32, -0.86)), 0.1),
        ):  # fmt: skip
            pen.line(path, width, BARK)
        leaves = (
            (-0.9, -0.34),
            (0.9, -0.34),
            (-0.66, -0.66),
            (0.62, -0.68),
            (-0.32, -0.9),
            (0.28, -0.9),
            (0, -0.94),
            (0.66, -0.16),
        )
        for x, y in leaves:  # the last leaves carry the colour
            pen.oval(x, y, 0.13, 0.11, color)


def mountain(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, snow = dark(color, 0.35), (250, 252, 255)
    if pose == "snow-capped":
        pen.poly(((0.1, 1), (0.62, -0.2), (1.24, 1)), shade)
        pen.poly(((0.46, 0.16), (0.62, -0.2), (0.8, 0.14), (0.66, 0.06), (0.58, 0.2)), snow)
        pen.poly(((-1.2, 1), (-0.16, -1.0), (0.92, 1)), color)
        pen.poly(((-0.16, -1.0), (0.92, 1), (0.1, 1), (-0.06, 0.3), (-0.2, -0.1)), shade)
        pen.poly(
            (
                (-0.16, -1.0),
                (0.22, -0.28),
                (0.06, -0.36),
                (-0.06, -0.1),
                (-0.2, -0.4),
                (-0.36, -0.14),
                (-0.4, -0.34),
                (-0.56, -0.22),
            ),
            snow,
        )
        pen.poly(((-0.16, -1.0), (0.22, -0.28), (0.06, -0.36), (-0.06, -0.1), (-0.12, -0.5)), (196, 214, 238))
        return
    for x, y, r in ((-0.04, -0.56, 0.2), (0.16, -0.8, 0.24), (-0.14, -0.86, 0.2), (0.34, -1.0, 0.22)):
        pen.oval(x, y, r, r * 0.86, (150, 142, 152))
    pen.blob(((-0.18, -0.3), (-0.22, -0.62), (0.0, -0.5), (0.2, -0.66), (0.2, -0.3)), (255, 110, 30))
    pen.poly(((-1.2, 1), (-0.5, 0.1), (-0.28, -0.34), (0.28, -0.34), (0.5, 0.1), (1.2, 1)), color)
    pen.poly(((0.06, -0.34), (0.28, -0.34), (0.5, 0.1), (1.2, 1), (0.3, 1), (0.2, 0.2)), shade)
    pen.poly(
        (
            (-0.28, -0.34),
            (0.28, -0.34),
            (0.3, -0.1),
            (0.2, 0.44),
            (0.1, 0.0),
            (-0.02, 0.72),
            (-0.12, 0.0),
            (-0.24, 0.3),
            (-0.3, -0.2),
        ),
        (255, 96, 24),
    )
    pen.poly(((-0.2, -0.34), (0.2, -0.34), (0.14, -0.1), (0.0, 0.3), (-0.1, -0.1)), (255, 212, 70))


def flower(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade = dark(color, 0.28)
    pen.line(((0.04, 1.0), (-0.04, 0.5), (0, -0.2)), 0.13, LEAF, curve=True)
    if pose == "tulip":
        pen.blob(((-0.02, 0.98), (-0.34, 0.7), (-0.6, 0.1), (-0.24, 0.4)), LEAF)
        pen.blob(((0.02, 0.98), (0.36, 0.74), (0.58, 0.2), (0.22, 0.46)), dark(LEAF, 0.2))
        pen.poly(((-0.2, -0.4), (0, -1.0), (0.2, -0.4)), shade)
        pen.blob(((-0.52, -0.92), (-0.2, -0.6), (0.02, -0.1), (-0.1, 0.08), (-0.4, -0.06), (-0.56, -0.5)), color)
        pen.blob(
            ((0.52, -0.92), (0.2, -0.6), (-0.02, -0.1), (0.1, 0.08), (0.4, -0.06), (0.56, -0.5)),
            mix(color, shade, 0.45),
        )
        pen.blob(((0, -0.8), (0.24, -0.4), (0.16, 0.06), (-0.16, 0.06), (-0.24, -0.4)), light(color, 0.25))
        return
    pen.blob(((-0.02, 0.86), (-0.3, 0.82), (-0.6, 0.52), (-0.24, 0.56)), LEAF)
    pen.blob(((0.02, 0.72), (0.3, 0.7), (0.58, 0.42), (0.24, 0.42)), dark(LEAF, 0.2))
    for i in range(10):
        angle = math.radians(i * 36)
        x, y = math.cos(angle), math.sin(angle)
        tone = color if i % 2 == 0 else mix(color, shade, 0.4)
        pen.blob(
            ((x * 0.1, -0.36 + y * 0.1), (x * 0.44 - y * 0.17, -0.36 + y * 0.44 + x * 0.17), (x * 0.68, -0.36 + y * 0.66),
             (x * 0.44 + y * 0.17, -0.36 + y * 0.44 - x * 0.17)), tone
        )  # fmt: skip
    centre = (255, 206, 60) if color[0] < 250 or color[2] > 100 else (150, 84, 36)
    pen.oval(0, -0.36, 0.23, 0.23, dark(centre, 0.2))
    pen.oval(-0.02, -0.38, 0.18, 0.18, centre)


def moon(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    glow, shade = light(color, 0.35), dark(color, 0.22)
    cheek = (250, 140, 130)
    if pose == "full":
        pen.oval(0, 0, 0.96, 0.96, color)
        pen.oval(-0.12, -0.12, 0.78, 0.78, glow)
        for x, y, r in (
            (0.52, -0.5, 0.17),
            (-0.56, 0.5, 0.14),
            (0.6, 0.44, 0.11),
            (-0.4, -0.62, 0.12),
            (0.1, 0.76, 0.1),
        ):
            pen.oval(x, y, r, r * 0.9, shade)
        for side in (-1, 1):
            pen.arc(side * 0.32, -0.12, 0.15, 10, 170, 0.08, INK)
            pen.oval(side * 0.5, 0.16, 0.13, 0.09, cheek)
        pen.arc(0, 0.1, 0.24, 25, 155, 0.08, INK)
        return
    outer = [(0.12 + 0.94 * math.cos(math.radians(t)), 0.94 * math.sin(math.radians(t))) for t in range(48, 313, 12)]
    inner = [(0.52 + 0.72 * math.cos(math.radians(t)), 0.72 * math.sin(math.radians(t))) for t in range(288, 71, -12)]
    pen.poly(outer + inner, color)
    pen.arc(-0.42, -0.08, 0.13, 10, 170, 0.075, INK)
    pen.oval(-0.46, 0.2, 0.12, 0.09, cheek)
    pen.arc(-0.24, 0.28, 0.14, 60, 170, 0.07, INK)
    for x, y, r in ((-0.36, -0.54, 0.1), (-0.12, 0.7, 0.1), (-0.66, -0.2, 0.06)):
        pen.oval(x, y, r, r, shade)
    star = [
        (
            0.62 + (0.24 if i % 2 == 0 else 0.1) * math.sin(i * math.pi / 5),
            -0.02 - (0.24 if i % 2 == 0 else 0.1) * math.cos(i * math.pi / 5),
        )
        for i in range(10)
    ]
    pen.poly(star, glow)


PAINTERS: dict[str, Painter] = {
    "tree": tree,
    "mountain": mountain,
    "flower": flower,
    "moon": moon,
}
AIRBORNE = frozenset({("moon", "crescent"), ("moon", "full")})
MIRRORED = frozenset({"moon"})
