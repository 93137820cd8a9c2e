"""What tells how large a subject is: huge things beside a tiny one, tiny things at a giant's feet.

None of them is a subject of this world. Coordinates are shares of the frame, y down.
"""

import math
import random
from collections.abc import Callable

from starter.draw import sky
from starter.draw.pen import INK, Color, Pen, dark, light, mix


def lit(color: Color, time: str) -> Color:
    """Less dim than a place is: these things tell something."""
    return mix(sky.lit(color, time), color, 0.4)


Prop = Callable[[Pen, float, float, float, str, random.Random], None]  # at x, standing on y, this tall, at that hour


def paint_huge(behind: Pen, before: Pen, place: str, time: str, floor: float, rng: random.Random) -> None:
    """Things beside and before a tiny subject in the middle, much larger than it is."""
    side = rng.choice((-1, 1))
    great, small, strewn = _HUGE.get(place, _HUGE["meadow"])
    great(behind, 0.5 - side * 0.31, floor + 0.02, 0.74, time, rng)
    small(behind, 0.5 + side * 0.34, floor + 0.03, 0.42, time, rng)
    for x in (0.03, 0.24, 0.74, 0.97):
        strewn(before, x + rng.uniform(-0.03, 0.03), 1.03, rng.uniform(0.17, 0.24), time, rng)


def paint_little(behind: Pen, before: Pen, place: str, time: str, floor: float, rng: random.Random) -> None:
    """Tiny houses, trees and people at the feet of a giant; a cloud drifts before it where there is a sky."""
    first, second = _LITTLE.get(place, (_cottage, _round_tree))
    for i, x in enumerate((0.05, 0.19, 0.82, 0.95)):
        (first, second)[i % 2](behind, x + rng.uniform(-0.02, 0.02), floor - 0.02, 0.2, time, rng)
    for i, x in enumerate((0.09, 0.27, 0.74, 0.91)):
        (first, second)[i % 2](before, x + rng.uniform(-0.02, 0.02), 0.995, rng.uniform(0.17, 0.2), time, rng)
    for x in (0.41, 0.59):
        _person(before, x + rng.uniform(-0.03, 0.03), 0.99, 0.1, time, rng)
    if place in _CLOUDED:
        side = rng.choice((-1, 1))
        _cloud(behind, 0.5 - side * 0.36, rng.uniform(0.3, 0.36), 0.17, time, rng)
        _cloud(before, 0.5 + side * 0.3, rng.uniform(0.45, 0.5), 0.2, time, rng)


# huge


