"""The library: examples, their vectors and pictures in ClickHouse, embedded (chDB) or on a server. With tables.py, all SQL.

What the tables are and how they are opened is in tables.py. Searches scan exactly; there is no vector index yet. Rows are
told apart by a key of their content, never by counters, so a killed ingest just runs again.

Every value is a bound parameter, and every name in a statement is one of ours.
"""

import datetime
import hashlib
import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tools.backends import phrases
from tools.backends.collection import collection_batches
from tools.backends.connection import Connection
from tools.backends.errors import BadInput, BadTable, NotFound
from tools.backends.filters import Filter
from tools.backends.records import Example
from tools.backends.tables import INSERT, INSERT_PICTURES, Tables, Vectors

EXAMPLE = "id, prompt, url, width, height, source_site, favourite, recipe"
CONDITIONS = {"~": "positionCaseInsensitiveUTF8({0}, {1}) > 0"} | {
    operator: f"{{0}} {operator} {{1}}" for operator in ("=", "!=", "<", "<=", ">", ">=")
}
MOST_WORDS = 24  # of a query that lexical search looks for: each costs a pass over the prompts


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What servers say differently. `{column}` in the distance becomes a vector column of ours."""

    name: str
    distance: str = "cosineDistance({column}, {{vector:Array(Float32)}})"
    delete: str = "DELETE FROM {table} WHERE id = {{id:String}}"


# MyScale's `distance()` wants an index to know its metric; without one, ClickHouse's own function is exact on both.
DIALECTS = {
    "chdb": Dialect(name="chDB"),
    "clickhouse": Dialect(name="ClickHouse"),
    "myscale": Dialect(
        name="MyScale", delete="ALTER TABLE {table} DELETE WHERE id = {{id:String}} SETTINGS mutations_sync = 1"
    ),
}


def content_key(prompt: str, url: str = "", recipe: str = "", picture: bytes | None = None) -> str:
    """What makes two rows the same: prompt, recipe, and the picture's link or, where there is none, its bytes."""
    where = url.encode("utf-8", "replace") if url else (picture or b"")
    parts = (" ".join(prompt.split()).encode("utf-8", "replace"), where, recipe.encode("utf-8", "replace"))
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


