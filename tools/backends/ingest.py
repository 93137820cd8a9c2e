"""Reading tables of prompts into the library: CSV or Parquet in the columns of the 900k data set.

Streams: memory does not grow with the file. Bad rows are counted and the first few named, never fatal. What is new is
decided by content, so an interrupted run is simply started again and a second run adds nothing.
"""

import csv
import io
import logging
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

from tools.backends.database import Library, content_key
from tools.backends.embedding import Encoder
from tools.backends.errors import BadPicture, BadTable
from tools.backends.fetching import Fetcher
from tools.backends.pictures import open_picture, thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

BATCH = 1_000  # rows encoded and inserted at a time
FETCHED = 200  # rows at a time where pictures are fetched: a killed run loses no more than these
NAMED = 5  # bad rows, and dead links, that are described; the others are only counted
FIELD = 16 << 20  # characters of one CSV field; a quotation mark without its partner may swallow this much and no more
PROMPT = 100_000  # characters of a prompt; anything longer is a broken file
TEXTS = ("id", "url", "source_site")
NUMBERS = ("width", "height")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")

Progress = Callable[[int, int, int], None]  # rows read, bytes done, bytes in all


@dataclass(frozen=True, kw_only=True)
class IngestSummary:
    """What an ingest did.

    `problems` describes the first bad rows and dead links; `peak_memory_mb` is the whole process's so far.
    """

    read: int
    added: int
    skipped: int
    failed: int
    seconds: float
    rows_per_second: float
    pictures: int = 0
    dead_links: int = 0
    problems: tuple[str, ...] = ()
    peak_memory_mb: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The contract's shape: read, added, skipped, failed, seconds, rows_per_second."""
        return {
            "read": self.read,
            "added": self.added,
            "skipped": self.skipped,
            "failed": self.failed,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows_per_second, 1),
        }


class _BadRow(Exception):
    """A row that is left out; says why."""


class _Tally:
    """The figures of a run while it goes on."""

    def __init__(self) -> None:
        self.read = self.added = self.skipped = self.failed = self.pictures = self.dead_links = 0
        self.problems: list[str] = []
        self.dead: list[str] = []

    def fail(self, file: Path, row: int, why: object) -> None:
        self.failed += 1
        self.note(f"{file.name} row {row}: {why}")

    def note(self, text: str) -> None:
        if len(self.problems) < NAMED:
            self.problems.append(text)

    def dead_link(self, file: Path, row: int, link: str, why: object) -> None:
        self.dead_links += 1
        if len(self.dead) < NAMED:
            self.dead.append(f"{file.name} row {row}: no picture from {link[:200]}: {why}")


def ingest(
    paths: Sequence[str | Path],
    library: Library,
    encoder: Encoder,
    *,
    images: str | Path | None = None,
    fetcher: Fetcher | None = None,
    progress: Progress | None = None,
) -> IngestSummary:
    """Read the files into the library.

    Args:
        paths: CSV or Parquet files with the column prompt, and where there are any: id, url, width, height, source_site,
            and in Parquet picture (the bytes of an image file).
        images: folder of pictures named by a row's id or by the last part of its url, as JPEG, PNG or WebP.
        fetcher: loads from their links the pictures that are neither in the files nor in the folder; asks nobody for
            those that the library has.
        progress: called after each batch with the rows read, the bytes read and the bytes of all files.

    Raises:
        BadTable: a file is missing, is no table, or has no prompt column; what came before it stays added.
        LibraryError, StorageFull: from the library; what was added stays.
    """
    files = [Path(path) for path in paths]
    for file in files:
        if not file.is_file():
            raise BadTable(f"There is no file {file}. Name a CSV or Parquet file.")
    folder = _images_in(Path(images)) if images is not None else {}
    sizes = [file.stat().st_size for file in files]
    tally, start, before = _Tally(), time.monotonic(), 0
    for file, size in zip(files, sizes, strict=True):
        for rows, position in _batches(file, tally, FETCHED if fetcher else BATCH):
            _add(rows, library, encoder, folder, fetcher, tally, file)
            if progress:
                progress(tally.read, before + min(position, size), sum(sizes))
        before += size
    seconds = time.monotonic() - start
    return IngestSummary(
        read=tally.read,
        added=tally.added,
        skipped=tally.skipped,
        failed=tally.failed,
        seconds=seconds,
        rows_per_second=tally.read / seconds if seconds > 0 else 0.0,
        pictures=tally.pictures,
        dead_links=tally.dead_links,
        problems=(*tally.problems, *tally.dead),
        peak_memory_mb=_peak_memory_mb(),
    )


# One batch


