"""Locked words stay: whatever a change names, spans, doubles, brackets or writes in capitals."""

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_phrases import added, removed, replaced

from tools.backends import locks, phrases
from tools.backends.errors import BadInput

PROMPT = "an orange cat sleeping on the red velvet sofa, (neon lights:1.3), film still, a lamp, 8k"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("the lamp", ["a lamp"]),
        ("Film Still", ["film still"]),
        ("neon lights", ["(neon lights:1.3)"]),
        ("the sofa", ["red velvet sofa"]),
        ("the cat", ["orange cat"]),
        ("cats", ["orange cat"]),
        ("the velvet red sofa", ["an orange cat sleeping on the red velvet sofa"]),
        ("sleeping", ["sleeping"]),
        ("orange", ["orange"]),
        ("the lighting", ["(neon lights:1.3)"]),
        ("everything", phrases.split(PROMPT)),
        ("zebra", []),
        (" , ", []),
    ],
)
def test_what_the_person_names_is_found_as_a_phrase_or_as_words_in_one(said, found):
    assert locks.find(PROMPT, said) == found


def test_the_weather_is_found_in_the_words_that_grow_from_it():
    assert locks.find("a Foggy street, rainy night", "the rain") == ["rainy"]
    assert locks.find("a Foggy street", "fog") == ["Foggy"] and locks.find("a foggy street", "frog") == []


@pytest.mark.parametrize(
    ("own", "said", "freed"),
    [
        (["a lamp", "orange cat"], "all", ["a lamp", "orange cat"]),
        (["a lamp", "orange cat"], "the lamp", ["a lamp"]),
        (["a lamp", "orange cat"], "the cat", ["orange cat"]),
        (["a lamp", "(neon lights:1.3)"], "the lighting", ["(neon lights:1.3)"]),
        (["a lamp"], "the sofa", []),
        (["a lamp", "a dog"], "a", []),
        (["cat on the sofa"], "on the", []),
    ],
)
def test_what_the_person_frees_is_found_among_the_locks(own, said, freed):
    assert locks.meant(own, said) == freed


@pytest.mark.parametrize(
    "change",
    [
        removed("a lamp"),
        removed("A LAMP"),
        replaced("a lamp", "a candle"),
        replaced("(a lamp)", "(a lamp:0.1)"),
        replaced("a lamp", "[a lamp]"),
        replaced("a lamp", "A Lamp"),
        replaced("a lamp", "a lamp on fire"),
        replaced("lamp", "lampshade"),
        replaced("an orange cat sleeping on the red velvet sofa", "a dog on a chair"),
        replaced("cat sleeping on the red velvet sofa", "cat"),
        replaced("velvet sofa", "velvet chair"),
        replaced("red velvet", "blue velvet"),
        replaced("sofa", "torn sofa"),
        replaced("an orange cat sleeping on the red velvet sofa", "(an orange cat on the red velvet sofa:0.2)"),
        replaced("an orange cat sleeping on the red velvet sofa", "a cat on the big red velvet sofa"),
        removed("neon lights"),
        replaced("neon lights", "neon lights"),
        replaced("neon lights", "(neon lights:0.1)"),
    ],
    ids=repr,
)
def test_a_change_that_touches_a_lock_is_not_made(change):
    own = ["a lamp", "red velvet sofa", "(neon lights:1.3)"]
    after, touched = locks.apply(PROMPT, change, own)
    assert after == PROMPT and len(touched) == 1


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (added("at night"), f"{PROMPT}, at night"),
        (removed("8k"), PROMPT.removesuffix(", 8k")),
        (replaced("orange cat", "black dog"), PROMPT.replace("orange cat", "black dog")),
        (replaced("an orange cat sleeping on the red velvet sofa", "a red velvet sofa in the rain"),
         PROMPT.replace("an orange cat sleeping on the red velvet sofa", "a red velvet sofa in the rain")),
    ],
)  # fmt: skip
def test_around_locked_words_the_rest_may_change(change, after):
    assert locks.apply(PROMPT, change, ["a lamp", "red velvet sofa", "(neon lights:1.3)"]) == (after, [])


def test_doubles_do_not_lead_around_a_lock():
    assert locks.apply("x, y, X", removed("x"), ["x"]) == ("x, y, X", ["x"])
    doubled, touched = locks.apply("a cat, y", replaced("y", "a cat, y"), ["a cat"])
    assert not touched and locks.apply(doubled, removed("a cat"), ["a cat"]) == (doubled, ["a cat"])


def test_locked_words_in_one_bracket_may_not_change_places():
    change = replaced("(a, c, b:1.2)", "(b, c, a:1.2)")
    assert locks.apply("(a, c, b:1.2), d", change, ["a", "b"])[1] == ["a", "b"]


