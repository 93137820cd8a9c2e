"""Files of prompts → checked rows, streaming: CSV or Parquet, in columns that are known or that the person names.

Known by themselves: the columns of the 900k Diffusion Prompts set, DiffusionDB's metadata, and files that Atelier exported.
Writes nothing and knows no library. Bad rows are told, never fatal; of a broken file the rows before the break are given.
"""

import datetime
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from tools.backends import parquetrows
from tools.backends.columns import (
    DIFFUSIONDB,
    EXPORTED,
    MAKING,
    NUMBERS,
    OTHERS,
    OURS,
    SAMPLERS,
    SCORES,
    TEXTS,
    VECTORS,
    ZERO,
)
from tools.backends.csvlines import Broken, CsvFile
from tools.backends.errors import BadTable
from tools.backends.parquetrows import TooLong
from tools.backends.pictures import MOST_BYTES

PROMPT = 100_000  # characters of a prompt; anything longer is a broken file
LONGEST_RECIPE = 400_000  # characters
THUMBNAIL = 1 << 20  # bytes of a thumbnail that is taken over as it is
SIDE = 4_096  # pixels of its longer side, at most
HEAVY = 32 << 20  # bytes of pictures and texts, about: no more rows go into a piece that has so many
OURS_AT_MOST = 3 * (PROMPT + LONGEST_RECIPE)  # characters of a row that Atelier wrote: each quotation mark is doubled
ENCODER, ENCODER_NAME = (
    b"atelier.encoder_fingerprint",
    b"atelier.encoder_name",
)  # in the metadata of a file with vectors

Row = dict[str, Any]
_NOTHING: Row = {
    "nsfw": 0.0,
    "rating": 0.0,
    "favourite": False,
    "recipe": "",
    "added_at": None,
}  # as most files have it


class BadRow(Exception):
    """A row that is left out; says why."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files are read.

    Args:
        columns: our name → the file's own, where they differ (`--map`).
        skip_nsfw: rows with a higher score, 0..1, are left out, and rows whose score is not known.
        fingerprint: of the encoder in use; vectors in a file that it made are taken over.
        dimensions: of its vectors; 0: not known, and any length will do.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    skip_nsfw: float | None = None
    fingerprint: str = ""
    dimensions: int = 0

    def __post_init__(self) -> None:
        for ours in self.columns:
            if ours not in OURS:
                raise BadTable(f"There is no column {ours!r} to fill. Columns of ours: {', '.join(OURS)}.")


@dataclass(kw_only=True)
class Piece:
    """Some rows of a file, with their numbers (the first row under the header is 1)."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    odd: list[tuple[int, str]] = field(default_factory=list)  # what some of the rows lost on their way in
    read: int = 0  # rows, the bad ones and those left out among them
    left_out: int = 0  # for their nsfw score
    unscored: int = 0  # … of these, because it is not known
    position: int = 0  # bytes read of the file


