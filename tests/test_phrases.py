"""Prompts come apart into phrases and go together again; only what a change names changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.backends import phrases
from tools.backends.errors import BadInput
from tools.backends.records import Change

PROMPT = "a cat sleeping on the sofa,  (neon:1.3),film still , 8k"


def added(phrase: str) -> Change:
    return Change(kind="added", phrase=phrase)


def removed(phrase: str) -> Change:
    return Change(kind="removed", phrase=phrase)


def replaced(was: str, phrase: str) -> Change:
    return Change(kind="replaced", phrase=phrase, was=was)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("", []),
        (" ,, ,\n, ", []),
        ("a cat sleeping on the sofa.", ["a cat sleeping on the sofa"]),
        ("a cat, (neon, pastel:1.2), ((x, y)), [z]", ["a cat", "(neon, pastel:1.2)", "((x, y))", "[z]"]),
        ('a sign saying "hello, world", 8k', ['a sign saying "hello, world"', "8k"]),
        ('12" canvas, 8" knife', ['12" canvas', '8" knife']),
        ("a cat BREAK a dog", ["a cat", "BREAK", "a dog"]),
        ("no breakfast, BREAKFAST", ["no breakfast", "BREAKFAST"]),
        ("a cat <lora:fur_v2:0.8> <lora:b:1>, 8k", ["a cat", "<lora:fur_v2:0.8>", "<lora:b:1>", "8k"]),
        ("smile :), (open, end", ["smile :)", "(open", "end"]),
        (r"girl \(anime, manga\), 8k", [r"girl \(anime", r"manga\)", "8k"]),
        ("one\ntwo，three", ["one", "two", "three"]),
    ],
)
def test_a_prompt_splits_into_its_phrases(prompt, expected):
    assert phrases.split(prompt) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("  Film   Still. ", "film still"),
        ("(neon:1.3)", "neon"),
        ("((neon)).", "neon"),
        ("[neon]", "neon"),
        ("{Neon}", "neon"),
        ('"NEON"', "neon"),
        ("(a) and (b)", "(a) and (b)"),
        ("...", "..."),
    ],
)
def test_the_normal_form_drops_case_brackets_weight_and_final_points(phrase, expected):
    assert phrases.normal(phrase) == expected


@pytest.mark.parametrize(
    ("prompt", "changes", "expected"),
    [
        (PROMPT, [added("cinematic")], PROMPT + ", cinematic"),
        (PROMPT, [added("Neon"), added("((8K))")], PROMPT),
        (PROMPT, [added("film still, anamorphic")], PROMPT + ", anamorphic"),
        ("", [added("a cat")], "a cat"),
        ("A cat on the sofa.", [added("cinematic")], "A cat on the sofa, cinematic."),
        ("a cat,\n", [added("8k")], "a cat, 8k,\n"),
        ("a BREAK", [added("b")], "a BREAK b"),
        (PROMPT, [removed("neon")], "a cat sleeping on the sofa,film still , 8k"),
        (PROMPT, [removed("8K")], "a cat sleeping on the sofa,  (neon:1.3),film still"),
        (PROMPT, [removed("A cat sleeping on the sofa")], "(neon:1.3),film still , 8k"),
        ("8k, cat, (8k:1.1)", [removed("8k")], "cat"),
        ("a, b\nc", [removed("b")], "a\nc"),
        ("a, b BREAK c", [removed("b")], "a BREAK c"),
        ("a <lora:x:1> b", [removed("<lora:x:1>")], "a, b"),
        ("(masterpiece, best quality:1.2), cat", [removed("best quality")], "(masterpiece:1.2), cat"),
        (PROMPT, [replaced("neon", "pastel")], "a cat sleeping on the sofa,  pastel,film still , 8k"),
        (PROMPT, [replaced("cat", "dog")], "a dog sleeping on the sofa,  (neon:1.3),film still , 8k"),
        (PROMPT, [replaced("the sofa", "a beach")], "a cat sleeping on a beach,  (neon:1.3),film still , 8k"),
        (PROMPT, [replaced("8k", "film still")], "a cat sleeping on the sofa,  (neon:1.3),film still"),
        ("x, y, X", [replaced("x", "z")], "z, y"),
        ("cat", [added("(open"), added('a "b')], "cat, open, a b"),
    ],
)
def test_a_change_touches_what_it_names_and_nothing_else(prompt, changes, expected):
    assert phrases.apply(prompt, changes) == expected


@pytest.mark.parametrize(
    ("prompt", "change", "says"),
    [
        (PROMPT, removed("zebra"), r"no phrase 'zebra'.*a cat sleeping on the sofa; \(neon:1.3\); film still; 8k"),
        (PROMPT, replaced("zebra", "dog"), "no phrase 'zebra'"),
        (PROMPT, removed("cat"), "no phrase 'cat'"),
        ("", removed("cat"), r"\(none\)"),
        ("a cat, black cat", replaced("cat", "dog"), "'cat' stands in 2 phrases: 'a cat', 'black cat'"),
        (PROMPT, added(" , "), "empty"),
        (PROMPT, replaced("8k", ""), "Nothing was given"),
    ],
)
def test_a_change_that_cannot_be_made_is_named(prompt, change, says):
    with pytest.raises(BadInput, match=says):
        phrases.apply(prompt, [change])


def test_diff_names_what_changed_and_nothing_that_moved():
    new = "film still, a dog on the sofa, (neon:1.5), 8k, cinematic"
    assert phrases.diff("a cat on the sofa, (neon:1.3), film still, 8k, blurry", new) == [
        replaced("a cat on the sofa", "a dog on the sofa"),
        replaced("(neon:1.3)", "(neon:1.5)"),
        replaced("blurry", "cinematic"),
    ]


def test_holds_is_true_for_whole_phrases_and_runs_of_words_only():
    assert phrases.holds("a cat, (Film Still:1.2)", "film still")
    assert phrases.holds("a cat sleeping on the sofa", "sleeping on the")
    assert not phrases.holds("a category of things", "cat")
    assert not phrases.holds("a cat", "")


@pytest.mark.parametrize(
    ("prompt", "phrase", "held"),
    [
        ("a portrait at night, rain coat, dog", "night rain", False),
        ("(neon:1.3), city", "3 city", False),
        ("(neon:1.3), city", "neon, city", True),
        ("a cat, (soft rim light, fog:1.2)", "rim light", True),
        ("a cat, (soft rim light, fog:1.2)", "light fog", False),
        ("a portrait at night, rain", "night, rain", True),
    ],
)
def test_no_phrase_is_held_across_a_comma_or_by_a_weight(prompt, phrase, held):
    assert phrases.holds(prompt, phrase) is held


@pytest.mark.timeout(20)
def test_many_equal_phrases_are_compared_removed_and_added_in_moments():
    doubled = "a, b, " * 750
    assert phrases.diff(doubled, "b, a, " * 700 + "c") == [added("c")]
    assert phrases.diff(doubled, "b, " * 700) == [removed("a")] * 750
    assert phrases.apply("cat, " * 600 + "(cat, x), dog", [removed("cat")]) == "(x), dog"
    assert phrases.apply("cat, " * 600 + "dog", [replaced("cat", "fox")]) == "fox, dog"
    numbers = ", ".join(str(n) for n in range(400))
    assert phrases.apply("a cat", [added(numbers)]) == f"a cat, {numbers}"


@pytest.mark.parametrize(
    ("prompt", "expected"), [("x, X, (x:2)", "z"), ("a, x, X, b, x", "a, z, b"), ("x\nx, a", "z\na")]
)
def test_doubles_beside_each_other_are_replaced_by_one(prompt, expected):
    assert phrases.apply(prompt, [replaced("x", "z")]) == expected


def test_statistics_see_different_plain_phrases():
    prompt = "Cat, cat, (masterpiece, 8K:1.2) BREAK <lora:x:1>, ..., " + "long " * 30
    assert phrases.countable(prompt) == ["cat", "masterpiece", "8k"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "(]" * 25_000,
        '"' * 50_000,
        "<lora:" * 10_000,
        "a BREAK " * 10_000,
        ", " * 50_000,
        "(" * 2_000 + "a, b" + ")" * 2_000,
    ],
)
def test_hostile_prompts_take_no_more_than_moments(text):
    phrases.countable(text)
    assert phrases.apply(text, [added("cat")]).count("cat") == 1


pieces = st.text(alphabet="ab \\()[]{}<>:,.\"'\n1é“”", max_size=12)
prompts = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.one_of(pieces, st.sampled_from(["BREAK", "<lora:x:1>", "(a:1.2)", "((b))", '"a, b"', "a cat", ", ", "8k"])),
        max_size=8,
    ).map(", ".join),
    st.lists(pieces, max_size=10).map("".join),
)


@given(prompts)
def test_phrases_and_separators_are_the_whole_prompt(prompt):
    found = phrases.spans(prompt)
    at = 0
    for start, end in found:
        assert at <= start < end
        assert not prompt[at:start].strip(phrases.COMMAS + " \n\r\t." or None) or prompt[at:start].isspace()
        at = end
    assert phrases.apply(prompt, []) == prompt


@given(prompts)
def test_joined_phrases_split_into_the_same_phrases(prompt):
    own = phrases.split(prompt.replace("\n", " "))  # lone quotation marks on two lines would pair when put on one
    again = phrases.split(phrases.join(own))
    assert [phrases.normal(p) for p in again] == [phrases.normal(p) for p in own]


@given(prompts, prompts)
def test_diff_of_a_prompt_with_itself_is_empty_and_any_diff_is_made_of_changes(old, new):
    assert phrases.diff(old, old) == []
    assert all(c.kind in ("added", "removed", "replaced") for c in phrases.diff(old, new))


@settings(max_examples=400)
@given(prompts, pieces)
def test_adding_keeps_every_phrase_as_it_was(prompt, phrase):
    before = phrases.split(prompt)
    try:
        after = phrases.split(phrases.apply(prompt, [added(phrase)]))
    except BadInput:
        return
    assert after[: len(before)] == before


@settings(max_examples=400)
@given(prompts, st.data())
def test_removing_keeps_every_other_phrase_as_it_was(prompt, data):
    before = phrases.split(prompt)
    if not before:
        return
    gone = phrases.normal(data.draw(st.sampled_from(before)))
    after = phrases.split(phrases.apply(prompt, [removed(gone)]))
    # A full stop that comes to stand at the prompt's end counts as the prompt's own from then on.
    bare = [[p.rstrip(". ") for p in part] for part in (after, [p for p in before if phrases.normal(p) != gone])]
    assert [p for p in bare[0] if p] == [p for p in bare[1] if p]


@settings(max_examples=400)
@given(prompts, pieces, st.data())
def test_replacing_keeps_every_other_phrase_as_it_was(prompt, phrase, data):
    before = phrases.split(prompt)
    if not before:
        return
    was = data.draw(st.sampled_from(before))
    try:
        after = phrases.split(phrases.apply(prompt, [replaced(was, phrase)]))
    except BadInput:
        return
    kept = [p for p in before if phrases.normal(p) != phrases.normal(was)]
    # As above: where doubles of the replaced phrase go, another one's full stop may come to stand at the prompt's end.
    rest = iter([p.rstrip(". ") for p in after])
    assert all(any(p.rstrip(". ") == other for other in rest) for p in kept)


plain_phrases = st.sampled_from(
    [
        "a Cat",
        "(neon:1.3)",
        "[fog]",
        "((rain, mist:1.2))",
        "<lora:x:1>",
        'a sign "a, b"',
        "8K",
        "film  still",
        r"girl \(anime\)",
        "雨",
    ]
)
edits = st.one_of(
    st.builds(added, plain_phrases),
    st.builds(removed, plain_phrases),
    st.builds(replaced, plain_phrases, plain_phrases),
)


@settings(max_examples=200)
@given(
    st.lists(plain_phrases, min_size=1, max_size=8),
    st.sampled_from([", ", ",", " ,  ", ",\n"]),
    st.lists(edits, max_size=4),
)
def test_phrases_that_no_change_names_survive_any_list_of_changes_in_order_byte_for_byte(own, separator, changes):
    after = separator.join(own)
    for change in changes:
        try:
            after = phrases.apply(after, [change])
        except BadInput:
            continue
    named = {phrases.normal(text) for change in changes for text in (change.phrase, change.was or "")}
    inside = {text for name in named for text in map(phrases.normal, phrases.flat(name))}
    kept = [p for p in own if not {phrases.normal(p), *map(phrases.normal, phrases.flat(p))} & (named | inside)]
    left = iter(phrases.split(after))
    assert all(any(p == other for other in left) for p in kept)


def test_nearly_the_same_phrase_is_found_and_only_where_it_is_the_same():
    prompt = "a cat, (highly detailed:1.2), neon light, blue light, 8k"
    assert (
        phrases.twin(prompt, "detailed, highly") == phrases.twin(prompt, "Highly-Detailed") == "(highly detailed:1.2)"
    )
    assert (
        phrases.twin(prompt, "neon lights") == "neon light"
        and phrases.twin(prompt, "neon lights", "neon light") is None
    )
    assert phrases.twin(prompt, "detailed, highly", reordered=False) is None
    assert [phrases.twin(prompt, text) for text in ("light blue", "detailed", "", "a dog")] == [None] * 4


def test_words_are_cut_out_of_a_phrase_without_loose_ends():
    assert phrases.without("a cat and a dog on the beach", "and a dog") == "a cat on the beach"
    assert phrases.without("a cat on the sofa", "sofa") == "a cat"


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_arbitrary_text_is_answered_or_refused_never_a_crash(prompt, phrase, was):
    phrases.countable(prompt)
    for change in (added(phrase), removed(phrase), replaced(was, phrase)):
        try:
            assert isinstance(phrases.apply(prompt, [change]), str)
        except BadInput as error:
            assert str(error)
