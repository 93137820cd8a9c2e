"""A library outlives its encoder's new versions, a kill at any moment, and two who open it at once."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from library_kit import DIMENSIONS, PlainEncoder, rows, scene
from loopback_clickhouse import Server
from loopback_myscale import MyScale

from tools.backends.connection import Connection
from tools.backends.database import Library
from tools.backends.errors import EncoderMismatch
from tools.backends.pictures import thumbnail
from tools.backends.records import Example
from tools.backends.tables import VIEWS, WORDS, Tables


class NewEncoder(PlainEncoder):
    """The same model with new weights: the same things are close, but no vector is as it was, nor as long."""

    fingerprint, dimensions = "plain-2", DIMENSIONS + 8

    def texts(self, texts):
        return np.pad(np.roll(super().texts(list(texts)), 5, axis=1), ((0, 0), (0, 8)))

    def pictures(self, pictures):
        return np.pad(np.roll(super().pictures(list(pictures)), 5, axis=1), ((0, 0), (0, 8)))


OLD, NEW = PlainEncoder(), NewEncoder()
STRIDE = 3  # of the steps of a long way, each third is one to be killed at; with 1 here, every one is
COLLECTION = ["a cat in the city, collection", "a dog in the snow, collection"]
OWN = [
    Example(
        id="kept", prompt="a castle, mine, watercolor", favourite=True, url="starter://kept.webp", recipe='{"seed": 1}'
    ),
    Example(id="later", prompt="a tower, mine, watercolor", favourite=True, width=64),
    Example(id="read", prompt="neon rain from a table", url="http://x/1", source_site="starter", width=512, height=768),
    Example(id="blind", prompt="fog from a table", source_site="x.org"),
]


def opened(dsn: str, encoder: PlainEncoder, **changes) -> Library:
    facts = {"encoder_name": encoder.name, "encoder_fingerprint": encoder.fingerprint, "dimensions": encoder.dimensions}
    return Library(dsn, **{**facts, "timeout": 5.0, **changes})


def collection(folder, encoder: PlainEncoder):
    pictures = [scene(n + 10) for n in range(2)]
    table = pa.table(
        {"id": ["s0", "s1"], "prompt": COLLECTION, "url": ["starter://s0.webp", "starter://s1.webp"], "width": [64] * 2,
         "height": [64] * 2, "source_site": ["starter"] * 2, "picture": [thumbnail(p) for p in pictures],
         "prompt_vector": pa.array(list(encoder.texts(COLLECTION).astype(np.float16)), pa.list_(pa.float16())),
         "picture_vector": pa.array(list(encoder.pictures(pictures).astype(np.float16)), pa.list_(pa.float16()))}
    )  # fmt: skip
    path = folder / f"{encoder.fingerprint}.parquet"
    parquet.write_table(table, path)
    return path


def fill(library: Library, path) -> None:
    library.load_collection(path)
    for n, example in enumerate(OWN):  # one by one: favourites are shown in the order of their saving
        columns = {name: [getattr(example, name)] for name in Example.__dataclass_fields__ if name != "prompt"}
        table = rows([example.prompt], OLD, {0: scene(n)} if n < 3 else None, **columns)
        library.add(table)
    library.add(rows([OWN[3].prompt], OLD, {0: scene(3)}).drop_columns(["thumbnail"]))


def assert_whole(library: Library) -> None:
    """Every row of a person is there as it was, and found by the new encoder's vectors."""
    assert library.get([example.id for example in OWN]) == OWN
    assert [example.id for example in library.favourites()] == ["later", "kept"]
    for n, example in enumerate(OWN):
        near = library.nearest_prompts(NEW.texts([example.prompt])[0], 1)
        assert near[0][0] == example and near[0][1] == pytest.approx(0, abs=1e-5)
        if n < 3:
            assert library.nearest_pictures(NEW.pictures([scene(n)])[0], 1)[0][0] == example
            assert library.thumbnail(example.id) == thumbnail(scene(n))
    assert library.phrase_counts(["mine"]) == {"mine": 2}
    left = library._rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'atelier_')"
    )
    assert left == []


