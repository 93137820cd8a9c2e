"""Who is in the picture, how large, and where: one subject, or two as their relation has it.

The tables of all painters come together here. A figure is a transparent layer; shading and outlines are not made here.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from starter.draw import (
    animals,
    buildings,
    critters,
    figures,
    food,
    instruments,
    nature,
    plants,
    things,
    vehicles,
    wildlife,
)
from starter.draw.framing import Stage
from starter.draw.pen import COLORS, Painter, Pen
from starter.world import SUBJECTS, Scene

_MODULES = (animals, wildlife, critters, figures, vehicles, buildings, things, nature, plants, food, instruments)
PAINTERS: dict[str, Painter] = {name: painter for module in _MODULES for name, painter in module.PAINTERS.items()}
AIRBORNE: frozenset[tuple[str, str]] = frozenset(pair for module in _MODULES for pair in module.AIRBORNE)
MIRRORED: frozenset[str] = frozenset(name for module in _MODULES for name in module.MIRRORED)  # the rest look alike

STEADY = 0.335  # half of a subject's box where nothing is left to chance, as a share of the frame
PAIR = 0.63  # of its usual size, a subject that is not alone
_WIDER = {"car": 0.92, "mountain": 1.0, "lighthouse": 1.06, "flower": 1.06, "rocket": 1.06, "robot": 1.04, "tree": 1.04}
_FLAT = 0.8  # how high a subject is for its height, seen from above
_HEADS_LEFT = frozenset((("cat", "sleeping"), ("dog", "sleeping")))  # the others with a head look to the right


@dataclass(frozen=True)
class Figure:
    """One subject on a transparent layer; `zoom` is its size for the usual one."""

    layer: Image.Image
    color: str
    zoom: float
    first: bool = True


def cast(scene: Scene, stage: Stage, rng: random.Random, steady: bool) -> list[Figure]:
    """The figures from back to front. Their shadows fall on the stage."""
    zoom = stage.view.zoom
    if scene.relation == "none":
        return [Figure(_alone(scene, stage, rng, steady), scene.color, zoom)]
    first, other = _RELATIONS[scene.relation](scene, stage, rng, steady)
    zoom = PAIR * min(1.0, zoom * 1.25)
    both = [Figure(first, scene.color, zoom), Figure(other, scene.other_color, zoom, first=False)]
    return both if scene.relation == "behind" else both[::-1]


def _empty(full: int) -> Image.Image:
    return Image.new("RGBA", (full, full), (0, 0, 0, 0))


def _paint(
    layer: Image.Image,
    subject: str,
    color: str,
    pose: str,
    x: float,
    y: float,
    half: float,
    flip: bool,
    rng: random.Random,
) -> None:
    turn = 0.0
    if subject == "fish" and pose == "jumping":
        turn = 36.0 if flip else -36.0
        animals.splash(Pen(layer, x, y + half * 0.12, half, flip=flip))
        half *= 0.95
    elif subject == "car" and pose == "driving":
        turn = 4.0 if flip else -4.0
    PAINTERS[subject](Pen(layer, x, y, half, flip=flip, turn=turn), COLORS[color], pose, rng)


def _shadow(scene: Scene, stage: Stage, x: float, y: float, width: float, height: float) -> None:
    if scene.place != "sea":
        box = (x - width, y - height, x + width, y + height)
        ImageDraw.Draw(stage.image, "RGBA").ellipse(box, fill=(20, 10, 40, 90))
    elif stage.view.place == "above":  # rings in the water
        pen = ImageDraw.Draw(stage.image, "RGBA")
        for part, alpha in ((1.3, 150), (0.95, 200)):
            box = (x - width * part, y - height * part, x + width * part, y + height * part)
            pen.ellipse(box, outline=(214, 240, 252, alpha), width=max(2, round(height * 0.12)))


def _alone(scene: Scene, stage: Stage, rng: random.Random, steady: bool) -> Image.Image:
    full, view = stage.image.width, stage.view
    half, x = (
        rng.uniform(0.30, 0.345) * full,
        (0.5 + rng.choice((-0.07, 0.0, 0.07)) + rng.uniform(-0.025, 0.025)) * full,
    )
    flip = scene.subject in MIRRORED and rng.random() < 0.5
    if steady:
        half, x, flip = STEADY * full, 0.5 * full, False
    half *= _WIDER.get(scene.subject, 1.0)
    afloat = (scene.subject, scene.pose) in AIRBORNE
    y = full * (0.46 if steady else rng.uniform(0.42, 0.5)) if afloat else 0.0
    if view.place != "as it is":
        half, x = half * view.zoom, 0.5 * full + (x - 0.5 * full) * view.sway
        if view.place == "above":
            return _from_above(scene, stage, x, half, flip, afloat, rng)
        if view.place == "near" and view.zoom > 1:
            return _from_near(scene, stage, x, half, flip, afloat, rng)
        y += (stage.floor - 0.5 * full - 1.35 * half) * 0.6 if afloat and view.zoom < 1 else 0.0
    if not afloat:
        low = half if (scene.subject, scene.pose) not in _HEADS_LEFT else half * 0.95
        y = stage.floor - half
        y += half - low
        _shadow(scene, stage, x, stage.floor, half * 0.95, half * 0.09)
    layer = _empty(full)
    _paint(layer, scene.subject, scene.color, scene.pose, x, y, half, flip, rng)
    return layer


def _from_near(
    scene: Scene, stage: Stage, x: float, half: float, flip: bool, afloat: bool, rng: random.Random
) -> Image.Image:
    """So large that the feet may be cut off; the head never is."""
    full = stage.image.width
    tall = Image.new("RGBA", (full, 2 * full), (0, 0, 0, 0))
    _paint(tall, scene.subject, scene.color, scene.pose, x, full, half, flip, rng)
    _, top, _, bottom = tall.getbbox() or (0, 0, full, full)
    start = round(min(top - 0.06 * full, (top + bottom - full) / 2 if afloat else bottom - stage.floor))
    if not afloat and start + full > bottom:
        _shadow(scene, stage, x, bottom - start, half * 0.95, half * 0.09)
    return tall.crop((0, start, full, start + full))


def _from_above(
    scene: Scene, stage: Stage, x: float, half: float, flip: bool, afloat: bool, rng: random.Random
) -> Image.Image:
    """Shorter than it is, its head larger and its feet smaller, over a round shadow."""
    full = stage.image.width
    layer = _empty(full)
    _paint(layer, scene.subject, scene.color, scene.pose, x, 0.5 * full, half, flip, rng)
    box = layer.getbbox() or (0, 0, full, full)
    wide, high = box[2] - box[0], box[3] - box[1]
    _shadow(scene, stage, x, stage.floor, max(half * 0.62, wide * 0.46), half * 0.26)
    out, grown, flat = _empty(full), round(wide * 1.1), round(high * _FLAT)
    less = wide * 0.17
    quad = (-wide * 0.0, 0, -less, high, wide + less, high, wide, 0)
    piece = layer.crop(box).transform((grown, flat), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
    low = stage.floor + half * 0.06 - (0.14 * full if afloat else 0)
    middle = (box[0] + box[2]) / 2
    out.paste(piece, (round(middle - grown / 2), round(low - flat)))
    return out


# two of them


def _half(stage: Stage, rng: random.Random, steady: bool) -> float:
    """Half of the box of each of two subjects."""
    jitter = 0.0 if steady else rng.uniform(-0.012, 0.012)
    return (STEADY + jitter) * PAIR * min(1.0, stage.view.zoom * 1.25) * stage.image.width


def _floor_for_two(stage: Stage) -> float:
    return max(stage.floor, 0.88 * stage.image.width)


def _painted(scene: Scene, first: bool, half: float, flip: bool, rng: random.Random) -> tuple[Image.Image, float]:
    """One of the two, cut out, and the column of its middle."""
    subject, color = (scene.subject, scene.color) if first else (scene.other, scene.other_color)
    pose = scene.pose if first else SUBJECTS[scene.other].poses[0]
    side = round(half * 3.4)
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    half *= _WIDER.get(subject, 1.0)
    _paint(layer, subject, color, pose, side / 2, side / 2, half, flip and subject in MIRRORED, rng)
    box = layer.getbbox() or (0, 0, side, side)
    return layer.crop(box), side / 2 - box[0]


def _hangs(scene: Scene, first: bool) -> bool:
    pose = scene.pose if first else SUBJECTS[scene.other].poses[0]
    return (scene.subject if first else scene.other, pose) in AIRBORNE


def _placed(stage: Stage, piece: Image.Image, left: float, bottom: float) -> Image.Image:
    layer = _empty(stage.image.width)
    layer.paste(piece, (round(left), round(bottom) - piece.height))
    return layer


def _beside(scene: Scene, stage: Stage, rng: random.Random, steady: bool) -> tuple[Image.Image, Image.Image]:
    full, side = stage.image.width, -1 if scene.relation == "left" else 1
    half = _half(stage, rng, steady)
    away = [0.0 if steady else rng.uniform(0, 0.12) * half for _ in range(2)]
    turned = [not steady and rng.random() < 0.25 for _ in range(2)]  # mostly they look at each other
    layers = []
    for first, way in ((True, side), (False, -side)):
        piece, middle = _painted(scene, first, half, (way > 0) != turned[first], rng)
        x = 0.5 * full + way * (1.12 * half + away[first])
        bottom = _floor_for_two(stage)
        if _hangs(scene, first):
            bottom -= half * 0.55
        else:
            _shadow(scene, stage, x, bottom, half * 0.95, half * 0.09)
        left = min(max(x - middle, 0.015 * full), 0.985 * full - piece.width)
        layers.append(_placed(stage, piece, left, bottom))
    return layers[0], layers[1]


def _on(scene: Scene, stage: Stage, rng: random.Random, steady: bool) -> tuple[Image.Image, Image.Image]:
    full, half = stage.image.width, _half(stage, rng, steady)
    shift = 0.0 if steady else rng.uniform(-0.06, 0.06) * full
    flips = [not steady and rng.random() < 0.5] * 2
    floor = _floor_for_two(stage) + 0.02 * full
    below, middle = _painted(scene, False, half * 1.08, flips[1], rng)
    above, _ = _painted(scene, True, half * 0.94, flips[0], rng)
    seat_x, seat_y = _seat(below)
    foot = _foot(above)
    high = below.height - seat_y + above.height
    room = floor - 0.035 * full
    if high > room:  # together they are taller than the frame
        share = room / high
        below, above = (
            piece.resize((round(piece.width * share), round(piece.height * share))) for piece in (below, above)
        )
        seat_x, seat_y, foot, middle, half = (v * share for v in (seat_x, seat_y, foot, middle, half))
    left = 0.5 * full + shift - middle
    _shadow(scene, stage, 0.5 * full + shift, floor, half, half * 0.1)
    seat = floor - below.height + seat_y
    return _placed(stage, above, left + seat_x - foot, seat + half * 0.07), _placed(stage, below, left, floor)


def _seat(piece: Image.Image) -> tuple[float, float]:
    """The flattest bit of the upper edge around its middle: where somebody else can stand."""
    solid = np.asarray(piece.getchannel("A").reduce(2)) > 127
    tops = np.where(solid.any(0), solid.argmax(0), solid.shape[0])
    width = len(tops)
    reach = max(2, width // 6)
    at = np.arange(round(width * 0.3), round(width * 0.7) + 1)
    rough = [np.ptp(tops[max(0, x - reach) : x + reach]) + 0.35 * abs(x - width / 2) for x in at]
    x = int(at[int(np.argmin(rough))])
    return 2.0 * x, 2.0 * float(np.median(tops[max(0, x - reach) : x + reach]))


def _foot(piece: Image.Image) -> float:
    """The middle column of what touches the ground."""
    solid = np.asarray(piece.getchannel("A").reduce(2)) > 127
    columns = np.nonzero(solid[-max(2, len(solid) // 7) :].any(0))[0]
    return float(columns.min() + columns.max()) if len(columns) else piece.width / 2


def _behind(scene: Scene, stage: Stage, rng: random.Random, steady: bool) -> tuple[Image.Image, Image.Image]:
    full, half = stage.image.width, _half(stage, rng, steady)
    side = 1 if steady or rng.random() < 0.5 else -1
    looks_back = (scene.subject, scene.pose) in _HEADS_LEFT
    back, middle = _painted(scene, True, half, (side < 0) != looks_back, rng)
    before, other_middle = _painted(scene, False, half * 1.08, False if steady else rng.random() < 0.5, rng)
    floor = _floor_for_two(stage) + 0.02 * full
    x = 0.5 * full - side * 0.42 * half
    hidden = np.asarray(before.getchannel("A").reduce(4)) > 127
    shown = np.asarray(back.getchannel("A").reduce(4)) > 127
    for away, up in ((0.85, 0.38), (1.0, 0.42), (1.15, 0.46), (1.35, 0.5), (1.5, 0.5)):
        left, bottom = x + side * away * half - middle, floor - up * half
        if _seen(shown, hidden, left - (x - other_middle), bottom - back.height - (floor - before.height)):
            break
    if not _hangs(scene, True):
        _shadow(scene, stage, left + middle, bottom, half * 0.95, half * 0.09)
    _shadow(scene, stage, x, floor, half, half * 0.1)
    return _placed(stage, back, left, bottom), _placed(stage, before, x - other_middle, floor)


def _seen(shown: np.ndarray, hidden: np.ndarray, dx: float, dy: float) -> bool:
    """Whether enough of a mask is seen, its upper part above all, when the other lies (dx, dy) pixels before it."""
    rows, columns = np.nonzero(shown)
    y, x = rows + round(dy / 4), columns + round(dx / 4)
    inside = (y >= 0) & (y < hidden.shape[0]) & (x >= 0) & (x < hidden.shape[1])
    free = np.ones(len(rows), bool)
    free[inside] = ~hidden[y[inside], x[inside]]
    upper = rows < shown.shape[0] * 0.5
    return bool(free.mean() > 0.6 and free[upper].mean() > 0.8)


_RELATIONS: dict[str, Callable[[Scene, Stage, random.Random, bool], tuple[Image.Image, Image.Image]]] = {
    "left": _beside,
    "right": _beside,
    "on": _on,
    "behind": _behind,
}
