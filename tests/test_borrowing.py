"""What a phrase is about, and how one prompt takes over the light, the place or a phrase of another."""

import pytest

from tools.backends import aspects, phrases
from tools.backends.borrowing import borrowed

SOFA = "an orange cat sleeping on the sofa in a living room at night, (neon lights:1.2), film still, heavy rain, 8k"
BEACH = "a black dog running on the beach at sunset, soft rim light, watercolor, wide angle"


@pytest.mark.parametrize(
    ("phrase", "about"),
    [
        ("soft rim light", {"lighting"}),
        ("neon lights", {"lighting", "style"}),
        ("at night", {"time"}),
        ("heavy rain", {"weather"}),
        ("on the beach", {"place"}),
        ("wide angle", {"camera"}),
        ("light blue", {"colors"}),
        ("a wyvern", {"subject"}),
        ("by greg rutkowski", {"style"}),
        ("highly detailed", {"quality"}),
        ("a cat sleeping on the sofa", {"subject", "place"}),
        ("a lighthouse by the sea", {"subject", "place"}),
        ("flight", set()),
        ("velvet", set()),
        ("", set()),
    ],
)
def test_a_phrase_is_about_what_its_words_name(phrase, about):
    assert aspects.aspect_of(phrase) == about


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("lighting", SOFA.replace("(neon lights:1.2)", "soft rim light")),
        ("the style", SOFA.replace("(neon lights:1.2), film still", "watercolor")),
        ("place", SOFA.replace("on the sofa in a living room", "on the beach")),
        ("time", SOFA.replace("at night", "at sunset")),
        ("subject", SOFA.replace("an orange cat", "a black dog")),
        ("colors", SOFA.replace("an orange cat", "a black cat")),
        ("camera", f"{SOFA}, wide angle"),
        ("the rim light", SOFA.replace("(neon lights:1.2)", "soft rim light")),
        ("the dog", SOFA.replace("an orange cat", "a black dog")),
    ],
)
def test_the_other_prompts_words_come_in_the_place_of_the_same_thing(what, after):
    changes = borrowed(SOFA, BEACH, what)
    assert changes is not None and phrases.apply(SOFA, changes) == after


def test_what_the_other_prompt_does_not_speak_of_is_not_borrowed():
    assert borrowed(SOFA, BEACH, "weather") is None and borrowed(SOFA, BEACH, "zebra") is None
    assert borrowed(SOFA, SOFA, "lighting") == []


def test_words_that_do_not_read_inside_a_sentence_become_a_phrase_of_their_own():
    prompt = "a cat sleeping on the sofa, 8k"
    assert phrases.apply(prompt, borrowed(prompt, "a fox, beach", "place")) == "a cat sleeping, 8k, beach"


def test_where_nothing_is_said_of_the_light_the_hour_is_taken():
    changes = borrowed("a cat by day", "a dog at night", "lighting")
    assert phrases.apply("a cat by day", changes) == "a cat at night"


def test_a_subject_without_a_colour_gets_one():
    assert phrases.apply("an owl, 8k", borrowed("an owl, 8k", "a black dog", "colors")) == "a black owl, 8k"
