"""The library: examples, their vectors and pictures in ClickHouse, embedded (chDB) or on a server, or in MyScale.

The one door to it. What the tables are is in tables.py, what engines say differently in dialects.py; nearest.py and
wordsearch.py look, vectorindex.py builds what lets them look quickly, and these hold all of the SQL. Rows are told apart by a
key of their content, never by counters, so a killed ingest just runs again.

Every value is a bound parameter, and every name in a statement is one of ours.
"""

import dataclasses
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute

from tools.backends.clauses import conditions, other_number
from tools.backends.collection import collection_batches
from tools.backends.connection import Connection
from tools.backends.dialects import PLAIN_VECTOR, TEXT_INDEX, dialect_of
from tools.backends.errors import LibraryError, LibraryUnreachable, NotFound
from tools.backends.filters import Filter
from tools.backends.incoming import Incoming, vectors
from tools.backends.links import DeadLinks
from tools.backends.nearest import Nearest
from tools.backends.records import Example, IndexState
from tools.backends.returning import Returning
from tools.backends.sameness import (
    UNSEEN,
    Gain,
    Removed,
    Saying,
    Standing,
    content_key,
    gain_of,
    give,
    mark_of,
)
from tools.backends.tables import INSERT, INSERT_PICTURES, Tables, Vectors
from tools.backends.vectorindex import LARGEST_MERGE, VectorIndexes
from tools.backends.wordsearch import WordSearch

__all__ = ["Library", "content_key", "other_number"]

EXAMPLE = "id, prompt, url, width, height, source_site, favourite, recipe"
EXPORTED = f"{EXAMPLE}, seed_known, nsfw, rating, added_at"


class Taken(NamedTuple):
    """What became of rows: examples that are new, and known ones that got a rating, a recipe, or became favourites."""

    added: int
    updated: int


