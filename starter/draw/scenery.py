"""Four more places behind a subject: under water, in the mountains, a village, a cave; and the tables of all seven new ones.

What tells a place stands at the sides and above; the middle stays calm, for the subject. Coordinates are shares of the
frame. `places` paints from these tables; the other three are in `interiors`.
"""

import random
from collections.abc import Callable

from starter.draw import interiors
from starter.draw.pen import Color, Pen, dark, light, mix
from starter.draw.sky import HOUR, LAMPLIGHT, Canvas, apart, lit

GROUND = {"kitchen": 0.86, "underwater": 0.9, "stage": 0.9}  # where a subject's feet are
SKYLESS = ("kitchen", "library", "underwater", "cave", "stage")


def _underwater(pen: Canvas, time: str, rng: random.Random, avoid: Color) -> None:
    shaft = ((240, 255, 236), (255, 240, 180), (130, 190, 240))[HOUR[time]]
    lean = rng.choice((-1, 1))
    for k, wide in enumerate((0.05, 0.09, 0.06, 0.1)):
        x = 0.5 + lean * (k - 1.7) * 0.24 + rng.uniform(-0.04, 0.04)
        fall = lean * 0.26
        pen.glaze(
            ((x - wide, -0.01), (x + wide, -0.01), (x + fall + wide * 2, 0.84), (x + fall - wide * 1.4, 0.84)),
            shaft,
            (0.3, 0.17, 0.16)[HOUR[time]],
        )
    _surface(pen, shaft, time, rng)
    deep = ((22, 108, 168), (54, 82, 140), (8, 22, 66))[HOUR[time]]
    far = mix(deep, shaft, 0.12)
    pen.blob(((-0.3, 0.76), (0.04, 0.5), (0.16, 0.56), (0.28, 0.72), (0.72, 0.74), (0.86, 0.54), (0.98, 0.5), (1.3, 0.8), (1.3, 1.2), (-0.3, 1.2)), far)  # fmt: skip
    sand = _sunk((246, 220, 160), time)
    pen.blob(((-0.2, 0.83), (0.2, 0.79), (0.6, 0.83), (1.2, 0.78), (1.2, 1.1), (-0.2, 1.1)), sand)
    for y in (0.88, 0.95):
        x = rng.uniform(0.2, 0.5)
        pen.line(((x, y), (x + 0.1, y - 0.012), (x + 0.2, y)), 0.014, dark(sand, 0.2), curve=True)
    side = rng.choice((-1, 1))
    _weeds(pen, 0.5 - side * 0.41, 0.9, 0.5, time, rng)
    _weeds(pen, 0.5 + side * 0.46, 0.86, 0.36, time, rng)
    _corals(pen, side, time, avoid)
    for i in range(13):
        x = rng.uniform(0.02, 0.24) if i % 2 else rng.uniform(0.76, 0.98)
        y, r = rng.uniform(0.06, 0.62), rng.uniform(0.014, 0.036)
        ring = ((236, 255, 255), (255, 224, 216), (150, 204, 244))[HOUR[time]]
        pen.oval(x, y, r, r, ring)
        pen.oval(x, y, r * 0.72, r * 0.72, mix(deep, ring, 0.45))
        pen.oval(x - r * 0.28, y - r * 0.28, r * 0.24, r * 0.24, (255, 255, 255))


def _surface(pen: Canvas, shaft: Color, time: str, rng: random.Random) -> None:
    """The bright rippled surface, seen from below."""
    shift = rng.uniform(-0.1, 0)
    points = [(-0.1, -0.1), (-0.1, 0.03)]
    points += [(shift + i * 0.125, 0.055 if i % 2 else 0.025) for i in range(10)]
    pen.glaze([*points, (1.2, 0.03), (1.2, -0.1)], shaft, (0.75, 0.6, 0.4)[HOUR[time]])


