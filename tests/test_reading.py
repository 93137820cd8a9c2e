"""Files as people have them become rows: DiffusionDB's metadata, columns of any name, recipes, scores."""

import csv
import datetime
import io
import json
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tools.backends.columns import ZERO
from tools.backends.csvlines import Broken, CsvFile
from tools.backends.errors import BadTable
from tools.backends.parquetrows import PAGE
from tools.backends.reading import Reading, Table

METADATA = pa.schema(
    [("image_name", pa.string()), ("prompt", pa.string()), ("part_id", pa.uint16()), ("seed", pa.uint32()),
     ("step", pa.uint16()), ("cfg", pa.float32()), ("sampler", pa.uint8()), ("width", pa.uint16()), ("height", pa.uint16()),
     ("user_name", pa.string()), ("timestamp", pa.timestamp("us", "UTC")), ("image_nsfw", pa.float32()),
     ("prompt_nsfw", pa.float32())]
)  # fmt: skip
NOW = datetime.datetime(2022, 8, 11, 9, 5, tzinfo=datetime.UTC)
PICTURES = [
    ("0c46f719.png", "a liquid sculpture", 1050, 2026845913, 50, 7.0, 8, 512, 512, "c2f2", NOW, 0.25, 0.0038),
    ("a00bdeaa.png", "an alien on a date", 905, 0, 30, 7.1, 4, 512, 768, "deleted_account", None, 2.0, 0.1),
    ("6e5024ce.png", "a conquistador", 286, 4294967295, 50, 0.0, 77, 512, 640, None, NOW, None, 0.02),
]


def rows_of(path, **how):
    pieces = list(Table(path, Reading(**how)).pieces(100))
    return [row for piece in pieces for _, row in piece.rows], pieces


@pytest.fixture(params=["parquet", "csv"])
def metadata(request, tmp_path):
    """DiffusionDB's metadata, as it comes and as a program may have written it again."""
    columns = zip(*PICTURES, strict=True)
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, METADATA, strict=True)], METADATA)
    path = tmp_path / f"metadata.{request.param}"
    if request.param == "parquet":
        parquet.write_table(table, path)
    else:
        import pyarrow.csv

        pyarrow.csv.write_csv(table, path)
    return path


def test_diffusiondbs_rows_come_with_their_settings_and_their_safety(metadata):
    rows, _ = rows_of(metadata)
    first, second, third = rows
    assert (first["id"], first["prompt"], first["width"], first["height"]) == (
        "0c46f719", "a liquid sculpture", 512, 512
    )  # fmt: skip
    assert (first["url"], first["source_site"]) == ("diffusiondb://part-001050/0c46f719.png", "diffusiondb")
    assert json.loads(first["recipe"]) == {"seed": 2026845913, "steps": 50, "guidance": 7.0, "sampler": "k_lms"}
    assert json.loads(second["recipe"]) == {"seed": 0, "steps": 30, "guidance": 7.1, "sampler": "k_euler_ancestral"}
    assert json.loads(third["recipe"]) == {"seed": 4294967295, "steps": 50, "guidance": 0.0}
    assert [round(row["nsfw"], 3) for row in rows] == [0.25, 1.0, 0.02]
    assert not any("c2f2" in str(value) for row in rows for value in row.values())  # who made it is nobody's business


