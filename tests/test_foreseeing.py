"""What a look ahead is a look at, and that a "yes" to it makes just that."""

import pytest
from replies_kit import now, turn
from test_understanding import CAT, calls, named

from agent import foreseeing, reporting
from tools.backends import phrases

ROBOT = {**CAT, "prompt": "a robot in the city by day, rain"}


@pytest.mark.parametrize(
    ("words", "candidate"),
    [
        ("without the robot", "a city by day, rain"),
        ("with snow instead of rain", "a robot in the city by day, snow"),
        ("with a cat instead of the robot", "a cat in the city by day, rain"),
        ("at night", "a robot in the city at night, rain"),
        ("without the rain", "a robot in the city by day"),
        ("with a red flag", ""),
        ("without any people", ""),
    ],
)
def test_a_look_ahead_is_at_the_prompt_that_a_yes_would_write(words, candidate):
    seen = now(f"what would it look like {words}?", drafts={1: ROBOT})
    if words == "without the robot":
        candidate = foreseeing.candidate(words, "", seen)
        assert candidate and not phrases.holds(candidate, "robot")
    asked = {"words": words} | ({"prompt": candidate} if candidate else {})
    assert named(seen, preview_prompt={"foresight": {}}) == [("preview_prompt", asked)]


def test_where_nothing_would_change_that_is_said_instead_of_a_look():
    seen = now("what would it look like with a cat instead of the zebra?", drafts={1: ROBOT})
    made, said = calls(seen)
    assert (made, said.split(". It is")[0]) == ([], "The prompt does not hold 'zebra'")


def test_a_look_ahead_at_another_picture_changes_that_one_s_prompt():
    asked = named(now("what would picture 2 look like without neon?"), preview_prompt={"foresight": {}})[0][1]
    assert (asked["base"], asked["prompt"]) == ("picture 2", "a dog on the beach")


@pytest.mark.parametrize("words", ["without the robot", "without the rain", "with snow instead of rain"])
def test_a_yes_keeps_nothing_out_that_stays_in_the_prompt(words):
    foreseen = turn("x", ("preview_prompt", {"words": words}, {"foresight": {}}))
    made = dict(named(now("do it", foreseen, drafts={1: ROBOT})))["refine_prompt"]
    gone = [change.get("was") or change["phrase"] for change in made["changes"]]
    assert any("robot" in text or "rain" in text for text in gone)


def test_a_look_ahead_is_told_with_the_words_as_they_were_said():
    answer = {"foresight": {"matches": [{"example": {"prompt": "a city"}}], "agreement": 0.9}}
    assert "to the prompt “without the robot” agree" in reporting.foresight(answer, "without the robot")
    assert "to the prompt with “fog” agree" in reporting.foresight(answer, "fog")
