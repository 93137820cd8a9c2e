"""The places behind a subject, by day, at sunset and at night: the first nine, and a table of all of them.

Coordinates are shares of the frame, y down. The other seven are in `scenery`.
"""

import random
from collections.abc import Callable

from PIL import Image

from starter.draw import scenery
from starter.draw.pen import Color, Pen, dark, light, mix
from starter.draw.sky import HOUR, Canvas, lit, paint_heavens, paint_stars, sky

# where a subject's feet are; elsewhere 0.89
GROUND = {"living room": 0.77, "space": 0.86, "sea": 0.92, **scenery.GROUND}
FRONTS = frozenset({"sea", "meadow", "snow", *scenery.FRONTS})  # where `paint_front` has something to paint


def paint_place(
    place: str, time: str, size: int, rng: random.Random, avoid: Color, *, bare_sky: bool = False
) -> Image.Image:
    """The empty place as an RGB picture; furniture keeps away from the colour `avoid`. `bare_sky`: no sun, no moon."""
    image = sky(place, time, size).copy()
    pen = Canvas(image)
    if place not in ("living room", "space", *scenery.SKYLESS):
        paint_heavens(pen, time, rng, bare_sky)
    _PAINTERS[place](pen, time, rng, avoid)
    return image


def paint_front(image: Image.Image, place: str, time: str, rng: random.Random) -> None:
    """What stands before the subject's feet: waves, grass, snow. Drawn onto any mode that takes RGB colours."""
    pen = Pen(image, 0, 0, image.width)
    if place in scenery.FRONTS:
        scenery.FRONTS[place](pen, time, rng)
    elif place == "sea":
        for y, tone in ((0.89, (52, 140, 206)), (0.95, (30, 104, 176))):
            _waves(pen, y, lit(tone, time), lit((190, 232, 250), time), rng.uniform(0, 0.16))
    elif place == "meadow":
        blade = lit((58, 150, 58), time)
        shift = rng.uniform(0, 0.05)
        for i in range(16):
            x = i / 15 + shift
            pen.poly(((x - 0.03, 1.0), (x + rng.uniform(-0.02, 0.02), 0.92 - 0.03 * (i % 3)), (x + 0.03, 1.0)), blade)
    elif place == "snow":
        x = rng.uniform(0.2, 0.8)
        for shift, wide in ((-0.4, 0.34), (0.0, 0.3), (0.42, 0.36)):
            pen.oval(x + shift, 1.0, wide, 0.085, lit((250, 252, 255), time))


def _waves(pen: Pen, y: float, fill: Color, foam: Color, shift: float) -> None:
    pen.box(0, y, 1, 1.02, fill)
    for i in range(-1, 8):
        x = i * 0.16 + shift
        pen.poly(((x, y + 0.005), (x + 0.05, y - 0.035), (x + 0.1, y - 0.03), (x + 0.16, y + 0.005)), fill)
        pen.line(((x + 0.02, y - 0.012), (x + 0.06, y - 0.034), (x + 0.11, y - 0.028)), 0.014, foam)


