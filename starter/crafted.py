"""Styles that build the picture out of something: stained glass, claymation, low poly, double exposure, isometric.

Each takes the picture at twice its final size, the accidents, and the subject's mask, as `starter.styles` says. Cells,
triangles and landscapes are made once in a few variants.
"""

import math
import random
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from starter.filters import (
    Array,
    blur,
    blur_one,
    box_of,
    edges,
    grid,
    grow,
    ink,
    lay,
    luma,
    mean_of,
    noise,
    outlines,
    peak,
    plain,
    rim,
    saturate,
    times,
    vignette,
)


@lru_cache(maxsize=8)
def _cells(size: int, variant: int) -> tuple[Array, int, Array, Array]:
    """A jittered grid of glass cells: which one each pixel is in, how many, the lead between them, the light in them."""
    generator = np.random.default_rng(70 + variant)
    count = 11
    ys, xs = np.divmod(np.arange(count * count), count)
    shift = generator.uniform(-0.34, 0.34, (2, count * count))
    px, py = (xs + 0.5 + shift[0]) / count, (ys + 0.5 + shift[1]) / count
    line = ((np.arange(size) + 0.5) / size).astype(np.float32)
    far = (line[None, :, None] - px) ** 2 + (line[:, None, None] - py) ** 2
    ids = far.argmin(-1)
    two = np.sqrt(np.partition(far, 1, -1)[..., :2])
    gap = (two[..., 1] - two[..., 0])[..., None].astype(np.float32)
    lead = np.clip((0.012 - gap) * size / 1.5 + 0.5, 0, 1)
    return ids, count * count, lead, np.clip(gap / 0.065, 0, 1)


@lru_cache(maxsize=8)
def _window(size: int) -> tuple[Array, Array]:
    """The pointed arch: stone outside it, and the line of lead along it."""
    x, y = grid(size)
    high = np.clip((-0.05 - y) / 0.93, 0, None)
    wide = 0.92 * np.sqrt(np.clip(1 - high**2.3, 0, 1)) - 0.0 * y
    inside = np.minimum(wide - np.abs(x), 0.93 - y) * np.where(y < -0.98, 0, 1)
    stone = np.clip(0.5 - inside * size / 3, 0, 1)
    band = np.clip((0.04 - np.abs(inside)) * size / 3, 0, 1)
    return stone.astype(np.float32), band.astype(np.float32)


