"""Weather over a finished picture: rain, fog, snowfall, storm, and a night full of stars.

It is laid on after the subject and told where the subject is, so that clouds and stars pass behind it and veils leave it
readable. It knows no place; only the stars look for the night sky, by its colour.
"""

import math
import random
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from starter.draw.pen import Color, Pen, mix
from starter.draw.sky import HOUR, SKY, Canvas

_CLOUD: tuple[Color, ...] = ((176, 190, 208), (140, 118, 142), (52, 62, 94))
_FOG: tuple[Color, ...] = ((228, 235, 238), (240, 206, 190), (132, 146, 180))
_THUNDER: tuple[Color, ...] = ((74, 80, 106), (66, 50, 80), (30, 32, 56))


def paint_weather(image: Image.Image, mask: Image.Image, weather: str, time: str, rng: random.Random) -> Image.Image:
    """The RGB picture in this weather; `mask` ("L", same size) is where the subject is.

    Raises:
        KeyError: there is no such weather.
    """
    if weather == "clear":
        return image
    return _WEATHERS[weather](image.copy(), mask, time, rng)


def _behind(mask: Image.Image) -> Image.Image:
    """Where neither the subject nor the outline around it is."""
    soft = mask.filter(ImageFilter.BoxBlur(max(1, mask.width / 64)))
    return soft.point(_BEHIND)


_BEHIND = [max(0, 255 - v * 8) for v in range(256)]


def _veil(image: Image.Image, color: Color, share: Image.Image | float) -> None:
    """This colour over the picture, everywhere alike or as a mask says."""
    if isinstance(share, float):
        image.paste(Image.blend(image, Image.new("RGB", image.size, color), share))
    else:
        image.paste(color, mask=share)


@lru_cache(maxsize=16)
def _ramp(size: int, start: float, end: float, low: int, high: int) -> Image.Image:
    """From `low` to `high`, between these two heights."""
    at = np.clip((np.arange(size) / size - start) / (end - start), 0, 1)
    rows = (low + (high - low) * at).round().astype(np.uint8)
    return Image.fromarray(np.broadcast_to(rows[:, None], (size, size)).copy())


def _over(layer: Image.Image, image: Image.Image, cover: Image.Image) -> None:
    """The layer onto the picture where it has something and the cover lets it."""
    image.paste(layer.convert("RGB"), mask=ImageChops.multiply(layer.getchannel("A"), cover))


def _clouds(image: Image.Image, cover: Image.Image, tones: tuple[Color, ...], low: float, rng: random.Random) -> None:
    """Rows of billows from the top down to `low`, the lowest row first; the cover is where they may be."""
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = Pen(layer, 0, 0, image.width)
    for row, tone in enumerate(tones):
        floor = low * (1 - row / len(tones) * 0.85)
        shift = rng.uniform(-0.1, 0.1)
        pen.box(0, 0, 1, floor - 0.05, tone)
        for i in range(7):
            r = (0.085, 0.12, 0.1)[(i + row) % 3]
            pen.oval(i / 6 + shift, floor - 0.05 + 0.02 * (i % 2), r * 1.25, r * 0.72, tone)
    _over(layer, image, cover)


def _streaks(
    image: Image.Image, mask: Image.Image, count: int, length: float, tone: Color, share: float, rng: random.Random
) -> None:
    """Slanted rain, thinner before the subject."""
    size = image.width
    layer = Image.new("L", image.size, 0)
    pen = ImageDraw.Draw(layer)
    wide = max(1, round(size * 0.0135))
    for i in range(count):
        # spread evenly: one in each cell of a net, so that no corner stays dry
        x = ((i * 0.618 + rng.uniform(0, 0.08)) % 1.15) * size
        y = ((i + rng.random()) / count * 1.2 - 0.2) * size
        far = length * rng.uniform(0.7, 1.2) * size
        pen.line((x, y, x - far * 0.34, y + far), fill=round(255 * share), width=wide + (i % 3 == 0))
    before = mask.point(_HALF)
    image.paste(tone, mask=ImageChops.subtract(layer, ImageChops.multiply(layer, before)))


