"""Parquet as programs write it → the values of some rows at a time, so few that they stay small however long they are.

How many follows from what the file says of itself. A value that is longer than any row may have is measured in Arrow, and
never made into a Python object. Of one page of the file, though, Arrow holds everything at once. Knows no columns of ours.
"""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from tools.backends.errors import BadTable

PAGE = 1_000  # rows decoded at a time, at most
BYTES = 32 << 20  # decoded at a time, about: a page of an export with vectors and thumbnails has 25 MB
WIDEST = 4  # bytes of a character


@dataclass(frozen=True)
class TooLong:
    """What stands in the place of a value that is too long to be read."""

    length: int
    unit: str = "characters"

    def __str__(self) -> str:
        return f"{self.length} {self.unit}"


def opened(path: Path) -> Any:
    """The file, read as far as its schema.

    Raises:
        BadTable: it is broken.
    """
    import pyarrow.parquet as parquet

    try:
        return parquet.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise BadTable(f"{path} is a broken Parquet file ({error}). Fetch it again.") from error


def batches(file: Any, wanted: Collection[str]) -> Iterator[pa.RecordBatch]:
    """These columns of all rows, a few MB at a time."""
    sizes = [rows_at_a_time(file.metadata.row_group(n), wanted) for n in range(file.metadata.num_row_groups)]
    # A new reader for each row group would cost more than the rows of a file that has one for every few.
    for size, groups in groupby(range(len(sizes)), sizes.__getitem__):
        yield from file.iter_batches(size, row_groups=[*groups], columns=[*wanted])


def rows_at_a_time(group: Any, wanted: Collection[str]) -> int:
    """How many rows of a row group (its metadata) are decoded at a time: a power of two, or PAGE."""
    columns = (group.column(n) for n in range(group.num_columns))
    sizes = (
        column.total_uncompressed_size
        for column in columns
        if any(column.path_in_schema == name or column.path_in_schema.startswith(f"{name}.") for name in wanted)
    )
    few = BYTES * group.num_rows // max(1, sum(sizes))
    return PAGE if few >= PAGE else 1 << max(0, few.bit_length() - 1)


def values(column: pa.Array, most: int) -> list[Any]:
    """The values of a column of texts, numbers or times; bytes are text, as Spark, Impala and old Hive write it.

    Args:
        most: characters of a text; one that is surely longer becomes `TooLong`.
    """
    if pa.types.is_dictionary(column.type):
        used = column.indices.unique().drop_null()
        told = dict(zip(used.to_pylist(), values(column.dictionary.take(used), most), strict=True))
        return [told.get(place) for place in column.indices.to_pylist()]
    if not _is_text(column.type):
        return column.to_pylist()
    column, long = _measured(column, most * WIDEST)
    try:
        found = column.to_pylist()
    except UnicodeDecodeError:  # text that is none, from a program that did not look
        found = column.cast(pa.large_binary()).to_pylist()
    found = [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in found]
    for place, length in long.items():
        found[place] = length
    return found


def blobs(column: pa.Array, most: int) -> list[Any]:
    """The pictures of a column, as bytes; one with more bytes becomes `TooLong`. What holds no bytes holds no pictures."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_struct(column.type):  # the image columns of Hugging Face's datasets: bytes and path
        column = (
            compute.struct_field(column, "bytes")
            if column.type.get_field_index("bytes") >= 0
            else pa.nulls(len(column))
        )
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
    if not _is_text(column.type) or _is_string(column.type):
        return [None] * len(column)
    column, long = _measured(column, most)
    found = column.to_pylist()
    for place, length in long.items():
        found[place] = length
    return found


def _is_string(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _is_text(kind: pa.DataType) -> bool:
    """Whether it holds texts or bytes, which may be as long as they like."""
    return _is_string(kind) or (not pa.types.is_nested(kind) and "binary" in str(kind))


def _measured(column: pa.Array, most: int) -> tuple[pa.Array, dict[int, TooLong]]:
    """The column without the values that have more bytes, and how long these are."""
    if "view" in str(column.type):  # Arrow measures no views
        column = column.cast(pa.large_string() if _is_string(column.type) else pa.large_binary())
    long = compute.fill_null(compute.greater(compute.binary_length(column), most), False)
    if not compute.any(long).as_py():
        return column, {}
    unit, length = ("characters", compute.utf8_length) if _is_string(column.type) else ("bytes", compute.binary_length)
    places, lengths = compute.indices_nonzero(long).to_pylist(), length(column.filter(long)).to_pylist()
    told = {place: TooLong(length, unit) for place, length in zip(places, lengths, strict=True)}
    return compute.if_else(long, pa.scalar(None, column.type), column), told


# Vectors


def holds_numbers(kind: pa.DataType) -> bool:
    """Whether a column of this type holds vectors."""
    types = pa.types
    lists = (types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_list_view, types.is_large_list_view)
    return any(is_list(kind) for is_list in lists) and (
        types.is_floating(kind.value_type) or types.is_integer(kind.value_type)
    )


def vectors(column: pa.Array, dimensions: int) -> tuple[list[np.ndarray | None], dict[int, str]]:
    """The vectors of some rows, each (d,) float32 of length one; None where there is none, or none of an encoder.

    Args:
        dimensions: numbers that each has; 0: any.

    Returns:
        The vectors, and what is wrong with those that are passed over, by place.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = np.asarray(column.flatten().to_numpy(zero_copy_only=False), np.float32)
        lengths = [n or 0 for n in compute.list_value_length(column).to_pylist()]
        found: list[np.ndarray | None] = []
        wrong: dict[int, str] = {}
        end = 0
        for place, (there, length) in enumerate(zip(column.is_valid().to_pylist(), lengths, strict=True)):
            end += length if there else 0
            vector = numbers[end - length : end] if there else None
            if vector is not None and (why := _fault(vector, dimensions)):
                vector, wrong[place] = None, why
            found.append(vector)
    return found, wrong


def _fault(vector: np.ndarray, dimensions: int) -> str:
    """Why it is no vector of an encoder; '' where it is one."""
    if len(vector) != (dimensions or len(vector)):
        return f"has {len(vector)} numbers, not {dimensions}"
    square = float(vector @ vector)
    if abs(square - 1.0) < 1e-3:
        return ""
    if np.isnan(vector).any():
        return "holds NaN"
    if not math.isfinite(square):
        return "holds numbers without end"
    return "is all zeros" if not square else f"has the length {math.sqrt(square):.3g}, not 1"
