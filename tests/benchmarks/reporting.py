"""Results kept in a file, part by part, and told: as a table for the terminal and as docs/BENCHMARKS.md. Measures nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Result, said

FULL = 900_000
EVERY_SIZE = ("search", "ingest")  # parts of which smaller runs stay beside larger ones


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the project promised: a figure of a part, at a size, and its limit.

    Attributes:
        part, key: where the figure is.
        name: the promise in words.
        least, most: the limit, one of the two.
        size: rows or pictures it was promised at; 0: any.
    """

    part: str
    key: str
    name: str
    least: float | None = None
    most: float | None = None
    unit: str = ""
    size: int = 0

    @property
    def limit(self) -> str:
        number, sign = (self.least, "≥") if self.least is not None else (self.most, "≤")
        return f"{sign} {said(number, self.unit)}" if number != self.most or number else "0"

    def met(self, number: float | None) -> bool:
        if number is None:
            return False
        return number >= self.least if self.least is not None else number <= (self.most or 0.0)


ASKED = (
    Asked(part="ingest", key="against_straight", name="ingest against the straightforward way", least=2.0, unit="×"),
    Asked(part="ingest", key="against_bare", name="ingest against the bare encoder", least=0.9, unit="×"),
    Asked(part="ingest", key="beyond", name="peak memory beyond the model", most=1536, unit="MiB", size=FULL),
    Asked(part="kill", key="kills", name="killed with SIGKILL at random moments", least=20),
    Asked(part="kill", key="equal", name="… and resumed equals an unbroken run (1: all)", least=1),
    Asked(part="search", key="p50", name="search without the encoder, p50", most=15, unit="ms", size=FULL),
    Asked(part="search", key="p99", name="search without the encoder, p99", most=40, unit="ms", size=FULL),
    Asked(part="search", key="recall", name="recall@10 against the exact answer", least=0.99, size=FULL),
    Asked(part="search", key="against_usearch", name="against a bare usearch query with the same recall", most=5, unit="×", size=FULL),
    Asked(part="search", key="build", name="index built in", most=600, unit="s", size=FULL),
    Asked(part="search", key="filtered_k", name="a condition that keeps 1 %: rows returned of k = 10", least=10, size=FULL),
    Asked(part="search", key="filtered_recall", name="… their recall", least=0.95, size=FULL),
    Asked(part="search", key="violated", name="exclusions violated", most=0, size=FULL),
    Asked(part="search", key="phrases", name="phrases that go with an idea, its examples looked for by meaning, p50", most=100, unit="ms", size=FULL),
    Asked(part="search", key="counting", name="phrases that go with examples that were found, p50", most=100, unit="ms", size=FULL),
    Asked(part="answers", key="recall", name="“this picture” of changed library pictures", least=0.95, size=1_000),
    Asked(part="answers", key="false", name="“this picture” of foreign ones", most=0.02, size=1_000),
    Asked(part="answers", key="auroc", name="area under the ROC curve of the score", least=0.98, size=1_000),
    Asked(part="rewrites", key="more", name="rewrites: originals found by hybrid beyond the better leg", least=0),
    Asked(part="export", key="whole", name="rows or values that differ after export and import", most=0),
)  # fmt: skip


def keep(file: Path, result: Result, *, date: str, machine: str, seconds: float) -> dict[str, Any]:
    """Put a result into the file, in the place of older ones of its part that were no larger; all that are there then.

    Of searches and ingests every size stays: they are read beside each other.
    """
    older = load(file)
    kept = {
        name: run
        for name, run in older.items()
        if run["part"] != result.part
        or run["size"] > result.size
        or (result.part in EVERY_SIZE and run["size"] < result.size)
    }
    kept[f"{result.part} {result.size}"] = {
        **asdict(result),
        "date": date,
        "machine": machine,
        "seconds": round(seconds, 1),
    }
    part = file.with_suffix(".part")
    part.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(file)
    return kept


def load(file: Path) -> dict[str, Any]:
    """All results in the file; none where there is none."""
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def text(result: Result) -> str:
    """One part for the terminal."""
    wide = max((len(figure.name) for figure in result.figures), default=0)
    lines = [f"\n{result.part}: {result.about}", *(f"  {f.name.ljust(wide)}  {f.value}" for f in result.figures)]
    for title, rows in result.tables:
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
        lines.append(f"  {title}")
        lines += ["    " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def summary(kept: Mapping[str, Any]) -> list[list[str]]:
    """What was asked beside what was seen: a head, and a row for each promise.

    A promise for any size shows the worst that was seen at one.
    """
    rows = [["promised", "asked", "seen", ""]]
    for asked in ASKED:
        runs = [run for run in kept.values() if run["part"] == asked.part and figure(run, asked.key)]
        run = max(runs, key=lambda run: _telling(asked, run), default=None)
        at = f" at {asked.size:,}" if asked.size else ""
        found = figure(run, asked.key) if run else None
        if run is None or found is None:
            rows.append([asked.name + at, asked.limit, "not run", ""])
        elif asked.size and run["size"] < asked.size:
            rows.append([asked.name + at, asked.limit, f"{found.value} at {run['size']:,}", "not run at this size"])
        else:
            rows.append([asked.name + at, asked.limit, found.value, "met" if asked.met(found.number) else "**missed**"])
    return rows


def _telling(asked: Asked, run: Mapping[str, Any]) -> tuple[float, float]:
    """How much a run says of a promise: one of its size the most, or else the largest; of any size, the worst."""
    if asked.size:
        return (run["size"] == asked.size, run["size"])
    found = figure(run, asked.key)
    number = float(found.number) if found else 0.0
    return (-number if asked.least is not None else number, run["size"])


def figure(run: Mapping[str, Any], key: str) -> Figure | None:
    """One figure of a kept result."""
    return next((Figure(**each) for each in run["figures"] if each["key"] == key), None)


def document(kept: Mapping[str, Any], parts: Iterable[str]) -> str:
    """docs/BENCHMARKS.md as a whole, from whatever was run; a part that was not says so."""
    told = [
        "# What it costs, measured",
        "Written by `make bench` from the results in `docs/benchmarks.json`, each part with its own date and machine. Numbers are "
        "rounded against themselves: none is said better than it was seen. A part that was not run says so.",
        markdown(summary(kept)),
    ]
    for part in parts:
        runs = sorted((run for run in kept.values() if run["part"] == part), key=lambda run: run["size"])
        told.append(f"## {part[0].upper()}{part[1:]}")
        if not runs:
            told.append("Not run.")
        for run in runs:
            told.append(f"{run['about']} {run['date']}, {run['seconds']:,.0f} s on {run['machine']}.")
            told.append(markdown([["figure", "measured"], *([f["name"], Figure(**f).value] for f in run["figures"])]))
            for title, rows in run["tables"]:
                told += [f"{title}:", markdown(rows)]
    return "\n\n".join(told) + "\n"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table, the first row its head."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
