"""What the guide's moves are made of: calls, their answers, what is known when a message arrives, and a turn under way."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """A tool to call."""

    name: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a tool answered: its artifact, or why it could not."""

    artifact: dict[str, Any]
    failed: bool = False

    @property
    def error(self) -> str:
        """The sentence about the failure."""
        return str(self.artifact.get("error") or "The tool could not do it.")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list of examples that the person may point into: "the second one".

    `asked`: they asked for it and read it; else it was looked up for a draft. `at_hand`: it is what they look at now.
    `drawn`: the pictures that were made since, in their order. `last`: the number of the example that was drawn last, or 0.
    """

    matches: tuple[dict[str, Any], ...] = ()
    label: str = ""
    asked: bool = False
    at_hand: bool = False
    favourites: bool = False
    drawn: tuple[str, ...] = ()
    last: int = 0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the guide knows when the person's message arrives."""

    words: str
    attached: int = 0
    drafts: dict[int, dict[str, Any]] = field(default_factory=dict)
    draft: int | None = None
    pictures: tuple[dict[str, Any], ...] = ()
    picture: str | None = None
    locks: tuple[str, ...] = ()
    prompt_first: bool = False
    start_waits: bool = False  # it was said what the draft is to begin with when it is rendered
    listed: Listed = Listed()
    offered: tuple[str, dict[str, Any]] | None = None  # the last tool of the turn before this one, and its artifact
    before: str = ""  # what the person said before this
    reply: str = ""  # and what they were told
    locks_spoken_of: tuple[str, ...] = ()  # that were set or stood in the way in the last turn that did anything
    picture_named: str = ""  # the one that was named last
    just_added: bool = False  # the last turn that did anything put something into the prompt


class Stuck(Exception):  # no error: the reason becomes the reply
    """A tool could not do it, and nothing that follows makes sense."""


Play = Generator[Call, Answer, str]
Step = Generator[Call, Answer, None]


class Turn:
    """One message being answered: where the conversation is by now, and what to say about it."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.draft = seen.drafts.get(seen.draft) if seen.draft is not None else None
        self.picture = seen.picture
        self.has_picture = bool(seen.pictures)
        self.prompt_first = seen.prompt_first
        self.hold = False  # nothing is to be rendered in this message
        self.start: dict[str, Any] = {}  # the picture that renders begin with, as generate_picture hears it
        self.said: list[str] = []

    @property
    def prompt(self) -> str:
        """The current draft's prompt, or nothing."""
        return str(self.draft["prompt"]) if self.draft else ""


def good(answer: Answer) -> dict[str, Any]:
    """The artifact of an answer.

    Raises:
        Stuck: the tool could not do it.
    """
    if answer.failed:
        raise Stuck(answer.error)
    return answer.artifact
