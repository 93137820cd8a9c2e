"""Scenes in words and back: what a caption says is true, and can be read again."""

import random
import re
from dataclasses import replace

import pytest

from starter.captions import (
    COLOR_WORDS,
    DISTRACTORS,
    PLACE_WORDS,
    POSE_WORDS,
    STYLE_PHRASES,
    SUBJECT_WORDS,
    TIME_WORDS,
    caption,
    known_words,
    plain,
    read,
)
from starter.data import ATTRIBUTES, labels_of
from starter.words import ADJECTIVES, FRAMING_WORDS, RELATION_WORDS, SIZE_WORDS, WEATHER_WORDS
from starter.world import (
    FRAMINGS,
    PLACES,
    RELATIONS,
    SIZES,
    STYLES,
    SUBJECTS,
    TIMES,
    WEATHERS,
    Scene,
    sample_scene,
)

CAT = Scene(subject="cat", color="orange", pose="sleeping", place="living room", time="night", style="watercolor")


def _scenes(count: int) -> list[Scene]:
    rng = random.Random(20)
    return [sample_scene(rng) for _ in range(count)]


def _truth(scene: Scene) -> dict[str, str]:
    """What a sentence that says everything names: all but what goes without saying."""
    unsaid = {("weather", "clear"), ("framing", "medium"), ("size", "normal")}
    said = {name: getattr(scene, name) for name in _NAMES}
    return {name: value for name, value in said.items() if value != "none" and (name, value) not in unsaid}


_NAMES = (
    "subject", "color", "pose", "place", "time", "style", "weather", "framing", "size", "relation", "other", "other_color",
)  # fmt: skip


def test_the_canonical_sentence_reads_like_a_sentence():
    assert plain(CAT) == "an orange cat sleeping on the sofa in a living room at night, watercolor"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"place": "snow", "weather": "snowfall", "framing": "close-up"},
            "an orange cat sleeping in the snow at night in falling snow, close-up, watercolor",
        ),
        (
            {"place": "village", "weather": "stars", "size": "giant", "style": "ukiyo-e"},
            "a giant orange cat sleeping in the village at night under the stars, ukiyo-e",
        ),
        (
            {"place": "stage", "relation": "on", "other": "piano", "other_color": "black", "framing": "wide"},
            "an orange cat sleeping on a black piano on stage at night, wide shot, watercolor",
        ),
    ],
)
def test_the_canonical_sentence_says_weather_size_and_company(more, words):
    assert plain(replace(CAT, **more)) == words


def test_the_canonical_sentence_says_everything():
    for scene in _scenes(2000):
        assert list(read(plain(scene)).items()) == list(_truth(scene).items())


def test_a_caption_says_nothing_false():
    rng = random.Random(1)
    for scene in _scenes(2000):
        words = caption(scene, rng)
        assert read(words).items() <= _truth(scene).items(), words


def test_a_caption_names_subject_and_style_always_and_the_place_nearly_always():
    rng = random.Random(2)
    named = [(scene, read(caption(scene, rng))) for scene in _scenes(500)]
    assert all(found["subject"] == scene.subject for scene, found in named)
    assert all(found.get("style", "none") == scene.style for scene, found in named)
    assert sum("place" in found for _, found in named) > 450


def test_a_caption_names_what_is_out_of_the_ordinary():
    rng = random.Random(7)
    named = [(_truth(scene), read(caption(scene, rng))) for scene in _scenes(1000)]
    for name, least in (("other", 1), ("weather", 0.9), ("framing", 0.9), ("size", 0.9), ("relation", 0.8)):
        said = [name in found for truth, found in named if name in truth]
        assert len(said) > 100 and sum(said) >= least * len(said), name


def test_a_cat_and_a_dog_is_a_cat_to_the_left_of_a_dog():
    scene = replace(CAT, relation="left", other="dog", other_color="brown")
    rng = random.Random(8)
    written = [caption(scene, rng) for _ in range(300)]
    assert any("and a brown dog" in words for words in written)
    assert 30 < sum("relation" not in read(words) for words in written) < 120
    right = [caption(replace(scene, relation="right"), rng) for _ in range(100)]
    assert all(read(words)["relation"] == "right" for words in right)