def test_a_phrase_in_a_bracket_keeps_its_weight_and_may_lose_its_neighbours():
    prompt = "(masterpiece, best quality:1.2), cat"
    assert locks.apply(prompt, removed("masterpiece"), ["best quality"]) == ("(best quality:1.2), cat", [])
    change = replaced("(masterpiece, best quality:1.2)", "(masterpiece, best quality:0.2)")
    assert locks.apply(prompt, change, ["best quality"])[1] == ["best quality"]


def test_only_locks_that_a_prompt_holds_count_for_it():
    assert locks.held("A LAMP, a dog", ["a lamp", "orange cat"]) == ("a lamp",)
    assert locks.apply("a dog", removed("a dog"), ["a lamp"]) == ("", [])


def test_what_is_locked_cannot_be_kept_out_of_the_picture():
    assert locks.forbids(["orange cat", "a lamp"], "Cat") == "orange cat"
    assert locks.forbids(["orange cat"], "black cat") is None


@pytest.mark.parametrize(
    "avoided", ["cats", "sofas", "people, sofa", "red, dogs", "(cat:1.5)", "((people, cat))", "people and cats"]
)
def test_no_other_number_bracket_or_company_keeps_a_locked_thing_out_of_the_picture(avoided):
    assert locks.forbids(["a red velvet sofa", "a black cat"], avoided)
    assert locks.forbids(["a lamp"], avoided) is None


own_phrases = st.sampled_from(
    ["a cat", "a Cat on the red sofa", "(neon:1.3)", "[fog]", "((rain, mist:1.2))", "<lora:x:1>", 'a sign saying "a, b"', "8k",
     "BREAK", "film still", "A CAT", "red", "(a cat:0.5)", r"girl \(anime\)", "{day|night}", "the sofa", "雨", "🦊"]
)  # fmt: skip
prompts = st.lists(own_phrases, min_size=1, max_size=6).map(", ".join)


@st.composite
def attacks(draw, prompt):
    """A change that aims at the prompt's own words: runs that span phrases, doubled, bracketed, in other letter case."""
    tokens = prompt.split()
    start = draw(st.integers(0, len(tokens) - 1))
    end = draw(st.integers(start + 1, len(tokens)))
    some = st.one_of(
        own_phrases,
        st.just(" ".join(tokens[start:end])),
        st.sampled_from(phrases.flat(prompt) or ["x"]),
        st.text(max_size=6),
    )
    shape = st.sampled_from(
        [
            "{}",
            "({})",
            "({}:0.1)",
            "[{}]",
            "{}, {}",
            "x {}",
            "{} x",
            "no {}",
            "BREAK {}",
            '"{}"',
            "({}",
            "{})",
            "{}:1.5",
        ]
    )
    case = st.sampled_from([str, str.upper, str.lower, str.title])

    def text():
        return draw(case)(draw(shape).replace("{}", draw(some)))

    return draw(st.sampled_from([added(text()), removed(text()), replaced(text(), text()), replaced(text(), "")]))


@settings(max_examples=150)
@given(st.data())
def test_no_list_of_changes_gets_rid_of_a_lock(data):
    prompt = data.draw(prompts)
    whole = data.draw(st.lists(st.sampled_from(phrases.split(prompt)), min_size=1, max_size=3, unique=True))
    inside = [word for word in ("red sofa", "cat") if re.search(rf"\b{word}\b", prompt) and data.draw(st.booleans())]
    after = prompt
    for _ in range(data.draw(st.integers(1, 4))):
        try:
            after, _ = locks.apply(after, data.draw(attacks(after or "x")), [*whole, *inside])
        except BadInput:
            continue
    left = iter(phrases.split(after))
    kept = [p for p in phrases.split(prompt) if p in whole]
    assert all(any(p == own for own in left) for p in kept), "locked phrases survive in order, byte for byte"
    for words in inside:
        assert len(re.findall(rf"\b{words}\b", after)) >= len(re.findall(rf"\b{words}\b", prompt))


@settings(max_examples=100)
@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=12))
def test_arbitrary_text_is_locked_or_not_found_never_a_crash(prompt, said, new):
    own = locks.find(prompt, said)
    assert set(locks.held(prompt, own)) == set(own), "what was found is held"
    assert locks.broken(prompt, prompt, own) == []
    assert locks.meant(own, "all") == own
    with contextlib.suppress(BadInput):
        locks.apply(prompt, added(new), own)


@pytest.mark.timeout(60)
def test_hostile_prompts_are_compared_in_moments():
    for text in ("(" * 500 + "a cat" + ")" * 500, "a cat " * 300, "a, " * 500 + "cat", '"' * 5_000):
        locks.find(text, "the cat")
        locks.broken(text, text + ", x", ["cat", "a"])