def _sunk(color: Color, time: str) -> Color:
    """A colour as the water leaves it."""
    return mix(color, ((60, 170, 210), (60, 92, 156), (8, 24, 84))[HOUR[time]], (0.14, 0.36, 0.62)[HOUR[time]])


def _weeds(pen: Pen, x: float, floor: float, tall: float, time: str, rng: random.Random) -> None:
    for k, (dx, share) in enumerate(((-0.055, 0.7), (0.0, 1.0), (0.055, 0.8))):
        sway = rng.choice((-0.03, 0.03))
        path = [(x + dx + (sway if i % 2 else -sway), floor - tall * share * i / 4) for i in range(5)]
        tone = _sunk(((36, 150, 96), (70, 182, 92), (24, 124, 96))[k], time)
        pen.line(path, 0.042, tone, curve=True)


def _corals(pen: Canvas, side: int, time: str, avoid: Color) -> None:
    """A branching coral on one side, round ones and a tube sponge on the other."""
    pink = _sunk(apart(((250, 96, 142), (255, 150, 60)), avoid), time)
    x, y = 0.5 + side * 0.35, 0.93
    for path in (
        ((0, 0), (0, -0.16), (0.0, -0.3)),
        ((0, -0.1), (-0.08, -0.16), (-0.09, -0.26)),
        ((0, -0.14), (0.08, -0.2), (0.09, -0.32)),
        ((0, -0.04), (0.11, -0.1), (0.14, -0.19)),
    ):
        pen.line([(x + dx, y + dy) for dx, dy in path], 0.045, pink, curve=True)
    orange = _sunk(apart(((255, 150, 60), (250, 96, 142)), avoid), time)
    x = 0.5 - side * 0.33
    pen.oval(x, 0.92, 0.11, 0.085, orange)
    for dx, dy in ((-0.05, -0.02), (0.02, -0.045), (0.06, 0.0), (-0.01, 0.01)):
        pen.oval(x + dx, 0.91 + dy, 0.017, 0.014, light(orange, 0.45 if time != "night" else 0.2))
    purple = _sunk((160, 96, 220), time)
    x = 0.5 - side * 0.45
    for dx, top in ((-0.04, 0.74), (0.03, 0.68)):
        pen.box(x + dx - 0.03, top, x + dx + 0.03, 0.97, purple)
        pen.oval(x + dx, top, 0.036, 0.02, light(purple, 0.3))
        pen.oval(x + dx, top, 0.022, 0.011, dark(purple, 0.5))


def _seaweed_front(pen: Pen, time: str, rng: random.Random) -> None:
    sand = _sunk((226, 192, 128), time)
    side = rng.choice((-1, 1))
    _weeds(pen, 0.5 + side * 0.44, 1.03, 0.3, time, rng)
    _weeds(pen, 0.5 - side * 0.47, 1.03, 0.22, time, rng)
    for x, wide in ((0.5 + side * 0.44, 0.16), (0.5 - side * 0.48, 0.14)):
        pen.oval(x, 1.03, wide, 0.07, sand)
    x, star = 0.5 - side * 0.26 + rng.uniform(-0.03, 0.03), _sunk((255, 120, 84), time)  # a starfish
    for dx, dy in ((0, -0.042), (0.045, -0.012), (0.03, 0.036), (-0.03, 0.036), (-0.045, -0.012)):
        pen.line(((x, 0.955), (x + dx, 0.955 + dy)), 0.026, star)


