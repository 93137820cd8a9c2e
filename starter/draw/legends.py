"""Dragon, ghost and unicorn, and the parts that fairy-tale figures share: stars, faces, a pony, in the unit box (base at 1)."""

import math
import random
from collections.abc import Sequence

from starter.draw.pen import COLORS, CREAM, INK, Color, Pen, Point, dark, light, mix

WHITE: Color = (255, 255, 255)
GOLD: Color = (250, 196, 56)
BLUSH: Color = (250, 140, 150)
_WINGS: dict[Color, Color] = {  # the skin between a dragon's fingers
    COLORS["green"]: (252, 212, 84), COLORS["red"]: (255, 172, 66), COLORS["purple"]: (252, 156, 204),
}  # fmt: skip
RAINBOW: tuple[Color, ...] = (
    (240, 78, 92), (255, 156, 56), (255, 222, 76), (104, 204, 108), (76, 156, 246), (164, 100, 232),
)  # fmt: skip


class Part(Pen):
    """A pen for one part of a figure: another pen's box moved, scaled and turned, so that heads and ponies can lean."""

    def __init__(self, pen: Pen, x: float = 0.0, y: float = 0.0, scale: float = 1.0, turn: float = 0.0) -> None:
        self.draw, self.half, self.turned = pen.draw, pen.half * scale, pen.turned or turn != 0
        self._whole, self._x, self._y = pen, x, y
        self._cos, self._sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale

    def at(self, x: float, y: float) -> Point:
        return self._whole.at(self._x + self._cos * x - self._sin * y, self._y + self._sin * x + self._cos * y)


def star(pen: Pen, x: float, y: float, r: float, fill: Color, *, points: int = 5, waist: float = 0.45) -> None:
    """A star; four points and a slim waist make a sparkle."""
    steps = [(math.pi * i / points - math.pi / 2, r if i % 2 == 0 else r * waist) for i in range(2 * points)]
    pen.poly([(x + far * math.cos(t), y + far * math.sin(t)) for t, far in steps], fill)


def eyes(pen: Pen, x: float, y: float, gap: float, r: float, *, ink: Color = INK) -> None:
    """Two tall bright eyes, `gap` to each side of (x, y)."""
    for side in (-1, 1):
        pen.oval(x + side * gap, y, r, r * 1.35, ink)
        pen.oval(x + side * gap - r * 0.28, y - r * 0.5, r * 0.42, r * 0.45, WHITE)


def _locks(pen: Pen, path: Sequence[Point], step: Point, tones: Sequence[Color]) -> None:
    """Locks of hair side by side: a band from the path outwards for each tone, each a `step` narrower than the one before."""
    for k in range(len(tones), 0, -1):
        outer = [(x + step[0] * k * n / 3, y + step[1] * k * n / 3) for n, (x, y) in enumerate(path, 1)]
        pen.blob((*path, *reversed(outer)), tones[len(tones) - k])


def pony_back(pen: Pen, coat: Color, hair: Sequence[Color], swing: float = 0.0) -> None:
    """What of a pony lies behind a rider: tail, body and neck. Legs are the pose's own; `swing` lifts the tail, in degrees."""
    tail = ((0.02, 0.0), (-0.1, 0.14), (-0.1, 0.44), (-0.28, 0.66))
    _locks(Part(pen, -0.48, 0.22, 1, swing), tail, (-0.056, -0.018) if len(hair) > 3 else (-0.13, -0.04), hair)
    pen.blob(
        ((-0.68, 0.24), (-0.46, 0.04), (0, 0.1), (0.3, 0), (0.56, 0.22), (0.46, 0.56), (0, 0.62), (-0.52, 0.6)), coat
    )
    pen.blob(((0.02, 0.16), (0.12, -0.36), (0.44, -0.56), (0.64, -0.1), (0.56, 0.36)), coat)


