"""The commands that fill and empty the library say what they did, stop when asked, and go on."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from rooms import plain_studio

from agent import build as wiring
from agent import cli, filling


@pytest.fixture
def atelier(tmp_path, monkeypatch, capsys):
    """The command on plain parts, each call with a studio of its own as in a process of its own."""
    monkeypatch.setattr(wiring, "COLLECTION", Path("/nowhere"))
    monkeypatch.setattr(filling, "build", lambda settings: plain_studio(settings.home))
    monkeypatch.setenv("ATELIER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*argv: str, home: str = "home") -> tuple[int, str, str]:
        monkeypatch.setenv("ATELIER_HOME", str(tmp_path / home))
        code = cli.main(argv)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def table(rows: int) -> str:
    lines = [f"row-{n},a castle number {n},{n},{n / 100}" for n in range(rows)]
    return "\n".join(["name,caption,noise,unsafe", *lines, "bad,,1,0"])


MAP = ("--map", "prompt=caption", "--map", "id=name", "--map", "seed=noise", "--map", "nsfw=unsafe")


def test_columns_of_another_name_go_in_and_what_was_done_is_said(atelier, tmp_path):
    (tmp_path / "mine.csv").write_text(table(100))
    code, out, err = atelier("ingest", "mine.csv", *MAP, "--skip-nsfw", "0.495", "--json")
    told = json.loads(out)
    assert code == 0
    assert [told[name] for name in ("read", "added", "skipped", "failed", "left_out")] == [101, 50, 0, 1, 50]
    assert "mine.csv row 101: its prompt is empty" in err
    code, out, err = atelier("ingest", "mine.csv", *MAP, "--skip-nsfw", "0.495")
    assert out.startswith("101 rows read: 0 added, 50 already there, 50 left out for their nsfw score, 1 unusable;")
    assert "1 file has not changed since every row was read; --again reads such files all the same." in err


def test_a_column_that_is_not_there_is_one_line_on_stderr_and_nothing_is_added(atelier, tmp_path):
    (tmp_path / "mine.csv").write_text(table(3))
    code, out, err = atelier("ingest", "mine.csv", "--map", "prompt=captions")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "mine.csv has no column named captions (found: name, caption, noise, unsafe). Correct --map prompt=COLUMN."
    ]


def test_ctrl_c_says_what_is_in_and_the_same_command_goes_on(atelier, tmp_path, monkeypatch):
    from rooms import PlainEncoder

    from tools.backends import preparing

    (tmp_path / "mine.csv").write_text(table(200))
    monkeypatch.setattr(preparing, "BATCH", 20)
    usual, calls = PlainEncoder.texts, []

    def interrupted(self, texts):
        calls.append(len(texts))
        if len(calls) == 4:
            raise KeyboardInterrupt
        return usual(self, texts)

    with monkeypatch.context() as patch:
        patch.setattr(PlainEncoder, "texts", interrupted)
        code, out, err = atelier("ingest", "mine.csv", *MAP)
    assert (code, out) == (130, "")
    assert "Stopped. 60 rows were added and stay in; the same command goes on from there" in err
    code, out, _ = atelier("ingest", "mine.csv", *MAP)
    assert code == 0 and out.startswith("201 rows read: 140 added, 60 already there, 1 unusable;")


def test_ctrl_c_is_answered_at_once_and_the_rows_that_are_encoded_go_in(atelier, tmp_path, monkeypatch):
    from rooms import PlainEncoder

    from tools.backends import preparing

    (tmp_path / "mine.csv").write_text(table(200))
    monkeypatch.setattr(preparing, "BATCH", 20)
    usual, calls, said = PlainEncoder.texts, [], threading.Event()

    def interrupted(self, texts):
        calls.append(len(texts))
        if len(calls) == 4:
            os.kill(os.getpid(), signal.SIGINT)
            assert said.wait(20)  # while this batch is encoded
        return usual(self, texts)

    def heard(text: str) -> None:
        sys.stderr.write(text + "\n")
        if "Stopping" in text:
            said.set()

    monkeypatch.setattr(filling, "note", heard)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with monkeypatch.context() as patch:
            patch.setattr(PlainEncoder, "texts", interrupted)
            code, out, err = atelier("ingest", "mine.csv", *MAP)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (code, out, len(calls)) == (130, "", 4)
    assert err.splitlines()[-2:] == [
        "Stopping, after the rows that are being written …",
        "Stopped. 80 rows were added and stay in; the same command goes on from there, nothing is lost or there twice.",
    ]


def test_links_that_gave_no_picture_are_told_apart(atelier, tmp_path, monkeypatch):
    from tools.backends import fetching

    usual = fetching.socket.getaddrinfo

    def resolved(host: str, *rest: object, **more: object) -> object:
        if host == "nowhere.example":
            raise fetching.socket.gaierror(-2, "Name or service not known")
        return usual(host, *rest, **more)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolved)
    monkeypatch.setattr(fetching, "TRIES", 1)
    # Nobody is asked: one address is no public one, one link is no http, and one name does not exist.
    (tmp_path / "mine.csv").write_text("prompt,url\na,http://10.0.0.1/1\nb,ftp://x.org/2\nc,http://nowhere.example/3\n")
    open_still = "1 link gave no picture this time; the same command tries again."
    _, _, err = atelier("ingest", "mine.csv", "--fetch-images")
    told = [line for line in err.splitlines() if line[0].isdigit() and " link" in line]
    assert told == [open_still, "2 links found dead, and marked: later runs leave such links alone."]
    _, _, err = atelier("ingest", "mine.csv", "--fetch-images")
    told = [line for line in err.splitlines() if line[0].isdigit() and " link" in line]
    assert told == [open_still, "2 links known to be dead; --again asks such links again."]
    told = json.loads(atelier("ingest", "mine.csv", "--fetch-images", "--again", "--json")[1])
    names = ("dead_links", "links_marked_dead", "links_known_dead")
    assert [told[name] for name in names] == [3, 2, 0]
    assert (told["index"]["kind"], told["picture_index"]["rows"]) == ("exact", 0)


def test_an_index_that_was_broken_off_is_finished_by_the_next_ingest_though_no_row_is_new(
    atelier, tmp_path, monkeypatch
):
    from tools.backends import indexing
    from tools.backends.vectorindex import VectorIndexes

    monkeypatch.setattr(indexing, "is_due", lambda rows, indexed, dimensions: indexed < rows)
    (tmp_path / "mine.csv").write_text(table(60))
    with monkeypatch.context() as patch:
        patch.setattr(VectorIndexes, "_watch", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        code, _, err = atelier("ingest", "mine.csv", *MAP)
        assert (
            code == 130
            and "The rows are all in. Without the index searches are slower; the next ingest builds it." in err
        )
    told = json.loads(atelier("ingest", "mine.csv", *MAP, "--json")[1])
    assert (told["added"], told["unchanged_files"], told["index"]["kind"], told["index"]["indexed_rows"]) == (
        0,
        1,
        "hnsw",
        60,
    )


def test_what_known_rows_got_and_what_stays_out_is_said(atelier, tmp_path):
    from rooms import plain_studio

    (tmp_path / "one.csv").write_text("id,prompt\na,a castle\nb,a boat\n")
    (tmp_path / "two.csv").write_text("id,prompt,favourite,rating\na,a castle,1,9\nb,a boat,0,\n")
    atelier("ingest", "one.csv")
    assert atelier("ingest", "two.csv")[1].startswith(
        "2 rows read: 0 added, 2 already there, 1 of them brought up to date, 0 unus"
    )
    with plain_studio(tmp_path / "home") as studio:
        studio.library.remove("a")
    _, out, err = atelier("ingest", "two.csv")
    assert out.startswith("2 rows read: 0 added, 1 already there, 1 taken out before, 0 unusable;")
    assert "1 row was taken out of this library before, and left out; --again brings back what was taken out." in err
    told = json.loads(atelier("ingest", "two.csv", "--again", "--json")[1])
    assert [told[name] for name in ("added", "skipped", "updated", "taken_out")] == [1, 1, 0, 0]


def test_an_export_into_no_folder_is_refused_before_the_library_is_opened(atelier, tmp_path, monkeypatch):
    monkeypatch.setattr(filling, "build", lambda settings: pytest.fail("opened"))
    code, out, err = atelier("export", "nowhere/all.csv")
    assert (code, out) == (1, "")
    assert err == f"There is no folder {tmp_path}/nowhere to write all.csv in. Make it, or name another one.\n"


def test_a_library_moves_to_another_home_with_its_vectors(atelier, tmp_path):
    (tmp_path / "mine.csv").write_text(table(30))
    atelier("ingest", "mine.csv", *MAP)
    code, out, _ = atelier("export", "all.parquet", "--vectors")
    assert (code, out) == (
        0,
        "30 examples in all.parquet. `atelier ingest all.parquet` reads it back, here or elsewhere.\n",
    )
    code, out, err = atelier("export", "all.parquet")
    assert (code, out, len(err.splitlines())) == (1, "", 1) and "--force" in err
    assert "prompt_vector" in parquet.read_schema("all.parquet").names  # it was left alone
    code, out, _ = atelier("ingest", "all.parquet", home="elsewhere")
    assert code == 0 and out.startswith(
        "30 rows read: 30 added, 0 already there, 0 unusable; 30 rows came with vectors;"
    )
    assert atelier("export", "all.parquet", "--force", home="elsewhere")[0] == 0


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (89, "89 s"), (720, "12 min"), (5_340, "89 min"), (12_000, "3 h 20 min")]
)
def test_times_are_said_as_people_say_them(seconds, said):
    assert filling.span(seconds) == said


def test_bad_rows_beyond_the_first_five_are_counted_and_rows_without_a_score_are_told(atelier, tmp_path):
    lines = [f"p{n},0.{n % 10},{'wide' if n < 12 else 512}" for n in range(20)]
    (tmp_path / "mine.csv").write_text("\n".join(["prompt,nsfw,width", *lines, "none,,512", "nan,nan,512"]))
    code, out, err = atelier("ingest", "mine.csv", "--skip-nsfw", "0.5")
    assert code == 0
    assert "… and 7 more like these." in err.splitlines()
    assert " left out for their nsfw score (2 of them have none), 12 unusable;" in out
    assert json.loads(atelier("ingest", "mine.csv", "--skip-nsfw", "0.5", "--json")[1])["without_score"] == 2


def test_a_file_without_scores_is_not_let_in_where_unsafe_rows_are_to_be_left_out(atelier, tmp_path):
    (tmp_path / "mine.csv").write_text("prompt\na castle\n")
    code, out, err = atelier("ingest", "mine.csv", "--skip-nsfw", "0.5")
    assert (code, out) == (1, "")
    assert err.startswith("mine.csv has no column of nsfw scores, so --skip-nsfw would leave out every row.")
