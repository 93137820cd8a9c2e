"""Styles that print or draw the picture anew: comic, blueprint, chalk, art deco; ukiyo-e has a room of its own, `woodblock`.

Each takes the picture at twice its final size, the accidents, and the subject's mask, as `starter.styles` says. What does
not depend on the picture (frames, dots, strokes) is drawn once in a few variants.
"""

import math
import random
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from starter.filters import (
    Array,
    Color,
    Inks,
    Sheet,
    arc,
    blur,
    box_of,
    drawn,
    grid,
    grow,
    ink,
    lay,
    luma,
    noise,
    outlines,
    peak,
    plain,
    print_in,
    rim,
    saturate,
    scaled,
    spread,
    times,
)
from starter.woodblock import ukiyo_e


@lru_cache(maxsize=8)
def _dots(size: int, period: float) -> Array:
    """How late a turned raster of dots covers each point, 0 (the middle of a dot) to 1."""
    x, y = grid(size)
    turn = math.pi * size / period / math.sqrt(2)
    return (2 - np.cos((x + y) * turn) - np.cos((x - y) * turn)) / 4


@lru_cache(maxsize=8)
def _panel(size: int, variant: int) -> Sheet:
    """The white gutter around a panel, its black line, and a caption box."""

    def paint(pen: ImageDraw.ImageDraw, full: float) -> None:
        edge, thick = full * 0.055, round(full * 0.022)
        for rest in (
            (0, 0, full, edge),
            (0, full - edge, full, full),
            (0, 0, edge, full),
            (full - edge, 0, full, full),
        ):
            pen.rectangle(rest, fill=(255, 255, 255, 255))
        pen.rectangle((edge, edge, full - edge, full - edge), outline=(12, 10, 18, 255), width=thick)
        left, top = ((0.055, 0.055), (0.575, 0.055), (0.055, 0.825), (0.575, 0.825))[variant]
        pen.rectangle(
            [v * full for v in (left, top, left + 0.37, top + 0.12)],
            fill=(255, 226, 64, 255),
            outline=(12, 10, 18, 255),
            width=round(full * 0.016),
        )
        for row, end in ((0.042, 0.33), (0.078, 0.24)):
            pen.line(
                scaled(((left + 0.04, top + row), (left + end, top + row)), full),
                fill=(12, 10, 18, 255),
                width=round(full * 0.014),
            )

    return drawn(size, paint)


