"""What the styles are made of: soft noise, edges, flat inks, thick lines. Numpy and Pillow only.

A picture is a float32 array (S, S, 3) from 0 to 1, a mask is (S, S, 1). Nothing here knows a style or a scene.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Array = np.ndarray
Color = tuple[int, int, int]


def luma(pixels: Array) -> Array:
    # spelled out: a matrix product would wake every core for a few thousand numbers
    return pixels[..., 0:1] * 0.299 + pixels[..., 1:2] * 0.587 + pixels[..., 2:3] * 0.114


def saturate(pixels: Array, amount: float) -> Array:
    grey = luma(pixels)[..., 0]
    out = np.empty(pixels.shape, pixels.dtype)
    for k in range(3):  # a channel at a time: numpy is slow where its last axis is short
        part = pixels[..., k] - grey
        part *= amount
        part += grey
        out[..., k] = part
    return out


def blur(pixels: Array, radius: float) -> Array:
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.BoxBlur(radius)), dtype=np.float32) / 255


def blur_one(channel: Array, radius: float) -> Array:
    """`blur` for a mask."""
    return blur(channel[..., 0], radius)[..., None]


def peak(pixels: Array) -> Array:
    """The largest channel; ten times faster than numpy's max over a short last axis."""
    return np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])


def edges(pixels: Array, reach: int = 1) -> Array:
    """How sharply colour changes, 0 to about 1, one channel."""
    down = peak(np.abs(pixels[reach:] - pixels[:-reach]))
    right = peak(np.abs(pixels[:, reach:] - pixels[:, :-reach]))
    out = np.zeros(pixels.shape[:2], dtype=np.float32)
    out[reach:] = down
    out[:, reach:] = np.maximum(out[:, reach:], right)
    return out[..., None]


def outlines(pixels: Array, reach: int = 1) -> Array:
    """`edges` as an eye adapted to the dark sees them: a step between two dark colours counts as much as one between light ones."""
    return edges(np.sqrt(np.clip(pixels, 0, 1)), reach)


def spread(grey: Array, hidden: Array) -> Array:
    """One channel stretched so that the place behind the subject runs from nearly black to nearly white."""
    place = grey[::4, ::4][hidden[::4, ::4] < 0.5]
    if not len(place):
        return grey
    low, high = np.quantile(place, (0.04, 0.96))
    gain = min(0.82 / max(float(high - low), 1e-3), 2.6)
    return np.clip((grey - low) * gain + min(float(low), 0.09), 0, 1)


@lru_cache(maxsize=16)
def grid(size: int) -> tuple[Array, Array]:
    """Columns and rows from -1 to 1, shaped to broadcast over a picture."""
    line = np.linspace(-1, 1, size, dtype=np.float32)
    return line[None, :, None], line[:, None, None]


@lru_cache(maxsize=16)
def vignette(size: int, strength: float) -> Array:
    x, y = grid(size)
    return 1 - strength * np.clip(x * x + y * y - 0.25, 0, 2) / 1.75


@lru_cache(maxsize=16)
def noise(size: int, cells: int) -> Array:
    """Soft noise from 0 to 1 with this many cells a side, the same in every run."""
    coarse = np.random.default_rng(cells).integers(0, 256, (cells, cells), dtype=np.uint8)
    smooth = Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float32)[..., None] / 255


def ink(color: Color) -> Array:
    """A colour as a picture has it."""
    return np.array(color, np.float32) / 255


def grow(mask: Array, reach: int) -> Array:
    """The mask (or picture) grown by `reach` pixels each way, as a square brush grows it."""
    out = mask
    while reach > 0:
        step = min(reach, 2)
        wide = out.copy()
        wide[step:] = np.maximum(wide[step:], out[:-step])
        wide[:-step] = np.maximum(wide[:-step], out[step:])
        if step == 2:  # and what lies between
            wide[1:] = np.maximum(wide[1:], out[:-1])
            wide[:-1] = np.maximum(wide[:-1], out[1:])
        out = wide.copy()
        out[:, step:] = np.maximum(out[:, step:], wide[:, :-step])
        out[:, :-step] = np.maximum(out[:, :-step], wide[:, step:])
        if step == 2:
            out[:, 1:] = np.maximum(out[:, 1:], wide[:, :-1])
            out[:, :-1] = np.maximum(out[:, :-1], wide[:, 1:])
        reach -= step
    return out


