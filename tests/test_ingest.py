"""Tables of prompts go in whole, whatever they look like; what is bad in them is counted and named."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from library_kit import DIMENSIONS, STARTER_CLIP, PlainEncoder, scene, toy_clip
from PIL import Image

from tools.backends import preparing
from tools.backends.database import Library
from tools.backends.embedding import Encoder
from tools.backends.errors import BadTable
from tools.backends.ingest import ingest
from tools.backends.pictures import thumbnail

ENCODER = PlainEncoder()
HEADER = "id,prompt,url,width,height,source_site\n"


@pytest.fixture
def library(tmp_path):
    facts = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": DIMENSIONS}
    with Library(f"chdb://{tmp_path / 'library'}", **facts) as opened:
        yield opened


def prompts_in(library: Library) -> list[str]:
    return sorted(prompt for (prompt,) in library._rows("SELECT prompt FROM examples"))


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def figures(summary) -> tuple[int, int, int, int]:
    return summary.read, summary.added, summary.skipped, summary.failed


def test_the_six_columns_arrive_and_a_second_run_adds_nothing(library, tmp_path):
    text = HEADER + "a1,a cat on a sofa,http://x/1,512,768,x.org\na2,neon street,,,,\n"
    file = write(tmp_path / "prompts.csv", text)
    calls: list[tuple[int, int, int]] = []
    summary = ingest([file], library, ENCODER, progress=lambda *call: calls.append(call))
    assert figures(summary) == (2, 2, 0, 0)
    assert calls[-1] == (2, len(text), len(text))
    assert list(summary.as_json())[:6] == ["read", "added", "skipped", "failed", "seconds", "rows_per_second"]
    assert summary.peak_memory_mb > 10
    found = library.get(["a1"])[0]
    assert (found.prompt, found.url, found.width, found.height, found.source_site) == (
        "a cat on a sofa", "http://x/1", 512, 768, "x.org"
    )  # fmt: skip
    assert figures(ingest([file, file], library, ENCODER)) == (4, 0, 4, 0)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfPrompt\nwith a mark\n", ["with a mark"]),
        (
            b'\xef\xbb\xbf"prompt","id"\r\n"a mark, quoted",1\r\n"two\r\nlines",1\r\n',
            ["a mark, quoted", "two\r\nlines"],
        ),
        (b'id,prompt\n1,"quotes ""here"", and\na new line"\n2,next\n', ['quotes "here", and\na new line', "next"]),
        (b'prompt\n"\x00"\n"quoted \x00"\n\x00\n', ["quoted"]),
        (b"prompt\nwith \x00 NUL\x00 bytes\n", ["with  NUL bytes"]),
        ("prompt\nin UTF-16 é\n".encode("utf-16"), ["in UTF-16 é"]),
        ("prompt\nein grüner Müller\nöde Häuser\n".encode("cp1252"), ["ein grüner Müller", "öde Häuser"]),
        ("prompt\nünïcödé prompt with one bad ".encode() + b"\xff byte\n", ["ünïcödé prompt with one bad � byte"]),
        (b"id;prompt;width\r\n1;semicolons, commas;512\r\n", ["semicolons, commas"]),
        (b"prompt\twidth\ntabs, commas\t5\n", ["tabs, commas"]),
        (b"prompt\n\n\n  spaces  \n", ["spaces"]),
        (b"prompt\n" + b'"' + b"x" * 200_000 + b'"\nfine\n', ["fine"]),
        (b'prompt\nfine\n"never closed, to the end\nof the file\n', ["fine", "never closed, to the end\nof the file"]),
        (b"prompt", []),
        (b"prompt\nno line end", ["no line end"]),
    ],
)
def test_strange_files_are_read(library, tmp_path, data, expected):
    ingest([write(tmp_path / "prompts.csv", data)], library, ENCODER)
    assert prompts_in(library) == sorted(expected)


def test_bad_rows_are_counted_and_the_first_ones_named(library, tmp_path):
    rows = [
        "1,,,,,",
        "2,fine,,512,512,x",
        "3,wide,,broad,1,x",
        "4,deep,,1,-5,x",
        "5,too,many,1,1,fields,here",
        "6,float,,512.0,nan,",
    ]
    summary = ingest([write(tmp_path / "p.csv", HEADER + "\n".join(rows))], library, ENCODER)
    assert figures(summary) == (6, 2, 0, 4)
    assert summary.problems == (
        "p.csv row 1: its prompt is empty",
        "p.csv row 3: its width 'broad' is no number",
        "p.csv row 4: its height -5 is no size in pixels",
        "p.csv row 5: it has 7 fields, the header 6",
    )
    assert prompts_in(library) == ["fine", "float"]


def test_a_thousand_bad_rows_are_not_all_named(library, tmp_path):
    summary = ingest([write(tmp_path / "p.csv", "id,prompt\n" + "1,\n" * 1_000)], library, ENCODER)
    assert figures(summary) == (1_000, 0, 0, 1_000)
    assert len(summary.problems) == preparing.NAMED


def test_duplicate_ids_with_different_prompts_are_both_kept(library, tmp_path):
    summary = ingest([write(tmp_path / "p.csv", "id,prompt\n1,one\n1,two\n1,one\n")], library, ENCODER)
    assert figures(summary) == (3, 2, 1, 0)
    assert prompts_in(library) == ["one", "two"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xef\xbb\xbfid,text\n1,x\n", r"\(found: id, text\)"),
        (b"id,prompts\n1,x\n", r"\(found: id, prompts\)"),
        (b"id,text\n1,x\n", r"no column named prompt \(found: id, text\)"),
        (b"", r"\(found: none\)"),
        (b"\x89PNG\r\n\x1a\n\x00\x00nonsense", "no column named prompt"),
        (b"PAR1 nonsense", "broken Parquet file"),
    ],
)
def test_a_file_that_is_no_table_of_prompts_is_named(library, tmp_path, data, says):
    with pytest.raises(BadTable, match=rf"file\.csv.*{says}"):
        ingest([write(tmp_path / "file.csv", data)], library, ENCODER)


def test_a_missing_file_or_folder_is_named_before_anything_is_read(library, tmp_path):
    fine = write(tmp_path / "p.csv", "prompt\nx\n")
    with pytest.raises(BadTable, match="nowhere.csv"):
        ingest([fine, tmp_path / "nowhere.csv"], library, ENCODER)
    with pytest.raises(BadTable, match="no folder"):
        ingest([fine], library, ENCODER, images=tmp_path / "nowhere")
    assert library.count() == 0


def test_pictures_are_found_by_id_and_by_link(library, tmp_path):
    folder = tmp_path / "images"
    (folder / "deep").mkdir(parents=True)
    scene(1).save(folder / "a1.png")
    scene(2).save(folder / "deep" / "687c91c9.jpg", quality=95)
    scene(3).save(folder / "third.webp", lossless=True)
    write(folder / "a4.jpg", b"\xff\xd8\xff broken")
    text = (
        HEADER
        + "a1,one,,1,1,\na2,two,https://image/full_jpg/687c91c9,1,1,\na3,three,http://x/third.webp?size=2,1,1,\na4,four,,1,1,\na5,five,,,,\n"
    )
    file = write(tmp_path / "p.csv", text)
    assert ingest([file], library, ENCODER).pictures == 0
    summary = ingest([file], library, ENCODER, images=folder)
    assert summary.pictures == 3
    assert any("a4" in text or "row 4" in text for text in summary.problems)
    near = {seed: library.nearest_pictures(ENCODER.pictures([scene(seed)])[0], 1)[0] for seed in (1, 2, 3)}
    assert [example.prompt for example, _ in near.values()] == ["one", "two", "three"]
    assert max(distance for _, distance in near.values()) < 0.01
    assert all(library.thumbnail(example.id) for example, _ in near.values())
    again = ingest([file], library, ENCODER, images=folder)
    assert (again.added, again.pictures) == (0, 0)


def test_parquet_with_pictures_inside_is_read(library, tmp_path):
    pictures = [thumbnail(scene(n)) for n in range(3)]
    table = pa.table(
        {"Prompt": ["one", "two", "two", None], "picture": [*pictures, None], "width": pa.array([1.0, None, 3, 4])}
    )
    parquet.write_table(table, tmp_path / "p.parquet")
    summary = ingest([tmp_path / "p.parquet"], library, ENCODER)
    assert figures(summary) == (4, 3, 0, 1)  # the same words with another picture are another example
    assert library.picture_count() == 3
    assert figures(ingest([tmp_path / "p.parquet"], library, ENCODER)) == (4, 0, 3, 1)


def test_memory_does_not_grow_with_the_file(library, tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "BATCH", 50)
    sizes: list[int] = []
    add = library.add
    monkeypatch.setattr(library, "add", lambda rows: sizes.append(rows.num_rows) or add(rows))
    file = write(tmp_path / "p.csv", "prompt\n" + "".join(f"prompt {n}\n" for n in range(175)))
    assert ingest([file], library, ENCODER).added == 175
    assert sizes == [50, 50, 50, 25]


KILLED = """
import sys; sys.path[:0] = sys.argv[3:]
from library_kit import PlainEncoder
from tools.backends import preparing
from tools.backends.database import Library
from tools.backends.ingest import ingest
preparing.BATCH = 20
with Library(sys.argv[1], encoder_name="plain", encoder_fingerprint="plain-1", dimensions=64) as library:
    ingest([sys.argv[2]], library, PlainEncoder(), progress=lambda *call: print(call[0], flush=True))