def test_most_captions_are_short():
    rng = random.Random(9)
    lengths = sorted(len(caption(scene, rng).split()) for scene in _scenes(1000))
    assert lengths[750] <= 30


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
        ("a ginger kitty at midnight by the seaside", {"subject": "cat", "color": "orange", "place": "beach", "time": "night"}),
        ("hot air balloon, golden hour", {"subject": "balloon", "pose": "hot air", "style": "golden hour"}),
        ("a black and white film still of a boat", {"subject": "boat", "style": "noir"}),
        ("", {}),
        ("the quick ledger of Tuesday", {}),
    ],
)  # fmt: skip
def test_words_name_attributes(words, meaning):
    assert read(words) == meaning


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        # a second subject, its colour, and where the first one is
        ("a red cat to the left of a blue dog", "subject=cat relation=left other=dog"),
        ("a black cat to the left of a white dog", "subject=cat color=black relation=left other=dog other_color=white"),
        ("a cat on the right of a small white dog", "subject=cat relation=right other=dog other_color=white"),
        ("a cat next to a brown dog on its right", "subject=cat relation=left other=dog other_color=brown"),
        ("a pirate with a fox to her left", "subject=pirate relation=right other=fox"),
        ("a cat on the left, a dog on the right", "subject=cat relation=left other=dog"),
        ("a dog on the right and a cat on the left", "subject=dog relation=right other=cat"),
        ("a cat asleep on top of a grand piano", "subject=cat pose=sleeping relation=on other=piano"),
        ("a silver robot behind a red car", "subject=robot color=silver relation=behind other=car other_color=red"),
        ("a cat and a dog", "subject=cat other=dog"),
        ("red flower, blue car, green frog", "subject=flower color=red other=car other_color=blue"),
        ("a cat next to a sleeping dog", "subject=cat other=dog"),
        ("a white cat, cute kitten", "subject=cat color=white"),
        ("a dog in front of a red castle", "subject=dog"),
        ("orange, dog", "subject=dog"),
        ("a knight riding a white horse", "subject=knight pose=riding"),
        ("a knight riding on a white horse", "subject=knight pose=riding relation=on other=horse other_color=white"),
        ("a cat riding a horse", "subject=cat relation=on other=horse"),
        # snow lies or falls; stars are a weather of the night
        ("a cat in the snow", "subject=cat place=snow"),
        ("a cat in falling snow", "subject=cat weather=snowfall"),
        ("it is snowing in the forest, blizzard", "place=forest weather=snowfall"),
        ("under the stars", "time=night weather=stars"),
        ("a starry sky over the desert", "place=desert time=night weather=stars"),
        ("on a stormy, misty evening", "time=sunset weather=storm"),
        # places and subjects that share words
        ("a bird in the mountains", "subject=bird place=mountains"),
        ("a cat, mountains", "subject=cat place=mountains"),
        ("a snow-capped mountain", "subject=mountain pose=snow-capped"),
        ("fish under the sea", "subject=fish place=underwater"),
        ("a fish in the sea", "subject=fish place=sea"),
        ("a tree frog in the jungle", "subject=frog place=forest"),
        ("an apple tree in a small village", "subject=tree place=village"),
        ("an ice cream cone, ice-cream", "subject=ice cream pose=cone"),
        ("a golden drum kit in the golden hour", "subject=drum color=golden pose=drum kit style=golden hour"),
        ("a polar bear, a monarch butterfly", "subject=bear color=white other=butterfly other_color=orange"),
        ("foxes", "subject=fox"),
        ("a windmill, film still", "subject=windmill style=cinematic"),
        ("a windmill standing still", "subject=windmill pose=still"),
        # framing and size
        ("a bird\u2019s-eye view of a boat", "subject=boat framing=from above"),
        ("wide angle, cat", "subject=cat framing=wide"),
        ("closeup of a cat with wide eyes, lit from above", "subject=cat framing=close-up"),
        ("a little red bird in the big city", "subject=bird color=red place=city size=tiny"),
        ("make the cat huge", "subject=cat size=giant"),
        ("a cat, tiny details", "subject=cat"),
        # styles
        ("ukiyo - e", "style=ukiyo-e"),
        ("comic book cover", "style=comic"),
        ("a chalkboard drawing of an aeroplane", "subject=airplane style=chalk"),
        ("art, deco", ""),
    ],
)  # fmt: skip
def test_words_name_company_weather_framing_and_size(words, meaning):
    assert list(read(words).items()) == [tuple(pair.split("=")) for pair in re.split(r" (?=\w+=)", meaning) if pair]


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
    assert tuple(WEATHER_WORDS) == WEATHERS
    assert tuple(FRAMING_WORDS) == FRAMINGS
    assert tuple(SIZE_WORDS) == SIZES
    assert tuple(RELATION_WORDS) == RELATIONS[1:]
    assert set(POSE_WORDS) == {pose for kind in SUBJECTS.values() for pose in kind.poses}
    assert {color for kind in SUBJECTS.values() for color in kind.colors} <= set(COLOR_WORDS)
    assert set(ADJECTIVES) <= set(POSE_WORDS)


def test_labels_tell_the_whole_scene():
    assert tuple(ATTRIBUTES) == _NAMES
    for scene in _scenes(100):
        named = {name: words[label] for (name, words), label in zip(ATTRIBUTES.items(), labels_of(scene), strict=True)}
        assert Scene(**named, seed=scene.seed) == scene


def test_distractors_mean_nothing():
    assert {word: read(word) for word in DISTRACTORS if read(word)} == {}
    pairs = [f"{one} {two}" for one in DISTRACTORS for two in DISTRACTORS]
    assert [words for words in pairs if read(words)] == []
