"""Figures out of stories: knight, wizard, astronaut and pirate, in the unit box (y down, feet at 1). Big heads, few parts.

Dragon, ghost and unicorn live in `legends`; `PAINTERS` has all seven.
"""

import random

from starter.draw.legends import (
    BLUSH,
    GOLD,
    WHITE,
    Part,
    dragon,
    eyes,
    ghost,
    pony_back,
    pony_head,
    pony_leg,
    star,
    unicorn,
)
from starter.draw.pen import COLORS, CREAM, INK, Color, Painter, Pen, Point, dark, light, mix

SKINS: tuple[Color, ...] = ((255, 222, 194), (246, 200, 158), (220, 164, 116), (178, 120, 80), (140, 90, 62))
STEEL: Color = (226, 234, 244)
LEATHER: Color = (112, 70, 46)


def _polish(color: Color) -> Color:
    """The bright plates of a suit of armour: a pink visor would be no visor."""
    return mix(GOLD, CREAM, 0.25) if color == COLORS["red"] else light(color, 0.45)


def _knight_head(pen: Pen, color: Color, plume: Color, skin: Color) -> None:
    """Its middle at (0, 0), about half a unit to each side: an open visor, a plume, friendly eyes."""
    shade = dark(color, 0.32)
    pen.blob(
        ((0.06, -0.4), (0.02, -0.74), (-0.34, -0.8), (-0.68, -0.56), (-0.74, -0.12), (-0.52, -0.3), (-0.3, -0.44)),
        plume,
    )
    pen.blob(
        ((0, -0.54), (0.36, -0.42), (0.52, 0), (0.46, 0.42), (0, 0.52), (-0.46, 0.42), (-0.52, 0), (-0.36, -0.42)),
        color,
    )
    pen.blob(
        ((0, -0.2), (0.34, -0.16), (0.4, 0.08), (0.3, 0.36), (0, 0.42), (-0.3, 0.36), (-0.4, 0.08), (-0.34, -0.16)),
        dark(color, 0.6),
    )
    pen.blob(
        ((0, -0.12), (0.28, -0.1), (0.33, 0.1), (0.24, 0.3), (0, 0.35), (-0.24, 0.3), (-0.33, 0.1), (-0.28, -0.1)), skin
    )
    eyes(pen, 0, 0.06, 0.15, 0.075)
    for side in (-1, 1):
        pen.oval(side * 0.24, 0.2, 0.07, 0.05, mix(skin, BLUSH, 0.7))
    pen.arc(0, 0.14, 0.1, 25, 155, 0.05, dark(skin, 0.65))
    pen.blob(
        (
            (0, -0.5),
            (0.42, -0.34),
            (0.58, -0.14),
            (0.3, -0.12),
            (0, -0.06),
            (-0.3, -0.12),
            (-0.58, -0.14),
            (-0.42, -0.34),
        ),
        _polish(color),
    )
    for x in (-0.2, 0, 0.2):
        pen.line(((x, -0.32), (x, -0.22)), 0.06, shade)
    for side in (-1, 1):
        pen.oval(side * 0.5, -0.06, 0.09, 0.09, GOLD if color != COLORS["golden"] else CREAM)


def _shield(pen: Pen, field: Color, cross: Color) -> None:
    """Around (0, 0), 0.4 to each side."""
    for grow, tone in ((1.0, GOLD if cross == CREAM else CREAM), (0.82, field)):
        pen.blob(
            [
                (x * grow, y * grow)
                for x, y in ((-0.4, -0.4), (0, -0.46), (0.4, -0.4), (0.4, 0.06), (0, 0.54), (-0.4, 0.06))
            ],
            tone,
        )
    pen.line(((0, -0.28), (0, 0.3)), 0.13, cross)
    pen.line(((-0.22, -0.1), (0.22, -0.1)), 0.13, cross)


