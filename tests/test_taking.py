"""What leaves a prompt leaves it wherever the prompt speaks of it, and comes back as it was. Pure."""

from typing import Any

import pytest

from agent import declining, sweeping, taking
from agent.playing import Seen
from agent.wording import Wish
from tools.backends import phrases


def left(prompt: str, said: str, kind: Any = "remove") -> tuple[str, list[str]]:
    """The prompt after "remove …" or "no …", and what is kept out of the picture besides."""
    wishes = taking.out(Wish(kind=kind, text=said), prompt)
    for wish in wishes:
        if wish.kind == "remove" and (change := phrases.removal(prompt, wish.text)):
            prompt = phrases.apply(prompt, [change])
    return prompt, [wish.text for wish in wishes if wish.kind == "avoid"]


@pytest.mark.parametrize(
    ("prompt", "said", "after"),
    [
        ("a castle in the snow, falling snow, snowy mountains, covered in snow", "snow", "a castle, mountains"),
        ("a castle, two boats on the lake, moonlight", "boat", "a castle, on the lake, moonlight"),
        ("a castle, two red boats", "the boats", "a castle"),
        ("a sailing boat on the sea, neon", "boats", "on the sea, neon"),
        ("a red balloon over the sea, a boat", "the ballon", "over the sea, a boat"),
        ("a cat and a dog on the sofa", "dog", "a cat on the sofa"),
        ("a cat and a dog on the sofa", "the cat", "a dog on the sofa"),
        ("a neon sign over a bar, neon glow", "neon", "a sign over a bar"),
        ("a house with a snow-covered roof, fog", "the snow", "a house with a roof, fog"),
        ("a man in a red hat, film grain", "hat", "a man, film grain"),
        ("dog chasing birds, sunset", "the birds", "dog chasing, sunset"),
        ("a street with many cars, rain", "cars and rain", "a street"),
        ("salt and pepper, black and white", "black and white", "salt and pepper"),
        ("(neon glow:1.3), a cat", "neon", "a cat"),
    ],
)
def test_all_that_speaks_of_a_thing_goes_with_it(prompt, said, after):
    assert left(prompt, said) == (after, [])
    assert left(prompt, said, "avoid")[0] == after


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("a house at night", "horse"), ("stairs to heaven", "stars"), ("no people, a cat", "people"), ("a snowman", "snow"),
        ("a boathouse", "boat"), ("a rainbow over the hill", "rain"), ("a moon", "noon"), ("a coat", "cat"),
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(prompt, said):
    assert taking.out(Wish(kind="remove", text=said), prompt) == [Wish(kind="remove", text=said)]


def test_what_may_not_appear_is_taken_out_and_kept_out():
    assert left("a castle, two boats on the lake", "boats", "avoid") == ("a castle, on the lake", ["boats"])
    assert left("a castle, neon", "people, neon", "avoid") == ("a castle", ["people, neon"])


def test_a_prompt_is_never_emptied():
    assert taking.out(Wish(kind="remove", text="cat"), "a cat")[0].kind == "unknown"


def test_only_what_speaks_of_the_thing_is_kept():
    prompt = "a castle in the forest, snowy, two boats on the lake"
    assert [wish.text for wish in taking.only(Wish(kind="only", parts=("the castel",)), prompt)] == [
        "snowy",
        "two boats on the lake",
    ]
    assert taking.only(Wish(kind="only", parts=("the dragon",)), prompt)[0].kind == "unknown"
    assert taking.only(Wish(kind="only", parts=("castle", "boat", "snow")), prompt) == [Wish(kind="stay")]


def drafts(*made: tuple[str, list[tuple[str, str, str]], str]) -> Seen:
    """A line of drafts, each the parent of the next: prompt, changes as kind, phrase and what it stands for, negative prompt."""
    line = {
        number: {"number": number, "prompt": prompt, "negative_prompt": negative, "parent": number - 1 or None,
                 "changes": [{"kind": kind, "phrase": phrase, "was": was or None} for kind, phrase, was in changes]}
        for number, (prompt, changes, negative) in enumerate(made, 1)
    }  # fmt: skip
    return Seen(words="", drafts=line, draft=len(made))


FIRST = ("a castle on a hill, a boat on the lake, moonlight", [], "")


