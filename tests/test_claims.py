# ruff: noqa: F811 - fixtures are imported
"""No sentence that claims what no tool did is ever shown: by sentences, by streams, and over a real socket."""

import re

import pytest
from loopback_openai import Reply, painter, this_turn
from model_room import MODEL, room  # noqa: F401 - a fixture
from rooms import say, studio  # noqa: F401 - a fixture

from agent.claims import CORRECTIONS, NO_PICTURE, NO_SAVE, Facts, false_claim
from agent.events import (
    DraftMade,
    ExamplesFound,
    FavouriteSaved,
    PictureMade,
    Shown,
    TextChunk,
    ToolFinished,
    ToolStarted,
    TurnEnded,
)
from agent.voice import Voice
from tools.backends.records import Check, Draft, Example, Match, Picture, Recipe, Saved


def picture(number: int) -> PictureMade:
    recipe = Recipe(prompt="a cat", seed=1, steps=1, guidance=1.0, width=8, height=8, scheduler="s", model="m")
    return PictureMade("t", Picture(name=f"picture {number}", path="p.png", recipe=recipe))


def ran(tool: str, failed: bool = False, **args: object) -> list[ToolStarted | ToolFinished]:
    return [ToolStarted("id", tool, args), ToolFinished("id", tool, "", failed)]


def facts(*events: object) -> Facts:
    seen = Facts(pictures_before=("picture 1",), saved_before=("picture 1",))
    for event in events:
        for one in event if isinstance(event, list) else [event]:
            seen.see(one)
    return seen


SAVE = FavouriteSaved("t", Saved(id="abc", picture="picture 2", rank=1, picture_rank=2))
FOUND = ExamplesFound("t", (Match(rank=1, example=Example(id="a", prompt="p"), score=1.0),))
DRAFT = DraftMade("t", Draft(number=1, prompt="a cat"))
CHECK = Shown("t", Check(picture="picture 2", phrases=(), score=1.0))


@pytest.mark.parametrize(
    ("claim", "sentence", "proof"),
    [
        ("picture", "Here is your new picture.", picture(2)),
        ("picture", "**Here is your picture** with no people, do you like it?", picture(2)),
        ("picture", "I've generated the image of a cat for you.", picture(2)),
        ("picture", "Sure, here's the castle picture you asked for!", picture(2)),
        ("picture", "I rendered it at night, so you can see the stars.", picture(2)),
        ("picture", "The picture is ready!", picture(2)),
        ("picture", "Hier ist dein neues Bild.", picture(2)),
        ("picture", "Voici ton image.", picture(2)),
        ("name", "Picture 7 has warmer light.", picture(7)),
        ("save", "I saved it to your favourites.", SAVE),
        ("save", "I've saved it, so that you can find it later.", SAVE),
        ("save", "Saved to your favourites!", SAVE),
        ("save", "Ich habe das Bild gespeichert.", SAVE),
        ("find", "I found three examples that fit.", FOUND),
        ("find", "The library holds 12 examples of that.", FOUND),
        ("find", "Here are some prompts from the library.", FOUND),
        ("find", "It is 6.1× more common near this idea.", FOUND),
        ("search", "I searched the library for castles.", ran("search_prompts", looks_like="x")),
        ("lock", "I locked the sofa and the cat.", ran("refine_prompt", changes=[], lock=["the sofa"])),
        ("unlock", "I unlocked the sofa.", ran("refine_prompt", changes=[], unlock=["the sofa"])),
        ("undo", "I undid the last change.", ran("undo_change")),
        ("undo", "We're back at picture 1.", ran("refine_prompt", changes=[], base="picture 1")),
        ("check", "I checked the picture, and the cat is there.", CHECK),
        ("taste", "I've wiped your taste card.", ran("taste_card", action="wipe")),
        ("remove", "All your favourites have been deleted.", ran("remove_favourite", id="abc")),
        ("draft", "I added film still and a low sun.", DRAFT),
        ("file", "I exported the conversation as a template.", ran("keep_conversation")),
    ],
)
def test_a_claim_passes_only_when_a_tool_did_it(claim, sentence, proof):
    assert false_claim(sentence, facts()) == claim
    assert not false_claim(sentence, facts(proof))


@pytest.mark.parametrize(
    ("sentence", "event"),
    [
        ("I've wiped your taste card.", ran("taste_card", action="show")),
        ("I locked the sofa.", ran("refine_prompt", changes=[], lock=["the sofa"], failed=True)),
        ("I undid the last change.", ran("undo_change", failed=True)),
        ("I found two examples.", ExamplesFound("t", ())),
        ("Here are four pictures.", [picture(2), picture(3)]),
        ("Saved; the library finds it at rank 5.", SAVE),
    ],
)
def test_a_tool_that_did_something_else_or_failed_proves_nothing(sentence, event):
    assert false_claim(sentence, facts(event))