def _mountains(pen: Canvas, time: str, rng: random.Random, avoid: Color) -> None:
    snow = ((250, 252, 255), (255, 190, 176), (176, 192, 232))[HOUR[time]]
    far, near = lit((164, 178, 220), time), lit((112, 122, 178), time)
    for x, top, wide in ((0.34, 0.22, 0.28), (0.64, 0.18, 0.3), (0.5, 0.3, 0.26)):
        _peak(pen, x + rng.uniform(-0.03, 0.03), top, wide, 0.66, far, mix(snow, far, 0.25))
    for x, top, wide in ((0.12, 0.12, 0.34), (0.9, 0.15, 0.34)):
        _peak(pen, x + rng.uniform(-0.03, 0.03), top + rng.uniform(-0.03, 0.03), wide, 0.74, near, snow)
    pen.blob(((-0.2, 0.66), (0.1, 0.6), (0.5, 0.66), (0.9, 0.59), (1.2, 0.66), (1.2, 1), (-0.2, 1)), lit((58, 112, 112), time))  # fmt: skip
    for i in range(15):  # a distant forest
        x = i / 14 + rng.uniform(-0.02, 0.02)
        pen.poly(((x, 0.55 + 0.02 * (i % 3)), (x + 0.04, 0.68), (x - 0.04, 0.68)), lit((42, 92, 98), time))
    grass = ((176, 182, 150), (146, 126, 112), lit((176, 182, 150), "night"))[HOUR[time]]
    pen.blob(((-0.2, 0.72), (0.25, 0.68), (0.7, 0.72), (1.2, 0.67), (1.2, 1.1), (-0.2, 1.1)), grass)
    side = rng.choice((-1, 1))
    path = ((0.3, 1.05), (0.46, 0.86), (0.34, 0.77), (0.4, 0.7), (0.43, 0.7), (0.42, 0.77), (0.64, 0.86), (0.74, 1.05))
    pen.blob([(x if side > 0 else 1 - x, y) for x, y in path], lit((236, 206, 160), time))
    for x, floor, tall in ((0.05, 0.9, 0.28), (0.17, 0.8, 0.18), (0.86, 0.8, 0.2), (0.96, 0.92, 0.3)):
        _pine(pen, x + rng.uniform(-0.02, 0.02), floor, tall * rng.uniform(0.9, 1.1), time)


def _peak(pen: Pen, x: float, top: float, wide: float, floor: float, rock: Color, snow: Color) -> None:
    pen.poly(((x, top), (x + wide, floor), (x - wide, floor)), rock)
    pen.poly(((x, top), (x + wide, floor), (x + wide * 0.2, floor), (x - wide * 0.06, top + 0.24)), dark(rock, 0.22))
    cap, w = 0.4 * (floor - top), 0.4 * wide
    zig = ((0, 0), (w, cap), (w * 0.5, cap * 0.78), (w * 0.2, cap * 1.2), (-w * 0.2, cap * 0.8), (-w * 0.6, cap * 1.12), (-w, cap))  # fmt: skip
    pen.poly([(x + dx, top + dy) for dx, dy in zig], snow)
    shade = ((0, 0), (w, cap), (w * 0.5, cap * 0.78), (w * 0.2, cap * 1.2), (w * 0.05, cap * 0.6))
    pen.poly([(x + dx, top + dy) for dx, dy in shade], mix(snow, rock, 0.4))


def _pine(pen: Pen, x: float, floor: float, tall: float, time: str) -> None:
    green = lit((30, 98, 92), time)
    pen.box(x - 0.016, floor - 0.06, x + 0.016, floor, lit((104, 68, 46), time))
    for k in range(3):
        y, wide = floor - tall + k * tall * 0.24, tall * (0.13 + 0.05 * k)
        low = y + tall * 0.42
        pen.poly(((x, y), (x + wide, low), (x - wide, low)), green)
        pen.poly(((x, y), (x + wide, low), (x + wide * 0.2, low)), dark(green, 0.28))


