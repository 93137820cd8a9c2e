"""The conversations' messages between turns: kept whole, once, and read in few trips."""

import asyncio
import contextlib
import sqlite3
import threading
import time

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import START, MessagesState, StateGraph

from agent import checkpoints
from agent.claims import Facts
from agent.voice import Voice
from tools.backends.errors import StorageFull


def graph(saver: checkpoints.Checkpoints, fails: bool = False):
    """A graph of one node, which answers or breaks."""

    def answer(state: MessagesState):
        if fails:
            raise RuntimeError("broken")
        return {"messages": [HumanMessage(f"answer {len(state['messages'])}")]}

    built = StateGraph(MessagesState).add_node("answer", answer).add_edge(START, "answer")
    return built.compile(checkpointer=saver)


async def said(home, thread: str, words: str, fails: bool = False) -> list[str]:
    """One turn; what was there before it."""
    async with checkpoints.opened(home, thread) as saver:
        before = [message.text for message in saver.before]
        await graph(saver, fails).ainvoke(
            {"messages": [HumanMessage(words)]}, {"configurable": {"thread_id": thread}}, durability="exit"
        )
    return before


def texts(home, thread: str) -> list[str]:
    return [message.text for message in checkpoints.messages(home, thread)]


async def test_each_turn_finds_what_the_ones_before_it_said_and_nothing_of_other_threads(tmp_path):
    assert await said(tmp_path, "one", "a cat") == []
    assert await said(tmp_path, "other", "a dog") == []
    assert await said(tmp_path, "one", "darker") == ["a cat", "answer 1"]
    assert texts(tmp_path, "one") == ["a cat", "answer 1", "darker", "answer 3"]
    assert texts(tmp_path, "other") == ["a dog", "answer 1"] and texts(tmp_path, "nobody's") == []


async def test_a_turn_that_broke_leaves_what_was_there_and_only_the_newest_checkpoint(tmp_path):
    await said(tmp_path, "one", "a cat")
    with pytest.raises(RuntimeError):
        await said(tmp_path, "one", "darker", fails=True)
    assert texts(tmp_path, "one")[:2] == ["a cat", "answer 1"]
    with sqlite3.connect(tmp_path / checkpoints.FILE) as file:
        assert file.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)


async def test_a_turn_that_is_stopped_while_it_is_kept_is_kept(tmp_path, monkeypatch):
    begun = threading.Event()

    def slowly(self, *given):
        begun.set()
        time.sleep(0.2)
        return SqliteSaver.put(self, *given)

    monkeypatch.setattr(checkpoints.Checkpoints, "put", slowly)
    turn = asyncio.create_task(said(tmp_path, "one", "a cat"))
    await asyncio.to_thread(begun.wait, 5)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert texts(tmp_path, "one") == ["a cat", "answer 1"]


async def test_what_was_said_is_read_while_another_writes(tmp_path, caplog):
    await said(tmp_path, "one", "a cat")
    with contextlib.closing(sqlite3.connect(tmp_path / checkpoints.FILE)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert texts(tmp_path, "one") == ["a cat", "answer 1"]
    assert not caplog.records


async def test_two_threads_at_once_keep_both(tmp_path):
    await asyncio.gather(*(said(tmp_path, f"thread {n}", f"idea {n}") for n in range(8)))
    assert [texts(tmp_path, f"thread {n}")[0] for n in range(8)] == [f"idea {n}" for n in range(8)]


async def test_a_folder_that_cannot_be_made_is_named_and_a_file_that_is_no_database_is_an_error_of_sqlite(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageFull, match="ATELIER_HOME"):
        async with checkpoints.opened(tmp_path / "file", "one"):
            pass
    (tmp_path / checkpoints.FILE).write_bytes(b"no database at all " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        async with checkpoints.opened(tmp_path, "one"):
            pass


def test_the_voice_hears_tokens_and_nothing_else():
    """A tool that works in a thread would be given an event loop of its own for everything that an asynchronous listener is told."""
    voice = Voice(lambda event: None, Facts())
    assert voice.ignore_agent and voice.ignore_chain and voice.ignore_chat_model and not voice.ignore_llm
