"""The starter collection's Parquet file, as rows ready for the library: vectors, thumbnails and how each was made."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from tools.backends.columns import MAKING
from tools.backends.errors import BadTable

BATCH = 2_000  # rows
ADDED = datetime.datetime(2022, 8, 22)  # in UTC; nobody added these rows, and two installs should hold the same


def collection_batches(path: str | Path) -> Iterator[tuple[pa.Table, int]]:
    """The starter collection in pieces ready for `Library.add`, with the number of its rows."""
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path)
        for batch in file.iter_batches(BATCH):
            yield _collection_rows(pa.Table.from_batches([batch])), file.metadata.num_rows
    except (OSError, pa.ArrowException, KeyError) as error:
        raise BadTable(f"The collection {path} cannot be read ({error}). Install Atelier again.") from error


def _collection_rows(rows: pa.Table) -> pa.Table:
    names = ("id", "prompt", "url", "width", "height", "source_site")
    columns: dict[str, Any] = {name: rows[name] for name in names if name in rows.column_names}
    for name in ("prompt_vector", "picture_vector"):
        columns[name] = rows[name].cast(pa.list_(pa.float32()))  # kept as float16, half the size
    columns["thumbnail"] = rows["picture"]
    making = [name for name in MAKING if name in rows.column_names]
    known = (
        {name: value for name, value in row.items() if value is not None} for row in rows.select(making).to_pylist()
    )
    columns["recipe"] = [json.dumps(each, ensure_ascii=False) if each else "" for each in known]
    columns["added_at"] = pa.array([ADDED] * rows.num_rows, pa.timestamp("ms"))
    return pa.table(columns)