def _add(
    rows: list[tuple[int, dict[str, Any]]],
    library: Library,
    encoder: Encoder,
    folder: dict[str, Path],
    fetcher: Fetcher | None,
    tally: _Tally,
    file: Path,
) -> None:
    """Encode what is new of the checked rows and add it; `rows` holds (row number, values)."""
    pictures = {number: found for number, row in rows if (found := _picture_of(row, folder)) is not None}
    made: dict[int, tuple[Image, bytes]] = {}

    def key(number: int, row: dict[str, Any]) -> str:
        # Only a row without a link is told apart by its picture, which then has to be opened first.
        if number in pictures and not row["url"]:
            opened(number)
        return content_key(row["prompt"], row["url"], "", made[number][1] if number in made else None)

    def opened(number: int) -> None:
        if number in made or number not in pictures:
            return
        try:
            made[number] = _small(pictures[number])
        except BadPicture as error:  # the prompt is worth keeping without it
            tally.note(f"{file.name} row {number}: its picture is left out: {error}")
            del pictures[number]

    keyed = [(key(number, row), number, row) for number, row in rows]
    known = library.is_known(each for each, _, _ in keyed)
    lacking = library.without_picture(known) if known and (pictures or fetcher) else set()
    new = {
        each: (number, row)
        for each, number, row in reversed(keyed)
        if each not in known or (each in lacking and (number in pictures or (fetcher and row["url"])))
    }
    chosen = sorted(new.values(), key=lambda pair: pair[0])
    for number, _ in chosen:
        opened(number)
    if fetcher:
        made |= _fetched(
            {number: row["url"] for number, row in chosen if number not in made and row["url"]}, fetcher, tally, file
        )
        # a known row whose link is dead again has nothing to add
        there = {number for each, (number, _) in new.items() if each in known}
        chosen = [(number, row) for number, row in chosen if number in made or number not in there]
    added = 0
    if chosen:
        with_picture = [number for number, _ in chosen if number in made]
        seen = dict(zip(with_picture, encoder.pictures([made[n][0] for n in with_picture]), strict=True))
        vectors = encoder.texts([row["prompt"] for _, row in chosen])
        table: dict[str, Any] = {name: [row[name] for _, row in chosen] for name in ("prompt", *TEXTS)}
        table |= {name: pa.array([row[name] for _, row in chosen], pa.uint32()) for name in NUMBERS}
        table["prompt_vector"] = _lists(list(vectors))
        if seen:
            table["picture_vector"] = _lists([seen.get(number) for number, _ in chosen])
            table["thumbnail"] = pa.array([made[n][1] if n in made else None for n, _ in chosen], pa.binary())
            table["source"] = [_source_name(pictures.get(number)) for number, _ in chosen]
        added = library.add(pa.table(table))
        tally.pictures += len(seen)
    tally.added += added
    tally.skipped += len(rows) - added


def _fetched(links: dict[int, str], fetcher: Fetcher, tally: _Tally, file: Path) -> "dict[int, tuple[Image, bytes]]":
    """The pictures behind the rows' links, as far as there are any; the others are counted."""
    found = fetcher.each(links.values(), _small)
    made: dict[int, tuple[Image, bytes]] = {}
    for number, link in links.items():
        picture = found[link]
        if isinstance(picture, BadPicture):
            tally.dead_link(file, number, link, picture)
        else:
            made[number] = picture
    return made


def _small(data: "Path | bytes") -> "tuple[Image, bytes]":
    """A picture for the encoder, and its thumbnail."""
    picture = open_picture(data)
    return picture.resize(_fit(picture.size)), thumbnail(picture)


def _lists(vectors: list[Any]) -> pa.Array:
    return pa.array([None if v is None else v for v in vectors], pa.list_(pa.float32()))


