"""Part "rewrites": a prompt said in other words should find the prompt, by hybrid search as often as by either leg alone."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.apart import apart
from benchmarks.figures import Result
from benchmarks.ingesting import _encoder, _library

TOP = 10


def rewrites(size: int, data: Path | None, rewritten: Path | None, work: Path, **_: Any) -> Result:
    """The prompts of `data` (all of them, or `size` with the rewritten ones among them), asked for by their rewrites."""
    if data is None or rewritten is None:
        raise ValueError("needs DATA (a CSV with the column prompt) and REWRITES (prompt, rewrite)")
    with tempfile.TemporaryDirectory(dir=work, prefix="rewrites-") as folder:
        found = apart(search, folder=folder, size=size, data=str(data), rewritten=str(rewritten))
    result = Result(part="rewrites", size=found["rows"])
    result.about = (
        f"{found['asked']} rewrites of real prompts, the original looked for among {found['rows']:,}, with the starter encoder, "
        f"which knows little of them; found: among the first {TOP}."
    )
    for key, name in (
        ("hybrid", "hybrid search"),
        ("words", "the lexical leg alone"),
        ("prompts", "the vector leg alone"),
    ):
        result.add(key, f"originals found by {name}", found[key] / max(1, found["asked"]), "", "more")
    best = max(found["words"], found["prompts"])
    result.add("more", "found by hybrid beyond the better of the two legs", float(found["hybrid"] - best), "", "more")
    return result


def search(folder: str, size: int, data: str, rewritten: str) -> dict[str, int]:
    """How many originals each way found."""
    from tools.backends.ingest import ingest
    from tools.backends.search import Finder

    pairs = [(row["prompt"].strip(), row["rewrite"].strip()) for row in _rows(rewritten)]
    file = Path(folder) / "prompts.csv"
    originals = {prompt for prompt, _ in pairs}
    kept = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = None
        for number, row in enumerate(_rows(data)):
            writer = writer or csv.DictWriter(out, row)
            if not number:
                writer.writeheader()
            if number < size or row["prompt"].strip() in originals:
                writer.writerow(row)
                kept += 1
    encoder = _encoder()
    with _library(str(Path(folder) / "library"), encoder) as library:
        ingest([file], library, encoder)
        finder = Finder(library, encoder)
        vectors = encoder.texts([rewrite for _, rewrite in pairs])
        found = {"hybrid": 0, "words": 0, "prompts": 0, "asked": len(pairs), "rows": library.count()}
        for (prompt, rewrite), vector in zip(pairs, vectors, strict=True):
            ways = {
                "hybrid": [match.example for match in finder.search(rewrite, k=TOP)],
                "words": [example for example, _ in library.lexical(rewrite, TOP)],
                "prompts": [example for example, _ in library.nearest_prompts(vector, TOP)],
            }
            for way, examples in ways.items():
                found[way] += any(example.prompt.strip() == prompt for example in examples)
        return found


def _rows(file: str) -> Any:
    csv.field_size_limit(1 << 24)
    with Path(file).open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)
