"""The library outlives closing, killing and sharing, and says clearly why it cannot. What it finds: library_contract.py."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from library_contract import ENCODER, PROMPTS, open_library
from library_kit import DIMENSIONS, rows, scene
from loopback_clickhouse import PASSWORD, Server

from tools.backends.connection import parse_dsn
from tools.backends.database import other_number
from tools.backends.errors import (
    BadInput,
    BadTable,
    EncoderMismatch,
    LibraryError,
    LibraryLocked,
    LibraryUnreachable,
    NotFound,
    StorageFull,
)
from tools.backends.pictures import thumbnail


@pytest.fixture
def library(tmp_path):
    with open_library(f"chdb://{tmp_path / 'library'}") as opened:
        yield opened


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pa.table({"prompt": ["x"]}), "lack the column 'prompt_vector'"),
        (pa.table({"prompt": ["x"], "prompt_vector": [[1.0, 2.0]]}), f"Row 1 has 2 numbers .* have {DIMENSIONS}"),
        (pa.table({"prompt": ["x"], "prompt_vector": [[float("nan")] * DIMENSIONS]}), "row 1 .* no finite number"),
        (pa.table({"prompt": ["x"], "prompt_vector": [[float("inf")] * DIMENSIONS]}), "no finite number"),
        (
            pa.table({"prompt": ["x"] * 2, "prompt_vector": [[1.0] * DIMENSIONS, [0.0] * DIMENSIONS]}),
            "row 2 .* all zeros",
        ),
        (pa.table({"prompt": ["x"], "prompt_vector": pa.nulls(1, pa.list_(pa.float32()))}), "Row 1 has no vector"),
        (pa.table({"prompt": ["x"], "prompt_vector": [["1"] * DIMENSIONS]}), "finite numbers"),
        (pa.table({"prompt": ["x"], "prompt_vector": ["1, 2"]}), "finite numbers a row, not string"),
        (pa.table({"prompt": pa.nulls(1, pa.string()), "prompt_vector": [[1.0] * DIMENSIONS]}), "Row 1 has no prompt"),
    ],
)
def test_rows_that_cannot_be_kept_are_refused_whole(library, table, says):
    with pytest.raises(BadTable, match=says):
        library.add(table)
    assert library.count() == 0


@pytest.mark.parametrize(
    ("word", "other"), [("cats", "cat"), ("cat", "cats"), ("city", "cities"), ("cities", "city"), ("glass", "glasss")]
)
def test_words_are_found_in_the_other_number(word, other):
    assert other_number(word) == other


def test_a_library_opens_again_as_it_was(tmp_path):
    dsn = f"chdb://{tmp_path / 'library'}"
    with open_library(dsn) as library:
        library.add(rows(PROMPTS, ENCODER))
    with open_library(dsn) as library:
        assert library.count() == 3
        library.close()
        library.close()
        with pytest.raises(LibraryError, match="is closed"):
            library.count()


def test_two_libraries_of_one_process_share_a_folder_but_not_two_folders(tmp_path):
    dsn = f"chdb://{tmp_path / 'library'}"
    with open_library(dsn) as one, open_library(dsn) as two:
        one.add(rows(PROMPTS, ENCODER))
        assert two.count() == 3
        with pytest.raises(LibraryError, match="only one folder at a time"):
            open_library(f"chdb://{tmp_path / 'other'}")
    with open_library(f"chdb://{tmp_path / 'other'}") as other:
        assert other.count() == 0


def test_threads_may_share_a_library(library):
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for n in range(5):
                library.add(rows([f"thread {number} prompt {n % 3}", "everybody's prompt"], ENCODER))
                assert library.lexical("prompt", 3)
        except BaseException as error:  # noqa: BLE001 (the test looks at it)
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert library.count() == 4 * 3 + 1


def test_another_encoder_is_refused_by_name_unless_nothing_would_be_lost(tmp_path):
    dsn = f"chdb://{tmp_path / 'library'}"
    other = {"encoder_name": "openai/clip", "encoder_fingerprint": "abc", "dimensions": 8}
    open_library(dsn).close()
    with open_library(dsn, **other) as library:  # empty: it becomes the other's
        library.add(pa.table({"prompt": ["x"], "prompt_vector": [[1.0] * 8], "url": ["starter://x.webp"]}))
    with open_library(dsn) as library:  # only the built-in collection, which comes with its own encoder
        assert library.count() == 0
        library.add(rows(PROMPTS, ENCODER))
    with pytest.raises(EncoderMismatch, match=r"plain \(plain-1\), but openai/clip \(abc\).*ATELIER_ENCODER"):
        open_library(dsn, **other)
    with open_library(dsn) as library:
        assert library.count() == 3


def test_a_foreign_table_is_left_alone(tmp_path):
    import clickhouse_connect

    folder = tmp_path / "library"
    client = clickhouse_connect.get_client(interface="chdb", path=str(folder))
    client.command("CREATE TABLE examples (id UInt64, note String) ENGINE = MergeTree ORDER BY id")
    client.close()
    with pytest.raises(LibraryError, match=r"'examples' that is not Atelier's \(columns: id, note\)"):
        open_library(f"chdb://{folder}")


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("phrase_counts (phrase String, count Int64) ENGINE = SummingMergeTree ORDER BY phrase", "('mine', 5), ('', 7)", "with rows"),
        ("token_counts (token String, count Int64) ENGINE = SummingMergeTree ORDER BY token", "('mine', 5)", "with rows"),
        ("phrase_counts (phrase String, count Int64) ENGINE = MergeTree ORDER BY phrase", "('mine', 5)", "engine: MergeTree"),
        ("about (key String, value String) ENGINE = MergeTree ORDER BY key", "('title', 'my own')", "'about' with rows"),
        (
            "pictures (id String, picture_vector Array(Float32), thumbnail String, source String, favourite Bool)"
            " ENGINE = MergeTree ORDER BY id",
            "('a', [1.0], '', '', false)",
            "'pictures' that is not Atelier's",
        ),
    ],
)  # fmt: skip
def test_a_table_that_only_looks_like_ours_keeps_its_rows(tmp_path, table, rows, said):
    import clickhouse_connect

    place, name = str(tmp_path / "library"), table.partition(" ")[0]
    client = clickhouse_connect.get_client(interface="chdb", path=place)
    client.command(f"CREATE TABLE {table}")
    client.command(f"INSERT INTO {name} VALUES {rows}")
    before = client.query(f"SELECT * FROM {name} ORDER BY 1").result_rows
    client.close()
    with pytest.raises(LibraryError, match=f"{said}.*Set ATELIER_DATABASE to another database"):
        open_library(f"chdb://{place}")
    client = clickhouse_connect.get_client(interface="chdb", path=place)
    assert client.query(f"SELECT * FROM {name} ORDER BY 1").result_rows == before
    client.close()


def test_a_folder_that_another_process_has_open_is_named(tmp_path):
    folder = tmp_path / "library"
    script = "import clickhouse_connect as c, sys; kept = c.get_client(interface='chdb', path=sys.argv[1]); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script, folder], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(LibraryLocked, match=f"Another Atelier has the library in {folder} open.*ATELIER_HOME"):
            open_library(f"chdb://{folder}")
        other.communicate("\n")
    open_library(f"chdb://{folder}").close()


RACED = """
import sys; sys.path[:0] = sys.argv[2:]
from library_contract import open_library
from tools.backends import connection
from tools.backends.errors import LibraryLocked
look, looks = connection._is_locked, []
connection._is_locked = lambda status: (looks.append(status), len(looks) > 1 and look(status))[1]  # it was free a moment ago
try:
    open_library(sys.argv[1])