def _fit(size: tuple[int, int], most: int = 512) -> tuple[int, int]:
    """No encoder looks at more, and a batch of full pictures would fill the memory."""
    scale = min(1.0, most / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _source_name(picture: "Path | bytes | None") -> str:
    return picture.name if isinstance(picture, Path) else ""


def _picture_of(row: dict[str, Any], folder: dict[str, Path]) -> "Path | bytes | None":
    if row.get("picture"):
        return bytes(row["picture"])
    if not folder:
        return None
    last = row["url"].rstrip("/").rpartition("/")[2].partition("?")[0]
    return next((folder[name] for name in (row["id"], last, Path(last).stem) if name and name in folder), None)


def _images_in(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise BadTable(f"There is no folder {folder}. Name the folder of the pictures.")
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]
    return {name: path for path in reversed(files) for name in (path.name, path.stem)}


# Rows of a file


def _batches(file: Path, tally: _Tally, most: int) -> Iterator[tuple[list[tuple[int, dict[str, Any]]], int]]:
    """Checked rows with their numbers (the first row under the header is 1), and the bytes read so far."""
    with file.open("rb") as raw:
        is_parquet = raw.read(4) == b"PAR1"
        raw.seek(0)
        rows = _parquet_rows(file) if is_parquet else _csv_rows(file, raw)
        batch: list[tuple[int, dict[str, Any]]] = []
        position, number = 0, 0
        for number, (values, position) in enumerate(rows, 1):
            tally.read += 1
            try:
                batch.append((number, _checked(values)))
            except _BadRow as error:
                tally.fail(file, number, error)
            if len(batch) >= most:
                yield batch, position
                batch = []
        yield batch, position


def _checked(values: "dict[str, Any] | _BadRow") -> dict[str, Any]:
    if isinstance(values, _BadRow):
        raise values
    row: dict[str, Any] = {"prompt": _text(values.get("prompt"))}
    if not row["prompt"]:
        raise _BadRow("its prompt is empty")
    if len(row["prompt"]) > PROMPT:
        raise _BadRow(f"its prompt has {len(row['prompt'])} characters, more than {PROMPT}")
    for name in TEXTS:
        row[name] = _text(values.get(name))
    for name in NUMBERS:
        row[name] = _number(name, values.get(name))
    picture = values.get("picture")
    if isinstance(picture, dict):  # the image columns of Hugging Face's datasets
        picture = picture.get("bytes")
    row["picture"] = picture if isinstance(picture, bytes) else None
    return row


def _text(value: Any) -> str:
    """NUL bytes and halves of surrogate pairs are no text anywhere else, so they go."""
    return "" if value is None else str(value).replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def _number(name: str, value: Any) -> int:
    text = _text(value)
    if not text or text.lower() == "nan":
        return 0
    try:
        number = int(float(text))
    except (ValueError, OverflowError) as error:
        raise _BadRow(f"its {name} {text[:40]!r} is no number") from error
    if not 0 <= number < 2**32:
        raise _BadRow(f"its {name} {text[:40]} is no size in pixels")
    return number


def _csv_rows(file: Path, raw: BinaryIO) -> Iterator[tuple["dict[str, Any] | _BadRow", int]]:
    csv.field_size_limit(FIELD)
    encoding = _encoding(raw)
    text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    lines = (line.replace("\0", "") for line in text)
    reader = csv.reader(lines, delimiter=_delimiter(raw, encoding))
    header = [name.strip().casefold() for name in next(reader, [])]
    if "prompt" not in header:
        found = ", ".join(name or "(empty)" for name in header[:20])[:300] or "none"
        raise BadTable(f"{file} has no column named prompt (found: {found}). Name the column of the prompts `prompt`.")
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # such as a field larger than the limit
            yield _BadRow(f"it cannot be read: {error}"), raw.tell()
            continue
        if cells:
            if len(cells) > len(header):
                yield _BadRow(f"it has {len(cells)} fields, the header {len(header)}"), raw.tell()
            else:
                yield dict(zip(header, cells, strict=False)), raw.tell()


def _encoding(raw: BinaryIO) -> str:
    """UTF-16 by its mark, UTF-8 where the beginning is that, else Windows' Latin; unreadable bytes become �."""
    start = raw.read(1 << 20)
    raw.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start[: start.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        # One bad byte in a file of UTF-8 is damage; many letters that are none are another encoding.
        valid = start.decode("utf-8", "ignore").encode()
        foreign = sum(byte > 127 for byte in start) - sum(byte > 127 for byte in valid)
        if foreign > sum(byte > 127 for byte in valid) and error.start >= 0:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(raw: BinaryIO, encoding: str) -> str:
    """The header's own: comma, semicolon or tab."""
    at = raw.tell()
    raw.seek(0)
    header = raw.read(4096).decode(encoding, "ignore").partition("\n")[0]
    raw.seek(at)
    return max((",", ";", "\t"), key=header.count)


def _parquet_rows(path: Path) -> Iterator[tuple["dict[str, Any] | _BadRow", int]]:
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise BadTable(f"{path} is a broken Parquet file ({error}). Fetch it again.") from error
    names = {name.casefold(): name for name in file.schema_arrow.names}
    if "prompt" not in names:
        found = ", ".join(file.schema_arrow.names[:20])
        raise BadTable(f"{path} has no column named prompt (found: {found}). Name the column of the prompts `prompt`.")
    wanted = [names[name] for name in ("prompt", *TEXTS, *NUMBERS, "picture") if name in names]
    size, total, done = path.stat().st_size, max(1, file.metadata.num_rows), 0
    try:
        for batch in file.iter_batches(BATCH, columns=wanted):
            for row in batch.to_pylist():
                done += 1
                yield {name.casefold(): value for name, value in row.items()}, size * done // total
    except (OSError, pa.ArrowException) as error:
        raise BadTable(
            f"{path} breaks off after row {done} ({error}). Fetch it again; the rows before it are in."
        ) from error


def _peak_memory_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
