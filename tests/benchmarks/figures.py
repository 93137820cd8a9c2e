"""Measured numbers and how they are said: never better than they were seen. What time and memory things took."""

import math
import os
import platform
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number.

    Attributes:
        key: what it is called in the file of results, and by what is asked.
        name: what it is, for people.
        number: as measured; None: it could not be.
        unit: after the number; "" for shares and counts.
        better: "less" or "more": the number is said rounded the other way. "" for what is neither.
    """

    key: str
    name: str
    number: float | None
    unit: str = ""
    better: str = ""

    @property
    def value(self) -> str:
        return said(self.number, self.unit, self.better)


@dataclass(kw_only=True)
class Result:
    """What one part measured.

    Attributes:
        part: its name.
        size: of what it was run on: rows, or pictures.
        about: what was measured on what, in a sentence.
        figures: its numbers.
        tables: titles and rows of cells, the first row a head.
    """

    part: str
    size: int
    about: str = ""
    figures: list[Figure] = field(default_factory=list)
    tables: list[tuple[str, list[list[str]]]] = field(default_factory=list)

    def add(self, key: str, name: str, number: float | None, unit: str = "", better: str = "") -> None:
        self.figures.append(Figure(key=key, name=name, number=number, unit=unit, better=better))


def said(number: float | None, unit: str = "", better: str = "") -> str:
    """The number in three digits, rounded against itself: 14.26 ms is said as 14.3 where less is better."""
    if number is None or not math.isfinite(number):
        return "–"
    if number and number != int(number):
        place = 2 - math.floor(math.log10(abs(number)))
        scaled = round(number * 10**place, 6)
        scaled = math.ceil(scaled) if better == "less" else math.floor(scaled) if better == "more" else round(scaled)
        number = scaled / 10**place
    text = f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.6f}".rstrip("0")
    return f"{text}{' ' if unit and unit != '×' else ''}{unit}"


def timed(do: Callable[[], Any]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def milliseconds(do: Callable[[Any], Any], things: Iterable[Any]) -> np.ndarray:
    """(n,) milliseconds that it took for each of the things."""
    return np.array([timed(lambda thing=thing: do(thing)) * 1000 for thing in things])


def at(times: Sequence[float] | np.ndarray, percent: float) -> float:
    """The time that so many percent stay under: one that was measured, none in between."""
    return float(np.percentile(np.asarray(times, dtype=np.float64), percent, method="higher"))


def peak_mb(children: bool = False) -> float:
    """The most memory that this process, or the largest of its children, held so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def cpu_seconds() -> float:
    """Of this process and its threads: on a machine that does other work besides, these say more than seconds."""
    return time.process_time()


def recall(found: Sequence[Sequence[Any]], exact: Sequence[Sequence[Any]]) -> float:
    """The share of the exact answers that were found."""
    wanted = sum(len(ids) for ids in exact)
    return sum(len({*a} & {*b}) for a, b in zip(found, exact, strict=True)) / wanted if wanted else 1.0


def auroc(true: Sequence[float], false: Sequence[float]) -> float:
    """How often a true one's score is above a false one's; a tie is half."""
    values = np.concatenate([true, false])
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        tied = values == value
        ranks[tied] = ranks[tied].mean()
    n, m = len(true), len(false)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m)) if n and m else math.nan


def machine() -> str:
    """The class of this machine, without its name, and how busy it was."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parts = [f"{cores} CPU cores ({platform.machine()}{_vectors()})"]
    try:
        parts.append(f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB memory")
    except (ValueError, OSError):
        parts.append("memory unknown")
    parts.append(f"Python {platform.python_version()}")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > 0.5:
        parts.append(f"busy with other work when it began (load {load:.1f})")
    return ", ".join(parts)


def _vectors() -> str:
    """What the cores can do at once, where the system says it."""
    try:
        flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        return ""
    known = flags[1].split() if flags else []
    return next((f", {name.upper()}" for name in ("avx512f", "avx2") if name in known), "")
