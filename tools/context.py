"""What a tool knows of the turn that it is called in, and how it tells the people what it did. No Chainlit, no agent."""

import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from langgraph.prebuilt import ToolRuntime

from tools.backends.errors import NotFound
from tools.backends.lineage import Thread
from tools.backends.queries import Query
from tools.backends.records import Draft, Match, Picture, Saved, Showable

if TYPE_CHECKING:
    from tools.backends.database import Library
    from tools.backends.diffusion import Renderer
    from tools.backends.embedding import Encoder
    from tools.backends.search import Finder
    from tools.backends.taste import TasteBook


class Backends(Protocol):
    """What the tools work with. Each part opens when it is first asked for."""

    @property
    def encoder(self) -> "Encoder": ...
    @property
    def library(self) -> "Library": ...
    @property
    def finder(self) -> "Finder": ...
    @property
    def renderer(self) -> "Renderer": ...
    @property
    def taste(self) -> "TasteBook": ...
    @property
    def home(self) -> Path: ...
    @property
    def render_options(self) -> Mapping[str, Any]: ...  # steps, guidance and size that the settings ask for


class Reporter(Protocol):
    """Takes what happens while a tool works. Called from the tool's thread."""

    def found(
        self,
        tool_id: str,
        matches: Sequence[Match],
        verdict: str | None = None,
        metadata: dict[str, Any] | None = None,
        query: Query | None = None,
    ) -> None: ...
    def drafted(self, tool_id: str, draft: Draft) -> None: ...
    def progressed(self, step: int, steps: int, picture: int, pictures: int) -> None: ...
    def pictured(self, tool_id: str, picture: Picture, unknown_words: Sequence[str], notes: Sequence[str]) -> None: ...
    def saved(self, tool_id: str, saved: Saved) -> None: ...
    def listed(self, tool_id: str, matches: Sequence[Match]) -> None: ...
    def show(self, tool_id: str, record: Showable) -> None: ...


@dataclass(kw_only=True)
class TurnContext:
    """One turn: its thread, the words that asked, the pictures that came with them, and the way to stop."""

    thread: Thread
    words: str
    report: Reporter
    attachments: tuple[Path, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    drafts_before: int = sys.maxsize  # how many drafts there were when the turn began: the person has seen these

    def attached(self, which: str = "") -> Path:
        """The picture that came with these words, or the last one that came with earlier ones.

        "attachment 2" is the second of these words' pictures, or of the whole conversation's where none came with them.

        Raises:
            NotFound: no picture was ever attached here.
        """
        number = "".join(c for c in which if c.isdecimal())
        if number and len(number) <= 4 and 1 <= int(number) <= len(self.attachments):
            return self.attachments[int(number) - 1]
        earlier = self.thread.attachments
        if not self.attachments and number and len(number) <= 4 and 1 <= int(number) <= len(earlier):
            earlier = (*earlier, earlier[int(number) - 1])  # the one that is named, unless it is gone
        for path in self.attachments or tuple(reversed(earlier)):
            if path.exists():
                return path
        raise NotFound("No picture is attached to this conversation. Drop one in, or name one, such as picture 1.")


if TYPE_CHECKING:
    Runtime = ToolRuntime[TurnContext, Any]
else:
    Runtime = ToolRuntime[Any, Any]  # pydantic would try to check a real type, and to copy what it holds


def artifacts(messages: Iterable[Any]) -> list[dict[str, Any]]:
    """The artifacts of the tools that answered in this conversation, newest first."""
    found = [getattr(message, "artifact", None) for message in messages]
    return [artifact for artifact in reversed(found) if isinstance(artifact, dict)]
