"""Parquet files come in with little memory, however long some values are; and what is no vector is told and made anew."""

import io
import tracemalloc

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from PIL import Image

from tools.backends import parquetrows
from tools.backends.parquetrows import BYTES, PAGE
from tools.backends.reading import ENCODER, HEAVY, Reading, Table

LONG = 2_000_000
OURS = {ENCODER: b"abc"}


def pieces_of(path, size=4_000, **how):
    return list(Table(path, Reading(**how)).pieces(size))


def told(pieces):
    return [what for piece in pieces for what in (*piece.bad, *piece.odd)]


def webp() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "WEBP")
    return data.getvalue()


@pytest.mark.parametrize(
    ("kind", "unit"), [(pa.string(), "characters"), (pa.large_string(), "characters"), (pa.binary(), "bytes")]
)
def test_prompts_of_two_megabytes_become_bad_rows_and_never_python_strings(tmp_path, kind, unit):
    path = tmp_path / "mine.parquet"
    prompts = pa.array([f"{n:02}" + "x" * LONG for n in range(30)] + ["a tiny one at the end"]).cast(kind)
    parquet.write_table(pa.table({"prompt": prompts}), path)
    del prompts
    tracemalloc.start()
    try:
        pieces = pieces_of(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [row["prompt"] for piece in pieces for _, row in piece.rows] == ["a tiny one at the end"]
    assert told(pieces) == [(n + 1, f"its prompt has {LONG + 2} {unit}, more than 100000") for n in range(30)]
    assert peak < LONG


def test_fewer_rows_are_decoded_at_a_time_where_they_are_long_and_all_of_a_page_where_they_are_not(tmp_path):
    path = tmp_path / "mine.parquet"
    long = pa.table({"prompt": [f"{n:02}" + "x" * LONG for n in range(30)], "user": ["y"] * 30})
    short = pa.table({"prompt": [f"prompt {n}" for n in range(2_500)], "user": ["y"] * 2_500})
    with parquet.ParquetWriter(path, long.schema) as writer:
        for table in (short, long, short):
            writer.write_table(table)
    file = parquetrows.opened(path)
    batches = [(batch.num_rows, batch.nbytes) for batch in parquetrows.batches(file, ["prompt"])]
    assert [rows for rows, _ in batches] == [PAGE, PAGE, 500, 16, 14, PAGE, PAGE, 500]
    assert max(size for _, size in batches) <= BYTES
    assert parquetrows.rows_at_a_time(file.metadata.row_group(1), ["user"]) == PAGE


def test_a_file_whose_rows_are_larger_than_all_that_is_decoded_at_a_time_comes_row_by_row(tmp_path):
    path = tmp_path / "mine.parquet"
    parquet.write_table(pa.table({"picture": [bytes(BYTES + 1), b"", bytes(2 * BYTES)], "prompt": list("abc")}), path)
    file = parquetrows.opened(path)
    assert [batch.num_rows for batch in parquetrows.batches(file, ["prompt", "picture"])] == [1, 1, 1]


@pytest.mark.parametrize("nested", [False, True])
def test_no_more_rows_go_into_a_piece_that_is_heavy_with_pictures(tmp_path, nested):
    path = tmp_path / "mine.parquet"
    picture = bytes(LONG)
    pictures = [{"bytes": picture, "path": "x.png"} if nested else picture] * 40
    parquet.write_table(pa.table({"prompt": [f"prompt {n}" for n in range(40)], "picture": pictures}), path)
    pieces = pieces_of(path)
    assert [len(piece.rows) for piece in pieces] == [-(-HEAVY // LONG)] * 2 + [40 - 2 * -(-HEAVY // LONG)]
    assert all(row["picture"] == picture for piece in pieces for _, row in piece.rows)


def test_other_texts_that_are_too_long_are_left_out_of_their_row_and_that_is_told(tmp_path):
    path = tmp_path / "mine.parquet"
    columns = {"prompt": ["a", "b", "c"], "url": ["u" * LONG, "v" * 150_000, "w"]}
    parquet.write_table(pa.table({**columns, "recipe": ["{}", "", '{"x": "' + "y" * LONG + '"}']}), path)
    pieces = pieces_of(path)
    assert [(row["url"], row["recipe"]) for _, row in pieces[0].rows] == [("", "{}"), ("", ""), ("w", "")]
    assert told(pieces) == [
        (1, f"its url has {LONG} characters, more than 100000; left out"),
        (2, "its url has 150000 characters, more than 100000; left out"),
        (3, f"its recipe has {LONG + 9} characters, more than 400000; left out"),
    ]


def test_a_long_prompt_that_is_kept_as_one_of_few_is_told_in_each_of_its_rows(tmp_path):
    path = tmp_path / "mine.parquet"
    prompts = pa.array(["x" * LONG, "a cat", None, "x" * LONG, "a cat"]).dictionary_encode()
    parquet.write_table(pa.table({"prompt": prompts}), path)
    pieces = pieces_of(path)
    assert [row["prompt"] for _, row in pieces[0].rows] == ["a cat", "a cat"]
    assert [number for number, _ in told(pieces)] == [1, 3, 4]


def test_text_that_is_no_utf_8_is_read_as_far_as_it_is(tmp_path):
    path = tmp_path / "mine.parquet"
    ends = pa.array([0, 3, 6], pa.int32()).buffers()[1]
    parquet.write_table(
        pa.table({"prompt": pa.Array.from_buffers(pa.string(), 2, [None, ends, pa.py_buffer(b"a\xffbcde")])}), path
    )
    assert [row["prompt"] for _, row in pieces_of(path)[0].rows] == ["a\ufffdb", "cde"]


VECTORS = [[1.0, 0.0], None, [float("nan"), 1.0], [1.0], [0.0, 0.0], [3.0, 4.0], [float("inf"), 0.0], [1.0, None]]
FAULTS = [
    (3, "holds NaN"),
    (4, "has 1 numbers, not 2"),
    (5, "is all zeros"),
    (6, "has the length 5, not 1"),
    (7, "holds numbers without end"),
    (8, "holds NaN"),
]


@pytest.mark.parametrize("name", ["prompt_vector", "picture_vector"])
def test_what_is_no_vector_of_the_encoder_is_none_and_told_with_its_row(tmp_path, name):
    path = tmp_path / "mine.parquet"
    columns = dict.fromkeys(("prompt_vector", "picture_vector"), pa.array([None] * 8, pa.list_(pa.float32())))
    columns[name] = pa.array(VECTORS, pa.list_(pa.float32()))
    small = pa.array([webp()] * 6 + [None] * 2, pa.binary())
    table = pa.table({"prompt": list("abcdefgh"), **columns, "thumbnail": small})
    parquet.write_table(table.replace_schema_metadata(OURS), path)
    pieces = pieces_of(path, fingerprint="abc", dimensions=2)
    assert [row[name] is not None for _, row in pieces[0].rows] == [True] + [False] * 7
    what = {7: "left out", 8: "left out"} if name == "picture_vector" else {}
    assert told(pieces) == [(n, f"its {name} {why}; {what.get(n, 'encoded anew')}") for n, why in FAULTS]


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.int8()), pa.list_(pa.float64()), pa.large_list(pa.float16()), pa.list_(pa.float32(), 2),
     pa.list_view(pa.float32())],
)  # fmt: skip
def test_vectors_are_read_of_lists_of_any_numbers(tmp_path, kind):
    path = tmp_path / "mine.parquet"
    numbers = [[1, 0], None, [0, 1]] if "int" in str(kind) else np.eye(2, dtype=kind.value_type.to_pandas_dtype())
    vectors = pa.array(numbers if isinstance(numbers, list) else [numbers[0], None, numbers[1]], kind)
    parquet.write_table(pa.table({"prompt": list("abc"), "prompt_vector": vectors}).replace_schema_metadata(OURS), path)
    pieces = pieces_of(path, fingerprint="abc", dimensions=2)
    found = [row["prompt_vector"] for _, row in pieces[0].rows]
    assert [None if vector is None else vector.tolist() for vector in found] == [[1, 0], None, [0, 1]]
    assert found[0].dtype == np.float32 and told(pieces) == []


