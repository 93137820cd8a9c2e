"""The library's tables: what they hold, making and opening them, and making the vectors anew for a new version of the encoder.

Tables: `examples` (one row a prompt), `pictures` (vector and thumbnail of those whose picture is known), `phrase_counts`
(how many examples hold a phrase, for lift) and `about` (which encoder made the vectors).

Two processes may open one server's library at once, and any may be killed at any moment: every step here can be taken
twice, and nothing is dropped that holds what cannot be made again.
"""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from tools.backends.connection import Connection
from tools.backends.errors import BadPicture, EncoderMismatch, LibraryError
from tools.backends.pictures import open_picture

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

LAYOUT = "1"  # of the tables; a library of another layout is refused, not guessed at
COLUMNS = {
    "examples": {
        "id": "String", "prompt": "String", "url": "String", "width": "UInt32", "height": "UInt32",
        "source_site": "String", "prompt_vector": "Array(Float32)", "favourite": "Bool", "recipe": "String",
        "phrases": "Array(String)", "content_key": "String", "added_at": "DateTime64(3)",
    },
    "pictures": {"id": "String", "picture_vector": "Array(Float32)", "thumbnail": "String", "source": "String"},
    "phrase_counts": {"phrase": "String", "count": "Int64"},
    "about": {"key": "String", "value": "String"},
}  # fmt: skip
ENGINES = {
    "examples": "MergeTree ORDER BY id",
    "pictures": "MergeTree ORDER BY id",
    "phrase_counts": "SummingMergeTree ORDER BY phrase",
    "about": "MergeTree ORDER BY key",
}
VECTORS = {"examples": "prompt_vector", "pictures": "picture_vector"}
INSERT = pa.schema(
    [("id", pa.string()), ("prompt", pa.string()), ("url", pa.string()), ("width", pa.uint32()), ("height", pa.uint32()),
     ("source_site", pa.string()), ("prompt_vector", pa.list_(pa.float32())), ("favourite", pa.bool_()),
     ("recipe", pa.string()), ("phrases", pa.list_(pa.string())), ("content_key", pa.string()),
     ("added_at", pa.timestamp("ms"))]
)  # fmt: skip
INSERT_PICTURES = pa.schema(
    [
        ("id", pa.string()),
        ("picture_vector", pa.list_(pa.float32())),
        ("thumbnail", pa.binary()),
        ("source", pa.string()),
    ]
)
# The built-in collection comes with its encoder and can be loaded again; everything else is somebody's own.
OWN = "(favourite OR NOT startsWith(url, 'starter://'))"
RENEWED = (
    "examples",
    "pictures",
    "about",
)  # in this order they change places; `about` last, as the sign that all is done
NEXT, BEFORE = "atelier_next_", "atelier_before_"
PAGE = 500  # examples that get new vectors at a time


class Vectors(Protocol):
    """What makes unit vectors: an `Encoder`."""

    def texts(self, texts: Sequence[str]) -> np.ndarray:
        """(n, d) float32."""
        ...

    def pictures(self, pictures: "Sequence[Image]") -> np.ndarray:
        """(n, d) float32."""
        ...


