"""Rows that come again: which examples of the library they are, what these get of them, and what was taken out for good. SQL.

What is the same is decided in sameness.py. A value is filled in where it is missing, in place; a favourite moves to the
partition of the favourites, copy first, so that a kill in between loses nothing: what is then there twice goes when the library
is opened the next time (`tables.py`), or when the same rows come again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from tools.backends.connection import Connection
from tools.backends.dialects import Dialect
from tools.backends.incoming import has_seed
from tools.backends.sameness import UNSEEN, Gain, Held, Register, Removed, Saying, Standing, gain_of
from tools.backends.tables import COLUMNS, COUNTS

AT_ONCE = 500  # examples that are changed by one statement …
ROOM = 50_000  # … and characters of their recipes: a server takes no longer values
REMOVED = "removed:"  # in `about`: what was taken out
_HELD = "id, prompt, url, recipe, favourite, nsfw, rating"
_KNOWN = "id, '', '', '', favourite, 0., 0."  # all that is needed where rows bring nothing but themselves
_MARKED = "SELECT id, if(empty(thumbnail), '{unseen}', lower(hex(MD5(thumbnail)))) FROM pictures WHERE id IN {{asked:Array(String)}}"
_SEEN = "SELECT id, '{unseen}' FROM pictures WHERE id IN {{asked:Array(String)}}"
_MADE = {"nsfw": "Float64", "rating": "Float64", "recipe": "String"}


class Returning:
    """Knows the examples that rows may be, and gives them what they lack."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def register(self, rows: Sequence[Saying]) -> Register:
        """The examples that any of the rows may be the same as, and those that have their ids."""
        rich = any(row.recipe or row.favourite or row.nsfw or row.rating for row in rows)
        columns = _HELD if rich else _KNOWN
        sql = f"SELECT content_key, {columns} FROM examples WHERE content_key IN {{asked:Array(String)}} ORDER BY favourite"
        found = self._connection.query_each(sql, [key for row in rows for key in row.keys])
        by_key = {str(key): _held(values) for key, *values in found}
        asked = [row.id for row in rows if row.id and not (row.url and any(key in by_key for key in row.keys))]
        sql = f"SELECT {_HELD} FROM examples WHERE id IN {{asked:Array(String)}} ORDER BY favourite"
        by_id = {str(values[0]): _held(values) for values in self._connection.query_each(sql, asked)}
        by_key |= {key: by_id[held.id] for key, held in by_key.items() if held.id in by_id}
        register = Register(by_key=by_key, by_id=by_id)
        self._mark(register, rows)
        return register

    def _mark(self, register: Register, rows: Sequence[Saying]) -> None:
        """Which of them have a picture, as far as that matters; without a link, also which picture."""
        asked: dict[str, list[Held]] = {}
        for row in rows:
            if row.shows:
                candidates = [register.by_id.get(row.id), *(register.by_key.get(key) for key in row.keys)]
                for held in candidates:
                    if held is not None:
                        asked.setdefault(held.id, []).append(held)
        told = _MARKED if any(row.picture and not row.url for row in rows) else _SEEN
        for id, mark in self._connection.query_each(told.format(unseen=UNSEEN), asked):
            for held in asked[id]:
                held.mark = str(mark)

    def standing(self, rows: Sequence[Saying]) -> list[Standing]:
        """How each row stands to the library as it is now."""
        register, removed = self.register(rows), self.removed()
        found = ((row, register.find(row)) for row in rows)
        return [
            Standing(known=True, lacks_picture=row.shows and not held.mark, gain=gain_of(row, held))
            if held
            else Standing(gone=removed.has(row))
            for row, held in found
        ]

    def give(self, gains: Iterable[Gain]) -> int:
        """Fill in what examples lack; what they have stays. Returns how many got something. The same may be given twice."""
        gains = list(gains)
        done = 0
        while done < len(gains):
            piece: list[Gain] = []
            length = 0
            for gain in gains[done : done + AT_ONCE]:
                length += len(gain.recipe)
                if piece and length > ROOM:
                    break
                piece.append(gain)
            self._fill(piece)
            done += len(piece)
        self._favour(list(dict.fromkeys(gain.id for gain in gains if gain.favourite)))
        return len({gain.id for gain in gains})

    def _fill(self, gains: Sequence[Gain]) -> None:
        sets: list[str] = []
        bound: dict[str, Any] = {}
        for name, kind in _MADE.items():
            values = {gain.id: getattr(gain, name) for gain in gains if getattr(gain, name)}
            if not values:
                continue
            bound |= {f"{name}_of": list(values), name: list(values.values())}
            empty = f"empty({name})" if kind == "String" else f"{name} = 0"
            given = f"transform(id, {{{name}_of:Array(String)}}, {{{name}:Array({kind})}}, {name})"
            sets.append(f"{name} = if({empty}, {given}, {name})")
            if name == "recipe":
                bound["seeded"] = [id for id, recipe in values.items() if has_seed(recipe)]
                sets.append("seed_known = if(empty(recipe), has({seeded:Array(String)}, id), seed_known)")
        if sets:
            sql = f"ALTER TABLE examples UPDATE {', '.join(sets)} WHERE id IN {{ids:Array(String)}} SETTINGS mutations_sync = 1"
            self._connection.command(sql, {**bound, "ids": [gain.id for gain in gains]})

    def _favour(self, ids: list[str]) -> None:
        """Move examples, and their pictures, to the favourites."""
        for start in range(0, len(ids), AT_ONCE):
            bound = {"ids": ids[start : start + AT_ONCE]}
            common = "NOT favourite AND id IN {ids:Array(String)}"
            for table in ("pictures", "examples"):
                names = ", ".join(COLUMNS[table])
                values = ", ".join("true" if name == "favourite" else name for name in COLUMNS[table])
                twice = f"id NOT IN (SELECT id FROM {table} WHERE favourite)"
                self._connection.command(
                    f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {common} AND {twice}", bound
                )
                if table == "examples":
                    for counts, counting in COUNTS.items():
                        among = f" WHERE {common}"
                        self._connection.command(
                            f"INSERT INTO {counts} {counting.format(sign='-', among=among)}", bound
                        )
                self._connection.command(self._dialect.delete.format(table=table, condition=common), bound)

    # What was taken out

    def removed(self) -> Removed:
        """What the person took out, by its content."""
        sql = "SELECT substring(key, {begin:UInt8}), value FROM about WHERE startsWith(key, {sign:String}) ORDER BY value DESC"
        found = self._connection.query(sql, {"begin": len(REMOVED) + 1, "sign": REMOVED})
        return Removed({str(key): str(value) for key, value in found}, Counter(str(key) for key, _ in found))

    def note_removed(self, id: str) -> None:
        """Keep in mind what an example says, before it is taken out."""
        values = self._connection.query(f"SELECT {_HELD} FROM examples WHERE id = {{id:String}} LIMIT 1", {"id": id})
        seen = self._connection.query(
            "SELECT thumbnail FROM pictures WHERE id = {id:String} LIMIT 1", {"id": id}, {"thumbnail": "bytes"}
        )
        if values:
            keys = dict(Removed.keys_of(_held(values[0]), bytes(seen[0][0]) if seen else None))
            table = pa.table({"key": [REMOVED + key for key in keys], "value": list(keys.values())})
            self._connection.insert("about", table)


def _held(values: Sequence[Any]) -> Held:
    id, prompt, url, recipe, favourite, nsfw, rating = values
    return Held(
        id=str(id),
        prompt=prompt,
        url=url,
        recipe=recipe,
        favourite=bool(favourite),
        nsfw=float(nsfw),
        rating=float(rating),
    )