def test_rows_above_a_safety_score_are_left_out_and_counted_apart(metadata):
    rows, pieces = rows_of(metadata, skip_nsfw=0.05)
    assert [row["id"] for row in rows] == ["6e5024ce"]
    assert sum(piece.left_out for piece in pieces) == 2 and sum(piece.read for piece in pieces) == 3


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
        (b'prompt\nfine\n"never closed, to the end\nof the file\n', ["fine", "of the file"]),
        (b"\n \r\n,,\nid,prompt\n1,after blank lines\n", ["after blank lines"]),
        (b"sep=;\r\nprompt;id, or name\r\nas Excel, says;1\r\n", ["as Excel, says"]),
        (b'\xef\xbb\xbf"sep=,"\r\nprompt,id\r\nquoted,1\r\n', ["quoted"]),
        (b"\xef\xbb\xbf\r\n\r\nid;prompt\r\n1;a mark, blank lines\r\n", ["a mark, blank lines"]),
        (b"prompt", []),
        (b"prompt\nno line end", ["no line end"]),
    ],
)
def test_strange_files_are_read(tmp_path, data, expected):
    (tmp_path / "prompts.csv").write_bytes(data)
    rows, _ = rows_of(tmp_path / "prompts.csv")
    assert [row["prompt"] for row in rows] == expected


def numbered(count: int, quoted: bool) -> list[str]:
    mark = '"' * quoted
    return [f"{n},{mark}a cat{', number' * quoted} {n}{mark},http://x/{n}\n" for n in range(count)]


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("place", [0, 4, 150, 298, 299])
@pytest.mark.parametrize("closed", ["never", "far below"])
def test_a_quotation_mark_that_nobody_closed_costs_its_own_row_and_no_other(tmp_path, quoted, place, closed):
    lines = numbered(300, quoted)
    broken = [place]
    lines[place] = f'{place},"a cat {place},http://x/{place}\n'
    if closed == "far below" and place < 200:  # a mark that closes nothing
        lines[250] = '250,a cat",http://x/250\n'
    path = tmp_path / "mine.csv"
    path.write_text("id,prompt,url\n" + "".join(lines))
    rows, pieces = rows_of(path)
    bad = [told for piece in pieces for told in piece.bad]
    assert [row["id"] for row in rows] == [str(n) for n in range(300) if n not in broken]
    assert [number for number, _ in bad] == [place + 1]
    assert f"it opens a quotation mark in line {place + 2} that is not closed there" in bad[0][1]
    assert sum(piece.read for piece in pieces) == 300


def test_unclosed_quotation_marks_in_a_long_file_swallow_nothing_however_far_the_next_one_is():
    places = (1, 2, 3, 4_000, 15_000, 29_999)
    lines = numbered(30_000, quoted=False)
    for place in places:
        lines[place] = f'{place},"a cat {place},http://x/{place}\n'
    found = list(CsvFile(io.BytesIO(("id,prompt,url\n" + "".join(lines)).encode())).records())
    assert [n for n, cells in enumerate(found) if isinstance(cells, Broken)] == [*places]
    assert [cells[0] for cells in found if not isinstance(cells, Broken)] == [
        str(n) for n in range(30_000) if n not in places
    ]


