"""The conversations' messages between turns: LangGraph's own tables in one SQLite file, opened for one turn at a time.

Each question is put in one trip to a thread. LangGraph's asynchronous saver makes a trip for every statement, and a turn of
25 trips spent more on them than on the statements.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.sqlite import SqliteSaver

from tools.backends.errors import StorageFull

log = logging.getLogger(__name__)

FILE = "conversations.sqlite"
_OLDER = tuple(  # LangGraph's checkpoint ids grow with time
    f"""
    DELETE FROM {table} WHERE thread_id = :thread AND checkpoint_id < (
        SELECT max(checkpoint_id) FROM checkpoints AS newest
        WHERE newest.thread_id = :thread AND newest.checkpoint_ns = {table}.checkpoint_ns)
    """
    for table in ("checkpoints", "writes")
)


@contextlib.asynccontextmanager
async def opened(home: Path, thread: str) -> AsyncIterator["Checkpoints"]:
    """The checkpointer of one turn of a thread. Nothing outlives it, and no thread of its own keeps a program alive.

    Raises:
        StorageFull: the folder cannot be made.
        sqlite3.Error: the file cannot be used.
    """
    saver = await asyncio.to_thread(Checkpoints, home, thread)
    try:
        yield saver
    finally:
        if saver.saving:  # of a turn that was stopped in the very moment that it was kept
            await asyncio.wait(saver.saving)
        await asyncio.to_thread(saver.close)


def messages(home: Path, thread: str) -> list[AnyMessage]:
    """All messages of a thread, oldest first. Changes none of them. Raises as `opened` does."""
    saver = Checkpoints(home, thread)
    saver.conn.close()
    return saver.before


class Checkpoints(SqliteSaver):
    """Keeps one thread; `before` are the messages of its newest checkpoint when it was opened, without what a turn that was
    cut off had begun to add. Of the methods that LangGraph awaits it has those that a turn needs.
    """

    def __init__(self, home: Path, thread: str) -> None:
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFull(
                f"The folder {home} cannot be made ({error.strerror}). Set ATELIER_HOME to another one."
            ) from error
        super().__init__(sqlite3.connect(home / FILE, check_same_thread=False))  # one thread at a time, by `lock`
        self._thread = thread
        try:
            newest = self.get_tuple({"configurable": {"thread_id": thread, "checkpoint_ns": ""}})
        except BaseException:
            self.conn.close()
            raise
        self.before: list[AnyMessage] = list(newest.checkpoint["channel_values"].get("messages", [])) if newest else []
        self._unread = [newest]  # the graph's first question is for the same
        self.saving: set[asyncio.Task[Any]] = set()

    def close(self) -> None:
        """Keep only the thread's newest checkpoint, and close the file.

        Each holds the whole conversation, and nothing here reads older ones.
        """
        with self.lock:
            try:
                for sql in _OLDER:
                    self.conn.execute(sql, {"thread": self._thread})
                self.conn.commit()
            except sqlite3.Error:  # the conversation itself is kept; only the file stays larger
                log.warning("Old checkpoints stay", exc_info=True)
            finally:
                self.conn.close()

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """What `get_tuple` finds."""
        asked = config["configurable"]
        if self._unread and asked["thread_id"] == self._thread and not asked.get("checkpoint_id"):
            return self._unread.pop()
        return await asyncio.to_thread(self.get_tuple, config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """What `put` does."""
        self._unread.clear()
        kept: RunnableConfig = await self._saved(self.put, config, checkpoint, metadata, new_versions)
        return kept

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """What `put_writes` does."""
        await self._saved(self.put_writes, config, writes, task_id, task_path)

    async def _saved(self, save: Callable[..., Any], *given: Any) -> Any:
        """Save to the end, whoever waits for it no more."""
        trip = asyncio.create_task(asyncio.to_thread(save, *given))
        self.saving.add(trip)
        trip.add_done_callback(self.saving.discard)
        return await asyncio.shield(trip)
