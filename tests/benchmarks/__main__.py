"""`make bench`: measure what the README promises, part by part, print it, and keep it in docs/BENCHMARKS.md.

    make bench                                             every part, at a size that takes some minutes
    make bench ONLY=search SIZE=900000 KEEP=/big/folder    one part; its library stays in the folder for the next time
    make bench ONLY=ingest,kill DATA=prompts.csv           prompts recombined from those of a file
    make bench ONLY=answers PICTURES=folder                foreign photographs from a folder

Results are kept part by part in docs/benchmarks.json, so that a long bench can be made in pieces; the report is written from
what is there. Timings are no tests: nothing here fails for being slow.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import reporting
from benchmarks.answering import answers
from benchmarks.figures import Result, machine
from benchmarks.ingesting import KILLS, ingest, kill
from benchmarks.moving import export
from benchmarks.product import product
from benchmarks.rewriting import rewrites
from benchmarks.searching import search

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
# What each part does, and the size that it takes where none is given.
PARTS: dict[str, tuple[Callable[..., Result], int]] = {
    "product": (product, 0),
    "ingest": (ingest, 10_000),
    "kill": (kill, 5_000),
    "search": (search, 10_000),
    "answers": (answers, 1_000),
    "rewrites": (rewrites, 20_000),
    "export": (export, 5_000),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 if a part could not be, 2 for a part that there is not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help=f"parts with commas between them: {', '.join(PARTS)}")
    parser.add_argument("--size", type=int, default=0, help="rows, or pictures; by default each part's own")
    parser.add_argument("--data", type=Path, help="CSV with the column prompt, whose phrases are recombined")
    parser.add_argument("--rewrites", type=Path, help="CSV with the columns prompt and rewrite")
    parser.add_argument("--pictures", type=Path, help="folder of photographs, foreign to the starter collection")
    parser.add_argument("--keep", type=Path, help="folder in which what was loaded and built stays for the next time")
    parser.add_argument("--runs", type=int, default=1, help="rounds of what is compared, and repetitions of short ones")
    parser.add_argument("--kills", type=int, default=KILLS, help="how often the ingest is killed")
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of the report and the results")
    chosen = parser.parse_args(arguments)
    wanted = [name.strip() for name in chosen.only.split(",") if name.strip()] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        sys.stderr.write(f"There is no part {unknown[0]!r}; there are {', '.join(PARTS)}.\n")
        return 2
    results, failed = chosen.docs / "benchmarks.json", 0
    for name in wanted:
        do, usual = PARTS[name]
        began, on = time.perf_counter(), machine()
        with tempfile.TemporaryDirectory(prefix="atelier-bench-") as folder:
            work = chosen.keep or Path(folder)
            work.mkdir(parents=True, exist_ok=True)
            try:
                result = do(**_given(chosen), size=chosen.size or usual, work=work, keep=bool(chosen.keep))
            except (RuntimeError, ValueError) as error:
                sys.stderr.write(f"{name}: not run: {error}\n")
                failed = 1
                continue
        reporting.keep(
            results, result, date=f"{date.today():%-d %B %Y}", machine=on, seconds=time.perf_counter() - began
        )
        sys.stdout.write(reporting.text(result) + "\n")
        sys.stdout.flush()
    kept = reporting.load(results)
    (chosen.docs / "BENCHMARKS.md").write_text(reporting.document(kept, PARTS), encoding="utf-8")
    return failed


def _given(chosen: argparse.Namespace) -> dict[str, Any]:
    return {
        "data": chosen.data and chosen.data.resolve(),
        "rewritten": chosen.rewrites and chosen.rewrites.resolve(),
        "pictures": chosen.pictures and chosen.pictures.resolve(),
        "runs": chosen.runs,
        "kills": chosen.kills,
    }


if __name__ == "__main__":
    sys.exit(main())