def test_what_is_left_of_a_text_that_was_cut_off_becomes_no_row(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text('id,prompt,url\n1,"a cat\nasleep",x\n2,"a poem\nof a castle,\nand its moon')
    rows, pieces = rows_of(path)
    assert [row["prompt"] for row in rows] == ["a cat\nasleep"]
    assert [why for piece in pieces for _, why in piece.bad] == [
        "it opens a quotation mark in line 4 that is not closed there; read on in the next line",
        "it has 2 of 3 fields, and seems to go with line 4",
        "it has 1 of 3 fields, and seems to go with line 4",
    ]


def test_a_text_of_many_lines_in_quotation_marks_is_one_row(tmp_path):
    poem = "\n".join(f'line {n}, of "many", and {"more, " * (n % 5)}' for n in range(2_000)).strip()
    path = tmp_path / "mine.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["id", "prompt"], ["1", poem], ["2", "fine"], ["3", poem + '"']])
    rows, pieces = rows_of(path)
    assert [row["prompt"] for row in rows] == [poem, "fine", poem + '"']
    assert not any(piece.bad for piece in pieces)


def test_a_text_of_too_many_lines_is_told_as_what_it_is(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text('id,prompt\n1,a\n2,"' + "line\n" * 12_000 + '"\n3,c\n')
    rows, pieces = rows_of(path)
    assert [row["prompt"] for row in rows] == ["a", "c"]
    assert next(why for piece in pieces for _, why in piece.bad) == (
        "it opens a quotation mark in line 3 that is not closed within 10000 lines; read on in the next line"
    )


CELLS = st.text(st.sampled_from("ab \",;\n\r\t'é"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=30), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_whatever_a_program_writes_is_read_as_it_was(rows, delimiter, always):
    file = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL
    csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(
        [("id", "prompt", "n"), *((*row, 1) for row in rows)]
    )
    found = list(CsvFile(io.BytesIO(file.getvalue().encode())).records())
    assert found == [[*row, "1"] for row in rows]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=30), st.integers(0, 30), st.booleans())
def test_before_an_unclosed_quotation_mark_and_after_it_each_row_is_read(rows, place, always):
    rows = [(one.replace("\n", " ").replace("\r", " "), two) for one, two in rows]
    before, after = rows[:place], [(f"x{a}", "y") for a, _ in rows[place:]]

    def written(some):
        file = io.StringIO(newline="")
        csv.writer(file, quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL).writerows((*row, 1) for row in some)
        return file.getvalue()

    text = "id,prompt,n\r\n" + written(before) + 'broken,"never closed,1\r\n' + written(after)
    found = [cells for cells in CsvFile(io.BytesIO(text.encode())).records() if not isinstance(cells, Broken)]
    assert found == [[*row, "1"] for row in [*before, *after]]


def test_a_file_of_nothing_but_unclosed_quotation_marks_is_read_to_its_end_soon():
    text = "id,prompt\n" + 'x,a" b,"open\n' * 10_000
    begun = time.monotonic()
    found = list(CsvFile(io.BytesIO(text.encode())).records())
    assert len(found) == 10_000 and time.monotonic() - begun < 20


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
def test_a_file_that_is_no_table_of_prompts_is_named(tmp_path, data, says):
    (tmp_path / "file.csv").write_bytes(data)
    with pytest.raises(BadTable, match=rf"file\.csv.*{says}"):
        Table(tmp_path / "file.csv", Reading())


def test_columns_of_any_name_can_be_mapped(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("prompt,Caption ,noise,score,unsafe,who\nold words,new words,12.0,7.5,0.3,x\nb,c,none,99,nan,y\n")
    rows, _ = rows_of(path, columns={"prompt": "caption", "seed": "Noise", "rating": "score", "nsfw": "unsafe"})
    assert [row["prompt"] for row in rows] == ["new words", "c"]
    assert [row["recipe"] for row in rows] == ['{"seed": 12}', ""]
    assert [(row["rating"], row["nsfw"]) for row in rows] == [(7.5, 0.3), (10.0, 0.0)]


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("Words,noise\na,1\n")
    with pytest.raises(
        BadTable, match=r"no column named caption \(found: Words, noise\)\. Correct --map prompt=COLUMN"
    ):
        rows_of(path, columns={"prompt": "caption"})
    with pytest.raises(BadTable, match=r"no column named prompt \(found: Words, noise\).*--map prompt=COLUMN"):
        rows_of(path)
    with pytest.raises(BadTable, match="no column 'words' to fill. Columns of ours: prompt, id"):
        Reading(columns={"words": "Words"})


def test_a_recipe_in_the_file_is_kept_to_the_letter_and_nonsense_is_none(tmp_path):
    path = tmp_path / "mine.csv"
    said = ['{"seed": 1,  "model": "é"}', "[1]", "{broken", "[" * 100_000, ""]
    path.write_text(
        "prompt,recipe\n" + "".join(f'p{n},"{text.replace(chr(34), chr(34) * 2)}"\n' for n, text in enumerate(said))
    )
    rows, _ = rows_of(path)
    assert [row["recipe"] for row in rows] == [said[0], "", "", "", ""]


def test_a_file_that_breaks_off_gives_the_rows_before(tmp_path):
    path = tmp_path / "mine.parquet"
    table = pa.table({"prompt": [f"prompt {n}" for n in range(3 * PAGE)]})
    with parquet.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for start in range(0, 3 * PAGE, PAGE):
            writer.write_table(table.slice(start, PAGE))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle - 500 : middle + 500] = bytes(1000)
    path.write_bytes(data)
    given = 0
    with pytest.raises(BadTable, match="breaks off after row 1000.*the rows before it are in"):
        for piece in Table(path, Reading()).pieces(PAGE * 5):
            given += len(piece.rows)
    assert given == PAGE


def test_a_prompt_of_ten_megabytes_is_a_bad_row_and_not_the_end(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("prompt\n" + "x" * 10_000_000 + "\nfine\n" + '"' + "y" * 17_000_000 + '"\nalso fine\n')
    rows, pieces = rows_of(path)
    assert "fine" in [row["prompt"] for row in rows]
    told = [why for piece in pieces for _, why in piece.bad]
    assert told[0] == "its prompt has 10000000 characters, more than 100000"
    assert told[1].startswith("it cannot be read: field larger than field limit")


def test_vectors_are_taken_only_from_the_encoder_in_use(tmp_path):
    vectors = pa.array([[1.0, 0.0], None, [0.6, 0.8]], pa.list_(pa.float32()))
    table = pa.table({"prompt": ["a", "b", "c"], "prompt_vector": vectors})
    path = tmp_path / "mine.parquet"
    parquet.write_table(table.replace_schema_metadata({"atelier.encoder_fingerprint": "abc"}), path)
    rows, _ = rows_of(path, fingerprint="abc")
    assert [row["prompt_vector"] is None for row in rows] == [False, True, False]
    np.testing.assert_allclose(rows[2]["prompt_vector"], [0.6, 0.8])
    assert all(row["prompt_vector"] is None for row in rows_of(path, fingerprint="other")[0])


def poem(lines: int, line: str) -> str:
    return "\n".join(line.format(n=n) for n in range(lines))


@pytest.mark.parametrize("line", ["stanza {n}, moonlit owl", "word, list", "{n}, moonlit owl", "an owl (verse {n}), 2"])
@pytest.mark.parametrize("before", [0, 3, 30])
def test_a_poem_whose_every_line_has_as_many_commas_as_a_row_is_one_row(line, before):
    file = io.StringIO()
    rows = [[f"prompt {n}", f"http://x/{n}"] for n in range(before)] + [
        [poem(24, line), "http://x/p"],
        ["b", "http://x/b"],
    ]
    csv.writer(file).writerows([["prompt", "url"], *rows])
    assert list(CsvFile(io.BytesIO(file.getvalue().encode())).records()) == rows


def test_a_list_in_quotation_marks_beside_a_plain_style_is_one_row():
    file = io.StringIO()
    rows = [["an owl", "oil"], [poem(30, "owl {n}, feather"), "ink"], ["a fox", ""]]
    csv.writer(file).writerows([["prompt", "style"], *rows])
    assert list(CsvFile(io.BytesIO(file.getvalue().encode())).records()) == rows


@pytest.mark.parametrize(
    ("row", "header"),
    [
        ("{n},an owl {n},http://x/{n}", "id,prompt,url"),
        ("row-{n},an owl,{n}", "id,prompt,width"),
        ("an owl,http://x/{n},", "prompt,url,model"),
    ],
)
def test_rows_between_an_opened_and_a_closed_quotation_mark_are_rows_where_they_look_like_the_others(row, header):
    rows = [row.format(n=n) for n in range(60)]
    opened = rows[20].replace("an owl", '"an owl')
    closed = rows[50].replace("an owl 50", 'an owl"').replace("an owl,", 'an owl",')
    text = "\n".join([header, *rows[:20], opened, *rows[21:50], closed, *rows[51:]]) + "\n"
    found = [cells for cells in CsvFile(io.BytesIO(text.encode())).records() if not isinstance(cells, Broken)]
    assert [cells for cells in found if cells in list(csv.reader(rows))] == [
        *csv.reader(rows[:20] + rows[21:50] + rows[51:])
    ]


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.binary())])
def test_text_that_a_parquet_file_keeps_as_bytes_is_text(tmp_path, kind):
    path = tmp_path / "mine.parquet"
    texts = pa.array(["a löwe".encode(), b"\xffbroken", None, b"x" * 5], pa.binary())
    texts = texts.dictionary_encode() if pa.types.is_dictionary(kind) else texts.cast(kind)
    links = pa.array([b"http://x/1", None, b"", b"http://x/4"], pa.binary())
    seeds = pa.array([b"7", None, None, None], pa.binary())
    parquet.write_table(pa.table({"prompt": texts, "url": links, "seed": seeds, "thumbnail": links}), path)
    rows, pieces = rows_of(path)
    assert [(row["prompt"], row["url"], row["recipe"]) for row in rows] == [
        ("a löwe", "http://x/1", '{"seed": 7}'),
        ("\ufffdbroken", "", ""),
        ("xxxxx", "http://x/4", ""),
    ]
    assert pieces[0].bad == [(3, "its prompt is empty")]


