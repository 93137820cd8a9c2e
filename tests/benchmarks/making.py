"""What the benchmarks are run on: prompts made by recombining the phrases of real ones, and clustered vectors.

The same seed makes the same data, row by row, so that several processes can make it without handing it over.
"""

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

DIMENSIONS = 512
BLOCK = 10_000  # vectors made at a time
CLUSTER = 150  # of them lie around one centre, on average
SPREAD = 0.7  # length of what is added to a centre of length 1: members of a cluster have a cosine of about 0.75
# Encoders use few directions much and most hardly: 90 % of the starter CLIP's variance lies in 28 of its 512, and all its
# vectors point somewhat the same way. Vectors that go evenly everywhere would be nothing that any encoder gives.
DECAY = 0.9  # the variance along the n-th direction is n to the power of minus this
COMMON = 0.5  # length of what all centres share
RARE = 100  # one row in so many is of a rare site
SITES = ("lexica.art", "playgroundai.com", "prompthero.com", "krea.ai")
RARE_SITE = "rare.example"
COLUMNS = ["id", "prompt", "url", "width", "height", "source_site"]


def phrases_of(source: Path | None, most: int = 20_000) -> list[list[str]]:
    """Prompts as lists of phrases: of a CSV's column `prompt`, or where there is none of the starter world's captions."""
    if source is None:
        from starter.captions import caption
        from starter.world import sample_scene

        rng = random.Random("benchmark captions")
        prompts = [caption(sample_scene(rng), rng) for _ in range(4_000)]
    else:
        csv.field_size_limit(1 << 24)
        with source.open(encoding="utf-8", newline="") as file:
            prompts = [row["prompt"] for _, row in zip(range(most), csv.DictReader(file), strict=False)]
    split = ([phrase.strip() for phrase in prompt.split(",") if phrase.strip()] for prompt in prompts)
    return [phrases for phrases in split if phrases]


def prompts(count: int, source: Path | None, seed: int = 0) -> Iterator[str]:
    """So many prompts: each begins as a real one does, is as long as another, and borrows its phrases from many."""
    known = phrases_of(source)
    pool = [phrase for phrases in known for phrase in phrases[1:]] or [
        "highly detailed"
    ]  # common ones come up as often as they do
    rng = random.Random(f"benchmark prompts {seed}")
    for _ in range(count):
        first, length = rng.choice(known)[0], len(rng.choice(known))
        yield ", ".join([first, *rng.choices(pool, k=min(length, 24) - 1)])


def write_csv(path: Path, count: int, source: Path | None, seed: int = 0) -> Path:
    """A file in the columns of the 900k data set."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, prompt in enumerate(prompts(count, source, seed)):
            writer.writerow([name_of(number), prompt, link_of(number), *size_of(number), site_of(number)])
    return path


def name_of(number: int) -> str:
    return f"bench-{number:07d}"


def number_of(name: str) -> int:
    return int(name.rpartition("-")[2])


def link_of(number: int) -> str:
    return f"https://images.example/{number:07d}.jpg"


def size_of(number: int) -> tuple[int, int]:
    return ((512, 512), (768, 512), (512, 768), (1024, 1024))[number % 4]


def site_of(number: int) -> str:
    return RARE_SITE if number % RARE == 7 else SITES[number % len(SITES)]


def vectors(count: int, seed: int = 0, dimensions: int = DIMENSIONS) -> Iterator[np.ndarray]:
    """So many unit vectors in clusters, (≤ BLOCK, dimensions) float32 at a time."""
    centres = _centres(count, dimensions)
    for start in range(0, count, BLOCK):
        yield _around(centres, min(BLOCK, count - start), f"{seed}-{start}", dimensions)


def queries(count: int, among: int, dimensions: int = DIMENSIONS) -> np.ndarray:
    """(count, dimensions): unit vectors from the same clusters as `vectors(among)`, and none of them."""
    return _around(_centres(among, dimensions), count, "queries", dimensions)


def save(path: Path, count: int) -> np.ndarray:
    """All the vectors in a file, mapped: they need not fit into the memory."""
    if not path.exists():
        part = path.with_suffix(".part")
        whole = np.lib.format.open_memmap(part, "w+", np.float32, (count, DIMENSIONS))
        for n, block in enumerate(vectors(count)):
            whole[n * BLOCK : n * BLOCK + len(block)] = block
        whole.flush()
        part.replace(path)
    return np.load(path, mmap_mode="r")


def nearest(stored: np.ndarray, query: np.ndarray, k: int, rows: Sequence[int] | np.ndarray | None = None) -> list[int]:
    """The k rows nearest to a query, by going through all of them, or through some."""
    if rows is not None:
        chosen = np.asarray(rows)
        return [int(n) for n in chosen[np.argsort(-(stored[chosen] @ query), kind="stable")[:k]]]
    alike = np.concatenate([stored[n : n + 5 * BLOCK] @ query for n in range(0, len(stored), 5 * BLOCK)])
    best = np.argpartition(-alike, k)[:k] if k < len(alike) else np.arange(len(alike))
    return [int(n) for n in best[np.argsort(-alike[best], kind="stable")]]


def _centres(count: int, dimensions: int) -> np.ndarray:
    rng = np.random.default_rng(11)
    common = _unit(rng.standard_normal((1, dimensions), dtype=np.float32))
    return _unit(COMMON * common + _some(rng, count // CLUSTER + 1, dimensions))


def _around(centres: np.ndarray, count: int, seed: str, dimensions: int) -> np.ndarray:
    rng = np.random.default_rng(list(seed.encode()))
    chosen = centres[rng.integers(0, len(centres), count)]
    return _unit(chosen + SPREAD * _some(rng, count, dimensions))


def _some(rng: np.random.Generator, count: int, dimensions: int) -> np.ndarray:
    """(count, dimensions) of length 1 on average, with the variance of an encoder's."""
    scale = np.arange(1, dimensions + 1, dtype=np.float32) ** np.float32(-DECAY / 2)
    return rng.standard_normal((count, dimensions), dtype=np.float32) * (scale / np.linalg.norm(scale))


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