def _grass(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    for dx, lean, part in ((-0.12, -0.16, 0.72), (0.1, 0.14, 0.86), (-0.03, 0.1, 1.06), (0.03, -0.1, 0.8)):
        tone = lit(((66, 160, 66), (92, 186, 78), (48, 136, 60))[rng.randrange(3)], time)
        wide, lean = tall * 0.09, lean * tall * 1.5
        left, top = x + dx * tall * 1.4, y - tall * part
        middle = y - tall * part * 0.55
        pen.blob(
            ((left - wide, y), (left - wide * 0.7 + lean * 0.3, middle), (left + lean, top), (left + wide * 0.7 + lean * 0.3, middle),
             (left + wide, y)), tone
        )  # fmt: skip
        pen.line(
            ((left, y), (left + lean * 0.3, middle), (left + lean * 0.85, top + tall * 0.12)),
            0.01,
            dark(tone, 0.22),
            curve=True,
        )


def _clover(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    stem, leaf = lit((70, 150, 74), time), lit((58, 168, 84), time)
    pen.line(((x, y), (x + 0.02, y - tall * 0.5), (x, y - tall * 0.8)), 0.03, stem, curve=True)
    top, r = y - tall * 0.86, tall * 0.27
    for angle in (-90, 30, 150):
        a = math.radians(angle)
        cx, cy = x + r * 0.95 * math.cos(a), top + r * 0.85 * math.sin(a)
        pen.oval(cx, cy, r * 0.86, r * 0.78, leaf)
        pen.arc(cx, cy, r * 0.42, angle - 70, angle + 70, 0.016, light(leaf, 0.5))
    # a ladybird on it
    pen.oval(x + r * 0.5, top - r * 0.9, r * 0.3, r * 0.26, INK)
    pen.oval(x + r * 0.2, top - r * 0.95, r * 0.42, r * 0.34, lit((226, 50, 50), time))
    for dx, dy in ((0.0, -0.12), (0.22, 0.06), (-0.18, 0.08)):
        pen.oval(x + r * (0.2 + dx), top - r * (0.95 - dy), r * 0.09, r * 0.09, INK)


def _pebbles(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    for dx, part, tone in ((-0.3, 0.7, (150, 150, 164)), (0.36, 0.55, (186, 170, 156)), (0.02, 1.0, (126, 122, 140))):
        fill = lit(tone, time)
        pen.oval(x + dx * tall, y - tall * part * 0.4, tall * part * 0.52, tall * part * 0.42, dark(fill, 0.25))
        pen.oval(x + dx * tall - 0.01, y - tall * part * 0.45, tall * part * 0.46, tall * part * 0.35, fill)
        pen.oval(
            x + dx * tall - tall * part * 0.14,
            y - tall * part * 0.6,
            tall * part * 0.16,
            tall * part * 0.09,
            light(fill, 0.5),
        )


def _shell(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """A scallop, standing."""
    tone = lit((250, 168, 150), time)
    wide, foot = tall * 0.56, y - tall * 0.08
    rim = [
        (x + wide * math.sin(math.radians(a)), foot - tall * 0.92 * math.cos(math.radians(a)) ** 0.6)
        for a in range(-84, 85, 14)
    ]
    pen.poly(
        (
            (x - tall * 0.2, y),
            (x - tall * 0.2, y - tall * 0.16),
            (x + tall * 0.2, y - tall * 0.16),
            (x + tall * 0.2, y),
        ),
        dark(tone, 0.2),
    )
    for i in range(len(rim) - 1):
        fill = light(tone, 0.35) if i % 2 else tone
        mid = ((rim[i][0] + rim[i + 1][0]) / 2, (rim[i][1] + rim[i + 1][1]) / 2)
        pen.poly(((x, foot), rim[i], rim[i + 1]), fill)
        pen.oval(*mid, tall * 0.085, tall * 0.085, fill)
    for i in range(1, len(rim) - 1):
        pen.line(((x, foot - 0.02), rim[i]), 0.012, dark(tone, 0.2))


def _starfish(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    tone, r, cy = lit((240, 126, 70), time), tall * 0.54, y - tall * 0.5
    for i in range(5):
        a = math.tau * i / 5 - math.pi / 2
        pen.line(((x, cy), (x + r * 0.8 * math.cos(a), cy + r * 0.8 * math.sin(a))), r * 0.46, tone)
    for i in range(5):
        a = math.tau * i / 5 - math.pi / 2
        for part in (0.3, 0.62):
            pen.oval(x + r * part * math.cos(a), cy + r * part * math.sin(a), r * 0.08, r * 0.08, light(tone, 0.5))


def _cone(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """A fir cone."""
    tone = lit((146, 92, 58), time)
    for row in range(7):
        part = row / 6
        wide = tall * (0.1 + 0.3 * math.sin(math.pi * (0.15 + 0.68 * part)))
        cy = y - tall * (0.92 - 0.82 * part)
        for k in (-1, 0, 1):
            pen.oval(x + k * wide * 0.72, cy + abs(k) * -0.012, wide * 0.5, tall * 0.1, dark(tone, 0.35))
            pen.oval(
                x + k * wide * 0.72,
                cy - 0.012 - abs(k) * 0.012,
                wide * 0.46,
                tall * 0.075,
                light(tone, 0.12 * (1 + k * 0.5)),
            )


def _twig(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """Holly: two leaves and berries."""
    leaf, berry = lit((34, 120, 76), time), lit((216, 42, 52), time)
    for way in (-1, 1):
        tip = (x + way * tall * 0.62, y - tall * 0.92)
        path = [(x, y - tall * 0.15)]
        for i in range(1, 6):
            px, py = x + (tip[0] - x) * i / 6, y - tall * 0.15 + (tip[1] - y + tall * 0.15) * i / 6
            reach = tall * (0.2 if i % 2 else 0.11)
            path.append((px + way * reach * 0.5, py + reach))
        path.append(tip)
        for i in range(5, 0, -1):
            px, py = x + (tip[0] - x) * i / 6, y - tall * 0.15 + (tip[1] - y + tall * 0.15) * i / 6
            reach = tall * (0.2 if i % 2 else 0.11)
            path.append((px - way * reach * 0.7, py - reach * 0.7))
        pen.poly(path, leaf if way > 0 else dark(leaf, 0.2))
        pen.line(((x, y - tall * 0.15), (x + way * tall * 0.52, y - tall * 0.78)), 0.012, light(leaf, 0.4))
    for dx, dy in ((-0.14, 0.12), (0.14, 0.1), (0.0, 0.28)):
        pen.oval(x + dx * tall, y - dy * tall, tall * 0.16, tall * 0.16, berry)
        pen.oval(x + (dx - 0.05) * tall, y - (dy + 0.05) * tall, tall * 0.045, tall * 0.045, light(berry, 0.7))


def _mound(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    white = lit((248, 251, 255), time)
    pen.oval(x, y, tall * 0.9, tall * 0.62, dark(white, 0.12))
    pen.oval(x - 0.01, y + 0.012, tall * 0.84, tall * 0.58, white)


def _crystal(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    tones = ((96, 214, 234), (186, 130, 246), (120, 150, 250))
    for dx, lean, part in ((-0.2, -0.12, 0.6), (0.2, 0.14, 0.7), (0.0, 0.02, 1.0)):
        tone = lit(mix(tones[rng.randrange(3)], (255, 255, 255), 0.1), "day" if time != "night" else "sunset")
        left, wide, top = x + dx * tall, tall * 0.15 * (0.6 + part * 0.5), y - tall * part
        tip = left + lean * tall
        body = (
            (left - wide, y),
            (tip - wide, top + tall * 0.16),
            (tip, top),
            (tip + wide, top + tall * 0.16),
            (left + wide, y),
        )
        pen.poly(body, tone)
        pen.poly(
            (body[0], body[1], body[2], (tip - wide * 0.1, top + tall * 0.2), (left - wide * 0.2, y)), light(tone, 0.45)
        )


def _cup(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """A tea cup with a heart on it, steaming."""
    china, tea = lit((252, 248, 240), time), lit((176, 104, 52), time)
    way = 1 if x > 0.5 else -1
    wide, top = tall * 0.36, y - tall * 0.66
    pen.oval(x, y - tall * 0.03, tall * 0.46, tall * 0.07, dark(china, 0.25))
    pen.oval(x, y - tall * 0.06, tall * 0.46, tall * 0.07, dark(china, 0.06))
    pen.arc(x + way * wide, y - tall * 0.4, tall * 0.15, -100, 260, tall * 0.08, dark(china, 0.12))
    pen.blob(((x - wide, top), (x + wide, top), (x + wide * 0.92, y - tall * 0.3), (x + wide * 0.5, y - tall * 0.06), (x - wide * 0.5, y - tall * 0.06), (x - wide * 0.92, y - tall * 0.3)), china)  # fmt: skip
    pen.oval(x, top, wide, tall * 0.09, dark(china, 0.14))
    pen.oval(x, top + tall * 0.012, wide * 0.86, tall * 0.066, tea)
    red, r = lit((232, 92, 110), time), tall * 0.085
    cy = y - tall * 0.38
    for side in (-1, 1):
        pen.oval(x + side * r * 0.62, cy - r * 0.4, r * 0.78, r * 0.72, red)
    pen.poly(((x - r * 1.32, cy - r * 0.1), (x + r * 1.32, cy - r * 0.1), (x, cy + r * 1.4)), red)
    for dx in (-0.12, 0.1):
        sx = x + dx * tall
        pen.line(((sx, top - tall * 0.08), (sx + 0.02, top - tall * 0.16), (sx - 0.015, top - tall * 0.24), (sx + 0.01, top - tall * 0.32)), 0.022, light(china, 0.3), curve=True)  # fmt: skip


def _books(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """A pile."""
    tones = [(60, 124, 170), (206, 74, 66), (236, 184, 78), (92, 148, 92)]
    rng.shuffle(tones)
    high = tall / 4
    for i, tone in enumerate(tones):
        cover, low = lit(tone, time), y - i * high
        shift, wide = rng.uniform(-0.03, 0.03), tall * 0.5
        pen.box(x - wide + shift, low - high, x + wide + shift, low, cover)
        way = -1 if x > 0.5 else 1  # the pages look at the middle
        edges = sorted((x + shift + way * wide, x + shift - way * wide * 0.72))
        pen.box(edges[0], low - high * 0.82, edges[1], low - high * 0.16, lit((252, 244, 222), time))
        pen.line(
            ((edges[0] + 0.01, low - high * 0.5), (edges[1] - 0.01, low - high * 0.5)), 0.01, lit((214, 200, 170), time)
        )


def _button(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    tone = lit(((226, 92, 96), (84, 150, 200), (240, 190, 84))[rng.randrange(3)], time)
    cy = y - tall * 0.42
    pen.oval(x, cy + 0.014, tall * 0.46, tall * 0.44, dark(tone, 0.35))
    pen.oval(x, cy, tall * 0.46, tall * 0.44, tone)
    pen.oval(x, cy, tall * 0.34, tall * 0.32, light(tone, 0.25))
    for dx, dy in ((-0.11, -0.1), (0.11, -0.1), (-0.11, 0.1), (0.11, 0.1)):
        pen.oval(x + dx * tall, cy + dy * tall, tall * 0.055, tall * 0.055, dark(tone, 0.5))


def _pencil(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """Leaning, its point in the air."""
    way, wide = (1 if x > 0.5 else -1), tall * 0.11
    foot, neck, tip = (x - way * 0.07, y), (x + way * 0.07, y - tall * 0.8), (x + way * 0.1, y - tall)
    body = lit((250, 196, 60), time)
    pen.poly(((neck[0] - wide, neck[1]), (neck[0] + wide, neck[1]), tip), lit((244, 214, 170), time))
    pen.poly(
        (
            (tip[0] - wide * 0.36 - way * 0.01, tip[1] + tall * 0.07),
            (tip[0] + wide * 0.36 - way * 0.01, tip[1] + tall * 0.07),
            tip,
        ),
        INK,
    )
    pen.poly(((foot[0] - wide, y), (neck[0] - wide, neck[1]), (neck[0] + wide, neck[1]), (foot[0] + wide, y)), body)
    pen.poly(
        ((foot[0] + wide * 0.3, y), (neck[0] + wide * 0.3, neck[1]), (neck[0] + wide, neck[1]), (foot[0] + wide, y)),
        dark(body, 0.2),
    )
    pen.poly(
        (
            (foot[0] - wide, y),
            (foot[0] - wide + way * 0.02, y - tall * 0.13),
            (foot[0] + wide + way * 0.02, y - tall * 0.13),
            (foot[0] + wide, y),
        ),
        lit((240, 130, 140), time),
    )


def _bottle(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """With a letter in it, afloat."""
    glass, wide = lit((110, 200, 160), time), tall * 0.22
    y += 0.06
    pen.blob(((x - wide, y), (x - wide, y - tall * 0.5), (x - wide * 0.42, y - tall * 0.7), (x + wide * 0.42, y - tall * 0.7), (x + wide, y - tall * 0.5), (x + wide, y)), glass)  # fmt: skip
    pen.box(x - wide * 0.42, y - tall * 0.92, x + wide * 0.42, y - tall * 0.64, glass)
    pen.box(x - wide * 0.34, y - tall * 1.02, x + wide * 0.34, y - tall * 0.86, lit((190, 134, 84), time))
    pen.box(x - wide * 0.52, y - tall * 0.88, x + wide * 0.52, y - tall * 0.83, dark(glass, 0.25))
    pen.box(x - wide * 0.4, y - tall * 0.5, x + wide * 0.4, y - tall * 0.08, lit((255, 244, 214), time))
    pen.box(x - wide * 0.46, y - tall * 0.32, x + wide * 0.46, y - tall * 0.25, lit((216, 62, 62), time))
    pen.line(((x - wide * 0.72, y - tall * 0.5), (x - wide * 0.72, y - tall * 0.14)), 0.026, light(glass, 0.7))


def _buoy(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """A rubber ring with stripes, half in the water."""
    r, cy = tall * 0.44, y - tall * 0.34
    for i in range(10):
        a, b = 36 * i, 36 * (i + 1)
        pen.arc(x, cy, r * 0.72, a, b, r * 0.5, lit((238, 76, 84) if i % 2 else (255, 250, 240), time))


def _waves(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    tone = lit((36, 116, 188), time)
    pen.blob(
        (
            (x - tall, y + 0.05),
            (x - tall * 0.5, y - tall * 0.3),
            (x, y - tall * 0.62),
            (x + tall * 0.5, y - tall * 0.3),
            (x + tall, y + 0.05),
        ),
        tone,
    )
    pen.line(
        ((x - tall * 0.46, y - tall * 0.34), (x, y - tall * 0.6), (x + tall * 0.4, y - tall * 0.36)),
        0.022,
        lit((200, 236, 250), time),
        curve=True,
    )


# little


def _cottage(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    wall = lit(((250, 232, 200), (240, 214, 214), (222, 232, 240))[rng.randrange(3)], time)
    wide = tall * 0.42
    pen.box(x - wide, y - tall * 0.55, x + wide, y, wall)
    pen.poly(
        ((x - wide * 1.3, y - tall * 0.5), (x, y - tall), (x + wide * 1.3, y - tall * 0.5)), lit((198, 72, 60), time)
    )
    pen.box(x - wide * 0.26, y - tall * 0.3, x + wide * 0.26, y, lit((120, 76, 50), time))
    pane = (255, 224, 110) if time == "night" else lit((130, 180, 220), time)
    for side in (-1, 1):
        pen.box(
            x + side * wide * 0.62 - wide * 0.2,
            y - tall * 0.4,
            x + side * wide * 0.62 + wide * 0.2,
            y - tall * 0.22,
            pane,
        )


def _tower(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    wall, wide = lit(((110, 120, 150), (150, 112, 120), (92, 132, 146))[rng.randrange(3)], time), tall * 0.34
    pen.box(x - wide, y - tall * 1.1, x + wide, y, wall)
    pen.box(x + wide * 0.5, y - tall * 1.1, x + wide, y, dark(wall, 0.3))
    pane = (255, 224, 110) if time == "night" else lit((226, 240, 250), time)
    for row in range(4):
        for dx in (-0.55, 0.0):
            pen.box(
                x + wide * (dx - 0.17),
                y - tall * (0.98 - 0.25 * row),
                x + wide * (dx + 0.17),
                y - tall * (0.84 - 0.25 * row),
                pane,
            )


def _round_tree(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    pen.box(x - tall * 0.07, y - tall * 0.4, x + tall * 0.07, y, lit((118, 76, 48), time))
    pen.oval(x, y - tall * 0.62, tall * 0.36, tall * 0.38, lit((40, 116, 62), time))
    pen.oval(x - tall * 0.07, y - tall * 0.68, tall * 0.26, tall * 0.27, lit((74, 158, 78), time))


def _fir(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    pen.box(x - tall * 0.06, y - tall * 0.2, x + tall * 0.06, y, lit((110, 72, 48), time))
    for k in range(3):
        top, wide = y - tall * (1.0 - 0.26 * k), tall * (0.2 + 0.09 * k)
        pen.poly(((x, top), (x + wide, top + tall * 0.4), (x - wide, top + tall * 0.4)), lit((36, 104, 84), time))
    pen.poly(
        ((x, y - tall), (x + tall * 0.12, y - tall * 0.76), (x - tall * 0.12, y - tall * 0.76)),
        lit((246, 250, 255), time),
    )


def _tent(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    tone = lit(((232, 92, 80), (70, 140, 200), (250, 236, 210))[rng.randrange(3)], time)
    pen.poly(((x - tall * 0.5, y), (x, y - tall * 0.8), (x + tall * 0.5, y)), tone)
    pen.poly(((x - tall * 0.14, y), (x, y - tall * 0.55), (x + tall * 0.14, y)), dark(tone, 0.5))
    pen.poly(((x, y - tall * 0.78), (x, y - tall), (x + tall * 0.22, y - tall * 0.9)), lit((250, 200, 70), time))


def _palm(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    pen.line(((x, y), (x + tall * 0.06, y - tall * 0.7)), tall * 0.1, lit((140, 96, 58), time))
    for dx, dy in ((-0.34, -0.02), (0.4, -0.02), (-0.22, -0.26), (0.28, -0.26)):
        pen.line(
            ((x + tall * 0.06, y - tall * 0.74), (x + dx * tall, y - tall * (0.72 - dy * 0.9))),
            tall * 0.13,
            lit((46, 150, 76), time),
        )


def _dome(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    """A base on another world."""
    glass = (130, 230, 240) if time != "night" else (110, 200, 230)
    pen.oval(x, y - tall * 0.1, tall * 0.46, tall * 0.52, glass)
    pen.oval(x - tall * 0.12, y - tall * 0.34, tall * 0.12, tall * 0.14, (240, 255, 255))
    pen.box(x - tall * 0.54, y - tall * 0.2, x + tall * 0.54, y, (222, 224, 236))
    pen.box(x - tall * 0.14, y - tall * 0.2, x + tall * 0.14, y, (250, 150, 70))


def _ship(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    y -= tall * 0.25
    pen.poly(
        (
            (x - tall * 0.5, y - tall * 0.2),
            (x + tall * 0.5, y - tall * 0.2),
            (x + tall * 0.34, y + tall * 0.1),
            (x - tall * 0.36, y + tall * 0.1),
        ),
        lit((150, 80, 60), time),
    )
    pen.poly(((x, y - tall * 0.26), (x, y - tall), (x + tall * 0.42, y - tall * 0.26)), lit((255, 250, 238), time))
    pen.poly(
        ((x - tall * 0.06, y - tall * 0.26), (x - tall * 0.06, y - tall * 0.84), (x - tall * 0.38, y - tall * 0.26)),
        lit((240, 96, 86), time),
    )


def _coral(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    tone = lit(((244, 110, 120), (250, 160, 90), (190, 120, 220))[rng.randrange(3)], time)
    for dx, part in ((-0.3, 0.66), (0.0, 0.95), (0.3, 0.74)):
        pen.line(
            ((x, y), (x + dx * tall * 0.7, y - tall * part * 0.5), (x + dx * tall, y - tall * part)), tall * 0.16, tone
        )


def _armchair(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    cloth = lit(((176, 62, 92), (38, 146, 140), (232, 176, 70))[rng.randrange(3)], time)
    pen.blob(
        (
            (x - tall * 0.34, y),
            (x - tall * 0.34, y - tall * 0.8),
            (x, y - tall * 0.95),
            (x + tall * 0.34, y - tall * 0.8),
            (x + tall * 0.34, y),
        ),
        dark(cloth, 0.15),
    )
    pen.box(x - tall * 0.3, y - tall * 0.4, x + tall * 0.3, y - tall * 0.08, light(cloth, 0.3))
    for side in (-1, 1):
        pen.oval(x + side * tall * 0.38, y - tall * 0.42, tall * 0.14, tall * 0.14, cloth)
        pen.box(x + side * tall * 0.38 - tall * 0.13, y - tall * 0.42, x + side * tall * 0.38 + tall * 0.13, y, cloth)


def _table(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    wood = lit((150, 96, 60), time)
    for side in (-1, 1):
        pen.box(
            x + side * tall * 0.34 - tall * 0.05,
            y - tall * 0.5,
            x + side * tall * 0.34 + tall * 0.05,
            y,
            dark(wood, 0.2),
        )
    pen.box(x - tall * 0.5, y - tall * 0.6, x + tall * 0.5, y - tall * 0.47, light(wood, 0.15))
    pen.box(x - tall * 0.06, y - tall * 0.82, x + tall * 0.06, y - tall * 0.6, lit((120, 190, 220), time))
    pen.oval(x, y - tall * 0.9, tall * 0.15, tall * 0.13, lit((250, 120, 130), time))


def _person(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    coat = lit(((226, 70, 70), (60, 120, 210), (250, 200, 70), (80, 170, 100))[rng.randrange(4)], time)
    skin = lit(((250, 214, 180), (196, 140, 100), (130, 86, 62))[rng.randrange(3)], time)
    for side in (-1, 1):  # both arms up: look at that
        pen.line(((x, y - tall * 0.45), (x + side * tall * 0.34, y - tall * 0.78)), tall * 0.15, coat)
    pen.blob(
        (
            (x - tall * 0.26, y),
            (x - tall * 0.18, y - tall * 0.56),
            (x + tall * 0.18, y - tall * 0.56),
            (x + tall * 0.26, y),
        ),
        coat,
    )
    pen.oval(x, y - tall * 0.74, tall * 0.25, tall * 0.25, skin)
    pen.blob(
        (
            (x - tall * 0.26, y - tall * 0.74),
            (x - tall * 0.16, y - tall),
            (x + tall * 0.16, y - tall),
            (x + tall * 0.26, y - tall * 0.74),
            (x, y - tall * 0.86),
        ),
        dark(skin, 0.6),
    )


def _cloud(pen: Pen, x: float, y: float, tall: float, time: str, rng: random.Random) -> None:
    tone = lit((252, 254, 255), time)
    pen.line(((x - tall * 0.6, y + tall * 0.12), (x + tall * 0.6, y + tall * 0.12)), tall * 0.4, dark(tone, 0.1))
    for dx, dy, r in ((-0.5, 0.02, 0.26), (0.46, 0.0, 0.28), (-0.06, -0.14, 0.4)):
        pen.oval(x + dx * tall, y + dy * tall, r * tall, r * tall * 0.9, tone)


_CLOUDED = frozenset(("beach", "forest", "city", "snow", "desert", "sea", "meadow", "mountains", "village"))
_ROOM = (_cup, _books, _button)
_GREEN = (_grass, _clover, _grass)
_SAND = (_shell, _starfish, _pebbles)
_HUGE: dict[str, tuple[Prop, Prop, Prop]] = {
    "living room": _ROOM, "kitchen": _ROOM, "library": (_books, _cup, _button), "stage": (_pencil, _cup, _button),
    "beach": _SAND, "desert": (_grass, _shell, _pebbles), "underwater": (_grass, _shell, _pebbles), "city": (_pencil, _cup, _button),
    "space": (_cup, _pencil, _pebbles), "snow": (_cone, _twig, _mound), "sea": (_bottle, _buoy, _waves),
    "cave": (_crystal, _pebbles, _pebbles), "meadow": _GREEN, "forest": (_grass, _cone, _grass), "mountains": _GREEN, "village": _GREEN,
}  # fmt: skip
_LITTLE: dict[str, tuple[Prop, Prop]] = {
    "living room": (_armchair, _table), "kitchen": (_table, _armchair), "library": (_armchair, _table), "stage": (_person, _person),
    "beach": (_tent, _palm), "city": (_tower, _round_tree), "space": (_dome, _tent), "snow": (_cottage, _fir),
    "desert": (_tent, _palm), "sea": (_ship, _ship), "underwater": (_coral, _coral), "mountains": (_cottage, _fir), "cave": (_tent, _person),
}  # fmt: skip
