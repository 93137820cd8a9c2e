"""The engines' vector indexes: built over merged rows, measured against the exact answer, and known of afterwards. SQL.

What is chosen is decided in indexing.py; how an engine says it stands in dialects.py. An index that is not finished is not
used: until its record stands in `about`, every search scans. New rows need no index: they are scanned beside it. Building
outlives a kill: the engine goes on by itself when it is opened again, and the next `build` only waits for it.
"""

import dataclasses
import logging
import time
from collections.abc import Callable

import pyarrow as pa

from tools.backends import indexing
from tools.backends.connection import Connection
from tools.backends.dialects import VECTOR_INDEX, Dialect
from tools.backends.errors import LibraryError, LibraryUnreachable
from tools.backends.nearest import Nearest
from tools.backends.records import IndexState
from tools.backends.tables import VECTORS

log = logging.getLogger(__name__)

NAMES = {"examples": "prompts", "pictures": "pictures"}  # for people
LARGEST_MERGE = "max_bytes_to_merge_at_max_space_in_pool"
IDLE = 30.0  # seconds without any sign of an index that is being built, after which nobody builds it
Progress = Callable[[str, float], None]


class VectorIndexes:
    """The indexes of both tables, over the connection that searches use."""

    def __init__(
        self, connection: Connection, dialect: Dialect, nearest: Nearest, dimensions: int, known: set[str]
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._nearest = nearest
        self._dimensions = dimensions
        self._known = known
        nearest.look_up = self._kept
        nearest.built = self._kept()

    def _kept(self) -> dict[str, indexing.Built]:
        """The indexes that are finished, as the library tells them."""
        sql = "SELECT key, value FROM about WHERE startsWith(key, 'index ')"
        told = {key.removeprefix("index "): indexing.built(text) for key, text in self._connection.query(sql)}
        return {table: built for table, built in told.items() if built is not None and table in VECTORS}

    def state(self, table: str) -> IndexState:
        """How the table is searched now."""
        rows = int(self._connection.query(f"SELECT count() FROM {table}")[0][0])
        built = self._nearest.built.get(table)
        if built is None:
            return IndexState(kind="exact", rows=rows)
        return IndexState(
            kind="hnsw",
            rows=rows,
            indexed_rows=min(rows, self._indexed(table, built)),
            quantization=built.quantization,
            recall=built.recall,
            seconds=built.seconds,
        )

    def _indexed(self, table: str, built: indexing.Built) -> int:
        if not self._dialect.build:  # it sees to new rows by itself
            return int(self._connection.query(f"SELECT count() FROM {table}")[0][0])
        return sum(rows for partition, rows, block in self._parts(table) if block <= built.blocks.get(partition, -1))

    def _parts(self, table: str) -> list[tuple[str, int, int]]:
        sql = "SELECT partition_id, rows, max_block_number FROM system.parts WHERE active AND database = currentDatabase()"
        found = self._connection.query(f"{sql} AND table = {{table:String}}", {"table": table})
        return [(str(partition), int(rows), int(block)) for partition, rows, block in found]

    def build(self, table: str, progress: Progress | None = None, force: bool = False) -> IndexState:
        """Merge the rows, build the index and measure it, where it pays; what is good enough is left as it is.

        Args:
            progress: called with what is done and how far it is, 0..1.
            force: build it in any case.
        """
        with self._nearest.held():
            return self._build(table, progress, force)

    def _build(self, table: str, progress: Progress | None, force: bool) -> IndexState:
        state = self.state(table)
        if not force and not indexing.is_due(state.rows, state.indexed_rows, self._dimensions):
            return state
        if not state.rows:
            return state
        tell = progress or (lambda _stage, _share: None)
        begun = time.monotonic()
        plan = indexing.plan(state.rows, self._dimensions)
        quantization = self._dialect.kept or plan.quantization or "f16"
        begun_before = self._begun(table)
        if begun_before is None:
            # 1. Forget the old one: until the new one is measured, every search scans.
            self.forget(table)
            # 2. Merge, without an index, into one part (two, with that of the favourites).
            tell(f"merging {NAMES[table]}", 0.0)
            self._merge(table)
            tell(f"merging {NAMES[table]}", 1.0)
            # 3. Keep the merged part from ever being merged again, which would throw the index away or build it anew.
            chosen = indexing.Built(quantization=quantization, wide=indexing.WIDE[0], blocks=self._keep_apart(table))
            # 4. Build, in the background, and watch.
            self._connection.command(
                self._dialect.index.format(
                    table=table,
                    index=VECTOR_INDEX[table],
                    column=VECTORS[table],
                    dimensions=self._dimensions,
                    quantization=quantization,
                    neighbours=plan.neighbours,
                    effort=plan.effort,
                )
            )
            self._keep(f"building {table}", chosen)
        else:
            chosen = begun_before
        if self._dialect.build and not self._is_building(table):
            self._connection.command(self._dialect.build.format(table=table, index=VECTOR_INDEX[table]))
        self._watch(table, tell)
        # 5. Measure, and look wider where that is not good enough.
        built = self._measured(table, chosen, round(time.monotonic() - begun, 1), tell)
        self._keep(f"index {table}", built)
        self._nearest.built[table] = built
        return self.state(table)

    def _begun(self, table: str) -> indexing.Built | None:
        """What a build that was broken off had chosen, if its index is still there."""
        if table in self._nearest.built or not self._is_there(table):
            return None
        found = self._connection.query("SELECT value FROM about WHERE key = {key:String}", {"key": f"building {table}"})
        return indexing.built(found[-1][0]) if found else None

    def _is_building(self, table: str) -> bool:
        """Whether the engine is at it. To ask it for what it has built already costs nothing."""
        sql = "SELECT count() FROM system.mutations WHERE database = currentDatabase() AND table = {table:String}"
        bound = {"table": table, "command": f"%MATERIALIZE INDEX {VECTOR_INDEX[table]}%"}
        return bool(self._connection.query(f"{sql} AND command LIKE {{command:String}} AND NOT is_done", bound)[0][0])

    def _is_there(self, table: str) -> bool:
        system = "data_skipping_indices" if self._dialect.build else "vector_indices"
        sql = f"SELECT count() FROM system.{system} WHERE database = currentDatabase() AND table = {{table:String}}"
        bound = {"table": table, "index": VECTOR_INDEX[table]}
        return bool(self._connection.query(f"{sql} AND name = {{index:String}}", bound)[0][0])

    def _keep(self, key: str, built: indexing.Built) -> None:
        self._connection.insert("about", pa.table({"key": [key], "value": [built.text()]}))

    def forget(self, table: str) -> None:
        """Take the index away; searches scan."""
        with self._nearest.held():
            self._forget(table)

    def _forget(self, table: str) -> None:
        self._nearest.built.pop(table, None)
        there = self._is_there(table)
        if there and self._dialect.build:  # a build that goes on would hold up everything else
            self._stop(table)
        sql = "ALTER TABLE about DELETE WHERE key IN {keys:Array(String)} SETTINGS mutations_sync = 1"
        self._connection.command(sql, {"keys": [f"index {table}", f"building {table}"]})
        if there:
            self._connection.command(self._dialect.drop.format(table=table, index=VECTOR_INDEX[table]))

    def _stop(self, table: str) -> None:
        self._connection.command(
            "KILL MUTATION WHERE database = currentDatabase() AND table = {table:String} AND command LIKE"
            " {command:String} ASYNC",
            {"table": table, "command": f"%MATERIALIZE INDEX {VECTOR_INDEX[table]}%"},
        )

    def _merge(self, table: str) -> None:
        if LARGEST_MERGE in self._known:
            self._connection.command(f"ALTER TABLE {table} RESET SETTING {LARGEST_MERGE}")
        try:
            self._connection.command(f"OPTIMIZE TABLE {table} FINAL")
        except LibraryUnreachable:  # it takes longer than one waits for an answer; it goes on all the same
            sql = "SELECT count() FROM system.merges WHERE database = currentDatabase() AND table = {table:String}"
            while self._connection.query(sql, {"table": table})[0][0]:
                time.sleep(1.0)

    def _keep_apart(self, table: str) -> dict[str, int]:
        """See that the merged parts stay as they are; returns the last block of each partition."""
        if self._dialect.quiet + "merge" in self._known:
            named = f"{self._dialect.quiet}merge = '{VECTOR_INDEX[table]}'"
            self._connection.command(f"ALTER TABLE {table} MODIFY SETTING {named}")
        if LARGEST_MERGE in self._known:
            sql = "SELECT max(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()"
            largest = int(self._connection.query(f"{sql} AND table = {{table:String}}", {"table": table})[0][0])
            self._connection.command(f"ALTER TABLE {table} MODIFY SETTING {LARGEST_MERGE} = {max(1, largest // 2)}")
        blocks: dict[str, int] = {}
        if self._dialect.build:
            for partition, _, block in self._parts(table):
                blocks[partition] = max(block, blocks.get(partition, 0))
        return blocks

    def _watch(self, table: str, tell: Progress) -> None:
        stage, pause, idle = f"indexing {NAMES[table]}", 0.01, 0.0
        sql = self._dialect.progress.format(table=table, index=VECTOR_INDEX[table])
        tell(stage, 0.0)
        while True:
            done, failure, share = self._connection.query(sql)[0]
            if failure:
                if self._dialect.build:
                    self._stop(table)  # or it would be tried for ever
                raise LibraryError(
                    f"The index of the {NAMES[table]} could not be built: {' '.join(str(failure).split())[:300]}. Searches go "
                    "on without it; free some memory and disk, and build it again with `atelier ingest`."
                )
            if done:
                break
            if not self._is_there(table):
                break
            # A replicated table is told of its mutations a little later.
            idle = 0.0 if not self._dialect.build or self._is_building(table) else idle + pause
            if idle > IDLE:
                break
            tell(stage, min(0.99, float(share or 0.0)))
            time.sleep(pause)
            pause = min(1.0, pause * 1.5)
        if not done or not self._is_there(table):
            raise LibraryError(
                f"Another Atelier took the index of the {NAMES[table]} away while it was built here. Searches go on without it; "
                "build it again with `atelier ingest`."
            )
        tell(stage, 1.0)

    def _measured(self, table: str, chosen: indexing.Built, seconds: float, tell: Progress) -> indexing.Built:
        stage = f"measuring {NAMES[table]}"
        tell(stage, 0.0)
        ids, vectors = self._nearest.some(table, indexing.SAMPLE)
        exact = self._nearest.exact_answers(table, ids, vectors, indexing.NEAREST)
        for wide in indexing.WIDE:
            built = dataclasses.replace(chosen, wide=wide, seconds=seconds)
            self._nearest.built[table] = built
            try:
                found = self._nearest.index_answers(table, ids, vectors, indexing.NEAREST)
            finally:
                self._nearest.built.pop(table, None)
            share = indexing.recall(found, exact)
            built = dataclasses.replace(built, recall=round(share, 4))
            if share >= indexing.GOOD or not self._dialect.search:
                break
        log.info("The index of the %s finds %.1f %% of the nearest ten.", NAMES[table], 100 * share)
        tell(stage, 1.0)
        return built