class Table:
    """One file, opened as far as its header.

    Attributes:
        has_pictures: it holds pictures themselves.
        foreign: the encoder whose vectors it holds, where that is another.
        is_export: Atelier wrote it.

    Raises:
        BadTable: it is missing, is no table, has no column of prompts, or lacks a column that was named.
    """

    def __init__(self, path: Path, reading: Reading) -> None:
        if not path.is_file():
            raise BadTable(f"There is no file {path}. Name a CSV or Parquet file.")
        self.path, self._reading = path, reading
        self.size = path.stat().st_size
        with path.open("rb") as raw:
            self.is_parquet = raw.read(4) == b"PAR1"
        self.foreign = ""
        self._vectors, self._no_vectors = list[str](), list[str]()  # columns; what is said of others of that name
        schema: pa.Schema | None = None
        if self.is_parquet:
            schema = parquetrows.opened(path).schema_arrow
            names, said = schema.names, schema.metadata or {}
            if VECTORS[0] in names and ENCODER in said:
                if said[ENCODER].decode("utf-8", "replace") == reading.fingerprint:
                    self._find_vectors(schema)
                else:
                    self.foreign = said.get(ENCODER_NAME, b"another encoder").decode("utf-8", "replace")
        else:
            with path.open("rb") as raw:
                names = CsvFile(raw).header
        self._names = _unique(names)
        self.is_export = tuple(names[: len(EXPORTED)]) == EXPORTED and not reading.columns
        self._is_diffusiondb = {*self._names} >= DIFFUSIONDB and "prompt" not in reading.columns
        self._columns = self._chosen(names)
        if schema is not None:
            self._check_single(schema)
        self._check_scores()
        self._has_more = self._is_diffusiondb or bool({*self._columns} & {*MAKING, *OTHERS})
        self.has_pictures = "picture" in self._columns or (
            self.is_parquet and "thumbnail" in self._columns and VECTORS[1] not in self._vectors
        )

    def pieces(self, size: int) -> Iterator[Piece]:
        """The rows, so many at a time.

        Raises:
            BadTable: the file breaks off; the rows before it were given.
        """
        piece, weight = Piece(), 0
        of_all = self._no_vectors  # told once
        rows = enumerate(self._parquet_rows() if self.is_parquet else self._csv_rows(), 1)
        while True:
            try:
                number, (values, piece.position) = next(rows)
            except StopIteration:
                break
            except BadTable:
                yield piece
                raise
            piece.read += 1
            odd: list[str] = []
            try:
                row = self._checked(values, odd)
            except BadRow as error:
                piece.bad.append((number, str(error)))
            else:
                if (most := self._reading.skip_nsfw) is not None and not 0.0 < row["nsfw"] <= max(most, ZERO):
                    piece.left_out += 1
                    piece.unscored += not row["nsfw"]
                else:
                    piece.rows.append((number, row))
                    piece.odd += [(number, what) for what in (*of_all, *odd)]
                    of_all = []
                    weight += sum(len(row[name] or "") for name in ("prompt", "recipe", "picture", "thumbnail"))
            if piece.read >= size or weight >= HEAVY:
                yield piece
                piece, weight = Piece(position=piece.position), 0
        piece.position = self.size
        yield piece

    def _chosen(self, names: list[str]) -> dict[str, str]:
        """Our column → the file's, as the file spells it."""
        found = "(found: " + (", ".join(name.strip() or "(empty)" for name in names[:20])[:300] or "none") + ")"
        columns = {ours: self._names[ours] for ours in OURS if ours in self._names}
        if self._is_diffusiondb:
            columns |= {"id": self._names["image_name"], "steps": self._names["step"], "guidance": self._names["cfg"]}
        for ours, theirs in self._reading.columns.items():
            if theirs.strip().casefold() not in self._names:
                raise BadTable(f"{self.path} has no column named {theirs} {found}. Correct --map {ours}=COLUMN.")
            columns[ours] = self._names[theirs.strip().casefold()]
        if "prompt" not in columns:
            raise BadTable(
                f"{self.path} has no column named prompt {found}. Name the column of the prompts `prompt`, or say which "
                "it is: --map prompt=COLUMN."
            )
        return columns

    # One row

    def _checked(self, values: "Row | BadRow", odd: list[str]) -> Row:
        """The row in our columns; what it loses on the way is put into `odd`."""
        if isinstance(values, BadRow):
            raise values
        values = _short(values, odd)
        if self._is_diffusiondb:
            values = self._from_diffusiondb(values)
        row: Row = {"prompt": str(values.get("prompt") or "") if self.is_export else text(values.get("prompt"))}
        if not row["prompt"].strip():
            raise BadRow("its prompt is empty")
        if len(row["prompt"]) > PROMPT:
            raise BadRow(f"its prompt has {len(row['prompt'])} characters, more than {PROMPT}")
        for name in TEXTS:
            row[name] = text(values.get(name))
        for name in NUMBERS:
            row[name] = _pixels(name, values.get(name))
        row |= _NOTHING
        if self._has_more:
            for name, most in SCORES.items():
                row[name] = self._score(values.get(name), most)
            row["favourite"] = text(values.get("favourite")).lower() in ("true", "1", "yes")
            row["recipe"] = _recipe(values)
            row["added_at"] = _time(values.get("added_at"))
        picture = values.get("picture")
        row["picture"] = picture if isinstance(picture, bytes) and picture else None
        small = values.get("thumbnail")
        row["thumbnail"] = small if isinstance(small, bytes) and _is_webp(small) else None
        for name in VECTORS:
            row[name] = values.get(name)
            if why := values.get("odd", {}).get(name):
                anew = name == VECTORS[0] or row["picture"] or row["thumbnail"]
                odd.append(f"its {name} {why}; {'encoded anew' if anew else 'left out'}")
        return row

    def _score(self, value: Any, most: float) -> float:
        """As the library keeps it: 0 for one that is not known; what Atelier exported is that already."""
        number = _real(value)
        if number is None or number < 0.0 or (self.is_export and number == 0.0):
            return 0.0
        return min(most, max(number, ZERO))

    def _check_single(self, schema: pa.Schema) -> None:
        """Lists and the like are no text; only pictures come with their paths."""
        for ours, theirs in self._columns.items():
            kind = schema.field(theirs).type
            if ours not in ("picture", "thumbnail") and pa.types.is_nested(kind):
                raise BadTable(
                    f"The column {theirs} of {self.path} holds {str(kind).partition('<')[0]}s, not single values. Make it "
                    f"text, or name another column: --map {ours}=COLUMN."
                )

    def _find_vectors(self, schema: pa.Schema) -> None:
        """Numbers of any kind will do; a text that looks like a vector is none."""
        for name in VECTORS:
            if name not in schema.names:
                continue
            kind = schema.field(name).type
            if parquetrows.holds_numbers(kind):
                self._vectors.append(name)
            else:
                what = str(kind).partition("<")[0]
                self._no_vectors.append(
                    f"its {name}, like that of every row, is {what} and no list of numbers; passed over"
                )

    def _check_scores(self) -> None:
        """A file without any scores is refused where unsafe rows are to be left out, rather than left out or let in whole."""
        has = "nsfw" in self._columns or {"image_nsfw", "prompt_nsfw"} & {*self._extra()}
        if self._reading.skip_nsfw is not None and not has:
            raise BadTable(
                f"{self.path} has no column of nsfw scores, so --skip-nsfw would leave out every row. Name the column "
                "(--map nsfw=COLUMN), or leave --skip-nsfw out for this file."
            )

    def _from_diffusiondb(self, values: Row) -> Row:
        """DiffusionDB's row in our columns. The link names the picture; no server has it on its own."""
        raw = values["diffusiondb"]
        name, part, sampler = text(raw.get("image_name")), _whole(raw.get("part_id")), raw.get("sampler")
        code = _whole(sampler)
        folder = f"part-{part:06d}/" if part is not None else ""
        return {
            **values,
            "id": name.rpartition(".")[0] or name,
            "url": f"diffusiondb://{folder}{name}" if name else "",
            "source_site": "diffusiondb",
            "sampler": text(sampler) if code is None else SAMPLERS[code] if 0 <= code < len(SAMPLERS) else "",
            "nsfw": max(
                (score for name in ("image_nsfw", "prompt_nsfw") if (score := _real(raw.get(name))) is not None),
                default=None,
            ),
        }

    # CSV

    def _csv_rows(self) -> Iterator[tuple["Row | BadRow", int]]:
        with self.path.open("rb") as raw:
            table = CsvFile(raw, EXPORTED, OURS_AT_MOST)
            places = {name: n for n, name in reversed(list(enumerate(table.header)))}
            columns = [(ours, places[theirs]) for ours, theirs in self._columns.items()]
            extra = [(name, places[self._names[name]]) for name in self._extra()]
            for cells in table.records():
                if isinstance(cells, Broken):
                    yield BadRow(str(cells)), raw.tell()
                    continue
                values: Row = {ours: cells[n] for ours, n in columns if n < len(cells)}
                if extra:
                    values["diffusiondb"] = {name: cells[n] for name, n in extra if n < len(cells)}
                yield values, raw.tell()

    def _extra(self) -> list[str]:
        wanted = ("image_name", "part_id", "sampler", "image_nsfw", "prompt_nsfw")
        return [name for name in wanted if name in self._names] if self._is_diffusiondb else []

    # Parquet

    def _parquet_rows(self) -> Iterator[tuple["Row | BadRow", int]]:
        file = parquetrows.opened(self.path)
        extra = {name: self._names[name] for name in self._extra()}
        wanted = list(dict.fromkeys([*self._columns.values(), *extra.values(), *self._vectors]))
        total, done = max(1, file.metadata.num_rows), 0
        try:
            for batch in parquetrows.batches(file, wanted):
                columns = {ours: _values(ours, batch.column(theirs)) for ours, theirs in self._columns.items()}
                vectors = {
                    name: parquetrows.vectors(batch.column(name), self._reading.dimensions) for name in self._vectors
                }
                others = {name: _values(name, batch.column(theirs)) for name, theirs in extra.items()}
                for n in range(batch.num_rows):
                    done += 1
                    values: Row = {name: each[n] for name, each in columns.items()}
                    values |= {name: found[n] for name, (found, _) in vectors.items()}
                    if wrong := {name: why[n] for name, (_, why) in vectors.items() if n in why}:
                        values["odd"] = wrong
                    if extra:
                        values["diffusiondb"] = _short({name: each[n] for name, each in others.items()}, [])
                    yield values, self.size * done // total
        except (OSError, pa.ArrowException) as error:
            raise BadTable(
                f"{self.path} breaks off after row {done} ({error}). Fetch it again; the rows before it are in."
            ) from error


