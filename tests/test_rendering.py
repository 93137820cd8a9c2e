"""What evaluations say of rendered pictures, held by drawings, whose truth is known."""

import random

import numpy as np
import pytest
import torch
from PIL import Image

from starter import evaluate, rendering, sheets
from starter import judge as judging
from starter.data import ATTRIBUTES, SIZE
from starter.world import RELATIONS, STYLES, SUBJECTS, WEIGHTS, fits, sample_scene


def test_drawings_are_smooth_and_noise_is_not():
    rng = random.Random(0)
    drawn = rendering.steady([sample_scene(rng, style=style) for style in STYLES])
    noise = np.random.default_rng(0).integers(0, 256, drawn.shape, dtype=np.uint8)
    flat = np.full_like(drawn[:1], 128)
    assert rendering.smoothness(drawn).min() > rendering.GRAIN > rendering.smoothness(noise).max()
    assert rendering.smoothness(flat)[0] == 1


@pytest.mark.skipif(
    not (WEIGHTS / "diffusion" / "model_index.json").exists(), reason="the models of this world are in the making"
)
def test_noise_that_was_decoded_is_no_picture_either():
    decoder = evaluate.load_pipeline(WEIGHTS / "diffusion").vae
    latents = torch.randn(8, decoder.config.latent_channels, 16, 16, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        made = decoder.decode(latents / decoder.config.scaling_factor).sample.clamp(-1, 1)
    pictures = ((made + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    assert rendering.smoothness(pictures).max() < rendering.GRAIN


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


def test_sheets_show_every_subject_and_style_and_only_scenes_that_the_world_has():
    shown, each = sheets.styles(), sheets.subjects()
    assert [scene.subject for scene in each] == list(SUBJECTS)
    assert {scene.style for scene in shown} == set(STYLES) and len(shown) % len(STYLES) == 0
    assert all(fits(scene) for scene in [*shown, *each])


def test_the_sheet_of_pairs_shows_every_relation_on_scenes_never_trained_on():
    scenes = sheets.together()
    assert {scene.relation for scene in scenes} == set(RELATIONS)
    assert all(scene.held_out and fits(scene) for scene in scenes)


def test_a_grid_holds_its_pictures_in_order(tmp_path):
    pictures = np.stack([np.full((8, 8, 3), 40 * n, np.uint8) for n in range(5)])
    sheets.grid(pictures, 3, tmp_path / "page.png")
    page = np.asarray(Image.open(tmp_path / "page.png"))
    assert page.shape == (24, 36, 3)
    assert [page[n // 3 * 12, n % 3 * 12, 0] for n in range(6)] == [0, 40, 80, 120, 160, 255]


def test_guidance_is_chosen_by_what_reads_best():
    class Pipe:
        scheduler = type("DDIMScheduler", (), {})()

        def __call__(self, words, num_inference_steps, guidance_scale, **_):
            return type("Made", (), {"images": np.full((len(words), 2, 2, 3), guidance_scale / 10)})

    def read(pictures, scenes):
        near = 1 - abs(float(pictures.mean()) / 255 - 0.35)
        return {"subject": near, "place": near, "style": near}

    assert evaluate.tune(Pipe(), read, 6, 2.5) == {"steps": 6, "guidance": 3.5}
