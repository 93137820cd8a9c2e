"""Statements of how a picture should be, with an order around them, are heard as the order. Pure."""

import pytest
from test_wishes import told


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("can you make it so that the boat is green", [("replace", "green boat", "was boat")]), ("make it so the boat is green", [("replace", "green boat", "was boat")]),
        ("make it look so that its night", [("time", "night")]), ("i want it to be such that there is a moon", [("add", "a moon")]),
        ("make it look like its snowing", [("add", "falling snow")]), ("make sure the dog is brown", [("replace", "brown dog", "was dog")]),
        ("i'd appreciate it if you made it darker", [("more", "dark")]), ("it would be nice if it was raining", [("add", "rain")]),
        ("I'd love it if the cat was black", [("replace", "black cat", "was cat")]), ("what if we removed the boat", [("remove", "boat")]),
        ("what if the fog was gone", [("remove", "fog")]), ("let there be a moon", [("add", "a moon")]), ("I wish there were no cars", [("avoid", "cars")]),
        ("would it be possible to have rain", [("add", "rain")]), ("save it, and make it so the boat is green", [("save",), ("replace", "green boat", "was boat")]),
    ],
)  # fmt: skip
def test_a_statement_with_an_order_around_it_is_the_order(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("make it look like a painting", [("style", "painting")]), ("what if it was night", [("time", "night")]), ("I wish", [("unknown", "I wish")]),
        ("make sure there are no people", [("avoid", "people")]), ("make it so cozy", [("more", "cozy")]),
    ],
)  # fmt: skip
def test_what_only_begins_like_a_frame_is_heard_as_it_was(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    "words", ["make the boat disappear", "make the boat go away", "let the boat vanish", "have the boat go away"]
)
def test_what_is_to_vanish_is_removed(words):
    assert told(words) == [("remove", "boat")]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("could you please kindly be so nice and add a cat", [("add", "a cat")]), ("make it just a bit darker", [("more", "dark")]),
        ("plz add a seagul n make it foggy thx", [("add", "a seagul"), ("more", "foggy")]), ("make teh boat geren", [("replace", "green boat", "was boat")]),
        ("make it only a boat", [("subject", "boat")]), ("i said a moon", [("add", "a moon")]), ("i said darker", [("more", "dark")]),
        ("make the robot dog blue", [("replace", "blue robot dog", "was robot dog")]),
        ("unlock the boat and turn it blue", [("unlock", "the boat"), ("replace", "blue boat", "was boat")]),
        ("unlock the boat and make it night", [("unlock", "the boat"), ("time", "night")]),
        ("lock the boat and make it darker", [("lock", "the boat"), ("more", "dark")]),
        ("put it back on the sofa", [("place", "on the sofa")]), ("remember the boat", [("unknown", "remember the boat")]),
        ("what's kept out?", [("prompt",)]), ("list my favourites", [("favourites",)]),
    ],
)  # fmt: skip
def test_no_part_of_an_order_ends_up_in_the_prompt(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize(
    "words", ["sorry, my mistake", "oops my mistake", "it was my fault", "sorry about that, my mistake"]
)
def test_an_excuse_is_no_idea(words, draft):
    assert [wish[0] for wish in told(words, draft=draft)] == ["unknown"]


def test_all_that_is_wanted_is_an_idea_where_there_is_none_yet():
    assert told("all i want is a boat on a lake", draft=False) == [("idea", "a boat on a lake")]
    assert told("all i want is the boat", draft=False) == [("idea", "the boat")]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("make sure the boat stays red", [("lock", "the boat")]), ("make sure you keep the boat", [("lock", "the boat")]),
        ("make sure that nobody is in it", [("avoid", "people")]), ("it would be nice if it wasn't so dark", [("less", "dark")]),
        ("make it so that you can see the moon", [("missing", "moon")]), ("it would be nice if it looked like a painting", [("style", "painting")]),
        ("what if we added a bird and made it night", [("add", "a bird"), ("time", "night")]), ("make it seem like it's dark", [("more", "dark")]),
        ("make everything disappear", [("fresh",)]), ("remove the boat its ugly", [("remove", "boat")]),
    ],
)  # fmt: skip
def test_what_is_to_stay_to_be_seen_or_to_be_less_may_be_stated_too(words, wishes):
    assert told(words) == wishes