@pytest.mark.parametrize(
    "sentence",
    [
        "Shall I render a picture of it?",
        "I can make a picture of that.",
        "Once I've rendered the picture, you can save it.",
        'Say "save it" and I will keep it.',
        "I have not made a picture.",
        "I found no examples that fit.",
        "The picture is ready to be rendered.",
        "There is no picture 7 here.",
        "I kept the seed and the sofa.",
        "If you like it, I will save it to your favourites.",
        "I made a plan: first look, then paint.",
        "What should the picture show?",
        "Picture 1 is saved, as you asked last time.",
        "I made picture 1 earlier.",
        'The example says "here is your picture", which is not mine to judge.',
        *(s for text in CORRECTIONS.values() for s in re.split(r"(?<=[.!?])\s+", text)),
    ],
)
def test_offers_questions_denials_and_the_past_pass(sentence):
    assert false_claim(sentence, facts()) == ""


def spoken(pieces: list[str], judged: bool = True) -> tuple[Voice, list[str]]:
    shown: list[str] = []
    voice = Voice(lambda event: shown.append(event.text), facts())
    voice.begin(judged=judged)
    for piece in pieces:
        voice.hear(piece)
    return voice, shown


def test_a_sentence_is_shown_as_soon_as_it_is_over_and_not_before():
    voice, shown = spoken(["Cats lo", "ve light. Here", " is your"])
    assert shown == ["Cats love light. "]
    voice.finish()
    assert shown == ["Cats love light. ", "Here is your"]


def test_after_a_false_sentence_nothing_is_shown_until_the_rest_is_released():
    voice, shown = spoken(["Cats love light. I saved it for you. ", "Enjoy."])
    voice.finish()
    assert shown == ["Cats love light. "] and [kind for _, kind in voice.false] == ["save"]
    voice.release()
    assert "".join(shown) == f"Cats love light. Enjoy.\n\n{NO_SAVE}"


def test_a_sentence_that_never_ends_is_judged_all_the_same():
    voice, shown = spoken(["light " * 300])
    assert len("".join(shown)) > 900 and not voice.false


def test_the_guides_words_come_as_they_are_said():
    _, shown = spoken(["Here is ", "picture 9 "], judged=False)
    assert shown == ["Here is ", "picture 9 "]


def test_picture_links_never_come_through():
    voice, shown = spoken(["Look: ![a](https://exa", "mple.com/a.png) nice. ", "Bye."])
    voice.finish()
    assert "".join(shown) == "Look:  nice. Bye."


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("Here is your new picture: ![cat](https://example.com/cat.png) Enjoy!", f"{NO_PICTURE}"),
        ("Let me see. I've generated the image of a cat. Enjoy it.", f"Let me see. Enjoy it.\n\n{NO_PICTURE}"),
        ("I saved it to your favourites.", NO_SAVE),
    ],
)
async def test_a_false_sentence_is_never_shown_and_the_thread_keeps_the_truth(room, answer, reply):
    room.server.script = lambda _: Reply(answer)
    told = await say(room.chat, f"claim {answer[:9]}", "a cat")
    assert told.reply == reply and not told.failure and len(room.server.requests) == 2
    assert (await room.chat.history(f"claim {answer[:9]}"))[-1][1] == reply


async def test_a_model_that_is_told_so_may_make_its_claim_true(room):
    def repents(messages):
        if not this_turn(messages)[1] and "was held back" not in messages[0]["content"]:
            return Reply("Let me see. Here is your new picture. Enjoy it.")
        return painter(messages)

    room.server.script = repents
    told = await say(room.chat, "repents", "a cat sleeping on the sofa")
    kinds = [type(e).__name__ if not isinstance(e, TextChunk) else e.text.strip() for e in told.events]
    assert kinds.index("Let me see.") < kinds.index("PictureMade")
    assert next(n for n, kind in enumerate(kinds) if kind.startswith("Here is")) > kinds.index("PictureMade")
    assert told.end == TurnEnded(MODEL) and "No picture" not in told.reply


async def test_a_claim_before_its_tool_is_held_until_the_tool_has_answered(room):
    def hasty(messages):
        reply = painter(messages)
        return Reply("I rendered it for you. ", reply.calls) if reply.calls else reply

    room.server.script = hasty
    told = await say(room.chat, "hasty", "a cat sleeping on the sofa")
    before = [e.text for e in told.events[: told.events.index(next(e for e in told.events if isinstance(e, PictureMade)))] if isinstance(e, TextChunk)]  # fmt: skip
    assert before == [] and told.pictures and told.reply.startswith("Here is your new picture")