def _comic(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    calm = saturate(plain(pixels, max(1, size // 128)), 1.5)
    flat = np.round(np.clip(lay(calm, calm * 1.1 + 0.04, hidden), 0, 1) * 6) / 6
    light = luma(flat)
    pale = flat * 0.86 + 0.12
    dot = np.clip((0.66 - 0.45 * light - _dots(size, size / 21)) * 5 + 0.5, 0, 1)
    back = lay(pale, flat * 0.86, dot)
    shade = np.clip((0.62 - light - _dots(size, size / 21)) * 5 + 0.5, 0, 1)
    out = lay(back, times(flat, 1 - 0.3 * shade), hidden)
    reach = max(1, size // 110)
    lines = np.clip(outlines(calm, reach) * 3 - 0.7, 0, 1)
    out = lay(out, ink((12, 10, 18)), lines)
    line = round(size / 58)
    out = lay(out, np.float32(1.0), grow(hidden, line + round(size / 64)) - hidden)
    out = lay(out, ink((12, 10, 18)), rim(hidden, line))
    return lay(out, *_panel(size, rng.randrange(4)))


@lru_cache(maxsize=8)
def _graph_paper(size: int) -> Sheet:
    """The grid, the border and the title block of a plan."""

    def paint(pen: ImageDraw.ImageDraw, full: float) -> None:
        for i in range(1, 24):
            strong = i % 4 == 0
            at, wide, fill = (
                full * i / 24,
                round(full * (0.008 if strong else 0.006)),
                (150, 200, 255, 84 if strong else 34),
            )
            pen.line((at, 0, at, full), fill=fill, width=wide)
            pen.line((0, at, full, at), fill=fill, width=wide)
        edge, white = full * 0.03, (226, 242, 255, 255)
        pen.rectangle((edge, edge, full - edge, full - edge), outline=white, width=round(full * 0.01))
        pen.rectangle(
            [v * full for v in (0.68, 0.86, 0.97, 0.97)],
            fill=(14, 48, 122, 255),
            outline=white,
            width=round(full * 0.01),
        )
        pen.line(scaled(((0.68, 0.915), (0.97, 0.915)), full), fill=white, width=round(full * 0.008))
        pen.line(scaled(((0.82, 0.86), (0.82, 0.97)), full), fill=white, width=round(full * 0.008))

    return drawn(size, paint)


def _measures(box: tuple[int, int, int, int], size: int, rng: random.Random) -> Array:
    """Arrowed lines along the width and the height of the box, and its dotted axes."""
    image = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = box
    wide, arrow, gap = max(1, size // 128), size // 40, round(size * 0.045)
    y = max(round(size * 0.06), top - gap)
    x = left - gap if rng.random() < 0.5 else right + gap
    x = min(max(x, round(size * 0.06)), round(size * 0.94))
    for at in (left, right):
        pen.line((at, y - arrow, at, y + arrow * 2), fill=230, width=wide)
    for at in (top, bottom):
        pen.line((x - arrow, at, x + arrow, at), fill=230, width=wide)
    pen.line((left, y, right, y), fill=230, width=wide)
    pen.line((x, top, x, bottom), fill=230, width=wide)
    for tip, way in ((left, 1), (right, -1)):
        pen.polygon(
            ((tip, y), (tip + way * arrow * 1.6, y - arrow * 0.7), (tip + way * arrow * 1.6, y + arrow * 0.7)), fill=255
        )
    for tip, way in ((top, 1), (bottom, -1)):
        pen.polygon(
            ((x, tip), (x - arrow * 0.7, tip + way * arrow * 1.6), (x + arrow * 0.7, tip + way * arrow * 1.6)), fill=255
        )
    cx, cy, dash = (left + right) // 2, (top + bottom) // 2, size // 32
    for at in range(0, size, dash * 2):
        pen.line((cx, at, cx, at + dash), fill=110, width=wide)
        pen.line((at, cy, at + dash, cy), fill=110, width=wide)
    return np.asarray(image, dtype=np.float32)[..., None] / 255


def _blueprint(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    deep, pale = ink((18, 60, 148)), ink((214, 240, 255))
    color, share = _graph_paper(size)
    calm = blur(pixels, size / 400)
    tone = luma(calm)
    x, y = grid(size)
    out = lay(
        deep * (0.86 + 0.3 * noise(size, 5)), np.float32(1.0), (spread(tone, hidden) - 0.3) * (0.26 - 0.03 * hidden)
    )
    out = lay(out, color, share * (1 - 0.75 * hidden))
    hatch = (np.sin((x + y) * (math.pi * size / 10)) > 0.35) * np.clip(tone * 1.5 - 0.1, 0.12, 1)
    out = lay(out, pale, hatch * hidden * 0.34)
    lines = np.clip(outlines(calm, max(1, size // 110)) * 4.4 - 0.28, 0, 1)
    out = lay(out, pale, lines * (0.74 + 0.2 * hidden))
    out = lay(out, pale, _measures(box_of(hidden), size, rng) * (1 - 0.55 * hidden))
    return lay(out, np.float32(1.0), np.clip(rim(hidden, round(size / 72)), 0, 1))


@lru_cache(maxsize=8)
def _chalk_strokes(size: int, variant: int) -> tuple[Array, Array]:
    """How thickly slanted strokes of chalk cover the board, and the dust and tooth of the board itself."""
    generator = np.random.default_rng(40 + variant)
    image = Image.new("L", (size, size), 60)
    pen = ImageDraw.Draw(image)
    for _ in range(900):
        x, y = generator.uniform(-0.1, 1.1, 2) * size
        reach, lean = generator.uniform(0.03, 0.075) * size, generator.uniform(0.75, 1.15)
        pen.line(
            (x - reach, y + reach * lean, x + reach, y - reach * lean),
            fill=int(generator.integers(110, 256)),
            width=max(2, round(size / 58)),
        )
    tooth = generator.integers(0, 256, (size * 3 // 5, size * 3 // 5), dtype=np.uint8)
    rough = (
        np.asarray(Image.fromarray(tooth).resize((size, size), Image.Resampling.BILINEAR), dtype=np.float32)[..., None]
        / 255
    )
    cover = np.asarray(image, dtype=np.float32)[..., None] / 255
    return np.clip(cover * (0.5 + 0.95 * rough), 0, 1), rough


@lru_cache(maxsize=8)
def _wooden_frame(size: int) -> Sheet:
    """The frame of a blackboard and the ledge with two sticks of chalk."""

    def paint(pen: ImageDraw.ImageDraw, full: float) -> None:
        edge = full * 0.062
        for rest, color in (
            ((0, 0, full, edge), (196, 134, 74)),
            ((0, 0, edge, full), (180, 118, 62)),
            ((full - edge, 0, full, full), (164, 104, 52)),
            ((0, full - edge, full, full), (150, 92, 44)),
        ):
            pen.rectangle(rest, fill=(*color, 255))
        pen.rectangle((edge, edge, full - edge, full - edge), outline=(70, 40, 22, 255), width=round(full * 0.012))
        pen.rectangle((0, 0, full - 1, full - 1), outline=(104, 62, 32, 255), width=round(full * 0.01))
        for left, color in ((0.16, (250, 248, 240)), (0.72, (250, 196, 210))):
            pen.rounded_rectangle(
                [v * full for v in (left, 0.945, left + 0.12, 0.975)], radius=full * 0.014, fill=(*color, 255)
            )

    return drawn(size, paint)


def _chalk(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    cover, rough = _chalk_strokes(size, rng.randrange(3))
    board = ink((38, 62, 54)) * (0.8 + 0.35 * np.roll(noise(size, 4), rng.randrange(size), axis=1)) + 0.05 * (
        rough - 0.5
    )
    strong = saturate(pixels, 1.35)
    hue = np.clip(times(strong, 0.84 / np.maximum(peak(strong)[..., None], 0.12)) + 0.14, 0, 1)
    tone = np.clip(spread(luma(pixels), hidden) * 1.3 + 0.2, 0.2, 1)
    out = lay(board, hue, cover * tone * (0.78 + 0.22 * hidden))
    dust = np.clip(0.45 + 1.0 * rough, 0, 1)
    lines = np.clip(outlines(blur(pixels, size / 300), max(2, size // 90)) * 2.8 - 0.3, 0, 1)
    out = lay(out, hue * 0.6 + 0.4, lines * dust * 0.85)
    out = lay(out, ink((250, 250, 240)), np.clip(rim(hidden, round(size / 64)), 0, 1) * dust)
    return lay(out, *_wooden_frame(size))


_BLACK: Color = (20, 20, 26)
_GOLD: Color = (216, 168, 64)
_TEAL: Color = (16, 106, 110)
_CREAM: Color = (248, 234, 200)
_DECO_PLACE: Inks = (
    ((10, 10, 30), _BLACK),
    ((22, 34, 84), (20, 32, 66)),
    ((60, 56, 62), (58, 50, 44)),
    ((96, 60, 44), (96, 62, 30)),
    ((26, 84, 150), (14, 78, 112)),
    ((52, 140, 210), (26, 116, 150)),
    ((60, 90, 120), _TEAL),
    ((30, 84, 60), (16, 82, 62)),
    ((50, 120, 72), (34, 112, 78)),
    ((100, 180, 84), (92, 150, 90)),
    ((90, 90, 200), (74, 62, 120)),
    ((150, 150, 190), (132, 124, 156)),
    ((160, 206, 240), (136, 186, 184)),
    ((190, 110, 66), (170, 92, 44)),
    ((240, 176, 90), _GOLD),
    ((246, 214, 148), (232, 200, 126)),
    ((230, 100, 110), (186, 72, 58)),
    ((240, 160, 150), (224, 150, 108)),
    ((150, 150, 150), (150, 138, 116)),
    ((225, 226, 228), _CREAM),
    ((250, 252, 255), (255, 248, 226)),
)
_DECO_SUBJECT: Inks = (
    ((38, 30, 48), _BLACK),
    ((70, 66, 80), (46, 46, 56)),
    ((148, 150, 162), (150, 150, 146)),
    ((200, 206, 216), (206, 204, 190)),
    ((250, 248, 244), (255, 248, 226)),
    ((222, 52, 56), (196, 48, 40)),
    ((150, 36, 48), (124, 28, 32)),
    ((245, 142, 44), (226, 120, 30)),
    ((252, 210, 48), (244, 196, 60)),
    ((252, 232, 160), (250, 222, 140)),
    ((150, 92, 52), (138, 82, 38)),
    ((90, 54, 40), (78, 46, 26)),
    ((52, 112, 226), (26, 92, 168)),
    ((20, 40, 110), (14, 40, 86)),
    ((150, 206, 242), (126, 182, 196)),
    ((62, 172, 82), (44, 138, 92)),
    ((30, 96, 64), (14, 78, 62)),
    ((246, 140, 186), (232, 142, 152)),
    ((146, 82, 204), (122, 62, 148)),
)


@lru_cache(maxsize=8)
def _gilded(size: int, variant: int) -> Sheet:
    """Symmetrical frame lines with stepped corners, black behind gold."""

    def paint(pen: ImageDraw.ImageDraw, full: float) -> None:
        edge = 0.06
        for rest in ((0, 0, 1, edge), (0, 1 - edge, 1, 1), (0, 0, edge, 1), (1 - edge, 0, 1, 1)):
            pen.rectangle([v * full for v in rest], fill=(*_BLACK, 255))
        for h in (False, True):
            for v in (False, True):
                if variant % 2 == 0:
                    corner = [
                        (0, 0),
                        (0.21, 0),
                        (0.21, 0.07),
                        (0.14, 0.07),
                        (0.14, 0.14),
                        (0.07, 0.14),
                        (0.07, 0.21),
                        (0, 0.21),
                    ]
                else:
                    corner = [(0, 0), (0.22, 0), *arc(0.06, 0.06, 0.15, 0.15, 0, 90, 12), (0, 0.22)]
                flipped = [(1 - a if h else a, 1 - b if v else b) for a, b in corner]
                pen.polygon(scaled(flipped, full), fill=(*_BLACK, 255))
                pen.line(scaled(flipped[1:], full), fill=(*_GOLD, 255), width=round(full * 0.014), joint="curve")
                for ring in (0.05, 0.1) if variant % 2 else ():
                    fan = arc(1 - 0.06 if h else 0.06, 1 - 0.06 if v else 0.06, ring, ring, 0, 360)
                    pen.line(scaled(fan, full), fill=(*_GOLD, 255), width=round(full * 0.011))
        for inset, wide in ((0.02, 0.016), (0.054, 0.01)):
            pen.rectangle(
                [v * full for v in (inset, inset, 1 - inset, 1 - inset)],
                outline=(*_GOLD, 255),
                width=round(full * wide),
            )

    return drawn(size, paint)


def _art_deco(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    variant = rng.randrange(2)
    left, top, right, bottom = box_of(hidden)
    x, y = grid(size)
    cx, cy = (left + right) / size - 1, (top * 0.4 + bottom * 0.6) * 2 / size - 1
    rays = np.arctan2(y - cy, np.abs(x - cx)) * (10 / math.pi)  # mirrored, so that they are symmetrical
    lit = np.clip(np.sin(rays * math.pi) * 12, -1, 1) * np.clip(1.1 - (y - cy) * 1.2, 0.1, 1)
    calm = plain(pixels, max(1, size // 100))
    ridges = outlines(calm, max(1, size // 128))
    place = print_in(times(calm, 1 + 0.06 * lit) + 0.03 * lit, _DECO_PLACE)
    upper = np.clip((cy + 0.1 - y) * 6, 0, 1)
    place = lay(place, ink(_GOLD), np.clip(lit, 0, 1) * (0.05 + 0.2 * upper))
    place = lay(place, ink(_BLACK), np.clip(ridges * 3 - 0.6, 0, 0.9))
    out = lay(place, print_in(calm, _DECO_SUBJECT), hidden)
    out = lay(out, ink(_GOLD), grow(hidden, round(size / 30)) - hidden)
    out = lay(out, ink(_BLACK), np.clip(rim(hidden, round(size / 64)), 0, 1))
    lines = np.clip(ridges * 3 - 0.5, 0, 1) * hidden
    return lay(lay(out, ink(_BLACK), lines * 0.8), *_gilded(size, variant))


PRINTED = {
    "ukiyo-e": ukiyo_e,
    "comic": _comic,
    "blueprint": _blueprint,
    "chalk": _chalk,
    "art deco": _art_deco,
}
