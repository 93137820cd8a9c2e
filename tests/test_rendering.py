"""What evaluations say of rendered pictures, held by drawings, whose truth is known."""

import random

import numpy as np

from starter import judge as judging
from starter import rendering
from starter.data import ATTRIBUTES, SIZE
from starter.world import sample_scene


def test_drawings_are_smooth_and_noise_is_not():
    rng = random.Random(0)
    drawn = rendering.steady([sample_scene(rng, style="none") for _ in range(6)])
    noise = np.random.default_rng(0).integers(0, 256, drawn.shape, dtype=np.uint8)
    flat = np.full_like(drawn[:1], 128)
    assert rendering.smoothness(drawn).min() > rendering.GRAIN > rendering.smoothness(noise).max()
    assert rendering.smoothness(flat)[0] == 1


def test_every_figure_is_a_share_and_covers_what_the_judge_reads():
    rng = random.Random(1)
    scenes = [sample_scene(rng) for _ in range(4)]
    figures = rendering.read_off(judging.build("tiny").eval(), rendering.steady(scenes), scenes)
    assert set(figures) >= {name for name in rendering.FIGURES if name in ATTRIBUTES}
    assert all(0 <= share <= 1 for share in figures.values())


def test_real_prompts_are_spread_over_their_file(tmp_path):
    path = tmp_path / "prompts.csv"
    path.write_text(
        "id,prompt\n" + "".join(f'{n},"a cat, number {n}"\n' for n in range(100)) + "100,\n", encoding="utf-8"
    )
    assert rendering.real_prompts(path, 4) == [f"a cat, number {n}" for n in (0, 25, 50, 75)]


def test_a_steady_drawing_has_the_asked_size():
    assert rendering.steady([sample_scene(random.Random(2))]).shape == (1, SIZE, SIZE, 3)