def _rocks_front(pen: Pen, time: str, rng: random.Random) -> None:
    rock, side = lit((150, 150, 176), time), rng.choice((-1, 1))
    for dx, wide, tall in ((0.45, 0.11, 0.1), (0.33, 0.06, 0.05)):
        x = 0.5 + side * dx
        pen.poly(((x - wide, 1), (x - wide * 0.6, 1 - tall * 0.8), (x + wide * 0.2, 1 - tall), (x + wide, 1)), rock)
        pen.poly(((x + wide * 0.2, 1 - tall), (x + wide, 1), (x + wide * 0.1, 1)), dark(rock, 0.25))
    for dx in (-0.46, -0.4, -0.34):  # gentians
        x = 0.5 + side * dx
        pen.line(((x, 1), (x, 0.95)), 0.016, lit((84, 140, 70), time))
        pen.oval(x, 0.945, 0.026, 0.026, lit((90, 96, 226), time))
        pen.oval(x, 0.945, 0.01, 0.01, lit((255, 250, 220), time))


def _village(pen: Canvas, time: str, rng: random.Random, avoid: Color) -> None:
    pen.blob(((-0.2, 0.6), (0.3, 0.5), (0.7, 0.52), (1.2, 0.58), (1.2, 0.9), (-0.2, 0.9)), lit((138, 184, 108), time))
    roofs: list[Color] = [(206, 92, 62), (92, 110, 158), (150, 84, 108), (222, 142, 62)]
    far = [tone for tone in roofs if sum(abs(a - b) for a, b in zip(tone, avoid, strict=True)) > 110] or roofs
    rng.shuffle(far)
    for k, (x, wide) in enumerate(((0.4, 0.085), (0.6, 0.08))):
        _cottage(pen, x, 0.7, wide, 0.18, far[k % len(far)], time)
    pen.box(0, 0.7, 1, 1, lit((150, 176, 96), time))
    stone = lit((212, 190, 184), time)
    pen.poly(((0.42, 0.69), (0.58, 0.69), (0.98, 1), (0.02, 1)), stone)
    for row, y in enumerate((0.73, 0.78, 0.84, 0.91, 0.98)):  # cobbles
        half = 0.08 + (y - 0.69) * 1.2
        for i in range(4):
            x = 0.5 + half * ((i + 0.5 * (row % 2)) / 2 - 0.87)
            pen.oval(x, y, half * 0.16, 0.012 + row * 0.003, dark(stone, 0.16))
    for k, x in enumerate((0.1, 0.9)):
        _cottage(pen, x + rng.uniform(-0.015, 0.015), 0.86, 0.17, 0.4, far[(k + 2) % len(far)], time)
    _lantern_string(pen, time, rng)


def _cottage(pen: Canvas, x: float, floor: float, half: float, tall: float, roof: Color, time: str) -> None:
    """Half-timbered, with a steep roof, `half` as wide as it is said."""
    wall, beam = lit((252, 236, 206), time), lit((104, 64, 46), time)
    top, thick = floor - tall, half * 0.15
    tile = lit(roof, time)
    pen.box(x + half * 0.3, top - half * 1.75, x + half * 0.62, top - half * 0.3, lit((168, 110, 92), time))
    pen.box(x - half, top, x + half, floor, wall)
    pen.poly(((x - half, top), (x + half, top), (x, top - half * 1.3)), wall)
    for dx in (-1, -0.36, 0.36, 1):
        pen.line(((x + dx * half * 0.94, top), (x + dx * half * 0.94, floor)), thick, beam)
    for y in (top, (top + floor) / 2):
        pen.line(((x - half, y), (x + half, y)), thick, beam)
    for way in (-1, 1):
        pen.line(((x + way * half * 0.9, (top + floor) / 2), (x + way * half * 0.4, floor)), thick * 0.8, beam)
    pen.line(((x, top), (x, top - half)), thick, beam)
    glass = LAMPLIGHT if time == "night" else (255, 214, 130) if time == "sunset" else (150, 206, 236)
    y = top + tall * 0.24
    if time == "night":
        pen.glow(x, y, half, half, (255, 214, 120), 0.13)
    for dx in (-0.66, 0.66):
        pen.box(x + (dx - 0.19) * half, y - half * 0.3, x + (dx + 0.19) * half, y + half * 0.3, glass)
    pen.box(x - half * 0.24, y - half * 0.3, x + half * 0.24, y + half * 0.3, glass)
    for dx, tone in ((-0.66, (240, 80, 110)), (0.0, (255, 206, 70)), (0.66, (240, 80, 110))):  # flower boxes
        pen.oval(x + dx * half, y + half * 0.36, half * 0.26, half * 0.13, lit(tone, time))
    pen.box(x - half * 0.26, floor - tall * 0.42, x + half * 0.26, floor, lit((86, 132, 112), time))
    for way in (-1, 1):
        ridge, eave = (x, top - half * 1.75), (x + way * half * 1.45, top + half * 0.12)
        pen.poly((ridge, eave, (eave[0] - way * half * 0.1, eave[1] + half * 0.16), (x, top - half * 1.06)), tile)
        pen.line(
            ((x, top - half * 1.08), (eave[0] - way * half * 0.1, eave[1] + half * 0.14)), half * 0.09, dark(tile, 0.4)
        )