@pytest.mark.parametrize("kind", ["chdb", "clickhouse", "myscale"])
def test_a_new_version_of_the_encoder_gives_everything_new_vectors(kind, tmp_path):
    def story(dsn: str) -> None:
        with opened(dsn, OLD) as library:
            fill(library, collection(tmp_path, OLD))
        with opened(dsn, NEW, renew=NEW) as library:
            assert library.count() == len(OWN)
            assert library.load_collection(collection(tmp_path, NEW)) == 2
            assert_whole(library)
            assert library.phrase_counts(["collection"]) == {"collection": 2}
            assert library.nearest_prompts(NEW.texts(COLLECTION[1:])[0], 1)[0][0].id == "s1"
            assert library.picture_count() == 5  # the one without a thumbnail cannot be seen again …
            library.add(rows([OWN[3].prompt], NEW, {0: scene(3)}).drop_columns(["thumbnail"]))
            assert library.nearest_pictures(NEW.pictures([scene(3)])[0], 1)[0][0] == OWN[3]  # … until it is given again
        with opened(dsn, NEW, renew=NEW) as library:
            assert library.load_collection(tmp_path / "is not read again") == 0
            assert library.count() == len(OWN) + 2

    if kind == "chdb":
        story(f"chdb://{tmp_path / 'library'}")
    else:
        with (MyScale if kind == "myscale" else Server)(tmp_path / "server") as server:
            story(server.dsn(kind))


def killed_after(left: list[int]):
    """Wraps methods so that together they are called left[0] times more; then the process ends, as by a kill."""

    def counted(original):
        def call(self, *arguments, **options):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return original(self, *arguments, **options)

        return call

    return counted


@pytest.mark.timeout(400)  # some thirty kills and openings
def test_a_kill_at_any_step_of_it_loses_nothing_and_it_goes_on(tmp_path, monkeypatch):
    dsn, path = f"chdb://{tmp_path / 'library'}", collection(tmp_path, OLD)
    monkeypatch.setattr("tools.backends.tables.PAGE", 2)
    steps, left = 0, [10_000]

    counted = killed_after(left)

    with opened("chdb://" + str(tmp_path / "library"), OLD) as keeper:  # the engine stays open, which saves seconds
        fill(keeper, path)
        tables = ("examples", "pictures", "phrase_counts", "about")
        for table in tables:
            keeper._do(f"CREATE TABLE saved_{table} AS {table}")
            keeper._do(f"INSERT INTO saved_{table} SELECT * FROM {table}")
        monkeypatch.setattr(Connection, "command", counted(Connection.command))
        monkeypatch.setattr(Connection, "insert", counted(Connection.insert))
        killed = True
        while killed:
            left[0] = 10_000
            for table in tables:
                keeper._do(f"DROP TABLE {table}")
                keeper._do(f"CREATE TABLE {table} AS saved_{table}")
                keeper._do(f"INSERT INTO {table} SELECT * FROM saved_{table}")
            left[0] = steps
            try:
                opened(dsn, NEW, renew=NEW).close()
                killed = False
            except KeyboardInterrupt:
                steps += STRIDE
            left[0] = 10_000
            with opened(dsn, NEW, renew=NEW) as library:
                assert library.count() == len(OWN), steps
                assert_whole(library)
    assert steps > 15


LAYOUT_1 = {
    "examples": "id String, prompt String, url String, width UInt32, height UInt32, source_site String, prompt_vector"
    " Array(Float32), favourite Bool, recipe String, phrases Array(String), content_key String, added_at DateTime64(3),"
    f" CONSTRAINT prompt_vector_length CHECK length(prompt_vector) = {DIMENSIONS}",
    "pictures": "id String, picture_vector Array(Float32), thumbnail String, source String,"
    f" CONSTRAINT picture_vector_length CHECK length(picture_vector) = {DIMENSIONS}",
    "phrase_counts": "phrase String, count Int64",
    "about": "key String, value String",
}