@pytest.mark.parametrize(
    ("second", "said", "wishes"),
    [
        (("a castle on a hill, moonlight", [("removed", "a boat on the lake", "")], ""), "boat", [Wish(kind="undo")]),
        (("a castle on a hill, moonlight", [("removed", "a boat on the lake", "")], ""), "", [Wish(kind="undo")]),
        (
            ("a castle on a hill, moonlight, at night", [("removed", "a boat on the lake", ""), ("added", "at night", "")], ""),
            "boats",
            [Wish(kind="add", text="a boat on the lake")],
        ),
        (
            ("a castle on a hill, on the lake, moonlight, fog", [("replaced", "on the lake", "a boat on the lake"), ("added", "fog", "")], "boat"),
            "the boat",
            [Wish(kind="add", text="a boat")],
        ),
        (
            ("a cottage on a hill, a boat on the lake, moonlight, fog", [("replaced", "cottage", "castle"), ("added", "fog", "")], ""),
            "castle",
            [Wish(kind="replace", was="cottage", text="castle")],
        ),
        (("a castle on a hill, a boat on the lake, moonlight", [], "people"), "people", [Wish(kind="allow", text="people")]),
        (("a castle on a hill, a boat on the lake, moonlight, fog", [("added", "fog", "")], ""), "dragon", None),
        (("a castle on a hill, a boat on the lake, moonlight, fog", [("added", "fog", "")], ""), "", None),
    ],
)  # fmt: skip
def test_what_a_change_took_out_comes_back(second, said, wishes):
    assert taking.back(Wish(kind="restore", text=said), drafts(FIRST, second)) == wishes


def test_all_that_went_comes_back_or_what_went_last():
    first = ("a castle, snow, fog, a boat", [], "")
    second = ("a castle, a boat", [("removed", "snow", ""), ("removed", "fog", "")], "")
    third = ("a castle, neon", [("removed", "a boat", ""), ("added", "neon", "")], "")
    seen = drafts(first, second, third)
    every = [Wish(kind="add", text=text) for text in ("a boat", "snow", "fog")]
    assert taking.back(Wish(kind="restore", how=sweeping.ALL), seen) == every
    assert taking.back(Wish(kind="restore", how=sweeping.THEM), seen) == every[:1]
    assert taking.back(Wish(kind="restore", how=sweeping.THEM), drafts(first, second)) == [Wish(kind="undo")]
    assert taking.back(Wish(kind="restore", how=sweeping.ALL), drafts(first)) is None


@pytest.mark.parametrize(
    ("prompt", "parts", "after"),
    [
        ("a castle on a hill with a river", ("the castle",), "a castle"), ("a castle on a hill with a river", ("the river",), "a river"),
        ("a castle on a hill with a river and two horses", ("the castle", "the river"), "a castle with a river"),
        ("a dog in a park", ("the dog",), "a dog"), ("a castle", ("the castle",), ""),
    ],
)  # fmt: skip
def test_keeping_one_thing_of_a_single_phrase_cuts_inside_of_it(prompt, parts, after):
    kept = Wish(kind="replace", was=prompt, text=after) if after else Wish(kind="stay")
    assert taking.only(Wish(kind="only", parts=parts), prompt) == [kept]


def test_the_time_of_day_that_becomes_a_weather_takes_its_preposition_along():
    assert taking.in_place(Wish(kind="replace", was="sunset", text="storm"), "a boat at sunset") == Wish(
        kind="replace", was="at sunset", text="in a storm"
    )


def test_only_my_words_counts_an_example_that_was_chosen_as_it_is_for_a_stranger_s():
    chosen = {
        "number": 1,
        "prompt": "a castle by the sea, dusk",
        "negative_prompt": "",
        "changes": [],
        "request": "draw the second one",
    }
    fog = {"kind": "added", "phrase": "fog", "was": None, "source": "person"}
    later = {
        **chosen,
        "number": 2,
        "prompt": "a castle by the sea, dusk, fog",
        "changes": [fog],
        "request": "add fog",
        "parent": 1,
    }
    assert taking.own_words(Seen(words="", drafts={1: chosen}, draft=1))[0].how == declining.NOT_YOURS
    assert [w.text for w in taking.own_words(Seen(words="", drafts={1: chosen, 2: later}, draft=2))] == [
        "a castle by the sea",
        "dusk",
    ]
    own = {**chosen, "request": "draw me a castle by the sea at dusk"}
    assert taking.own_words(Seen(words="", drafts={1: own}, draft=1)) == []


def test_a_phrase_that_was_cut_comes_back_as_it_was_and_not_beside_what_is_left_of_it():
    first = ("a castle on a hill with a river", [], "")
    second = ("a castle on a hill", [("replaced", "a castle on a hill", "a castle on a hill with a river")], "")
    third = ("a castle", [("replaced", "a castle", "a castle on a hill")], "")
    fog = ("a castle, fog", [("added", "fog", "")], "")
    every = Wish(kind="restore", how=sweeping.ALL)
    assert taking.back(every, drafts(first, second)) == [Wish(kind="undo")]
    whole = [Wish(kind="replace", was="a castle", text="a castle on a hill with a river")]
    assert taking.back(every, drafts(first, second, third, fog)) == whole
    assert taking.back(every, drafts(first, second, third)) == whole
