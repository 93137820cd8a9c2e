"""The engines' vector indexes: built over merged rows, measured against the exact answer, and known of afterwards. SQL.

What is chosen is decided in indexing.py; how an engine says it stands in dialects.py. An index that is not finished is not
used: until its record stands in `about`, every search scans. New rows need no index: they are scanned beside it.
"""

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
        for key, text in connection.query("SELECT key, value FROM about WHERE startsWith(key, 'index ')"):
            found = indexing.built(text)
            if found is not None and key.removeprefix("index ") in VECTORS:
                nearest.built[key.removeprefix("index ")] = found

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
        state = self.state(table)
        if not force and not indexing.is_due(state.rows, state.indexed_rows, self._dimensions):
            return state
        if not state.rows:
            return state
        tell = progress or (lambda _stage, _share: None)
        begun = time.monotonic()
        plan = indexing.plan(state.rows, self._dimensions)
        quantization = self._dialect.kept or plan.quantization or "bf16"
        # 1. Forget the old one: until the new one is measured, every search scans.
        self.forget(table)
        # 2. Merge, without an index, into one part (two, with that of the favourites).
        tell(f"merging {NAMES[table]}", 0.0)
        self._merge(table)
        tell(f"merging {NAMES[table]}", 1.0)
        # 3. Keep the merged part from ever being merged again, which would throw the index away or build it anew.
        blocks = self._keep_apart(table)
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
        if self._dialect.build:
            self._connection.command(self._dialect.build.format(table=table, index=VECTOR_INDEX[table]))
        self._watch(table, tell)
        seconds = round(time.monotonic() - begun, 1)
        # 5. Measure, and look wider where that is not good enough.
        built = self._measured(table, quantization, seconds, blocks, tell)
        self._connection.insert("about", pa.table({"key": [f"index {table}"], "value": [built.text()]}))
        self._nearest.built[table] = built
        return self.state(table)

    def forget(self, table: str) -> None:
        """Take the index away; searches scan."""
        self._nearest.built.pop(table, None)
        sql = "ALTER TABLE about DELETE WHERE key = {key:String} SETTINGS mutations_sync = 1"
        self._connection.command(sql, {"key": f"index {table}"})
        index = VECTOR_INDEX[table]
        if self._dialect.build:  # a build that a killed process began goes on by itself, and would hold everything up
            self._connection.command(
                "KILL MUTATION WHERE database = currentDatabase() AND table = {table:String} AND command LIKE"
                " {command:String} SYNC",
                {"table": table, "command": f"%MATERIALIZE INDEX {index}%"},
            )
            self._connection.command(self._dialect.drop.format(table=table, index=index))
        elif self._state_of(table):
            self._connection.command(self._dialect.drop.format(table=table, index=index))

    def _state_of(self, table: str) -> int:
        sql = "SELECT count() FROM system.vector_indices WHERE database = currentDatabase() AND table = {table:String}"
        return int(self._connection.query(sql, {"table": table})[0][0])

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
        stage, pause = f"indexing {NAMES[table]}", 0.01
        sql = self._dialect.progress.format(table=table, index=VECTOR_INDEX[table])
        tell(stage, 0.0)
        while True:
            done, failure, share = self._connection.query(sql)[0]
            if failure:
                raise LibraryError(
                    f"The index of the {NAMES[table]} could not be built: {' '.join(str(failure).split())[:300]}. Searches go "
                    "on without it; free some memory and disk, and build it again with `atelier ingest`."
                )
            if done:
                break
            tell(stage, min(0.99, float(share or 0.0)))
            time.sleep(pause)
            pause = min(1.0, pause * 1.5)
        tell(stage, 1.0)

    def _measured(
        self, table: str, quantization: str, seconds: float, blocks: dict[str, int], tell: Progress
    ) -> indexing.Built:
        stage = f"measuring {NAMES[table]}"
        tell(stage, 0.0)
        ids, vectors = self._nearest.some(table, indexing.SAMPLE)
        exact = self._nearest.exact_answers(table, ids, vectors, indexing.NEAREST)
        for wide in indexing.WIDE:
            built = indexing.Built(quantization=quantization, wide=wide, seconds=seconds, blocks=blocks)
            self._nearest.built[table] = built
            try:
                found = self._nearest.index_answers(table, ids, vectors, indexing.NEAREST)
            finally:
                self._nearest.built.pop(table, None)
            share = indexing.recall(found, exact)
            built = indexing.Built(**{**vars(built), "recall": round(share, 4)})
            if share >= indexing.GOOD or not self._dialect.search:
                break
        log.info("The index of the %s finds %.1f %% of the nearest ten.", NAMES[table], 100 * share)
        tell(stage, 1.0)
        return built
