"""What people say of a search is heard as meaning, what to leave out and conditions; and said again, it is the same search."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.conditions import read
from agent.lookups import asked, follow, said
from tools.backends.errors import BadInput
from tools.backends.filters import Filter, parse_filters
from tools.backends.queries import MOST_WITHOUT, Query, listed, pieces, query_of


def query(*words: str, without: tuple[str, ...] = (), where: tuple[str, ...] = (), **more) -> Query:
    return Query(words=words, without=without, where=tuple(parse_filters(where)), **more)


WORDS = st.from_regex(r"[a-z0-9][a-z0-9 ,.'!-]{0,24}[a-z0-9]", fullmatch=True).map(lambda text: " ".join(text.split()))
CONDITIONS = st.one_of(
    st.sampled_from(
        ["shape=wide", "shape!=tall", "shape=square", "favourite=yes", "favourite=no", "favourite!=yes", "seed=known", "seed!=known",
         "nsfw<0.5", "rating>=7", "width>=1024", "source_site=lexica.art", "source_site!=lexica.art", "source_site~lexica"]
    ),
    st.builds("prompt{}{}".format, st.sampled_from(["~", ":", "!:", "="]), WORDS),
    st.builds("source_site={}".format, WORDS),
)  # fmt: skip
QUERIES = st.builds(
    query,
    WORDS,
    without=st.lists(WORDS, max_size=3).map(tuple),
    where=st.lists(CONDITIONS, max_size=4).map(tuple),
    picture=st.sampled_from(["", "picture 2", "attachment 1"]),
    diverse=st.booleans(),
)


@pytest.mark.parametrize(
    ("words", "means"),
    [
        (
            "at night, without people, wide, not anime, only my favourites, only lexica.art, with seed known",
            query("at night", without=("people", "anime"), where=("shape=wide", "favourite=yes", "source_site=lexica.art", "seed=known")),
        ),
        ("castles at night without people or cars, wide", query("castles at night", without=("people", "cars"), where=("shape=wide",))),
        ("no people, cars or text, square", query(without=("people", "cars", "text"), where=("shape=square",))),
        ("a wide river in a square, in landscape format", query("a wide river in a square", where=("shape=wide",))),
        ("cats and dogs and without people", query("cats and dogs", without=("people",))),
        ("castles from lexica.art rated 7 or better", query("castles", where=("source_site=lexica.art", "rating>=7"))),
        ("portraits, not from lexica.art, not my favourites", query("portraits", where=("source_site!=lexica.art", "favourite=no"))),
        ("a dog, only from lexica, seed is known", query("a dog", where=("source_site~lexica", "seed=known"))),
        ("dragons, at least 1024 pixels wide, rated over 6.5", query("dragons", where=("width>=1024", "rating>6.5"))),
        ("foxes, safe for work only, as varied as possible", query("foxes", where=("nsfw<0.5",), diverse=True)),
        ('ghosts, width>=512, prompt!:"old paper"', query("ghosts", where=("width>=512", "prompt!:old paper"))),
        ("castles that mention ghibli", query("castles that mention ghibli")),
        ("castles, that mention ghibli", query("castles", where=("prompt:ghibli",))),
        ("neon street but not wide and not square", query("neon street", where=("shape!=wide", "shape!=square"))),
        ('"wide", without "salt and pepper"', query("wide", without=("salt and pepper",))),
        ("knots, notes, nobody", query("knots", "notes", without=("people",))),
        ("a portrait, landscape", query("a portrait", "landscape")),
        ("", query()),
    ],
)  # fmt: skip
def test_words_of_a_search_are_heard(words, means):
    assert read(words) == means


@settings(max_examples=40)
@given(QUERIES)
def test_a_search_that_is_said_is_read_as_the_same_search(search):
    told = asked(said(search))
    if search.has_conditions and (search.without or search.where or search.diverse or search.picture):
        assert told is not None and told.query == search
        assert told.about_picture is bool(search.picture)


@given(st.text(max_size=200))
def test_any_text_is_read_and_nothing_is_made_up(text):
    for search in (read(text), getattr(asked(text), "query", Query())):
        assert all(isinstance(condition, Filter) for condition in search.where)
        assert query_of(search.as_json()) == search


@pytest.mark.parametrize(
    ("message", "search"),
    [
        ("find castles without people, wide", query("castles", without=("people",), where=("shape=wide",))),
        ("show me wide pictures of castles without people", query("castles", without=("people",), where=("shape=wide",))),
        ("find pictures like picture 2, but at night", query("at night", picture="picture 2")),
        ("find examples like attachment 1", query(picture="attachment 1")),
        ("like this picture, but at night, only lexica.art", query("at night", where=("source_site=lexica.art",))),
        ("please list 10 prompts about dragons, not anime", query("dragons", without=("anime",))),
        ("find boats that are not at night", query("boats", without=("at night",))),
        ("find cats that don't have hats, wide", query("cats", without=("hats",), where=("shape=wide",))),
        ("find boats which aren't red", query("boats", without=("red",))),
        ("find dogs that are not on a sofa and not at night", query("dogs", without=("on a sofa", "at night"))),
        ("find castles that are not wide", query("castles", where=("shape!=wide",))),
        ("find castles that do not mention neon", query("castles", where=("prompt!:neon",))),
        ("find boats other than sailing boats", query("boats", without=("sailing boats",))),
        ("find castles", None),
        ("a cat on a sofa", None),
        ("draw a castle without people", None),
        ("show me a picture of a castle without people", None),
        ("save it to my favourites", None),
        ("remove the second one from my favourites", None),
        ("show my favourites", None),
        ("like this picture, but at night", None),
        ("make it wide", None),
    ],
)  # fmt: skip
def test_only_a_search_with_conditions_is_taken_for_one(message, search):
    told = asked(message)
    assert (told and told.query) == search


LAST = query("castles", without=("people",), where=("shape=wide", "seed=known"), picture="picture 2")


@pytest.mark.parametrize(
    ("words", "has_draft", "becomes"),
    [
        ("remove the wide filter", True, query("castles", without=("people",), where=("seed=known",), picture="picture 2")),
        ("take away the condition people", True, query("castles", where=("shape=wide", "seed=known"), picture="picture 2")),
        ("any shape", True, query("castles", without=("people",), where=("seed=known",), picture="picture 2")),
        ("no conditions", True, query("castles", picture="picture 2")),
        ("only square ones", True, query("castles", without=("people",), where=("seed=known", "shape=square"), picture="picture 2")),
        ("now only my favourites", True, query("castles", without=("people",), where=("shape=wide", "seed=known", "favourite=yes"), picture="picture 2")),
        ("the same but without cars", False, query("castles", without=("people", "cars"), where=("shape=wide", "seed=known"), picture="picture 2")),
        ("the same but without cars", True, None),
        ("without cars or boats", False, query("castles", without=("people", "cars", "boats"), where=("shape=wide", "seed=known"), picture="picture 2")),
        ("without people", False, LAST),
        ("without wide", False, query("castles", without=("people",), where=("seed=known",), picture="picture 2")),
        ("without cars", True, None),
        ("remove the tower", True, None),
        ("remove the blue filter", True, None),
        ("at night", False, None),
        ("only a cat", True, None),
        ("thanks", False, None),
    ],
)  # fmt: skip
def test_a_search_is_narrowed_and_widened_by_what_is_said_next(words, has_draft, becomes):
    assert follow(words, LAST, has_draft=has_draft) == becomes


@settings(max_examples=40)
@given(QUERIES)
def test_each_chip_can_be_taken_away_and_only_that(search):
    for chip in search.chips():
        less = search.but(chip)
        assert [each for each in search.chips() if each != chip and each.kind != "words"] == [
            each for each in less.chips() if each.kind != "words"
        ]
        assert less.words or less.picture


def test_chips_read_as_people_say_it():
    search = read(
        "at night, no people, wide, not square, my favourites, not lexica.art, seed known, width>=1024, varied",
        "picture 2",
    )
    assert [chip.text for chip in search.chips()] == [
        "at night", "− people", "wide", "not square", "my favourites", "not lexica.art", "seed known", "width≥1024", "varied",
    ]  # fmt: skip


def test_the_last_words_of_a_search_without_a_picture_are_no_chip():
    assert [chip.text for chip in query("castles", where=("shape=wide",)).chips()] == ["wide"]


def test_too_much_for_one_search_is_refused_with_the_numbers():
    with pytest.raises(BadInput, match=f"{MOST_WITHOUT + 1} things to leave out"):
        Query(words=("a",), without=tuple(f"thing {n}" for n in range(MOST_WITHOUT + 1)))
    with pytest.raises(BadInput, match="too long to leave out"):
        Query(words=("a",), without=("x" * 1_000,))


def test_a_whole_prompt_is_one_piece_and_a_list_is_many():
    assert pieces("at night, in snow") == ("at night", "in snow")
    assert pieces(", ".join("abcdefghij")) == (", ".join("abcdefghij"),)
    assert listed(["people, cars", "text"]) == listed("people, cars, text") == ("people", "cars", "text")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "no " * 200,
        "and " * 150,
        "a and " * 100,
        "without a, " * 50,
        "7 or " * 100,
        "only " * 120,
        '"' * 500,
        "- " * 300,
    ],
)
def test_no_text_takes_long_to_hear(text):
    for heard in (read(text[:600]), asked(text[:600]), follow(text[:600], LAST, has_draft=True)):
        assert heard is None or heard.__class__.__name__ in ("Query", "Asked")


def test_the_favourites_are_a_list_of_their_own_and_no_search():
    assert asked("list my favourites") is None
    assert asked("find castles, only my favourites") is not None
