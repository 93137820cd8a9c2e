# ruff: noqa: F811 - fixtures are imported
"""Whether a picture shows what was asked: pieces of prompts, measured on drawings whose truth is known, and told as it is."""

import random

import numpy as np
import pytest
from drawing_room import artist, drawing_room, drawn  # noqa: F401 - fixtures
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import reporting
from starter import captions
from starter.data import SIZE
from starter.draw import draw
from starter.world import sample_scene
from tools.backends import aspects, phrases
from tools.backends.checking import _area, checker_for, pieces, pixel_distance, without
from tools.backends.history import lines, tree

TABLES = {
    "subject": captions.SUBJECT_WORDS,
    "place": captions.PLACE_WORDS,
    "time": captions.TIME_WORDS,
    "style": captions.STYLE_PHRASES,
}


@pytest.fixture(scope="module")
def checker(drawing_room):
    return checker_for(drawing_room.library, drawing_room.encoder)


@pytest.fixture(scope="module")
def gallery(drawing_room):
    """Held-out scenes and the vectors of their drawings (n, d)."""
    rng = random.Random("gallery")
    scenes = [sample_scene(rng, held_out=True) for _ in range(200)]
    return scenes, drawing_room.encoder.pictures([draw(scene, SIZE).convert("RGB") for scene in scenes])


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a cat sleeping on the sofa at night, watercolor", ["a cat sleeping", "on the sofa", "at night", "watercolor"]),
        ("a cat and a dog in the snow", ["a cat", "a dog", "in the snow"]),
        ("oil on canvas, trending on artstation, black and white", ["oil on canvas", "trending on artstation", "black and white"]),
        ("(neon lights:1.3), <lora:cozy:0.8>, BREAK, a fox, A Fox", ["neon lights", "a fox"]),
        ("a portrait of a woman wearing a red hat", ["a portrait of a woman", "wearing a red hat"]),
        ("a beach without people, no text", ["a beach", "without people", "no text"]),
        ("the, of, and", []),
    ],
)  # fmt: skip
def test_a_prompt_is_cut_into_what_it_asks_for(prompt, expected):
    assert pieces(prompt) == expected