class Library:
    """The examples of one database. Safe to use from several threads; opened once, closed with `close()`.

    Args:
        dsn: `chdb://FOLDER`, `clickhouse://USER:PASSWORD@HOST:PORT/DATABASE` or `myscale://…`; `?secure=1` for TLS.
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
        self._dialect = DIALECTS[self._connection.address.kind]
        self._adding = threading.Lock()
        try:
            self._tables = Tables(self._connection, encoder_name, encoder_fingerprint, self.dimensions)
            self._tables.prepare(renew)
        except BaseException:
            self.close()
            raise

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
        recipe, picture_vector, thumbnail (WebP bytes), source. A row without an id is named by its content; a row whose
        id another content has already is kept under `<id>-<part of its key>`. A known row that comes with a picture for
        the first time gets its picture.

        Returns:
            How many examples were added.

        Raises:
            BadTable: a column is missing, or a vector has the wrong length.
            StorageFull: the disk is full; rows of this call that were not acknowledged are not there.
        """
        missing = {"prompt", "prompt_vector"} - set(rows.column_names)
        if missing:
            raise BadTable(f"Rows for the library lack the column {min(missing)!r}.")
        with self._adding:
            return self._add(rows)

    def _add(self, rows: pa.Table) -> int:
        columns = {name: rows.column(name).to_pylist() for name in rows.column_names if not name.endswith("_vector")}

        def value(name: str, row: int, default: Any) -> Any:
            found = columns[name][row] if name in columns else None
            return default if found is None else found

        texts = columns["prompt"]
        keys = [
            content_key(texts[n], value("url", n, ""), value("recipe", n, ""), value("thumbnail", n, None))
            for n in range(len(texts))
        ]
        known = dict(
            self._rows("SELECT content_key, id FROM examples WHERE content_key IN {keys:Array(String)}", keys=keys)
        )
        new = {key: row for row, key in reversed(list(enumerate(keys))) if key not in known}  # the first of each
        order = sorted(new.values())
        wanted = [value("id", row, "") or keys[row] for row in order]
        taken = {id for (id,) in self._rows("SELECT id FROM examples WHERE id IN {ids:Array(String)}", ids=wanted)}
        ids: dict[int, str] = {}
        for row, id in zip(order, wanted, strict=True):
            ids[row] = f"{id}-{keys[row][:8]}" if id in taken else id
            taken.add(ids[row])
        self._add_pictures(rows, columns, {**{n: known[k] for n, k in enumerate(keys) if k in known}, **ids})
        if not order:
            return 0
        held = [phrases.countable(texts[row]) for row in order]
        counts = Counter(phrase for each in held for phrase in each)
        counts[""] = len(order)
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        examples = {
            "id": [ids[row] for row in order],
            "prompt": [texts[row] for row in order],
            "prompt_vector": self._vectors(rows, "prompt_vector", order),
            "phrases": held,
            "content_key": [keys[row] for row in order],
            "added_at": [now] * len(order),
            **{name: [value(name, row, "") for row in order] for name in ("url", "source_site", "recipe")},
            **{name: [int(value(name, row, 0)) for row in order] for name in ("width", "height")},
            "favourite": [bool(value("favourite", row, False)) for row in order],
        }
        self._insert("phrase_counts", pa.table({"phrase": list(counts), "count": list(counts.values())}))
        # Last, so that a row is either whole or not there: pictures without their example are never looked at.
        self._insert("examples", pa.table({field.name: examples[field.name] for field in INSERT}, schema=INSERT))
        return len(order)

    def _add_pictures(self, rows: pa.Table, columns: dict[str, list[Any]], ids: dict[int, str]) -> None:
        if "picture_vector" not in rows.column_names:
            return
        have = rows.column("picture_vector").combine_chunks().is_valid().to_pylist()
        wanted = {id: row for row, id in ids.items() if have[row]}
        there = {
            id for (id,) in self._rows("SELECT id FROM pictures WHERE id IN {ids:Array(String)}", ids=list(wanted))
        }
        chosen = {id: row for id, row in wanted.items() if id not in there}
        if chosen:
            order = list(chosen.values())
            nothing: list[Any] = [None] * rows.num_rows
            pictures = {
                "id": list(chosen),
                "picture_vector": self._vectors(rows, "picture_vector", order),
                "thumbnail": [columns.get("thumbnail", nothing)[row] or b"" for row in order],
                "source": [columns.get("source", nothing)[row] or "" for row in order],
            }
            self._insert("pictures", pa.table(pictures, schema=INSERT_PICTURES))

    def _vectors(self, rows: pa.Table, name: str, order: Sequence[int]) -> pa.Array:
        """The chosen rows' vectors as list<float32>, checked."""
        chosen = rows.column(name).combine_chunks().take(pa.array(order, pa.int64()))
        lengths = (
            set(chosen.value_lengths().to_pylist())
            if not pa.types.is_fixed_size_list(chosen.type)
            else {chosen.type.list_size}
        )
        values = np.asarray(chosen.flatten().to_numpy(zero_copy_only=False), dtype=np.float32)
        if lengths - {self.dimensions} or chosen.null_count or not np.isfinite(values).all():
            raise BadTable(f"The column {name!r} must hold {self.dimensions} finite numbers a row.")
        offsets = np.arange(len(order) + 1, dtype=np.int32) * self.dimensions
        return pa.ListArray.from_arrays(offsets, values)

    def remove(self, id: str) -> Example:
        """Take a favourite out of the library again, with its picture. Returns what it was.

        Raises:
            NotFound: no favourite has this id; other examples cannot be removed.
        """
        with self._adding:
            found = self.get([id])
            if not found or not found[0].favourite:
                raise NotFound(f"{id!r} is no favourite. `atelier favourites list` shows them.")
            self._do(self._dialect.delete.format(table="examples"), id=id)
            self._do(self._dialect.delete.format(table="pictures"), id=id)
            gone = [*phrases.countable(found[0].prompt), ""]
            self._insert("phrase_counts", pa.table({"phrase": gone, "count": [-1] * len(gone)}))
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
        self._tables.drop_doubles()  # another process may have loaded it at the same time
        self._insert("about", pa.table({"key": ["collection"], "value": [Path(path).name]}))
        return added

    # Looking

    def count(self) -> int:
        """How many examples there are."""
        return int(self._rows("SELECT count() FROM examples")[0][0])

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
        distance = self._dialect.distance.format(column="prompt_vector")
        condition, bound = _conditions(where)
        found = self._rows(
            f"SELECT {EXAMPLE}, {distance} AS distance FROM examples WHERE {condition}"
            " ORDER BY distance, id LIMIT {k:UInt32}",
            vector=self._checked(vector),
            k=max(0, k),
            **bound,
        )
        return [(Example(**_example(row)), float(row[-1])) for row in found]

    def nearest_pictures(
        self, vector: np.ndarray, k: int = 10, where: Sequence[Filter] = ()
    ) -> list[tuple[Example, float]]:
        """The k examples whose picture is nearest to a unit vector, with cosine distances from 0 (same) to 2."""
        distance = self._dialect.distance.format(column="picture_vector")
        condition, bound = _conditions(where)
        among = f"WHERE id IN (SELECT id FROM examples WHERE {condition})" if where else ""
        found = self._rows(
            f"SELECT id, {distance} AS distance FROM pictures {among} ORDER BY distance, id LIMIT {{k:UInt32}}",
            vector=self._checked(vector),
            k=max(0, k),
            **bound,
        )
        distances = {id: float(far) for id, far in found}
        return [(example, distances[example.id]) for example in self.get(list(distances))]

    def lexical(
        self, words: str | Iterable[str], k: int = 10, where: Sequence[Filter] = ()
    ) -> list[tuple[Example, float]]:
        """The k examples that hold the most telling of the words. Score: sum of their idf, less for long prompts; > 0.

        A word also finds its singular or plural. Words that no prompt holds are left out.
        """
        text = words if isinstance(words, str) else " ".join(words)
        tokens = list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))[:MOST_WORDS]
        if not tokens:
            return []
        hit = [f"(hasToken(text, {{t{n}:String}}) OR hasToken(text, {{v{n}:String}}))" for n in range(len(tokens))]
        bound: dict[str, Any] = {f"t{n}": token for n, token in enumerate(tokens)}
        bound |= {f"v{n}": other_number(token) for n, token in enumerate(tokens)}
        sums = ", ".join(f"countIf({each})" for each in hit)
        total, length, *frequencies = self._rows(
            f"WITH lowerUTF8(prompt) AS text SELECT count(), avg(length(prompt)), {sums} FROM examples", **bound
        )[0]
        used = [n for n, frequency in enumerate(frequencies) if frequency]
        if not used:
            return []
        bound = {name: value for name, value in bound.items() if int(name[1:]) in used}
        bound |= {f"w{n}": math.log(1 + (total - frequencies[n] + 0.5) / (frequencies[n] + 0.5)) for n in used}
        score = " + ".join(f"{{w{n}:Float64}} * {hit[n]}" for n in used)
        condition, values = _conditions(where)
        found = self._rows(
            f"WITH lowerUTF8(prompt) AS text SELECT {EXAMPLE}, ({score}) / (0.8 + 0.2 * length(prompt) / {{length:Float64}})"
            f" AS score FROM examples WHERE score > 0 AND {condition} ORDER BY score DESC, id LIMIT {{k:UInt32}}",
            **bound,
            **values,
            length=length or 1.0,
            k=max(0, k),
        )
        return [(Example(**_example(row)), float(row[-1])) for row in found]

    def get(self, ids: Sequence[str]) -> list[Example]:
        """The examples with these ids, in the order asked; unknown ids are left out."""
        found = self._rows(f"SELECT {EXAMPLE} FROM examples WHERE id IN {{ids:Array(String)}}", ids=list(ids))
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
        found = self._rows("SELECT id, picture_vector FROM pictures WHERE id IN {ids:Array(String)}", ids=list(ids))
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

    def is_known(self, keys: Iterable[str]) -> set[str]:
        """Those of the content keys (see `content_key`) that the library holds."""
        found = self._rows(
            "SELECT content_key FROM examples WHERE content_key IN {keys:Array(String)}", keys=list(keys)
        )
        return {key for (key,) in found}

    def without_picture(self, keys: Iterable[str]) -> set[str]:
        """Those of the content keys whose example is here without a picture's vector."""
        found = self._rows(
            "SELECT content_key FROM examples WHERE content_key IN {keys:Array(String)}"
            " AND id NOT IN (SELECT id FROM pictures)",
            keys=list(keys),
        )
        return {key for (key,) in found}

    def _checked(self, vector: np.ndarray) -> list[float]:
        flat = np.asarray(vector, dtype=np.float32).reshape(-1)
        if flat.shape != (self.dimensions,) or not np.isfinite(flat).all():
            raise BadInput(f"A vector of {self.dimensions} finite numbers was expected, not of shape {flat.shape}.")
        return np.round(flat.astype(np.float64), 7).tolist()  # shorter numbers: parsing them is much of a query's time

    def _rows(self, sql: str, **bound: Any) -> list[tuple[Any, ...]]:
        return self._connection.query(sql, bound)

    def _do(self, sql: str, **bound: Any) -> None:
        self._connection.command(sql, bound)

    def _insert(self, table: str, rows: pa.Table) -> None:
        self._connection.insert(table, rows)


def _conditions(where: Sequence[Filter]) -> tuple[str, dict[str, Any]]:
    """The conditions as one of SQL, and its bound values. `Filter` lets no other columns and operators through than its own."""
    parts, bound = ["1"], {}
    for number, condition in enumerate(where):
        name = f"where{number}"
        kind = {int: "UInt32", str: "String", bool: "Bool"}[type(condition.value)]
        column, value = condition.column, f"{{{name}:{kind}}}"
        if kind == "String" and condition.operator != "~":
            column, value = f"lowerUTF8({column})", f"lowerUTF8({value})"
        parts.append(CONDITIONS[condition.operator].format(column, value))
        bound[name] = condition.value
    return " AND ".join(parts), bound


def _example(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(EXAMPLE.split(", "), row[:8], strict=True))


def other_number(word: str) -> str:
    """The plural of a singular and the singular of a plural, as English mostly makes them; a guess only for finding."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1] if len(word) > 3 else word
    return word[:-1] + "ies" if word.endswith("y") and len(word) > 3 else word + "s"
