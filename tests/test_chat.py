# ruff: noqa: ASYNC240, F811 - fixtures are imported, and a test may look at a file
"""The chat on the real starter parts with the guide: the loop, its events, stopping, going on, and bad input."""

import asyncio
import contextlib
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from rooms import Chat, Studio, chat, say, settings, sibling, studio  # noqa: F401 - fixtures

from agent.events import (
    FavouriteSaved,
    FavouritesListed,
    PictureMade,
    RenderProgress,
    TextChunk,
    ToolStarted,
    TurnEnded,
)
from tools.backends import phrases
from tools.backends.errors import RenderStopped
from tools.backends.pictures import read_recipe


async def test_a_new_idea_is_looked_up_written_rendered_and_told(chat):
    told = await say(chat, "idea", "a cat sleeping on the sofa")
    assert told.tools == ["search_prompts", "refine_prompt", "generate_picture"]
    assert told.examples
    assert told.drafts[0].prompt.startswith("a cat sleeping on the sofa")
    assert [p.name for p in told.pictures] == ["picture 1"] and Path(told.pictures[0].path).exists()
    assert read_recipe(Path(told.pictures[0].path)) == told.pictures[0].recipe
    assert any(isinstance(e, RenderProgress) for e in told.events)
    assert "picture 1" in told.reply and not told.failure
    assert told.end == TurnEnded("guide")


async def test_more_cinematic_keeps_every_phrase_and_the_seed_and_cites_examples_that_hold_what_they_are_cited_for(
    chat,
):
    first = await say(chat, "cat", "a cat sleeping on the sofa")
    second = await say(chat, "cat", "make it more cinematic")
    before, after = first.drafts[0], second.drafts[0]
    kept = phrases.split(before.prompt)
    assert [p for p in phrases.split(after.prompt) if p in kept] == kept
    assert "cinematic" in after.prompt and after.parent == before.number
    assert second.pictures[0].recipe.seed == first.pictures[0].recipe.seed
    assert second.pictures[0].parent == "picture 1"
    assert Path(first.pictures[0].path).exists(), "the first picture stays"
    cited = [(c.phrase, e) for c in after.changes for e in c.evidence]
    assert cited, "the library holds cinematic scenes"
    for phrase, evidence in cited:
        row = chat.studio.library.get([evidence.id])[0]
        assert row.prompt == evidence.prompt and phrases.holds(row.prompt, phrase)


async def test_a_save_is_proved_by_its_rank_and_said_not_doubled(chat):
    await say(chat, "save", "a robot waving in the snow")
    told = await say(chat, "save", "save it")
    saved = next(e.saved for e in told.events if isinstance(e, FavouriteSaved))
    assert saved.rank in (1, 2, 3) and saved.picture_rank == 1 and f"rank {saved.rank} by its words" in told.reply
    before = chat.studio.library.count()
    again = await say(chat, "save", "save it")
    assert chat.studio.library.count() == before and "already" in again.reply
    listed = await say(chat, "save", "show my favourites")
    favourites = next(e.matches for e in listed.events if isinstance(e, FavouritesListed))
    assert saved.id in [m.example.id for m in favourites]
    other = await say(chat, "somebody else", "a droid in the snow, waving hello")
    assert saved.id in [e.id for e in other.examples] or saved.rank == 1
    place = [m.example.id for m in favourites].index(saved.id) + 1
    removed = await say(chat, "save", f"remove favourite {place}")
    assert "Removed" in removed.reply and not chat.studio.library.get([saved.id])


async def test_a_picture_of_ones_own_is_recognised_with_its_exact_recipe(chat):
    made = (await say(chat, "own", "a red balloon in the city at night")).pictures[0]
    await say(chat, "own", "save it")
    told = await say(chat, "elsewhere", "", [Path(made.path).read_bytes()])
    assert told.tools == ["find_similar_pictures"]
    assert "it is in the library" in told.reply and str(made.recipe.seed) in told.reply