def test_a_column_of_lists_is_no_text_and_that_is_said(tmp_path):
    path = tmp_path / "mine.parquet"
    parquet.write_table(pa.table({"prompt": [["a", "b"], ["c"]], "caption": ["d", "e"]}), path)
    with pytest.raises(BadTable, match=r"The column prompt of .* holds lists, not single values.*--map prompt=COLUMN"):
        rows_of(path)
    assert [row["prompt"] for row in rows_of(path, columns={"prompt": "caption"})[0]] == ["d", "e"]
    parquet.write_table(pa.table({"prompt": ["d"], "url": [{"a": 1}]}), path)
    with pytest.raises(BadTable, match="The column url of .* holds structs"):
        rows_of(path)


def test_a_score_that_is_not_known_is_another_thing_than_none(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("prompt,nsfw,rating\na,0,0\nb,,\nc,nan,none\nd,-1,-1\ne,0.5,3\nf,7,70\n")
    rows, _ = rows_of(path)
    assert [(row["nsfw"], row["rating"]) for row in rows] == [
        *[(ZERO, ZERO), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.5, 3.0), (1.0, 10.0)]
    ]


def test_rows_whose_score_is_not_known_are_left_out_with_the_unsafe_ones_and_counted(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("prompt,nsfw\na,0\nb,\nc,nan\nd,0.4\ne,0.6\n")
    for most, kept, left in ((0.5, ["a", "d"], 3), (0.0, ["a"], 4)):
        rows, pieces = rows_of(path, skip_nsfw=most)
        assert [row["prompt"] for row in rows] == kept
        assert (sum(piece.left_out for piece in pieces), sum(piece.unscored for piece in pieces)) == (left, 2)
    path.write_text("prompt\na\n")
    with pytest.raises(BadTable, match="has no column of nsfw scores, so --skip-nsfw would leave out every row"):
        rows_of(path, skip_nsfw=0.5)


def test_only_a_webp_that_opens_is_taken_over_as_a_thumbnail(tmp_path):
    path = tmp_path / "mine.parquet"
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "WEBP")
    whole = data.getvalue()
    told = [whole, whole[:-20], whole[:12], whole[:12] + b"\0" * 500, b"\x89PNG" + b"\0" * 40]
    parquet.write_table(pa.table({"prompt": list("abcde"), "thumbnail": pa.array(told, pa.binary())}), path)
    assert [row["thumbnail"] == whole for row in rows_of(path)[0]] == [True, False, False, False, False]
    assert [row["thumbnail"] for row in rows_of(path)[0]][1:] == [None] * 4
