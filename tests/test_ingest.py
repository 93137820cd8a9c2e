"""Tables of prompts go in whole, whatever they look like; what is bad in them is counted and named."""

import re
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from ingest_kit import FACTS, contents, kill_often
from library_kit import DIMENSIONS, STARTER_CLIP, PlainEncoder, scene, toy_clip
from loopback_clickhouse import Server
from PIL import Image

from tools.backends import ingest as module
from tools.backends import preparing
from tools.backends.database import Library
from tools.backends.embedding import Encoder
from tools.backends.errors import BadTable, LibraryUnreachable, StorageFull
from tools.backends.filters import parse_filter
from tools.backends.ingest import IngestStopped, ingest
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


class Counting(PlainEncoder):
    """Keeps how many texts it was asked for at a time."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def texts(self, texts):
        self.asked.append(len(texts))
        return super().texts(texts)


def test_what_is_encoded_at_a_time_grows_step_by_step_however_fast_the_first_was(library, tmp_path):
    encoder = Counting()
    file = write(tmp_path / "p.csv", "prompt\n" + "".join(f"p{n}\n" for n in range(4_000)))
    assert ingest([file], library, encoder).added == 4_000
    assert encoder.asked == [200, 400, 800, 1_600, 1_000]


def test_of_pictures_of_the_same_name_the_first_is_taken_and_other_files_are_none(tmp_path):
    for name in ("b/1.png", "a/1.png", "a-b/1.png", "1.png.webp", "2.txt", ".png", "deep/er/3.JPG", "ü.jpeg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "c.png").mkdir()
    (tmp_path / "away").symlink_to(tmp_path / "a", target_is_directory=True)
    folder = preparing.PictureFolder(tmp_path)
    named = {
        "1": "a/1.png", "1.png": "1.png.webp", "1.png.webp": "1.png.webp", "3": "deep/er/3.JPG", "3.JPG": "deep/er/3.JPG",
        "ü": "ü.jpeg", "2": None, "3.jpg": None, "c": None, "png": None, "": None, "\ud800": None,
    }  # fmt: skip
    assert {name: folder.get(name) for name in named} == {
        name: file and tmp_path / file for name, file in named.items()
    }
    assert len(folder) == 6


def test_a_folder_of_many_pictures_costs_little(tmp_path):
    for n in range(3_000):
        (tmp_path / f"{n:036}.png").touch()
    tracemalloc.start()
    folder = preparing.PictureFolder(tmp_path)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(folder) == 3_000 and held / 3_000 < 160


def test_memory_does_not_grow_with_the_file(library, tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "BATCH", 50)
    sizes: list[int] = []
    take = library.take
    monkeypatch.setattr(library, "take", lambda rows: sizes.append(rows.num_rows) or take(rows))
    file = write(tmp_path / "p.csv", "prompt\n" + "".join(f"prompt {n}\n" for n in range(175)))
    assert ingest([file], library, ENCODER).added == 175
    assert sizes == [50, 50, 50, 25]


@pytest.mark.parametrize("pictures", [False, True])
def test_the_share_that_is_told_grows_with_the_rows_also_in_a_small_file(library, tmp_path, monkeypatch, pictures):
    monkeypatch.setattr(preparing, "LEAST", 20)
    monkeypatch.setattr(preparing, "PICTURED", 20)
    (tmp_path / "images").mkdir()
    scene(1).save(tmp_path / "images" / "1.png")
    monkeypatch.setattr(preparing, "SECONDS", 0.0)  # as if the encoder were slow
    text = "id,prompt\n" + "".join(f"{n},prompt number {n:03}\n" for n in range(100))
    told: list[tuple[int, int]] = []
    ingest(
        [write(tmp_path / "p.csv", text)],
        library,
        ENCODER,
        images=tmp_path / "images" if pictures else None,
        progress=lambda rows, done, total: told.append((rows, 100 * done // total)),
    )
    assert [rows for rows, _ in told] == [20, 40, 60, 80, 100, 100]
    assert told == sorted(told) and told[0][1] <= 25 and told[1][1] <= 50 and told[-1] == (100, 100)


def many(tmp_path: Path, rows: int) -> Path:
    lines = [f'row {n},"prompt {n}, of {n % 7}",http://x/{n},{n % 900},512,x' for n in range(rows)]
    return write(tmp_path / "many.csv", HEADER + "\n".join(lines))


def whole(tmp_path: Path, file: Path) -> list[dict]:
    """What an unbroken run makes of a file."""
    with Library(f"chdb://{tmp_path / 'unbroken'}", **FACTS) as library:
        ingest([file], library, ENCODER)
        return contents(library)


def test_killed_at_random_moments_it_goes_on_and_the_table_is_that_of_an_unbroken_run(tmp_path):
    file, dsn = many(tmp_path, 1_500), f"chdb://{tmp_path / 'library'}"
    assert kill_often(dsn, file, rows=1_500, kills=3) >= 2
    with Library(dsn, **FACTS) as library:
        before = library.count()
        assert 0 < before < 1_500
        summary = ingest([file], library, ENCODER)
        assert (summary.unchanged, summary.added, summary.skipped) == (0, 1_500 - before, before)
        found = contents(library)
        assert library.phrase_counts(["of 3"]) == {"of 3": len(range(3, 1_500, 7))}
    assert found == whole(tmp_path, file)


def test_ctrl_c_keeps_what_is_in_and_the_next_run_adds_the_rest(library, tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "BATCH", 50)

    def stop(read: int, *_: int) -> None:
        if read >= 200:
            raise KeyboardInterrupt

    file = many(tmp_path, 1_000)
    with pytest.raises(IngestStopped) as stopped:
        ingest([file], library, ENCODER, progress=stop)
    added = stopped.value.summary.added
    assert 200 <= added <= 200 + 50 * 5 and library.count() == added
    rest = ingest([file], library, ENCODER)
    assert (rest.added, rest.skipped) == (1_000 - added, added)
    assert contents(library) == sorted(contents(library), key=lambda row: row["id"])


class Sleeper(PlainEncoder):
    """Must not be asked."""

    def texts(self, texts):
        raise AssertionError("nothing here is new")


def test_a_file_that_was_read_to_its_end_is_not_read_again_until_it_changes(library, tmp_path):
    file = write(tmp_path / "p.csv", "id,prompt,nsfw\n1,one,0.1\n2,,0.2\n3,three,0.3\n")
    assert figures(ingest([file], library, ENCODER)) == (3, 2, 0, 1)
    again = ingest([file], library, Sleeper())
    assert (figures(again), again.unchanged, again.problems, again.stages["encode"] < 1) == ((3, 0, 2, 1), 1, (), True)
    assert ingest([file], library, ENCODER, again=True).unchanged == 0
    assert ingest([file], library, ENCODER, skip_nsfw=0.5).unchanged == 0  # read in another way, it is another file
    assert ingest([file], library, ENCODER, images=tmp_path).unchanged == 0  # there may be new pictures
    with file.open("a") as more:
        more.write("4,four,0.4\n")
    longer = ingest([file], library, ENCODER)
    assert (figures(longer), longer.unchanged) == ((4, 1, 2, 1), 0)
    moved = file.rename(tmp_path / "q.csv")
    assert (ingest([moved], library, ENCODER).added, ingest([moved], library, ENCODER).unchanged) == (0, 1)


def test_a_file_that_broke_off_or_was_stopped_is_read_again(library, tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "BATCH", 10)
    file = many(tmp_path, 100)
    failing = PlainEncoder()
    monkeypatch.setattr(
        failing, "texts", lambda texts: PlainEncoder.texts(failing, texts) if len(prompts_in(library)) < 40 else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        ingest([file], library, failing)
    assert 40 <= library.count() < 100
    assert ingest([file], library, ENCODER).unchanged == 0
    assert library.count() == 100


def test_twenty_thousand_identical_rows_are_one_example(library, tmp_path):
    file = write(tmp_path / "p.csv", "prompt,url\n" + "the same,http://x/1\n" * 20_000)
    assert figures(ingest([file], library, ENCODER)) == (20_000, 1, 19_999, 0)


def test_settings_and_safety_arrive_with_the_rows(library, tmp_path):
    text = "caption,noise,cfg,unsafe,stars\na cat,7,7.5,0.2,9\na dog,,,0.7,\na bad one,1,,0.95,\n"
    names = {"prompt": "caption", "seed": "noise", "guidance": "cfg", "nsfw": "unsafe", "rating": "stars"}
    summary = ingest([write(tmp_path / "p.csv", text)], library, ENCODER, columns=names, skip_nsfw=0.9)
    assert (figures(summary), summary.left_out) == ((3, 2, 0, 0), 1)
    rows = {row["prompt"]: row for row in contents(library)}
    assert rows["a cat"]["recipe"] == '{"seed": 7, "guidance": 7.5}'
    assert (rows["a cat"]["seed_known"], rows["a dog"]["seed_known"]) == (True, False)
    assert [round(rows["a cat"][name], 3) for name in ("nsfw", "rating")] == [0.2, 9.0]
    assert round(rows["a dog"]["nsfw"], 3) == 0.7


# --- a server that lets one down ---


@pytest.fixture
def served(tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "BATCH", 25)
    with Server(tmp_path / "server") as server, Library(server.dsn(), **FACTS, timeout=20) as library:
        yield server, library


def test_a_server_that_hangs_up_in_the_middle_of_inserts_gets_every_row_once(served, tmp_path):
    server, library = served
    file = many(tmp_path, 200)

    def hang_up(read: int, *_: int) -> None:
        if read in (50, 125):
            server.hang_up_on = "before" if read == 50 else "after"

    assert ingest([file], library, ENCODER, progress=hang_up).added == 200
    found = contents(library)
    assert len(found) == 200 and {row["id"] for row in found} == {f"row {n}" for n in range(200)}


def test_a_server_that_stays_away_ends_the_run_with_clear_words_and_the_next_one_goes_on(served, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RETRIES", (0.01, 0.01))
    server, library = served
    file = many(tmp_path, 200)

    def stop(read: int, *_: int) -> None:
        if read == 75:
            server.stop()

    with pytest.raises(LibraryUnreachable, match=r"\d+ rows are in and stay in; the same command goes on from there"):
        ingest([file], library, ENCODER, progress=stop)
    server.start()
    before = library.count()
    assert 75 <= before < 200
    summary = ingest([file], library, ENCODER)
    assert (summary.added, summary.skipped, summary.unchanged) == (200 - before, before, 0)
    assert len(contents(library)) == 200


def test_a_full_disk_in_the_middle_keeps_what_is_in_and_is_no_finished_file(served, tmp_path):
    server, library = served
    file = many(tmp_path, 200)

    def fill(read: int, *_: int) -> None:
        if read == 75:
            server.fail_inserts_with = (
                "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)"
            )

    with pytest.raises(StorageFull, match=r"is full.*At least \d+ rows are in and stay in") as full:
        ingest([file], library, ENCODER, progress=fill)
    server.fail_inserts_with = None
    before = library.count()
    assert 75 <= before < 200
    assert int(re.search(r"At least (\d+) rows", str(full.value))[1]) <= before
    assert ingest([file], library, ENCODER).added == 200 - before
    assert ingest([file], library, ENCODER).unchanged == 1


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


# --- what a second look found ---


def test_a_header_that_cannot_be_used_is_told_before_a_row_of_any_file_goes_in(library, tmp_path):
    good = write(tmp_path / "good.csv", "prompt\none\ntwo\n")
    bad = write(tmp_path / "bad.csv", "words\nthree\n")
    with pytest.raises(BadTable, match="no column named prompt"):
        ingest([good, bad], library, ENCODER)
    assert library.count() == 0
    assert ingest([good], library, ENCODER).unchanged == 0


def test_bad_rows_beyond_the_first_are_counted_as_untold(library, tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "BATCH", 4)
    file = write(tmp_path / "p.csv", "prompt,width\n" + "".join(f"p{n},{'x' if n % 2 else n}\n" for n in range(24)))
    summary = ingest([file], library, ENCODER)
    assert (summary.failed, len(summary.problems), summary.untold) == (12, 5, 7)


def test_a_search_for_safe_ones_finds_only_those_whose_score_is_known(library, tmp_path):
    file = write(
        tmp_path / "p.csv",
        "id,prompt,nsfw,rating\na,walrus one,0,0\nb,walrus two,0.99,9\nc,walrus three,,\nd,walrus,nan,\n",
    )
    plain = write(tmp_path / "q.csv", "id,prompt\ne,a walrus\n")
    ingest([file, plain], library, ENCODER)
    vector = ENCODER.texts(["walrus"])[0]
    for said, wanted in {
        "nsfw<0.1": "a",
        "nsfw<=0": "a",
        "nsfw<0": "",
        "nsfw>=0": "ab",
        "nsfw>0": "b",
        "rating<5": "a",
        "rating>=0": "ab",
    }.items():
        where = [parse_filter(said)]
        assert {example.id for example, _ in library.nearest_prompts(vector, 9, where)} == {*wanted}, said
        assert {example.id for example, _ in library.lexical("walrus", 9, where)} == {*wanted}, said
        assert library.count(where) == len(wanted)
    # The same file says it again, and what another file says more is taken over: the unknown are filled in, 0 is not.
    later = write(tmp_path / "r.csv", "id,prompt,nsfw\na,walrus one,0.5\nc,walrus three,0\n")
    assert ingest([later], library, ENCODER).updated == 1
    assert library.count([parse_filter("nsfw<0.1")]) == 2
