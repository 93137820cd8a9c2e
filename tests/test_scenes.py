"""The starter world's drawings: deterministic, distinct, and large enough to be recognised."""

import hashlib
import random

import numpy as np
import pytest

from starter.draw import draw, draw_with_mask
from starter.styles import apply_style
from starter.world import PLACES, STYLES, SUBJECTS, TIMES, Scene, sample_scene

CAT = Scene(subject="cat", color="orange", pose="sleeping", place="living room", time="day", seed=7)


def _with(scene: Scene, **changes: object) -> Scene:
    return Scene(**{**vars(scene), **changes})  # type: ignore[arg-type]


def _apart(one: Scene, other: Scene) -> float:
    """The mean difference of two pictures, 0 to 255."""
    return float(np.abs(np.asarray(draw(one), dtype=int) - np.asarray(draw(other), dtype=int)).mean())


@pytest.mark.parametrize("style", STYLES)
def test_the_same_scene_draws_the_same_pixels(style):
    scene = _with(CAT, style=style)
    first, second = (hashlib.sha256(draw(scene).tobytes()).hexdigest() for _ in range(2))
    assert first == second


def test_another_seed_draws_another_picture():
    assert _apart(CAT, _with(CAT, seed=8)) > 2


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_color_and_pose_draws_with_a_large_subject(subject):
    rng = random.Random(subject)
    kind = SUBJECTS[subject]
    for pose in kind.poses:
        for color in kind.colors:
            scene = sample_scene(rng, subject=subject, pose=pose, color=color, style="none")
            picture, mask = draw_with_mask(scene)
            assert (picture.size, picture.mode, mask.size, mask.mode) == ((64, 64), "RGB", (64, 64), "L")
            share = float((np.asarray(mask) > 127).mean())
            assert 0.04 < share < 0.6, scene
            rows, columns = np.nonzero(np.asarray(mask) > 127)
            assert max(np.ptp(rows), np.ptp(columns)) > 0.45 * 64, scene


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("time", TIMES)
def test_every_style_draws_in_every_place_at_every_time(place, time):
    rng = random.Random(place + time)
    for style in STYLES:
        assert draw(sample_scene(rng, place=place, time=time, style=style)).getextrema() != ((0, 0),) * 3


@pytest.mark.parametrize("style", STYLES[1:])
def test_a_style_changes_the_picture(style):
    assert _apart(CAT, _with(CAT, style=style)) > 8


def test_a_style_leaves_the_composition_where_it_was():
    masks = [np.asarray(draw_with_mask(_with(CAT, style=style))[1]) for style in STYLES]
    assert all((mask == masks[0]).all() for mask in masks)


def test_the_times_of_day_grow_darker():
    for place in PLACES:
        day, sunset, night = (np.asarray(draw(_with(CAT, place=place, time=time))).mean() for time in TIMES)
        assert day > sunset > night


def test_cinematic_has_black_bars():
    pixels = np.asarray(draw(_with(CAT, style="cinematic")))
    assert pixels[:7].max() == 0 and pixels[-7:].max() == 0 and pixels[10:-10].max() > 100


def test_noir_has_no_color():
    red, green, blue = np.moveaxis(np.asarray(draw(_with(CAT, style="noir"))), -1, 0)
    assert (red == green).all() and (green == blue).all()


def test_pixel_art_is_made_of_sixteen_blocks_a_side():
    pixels = np.asarray(draw(_with(CAT, style="pixel art"), size=128)).astype(int)
    block = pixels[8:14, 16:22]
    assert np.ptp(block.reshape(-1, 3), axis=0).max() <= 2


def test_a_picture_comes_in_other_sizes():
    assert draw(CAT, size=32).size == (32, 32)
    assert draw_with_mask(CAT, size=128)[1].size == (128, 128)


def test_an_unknown_style_is_an_error():
    with pytest.raises(KeyError):
        apply_style(draw(CAT), "cubism", random.Random(0))