def knight(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    skin, horse_is_white = rng.choice(SKINS), rng.random() < 0.5
    shade, bright = dark(color, 0.3), _polish(color)
    badge = (56, 100, 210) if color == COLORS["red"] else (214, 50, 60)
    if pose == "standing":
        for side in (-1, 1):
            pen.box(side * 0.2 - 0.15, 0.5, side * 0.2 + 0.15, 0.96, shade)
            pen.oval(side * 0.22, 0.92, 0.2, 0.1, dark(color, 0.5))
            pen.oval(side * 0.2, 0.68, 0.13, 0.09, bright)
        pen.line(((0.34, 0.14), (0.68, 0.34)), 0.24, shade)
        pen.blob(((-0.4, 0), (0.4, 0), (0.4, 0.3), (0.36, 0.66), (0, 0.7), (-0.36, 0.66), (-0.4, 0.3)), color)
        pen.line(((-0.34, 0.52), (0.34, 0.52)), 0.11, LEATHER)
        pen.oval(0, 0.52, 0.09, 0.09, GOLD)
        pen.poly(((0.66, 0.22), (0.66, -0.7), (0.76, -0.98), (0.86, -0.7), (0.86, 0.22)), STEEL)
        pen.poly(((0.76, 0.22), (0.76, -0.98), (0.86, -0.7), (0.86, 0.22)), dark(STEEL, 0.25))
        pen.line(((0.76, 0.24), (0.76, 0.52)), 0.1, LEATHER)
        pen.line(((0.54, 0.2), (0.98, 0.2)), 0.12, GOLD)
        pen.oval(0.76, 0.38, 0.14, 0.12, bright)
        pen.oval(0.4, 0.12, 0.18, 0.15, bright)
        _shield(Part(pen, -0.56, 0.4, 1.02), badge, CREAM)
        _knight_head(Part(pen, 0, -0.36, 0.98), color, badge, skin)
        return
    coat = (246, 240, 232) if horse_is_white else (158, 98, 56)
    mane = ((206, 160, 92), (232, 190, 120)) if horse_is_white else ((74, 44, 34), (92, 56, 40))
    horse = Part(pen, 0.2, 0.28, 0.76)
    pony = light(coat, 0.05)
    for path in (((-0.36, 0.5), (-0.32, 0.86)), ((0.26, 0.5), (0.56, 0.56), (0.62, 0.84))):
        pony_leg(horse, path, dark(coat, 0.2), INK)
    pony_back(horse, pony, mane)
    for path in (((-0.54, 0.5), (-0.62, 0.86)), ((0.38, 0.5), (0.36, 0.86))):
        pony_leg(horse, path, pony, dark(coat, 0.6))
    pony_head(horse, pony, mane)
    horse.poly(((-0.44, 0.04), (0.1, 0.06), (0.1, 0.5), (-0.44, 0.5)), badge)
    horse.line(((-0.42, 0.5), (0.08, 0.5)), 0.09, GOLD)
    pen.poly(((0.42, -0.98), (1.06, -0.88), (0.84, -0.74), (1.02, -0.58), (0.42, -0.56)), badge)
    pen.line(((0.26, 0.4), (0.41, -1.0)), 0.1, (226, 178, 108))
    pen.poly(((0.33, -0.98), (0.46, -1.26), (0.54, -0.96)), STEEL)
    pen.blob(((-0.38, -0.2), (0.06, -0.2), (0.1, 0.36), (-0.38, 0.38)), color)
    pen.line(((-0.1, 0.3), (0.02, 0.5), (-0.02, 0.66)), 0.19, shade)
    pen.oval(0.05, 0.7, 0.16, 0.09, dark(color, 0.5))
    pen.line(((-0.2, -0.04), (-0.08, 0.16), (0.3, 0.08)), 0.19, bright)
    pen.oval(0.33, 0.07, 0.12, 0.11, shade)
    _knight_head(Part(pen, -0.14, -0.56, 0.78), color, badge, skin)


def _wizard_head(pen: Pen, color: Color, skin: Color, tip: float) -> None:
    """A face between beard and hat; the hat's tip bends over to `tip`. Its middle at (0, 0)."""
    shade, beard = dark(color, 0.3), (244, 244, 250)
    pen.blob(((-0.4, -0.1), (0.4, -0.1), (0.44, 0.2), (0.3, 0.56), (0.04, 0.92), (-0.26, 0.56), (-0.44, 0.2)), beard)
    for x in (-0.14, 0.1):
        pen.line(((x, 0.44), (x * 0.5, 0.7)), 0.06, (206, 208, 226))
    pen.oval(0, 0.02, 0.39, 0.32, skin)
    eyes(pen, 0, 0.02, 0.17, 0.085)
    for side in (-1, 1):
        pen.oval(side * 0.26, 0.12, 0.08, 0.06, mix(skin, BLUSH, 0.7))
        pen.blob(((0, 0.12), (side * 0.2, 0.14), (side * 0.42, 0.34), (side * 0.18, 0.32), (0, 0.24)), WHITE)
    pen.oval(0, 0.1, 0.1, 0.08, mix(skin, BLUSH, 0.45))
    pen.blob(
        ((-0.46, -0.22), (-0.3, -0.58), (-0.1, -0.86), (tip, -1.0), (tip * 0.5, -0.8), (0.3, -0.56), (0.46, -0.22)),
        color,
    )
    pen.blob(
        (
            (-0.74, -0.16),
            (-0.4, -0.32),
            (0, -0.26),
            (0.4, -0.32),
            (0.74, -0.16),
            (0.4, -0.13),
            (0, -0.1),
            (-0.4, -0.13),
        ),
        shade,
    )
    pen.line(((-0.4, -0.32), (0, -0.26), (0.4, -0.32)), 0.09, GOLD, curve=True)
    star(pen, -0.16, -0.5, 0.13, (255, 226, 90))
    star(pen, 0.17, -0.56, 0.11, (255, 226, 90))


def _staff(pen: Pen, length: float) -> None:
    """Upright, its orb at (0, 0)."""
    pen.line(((0, 0.1), (0, length)), 0.1, (136, 88, 52))
    pen.arc(0, 0, 0.19, -20, 200, 0.1, (136, 88, 52))
    pen.oval(0, -0.02, 0.16, 0.16, (110, 236, 240))
    pen.oval(-0.05, -0.07, 0.06, 0.06, WHITE)


def wizard(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    skin = rng.choice(SKINS)
    shade, trim = dark(color, 0.3), light(color, 0.45)
    if pose == "standing":
        pen.blob(((-0.26, 0), (0.26, 0), (0.46, 0.5), (0.6, 0.98), (0, 1), (-0.6, 0.98), (-0.46, 0.5)), color)
        pen.line(((-0.54, 0.93), (0, 0.95), (0.54, 0.93)), 0.1, GOLD)
        _staff(Part(pen, 0.76, -0.44, 1.05), 1.34)
        pen.oval(0.76, 0.34, 0.12, 0.11, skin)
        pen.blob(((0.2, 0.06), (0.44, 0.1), (0.72, 0.2), (0.7, 0.5), (0.4, 0.46), (0.22, 0.3)), shade)
        pen.oval(-0.58, 0.6, 0.12, 0.11, skin)
        pen.blob(((-0.2, 0.06), (-0.42, 0.14), (-0.72, 0.5), (-0.46, 0.62), (-0.24, 0.34)), shade)
        _wizard_head(Part(pen, 0, -0.12), color, skin, 0.3)
        return
    pen.blob(((-0.26, 0), (0.26, 0), (0.5, 0.5), (0.72, 0.98), (0, 1), (-0.72, 0.98), (-0.5, 0.5)), color)
    pen.line(((-0.64, 0.93), (0, 0.95), (0.64, 0.93)), 0.1, GOLD)
    _staff(Part(pen, 1.0, -0.74, 1.1, 24), 1.0)
    pen.oval(0.74, -0.1, 0.12, 0.11, skin)
    pen.blob(((0.16, 0.1), (0.5, -0.1), (0.66, -0.14), (0.82, 0.1), (0.66, 0.36), (0.24, 0.4)), shade)
    pen.oval(-0.76, -0.16, 0.12, 0.11, skin)
    pen.blob(((-0.16, 0.1), (-0.5, -0.1), (-0.7, -0.16), (-0.84, 0.1), (-0.66, 0.36), (-0.24, 0.4)), shade)
    _wizard_head(Part(pen, 0, -0.08), color, skin, -0.36)
    for x, y, r, tone in ((-0.9, -0.6, 0.25, (255, 226, 90)), (-0.56, -0.94, 0.17, trim), (0.62, -0.98, 0.2, WHITE),
                          (1.2, -0.34, 0.17, (255, 226, 90))):  # fmt: skip
        star(pen, x, y, r, tone, points=4, waist=0.42)


def _space_head(pen: Pen, color: Color, skin: Color, hair: Color) -> None:
    """A round helmet, 0.55 to each side of (0, 0), with a face behind the glass."""
    pen.line(((0.36, -0.4), (0.44, -0.68)), 0.07, dark(color, 0.4))
    pen.oval(0.45, -0.7, 0.1, 0.1, (240, 70, 70))
    for side in (-1, 1):
        pen.oval(side * 0.54, 0.04, 0.12, 0.2, dark(color, 0.35))
    pen.oval(0, 0, 0.56, 0.52, color)
    pen.oval(0, 0.04, 0.45, 0.38, dark(color, 0.45))
    pen.oval(0, 0.04, 0.39, 0.32, (52, 84, 150))
    pen.oval(0, 0.1, 0.3, 0.25, skin)
    pen.blob(
        ((-0.31, 0.06), (-0.22, -0.16), (0.04, -0.2), (0.24, -0.14), (0.31, 0.06), (0.1, -0.04), (-0.12, -0.02)), hair
    )
    eyes(pen, 0, 0.11, 0.14, 0.065)
    for side in (-1, 1):
        pen.oval(side * 0.22, 0.21, 0.06, 0.045, mix(skin, BLUSH, 0.7))
    pen.arc(0, 0.16, 0.09, 20, 160, 0.05, dark(skin, 0.65))
    pen.line(((-0.32, -0.02), (-0.26, -0.14), (-0.14, -0.2)), 0.08, (222, 240, 255), curve=True)


def astronaut(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    skin, hair = rng.choice(SKINS), rng.choice(((70, 42, 34), (38, 30, 36), (150, 84, 40), (226, 172, 84)))
    shade = dark(color, 0.18)
    trim = CREAM if color == COLORS["orange"] else (240, 120, 44) if color == COLORS["white"] else (62, 110, 214)
    floating = pose == "floating"
    body = Part(pen, 0, 0.02, 0.98, -16) if floating else pen
    legs: tuple[tuple[Point, ...], ...]
    arms: tuple[tuple[Point, ...], ...]
    if floating:
        legs = (((-0.18, 0.5), (-0.44, 0.68), (-0.3, 0.94)), ((0.18, 0.5), (0.36, 0.78), (0.66, 0.84)))
        arms = (((-0.34, 0.16), (-0.64, 0.34), (-0.84, 0.16)), ((0.34, 0.16), (0.66, 0.14), (0.88, -0.14)))
    else:
        legs = (((-0.2, 0.5), (-0.22, 0.88)), ((0.2, 0.5), (0.22, 0.88)))
        arms = (((-0.34, 0.16), (-0.66, 0.32), (-0.7, 0.54)), ((0.34, 0.16), (0.8, 0.1), (0.98, -0.32)))
    body.box(-0.46, 0.02, 0.46, 0.52, dark(color, 0.5))
    for path in legs:
        body.line(path, 0.28, shade)
        x, y = path[-1]
        body.oval(x + 0.03, y + 0.02, 0.19, 0.12 if not floating else 0.15, trim)
    for path in arms:
        body.line(path, 0.25, shade)
        body.oval(*path[-1], 0.16, 0.16, trim)
    body.blob(((-0.36, 0.02), (0.36, 0.02), (0.42, 0.4), (0.3, 0.66), (-0.3, 0.66), (-0.42, 0.4)), color)
    body.box(-0.24, 0.22, 0.24, 0.48, dark(color, 0.55))
    for x, tone in ((-0.13, (250, 90, 80)), (0.0, (255, 214, 70)), (0.13, (90, 210, 120))):
        body.oval(x, 0.35, 0.06, 0.06, tone)
    _space_head(Part(body, 0, -0.42), color, skin, hair)


def pirate(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    skin, hair = rng.choice(SKINS), rng.choice(((60, 36, 30), (170, 76, 34), (40, 34, 42), (120, 74, 40)))
    shade, hat = dark(color, 0.3), dark(color, 0.2)
    pen.line(((0.2, 0.6), (0.2, 0.98)), 0.12, (186, 128, 74))  # the wooden leg
    pen.box(-0.36, 0.5, -0.04, 0.84, (124, 100, 122))
    pen.box(-0.4, 0.76, -0.02, 1, INK)
    pen.box(0.02, 0.5, 0.38, 0.72, (124, 100, 122))
    pen.line(((-0.3, 0.14), (-0.66, 0.34)), 0.24, shade)
    pen.arc(-0.88, 0.5, 0.17, 190, 430, 0.1, STEEL)
    pen.oval(-0.7, 0.36, 0.13, 0.13, GOLD)
    if pose == "standing":
        pen.line(((0.3, 0.14), (0.64, 0.36)), 0.24, shade)
        pen.blob(((0.62, 0.34), (0.84, 0.3), (1.0, -0.1), (1.02, -0.56), (0.8, -0.2), (0.62, 0.1)), STEEL)
        pen.line(((0.5, 0.26), (0.86, 0.46)), 0.1, GOLD)
        pen.oval(0.66, 0.42, 0.13, 0.13, skin)
    else:
        pen.line(((0.3, 0.16), (0.8, 0.12), (0.98, -0.16)), 0.24, shade)
        pen.line(((0.96, -0.14), (1.0, -0.2)), 0.28, GOLD)
        pen.oval(1.06, -0.36, 0.17, 0.17, skin)
        for x, y in ((0.92, -0.42), (1.0, -0.56), (1.14, -0.56)):
            pen.line(((1.06, -0.36), (x, y)), 0.1, skin)
    pen.blob(((-0.38, 0), (0.38, 0), (0.44, 0.4), (0.52, 0.76), (-0.52, 0.76), (-0.44, 0.4)), color)
    pen.poly(((-0.2, 0.0), (0.2, 0.0), (0.16, 0.56), (-0.16, 0.56)), CREAM)
    for y in (0.16, 0.34):
        pen.line(((-0.14, y), (0.14, y)), 0.08, (60, 70, 110))
    pen.line(((-0.44, 0.52), (0.44, 0.52)), 0.12, LEATHER)
    pen.box(-0.11, 0.44, 0.11, 0.6, GOLD)
    pen.oval(0, -0.32, 0.48, 0.42, skin)
    pen.blob(
        ((-0.48, -0.3), (-0.36, -0.06), (0, -0.1), (0.36, -0.06), (0.48, -0.3), (0.4, 0.12), (0, 0.26), (-0.4, 0.12)),
        hair,
    )
    pen.arc(0, -0.06, 0.14, 20, 160, 0.08, WHITE)
    pen.oval(0, -0.18, 0.09, 0.07, dark(skin, 0.15))
    pen.line(((-0.46, -0.44), (0.44, -0.3)), 0.06, INK)
    pen.oval(0.2, -0.32, 0.16, 0.15, INK)
    pen.oval(-0.2, -0.3, 0.13, 0.14, WHITE)
    pen.oval(-0.18, -0.29, 0.075, 0.1, INK)
    pen.oval(-0.5, -0.12, 0.08, 0.08, GOLD)
    pen.blob(
        (
            (-0.8, -0.5),
            (-0.66, -0.72),
            (-0.4, -0.86),
            (0, -1.08),
            (0.4, -0.86),
            (0.66, -0.72),
            (0.8, -0.5),
            (0.4, -0.42),
            (0, -0.46),
            (-0.4, -0.42),
        ),
        hat,
    )
    pen.line(((-0.74, -0.52), (-0.4, -0.46), (0, -0.5), (0.4, -0.46), (0.74, -0.52)), 0.08, GOLD, curve=True)
    pen.oval(0, -0.78, 0.17, 0.14, CREAM)
    pen.box(-0.1, -0.7, 0.1, -0.58, CREAM)
    for side in (-1, 1):
        pen.oval(side * 0.07, -0.77, 0.05, 0.055, hat)


PAINTERS: dict[str, Painter] = {
    "knight": knight,
    "wizard": wizard,
    "astronaut": astronaut,
    "pirate": pirate,
    "dragon": dragon,
    "ghost": ghost,
    "unicorn": unicorn,
}
AIRBORNE: frozenset[tuple[str, str]] = frozenset({
    ("astronaut", "floating"), ("dragon", "flying"), ("ghost", "floating"), ("ghost", "haunting"),
})  # fmt: skip
MIRRORED: frozenset[str] = frozenset({"knight", "wizard", "astronaut", "pirate", "dragon", "ghost", "unicorn"})
