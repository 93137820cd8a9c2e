"""What happens during one turn, as frozen records: printing, JSON and the page are views of these."""

from dataclasses import dataclass
from typing import Any

from tools.backends.queries import Query
from tools.backends.records import Draft, Match, Picture, Saved, Showable


@dataclass(frozen=True)
class TextChunk:
    """A piece of the answer, in order."""

    text: str


@dataclass(frozen=True)
class ToolStarted:
    """The chat model called a tool."""

    id: str
    name: str
    args: dict[str, Any]


@dataclass(frozen=True)
class ToolFinished:
    """A tool answered; `answer` is what the model reads, without what is said to it alone. `failed` if it could not do it."""

    id: str
    name: str
    answer: str
    failed: bool = False


@dataclass(frozen=True)
class ExamplesFound:
    """Library examples that a tool found, best first. `verdict` is set for a look-up by picture alone; `query`: what was asked."""

    tool_id: str
    matches: tuple[Match, ...]
    verdict: str | None = None
    metadata: dict[str, Any] | None = None
    query: Query | None = None


@dataclass(frozen=True)
class DraftMade:
    """A new version of the prompt, with its changes and their evidence."""

    tool_id: str
    draft: Draft


@dataclass(frozen=True)
class RenderProgress:
    """Step `step` of `steps` of picture `picture` of `pictures` (both from 1)."""

    step: int
    steps: int
    picture: int = 1
    pictures: int = 1


@dataclass(frozen=True)
class PictureMade:
    """A finished picture, already on disk. `unknown_words`: what the renderer says it does not know of the prompt."""

    tool_id: str
    picture: Picture
    unknown_words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FavouriteSaved:
    """A picture stands in the library now, and searches find it at these ranks."""

    tool_id: str
    saved: Saved


@dataclass(frozen=True)
class FavouritesListed:
    """The person's favourites, newest first."""

    tool_id: str
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class Shown:
    """Something that a tool found out, to be shown as what it is: a check, a weighing, a foresight, a taste card, a tree, a file."""

    tool_id: str
    record: Showable


@dataclass(frozen=True)
class ModelUsed:
    """What the language model read and wrote in this turn, in tokens, and what it cost in US dollars where that is known."""

    read: int
    written: int
    cost: float | None = None


@dataclass(frozen=True)
class Notice:
    """Something the person should know that is no failure: the guide stands in for a model that is out, for example."""

    text: str


@dataclass(frozen=True)
class TurnFailed:
    """The turn ended early; `message` says why and what to do. What was made before it stays."""

    message: str


@dataclass(frozen=True)
class TurnEnded:
    """The last event of every turn. `stopped`: by the person."""

    chat_model: str
    stopped: bool = False


Event = (
    TextChunk
    | ToolStarted
    | ToolFinished
    | ExamplesFound
    | DraftMade
    | RenderProgress
    | PictureMade
    | FavouriteSaved
    | FavouritesListed
    | Shown
    | ModelUsed
    | Notice
    | TurnFailed
    | TurnEnded
)
