"""The grounds of all places as seen from above: no sky, and what lies around. Coordinates are shares of the frame, y down.

The middle stays bare, for the subject; rounds are drawn as ovals, because nobody looks straight down.
"""

import math
import random
from collections.abc import Callable

from PIL import Image

from starter.draw.pen import CREAM, Color, Pen, dark, light, mix
from starter.draw.sky import lit

FLAT = 0.72  # how high a round is for its width


def paint_ground(place: str, time: str, size: int, rng: random.Random, avoid: Color) -> Image.Image:
    """The ground of a place, filling the frame; cloth keeps away from the colour `avoid`."""
    tone, painter = _GROUNDS[place]
    image = Image.new("RGB", (size, size), lit(tone, time))
    painter(Pen(image, 0, 0, size), time, rng, avoid)
    return image


def _around(rng: random.Random, cells: int, bare: float = 0.3) -> list[tuple[float, float]]:
    """A point in each cell of a grid, save those within `bare` of the middle; far ones first."""
    points = []
    for row in range(cells):
        for column in range(cells):
            x = (column + 0.5 * (row % 2) + rng.uniform(0.2, 0.6)) / cells
            y = (row + rng.uniform(0.25, 0.75)) / cells
            if math.hypot(x - 0.5, y - 0.56) > bare:
                points.append((x, y))
    return points


def _round(pen: Pen, x: float, y: float, r: float, fill: Color) -> None:
    pen.oval(x, y, r, r * FLAT, fill)


def _star(
    pen: Pen, x: float, y: float, r: float, points: int, fill: Color, inner: float = 0.45, turn: float = 0
) -> None:
    path = []
    for i in range(points * 2):
        angle, reach = turn + math.pi * i / points, r if i % 2 == 0 else r * inner
        path.append((x + reach * math.sin(angle), y - reach * math.cos(angle) * FLAT))
    pen.poly(path, fill)


def _corners(rng: random.Random) -> list[tuple[float, float]]:
    """The upper corners and one of the lower ones, a little moved."""
    low = (rng.choice((0.02, 0.98)), 0.97)
    return [(x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.03, 0.03)) for x, y in ((0.06, 0.06), (0.94, 0.08), low)]


def _boards(pen: Pen, tone: Color, rng: random.Random, rows: int = 7) -> None:
    for i in range(rows):
        y = (i / rows) ** 1.15
        if i % 2:
            pen.box(0, y, 1, ((i + 1) / rows) ** 1.15, light(tone, 0.1))
        pen.line(((0, y), (1, y)), 0.012, dark(tone, 0.28))
        x = rng.uniform(0.1, 0.4) + 0.4 * (i % 2)
        pen.line(((x, y), (x, ((i + 1) / rows) ** 1.15)), 0.012, dark(tone, 0.28))


def _cloth(avoid: Color, time: str) -> Color:
    tones = ((38, 146, 140), (176, 62, 92), (98, 86, 178), (228, 170, 60))
    return lit(max(tones, key=lambda tone: sum(abs(a - b) for a, b in zip(tone, avoid, strict=True))), time)


def _cup(pen: Pen, x: float, y: float, r: float, time: str) -> None:
    _round(pen, x, y, r, lit((250, 246, 240), time))
    _round(pen, x, y, r * 0.7, lit((214, 220, 232), time))
    _round(pen, x, y - r * 0.08, r * 0.46, lit((250, 250, 250), time))
    _round(pen, x, y - r * 0.08, r * 0.34, lit((150, 92, 54), time))


def _book(pen: Pen, x: float, y: float, r: float, time: str, cover: Color) -> None:
    """An open one."""
    pen.poly(((x - r * 1.1, y - r * 0.5), (x + r * 1.1, y - r * 0.5), (x + r * 1.2, y + r * 0.62), (x - r * 1.2, y + r * 0.62)), cover)  # fmt: skip
    page = lit((255, 250, 234), time)
    pen.poly(((x - r, y - r * 0.46), (x, y - r * 0.36), (x, y + r * 0.56), (x - r * 1.08, y + r * 0.46)), page)
    pen.poly(
        ((x + r, y - r * 0.46), (x, y - r * 0.36), (x, y + r * 0.56), (x + r * 1.08, y + r * 0.46)), dark(page, 0.08)
    )
    for i in range(3):
        dy = r * (-0.16 + 0.22 * i)
        for side in (-1, 1):
            pen.line(((x + side * r * 0.2, y + dy), (x + side * r * 0.8, y + dy - r * 0.04)), r * 0.09, dark(page, 0.4))


