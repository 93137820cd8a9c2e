"""Pictures that begin with a picture: what may change changes, what is masked stays bit for bit, the recipe names both."""

import dataclasses

import numpy as np
import pytest
from PIL import Image, ImageDraw
from toy_models import save_flux, save_stable_diffusion, save_stable_diffusion_3, save_stable_diffusion_xl

from agent.settings import STARTER
from tools.backends.diffusion import Renderer
from tools.backends.errors import BadInput
from tools.backends.recipes import recipe_from_json, recipe_to_json
from tools.backends.starting import Start

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
    for strength in (0.3, 0.6, 1.0):
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
        ({"strength": float("nan")}, "strength cannot be nan"), ({"strength": 0.05}, "With 4 steps a strength of 0.05 changes nothing: give at least 0.25"),
        ({"mask": Image.new("L", (SIDE, SIDE))}, "dark everywhere"), ({"mask": half(16)}, "of one size; they are 16×16 and 32×32 pixels"),
    ],
)  # fmt: skip
def test_a_start_that_cannot_be_is_refused_with_what_can(renderer: Renderer, wrong: dict, words: str):
    with pytest.raises(BadInput, match=words):
        renderer.recipe("a fox", steps=4, start=Start(picture=drawing(), **wrong))
