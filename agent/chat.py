"""One turn of the conversation: words and pictures in, a stream of events out. The only async seam; knows no UI.

    async with Chat(studio) as chat:
        async for event in chat.turn("cat", "a cat sleeping on the sofa"):
            ...

Nothing here waits on the event loop: tools, models and files work in threads.
"""

import asyncio
import contextlib
import logging
import sqlite3
import tempfile
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent import briefing, claims, models
from agent.build import Studio
from agent.events import (
    DraftMade,
    Event,
    ExamplesFound,
    FavouriteSaved,
    FavouritesListed,
    ModelUsed,
    PictureMade,
    RenderProgress,
    Shown,
    TurnEnded,
    TurnFailed,
)
from tools.backends.errors import AtelierError, BadInput
from tools.backends.lineage import Thread
from tools.backends.queries import Query
from tools.backends.records import Draft, Match, Picture, Saved, Showable

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage

    from agent.rules import Turn

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 20_000  # characters; longer ones are not descriptions of pictures
MOST_ATTACHMENTS = 4
INTERRUPTED = "This call was interrupted and did nothing more. Call it again if it is still wanted."


class Chat:
    """The conversations of one studio. Use it from one event loop; close it before the loop ends."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._busy: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._turns: dict[str, list[_Running]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()

    async def turn(self, thread: str, words: str, attachments: Sequence[bytes | Path] = ()) -> AsyncIterator[Event]:
        """Answer one message of a thread. `TurnEnded` is always the last event; errors come as `TurnFailed`, never raised.

        One turn of a thread runs at a time; a second one waits for the first. Closing the iterator, or cancelling the
        task that reads it, stops the turn as `stop` does.
        """
        running = _Running(asyncio.get_running_loop())
        running.task = asyncio.create_task(self._run(running, thread, words, attachments))
        self._tasks.add(running.task)
        running.task.add_done_callback(self._tasks.discard)
        self._turns[thread].append(running)
        running.task.add_done_callback(lambda _: self._turns[thread].remove(running))
        try:
            while True:
                event = await running.events.get()
                yield event
                if isinstance(event, TurnEnded):
                    return
        finally:
            running.stop()

    def stop(self, thread: str) -> None:
        """Stop the thread's running turn: the render ends after its current step. Safe from any thread, at any time."""
        for running in list(self._turns.get(thread, ()))[:1]:  # those behind it are waiting: they were not meant
            running.stop()

    async def history(self, thread: str) -> list[tuple[str, str]]:
        """What was said in a thread, oldest first, as ("person" or "atelier", text). Pictures are in the lineage."""
        from agent import checkpoints

        key = (await asyncio.to_thread(self.studio.lineage.thread, thread)).key
        said = []
        for message in await asyncio.to_thread(checkpoints.messages, self.studio.settings.home, key):
            if message.type == "human":
                said.append(("person", str(message.additional_kwargs.get("studio", {}).get("words", message.text))))
            elif message.type == "ai" and message.text.strip():
                said.append(("atelier", message.text))
        return said

    async def close(self) -> None:
        """Stop every turn and wait until each has ended. The studio stays open."""
        for turns in list(self._turns.values()):
            for running in list(turns):
                running.stop()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> "Chat":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # --- inside ---

    async def _run(self, running: "_Running", thread: str, words: str, attachments: Sequence[bytes | Path]) -> None:
        """One turn from its first to its last event; never raises."""
        from agent.rules import TurnStopped

        failure = ""
        try:
            async with self._busy[thread]:
                if not running.stopped.is_set():
                    await self._answer(running, thread, words, attachments)
        except (asyncio.CancelledError, TurnStopped):
            running.stopped.set()
        except AtelierError as error:
            failure = str(error)
        except sqlite3.Error as error:
            log.exception("The conversations' file failed")
            failure = (
                f"The conversation cannot be kept in {self.studio.settings.home} ({error}). Free some space there, or set "
                "ATELIER_HOME to another folder."
            )
        except Exception as error:
            log.exception("A turn failed")
            failure = (
                f"Something unexpected happened ({type(error).__name__}). The details are in the log; say it again."
            )
        finally:
            if failure and not running.stopped.is_set():
                running.emit(TurnFailed(failure))
            running.emit(TurnEnded(chat_model=self._answered_by(running.turn), stopped=running.stopped.is_set()))

    def _answered_by(self, turn: "Turn | None") -> str:
        name = self.studio.chat_model_name
        return f"{models.GUIDE} ({name} is out)" if turn is not None and turn.out else name

    async def _answer(self, running: "_Running", name: str, words: str, attachments: Sequence[bytes | Path]) -> None:
        from langgraph.errors import GraphRecursionError

        from agent import checkpoints
        from agent.rules import TurnStopped

        # 1. What came in, in one thread: each way there and back costs time that a busy machine makes long
        words = _checked(words, len(attachments))
        agent, thread, turn, message = await asyncio.to_thread(self._opened, running, name, words, attachments)
        running.turn = turn

        # 2. The model and the tools, until there is an answer
        config: Any = {
            "configurable": {"thread_id": thread.key},
            "recursion_limit": 12 * self.studio.settings.max_tool_calls + 20,  # of the model, then of the guide
            "callbacks": [turn.voice],
        }
        async with checkpoints.opened(self.studio.settings.home, thread.key) as saver:
            stream = agent.copy(update={"checkpointer": saver}).astream(
                {"messages": [*_repaired(saver.before), message]},
                config,
                context=turn,
                stream_mode="custom",  # nothing: what the models say is heard by the voice, in order
                durability="exit",
            )
            try:
                async for _ in stream:
                    pass
            except GraphRecursionError as error:
                raise AtelierError(
                    "The chat model went round in circles and was stopped. Say it in other words."
                ) from error
            finally:
                if turn.read or turn.written:
                    cost = models.cost(self.studio.settings, turn.read, turn.written)
                    running.emit(ModelUsed(turn.read, turn.written, cost))
        if running.stopped.is_set():
            raise TurnStopped

    def _opened(
        self, running: "_Running", name: str, words: str, attachments: Sequence[bytes | Path]
    ) -> "tuple[Any, Thread, Turn, AnyMessage]":
        """The agent, the thread with what came with the message, the turn, and the message as the model reads it."""
        thread = self.studio.lineage.thread(name)
        attached = tuple(_keep(thread, attachment, n) for n, attachment in enumerate(attachments, 1))
        agent = self.studio.agent
        turn = self._begun(running, thread, words, attached)
        return agent, thread, turn, briefing.message(turn)

    def _begun(self, running: "_Running", thread: Thread, words: str, attached: tuple[Path, ...]) -> "Turn":
        """The turn as it begins, with what was there before it: claims are held against that."""
        from agent.rules import Turn

        facts = claims.Facts(
            pictures_before=tuple(picture.name for picture in thread.pictures),
            saved_before=tuple(thread.favourites),
            locked_before=bool(thread.locks),
        )
        return Turn(
            thread=thread, words=words, report=running, attachments=attached, stop=running.stopped, emit=running.emit,
            facts=facts, drafts_before=len(thread.drafts),
        )  # fmt: skip