async def test_place_and_time_are_swapped_and_nothing_else(chat):
    await say(chat, "swap", "a dog sitting on the sofa by day")
    told = await say(chat, "swap", "at night instead of day")
    assert "at night" in told.drafts[0].prompt and "by day" not in told.drafts[0].prompt
    assert "a dog sitting on the sofa" in told.drafts[0].prompt
    told = await say(chat, "swap", "on the beach instead")
    assert told.drafts[0].prompt.startswith("a dog sitting on the beach at night")


async def test_several_wishes_in_one_message_are_all_done(chat):
    await say(chat, "many", "a boat at sea")
    told = await say(chat, "many", "at night, no people, and save it")
    assert told.drafts[0].negative_prompt == "people" and "at night" in told.drafts[0].prompt
    assert told.tools[-2:] == ["generate_picture", "save_favourite"]
    saved = next(e.saved for e in told.events if isinstance(e, FavouriteSaved))
    assert saved.picture == "picture 2"


async def test_going_back_branches_and_overwrites_nothing(chat):
    first = await say(chat, "back", "a house in a meadow")
    await say(chat, "back", "as a watercolor")
    told = await say(chat, "back", "back to picture 1, but at night")
    assert told.drafts[0].parent == first.drafts[0].number and "watercolor" not in told.drafts[0].prompt
    assert told.pictures[0].name == "picture 3" and told.pictures[0].parent == "picture 1"
    assert told.pictures[0].recipe.seed == first.pictures[0].recipe.seed


async def test_variations_have_new_seeds_and_the_same_prompt(chat):
    first = await say(chat, "seeds", "a castle in the snow")
    told = await say(chat, "seeds", "three more")
    assert len({p.recipe.seed for p in [*first.pictures, *told.pictures]}) == 4
    assert {p.recipe.prompt for p in told.pictures} == {first.pictures[0].recipe.prompt}


async def test_why_is_answered_from_what_was_kept(chat):
    await say(chat, "why", "a cat sleeping on the sofa")
    changed = await say(chat, "why", "make it more cinematic")
    phrase = next(c.phrase for c in changed.drafts[0].changes if c.evidence)
    told = await say(chat, "why", f"why did you add {phrase}?")
    assert told.tools == ["explain_change"] and "make it more cinematic" in told.reply


@pytest.mark.parametrize("words", ["qwertz uiop", "What will the weather be tomorrow?", "make it"])
async def test_what_it_does_not_understand_it_says_and_draws_nothing(chat, words):
    await say(chat, "unknown", "a fish in the sea")
    told = await say(chat, "unknown", words)
    assert told.tools == [] and "not a language model" in told.reply


async def test_a_thread_goes_on_in_a_new_chat_and_a_new_studio(chat, studio):
    await say(chat, "goes on", "a cat sleeping on the sofa")
    other = Chat(sibling(studio))
    told = await say(other, "goes on", "make it more cinematic")
    assert told.pictures[0].name == "picture 2"
    said = await other.history("goes on")
    assert [who for who, _ in said] == ["person", "atelier"] * 2 and said[2] == ("person", "make it more cinematic")


async def test_a_conversation_is_kept_once_however_long_it_is_and_goes_on(chat, studio):
    def kept() -> dict[str, int]:
        with contextlib.closing(sqlite3.connect(studio.settings.home / "conversations.sqlite")) as file:
            return {
                table: file.execute(f"SELECT count(*) FROM {table} WHERE thread_id = 'long'").fetchone()[0]
                for table in ("checkpoints", "writes")
            }

    await say(chat, "beside", "hello")
    await say(chat, "long", "hello")
    first = kept()
    for _ in range(9):
        await say(chat, "long", "hello")
    assert first["checkpoints"] == 1 and kept() == first
    assert len(await chat.history("long")) == 20 and len(await chat.history("beside")) == 2


async def test_two_turns_of_one_thread_run_one_after_the_other(chat):
    first, second = await asyncio.gather(say(chat, "busy", "a car in the city"), say(chat, "busy", "make it more neon"))
    assert [p.name for p in (*first.pictures, *second.pictures)] == ["picture 1", "picture 2"]