_HALF = [v // 2 for v in range(256)]


def _rain(image: Image.Image, mask: Image.Image, time: str, rng: random.Random) -> Image.Image:
    hour, behind = HOUR[time], _behind(mask)
    grey: Color = ((112, 132, 160), (112, 96, 126), (28, 40, 76))[hour]
    _veil(image, grey, behind.point(_RAIN_VEIL[hour]))
    _veil(image, grey, mask.point(_FIFTH))
    cloud = _CLOUD[hour]
    _clouds(image, behind, (mix(cloud, (255, 255, 255), 0.22), cloud), 0.2, rng)
    _puddles(image, behind, time, rng)
    _streaks(image, mask, 64, 0.13, ((226, 240, 255), (236, 226, 250), (156, 186, 240))[hour], 0.86, rng)
    return image


def _thin(*shares: float) -> list[list[int]]:
    """A veil's strength at each hour. The darker the hour, the thinner the veil: the place is still made out."""
    return [[round(v * share) for v in range(256)] for share in shares]


_RAIN_VEIL = _thin(0.34, 0.3, 0.2)
_FIFTH = [round(v * 0.2) for v in range(256)]


def _puddles(image: Image.Image, cover: Image.Image, time: str, rng: random.Random) -> None:
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = Pen(layer, 0, 0, image.width)
    water: Color = ((150, 182, 214), (176, 146, 176), (58, 82, 138))[HOUR[time]]
    ring = mix(water, (255, 255, 255), 0.65)
    for x, y, wide in ((0.14, 0.93, 0.17), (0.86, 0.95, 0.19), (0.5 + rng.uniform(-0.08, 0.08), 0.975, 0.16)):
        x += rng.uniform(-0.02, 0.02)
        pen.oval(x, y, wide, wide * 0.24, mix(water, (20, 30, 60), 0.3))
        pen.oval(x, y + 0.006, wide * 0.95, wide * 0.2, water)
        for part in (0.62, 0.28):
            pen.oval(x, y, wide * part, wide * part * 0.26, ring)
            pen.oval(x, y, wide * (part - 0.1), wide * (part - 0.1) * 0.24, water)
    _over(layer, image, cover)


@lru_cache(maxsize=8)
def _banks(size: int) -> Image.Image:
    """How thick the fog is: banks of it, thicker below. Twice as wide as the picture, to be cut out anywhere."""
    x, y = np.arange(size * 2)[None] / size, np.arange(size)[:, None] / size
    thick = 0.32 + 0.12 * np.clip(y * 1.3, 0, 1)  # the place is still made out
    for level, reach, speed, phase in (
        (0.2, 0.035, 1, 0.3),
        (0.42, 0.04, 2, 1.9),
        (0.64, 0.045, 1, 4.0),
        (0.84, 0.04, 2, 5.2),
    ):
        edge = level + reach * np.sin(x * math.pi * speed + phase) + reach * 0.4 * np.sin(x * math.pi * 3 + phase * 2)
        depth = (y - edge) / 0.15
        thick = thick + 0.26 * np.where(depth > 0, np.clip(1 - depth, 0, 1), 0) * np.clip(depth * 9, 0, 1)
    return Image.fromarray((np.clip(thick, 0, 0.7) * 255).astype(np.uint8))


def _fog(image: Image.Image, mask: Image.Image, time: str, rng: random.Random) -> Image.Image:
    size, hour = image.width, HOUR[time]
    left = rng.randrange(size)
    banks = _banks(size).crop((left, 0, left + size, size))
    color = _FOG[hour]
    thin = ImageChops.multiply(banks, _ramp(size, 0.5, 1.0, 52, 128))  # before the subject
    _veil(image, color, Image.composite(thin, banks, mask))
    return image


def _snowfall(image: Image.Image, mask: Image.Image, time: str, rng: random.Random) -> Image.Image:
    size, hour, behind = image.width, HOUR[time], _behind(mask)
    white: Color = ((255, 255, 255), (255, 240, 240), (222, 232, 255))[hour]
    _veil(image, ((128, 152, 190), (140, 110, 150), (34, 48, 96))[hour], behind.point(_SNOW_VEIL[hour]))
    cloud = mix(_CLOUD[hour], white, (0.35, 0.2, 0.14)[hour])
    _clouds(image, behind, (mix(cloud, white, 0.35), cloud), 0.15, rng)
    dust = Image.fromarray(np.minimum(np.asarray(_ramp(size, 0.66, 0.96, 0, 150)), np.asarray(behind)))
    _veil(image, mix(white, (120, 150, 220), 0.12), dust)
    cap = ImageChops.subtract(mask, ImageChops.offset(mask, 0, max(1, size // 36)))
    cap.paste(0, (0, size * 3 // 4, size, size))
    _veil(image, white, cap)
    flakes = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = Pen(flakes, 0, 0, size)
    for i in range(58):
        r = (0.008, 0.012, 0.018)[i % 3]
        pen.oval((i * 0.618 + rng.uniform(0, 0.06)) % 1, (i + rng.random()) / 58, r, r, white)
    for i in range(11):  # large ones, with six arms
        x, y, r = (i * 0.382 + rng.uniform(0, 0.1)) % 1, (i + rng.random()) / 11, rng.uniform(0.036, 0.05)
        turn = rng.uniform(0, 1)
        for k in range(3):
            dx, dy = r * math.cos(turn + k * math.pi / 3), r * math.sin(turn + k * math.pi / 3)
            pen.line(((x - dx, y - dy), (x + dx, y + dy)), 0.014, white)
        pen.oval(x, y, r * 0.42, r * 0.42, white)
    _over(flakes, image, ImageChops.lighter(behind, mask.point(_MOST)))
    return image


_SNOW_VEIL = _thin(0.26, 0.24, 0.16)
_MOST = [round(v * 0.3) for v in range(256)]


def _storm(image: Image.Image, mask: Image.Image, time: str, rng: random.Random) -> Image.Image:
    hour, behind = HOUR[time], _behind(mask)
    tone = _THUNDER[hour]
    _veil(image, mix(tone, (24, 26, 48), 0.5), behind.point(_STORM_VEIL[hour]))
    _veil(image, (24, 26, 54), mask.point(_FIFTH))
    _bolt(image, behind, rng)
    _clouds(image, behind, (mix(tone, (190, 196, 226), 0.28), mix(tone, (190, 196, 226), 0.1), tone), 0.28, rng)
    _streaks(image, mask, 26, 0.16, mix((190, 206, 236), tone, 0.2), 0.7, rng)
    return image


_STORM_VEIL = _thin(0.4, 0.34, 0.22)


def _bolt(image: Image.Image, cover: Image.Image, rng: random.Random) -> None:
    side = rng.choice((-1, 1))
    x = 0.5 + side * 0.36 + rng.uniform(-0.02, 0.02)
    layer = image.copy()
    pen = Canvas(layer)
    pen.glow(x, 0.5, 0.26, 0.42, (190, 200, 255), 0.16)
    points = (
        (0.03, 0.2), (-0.07, 0.53), (-0.005, 0.515), (-0.06, 0.71), (-0.01, 0.695), (-0.05, 0.92),
        (0.085, 0.6), (0.03, 0.615), (0.105, 0.41), (0.035, 0.425), (0.115, 0.2),
    )  # fmt: skip
    shape = [(x + dx * side * 1.05, y) for dx, y in points]
    pen.line([*shape, shape[0]], 0.026, (255, 206, 60))
    pen.poly(shape, (255, 244, 150))
    image.paste(layer, mask=cover)


def _stars(image: Image.Image, mask: Image.Image, time: str, rng: random.Random) -> Image.Image:
    size = image.width
    behind, found = _behind(mask), _night_sky(image)
    top = (0, 0, size, size // 3)
    if ImageStat.Stat(found.crop(top), behind.crop(top)).mean[0] < 95:  # in a wood: the stars hang in the branches
        found = found.point(_AT_LEAST_HALF)
    sky = ImageChops.multiply(ImageChops.multiply(found, behind), _ramp(size, 0.5, 0.66, 255, 0))
    way = rng.choice((-1, 1))
    if abs(_brightness(image, -1) - _brightness(image, 1)) > 4:  # the shooting star keeps away from the moon
        way = -1 if _brightness(image, -1) < _brightness(image, 1) else 1
    band, glow = _milky_way(size, way < 0)
    image.paste(band, mask=ImageChops.multiply(glow, sky))
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = Pen(layer, 0, 0, size)
    for i in range(70):
        r = (0.005, 0.007, 0.011)[i % 3]
        tone: Color = ((255, 252, 232), (206, 222, 255), (255, 226, 190))[i % 3]
        pen.oval((i * 0.618 + rng.uniform(0, 0.05)) % 1, rng.random() * 0.62, r, r, tone)
    for i in range(9):  # large ones, with four points
        x, y, r = (i * 0.382 + rng.uniform(0, 0.08)) % 1, rng.uniform(0.04, 0.5), rng.uniform(0.032, 0.05)
        for dx, dy in ((0.2, 1.0), (1.0, 0.2)):
            pen.poly(((x, y - r * dy), (x + r * dx, y), (x, y + r * dy), (x - r * dx, y)), (255, 252, 226))
    x, y = 0.5 + way * rng.uniform(0.06, 0.1), rng.uniform(0.04, 0.07)
    end = (x + way * 0.3, y + 0.14)
    pen.poly(((x, y), (end[0] + way * 0.015, end[1] - 0.028), (end[0] - way * 0.015, end[1] + 0.028)), (255, 226, 130))
    pen.poly(((x + way * 0.1, y + 0.05), (end[0], end[1] - 0.014), (end[0], end[1] + 0.014)), (255, 252, 226))
    pen.oval(*end, 0.034, 0.034, (255, 252, 226))
    _over(layer, image, sky)
    return image


_AT_LEAST_HALF = [max(v, 150) for v in range(256)]


def _brightness(image: Image.Image, way: int) -> float:
    """How bright the upper left (-1) or upper right (1) corner is."""
    size = image.width
    left = 0.02 if way < 0 else 0.72
    corner = image.crop((round(left * size), round(0.02 * size), round((left + 0.26) * size), round(0.24 * size)))
    return ImageStat.Stat(corner.convert("L")).mean[0]


@lru_cache(maxsize=8)
def _milky_way(size: int, flip: bool) -> tuple[Image.Image, Image.Image]:
    """A bright band across the sky, with its dark lane, and how much of it is seen."""
    x, y = np.arange(size)[None] / size, np.arange(size)[:, None] / size
    across = (y - 0.62 + x * 0.62) + 0.02 * np.sin(x * 17) + 0.014 * np.sin(x * 41 + 1)
    wide = 0.15 + 0.03 * np.sin(x * 9)
    share = np.exp(-((across / wide) ** 2)) * 0.92 - 0.42 * np.exp(-(((across + 0.02) / 0.03) ** 2))
    heart = np.exp(-((across / 0.075) ** 2))[..., None]
    tint = np.array((116, 92, 214)) * (1 - heart) + np.array((255, 206, 236)) * heart
    band, glow = tint.astype(np.uint8), (np.clip(share, 0, 1) * 255).astype(np.uint8)
    if not flip:
        band, glow = band[:, ::-1], glow[:, ::-1]
    return Image.fromarray(np.ascontiguousarray(band)), Image.fromarray(np.ascontiguousarray(glow))


def _night_sky(image: Image.Image) -> Image.Image:
    """Where the picture has the colours that a night's sky runs through."""
    red, green, blue = (np.asarray(band).astype(np.int16) for band in image.split())
    found = np.zeros(blue.shape, dtype=bool)
    for stops in _night_stops():
        at = np.arange(256)
        reds, greens = (
            np.interp(at, [c[2] for c in stops], [c[k] for c in stops], left=-99, right=-99).astype(np.int16)
            for k in (0, 1)
        )
        found |= np.abs(red - reds[blue]) + np.abs(green - greens[blue]) < 10
    return Image.fromarray(found.astype(np.uint8) * 255)


@lru_cache(maxsize=1)
def _night_stops() -> tuple[tuple[Color, ...], ...]:
    return tuple(SKY[place][HOUR["night"]] for place in ("default", "snow", "desert", "mountains"))


_WEATHERS = {"rain": _rain, "fog": _fog, "snowfall": _snowfall, "storm": _storm, "stars": _stars}
