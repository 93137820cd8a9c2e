"""Pictures that begin with a picture: what may change changes, what is masked stays bit for bit, the recipe names both."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from toy_models import (
    _t5,
    _unet,
    save_flux,
    save_stable_diffusion,
    save_stable_diffusion_3,
    save_stable_diffusion_xl,
)

from agent.settings import STARTER
from tools.backends import starting
from tools.backends.diffusion import Renderer
from tools.backends.errors import BadInput
from tools.backends.recipes import recipe_from_json, recipe_to_json
from tools.backends.starting import Start, cells, kept

SIDE = 32


def drawing(side: int = SIDE) -> Image.Image:
    """A red disc on green: nothing that any renderer makes by itself."""
    picture = Image.new("RGB", (side, side), (40, 160, 60))
    ImageDraw.Draw(picture).ellipse((side // 4, side // 4, 3 * side // 4, 3 * side // 4), fill=(200, 30, 30))
    return picture


def half(side: int = SIDE) -> Image.Image:
    """A mask that lets the right half change."""
    mask = Image.new("L", (side, side))
    mask.paste(255, (side // 2, 0, side, side))
    return mask


def far(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).mean())


def four(folder):
    return save_stable_diffusion(folder)


def eight(folder):
    return save_stable_diffusion(folder, channels=8)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory) -> Renderer:
    return Renderer(save_stable_diffusion(tmp_path_factory.mktemp("models") / "toy"), "cpu")


@pytest.mark.parametrize("save", [four, eight, save_stable_diffusion_xl, save_stable_diffusion_3, save_flux])
def test_every_family_begins_with_a_picture_and_keeps_what_is_masked(save, tmp_path):
    renderer = Renderer(save(tmp_path / "model"), "cpu")
    side = renderer.defaults.width
    plain = renderer.recipe("a fox", seed=1, steps=4)
    words_alone = renderer.render(plain)
    for start in (
        Start(picture=drawing(side), strength=0.5),
        Start(picture=drawing(side), mask=half(side), strength=0.5),
    ):
        recipe = renderer.recipe("a fox", seed=1, steps=4, start=start)
        steps: list[tuple[int, int]] = []
        made = renderer.render(recipe, start=start, on_step=lambda *step, to=steps: to.append(step))
        assert made.size == (side, side) and steps == [(1, 2), (2, 2)]
        assert made.tobytes() == renderer.render(recipe, start=start).tobytes() != words_alone.tobytes()
    left, right = (0, 0, side // 2, side), (side // 2, 0, side, side)
    assert made.crop(left).tobytes() == drawing(side).crop(left).tobytes()
    assert made.crop(right).tobytes() != drawing(side).crop(right).tobytes()
    assert renderer.render(plain).tobytes() == words_alone.tobytes()  # the model itself is as it was


def test_the_starter_changes_a_picture_the_more_the_higher_the_strength():
    renderer = Renderer(STARTER / "diffusion", "cpu", starter=True)
    side = renderer.defaults.width
    scene = renderer.render(renderer.recipe("a red boat on the sea by day", seed=3))
    at_night = {}
    for strength in (0.2, 0.6, 1.0):
        start = Start(picture=scene, strength=strength)
        at_night[strength] = renderer.render(
            renderer.recipe("a red boat on the sea at night", seed=4, start=start), start=start
        )
    distances = [far(picture, scene) for picture in at_night.values()]
    assert distances == sorted(distances) and distances[0] < 0.6 * distances[-1]
    start = Start(picture=scene, mask=half(side))
    made = renderer.render(renderer.recipe("a red boat on the sea at night", seed=4, start=start), start=start)
    left, right = (0, 0, side // 2, side), (side // 2, 0, side, side)
    assert far(made.crop(left), scene.crop(left)) == 0 and far(made.crop(right), scene.crop(right)) > 5


def test_a_picture_of_another_size_is_used_by_its_middle(renderer: Renderer):
    wide = Image.new("RGB", (4 * SIDE, 2 * SIDE), "blue")
    wide.paste(drawing(2 * SIDE), (SIDE, 0))
    start = Start(picture=wide, mask=Image.new("L", wide.size, 255))
    picture, mask = start.fitted(SIDE, SIDE)
    assert far(picture, drawing()) < 6 and mask is not None and mask.getextrema() == (255, 255)
    assert renderer.render(renderer.recipe("a fox", steps=2, start=start), start=start).size == (SIDE, SIDE)


def test_the_recipe_names_the_start_by_its_pixels_and_takes_no_other(renderer: Renderer):
    start = Start(picture=drawing(), mask=half())
    recipe = renderer.recipe("a fox", seed=1, steps=2, start=start)
    assert recipe_from_json(recipe_to_json(recipe)) == recipe and recipe.strength == 1.0
    same = Start(picture=drawing().convert("RGBA"), mask=half().convert("RGB"), strength=1.0)
    assert renderer.render(recipe, start=same).tobytes() == renderer.render(recipe, start=start).tobytes()
    plain = renderer.recipe("a fox", seed=1, steps=2)
    for one, given, words in (
        (recipe, None, "begins with a picture .* that it cannot hold. Give its file as well"),
        (recipe, Start(picture=drawing()), "begins with a mask"),
        (recipe, Start(picture=Image.new("RGB", (SIDE, SIDE)), mask=half()), "begins with another picture"),
        (plain, start, "knows nothing of a picture"),
        (dataclasses.replace(recipe, strength=0.0), start, "strength cannot be 0"),
    ):
        with pytest.raises(BadInput, match=words):
            renderer.render(one, start=given)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"strength": 0.0}, "strength cannot be 0"), ({"strength": 1.01}, "strength cannot be 1.01"),
        ({"strength": float("nan")}, "strength cannot be nan"), ({"strength": 1e-320}, "give a number from 0.001 to 1"), ({"strength": 0.05}, "With 4 steps a strength of 0.05 changes nothing: give at least 0.25"),
        ({"mask": Image.new("L", (SIDE, SIDE))}, "dark everywhere"), ({"mask": half(16)}, "of one size; they are 16×16 and 32×32 pixels"),
    ],
)  # fmt: skip
def test_a_start_that_cannot_be_is_refused_with_what_can(renderer: Renderer, wrong: dict, words: str):
    with pytest.raises(BadInput, match=words):
        renderer.recipe("a fox", steps=4, start=Start(picture=drawing(), **wrong))


def test_a_strength_that_runs_no_step_is_told_in_the_number_of_its_steps(renderer: Renderer):
    with pytest.raises(BadInput, match="With 1 step a strength of 0.5 changes nothing: give at least 1"):
        renderer.recipe("a fox", steps=1, start=Start(picture=drawing(), strength=0.5))


def save_deepfloyd(folder):
    """An IFPipeline: it paints pixels, and has no decoder."""
    import torch
    from diffusers import DDPMScheduler, IFPipeline

    torch.manual_seed(0)
    tokenizer, t5 = _t5()
    IFPipeline(
        tokenizer=tokenizer, text_encoder=t5, unet=_unet(in_channels=3, out_channels=6), scheduler=DDPMScheduler(variance_type="learned_range"),
        safety_checker=None, feature_extractor=None, watermarker=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_kontext(folder):
    """A FluxKontextPipeline: it edits a picture by words, with no strength."""
    from diffusers import FluxKontextPipeline

    FluxKontextPipeline.from_pretrained(save_flux(folder)).save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    ("save", "mask", "words"),
    [
        (save_kontext, None, "FluxKontextPipeline cannot begin with a picture"),
        (save_deepfloyd, None, "IFPipeline cannot begin with a picture"),
        (save_deepfloyd, half(128), "IFPipeline cannot keep a part of a picture"),
    ],
)
def test_a_model_that_heeds_no_strength_or_no_size_does_not_claim_it(save, mask, words, tmp_path):
    renderer = Renderer(save(tmp_path / "model"), "cpu")
    start = Start(picture=drawing(128), mask=mask, strength=0.5)
    with pytest.raises(BadInput, match=f"{words}. Set ATELIER_IMAGE_MODEL to another model"):
        renderer.render(renderer.recipe("a fox", seed=1, steps=2, size="128x128", start=start), start=start)


# --- masks ---


def stroke(width: int, side: int = 64) -> Image.Image:
    """A mask with an upright stroke of so many pixels, which begins at pixel 29."""
    mask = Image.new("L", (side, side))
    mask.paste(255, (29, 0, 29 + width, side))
    return mask


def shares(mask: Image.Image) -> np.ndarray:
    """How much of each pixel is new, in percent."""
    size = mask.size
    made = kept(Image.new("RGB", size, (100,) * 3), Image.new("RGB", size), mask)
    return np.asarray(made)[..., 0]


@pytest.mark.parametrize(
    ("width", "new"), [(1, [100]), (2, [100] * 2), (3, [100] * 3), (4, [75, 100, 100, 75]), (9, [60, 80, *[100] * 5, 80, 60])]
)  # fmt: skip
def test_the_inmost_of_a_stroke_is_wholly_new_however_thin_and_goes_over_softly_where_there_is_room(width, new):
    row = shares(stroke(width))[32]
    assert row[29 : 29 + width].tolist() == new and not row[:29].any() and not row[29 + width :].any()


def test_a_thin_stroke_is_wholly_new_beside_a_broad_part_too():
    mask = stroke(1)
    mask.paste(255, (31, 0, 60, 64))
    assert shares(mask)[32, 28:36].tolist() == [0, 100, 0, 80, 80, 100, 100, 100]


def test_a_single_pixel_may_change_and_nothing_dark_does():
    mask = Image.new("L", (64, 64))
    mask.putpixel((10, 50), 255)
    mask.paste(255, (20, 20, 27, 27))
    new = shares(mask)
    assert (
        new[50, 10] == new[23, 23] == 100
        and not new[np.asarray(mask) == 0].any()
        and new[np.asarray(mask) == 255].min() > 20
    )


def test_a_model_is_given_every_square_that_the_mask_touches():
    given = np.asarray(cells(stroke(4), 4))
    assert (given[:, 28:36] == 255).all() and not given[:, :28].any() and not given[:, 36:].any()
    assert cells(half(64), 8).tobytes() == half(64).tobytes()


def test_a_stroke_between_the_pixels_that_diffusers_asks_is_painted_anew():
    renderer = Renderer(STARTER / "diffusion", "cpu", starter=True)
    side = renderer.defaults.width
    light = np.asarray(stroke(2, side)) == 255
    blue = Image.new("RGB", (side, side), (30, 60, 200))
    unlike = []
    for words in ("a red boat in the desert by day", "a green frog in the forest at night"):
        start = Start(picture=blue, mask=stroke(2, side))
        made = renderer.render(renderer.recipe(words, seed=4, steps=8, start=start), start=start)
        assert (np.asarray(made)[~light] == np.asarray(blue)[~light]).all()
        unlike.append(np.asarray(made, np.float32)[light])
    assert np.abs(unlike[0] - unlike[1]).mean() > 5  # the words had a say there: it is more than the decoder's rounding


@pytest.mark.parametrize(
    "box", [(0, 0, 60, 128), (150, 60, 151, 62)], ids=["outside the middle that is rendered", "too small to be seen there"]
)  # fmt: skip
def test_a_mask_of_which_nothing_is_left_in_the_rendered_size_is_refused(renderer: Renderer, box):
    wide = Image.new("RGB", (256, 128), "blue")
    mask = Image.new("L", wide.size)
    mask.paste(255, box)
    start = Start(picture=wide, mask=mask)
    words = "outside the middle that is rendered, or is too small at 32×32, .* or choose a larger size"
    with pytest.raises(BadInput, match=words):
        renderer.recipe("a fox", steps=2, start=start)
    recipe = renderer.recipe("a fox", seed=1, steps=2, size="128x64", start=Start(picture=wide))
    with pytest.raises(BadInput, match=words):
        renderer.render(
            dataclasses.replace(recipe, start=start.names[0], mask=start.names[1], strength=1.0, width=32, height=32),
            start=start,
        )


def test_a_mask_that_is_too_small_in_one_size_is_taken_in_a_larger_one(renderer: Renderer):
    mask = Image.new("L", (64, 64))
    mask.putpixel((32, 32), 255)
    start = Start(picture=drawing(64), mask=mask)
    with pytest.raises(BadInput, match="too small at 32×32"):
        renderer.recipe("a fox", steps=2, start=start)
    assert renderer.recipe("a fox", steps=2, size="64x64", start=start).mask


# --- finding it again ---


def test_a_picture_that_was_looked_at_is_not_opened_again_until_its_file_changes(
    renderer: Renderer, tmp_path, monkeypatch
):
    opened: list[str] = []

    def open_picture(path: Path) -> Image.Image:
        opened.append(path.name)
        return really(path)

    really = starting.open_picture
    monkeypatch.setattr(starting, "open_picture", open_picture)
    files = [(name, tmp_path / f"{name}.png") for name in ("other", "broken", "sketch")]
    Image.new("RGB", (SIDE, SIDE)).save(files[0][1])
    files[1][1].write_bytes(b"no picture")
    drawing().save(files[2][1])
    files.append(("nowhere", tmp_path / "nowhere.png"))
    recipe = renderer.recipe("a fox", steps=4, start=Start(picture=drawing(), strength=0.5))
    for _ in range(3):
        found = starting.find(recipe, files)
        assert found is not None and (found.called, found.strength) == ("sketch", 0.5)
        assert found.picture.tobytes() == drawing().tobytes()
    assert sorted(opened) == ["broken.png", "other.png", *["sketch.png"] * 4]
    drawing().rotate(90).transpose(Image.Transpose.ROTATE_90).resize((16, 16)).save(files[2][1])
    os.utime(files[2][1], ns=(1, 1))
    assert starting.find(recipe, files) is None