def test_a_column_of_vectors_that_holds_none_is_passed_over_and_told_once(tmp_path):
    path = tmp_path / "mine.parquet"
    vectors = pa.array([[1.0, 0.0]] * 3, pa.list_(pa.float32()))
    table = pa.table(
        {"prompt": ["", "b", "c"], "prompt_vector": vectors, "picture_vector": ["[1,2]"] * 3, "thumbnail": [webp()] * 3}
    )
    parquet.write_table(table.replace_schema_metadata(OURS), path)
    pieces = pieces_of(path, size=1, fingerprint="abc", dimensions=2)
    assert [(row["prompt_vector"] is None, row["picture_vector"]) for piece in pieces for _, row in piece.rows] == [
        (False, None)
    ] * 2
    assert told(pieces) == [
        (1, "its prompt is empty"),
        (2, "its picture_vector, like that of every row, is string and no list of numbers; passed over"),
    ]
    assert Table(path, Reading(fingerprint="abc")).has_pictures  # its thumbnails are opened for their vectors


def test_pictures_are_read_also_from_a_dictionary_inside_a_struct():
    kept = pa.array([b"one", b"two", b"one"]).dictionary_encode()
    column = pa.StructArray.from_arrays([kept, pa.array(["a.png", "b.png", "c.png"])], ["bytes", "path"])
    assert parquetrows.blobs(column, 100) == [b"one", b"two", b"one"]