def _living_room(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    floor, cloth = lit((190, 130, 82), time), _cloth(avoid, time)
    _boards(pen, floor, rng)
    for r, tone in ((0.49, dark(cloth, 0.25)), (0.46, light(cloth, 0.5)), (0.41, cloth), (0.28, light(cloth, 0.22))):
        _round(pen, 0.5, 0.62, r, tone)
    side = rng.choice((0, 1))
    x = 0.08 if side else 0.92
    _star(pen, x, 0.1, 0.2, 8, lit((52, 140, 76), time), 0.35, rng.random())  # a plant in its pot
    _star(pen, x, 0.1, 0.13, 7, lit((96, 184, 98), time), 0.35, rng.random())
    x = 1 - x  # an armchair's back
    pen.blob(((x - 0.22, -0.1), (x - 0.2, 0.12), (x, 0.17), (x + 0.2, 0.12), (x + 0.22, -0.1)), dark(cloth, 0.1))
    pen.blob(((x - 0.14, -0.1), (x - 0.13, 0.05), (x, 0.09), (x + 0.13, 0.05), (x + 0.14, -0.1)), light(cloth, 0.25))


def _kitchen(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    one, two = lit((248, 240, 222), time), lit((126, 186, 178), time)
    pen.box(0, 0, 1, 1, one)
    for row in range(8):
        y0, y1 = (row / 8) ** 1.12, ((row + 1) / 8) ** 1.12
        for column in range(row % 2, 6, 2):
            pen.box(column / 6, y0, (column + 1) / 6, y1, two)
    x = rng.choice((0.04, 0.96))
    _round(pen, x, 0.12, 0.3, lit((120, 74, 48), time))
    _round(pen, x, 0.1, 0.3, lit((196, 132, 82), time))
    _cup(pen, x + (0.1 if x < 0.5 else -0.1), 0.1, 0.09, time)
    _cup(pen, 1 - x, 0.92, 0.1, time)


def _library(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    _boards(pen, lit((136, 88, 58), time), rng)
    cloth = _cloth(avoid, time)
    for inset, tone in ((0.0, dark(cloth, 0.2)), (0.02, lit((244, 206, 120), time)), (0.04, cloth)):
        pen.poly(
            ((0.2 + inset, 0.3 + inset), (0.8 - inset, 0.3 + inset), (0.92 - inset, 1.1), (0.08 + inset, 1.1)), tone
        )
    pen.box(0, 0, 1, 0.19, lit((92, 58, 40), time))  # a shelf that we look over
    x = 0.0
    while x < 1:
        wide = rng.uniform(0.05, 0.08)
        cover = lit(rng.choice(((196, 62, 60), (56, 120, 160), (232, 180, 72), (86, 140, 84), (140, 84, 160))), time)
        pen.box(x + 0.004, 0.01, x + wide - 0.004, 0.16, light(cover, 0.1))
        pen.box(x + 0.004, 0.07, x + wide - 0.004, 0.16, dark(cover, 0.2))
        x += wide
    _book(pen, 0.13, rng.uniform(0.4, 0.5), 0.1, time, lit((56, 120, 160), time))
    _book(pen, 0.88, rng.uniform(0.62, 0.8), 0.1, time, lit((196, 62, 60), time))


def _stage(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    floor = lit((150, 92, 58), time)
    _boards(pen, floor, rng)
    for r, share in ((0.47, 0.35), (0.4, 0.6)):
        _round(pen, 0.5, 0.66, r, light(mix(floor, (255, 220, 140), 0.4), share))
    red = lit((178, 36, 52), time)
    for side in (0, 1):
        for i in range(4):
            x = i * 0.045
            tone = light(red, 0.14) if i % 2 else dark(red, 0.2)
            low = 0.5 - 0.09 * i
            edge = [(x, -0.1), (x + 0.055, -0.1), (x + 0.055, low), (x, low + 0.05)]
            pen.poly([(px if side == 0 else 1 - px, py) for px, py in edge], tone)
    for i in range(5):  # footlights
        _round(pen, 0.1 + i * 0.2, 0.975, 0.045, lit((70, 56, 60), time))
        _round(pen, 0.1 + i * 0.2, 0.965, 0.03, (255, 232, 150))


def _beach(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    side = rng.choice((0, 1))

    def shore(shift: float, fill: Color) -> None:
        path = ((-0.3, -0.3), (0.95 + shift, -0.3), (0.66 + shift, 0.06 + shift), (0.34, 0.1 + shift), (0.14 + shift, 0.32), (-0.3, 0.6 + shift))  # fmt: skip
        pen.blob([(x if side else 1 - x, y) for x, y in path], lit(fill, time))

    for shift, tone in (
        (0.07, (222, 190, 124)),
        (0.045, (255, 255, 255)),
        (0.0, (84, 196, 216)),
        (-0.1, (40, 150, 206)),
    ):
        shore(shift, tone)
    x = 0.93 if side else 0.07
    for i in range(10):  # a parasol
        a, b = math.tau * i / 10, math.tau * (i + 1) / 10
        tone = (236, 66, 76) if i % 2 else (255, 250, 240)
        pen.poly(((x, 0.24), (x + 0.2 * math.cos(a), 0.26 + 0.2 * FLAT * math.sin(a)), (x + 0.2 * math.cos(b), 0.26 + 0.2 * FLAT * math.sin(b))), lit(tone, time))  # fmt: skip
    _star(pen, 1 - x, rng.uniform(0.72, 0.8), 0.075, 5, lit((240, 120, 80), time), 0.45, rng.random())
    for px, py in _around(rng, 4, 0.4)[6:]:
        _round(pen, px, py, 0.022, lit((255, 244, 226), time))
        _round(pen, px, py + 0.006, 0.012, lit((240, 180, 170), time))


def _crown(pen: Pen, x: float, y: float, r: float, time: str, rng: random.Random, leaf: Color) -> None:
    """A tree's crown from above."""
    for i in range(7):
        a = math.tau * i / 7 + rng.uniform(-0.2, 0.2)
        _round(pen, x + math.cos(a) * r * 0.62, y + 0.02 + math.sin(a) * r * 0.5, r * 0.48, lit(dark(leaf, 0.3), time))
    for i in range(6):
        a = math.tau * i / 6 + rng.uniform(-0.2, 0.2)
        _round(pen, x + math.cos(a) * r * 0.46, y - 0.02 + math.sin(a) * r * 0.36, r * 0.42, lit(leaf, time))
    _round(pen, x - r * 0.1, y - r * 0.16, r * 0.42, lit(light(leaf, 0.24), time))


def _forest(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    for x, y in _around(rng, 5, 0.1):
        _round(pen, x, y, 0.07, lit((88, 138, 62), time))
    for i, (x, y) in enumerate(_around(rng, 5, 0.32)):  # fallen leaves and toadstools
        if i % 4 == 0:
            _round(pen, x, y, 0.035, lit((226, 60, 56), time))
            _round(pen, x - 0.01, y - 0.006, 0.01, lit((255, 246, 230), time))
        else:
            _star(
                pen, x, y, 0.03, 4, lit(((206, 132, 56), (176, 92, 48), (120, 160, 70))[i % 3], time), 0.5, rng.random()
            )
    for i, (x, y) in enumerate(
        ((-0.02, 0.02), (0.34, -0.08), (0.72, -0.07), (1.03, 0.06), (rng.choice((-0.04, 1.04)), 0.62))
    ):
        _crown(pen, x, y, rng.uniform(0.2, 0.24), time, rng, ((46, 122, 64), (64, 138, 62))[i % 2])


def _city(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    stone, white = lit((196, 192, 192), time), lit((240, 238, 230), time)
    pen.poly(((-0.1, -0.1), (0.3, -0.1), (0.16, 0.3), (-0.1, 0.34)), dark(stone, 0.2))
    pen.poly(((-0.1, -0.1), (0.27, -0.1), (0.13, 0.28), (-0.1, 0.31)), stone)
    pen.poly(((1.1, -0.1), (0.7, -0.1), (0.84, 0.3), (1.1, 0.34)), dark(stone, 0.2))
    pen.poly(((1.1, -0.1), (0.73, -0.1), (0.87, 0.28), (1.1, 0.31)), stone)
    for x0, x1 in ((-0.02, 0.17), (0.83, 1.02)):  # flat roofs
        wall = lit(rng.choice(((98, 108, 140), (150, 96, 92), (84, 122, 138))), time)
        pen.box(x0, -0.05, x1, 0.2, dark(wall, 0.35))
        pen.box(x0, -0.05, x1, 0.13, wall)
        pen.box(x0 + 0.05, -0.05, x0 + 0.13, 0.05, light(wall, 0.3))
    for i in range(5):  # a crossing
        x = 0.34 + i * 0.075
        pen.poly(
            ((x, 0.06), (x + 0.045, 0.06), (x + 0.045 + (x - 0.48) * 0.16, 0.24), (x + (x - 0.48) * 0.16, 0.24)), white
        )
    for y0, y1 in ((0.34, 0.46), (0.56, 0.7), (0.82, 1.0)):
        for x in (0.07, 0.93):
            pen.box(x - 0.014, y0, x + 0.014, y1, lit((250, 214, 96), time))
    x = rng.choice((0.22, 0.78))
    _round(pen, x, 0.93, 0.07, lit((58, 60, 72), time))
    _round(pen, x, 0.925, 0.05, lit((104, 106, 118), time))


def _space(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    rock = {"day": (172, 168, 196), "sunset": (152, 104, 128), "night": (84, 78, 112)}[time]
    sky = {"day": (74, 66, 176), "sunset": (84, 30, 104), "night": (8, 6, 30)}[time]
    pen.box(0, 0, 1, 1, sky)
    for x, y in _around(rng, 8, 0.5):
        _star(pen, x, y, rng.choice((0.012, 0.024)), 4, (255, 250, 224), 0.35)
    pen.oval(0.5, 0.68, 0.66, 0.58, dark(rock, 0.25))
    pen.oval(0.5, 0.66, 0.65, 0.56, rock)
    for x, y in _around(rng, 4, 0.34):
        if math.hypot((x - 0.5) / 0.65, (y - 0.66) / 0.56) < 0.86:
            r = rng.uniform(0.04, 0.08)
            _round(pen, x, y, r, dark(rock, 0.3))
            _round(pen, x + r * 0.1, y + r * 0.16, r * 0.8, dark(rock, 0.14))


def _fir(pen: Pen, x: float, y: float, r: float, time: str) -> None:
    for k, (reach, tone) in enumerate(((1.0, (38, 96, 86)), (0.72, (58, 124, 106)), (0.45, (246, 250, 255)))):
        _star(pen, x, y - 0.03 * k, r * reach, 9, lit(tone, time), 0.62, 0.35 * k)


def _snow(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    blue = lit((208, 224, 244), time)
    for x, y in _around(rng, 4, 0.16):
        _round(pen, x, y, 0.11, blue)
        _round(pen, x - 0.012, y - 0.014, 0.1, lit((240, 246, 253), time))
    side = rng.choice((-1, 1))
    for i in range(7):  # somebody came this way
        t = i / 6
        x = 0.5 + side * (0.1 + 0.36 * t + (0.028 if i % 2 else -0.028))
        pen.oval(x, 0.86 - 0.72 * t * t, 0.024, 0.03, lit((150, 178, 216), time))
    for x, y in _corners(rng):
        _fir(pen, x, y, 0.19, time)


def _desert(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    shade = lit((220, 162, 88), time)
    for i in range(9):
        y, shift = (i + 0.4) / 9, rng.uniform(-0.1, 0.1)
        path = [(x / 6, y + 0.022 * math.sin(x * 1.9 + i * 1.3 + shift * 9)) for x in range(-1, 8)]
        pen.line(path, 0.02, shade, curve=True)
    green = lit((48, 146, 88), time)
    for x, y in _corners(rng):
        _round(pen, x, y + 0.03, 0.13, lit((196, 140, 74), time))
        _round(pen, x, y, 0.12, green)
        for i in range(8):
            a = math.tau * i / 8
            pen.line(((x, y - 0.01), (x + 0.11 * math.cos(a), y + 0.08 * math.sin(a))), 0.012, light(green, 0.4))
        _round(pen, x, y - 0.014, 0.03, lit((250, 120, 150), time))


def _sea(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    tones = ((40, 136, 206), (30, 116, 188))
    foam = lit((196, 234, 250), time)
    for i in range(9):
        y, shift = i / 9, rng.uniform(0, 0.2)
        pen.box(0, y, 1, 1, lit(tones[i % 2], time))
        for k in range(-1, 6):
            x = k * 0.22 + shift
            pen.blob(
                ((x, y + 0.01), (x + 0.06, y - 0.03), (x + 0.14, y - 0.02), (x + 0.2, y + 0.012)),
                lit(tones[i % 2], time),
            )
            if (k + i) % 2:
                pen.line(((x + 0.02, y), (x + 0.07, y - 0.024), (x + 0.14, y - 0.016)), 0.014, foam, curve=True)


def _meadow(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    tones = ((250, 76, 86), (255, 220, 70), (255, 255, 255), (246, 140, 200), (170, 110, 230))
    for x, y in _around(rng, 6, 0.0):
        blade = lit((70, 154, 62), time)
        for dx in (-0.03, 0.0, 0.03):
            pen.poly(((x - 0.012, y), (x + dx, y - 0.055), (x + 0.012, y)), blade)
    for i, (x, y) in enumerate(_around(rng, 6, 0.3)):
        tone = lit(tones[i % 5], time)
        for k in range(5):
            a = math.tau * k / 5
            pen.oval(x + 0.026 * math.cos(a), y + 0.02 * math.sin(a), 0.02, 0.016, tone)
        pen.oval(x, y, 0.015, 0.012, lit((255, 190, 50) if i % 5 != 1 else (200, 100, 40), time))


def _underwater(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    glow = light(lit((132, 206, 210), time), 0.3)
    for i in range(4):  # light through the waves
        path = [(x / 5, i * 0.27 + 0.05 * math.sin(x * 2.1 + i * 2 + rng.random())) for x in range(-1, 7)]
        pen.line(path, 0.024, glow, curve=True)
    for i, (x, y) in enumerate(_corners(rng)):
        tone = lit(((244, 110, 120), (250, 150, 90), (180, 110, 210))[i], time)
        for k in range(9):  # coral
            a = math.tau * k / 9
            pen.line(((x, y), (x + 0.15 * math.cos(a), y + 0.11 * math.sin(a))), 0.05, tone)
        _round(pen, x, y, 0.06, light(tone, 0.3))
    _star(pen, rng.choice((0.12, 0.88)), 0.62, 0.085, 5, lit((240, 130, 70), time), 0.45, rng.random())
    for x, y in _around(rng, 4, 0.36)[::2]:
        _round(pen, x, y, 0.026, light(lit((140, 214, 236), time), 0.5))
        _round(pen, x, y, 0.016, lit((120, 190, 206), time))


def _stone(pen: Pen, x: float, y: float, r: float, tone: Color) -> None:
    pen.blob(((x - r, y), (x - r * 0.5, y - r * 0.66), (x + r * 0.5, y - r * 0.6), (x + r, y + r * 0.1), (x + r * 0.4, y + r * 0.5), (x - r * 0.6, y + r * 0.5)), dark(tone, 0.35))  # fmt: skip
    pen.blob(((x - r, y - r * 0.1), (x - r * 0.5, y - r * 0.7), (x + r * 0.5, y - r * 0.66), (x + r * 0.96, y), (x + r * 0.3, y + r * 0.22), (x - r * 0.6, y + r * 0.2)), tone)  # fmt: skip


def _mountains(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    for x, y in _around(rng, 5, 0.0)[::2]:
        _round(pen, x, y, 0.08, lit((132, 164, 106), time))
    for x, y in _corners(rng):  # peaks, from over them
        for reach, tone in ((0.3, (104, 112, 132)), (0.17, (244, 248, 255))):
            _star(pen, x, y - 0.02, reach, 6, lit(tone, time), 0.72, rng.random())
    for x, y in _around(rng, 5, 0.34)[1::3]:
        _stone(pen, x, y, 0.05, lit((150, 152, 164), time))
    for x, y in _around(rng, 5, 0.32)[::3]:
        _star(pen, x, y, 0.03, 5, lit((250, 246, 255), time), 0.5)


def _village(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    tone = lit((206, 190, 164), time)
    for row in range(10):
        for column in range(9):
            x, y = (column + 0.5 * (row % 2)) / 8.5, (row + 0.5) / 10
            _round(pen, x, y, 0.05, light(tone, 0.16 * ((row * 3 + column) % 3)))
    for (x, y), red in zip(_corners(rng), ((206, 84, 62), (190, 100, 60), (206, 84, 62)), strict=True):
        roof = lit(red, time)
        pen.box(x - 0.17, y + 0.08, x + 0.17, y + 0.18, lit((250, 236, 210), time))
        pen.poly(((x - 0.2, y + 0.12), (x - 0.15, y - 0.02), (x + 0.15, y - 0.02), (x + 0.2, y + 0.12)), roof)
        pen.poly(
            ((x - 0.2, y - 0.15), (x - 0.15, y - 0.02), (x + 0.15, y - 0.02), (x + 0.2, y - 0.15)), dark(roof, 0.22)
        )
        pen.line(((x - 0.15, y - 0.02), (x + 0.15, y - 0.02)), 0.02, light(roof, 0.4))
        pen.box(x + 0.05, y - 0.1, x + 0.11, y - 0.02, lit((120, 80, 70), time))


def _cave(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    stone = lit((112, 100, 118), time)
    for x, y in _around(rng, 5, 0.0):
        _round(pen, x, y, 0.1, mix(stone, (60, 50, 76), rng.uniform(0.1, 0.5)))
    for r, share in ((0.46, 0.1), (0.38, 0.16), (0.29, 0.22)):  # where a lantern shines
        _round(pen, 0.5, 0.64, r, mix(stone, (255, 200, 130), share))
    for i, (x, y) in enumerate(_corners(rng)):
        y += 0.12 if y < 0.5 else 0
        _stone(pen, x, y, 0.16, dark(stone, 0.35))
        for dx, tall in ((-0.07, 0.12), (0.07, 0.14), (0.0, 0.2)):
            tone = ((90, 220, 236), (190, 130, 250), (110, 236, 180))[i]
            pen.poly(((x + dx - 0.035, y), (x + dx * 1.5, y - tall), (x + dx + 0.035, y)), tone)
            pen.poly(((x + dx, y), (x + dx * 1.5, y - tall), (x + dx + 0.035, y)), dark(tone, 0.25))


_GROUNDS: dict[str, tuple[Color, Callable[[Pen, str, random.Random, Color], None]]] = {
    "living room": ((190, 130, 82), _living_room),
    "kitchen": (CREAM, _kitchen),
    "library": ((136, 88, 58), _library),
    "stage": ((150, 92, 58), _stage),
    "beach": ((246, 216, 148), _beach),
    "forest": ((72, 122, 52), _forest),
    "city": ((92, 94, 108), _city),
    "space": ((84, 78, 112), _space),
    "snow": ((240, 246, 253), _snow),
    "desert": ((244, 194, 114), _desert),
    "sea": ((40, 136, 206), _sea),
    "meadow": ((98, 184, 76), _meadow),
    "underwater": ((112, 190, 196), _underwater),
    "mountains": ((120, 152, 98), _mountains),
    "village": ((178, 160, 136), _village),
    "cave": ((92, 82, 98), _cave),
}
