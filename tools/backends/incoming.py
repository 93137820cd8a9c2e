"""What comes into the library: rows checked, told apart by their content, and made ready for the tables. Pure; no SQL.

Vectors stay Arrow and NumPy from the encoder to the engine: a Python list of 512 numbers a row costs more than all the rest.
"""

import datetime
import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from tools.backends import phrases
from tools.backends.errors import BadTable
from tools.backends.sameness import Gain, Saying

LARGEST = 2**32 - 1  # of an unsigned number of 32 bits
COUNTED = 20_000  # characters of a prompt that phrases are counted in; nobody writes more, but files may hold anything
PLAIN = re.compile(r"[^()\[\]{}\"“”<>\\\n\r]*")  # a prompt without these, and without BREAK, is cut at its commas
COMMAS = re.compile(f"[{phrases.COMMAS}]")


@lru_cache(50_000)  # the same phrases come again and again
def _counted(piece: str) -> str:
    """The phrase as it is counted; '' for what is none."""
    text = phrases.normal(piece)
    return text if len(text) <= phrases.LONGEST and phrases.WORD.search(text) else ""


def countable(prompt: str) -> list[str]:
    """What `phrases.countable` says, sooner: most prompts are plain phrases between commas."""
    prompt = prompt[:COUNTED]
    if "BREAK" in prompt or not PLAIN.fullmatch(prompt):
        return phrases.countable(prompt)
    text = prompt.rstrip()
    if text.endswith(".") and (ending := phrases.ENDING.search(prompt, max(0, len(text) - 4))):
        text = prompt[: ending.start()]
    return list(dict.fromkeys(filter(None, map(_counted, map(str.strip, COMMAS.split(text))))))


