"""A hand on the tools: calls them as the agent would, in one thread, without any chat model."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from agent.build import all_tools
from tools.backends.lineage import Lineage
from tools.context import TurnContext

if TYPE_CHECKING:
    from rooms import Studio


class Desk:
    """Only what writing prompts needs: real threads, and a renderer that counts words for tokens and reads 75."""

    library = None

    def __init__(self, home: Path) -> None:
        self.home = home
        self.lineage = Lineage(home)
        self.renderer = SimpleNamespace(
            tokens=lambda prompt: (len(prompt.split()), 75), dropped=lambda prompt: " ".join(prompt.split()[75:])
        )


class Hand:
    """Calls tools as the agent would, in one thread, and keeps what they report. `said` is the person's message."""

    def __init__(self, studio: "Studio | Desk", thread: str) -> None:
        self.studio = studio
        self.tools = {tool.name: tool for tool in all_tools(studio)}
        self.thread = studio.lineage.thread(thread)
        self.said = "the words"
        self.messages: list[Any] = []
        self.reported: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        if name in {"found", "drafted", "progressed", "pictured", "saved", "listed", "show"}:
            return lambda *args: self.reported.append((name, args))
        tool = self.tools[name]

        def call(**args: Any) -> tuple[str, dict[str, Any]]:
            context = TurnContext(thread=self.thread, words=self.said, report=self)  # type: ignore[arg-type]
            runtime = SimpleNamespace(context=context, state={"messages": self.messages}, tool_call_id="call")

            answer, artifact = tool.func(runtime=runtime, **args)
            self.messages.append(SimpleNamespace(artifact=artifact))
            assert json.loads(json.dumps(artifact)) == artifact, "an artifact is plain JSON"
            return answer, artifact

        return call


@pytest.fixture
def hand(studio: "Studio", request: pytest.FixtureRequest) -> Hand:
    """A hand in a thread of the test's own."""
    return Hand(studio, request.node.name)


@pytest.fixture
def writer(tmp_path: Path) -> Hand:
    """A hand at a desk: for what needs neither library nor pictures."""
    return Hand(Desk(tmp_path), "desk")


def change(kind: str, phrase: str, was: str = "", cites: tuple[str, ...] = ()) -> Any:
    """One edit, as a chat model asks for it."""
    from tools.refine_prompt import ChangeAsked

    return ChangeAsked(kind=kind, phrase=phrase, was=was, cites=list(cites))
