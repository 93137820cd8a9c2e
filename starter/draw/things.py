"""Things that people make: house, castle, boat, rocket, car, lighthouse, robot and balloon, in the unit box (base at 1)."""

import random

from starter.draw.pen import CREAM, INK, Color, Painter, Pen, dark, light, mix

WOOD: Color = (132, 84, 50)
WINDOW: Color = (255, 226, 120)
GLASS: Color = (168, 222, 250)


def _pale(color: Color) -> bool:
    return min(color) > 180


def house(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    roof = (70, 62, 96) if color[0] > 180 and not _pale(color) else (206, 74, 58)
    if pose == "cottage":
        pen.box(0.42, -0.86, 0.64, -0.2, (150, 84, 70))
        pen.box(-0.78, -0.1, 0.78, 1, color)
        pen.poly(((-1.0, 0.02), (-0.56, -0.66), (0.56, -0.66), (1.0, 0.02)), roof)
        pen.line(((-0.96, 0.02), (0.96, 0.02)), 0.1, dark(roof, 0.35))
        pen.box(-0.16, 0.36, 0.18, 1, WOOD)
        pen.oval(0.1, 0.68, 0.05, 0.05, WINDOW)
        for x in (-0.47, 0.49):
            pen.box(x - 0.21, 0.26, x + 0.21, 0.68, CREAM)
            pen.box(x - 0.15, 0.32, x + 0.15, 0.62, WINDOW)
            pen.line(((x, 0.32), (x, 0.62)), 0.05, CREAM)
        return
    pen.box(-0.5, -0.42, 0.5, 1, color)
    pen.poly(((-0.64, -0.36), (0, -1.0), (0.64, -0.36)), roof)
    pen.oval(0, -0.56, 0.13, 0.13, WINDOW)
    for y in (-0.24, 0.2):
        for x in (-0.24, 0.24):
            pen.box(x - 0.16, y, x + 0.16, y + 0.32, CREAM)
            pen.box(x - 0.11, y + 0.05, x + 0.11, y + 0.27, WINDOW)
    pen.box(-0.17, 0.62, 0.17, 1, WOOD)


def _battlement(pen: Pen, left: float, right: float, top: float, teeth: int, fill: Color) -> None:
    step = (right - left) / (2 * teeth - 1)
    for i in range(teeth):
        pen.box(left + 2 * i * step, top - 0.14, left + (2 * i + 1) * step, top + 0.03, fill)


def castle(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade = dark(color, 0.25)
    roof = (74, 80, 168) if not color[0] > color[2] + 40 else (120, 70, 170)
    gate = (84, 54, 44)
    if pose == "towers":
        pen.box(-0.3, -0.5, 0.3, 0.6, shade)
        pen.poly(((-0.4, -0.44), (0, -1.02), (0.4, -0.44)), roof)
        pen.poly(((0.0, -1.0), (0.0, -1.22), (0.26, -1.12)), (230, 60, 70))
        pen.box(-0.6, 0.1, 0.6, 1, color)
        _battlement(pen, -0.6, 0.6, 0.12, 5, color)
        for side in (-1, 1):
            pen.box(
                side * 0.86 - (0 if side < 0 else 0.4),
                -0.2,
                side * 0.86 + (0.4 if side < 0 else 0),
                1,
                mix(color, shade, 0.35),
            )
            pen.poly(((side * 0.98, -0.14), (side * 0.66, -0.78), (side * 0.34, -0.14)), roof)
            pen.oval(side * 0.66, 0.14, 0.08, 0.13, INK)
        pen.oval(0, -0.18, 0.09, 0.14, INK)
    else:
        pen.box(-0.7, -0.05, 0.7, 1, color)
        _battlement(pen, -0.66, 0.66, -0.04, 6, color)
        for side in (-1, 1):
            inner, outer = side * 0.5, side * 1.0
            pen.box(min(inner, outer), -0.5, max(inner, outer), 1, shade)
            _battlement(pen, min(inner, outer) - 0.03, max(inner, outer) + 0.03, -0.48, 3, shade)
            pen.box(side * 0.75 - 0.05, -0.2, side * 0.75 + 0.05, 0.1, INK)
        pen.line(((0, -0.1), (0, -0.86)), 0.05, WOOD)
        pen.poly(((0.0, -0.86), (0.46, -0.7), (0.0, -0.52)), (230, 60, 70))
    pen.oval(0, 0.6, 0.24, 0.26, gate)
    pen.box(-0.24, 0.6, 0.24, 1, gate)
    for x in (-0.1, 0.1):
        pen.line(((x, 0.42), (x, 0.98)), 0.04, dark(gate, 0.6))


def boat(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    trim = (46, 70, 130) if _pale(color) else CREAM
    if pose == "sailing":
        pen.line(((0.0, -0.98), (0.0, 0.6)), 0.08, WOOD)
        pen.blob(((-0.07, -0.9), (-0.07, 0.36), (-0.4, 0.38), (-0.78, 0.3), (-0.46, -0.3)), CREAM)
        pen.poly(((-0.66, 0.1), (-0.07, 0.1), (-0.07, -0.16), (-0.54, -0.16)), trim if _pale(color) else color)
        pen.blob(((0.08, -0.82), (0.44, -0.3), (0.74, 0.34), (0.4, 0.36), (0.08, 0.34)), mix(color, CREAM, 0.12))
        pen.poly(((0, -1.0), (0.28, -0.93), (0, -0.84)), (240, 90, 60))
        pen.poly(((-0.96, 0.5), (1.0, 0.46), (0.7, 0.98), (-0.62, 0.98)), color)
        pen.line(((-0.88, 0.58), (0.92, 0.55)), 0.11, trim)
        return
    pen.line(((0.5, 0.2), (0.9, -0.14)), 0.08, (196, 150, 96))
    pen.line(((-0.2, 0.2), (-0.56, -0.16)), 0.08, (196, 150, 96))
    pen.blob(
        ((-1.0, 0.22), (-0.6, 0.38), (0.6, 0.38), (1.0, 0.2), (0.84, 0.72), (0.5, 0.98), (-0.5, 0.98), (-0.84, 0.72)),
        color,
    )
    pen.poly(((-0.9, 0.28), (0.9, 0.26), (0.66, 0.48), (-0.66, 0.48)), WOOD)
    for x in (-0.36, 0.3):
        pen.line(((x - 0.06, 0.32), (x + 0.06, 0.46)), 0.12, (206, 160, 104))
    pen.line(((-0.84, 0.52), (-0.4, 0.58), (0.4, 0.58), (0.84, 0.5)), 0.1, trim)
    for side, x in ((-1, -0.1), (1, 0.2)):
        pen.line(((x, 0.26), (x + side * 0.72, 0.9)), 0.09, (226, 180, 120))
        pen.oval(x + side * 0.76, 0.92, 0.16, 0.1, (226, 180, 120))


def rocket(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    fin = (222, 60, 60) if _pale(color) else (244, 240, 236)
    base = 0.96
    if pose == "launching":
        base = 0.5
        for x, y, r in ((-0.5, 0.9, 0.26), (0.5, 0.9, 0.26), (-0.2, 0.95, 0.24), (0.24, 0.95, 0.24)):
            pen.oval(x, y, r, r * 0.75, (236, 234, 240))
        pen.blob(((-0.28, 0.4), (0.28, 0.4), (0.3, 0.66), (0.0, 1.06), (-0.3, 0.66)), (255, 120, 30))
        pen.blob(((-0.16, 0.42), (0.16, 0.42), (0.14, 0.64), (0.0, 0.86), (-0.14, 0.64)), (255, 230, 90))
    top = base - 1.9 if pose != "launching" else -1.02
    tall = base - top
    for side in (-1, 1):
        pen.poly(
            (
                (side * 0.26, base - tall * 0.42),
                (side * 0.66, base - tall * 0.12),
                (side * 0.62, base + 0.04),
                (side * 0.24, base - tall * 0.1),
            ),
            fin,
        )
    pen.blob(
        ((0, top), (0.3, top + tall * 0.26), (0.36, top + tall * 0.6), (0.24, base - 0.06), (-0.24, base - 0.06),
         (-0.36, top + tall * 0.6), (-0.3, top + tall * 0.26)), color
    )  # fmt: skip
    pen.blob(
        (
            (0, top),
            (0.2, top + tall * 0.13),
            (0.26, top + tall * 0.23),
            (-0.26, top + tall * 0.23),
            (-0.2, top + tall * 0.13),
        ),
        fin,
    )
    pen.oval(0, top + tall * 0.42, 0.21, 0.21, INK)
    pen.oval(0, top + tall * 0.42, 0.15, 0.15, GLASS)
    pen.line(((-0.3, base - tall * 0.27), (0.3, base - tall * 0.27)), 0.09, fin)
    pen.box(-0.2, base - 0.1, 0.2, base + 0.02, (80, 76, 92))


def car(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    """Facing right. A driving car leans into the wind and leaves puffs and lines behind."""
    if pose == "driving":
        for y, left in ((0.3, -1.3), (0.52, -1.42), (0.74, -1.3)):
            pen.line(((left, y), (-1.02, y)), 0.07, (250, 250, 255))
        pen.poly(((0.96, 0.42), (1.42, 0.3), (1.42, 0.74), (0.96, 0.56)), (255, 240, 150))
    pen.blob(((-0.66, 0.3), (-0.5, -0.14), (-0.2, -0.24), (0.2, -0.24), (0.44, -0.1), (0.66, 0.3)), color)
    pen.poly(((-0.52, 0.22), (-0.4, -0.06), (-0.07, -0.11), (-0.07, 0.22)), GLASS)
    pen.poly(((0.03, 0.22), (0.03, -0.11), (0.27, -0.09), (0.5, 0.22)), GLASS)
    pen.blob(
        ((-1.0, 0.36), (-0.8, 0.2), (0.6, 0.2), (0.96, 0.34), (1.0, 0.7), (0.8, 0.8), (-0.8, 0.8), (-1.0, 0.7)), color
    )
    pen.line(((-0.9, 0.64), (0.9, 0.64)), 0.07, light(color, 0.55))
    pen.line(((-0.06, 0.36), (0.08, 0.36)), 0.06, dark(color, 0.5))
    pen.oval(0.9, 0.44, 0.1, 0.1, (255, 240, 150))
    pen.box(-1.0, 0.38, -0.9, 0.52, (255, 90, 70))
    for x in (-0.54, 0.56):
        pen.oval(x, 0.77, 0.26, 0.25, (34, 32, 42))
        pen.oval(x, 0.77, 0.12, 0.12, (206, 210, 220))


def lighthouse(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    stripe = CREAM if not _pale(color) else (176, 186, 204)
    if pose == "shining":
        for side in (-1, 1):
            pen.poly(((0, -0.7), (side * 1.3, -1.06), (side * 1.3, -0.38)), (255, 238, 140))
    pen.blob(((-0.8, 1.0), (-0.6, 0.78), (0, 0.72), (0.6, 0.78), (0.8, 1.0)), (110, 106, 118))
    top, bottom = 0.24, 0.44
    for i in range(5):
        y0, y1 = -0.46 + i * 0.27, -0.46 + (i + 1) * 0.27
        w0, w1 = top + (bottom - top) * i / 5, top + (bottom - top) * (i + 1) / 5
        pen.poly(((-w0, y0), (w0, y0), (w1, y1), (-w1, y1)), color if i % 2 == 0 else stripe)
    pen.box(-0.36, -0.52, 0.36, -0.42, (70, 66, 84))
    pen.box(-0.2, -0.84, 0.2, -0.52, (255, 236, 120) if pose == "shining" else (96, 104, 124))
    pen.line(((0, -0.84), (0, -0.52)), 0.05, (70, 66, 84))
    pen.poly(((-0.3, -0.82), (0, -1.1), (0.3, -0.82)), (206, 60, 60) if _pale(color) else dark(color, 0.35))
    pen.box(-0.12, 0.66, 0.12, 0.9, WOOD)


def robot(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, metal = dark(color, 0.3), (110, 116, 132)
    pen.line(((0, -0.7), (0, -0.98)), 0.07, metal)
    pen.oval(0, -0.98, 0.11, 0.11, (255, 84, 84))
    for side in (-1, 1):
        pen.box(side * 0.26 - 0.13, 0.5, side * 0.26 + 0.13, 0.92, metal)
        pen.box(side * 0.3 - 0.22, 0.84, side * 0.3 + 0.22, 1, shade)
        if pose == "waving" and side > 0:
            pen.line(((0.46, 0.04), (0.86, -0.12), (0.9, -0.56)), 0.18, metal)
            pen.oval(0.9, -0.64, 0.18, 0.18, shade)
        else:
            pen.line(((side * 0.46, 0.02), (side * 0.76, 0.2), (side * 0.76, 0.44)), 0.18, metal)
            pen.oval(side * 0.76, 0.5, 0.16, 0.16, shade)
        pen.box(side * 0.58 - 0.08, -0.52, side * 0.58 + 0.08, -0.26, shade)
    pen.box(-0.52, -0.1, 0.52, 0.58, color)
    pen.box(-0.54, -0.76, 0.54, -0.08, light(color, 0.2))
    pen.box(-0.42, -0.64, 0.42, -0.2, (34, 38, 62))
    for side in (-1, 1):
        pen.oval(side * 0.2, -0.46, 0.12, 0.13, (110, 246, 240))
    pen.arc(0, -0.4, 0.16, 30, 150, 0.06, (110, 246, 240))
    pen.box(-0.32, 0.08, 0.32, 0.42, CREAM)
    for x, tone in ((-0.18, (240, 80, 80)), (0.0, (250, 200, 60)), (0.18, (80, 190, 100))):
        pen.oval(x, 0.25, 0.08, 0.08, tone)


def balloon(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade = dark(color, 0.24)
    if pose == "party":
        pen.line(((0, 0.4), (0.14, 0.6), (-0.1, 0.8), (0.04, 1.0)), 0.06, CREAM, curve=True)
        pen.blob(
            (
                (0, -1.0),
                (0.44, -0.88),
                (0.64, -0.42),
                (0.42, 0.08),
                (0, 0.34),
                (-0.42, 0.08),
                (-0.64, -0.42),
                (-0.44, -0.88),
            ),
            color,
        )
        pen.poly(((0, 0.3), (0.15, 0.5), (-0.15, 0.5)), shade)
        pen.blob(((-0.34, -0.78), (-0.16, -0.82), (-0.3, -0.5), (-0.42, -0.38), (-0.46, -0.58)), light(color, 0.8))
        return
    for x in (-0.18, 0.18):
        pen.line(((x * 1.7, 0.34), (x, 0.72)), 0.05, WOOD)
    pen.blob(
        (
            (0, -1.0),
            (0.5, -0.88),
            (0.78, -0.4),
            (0.56, 0.08),
            (0.24, 0.44),
            (-0.24, 0.44),
            (-0.56, 0.08),
            (-0.78, -0.4),
            (-0.5, -0.88),
        ),
        color,
    )
    for side in (-1, 1):  # the two pale gores
        pen.blob(
            ((side * 0.1, -0.98), (side * 0.38, -0.8), (side * 0.5, -0.36), (side * 0.34, 0.12), (side * 0.14, 0.42),
             (side * 0.14, 0.1), (side * 0.22, -0.36), (side * 0.2, -0.8)), CREAM
        )  # fmt: skip
    pen.poly(((-0.24, 0.4), (0.24, 0.4), (0.2, 0.5), (-0.2, 0.5)), shade)
    pen.poly(((-0.24, 0.68), (0.24, 0.68), (0.19, 1.0), (-0.19, 1.0)), (170, 112, 60))
    pen.line(((-0.22, 0.72), (0.22, 0.72)), 0.09, (216, 160, 96))


PAINTERS: dict[str, Painter] = {
    "house": house,
    "castle": castle,
    "boat": boat,
    "rocket": rocket,
    "car": car,
    "lighthouse": lighthouse,
    "robot": robot,
    "balloon": balloon,
}
AIRBORNE = frozenset({("rocket", "launching"), ("balloon", "party"), ("balloon", "hot air")})
MIRRORED = frozenset({"boat", "car", "robot"})