class Tables:
    """The tables of one library, for one encoder."""

    def __init__(self, connection: Connection, encoder_name: str, encoder_fingerprint: str, dimensions: int) -> None:
        self._connection = connection
        self._place = connection.place
        self._name = encoder_name
        self._fingerprint = encoder_fingerprint
        self._dimensions = dimensions

    def prepare(self, renew: Vectors | None = None) -> None:
        """Make the tables where there are none, and see that those that are there can be used.

        Args:
            renew: makes new vectors where the old ones are of another version of the encoder of the same name.

        Raises:
            EncoderMismatch, LibraryError: see `Library`.
        """
        self._finish_renewal()
        there = self._ours()
        about = self._about("about") if "about" in there else {}
        if about and about.get("layout") != LAYOUT:
            raise LibraryError(
                f"The library in {self._place} was made by another version of Atelier (layout {about.get('layout')}, "
                f"here {LAYOUT}). Set ATELIER_HOME or ATELIER_DATABASE to another place and ingest again."
            )
        # `examples` is made last, so whoever sees it sees the others too, even while another process makes them.
        if "examples" in there and (not about or len(there) < len(COLUMNS)) and self._count("examples"):
            raise LibraryError(
                f"The library in {self._place} has examples, but its other tables are missing or empty. Restore them from a "
                "backup, or set ATELIER_HOME or ATELIER_DATABASE to another place and ingest again."
            )
        if about and about.get("encoder_fingerprint") != self._fingerprint:
            if "examples" not in there or not self._count("examples", OWN):
                for table in (
                    "examples",
                    "pictures",
                    "phrase_counts",
                    "about",
                ):  # `about` last: until then it says whose
                    self._do(f"DROP TABLE IF EXISTS {table}")
                there, about = set(), {}
            elif renew is not None and about.get("encoder_name") == self._name:
                self._renew(renew)
            else:
                raise EncoderMismatch(
                    f"The library in {self._place} holds vectors of the encoder {about.get('encoder_name')} "
                    f"({about.get('encoder_fingerprint')}), but {self._name} ({self._fingerprint}) is in use. Set "
                    "ATELIER_ENCODER back, or set ATELIER_HOME or ATELIER_DATABASE to another place and ingest again."
                )
        if not about or len(there) < len(COLUMNS):
            self._create("about")
            if not self._about("about"):
                self._insert_facts("about")
            for table in ("phrase_counts", "pictures", "examples"):
                self._create(table)
        # A process killed between two inserts leaves the counts behind the examples: count again.
        counted = self._rows("SELECT sum(count) FROM phrase_counts WHERE phrase = ''")[0][0]
        if counted != self._count("examples"):
            self.count_phrases_again()

    def _ours(self) -> set[str]:
        """Which of our tables are there. Checks that tables of our names are ours."""
        there: dict[str, dict[str, str]] = {}
        for table, name, kind in self._rows(
            "SELECT table, name, type FROM system.columns WHERE database = currentDatabase()"
            " AND table IN {tables:Array(String)}",
            tables=list(COLUMNS),
        ):
            there.setdefault(table, {})[name] = kind
        foreign = [table for table, columns in there.items() if columns != COLUMNS[table]]
        if foreign:
            raise LibraryError(
                f"{self._place} has a table {foreign[0]!r} that is not Atelier's (columns: "
                f"{', '.join(there[foreign[0]])}). Set ATELIER_DATABASE to another database."
            )
        return set(there)

    def _create(self, table: str, prefix: str = "") -> None:
        """Make a table, unless it is there; another process may be making it at this moment."""
        parts = [f"{name} {kind}" for name, kind in COLUMNS[table].items()]
        if table in VECTORS:
            parts.append(f"CONSTRAINT {VECTORS[table]}_length CHECK length({VECTORS[table]}) = {self._dimensions}")
        self._do(f"CREATE TABLE IF NOT EXISTS {prefix}{table} ({', '.join(parts)}) ENGINE = {ENGINES[table]}")

    def _insert_facts(self, table: str) -> None:
        facts = {
            "layout": LAYOUT,
            "encoder_name": self._name,
            "encoder_fingerprint": self._fingerprint,
            "dimensions": str(self._dimensions),
        }
        self._connection.insert(table, pa.table({"key": list(facts), "value": list(facts.values())}))

    def count_phrases_again(self) -> None:
        """Make the counts anew from the examples."""
        self._do("TRUNCATE TABLE phrase_counts")
        self._do("INSERT INTO phrase_counts SELECT arrayJoin(phrases) AS phrase, count() FROM examples GROUP BY phrase")
        self._do("INSERT INTO phrase_counts SELECT '', count() FROM examples")

    def drop_doubles(self) -> None:
        """Keep one of the rows of the same id and content: two processes may have added them at the same time."""
        for table, same in (("examples", "id, content_key"), ("pictures", "id")):
            if self._rows(f"SELECT count() - uniqExact({same}) FROM {table}")[0][0]:
                self._do(f"OPTIMIZE TABLE {table} FINAL DEDUPLICATE BY {same}")
                self.count_phrases_again()

    # New vectors

    def _renew(self, encoder: Vectors) -> None:
        """Copy everything but the collection into new tables, with new vectors, and let these take the old ones' place.

        Killed before the sign `ready`, it goes on with the rows that are still missing; killed after it, the next opening
        only has to finish changing the places. The collection is loaded again as into a new library.
        """
        total = self._count("examples", OWN)
        log.warning("The encoder %s is a new version: %d examples get new vectors.", self._name, total)
        there = self._about(f"{NEXT}about") if self._is_there(f"{NEXT}about") else {}
        if there.get("encoder_fingerprint") != self._fingerprint:  # none was begun, or one for yet another version
            for table in reversed(RENEWED):  # `about` first: until the new one is there, what is left is of no use
                self._do(f"DROP TABLE IF EXISTS {NEXT}{table}")
            self._create("about", NEXT)
            self._insert_facts(f"{NEXT}about")
        for table in ("pictures", "examples"):
            self._create(table, NEXT)
        done = self._count(f"{NEXT}examples")
        while rows := self._rows(
            "SELECT id, prompt, url, width, height, source_site, favourite, recipe, phrases, content_key,"
            f" toUnixTimestamp64Milli(added_at) FROM examples WHERE {OWN} AND id NOT IN (SELECT id FROM {NEXT}examples)"
            " ORDER BY id LIMIT {size:UInt32}",
            size=PAGE,
        ):
            names = [name for name in INSERT.names if name != "prompt_vector"]
            columns = dict(zip(names, (list(column) for column in zip(*rows, strict=True)), strict=True))
            self._renew_pictures(encoder, columns["id"])
            columns["prompt_vector"] = list(encoder.texts(columns["prompt"]))
            self._connection.insert(
                f"{NEXT}examples", pa.table({name: columns[name] for name in INSERT.names}, schema=INSERT)
            )
            done += len(rows)
            log.info("New vectors: %d of %d examples.", done, total)
        self._connection.insert(f"{NEXT}about", pa.table({"key": ["ready"], "value": ["1"]}))
        self._finish_renewal()

    def _renew_pictures(self, encoder: Vectors, ids: Sequence[str]) -> None:
        """New vectors of these examples' pictures, from the thumbnails; without one a picture cannot be seen again."""
        found = self._connection.query(
            "SELECT id, thumbnail, source FROM pictures WHERE id IN {ids:Array(String)}"
            f" AND id NOT IN (SELECT id FROM {NEXT}pictures)",
            {"ids": list(ids)},
            {"thumbnail": "bytes"},
        )
        seen: dict[str, Any] = {}
        for id, thumbnail, source in found:
            try:
                seen[id] = (open_picture(bytes(thumbnail)), bytes(thumbnail), source)
            except BadPicture:
                log.warning(
                    "The picture of %s has no thumbnail; it is found by its words only, until it is ingested again.", id
                )
        if seen:
            pictures, thumbnails, sources = zip(*seen.values(), strict=True)
            columns = {"id": list(seen), "picture_vector": list(encoder.pictures(pictures))}
            columns |= {"thumbnail": list(thumbnails), "source": list(sources)}
            self._connection.insert(f"{NEXT}pictures", pa.table(columns, schema=INSERT_PICTURES))

    def _finish_renewal(self) -> None:
        """Where new tables are ready, let them take the old ones' place; each step only if it was not taken yet."""
        if self._is_there(f"{NEXT}about"):
            if "ready" not in self._about(f"{NEXT}about"):
                return
            for table in RENEWED:
                if self._is_there(f"{NEXT}{table}"):
                    if self._is_there(table):
                        self._do(f"RENAME TABLE {table} TO {BEFORE}{table}")
                    self._do(f"RENAME TABLE {NEXT}{table} TO {table}")
        for table in RENEWED:  # all are in place now: nothing that is only in the old tables is needed any more
            self._do(f"DROP TABLE IF EXISTS {BEFORE}{table}")

    def _is_there(self, table: str) -> bool:
        sql = "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = {table:String}"
        return bool(self._rows(sql, table=table)[0][0])

    def _about(self, table: str) -> dict[str, str]:
        """What the library says of itself; empty when there is none yet."""
        return dict(self._rows(f"SELECT key, value FROM {table}"))

    def _count(self, table: str, condition: str = "1") -> int:
        return int(self._rows(f"SELECT count() FROM {table} WHERE {condition}")[0][0])

    def _rows(self, sql: str, **bound: Any) -> list[tuple[Any, ...]]:
        return self._connection.query(sql, bound)

    def _do(self, sql: str) -> None:
        self._connection.command(sql, {})
