"""Wishes about all of a prompt, about what was taken out, and about two pictures in one breath. Pure."""

import pytest
from test_wishes import told


@pytest.mark.parametrize(
    "words", ["remove everything", "clear everything", "delete it all", "wipe the prompt", "remove all of it please"]
)
def test_removing_everything_is_a_new_beginning_and_no_render(words):
    assert told(words) == [("fresh",)]


@pytest.mark.parametrize(
    "words",
    ["delete all my favourites", "clear my favorites", "remove all of my favourites please", "empty my favourites"],
)
def test_removing_all_favourites_is_no_change_of_a_prompt(words):
    assert told(words) == [("forget",)]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("keep the castle but remove everything else", ("the castle",)), ("keep castle, drop all the rest", ("castle",)),
        ("remove everything but the castle", ("the castle",)), ("delete everything except for the castle and the moon", ("the castle", "the moon")),
        ("keep only the castle", ("the castle",)), ("nothing but the castle", ("the castle",)), ("just the castle please", ("the castle",)),
        ("the castle and nothing else", ("the castle",)), ("I only want the castle", ("the castle",)),
    ],
)  # fmt: skip
def test_one_thing_is_kept_and_all_else_goes(words, parts):
    assert [wish[0] for wish in told(words)] == ["only"]
    assert told(words)[0][2:] == parts


@pytest.mark.parametrize(
    "words", ["keep only the castle as it is", "only the first one", "just the prompt", "only the castle should be red"]
)
def test_what_only_looks_like_keeping_one_thing_is_none(words):
    assert "only" not in {wish[0] for wish in told(words)}


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("put the boat back", ("restore", "boat")), ("add the boat again", ("restore", "boat")), ("add it back", ("restore",)),
        ("bring it back", ("restore",)), ("can I have the boat back?", ("restore", "boat", "the boat")), ("the boat should come back", ("restore", "boat")),
        ("put it back", ("undo",)), ("take it back", ("undo",)), ("bring back the first one", ("back", "the first one")),
        ("give me the old prompt back", ("undo",)), ("take back what you just did", ("undo",)),
    ],
)  # fmt: skip
def test_what_was_taken_out_is_wished_back(words, wish):
    assert told(words) == [wish]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("make that one bluer and the first one redder", [("more", "blue"), ("unknown", "the first one redder")]),
        ("picture 2 in watercolour and picture 1 in oil", [("back", "picture 2"), ("style", "watercolour"), ("unknown", "picture 1 in oil")]),
        ("save the first one and make the second one darker", [("save", "the first one"), ("back", "the second one"), ("more", "dark")]),
        ("make it like the first one but at night", [("back", "the first one"), ("time", "at night")]),
        ("make it look exactly like picture one", [("back", "picture 1")]),
        ("save picture 1 and 2", [("save", "picture 1"), ("save", "picture 2")]),
    ],
)  # fmt: skip
def test_a_message_changes_one_picture_and_says_so_of_the_other(words, wishes):
    assert told(words) == wishes
