# ruff: noqa: F811 - fixtures are imported
"""Pictures that begin with a picture, in the conversation: what is heard, what is rendered, and what later turns keep."""

import pytest
from hands import Hand, hand  # noqa: F401 - a fixture
from library_kit import scene
from rooms import chat, say, studio  # noqa: F401 - fixtures

from agent.wishes import read
from tools.backends import lineage, replaying, transcripts
from tools.backends.errors import BadInput
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
        ("paint over picture 1, strength 0.5.", "picture 1", "0.5", [("render", "", "picture 1", "")]),
        ("can you try img2img with strength 0,4", "", "0.4", [("render", "", "", "")]),
        ("img2img at strength 40", "", "0.4", [("render", "", "", "")]),
        ("img2img with strength 1", "", "1", [("render", "", "", "")]),
        ("img2img with strength 1%", "", "0.01", [("render", "", "", "")]),
        ("img2img, strength .7, three variations", "", "0.7", [("again", "", "", "")]),
        ("paint over picture 1 of e as a watercolor", "picture 1 of e", "", [("back", "", "picture 1 of e", ""), ("style", "watercolor", "", "")]),
        ("use picture 3 from the thread my cats as the starting image: a dog", "picture 3 of my cats", "", [("idea", "a dog", "", "")]),
        ("paint over picture 2 in neon", "picture 2", "", [("back", "", "picture 2", ""), ("style", "neon", "", "")]),
        ("start from noise again", "none", "", [("render", "", "", "")]),
        ("without the start picture, at night", "none", "", [("time", "at night", "", "")]),
        ("forget the base image and make it more cinematic", "none", "", [("more", "cinematic", "", "")]),
        ("don't start from the picture any more", "none", "", [("render", "", "", "")]),
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
     "render it", "use picture 2", "a painting over the sofa", "work on the light", "with noise", "no noise", "without the sketch",
     "forget the moon", "don't draw the base of the tower"],
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
    replayed = replaying.replay(
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


def start_of(told) -> str:
    """The fingerprint that the turn's last picture begins with."""
    return told.pictures[-1].recipe.start


def shown(picture) -> str:
    return fingerprint(open_picture(picture.path))


async def test_the_previous_one_is_the_picture_that_it_was_when_it_was_said(chat):
    pictures = [
        (await say(chat, "relative", words)).pictures[0] for words in ("a red boat on the sea", "at night", "in winter")
    ]
    told = await say(chat, "relative", "paint over the previous one as a watercolor")
    assert start_of(told) == shown(pictures[1]) and "Begun with picture 2" in told.reply
    assert told.pictures[0].parent == "picture 2" and "winter" not in told.drafts[-1].prompt
    assert start_of(await say(chat, "relative", "paint over the previous one")) == shown(pictures[2])


@pytest.mark.parametrize("first", ["show me the prompt first", "an owl in a tree"])
async def test_a_draft_that_is_seen_first_begins_with_its_picture_when_it_is_rendered(chat, tmp_path, first):
    file = tmp_path / "sketch.png"
    scene(79).save(file)
    thread, hold = first.replace(" ", "-"), "" if first.startswith("show") else ", but don't render it yet"
    await say(chat, thread, first)
    told = await say(chat, thread, f"start from this sketch, strength 0.4: a castle at night{hold}", [file])
    assert not told.pictures and "It is to begin with the attached picture, strength 0.4." in told.reply
    if not hold:  # and so does what becomes of it before it is rendered
        assert not (await say(chat, thread, "make it a watercolor")).pictures
    told = await say(chat, thread, "render it")
    assert start_of(told) == fingerprint(open_picture(file)) and told.pictures[0].recipe.strength == 0.4
    assert "Begun with the attached picture, strength 0.4." in told.reply
    told = await say(chat, thread, "another seed")
    assert start_of(told) == fingerprint(open_picture(file))
    await say(chat, thread, "render right away from now on")
    assert start_of(await say(chat, thread, "a red boat on the sea")) == "", "a new idea begins with noise"


async def test_a_yes_renders_a_picture_that_was_rendered_before_and_waits_to_be_painted_over(chat):
    first = (await say(chat, "waits", "a red boat on the sea")).pictures[0]
    told = await say(chat, "waits", "paint over it, but don't render it yet")
    assert not told.pictures and "It is to begin with picture 1, strength 0.6." in told.reply
    told = await say(chat, "waits", "yes please")
    assert start_of(told) == shown(first) and told.pictures[0].recipe.seed == first.recipe.seed


async def test_a_strength_that_cannot_be_is_refused_before_anything_is_rendered(chat):
    await say(chat, "strength", "a red boat on the sea")
    for words in (
        "img2img with strength 0",
        "img2img with strength 1.5",
        "paint over it, strength 200%",
        "img2img, strength -0.5",
    ):
        told = await say(chat, "strength", words)
        assert not told.pictures and "above 0 and up to 1" in told.reply, words
    told = await say(chat, "strength", "paint over picture 1, strength 0.5.")
    assert told.pictures[0].recipe.strength == 0.5 and not told.drafts


async def test_a_picture_to_begin_with_can_be_let_go(chat, tmp_path):
    file = tmp_path / "sketch.png"
    scene(80).save(file)
    await say(chat, "gone", "start from this sketch: a red boat on the sea", [file])
    told = await say(chat, "gone", "start from noise again")
    assert start_of(told) == "" and "Picture 1 began with a picture; this begins with noise." in told.reply
    assert not told.drafts
    await say(chat, "gone", "back to picture 1")
    told = await say(chat, "gone", "without the sketch")
    assert not told.drafts and 'Say "another seed"' in told.reply, "the prompt has none, and picture 2 is just that"
    await say(chat, "gone", "back to picture 2")
    told = await say(chat, "gone", "start from noise again")
    assert not told.pictures and "Picture 2 began with noise" in told.reply
    await say(chat, "gone", "back to picture 1")
    told = await say(chat, "gone", "without the start picture, at night")
    assert start_of(told) == "" and "night" in told.drafts[-1].prompt


async def test_the_sketch_that_the_prompt_speaks_of_is_taken_out_of_the_prompt(chat):
    await say(chat, "drawn", "a red boat on the sea, pencil sketch")
    await say(chat, "drawn", "img2img")
    told = await say(chat, "drawn", "without the sketch")
    assert told.drafts and "sketch" not in told.drafts[-1].prompt and start_of(told)


async def test_a_picture_of_another_conversation_is_painted_over_and_later_versions_keep_it(chat, studio):
    there = (await say(chat, "elsewhere", "a red boat on the sea")).pictures[0]
    await say(chat, "here", "an owl in a tree")
    told = await say(chat, "here", "paint over picture 1 of elsewhere as a watercolor")
    assert start_of(told) == shown(there) and "boat" in told.drafts[-1].prompt
    assert "Begun with picture 1 of elsewhere, strength 0.6." in told.reply
    told = await say(chat, "here", "at night")
    assert start_of(told) == shown(there) and "Begun with picture 1 of elsewhere" in told.reply
    assert not studio.lineage.thread("elsewhere").attachments
    told = await say(chat, "here", "paint over picture 7 of nowhere")
    assert not told.pictures and "picture 7 of nowhere" in told.reply


async def test_a_new_conversation_can_begin_with_a_picture_of_another_one(chat):
    there = (await say(chat, "older", "a red boat on the sea")).pictures[0]
    told = await say(chat, "newer", "paint over picture 1 of older as a watercolor")
    assert start_of(told) == shown(there) and "Begun with picture 1 of older" in told.reply
    told = await say(chat, "newest", "begin from noise: a castle")
    assert start_of(told) == "" and "castle" in told.drafts[-1].prompt


async def test_a_prompt_that_says_it_already_is_rendered_over_the_picture_all_the_same(chat, tmp_path):
    file = tmp_path / "sketch.png"
    scene(81).save(file)
    await say(chat, "already", "a red boat on the sea at night")
    told = await say(chat, "already", "paint over the attached picture at night", [file])
    assert start_of(told) == fingerprint(open_picture(file)) and not told.drafts
    told = await say(chat, "already", "paint over picture 1 at night")
    assert "Begun with picture 1" in told.reply and told.pictures[0].parent == "picture 1"
    told = await say(chat, "already", "paint over picture 1, strength 0.8, and keep the boat as it is")
    assert "Begun with picture 1" in told.reply
    told = await say(chat, "already", "paint over it and save it")
    assert "Begun with picture" in told.reply and "I saved picture 5" in told.reply


def test_a_start_is_kept_with_a_draft_that_the_tool_would_not_render_yet(hand: Hand):
    hand.refine_prompt(changes=[], start="a red boat on the sea")
    hand.generate_picture()
    hand.thread.show_prompt_first(True)
    hand.refine_prompt(changes=[], start="a castle at night")
    waiting = hand.thread.current_draft
    answer, kept = hand.generate_picture(variations=0, start="picture 1", strength=0.4)
    assert (
        answer == "Nothing is rendered. Draft 2: It is to begin with picture 1, strength 0.4." and not kept["pictures"]
    )
    with pytest.raises(BadInput, match="strength cannot be 3"):
        hand.generate_picture(variations=0, start="picture 1", strength=3)
    told = hand.thread.beginning_of(waiting)
    assert told and (told.strength, told.called) == (0.4, "picture 1")
    assert Lineage(hand.studio.settings.home).thread(hand.thread.name).beginning_of(waiting) == told, "it is in the log"
    _, made = hand.generate_picture()
    assert made["pictures"][0]["recipe"]["strength"] == 0.4 and made["begun"].startswith("Begun with picture 1")
    assert hand.thread.beginning_of(waiting) is None, "it waits no more"


def test_a_start_that_is_gone_when_its_draft_is_rendered_is_said(hand: Hand, tmp_path):
    file = tmp_path / "sketch.png"
    scene(82).save(file)
    hand.thread.attach(file)
    hand.refine_prompt(changes=[], start="a castle at night")
    hand.generate_picture(variations=0, start="attached")
    for path in hand.thread.attachments:
        path.unlink()
    answer, made = hand.generate_picture()
    assert made["pictures"][0]["recipe"]["start"] == ""
    assert "The attached picture, with which this was to begin, is gone; this begins with noise." in answer


def test_the_file_of_a_start_is_looked_for_among_the_attached_ones_first_and_read_once(
    hand: Hand, tmp_path, monkeypatch
):
    file = tmp_path / "sketch.png"
    scene(83).save(file)
    hand.refine_prompt(changes=[], start="a castle at night")
    for _ in range(3):
        hand.generate_picture(seed="new")
    hand.thread.attach(file)
    hand.generate_picture(seed="new", start="attached")
    read: list[str] = []

    def opened(path, **more):
        read.append(path.name)
        return open_picture(path, **more)

    monkeypatch.setattr(lineage, "open_picture", opened)
    recipe = hand.thread.pictures[-1].recipe
    assert hand.thread.start_of(recipe).called == "the attached picture"
    assert read == [hand.thread.attachments[0].name], "none of the pictures that were made here"
    assert hand.thread.start_of(recipe) and len(read) == 1
    scene(84).save(hand.thread.attachments[0])
    assert hand.thread.start_of(recipe) is None, "the file holds another picture now"