def pony_head(pen: Pen, coat: Color, hair: Sequence[Color], *, horn: bool = False) -> None:
    pale = light(coat, 0.55) if min(coat) < 215 else (255, 214, 216)
    pen.poly(((0.2, -0.6), (0.2, -1.0), (0.46, -0.74)), coat)
    pen.poly(((0.26, -0.7), (0.25, -0.88), (0.37, -0.76)), BLUSH if horn else dark(coat, 0.3))
    pen.oval(0.42, -0.46, 0.36, 0.33, coat)
    pen.blob(((0.4, -0.68), (0.72, -0.6), (1.0, -0.32), (0.96, -0.1), (0.7, -0.06), (0.4, -0.22)), coat)
    pen.oval(0.84, -0.22, 0.2, 0.17, pale)
    pen.oval(0.93, -0.28, 0.045, 0.05, dark(coat, 0.55))
    pen.arc(0.82, -0.2, 0.12, 30, 120, 0.05, dark(coat, 0.55))
    pen.oval(0.58, -0.44, 0.1, 0.14, INK)
    pen.oval(0.56, -0.5, 0.045, 0.055, WHITE)
    _locks(
        pen,
        ((0.34, -0.8), (0.18, -0.6), (0.14, -0.2), (0.04, 0.2)),
        (-0.072, 0.0) if len(hair) > 3 else (-0.16, 0.0),
        hair,
    )
    pen.line(((0.26, -0.78), (0.42, -0.78), (0.46, -0.62)), 0.13, hair[-1], curve=True)
    if horn:
        pen.poly(((0.46, -0.72), (0.66, -0.62), (0.86, -1.14)), GOLD)
        for share in (0.24, 0.52):
            left, right = (
                mix_point((0.46, -0.72), (0.86, -1.14), share),
                mix_point((0.66, -0.62), (0.86, -1.14), share + 0.1),
            )
            pen.line((left, right), 0.05, dark(GOLD, 0.3))


