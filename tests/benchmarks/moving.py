"""Part "export": the library out into a file and into another library again, with nothing lost."""

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.apart import apart
from benchmarks.figures import Result, timed
from benchmarks.ingesting import CLIP, _encoder, _library, make

SEEN = ("prompt_vector", "picture_vector", "thumbnail")


def export(size: int, data: Path | None, work: Path, **_: Any) -> Result:
    """The starter collection and `size` prompts out as Parquet with vectors and as CSV, and in again."""
    with tempfile.TemporaryDirectory(dir=work, prefix="export-") as folder:
        home = Path(folder)
        file = str(home / "prompts.csv")
        apart(make, file=file, count=size, source=str(data) if data else None, seed=2)
        first = apart(fill, folder=str(home / "first"), files=[file], collection=True, out=str(home / "first"))
        apart(fill, folder=str(home / "second"), files=[str(home / "first.parquet")], out=str(home / "second"))
        apart(fill, folder=str(home / "third"), files=[str(home / "first.csv")], out=str(home / "third"))
        whole = apart(differing, one=str(home / "first.parquet"), other=str(home / "second.parquet"), vectors=True)
        plain = apart(differing, one=str(home / "first.parquet"), other=str(home / "third.parquet"), vectors=False)
    result = Result(part="export", size=first["rows"])
    result.about = (
        f"The starter collection with its pictures and {size:,} prompts, exported as Parquet with vectors and as CSV, each read "
        "into an empty library and exported again; the two exports compared value by value, vectors bit by bit."
    )
    result.add("whole", "rows or values that differ after Parquet with vectors", float(whole), "", "less")
    result.add("plain", "rows or values that differ after CSV", float(plain), "", "less")
    result.add("out", "export as Parquet with vectors", first["rows"] / first["seconds"], "rows/s", "more")
    return result


def fill(folder: str, files: list[str], out: str, collection: bool = False) -> dict[str, float]:
    """Read the files into a library, and write it to OUT.parquet and OUT.csv."""
    from tools.backends import exporting
    from tools.backends.ingest import ingest

    encoder = _encoder()
    with _library(folder, encoder) as library:
        if collection:
            library.load_collection(CLIP.parent / "collection.parquet")
        ingest(files, library, encoder)
        seconds = timed(lambda: exporting.export(library, f"{out}.parquet", vectors_of=encoder))
        exporting.export(library, f"{out}.csv")
        return {"rows": library.count(), "seconds": seconds}


def differing(one: str, other: str, vectors: bool) -> int:
    """How many rows are missing, or values differ, between two exports; when rows were added is no part of it."""
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet

    tables = [parquet.read_table(file).sort_by("id") for file in (one, other)]
    if tables[0].num_rows != tables[1].num_rows:
        return abs(tables[0].num_rows - tables[1].num_rows)
    names = [n for n in tables[0].column_names if n != "added_at" and (vectors or n not in SEEN)]
    differ = 0
    for name in names:
        mine, theirs = (table.column(name).combine_chunks() for table in tables)
        if not mine.equals(theirs):
            same = (
                sum(a == b for a, b in zip(mine.to_pylist(), theirs.to_pylist(), strict=True))
                if name in SEEN
                else compute.sum(compute.equal(mine, theirs)).as_py() or 0
            )
            differ += tables[0].num_rows - same
    return differ
