"""The library keeps what it is given, finds it at once, and says clearly why it cannot."""

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
from library_kit import DIMENSIONS, PlainEncoder, rows, scene
from loopback_clickhouse import PASSWORD, Server

from tools.backends.connection import parse_dsn
from tools.backends.database import Library, content_key, other_number
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
from tools.backends.filters import parse_filter
from tools.backends.pictures import thumbnail
from tools.backends.records import Example

PROMPTS = ["a cat on a sofa, watercolor", "a castle in the clouds, studio ghibli", "neon street in rain, watercolor"]
ENCODER = PlainEncoder()


def open_library(dsn: str, **changes) -> Library:
    facts = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": DIMENSIONS, "timeout": 5.0}
    return Library(dsn, **{**facts, **changes})


@pytest.fixture
def library(tmp_path):
    with open_library(f"chdb://{tmp_path / 'library'}") as opened:
        yield opened


@pytest.fixture(params=["chdb", "clickhouse", "myscale"])
def any_library(request, tmp_path):
    """The same claims hold embedded and over a socket."""
    if request.param == "chdb":
        with open_library(f"chdb://{tmp_path / 'library'}") as opened:
            yield opened
    else:
        with Server(tmp_path / "server") as server, open_library(server.dsn(request.param)) as opened:
            yield opened


def test_rows_come_back_whole_and_are_found_at_once(any_library):
    library = any_library
    table = rows(
        PROMPTS, ENCODER, {1: scene(1)}, id=["one", "two", "three"], url=["http://x/1", None, ""], width=[512, None, 0],
        source_site=["x.org", None, ""], favourite=[False, True, None], recipe=["", '{"seed": 1}', None],
    )  # fmt: skip
    assert library.add(table) == 3 == library.count()
    assert library.get(["two", "nobody", "one"]) == [
        Example(id="two", prompt=PROMPTS[1], favourite=True, recipe='{"seed": 1}'),
        Example(id="one", prompt=PROMPTS[0], url="http://x/1", width=512, source_site="x.org"),
    ]
    near = library.nearest_prompts(ENCODER.texts([PROMPTS[2]])[0], 2)
    assert [example.id for example, _ in near][0] == "three"
    assert near[0][1] == pytest.approx(0, abs=1e-5)
    assert near[1][1] > 0.1
    seen = library.nearest_pictures(ENCODER.pictures([scene(1)])[0], 5)
    assert [(example.id, round(distance, 4)) for example, distance in seen] == [("two", 0)]
    assert library.thumbnail("two") == thumbnail(scene(1))
    assert library.thumbnail("one") is None
    assert [example.id for example, _ in library.lexical("studio ghibli castles", 5)] == ["two"]
    assert [example.id for example in library.favourites()] == ["two"]
    assert library.phrase_counts(["watercolor", "studio ghibli", "nothing"]) == {
        "watercolor": 2, "studio ghibli": 1, "nothing": 0
    }  # fmt: skip
    assert library.remove("two").prompt == PROMPTS[1]
    assert (library.count(), library.favourites(), library.thumbnail("two")) == (2, [], None)
    assert library.phrase_counts(["studio ghibli"]) == {"studio ghibli": 0}


def test_only_favourites_can_be_removed(library):
    library.add(rows(PROMPTS[:1], ENCODER, id=["one"]))
    for id in ("one", "nobody", "' OR 1=1"):
        with pytest.raises(NotFound, match="is no favourite"):
            library.remove(id)
    assert library.count() == 1


def test_the_same_content_is_kept_once(library):
    twice = rows([PROMPTS[0], PROMPTS[0], f"  {PROMPTS[0]} ".replace(" on ", "  on ")], ENCODER, id=["a", "b", "c"])
    assert library.add(twice) == 1
    assert library.add(twice) == 0
    assert library.add(rows([PROMPTS[0]], ENCODER, id=["a"], url=["http://other"])) == 1
    assert library.count() == 2
    assert library.is_known([content_key(PROMPTS[0]), content_key("new")]) == {content_key(PROMPTS[0])}


def test_another_content_with_a_known_id_is_kept_under_an_id_of_its_own(library):
    library.add(rows(PROMPTS[:1], ENCODER, id=["same"]))
    table = rows(PROMPTS[1:], ENCODER, id=["same", "same"])
    assert library.add(table) == 2
    assert library.add(table) == 0
    ids = [library.lexical(prompt, 1)[0][0].id for prompt in PROMPTS]
    assert ids == ["same", *(f"same-{content_key(prompt)[:8]}" for prompt in PROMPTS[1:])]


