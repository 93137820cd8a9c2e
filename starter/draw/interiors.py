"""Three places under a roof: a kitchen, a library and a stage. Coordinates are shares of the frame.

Light comes through a window or from lamps. `scenery` lists them with the other new places.
"""

import random

from starter.draw.pen import Color, Pen, dark, light, mix
from starter.draw.sky import HOUR, LAMPLIGHT, Canvas, apart, lit


def _warm(color: Color, time: str) -> Color:
    """A colour in a lamp-lit room: what falls in from outside is not all the light there."""
    return mix(lit(color, time), color, (0.0, 0.4, 0.28)[HOUR[time]])


def _pane(pen: Canvas, left: float, top: float, right: float, bottom: float, time: str) -> None:
    """What is seen through a window: sun, dusk or moon."""
    x, tall = (left + right) / 2, bottom - top
    pen.box(left, top, right, bottom, ((140, 212, 252), (255, 158, 88), (16, 24, 74))[HOUR[time]])
    if time == "day":
        pen.oval(x - 0.02, top + tall * 0.4, 0.075, 0.035, (252, 254, 255))
        pen.box(left, bottom - tall * 0.2, right, bottom, (126, 200, 110))
    elif time == "sunset":
        pen.box(left, top, right, top + tall * 0.35, (222, 92, 132))
        pen.box(left, bottom - tall * 0.18, right, bottom, (150, 70, 92))
        pen.oval(x, bottom - tall * 0.3, 0.05, 0.05, (255, 236, 140))
    else:
        pen.oval(x + 0.03, top + tall * 0.4, 0.048, 0.048, (255, 244, 200))
        for dx, share in ((-0.07, 0.25), (-0.04, 0.62), (0.08, 0.76), (-0.09, 0.84)):
            pen.oval(x + dx, top + tall * share, 0.01, 0.01, (255, 250, 220))


def kitchen(pen: Canvas, time: str, rng: random.Random, avoid: Color) -> None:
    mint = _warm((150, 218, 196), time)
    pen.box(0, 0, 1, 0.8, mint)
    shift = rng.uniform(0, 0.12)
    for row in range(7):  # tiles: every other one paler
        for column in range(-1, 9):
            if (row + column) % 2:
                x, y = column * 0.12 + shift, row * 0.12 - 0.02
                pen.box(x, y, x + 0.12, y + 0.12, light(mint, 0.3 if time != "night" else 0.12))
    for i in range(9):
        pen.line(((i * 0.12 + shift, 0), (i * 0.12 + shift, 0.8)), 0.01, light(mint, 0.6 if time != "night" else 0.24))
        pen.line(((0, i * 0.12 - 0.02), (1, i * 0.12 - 0.02)), 0.01, light(mint, 0.6 if time != "night" else 0.24))
    side = rng.choice((-1, 1))
    wood = _warm((232, 190, 132), time)
    red = apart(((226, 74, 70), (58, 118, 204), (240, 186, 60)), avoid)
    _kitchen_window(pen, 0.5 - side * 0.33, time, red)
    _kitchen_shelf(pen, time, wood, red, rng)
    if time == "night":
        pen.glow(0.5 + side * 0.34, 0.2, 0.3, 0.34, (255, 214, 120), 0.14)
    pen.box(0, 0.77, 1, 0.93, wood)
    pen.box(0, 0.77, 1, 0.79, light(wood, 0.4 if time != "night" else 0.15))
    pen.box(0, 0.92, 1, 0.935, dark(wood, 0.4))
    door = _warm(apart(((72, 128, 140), (196, 92, 86)), avoid), time)
    pen.box(0, 0.935, 1, 1, door)
    for x in (0.34, 0.5, 0.66):
        pen.box(x - 0.006, 0.935, x + 0.006, 1, dark(door, 0.35))
    _stove(pen, 0.5 + side * 0.37, time, red)


def _kitchen_window(pen: Canvas, x: float, time: str, cloth: Color) -> None:
    frame = _warm((252, 248, 238), time)
    pen.box(x - 0.16, 0.07, x + 0.16, 0.5, frame)
    _pane(pen, x - 0.135, 0.1, x + 0.135, 0.47, time)
    pen.box(x - 0.011, 0.1, x + 0.011, 0.47, frame)
    pen.box(x - 0.135, 0.3, x + 0.135, 0.32, frame)
    pen.box(x - 0.19, 0.49, x + 0.19, 0.525, frame)
    cloth = _warm(cloth, time)
    for way in (-1, 1):  # checked curtains, drawn aside
        pen.poly(((x, 0.06), (x + way * 0.19, 0.06), (x + way * 0.19, 0.42), (x + way * 0.1, 0.3)), cloth)
        for k in range(3):
            pen.line(((x + way * (0.05 + 0.05 * k), 0.07), (x + way * (0.12 + 0.03 * k), 0.3 + 0.04 * k)), 0.014, frame)
    for y in (0.11, 0.2):
        pen.line(((x - 0.17, y), (x - 0.05, y)), 0.014, frame)
        pen.line(((x + 0.05, y), (x + 0.17, y)), 0.014, frame)
    pen.line(((x - 0.21, 0.055), (x + 0.21, 0.055)), 0.022, _warm((120, 80, 56), time))


