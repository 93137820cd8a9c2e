"""The library as one file that other programs read: CSV or Parquet, the data set's columns and what Atelier adds."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.backends.database import Library
from tools.backends.errors import BadInput
from tools.backends.records import Example
from tools.backends.storage import replacing

COLUMNS = ("id", "prompt", "url", "width", "height", "source_site", "favourite", "recipe")


def export(library: Library, path: str | Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Write every example to a file, wholly or not at all, and say how many.

    Args:
        path: ends in .csv or .parquet; a file that is there is replaced when the new one is complete.
        progress: called with the examples written and the examples in all.

    Raises:
        BadInput: another ending.
        StorageFull: it cannot be written; what was there before stays.
    """
    path = Path(path)
    write = {".csv": _write_csv, ".parquet": _write_parquet}.get(path.suffix.lower())
    if write is None:
        raise BadInput(f"{path.name} should end in .csv or .parquet.")
    total, done = library.count(), 0

    def pages() -> Iterator[list[Example]]:
        nonlocal done
        for page in library.pages():
            yield page
            done += len(page)
            if progress:
                progress(done, max(total, done))

    with replacing(path) as temporary:
        write(temporary, pages())
    return done


def _write_csv(path: Path, pages: Iterator[list[Example]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for page in pages:
            writer.writerows([getattr(example, column) for column in COLUMNS] for example in page)


def _write_parquet(path: Path, pages: Iterator[list[Example]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"width": pa.uint32(), "height": pa.uint32(), "favourite": pa.bool_()}
    schema = pa.schema([(column, kinds.get(column, pa.string())) for column in COLUMNS])
    with pq.ParquetWriter(path, schema) as writer:
        for page in pages:
            columns = {column: [getattr(example, column) for example in page] for column in COLUMNS}
            writer.write_table(pa.table(columns, schema=schema))
