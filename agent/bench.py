"""`make bench`: the timings that the README promises, measured on this machine, each in a fresh folder.

    python -m agent.bench [--csv FILE] [--runs N]

Prints one line a figure. `--csv` is a file to ingest, such as a part of the 900k data set; without it, prompts of the
starter world are written to one. Timings are no tests: nothing here fails for being slow.
"""

import argparse
import asyncio
import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from agent.build import build
from agent.settings import Settings, load_settings

QUERY = "castle in the clouds, studio ghibli"
IDEA = "a cat sleeping on the sofa"


def main() -> None:
    """Measure everything, one figure after the other."""
    parser = argparse.ArgumentParser(prog="python -m agent.bench", description=__doc__)
    parser.add_argument("--csv", type=Path, help="a CSV or Parquet file to ingest")
    parser.add_argument("--runs", type=int, default=5, help="how often the short ones are repeated")
    wanted = parser.parse_args()
    settings = load_settings()
    with _fresh(settings) as fresh:
        _say("page answers after", f"{_page_start(fresh):.1f} s")
    with _fresh(settings) as fresh:
        _conversation(fresh)
    with _fresh(settings) as fresh, tempfile.TemporaryDirectory() as folder:
        _library(fresh, wanted.csv or _starter_csv(Path(folder) / "prompts.csv"), wanted.runs)
    with _fresh(settings) as fresh:
        _seeing(fresh, wanted.runs)
    with _fresh(settings) as fresh:
        _render(fresh, wanted.runs)


def _say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:<44} {figure}\n")
    sys.stdout.flush()


@contextmanager
def _fresh(settings: Settings) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="atelier-bench-") as home:
        yield replace(settings, home=Path(home))


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _page_start(settings: Settings) -> float:
    """Seconds from `atelier chat` to the first page served."""
    port = 8765
    command = [sys.executable, "-m", "agent.cli", "chat", "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        env=_environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    ) as page:
        try:
            while time.perf_counter() - began < 120:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
                        answer.read()
                    return time.perf_counter() - began
                except (urllib.error.URLError, OSError):
                    time.sleep(0.1)
            raise SystemExit("The page did not answer within 120 s.")
        finally:
            page.terminate()


def _environment(settings: Settings) -> dict[str, str]:
    from agent.settings import environment_of

    return environment_of(settings)


def _conversation(settings: Settings) -> None:
    """The first turn in a new folder, then one more: everything included."""
    from agent.chat import Chat

    async def turns() -> None:
        studio = build(settings)
        async with Chat(studio) as chat:
            for name, words in (
                ("first turn, all parts cold", IDEA),
                ("second turn, all parts warm", "make it more cinematic"),
            ):
                began = time.perf_counter()
                async for _ in chat.turn("bench", words):
                    pass
                _say(f"{name} ({settings.chat})", f"{time.perf_counter() - began:.1f} s")
        studio.close()

    asyncio.run(turns())


def _library(settings: Settings, table: Path, runs: int) -> None:
    """Ingest in a process of its own, for its peak memory; then search."""
    command = [sys.executable, "-m", "agent.cli", "ingest", str(table), "--json"]
    done = subprocess.run(command, env=_environment(settings), capture_output=True, text=True, check=True)
    summary = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    _say(f"ingest of {summary['read']} rows", f"{summary['rows_per_second']:.0f} rows/s, {peak:.0f} MB at most")
    studio = build(settings)
    studio.finder.search(words="warm up", k=10)
    times = [_timed(lambda: studio.finder.search(words=QUERY, k=10)) * 1000 for _ in range(max(runs, 3))]
    _say(
        f"search in {studio.library.count()} examples, k=10",
        f"{statistics.median(times):.0f} ms (slowest {max(times):.0f} ms)",
    )
    studio.close()


def _seeing(settings: Settings, runs: int) -> None:
    """A preview, and a check of a library picture against a prompt: the first time, and when its phrases were met before."""
    from tools.backends.checking import checker_for
    from tools.preview_prompt import foresee

    studio = build(settings)
    foresee(studio, IDEA)
    times = [_timed(lambda: foresee(studio, QUERY)) * 1000 for _ in range(max(runs, 3))]
    _say("what a prompt would look like", f"{statistics.median(times):.0f} ms (slowest {max(times):.0f} ms)")
    checker = checker_for(studio.library, studio.encoder)
    vector = next(iter(studio.library.picture_vectors(studio.library.some_pictures(1)).values()))
    first, *again = [
        _timed(lambda: checker.check_vector("a picture", vector, IDEA)) * 1000 for _ in range(max(runs, 3))
    ]
    _say("checking a picture, phrase by phrase", f"{first:.0f} ms, then {statistics.median(again):.0f} ms")
    studio.close()


def _render(settings: Settings, runs: int) -> None:
    studio = build(settings)
    renderer = studio.renderer
    _say("loading the renderer", f"{_timed(renderer.load):.1f} s")
    recipe = renderer.recipe(IDEA, seed=1)
    times = [_timed(lambda: renderer.render(recipe)) for _ in range(max(runs, 3))]
    _say(
        f"a picture of {recipe.width}x{recipe.height}, {recipe.steps} steps",
        f"{statistics.median(times):.1f} s (slowest {max(times):.1f} s)",
    )
    studio.close()


def _starter_csv(path: Path, rows: int = 5_000) -> Path:
    """Prompts of the starter world, in the columns of the 900k data set."""
    from starter.captions import caption
    from starter.world import sample_scene

    rng = random.Random(0)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "prompt", "url", "width", "height", "source_site"])
        for n in range(rows):
            writer.writerow([f"bench-{n}", f"{caption(sample_scene(rng), rng)}, {n}", "", 512, 512, "bench"])
    return path


if __name__ == "__main__":
    main()