def plain(pixels: Array, reach: int) -> Array:
    """The picture without lines thinner than twice `reach`: what is beside them grows over them, the dark ones first."""
    small = (np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
    closed = 255 - grow(255 - grow(small, reach), reach)
    opened = grow(255 - grow(255 - closed, reach), reach)
    return opened.astype(np.float32) / 255


def rim(hidden: Array, reach: int) -> Array:
    """The line around the subject, this many pixels outside it and half as many inside."""
    inner = 1 - grow(1 - hidden, max(1, reach // 2))
    return grow(hidden, reach) - inner


def box_of(hidden: Array) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the subject in pixels; the middle of the picture where there is none."""
    solid = hidden[..., 0] > 0.5
    columns, rows = np.flatnonzero(solid.any(0)), np.flatnonzero(solid.any(1))
    if not len(columns):
        size = len(hidden)
        return size // 4, size // 4, size * 3 // 4, size * 3 // 4
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


Inks = tuple[tuple[Color, Color], ...]  # (a colour as it is drawn, the ink that prints it)
_STEPS = 32


@lru_cache(maxsize=8)
def _table(inks: Inks) -> Array:
    """The ink for each of 32x32x32 colours: that of the nearest drawn colour, where hue counts more than brightness."""
    line = np.linspace(0, 255, _STEPS, dtype=np.float32)
    red, green, blue = (part.ravel() for part in np.meshgrid(line, line, line, indexing="ij"))
    near = np.full(red.shape, np.inf, np.float32)
    out = np.zeros((len(red), 3), np.float32)
    for (r, g, b), printed in inks:
        lift = 0.30 * (red - r) + 0.59 * (green - g) + 0.11 * (blue - b)
        warm, cool = (red - r) - (green - g), (blue - b) - 0.5 * (red - r) - 0.5 * (green - g)
        far = 1.6 * lift**2 + warm**2 + 0.6 * cool**2
        closer = far < near
        near[closer] = far[closer]
        out[closer] = ink(printed)
    return out


def print_in(pixels: Array, inks: Inks) -> Array:
    """The picture in these flat inks only."""
    steps = (np.clip(pixels, 0, 1) * (_STEPS - 1) + 0.5).astype(np.int32)
    index = (steps[..., 0] * _STEPS + steps[..., 1]) * _STEPS + steps[..., 2]
    return np.take(_table(inks), index, axis=0)


def mean_of(pixels: Array, ids: Array, count: int, weight: Array) -> Array:
    """The mean colour of each of `count` areas; every other pixel says enough about it."""
    flat, heavy = ids[::2, ::2].ravel(), weight[::2, ::2].ravel()
    total = np.bincount(flat, heavy, count)
    sums = [np.bincount(flat, pixels[::2, ::2, k].ravel() * heavy, count) for k in range(3)]
    return (np.stack(sums, -1) / np.maximum(total, 1e-3)[:, None]).astype(np.float32)


def lay(pixels: Array, color: Array | np.floating, share: Array) -> Array:
    """The picture with `color` over it, as opaque as `share` says."""
    over = np.asarray(color)
    over = np.broadcast_to(over, (*over.shape[:-1], 3))
    out = np.empty(np.broadcast_shapes(pixels.shape, over.shape, share.shape), np.float32)
    for k in range(3):  # a channel at a time, as in `saturate`
        below = pixels[..., min(k, pixels.shape[-1] - 1)]
        part = (over[..., k] - below) * share[..., min(k, share.shape[-1] - 1)]
        part += below
        out[..., k] = part
    return out


def times(pixels: Array, light: Array) -> Array:
    """The picture where the light, one channel, falls on it."""
    out = np.empty(np.broadcast_shapes(pixels.shape, light.shape), np.float32)
    for k in range(3):
        np.multiply(pixels[..., k], light[..., 0], out=out[..., k])
    return out


Sheet = tuple[Array, Array]  # colour and opacity


def drawn(size: int, paint: Callable[[ImageDraw.ImageDraw, float], None]) -> Sheet:
    """What `paint` draws on a transparent sheet, at twice the size so that it comes out smooth; it is told that size."""
    full = size * 2
    image = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    paint(ImageDraw.Draw(image), float(full))
    pixels = np.asarray(image.reduce(2), dtype=np.float32) / 255
    return pixels[..., :3], pixels[..., 3:]


def arc(
    cx: float, cy: float, rx: float, ry: float, start: float, end: float, steps: int = 24
) -> list[tuple[float, float]]:
    """Points along an ellipse, in degrees clockwise from three o'clock."""
    turns = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(cx + rx * math.cos(t), cy + ry * math.sin(t)) for t in turns]


def scaled(points: Sequence[tuple[float, float]], full: float, mirror: bool = False) -> list[tuple[float, float]]:
    """Points given in shares of the picture, in pixels of a picture `full` wide; mirrored left to right if asked."""
    return [((1 - x if mirror else x) * full, y * full) for x, y in points]
