"""A chat that talks to a scripted language model over a real socket, through the real langchain-openai."""

from collections.abc import Iterator
from typing import Any

import pytest
from loopback_openai import LoopbackOpenAI, painter
from rooms import Chat, Studio, Told, sibling

from agent import models
from agent.events import ModelUsed, Notice

MODEL = "openai:scripted"
OUT = f"guide ({MODEL} is out)"


class Room:
    """A scripted server and a chat that talks to it; `server.script` may be changed between turns."""

    def __init__(self, studio: Studio, server: LoopbackOpenAI, **more: Any) -> None:
        self.server = server
        more = {
            "chat_model": MODEL,
            "openai_api_key": "sk-loopback",
            "openai_base_url": server.url,
            "timeout": 5.0,
            **more,
        }
        self.studio = sibling(studio, **more)
        self.chat = Chat(self.studio)


@pytest.fixture
def room(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A room whose model paints, and which asks a failing server once only: retrying has tests of its own."""
    monkeypatch.setattr(models, "RETRIES", 0)
    with LoopbackOpenAI(painter) as server:
        yield Room(studio, server)


def notices(told: Told) -> str:
    """What the person was told besides the answer."""
    return " ".join(event.text for event in told.events if isinstance(event, Notice))


def used(told: Told) -> ModelUsed | None:
    """The tokens of the turn."""
    return next((event for event in told.events if isinstance(event, ModelUsed)), None)