def test_a_row_without_an_id_is_named_by_its_content(library):
    library.add(rows(PROMPTS[:1], ENCODER))
    assert library.get([content_key(PROMPTS[0])])[0].prompt == PROMPTS[0]


def test_a_known_row_gets_its_picture_later(library):
    library.add(rows(PROMPTS, ENCODER))
    key = content_key(PROMPTS[1])
    assert library.without_picture([key, "new"]) == {key}
    plain = rows(PROMPTS, ENCODER, {1: scene(1)}).drop_columns(["thumbnail"])
    assert library.add(plain) == 0
    assert library.without_picture([key]) == set()
    assert library.nearest_pictures(ENCODER.pictures([scene(1)])[0], 1)[0][0].id == key


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
        (pa.table({"prompt": ["x"], "prompt_vector": ["1, 2"]}), "must hold a vector"),
        (pa.table({"prompt": pa.nulls(1, pa.string()), "prompt_vector": [[1.0] * DIMENSIONS]}), "Row 1 has no prompt"),
    ],
)
def test_rows_that_cannot_be_kept_are_refused_whole(library, table, says):
    with pytest.raises(BadTable, match=says):
        library.add(table)
    assert library.count() == 0


def test_the_tables_themselves_refuse_vectors_of_another_length(library):
    with pytest.raises(LibraryError, match="prompt_vector_length"):
        library._insert("examples", pa.table({"id": ["x"], "prompt_vector": pa.array([[1.0]], pa.list_(pa.float32()))}))


@pytest.mark.parametrize(
    "words", ["", "   ", "!!! ???", "' OR 1=1 --", "{t0:String}", "日本 🐈", "\ud800", "x" * 5_000, "a " * 5_000]
)
def test_any_words_may_be_looked_for(library, words):
    library.add(rows(PROMPTS, ENCODER))
    assert isinstance(library.lexical(words, 5), list)
    assert library.get([words]) == []
    assert library.phrase_counts([words])[words] == 0


def test_rare_words_count_more_than_common_ones(library):
    library.add(rows([*(f"the castle of number {n}" for n in range(20)), "the ghibli house", "the house"], ENCODER))
    best = [example.prompt for example, _ in library.lexical("the castle by ghibli", 5)]
    assert best[0] == "the ghibli house"


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


def test_a_folder_that_another_process_has_open_is_named(tmp_path):
    folder = tmp_path / "library"
    script = "import clickhouse_connect as c, sys; kept = c.get_client(interface='chdb', path=sys.argv[1]); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script, folder], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(LibraryLocked, match=f"Another Atelier has the library in {folder} open.*ATELIER_HOME"):
            open_library(f"chdb://{folder}")
        other.communicate("\n")
    open_library(f"chdb://{folder}").close()


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


def test_conditions_hold_in_every_search(any_library):
    library = any_library
    library.add(
        rows(
            PROMPTS, ENCODER, {n: scene(n) for n in range(3)}, id=["one", "two", "three"], width=[512, 1024, 2048],
            source_site=["Lexica.art", "x.org", None], favourite=[False, True, False],
        )
    )  # fmt: skip
    words, look = ENCODER.texts(["watercolor"])[0], ENCODER.pictures([scene(0)])[0]
    for said, ids in {
        "width>=1024": {"two", "three"},
        "width<1024": {"one"},
        "width=1024": {"two"},
        "height!=0": set(),
        "source_site=lexica.art": {"one"},
        "source_site!=": {"one", "two"},
        "source_site~.ORG": {"two"},
        "favourite=yes": {"two"},
        "favourite!=yes": {"one", "three"},
        "prompt~Studio Ghibli": {"two"},
        "prompt~' OR 1=1 --": set(),
        "prompt~100%": set(),
        "url={where0:String}": set(),
    }.items():
        where = [parse_filter(said)]
        assert {example.id for example, _ in library.nearest_prompts(words, 9, where)} == ids, said
        assert {example.id for example, _ in library.nearest_pictures(look, 9, where)} == ids, said
        assert {example.id for example, _ in library.lexical("a in neon watercolor", 9, where)} == ids, said
    both = [parse_filter("width>=1024"), parse_filter("prompt~watercolor")]
    assert [example.id for example, _ in library.nearest_prompts(words, 9, both)] == ["three"]
