"""Words and the picture they mean: places, content, what came before it, what was saved or liked, and when."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.backends import references
from tools.backends.records import Draft, Picture, Recipe
from tools.backends.references import Album, album, candidates, not_one
from tools.backends.spans_of_time import take_time
from tools.backends.stems import one_slip, stem

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=timezone(timedelta(hours=1)))  # a Sunday
# A conversation: prompt, parent picture, what was asked. Two ideas; the first one branches after picture 2.
STORY = (
    ("a cat in a red scarf on a sofa", None, "a cat in a red scarf on the sofa"),
    ("a cat in a red scarf on a sofa, watercolor", 1, "as a watercolour"),
    ("a cat in a red scarf on a sofa, watercolor, at night", 2, "at night please"),
    ("a cat in a red scarf on a sofa, watercolor, at night, neon lights", 3, "give it neon"),
    ("a cat in a red scarf on a sofa, watercolor, at night, neon lights, film grain", 4, "a bit more cinematic"),
    ("a cat in a red scarf on a sofa, watercolor, pastel tones", 2, "back to the second, softer"),
    ("a castle on a hill, golden hour", None, "now a castle"),
    ("a castle on a hill, golden hour, rain", 7, "make it rain"),
)


def story(current: int | None = None, **more: object) -> Album:
    recipe = {"seed": 1, "steps": 4, "guidance": 5, "width": 64, "height": 64, "scheduler": "s", "model": "m"}
    drafts = [
        Draft(number=n, prompt=prompt, parent=parent, request=request)
        for n, (prompt, parent, request) in enumerate(STORY, 1)
    ]
    pictures = [
        Picture(name=f"picture {n}", path=f"/{n}.png", recipe=Recipe(prompt=prompt, **recipe), draft=n,
                parent=f"picture {parent}" if parent else None)
        for n, (prompt, parent, _) in enumerate(STORY, 1)
    ]  # fmt: skip
    at = pictures[(current or len(pictures)) - 1]
    return album(pictures, drafts, current=at, **{"now": NOW, **more})  # type: ignore[arg-type]


def meant(words: str, among: Album) -> list[int]:
    return [int(picture.name.split()[1]) for picture in candidates(words, among)]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("two before this", 4), ("2 before", 4), ("two pictures back", 4), ("three ago", 3), ("the one after this", 7), ("one back", 5),
        ("the second to last", 7), ("the last but one", 7), ("the penultimate one", 7), ("third from the end", 6), ("the last but two", 6),
        ("the one before the last one", 7), ("the one before picture 3", 2), ("two before the fifth", 3), ("the one after the third one", 4),
        ("version 3", 3), ("the second picture please", 2), ("picture 3, the night one", 3), ("draft 5", 5),
        ("pictrue 3", 3), ("teh frist one", 1), ("the thrid", 3), ("lates", 8), ("the forth one", 4), ("the orignal", 1),
    ],
)  # fmt: skip
def test_words_of_place_count_pictures(words: str, number: int):
    assert meant(words, story(current=6)) == [number]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("the neon one", 4), ("the one with the red scarf", 6), ("the one with neon lights", 4), ("the night version", 3),
        ("the one where it's raining", 8), ("the rainy one", 8), ("the pastel one", 6), ("the first watercolor", 2),
        ("the second watercolour", 3), ("the last watercolor", 6), ("the castle at golden hour", 8), ("the castle", 8),
        ("the first castle", 7), ("the cinematic one", 5), ("the softer version", 6), ("the one with film grain", 5),
        ("the caslte", 8), ("the neno one", 4), ("the watercolro at night", 3), ("that lovely neon picture", 4),
        ("the previous castle", 7), ("the castle without rain", 7), ("the one you drew with a castle on a hill and rain", 8),
    ],
)  # fmt: skip
def test_words_of_content_mean_the_picture_that_they_came_in_with_or_the_line_where_it_was_left(
    words: str, number: int
):
    assert meant(words, story()) == [number]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("the one before the neon", 3), ("before the neon", 3), ("the picture just before neon came in", 3), ("two before the neon", 2),
        ("the one before we added the film grain", 4), ("befor the neon", 3), ("the one before it was night", 2),
        ("the one after the neon", 5), ("the one before the pastel one", 2),  # its own line: picture 5 is of another branch
        ("the one before the castle", 6), ("the watercolor before the castle", 6), ("the one before the one before the neon", 2),
        ("the first watercolor before the castle", 2),
    ],
)  # fmt: skip
def test_before_means_the_picture_that_the_change_was_made_to(words: str, number: int):
    assert meant(words, story()) == [number]


def test_the_castle_is_where_the_person_is_in_its_line():
    assert meant("the castle", story(current=7)) == [7]
    assert meant("the castle", story(current=3)) == [8]


def test_saves_and_thumbs_are_remembered_in_their_order():
    among = story(favourites=["picture 6", "picture 2"], ratings={"picture 3": "up", "picture 5": "down"})
    assert meant("the last one I saved", among) == [2]
    assert meant("the first one i saved", among) == [6]
    assert meant("the pastel one I saved", among) == [6]
    assert meant("the one I liked", among) == [3]
    assert meant("the 👍 one", among) == [3]
    assert meant("the one I didn't like", among) == [5]
    assert meant("the one I disliked", among) == [5]
    assert sorted(meant("the saved one", among)) == [2, 6]
    assert meant("the one I liked", story(favourites=["picture 6"])) == [6]  # whoever saves a picture likes it
    assert meant("the one I saved", story()) == []


def test_several_that_fit_are_named_and_nothing_is_guessed():
    among = story(ratings={"picture 3": "up", "picture 5": "up"})
    liked, none = candidates("the one I liked", among), candidates("the submarine", among)
    told = str(not_one("the one I liked", liked, among))
    assert re.search(r"may mean 2 pictures: picture 3 \(a cat.*picture 5 \(a cat.*Say which", told)
    assert "There are picture 1 to picture 8" in str(not_one("the submarine", none, among))


@pytest.mark.parametrize(
    ("words", "hours_ago", "fits"),
    [
        ("yesterday's castle", 24, True), ("the castle from yesterday", 24, True), ("yesterdays castle", 24, True),
        ("yesterday's castle", 1, False), ("the castle from this morning", 6, True), ("the castle from this morning", 3, False),
        ("the castle from last night", 18, True), ("the castle from last night", 30, False), ("the castle two hours ago", 2, True),
        ("the castle from an hour ago", 5, False), ("the castle from the day before yesterday", 48, True), ("today's castle", 5, True),
        ("friday's castle", 48, True), ("the castle from last week", 24 * 8, True), ("the castle I made 3 days ago", 72, True),
    ],
)  # fmt: skip
def test_times_are_the_persons_own(words: str, hours_ago: int, fits: bool):
    at = (NOW - timedelta(hours=hours_ago)).astimezone(UTC)
    among = story(times={"picture 7": at, "picture 8": at})
    assert meant(words, among) == ([8] if fits else [])
    assert references.reaches_out(words, NOW)


def test_a_time_of_day_alone_is_content():
    assert take_time("the night version", NOW) == (None, "the night version")
    assert not references.reaches_out("the one in the morning light", NOW)


@pytest.mark.parametrize(
    "words",
    [
        "mast",
        "sixty",
        "the boot one",
        "the coat",
        "picture 99",
        "before the beginning",
        "the one with everything",
        "the",
        "x" * 5000,
    ],
)
def test_what_is_not_there_is_not_guessed(words: str):
    assert meant(words, story()) in ([], [8])[: 1 + (words == "the")]


def test_words_are_one_without_their_endings_and_with_one_slip_but_no_more():
    assert stem("castles") == stem("castle") == stem("castle's")
    assert stem("raining") == stem("rainy") == stem("rain")
    assert stem("colour") == stem("colors")
    assert (
        one_slip("caslte", "castle") and one_slip("wattercolor", "watercolor") and one_slip("waterkolor", "watercolor")
    )
    assert not one_slip("boot", "boat") and not one_slip("coat", "boat") and not one_slip("cat", "cast")


@given(st.text(max_size=80))
def test_no_words_break_it(words: str):
    assert len(meant(words, story())) <= len(STORY)
