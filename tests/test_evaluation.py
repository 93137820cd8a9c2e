# ruff: noqa: F811 - fixtures are imported
"""The evaluation itself: its scripts are whole, its judgements find planted faults, and a small sample of it runs."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Mapping

import pytest
from evaluation.checks import Examiner
from evaluation.honesty import Facts, false_claims
from evaluation.overhead import per_turn
from evaluation.playing import Course, play
from evaluation.reporting import Run, by_kind, figures
from evaluation.scripted import ScriptedModel
from evaluation.scripts import Conversation, load, load_file
from loopback_openai import LoopbackOpenAI, Reply
from PIL import Image
from rooms import Studio, sibling, studio  # noqa: F401 - fixtures

from agent.events import DraftMade, PictureMade, TextChunk
from agent.settings import load_settings
from starter.world import PLACES, STYLES, SUBJECTS, TIMES
from tools.backends.errors import BadInput

NOTHING = Facts(
    made=False, saved=False, went_back=False, kept_file=False, recognised=False, pictures=1, ranks=(), seeds=(7,), lifts=()
)  # fmt: skip


class BlindJudge:
    """Says the same of every picture."""

    name, independent = "blind", True

    def read(self, picture: Image.Image) -> Mapping[str, str]:
        return {"subject": "castle", "place": "meadow", "time": "day", "style": "watercolor"}


def named(name: str) -> Conversation:
    return load(only=name)[0]


def one_course(studio: Studio, conversation: Conversation, begin=lambda _: None) -> tuple[Course, list]:
    """Play it and judge it blindly, while its favourites are there."""

    async def played():
        examiner = Examiner(studio, BlindJudge(), own_words=True)
        return [(course, examiner.examine(course)) async for course in play(studio, [conversation], begin)]

    return asyncio.run(played())[0]


def test_there_are_sixty_conversations_and_more_over_the_whole_starter_world():
    conversations = load()
    assert len(conversations) >= 60 and len({c.name for c in conversations}) == len(conversations)
    turns = [turn for c in conversations for turn in c.turns]
    shown = {(name, value) for turn in turns for name, value in turn.shows.items()}
    world = {"subject": tuple(SUBJECTS), "place": PLACES, "time": TIMES, "style": STYLES[1:]}
    assert {(name, value) for name, values in world.items() for value in values} <= shown
    assert Counter(turn.kind for turn in turns)["style"] >= 50


def test_a_script_that_asks_for_what_does_not_exist_is_refused_by_its_place(tmp_path):
    file = tmp_path / "odd.yaml"
    turn = "{say: a cat, calls: idea, shows: {subject: cat}}"
    file.write_text(f"kind: odd\nconversations: [{{name: odd, turns: [{turn}, {turn}, {{say: hello, wishes: 3}}]}}]")
    with pytest.raises(BadInput, match="odd.yaml .*'odd', turn 3: nothing here is called wishes"):
        load_file(file)
    file.write_text(
        f"kind: odd\nconversations: [{{name: odd, turns: [{turn}, {turn}, {turn.replace(': cat}', ': samurai}')}]}}]"
    )
    with pytest.raises(BadInput, match="turn 3: the starter world has no subject 'samurai'"):
        load_file(file)
    with pytest.raises(BadInput, match="No conversation is called 'nothing'"):
        load(only="nothing")


@pytest.mark.parametrize(
    "words",
    [
        "Here is your new picture.",
        "I saved it to your favourites.",
        "Picture 1 is saved.",
        "I made two pictures for you: enjoy them.",
        "That is picture 4.",
        "The library finds it at rank 1.",
        "It has seed 42.",
        "I added “neon” (from 3 examples, 6.2 times as common near this idea).",
        "I know this picture: it is in the library.",
    ],
)
def test_a_claim_that_nothing_supports_is_found(words):
    assert false_claims(words, NOTHING)


@pytest.mark.parametrize(
    "words",
    [
        'Say "save it" to keep the picture.',
        "Nothing was saved in this turn.",
        "I could make a new picture, if you like.",
        "Picture 1 has seed 7.",
        "Its prompt says “here is a picture”.",
        "It stays: I only ever change what you ask for.",
        "I have not made a picture.",
        "Here are the pictures of this conversation:",
    ],
)
def test_an_offer_a_denial_and_a_truth_are_no_claims(words):
    assert not false_claims(words, NOTHING)


def test_what_really_happened_may_be_said():
    facts = dataclasses.replace(NOTHING, made=True, saved=True, pictures=2, ranks=(1,), lifts=(6.21,))
    said = "Here is picture 2, with seed 7. I saved it; it is at rank 1. “neon” is 6.2 times as common near this idea."
    assert not false_claims(said, facts)


def test_the_judgement_finds_every_planted_fault(studio: Studio):
    course, clean = one_course(studio, named("a castle in watercolor"))
    assert not [
        f for f in clean if not f.good and f.figure in ("phrases", "seeds", "refined", "citations", "claims", "done")
    ]
    assert [f.good for f in clean if f.figure == "asked" and f.about == "style"] == [True, False, False], (
        "the judge is blind"
    )
    turn = course.turns[1]
    draft, picture = turn.drafts[0], turn.pictures[0]
    worse = dataclasses.replace(draft, prompt=draft.prompt.replace("castle", "Castle"))
    cited = next(change for change in draft.changes if change.evidence)
    forged = dataclasses.replace(cited, evidence=(dataclasses.replace(cited.evidence[0], id="f" * 64),))
    stranger = dataclasses.replace(picture, parent=None, recipe=dataclasses.replace(picture.recipe, seed=1))
    faults = {
        "phrases": (DraftMade, {"draft": worse}),
        "citations": (DraftMade, {"draft": dataclasses.replace(draft, changes=(forged,))}),
        "seeds": (PictureMade, {"picture": stranger}),
        "refined": (PictureMade, {"picture": stranger}),
        "claims": (TextChunk, {"text": "I saved it at rank 1."}),
    }
    for figure, (kind, planted) in faults.items():
        events = tuple(dataclasses.replace(e, **planted) if isinstance(e, kind) else e for e in turn.events)
        after = dataclasses.replace(turn.after, draft=planted.get("draft", turn.after.draft))
        changed = dataclasses.replace(turn, events=events, after=after)
        whole = dataclasses.replace(course, turns=[course.turns[0], changed])
        found = Examiner(studio, BlindJudge(), own_words=True).examine(whole)
        assert [f for f in found if f.figure == figure and f.turn == 2 and not f.good], figure


def test_the_scripted_model_comes_through_the_real_protocol_and_cites_only_what_it_was_shown(studio: Studio):
    scripted = ScriptedModel()
    with LoopbackOpenAI(lambda messages: Reply(*scripted.reply(messages))) as server:
        other = sibling(
            studio, chat_model="openai:scripted", openai_api_key=server.key, openai_base_url=server.url, timeout=20.0
        )
        course, found = one_course(other, named("arguments that are no JSON"), scripted.begin)
    assert not [
        f for f in found if not f.good and f.figure in ("done", "phrases", "seeds", "refined", "citations", "claims")
    ]
    assert [f for f in found if f.figure == "citations"], "the scripted model cited something"
    repaired = [name for name, _ in course.turns[1].called]
    assert repaired == ["search_prompts", "refine_prompt", "refine_prompt", "generate_picture"]
    assert all(len(turn.pictures) == 1 for turn in course.turns)


def test_a_share_is_one_hundred_percent_only_where_nothing_failed(studio: Studio):
    _, found = one_course(studio, named("a castle in watercolor"))
    run = Run(model="the guide", judge="blind", independent=True, conversations=1, findings=found, seconds=[1.0])
    told = {figure.name: (figure.value, figure.met) for figure in figures(run)}
    assert told["the style is the asked one after “make it <style>”"] == ("33.3 % of 3", False)
    assert told["seeds kept"] == ("100 % of 3", True) and told["mendings that ended worse, by the judge's eyes"] == (
        "0 of 0",
        None,
    )
    head, *rows = by_kind(run)
    assert [row[0] for row in rows] == ["idea", "style", "all"] and {len(row) for row in rows} == {len(head)}


def test_the_agent_by_itself_is_measured_without_models_and_tools():
    assert 0 < per_turn(load_settings({}), turns=3) < 5_000
