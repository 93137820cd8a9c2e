# ruff: noqa: F811 - fixtures are imported
"""Pictures that begin with a picture, in the conversation: what is heard, what is rendered, and what later turns keep."""

import pytest
from hands import Hand, hand  # noqa: F401 - a fixture
from library_kit import scene
from rooms import chat, say, studio  # noqa: F401 - fixtures

from agent.wishes import read
from tools.backends import transcripts
from tools.backends.lineage import Lineage
from tools.backends.pictures import fingerprint, open_picture


def heard(words: str, *, has_draft: bool = True, attached: int = 0) -> list[tuple[str, str, str, str]]:
    return [(w.kind, w.text, w.picture, w.how) for w in read(words, has_draft=has_draft, attached=attached)]


@pytest.mark.parametrize(
    ("words", "picture", "strength", "rest"),
    [
        ("paint over picture 2 as a watercolor", "picture 2", "", [("back", "", "picture 2", ""), ("style", "watercolor", "", "")]),
        ("use picture 1 as the starting image, and make it night", "picture 1", "", [("back", "", "picture 1", ""), ("time", "night", "", "")]),
        ("img2img", "", "", [("render", "", "", "")]),
        ("please do image-to-image with picture 3 at strength 70%", "picture 3", "0.7", [("render", "", "picture 3", "")]),
        ("paint over it, but keep most of it", "", "0.35", [("render", "", "", "")]),
        ("use it as a start: a red boat at night, strength 0.8", "", "0.8", [("idea", "a red boat at night", "", "")]),
        ("start from my sketch: a castle", "attached", "", [("idea", "a castle", "", "")]),
    ],
)  # fmt: skip
def test_a_picture_to_begin_with_is_heard_and_so_is_the_rest(words, picture, strength, rest):
    assert heard(words) == [("start", "", picture, strength), *rest]


@pytest.mark.parametrize(
    ("words", "strength", "rest"),
    [
        ("start from this photo, strength 0.4: a castle at night", "0.4", [("idea", "a castle at night", "", "")]),
        ("use my sketch as the base image for a dragon", "", [("idea", "a dragon", "", "")]),
        ("start from this", "", [("describe", "", "attached", "")]),
        ("begin with this picture and make it more cinematic", "", [("describe", "make it more cinematic", "attached", "")]),
    ],
)  # fmt: skip
def test_a_dropped_in_picture_is_begun_with_when_the_words_say_so(words, strength, rest):
    assert heard(words, has_draft=False, attached=1) == [("start", "", "attached", strength), *rest]


@pytest.mark.parametrize(
    "words",
    ["start from picture 2", "start from scratch", "start with a fox", "paint the car red", "go over it again", "draw a bridge over the river",
     "render it", "use picture 2", "a painting over the sofa", "work on the light"],
)  # fmt: skip
def test_other_beginnings_stay_what_they_were(words):
    assert "start" not in {kind for kind, *_ in heard(words)}


def test_the_tool_begins_with_a_picture_and_later_versions_keep_it(hand: Hand, tmp_path):
    file = tmp_path / "sketch.png"
    scene(77).save(file)
    hand.thread.attach(file)
    hand.refine_prompt(changes=[], start="a red boat on the sea")
    answer, first = hand.generate_picture(start="attached")
    assert "Begun with the attached picture, strength 0.6." in answer
    recipe = first["pictures"][0]["recipe"]
    assert (recipe["start"], recipe["strength"]) == (fingerprint(open_picture(file)), 0.6)
    _, again = hand.generate_picture(seed="new", strength=0.9)
    kept = again["pictures"][0]["recipe"]
    assert (kept["start"], kept["strength"]) == (recipe["start"], 0.9)
    answer, free = hand.generate_picture(start="none")  # the same seed and draft, and yet another picture
    assert free["pictures"][0]["recipe"]["start"] == "" and free["pictures"][0]["recipe"]["seed"] == kept["seed"]
    answer, over = hand.generate_picture(start="picture 1")
    assert "Begun with picture 1" in answer and over["pictures"][0]["recipe"]["start"] != recipe["start"]
    for path in hand.thread.attachments:
        path.unlink()
    answer, lost = hand.generate_picture(base="picture 1", seed="new")
    assert (
        lost["pictures"][0]["recipe"]["start"] == ""
        and "Picture 1 began with a picture; this begins with noise." in answer
    )


async def test_the_guide_paints_over_a_picture_and_a_replay_gives_the_same_pixels(chat, studio, tmp_path):
    file = tmp_path / "sketch.png"
    scene(78).save(file)
    await say(chat, "begun", "a red boat on the sea")
    told = await say(chat, "begun", "paint over picture 1 as a watercolor, strength 0.5")
    assert told.calls[-1] == ("generate_picture", {"seed": "same", "start": "picture 1", "strength": 0.5})
    assert "Begun with picture 1, strength 0.5." in told.reply and "watercolor" in told.drafts[-1].prompt
    assert told.pictures[0].parent == "picture 1"
    told = await say(chat, "begun", "another seed")
    assert told.pictures[0].recipe.strength == 0.5 and "Begun with picture 1" in told.reply
    told = await say(chat, "begun", "img2img")
    assert (
        told.calls == [("generate_picture", {"seed": "same", "start": "picture 3"})]
        and "Begun with picture 3" in told.reply
    )
    told = await say(chat, "begun", "start from this photo: a castle at night", [file])
    assert told.pictures[0].recipe.start == fingerprint(open_picture(file)) and "castle" in told.drafts[-1].prompt
    document = transcripts.export(studio.lineage.thread("begun"))
    replayed = transcripts.replay(
        transcripts.read(transcripts.as_bytes(document)), Lineage(tmp_path / "home").thread("again"), studio.renderer
    )
    assert [one.identical for one in replayed.pictures] == [
        True,
        True,
        True,
        True,
        False,
    ]  # its sketch is in no transcript


async def test_a_dropped_in_picture_without_words_is_begun_with_through_the_prompt_that_likely_made_it(chat, tmp_path):
    file = tmp_path / "sketch.png"
    scene(3).save(file)
    told = await say(chat, "dropped", "start from this picture, at night", [file])
    assert told.tools[0] == "find_similar_pictures" and told.calls[-1][1]["start"] == "attached"
    assert told.pictures[0].recipe.start == fingerprint(open_picture(file))
