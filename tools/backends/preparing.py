"""Rows on their way into the library: those of the files that are new, with their pictures, and then with their vectors.

The first two stages of an ingest, as plain steps; where they run is the business of whoever calls them. A `Window` can be
pickled, so that they may run on other machines.
"""

import hashlib
import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from tools.backends.columns import NUMBERS, SCORES, TEXTS
from tools.backends.embedding import Encoder
from tools.backends.errors import BadPicture, BadTable
from tools.backends.fetching import DeadLink, Fetcher
from tools.backends.pictures import open_picture, thumbnail
from tools.backends.reading import Piece, Reading, Row, Table
from tools.backends.sameness import Gain, Saying, Standing

if TYPE_CHECKING:
    from PIL.Image import Image

BATCH = 4_000  # rows read, encoded and added at a time, at most: sorted by length they waste next to nothing
LEAST = 200  # encoded and added at a time where the encoder is slow: Ctrl-C is heard soon, and a kill loses little
SECONDS = 6.0  # of encoding that a batch should take
PICTURED = 100  # rows at a time where pictures are opened: each is up to 0.8 MB until it is encoded
NAMED = 5  # bad rows, and dead links, that are described; the others are only counted
COUNTED = ("read", "good", "failed", "left_out", "unscored", "gone")  # of a file, kept with its mark
MOST_LOVED = 2_000  # keys of a file's favourites that are kept with its mark
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")

Numbered = tuple[int, Row]


class Known(Protocol):
    """Who says which rows are there, and which links are dead: the library."""

    def standing(self, rows: Sequence[Saying]) -> list[Standing]:
        """Which of the rows are new, and what the others would bring."""
        ...

    def dead(self, links: Collection[str]) -> Collection[str]:
        """Which of the links are known to be dead."""
        ...


@dataclass(kw_only=True)
class Figures:
    """What is counted of some rows, or of all."""

    read: int = 0
    good: int = 0
    failed: int = 0
    left_out: int = 0
    unscored: int = 0  # … of these, because their score is not known
    gone: int = 0  # rows that the person took out of the library, and that stay out
    dead_links: int = 0  # rows whose link was asked, and gave no picture
    marked: int = 0  # … of these, those that never will
    known_dead: int = 0  # rows whose link was not asked, because it never will
    fresh: int = 0  # rows that were really read, not those of a file that has its mark
    problems: list[str] = field(default_factory=list)
    untold: int = 0  # problems that are only counted
    dead: list[str] = field(default_factory=list)
    loved: list[str] = field(
        default_factory=list
    )  # keys of the favourites among the rows: these may be taken out later

    def tell(self, text: str) -> None:
        """Describe a problem, if it is one of the first."""
        if len(self.problems) < NAMED:
            self.problems.append(text)
        else:
            self.untold += 1

    def add(self, other: "Figures") -> None:
        """Count another's rows as well."""
        for name in (*COUNTED, "dead_links", "marked", "known_dead", "fresh", "untold"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        problems = self.problems + other.problems
        self.problems, self.untold = problems[:NAMED], self.untold + len(problems[NAMED:])
        self.loved = (self.loved + other.loved)[: MOST_LOVED + 1]
        self.dead = (self.dead + other.dead)[:NAMED]


@dataclass(kw_only=True)
class Window:
    """Rows on their way: first read, then encoded. `made` are their opened pictures with thumbnails, by row number."""

    file: int  # which of the files
    figures: Figures
    position: int  # bytes read of that file when these rows are done
    begins: int = 0  # … and before them
    rows: list[Numbered] = field(default_factory=list)  # those that are new
    made: "dict[int, tuple[Image, bytes]]" = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)
    gains: list[Gain] = field(default_factory=list)  # what known examples get
    dead: dict[str, str] = field(default_factory=dict)  # links that are to be marked, each with why
    came: list[str] = field(default_factory=list)  # links that gave a picture
    table: pa.Table | None = None  # ready for the library
    taken: int = 0
    seen: int = 0  # pictures
    last: bool = False  # of its file


# Reading: rows of the files that are new, with their pictures