def _lantern_string(pen: Canvas, time: str, rng: random.Random) -> None:
    tones: tuple[Color, ...] = ((255, 206, 84), (244, 110, 96), (255, 206, 84), (120, 196, 170), (255, 206, 84))
    sag = rng.uniform(0.1, 0.13)
    points = [(i / 12, 0.05 + sag * (1 - (i / 6 - 1) ** 2)) for i in range(13)]
    pen.line(points, 0.012, lit((70, 52, 56), time))
    for k, tone in enumerate(tones):
        x = (k + 1) / 6
        y = 0.05 + sag * (1 - (x * 2 - 1) ** 2) + 0.05
        if time != "day":
            pen.glow(x, y, 0.09, 0.09, (255, 210, 110), 0.2 if time == "night" else 0.12)
        bulb = tone if time == "day" else mix(tone, (255, 236, 160), 0.55)
        pen.oval(x, y, 0.034, 0.042, bulb)
        pen.box(x - 0.016, y - 0.052, x + 0.016, y - 0.036, lit((70, 52, 56), time))


def _cave(pen: Canvas, time: str, rng: random.Random, avoid: Color) -> None:
    glow = (
        apart(((164, 240, 214), (252, 224, 150)), avoid),
        apart(((255, 176, 108), (236, 128, 176)), avoid),
        apart(((62, 72, 170), (26, 104, 118)), avoid),
    )[HOUR[time]]
    rock = ((86, 72, 98), (84, 52, 66), (34, 28, 62))[HOUR[time]]
    lean = rng.choice((-1, 1))
    pen.box(0, 0, 1, 1, mix(rock, glow, 0.5))
    for share, grow in ((0.72, 0.06), (1.0, 0.0)):
        pen.blob(_mouth(lean, grow), mix(rock, glow, share))
    beam = light(glow, 0.6)
    for x in (0.36, 0.52):
        pen.glaze(((x, 0.1), (x + 0.1, 0.1), (x + 0.2 - lean * 0.2, 0.8), (x - 0.08 - lean * 0.2, 0.8)), beam, 0.3)
    for grow, share in ((-0.02, 0.24), (0.05, 0.0)):  # the arch, in two depths
        _arch(pen, lean, grow, mix(rock, glow, share), rng)
    floor = mix(rock, glow, 0.16)
    pen.blob(((-0.2, 0.84), (0.2, 0.8), (0.6, 0.82), (1.2, 0.79), (1.2, 1.1), (-0.2, 1.1)), floor)
    pen.oval(0.5 - lean * 0.1, 0.93, 0.36, 0.05, mix(rock, glow, 0.42))
    pen.oval(0.5 - lean * 0.1, 0.93, 0.26, 0.03, mix(rock, glow, 0.62))
    tones: tuple[Color, ...] = ((236, 92, 214), (80, 222, 246), (168, 120, 255))
    for x, y, tall, tilt, k in (
        (0.1, 0.9, 0.3, 0.16, 0), (0.03, 0.93, 0.22, -0.04, 1), (0.2, 0.92, 0.16, 0.3, 2),
        (0.9, 0.9, 0.28, -0.16, 1), (0.97, 0.93, 0.2, 0.04, 0), (0.8, 0.92, 0.14, -0.3, 2),
    ):  # fmt: skip
        _crystal(pen, x, y, tall * rng.uniform(0.9, 1.15), tilt, tones[(k + (lean > 0)) % 3], time)


