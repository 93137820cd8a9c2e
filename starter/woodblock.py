"""Ukiyo-e: the picture as a woodblock print, with mist, a great wave, and the sheet's margin and seal.

It takes the picture at twice its final size, the accidents, and the subject's mask, as `starter.styles` says.
"""

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
    arc,
    drawn,
    grid,
    grow,
    ink,
    lay,
    outlines,
    plain,
    print_in,
    rim,
    saturate,
    scaled,
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


_WAVE = 0.62  # of the frame's half


@lru_cache(maxsize=8)
def _mist(size: int, variant: int) -> Sheet:
    """Bands of mist and a great wave, which stand behind the subject."""
    mirror = variant % 2 == 1

    def paint(pen: ImageDraw.ImageDraw, full: float) -> None:
        def band(left: float, top: float, right: float, high: float) -> None:
            """One band with round ends, its line first."""
            for grown, color in ((0.008, _SUMI), (0.0, _PAPER)):
                ends = scaled(((left, top), (right, top + high)), full, mirror)
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

        wave = [(-0.02, 1.02), (-0.02, 0.66), *arc(0.13, 0.66, 0.17, 0.16, 200, 352, 12)]
        wave += [(0.22, 0.70), *reversed(arc(0.34, 0.74, 0.12, 0.2, 90, 190, 12)), (0.5, 1.02)]
        pen.polygon(scaled(corner(wave), full, mirror), fill=(*_INDIGO, 255))
        for shift in (0.05, 0.11, 0.17):
            stripe = [(-0.02, 0.72 + shift), *arc(0.1, 0.74 + shift, 0.09, 0.14, 200, 340, 10), (0.3, 1.0 + shift)]
            pen.line(
                scaled(corner(stripe), full, mirror),
                fill=(126, 168, 190, 255),
                width=round(full * 0.014),
                joint="curve",
            )
        foam = [*arc(0.13, 0.66, 0.17, 0.16, 186, 350, 9), (0.30, 0.68), (0.26, 0.73)]
        for grown, color in ((0.009, _SUMI), (0.0, _PAPER)):
            for i, (x, y) in enumerate(scaled(corner(foam), full, mirror)):
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
            pen.line(scaled(((left + 0.022, y), (left + 0.068, y)), full), fill=(*_SUMI, 255), width=round(full * 0.01))
            pen.line(
                scaled(((left + 0.045, y - 0.012), (left + 0.03 + 0.02 * (row % 2), y + 0.03)), full),
                fill=(*_SUMI, 255),
                width=round(full * 0.01),
            )
        side = 0.8 if variant % 2 == 0 else 0.08
        pen.rounded_rectangle(
            [v * full for v in (side, 0.8, side + 0.12, 0.92)], radius=full * 0.02, fill=(*_VERMILION, 255)
        )
        for y in (0.83, 0.86, 0.89):
            pen.line(scaled(((side + 0.03, y), (side + 0.09, y)), full), fill=(*_PAPER, 255), width=round(full * 0.012))
        pen.line(
            scaled(((side + 0.06, 0.82), (side + 0.06, 0.9)), full), fill=(*_PAPER, 255), width=round(full * 0.012)
        )

    return drawn(size, paint)


def ukiyo_e(pixels: Array, rng: random.Random, hidden: Array) -> Array:
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
