"""The rows nearest to a vector, exactly or by the engine's index; with conditions always k of them, when k exist. SQL.

Asked of the index in the order of the distance alone, as a second sort key would keep ClickHouse from it. Without conditions
its few rows come along in that one query; with them, ids come first and then the rows by their ids. Distances come from the
vectors themselves, or from an index that keeps them so well that distances are right to 1e-4.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa

from tools.backends import indexing
from tools.backends.clauses import conditions
from tools.backends.connection import Connection
from tools.backends.dialects import EXACT, Dialect
from tools.backends.errors import AtelierError, BadInput, LibraryError, LibraryUnreachable
from tools.backends.filters import Filter
from tools.backends.tables import VECTORS

log = logging.getLogger(__name__)

PAGE = 20_000  # vectors at a time, where all of them are read
STALE = 30.0  # seconds after which a server is asked again what other processes may have changed


class Nearest:
    """Looks for vectors in `examples` and `pictures`.

    Args:
        built: which tables have an index that is in use; changed by who builds it.
        look_up: what the library itself says of that; a server's is asked now and then, as other processes build too.
        known: settings that the server knows.
        holding: how to ask for words by the index of words, or ''.
    """

    def __init__(
        self, connection: Connection, dialect: Dialect, dimensions: int, known: set[str], holding: str
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._dimensions = dimensions
        self._known = known
        self._holding = holding
        self.built: dict[str, indexing.Built] = {}
        self._gone_known: dict[str, int] = {}
        self._shared = connection.address.kind != "chdb"  # the embedded library is one process's
        self._asked_at = time.monotonic()
        self._holds = 0
        self.look_up: Callable[[], dict[str, indexing.Built]] = dict

    @contextmanager
    def held(self) -> Iterator[None]:
        """While this process makes an index or takes it away, it knows more than the library says."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1

    def _look_again(self) -> None:
        """Ask which indexes there are now."""
        if self._holds or not self._shared:
            return
        self._asked_at = time.monotonic()
        self.built = self.look_up()
        self.changed()

    def changed(self) -> None:
        """Rows were taken out of a table, or put elsewhere in it."""
        self._gone_known = {}

    def _gone(self, table: str) -> int:
        """How many rows are there no more, which an index goes on naming as if they were; what stands beside them comes instead."""
        known = self._gone_known  # whoever changes rows meanwhile puts another one in its place
        gone = known.get(table)
        if gone is None:
            sql = "SELECT sum(rows) FROM system.parts WHERE active AND database = currentDatabase() AND table = {table:String}"
            try:
                whole, there = self._connection.query(
                    f"SELECT ({sql}), (SELECT count() FROM {table})", {"table": table}
                )[0]
                gone = max(0, int(whole or 0) - int(there))
            except AtelierError:  # an account that may not look into the system's tables can search all the same
                log.warning("Rows that are gone cannot be counted", exc_info=True)
                gone = 0
            known[table] = gone
        return gone

    def search(self, table: str, vector: np.ndarray, k: int, where: Sequence[Filter] = ()) -> list[tuple[str, float]]:
        """Ids and cosine distances of the k nearest that meet the conditions, nearest first; of equals by id."""
        rows, _ = self.rows(table, "id", vector, k, where)
        return [(row[0], row[-1]) for row in rows]

    def rows(
        self, table: str, columns: str, vector: np.ndarray, k: int, where: Sequence[Filter] = ()
    ) -> tuple[list[tuple[Any, ...]], bool]:
        """The k nearest as (id, …, distance), and whether their columns are among it.

        They come along where the index named the few rows to read. A scan reads ids and vectors only, or it would read all.
        """
        if k <= 0:
            return [], True
        if time.monotonic() - self._asked_at > STALE:
            self._look_again()
        used = self.built.get(table)
        try:
            return self._rows(table, columns, vector, k, where)
        except LibraryUnreachable:
            raise
        except LibraryError:  # another process may have taken the index away just now
            self._look_again()
            if self.built.get(table) == used:
                raise
            return self._rows(table, columns, vector, k, where)

    def _rows(
        self, table: str, columns: str, vector: np.ndarray, k: int, where: Sequence[Filter]
    ) -> tuple[list[tuple[Any, ...]], bool]:
        condition, bound = conditions(where, self._holding)
        bound["vector"] = self._bindable(vector)
        built = self.built.get(table)
        if built is not None and not where and self._dialect.near == EXACT:
            gone = min(self._gone(table), indexing.MOST_LOOKED_AT)
            precise, whole = built.quantization in indexing.PRECISE, gone <= indexing.SURE
            want = indexing.candidates(k, built.quantization) + gone
            found = self._asked(table, columns if whole else "id", want, exact=not precise, bound=bound, built=built)
            return _nearest_first(found)[:k], whole or columns == "id"
        if built is not None:
            ids = self._by_index(table, k, condition if where else "", bound, built)
            if ids is not None:
                few = {"vector": bound["vector"], "ids": ids}
                return self._exact(table, columns, k, "id IN {ids:Array(String)}", few), True
        if table != "examples" and where:
            if not self._connection.query(f"SELECT count() FROM {table}")[0][0]:
                return [], True  # the examples need not be read to know whom the conditions would keep
            condition = f"id IN (SELECT id FROM examples WHERE {condition})"
        return self._exact(table, "id", k, condition, bound), columns == "id"

    def _exact(self, table: str, columns: str, k: int, condition: str, bound: dict[str, Any]) -> list[tuple[Any, ...]]:
        distance = EXACT.format(column=VECTORS[table], vector=self._dialect.vector)
        found = self._connection.query(
            f"SELECT {columns}, {distance} AS distance FROM {table} WHERE {condition} ORDER BY distance, id"
            " LIMIT {k:UInt32}",
            {**bound, "k": k},
        )
        return _nearest_first(found)

    def _by_index(
        self, table: str, k: int, condition: str, bound: dict[str, Any], built: indexing.Built
    ) -> list[str] | None:
        """Ids of the nearest few more than k, or None where too few of them meet the conditions: then scanning is sooner."""
        want = indexing.candidates(k, built.quantization)
        if not condition:
            return [row[0] for row in self._asked(table, "id", want, bound=bound, built=built)]
        enough = want + indexing.SURE if self._dialect.multiplier or table != "examples" else want
        look: int | None = max(indexing.FIRST_LOOK, 4 * enough)
        while look is not None:
            if table == "examples":
                ids = [row[0] for row in self._asked(table, "id", enough, look, condition, bound=bound, built=built)]
            else:
                near = [row[0] for row in self._asked(table, "id", look, bound=bound, built=built)]
                only = {name: value for name, value in bound.items() if name != "vector"}
                sql = f"SELECT id FROM examples WHERE id IN {{asked:Array(String)}} AND {condition}"
                kept = {id for (id,) in self._connection.query_each(sql, near, only)}
                ids = [id for id in near if id in kept]
            if len(ids) >= (enough if self._dialect.multiplier else k):
                return ids[:want]
            look = indexing.wider(enough, look, len(ids)) if self._dialect.multiplier or table != "examples" else None
        return None

    def _asked(
        self,
        table: str,
        columns: str,
        want: int,
        look: int = 0,
        condition: str = "",
        *,
        exact: bool = False,
        bound: dict[str, Any],
        built: indexing.Built,
    ) -> list[tuple[Any, ...]]:
        """(id, …, distance) of those that the index names.

        Args:
            look: how many candidates the condition is applied to.
            exact: read the vectors of all that are looked at, and order by these.
        """
        distance = self._dialect.near.format(column=VECTORS[table], vector=self._dialect.vector)
        settings = {name: value.format(wide=built.wide) for name, value in self._dialect.search.items()}
        if self._dialect.rescoring:
            settings[self._dialect.rescoring] = str(int(exact))
        if condition and self._dialect.multiplier:
            settings[self._dialect.multiplier] = str(min(1000, -(-look // want)))
        said = ", ".join(f"{name} = {value}" for name, value in settings.items() if name in self._known)
        used = bound if condition else {"vector": bound["vector"]}
        return self._connection.query(
            f"SELECT {columns}, {distance} AS distance FROM {table}{' WHERE ' * bool(condition)}{condition}"
            f" ORDER BY distance LIMIT {{want:UInt32}}{' SETTINGS ' * bool(said)}{said}",
            {**used, "want": want},
        )

    def _bindable(self, vector: np.ndarray) -> str | list[float]:
        flat = np.asarray(vector, dtype=np.float32).reshape(-1)
        if flat.shape != (self._dimensions,) or not np.isfinite(flat).all():
            raise BadInput(f"A vector of {self._dimensions} finite numbers was expected, not of shape {flat.shape}.")
        if self._dialect.vector_as == "hex":
            return flat.astype("<f4").tobytes().hex()
        return np.round(flat.astype(np.float64), 7).tolist()  # shorter numbers: parsing them is much of a query's time

    # What the index is measured by

    def some(self, table: str, count: int) -> tuple[list[str], np.ndarray]:
        """Ids and vectors (n, d) of rows drawn evenly from all, always the same ones."""
        sql = (
            f"SELECT id, {VECTORS[table]} FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY cityHash64(id), id"
        )
        found = self._connection.query(f"{sql} LIMIT {{count:UInt32}}) ORDER BY id", {"count": count})
        vectors = np.asarray([vector for _, vector in found], dtype=np.float32).reshape(-1, self._dimensions)
        return [id for id, _ in found], vectors

    def exact_answers(self, table: str, ids: Sequence[str], vectors: np.ndarray, k: int) -> dict[str, list[str]]:
        """For each of the vectors the ids of the k nearest others, by reading all of the table once."""
        near = np.full((len(ids), k + 1), -np.inf, dtype=np.float32)
        names = np.full((len(ids), k + 1), "", dtype=object)
        after = ""
        while True:
            page = self._connection.arrow(
                f"SELECT id, {VECTORS[table]} AS vector FROM {table} WHERE id > {{after:String}} ORDER BY id"
                " LIMIT {page:UInt32}",
                {"after": after, "page": PAGE},
            )
            if not page.num_rows:
                break
            here = page.column("id").cast(pa.string()).to_pylist()
            flat = page.column("vector").combine_chunks().flatten().to_numpy(zero_copy_only=False)
            rows = flat.reshape(-1, self._dimensions)
            alike = (_unit(vectors) @ _unit(rows).T).astype(np.float32)
            both = np.concatenate([near, alike], axis=1)
            named = np.concatenate([names, np.broadcast_to(np.asarray(here, dtype=object), alike.shape)], axis=1)
            best = np.argpartition(-both, k, axis=1)[:, : k + 1]
            near, names = np.take_along_axis(both, best, 1), np.take_along_axis(named, best, 1)
            after = here[-1]
        order = np.argsort(-near, axis=1, kind="stable")
        ranked = np.take_along_axis(names, order, 1)
        return {id: [other for other in row if other and other != id][:k] for id, row in zip(ids, ranked, strict=True)}

    def index_answers(self, table: str, ids: Sequence[str], vectors: np.ndarray, k: int) -> dict[str, list[str]]:
        """The same as a search finds them."""
        return {
            id: [other for other, _ in self.search(table, vector, k + 1) if other != id][:k]
            for id, vector in zip(ids, vectors, strict=True)
        }


def _nearest_first(found: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows (id, …, distance) in order, of equals by id."""
    rows = [(*row[:-1], max(0.0, float(row[-1]))) for row in found]
    return sorted(rows, key=lambda row: (row[-1], row[0]))


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