def _unique(names: list[str]) -> dict[str, str]:
    """Each column by its name in small letters; of two of the same name the first."""
    return {name.strip().casefold(): name for name in reversed(names)}


# Values


def _values(name: str, column: pa.Array) -> list[Any]:
    if name in ("picture", "thumbnail"):
        return parquetrows.blobs(column, MOST_BYTES if name == "picture" else THUMBNAIL)
    return parquetrows.values(column, _most(name))


def _most(name: str) -> int:
    """Characters of a text in this column."""
    return LONGEST_RECIPE if name == "recipe" else PROMPT


def _short(values: Row, odd: list[str]) -> Row:
    """The row without the texts and pictures that are too long for any; without its prompt it is none."""
    long: Row = {}
    for name, value in values.items():
        if isinstance(value, TooLong):
            long[name] = value
        elif isinstance(value, str) and len(value) > PROMPT and name != "prompt" and len(value) > _most(name):
            long[name] = TooLong(len(value))
    if not long:
        return values
    if "prompt" in long:
        raise BadRow(f"its prompt has {long['prompt']}, more than {PROMPT}")
    odd += [
        f"its {name} has {length}, more than {MOST_BYTES if name == 'picture' else _most(name)}; left out"
        for name, length in long.items()
        if name != "thumbnail"  # another is made of the picture
    ]
    return {**values, **dict.fromkeys(long)}


