"""Cake, apple, pizza and ice cream, in the unit box (y down, base at 1)."""

import math
import random

from starter.draw.pen import CREAM, Color, Painter, Pen, Point, dark, light, mix, smooth

LEAF: Color = (86, 174, 74)
STEM: Color = (104, 66, 40)
CHERRY: Color = (214, 36, 52)
PLATE: Color = (198, 216, 238)
WAFFLE: Color = (232, 170, 88)
SPRINKLES: tuple[Color, ...] = ((80, 186, 240), (255, 214, 70), (120, 206, 96), (236, 84, 96))


def _cherry(pen: Pen, x: float, y: float, r: float) -> None:
    pen.line(((x, y - r * 0.4), (x + r * 0.2, y - r * 1.5), (x + r * 0.8, y - r * 2.1)), 0.06, STEM, curve=True)
    pen.oval(x, y, r, r, CHERRY)
    pen.oval(x - r * 0.34, y - r * 0.34, r * 0.28, r * 0.24, (255, 190, 190))


def _icing(pen: Pen, left: float, right: float, top: float, drops: tuple[float, ...], fill: Color) -> None:
    """Icing that runs down over an edge, one drop for each length."""
    step = (right - left) / len(drops)
    pen.box(left, top, right, top + 0.1, fill)
    for i, length in enumerate(drops):
        x = left + step * (i + 0.5)
        pen.line(((x, top + 0.06), (x, top + length)), step * 1.04, fill)


def _sponge(color: Color) -> tuple[Color, Color]:
    """What is inside a cake of that colour: the sponge, and the cream between its layers."""
    if color[0] < 180:
        return (122, 72, 44), (255, 236, 206)
    return (246, 214, 138), (232, 84, 104) if min(color) > 200 else (255, 250, 240)


