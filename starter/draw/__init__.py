"""Paints a `Scene` as a small flat picture: a place, who is in it, the weather between, and a style over all.

Everything is drawn at four times the asked size and shrunk. Deterministic in the scene; nothing is read from disk.
Who stands where is in `casting`, how the place is seen in `framing`.
"""

import random

from PIL import Image, ImageChops

from starter.draw.casting import AIRBORNE, MIRRORED, PAINTERS, Figure, cast
from starter.draw.framing import set_stage
from starter.draw.pen import INK, Color, mix
from starter.draw.weather import paint_weather
from starter.styles import apply_style
from starter.world import Scene

__all__ = ["AIRBORNE", "MIRRORED", "PAINTERS", "draw", "draw_with_masks"]

SUPERSAMPLING = 4


def draw(scene: Scene, size: int = 64) -> Image.Image:
    """The scene as an RGB picture of `size` by `size` pixels."""
    return draw_with_masks(scene, size)[0]


def draw_with_masks(
    scene: Scene, size: int = 64, *, steady: bool = False
) -> tuple[Image.Image, tuple[Image.Image, Image.Image]]:
    """The picture, and the masks of its subject and of the other ("L", 255 where it is seen, grey along its edge).

    `steady` puts the subject in the middle, in one size, facing as its painter drew it. No word of a caption says otherwise,
    so whoever learns to paint from words would learn the average of all places and both ways. Two subjects stand where
    their relation puts them, to the pixel.
    """
    rng = random.Random(scene.seed)
    full = size * SUPERSAMPLING
    stage = set_stage(scene, full, rng)
    figures = cast(scene, stage, rng, steady)
    # from here on twice the size: fine enough to look soft, and four times cheaper than the full canvas
    image = stage.image.reduce(2)
    mask = other = everyone = Image.new("L", image.size, 0)
    for figure in figures:
        seen, own = _paste(image, figure, scene, full)
        if figure.first:
            mask, other = own, ImageChops.subtract(other, seen)
        else:
            mask, other = ImageChops.subtract(mask, seen), own
        everyone = ImageChops.lighter(everyone, own)
    front = stage.front(rng)
    if front is not None:
        front = front.reduce(2)
        cover = front.getchannel("A")
        image.paste(front, mask=cover)
        mask, other, everyone = (ImageChops.subtract(each, cover) for each in (mask, other, everyone))
    if scene.weather != "clear":
        image = paint_weather(image, everyone, scene.weather, scene.time, rng)
    image = apply_style(image, scene.style, rng, everyone)
    return image.reduce(2), (mask.reduce(2), other.reduce(2))


def _paste(image: Image.Image, figure: Figure, scene: Scene, full: int) -> tuple[Image.Image, Image.Image]:
    """Shade the figure and put it with its outline onto the picture; returns what it covers, and its own mask."""
    layer = figure.layer.reduce(2)
    mask = layer.getchannel("A")
    layer = layer.convert("RGB")
    _shade(layer, mask, scene.time, figure.zoom)
    width = max(1, round(full / 140 * min(1.0, 0.4 + 0.6 * figure.zoom)))
    rim = _rim(mask, width) if figure.zoom == 1 else _inner(_rim(_outer(mask, 2 * width), width), 2 * width)
    image.paste(_outline(scene, figure.color), mask=rim)
    image.paste(layer, mask=mask)
    return rim, mask


def _shade(layer: Image.Image, alpha: Image.Image, time: str, zoom: float) -> None:
    """A second tone along the lower right edge, and the colour of the hour over everything."""
    step = max(2, int(layer.width / 24 * min(zoom, 1.3)))
    if zoom == 1:
        crescent = ImageChops.subtract(alpha, ImageChops.offset(alpha, -step, -step))
    else:
        wide = _outer(alpha, step)
        crescent = _inner(ImageChops.subtract(wide, ImageChops.offset(wide, -step, -step)), step)
    layer.paste((20, 8, 50), mask=crescent.point(_QUARTER))
    if time == "sunset":
        layer.paste((255, 120, 60), mask=alpha.point(_EIGHTH))
    elif time == "night":
        layer.paste((30, 40, 110), mask=alpha.point(_FIFTH))


_QUARTER = [round(v * 0.22) for v in range(256)]
_EIGHTH = [round(v * 0.12) for v in range(256)]
_FIFTH = [round(v * 0.2) for v in range(256)]


def _outline(scene: Scene, color: str) -> Color:
    """Dark by day; pale where a dark line would drown: at night, in space, around black fur."""
    if color == "black":
        return (250, 240, 222) if scene.time != "night" else (196, 206, 250)
    if scene.time == "night":
        return mix(INK, (0, 0, 20), 0.5) if scene.place in ("snow",) else (206, 216, 255)
    return INK


def _outer(mask: Image.Image, by: int) -> Image.Image:
    """The mask with a margin that goes on as its edge does: what leaves the frame has no outline there."""
    width, height = mask.size
    out = Image.new("L", (width + 2 * by, height + 2 * by), 0)
    out.paste(mask, (by, by))
    for box, spot in (((0, 0, width, 1), (by, 0)), ((0, height - 1, width, height), (by, by + height))):
        out.paste(mask.crop(box).resize((width, by)), spot)
    for left, x in ((by, 0), (by + width - 1, by + width)):
        out.paste(out.crop((left, 0, left + 1, out.height)).resize((by, out.height)), (x, 0))
    return out


def _inner(mask: Image.Image, by: int) -> Image.Image:
    return mask.crop((by, by, mask.width - by, mask.height - by))


def _rim(mask: Image.Image, width: int) -> Image.Image:
    """The mask grown by `width` pixels."""
    grown = mask
    for dx, dy in ((width, 0), (-width, 0), (0, width), (0, -width)):
        grown = ImageChops.lighter(grown, ImageChops.offset(mask, dx, dy))
    diagonal = max(1, round(width * 0.7))
    for dx, dy in ((diagonal, diagonal), (-diagonal, diagonal), (diagonal, -diagonal), (-diagonal, -diagonal)):
        grown = ImageChops.lighter(grown, ImageChops.offset(mask, dx, dy))
    return grown