def _living_room(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    wall = ((248, 226, 190), (240, 172, 138), (62, 60, 104))[HOUR[time]]
    pen.box(0, 0, 1, 0.82, wall)
    for i in range(6):
        x = 0.1 + i * 0.17 + rng.uniform(-0.01, 0.01)
        pen.box(x, 0, x + 0.03, 0.82, light(wall, 0.16))
    pen.box(0, 0.82, 1, 1, ((178, 120, 74), (160, 88, 62), (58, 42, 62))[HOUR[time]])
    side = rng.choice((0, 1))
    wx = 0.2 if side else 0.8
    pane = ((132, 206, 250), (255, 150, 84), (14, 22, 66))[HOUR[time]]
    pen.box(wx - 0.16, 0.06, wx + 0.16, 0.36, (252, 248, 240) if time != "night" else (126, 116, 140))
    pen.box(wx - 0.13, 0.09, wx + 0.13, 0.33, pane)
    if time == "night":
        pen.oval(wx + 0.05, 0.16, 0.045, 0.045, (255, 244, 200))
        _pane_stars(pen, wx)
    elif time == "sunset":
        pen.oval(wx, 0.3, 0.08, 0.03, (255, 226, 120))
        pen.box(wx - 0.13, 0.09, wx + 0.13, 0.15, (206, 84, 130))
    else:
        pen.oval(wx - 0.04, 0.25, 0.07, 0.04, (250, 252, 255))
    pen.line(((wx, 0.08), (wx, 0.34)), 0.02, (252, 248, 240) if time != "night" else (126, 116, 140))
    lx = 0.93 if side else 0.07  # a standing lamp across from the window
    if time == "night":
        for r, tone in ((0.2, (92, 82, 108)), (0.13, (140, 116, 112))):
            pen.oval(lx, 0.27, r, r, tone)
    pen.line(((lx, 0.3), (lx, 0.86)), 0.02, (90, 66, 60))
    pen.poly(
        ((lx - 0.055, 0.18), (lx + 0.055, 0.18), (lx + 0.095, 0.32), (lx - 0.095, 0.32)),
        (255, 224, 130) if time == "night" else (236, 120, 96),
    )
    _sofa(pen, time, rng, avoid)


def _pane_stars(pen: Pen, wx: float) -> None:
    for dx, y in ((-0.09, 0.13), (-0.04, 0.24), (0.09, 0.27), (-0.1, 0.29)):
        pen.oval(wx + dx, y, 0.009, 0.009, (255, 250, 220))


def _sofa(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    choices = [
        tone
        for tone in ((38, 146, 140), (176, 62, 92), (98, 86, 178), (88, 142, 74))
        if sum(abs(a - b) for a, b in zip(tone, avoid, strict=True)) > 190
    ]
    cloth = rng.choice(choices or [(38, 146, 140)])
    cloth = lit(cloth, time) if time != "night" else mix(lit(cloth, time), cloth, 0.4)  # the lamp is on
    shade, seat = dark(cloth, 0.34), light(cloth, 0.16)
    for x in (0.14, 0.86):
        pen.box(x - 0.025, 0.92, x + 0.025, 0.98, (70, 46, 40))
    for left, right in ((0.08, 0.51), (0.49, 0.92)):  # two back cushions
        pen.blob(
            ((left, 0.44), (left + 0.05, 0.395), (right - 0.05, 0.395), (right, 0.44), (right, 0.8), (left, 0.8)), cloth
        )
    pen.line(((0.5, 0.42), (0.5, 0.72)), 0.018, shade)
    pen.box(0.08, 0.72, 0.92, 0.94, shade)
    pen.box(0.1, 0.7, 0.9, 0.82, seat)
    pen.line(((0.5, 0.71), (0.5, 0.81)), 0.014, shade)
    for x in (0.07, 0.93):
        pen.box(x - 0.065, 0.6, x + 0.065, 0.94, cloth)
        pen.oval(x, 0.6, 0.08, 0.075, light(cloth, 0.1))


def _beach(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    pen.box(0, 0.5, 1, 0.72, lit((36, 148, 206), time))
    pen.box(0, 0.6, 1, 0.72, lit((72, 190, 214), time))
    for y in (0.55, 0.61):
        x = rng.uniform(0, 0.5)
        pen.line(((x, y), (x + 0.24, y)), 0.012, lit((220, 244, 250), time))
    pen.blob(((-0.2, 0.7), (0.2, 0.66), (0.6, 0.7), (1.2, 0.66), (1.2, 1.1), (-0.2, 1.1)), lit((255, 255, 255), time))
    pen.blob(((-0.2, 0.73), (0.2, 0.69), (0.6, 0.73), (1.2, 0.69), (1.2, 1.1), (-0.2, 1.1)), lit((246, 216, 148), time))
    side = rng.choice((-1, 1))
    x = 0.5 + side * 0.41
    pen.line(((x, 0.84), (x - side * 0.02, 0.5), (x - side * 0.06, 0.26)), 0.05, lit((140, 96, 58), time), curve=True)
    for dx, dy in ((-0.22, 0.02), (-0.16, -0.1), (0.2, 0.03), (0.16, -0.1), (-0.14, 0.13), (0.13, 0.14)):
        tx, ty = x - side * 0.06, 0.25
        pen.blob(
            (
                (tx, ty - 0.03),
                (tx + dx * 0.6, ty + dy - 0.05),
                (tx + dx, ty + dy + 0.06),
                (tx + dx * 0.5, ty + dy + 0.03),
            ),
            lit((40, 150, 76), time),
        )
    ux = 0.5 - side * 0.42
    pen.line(((ux, 0.54), (ux, 0.86)), 0.022, lit((240, 236, 226), time))
    pen.poly(
        ((ux - 0.17, 0.6), (ux - 0.11, 0.49), (ux, 0.45), (ux + 0.11, 0.49), (ux + 0.17, 0.6)), lit((236, 66, 76), time)
    )
    pen.poly(
        ((ux - 0.06, 0.6), (ux - 0.03, 0.48), (ux, 0.45), (ux + 0.03, 0.48), (ux + 0.06, 0.6)),
        lit((255, 250, 240), time),
    )


def _forest(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    back, mid = lit((86, 150, 96), time), lit((44, 108, 66), time)
    for i in range(7):
        x = i / 6 + rng.uniform(-0.05, 0.05)
        pen.oval(x, 0.42 + 0.05 * (i % 2), 0.16, 0.2, back)
    pen.box(0, 0.5, 1, 0.8, back)
    for i in range(6):
        x = 0.1 + i * 0.16 + rng.uniform(-0.03, 0.03)
        pen.box(x - 0.016, 0.3, x + 0.016, 0.8, mid)
    pen.blob(((-0.2, 0.78), (0.3, 0.74), (0.7, 0.76), (1.2, 0.74), (1.2, 1.1), (-0.2, 1.1)), lit((72, 122, 52), time))
    for x in (rng.uniform(0.03, 0.08), rng.uniform(0.17, 0.23), rng.uniform(0.78, 0.84), rng.uniform(0.92, 0.97)):
        wide = rng.uniform(0.028, 0.045)
        pen.poly(
            ((x - wide, 0), (x + wide, 0), (x + wide * 1.5, 0.86), (x - wide * 1.5, 0.86)), lit((104, 68, 46), time)
        )
        pen.poly(
            ((x + wide * 0.3, 0), (x + wide, 0), (x + wide * 1.5, 0.86), (x + wide * 0.4, 0.86)),
            lit((74, 46, 36), time),
        )
    for i in range(8):
        x = i / 7 + rng.uniform(-0.04, 0.04)
        edge = abs(x - 0.5)
        pen.oval(x, 0.0, 0.12, 0.07 + edge * 0.22, lit((34, 92, 50) if i % 2 else (52, 122, 62), time))
    x = rng.choice((0.1, 0.9))
    pen.box(x - 0.016, 0.87, x + 0.016, 0.94, lit((250, 240, 220), time))
    pen.oval(x, 0.87, 0.055, 0.035, lit((226, 60, 56), time))


def _city(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    for x, top in ((0.0, 0.42), (0.14, 0.3), (0.3, 0.38), (0.44, 0.26), (0.6, 0.34), (0.74, 0.28), (0.88, 0.4)):
        pen.box(x, top + rng.uniform(-0.05, 0.05), x + 0.12, 0.85, lit((166, 176, 200), time))
    window = (255, 222, 96) if time == "night" else lit((220, 236, 250), time) if time == "day" else (255, 206, 120)
    for x in (-0.03, 0.19, 0.62, 0.83):
        top = rng.uniform(0.2, 0.4) if x in (-0.03, 0.83) else rng.uniform(0.38, 0.5)
        wall = lit(rng.choice(((98, 108, 140), (130, 104, 118), (84, 122, 138))), time)
        pen.box(x, top, x + 0.2, 0.85, wall)
        pen.box(x + 0.16, top, x + 0.2, 0.85, dark(wall, 0.3))
        y = top + 0.04
        while y < 0.76:
            for dx in (0.025, 0.07, 0.115):
                if time != "night" or rng.random() < 0.72:
                    pen.box(x + dx, y, x + dx + 0.028, y + 0.04, window)
            y += 0.075
    pen.box(0, 0.8, 1, 0.84, lit((190, 186, 188), time))
    pen.box(0, 0.84, 1, 1, lit((82, 84, 98), time))
    for i in range(5):
        pen.box(i * 0.24 - 0.06, 0.94, i * 0.24 + 0.06, 0.962, (250, 236, 170) if time != "night" else (196, 186, 150))


def _space(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    paint_stars(pen, rng, 44, 0.85)
    for _ in range(3):
        x, y = rng.random(), rng.random() * 0.6
        pen.poly(((x, y - 0.04), (x + 0.009, y), (x, y + 0.04), (x - 0.009, y)), (255, 255, 255))
        pen.poly(((x - 0.04, y), (x, y + 0.009), (x + 0.04, y), (x, y - 0.009)), (255, 255, 255))
    side = rng.choice((0.15, 0.85))
    pen.oval(side, 0.2, 0.12, 0.12, (236, 172, 110))
    pen.oval(side - 0.02, 0.18, 0.09, 0.09, (250, 204, 148))
    pen.line(((side - 0.2, 0.25), (side, 0.22), (side + 0.2, 0.14)), 0.022, (255, 236, 196))
    pen.oval(1 - side, rng.uniform(0.3, 0.46), 0.065, 0.065, (84, 206, 196))
    if time == "day":
        pen.oval(1 - side, 0.1, 0.13, 0.13, (226, 226, 255))
        pen.oval(1 - side, 0.1, 0.09, 0.09, (255, 252, 226))
    elif time == "sunset":
        pen.oval(1 - side, 0.78, 0.2, 0.2, (255, 176, 90))
        pen.oval(1 - side, 0.78, 0.14, 0.14, (255, 236, 150))
    rock = ((172, 168, 196), (152, 104, 128), (84, 78, 112))[HOUR[time]]
    pen.oval(0.5, 1.42, 1.0, 0.64, rock)
    for x, y, r in ((0.14, 0.93, 0.07), (0.84, 0.95, 0.08), (0.4, 0.95, 0.06), (0.64, 0.86, 0.035)):
        pen.oval(x, y, r, r * 0.36, dark(rock, 0.28))


def _snow(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    white, blue = lit((246, 250, 255), time), lit((206, 224, 246), time)
    if time == "night":
        white, blue = (156, 176, 222), (112, 134, 192)
    pen.blob(((-0.2, 0.6), (0.15, 0.46), (0.45, 0.58), (0.8, 0.44), (1.2, 0.6), (1.2, 1.1), (-0.2, 1.1)), blue)
    for x in (rng.uniform(0.05, 0.1), rng.uniform(0.19, 0.24), rng.uniform(0.77, 0.82), rng.uniform(0.9, 0.96)):
        tall = rng.uniform(0.26, 0.36)
        for k in range(3):
            y = 0.7 - tall + k * tall * 0.26
            wide = 0.05 + 0.022 * k
            pen.poly(((x, y), (x + wide, y + tall * 0.46), (x - wide, y + tall * 0.46)), lit((46, 110, 98), time))
            pen.poly(
                ((x, y), (x + wide * 0.5, y + tall * 0.22), (x, y + tall * 0.16), (x - wide * 0.5, y + tall * 0.22)),
                white,
            )
    pen.blob(((-0.2, 0.74), (0.2, 0.68), (0.6, 0.72), (1.2, 0.66), (1.2, 1.1), (-0.2, 1.1)), white)
    for _ in range(24):
        r = rng.uniform(0.008, 0.015)
        pen.oval(rng.random(), rng.random() * 0.85, r, r, (255, 255, 255))


def _desert(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    side = rng.choice((-1, 1))
    x = 0.5 + side * 0.3
    pen.poly(((x - 0.2, 0.62), (x - 0.14, 0.4), (x + 0.12, 0.4), (x + 0.2, 0.62)), lit((196, 104, 70), time))
    pen.blob(((-0.2, 0.64), (0.2, 0.52), (0.6, 0.62), (1.2, 0.5), (1.2, 1.1), (-0.2, 1.1)), lit((240, 186, 104), time))
    pen.blob(((-0.2, 0.7), (0.25, 0.66), (0.7, 0.76), (1.2, 0.62), (1.2, 1.1), (-0.2, 1.1)), lit((226, 158, 78), time))
    pen.blob(
        ((-0.2, 0.78), (0.3, 0.84), (0.75, 0.78), (1.2, 0.84), (1.2, 1.1), (-0.2, 1.1)), lit((248, 200, 120), time)
    )
    x = 0.5 - side * 0.4 + rng.uniform(-0.02, 0.02)
    green = lit((48, 146, 88), time)
    for at, foot, share in ((0.5 + side * 0.41, 0.8, 0.55), (x, 0.86, 1.0)):  # a small cactus far off, a large one near
        pen.line(((at, foot - 0.46 * share), (at, foot)), 0.075 * share, green)
        for way, up in ((-1, 0.26), (1, 0.18)):
            tip, y = at + way * 0.09 * share, foot - up * share
            pen.line(((at, y), (tip, y), (tip, y - 0.13 * share)), 0.05 * share, green)
        left = at - 0.012 * share
        pen.line(((left, foot - 0.44 * share), (left, foot - 0.02)), 0.012 * share, light(green, 0.35))


def _sea(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    pen.box(0, 0.42, 1, 1, lit((20, 104, 178), time))
    foam = lit((186, 230, 250), time)
    tones = ((30, 122, 196), (24, 108, 182), (40, 136, 206), (22, 100, 172))
    for i, tone in enumerate(tones):
        _waves(pen, 0.5 + i * 0.11, lit(tone, time), foam, rng.uniform(-0.08, 0.08))
    if time != "night":
        for _ in range(2):  # gulls
            x, y = rng.uniform(0.1, 0.9), rng.uniform(0.2, 0.36)
            pen.line(((x - 0.05, y - 0.02), (x, y), (x + 0.05, y - 0.02)), 0.012, (60, 60, 84))
    else:
        for y in (0.46, 0.52, 0.6):
            x = rng.uniform(0.1, 0.8)
            pen.line(((x, y), (x + 0.14, y)), 0.012, (220, 226, 220))


def _meadow(pen: Pen, time: str, rng: random.Random, avoid: Color) -> None:
    pen.blob(
        ((-0.2, 0.58), (0.15, 0.46), (0.5, 0.58), (0.85, 0.45), (1.2, 0.58), (1.2, 1.1), (-0.2, 1.1)),
        lit((150, 206, 104), time),
    )
    pen.blob(((-0.2, 0.64), (0.3, 0.68), (0.8, 0.58), (1.2, 0.66), (1.2, 1.1), (-0.2, 1.1)), lit((112, 190, 82), time))
    pen.box(0, 0.78, 1, 1, lit((88, 174, 70), time))
    tones = ((250, 76, 86), (255, 220, 70), (255, 255, 255), (246, 140, 200), (170, 110, 230))
    for i in range(20):
        x = (i * 0.618 + rng.uniform(0, 0.05)) % 1
        y = rng.uniform(0.66, 0.95)
        r = 0.012 + (y - 0.66) * 0.045
        tone = tones[i % 5]
        tone = lit(tone, time) if time != "night" else mix(lit(tone, time), tone, 0.3)
        for dx, dy in ((-r, 0), (r, 0), (0, -r), (0, r)):
            pen.oval(x + dx, y + dy, r * 0.8, r * 0.8, tone)
        pen.oval(x, y, r * 0.6, r * 0.6, lit((255, 190, 50) if i % 5 != 1 else (200, 100, 40), time))


_PAINTERS: dict[str, Callable[[Canvas, str, random.Random, Color], None]] = {
    "living room": _living_room,
    "beach": _beach,
    "forest": _forest,
    "city": _city,
    "space": _space,
    "snow": _snow,
    "desert": _desert,
    "sea": _sea,
    "meadow": _meadow,
    **scenery.PLACES,
}
