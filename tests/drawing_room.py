"""A studio that sees with the starter CLIP and renders by drawing: what a prompt says is in the picture, unless it is deaf to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hands import Hand
from library_kit import STARTER_CLIP
from PIL import Image
from rooms import PlainRenderer, Studio, settings

from agent import build as wiring
from starter import captions
from starter.data import SIZE
from starter.draw import draw
from starter.world import SUBJECTS, Scene, places_of
from tools.backends import phrases
from tools.backends.embedding import Encoder
from tools.backends.records import Recipe

ROWS = 3_000  # the last of the starter collection: drawings, whose prompts are true


def drawn(prompt: str, seed: int = 0, **other: str) -> Image.Image:
    """The picture of what a prompt names; `other` settles attributes against it."""
    named = {**captions.read(prompt), **other}
    kind, places = SUBJECTS[named.get("subject", "cat")], places_of(named.get("subject", "cat"))
    scene = Scene(
        subject=named.get("subject", "cat"),
        color=named["color"] if named.get("color") in kind.colors else kind.colors[0],
        pose=named["pose"] if named.get("pose") in kind.poses else kind.poses[0],
        place=named["place"] if named.get("place") in places else places[-1],
        time=named.get("time", "day"),
        style=named.get("style", "none"),
        seed=seed,
    )
    return draw(scene, SIZE).convert("RGB")


class DrawnRenderer(PlainRenderer):
    """Draws the prompt. `deaf` are words that it does not take in; `twist` changes what a whole prompt comes out as."""

    def __init__(self) -> None:
        self.deaf: tuple[str, ...] = ()
        self.twist: Callable[[str], dict[str, str]] = lambda prompt: {}
        self.rendered: list[Recipe] = []
        self.before: Callable[[], None] = lambda: None

    def render(self, recipe: Recipe, **more: Any) -> Image.Image:
        self.before()
        super().render(recipe, **more)
        self.rendered.append(recipe)
        heard = ", ".join(own for own in phrases.split(recipe.prompt))
        for words in self.deaf:
            heard = heard.replace(words, "")
        return drawn(heard, recipe.seed, **self.twist(recipe.prompt))


@pytest.fixture(scope="module")
def drawing_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all tests of a file."""
    home = tmp_path_factory.mktemp("drawing-room")
    whole = pq.read_table(wiring.COLLECTION)
    pq.write_table(whole.slice(whole.num_rows - ROWS), home / "part.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "COLLECTION", Path(home / "part.parquet"))
        with Studio(settings(home)) as studio:
            studio._opened |= {"encoder": Encoder(STARTER_CLIP, "cpu"), "renderer": DrawnRenderer()}
            assert studio.library.count() > ROWS / 2
            yield studio


@pytest.fixture
def artist(drawing_room: Studio, request: pytest.FixtureRequest) -> Hand:
    """A hand in a thread of the test's own, its renderer fresh."""
    drawing_room._opened["renderer"] = DrawnRenderer()
    return Hand(drawing_room, request.node.name)
