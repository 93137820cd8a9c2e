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


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("like the second one but at night", [("back", "the second one"), ("time", "at night")]),
        ("like the second one, but at night", [("back", "the second one"), ("time", "at night")]),
        ("like this but at night", [("time", "at night")]), ("like that, only darker", [("more", "dark")]),
        ("exactly like the first, only foggy", [("back", "the first"), ("add", "foggy")]), ("as in picture 1 but red", [("back", "picture 1"), ("add", "red")]),
    ],
)  # fmt: skip
def test_what_is_to_be_like_another_picture_but_is_no_thumbs_up(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("like it", [("rate", "up")]), ("like the second one", [("rate", "the second one", "up")]), ("I like it but make it darker", [("rate", "up"), ("more", "dark")]),
        ("more like the second one", [("again", "the second one", "x2")]),
    ],
)  # fmt: skip
def test_what_is_only_liked_is_rated(words, wishes):
    assert told(words) == wishes


def test_the_same_for_another_picture_may_have_more_on_top():
    assert told("the same for picture 1 but darker") == [("back", "picture 1", "the same"), ("more", "dark")]
    assert told("and for picture 3") == [("back", "picture 3", "the same")]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("keep just the boat and the sunset", ("the boat", "the sunset")), ("make it just the boat", ("the boat",)), ("strip it down to the boat", ("the boat",)),
        ("remove everything that isnt the boat", ("the boat",)), ("all i want is the boat", ("the boat",)), ("reduce the prompt to just the boat", ("the boat",)),
    ],
)  # fmt: skip
def test_more_ways_of_keeping_one_thing(words, parts):
    assert [wish[0] for wish in told(words)] == ["only"]
    assert told(words)[0][2:] == parts


@pytest.mark.parametrize(
    "words",
    [
        "take everything out that you added",
        "take all the words you added out",
        "drop everything i didn't ask for",
        "just my own words please",
    ],
)
def test_what_the_person_never_said_goes(words):
    assert [(wish[0], wish[2]) for wish in told(words)] == [("only", "own words")]


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("put everything back", ("restore", "all of them")), ("put all back", ("restore", "all of them")), ("put back what you removed", ("restore", "all of them")),
        ("put the things back you took out", ("restore", "all of them")), ("put them back", ("restore", "them")), ("actually put them back", ("restore", "them")),
        ("restore it", ("restore",)), ("give me back the sunset", ("restore", "sunset", "the sunset")), ("I miss the snow", ("restore", "snow")),
        ("I'd like the lamp to come back", ("restore", "lamp", "the lamp")), ("put the moon back in the sky", ("restore", "moon", "was in the sky")),
        ("I miss the old one", ("unknown", "I miss the old one")), ("take me back to picture 2", ("back", "picture 2")),
    ],
)  # fmt: skip
def test_more_ways_of_wishing_back(words, wish):
    assert [sorted(one) for one in told(words)] == [sorted(wish)]


def test_only_what_names_another_place_is_put_there_and_only_one_picture_gets_the_same():
    assert told("put the boat back in the picture") == told("put the boat back in its place") == [("restore", "boat")]
    assert told("put all of them back") == [("restore", "all of them")]
    assert told("like the one before but darker") == [("back", "the one before"), ("more", "dark")]
    assert told("like the first one, please") == [("rate", "the first one", "up")]
    assert [wish[0] for wish in told("the same for picture 2 and picture 3")] == ["back", "unknown"]