except LibraryLocked as error:
    print(error)
"""


def test_where_two_open_a_folder_at_the_same_moment_only_our_own_words_are_read(library):
    here = Path(__file__).parent
    command = [sys.executable, "-c", RACED, f"chdb://{library.place}", str(here), str(here.parent)]
    late = subprocess.run(command, capture_output=True, text=True, check=True)
    assert late.stdout.startswith(f"Another Atelier has the library in {library.place} open") and late.stderr == ""


KILLED = """
import sys; sys.path[:0] = sys.argv[2:]
from library_kit import *
from tools.backends.database import Library
e = PlainEncoder()
with Library(sys.argv[1], encoder_name="plain", encoder_fingerprint="plain-1", dimensions=64) as library:
    for batch in range(1000):
        library.add(rows([f"prompt {batch} {n}, phrase {n}" for n in range(20)], e))
        print(batch, flush=True)
"""


def test_a_kill_in_the_middle_loses_no_acknowledged_row(tmp_path):
    dsn = f"chdb://{tmp_path / 'library'}"
    here = Path(__file__).parent
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, dsn, str(here), str(here.parent)], stdout=-1, text=True
    ) as run:
        done = 0
        while done < 4:
            done = int(run.stdout.readline())
        time.sleep(0.02)
        os.kill(run.pid, signal.SIGKILL)
        done = max([done, *map(int, run.stdout.read().split())])
    with open_library(dsn) as library:
        assert library.count() >= (done + 1) * 20
        assert library.phrase_counts(["phrase 3"]) == {"phrase 3": library.count() // 20}
        library.add(rows([f"prompt {b} {n}, phrase {n}" for b in range(done + 3) for n in range(20)], ENCODER))
        assert library.count() == (done + 3) * 20


def test_counts_that_fell_behind_are_made_anew(tmp_path):
    dsn = f"chdb://{tmp_path / 'library'}"
    with open_library(dsn) as library:
        library.add(rows(PROMPTS, ENCODER))
        library._insert("phrase_counts", pa.table({"phrase": ["watercolor", ""], "count": [50, 50]}))
    with open_library(dsn) as library:
        assert library.phrase_counts(["watercolor"]) == {"watercolor": 2}


def test_the_collection_is_loaded_once_and_goes_on_after_an_interruption(tmp_path):
    prompts = [f"a {kind} in the {place}" for kind in ("cat", "dog") for place in ("city", "snow", "sea")]
    vectors = pa.array(list(ENCODER.texts(prompts).astype(np.float16)), pa.list_(pa.float16()))
    pictures = [scene(n) for n in range(6)]
    seen = pa.array(list(ENCODER.pictures(pictures).astype(np.float16)), pa.list_(pa.float16()))
    table = pa.table(
        {"id": [f"starter-{n}" for n in range(6)], "prompt": prompts, "url": [""] * 6, "width": [64] * 6, "height": [64] * 6,
         "source_site": ["starter"] * 6, "picture": [thumbnail(p) for p in pictures], "prompt_vector": vectors,
         "picture_vector": seen, "seed": list(range(6)), "sampler": pa.nulls(6, pa.string())}
    )  # fmt: skip
    parquet.write_table(table, tmp_path / "collection.parquet")
    with open_library(f"chdb://{tmp_path / 'library'}") as library:

        def stop(done: int, total: int) -> None:
            assert (done, total) == (6, 6)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            library.load_collection(tmp_path / "collection.parquet", stop)
        assert library.load_collection(tmp_path / "collection.parquet") == 0
        assert library.count() == library.picture_count() == 6
        assert library.get(["starter-4"])[0].recipe == '{"seed": 4}'
        assert library._rows("SELECT DISTINCT toString(added_at) FROM examples") == [("2022-08-22 00:00:00.000",)]
        assert library.nearest_pictures(ENCODER.pictures([scene(4)])[0], 1)[0][0].id == "starter-4"
        with pytest.raises(NotFound):
            library.remove("starter-4")
        assert library.load_collection(tmp_path / "is not read again") == 0


def test_a_broken_collection_is_named(library, tmp_path):
    (tmp_path / "collection.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(BadTable, match=r"collection\.parquet cannot be read"):
        library.load_collection(tmp_path / "collection.parquet")


@pytest.mark.parametrize(
    "dsn", ["", "chdb://", "clickhouse://", "mysql://u:geheim@h/d", "clickhouse://u:geheim@h:port/d", "library"]
)
def test_an_address_that_is_none_is_refused_without_repeating_it(dsn):
    with pytest.raises(BadInput, match="ATELIER_DATABASE is no address") as caught:
        parse_dsn(dsn)
    assert "geheim" not in str(caught.value)


def test_an_address_is_read_in_all_its_parts():
    address = parse_dsn("myscale://user:p%40ss%2F@host.example/art?secure=1")
    assert (address.kind, address.host, address.port, address.secure) == ("myscale", "host.example", 8443, True)
    assert (address.user, address.password, address.database) == ("user", "p@ss/", "art")
    assert address.place == "host.example:8443/art"
    assert "p@ss" not in address.place


def test_a_server_that_does_not_answer_is_named_with_the_seconds():
    with pytest.raises(LibraryUnreachable, match=r"No answer from 127\.0\.0\.1:9 within 2 s") as caught:
        open_library("clickhouse://u:geheim@127.0.0.1:9", timeout=2.0)
    assert "geheim" not in str(caught.value)


def test_a_server_that_keeps_silent_is_given_up(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        start = time.monotonic()
        with pytest.raises(LibraryUnreachable, match=f"127.0.0.1:{port} within 1 s"):
            open_library(f"clickhouse://127.0.0.1:{port}", timeout=1.0)
        assert time.monotonic() - start < 10


def test_a_refused_login_names_the_user_and_not_the_password(tmp_path):
    with (
        Server(tmp_path / "server") as server,
        pytest.raises(LibraryUnreachable, match="refuses the login of 'painter'") as caught,
    ):
        open_library(server.dsn(password="wrong-geheim"))
    assert "wrong-geheim" not in str(caught.value)


def test_a_full_disk_and_other_refusals_of_a_server_are_told_apart(tmp_path):
    with Server(tmp_path / "server") as server, open_library(server.dsn()) as library:
        server.fail_inserts_with = (
            "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)"
        )
        with pytest.raises(StorageFull, match="is full"):
            library.add(rows(PROMPTS, ENCODER))
        server.fail_inserts_with = f"Code: 999. DB::Exception: something about {PASSWORD} (STRANGE)"
        with pytest.raises(LibraryError, match="something about") as caught:
            library.add(rows(PROMPTS, ENCODER))
        assert PASSWORD not in str(caught.value)
        server.fail_inserts_with = None
        assert library.add(rows(PROMPTS, ENCODER)) == 3


def test_a_folder_that_cannot_be_one_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="cannot be used"):
        open_library(f"chdb://{tmp_path / 'file'}")
