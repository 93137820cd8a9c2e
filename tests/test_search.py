"""Searches find by words and by look, never the same prompt twice, and a picture knows whether it is in the library."""

import io

import numpy as np
import pytest
from library_kit import DIMENSIONS, PlainEncoder, rows, scene
from PIL import Image

from tools.backends import phrases
from tools.backends.database import Library
from tools.backends.errors import BadInput
from tools.backends.search import Finder

ENCODER = PlainEncoder()
PLACES = ["forest", "city", "desert", "harbour", "meadow", "library", "kitchen", "street", "garden", "tower"]
WEATHER = ["rain", "fog", "snow", "storm", "heat", "frost", "drizzle", "mist", "hail", "breeze"]
NEON = [
    f"neon {a} with {b} and {a} lamps, glowing signs, wet asphalt, 8k" for a, b in zip(PLACES, WEATHER, strict=True)
]
PASTEL = [f"pastel {a} under {b} near a {b} {a}, soft colours, 8k" for a, b in zip(PLACES, WEATHER, strict=True)]
OTHERS = [
    "a castle in the clouds, studio ghibli",
    "a castle in the clouds, studio ghibli, 8k",
    "a ruined castle, by greg rutkowski",
    "the clouds over a wheat field",
    "a cat sleeping on the sofa, film still",
    "cats and dogs",
    "a dog on the sofa",
    "a sofa by zdzisław beksiński, 8k",
]
PROMPTS = [*NEON, *PASTEL, *OTHERS]
PICTURES = {n: scene(n) for n in range(0, len(PROMPTS), 2)}


@pytest.fixture(scope="module")
def finder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search") / "library"
    with Library(
        f"chdb://{folder}", encoder_name="plain", encoder_fingerprint="plain-1", dimensions=DIMENSIONS
    ) as library:
        library.add(rows(PROMPTS, ENCODER, PICTURES, id=[f"e{n}" for n in range(len(PROMPTS))]))
        yield Finder(library, ENCODER)


def found(matches) -> list[str]:
    return [match.example.prompt for match in matches]


def saved(image: Image.Image, kind: str, **options) -> Image.Image:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return Image.open(io.BytesIO(file.getvalue()))


def test_words_find_the_prompt_that_says_them_and_rank_from_one(finder):
    matches = finder.search("castle in the clouds, studio ghibli", k=4)
    assert found(matches)[0] in OTHERS[:2]
    assert OTHERS[2] in found(matches)
    assert [match.rank for match in matches] == [1, 2, 3, 4]
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    assert 0 <= matches[0].distance < 0.3


@pytest.mark.parametrize("prompt", [OTHERS[0], OTHERS[5], NEON[3]])
def test_a_whole_prompt_finds_itself_first(finder, prompt):
    assert found(finder.search(prompt, k=3))[0] == prompt


def test_a_name_that_the_encoder_never_heard_of_is_found_by_its_letters(finder):
    class Deaf(PlainEncoder):
        def texts(self, texts):
            return np.tile(super().texts(["nothing"])[0], (len(texts), 1))

    assert found(Finder(finder.library, Deaf()).search("Beksiński", k=3))[0] == OTHERS[-1]


def test_almost_the_same_prompt_is_shown_once(finder):
    shown = found(finder.search("castle in the clouds, studio ghibli", k=20))
    assert len(set(shown) & set(OTHERS[:2])) == 1


def test_without_leaves_out_what_says_the_word_in_either_number(finder):
    assert OTHERS[4] in found(finder.search("cat on a sofa", k=10))
    shown = found(finder.search("cat on a sofa", without="cat, beksiński", k=10))
    assert OTHERS[6] in shown
    assert not {OTHERS[4], OTHERS[5], OTHERS[7]} & set(shown)


def test_a_picture_finds_itself_first_and_together_with_words_still(finder):
    for number in (0, 8, 22):
        assert finder.search(picture=PICTURES[number], k=3)[0].example.prompt == PROMPTS[number]
    assert finder.search("wet asphalt", picture=PICTURES[8], k=3)[0].example.prompt == PROMPTS[8]


@pytest.mark.parametrize(("words", "k"), [("", 5), ("   ", 5), ("cat", 0), ("cat", 201), ("cat", -1)])
def test_a_search_for_nothing_or_for_too_many_is_refused(finder, words, k):
    with pytest.raises(BadInput):
        finder.search(words, k=k)


@pytest.mark.parametrize("words", ["!!!", "🐈", "\ud800", "a " * 10_000, "'; DROP TABLE examples", "\0", "%_\\"])
def test_any_words_can_be_searched_for(finder, words):
    assert len(finder.search(words, without=words, k=5)) <= 5
    assert finder.library.count() == len(PROMPTS)


