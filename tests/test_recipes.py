"""Recipes as text: what a stranger's may say of the picture that it begins with."""

import pytest

from tools.backends.recipes import least_steps, recipe_from_json, recipe_to_json
from tools.backends.records import Recipe, as_json

NOISE = Recipe(
    prompt="a fox", seed=7, steps=20, guidance=7.5, width=64, height=48, scheduler="DDIMScheduler", model="toy"
)
BEGUN = Recipe(**{**as_json(NOISE), "start": "5" * 64, "mask": "6" * 64, "strength": 0.05})


@pytest.mark.parametrize("recipe", [NOISE, BEGUN])
def test_a_recipe_comes_back_as_it_was_with_and_without_a_picture_to_begin_with(recipe: Recipe):
    assert recipe_from_json(recipe_to_json(recipe)) == recipe


@pytest.mark.parametrize(
    "wrong",
    [{"strength": 0}, {"strength": 1e-320}, {"strength": 0.0009}, {"strength": 0.04}, {"steps": 19}, {"strength": 1.5}, {"strength": -0.5},
     {"strength": float("nan")}, {"strength": True}, {"strength": "0.5"}, {"start": ""}, {"start": "", "mask": ""}, {"start": "", "strength": 0}],
)  # fmt: skip
def test_a_recipe_that_begins_with_a_picture_runs_a_step_and_one_that_does_not_names_no_part_of_it(wrong: dict):
    assert recipe_from_json({**as_json(BEGUN), **wrong}) is None


def test_the_fewest_steps_of_a_strength_run_one_and_one_fewer_runs_none():
    for strength in (0.001, 0.05, 1 / 49, 0.3, 0.6, 1):
        steps = least_steps(strength)
        assert int(steps * strength) >= 1 > int((steps - 1) * strength)