class Library:
    """The examples of one database. Safe to use from several threads; opened once, closed with `close()`.

    Args:
        dsn: `chdb://FOLDER`, `clickhouse://USER:PASSWORD@HOST:PORT/DATABASE` or `myscale://…`; `?secure=1` for TLS, and
            `?cluster=NAME` for tables that all servers of a ClickHouse cluster of one shard hold.
        encoder_name: of the encoder whose vectors this library holds, for people.
        encoder_fingerprint: of that encoder, for the check.
        dimensions: length of every vector.
        timeout: seconds to wait for a server.
        renew: the encoder itself, where the library may hold vectors of an older version of it; these are then made anew.

    Raises:
        LibraryLocked: another process has the folder open.
        LibraryUnreachable: the server does not answer or refuses the login.
        EncoderMismatch: the vectors inside are another encoder's.
        LibraryError: anything else that keeps the tables from being used, such as a foreign table of the same name.
    """

    def __init__(
        self,
        dsn: str,
        *,
        encoder_name: str,
        encoder_fingerprint: str,
        dimensions: int,
        timeout: float = 60.0,
        renew: Vectors | None = None,
    ) -> None:
        self.dimensions = int(dimensions)
        self._connection = Connection(dsn, timeout)
        self.place = self._connection.place
        self._dialect = dialect_of(self._connection.address.kind, self._connection.address.cluster)
        self._returning = Returning(self._connection, self._dialect)
        self.links = DeadLinks(self._connection, self._dialect)
        self._adding = threading.Lock()
        try:
            self._tables = Tables(self._connection, encoder_name, encoder_fingerprint, self.dimensions)
            self._tables.prepare(renew)
            self._look_around()
        except BaseException:
            self.close()
            raise

    def _look_around(self) -> None:
        """What this very server can do, and how the library is indexed."""
        if self._connection.address.kind == "clickhouse":
            try:
                self._rows(f"SELECT length({self._dialect.vector})", vector="0000803f")
            except LibraryUnreachable:
                raise
            except LibraryError:  # an older one
                self._dialect = dataclasses.replace(self._dialect, vector=PLAIN_VECTOR, vector_as="array")
        quiet = [self._dialect.quiet + word for word in ("insert", "merge") if self._dialect.quiet]
        names = [*self._dialect.search, self._dialect.multiplier, self._dialect.rescoring, *quiet, LARGEST_MERGE]
        asked = " UNION ALL ".join(
            f"SELECT name FROM system.{table} WHERE name IN {{names:Array(String)}}"
            for table in ("settings", "merge_tree_settings")
        )
        known = {name for (name,) in self._rows(asked, names=names)} if self._dialect.quiet else set()
        self._quiet = {name: "prompt_nearest,picture_nearest" for name in quiet[:1] if name in known}
        indexed = bool(
            self._rows(
                "SELECT count() FROM system.data_skipping_indices WHERE database = currentDatabase()"
                " AND table = 'examples' AND name = {name:String}",
                name=TEXT_INDEX,
            )[0][0]
        )
        holding = self._dialect.holding if indexed else ""
        self._nearest = Nearest(self._connection, self._dialect, self.dimensions, known, holding)
        self._words = WordSearch(self._connection, self._dialect, indexed)
        self._indexes = VectorIndexes(self._connection, self._dialect, self._nearest, self.dimensions, known)

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        self._connection.close()

    # Adding and removing

    def add(self, rows: pa.Table) -> int:
        """Add the rows whose content is new; they are found by the next search.

        Columns: prompt and prompt_vector; optional, also row by row: id, url, width, height, source_site, favourite,
        recipe, nsfw (0..1), rating (0..10; a score of 0 is none, see `columns.ZERO`), added_at (UTC; else now), picture_vector, thumbnail (WebP bytes), source. A row
        without an id is named by its content; a row whose id another content has already is kept under `<id>-<part of its
        key>`. A known row that comes with a picture, a recipe or a score for the first time, or as a favourite, gets it; what it
        has already stays. Where a server went away and is
        back, it is tried again.

        Returns:
            How many examples were added.

        Raises:
            BadTable: a column or a prompt is missing, or a vector has the wrong length, holds what is no finite number, or is
                all zeros; then nothing of this call is kept.
            StorageFull: the disk is full; some rows of this call may be in. The same rows can be added again.
            LibraryUnreachable: the server went away; the same rows can be added again.
        """
        return self.take(rows).added

    def take(self, rows: pa.Table) -> Taken:
        """Like `add`; tells also how many known examples got something that they lacked."""
        incoming = Incoming(rows)
        prompts = vectors(rows, "prompt_vector", self.dimensions)
        seen = incoming.with_pictures()
        pictures = vectors(rows, "picture_vector", self.dimensions, seen) if seen else None
        tries: list[Taken] = []
        with self._adding:
            try:
                self._add(incoming, prompts, seen, pictures, tries)
            except LibraryUnreachable:
                if not self._connection.is_back():
                    raise
                # What the lost insert may have left is known by its content, so nothing comes in twice.
                self._add(incoming, prompts, seen, pictures, tries)
        return Taken(max(taken.added for taken in tries), max(taken.updated for taken in tries))

    def _add(
        self, incoming: Incoming, prompts: pa.Array, seen: list[int], pictures: pa.Array | None, tries: list[Taken]
    ) -> None:
        """Add the rows; what is new of them is put down in `tries` before."""
        sayings = incoming.sayings()
        register = self._returning.register(sayings)
        named: dict[int, tuple[str, str]] = {}  # rows that are new → id and key
        first: dict[str, int] = {}  # and the other way round
        shown: dict[str, int] = {}  # examples → rows that show them
        gains: list[Gain] = []
        for row, saying in enumerate(sayings):
            held = register.find(saying)
            if held is None:
                key, held = register.admit(saying)
                named[row], first[held.id] = (held.id, key), row
                if saying.shows:
                    shown[held.id] = row
                continue
            if saying.shows and not held.mark:
                shown[held.id] = row
                held.mark = mark_of(saying.picture) or UNSEEN
            if gain := gain_of(saying, held):
                give(held, gain)
                if held.id in first:
                    incoming.give(first[held.id], gain)
                else:
                    gains.append(gain)
        tries.append(Taken(len(named), len({gain.id for gain in gains})))
        if pictures is not None:
            self._add_pictures(incoming, shown, seen, pictures)
        if named:
            order = list(named)
            chosen = prompts if len(order) == len(prompts) else prompts.take(pa.array(order, pa.int64()))
            # Last, so that a row is either whole or not there: pictures without their example are never looked at.
            self._insert("examples", incoming.examples(named, chosen, INSERT))
        self._give(gains)

    def _add_pictures(self, incoming: Incoming, wanted: dict[str, int], seen: list[int], pictures: pa.Array) -> None:
        there = {
            id
            for (id,) in self._connection.query_each(
                "SELECT id FROM pictures WHERE id IN {asked:Array(String)}", [*wanted]
            )
        }
        chosen = {id: row for id, row in wanted.items() if id not in there}
        if not chosen:
            return
        sql = "SELECT id FROM examples WHERE favourite AND id IN {asked:Array(String)}"
        favourites = {id for (id,) in self._connection.query_each(sql, [*chosen])}
        favourites |= {id for id, row in chosen.items() if incoming.value("favourite", row, False)}
        place = {row: n for n, row in enumerate(seen)}
        taken = pictures.take(pa.array([place[row] for row in chosen.values()], pa.int64()))
        self._insert("pictures", incoming.pictures(chosen, favourites, taken, INSERT_PICTURES))

    def remove(self, id: str) -> Example:
        """Take a favourite out of the library again, with its picture. Returns what it was.

        Raises:
            NotFound: no favourite has this id; other examples cannot be removed.
        """
        with self._adding:
            found = self.get([id])
            if not found or not found[0].favourite:
                raise NotFound(f"{id!r} is no favourite. `atelier favourites list` shows them.")
            self._returning.note_removed(id)
            self._tables.count_down(id)
            try:
                for table in ("examples", "pictures"):
                    self._do(self._dialect.delete.format(table=table, condition="id = {id:String}"), id=id)
            finally:
                self._nearest.changed()
            return found[0]

    def load_collection(self, path: str | Path, progress: Callable[[int, int], None] | None = None) -> int:
        """Load the starter collection, unless it was loaded before. An interrupted load goes on where it stopped.

        Args:
            path: Parquet file with id, prompt, url, width, height, source_site, picture (WebP bytes), prompt_vector and
                picture_vector, and how each picture was made (negative_prompt, seed, steps, …), which becomes the recipe.
            progress: called with rows done and rows in all.

        Returns:
            How many examples were added; 0 when it was there already.
        """
        if self._rows("SELECT count() FROM about WHERE key = 'collection'")[0][0]:
            return 0
        added = done = 0
        for batch, total in collection_batches(path):
            added += self.add(batch)
            done += batch.num_rows
            if progress:
                progress(done, total)
        for table in self._tables.drop_doubles():  # another process may have loaded it at the same time
            self._indexes.forget(table)
        self._insert("about", pa.table({"key": ["collection"], "value": [Path(path).name]}))
        return added

    def note(self, key: str, value: str) -> None:
        """Keep a fact with the library, such as that a file was read to its end; it takes the place of an older one."""
        if (before := self.noted(key)) != value:
            if before:
                self._do(self._dialect.delete.format(table="about", condition="key = {key:String}"), key=key)
            self._insert("about", pa.table({"key": [key], "value": [value]}))

    def noted(self, key: str) -> str:
        """The fact that was noted under a key, or nothing."""
        found = self._rows("SELECT value FROM about WHERE key = {key:String} LIMIT 1", key=key)
        return str(found[0][0]) if found else ""

    # Looking

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many examples there are, or how many meet all of the conditions."""
        condition, bound = conditions(where)
        return int(self._rows(f"SELECT count() FROM examples{f' WHERE {condition}' if where else ''}", **bound)[0][0])

    def picture_count(self) -> int:
        """How many pictures' vectors there are."""
        return int(self._rows("SELECT count() FROM pictures")[0][0])

    def nearest_prompts(
        self, vector: np.ndarray, k: int = 10, where: Sequence[Filter] = ()
    ) -> list[tuple[Example, float]]:
        """The k examples whose prompt is nearest to a unit vector, with cosine distances from 0 (same) to 2.

        Args:
            vector: of this library's length.
            k: how many.
            where: conditions that each of them meets, here and in the other searches.
        """
        found, whole = self._nearest.rows("examples", EXAMPLE, vector, k, where)
        if whole:
            return [(Example(**_example(row)), row[-1]) for row in found]
        return self._examples([(row[0], row[-1]) for row in found])

    def nearest_pictures(
        self, vector: np.ndarray, k: int = 10, where: Sequence[Filter] = ()
    ) -> list[tuple[Example, float]]:
        """The k examples whose picture is nearest to a unit vector, with cosine distances from 0 (same) to 2."""
        return self._examples(self._nearest.search("pictures", vector, k, where))

    def _examples(self, found: Sequence[tuple[str, float]]) -> list[tuple[Example, float]]:
        values = dict(found)
        return [(example, values[example.id]) for example in self.get(list(values))]

    def lexical(
        self, words: str | Iterable[str], k: int = 10, where: Sequence[Filter] = ()
    ) -> list[tuple[Example, float]]:
        """The k examples that hold the most telling of the words. Score: sum of their idf, less for long prompts; > 0.

        A word also finds its singular or plural. Words that no prompt holds are left out.
        """
        return self._examples(self.lexical_order(words, k, where))

    def lexical_order(
        self, words: str | Iterable[str], k: int, where: Sequence[Filter] = (), enough: int | None = None
    ) -> list[tuple[str, float]]:
        """The same as ids and scores, for who fetches only some of the examples; see `WordSearch.search`."""
        return self._words.search(words, k, where, enough)

    # How it is searched

    def index_state(self, of: str = "examples") -> IndexState:
        """How the prompts (`examples`) or the `pictures` are searched by meaning."""
        return self._indexes.state(of)

    def build_index(self, progress: Callable[[str, float], None] | None = None, force: bool = False) -> IndexState:
        """Build the indexes of prompts and pictures where they pay, once, after a large load; else leave things as they are.

        Searches and adding go on meanwhile. Killed, it can be begun again; until it is done, searches scan.

        Args:
            progress: called with what is being done and how far that is, 0..1.
            force: build them however few rows there are.

        Returns:
            How the prompts are searched now.

        Raises:
            LibraryError: the engine could not build it; searches go on without.
        """
        state = self._indexes.build("examples", progress, force)
        self._indexes.build("pictures", progress, force)
        return state

    # Rows

    def get(self, ids: Sequence[str]) -> list[Example]:
        """The examples with these ids, in the order asked; unknown ids are left out."""
        found = self._connection.query_each(f"SELECT {EXAMPLE} FROM examples WHERE id IN {{asked:Array(String)}}", ids)
        examples = {row[0]: Example(**_example(row)) for row in found}
        return [examples[id] for id in dict.fromkeys(ids) if id in examples]

    def thumbnail(self, id: str) -> bytes | None:
        """The small WebP picture of an example, or None."""
        return self.thumbnails([id]).get(id)

    def thumbnails(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The small WebP pictures of these examples, as far as there are any."""
        found = self._connection.query(
            "SELECT id, thumbnail FROM pictures WHERE id IN {ids:Array(String)} AND thumbnail != ''",
            {"ids": list(ids)},
            {"thumbnail": "bytes"},
        )
        return {id: bytes(picture) for id, picture in found}

    def picture_vectors(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """The pictures' unit vectors, (d,) float32 each, as far as there are any."""
        sql = "SELECT id, picture_vector FROM pictures WHERE id IN {asked:Array(String)}"
        found = self._connection.query_each(sql, ids)
        return {id: np.asarray(vector, dtype=np.float32) for id, vector in found}

    def prompt_vectors(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """The prompts' unit vectors, (d,) float32 each, of those ids that are there."""
        found = self._rows("SELECT id, prompt_vector FROM examples WHERE id IN {ids:Array(String)}", ids=list(ids))
        return {id: np.asarray(vector, dtype=np.float32) for id, vector in found}

    def some_pictures(self, count: int) -> list[str]:
        """Ids of examples with pictures, at most `count`, drawn evenly from all and always the same ones."""
        found = self._rows("SELECT id FROM pictures ORDER BY cityHash64(id), id LIMIT {k:UInt32}", k=max(0, count))
        return [id for (id,) in found]

    def phrase_counts(self, wanted: Iterable[str]) -> dict[str, int]:
        """In how many examples each phrase (in normal form) stands; 0 for unknown ones."""
        names = list(dict.fromkeys(wanted))
        found = self._rows(
            "SELECT phrase, sum(count) FROM phrase_counts WHERE phrase IN {names:Array(String)} GROUP BY phrase",
            names=names,
        )
        return {**dict.fromkeys(names, 0), **{phrase: int(count) for phrase, count in found if phrase}}

    def favourites(self) -> list[Example]:
        """All favourites, newest first."""
        return [
            Example(**_example(row))
            for row in self._rows(f"SELECT {EXAMPLE} FROM examples WHERE favourite ORDER BY added_at DESC, id")
        ]

    def pages(self, size: int = 5_000) -> Iterator[list[Example]]:
        """All examples in the order of their ids, some at a time. Rows that are added meanwhile shift nothing."""
        sql = f"SELECT {EXAMPLE} FROM examples WHERE id > {{after:String}} ORDER BY id LIMIT {{size:UInt32}}"
        after = ""
        while rows := self._rows(sql, after=after, size=size):
            yield [Example(**_example(row)) for row in rows]
            after = rows[-1][0]

    def export_batches(self, size: int = 5_000, vectors: bool = False) -> Iterator[pa.Table]:
        """All examples in the order of their ids, as Arrow tables of at most `size` rows; memory stays flat.

        Columns: id, prompt, url, width, height, source_site, favourite, recipe, seed_known, nsfw, rating, added_at (UTC) and
        thumbnail (WebP bytes, or null); with `vectors` also prompt_vector and picture_vector (list<float>; null where there
        is no picture). `add` takes them again.
        """
        mine, theirs = (", prompt_vector", ", picture_vector") if vectors else ("", "")
        rows = f"SELECT {EXPORTED}{mine} FROM examples WHERE id > {{after:String}} ORDER BY id LIMIT {{size:UInt32}}"
        seen = f"SELECT id, thumbnail{theirs} FROM pictures WHERE id >= {{first:String}} AND id <= {{last:String}} ORDER BY id"
        after = ""
        while True:
            page = self._connection.arrow(rows, {"after": after, "size": size})
            if not page.num_rows:
                return
            ids = _strings(page.column("id"))
            after = ids[-1].as_py()
            pictures = self._connection.arrow(seen, {"first": ids[0].as_py(), "last": after})
            place = pa.compute.index_in(ids, _strings(pictures.column("id")))
            columns = {
                field.name: _strings(page.column(field.name)) if field.name in TEXTS else page.column(field.name)
                for field in page.schema
            }
            columns["added_at"] = page.column("added_at").cast(pa.timestamp("ms"))
            columns["favourite"] = page.column("favourite").cast(pa.bool_())
            columns["seed_known"] = page.column("seed_known").cast(pa.bool_())
            thumbnails = pictures.column("thumbnail").combine_chunks().cast(pa.binary()).take(place)
            columns["thumbnail"] = pa.compute.if_else(pa.compute.equal(thumbnails, b""), None, thumbnails)
            if vectors:
                columns["picture_vector"] = pictures.column("picture_vector").combine_chunks().take(place)
            yield pa.table(columns)

    def is_known(self, keys: Iterable[str]) -> set[str]:
        """Those of the content keys (see `content_key`) that the library holds."""
        sql = "SELECT content_key FROM examples WHERE content_key IN {asked:Array(String)}"
        return {key for (key,) in self._connection.query_each(sql, keys)}

    def standing(self, rows: Sequence[Saying]) -> list[Standing]:
        """How rows that may come in stand to the library: new, known, or taken out; and what they would bring."""
        return self._returning.standing(rows)

    def give(self, gains: Sequence[Gain]) -> int:
        """Fill in what known examples lack; nothing that is there is replaced. Returns how many examples got something."""
        with self._adding:
            return self._give(gains)

    def _give(self, gains: Sequence[Gain]) -> int:
        try:
            return self._returning.give(gains)
        finally:
            if gains:
                self._nearest.changed()

    def removed(self) -> Removed:
        """What the person took out of the library."""
        return self._returning.removed()

    def _rows(self, sql: str, **bound: Any) -> list[tuple[Any, ...]]:
        return self._connection.query(sql, bound)

    def _do(self, sql: str, **bound: Any) -> None:
        self._connection.command(sql, bound)

    def _insert(self, table: str, rows: pa.Table) -> None:
        self._connection.insert(table, rows, self._quiet)


TEXTS = ("id", "prompt", "url", "source_site", "recipe")


def _strings(column: pa.ChunkedArray) -> pa.Array:
    """Texts as strings, however the engine sends them."""
    return column.combine_chunks().cast(pa.string())


def _example(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(EXAMPLE.split(", "), row[:8], strict=True))
