"""What the conversation's tests share: a studio on a real library with models of plain arithmetic, and its chat.

The encoder and the renderer are quick, so that the tests are about the conversation; both come in where the real ones
do, and can be wrong. The real starter models walk the same way in test_acceptance.py.
"""

import dataclasses
import random
import threading
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from library_kit import PlainEncoder, rows, scene
from PIL import Image

from agent import build as wiring
from agent.build import Studio
from agent.chat import Chat
from agent.events import (
    DraftMade,
    Event,
    ExamplesFound,
    PictureMade,
    TextChunk,
    ToolFinished,
    ToolStarted,
    TurnEnded,
    TurnFailed,
)
from agent.settings import Settings
from starter import captions
from starter.world import STYLES, sample_scene
from tools.backends import phrases
from tools.backends.errors import RenderStopped
from tools.backends.records import Recipe
from tools.backends.starting import Start, check_start, fields_of

STEPS = 3


def settings(home: Path, **more: Any) -> Settings:
    """Settings that no environment reaches."""
    return Settings(**{"home": home, "chat_model": "guide", "steps": STEPS, "device": "cpu", **more})


class PlainRenderer:
    """Paints what the words and the seed come to, in a few steps; knows what the starter model knows."""

    name, hash = "plain", "0123456789"

    def recipe(
        self,
        prompt: str,
        negative_prompt: str = "",
        seed: int = 0,
        steps: int = 4,
        guidance: float = 5.0,
        size: str = "",
        start: Start | None = None,
    ) -> Recipe:
        begun = fields_of(start, steps) if start else {}
        return Recipe(prompt=prompt, negative_prompt=negative_prompt, seed=seed, steps=steps, guidance=guidance, width=96, height=96,
                      scheduler="plain", model=self.name, model_hash=self.hash, **begun)  # fmt: skip

    def render(
        self,
        recipe: Recipe,
        *,
        start: Start | None = None,
        on_step: Any = None,
        stop: threading.Event | None = None,
    ) -> Image.Image:
        check_start(recipe, start)
        for step in range(1, recipe.steps + 1):
            if stop is not None and stop.is_set():
                raise RenderStopped("The render was stopped.")
            if on_step:
                on_step(step, recipe.steps)
        begun = f"|{recipe.start}|{recipe.strength}" if recipe.start else ""
        return scene(zlib.crc32(f"{recipe.prompt}|{recipe.negative_prompt}|{recipe.seed}{begun}".encode()))

    def unknown_words(self, prompt: str) -> tuple[str, ...]:
        return tuple(word for word in phrases.words(prompt) if word not in captions.known_words())

    def dropped(self, prompt: str) -> str:
        return " ".join(prompt.split()[75:])

    def tokens(self, prompt: str) -> tuple[int, int]:
        return len(prompt.split()), 75

    def load(self) -> None:
        """Nothing to load."""


def fill(studio: Studio, count: int = 250) -> None:
    """A small library of scenes of the starter world in words, with every style near the sofa."""
    rng = random.Random(7)
    scenes = [sample_scene(rng) for _ in range(count)]
    scenes += [
        sample_scene(rng, subject="cat", place="living room", style=style) for style in STYLES for _ in range(12)
    ]
    prompts = list(dict.fromkeys(captions.caption(scene, rng) for scene in scenes))
    pictures = {n: scene(n) for n in range(0, len(prompts), 3)}
    studio.library.add(rows(prompts, studio.encoder, pictures))


def plain_studio(home: Path, **more: Any) -> Studio:
    """A studio on the plain parts, its library empty."""
    studio = Studio(settings(home, **more))
    studio._opened |= {"encoder": PlainEncoder(), "renderer": PlainRenderer()}
    return studio


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all tests of a file; every test has threads of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "COLLECTION", Path("/nowhere"))  # the whole collection is the acceptance test's
        with plain_studio(tmp_path_factory.mktemp("home")) as made:
            fill(made)
            yield made


@pytest.fixture
def chat(studio: Studio) -> Chat:
    """A chat of that studio."""
    return Chat(studio)


def sibling(studio: Studio, **more: Any) -> Studio:
    """A studio on the same open parts with other settings, such as another chat model. Not to be closed."""
    other = Studio(dataclasses.replace(studio.settings, **more))
    for part in ("encoder", "library", "finder", "renderer", "lineage"):
        other._opened[part] = getattr(studio, part)
    return other


class Told:
    """The events of a turn, sorted."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = list(events)
        self.reply = "".join(e.text for e in events if isinstance(e, TextChunk))
        self.calls = [(e.name, e.args) for e in events if isinstance(e, ToolStarted)]
        self.tools = [name for name, _ in self.calls]
        self.answers = [e for e in events if isinstance(e, ToolFinished)]
        self.drafts = [e.draft for e in events if isinstance(e, DraftMade)]
        self.pictures = [e.picture for e in events if isinstance(e, PictureMade)]
        self.examples = [m.example for e in events if isinstance(e, ExamplesFound) for m in e.matches]
        self.failure = next((e.message for e in events if isinstance(e, TurnFailed)), "")
        self.end = events[-1]
        assert isinstance(self.end, TurnEnded) and sum(isinstance(e, TurnEnded) for e in events) == 1


async def say(chat: Chat, thread: str, words: str, attachments: Sequence[bytes | Path] = ()) -> Told:
    """One whole turn."""
    return Told([event async for event in chat.turn(thread, words, attachments)])