"""


def test_a_killed_run_goes_on_and_ends_with_every_row_once(tmp_path):
    file = write(tmp_path / "p.csv", "prompt\n" + "".join(f"prompt {n}\n" for n in range(2_000)))
    dsn, here = f"chdb://{tmp_path / 'library'}", Path(__file__).parent
    with subprocess.Popen([sys.executable, "-c", KILLED, dsn, file, here, here.parent], stdout=-1, text=True) as run:
        while int(run.stdout.readline()) < 100:
            pass
        time.sleep(0.015)
        os.kill(run.pid, signal.SIGKILL)
    with Library(dsn, encoder_name="plain", encoder_fingerprint="plain-1", dimensions=DIMENSIONS) as library:
        before = library.count()
        assert 100 <= before < 2_000
        assert ingest([file], library, ENCODER).added == 2_000 - before
        assert library.count() == 2_000


def test_a_real_encoder_makes_the_vectors(tmp_path):
    real = (STARTER_CLIP / "model.safetensors").exists()
    encoder = Encoder(STARTER_CLIP if real else toy_clip(tmp_path / "clip"), device="cpu")
    facts = {"encoder_name": encoder.name, "encoder_fingerprint": encoder.fingerprint, "dimensions": encoder.dimensions}
    file = write(tmp_path / "p.csv", "prompt\na cat on a sofa\na rocket in space\n")
    with Library(f"chdb://{tmp_path / 'library'}", **facts) as library:
        assert ingest([file], library, encoder).added == 2
        best = library.nearest_prompts(encoder.texts(["a rocket in space"])[0], 1)[0]
        assert best[0].prompt == "a rocket in space"
        assert best[1] < 1e-3


def test_a_picture_larger_than_memory_should_hold_is_made_small(library, tmp_path):
    (tmp_path / "images").mkdir()
    Image.effect_mandelbrot((2_400, 1_800), (-2, -1, 1, 1), 20).save(tmp_path / "images" / "1.png")
    ingest([write(tmp_path / "p.csv", "id,prompt\n1,a fractal\n")], library, ENCODER, images=tmp_path / "images")
    assert library.picture_count() == 1
