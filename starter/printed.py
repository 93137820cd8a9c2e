"""Styles that print or draw the picture anew: ukiyo-e, comic, blueprint, chalk, art deco.

Each takes the picture at twice its final size, the accidents, and the subject's mask, as `starter.styles` says. What does
not depend on the picture (mist, frames, dots, strokes) is drawn once in a few variants.
"""

import math
import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from starter.filters import (
    Array,
    Color,
    Inks,
    Sheet,
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
    spread,
    times,
)

_SUMI: Color = (30, 26, 40)
_PAPER: Color = (246, 233, 200)
_INDIGO: Color = (30, 58, 112)
_VERMILION: Color = (206, 62, 40)

_WOODBLOCK: Inks = (
    ((38, 30, 48), _SUMI),
    ((58, 54, 70), (52, 48, 62)),
    ((100, 98, 112), (104, 100, 106)),
    ((148, 150, 162), (150, 146, 140)),
    ((200, 206, 216), (208, 202, 182)),
    ((250, 248, 244), (250, 240, 212)),
    ((62, 78, 108), (44, 74, 116)),
    ((104, 122, 150), (92, 124, 150)),
    ((24, 14, 40), (24, 34, 70)),
    ((14, 16, 44), (22, 34, 72)),
    ((28, 40, 92), _INDIGO),
    ((52, 112, 226), (36, 92, 152)),
    ((92, 150, 230), (92, 142, 176)),
    ((150, 206, 242), (158, 192, 196)),
    ((206, 232, 248), (214, 218, 196)),
    ((222, 52, 56), _VERMILION),
    ((150, 36, 48), (146, 46, 40)),
    ((245, 142, 44), (226, 132, 52)),
    ((252, 210, 48), (236, 188, 70)),
    ((252, 232, 150), (240, 212, 134)),
    ((236, 206, 150), (230, 202, 146)),
    ((150, 92, 52), (146, 92, 54)),
    ((90, 54, 40), (90, 60, 48)),
    ((62, 172, 82), (92, 140, 84)),
    ((30, 96, 64), (46, 88, 70)),
    ((150, 210, 110), (154, 174, 100)),
    ((246, 140, 186), (232, 150, 146)),
    ((250, 190, 170), (240, 190, 160)),
    ((146, 82, 204), (118, 84, 136)),
    ((70, 40, 112), (62, 50, 98)),
    ((60, 160, 170), (78, 136, 142)),
)


def _arc(
    cx: float, cy: float, rx: float, ry: float, start: float, end: float, steps: int = 24
) -> list[tuple[float, float]]:
    """Points along an ellipse, in degrees clockwise from three o'clock."""
    turns = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(cx + rx * math.cos(t), cy + ry * math.sin(t)) for t in turns]


def _scaled(points: Sequence[tuple[float, float]], full: float, mirror: bool = False) -> list[tuple[float, float]]:
    return [((1 - x if mirror else x) * full, y * full) for x, y in points]


_WAVE = 0.62  # of the frame's half