def slow(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Make renders wait for the stop flag, and say when one has begun."""
    begun = threading.Event()

    def render(recipe, *, start=None, on_step=None, stop=None):
        on_step(1, 50)
        begun.set()
        if stop.wait(20):
            raise RenderStopped("Stopped.")
        raise AssertionError("nobody pressed stop")

    monkeypatch.setattr(studio.renderer, "render", render)
    return begun


async def test_stop_ends_the_render_and_the_thread_goes_on(chat, studio, monkeypatch):
    with monkeypatch.context() as patch:
        slow(studio, patch)
        events = []
        async for event in chat.turn("stopped", "a tree in the desert"):
            events.append(event)
            if isinstance(event, RenderProgress):
                chat.stop("stopped")
    assert events[-1] == TurnEnded("guide", stopped=True) and not any(isinstance(e, PictureMade) for e in events)
    told = await say(chat, "stopped", "make it more cinematic")
    assert told.pictures and not told.failure


async def test_walking_away_from_the_events_stops_the_render_too(chat, studio, monkeypatch):
    with monkeypatch.context() as patch:
        slow(studio, patch)
        turn = chat.turn("left", "a tree in the desert")
        async for event in turn:
            if isinstance(event, RenderProgress):
                break
        await turn.aclose()
        await chat.close()
    assert not chat.studio.lineage.thread("left").pictures
    assert (await say(chat, "left", "a tree in the desert")).pictures


async def test_cancelling_the_reader_stops_the_turn(chat, studio, monkeypatch):
    with monkeypatch.context() as patch:
        begun = slow(studio, patch)
        task = asyncio.create_task(say(chat, "cancelled", "a moon in the forest"))
        await asyncio.to_thread(begun.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await chat.close()
    assert (await say(chat, "cancelled", "a moon in the forest")).pictures


async def test_the_loop_keeps_turning_while_tools_work(chat, studio, monkeypatch):
    import time

    longest, render = 0.0, studio.renderer.render

    def slow_render(*args, **kwargs):
        time.sleep(0.5)
        return render(*args, **kwargs)

    monkeypatch.setattr(studio.renderer, "render", slow_render)
    await say(chat, "warm", "a cat")
    turn = asyncio.create_task(say(chat, "loop", "a cat"))
    while not turn.done():
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        longest = max(longest, time.perf_counter() - began)
    assert longest < 0.4, "something waited on the event loop"


async def test_words_come_in_pieces(chat):
    told = await say(chat, "pieces", "hello")
    assert sum(isinstance(e, TextChunk) for e in told.events) > 3


@pytest.mark.parametrize(
    ("words", "attachments", "part"),
    [
        ("", [], "empty"),
        ("word " * 10_000, [], "characters"),
        ("what is this?", [b"this is no picture"], "picture"),
        ("what is this?", [b""], "picture"),
        ("what is this?", [Path("/nowhere/cat.png")], "cat.png"),
    ],
)
async def test_bad_input_gets_one_clear_sentence_and_the_thread_goes_on(chat, words, attachments, part):
    told = await say(chat, "bad", words, attachments)
    assert part in told.failure and not told.tools
    assert (await say(chat, "bad", "hello")).reply


async def test_strange_words_are_no_trouble(chat):
    for words in (
        "\ud83d lone surrogate cat",
        "a cat\0 with nul",
        "🐱🛋️",
        "a {{cat}} on <sofa> & [brackets](x)",
        "'; DROP TABLE examples; --",
    ):
        told = await say(chat, "strange", words)
        assert not told.failure, words


async def test_a_home_that_cannot_be_written_is_told(studio, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    other = sibling(studio, home=blocked)
    told = await say(Chat(other), "blocked", "hello")
    assert "ATELIER_HOME" in told.failure


async def test_a_lost_file_of_a_picture_is_told_when_saving(chat):
    made = (await say(chat, "lost", "a flower in a meadow")).pictures[0]
    shutil.move(made.path, made.path + ".away")
    told = await say(chat, "lost", "save it")
    assert "picture" in told.reply and not any(isinstance(e, FavouriteSaved) for e in told.events)


async def test_tools_are_named_before_they_answer(chat):
    told = await say(chat, "order", "a cat sleeping on the sofa")
    kinds = [type(e).__name__ for e in told.events if isinstance(e, ToolStarted) or type(e).__name__ == "ToolFinished"]
    assert kinds == ["ToolStarted", "ToolFinished"] * 3
