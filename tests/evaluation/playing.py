"""Plays scripted conversations on a studio, one after the other, and writes down what happened. Judges nothing."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.build import Studio
from agent.chat import Chat
from agent.events import (
    DraftMade,
    Event,
    ExamplesFound,
    FavouriteSaved,
    Notice,
    PictureMade,
    Shown,
    TextChunk,
    ToolFinished,
    ToolStarted,
    TurnFailed,
)
from evaluation.scripts import Conversation, Said
from tools.backends.lineage import Thread
from tools.backends.records import Draft, Match, Picture, Saved, Showable


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a thread is between two turns."""

    draft: Draft | None
    picture: Picture | None
    locks: tuple[str, ...]
    pictures: tuple[Picture, ...]

    @classmethod
    def of(cls, thread: Thread) -> "Standing":
        return cls(
            draft=thread.current_draft, picture=thread.current_picture, locks=thread.locks, pictures=thread.pictures
        )


@dataclass(frozen=True, kw_only=True)
class Played:
    """One turn as it happened: where the thread was before and after, and what the events told."""

    said: Said
    before: Standing
    after: Standing
    events: tuple[Event, ...]
    seconds: float

    @property
    def reply(self) -> str:
        """Everything that the person read."""
        told = [e.text for e in self.events if isinstance(e, TextChunk)]
        return "".join(told) + "".join(f"\n\n{e.text}" for e in self.events if isinstance(e, Notice))

    @property
    def failure(self) -> str:
        return next((e.message for e in self.events if isinstance(e, TurnFailed)), "")

    @property
    def done(self) -> tuple[str, ...]:
        """The tools that did their work, in order."""
        return tuple(e.name for e in self.events if isinstance(e, ToolFinished) and not e.failed)

    @property
    def called(self) -> tuple[tuple[str, dict], ...]:
        return tuple((e.name, e.args) for e in self.events if isinstance(e, ToolStarted))

    @property
    def answers(self) -> str:
        """What the tools told the model."""
        return "\n".join(e.answer for e in self.events if isinstance(e, ToolFinished))

    @property
    def drafts(self) -> tuple[Draft, ...]:
        return tuple(e.draft for e in self.events if isinstance(e, DraftMade))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(e.picture for e in self.events if isinstance(e, PictureMade))

    @property
    def saved(self) -> tuple[Saved, ...]:
        return tuple(e.saved for e in self.events if isinstance(e, FavouriteSaved))

    @property
    def matches(self) -> tuple[Match, ...]:
        return next((e.matches for e in reversed(self.events) if isinstance(e, ExamplesFound)), ())

    @property
    def verdict(self) -> str:
        return next((e.verdict for e in reversed(self.events) if isinstance(e, ExamplesFound) and e.verdict), "")

    @property
    def shown(self) -> tuple[Showable, ...]:
        return tuple(e.record for e in self.events if isinstance(e, Shown))


@dataclass(kw_only=True)
class Course:
    """A conversation as it went. `numbered`: the script's number of a picture → the one that was made for it."""

    conversation: Conversation
    turns: list[Played] = field(default_factory=list)
    numbered: dict[int, Picture] = field(default_factory=dict)


async def play(
    studio: Studio, conversations: Sequence[Conversation], begin: Callable[[Said], None] = lambda _: None
) -> AsyncIterator[Course]:
    """Play each conversation in a thread of its own, and hand it on while its favourites are still in the library.

    Args:
        studio: has a home of its own; every conversation leaves library and taste as it found them.
        begin: is told each turn before its words are said, so that a scripted model knows its part.
    """
    async with Chat(studio) as chat:
        for number, conversation in enumerate(conversations, 1):
            course = Course(conversation=conversation)
            thread = studio.lineage.thread(f"{studio.chat_model_name} {number} {conversation.name}")
            counted = 0
            for said in conversation.turns:
                begin(said)
                attached: list[bytes | Path] = []
                if said.attach is not None and said.attach in course.numbered:
                    attached.append(Path(course.numbered[said.attach].path))
                before, began = Standing.of(thread), time.perf_counter()
                events = [event async for event in chat.turn(thread.name, said.say, attached)]
                seconds = time.perf_counter() - began
                played = Played(
                    said=said, before=before, after=Standing.of(thread), events=tuple(events), seconds=seconds
                )
                course.turns.append(played)
                if said.makes is not None:
                    if len(played.pictures) == said.makes:
                        course.numbered |= dict(enumerate(played.pictures, counted + 1))
                    counted += said.makes
            yield course
            _forget(studio)


def _forget(studio: Studio) -> None:
    """Take out what the conversation left for later ones: favourites and taste."""
    for row in studio.library.favourites():
        studio.library.remove(row.id)
    (studio.home / "taste.jsonl").unlink(missing_ok=True)