def _kitchen_shelf(pen: Canvas, time: str, wood: Color, cloth: Color, rng: random.Random) -> None:
    """Plates and jars above the subject's head."""
    pen.box(0.36, 0.155, 0.66, 0.185, dark(wood, 0.2))
    plate, rim = _warm((252, 250, 244), time), _warm(cloth, time)
    for x in (0.42, 0.6) if rng.random() < 0.5 else (0.41, 0.51):
        pen.oval(x, 0.095, 0.06, 0.062, rim)
        pen.oval(x, 0.095, 0.044, 0.046, plate)
    x = 0.51 if rng.random() < 0.5 else 0.6
    pen.box(x - 0.034, 0.06, x + 0.034, 0.156, _warm((246, 206, 92), time))
    pen.box(x - 0.04, 0.04, x + 0.04, 0.064, _warm((120, 80, 56), time))


def _stove(pen: Canvas, x: float, time: str, cloth: Color) -> None:
    steel = _warm((206, 214, 222), time)
    pen.poly(((x - 0.1, 0), (x + 0.1, 0), (x + 0.1, 0.1), (x + 0.18, 0.22), (x - 0.18, 0.22), (x - 0.1, 0.1)), steel)
    pen.box(x - 0.19, 0.21, x + 0.19, 0.26, dark(steel, 0.22))
    pen.box(x - 0.12, 0.255, x + 0.12, 0.275, LAMPLIGHT if time == "night" else light(steel, 0.7))
    if time == "night":
        pen.glaze(((x - 0.12, 0.27), (x + 0.12, 0.27), (x + 0.19, 0.78), (x - 0.19, 0.78)), LAMPLIGHT, 0.22)
    enamel = _warm((250, 246, 238), time)
    pen.box(x - 0.17, 0.76, x + 0.17, 1, enamel)
    pen.box(x - 0.18, 0.735, x + 0.18, 0.775, _warm((70, 74, 88), time))
    for dx in (-0.1, 0.0, 0.1):
        pen.oval(x + dx, 0.815, 0.026, 0.026, _warm((70, 74, 88), time))
    pen.box(x - 0.12, 0.87, x + 0.12, 1, _warm((60, 56, 70), time))
    pen.box(x - 0.09, 0.91, x + 0.09, 1, (255, 176, 70) if time != "day" else (240, 150, 70))
    pot = _warm(cloth, time)
    for dx, dy, r in ((-0.03, 0.48, 0.03), (0.02, 0.42, 0.036), (-0.02, 0.345, 0.042)):  # steam
        pen.glow(x + dx, dy, r, r, (255, 255, 255), 0.3)
    pen.box(x - 0.105, 0.58, x + 0.105, 0.74, pot)
    pen.box(x + 0.05, 0.58, x + 0.105, 0.74, dark(pot, 0.22))
    pen.oval(x, 0.575, 0.12, 0.028, light(pot, 0.3))
    pen.oval(x, 0.54, 0.025, 0.022, _warm((70, 74, 88), time))
    for way in (-1, 1):
        pen.line(((x + way * 0.11, 0.63), (x + way * 0.145, 0.63)), 0.03, _warm((70, 74, 88), time))


_SPINES: tuple[Color, ...] = (
    (214, 62, 66), (46, 118, 196), (250, 198, 66), (58, 156, 104), (238, 130, 60), (132, 84, 176), (244, 232, 206), (40, 150, 160),
)  # fmt: skip