class _Running:
    """One turn that runs: its events on their way from any thread to the one who reads them, and the way to stop it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.stopped = threading.Event()
        self.turn: Turn | None = None
        self.task: asyncio.Task[None] | None = None
        self._ended = False
        self._loop = loop

    def emit(self, event: Event) -> None:
        """Hand on an event, from any thread, in order."""
        self._ended = self._ended or isinstance(event, TurnEnded)
        if self.turn is not None:
            self.turn.facts.see(event)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody reads any more
            self._loop.call_soon_threadsafe(self.events.put_nowait, event)

    def stop(self) -> None:
        """Ask the turn to end. A working tool is never torn away: it sees the flag, and its answer is kept."""
        if self._ended:
            return
        self.stopped.set()
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self.task is not None and not (self.turn and self.turn.running) and not self.task.done():
            self.task.cancel()

    # What tools report, as events

    def found(
        self,
        tool_id: str,
        matches: Sequence[Match],
        verdict: str | None = None,
        metadata: dict[str, Any] | None = None,
        query: Query | None = None,
    ) -> None:
        self.emit(ExamplesFound(tool_id, tuple(matches), verdict, metadata, query))

    def drafted(self, tool_id: str, draft: Draft) -> None:
        self.emit(DraftMade(tool_id, draft))

    def progressed(self, step: int, steps: int, picture: int, pictures: int) -> None:
        self.emit(RenderProgress(step, steps, picture, pictures))

    def pictured(self, tool_id: str, picture: Picture, unknown_words: Sequence[str], notes: Sequence[str]) -> None:
        self.emit(PictureMade(tool_id, picture, tuple(unknown_words), tuple(notes)))

    def saved(self, tool_id: str, saved: Saved) -> None:
        self.emit(FavouriteSaved(tool_id, saved))

    def listed(self, tool_id: str, matches: Sequence[Match]) -> None:
        self.emit(FavouritesListed(tool_id, tuple(matches)))

    def show(self, tool_id: str, record: Showable) -> None:
        self.emit(Shown(tool_id, record))


def _checked(words: str, attachments: int) -> str:
    """The message, cleaned, or a sentence about what is wrong with it."""
    words = words.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()
    if not words and not attachments:
        raise BadInput("The message is empty. Say what you would like to see, such as: a cat sleeping on the sofa.")
    if len(words) > LONGEST_MESSAGE:
        raise BadInput(
            f"The message has {len(words):,} characters, and I read up to {LONGEST_MESSAGE:,}. Image models use about the first 60 "
            "words: describe the picture in a few sentences."
        )
    if attachments > MOST_ATTACHMENTS:
        raise BadInput(f"{attachments} pictures at once are too many. Attach up to {MOST_ATTACHMENTS}.")
    return words


def _keep(thread: Thread, attachment: bytes | Path, number: int) -> Path:
    """Check a picture and keep a copy in the thread, byte for byte: its metadata is wanted."""
    from tools.backends.pictures import open_picture

    if isinstance(attachment, Path):
        open_picture(attachment)
        return thread.attach(attachment)
    open_picture(attachment, name="the attached picture" if number == 1 else f"attached picture {number}")
    suffix = ".png" if attachment.startswith(b"\x89PNG") else ".jpg" if attachment.startswith(b"\xff\xd8") else ".img"
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(attachment)
        file.flush()
        return thread.attach(Path(file.name))


def _repaired(messages: Sequence["AnyMessage"]) -> list[Any]:
    """What to put before a new message where calls were never answered, because a turn was cut off: the whole history anew."""
    from langchain_core.messages import RemoveMessage, ToolMessage
    from langgraph.graph.message import REMOVE_ALL_MESSAGES

    answered = {m.tool_call_id for m in messages if isinstance(m, ToolMessage)}
    whole: list[Any] = []
    for message in messages:
        whole.append(message)
        for call in getattr(message, "tool_calls", ()):
            if call["id"] not in answered:
                whole.append(ToolMessage(INTERRUPTED, name=call["name"], tool_call_id=call["id"], status="error"))
    if len(whole) == len(messages):
        return []
    return [RemoveMessage(REMOVE_ALL_MESSAGES), *whole]
