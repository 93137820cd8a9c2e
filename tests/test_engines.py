"""The same claims on every engine: embedded, over a socket as ClickHouse, over a socket as MyScale, and on a real server."""

import os
import threading

import numpy as np
import pyarrow as pa
import pytest
from library_contract import ENCODER, PROMPTS, LibraryContract, exact, many, open_library
from library_kit import rows, scene
from loopback_clickhouse import Server
from loopback_cluster import NAME, Cluster
from loopback_myscale import MyScale

from tools.backends.connection import Connection, parse_dsn
from tools.backends.database import Library, content_key
from tools.backends.errors import BadInput, LibraryError, LibraryUnreachable
from tools.backends.filters import parse_filter
from tools.backends.tables import COLUMNS, VIEWS

REAL = "ATELIER_TEST_DATABASE"


class Kept(LibraryContract):
    """One library for all of a class's claims, emptied before each."""

    @pytest.fixture
    def library(self, opened):
        self.emptied(opened)
        return opened


class TestChDB(Kept):
    @pytest.fixture(scope="class")
    def opened(self, tmp_path_factory):
        with open_library(f"chdb://{tmp_path_factory.mktemp('chdb') / 'library'}") as library:
            yield library


class TestClickHouse(Kept):
    @pytest.fixture(scope="class")
    def opened(self, tmp_path_factory):
        with Server(tmp_path_factory.mktemp("clickhouse")) as server, open_library(server.dsn()) as library:
            yield library


class TestCluster(Kept):
    @pytest.fixture(scope="class")
    def opened(self, tmp_path_factory):
        with Cluster(tmp_path_factory.mktemp("cluster")) as server, open_library(server.dsn()) as library:
            yield library


class TestMyScale(Kept):
    @pytest.fixture(scope="class")
    def opened(self, tmp_path_factory):
        with MyScale(tmp_path_factory.mktemp("myscale")) as server, open_library(server.dsn()) as library:
            yield library


@pytest.mark.skipif(REAL not in os.environ, reason=f"{REAL} names no server")
class TestTheRealThing(Kept):
    @pytest.fixture(scope="class")
    def opened(self):
        dsn = os.environ[REAL]
        assert "test" in parse_dsn(dsn).database, f"The database of {REAL} is emptied: its name must contain 'test'."
        with open_library(dsn) as library:
            yield library


def test_the_strict_loopback_refuses_what_myscale_refuses(tmp_path):
    with MyScale(tmp_path / "server") as server, open_library(server.dsn()) as library:
        library.add(rows(PROMPTS, ENCODER))
        library._do("CREATE TABLE bare (id String, v Array(Float32)) ENGINE = MergeTree ORDER BY id")
        vector = [0.0] * ENCODER.dimensions
        for sql, says in {
            "SELECT count() FROM examples WHERE hasAnyTokens(prompt, ['a'])": "hasAnyTokens",
            "SELECT tokens('a b')": "tokens",
            "ALTER TABLE examples ADD INDEX i prompt_vector TYPE vector_similarity('hnsw', 'cosineDistance', 64)": "vector_sim",
            "ALTER TABLE examples ADD INDEX i prompt TYPE text(tokenizer = splitByNonAlpha)": "text",
            "DELETE FROM examples WHERE 1": "DELETE FROM",
            "SELECT 1 SETTINGS hnsw_candidate_list_size_for_search = 100": "hnsw_candidate",
            "ALTER TABLE bare ADD VECTOR INDEX i v TYPE MSTG('metric_type=Cosine')": "without a length constraint",
            "ALTER TABLE examples ADD VECTOR INDEX i prompt_vector TYPE HNSW('metric_type=Cosine')": "Unknown vector index type",
            "ALTER TABLE examples DROP VECTOR INDEX nothing": "Wrong index name",
            f"SELECT id, distance(prompt_vector, {vector}) AS distance FROM examples ORDER BY distance LIMIT 1": "to know its",
            "SELECT id, TextSearch(url, {a:String}) AS s FROM pictures ORDER BY s DESC LIMIT 1": "needs an fts index",
        }.items():
            with pytest.raises(LibraryError, match=says):
                library._rows(sql, **({"a": "x"} if "{a:" in sql else {}))