class Windows:
    """The files' rows, some at a time; those that the library has are counted and left out."""

    def __init__(
        self,
        files: Sequence[Path],
        reading: Reading,
        folder: "PictureFolder | None",
        fetcher: Fetcher | None,
        known: Known,
        done: Mapping[int, Mapping[str, int]],
        again: bool = False,
    ) -> None:
        self._files, self._reading, self._folder, self._fetcher = files, reading, folder, fetcher
        self.known, self._done, self._again = known, done, again

    def __iter__(self) -> Iterator[Window]:
        for number, file in enumerate(self._files):
            if number in self._done:
                yield self._unchanged(number)
                continue
            table = Table(file, self._reading)
            size = PICTURED if table.has_pictures else 4 * PICTURED if self._folder else BATCH
            notes = [self._foreign(table)] if table.foreign else []
            before = 0
            for piece in table.pieces(min(size, BATCH)):
                yield from self._windows(number, file, piece, before, notes)
                before, notes = piece.position, []
            yield Window(file=number, figures=Figures(), position=table.size, last=True)

    def everywhere(self, known: Known) -> None:
        """Make ready to be sent to another machine: whom to ask there, and paths that do not depend on the folder."""
        self.known = known
        self._files = [file.resolve() for file in self._files]
        if self._folder:
            self._folder.resolve()

    def _unchanged(self, number: int) -> Window:
        figures, said = Figures(), self._done[number]
        for name in COUNTED:
            setattr(figures, name, int(said.get(name, 0)))
        return Window(file=number, figures=figures, position=self._files[number].stat().st_size, last=True)

    def _foreign(self, table: Table) -> str:
        return (
            f"{table.path.name} holds vectors of the encoder {table.foreign}, and another is in use: its prompts and "
            "pictures are encoded anew."
        )

    def _windows(self, number: int, file: Path, piece: Piece, before: int, notes: list[str]) -> Iterator[Window]:
        """What is new of the checked rows."""
        figures = Figures(read=piece.read, fresh=piece.read, good=len(piece.rows), failed=len(piece.bad))
        figures.left_out, figures.unscored, figures.problems = piece.left_out, piece.unscored, list(notes)
        for row, why in (*piece.bad, *piece.odd):
            figures.tell(f"{file.name} row {row}: {why}")
        pictures = {n: found for n, row in piece.rows if (found := _picture_of(row, self._folder)) is not None}
        # Only a row without a link is told apart by its picture, which then has to be opened first.
        opening = any(n in pictures and not row["url"] and not row["thumbnail"] for n, row in piece.rows)
        size = PICTURED if opening else max(1, len(piece.rows))
        chosen: list[Numbered] = []
        gains: list[Gain] = []
        made: dict[int, tuple[Image, bytes]] = {}
        for start in range(0, len(piece.rows), size):
            chosen += self._new(piece.rows[start : start + size], file, pictures, made, figures, gains)
        if self._fetcher and not self._again:
            dead = self.known.dead({new["url"] for _, new in chosen if self._can_fetch(new)})
            for _, new in chosen:
                new["dead"] = new["url"] in dead
        few = PICTURED if self._fetcher or any(n in pictures for n, _ in chosen) else BATCH
        size = -(-len(chosen) // max(1, -(-len(chosen) // few))) or 1  # windows of about the same size
        rest = Window(file=number, figures=figures, begins=before, position=piece.position, rows=chosen, gains=gains)
        while len(rest.rows) > size:
            window = _first(rest, size)
            self._picture(window, file, pictures, made)
            yield window
        self._picture(rest, file, pictures, made)
        yield rest

    def _new(
        self,
        rows: list[Numbered],
        file: Path,
        pictures: "dict[int, Path | bytes]",
        made: "dict[int, tuple[Image, bytes]]",
        figures: Figures,
        gains: list[Gain],
    ) -> list[Numbered]:
        """The rows that the library does not have, or not with their picture; what it gets of the others is put into `gains`."""
        said = [self._said(number, row, file, pictures, made, figures) for number, row in rows]
        figures.loved += [key for saying in said if saying.favourite for key in saying.keys]
        new: dict[tuple[Any, ...], Numbered] = {}
        for numbered, saying, standing in zip(rows, said, self.known.standing(said), strict=True):
            if standing.gone and not self._again:
                figures.gone, figures.good = figures.gone + 1, figures.good - 1
                continue
            if standing.gain:
                gains.append(standing.gain)
            if not standing.known or standing.lacks_picture:
                numbered[1]["known"] = standing.known
                same = (saying.keys[0], saying.shows, saying.favourite, saying.nsfw, saying.rating)
                new.setdefault(same, numbered)
        for number in {n for n, _ in rows} - {n for n, _ in new.values()}:
            made.pop(number, None)
        return list(new.values())

    def _said(
        self,
        number: int,
        row: Row,
        file: Path,
        pictures: "dict[int, Path | bytes]",
        made: "dict[int, tuple[Image, bytes]]",
        figures: Figures,
    ) -> Saying:
        small = row["thumbnail"]
        if number in pictures and not row["url"] and not small:
            self._open(number, file, pictures, made, figures)
            small = made[number][1] if number in made else None
        return Saying(
            **{name: row[name] for name in ("id", "prompt", "url", "recipe", "favourite", "nsfw", "rating")},
            picture=small,
            shows=number in pictures or _has_picture(row) or self._can_fetch(row),
        )

    def _can_fetch(self, row: Row) -> bool:
        return self._fetcher is not None and bool(row["url"]) and not row["url"].startswith("diffusiondb://")

    def _picture(
        self,
        window: Window,
        file: Path,
        pictures: "dict[int, Path | bytes]",
        made: "dict[int, tuple[Image, bytes]]",
    ) -> None:
        """Open or fetch the pictures of a window's rows."""
        for number, _ in window.rows:
            self._open(number, file, pictures, made, window.figures)
        if self._fetcher:
            asked = [(n, row) for n, row in window.rows if n not in made and self._can_fetch(row)]
            links = {n: row["url"] for n, row in asked if not row.get("dead")}
            window.figures.known_dead += len(asked) - len(links)
            made |= _fetched(links, self._fetcher, window, file)
        window.made = {n: made.pop(n) for n, _ in window.rows if n in made}
        window.sources = {n: _source_name(pictures.get(n)) for n in window.made}
        # A known row whose link is dead again has nothing to add.
        window.rows = [
            (n, row) for n, row in window.rows if n in window.made or _has_picture(row) or not row.get("known")
        ]

    def _open(
        self,
        number: int,
        file: Path,
        pictures: "dict[int, Path | bytes]",
        made: "dict[int, tuple[Image, bytes]]",
        figures: Figures,
    ) -> None:
        if number in made or number not in pictures:
            return
        try:
            made[number] = _small(pictures[number])
        except BadPicture as error:  # the prompt is worth keeping without it
            figures.tell(f"{file.name} row {number}: its picture is left out: {error}")
            del pictures[number]


def _has_picture(row: Row) -> bool:
    return row["picture_vector"] is not None


def _fetched(links: dict[int, str], fetcher: Fetcher, window: Window, file: Path) -> "dict[int, tuple[Image, bytes]]":
    """The pictures behind the rows' links, as far as there are any; the others are counted, and noted where that is final."""
    found = fetcher.each(links.values(), _small)
    made: dict[int, tuple[Image, bytes]] = {}
    figures = window.figures
    for number, link in links.items():
        picture = found[link]
        if isinstance(picture, BadPicture):
            figures.dead_links += 1
            if len(figures.dead) < NAMED:
                figures.dead.append(f"{file.name} row {number}: no picture from {link[:200]}: {picture}")
            if isinstance(picture, DeadLink):
                figures.marked += 1
                window.dead[link] = str(picture)
        else:
            made[number] = picture
            window.came.append(link)
    return made


def _small(data: "Path | bytes") -> "tuple[Image, bytes]":
    """A picture for the encoder, and its thumbnail."""
    picture = open_picture(data)
    return picture.resize(_fit(picture.size)), thumbnail(picture)


def _fit(size: tuple[int, int], most: int = 512) -> tuple[int, int]:
    """No encoder looks at more, and a batch of full pictures would fill the memory."""
    scale = min(1.0, most / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _source_name(picture: "Path | bytes | None") -> str:
    return picture.name if isinstance(picture, Path) else ""


def _picture_of(row: Row, folder: "PictureFolder | None") -> "Path | bytes | None":
    if row["picture"]:
        return bytes(row["picture"])
    if folder:
        last = row["url"].rstrip("/").rpartition("/")[2].partition("?")[0]
        for name in (row["id"], last, Path(last).stem):
            if name and (found := folder.get(name)):
                return found
    if row["thumbnail"] and not _has_picture(row):
        return bytes(row["thumbnail"])
    return None


class PictureFolder:
    """The pictures of a folder and its folders, by their names with and without the ending; of the same name the first.

    There may be a million: each costs its path as text, and 24 bytes for its two names.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise BadTable(f"There is no folder {root}. Name the folder of the pictures.")
        self._root = root
        self._files = list(_pictures_below(root))
        codes = (_code(name) for file in self._files for name in _names(file))
        each = np.fromiter(codes, np.uint64, 2 * len(self._files))
        order = np.argsort(each, kind="stable")
        self._codes, self._places = each[order], (order // 2).astype(np.uint32)

    def __len__(self) -> int:
        return len(self._files)

    def get(self, name: str) -> Path | None:
        """The first picture of that name."""
        code = _code(name)
        at = int(np.searchsorted(self._codes, code))
        while at < len(self._codes) and self._codes[at] == code:
            file = self._files[self._places[at]]
            if name in _names(file):  # two names may have one code
                return self._root / file
            at += 1
        return None

    def resolve(self) -> None:
        """Let its paths no longer depend on the folder that one is in."""
        self._root = self._root.resolve()


def _pictures_below(root: Path, under: str = "") -> Iterator[str]:
    """Paths below the root, in order; a folder's files stand where its name would. Links to folders are not followed."""
    try:
        with os.scandir(root / under) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except PermissionError:
        return
    for name, is_folder in found:
        if is_folder:
            yield from _pictures_below(root, f"{under}{name}/")
        elif name.lower().endswith(SUFFIXES) and name.count(".") > name.startswith("."):  # not one that is all ending
            yield under + name


def _names(file: str) -> tuple[str, str]:
    name = file.rpartition("/")[2]
    return name, name.rpartition(".")[0]


def _code(name: str) -> np.uint64:
    return np.frombuffer(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), np.uint64)[0]


# Encoding: rows ready for the library


class Encoding:
    """The second stage: windows get their vectors, as many rows at a time as the encoder does in a few seconds."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._size = LEAST

    def __call__(self, window: Window) -> Iterator[Window]:
        """The window, encoded, in one or more parts."""
        while len(window.rows) > self._size * 5 // 4:  # no tiny rest
            yield self._timed(_first(window, self._size))
        yield self._timed(window)

    def _timed(self, part: Window) -> Window:
        begun, rows = time.perf_counter(), len(part.rows)
        done = encode(part, self._encoder)
        if rows >= min(LEAST, BATCH) and not done.seen and not done.taken:
            able = rows * SECONDS / max(1e-3, time.perf_counter() - begun)
            # Slowly: one quick measurement, of short prompts or of an idle machine, must not make Ctrl-C wait for minutes.
            self._size = max(LEAST, min(int(able), 2 * self._size, BATCH))
        return done


def _first(window: Window, count: int) -> Window:
    """Take the first rows off a window, with all that is counted but the others."""
    taken, window.rows = window.rows[:count], window.rows[count:]
    rest = len(window.rows)
    begins, window.begins = window.begins, window.position - (window.position - window.begins) * rest // (count + rest)
    gains, window.gains = window.gains, []
    figures, window.figures = window.figures, Figures(read=rest, good=rest, fresh=rest)
    figures.read, figures.good, figures.fresh = figures.read - rest, figures.good - rest, figures.fresh - rest
    numbers = [n for n, _ in taken]
    return Window(
        file=window.file,
        figures=figures,
        begins=begins,
        position=window.begins,
        rows=taken,
        gains=gains,
        made={n: window.made.pop(n) for n in numbers if n in window.made},
        sources={n: window.sources.pop(n) for n in numbers if n in window.sources},
    )


def encode(window: Window, encoder: Encoder) -> Window:
    """Give a window's rows their vectors and make the table that `Library.add` takes; lets go of the pictures."""
    rows, made, window.rows, window.made = window.rows, window.made, [], {}
    if not rows:
        return window
    numbers = [n for n, _ in rows]
    missing = [n for n, (_, row) in enumerate(rows) if not _is_vector(row["prompt_vector"], encoder.dimensions)]
    vectors = encoder.texts([rows[n][1]["prompt"] for n in missing]) if missing else np.zeros((0, encoder.dimensions))
    if len(missing) < len(rows):
        fresh: dict[int, Any] = dict(zip(missing, vectors, strict=True))
        vectors = np.stack([fresh[n] if n in fresh else row["prompt_vector"] for n, (_, row) in enumerate(rows)])
    window.taken = len(rows) - len(missing)
    to_see = [n for n in numbers if n in made]
    seen: dict[int, np.ndarray] = dict(zip(to_see, encoder.pictures([made[n][0] for n in to_see]), strict=True))
    small = {n: row["thumbnail"] or (made[n][1] if n in made else None) for n, row in rows}
    for n, row in rows:
        if n not in seen and _is_vector(row["picture_vector"], encoder.dimensions):
            seen[n] = row["picture_vector"]
    names = ("prompt", *TEXTS, *SCORES, "favourite", "recipe")
    table: dict[str, Any] = {name: [row[name] for _, row in rows] for name in names}
    table |= {name: pa.array([row[name] for _, row in rows], pa.uint32()) for name in NUMBERS}
    if any(row["added_at"] for _, row in rows):
        table["added_at"] = pa.array([row["added_at"] for _, row in rows], pa.timestamp("ms"))
    offsets = np.arange(len(rows) + 1, dtype=np.int32) * encoder.dimensions
    table["prompt_vector"] = pa.ListArray.from_arrays(offsets, np.ascontiguousarray(vectors, np.float32).reshape(-1))
    if seen:
        table["picture_vector"] = pa.array([seen.get(n) for n in numbers], pa.list_(pa.float32()))
        table["thumbnail"] = pa.array([small[n] if n in seen else None for n in numbers], pa.binary())
        table["source"] = [window.sources.get(n, "") for n in numbers]
    window.table, window.seen = pa.table(table), len(seen)
    return window


def _is_vector(vector: np.ndarray | None, dimensions: int) -> bool:
    """Whether a file's vector can be one of the encoder's: of its length, finite, of length one."""
    return vector is not None and vector.shape == (dimensions,) and abs(float(vector @ vector) - 1.0) < 1e-3
