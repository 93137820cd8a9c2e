"""The styles, as filters over a drawn picture: numpy and Pillow only, about a millisecond each at 128 pixels.

The first ten are here. Those that print or draw a picture anew are in `printed` and `woodblock`, those that build it in `crafted`.
`apply_style` takes the supersampled picture (twice the final size) so that its own lines come out smooth.
"""

import random
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from starter.crafted import CRAFTED
from starter.filters import Array, blur, edges, grid, luma, noise, outlines, peak, saturate, spread, vignette
from starter.printed import PRINTED


def apply_style(image: Image.Image, style: str, rng: random.Random, mask: Image.Image | None = None) -> Image.Image:
    """The RGB picture in this style. `mask` ("L", same size) lets a style put things behind the subject.

    Raises:
        KeyError: there is no such style.
    """
    if style == "none":
        return image
    pixels = np.asarray(image, dtype=np.float32) / 255
    hidden = np.asarray(mask, dtype=np.float32)[..., None] / 255 if mask is not None else np.zeros_like(pixels[..., :1])
    out = _STYLES[style](pixels, rng, hidden)
    return Image.fromarray((np.clip(out, 0, 1) * 255 + 0.5).astype(np.uint8))


def _cinematic(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    x, y = grid(size)
    grey = luma(pixels)
    teal, orange = np.array((0.0, 0.42, 0.5), np.float32), np.array((1.0, 0.62, 0.28), np.float32)
    curve = grey * grey * (3 - 2 * grey)
    graded = 0.56 * saturate(pixels, 1.2) * (0.66 + 0.5 * curve) + 0.44 * (teal * (1 - curve) * 0.8 + orange * curve)
    lean = rng.choice((-1, 1))
    shaft = np.clip(1 - np.abs(x * lean + 0.45 + y * 0.7) * 3.2, 0, 1) * np.clip(0.8 - y, 0, 1)
    out = (graded + shaft * np.array((0.30, 0.22, 0.12), np.float32)) * vignette(size, 0.6)
    bar = round(size * 0.125)
    out[:bar] = out[-bar:] = 0.0
    return out


def _watercolor(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    shift = rng.randrange(size)
    wobble = np.roll(noise(size, 14)[..., 0], shift, axis=1)
    ys, xs = np.indices((size, size))
    reach = size / 34
    moved = pixels[
        np.clip(ys + (wobble - 0.5) * reach, 0, size - 1).astype(int),
        np.clip(xs + (wobble.T - 0.5) * reach, 0, size - 1).astype(int),
    ]
    soft = blur(moved, size / 128)
    rims = np.clip(edges(soft, 2) * 1.5, 0, 0.4)  # pigment gathers along the edges of a wash
    wash = soft * 0.66 + 0.34 + (np.roll(noise(size, 7), shift, axis=0) - 0.4) * 0.2
    wash = saturate(wash * (1 - rims * 0.8), 1.4)
    x, y = grid(size)
    border = np.maximum(np.abs(x), np.abs(y)) + (np.roll(noise(size, 23), shift, axis=1) - 0.5) * 0.2
    paper = np.array((0.985, 0.97, 0.935), np.float32) - (noise(size, size // 2) - 0.5) * 0.05
    share = np.clip((0.98 - border) * 7, 0, 1)
    return paper + (np.clip(wash, 0, 1) - paper) * share


def _pixel_art(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    count = size // 8 if size > 128 else 16  # blocks a side: of four pixels in the finished picture, whatever its size
    block = size // count
    cells = pixels[: block * count, : block * count].reshape(count, block, count, block, 3)
    # half the mean, half the middle pixel: crisper than a plain average
    flat = 0.6 * cells.mean((1, 3)) + 0.4 * cells[:, block // 2, :, block // 2]
    flat = np.round(saturate(flat, 1.3) * 6) / 6
    out = np.repeat(np.repeat(flat, block, 0), block, 1)
    edge = np.ones((block, block, 1), np.float32)
    edge[-max(1, block // 4) :] = edge[:, -max(1, block // 4) :] = 0.8
    return out * np.tile(edge, (count, count, 1))


def _line_drawing(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    grey = luma(pixels)
    ink = np.clip(outlines(blur(pixels, 0.7), 2) * 3.4 - 0.3, 0, 1)
    ys, xs = np.indices((size, size))
    period = max(4, size // 16)
    first = (((xs + ys) % period) < period / 4)[..., None] & (grey < 0.4)
    second = (((xs - ys) % period) < period / 4)[..., None] & (grey < 0.2)
    dark = np.maximum(ink, np.maximum(first, second) * 0.4 * (1 - 0.6 * hidden))
    paper = np.array((0.975, 0.965, 0.94), np.float32)
    return paper * (1 - dark) + np.array((0.1, 0.09, 0.16), np.float32) * dark


def _neon(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    tubes = np.clip(outlines(blur(pixels, 0.6), 2) * 2.6 - 0.24, 0, 1)
    strong = saturate(pixels, 2.6)
    bright = np.clip(peak(strong)[..., None], 0.2, 2)
    hue = np.clip(strong / bright, 0, 1)
    x, y = grid(size)
    magenta, cyan = np.array((1.0, 0.12, 0.85), np.float32), np.array((0.08, 0.95, 1.0), np.float32)
    tube = (0.5 * hue + 0.5 * (magenta * (0.5 + 0.5 * y) + cyan * (0.5 - 0.5 * y))) * (
        1 - hidden * 0.6
    ) + hue * hidden * 0.6
    glow = blur(tube * tubes, size / 26)
    base = np.clip(saturate(pixels, 1.7), 0, 1) * (0.24 + 0.11 * hidden) + np.array((0.04, 0.0, 0.09), np.float32)
    return base + glow * 1.5 + tube * tubes * 1.15


def _pastel(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    soft = blur(pixels, len(pixels) / 100)
    milk = np.array((1.0, 0.93, 0.96), np.float32)
    return saturate(soft * 0.55 + milk * 0.45, 1.12)


def _noir(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    grey = luma(pixels)
    subject = np.clip((grey - 0.16) * 1.25 + 0.1, 0, 1)
    grey = spread(grey, hidden) * (1 - hidden) + subject * hidden
    hard = 0.5 * grey + 0.5 * grey * grey * (3 - 2 * grey)
    hard = hard * (0.86 + 0.14 * hidden)
    x, y = grid(size)
    blinds = ((y * 7 + x * 2.4 + rng.random()) % 1 < 0.4).astype(np.float32)  # light through venetian blinds
    out = hard * (1 - 0.3 * blinds * (1 - hidden * 0.6)) * vignette(size, 0.8)
    return np.repeat(out, 3, -1)


def _golden_hour(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    x, y = grid(size)
    side = rng.choice((-1, 1))
    far = np.sqrt((x - side * 0.85) ** 2 + (y + 0.75) ** 2)
    glow = np.clip(1 - far / 1.9, 0, 1) ** 1.5
    gold = np.array((1.0, 0.76, 0.26), np.float32)
    warm = pixels * np.array((1.06, 0.88, 0.5), np.float32) * 0.74 + gold * 0.2
    out = warm + (gold * 1.1 - warm * 0.5) * glow * 0.85 * (1 - hidden * 0.55)
    sun = np.clip((0.34 - far) * 12, 0, 1) * (1 - hidden)
    return out + (np.array((1.0, 0.97, 0.8), np.float32) - out) * sun


def _vaporwave(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    x, y = grid(size)
    grey = 0.5 * luma(pixels) + 0.5 * spread(luma(pixels), hidden)
    stops = np.array(
        ((0.16, 0.05, 0.36), (0.62, 0.16, 0.72), (1.0, 0.42, 0.78), (0.5, 0.9, 0.98), (0.92, 1.0, 1.0)), np.float32
    )
    at = np.clip(grey[..., 0], 0, 1) * 4
    low = np.minimum(at.astype(int), 3)
    ramp = stops[low] + (stops[low + 1] - stops[low]) * (at - low)[..., None]
    mixed = ramp * 0.62 + saturate(pixels, 1.3) * 0.38
    # the striped sun and the grid stand behind the subject
    side = rng.choice((-0.5, 0.5))
    disc = np.clip((0.38 - np.sqrt((x - side) ** 2 + (y + 0.46) ** 2)) * 30, 0, 1)
    stripes = np.where((y > -0.42) & (((y + 0.42) * 9) % 1 < 0.4), 0.0, 1.0)
    sun = np.concatenate(
        np.broadcast_arrays(np.float32(1.0) + 0 * y, 0.72 - 0.42 * (y + 0.86), 0.36 + 0.4 * (y + 0.86)), -1
    )
    behind = 1 - hidden
    mixed = mixed + (sun - mixed) * disc * stripes * behind * 0.92
    depth = np.clip(y - 0.5, 1e-3, 1)
    lines = (np.abs(x / (depth + 0.34) * 3.2 % 1 - 0.5) > 0.4) | ((np.log(depth + 0.06) * 3.2) % 1 < 0.24)
    net = (lines & (y > 0.5)).astype(np.float32) * behind
    return mixed + (np.array((0.3, 1.0, 0.96), np.float32) - mixed) * net * 0.6


@lru_cache(maxsize=16)
def _strokes(size: int, variant: int) -> tuple[Array, Array, Array]:
    """Row and column of the brush stroke that covers each pixel, and the strokes' relief (-1 to 1)."""
    rng = np.random.default_rng(variant)
    canvas = Image.new("I", (size, size), 0)
    relief = Image.new("L", (size, size), 128)
    pen, bump = ImageDraw.Draw(canvas), ImageDraw.Draw(relief)
    for _ in range(3200):
        cx, cy = (int(v) for v in rng.integers(0, size, 2))
        turn = 0.9 * np.sin(cx / size * 5 + variant) + 0.9 * np.cos(cy / size * 4 + variant) + rng.normal(0, 0.35)
        reach = size * rng.uniform(0.012, 0.03)
        dx, dy = np.cos(turn) * reach, np.sin(turn) * reach
        wide = max(2, round(size * 0.03))
        pen.line((cx - dx, cy - dy, cx + dx, cy + dy), fill=cy * size + cx, width=wide)
        bump.line((cx - dx, cy - dy, cx + dx, cy + dy), fill=int(rng.integers(84, 172)), width=wide)
        bump.line((cx - dx, cy - dy - wide / 2, cx + dx, cy + dy - wide / 2), fill=216, width=1)
    index = np.asarray(canvas, dtype=np.int64)
    return index // size, index % size, (np.asarray(relief, dtype=np.float32)[..., None] - 128) / 128


def _oil_painting(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    rows, columns, relief = _strokes(len(pixels), rng.randrange(4))
    rich = saturate(pixels, 1.3)
    painted = rich[rows, columns] * (0.85 - 0.25 * hidden) + rich * (0.15 + 0.25 * hidden)
    return (painted * 0.92 + 0.01) + relief * 0.17


_STYLES: dict[str, Callable[[Array, random.Random, Array], Array]] = {
    "cinematic": _cinematic,
    "watercolor": _watercolor,
    "pixel art": _pixel_art,
    "line drawing": _line_drawing,
    "neon": _neon,
    "pastel": _pastel,
    "noir": _noir,
    "golden hour": _golden_hour,
    "vaporwave": _vaporwave,
    "oil painting": _oil_painting,
    **PRINTED,
    **CRAFTED,
}