def _stained_glass(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    ids, count, lead, light = _cells(size, rng.randrange(4))
    inside = hidden > 0.5
    calm = plain(pixels, max(1, size // 85))
    means = mean_of(calm, ids + count * inside[..., 0], count * 2, np.ones_like(hidden))
    panes = np.take(means, ids + count * inside[..., 0], axis=0)
    mixed = lay(panes, calm, 0.4 + 0.42 * inside.astype(np.float32))
    strong = lay(saturate(mixed, 2.1), saturate(mixed, 1.45), hidden)
    bright = np.maximum(peak(strong)[..., None], 0.06)
    # a window is lit from behind: even dark glass glows
    glass = np.clip(times(strong, (0.3 + 0.75 * np.clip(bright, 0, 1)) / bright), 0, 1)
    tint = np.random.default_rng(3).uniform(0.82, 1.12, count).astype(np.float32)
    glass = lay(
        times(glass, np.take(tint, ids)[..., None] * (0.72 + 0.42 * light)),
        np.float32(1.0),
        0.16 * light * (1 - 0.5 * hidden),
    )
    strokes = np.clip(outlines(calm, 2) * 4 - 0.8, 0, 1)
    dark = np.maximum(strokes * 0.9, lead * (1 - 0.6 * hidden))
    dark = np.maximum(dark, rim(hidden, round(size / 64)))
    glow = blur(times(glass, 1 - dark), size / 18)
    black = ink((16, 14, 20))
    out = lay(glass, black, np.clip(dark, 0, 1)) + glow * 0.22
    stone, band = _window(size)
    wall = ink((54, 50, 62)) * (0.7 + 0.5 * noise(size, size // 6)) + glow * 0.12
    return lay(lay(out, wall, stone), black, band)


@lru_cache(maxsize=8)
def _fingerprints(size: int, variant: int) -> Array:
    """The relief that fingers leave: patches of bent ridges, -1 to 1."""
    generator = np.random.default_rng(90 + variant)
    line = np.arange(size, dtype=np.float32) / size
    out = np.zeros((size, size), np.float32)
    for _ in range(16):
        cx, cy, turn = generator.uniform(0, 1), generator.uniform(0, 1), generator.uniform(0, math.pi)
        dx, dy = line[None] - cx, line[:, None] - cy
        u, v = dx * math.cos(turn) + dy * math.sin(turn), dy * math.cos(turn) - dx * math.sin(turn)
        ridges = np.sin(np.sqrt(u**2 + (v * 0.7 + 0.06) ** 2) * 2 * math.pi * 30)
        out += ridges * np.clip(1 - (u**2 + v**2 * 0.7) / 0.012, 0, 1)
    return np.clip(out, -1, 1)[..., None]


def _slope(height: Array, reach: int) -> Array:
    """How much each point faces the lamp above to the left."""
    out = np.zeros_like(height)
    out[reach:, reach:] = height[reach:, reach:] - height[:-reach, :-reach]
    return out


def _claymation(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    step = max(1, size // 85)
    calm = plain(pixels, step)
    soft = saturate(calm, 1.15) * 0.82 + ink((255, 226, 190)) * 0.14
    # each flat patch becomes a pillow, and the subject a big one on top of them
    seams = np.clip(edges(calm, 3) * 3 - 0.2, 0, 1)
    pillow = 1 - blur_one(seams, size / 50)
    body = blur_one(hidden, size / 14) * 1.5 + blur_one(hidden, size / 50)
    lumps = np.roll(noise(size, 13), rng.randrange(size), axis=0)
    height = pillow * 0.6 + body * 0.9 + lumps * (0.34 - 0.14 * hidden)
    lamp = _slope(height, max(2, size // 50))
    prints = np.roll(_fingerprints(size, rng.randrange(3)), rng.randrange(size), axis=1)
    shade = 1.02 + lamp * 0.9 + prints * (0.09 + 0.04 * hidden) + (lumps - 0.5) * 0.12
    far = round(size / 22)
    shadow = np.roll(blur_one(hidden, size / 34), (far, far), (0, 1)) * (1 - hidden)
    out = times(soft, np.clip(shade, 0.25, 1.7) * (1 - 0.5 * shadow))
    shine = np.clip(lamp * 2.2 - 0.35, 0, 1) ** 2
    out = lay(out, np.float32(1.3), shine * 0.3)
    return times(out * ink((255, 246, 232)), vignette(size, 0.62))


@lru_cache(maxsize=16)
def _mesh(size: int, count: int, variant: int) -> tuple[Array, int, Array, Array]:
    """Jittered triangles: which one each pixel is in, how many, how each facet takes the light, the lines between."""
    generator = np.random.default_rng(variant * 100 + count)
    step = size / count
    at = np.stack(np.meshgrid(np.arange(-1, count + 2), np.arange(-1, count + 2), indexing="ij"), -1).astype(float)
    at[:, ::2, 0] += 0.25
    at[:, 1::2, 0] -= 0.25
    at = (at + generator.uniform(-0.24, 0.24, at.shape)) * step
    image, lines = Image.new("I", (size, size), 0), Image.new("L", (size * 2, size * 2), 0)
    pen, wire = ImageDraw.Draw(image), ImageDraw.Draw(lines)
    number = 0
    for i in range(count + 2):
        for j in range(count + 2):
            a, b, c, d = (tuple(at[i + p, j + q]) for p, q in ((0, 0), (1, 0), (1, 1), (0, 1)))
            for corners in ((a, b, c), (a, c, d)) if j % 2 == 0 else ((a, b, d), (b, c, d)):
                pen.polygon(corners, fill=number)
                wire.line([(x * 2, y * 2) for x, y in (*corners, corners[0])], fill=255, width=2)
                number += 1
    facets = generator.uniform(-1, 1, number).astype(np.float32)
    seam = np.asarray(lines.reduce(2), dtype=np.float32)[..., None] / 255
    return np.asarray(image, dtype=np.int64), number, facets, seam


def _low_poly(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    variant = rng.randrange(4)
    calm = plain(pixels, max(1, size // 100))
    ids, count, facets, seam = _mesh(size, 9, variant)
    means = mean_of(calm, ids, count, 1.001 - grow(hidden, size // 50))
    back = lay(np.take(means * (1 + 0.17 * facets[:, None]), ids, axis=0), np.float32(1.0), seam * 0.06)
    # the subject keeps its outline, or thin legs and ears would be lost between the triangles
    ids, count, facets, seam = _mesh(size, 15, variant)
    means = mean_of(calm, ids, count, hidden + 1e-3)
    front = np.take(means * (1 + 0.2 * facets[:, None]) + 0.05 * facets[:, None], ids, axis=0)
    front = lay(saturate(front + (calm - front) * 0.28, 1.15), np.float32(1.0), seam * 0.08)
    bright = float((luma(front) * hidden).sum() / max(hidden.sum(), 1.0))
    back = lay(
        back, ink((14, 14, 34) if bright > 0.4 else (240, 240, 250)), 0.6 * np.clip(rim(hidden, round(size / 90)), 0, 1)
    )
    return lay(back, front, hidden)


@lru_cache(maxsize=8)
def _landscape(size: int, variant: int) -> Image.Image:
    """Stars, a moon, mountains and pines in blue dusk, to show inside a silhouette."""
    generator = np.random.default_rng(130 + variant)
    full = size * 2
    _, y = grid(full)
    top, low = (
        ((34, 56, 120), (200, 214, 250)),
        ((52, 44, 110), (255, 206, 170)),
        ((20, 80, 110), (196, 240, 232)),
        ((64, 40, 116), (250, 200, 220)),
    )[variant]
    share = np.clip((y + 1) / 1.3, 0, 1)
    sky = np.broadcast_to(lay(ink(top), ink(low), share), (full, full, 3))
    image = Image.fromarray((sky * 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(34):
        px, py, r = generator.uniform(0, full), generator.uniform(0, full * 0.5), generator.uniform(0.007, 0.016) * full
        pen.ellipse((px - r, py - r, px + r, py + r), fill=(255, 250, 225))
    mx, r = full * generator.uniform(0.62, 0.8), full * 0.075
    pen.ellipse((mx - r, full * 0.13 - r, mx + r, full * 0.13 + r), fill=(255, 246, 214))
    for depth, color in ((0.36, tuple(int(v * 0.66) for v in low)), (0.54, (84, 96, 140))):
        ridge: list[tuple[float, float]] = [(0.0, full)]
        for i in range(6):
            ridge.append(
                (
                    full * (i + generator.uniform(-0.15, 0.15)) / 5,
                    full * (depth + (0.17 if i % 2 else 0) + generator.uniform(-0.04, 0.04)),
                )
            )
        pen.polygon([*ridge, (full, full)], fill=color)
        if depth < 0.5:
            for px, py in ridge[1::2]:
                pen.polygon(
                    (
                        (px, py),
                        (px - full * 0.05, py + full * 0.07),
                        (px, py + full * 0.05),
                        (px + full * 0.05, py + full * 0.07),
                    ),
                    fill=(246, 248, 255),
                )
    for row, color in ((0.6, (36, 70, 84)), (0.74, (10, 26, 34))):
        for i in range(13):
            px, tip = full * (i + generator.uniform(-0.3, 0.3)) / 12, full * (row + generator.uniform(-0.06, 0.04))
            for tier in range(3):
                w, h = full * (0.025 + 0.014 * tier), full * 0.055 * tier
                pen.polygon(
                    ((px, tip + h * 0.8), (px - w, tip + h + full * 0.075), (px + w, tip + h + full * 0.075)),
                    fill=color,
                )
            pen.rectangle((px - full * 0.045, tip + full * 0.17, px + full * 0.045, full), fill=color)
    return image.reduce(2)


def _double_exposure(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    left, top, right, bottom = box_of(hidden)
    wide = max(right - left, (bottom - top) * 2 // 3, 8) + 2
    high = max(bottom - top, wide // 2) + 2
    land = _landscape(size, rng.randrange(4)).resize((wide, high), Image.Resampling.BILINEAR)
    if rng.random() < 0.5:
        land = land.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    sheet = Image.new("RGB", (size, size))
    sheet.paste(land, ((left + right - wide) // 2, bottom + 1 - high))
    inner = np.asarray(sheet, dtype=np.float32) / 255
    x, y = grid(size)
    haze = ink((232, 236, 240))
    place = haze + (blur(saturate(pixels, 0.75), size / 160) - 0.72) * 0.72
    place = lay(place, haze, 0.06 + 0.22 * np.roll(noise(size, 5), rng.randrange(size), axis=1))
    own_tone = luma(pixels)
    weight = hidden[..., 0] / max(float(hidden.sum()), 1.0)
    color = np.array([(pixels[..., k] * weight).sum() for k in range(3)], np.float32)
    color = np.clip(saturate(color, 1.9), 0.05, 1)
    tone = luma(inner)
    near = ink((12, 16, 34)) * 0.7 + color * 0.22  # from the subject's own darkness to its paleness
    light = np.clip(tone * 1.3 - 0.08, 0, 1) + (own_tone - 0.5) * 0.12
    filled = lay(near, 0.56 + 0.46 * color, light) + (inner - tone) * 0.3 + (pixels - own_tone) * 0.32
    lines = np.clip(edges(blur(pixels, size / 300), 2) * 2.4 - 0.3, 0, 1)
    filled = times(filled, 1 - 0.5 * lines)
    halo = blur_one(grow(hidden, size // 64), size / 24)
    out = lay(place, np.float32(0.98), halo * 0.7)
    return lay(out, filled, hidden)


def _index(share: Array) -> Array:
    return np.clip(share * len(share), 0, len(share) - 1).astype(np.int64)


@lru_cache(maxsize=8)
def _room(size: int, mirror: bool) -> tuple[Array, Array, Array, Array]:
    """Where each pixel of a block with a floor and two low walls comes from (row, column), its light, and what is block."""
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = np.broadcast_arrays(line[None, :], line[:, None])
    rows, columns = np.zeros((size, size), np.float32), np.zeros((size, size), np.float32)
    light, part = np.zeros((size, size), np.float32), np.zeros((size, size), np.int64)
    middle, wide, back, front, tall, thick = 0.5, 0.47, 0.40, 0.875, 0.345, 0.085
    half = (front - back) / 2
    u = (x - middle) / wide  # -1 at the left corner, 1 at the right one
    wall_low = back + half * np.abs(u)
    ground = 0.62  # the share of the picture that stands upright
    on_wall = (np.abs(u) <= 1) & (y < wall_low) & (y >= wall_low - tall)
    rows[on_wall] = ((y - wall_low + tall) / tall * ground)[on_wall]
    columns[on_wall] = ((u + 1) / 2)[on_wall]
    light[on_wall] = np.where((u < 0) != mirror, 1.04, 0.8)[on_wall]
    part[on_wall] = 1
    v = (y - back) / half  # 0 at the back, 2 at the front
    a, b = (v + u) / 2, (v - u) / 2  # along the two edges of the floor
    on_floor = (a >= 0) & (a <= 1) & (b >= 0) & (b <= 1)
    rows[on_floor] = (ground + (1 - ground) * np.maximum(a, b))[on_floor]
    columns[on_floor] = ((u + 1) / 2)[on_floor]
    light[on_floor] = 1.0
    part[on_floor] = 2
    lip = front - half * np.abs(u)
    on_side = (np.abs(u) <= 1) & (y > lip) & (y <= lip + thick)
    rows[on_side], columns[on_side] = 0.97, ((u + 1) / 2)[on_side]
    light[on_side] = np.where((u < 0) != mirror, 0.66, 0.45)[on_side]
    part[on_side] = 3
    seam = np.zeros((size, size), np.float32)
    for axis in (0, 1):
        seam = np.maximum(seam, np.abs(np.diff(part, axis=axis, prepend=0)) > 0)
    near = (np.abs(u) < 1.2 / size / wide) & ((part == 1) | (part == 3))
    return (
        _index(rows),
        _index(columns),
        light[..., None],
        np.stack((part > 0, np.maximum(seam, near)), -1).astype(np.float32),
    )


def _isometric(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    rows, columns, light, parts = _room(size, rng.random() < 0.5)
    cut = grow(hidden, size // 64 + 1)
    free = 1 - cut
    # what the subject hides is guessed from its row
    level = times(pixels, free).sum(1, keepdims=True) / np.maximum(free.sum(1, keepdims=True), 1e-2)
    place = lay(pixels, level, cut)
    block = times(place[rows, columns], light)
    pale = ink(rng.choice(((250, 214, 200), (204, 230, 226), (222, 212, 242), (250, 232, 190))))
    _, y = grid(size)
    ground = pale * (1.03 - 0.06 * y)
    out = times(lay(ground, block, parts[..., :1]), 1 - 0.35 * parts[..., 1:])
    share, turn = 0.8, 0.115  # the subject is drawn a little smaller, and higher, than it was
    whole = np.concatenate((pixels, grow(hidden, size // 64)), -1)
    image = Image.fromarray((whole * 255).astype(np.uint8), "RGBA")
    moved = image.transform(
        (size, size),
        Image.Transform.AFFINE,
        (1 / share, 0, size * (0.5 - 0.5 / share), 0, 1 / share, size * (0.89 - (0.89 - turn) / share)),
        Image.Resampling.BILINEAR,
    )
    subject = np.asarray(moved, dtype=np.float32) / 255
    left, top, right, bottom = box_of(hidden)
    cover = subject[..., 3:]
    if left <= 1 or top <= 1 or right >= size - 2 or bottom >= size - 2:
        cover = cover * parts[..., :1]  # the frame cut it off: let the block do so instead
    return lay(out, subject[..., :3], cover)


CRAFTED = {
    "stained glass": _stained_glass,
    "claymation": _claymation,
    "low poly": _low_poly,
    "double exposure": _double_exposure,
    "isometric": _isometric,
}