def library(pen: Canvas, time: str, rng: random.Random, avoid: Color) -> None:
    wood = _warm((120, 70, 44), time)
    pen.box(0, 0, 1, 0.8, dark(wood, 0.5))
    for left, right in ((-0.02, 0.325), (0.675, 1.02)):
        for row in range(4):
            _books(pen, left, right, 0.2 + row * 0.185, time, rng)
            pen.box(left, 0.2 + row * 0.185, right, 0.225 + row * 0.185, light(wood, 0.16))
    _library_window(pen, wood, time)
    for x in (0.325, 0.675):
        pen.box(x - 0.028, 0, x + 0.028, 0.8, wood)
        pen.box(x - 0.028, 0, x - 0.012, 0.8, light(wood, 0.2))
    pen.box(0, 0, 1, 0.03, light(wood, 0.1))
    pen.box(0, 0.78, 1, 1, _warm((166, 108, 64), time))
    _carpet(pen, _warm(apart(((26, 106, 96), (146, 40, 74)), avoid), time), time)
    _ladder(pen, rng.choice((-1, 1)), time)
    for x in (0.325, 0.675):  # wall lamps
        if time != "day":
            pen.glow(x, 0.3, 0.19, 0.19, (255, 206, 110), 0.16 if time == "night" else 0.1)
        pen.box(x - 0.01, 0.32, x + 0.01, 0.4, _warm((232, 186, 84), time))
        shade = (255, 240, 176) if time == "night" else _warm((250, 222, 150), time)
        pen.poly(((x - 0.03, 0.25), (x + 0.03, 0.25), (x + 0.055, 0.34), (x - 0.055, 0.34)), shade)


def _books(pen: Canvas, left: float, right: float, floor: float, time: str, rng: random.Random) -> None:
    x, last = left + 0.005, -1
    while x < right - 0.02:
        wide, tall = rng.uniform(0.032, 0.052), rng.uniform(0.105, 0.15)
        pick = rng.randrange(len(_SPINES) - 1)
        last = pick if pick != last else len(_SPINES) - 1
        tone = _warm(_SPINES[last], time)
        end = min(x + wide, right)
        pen.box(x, floor - tall, end, floor, tone)
        pen.box(end - 0.008, floor - tall, end, floor, dark(tone, 0.35))
        pen.box(x + 0.004, floor - tall * 0.78, end - 0.01, floor - tall * 0.62, light(tone, 0.55))
        x = end + 0.003


def _library_window(pen: Canvas, wood: Color, time: str) -> None:
    """Tall and arched, behind the subject, so that the books do not crowd it."""
    pen.box(0.34, 0, 0.66, 0.8, light(wood, 0.1))
    pen.oval(0.5, 0.22, 0.145, 0.18, light(wood, 0.38))
    pen.box(0.355, 0.22, 0.645, 0.66, light(wood, 0.38))
    pane = ((198, 234, 250), (255, 168, 96), (28, 40, 104))[HOUR[time]]
    pen.oval(0.5, 0.22, 0.12, 0.15, pane)
    pen.box(0.38, 0.22, 0.62, 0.64, pane)
    if time == "night":
        pen.oval(0.46, 0.17, 0.045, 0.045, (255, 244, 200))
    elif time == "sunset":
        pen.oval(0.5, 0.22, 0.06, 0.06, (255, 236, 150))
    pen.line(((0.5, 0.08), (0.5, 0.64)), 0.018, light(wood, 0.38))
    for y in (0.25, 0.44):
        pen.line(((0.38, y), (0.62, y)), 0.018, light(wood, 0.38))
    if time != "night":
        pen.glaze(((0.38, 0.2), (0.62, 0.2), (0.86, 0.98), (0.2, 0.98)), (255, 244, 190), 0.16)


def _carpet(pen: Canvas, cloth: Color, time: str) -> None:
    gold = _warm((240, 196, 92), time)
    pen.poly(((0.14, 0.82), (0.86, 0.82), (1.02, 1), (-0.02, 1)), gold)
    pen.poly(((0.165, 0.835), (0.835, 0.835), (0.965, 1), (0.035, 1)), cloth)
    pen.poly(((0.22, 0.86), (0.78, 0.86), (0.9, 1.02), (0.1, 1.02)), gold)
    pen.poly(((0.235, 0.87), (0.765, 0.87), (0.875, 1.02), (0.125, 1.02)), light(cloth, 0.14))


def _ladder(pen: Canvas, side: int, time: str) -> None:
    pole = _warm((232, 176, 104), time)
    foot, top = 0.5 + side * 0.33, 0.5 + side * 0.4
    for dx in (-0.055, 0.055):
        pen.line(((foot + dx, 0.9), (top + dx, 0.06)), 0.024, pole)
    for k in range(5):
        y = 0.78 - k * 0.155
        x = foot + (top - foot) * (0.9 - y) / 0.84
        pen.line(((x - 0.055, y), (x + 0.055, y)), 0.022, light(pole, 0.25))


