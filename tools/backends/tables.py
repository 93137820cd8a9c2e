"""The library's tables: what they hold, making and opening them, bringing those of an older layout up to date, and making
the vectors anew for a new version of the encoder.

Tables: `examples` (one row a prompt), `pictures` (vector and thumbnail of those whose picture is known), `phrase_counts` and
`token_counts` (how many examples hold a phrase or a word, for lift and idf; two views keep them true as rows arrive),
`dead_links` (behind which no picture will come any more) and `about` (which encoder made the vectors, and how they are indexed).

Favourites are a partition of their own: taking one out, which makes a part's vector index anew, never touches the big part.
Two processes may open one server's library at once, and any may be killed at any moment: every step here can be taken
twice, and nothing is dropped that holds what cannot be made again.
"""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from tools.backends.connection import Connection
from tools.backends.dialects import TEXT_INDEX, TOKENS, WORDS, dialect_of
from tools.backends.errors import BadPicture, EncoderMismatch, LibraryError, LibraryUnreachable
from tools.backends.pictures import open_picture

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

LAYOUT = "2"  # of the tables; one that is not known here is refused, not guessed at
COLUMNS = {
    "examples": {
        "id": "String", "prompt": "String", "url": "String", "width": "UInt32", "height": "UInt32",
        "source_site": "String", "prompt_vector": "Array(Float32)", "favourite": "Bool", "recipe": "String",
        "phrases": "Array(String)", "content_key": "String", "added_at": "DateTime64(3)", "seed_known": "Bool",
        "nsfw": "Float32", "rating": "Float32",
    },
    "pictures": {
        "id": "String", "picture_vector": "Array(Float32)", "thumbnail": "String", "source": "String", "favourite": "Bool",
    },
    "phrase_counts": {"phrase": "String", "count": "Int64"},
    "token_counts": {"token": "String", "count": "Int64"},
    "dead_links": {"url": "String", "why": "String"},
    "about": {"key": "String", "value": "String"},
}  # fmt: skip
SINCE_2 = {"examples": ("seed_known", "nsfw", "rating"), "pictures": ("favourite",)}  # what layout 1 lacks
# Small granules, and small blocks in the file: what is looked up is a few rows here and there, and each costs the reading of a
# whole granule of every column, and the unpacking of the block that it stands in.
ROWS = "MergeTree PARTITION BY favourite ORDER BY id SETTINGS index_granularity = 64, min_compress_block_size = 4096"
PLAIN = " CODEC(NONE)"  # vectors cannot be packed any smaller
ENGINES = {
    "examples": ROWS,
    "pictures": ROWS,
    "phrase_counts": "SummingMergeTree ORDER BY phrase",
    "token_counts": "SummingMergeTree ORDER BY token",
    "dead_links": "ReplacingMergeTree ORDER BY url",
    "about": "MergeTree ORDER BY key",
}
VECTORS = {"examples": "prompt_vector", "pictures": "picture_vector"}
INSERT = pa.schema(
    [("id", pa.string()), ("prompt", pa.string()), ("url", pa.string()), ("width", pa.uint32()), ("height", pa.uint32()),
     ("source_site", pa.string()), ("prompt_vector", pa.list_(pa.float32())), ("favourite", pa.bool_()),
     ("recipe", pa.string()), ("phrases", pa.list_(pa.string())), ("content_key", pa.string()),
     ("added_at", pa.timestamp("ms")), ("seed_known", pa.bool_()), ("nsfw", pa.float32()), ("rating", pa.float32())]
)  # fmt: skip
INSERT_PICTURES = pa.schema(
    [("id", pa.string()), ("picture_vector", pa.list_(pa.float32())), ("thumbnail", pa.binary()), ("source", pa.string()),
     ("favourite", pa.bool_())]
)  # fmt: skip
# Beside its phrases each example counts once under the name '', and beside its words with its length under ' '; neither
# can be a phrase or a word. They tell how many are counted, and how long a prompt is on average.
PHRASES_OF = "SELECT arrayJoin(arrayPushBack(phrases, '')) AS phrase, toInt64({sign}count()) AS count FROM examples"
TOKENS_OF = (
    "SELECT item.1 AS token, toInt64({sign}sum(item.2)) AS count FROM (SELECT arrayJoin(arrayConcat("
    f"arrayMap(word -> (word, toInt64(1)), arrayDistinct({TOKENS})),"
    " [('', toInt64(1)), (' ', toInt64(length(prompt)))])) AS item FROM examples{among}) GROUP BY token"
)
COUNTS = {
    "phrase_counts": PHRASES_OF + "{among} GROUP BY phrase",
    "token_counts": TOKENS_OF,
}
VIEWS = {"phrase_counts": "phrases_counted", "token_counts": "tokens_counted"}
SEED = "JSONHas(recipe, 'seed') AND toString(JSONType(recipe, 'seed')) IN ('Int64', 'UInt64')"
COPIED = 20_000  # rows of an older layout at a time
# The built-in collection comes with its encoder and can be loaded again; everything else is somebody's own.
OWN = "(favourite OR NOT startsWith(url, 'starter://'))"
RENEWED = (
    "examples",
    "pictures",
    "about",
)  # in this order they change places; `about` last, as the sign that all is done
NEXT, BEFORE = "atelier_next_", "atelier_before_"
PAGE = 500  # examples that get new vectors at a time
INCOMPLETE = (
    "The library in {place} has {table}, but its other tables are missing or empty. Restore them from a backup, or set "
    "ATELIER_HOME or ATELIER_DATABASE to another place and ingest again."
)


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
        self._dialect = dialect_of(connection.address.kind, connection.address.cluster)
        self._on = self._dialect.on

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
        if about.get("layout") == "1":
            self._move_from_1()
            there, about = self._ours(), self._about("about")
        if not about.get("layout"):
            # `about` gets its facts first: who sees another table and no facts then, sees somebody else's.
            self._refuse_rows_of_others({"about"} if about else there - {"about"})
        elif about["layout"] != LAYOUT:
            raise LibraryError(
                f"The library in {self._place} was made by another version of Atelier (layout {about['layout']}, "
                f"here {LAYOUT}). Set ATELIER_HOME or ATELIER_DATABASE to another place and ingest again."
            )
        # `examples` is made last, so whoever sees it sees the others too, even while another process makes them.
        elif "examples" in there and "pictures" not in there and self._count("examples"):
            raise LibraryError(INCOMPLETE.format(place=self._place, table="examples"))
        if about and about.get("encoder_fingerprint") != self._fingerprint:
            if "examples" not in there or not self._count("examples", OWN):
                self._drop_views()
                for table in COLUMNS:  # `about` last: until then it says whose
                    self._do(f"DROP TABLE IF EXISTS {table}{self._on}")
                there, about = set(), {}
            elif renew is not None and about.get("encoder_name") == self._name:
                self._renew(renew)
                about = self._about("about")
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
            for table in (*COUNTS, "dead_links", "pictures", "examples"):
                self._create(table)
        if about and about.get("words") != WORDS:
            self._cut_words_anew()
        names = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {views:Array(String)}"
        kept = {name for (name,) in self._rows(names, views=list(VIEWS.values()))}
        for table, view in VIEWS.items():
            if view not in kept:
                counting = COUNTS[table].format(sign="", among="")
                self._do(f"CREATE MATERIALIZED VIEW IF NOT EXISTS {view}{self._on} TO {table} AS {counting}")
        self._settle()
        # A process killed between rows and their counts leaves these behind: count again.
        rows = self._count("examples")
        if any(self._counted(table) != rows for table in COUNTS):
            self.count_again()

    def _settle(self) -> None:
        """Let go of what became a favourite while a process was killed, and is still where it was before."""
        for table in VECTORS:
            sql = f"SELECT id FROM {table} WHERE NOT favourite AND id IN (SELECT id FROM {table} WHERE favourite)"
            if ids := [id for (id,) in self._rows(sql)]:
                gone = "NOT favourite AND id IN {ids:Array(String)}"
                self._connection.command(self._dialect.delete.format(table=table, condition=gone), {"ids": ids})

    def _counted(self, table: str) -> int:
        name = next(iter(COLUMNS[table]))
        return int(self._rows(f"SELECT sum(count) FROM {table} WHERE {name} = ''")[0][0])

    def _ours(self) -> set[str]:
        """Which of our tables are there. Checks that tables of our names are ours."""
        there: dict[str, dict[str, str]] = {}
        for table, name, kind in self._rows(
            "SELECT table, name, type FROM system.columns WHERE database = currentDatabase()"
            " AND table IN {tables:Array(String)}",
            tables=list(COLUMNS),
        ):
            there.setdefault(table, {})[name] = kind
        made = {
            table: (engine, query)
            for table, engine, query in self._rows(
                "SELECT name, engine, create_table_query FROM system.tables WHERE database = currentDatabase()"
                " AND name IN {tables:Array(String)}",
                tables=list(COLUMNS),
            )
        }
        for table, columns in there.items():
            older = {name: kind for name, kind in COLUMNS[table].items() if name not in SINCE_2.get(table, ())}
            if table not in made:  # taken away, or another's place, while it was looked at
                continue
            engine, query = made[table]
            said = ""
            if columns not in (COLUMNS[table], older):
                said = f"columns: {', '.join(columns)}"
            elif not engine.endswith(ENGINES[table].split()[0]):  # servers say more before it: Replicated, Shared
                said = f"engine: {engine}"
            elif _checks(table) not in query:
                said = "it does not check how long its vectors are"
            if said:
                raise LibraryError(
                    f"{self._place} has a table {table!r} that is not Atelier's ({said}). Set ATELIER_DATABASE to another "
                    "database."
                )
        return set(there)

    def _refuse_rows_of_others(self, there: set[str]) -> None:
        """Nothing says that the tables are Atelier's: they are taken as its own only where they are empty."""
        for table in sorted(there, key=lambda table: table == "examples"):
            if not self._count(table):
                continue
            if table in ("examples", "pictures"):
                raise LibraryError(INCOMPLETE.format(place=self._place, table=table))
            raise LibraryError(
                f"{self._place} has a table {table!r} with rows, and nothing says that it is Atelier's. Set ATELIER_DATABASE "
                "to another database."
            )

    def _create(self, table: str, prefix: str = "") -> None:
        """Make a table, unless it is there; another process may be making it at this moment."""
        parts = [f"{name} {kind}{PLAIN * (VECTORS.get(table) == name)}" for name, kind in COLUMNS[table].items()]
        if table in VECTORS:
            parts.append(f"CONSTRAINT {_checks(table)} CHECK length({VECTORS[table]}) = {self._dimensions}")
        engine = self._dialect.engine + ENGINES[table]
        if self._dialect.settings:
            engine += (", " if " SETTINGS " in engine else " SETTINGS ") + self._dialect.settings
        self._do(f"CREATE TABLE IF NOT EXISTS {prefix}{table}{self._on} ({', '.join(parts)}) ENGINE = {engine}")
        if table == "examples":
            self._index_words(f"{prefix}{table}")

    def _index_words(self, table: str) -> None:
        try:
            self._do(self._dialect.words.format(table=table, index=TEXT_INDEX))
        except LibraryUnreachable:
            raise
        except LibraryError as error:  # an older server: words are found all the same, by reading every prompt
            log.warning("The database has no index for words, which makes searches slower: %s", error)

    def _cut_words_anew(self) -> None:
        """Let go of the index and the counts of words that were cut by an older rule. The index is built in the background;
        the counts are made anew as where they fell behind."""
        log.warning("The words of the library in %s are indexed anew.", self._place)
        # First, so that a kill leaves no rule named, and never two: which of them is read would be chance.
        self._do(self._dialect.delete.format(table="about", condition="key = 'words'"))
        self._do(f"DROP VIEW IF EXISTS {VIEWS['token_counts']}{self._on}")
        if self._dialect.build:  # others index the prompts as they are
            self._do(f"ALTER TABLE examples DROP INDEX IF EXISTS {TEXT_INDEX}")
            self._index_words("examples")
            if self._is_indexed():
                self._do(self._dialect.build.format(table="examples", index=TEXT_INDEX))
        self._do("TRUNCATE TABLE token_counts")
        self._connection.insert("about", pa.table({"key": ["words"], "value": [WORDS]}))

    def _is_indexed(self) -> bool:
        sql = (
            "SELECT count() FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'examples'"
        )
        return bool(self._rows(f"{sql} AND name = {{name:String}}", name=TEXT_INDEX)[0][0])

    def _insert_facts(self, table: str) -> None:
        facts = {
            "layout": LAYOUT,
            "encoder_name": self._name,
            "encoder_fingerprint": self._fingerprint,
            "dimensions": str(self._dimensions),
            "words": WORDS,
        }
        self._connection.insert(table, pa.table({"key": list(facts), "value": list(facts.values())}))

    def count_again(self) -> None:
        """Make the counts of phrases and words anew from the examples."""
        for table, counting in COUNTS.items():
            self._do(f"TRUNCATE TABLE {table}")
            self._do(f"INSERT INTO {table} {counting.format(sign='', among='')}")

    def count_down(self, id: str) -> None:
        """Take the phrases and words of one example, which is about to go, out of the counts."""
        for table, counting in COUNTS.items():
            among = " WHERE id = {id:String}"
            self._connection.command(f"INSERT INTO {table} {counting.format(sign='-', among=among)}", {"id": id})

    def drop_doubles(self) -> list[str]:
        """Keep one of the rows of the same id and content: two processes may have added them at the same time.

        Returns the tables that had some; they were merged, and have no vector index any more.
        """
        merged = []
        for table, same in (("examples", "id, content_key"), ("pictures", "id")):
            if self._rows(f"SELECT count() - uniqExact({same}) FROM {table}")[0][0]:
                self._do(f"OPTIMIZE TABLE {table} FINAL DEDUPLICATE BY favourite, {same}")
                self.count_again()
                merged.append(table)
        return merged

    # An older layout

    def _move_from_1(self) -> None:
        """Copy the tables of layout 1 into new ones, and let these take the old ones' place. Killed, it begins anew."""
        total = self._count("examples")
        log.warning("The library in %s is brought up to date: %d examples.", self._place, total)
        for table in reversed(RENEWED):
            self._do(f"DROP TABLE IF EXISTS {NEXT}{table}{self._on}")
        known = {
            "seed_known": SEED,
            "nsfw": "0",
            "rating": "0",
            "favourite": "id IN (SELECT id FROM examples WHERE favourite)",
        }
        for table in ("pictures", "examples"):
            self._create(table, NEXT)
            values = [known[name] if name in SINCE_2[table] else name for name in COLUMNS[table]]
            after, among = "", "id > {after:String}"
            while True:  # some at a time: a server's answer must not take longer than one waits for it
                next_one = f"SELECT id FROM {table} WHERE {among} ORDER BY id LIMIT 1 OFFSET {COPIED - 1}"
                last = self._rows(next_one, after=after)
                until = last[0][0] if last else ""
                part = f"{among} AND id <= {{until:String}}" if last else among if after else "1"
                bound = {"after": after, "until": until}
                self._connection.command(
                    f"INSERT INTO {NEXT}{table} ({', '.join(COLUMNS[table])}) SELECT {', '.join(values)} FROM {table}"
                    f" WHERE {part}",
                    {name: value for name, value in bound.items() if f"{{{name}:" in part},
                )
                if not last:
                    break
                after = until
        self._create("about", NEXT)
        self._do(f"INSERT INTO {NEXT}about SELECT key, if(key = 'layout', '{LAYOUT}', value) FROM about")
        self._connection.insert(f"{NEXT}about", pa.table({"key": ["ready"], "value": ["1"]}))
        self._finish_renewal()

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
                self._do(f"DROP TABLE IF EXISTS {NEXT}{table}{self._on}")
            self._create("about", NEXT)
            self._insert_facts(f"{NEXT}about")
            self._do(f"INSERT INTO {NEXT}about SELECT key, value FROM about WHERE startsWith(key, 'removed:')")
        for table in ("pictures", "examples"):
            self._create(table, NEXT)
        done = self._count(f"{NEXT}examples")
        while rows := self._rows(
            "SELECT id, prompt, url, width, height, source_site, favourite, recipe, phrases, content_key,"
            f" toUnixTimestamp64Milli(added_at), seed_known, nsfw, rating FROM examples WHERE {OWN} AND id NOT IN (SELECT id FROM {NEXT}examples)"
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
            "SELECT id, thumbnail, source, favourite FROM pictures WHERE id IN {ids:Array(String)}"
            f" AND id NOT IN (SELECT id FROM {NEXT}pictures)",
            {"ids": list(ids)},
            {"thumbnail": "bytes"},
        )
        seen: dict[str, Any] = {}
        for id, thumbnail, source, favourite in found:
            try:
                seen[id] = (open_picture(bytes(thumbnail)), bytes(thumbnail), source, favourite)
            except BadPicture:
                log.warning(
                    "The picture of %s has no thumbnail; it is found by its words only, until it is ingested again.", id
                )
        if seen:
            pictures, thumbnails, sources, favourites = zip(*seen.values(), strict=True)
            columns = {"id": list(seen), "picture_vector": list(encoder.pictures(pictures))}
            columns |= {"thumbnail": list(thumbnails), "source": list(sources), "favourite": list(favourites)}
            self._connection.insert(f"{NEXT}pictures", pa.table(columns, schema=INSERT_PICTURES))

    def _finish_renewal(self) -> None:
        """Where new tables are ready, let them take the old ones' place; each step only if it was not taken yet."""
        if self._is_there(f"{NEXT}about"):
            if "ready" not in self._about(f"{NEXT}about"):
                return
            self._drop_views()  # a view keeps to the name of its table, but not to a table that comes by it
            for table in RENEWED:
                if self._is_there(f"{NEXT}{table}"):
                    if self._is_there(table):
                        self._do(f"RENAME TABLE {table} TO {BEFORE}{table}{self._on}")
                    self._do(f"RENAME TABLE {NEXT}{table} TO {table}{self._on}")
        names = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {names:Array(String)}"
        for (name,) in self._rows(names, names=[f"{BEFORE}{table}" for table in RENEWED]):
            # All are in place now: nothing that is only in the old tables is needed any more.
            self._do(f"DROP TABLE IF EXISTS {name}{self._on}")

    def _drop_views(self) -> None:
        for view in VIEWS.values():
            self._do(f"DROP VIEW IF EXISTS {view}{self._on}")

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


def _checks(table: str) -> str:
    """The constraint on the length of a table's vectors, without which MyScale makes no index; '' for those without vectors."""
    return f"{VECTORS[table]}_length" if table in VECTORS else ""
