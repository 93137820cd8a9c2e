"""The library as one file that other programs read, and that `atelier ingest` reads back: CSV or Parquet.

The data set's own columns and what Atelier adds; in Parquet, if wanted, also the vectors, thumbnails, and which encoder made
the vectors. Streams, and writes wholly or not at all.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.columns import EXPORTED, SCORES
from tools.backends.errors import BadInput
from tools.backends.reading import ENCODER, ENCODER_NAME
from tools.backends.storage import replacing

if TYPE_CHECKING:
    import pyarrow as pa

    from tools.backends.database import Library
    from tools.backends.embedding import Encoder

PAGE = 2_000  # examples at a time: with vectors and thumbnails some 20 MB
SEEN = ("prompt_vector", "picture_vector", "thumbnail")


def export(
    library: "Library",
    path: str | Path,
    *,
    vectors_of: "Encoder | None" = None,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write every example to a file, wholly or not at all, and say how many.

    Args:
        path: ends in .csv or .parquet.
        vectors_of: the library's encoder, where vectors and thumbnails are wanted too; only in Parquet.
        force: replace a file that is there, when the new one is complete.
        progress: called with the examples written and the examples in all.

    Raises:
        BadInput: another ending, vectors in CSV, no such folder, or a file that is there.
        StorageFull: it cannot be written; what was there before stays.
    """
    path = Path(path)
    check(path, vectors=vectors_of is not None, force=force)
    total, done = library.count(), 0

    def pages() -> "Iterator[pa.Table]":
        nonlocal done
        for page in library.export_batches(PAGE, vectors=vectors_of is not None):
            yield page
            done += page.num_rows
            if progress:
                progress(done, max(total, done))

    with replacing(path) as temporary:
        if path.suffix.lower() == ".csv":
            _write_csv(temporary, pages())
        else:
            _write_parquet(temporary, pages(), vectors_of)
        check(path, vectors=vectors_of is not None, force=force)  # somebody may have put a file there meanwhile
    return done


def check(path: Path, *, vectors: bool = False, force: bool = False) -> None:
    """Refuse what cannot be written, before anything is opened.

    Raises:
        BadInput: see `export`.
    """
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise BadInput(f"{path.name} should end in .csv or .parquet.")
    if vectors and path.suffix.lower() == ".csv":
        raise BadInput(f"{path.name} cannot hold vectors. Name a file that ends in .parquet, or leave --vectors out.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder} to write {path.name} in. Make it, or name another one.")
    if path.exists() and not force:
        raise BadInput(f"There is already a file {path}. Choose another name, or say --force to replace it.")


def _write_csv(path: Path, pages: "Iterator[pa.Table]") -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(EXPORTED)
        for page in pages:
            columns = [[_cell(value) for value in _told(page, name).to_pylist()] for name in EXPORTED]
            writer.writerows(zip(*columns, strict=True))


def _told(page: "pa.Table", name: str) -> Any:
    """A column as the file has it: null where a score is not known, which the library keeps as 0."""
    import pyarrow.compute as compute

    column = page.column(name)
    return compute.if_else(compute.equal(column, 0), None, column) if name in SCORES else column


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return str(np.float32(value))  # the fewest digits that are this very number
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write_parquet(path: Path, pages: "Iterator[pa.Table]", vectors_of: "Encoder | None") -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    kinds = {
        **dict.fromkeys(("width", "height"), pa.uint32()),
        **dict.fromkeys(("nsfw", "rating"), pa.float32()),
        **dict.fromkeys(SEEN[:2], pa.list_(pa.float32())),
        "favourite": pa.bool_(),
        "added_at": pa.timestamp("ms"),
        "thumbnail": pa.binary(),
    }
    names = (*EXPORTED, *(SEEN if vectors_of else ()))
    said = {ENCODER: vectors_of.fingerprint.encode(), ENCODER_NAME: vectors_of.name.encode()} if vectors_of else {}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names], metadata=said)
    texts = [name for name in EXPORTED if name != "id"]  # vectors and pictures are as small as they get
    with parquet.ParquetWriter(path, schema, use_dictionary=texts, compression="zstd", compression_level=1) as writer:
        for page in pages:
            writer.write_table(pa.table([_told(page, field.name).cast(field.type) for field in schema], schema=schema))