def text(value: Any) -> str:
    """NUL bytes and halves of surrogate pairs are no text anywhere else, so they go."""
    if not value:
        return "" if value is None or value == "" else str(value)
    said = str(value)
    if not said.isascii():
        said = said.encode("utf-8", "replace").decode("utf-8")
    return said.replace("\0", "").strip()


def _pixels(name: str, value: Any) -> int:
    said = text(value)
    if said.isdecimal() and len(said) < 10:
        return int(said)
    if not said or said.lower() == "nan":
        return 0
    try:
        number = int(float(said))
    except (ValueError, OverflowError) as error:
        raise BadRow(f"its {name} {said[:40]!r} is no number") from error
    if not 0 <= number < 2**32:
        raise BadRow(f"its {name} {said[:40]} is no size in pixels")
    return number


def _real(value: Any) -> float | None:
    try:
        number = float(value if isinstance(value, int | float) else text(value))
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _whole(value: Any) -> int | None:
    """A whole number that is not negative, also where a table made a float of it."""
    said = text(value)
    if said.isdecimal() and len(said) <= 20:
        return int(said)
    number = _real(value)
    return int(number) if number is not None and number >= 0 and number.is_integer() else None


def _recipe(values: Row) -> str:
    """What is known of the making, as JSON: the file's own recipe, or one made of its columns; empty when nothing is."""
    whole = values.get("recipe")
    if isinstance(whole, str) and whole.strip():
        try:
            if isinstance(json.loads(whole), dict):
                return whole
        except (ValueError, RecursionError):
            return ""
        return ""
    numbers: dict[str, Any] = {name: _whole(values.get(name)) for name in ("seed", "steps")}
    guidance = _real(values.get("guidance"))
    known = {
        "negative_prompt": text(values.get("negative_prompt")),
        **numbers,
        "guidance": None if guidance is None else float(f"{guidance:.6g}"),  # 7.1 as float32 is 7.0999999
        "sampler": text(values.get("sampler"))[:100],
        "model": text(values.get("model"))[:200],
    }
    kept = {name: value for name, value in known.items() if value not in (None, "")}
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def _time(value: Any) -> datetime.datetime | None:
    """A moment in UTC, without its zone as the library keeps it."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime.datetime):
        return None
    return value.astimezone(datetime.UTC).replace(tzinfo=None) if value.tzinfo else value


def _is_webp(data: bytes) -> bool:
    """Whether it is a whole WebP file as far as its parts tell; no pixel is decoded."""
    if not 12 < len(data) <= THUMBNAIL or data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return False
    if int.from_bytes(data[4:8], "little") + 8 > len(data):
        return False
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("WEBP",)) as picture:
            return max(picture.size) <= SIDE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