def vectors(rows: pa.Table, name: str, dimensions: int, order: Sequence[int] | None = None) -> pa.Array:
    """The chosen rows' vectors as list<float32>; all rows' without `order`.

    Raises:
        BadTable: one has another length, holds something that is no finite number, or is all zeros.
    """
    column = rows.column(name).combine_chunks()
    kept = list(range(rows.num_rows)) if order is None else list(order)
    chosen = column if len(kept) == len(column) else column.take(pa.array(kept, pa.int64()))
    kind = chosen.type
    listed = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    if not listed or not (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)):
        raise BadTable(f"The column {name!r} must hold {dimensions} finite numbers a row, not {kind}. Encode it again.")
    if chosen.null_count:
        place = kept[chosen.is_null().index(True).as_py()]
        raise BadTable(
            f"Row {place + 1} has no vector in {name!r}; {dimensions} numbers were expected. Encode it again."
        )
    values = chosen.flatten()
    if pa.types.is_fixed_size_list(kind):
        lengths = np.full(len(chosen), kind.list_size)
    else:
        lengths = np.diff(np.asarray(chosen.offsets.to_numpy(zero_copy_only=False), dtype=np.int64))
    wrong = np.flatnonzero(lengths != dimensions)
    if len(wrong):
        raise BadTable(
            f"Row {kept[wrong[0]] + 1} has {lengths[wrong[0]]} numbers in {name!r}, but this library's vectors have "
            f"{dimensions}, all of them finite numbers. Use the encoder the library was made with."
        )
    numbers = np.ascontiguousarray(values.to_numpy(zero_copy_only=False), dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        # One number a row tells all: it is NaN or infinite if any of its numbers is, and 0 if all of them are.
        squares = np.einsum("ij,ij->i", *(2 * [numbers.reshape(-1, dimensions)]), dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(squares) | (squares < 1e-24))
    if len(bad):
        what = "is all zeros" if squares[bad[0]] < 1e-24 else "holds something that is no finite number"
        raise BadTable(
            f"The vector of row {kept[bad[0]] + 1} in {name!r} {what}; {dimensions} finite numbers, not all of them 0, were "
            "expected. Encode it again."
        )
    offsets = np.arange(len(kept) + 1, dtype=np.int32) * dimensions
    return pa.ListArray.from_arrays(offsets, numbers)


class Incoming:
    """The rows of one `Library.add`, read column by column; what is missing or null has its default."""

    def __init__(self, rows: pa.Table) -> None:
        missing = {"prompt", "prompt_vector"} - set(rows.column_names)
        if missing:
            raise BadTable(f"Rows for the library lack the column {min(missing)!r}.")
        self.rows = rows
        self._columns: dict[str, list[Any]] = {
            name: rows.column(name).to_pylist() for name in rows.column_names if not name.endswith("_vector")
        }
        self.prompts: list[str] = self._columns["prompt"]
        wrong = next((n for n, prompt in enumerate(self.prompts) if not isinstance(prompt, str)), None)
        if wrong is not None:
            raise BadTable(f"Row {wrong + 1} has no prompt. Leave it out, or give it one.")

    def sayings(self) -> list[Saying]:
        """What each row says, to tell which are new."""
        shows = np.zeros(self.rows.num_rows, bool)
        shows[self.with_pictures()] = True
        columns = [self._all(name, default) for name, default in _SAID.items()]
        return [
            Saying(
                prompt, id, url, recipe, small or None, seen, bool(loved), _between(nsfw, 1.0), _between(rating, 10.0)
            )
            for prompt, seen, id, url, recipe, small, loved, nsfw, rating in zip(
                self.prompts, shows.tolist(), *columns, strict=True
            )
        ]

    def give(self, row: int, gain: Gain) -> None:
        """Let a row have what another row of the same example says more."""
        for name in ("recipe", "favourite", *_SCORES):
            if value := getattr(gain, name):
                self._columns.setdefault(name, [None] * self.rows.num_rows)[row] = value

    def value(self, name: str, row: int, default: Any) -> Any:
        """What a column holds in a row, or the default."""
        found = self._columns[name][row] if name in self._columns else None
        return default if found is None else found

    def _all(self, name: str, default: Any) -> list[Any]:
        found = self._columns.get(name)
        return [default] * self.rows.num_rows if found is None else [default if v is None else v for v in found]

    def with_pictures(self) -> list[int]:
        """The rows that come with a picture's vector."""
        if "picture_vector" not in self.rows.column_names:
            return []
        return np.flatnonzero(self.rows.column("picture_vector").combine_chunks().is_valid()).tolist()

    def examples(self, named: Mapping[int, tuple[str, str]], vectors: pa.Array, schema: pa.Schema) -> pa.Table:
        """The chosen rows (row → id and content key) for the table `examples`."""
        order = list(named)

        def taken(name: str, default: Any) -> list[Any]:
            column = self._columns.get(name)
            if column is None:
                return [default] * len(order)
            return [default if (value := column[row]) is None else value for row in order]

        recipes = taken("recipe", "")
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        columns: dict[str, Any] = {
            "id": [named[row][0] for row in order],
            "prompt": [self.prompts[row] for row in order],
            "prompt_vector": vectors,
            "phrases": [countable(self.prompts[row]) for row in order],
            "content_key": [named[row][1] for row in order],
            "added_at": taken("added_at", now),
            "recipe": recipes,
            "seed_known": [has_seed(recipe) for recipe in recipes],
            "favourite": [bool(value) for value in taken("favourite", False)],
            **{name: taken(name, "") for name in ("url", "source_site")},
            **{name: [int(_between(value, LARGEST)) for value in taken(name, 0)] for name in ("width", "height")},
            **{name: [_between(value, most) for value in taken(name, 0.0)] for name, most in _SCORES.items()},
        }
        return pa.table({field.name: columns[field.name] for field in schema}, schema=schema)

    def pictures(
        self, chosen: Mapping[str, int], favourites: set[str], vectors: pa.Array, schema: pa.Schema
    ) -> pa.Table:
        """The pictures of the chosen rows (id → row) for the table `pictures`."""
        columns: dict[str, Any] = {
            "id": list(chosen),
            "picture_vector": vectors,
            "thumbnail": [self.value("thumbnail", row, b"") for row in chosen.values()],
            "source": [self.value("source", row, "") for row in chosen.values()],
            "favourite": [id in favourites for id in chosen],
        }
        return pa.table(columns, schema=schema)


_SCORES = {"nsfw": 1.0, "rating": 10.0}  # and the highest of each
_SAID: dict[str, Any] = {
    "id": "",
    "url": "",
    "recipe": "",
    "thumbnail": None,
    "favourite": False,
    **dict.fromkeys(_SCORES, 0.0),
}


def _between(value: Any, most: float) -> float:
    """The number, within 0 and the most; 0 for what is none."""
    if not value:
        return 0.0
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return 0.0 if math.isnan(number) else min(max(number, 0.0), most)


def has_seed(recipe: str) -> bool:
    """Whether what is known of the making tells the seed."""
    if '"seed"' not in recipe:
        return False
    try:
        found = json.loads(recipe)
    except ValueError:
        return False
    seed = found.get("seed") if isinstance(found, dict) else None
    return isinstance(seed, int) and not isinstance(seed, bool)