def cake(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    pale = min(color) > 200
    shade = (212, 206, 222) if pale else dark(color, 0.2)
    if pose == "birthday":
        side, icing = ((230, 224, 236), (255, 254, 250)) if pale else (color, mix(CREAM, color, 0.16))
        for i, x in enumerate((-0.32, 0.0, 0.32)):
            tone = ((84, 160, 240), (255, 206, 70), (110, 200, 110))[i]
            pen.box(x - 0.075, -0.74, x + 0.075, -0.3, tone)
            pen.line(((x - 0.05, -0.46), (x + 0.05, -0.56)), 0.07, CREAM)
            pen.blob(((x, -1.12), (x + 0.12, -0.84), (x, -0.7), (x - 0.12, -0.84)), (255, 144, 36))
            pen.blob(((x, -0.98), (x + 0.06, -0.83), (x, -0.74), (x - 0.06, -0.83)), (255, 240, 140))
        pen.oval(0, 0.9, 1.0, 0.12, PLATE)
        pen.box(-0.84, 0.26, 0.84, 0.88, side)
        pen.box(-0.56, -0.34, 0.56, 0.3, side)
        pen.box(0.34, -0.3, 0.56, 0.26, shade)
        pen.box(0.56, 0.3, 0.84, 0.88, shade)
        _icing(pen, -0.58, 0.58, -0.38, (0.24, 0.14, 0.3, 0.18, 0.26, 0.14), icing)
        _icing(pen, -0.86, 0.86, 0.22, (0.16, 0.28, 0.16, 0.24, 0.14, 0.3, 0.2, 0.16), icing)
        for i in range(7):
            pen.oval(-0.78 + i * 0.26, 0.84, 0.12, 0.1, (250, 168, 196) if pale else icing)
        return
    _sliced_cake(pen, color, light(color, 0.5 if color[0] > 200 else 0.22), (228, 222, 232) if pale else color)


def _sliced_cake(pen: Pen, color: Color, icing: Color, side: Color) -> None:
    """A round cake seen from above the table, with the front slice gone: its layers show."""
    sponge, filling = _sponge(color)
    tall, rx, ry, y = 0.76, 0.92, 0.38, -0.18
    start, end = math.radians(34), math.radians(114)
    a, b = (rx * math.cos(start), y + ry * math.sin(start)), (rx * math.cos(end), y + ry * math.sin(end))
    pen.oval(0, 0.61, 1.08, 0.39, dark(PLATE, 0.12))
    pen.oval(0, 0.58, 1.08, 0.38, PLATE)
    pen.oval(0, y + tall, rx, ry, side)
    pen.box(-rx, y, rx, y + tall, side)
    pen.oval(0, y, rx, ry, icing)
    rim = [start + (end - start) * i / 8 for i in range(9)]
    pen.poly(
        ((0, y), a, *((1.02 * rx * math.cos(t), y + tall + 1.04 * ry * math.sin(t)) for t in rim), b), light(PLATE, 0.5)
    )
    for wall, dim in ((a, 0.0), (b, 0.22)):
        for top, bottom, tone in ((0.0, 0.11, icing), (0.11, 0.38, sponge), (0.38, 0.5, filling), (0.5, 0.76, sponge)):
            pen.poly(
                ((0, y + top), (wall[0], wall[1] + top), (wall[0], wall[1] + bottom), (0, y + bottom)), dark(tone, dim)
            )
    for degrees in (150, 196, 236, 270, 304, 344):
        t = math.radians(degrees)
        x, cy = 0.68 * math.cos(t), y - 0.06 + 0.25 * math.sin(t)
        pen.oval(x, cy + 0.04, 0.18, 0.12, CREAM)
        pen.blob(((x - 0.14, cy - 0.04), (x, cy - 0.22), (x + 0.14, cy - 0.04), (x, cy + 0.07)), CHERRY)


_APPLE: tuple[Point, ...] = smooth((
    (0.0, -0.5), (0.34, -0.62), (0.74, -0.46), (0.92, 0.0), (0.8, 0.5), (0.5, 0.9), (0.2, 0.98), (0.0, 0.92),
    (-0.2, 0.98), (-0.5, 0.9), (-0.8, 0.5), (-0.92, 0.0), (-0.74, -0.46), (-0.34, -0.62),
))  # fmt: skip


def _bitten(outline: tuple[Point, ...], x: float, y: float, r: float) -> tuple[Point, ...]:
    """The outline without a mouthful around (x, y): three scallops that teeth left. The outline runs clockwise."""

    def reach(t: float) -> float:
        return r * (0.86 + 0.24 * abs(math.sin(1.9 * (t - math.pi))))

    def inside(point: Point) -> bool:
        dx, dy = point[0] - x, point[1] - y
        return math.hypot(dx, dy) < reach(math.atan2(dy, dx) % (2 * math.pi))

    gone = [i for i, point in enumerate(outline) if inside(point)]
    before, after = outline[: gone[0]], outline[gone[-1] + 1 :]
    first, last = (math.atan2(p[1] - y, p[0] - x) % (2 * math.pi) for p in (before[-1], after[0]))
    steps = [first + (last - first) * i / 24 for i in range(25)]
    return (*before, *((x + reach(t) * math.cos(t), y + reach(t) * math.sin(t)) for t in steps), *after)


_FLESH, _SKIN = _bitten(_APPLE, 0.98, 0.06, 0.46), _bitten(_APPLE, 0.92, 0.06, 0.64)


def apple(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, shine = dark(color, 0.22), light(color, 0.65)
    pen.line(((0.0, -0.4), (0.02, -0.7), (0.14, -0.96)), 0.13, STEM, curve=True)
    leaf = LEAF if color[0] > 150 else (44, 124, 60)
    pen.blob(((0.1, -0.66), (0.3, -0.96), (0.74, -1.0), (0.56, -0.7)), leaf)
    pen.line(((0.18, -0.72), (0.54, -0.9)), 0.05, light(leaf, 0.4))
    if pose == "whole":
        pen.poly(_APPLE, color)
    else:
        pen.poly(_FLESH, (255, 240, 202))
        pen.poly(_SKIN, color)
    pen.blob(((-0.3, -0.5), (0.0, -0.38), (0.3, -0.5), (0.0, -0.3)), shade)
    pen.blob(((-0.62, -0.3), (-0.4, -0.4), (-0.36, -0.24), (-0.56, 0.06), (-0.7, 0.08)), shine)
    pen.oval(-0.62, 0.24, 0.07, 0.09, shine)


def _pepperoni(pen: Pen, x: float, y: float, r: float) -> None:
    pen.oval(x, y, r, r, (158, 34, 36))
    pen.oval(x, y, r * 0.8, r * 0.8, (222, 70, 54))


def _basil(pen: Pen, x: float, y: float, turn: float) -> None:
    dx, dy = 0.15 * math.cos(turn), 0.15 * math.sin(turn)
    pen.blob(
        ((x - dx, y - dy), (x + dy * 0.6, y - dx * 0.6), (x + dx, y + dy), (x - dy * 0.6, y + dx * 0.6)), (64, 148, 62)
    )


def pizza(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    crust, cheese = dark(mix(color, (214, 130, 50), 0.5), 0.12), light(mix(color, (255, 214, 70), 0.5), 0.12)
    if pose == "whole":
        pen.oval(0, 0.04, 0.98, 0.96, crust)
        pen.oval(0, 0.02, 0.92, 0.9, color)
        pen.oval(0, 0.04, 0.79, 0.77, (214, 74, 44))
        pen.oval(0, 0.04, 0.74, 0.72, cheese)
        for degrees in (0, 60, 120):
            dx, dy = 0.86 * math.cos(math.radians(degrees)), 0.86 * math.sin(math.radians(degrees))
            pen.line(((-dx, 0.04 - dy), (dx, 0.04 + dy)), 0.05, crust)
        for degrees, far in ((30, 0.46), (90, 0.5), (150, 0.46), (210, 0.5), (270, 0.46), (330, 0.5)):
            t = math.radians(degrees)
            _pepperoni(pen, far * math.cos(t), 0.04 + far * math.sin(t), 0.17)
        for degrees in (2, 122, 242):
            t = math.radians(degrees)
            _basil(pen, 0.4 * math.cos(t), 0.04 + 0.4 * math.sin(t), t + 0.8)
        return
    pen.poly(((-0.84, -0.6), (0.84, -0.6), (0.06, 0.98), (-0.06, 0.98)), (214, 74, 44))
    pen.poly(((-0.78, -0.62), (0.78, -0.62), (0.02, 0.9), (-0.02, 0.9)), cheese)
    for x, top, length in ((-0.42, 0.2, 0.5), (0.34, 0.2, 0.62), (0.56, -0.2, 0.16)):
        pen.line(((x, top), (x, length)), 0.17, cheese)
    pen.blob(
        (
            (-1.0, -0.7),
            (-0.8, -0.94),
            (0.0, -1.02),
            (0.8, -0.94),
            (1.0, -0.7),
            (0.84, -0.5),
            (0.0, -0.6),
            (-0.84, -0.5),
        ),
        crust,
    )
    pen.blob(((-0.94, -0.74), (-0.76, -0.9), (0.0, -0.98), (0.76, -0.9), (0.94, -0.74), (0.0, -0.76)), color)
    for x, y, r in ((-0.36, -0.3, 0.21), (0.36, -0.22, 0.21), (-0.06, 0.2, 0.2)):
        _pepperoni(pen, x, y, r)
    for x, y, t in ((0.02, -0.36, 0.6), (0.2, 0.06, 2.2), (-0.02, 0.56, 1.2)):
        _basil(pen, x, y, t)


def _scoop(pen: Pen, x: float, y: float, r: float, color: Color) -> None:
    """A ball of ice cream with the frill that the spoon leaves."""
    frill = mix(color, dark(color, 0.3), 0.3) if min(color) < 200 else (232, 224, 220)
    for i in range(5):
        pen.oval(x + (i - 2) * r * 0.44, y + r * (0.62 - 0.06 * abs(i - 2)), r * 0.3, r * 0.28, frill)
    pen.oval(x, y, r, r * 0.94, color)
    for i in range(5):
        pen.oval(x + (i - 2) * r * 0.42, y + r * (0.52 - 0.06 * abs(i - 2)), r * 0.28, r * 0.26, color)
    pen.oval(x - r * 0.4, y - r * 0.4, r * 0.26, r * 0.2, light(color, 0.7) if min(color) < 200 else (255, 255, 255))


def _sprinkle(pen: Pen, places: tuple[Point, ...]) -> None:
    for i, (x, y) in enumerate(places):
        lean = (0.06, -0.06, 0.02)[i % 3]
        pen.line(((x - lean, y - 0.04), (x + lean, y + 0.04)), 0.07, SPRINKLES[i % 4])


def ice_cream(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    pale = min(color) > 200
    second = light(color, 0.45) if color[0] > 200 and not pale else (255, 236, 190)
    if pose == "cone":
        pen.poly(((-0.48, -0.02), (0.48, -0.02), (0.05, 1.0), (-0.05, 1.0)), WAFFLE)
        for x, y in ((-0.3, 0.78), (-0.12, 0.6), (0.1, 0.38)):
            for side in (-1, 1):
                pen.line(((side * x, 0.0), (side * (x + 0.47 * y), y)), 0.05, dark(WAFFLE, 0.32))
        _scoop(pen, 0, -0.66, 0.41, second)
        _scoop(pen, 0, -0.24, 0.55, color)
        pen.line(((0.24, 0.1), (0.24, 0.34)), 0.16, color)
        _sprinkle(pen, ((-0.26, -0.16), (0.04, -0.28), (0.3, -0.2), (-0.02, -0.02), (-0.12, -0.78), (0.18, -0.74)))
        _cherry(pen, 0.04, -1.06, 0.15)
        return
    glass, sauce = (176, 224, 248), (116, 62, 40) if color[0] > 200 else (255, 240, 214)
    pen.oval(0, 0.93, 0.48, 0.09, dark(glass, 0.24))
    pen.box(-0.1, 0.6, 0.1, 0.94, dark(glass, 0.12))
    pen.poly(((-0.56, -1.06), (-0.3, -1.12), (-0.06, -0.2), (-0.34, -0.2)), WAFFLE)
    pen.line(((-0.43, -0.98), (-0.22, -0.3)), 0.06, dark(WAFFLE, 0.3))
    _scoop(pen, -0.42, -0.1, 0.44, color)
    _scoop(pen, 0.42, -0.1, 0.44, color)
    _scoop(pen, 0.04, -0.4, 0.46, color)
    pen.blob(
        (
            (0.04, -0.88),
            (0.36, -0.76),
            (0.5, -0.44),
            (0.4, -0.28),
            (0.28, -0.5),
            (0.14, -0.26),
            (0.0, -0.5),
            (-0.14, -0.32),
            (-0.24, -0.5),
            (-0.38, -0.38),
            (-0.36, -0.62),
            (-0.22, -0.8),
        ),
        sauce,
    )
    _sprinkle(pen, ((-0.1, -0.68), (0.14, -0.62), (0.32, -0.58)))
    _cherry(pen, 0.06, -0.94, 0.17)
    pen.blob(
        ((-0.92, 0.04), (-0.5, 0.0), (0.5, 0.0), (0.92, 0.04), (0.7, 0.42), (0.28, 0.72), (-0.28, 0.72), (-0.7, 0.42)),
        glass,
    )
    pen.line(((-0.84, 0.06), (0.84, 0.06)), 0.09, light(glass, 0.6))
    pen.line(((-0.6, 0.26), (-0.4, 0.46)), 0.1, light(glass, 0.8))


PAINTERS: dict[str, Painter] = {"cake": cake, "apple": apple, "pizza": pizza, "ice cream": ice_cream}
AIRBORNE: frozenset[tuple[str, str]] = frozenset()
MIRRORED: frozenset[str] = frozenset({"cake", "apple", "pizza", "ice cream"})
