"""How a place is seen: as it is, from near, from far or from above; and what stands before its subject's feet.

A close-up and a tiny subject see little of the place and that enlarged; a wide picture and a giant see much of it and that
small. Every step here is a plain transformation of what `places` painted, save the grounds from above.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops

from starter.draw.overhead import paint_ground
from starter.draw.pen import COLORS, Pen
from starter.draw.places import FRONTS, GROUND, paint_front, paint_place
from starter.draw.props import paint_huge, paint_little
from starter.draw.scenery import SKYLESS
from starter.draw.sky import paint_heavens, sky
from starter.world import Scene

NEAR = 1.18  # times its usual size, a place that is seen from near
FAR = 0.68  # of its usual size, one that is seen from far
_SUNLESS = frozenset(("rain", "fog", "snowfall", "storm"))


@dataclass(frozen=True)
class View:
    """`zoom`: the subject's size for its usual one; `place`: what is done to the place; `sway`: how far the subject may stray."""

    zoom: float = 1.0
    place: str = "as it is"
    sway: float = 1.0


_FRAMINGS = {
    "medium": View(),
    "close-up": View(1.36, "near", 0.2),
    "wide": View(0.55, "far"),
    "from above": View(1.0, "above", 0.5),
}
_SIZES = {"normal": View(), "tiny": View(0.5, "near", 0.7), "giant": View(1.28, "far", 0.35)}


@dataclass
class Stage:
    """An empty place, ready for its subjects: `floor` is where their feet are, in pixels."""

    image: Image.Image
    floor: float
    view: View
    front: Callable[[random.Random], Image.Image | None]


def view_of(scene: Scene) -> View:
    framing, size = _FRAMINGS[scene.framing], _SIZES[scene.size]
    place = size.place if scene.framing == "medium" else framing.place
    return View(framing.zoom * size.zoom, place, min(framing.sway, size.sway))


def set_stage(scene: Scene, full: int, rng: random.Random) -> Stage:
    """Paint the place at `full` pixels as the scene looks at it."""
    view, color = view_of(scene), COLORS[scene.color]
    ground = GROUND.get(scene.place, 0.89)
    if view.place == "above":
        return Stage(paint_ground(scene.place, scene.time, full, rng, color), 0.8 * full, view, lambda _: None)
    before = rng.getstate()
    bare = scene.subject == "moon" or scene.weather in _SUNLESS
    image = paint_place(scene.place, scene.time, full, rng, color, bare_sky=bare)
    floor = ground
    if view.place == "near":
        image, floor = nearer(image, ground), 0.97 if scene.size == "normal" else 0.93
    elif view.place == "far" and scene.place != "space":
        again = random.Random()
        again.setstate(before)
        image, floor = _from_far(scene, image, again, bare), max(0.9, 1 - FAR * (1 - ground))
    props = Image.new("RGBA", (full, full), (0, 0, 0, 0)) if scene.size != "normal" else None
    if props is not None:
        paint = paint_huge if scene.size == "tiny" else paint_little
        paint(Pen(image, 0, 0, full), Pen(props, 0, 0, full), scene.place, scene.time, floor, rng)

    def front(rng: random.Random) -> Image.Image | None:
        layer = _front(scene, full, view, ground, rng)
        if layer is None or props is None:
            return layer or props
        return Image.alpha_composite(layer, props)

    return Stage(image, floor * full, view, front)


def _front(scene: Scene, full: int, view: View, ground: float, rng: random.Random) -> Image.Image | None:
    if scene.place not in FRONTS:
        return None
    layer = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    paint_front(layer, scene.place, scene.time, rng)
    if view.place == "near":
        return nearer(layer, ground, soft=False)
    return farther(layer) if view.place == "far" else layer


def nearer(layer: Image.Image, ground: float, *, soft: bool = True) -> Image.Image:
    """The part around the subject, with its ground at or near the frame's lower edge; `soft`: out of focus."""
    size, part = layer.width, layer.width / NEAR
    top = max(0.0, ground * size - part)
    box = ((size - part) / 2, top, (size + part) / 2, top + part)
    if soft:  # shrunk and grown again: the cheapest blur there is
        layer = layer.resize((size // 3,) * 2, Image.Resampling.BOX, box)
        box = (0, 0, layer.width, layer.height)
    return layer.resize((size,) * 2, Image.Resampling.BICUBIC, box)


def _from_far(scene: Scene, image: Image.Image, rng: random.Random, bare: bool) -> Image.Image:
    """The painted place made smaller under a sky of the usual size."""
    far = sky(scene.place, scene.time, image.width).copy()
    if scene.place not in ("living room", "space", *SKYLESS):
        paint_heavens(Pen(far, 0, 0, far.width), scene.time, rng, bare)
    changed = ImageChops.difference(image, far).split()
    mask = ImageChops.lighter(ImageChops.lighter(changed[0], changed[1]), changed[2])
    layer = image.convert("RGBA")
    layer.putalpha(mask.point(_ANY))
    layer = farther(layer, 0.3 if scene.place == "underwater" else 0.0)
    far.paste(layer, mask=layer.getchannel("A"))
    return far


_ANY = [0] + [255] * 255


def farther(layer: Image.Image, drawn: float = 0.0) -> Image.Image:
    """The RGBA layer made smaller at the lower edge, and mirrored beyond its sides.

    Where it has no sky its top is drawn up to the frame's: the uppermost row, or this share of it.
    """
    size, part = layer.width, round(layer.width * FAR)
    left, top = (size - part) // 2, size - part
    small = layer.resize((part, part), Image.Resampling.BOX)
    mirrored = small.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    out = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    for x, piece in ((left - part, mirrored), (left + part, mirrored), (left, small)):
        out.paste(piece, (x, top))
    edge = out.crop((0, top, size, top + 1))
    if sum(edge.getchannel("A").tobytes()) > 0.9 * 255 * size:
        low = top + 1 + round(drawn * part)
        out.paste(out.crop((0, top, size, low)).resize((size, low), Image.Resampling.BILINEAR), (0, 0))
    return out