def stage(pen: Canvas, time: str, rng: random.Random, avoid: Color) -> None:
    back = (
        apart(((250, 224, 170), (120, 190, 214)), avoid),
        apart(((232, 128, 84), (150, 92, 168)), avoid),
        apart(((42, 44, 122), (30, 84, 96)), avoid),
    )[HOUR[time]]
    pen.box(0, 0, 1, 0.8, back)
    pen.box(0, 0.62, 1, 0.8, dark(back, 0.12))
    wood = _lamped((214, 148, 88), time)
    pen.box(0, 0.77, 1, 1, wood)
    for i in range(11):  # boards that run to the back
        x = i / 10
        pen.line(((0.5 + (x - 0.5) * 0.9, 0.77), (0.5 + (x - 0.5) * 1.9, 1.02)), 0.01, dark(wood, 0.3))
    pen.box(0, 0.77, 1, 0.785, dark(wood, 0.35))
    beam = ((255, 250, 214), (255, 214, 120), (130, 180, 255))[HOUR[time]]
    sway = rng.uniform(-0.03, 0.03)
    for x, foot in ((0.2, 0.62 + sway), (0.8, 0.38 + sway)):
        pen.glaze(((x - 0.02, 0.1), (x + 0.02, 0.1), (foot + 0.2, 0.92), (foot - 0.2, 0.92)), beam, 0.32)
    pen.glow(0.5, 0.9, 0.4, 0.075, beam, 0.26)
    _curtains(pen, time)
    for x, way in ((0.2, 1), (0.8, -1)):  # spotlights below the valance
        pen.poly(((x - way * 0.05, 0.12), (x + way * 0.02, 0.09), (x + way * 0.065, 0.19), (x - way * 0.005, 0.225)), (52, 50, 62))  # fmt: skip
        pen.oval(x + way * 0.032, 0.21, 0.038, 0.025, light(beam, 0.5))


def _lamped(color: Color, time: str) -> Color:
    """A colour under the stage's lamps: white, amber, blue."""
    return mix(color, ((255, 250, 230), (214, 70, 30), (20, 24, 110))[HOUR[time]], (0.0, 0.26, 0.48)[HOUR[time]])


def _curtains(pen: Canvas, time: str) -> None:
    red, gold = _lamped((208, 32, 48), time), _lamped((250, 204, 92), time)
    for way in (-1, 1):
        for k in range(4):  # folds, drawn aside by a gold rope
            out, inner = 0.54 - k * 0.06, 0.48 - k * 0.06
            tone = (dark(red, 0.3), red)[k % 2]
            waist = 0.42 - k * 0.012
            pen.blob(
                (
                    (0.5 + way * (out + 0.02), -0.05), (0.5 + way * inner, -0.05), (0.5 + way * (inner + 0.02), 0.3),
                    (0.5 + way * waist, 0.56), (0.5 + way * (inner + 0.06), 0.8), (0.5 + way * (inner + 0.06), 0.9), (0.5 + way * 0.6, 0.9), (0.5 + way * 0.6, 0.3),
                ), tone,
            )  # fmt: skip
        pen.line(((0.5 + way * 0.37, 0.565), (0.5 + way * 0.45, 0.59), (0.5 + way * 0.53, 0.57)), 0.034, gold)
    for k in range(7):  # the valance, in scallops with a gold fringe
        x = k / 6
        pen.oval(x, 0.06, 0.095, 0.09, gold)
        pen.oval(x, 0.048, 0.092, 0.086, (red, dark(red, 0.2))[k % 2])
    pen.box(0, 0, 1, 0.035, dark(red, 0.3))


def paint_footlights(pen: Pen, time: str, rng: random.Random) -> None:
    lamp = _lamped((255, 240, 170), time) if time != "night" else (170, 200, 255)
    for i in range(6):
        x = (i + 0.5) / 6
        pen.oval(x, 1.0, 0.06, 0.05, _lamped((92, 62, 60), time))
        pen.oval(x, 0.985, 0.036, 0.022, lamp)


def paint_books(pen: Pen, time: str, rng: random.Random) -> None:
    """A pile of books on the library's floor."""
    side = rng.choice((-1, 1))
    x, y = 0.5 + side * 0.4, 1.0
    for k in range(3):
        wide, tone = 0.1 - 0.012 * k, _warm(_SPINES[(k * 3 + rng.randrange(3)) % 7], time)
        shift = rng.uniform(-0.012, 0.012)
        pen.box(x + shift - wide, y - 0.042, x + shift + wide, y, tone)
        pen.box(x + shift - wide * 0.9, y - 0.03, x + shift + wide, y - 0.012, _warm((250, 242, 220), time))
        pen.box(x + shift - wide, y - 0.042, x + shift - wide * 0.8, y, tone)
        y -= 0.042