@pytest.mark.timeout(20)
def test_long_runs_of_spaces_in_a_prompt_cost_only_moments():
    gap = " " * 4_000
    prompt = f"a cat{gap}b on{gap}the sofa ({gap}x{gap}:1), fog{gap}and"
    assert pieces(prompt)[-1].startswith("fog")
    assert without(prompt, "the sofa") != prompt and phrases.without(prompt, "fog") != prompt
    assert [aspects.spoken_of(prompt, aspect) for aspect in aspects.ASPECTS]
    assert pieces("a cat   on   the sofa,  fog") == ["a cat", "on   the sofa", "fog"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_a_piece_that_is_left_out_takes_nothing_else_with_it(seed):
    rng = random.Random(seed)
    prompt = captions.caption(sample_scene(rng), rng)
    for piece in pieces(prompt):
        left = without(prompt, piece)
        rest = [own for own in phrases.split(prompt) if not phrases.holds(own, piece)]
        assert [own for own in phrases.split(left) if own in rest] == rest or phrases.normal(piece) in map(
            phrases.normal, rest
        )
        assert len(phrases.words(left)) < len(phrases.words(prompt))


@pytest.mark.parametrize("kind", TABLES)
def test_drawings_that_show_a_thing_are_told_from_those_that_do_not(checker, gallery, kind):
    scenes, vectors = gallery
    yes, no, untold = [], [], []
    values = {value: words[0] for value, words in TABLES[kind].items() if words and value != "day"}  # which goes unsaid
    for value, word in values.items():
        scores = np.array([seen.score for seen in checker.seen(word, vectors) if seen.there is not None])
        if len(scores) < len(scenes):
            untold.append(word)
            continue
        there = np.array([value in (getattr(scene, kind), kind == "subject" and scene.other) for scene in scenes])
        yes += list(scores[there])
        no += list(scores[~there])
    assert len(untold) <= 0.1 * len(values), untold  # "flower": of a meadow's flowers as well
    assert _area(np.array(yes), np.array(no)) >= 0.95  # over all words at once: one threshold serves them all
    assert np.mean(np.array(yes) >= 0.5) >= 0.85 and np.mean(np.array(no) >= 0.5) <= 0.1


@pytest.mark.parametrize("words", ["8k", "masterpiece", "trending on artstation", "zyzzyva", "a quiet grimbleworp"])
def test_of_words_that_no_picture_shows_nothing_is_claimed(checker, gallery, words):
    assert {seen.there for seen in checker.seen(words, gallery[1])} == {None}


def test_of_a_thing_half_unknown_only_the_known_half_can_be_missed(checker, gallery):
    scenes, vectors = gallery
    seen = checker.seen("a castle flumphing", vectors)
    assert not any(each.there for each in seen)
    unsure = [scene for scene, each in zip(scenes, seen, strict=True) if each.there is None]
    castles = [scene for scene in scenes if scene.subject == "castle"]
    assert sum(scene in unsure for scene in castles) >= 0.75 * len(castles) > 0
    assert len(unsure) <= len(castles) + 0.05 * len(scenes), [scene.subject for scene in unsure]


def test_what_is_missing_is_named_and_a_picture_that_shows_more_scores_higher(checker):
    asked = "a castle in the snow at night, watercolor, 8k"
    good, bad = (
        checker.check("x", drawn(asked, 3, **other), asked) for other in ({}, {"time": "day", "style": "noir"})
    )
    assert good.missing == () and set(bad.missing) == {"at night", "watercolor"}
    assert good.score > 0.9 > 0.7 > bad.score
    assert [seen.phrase for seen in good.phrases if seen.there is None] == ["8k"]


def test_what_was_to_stay_out_and_is_seen_is_named_and_lowers_the_score(checker):
    asked, avoided = "a castle in the snow", "at night, people, (watercolor:1.2), lowres"
    good, bad = (checker.check("x", drawn(asked, 3, time=time), asked, avoided) for time in ("day", "night"))
    assert good.unwanted == () == good.missing and bad.unwanted == ("at night",) and bad.missing == ()
    assert good.score > bad.score and [seen.there for seen in good.avoided if seen.phrase == "lowres"] == [None]
    said = checker.check("x", drawn(asked, 3, time="night"), "a castle without night, no people")
    assert said.unwanted == ("night",) and [seen.phrase for seen in said.phrases] == ["a castle"]


def test_alike_pictures_agree_and_any_pictures_do_not(checker, drawing_room):
    library, encoder = drawing_room.library, drawing_room.encoder
    near = [row.id for row, _ in library.nearest_pictures(encoder.texts(["a castle in the snow, noir"])[0], 8)]
    alike, apart = (np.stack(list(library.picture_vectors(ids).values())) for ids in (near, library.some_pictures(8)))
    assert checker.agreement(alike) > 0.6 > 0.3 > checker.agreement(apart)


def test_pixels_tell_the_same_picture_from_another():
    one, other = drawn("a red boat at sea"), drawn("a cat on the sofa at night")
    assert pixel_distance(one, one) == 0 < 0.1 < pixel_distance(one, other) <= 1


def test_the_tool_says_what_it_sees_and_keeps_it(artist):
    artist.refine_prompt(changes=[], start="a boat at sea at night, 8k")
    artist.studio.renderer.deaf = ("at night",)
    artist.generate_picture(seed="5")
    answer, artifact = artist.check_picture()
    assert artifact["missing"] == ["at night"] and "not seen: at night" in answer and "cannot tell: 8k" in answer
    assert artist.thread.checks["picture 1"].missing == ("at night",)
    assert artist.reported[-1][0] == "show"


def test_the_tool_names_what_was_to_stay_out_and_is_seen_and_keeps_that(artist):
    artist.refine_prompt(changes=[], start="a boat at sea", avoid=["at night", "neon"])
    artist.studio.renderer.twist = lambda prompt: {"time": "night"}
    artist.generate_picture(seed="5")
    answer, artifact = artist.check_picture()
    assert artifact["unwanted"] == ["at night"] and "asked to stay out, and seen: at night" in answer
    assert artist.thread.checks["picture 1"].unwanted == ("at night",), "read back from the log"
    assert "You asked for no “at night”, and I see it." in reporting.check(artifact)
    assert "picture 1 (to stay out, but seen: at night)" in "\n".join(
        lines(tree(artist.thread.drafts, artist.thread.pictures, None), checks=artist.thread.checks)
    )
    artist.generate_picture(seed="5")
    answer, artifact = artist.mend_picture()
    assert artifact["used"] == 0 and artifact["unwanted"] == ["at night"] and "asked to stay out" in answer