@pytest.mark.parametrize("engine", [Server, MyScale])
def test_two_processes_on_one_server_know_of_each_others_indexes(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("tools.backends.indexing.SAMPLE", 5)
    table, query = many(), ENCODER.texts(["a cat"])[0]
    with engine(tmp_path / "server") as server, open_library(server.dsn()) as one, open_library(server.dsn()) as other:
        one.add(table)
        one.build_index(force=True)
        wanted = exact(table, query, 5)

        def finds(library) -> bool:
            return [example.id for example, _ in library.nearest_prompts(query, 5)] == wanted

        assert finds(other) and other.index_state().kind == "exact"
        monkeypatch.setattr("tools.backends.nearest.STALE", 0.0)
        assert finds(other) and other.index_state().kind == "hnsw"
        monkeypatch.setattr("tools.backends.nearest.STALE", 1e9)
        one._indexes.forget("examples")  # as a new build begins; MyScale's distance() is an error from now on
        assert finds(other)
        # One takes the index away that the other is building.
        with pytest.raises(LibraryError, match="Another Atelier took the index of the prompts away"):
            other.build_index(lambda *_: one._indexes.forget("examples"), force=True)
        assert finds(other) and finds(one) and other.index_state().kind == "exact"
        assert other.build_index(force=True).kind == "hnsw"


def test_all_servers_of_a_cluster_make_the_same_tables_and_views(tmp_path):
    with Cluster(tmp_path / "server") as server:
        with open_library(server.dsn()) as library:
            library.add(rows(PROMPTS, ENCODER))
        told = [statement.split(" (")[0].split(" TO ")[0] for statement in server.told]
        assert sorted(told) == [
            *(f"CREATE MATERIALIZED VIEW IF NOT EXISTS {view} ON CLUSTER `{NAME}`" for view in sorted(VIEWS.values())),
            *(f"CREATE TABLE IF NOT EXISTS {table} ON CLUSTER `{NAME}`" for table in sorted(COLUMNS)),
        ]
        engines = {s.split()[5]: s.split("ENGINE = ")[1] for s in server.told if "ENGINE" in s}
        assert engines["phrase_counts"].startswith("ReplicatedSummingMergeTree ORDER BY phrase SETTINGS fsync_after")
        assert engines["examples"].startswith(
            "ReplicatedMergeTree PARTITION BY favourite ORDER BY id SETTINGS index_gran"
        )
        # what was acknowledged is on the disk
        assert all("fsync_after_insert = 1" in engines[table] for table in COLUMNS)
        server.told.clear()
        with open_library(server.dsn()) as library:
            assert (library.count(), server.told) == (3, [])
        with open_library(server.dsn(), encoder_fingerprint="plain-2", renew=ENCODER) as library:
            assert (library.count(), library.lexical("castle", 1)[0][0].prompt) == (3, PROMPTS[1])
        assert {statement.split()[0] for statement in server.told} == {"CREATE", "DROP", "RENAME"}
        with pytest.raises(LibraryError, match="Only this server would do it"):
            open_library(server.dsn().partition("?")[0], encoder_fingerprint="plain-3", renew=ENCODER)


@pytest.mark.parametrize(
    "dsn", ["clickhouse://h/d?cluster=a`b", "clickhouse://h?cluster=a b", "myscale://h/d?cluster=art"]
)
def test_a_cluster_that_cannot_be_one_is_refused(dsn):
    with pytest.raises(BadInput, match=r"is no cluster .*\?cluster=NAME"):
        parse_dsn(dsn)
    assert (parse_dsn("clickhouse://h/d?cluster=Art-1&secure=1").cluster, parse_dsn("clickhouse://h").cluster) == (
        "Art-1",
        "",
    )


def test_a_server_that_goes_away_is_named_and_works_again_when_it_is_back(tmp_path):
    with Server(tmp_path / "server") as server, open_library(server.dsn()) as library:
        library.add(rows(PROMPTS[:1], ENCODER))
        server.stop()
        with pytest.raises(LibraryUnreachable, match=f"127.0.0.1:{server.port} went away. Start it again.*kept"):
            library.count()
        with pytest.raises(LibraryUnreachable, match="went away"):
            library.add(rows(PROMPTS, ENCODER))
        server.start()
        assert library.count() == 1
        assert library.add(rows(PROMPTS, ENCODER)) == 2
        server.stop()  # as in a restart, between two questions
        server.start()
        assert library.count() == 3


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_server_that_dies_in_the_middle_of_an_insert_leaves_nothing_half_and_nothing_twice(tmp_path, moment):
    with Server(tmp_path / "server") as server, open_library(server.dsn()) as library:
        server.hang_up_on = moment
        assert library.add(rows(PROMPTS, ENCODER)) == 3
        server.hang_up_on = moment
        assert library.add(rows(PROMPTS, ENCODER, {n: scene(n) for n in range(3)}, url=["x"] * 3)) == 3
        assert (library.count(), library.picture_count()) == (6, 3)
        server.hang_up_on = moment
        assert library.add(rows([*PROMPTS, "one more"], ENCODER)) == 1
        assert library.count() == 7
        assert library.phrase_counts(["watercolor", "one more"]) == {"watercolor": 4, "one more": 1}


def test_a_server_is_asked_by_many_threads_at_once_over_connections_that_are_kept(tmp_path):
    with Server(tmp_path / "server") as server, open_library(server.dsn()) as library:
        library.add(rows(PROMPTS, ENCODER))
        before, errors = len(server.sockets), []

        def ask() -> None:
            try:
                for _ in range(4):
                    assert library.nearest_prompts(np.ones(ENCODER.dimensions), 1)
            except BaseException as error:  # noqa: BLE001 (the test looks at it)
                errors.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(server.sockets) - before <= 4


def test_words_that_many_prompts_hold_are_looked_for_from_the_rarest_on(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.backends.wordsearch.MOST_SCORED", 6)
    prompts = [*(f"a photo of a house {n}" for n in range(30)), "castle", "a castle, oil", "a photo of a castle, oil"]
    with open_library(f"chdb://{tmp_path / 'library'}") as library:
        library.add(rows(prompts, ENCODER))

        def found(words: str, k: int, *where: str) -> list[str]:
            return [example.prompt for example, _ in library.lexical(words, k, [parse_filter(each) for each in where])]

        assert found("photo of a castle", 3) == prompts[-3:]  # the shortest first, as only the castle tells something
        assert len(found("photo of a castle", 40)) == 33  # the common words too, where that is not enough
        assert found("photo of a castle, oil", 2) == ["a castle, oil", "a photo of a castle, oil"]
        assert found("photo of a castle", 1, "prompt:house")[0].startswith("a photo of a house")


def test_a_hundred_thousand_equal_rows_and_a_prompt_of_ten_megabytes_do_no_harm(tmp_path):
    vector = ENCODER.texts(["same"])[0]
    same = pa.table(
        {
            "prompt": pa.array(["same"]).take(pa.array(np.zeros(100_000, np.int8))),
            "prompt_vector": pa.FixedSizeListArray.from_arrays(np.tile(vector, 100_000), len(vector)),
        }
    )
    long = "a castle, " * 1_000_000 + "(end"
    with open_library(f"chdb://{tmp_path / 'library'}") as library:
        assert (library.add(same), library.add(same), library.count()) == (1, 0, 1)
        two = rows(["long", "small"], ENCODER).set_column(0, "prompt", [[long, "a small castle"]])
        assert library.add(two) == 2
        assert [len(example.prompt) for example, _ in library.lexical("castle", 3)] == [14, len(long)]
        assert library.phrase_counts(["a castle"]) == {"a castle": 1}
        assert library.get([content_key(long)])[0].prompt == long


def test_the_engine_answers_by_its_indexes_and_scans_where_there_is_none(tmp_path, monkeypatch):
    asked, query = [], Connection.query

    def noted(self, sql, parameters=None, formats=None):
        asked.append((sql, parameters))
        return query(self, sql, parameters, formats)

    def used(library: Library, look) -> list[set[str]]:
        """Of each statement, which of our indexes the engine plans to use."""
        asked.clear()
        look()
        plans = [str(query(library._connection, f"EXPLAIN indexes = 1 {sql}", bound)) for sql, bound in asked]
        names = {"prompt_words": "Name: prompt_words", "prompt_nearest": "Name: prompt_nearest"}
        return [{name for name, sign in names.items() if sign in plan} for plan in plans if "examples" in plan]

    with open_library(f"chdb://{tmp_path / 'library'}") as library:
        library.add(many(60))
        monkeypatch.setattr(Connection, "query", noted)
        query_vector, castle = ENCODER.texts(["a cat"])[0], [parse_filter("prompt:castles")]
        assert used(library, lambda: library.nearest_prompts(query_vector, 3)) == [set(), set()]
        assert used(library, lambda: library.nearest_prompts(query_vector, 3, castle))[0] == {"prompt_words"}
        assert {"prompt_words"} in used(library, lambda: library.lexical("rare cottages", 3))
        library._indexes.build("examples", force=True)
        assert {"prompt_nearest"} in used(library, lambda: library.nearest_prompts(query_vector, 3))
        assert len(asked) == 1  # who is near, with their rows
        assert "prompt_nearest" in used(library, lambda: library.nearest_prompts(query_vector, 3, castle))[0]


def test_building_an_index_goes_on_where_it_was_broken_off(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.backends.indexing.SAMPLE", 5)
    dsn, stages = f"chdb://{tmp_path / 'library'}", []

    def stop(stage: str, share: float) -> None:
        if stage.startswith("indexing"):
            raise KeyboardInterrupt

    with open_library(dsn) as library:
        library.add(many(120))
        with pytest.raises(KeyboardInterrupt):
            library._indexes.build("examples", stop, force=True)
        assert library.index_state().kind == "exact"  # not finished, not used
    with open_library(dsn) as library:
        assert library.index_state().kind == "exact"
        state = library._indexes.build("examples", lambda stage, share: stages.append(stage), force=True)
        assert (state.kind, state.indexed_rows, state.recall) == ("hnsw", 120, 1.0)
        assert "merging prompts" not in stages and "indexing prompts" in stages
    with open_library(dsn) as library:
        assert library.index_state() == state  # it is known again
        assert library._indexes.build("examples", force=True).indexed_rows == 120
        library._indexes.forget("examples")
        assert library.index_state().kind == "exact"
