# ruff: noqa: F811 - fixtures are imported
"""Why a phrase is there, and why another is gone: read off what was kept, with whose words asked for it."""

from typing import Any

import pytest
from hands import change, writer  # noqa: F401 - a fixture
from test_refine_prompt import picture

from agent import telling
from tools.backends.errors import BadInput


def told(writer, phrase: str) -> str:
    """What the guide says."""
    shown = [{"name": p.name, "draft": p.draft} for p in writer.thread.pictures]
    return telling.why(writer.explain_change(phrase=phrase)[1], phrase, shown)


def say(writer, words: str, **args: Any) -> None:
    writer.said = words
    writer.refine_prompt(**{"changes": [], **args})
    picture(writer)


@pytest.fixture
def castle(writer):
    """A castle, in neon, then as a watercolor without the moon; pictures 1 to 3."""
    say(writer, "a castle on a hill, the moon", start="a castle on a hill, the moon")
    say(writer, "make it neon", changes=[change("added", "neon"), change("added", "neon glow")])
    gone = [change("removed", "the moon"), change("replaced", "watercolor", was="neon"), change("removed", "neon glow")]
    say(writer, "remove the moon and make it watercolor", changes=gone, avoid=["people"])
    return writer


@pytest.mark.parametrize("phrase", ["remove the moon", "moon gone", "no moon", "out the moon", "the moon", "moons"])
def test_what_was_taken_out_is_told_with_the_words_that_asked_for_it(castle, phrase):
    assert told(castle, phrase) == (
        "I took out “the moon” when you said “remove the moon and make it watercolor” (picture 3): you asked for that."
    )


@pytest.mark.parametrize("phrase", ["at neon", "in the neon", "with a neon", "on a castle"])
def test_a_preposition_that_the_prompt_does_not_say_is_passed_over(castle, phrase):
    assert "castle" in told(castle, phrase) if "castle" in phrase else "“neon”" in told(castle, phrase)
    assert "you said “a castle on a hill" in told(castle, "on a hill"), "and what it does say is asked about as it is"
    with pytest.raises(BadInput, match="'at dawn' is not in the prompt"):
        castle.explain_change(phrase="at dawn")


def test_what_came_and_went_again_is_told_with_both(castle):
    said = told(castle, "neon")
    assert said.startswith("I added “neon” when you said “make it neon” (picture 2): ")
    assert said.endswith("I put in “watercolor” for “neon” when you said “remove the moon and make it watercolor” (picture 3): those are your words, and no example was cited for them.")  # fmt: skip


def test_it_is_what_was_taken_out_last(castle):
    assert told(castle, "remove it").startswith("I took out “the moon”") and "watercolor" in told(castle, "remove that")


def test_what_made_room_for_a_wish_and_what_stands_in_its_place_is_told_as_that(castle):
    assert told(castle, "remove neon glow").endswith("(picture 3): it made room for what you asked for.")
    assert told(castle, "remove neon").startswith("I put in “watercolor” for “neon” when you said “remove the moon")


@pytest.mark.parametrize("phrase", ["castle", "a castle", "it a castle", "the castles"])
def test_the_persons_own_words_are_told_with_where_they_said_them(castle, phrase):
    assert "is your own wording: you said “a castle on a hill, the moon” (picture 1), and I keep it" in told(
        castle, phrase
    )


def test_the_words_of_another_idea_are_known_as_well(castle):
    say(castle, "a boat at sea", start="a boat at sea")
    assert told(castle, "a castle") == (
        "“castle” is your own wording, of another idea: you said “a castle on a hill, the moon” (picture 1)."
    )
    assert told(castle, "remove the castle").startswith("I did not take “castle” out: it stands in picture 3")


def test_what_is_still_there_was_not_removed_and_what_is_kept_out_was_asked_for(castle):
    assert told(castle, "remove the castle").startswith("“castle” is in the prompt all the same. “castle” is your own")
    assert told(castle, "people").startswith("“people” is kept out since you said “remove the moon")


def test_what_was_left_behind_by_going_back_was_not_removed(castle):
    castle.said = "back to the first one"
    castle.refine_prompt(changes=[], base="picture 1")
    assert told(castle, "remove watercolor") == (
        "I did not take “watercolor” out: it stands in picture 3, and we went on from a prompt without it. "
        'Say "back to picture 3" to have it again.'
    )


def test_an_examples_words_are_not_the_persons(writer):
    say(writer, "draw the second one", start="a ruin at dusk, mist")
    assert (
        told(writer, "mist")
        == "“mist” came with the example that you chose when you said “draw the second one” (picture 1)."
    )


def test_a_phrase_that_only_begins_like_an_order_is_a_phrase(writer):
    say(writer, "a box with a drop shadow", start="a box with a drop shadow")
    assert "“drop shadow” is your own wording" in told(writer, "drop shadow")


def test_words_that_nobody_used_are_said_to_be_none_here(castle):
    with pytest.raises(BadInput, match="'zebra' is not in the prompt, and nobody here put it in or took it out"):
        castle.explain_change(phrase="zebra")
    castle.explain_change()


def test_before_any_change_there_is_nothing_to_explain(writer):
    say(writer, "a box", start="a box")
    with pytest.raises(BadInput, match="Nothing was changed yet"):
        writer.explain_change()


@pytest.mark.parametrize("phrase", ["it raining", "rainy", "make it rain", "the rain"])
def test_the_weather_is_the_same_in_every_form(writer, phrase):
    say(writer, "a red car in the rain", start="a red car in the rain")
    assert "is your own wording: you said “a red car in the rain”" in told(writer, phrase)


def test_what_was_taken_out_last_is_told_without_a_name(castle):
    assert told(castle, "out").startswith("I took out “the moon”")
