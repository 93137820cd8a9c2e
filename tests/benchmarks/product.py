"""Part "product": what a person waits for: the page, a turn, a search, a preview, a check, a picture."""

import asyncio
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.apart import apart, environment
from benchmarks.figures import Result, at, milliseconds, timed

if TYPE_CHECKING:
    from agent.settings import Settings

QUERY = "castle in the clouds, studio ghibli"
IDEA = "a cat sleeping on the sofa"
PORT = 8765
PATIENCE = 180  # seconds to wait for the page


def product(runs: int, work: Path, **_: Any) -> Result:
    """Each in a fresh folder and a process of its own."""
    result = Result(part="product", size=6_000)
    result.about = "The built-in models and the starter collection, each figure in a fresh folder; the guide answers."
    for do in (page, turns, looking, rendering):
        with TemporaryDirectory(dir=work, prefix="product-") as home:
            for key, name, number, unit in apart(do, home=home, runs=max(3, runs)):
                result.add(key, name, number, unit, "less")
    return result


def page(home: str, runs: int) -> list[Any]:
    """Seconds from `atelier chat` to the first page served, in a new folder and then in the same one."""
    return [
        ["page", "page answers after, first start", _page_start(home), "s"],
        ["page_again", "page answers after, second start", _page_start(home), "s"],
    ]


def _page_start(home: str) -> float:
    from agent.settings import environment_of

    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "agent.cli", "chat", "--port", str(PORT)],
        env=environment() | environment_of(_settings(home)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    ) as served:
        try:
            while time.perf_counter() - began < PATIENCE:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=2) as answer:
                        answer.read()
                    return time.perf_counter() - began
                except (urllib.error.URLError, OSError):
                    time.sleep(0.05)
            raise RuntimeError(f"The page did not answer within {PATIENCE} s.")
        finally:
            served.terminate()


def turns(home: str, runs: int) -> list[Any]:
    """The first turn in a new folder, then one more: everything included, the picture too."""
    from agent.build import build
    from agent.chat import Chat

    async def play() -> list[Any]:
        found = []
        studio = build(_settings(home))
        async with Chat(studio) as chat:
            for key, name, words in (
                ("turn", "first turn, all parts cold", IDEA),
                ("turn_again", "second turn, all parts warm", "make it more cinematic"),
            ):
                began = time.perf_counter()
                async for _ in chat.turn("bench", words):
                    pass
                found.append([key, name, time.perf_counter() - began, "s"])
        studio.close()
        return found

    return asyncio.run(play())


def looking(home: str, runs: int) -> list[Any]:
    """Search, preview and check on the starter collection, with the encoder."""
    from agent.build import build
    from tools.backends.checking import checker_for
    from tools.preview_prompt import foresee

    with build(_settings(home)) as studio:
        studio.finder.search(words="warm up", k=10)
        searches = milliseconds(lambda _: studio.finder.search(words=QUERY, k=10), range(runs))
        foresee(studio, IDEA)
        previews = milliseconds(lambda _: foresee(studio, QUERY), range(runs))
        checker = checker_for(studio.library, studio.encoder)
        vector = next(iter(studio.library.picture_vectors(studio.library.some_pictures(1)).values()))
        checks = milliseconds(lambda _: checker.check_vector("a picture", vector, IDEA), range(runs))
        return [
            ["search", f"search in {studio.library.count():,} examples, k = 10, p50", at(searches, 50), "ms"],
            ["preview", "what a prompt would look like, p50", at(previews, 50), "ms"],
            ["check", "checking a picture, phrase by phrase, the first time", float(checks[0]), "ms"],
            ["check_again", "… when its phrases were met before, p50", at(checks[1:], 50), "ms"],
        ]


def rendering(home: str, runs: int) -> list[Any]:
    """Loading the renderer, and a picture as it recommends them."""
    from agent.build import build

    with build(_settings(home)) as studio:
        renderer = studio.renderer
        loading = timed(renderer.load)
        recipe = renderer.recipe(IDEA, seed=1)
        times = [timed(lambda: renderer.render(recipe)) for _ in range(runs)]
        size = f"{recipe.width}×{recipe.height}, {recipe.steps} steps"
        return [
            ["load", "loading the renderer", loading, "s"],
            ["render", f"a picture of {size}, p50", at(times, 50), "s"],
        ]


def _settings(home: str) -> "Settings":
    """The built-in parts, whatever the environment says: figures are only worth comparing of the same things."""
    from agent.settings import load_settings

    built_in = {"database": "", "encoder": "starter", "image_model": "starter", "chat_model": "guide", "steps": 0}
    return replace(load_settings(), home=Path(home), **built_in)
