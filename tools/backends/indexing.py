"""Whether an index pays, which one, and how far to look in it. Pure: numbers in, numbers out.

An exact scan is perfect, and fast while it is small; an index (HNSW) is for what is larger. It is built once over merged
rows, because one graph over everything answers sooner than several, and because each merge would build it again.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

# An exact scan of 50,000 × 512 takes 28 ms on two cores; twice as many take twice as long, and a search looks twice or more.
EXACT_MOST = 50_000  # rows of 512 numbers; of shorter vectors more, of longer ones fewer
MEASURED = 512
GROWN = 0.2  # share of rows that may be without the index before it is worth building again; they are scanned meanwhile
GRAPH = 24  # neighbours of each row in the graph
EFFORT = 96  # candidates while it is built. The time grows with it; with 48 no search of 900,000 found 95 %, however wide it looked
WIDE = (96, 128, 192, 256, 384, 512, 1024)  # candidates while it is searched: the first that is good enough
GOOD = 0.993  # recall at 10, of stored rows; other questions find up to 0.3 % less
# Bytes of vectors that may stay in memory as f16; more are kept as i8, and looked at again more closely. bf16 takes as long and
# finds less (99.1 % of 900,000 against 99.5 %, looking as widely): unit vectors need digits, not range.
AS_F16 = 4 << 30
# Its own distances are right to 1e-4; to read the vectors as well would take a fifth longer.
PRECISE = frozenset({"f16"})
SAMPLE, NEAREST = 300, 10  # stored vectors that the recall is measured on, and how many neighbours of each
MOST_LOOKED_AT = 2_048  # candidates of the index; where conditions keep so few, the exact answer is as quick
FIRST_LOOK = 256
SURE = 70  # rows beyond k that meet the conditions: what an index says of its last candidates has gaps


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to build. Kind "exact": nothing."""

    kind: str
    quantization: str = ""
    neighbours: int = GRAPH
    effort: int = EFFORT


def exact_most(dimensions: int) -> int:
    """How many rows an exact scan is fast enough for."""
    return EXACT_MOST * MEASURED // max(1, dimensions)


def plan(rows: int, dimensions: int) -> Plan:
    """What to build for so many rows of vectors."""
    if rows <= exact_most(dimensions):
        return Plan(kind="exact")
    return Plan(kind="hnsw", quantization="f16" if rows * dimensions * 2 <= AS_F16 else "i8")


def is_due(rows: int, indexed: int, dimensions: int) -> bool:
    """Whether an index should be built (again), now that so many rows have none."""
    if plan(rows, dimensions).kind == "exact":
        return False
    return not indexed or rows - indexed > max(exact_most(dimensions) // 2, int(GROWN * rows))


def candidates(k: int, quantization: str) -> int:
    """How many to take from the index for the k nearest, which distances then choose from."""
    return k + max(2, k // 10) if quantization in ("f16", "bf16") else 4 * k + 10


def wider(k: int, looked_at: int, found: int) -> int | None:
    """How many candidates to look at next, when of the last only `found` < k met the conditions; None: scan instead."""
    if looked_at >= MOST_LOOKED_AT:
        return None
    wanted = math.ceil(2 * k * looked_at / found) if found else looked_at * 16
    return wanted if wanted <= MOST_LOOKED_AT else None


def recall(found: Mapping[str, list[str]], exact: Mapping[str, list[str]]) -> float:
    """The share of the exact answers' rows that were found, 0..1; 1 when nothing was asked."""
    wanted = sum(len(ids) for ids in exact.values())
    return sum(len({*ids} & {*found.get(name, ())}) for name, ids in exact.items()) / wanted if wanted else 1.0


@dataclass(frozen=True, kw_only=True)
class Built:
    """What was built and measured, as it is kept in `about`.

    Args:
        quantization: how the vectors are kept in the index.
        wide: candidates while it is searched.
        recall: measured at 10.
        seconds: that building took.
        blocks: of each partition, the last block of rows that the index holds; what came later is scanned.
    """

    quantization: str
    wide: int
    recall: float | None = None
    seconds: float = 0.0
    blocks: Mapping[str, int]

    def text(self) -> str:
        """One line of JSON."""
        return json.dumps(dict(vars(self)), sort_keys=True)


def built(text: str) -> Built | None:
    """The record read back, or None where there is none that can be read."""
    try:
        return Built(**json.loads(text))
    except (ValueError, TypeError):
        return None
