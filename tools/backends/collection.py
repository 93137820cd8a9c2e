"""The starter collection's Parquet file, as rows ready for the library: vectors, thumbnails and how each was made."""

import base64
import datetime
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.backends.columns import MAKING, ZERO
from tools.backends.errors import BadTable

BATCH = 5_000  # rows; an insert has its price
ADDED = datetime.datetime(2022, 8, 22)  # in UTC; nobody added these rows, and two installs should hold the same


def collection_batches(path: str | Path) -> Iterator[tuple[pa.Table, int]]:
    """The starter collection in pieces ready for `Library.add`, with the number of its rows."""
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path)
        bases = file.schema_arrow.metadata or {}
        for batch in file.iter_batches(BATCH):
            yield _collection_rows(pa.Table.from_batches([batch]), bases), file.metadata.num_rows
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise BadTable(f"The collection {path} cannot be read ({error}). Install Atelier again.") from error


def _collection_rows(rows: pa.Table, bases: Mapping[bytes, bytes]) -> pa.Table:
    names = ("id", "prompt", "url", "width", "height", "source_site")
    columns: dict[str, Any] = {name: rows[name] for name in names if name in rows.column_names}
    for name in ("prompt_vector", "picture_vector"):
        columns[name] = _vectors(rows[name], bases.get(name.encode()))
    if "rating" in rows.column_names:
        known = pc.max_element_wise(rows["rating"], pa.scalar(ZERO, pa.float32()), skip_nulls=False)
        columns["rating"] = pc.fill_null(known, 0.0)
    columns["thumbnail"] = rows["picture"]
    making = [name for name in MAKING if name in rows.column_names]
    told = (
        {name: value for name, value in row.items() if value is not None} for row in rows.select(making).to_pylist()
    )
    columns["recipe"] = [json.dumps(each, ensure_ascii=False) if each else "" for each in told]
    columns["added_at"] = pa.array([ADDED] * rows.num_rows, pa.timestamp("ms"))
    return pa.table(columns)


def _vectors(column: pa.ChunkedArray, basis: bytes | None) -> pa.Array:
    """Lists of float32. With a basis (base64 of float32, components × dimensions) the column holds int8 amounts of each
    component, a fifth of the size of float16 numbers; without one, the numbers themselves."""
    if basis is None:
        return column.cast(pa.list_(pa.float32()))
    codes = column.combine_chunks()
    amounts = codes.flatten().to_numpy(zero_copy_only=False).reshape(len(codes), -1).astype(np.float32)
    vectors = amounts @ np.frombuffer(base64.b64decode(basis, validate=True), np.float32).reshape(amounts.shape[1], -1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), vectors.shape[1]).cast(
        pa.list_(pa.float32())
    )