def test_an_empty_library_answers_with_nothing(tmp_path_factory, finder):
    class Empty:
        def __getattr__(self, name):
            return lambda *a: (
                {} if name in ("thumbnails", "picture_vectors", "phrase_counts") else 0 if name == "count" else []
            )

    empty = Finder(Empty(), ENCODER)
    assert empty.search("cat") == []
    assert empty.phrases_near("cat") == []
    assert (empty.describe(scene(1)).verdict, empty.describe(scene(1)).matches) == ("not in the library", ())


def test_a_favourite_stands_beside_a_prompt_with_the_same_words(tmp_path, finder):
    library = finder.library
    library.add(rows([NEON[0], NEON[0]], ENCODER, id=["f1", "f2"], url=["file:1", "file:2"], favourite=[True, True]))
    try:
        ids = [match.example.id for match in finder.search(NEON[0], k=10)]
        assert set(ids[:2]) == {"f1", "f2"}
        assert "e0" not in ids
    finally:
        library.remove("f1")
        library.remove("f2")


def test_a_favourite_that_is_near_comes_before_its_equals_and_one_that_is_not_stays_away(finder):
    library = finder.library
    library.add(rows(["a moped with a lantern"], ENCODER, id=["f1"], url=["file:1"], favourite=[True]))
    library.add(
        rows([f"a moped beside a lantern number {n}" for n in range(12)], ENCODER, id=[f"m{n}" for n in range(12)])
    )
    try:
        assert "f1" in [match.example.id for match in finder.search("moped lantern", k=3)]
        assert "f1" not in [match.example.id for match in finder.search("neon", k=10)]
    finally:
        library.remove("f1")


def test_phrases_near_an_idea_are_those_that_go_with_it_and_not_boilerplate(finder):
    near = finder.phrases_near("neon", near=10)
    assert {"glowing signs", "wet asphalt"} <= {each.phrase for each in near}
    assert "8k" not in {each.phrase for each in near[:2]}
    for each in near:
        assert each.lift > 1
        assert each.near == len(each.example_ids) >= 3
        held = finder.library.get(each.example_ids)
        assert all(phrases.holds(example.prompt, each.phrase) for example in held)


def test_phrases_that_the_words_say_already_are_no_news(finder):
    assert "glowing signs" not in {each.phrase for each in finder.phrases_near("neon with glowing signs", near=10)}


def test_phrases_may_be_asked_of_matches(finder):
    matches = finder.search("pastel", k=10)
    assert finder.phrases_near(matches)[0].phrase == "soft colours"


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p,
        lambda p: saved(p, "PNG"),
        lambda p: saved(p, "JPEG", quality=50),
        lambda p: saved(p.resize((333, 333)), "JPEG", quality=75),
        lambda p: saved(p.resize((48, 48)), "WEBP", quality=60),
        lambda p: p.convert("RGBA"),
    ],
)
def test_a_picture_of_the_library_is_known_again_after_saving_and_resizing(finder, change):
    for number in (0, 10, 20):
        description = finder.describe(change(PICTURES[number]), k=3)
        assert description.verdict == "this picture"
        assert description.matches[0].example.prompt == PROMPTS[number]


@pytest.mark.parametrize("seed", range(900, 912))
def test_another_picture_is_never_taken_for_one_of_the_library(finder, seed):
    assert finder.describe(scene(seed)).verdict != "this picture"


def test_a_sister_picture_with_another_small_subject_is_not_this_picture(finder):
    sister = PICTURES[4].copy()
    sister.paste((255, 255, 255), (40, 40, 58, 58))
    assert finder.describe(sister).verdict != "this picture"


@pytest.mark.parametrize("colour", ["black", "white", "#808080", "red"])
def test_a_plain_colour_is_not_in_the_library(finder, colour):
    assert finder.describe(Image.new("RGB", (64, 64), colour)).verdict == "not in the library"


def test_what_is_almost_in_the_library_has_the_same_look(finder):
    half = Image.blend(PICTURES[6], PICTURES[6].transpose(Image.Transpose.FLIP_LEFT_RIGHT), 0.3)
    assert finder.describe(half).verdict in ("same look", "this picture")


def test_the_only_prompt_that_holds_all_the_words_comes_before_those_that_hold_one(finder):
    moons = [f"moon, {place}, {weather}" for place in PLACES for weather in WEATHER]
    only = (
        "an old photograph of a tall giraffe that walks on the far side of the moon in a straw hat, film grain, sepia"
    )
    finder.library.add(rows([*moons, only], ENCODER, {n: scene(n) for n in range(len(moons))}))
    assert found(finder.search("giraffe moon hat", k=3))[0] == only
    assert found(finder.search("moon giraffes", k=3))[0] == only
    assert only not in found(finder.search("moon forest", k=3))


def test_many_of_one_score_keep_no_better_prompt_from_being_found(finder):
    both = [f"zebra {n:06} crater" for n in range(100, 140)]
    one = [f"crater {n:06}" for n in range(200, 260)] + [f"zebra {n:06}" for n in range(300, 330)]
    finder.library.add(rows([*both, *one], ENCODER))
    assert {example.prompt for example, _ in finder.library.lexical("zebra crater", 30)} <= {*both}