def mix_point(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def pony_leg(pen: Pen, path: Sequence[Point], coat: Color, hoof: Color) -> None:
    pen.line(path, 0.2, coat)
    pen.line((mix_point(path[-1], path[-2], 0.2), path[-1]), 0.21, hoof)


def unicorn(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade = dark(color, 0.2)
    if pose == "standing":
        for x in (-0.36, 0.26):
            pony_leg(pen, ((x, 0.5), (x, 0.9)), shade, dark(GOLD, 0.25))
        pony_back(pen, color, RAINBOW)
        for x in (-0.54, 0.43):
            pony_leg(pen, ((x, 0.5), (x, 0.9)), color, GOLD)
        pony_head(pen, color, RAINBOW, horn=True)
        return
    body = Part(pen, 0.0, 0.06, 0.88, -27)
    pony_leg(pen, ((-0.02, 0.52), (0.2, 0.66), (0.14, 0.9)), shade, dark(GOLD, 0.25))
    pony_leg(body, ((0.34, 0.44), (0.8, 0.36), (0.92, 0.62)), shade, dark(GOLD, 0.25))
    pony_back(body, color, RAINBOW, 62)
    pony_leg(pen, ((-0.18, 0.5), (-0.04, 0.68), (-0.14, 0.9)), color, GOLD)
    pony_leg(body, ((0.32, 0.5), (0.68, 0.6), (0.66, 0.9)), color, GOLD)
    pony_head(body, color, RAINBOW, horn=True)


def ghost(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    sheet, shade = light(color, 0.28), dark(color, 0.12)
    if min(color) > 215:
        sheet, shade = color, (206, 210, 232)
    outline: tuple[Point, ...]
    if pose == "haunting":
        outline = (
            (0, -0.92), (0.4, -0.78), (0.52, -0.42), (0.66, -0.56), (0.78, -0.96), (1.0, -0.98), (1.06, -0.62), (0.86, -0.12),
            (0.6, 0.16), (0.62, 0.6), (0.78, 0.98), (0.46, 0.82), (0.26, 1.02), (0, 0.82), (-0.26, 1.02), (-0.46, 0.82),
            (-0.78, 0.98), (-0.62, 0.6), (-0.6, 0.16), (-0.86, -0.12), (-1.06, -0.62), (-1.0, -0.98), (-0.78, -0.96),
            (-0.66, -0.56), (-0.52, -0.42), (-0.4, -0.78),
        )  # fmt: skip
        pen.blob(outline, sheet)
        for side in (-1, 1):
            pen.line(((side * 0.4, 0.36), (side * 0.46, 0.72)), 0.08, shade)
            pen.oval(side * 0.22, -0.44, 0.14, 0.19, INK)
            pen.oval(side * 0.22 - 0.04, -0.52, 0.05, 0.06, WHITE)
            pen.line(((side * 0.14, -0.76), (side * 0.36, -0.68)), 0.07, INK)
            pen.oval(side * 0.42, -0.2, 0.1, 0.07, BLUSH)
        pen.oval(0, 0.06, 0.22, 0.3, INK)
        pen.oval(0, 0.22, 0.13, 0.12, (240, 90, 110))
        return
    outline = (
        (0.06, -0.96), (0.5, -0.8), (0.66, -0.3), (0.66, 0.1), (0.9, 0.2), (0.94, 0.36), (0.64, 0.42), (0.6, 0.66),
        (0.4, 0.94), (0.2, 0.76), (0, 0.98), (-0.24, 0.82), (-0.5, 1.04), (-0.92, 0.92), (-0.66, 0.8), (-0.58, 0.44),
        (-0.82, 0.46), (-0.94, 0.28), (-0.62, 0.06), (-0.56, -0.3), (-0.4, -0.8),
    )  # fmt: skip
    pen.blob(outline, sheet)
    for side in (-1, 1):
        pen.line(((0.04 + side * 0.3, 0.5), (side * 0.26, 0.74)), 0.08, shade)
        pen.oval(0.06 + side * 0.23, -0.34, 0.14, 0.2, INK)
        pen.oval(0.02 + side * 0.23, -0.42, 0.055, 0.07, WHITE)
        pen.oval(0.06 + side * 0.42, -0.08, 0.11, 0.08, BLUSH)
    pen.arc(0.06, -0.12, 0.16, 20, 160, 0.08, INK)


def _bat_wing(pen: Pen, skin: Color, bone: Color, side: int = -1) -> None:
    """Spread up and to one side of its root at (0, 0): a scalloped skin over three fingers."""
    wrist, ends = (side * 0.4, -0.86), ((side * 1.12, -0.6), (side * 1.0, -0.04), (side * 0.56, 0.26), (0.0, 0.34))
    edge: list[Point] = [(0.0, 0.0), wrist]
    for a, b in zip(ends, ends[1:], strict=False):
        middle = mix_point(mix_point(a, b, 0.5), wrist, 0.24)
        edge += [
            a,
            mix_point(mix_point(a, middle, 0.5), wrist, 0.05),
            middle,
            mix_point(mix_point(middle, b, 0.5), wrist, 0.05),
        ]
    pen.poly([*edge, ends[-1]], skin)
    for end in ends[1:3]:
        pen.line((wrist, mix_point(end, wrist, 0.06)), 0.08, bone)
    pen.line(((0.0, 0.06), wrist, ends[0]), 0.15, bone)
    pen.poly(((side * 0.52, -0.86), (side * 0.4, -1.08), (side * 0.3, -0.82)), CREAM)


def _dragon_head(pen: Pen, color: Color, spike: Color) -> None:
    """Facing right, its neck at the origin's lower left."""
    for x, y, turn in ((-0.34, -0.3, -56), (-0.46, 0.0, -86), (-0.42, 0.28, -112)):
        pin = Part(pen, x, y, 1, turn)
        pin.poly(((-0.14, 0.04), (0, -0.26), (0.14, 0.04)), spike)
    for x, tone in ((0.12, dark(CREAM, 0.2)), (-0.14, CREAM)):
        pen.blob(((x - 0.1, -0.3), (x - 0.16, -0.52), (x - 0.34, -0.76), (x + 0.02, -0.64), (x + 0.14, -0.34)), tone)
    pen.oval(0, 0, 0.47, 0.42, color)
    pen.blob(((0.1, -0.22), (0.44, -0.2), (0.8, -0.12), (0.9, 0.14), (0.74, 0.36), (0.3, 0.42), (0, 0.36)), color)
    pen.blob(((0.24, 0.26), (0.6, 0.22), (0.86, 0.14), (0.74, 0.37), (0.36, 0.43)), light(color, 0.55))
    pen.line(((0.24, 0.2), (0.56, 0.22), (0.84, 0.1)), 0.06, dark(color, 0.6), curve=True)
    pen.oval(0.74, -0.04, 0.06, 0.06, dark(color, 0.6))
    pen.oval(0.14, -0.1, 0.17, 0.2, WHITE)
    pen.oval(0.19, -0.09, 0.1, 0.15, INK)
    pen.oval(0.15, -0.15, 0.045, 0.05, WHITE)
    pen.oval(-0.06, 0.2, 0.1, 0.07, mix(color, BLUSH, 0.55))


def dragon(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, belly = dark(color, 0.3), (255, 232, 156)
    skin = _WINGS.get(color, light(color, 0.5))
    if pose == "sitting":
        pen.blob(
            ((-0.1, 0.62), (-0.5, 0.78), (-0.82, 0.7), (-0.98, 0.44), (-1.08, 0.6), (-0.96, 0.88), (-0.6, 1), (0, 1)),
            color,
        )
        pen.poly(((-0.82, 0.52), (-1.22, 0.62), (-1.04, 0.2)), skin)
        _bat_wing(Part(pen, -0.14, 0.18, 1.0, 4), skin, shade)
        pen.blob(
            ((-0.14, -0.3), (0.26, -0.2), (0.46, 0.4), (0.42, 0.96), (-0.42, 0.98), (-0.54, 0.56), (-0.34, 0.1)), color
        )
        pen.blob(((0.1, 0), (0.34, 0.04), (0.46, 0.5), (0.36, 0.94), (0.04, 0.94), (-0.02, 0.5)), belly)
        for y in (0.34, 0.56, 0.78):
            pen.line(((0.06, y), (0.4, y)), 0.06, dark(belly, 0.2))
        pen.oval(-0.28, 0.74, 0.28, 0.26, mix(color, shade, 0.6))
        for x in (-0.22, 0.42):
            pen.oval(x, 0.92, 0.24, 0.11, light(color, 0.22))
        pen.line(((-0.04, 0.2), (0.1, 0.4), (0.3, 0.42)), 0.16, mix(color, shade, 0.6))
        _dragon_head(Part(pen, 0.06, -0.4, 0.94), color, skin)
        return
    pen = Part(pen, -0.06, 0.06, 0.9)
    _bat_wing(Part(pen, 0.1, 0.06, 0.98, -16), dark(skin, 0.22), dark(color, 0.45), 1)
    pen.blob(
        ((-0.1, 0.3), (-0.46, 0.62), (-0.8, 0.62), (-0.98, 0.34), (-1.1, 0.46), (-0.98, 0.8), (-0.6, 0.94), (0, 0.84)),
        color,
    )
    pen.poly(((-0.86, 0.44), (-1.26, 0.46), (-1.02, 0.04)), skin)
    for x, y in ((0.02, 0.94), (0.3, 0.84)):
        pen.line(((x + 0.04, y - 0.3), (x, y)), 0.2, shade)
        pen.oval(x + 0.06, y + 0.02, 0.15, 0.1, light(color, 0.22))
    pen.blob(((-0.2, 0.1), (0.2, -0.1), (0.56, 0.1), (0.52, 0.5), (0.24, 0.8), (-0.14, 0.86), (-0.36, 0.6)), color)
    pen.blob(((0.36, 0.2), (0.56, 0.2), (0.5, 0.54), (0.24, 0.78), (0.02, 0.82), (0.2, 0.56)), belly)
    for x, y in ((0.36, 0.4), (0.26, 0.58)):
        pen.line(((x, y), (x + 0.14, y + 0.08)), 0.06, dark(belly, 0.2))
    pen.line(((0.3, 0.24), (0.52, 0.42)), 0.15, mix(color, shade, 0.6))
    _bat_wing(Part(pen, -0.06, 0.22, 1.08, 6), skin, shade)
    pen.blob(((0.98, 0.02), (1.2, -0.14), (1.5, -0.02), (1.34, 0.06), (1.46, 0.2), (1.18, 0.18)), (255, 128, 40))
    pen.blob(((0.98, 0.04), (1.18, -0.04), (1.3, 0.04), (1.16, 0.12)), (255, 228, 100))
    _dragon_head(Part(pen, 0.4, -0.1, 0.8), color, skin)
