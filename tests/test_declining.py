"""What is clearly an order and cannot be done is said to be so, and never written into a prompt. Pure."""

import pytest
from test_wishes import told

from agent import declining


@pytest.mark.parametrize(
    "words",
    ["add it back", "picture one or two", "actually", "make it that", "with the first one", "add the other one", "less of that", "remove the rest",
     "like this one", "put it there", "make it like the one before", "back", "so on"],
)  # fmt: skip
def test_words_that_only_point_are_never_words_of_a_prompt(words):
    written = ("idea", "more", "less", "style", "place", "time", "subject", "add", "remove", "replace", "avoid")
    assert not {wish[0] for wish in told(words)} & {*written}


@pytest.mark.parametrize(
    "words",
    ["mach es blauer", "mach bitte das Licht wärmer", "rends-le plus sombre", "hazlo más oscuro", "ohne Menschen", "ajoute un chat", "quita el perro",
     "rendilo più scuro", "maak het donkerder", "zrób to ciemniejsze", "kannst du es heller machen?", "让它更蓝", "もっと暗くして", "сделай темнее"],
)  # fmt: skip
def test_an_order_in_another_language_is_answered_in_words(words):
    assert told(words) == [("unknown", words)]
    assert "English" in declining.said(words)


@pytest.mark.parametrize(
    "words",
    ["ein Haus am See bei Nacht", "un chat noir sur le toit", "una casa en el bosque", "haze over the lake", "sans serif letters on a wall", "夜の街のネオン"],
)  # fmt: skip
@pytest.mark.parametrize("draft", [False, True])
def test_a_picture_may_be_described_in_any_language(words, draft):
    assert told(words, draft=draft) == [("idea", words)]


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("0 more", "I make none"), ("no more pictures", "I make none"), ("delete picture 2", "delete no pictures"),
        ("remove all the pictures", "delete no pictures"), ("go back to that one", "Which one?"), ("the first one redder", "one picture at a time"),
        ("drop the rest", "What is to stay?"), ("make it more like the first one", "What of it?"), ("florble the frob", "did not understand"),
        ("a bit more to the left", "What is to be there?"), ("try again with different colors", "Which? Say what it should be"),
        ("make it brighter or darker", "Which of the two?"), ("either at dawn or at dusk", "Which of the two?"),
        ("make them all neon", "one picture at a time"), ("delete the first one", "delete no pictures"),
        ("throw away the old versions", "delete no pictures"), ("what was different in picture 2?", "show the tree"),
    ],
)  # fmt: skip
def test_the_reason_is_told_where_it_is_known(words, about):
    assert about in declining.said(words)


@pytest.mark.parametrize(
    ("text", "holds", "order"),
    [
        ("unweight the neon", True, True), ("desaturate the sky", False, True), ("blur it", False, True), ("winnie the pooh", False, False),
        ("under the sea", True, False), ("behind the sofa", True, False), ("a castle", True, False),
    ],
)  # fmt: skip
def test_an_order_with_an_unknown_verb_is_no_idea(text, holds, order):
    assert declining.unknown_order(text, holds) is order
