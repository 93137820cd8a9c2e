"""Paints a `Scene` as a small flat picture: a place, a large subject in front of it, and a style over both.

Everything is drawn at four times the asked size and shrunk. Deterministic in the scene; nothing is read from disk.
"""

import random

from PIL import Image, ImageChops, ImageDraw

from starter.draw import animals, nature, things
from starter.draw.pen import COLORS, INK, Pen, mix
from starter.draw.places import GROUND, paint_front, paint_place
from starter.styles import apply_style
from starter.world import Scene

SUPERSAMPLING = 4
STEADY = 0.335  # half of a subject's box where nothing is left to chance, as a share of the frame
PAINTERS = {
    "cat": animals.cat,
    "dog": animals.dog,
    "bird": animals.bird,
    "fish": animals.fish,
    "tree": nature.tree,
    "house": things.house,
    "mountain": nature.mountain,
    "castle": things.castle,
    "boat": things.boat,
    "rocket": things.rocket,
    "car": things.car,
    "flower": nature.flower,
    "lighthouse": things.lighthouse,
    "robot": things.robot,
    "balloon": things.balloon,
    "moon": nature.moon,
}
_AIRBORNE = {("bird", "flying"), ("fish", "swimming"), ("fish", "jumping"), ("rocket", "launching")}
_MIRRORED = {"cat", "dog", "bird", "fish", "boat", "car", "robot", "moon"}  # the others look the same both ways
_WIDER = {"car": 0.92, "mountain": 1.0, "lighthouse": 1.06, "flower": 1.06, "rocket": 1.06, "robot": 1.04, "tree": 1.04}


def draw(scene: Scene, size: int = 64) -> Image.Image:
    """The scene as an RGB picture of `size` by `size` pixels."""
    return draw_with_mask(scene, size)[0]


def draw_with_mask(scene: Scene, size: int = 64, *, steady: bool = False) -> tuple[Image.Image, Image.Image]:
    """The picture and its mask ("L", 255 where the subject is, grey along its edge).

    `steady` puts the subject in the middle, in one size, facing as its painter drew it. No word of a caption says otherwise,
    so whoever learns to paint from words would learn the average of all places and both ways.
    """
    rng = random.Random(scene.seed)
    full = size * SUPERSAMPLING
    color = COLORS[scene.color]
    image = paint_place(scene.place, scene.time, full, rng, color, bare_sky=scene.subject == "moon")
    layer = _subject(scene, image, rng, steady).reduce(2)
    # from here on twice the size: fine enough to look soft, and four times cheaper than the full canvas
    image = image.reduce(2)
    mask = layer.getchannel("A")
    layer = layer.convert("RGB")
    _shade(layer, mask, scene.time)
    rim = _rim(mask, max(1, round(full / 140)))
    image.paste(_outline(scene), mask=rim)
    image.paste(layer, mask=mask)
    if scene.place in ("sea", "meadow", "snow"):
        front = Image.new("RGBA", (full, full), (0, 0, 0, 0))
        paint_front(front, scene.place, scene.time, rng)
        front = front.reduce(2)
        cover = front.getchannel("A")
        image.paste(front, mask=cover)
        mask = ImageChops.subtract(mask, cover)
    image = apply_style(image, scene.style, rng, mask)
    return image.reduce(2), mask.reduce(2)


def _subject(scene: Scene, image: Image.Image, rng: random.Random, steady: bool) -> Image.Image:
    """The subject alone on a transparent layer; its shadow falls on `image`."""
    full = image.width
    half, x = rng.uniform(0.30, 0.345) * full, (0.5 + rng.choice((-0.07, 0.0, 0.07)) + rng.uniform(-0.025, 0.025)) * full
    flip = scene.subject in _MIRRORED and rng.random() < 0.5
    if steady:
        half, x, flip = STEADY * full, 0.5 * full, False
    half *= _WIDER.get(scene.subject, 1.0)
    floor = GROUND.get(scene.place, 0.89) * full
    afloat = (scene.subject, scene.pose) in _AIRBORNE or scene.subject in ("moon", "balloon")
    if afloat:
        y = full * (0.46 if steady else rng.uniform(0.42, 0.5))
    else:
        y = floor - half
        low = half if (scene.subject, scene.pose) not in {("cat", "sleeping"), ("dog", "sleeping")} else half * 0.95
        y += half - low
    if not afloat and scene.place != "sea":
        w = half * 0.95
        pen = ImageDraw.Draw(image, "RGBA")
        pen.ellipse((x - w, floor - half * 0.09, x + w, floor + half * 0.09), fill=(20, 10, 40, 90))
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    turn = 0.0
    if scene.subject == "fish" and scene.pose == "jumping":
        turn = 36.0 if flip else -36.0
        animals.splash(Pen(layer, x, y + half * 0.12, half, flip=flip))
        half *= 0.95
    elif scene.subject == "car" and scene.pose == "driving":
        turn = 4.0 if flip else -4.0
    painter = Pen(layer, x, y, half, flip=flip, turn=turn)
    PAINTERS[scene.subject](painter, COLORS[scene.color], scene.pose, rng)
    return layer


def _shade(layer: Image.Image, alpha: Image.Image, time: str) -> None:
    """A second tone along the lower right edge, and the colour of the hour over everything."""
    step = layer.width // 24
    crescent = ImageChops.subtract(alpha, ImageChops.offset(alpha, -step, -step))
    layer.paste((20, 8, 50), mask=crescent.point(_QUARTER))
    if time == "sunset":
        layer.paste((255, 120, 60), mask=alpha.point(_EIGHTH))
    elif time == "night":
        layer.paste((30, 40, 110), mask=alpha.point(_FIFTH))


_QUARTER = [round(v * 0.22) for v in range(256)]
_EIGHTH = [round(v * 0.12) for v in range(256)]
_FIFTH = [round(v * 0.2) for v in range(256)]


def _outline(scene: Scene) -> tuple[int, int, int]:
    """Dark by day; pale where a dark line would drown: at night, in space, around black fur."""
    if scene.color == "black":
        return (250, 240, 222) if scene.time != "night" else (196, 206, 250)
    if scene.time == "night":
        return mix(INK, (0, 0, 20), 0.5) if scene.place in ("snow",) else (206, 216, 255)
    return INK


def _rim(mask: Image.Image, width: int) -> Image.Image:
    """The mask grown by `width` pixels."""
    grown = mask
    for dx, dy in ((width, 0), (-width, 0), (0, width), (0, -width)):
        grown = ImageChops.lighter(grown, ImageChops.offset(mask, dx, dy))
    diagonal = max(1, round(width * 0.7))
    for dx, dy in ((diagonal, diagonal), (-diagonal, diagonal), (diagonal, -diagonal), (-diagonal, -diagonal)):
        grown = ImageChops.lighter(grown, ImageChops.offset(mask, dx, dy))
    return grown