def _mouth(lean: int, grow: float) -> list[tuple[float, float]]:
    points = ((0.16, 0.9), (0.16, 0.46), (0.28, 0.16), (0.52, 0.06), (0.74, 0.16), (0.86, 0.44), (0.84, 0.9))
    return [(0.5 + (x - 0.5) * lean * (1 + grow * 2), y - grow) for x, y in points]


def _arch(pen: Canvas, lean: int, grow: float, rock: Color, rng: random.Random) -> None:
    """Rock along the sides and the roof, with stalactites."""
    for way in (-1, 1):
        edge = ((0.52, -0.1), (0.3, 0.04), (0.4, 0.2), (0.3, 0.34), (0.38, 0.5), (0.33, 0.66), (0.42, 0.9), (0.6, 1.1), (0.8, 0.5))  # fmt: skip
        pen.blob([(0.5 + way * (dx + grow), y) for dx, y in edge], rock)
    pen.box(0, -0.1, 1, 0.07 - grow * 0.6, rock)
    for i in range(6):
        x = 0.13 + i * 0.148 + grow * 1.5 * lean + rng.uniform(-0.02, 0.02)
        reach = 0.1 + 0.3 * abs(x - 0.5) + rng.uniform(0, 0.08) - grow * 0.6
        pen.poly(((x - 0.055, 0.02), (x + 0.055, 0.02), (x + 0.008, 0.05 + reach), (x - 0.008, 0.05 + reach)), rock)


def _crystal(pen: Canvas, x: float, y: float, tall: float, tilt: float, tone: Color, time: str) -> None:
    tone = mix(tone, (30, 24, 90), (0.0, 0.12, 0.22)[HOUR[time]])
    wide, tip = tall * 0.2, tall * tilt
    pen.glow(x + tip * 0.6, y - tall * 0.6, tall * 0.6, tall * 0.6, tone, 0.13)
    shoulder = y - tall * 0.72
    pen.poly(((x - wide * 0.7, y), (x - wide + tip * 0.7, shoulder), (x + tip, y - tall), (x + wide + tip * 0.7, shoulder), (x + wide * 0.7, y)), tone)  # fmt: skip
    pen.poly(((x - wide * 0.7, y), (x - wide + tip * 0.7, shoulder), (x + tip, y - tall), (x + tip * 0.7 - wide * 0.2, shoulder), (x - wide * 0.1, y)), light(tone, 0.5))  # fmt: skip
    pen.poly(((x + wide * 0.3, y), (x + wide * 0.4 + tip * 0.7, shoulder), (x + tip, y - tall), (x + wide + tip * 0.7, shoulder), (x + wide * 0.7, y)), dark(tone, 0.25))  # fmt: skip


PLACES: dict[str, Callable[[Canvas, str, random.Random, Color], None]] = {
    "kitchen": interiors.kitchen,
    "library": interiors.library,
    "underwater": _underwater,
    "mountains": _mountains,
    "village": _village,
    "cave": _cave,
    "stage": interiors.stage,
}
FRONTS: dict[str, Callable[[Pen, str, random.Random], None]] = {
    "library": interiors.paint_books,
    "underwater": _seaweed_front,
    "mountains": _rocks_front,
    "stage": interiors.paint_footlights,
}