@lru_cache(maxsize=8)
def _mist(size: int, variant: int) -> Sheet:
    """Bands of mist and a great wave, which stand behind the subject."""
    mirror = variant % 2 == 1

    def paint(pen: ImageDraw.ImageDraw, full: float) -> None:
        def band(left: float, top: float, right: float, high: float) -> None:
            """One band with round ends, its line first."""
            for grown, color in ((0.008, _SUMI), (0.0, _PAPER)):
                ends = _scaled(((left, top), (right, top + high)), full, mirror)
                x0, x1 = sorted(x for x, _ in ends)
                g = grown * full
                pen.rounded_rectangle(
                    (x0 - g, ends[0][1] - g, x1 + g, ends[1][1] + g), radius=high * full / 2 + g, fill=(*color, 255)
                )

        low = 0.04 if variant < 2 else 0.08
        band(-0.2, low + 0.1, 0.26, 0.05)
        band(-0.2, low + 0.145, 0.16, 0.046)
        band(0.74, low + 0.2, 1.2, 0.05)

        def corner(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
            """Into the lower corner, small: the place must be seen beside the wave."""
            return [(x * _WAVE, 1 - (1 - y) * _WAVE) for x, y in points]

        wave = [(-0.02, 1.02), (-0.02, 0.66), *_arc(0.13, 0.66, 0.17, 0.16, 200, 352, 12)]
        wave += [(0.22, 0.70), *reversed(_arc(0.34, 0.74, 0.12, 0.2, 90, 190, 12)), (0.5, 1.02)]
        pen.polygon(_scaled(corner(wave), full, mirror), fill=(*_INDIGO, 255))
        for shift in (0.05, 0.11, 0.17):
            stripe = [(-0.02, 0.72 + shift), *_arc(0.1, 0.74 + shift, 0.09, 0.14, 200, 340, 10), (0.3, 1.0 + shift)]
            pen.line(
                _scaled(corner(stripe), full, mirror),
                fill=(126, 168, 190, 255),
                width=round(full * 0.014),
                joint="curve",
            )
        foam = [*_arc(0.13, 0.66, 0.17, 0.16, 186, 350, 9), (0.30, 0.68), (0.26, 0.73)]
        for grown, color in ((0.009, _SUMI), (0.0, _PAPER)):
            for i, (x, y) in enumerate(_scaled(corner(foam), full, mirror)):
                r = full * ((0.026 + 0.012 * (i % 2)) * _WAVE + grown)
                pen.ellipse((x - r, y - r, x + r, y + r), fill=(*color, 255))

    return drawn(size, paint)


@lru_cache(maxsize=8)
def _seal(size: int, variant: int) -> Sheet:
    """The margin of the sheet, a title strip and the artist's red seal, which lie over everything."""

    def paint(pen: ImageDraw.ImageDraw, full: float) -> None:
        edge = full * 0.04
        for rest in (
            (0, 0, full, edge),
            (0, full - edge, full, full),
            (0, 0, edge, full),
            (full - edge, 0, full, full),
        ):
            pen.rectangle(rest, fill=(*_PAPER, 255))
        pen.rectangle((edge, edge, full - edge, full - edge), outline=(*_SUMI, 255), width=round(full * 0.011))
        left = 0.075 if variant % 2 else 0.835
        pen.rectangle(
            [v * full for v in (left, 0.075, left + 0.09, 0.33)],
            fill=(*_PAPER, 255),
            outline=(*_SUMI, 255),
            width=round(full * 0.009),
        )
        for row in range(4):  # strokes that pass for writing
            y = 0.1 + row * 0.053
            pen.line(
                _scaled(((left + 0.022, y), (left + 0.068, y)), full), fill=(*_SUMI, 255), width=round(full * 0.01)
            )
            pen.line(
                _scaled(((left + 0.045, y - 0.012), (left + 0.03 + 0.02 * (row % 2), y + 0.03)), full),
                fill=(*_SUMI, 255),
                width=round(full * 0.01),
            )
        side = 0.8 if variant % 2 == 0 else 0.08
        pen.rounded_rectangle(
            [v * full for v in (side, 0.8, side + 0.12, 0.92)], radius=full * 0.02, fill=(*_VERMILION, 255)
        )
        for y in (0.83, 0.86, 0.89):
            pen.line(
                _scaled(((side + 0.03, y), (side + 0.09, y)), full), fill=(*_PAPER, 255), width=round(full * 0.012)
            )
        pen.line(
            _scaled(((side + 0.06, 0.82), (side + 0.06, 0.9)), full), fill=(*_PAPER, 255), width=round(full * 0.012)
        )

    return drawn(size, paint)


def _ukiyo_e(pixels: Array, rng: random.Random, hidden: Array) -> Array:
    size = len(pixels)
    variant = rng.randrange(4)
    _, y = grid(size)
    calm = plain(pixels, max(1, size // 128))
    behind = saturate(calm, 1.45) * 0.84 + ink(_PAPER) * 0.16
    out = print_in(lay(behind, calm, hidden), _WOODBLOCK)
    sky = np.clip(-y * 3.2 - 2.3, 0, 1) * (1 - hidden)  # the printer wipes the top of the block by hand
    out = lay(out, ink(_INDIGO), sky)
    out = times(out, 0.955 + 0.09 * _grain(size))
    lines = np.clip(outlines(out, max(2, size // 100)) * 3.0 - 0.5, 0, 1)
    color, share = _mist(size, variant)
    free = 1 - grow(hidden, size // 64)
    out = lay(lay(out, ink(_SUMI), lines), color, share * free)
    out = lay(out, ink(_SUMI), rim(hidden, round(size / 64)))
    return lay(out, *_seal(size, variant))


@lru_cache(maxsize=4)
def _grain(size: int) -> Array:
    """Wood grain, long and level."""
    coarse = np.random.default_rng(5).integers(0, 256, (size // 3, 5), dtype=np.uint8)
    return (
        np.asarray(Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC), dtype=np.float32)[..., None]
        / 255
    )


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
                _scaled(((left + 0.04, top + row), (left + end, top + row)), full),
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
        pen.line(_scaled(((0.68, 0.915), (0.97, 0.915)), full), fill=white, width=round(full * 0.008))
        pen.line(_scaled(((0.82, 0.86), (0.82, 0.97)), full), fill=white, width=round(full * 0.008))

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
                    corner = [(0, 0), (0.22, 0), *_arc(0.06, 0.06, 0.15, 0.15, 0, 90, 12), (0, 0.22)]
                flipped = [(1 - a if h else a, 1 - b if v else b) for a, b in corner]
                pen.polygon(_scaled(flipped, full), fill=(*_BLACK, 255))
                pen.line(_scaled(flipped[1:], full), fill=(*_GOLD, 255), width=round(full * 0.014), joint="curve")
                for ring in (0.05, 0.1) if variant % 2 else ():
                    fan = _arc(1 - 0.06 if h else 0.06, 1 - 0.06 if v else 0.06, ring, ring, 0, 360)
                    pen.line(_scaled(fan, full), fill=(*_GOLD, 255), width=round(full * 0.011))
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
    "ukiyo-e": _ukiyo_e,
    "comic": _comic,
    "blueprint": _blueprint,
    "chalk": _chalk,
    "art deco": _art_deco,
}
