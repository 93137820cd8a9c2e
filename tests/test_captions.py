"""Scenes in words and back: what a caption says is true, and can be read again."""

import random

import pytest

from starter.captions import (
    DISTRACTORS,
    PLACE_WORDS,
    STYLE_PHRASES,
    SUBJECT_WORDS,
    TIME_WORDS,
    caption,
    known_words,
    plain,
    read,
)
from starter.world import PLACES, STYLES, SUBJECTS, TIMES, Scene, sample_scene

CAT = Scene(subject="cat", color="orange", pose="sleeping", place="living room", time="night", style="watercolor")


def _scenes(count: int) -> list[Scene]:
    rng = random.Random(20)
    return [sample_scene(rng) for _ in range(count)]


def _truth(scene: Scene) -> dict[str, str]:
    names = ("subject", "color", "pose", "place", "time", "style")
    return {name: getattr(scene, name) for name in names if getattr(scene, name) != "none"}


def test_the_canonical_sentence_reads_like_a_sentence():
    assert plain(CAT) == "an orange cat sleeping on the sofa in a living room at night, watercolor"


def test_the_canonical_sentence_says_everything():
    for scene in _scenes(1000):
        assert read(plain(scene)) == _truth(scene)


def test_a_caption_says_nothing_false():
    rng = random.Random(1)
    for scene in _scenes(1500):
        words = caption(scene, rng)
        assert read(words).items() <= _truth(scene).items(), words


def test_a_caption_names_subject_and_style_always_and_the_place_nearly_always():
    rng = random.Random(2)
    named = [(scene, read(caption(scene, rng))) for scene in _scenes(500)]
    assert all(found["subject"] == scene.subject for scene, found in named)
    assert all(found.get("style", "none") == scene.style for scene, found in named)
    assert sum("place" in found for _, found in named) > 450


def test_the_same_chance_writes_the_same_caption():
    assert caption(CAT, random.Random(3)) == caption(CAT, random.Random(3))


def test_captions_differ():
    rng = random.Random(4)
    assert len({caption(CAT, rng) for _ in range(200)}) > 190


def test_some_captions_fill_all_77_tokens():
    rng = random.Random(5)
    lengths = [len(caption(scene, rng).replace(",", " ,").split()) for scene in _scenes(1000)]
    assert 10 <= sum(length > 75 for length in lengths) <= 60


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("A cat sleeping on the sofa", {"subject": "cat", "pose": "sleeping", "place": "living room"}),
        ("a kitten on a couch", {"subject": "cat", "place": "living room"}),
        ("make it more cinematic", {"style": "cinematic"}),
        ("PUPPIES, (Neon Lights:1.3)", {"subject": "dog", "style": "neon"}),
        ("a ginger kitty under the stars by the seaside", {"subject": "cat", "color": "orange", "place": "beach", "time": "night"}),
        ("hot air balloon, golden hour", {"subject": "balloon", "pose": "hot air", "style": "golden hour"}),
        ("a black and white film still of a boat", {"subject": "boat", "style": "noir"}),
        ("", {}),
        ("the quick ledger of Tuesday", {}),
    ],
)  # fmt: skip
def test_words_name_attributes(words, meaning):
    assert read(words) == meaning


def test_every_caption_is_made_of_known_words_and_distractors():
    known = known_words() | set(DISTRACTORS)
    rng = random.Random(6)
    for scene in _scenes(500):
        unknown = {
            word.strip("(),").split(":")[0].lower() for word in caption(scene, rng).replace(",", " ").split()
        } - known  # fmt: skip
        assert not unknown, unknown


def test_the_tables_cover_the_world():
    assert list(SUBJECT_WORDS) == list(SUBJECTS)
    assert tuple(PLACE_WORDS) == PLACES
    assert tuple(TIME_WORDS) == TIMES
    assert tuple(STYLE_PHRASES) == STYLES


def test_distractors_mean_nothing():
    assert {word: read(word) for word in DISTRACTORS if read(word)} == {}
