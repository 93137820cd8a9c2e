"""What goes out comes in again elsewhere, with nothing lost; and no file is ever replaced unasked or left half."""

import csv
import json
import resource
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from library_kit import DIMENSIONS, PlainEncoder, rows, scene

from tools.backends.columns import EXPORTED
from tools.backends.database import Library
from tools.backends.errors import BadInput, StorageFull
from tools.backends.exporting import export
from tools.backends.ingest import ingest
from tools.backends.reading import PROMPT, Reading, Table

PROMPTS = [
    " spaces around, and two\nlines ",
    'quotes "here", ünïcödé 🐈',
    "neon street, rain",
    "a castle",
    "a favourite, film grain",
]
RECIPE = json.dumps({"seed": 7, "steps": 20, "negative_prompt": 'text, "logo"'})


class NoEncoder(PlainEncoder):
    """Must not be asked."""

    def texts(self, texts):
        raise AssertionError("vectors that came with the rows were made again")


class OtherEncoder(PlainEncoder):
    """Another model."""

    name, fingerprint = "other", "other-1"


def library_in(folder: Path, encoder=PlainEncoder) -> Library:
    facts = {"encoder_name": encoder.name, "encoder_fingerprint": encoder.fingerprint, "dimensions": DIMENSIONS}
    return Library(f"chdb://{folder}", **facts)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A library of every kind of row, exported in both ways, and what it held."""
    folder = tmp_path_factory.mktemp("full")
    columns = {
        "id": ["a", "b", "c", "", "e"],
        "url": ["http://x/1?a=1,2", "", "diffusiondb://part-1/c.png", "", "file:///tmp/e.png"],
        "width": [512, 0, 768, 0, 64],
        "height": [768, 0, 512, 0, 64],
        "source_site": ["x.org", "", "diffusiondb", "", "atelier"],
        "favourite": [False, False, False, False, True],
        "recipe": ["", "", '{"seed": 3}', "", RECIPE],
        "nsfw": [0.0, 0.0845108, 1.0, 0.3333333, 0.0],
        "rating": [0.0, 9.5, 0.0, 0.0, 3.3],
    }
    with library_in(folder / "library") as library:
        library.add(rows(PROMPTS, PlainEncoder(), {0: scene(0), 3: scene(3), 4: scene(4)}, **columns))
        assert export(library, folder / "all.csv") == 5
        assert export(library, folder / "all.parquet") == 5
        assert export(library, folder / "vectors.parquet", vectors_of=PlainEncoder()) == 5
        held = pa.concat_tables(library.export_batches(2, vectors=True))
    return folder, held


def imported(file: Path, home: Path, encoder) -> tuple[pa.Table, object]:
    with library_in(home, encoder) as library:
        summary = ingest([file], library, encoder)
        return pa.concat_tables(library.export_batches(1_000, vectors=True)), summary


def test_a_file_with_vectors_gives_the_same_library_elsewhere_and_encodes_nothing(full, tmp_path):
    folder, held = full
    found, summary = imported(folder / "vectors.parquet", tmp_path / "library", NoEncoder())
    assert (summary.added, summary.taken, summary.pictures, summary.problems) == (5, 5, 3, ())
    assert found.schema == held.schema
    assert found.to_pylist() == held.to_pylist()


@pytest.mark.parametrize("name", ["all.csv", "all.parquet"])
def test_a_file_without_vectors_gives_the_same_rows_elsewhere(full, tmp_path, name):
    folder, held = full
    found, summary = imported(folder / name, tmp_path / "library", PlainEncoder())
    assert (summary.added, summary.taken, summary.failed) == (5, 0, 0)
    same, order = [*EXPORTED], [("prompt", "ascending")]
    assert found.select(same).sort_by(order).to_pylist() == held.select(same).sort_by(order).to_pylist()
    made, there = (np.stack(table.sort_by(order)["prompt_vector"].to_numpy()) for table in (found, held))
    np.testing.assert_allclose(made, there, atol=1e-6)


def test_vectors_of_another_encoder_are_made_anew_and_that_is_said(full, tmp_path):
    folder, _ = full
    found, summary = imported(folder / "vectors.parquet", tmp_path / "library", OtherEncoder())
    assert (summary.added, summary.taken, summary.pictures) == (5, 0, 3)
    assert summary.problems[0].startswith("vectors.parquet holds vectors of the encoder plain, and another is in use")
    assert sum(vector is not None for vector in found["picture_vector"].to_pylist()) == 3


@pytest.mark.parametrize("name", ["vectors.parquet", "all.parquet", "all.csv"])
def test_a_library_takes_its_own_export_back_without_a_new_row(full, name):
    folder, held = full
    with library_in(folder / "library") as library:
        summary = ingest([folder / name], library, NoEncoder())
        assert (summary.read, summary.added, summary.skipped) == (5, 0, 5)
        assert pa.concat_tables(library.export_batches(9, vectors=True)).to_pylist() == held.to_pylist()


def test_other_programs_find_the_data_sets_columns_and_the_encoder_in_the_file(full):
    folder, _ = full
    with (folder / "all.csv").open(newline="", encoding="utf-8") as file:
        lines = {row["id"]: row for row in csv.DictReader(file)}
    assert list(lines["a"])[:6] == ["id", "prompt", "url", "width", "height", "source_site"]
    assert (lines["b"]["nsfw"], lines["b"]["rating"], lines["e"]["favourite"]) == ("0.0845108", "9.5", "True")
    schema = parquet.read_schema(folder / "vectors.parquet")
    assert schema.names == [*EXPORTED, "prompt_vector", "picture_vector", "thumbnail"]
    assert schema.metadata[b"atelier.encoder_fingerprint"] == b"plain-1"
    assert parquet.read_schema(folder / "all.parquet").names == [*EXPORTED]


def test_vectors_that_are_none_are_made_again(full, tmp_path):
    folder, held = full
    table = parquet.read_table(folder / "vectors.parquet")
    broken = [[float("nan")] * DIMENSIONS, [0.0] * DIMENSIONS, [1.0], None, table["prompt_vector"][4].as_py()]
    place = table.schema.get_field_index("prompt_vector")
    table = table.set_column(place, table.schema.field(place), pa.array(broken, pa.list_(pa.float32())))
    parquet.write_table(table, tmp_path / "broken.parquet")
    found, summary = imported(tmp_path / "broken.parquet", tmp_path / "library", PlainEncoder())
    assert (summary.added, summary.taken) == (5, 1)
    np.testing.assert_allclose(
        np.stack(found["prompt_vector"].to_numpy()), np.stack(held["prompt_vector"].to_numpy()), atol=1e-6
    )


def test_picture_vectors_that_are_none_are_made_again_of_the_thumbnails(full, tmp_path):
    folder, held = full
    table = parquet.read_table(folder / "vectors.parquet")
    bad = iter([[float("nan")] * DIMENSIONS, [0.0] * DIMENSIONS, [1.0] * 3])
    broken = [None if vector is None else next(bad) for vector in table["picture_vector"].to_pylist()]
    place = table.schema.get_field_index("picture_vector")
    table = table.set_column(place, table.schema.field(place), pa.array(broken, pa.list_(pa.float32())))
    parquet.write_table(table, tmp_path / "broken.parquet")
    found, summary = imported(tmp_path / "broken.parquet", tmp_path / "library", PlainEncoder())
    assert (summary.added, summary.taken, summary.pictures, summary.failed) == (5, 5, 3, 0)
    assert found["thumbnail"].to_pylist() == held["thumbnail"].to_pylist()
    assert found["picture_vector"].is_null().to_pylist() == held["picture_vector"].is_null().to_pylist()
    said = ["holds NaN", "is all zeros", f"has 3 numbers, not {DIMENSIONS}"]
    assert [problem.partition(": ")[2] for problem in summary.problems] == [
        f"its picture_vector {why}; encoded anew" for why in said
    ]


class Shelf:
    """A library of nothing but prompts, as far as an export looks."""

    def __init__(self, prompts: list[str], recipe: str = RECIPE) -> None:
        self.prompts, self.recipe = prompts, recipe

    def count(self) -> int:
        return len(self.prompts)

    def export_batches(self, size: int, vectors: bool = False):
        for start in range(0, len(self.prompts), size):
            some = self.prompts[start : start + size]
            one = {"id": "a", "url": "", "width": 1, "height": 1, "source_site": "", "favourite": False}
            other = {"recipe": self.recipe, "nsfw": 0.0, "rating": 0.0, "added_at": None}
            yield pa.Table.from_pylist([{**one, **other, "prompt": prompt} for prompt in some])


HARD = [
    "lines" + "\nx" * 12_000,
    "\r" * 30_000 + '"',
    '"' * (PROMPT - 1) + ",",
    "\n".join(",".join(str(n) for n in range(len(EXPORTED))) for _ in range(60)),
    '"\n' + ",".join(EXPORTED) + "\n",
]
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.text('ab, "\n\r;\t')


@given(st.lists(ANY.filter(str.strip), max_size=8))
@example(HARD)
@example([*HARD, *reversed(HARD), "a plain one"])
def test_whatever_prompts_go_out_as_csv_come_in_again_as_they_were(tmp_path_factory, prompts):
    path = tmp_path_factory.mktemp("out") / "all.csv"
    export(Shelf(prompts), path)
    pieces = list(Table(path, Reading()).pieces(1_000))
    assert [told for piece in pieces for told in piece.bad + piece.odd] == []
    assert [(row["prompt"], row["recipe"]) for piece in pieces for _, row in piece.rows] == [
        (prompt, RECIPE) for prompt in prompts
    ]


def test_prompts_of_very_many_lines_and_commas_come_back_from_a_librarys_csv(tmp_path):
    with library_in(tmp_path / "library") as library:
        library.add(rows(HARD, PlainEncoder(), {}))
        export(library, tmp_path / "all.csv")
    found, summary = imported(tmp_path / "all.csv", tmp_path / "other", PlainEncoder())
    assert (summary.added, summary.failed) == (len(HARD), 0)
    assert sorted(found["prompt"].to_pylist()) == sorted(HARD)


@pytest.mark.parametrize("prompt", ["a cat {n}", "a cat, {n}"])
def test_a_quotation_mark_that_somebody_opened_in_an_export_costs_its_own_row_and_no_other(tmp_path, prompt):
    path = tmp_path / "all.csv"
    prompts = [prompt.format(n=n) for n in range(3_000)]
    export(Shelf(prompts, recipe=""), path)
    lines = path.read_text().splitlines(keepends=True)
    lines[1_000] = 'a,"a cat,,1,1,,False,,,,\n'
    path.write_text("".join(lines))
    pieces = list(Table(path, Reading()).pieces(5_000))
    assert [row["prompt"] for piece in pieces for _, row in piece.rows] == prompts[:999] + prompts[1_000:]
    said = "it opens a quotation mark in line 1001 that is not closed there; read on in the next line"
    assert [told for piece in pieces for told in piece.bad] == [(1_000, said)]


def test_a_file_that_is_there_is_replaced_only_when_asked(full, tmp_path):
    folder, _ = full
    mine = tmp_path / "mine.csv"
    mine.write_text("mine")
    with library_in(folder / "library") as library:
        with pytest.raises(BadInput, match=r"already a file .*mine\.csv.*--force"):
            export(library, mine)
        assert mine.read_text() == "mine"
        with pytest.raises(BadInput, match="cannot hold vectors"):
            export(library, tmp_path / "new.csv", vectors_of=PlainEncoder())
        assert export(library, mine, force=True) == 5
    assert mine.read_text().startswith("id,prompt,url")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


@pytest.mark.parametrize("name", ["mine.csv", "mine.parquet"])
def test_a_disk_that_takes_no_more_leaves_the_old_file_and_no_half_one(full, tmp_path, name):
    folder, _ = full
    mine = tmp_path / name
    mine.write_text("mine")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    with library_in(folder / "library") as library:
        pages = list(library.export_batches(9, vectors=True))
        library.export_batches = lambda *_, **__: iter(pages)  # the engine may not write under this limit either
        library.count = lambda: 5
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, usual[1]))
        try:
            with pytest.raises(StorageFull, match="mine|larger|saved"):
                export(library, mine, force=True)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert mine.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_score_that_is_not_known_is_empty_in_the_file_and_a_known_zero_is_not(tmp_path):
    (tmp_path / "in.csv").write_text("id,prompt,nsfw,rating\na,one,0,\nb,two,,0\n")
    with library_in(tmp_path / "library") as library:
        ingest([tmp_path / "in.csv"], library, PlainEncoder())
        export(library, tmp_path / "all.csv")
        export(library, tmp_path / "all.parquet")
        held = pa.concat_tables(library.export_batches(9)).to_pylist()
    with (tmp_path / "all.csv").open(newline="") as file:
        told = [(float(row["nsfw"] or -1), float(row["rating"] or -1)) for row in csv.DictReader(file)]
    assert told == [(pytest.approx(0, abs=1e-5), -1), (-1, pytest.approx(0, abs=1e-5))]
    whole = parquet.read_table(tmp_path / "all.parquet")
    assert (whole["nsfw"].is_null().to_pylist(), whole["rating"].is_null().to_pylist()) == (
        [False, True],
        [True, False],
    )
    for name in ("all.csv", "all.parquet"):
        with library_in(tmp_path / name.replace(".", "-")) as other:
            ingest([tmp_path / name], other, PlainEncoder())
            assert pa.concat_tables(other.export_batches(9)).to_pylist() == held


def test_an_export_of_an_older_version_which_wrote_0_for_no_score_says_nothing_of_safety(tmp_path):
    header = ",".join(EXPORTED)
    (tmp_path / "old.csv").write_text(f"{header}\na,one,,0,0,,False,,0.0,0.0,2024-01-01T00:00:00\n")
    with library_in(tmp_path / "library") as library:
        ingest([tmp_path / "old.csv"], library, PlainEncoder())
        assert library._rows("SELECT nsfw, rating FROM examples") == [(0.0, 0.0)]
