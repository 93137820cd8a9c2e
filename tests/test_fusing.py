"""Orders become one, copies fold into one entry with their number, and different things are shown where that is wanted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_kit import DIMENSIONS, PlainEncoder, rows, scene

from tools.backends import fusing, phrases
from tools.backends.database import Library
from tools.backends.filters import parse_filters
from tools.backends.records import Example
from tools.backends.search import Finder

ENCODER = PlainEncoder()
KINDS = ["castle", "harbour", "forest", "robot"]
FAMILY = [f"a brass lantern in thick mist on a very old moped beside the calm lake, view {n}" for n in range(200)]
OTHERS = [f"a {colour} lantern, {word} wick" for colour in ("cyan", "pink") for word in ("short", "long", "bent")]
PROMPTS = [
    *("a castle on a hill" for _ in range(150)),  # the same words under many links
    *(f"a castle on a hill, {word} towers and {word} flags at {word} dawn" for word in ("red", "blue", "green", "golden", "broken")),
    *(f"a {kind} with people number {n}, crowd of person" for kind in KINDS for n in range(40)),
    *FAMILY, *OTHERS,
    *(f"a {kind} alone in the {word}, empty {word}" for kind in KINDS for word in ("rain", "snow", "fog", "sun", "storm")),
]  # fmt: skip
SITES = ["lexica.art" if n % 3 == 0 else "openart.ai" for n in range(len(PROMPTS))]


@pytest.fixture(scope="module")
def finder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fusing") / "library"
    with Library(
        f"chdb://{folder}", encoder_name="plain", encoder_fingerprint="plain-1", dimensions=DIMENSIONS
    ) as library:
        count = len(PROMPTS)
        table = rows(
            PROMPTS, ENCODER, {n: scene(n) for n in range(count - 20, count)},
            id=[f"e{n}" for n in range(count)], url=[f"https://host/{n}" for n in range(count)], source_site=SITES,
            width=[1024 if n % 2 else 512 for n in range(count)], height=[512] * count,
        )  # fmt: skip
        library.add(table)
        yield Finder(library, ENCODER)


def test_copies_are_one_entry_that_says_how_many_and_what_is_behind_them_is_found(finder):
    matches = finder.search("a castle on a hill", k=5)
    assert matches[0].example.prompt == "a castle on a hill"
    assert matches[0].copies > 12
    assert len({match.example.prompt for match in matches}) == 5
    assert [match.copies for match in matches[1:]] == [1] * 4


def test_nothing_that_is_left_out_is_found_and_still_as_many_as_there_are(finder):
    for without in ("people", "persons, People", ["people", "nothing else"]):
        matches = finder.search("castle", without=without, k=10)
        assert len(matches) == 10
        assert not any(
            phrases.holds(m.example.prompt, word) for m in matches for word in ("people", "person") if word in without
        )
    assert len(finder.search("robot", without="people, rain, snow", k=3, where=parse_filters(["prompt:robot"]))) == 3
    assert finder.search("robot", without="robot, castle, harbour, forest, lantern", k=3) == []


def test_what_is_almost_a_copy_hides_nothing_either(finder):
    matches = finder.search("brass lantern", k=8)
    assert max(match.copies for match in matches) == len(FAMILY)
    assert {*OTHERS} <= {match.example.prompt for match in matches}


def test_words_a_picture_and_conditions_are_one_search(finder):
    where = parse_filters(["source_site=lexica.art", "shape=wide"])
    number = next(n for n in range(len(PROMPTS) - 20, len(PROMPTS)) if SITES[n] == "lexica.art" and n % 2)
    matches = finder.search("alone", picture=scene(number), without="people", where=where, k=4)
    assert matches[0].example.id == f"e{number}"
    for match in matches:
        assert match.example.source_site == "lexica.art"
        assert match.example.width >= 1.2 * match.example.height
        assert not phrases.holds(match.example.prompt, "people")


def test_what_only_means_the_unwanted_goes_down(finder):
    plain = [match.example.id for match in finder.search("castle on a hill", k=6)]
    pushed = [match.example.id for match in finder.search("castle on a hill", without="blue tower", k=6)]
    blue = f"e{PROMPTS.index('a castle on a hill, blue towers and blue flags at blue dawn')}"
    assert blue in plain
    assert blue not in pushed or pushed.index(blue) >= plain.index(blue)


def test_varied_results_differ_more_and_begin_with_the_best(finder):
    plain, varied = finder.search("alone in the rain", k=4), finder.search("alone in the rain", k=4, diverse=True)
    assert varied[0].example == plain[0].example
    assert [match.rank for match in varied] == [1, 2, 3, 4]

    def alike(matches):
        vectors = ENCODER.texts([match.example.prompt for match in matches])
        return float((vectors @ vectors.T).mean())

    assert alike(varied) < alike(plain)


WORDS = st.lists(st.sampled_from("castle hill fog neon rain 8k dog cat sofa light".split()), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, st.booleans()), max_size=25), st.integers(1, 30), st.sampled_from([0.75, 0.85]))
def test_folding_loses_and_counts_nothing_twice(made, k, share):
    pool = [Example(id=str(n), prompt=" ".join(words), favourite=kept) for n, (words, kept) in enumerate(made)]
    entries = fusing.folded(pool, k, share)
    bags = [set(phrases.words(example.prompt)) for example, _ in entries]
    plain = [n for n, (example, _) in enumerate(entries) if not example.favourite]
    for a in plain:
        for b in plain[plain.index(a) + 1 :]:
            assert len(bags[a] & bags[b]) < share * len(bags[a] | bags[b])
    assert sum(copies for _, copies in entries) <= len(pool)
    whole = fusing.folded(pool, len(pool) + 1, share)
    assert sum(copies for _, copies in whole) == len(pool)
    assert {example.id for example, _ in whole} >= {example.id for example in pool if example.favourite}


def test_what_is_alike_takes_no_rank_of_its_own():
    prompts = ("a b c d e f g h", "h g f e d c b a", "z")
    one, same, other = (Example(id=str(n), prompt=prompt) for n, prompt in enumerate(prompts, 1))
    scores = fusing.fused({"x": [(one, 0.1), (same, 0.1), (other, 0.2)]}, {"x": 1.0})
    assert scores["1"] == scores["2"] > scores["3"] == 1 / (fusing.FLAT + 1)


def test_of_equal_things_the_different_ones_are_shown():
    vectors = [np.array(v, np.float32) for v in ([1, 0], [1, 0], [0.99, 0.14], [0, 1])]
    assert fusing.varied([1.0, 0.9, 0.9, 0.8], vectors, 2) == [0, 3]
    assert sorted(fusing.varied([1.0, 0.9, 0.9, 0.8], [*vectors[:3], None], 9)) == [0, 1, 2, 3]
    assert fusing.varied([], [], 3) == []


def test_past_the_copies_the_order_by_words_is_read_on_and_its_question_asked_once(finder, monkeypatch):
    asked, prompts = [], finder.library.lexical_order
    monkeypatch.setattr(finder.library, "lexical_order", lambda *given: asked.append(given) or prompts(*given))
    monkeypatch.setattr(finder.library, "lexical", lambda *given: pytest.fail("nobody asked for more than the order"))
    matches = finder.search("a castle on a hill", k=12)
    assert len(matches) == len({match.example.prompt for match in matches}) == 12
    assert len(asked) == 1


def test_an_example_that_two_looks_find_counts_once():
    one, two, three = (Example(id=name, prompt=name) for name in ("one", "two", "three"))
    first = [(one, 0.1), (two, 0.2)]
    assert fusing.continued(first, [(two, 0.2), (three, 0.3)]) == [*first, (three, 0.3)]
    assert fusing.continued((), first) == first