def make_layout_1(library: Library) -> None:
    """Turn an open library into what the layout before this one would have made of the same rows."""
    for view in VIEWS.values():
        library._do(f"DROP VIEW {view}")
    for table, columns in LAYOUT_1.items():
        order = columns.partition(" ")[0]
        engine = "SummingMergeTree" if table == "phrase_counts" else "MergeTree"
        library._do(f"CREATE TABLE old_{table} ({columns}) ENGINE = {engine} ORDER BY {order}")
        names = ", ".join(name for name, *_ in map(str.split, columns.split(", ")) if name != "CONSTRAINT")
        library._do(f"INSERT INTO old_{table} SELECT {names} FROM {table}")
        library._do(f"DROP TABLE {table}")
        library._do(f"RENAME TABLE old_{table} TO {table}")
    library._do("DROP TABLE token_counts")
    library._do("ALTER TABLE about UPDATE value = '1' WHERE key = 'layout' SETTINGS mutations_sync = 1")


def facts_of(library: Library) -> list:
    """Everything that a library holds."""
    return [
        pa.concat_tables(library.export_batches(100, vectors=True)),
        sorted(library._rows("SELECT phrase, sum(count) FROM phrase_counts GROUP BY phrase")),
        sorted(library._rows("SELECT token, sum(count) FROM token_counts GROUP BY token")),
        sorted(library._rows("SELECT key, value FROM about WHERE key != 'ready'")),
        sorted(library._rows("SELECT id, favourite, source FROM pictures")),
        library.favourites(),
    ]


@pytest.mark.parametrize("kind", ["chdb", "myscale"])
def test_a_library_of_the_layout_before_is_brought_up_to_date_and_a_kill_at_any_step_loses_nothing(
    kind, tmp_path, monkeypatch
):
    monkeypatch.setattr("tools.backends.tables.COPIED", 2)
    left = [10_000]

    counted = killed_after(left)

    def story(dsn: str, most: int) -> None:
        with opened(dsn, OLD) as keeper:
            fill(keeper, collection(tmp_path, OLD))
            wanted = facts_of(keeper)
            steps, killed = 0, True
            monkeypatch.setattr(Connection, "command", counted(Connection.command))
            while killed and steps < most:
                left[0] = 10_000
                make_layout_1(keeper)
                left[0] = steps
                try:
                    opened(dsn, OLD).close()
                    killed = False
                except KeyboardInterrupt:
                    steps += STRIDE
                left[0] = 10_000
                with opened(dsn, OLD) as library:
                    assert facts_of(library) == wanted, steps
            assert steps > 15 or most == 1
            with opened(dsn, OLD) as library:
                library.remove("kept")
                library.add(rows(["new words here"], OLD))
                assert library.phrase_counts(["mine", "new words here"]) == {"mine": 1, "new words here": 1}
                assert library.lexical("castle", 5) == []
                assert [example.prompt for example, _ in library.lexical("here", 5)] == ["new words here"]

    if kind == "chdb":
        story(f"chdb://{tmp_path / 'library'}", 100)
    else:
        with MyScale(tmp_path / "server") as server:
            story(server.dsn(), 1)


OLD_WORDS = "translateUTF8(lowerUTF8(prompt), '—…', '  ')"  # as they were cut before, other signs left in them


def make_old_words(library: Library) -> None:
    """Turn an open library into what an older rule for words would have made of the same rows."""
    library._do(f"DROP VIEW IF EXISTS {VIEWS['token_counts']}")
    library._do("ALTER TABLE examples DROP INDEX IF EXISTS prompt_words")
    library._do(f"ALTER TABLE examples ADD INDEX prompt_words {OLD_WORDS} TYPE text(tokenizer = splitByNonAlpha)")
    library._do("ALTER TABLE examples MATERIALIZE INDEX prompt_words SETTINGS mutations_sync = 1")
    library._do("TRUNCATE TABLE token_counts")
    library._do("INSERT INTO token_counts VALUES ('★moon★', 1), ('', 1), (' ', 10)")
    library._do("ALTER TABLE about DELETE WHERE key = 'words' SETTINGS mutations_sync = 1")
    library._do("DROP TABLE dead_links")  # which came later


def test_words_that_were_cut_by_an_older_rule_are_cut_anew_and_a_kill_at_any_step_loses_nothing(tmp_path, monkeypatch):
    dsn, left, steps, killed = f"chdb://{tmp_path / 'library'}", [10_000], 0, True
    with opened(dsn, OLD) as keeper:
        keeper.add(rows(["a ★moon★ over the\u3000sea", "a castle"], OLD))
        wanted = facts_of(keeper)
        command = killed_after(left)(Connection.command)
        while killed:
            make_old_words(keeper)
            with monkeypatch.context() as patch:
                patch.setattr(Connection, "command", command)
                left[0] = steps
                try:
                    opened(dsn, OLD).close()
                    killed = False
                except KeyboardInterrupt:
                    steps += 1
                left[0] = 10_000
            with opened(dsn, OLD) as library:
                assert facts_of(library) == wanted, steps
                assert [example.prompt for example, _ in library.lexical("moon", 5)] == ["a ★moon★ over the\u3000sea"]
                assert library._rows(
                    "SELECT position(expr, 'NFKC') > 0 FROM system.data_skipping_indices WHERE name = 'prompt_words'"
                ) == [(1,)]
    assert steps > 4


def test_the_words_are_cut_anew_once_whatever_rule_was_named_before_and_however_often(tmp_path, caplog):
    dsn = f"chdb://{tmp_path / 'library'}"
    with opened(dsn, OLD) as keeper:
        keeper.add(rows(["a ★moon★", "a castle"], OLD))
        make_old_words(keeper)
        keeper._do(
            "INSERT INTO about VALUES ('words', 'an older rule'), ('words', 'one between'), ('words', 'an older rule')"
        )
    for times in range(4):
        caplog.clear()
        with opened(dsn, OLD) as library:
            assert library._rows("SELECT value FROM about WHERE key = 'words'") == [(WORDS,)]
            assert ("indexed anew" in caplog.text) is (times == 0)


def test_an_unfinished_renewal_for_another_version_is_begun_anew(tmp_path):
    dsn = f"chdb://{tmp_path / 'library'}"

    class Stopped(PlainEncoder):  # its vectors have another length than the next version's
        fingerprint = "plain-1b"

        def texts(self, texts):
            raise KeyboardInterrupt

    with opened(dsn, OLD) as library:
        fill(library, collection(tmp_path, OLD))
    with pytest.raises(KeyboardInterrupt):
        opened(dsn, Stopped(), renew=Stopped())
    with opened(dsn, NEW, renew=NEW) as library:
        assert_whole(library)


def test_a_really_different_encoder_is_refused_and_what_a_person_read_in_is_never_taken_for_the_collection(tmp_path):
    dsn = f"chdb://{tmp_path / 'library'}"
    with opened(dsn, OLD) as library:
        library.add(rows(["from a stranger's table"], OLD, source_site=["starter"], url=["http://x"]))
    with pytest.raises(EncoderMismatch, match=r"plain \(plain-1\), but other \(plain-2\).*ATELIER_ENCODER back"):
        opened(dsn, NEW, encoder_name="other", renew=NEW)
    with pytest.raises(EncoderMismatch):
        opened(dsn, NEW)
    with opened(dsn, OLD) as library:
        assert library.count() == 1


def test_two_who_make_a_new_library_at_once_take_nothing_from_each_other(tmp_path, monkeypatch):
    path, look, others = collection(tmp_path, OLD), Tables._ours, []
    with Server(tmp_path / "server") as server:

        def ours(self):
            there = look(self)
            if not others:  # the other one comes in between looking and making
                others.append(None)
                others[0] = opened(server.dsn(), OLD)
                others[0].load_collection(path)
            return there

        monkeypatch.setattr(Tables, "_ours", ours)
        with opened(server.dsn(), OLD) as one, others[0] as two:
            assert one.count() == two.count() == 2
            assert one.load_collection(path) == 0
            # Both have found nothing, and both add it.
            two._do("TRUNCATE TABLE about")
            monkeypatch.setattr(one, "_add", lambda *incoming: twice(one, *incoming))
            one._do("DELETE FROM examples WHERE 1")
            one.load_collection(path)
            assert one.count() == 2
            assert one.phrase_counts(["collection"]) == {"collection": 2}


def twice(library: Library, *incoming) -> None:
    """Add the rows, and then again what another process added that had not seen them."""
    Library._add(library, *incoming)
    library._do("INSERT INTO examples SELECT * FROM examples")
