"""People's tables into the library: read, encoded and written at the same time, so that the encoder never waits.

Memory does not grow with the file. What is new is decided by content, so an interrupted run is simply started again: it
goes on where it stopped, and nothing is lost or there twice. A file that was read to its end gets a mark, written last,
and is not read again until it changes, or until one of its favourites is taken out of the library. Bad rows are counted and the first few named, never fatal.
"""

import hashlib
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tools.backends.database import Library
from tools.backends.embedding import Encoder
from tools.backends.errors import BadTable, LibraryError, LibraryUnreachable, StorageFull
from tools.backends.fetching import Fetcher
from tools.backends.preparing import COUNTED, MOST_LOVED, Encoding, Figures, PictureFolder, Window, Windows
from tools.backends.reading import Reading, Table
from tools.backends.sameness import Removed, Saying, Standing
from tools.backends.stages import Timings, flow

RETRIES = (1.0, 4.0, 15.0)  # seconds until a server that went away is tried again; adding twice adds once
VERSION = "4"  # of how files become rows; a mark of another version does not count

Progress = Callable[[int, int, int], None]  # rows read, bytes done, bytes in all
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class IngestSummary:
    """What an ingest did.

    `problems` describes the first bad rows and dead links; `unchanged` files were read before and were not read again,
    their rows stand in `read` and `skipped` all the same; `left_out` rows were so for their nsfw score, `unscored` of them
    because it is not known, and `taken` came with vectors. `untold` problems are not among those described. `updated` known examples got a recipe or score that they lacked, or became favourites; `gone` rows were
    taken out of the library by the person, and stay out. `dead_links` were asked and gave no picture; `marked` of them never
    will, so that later runs leave them alone, as this one left alone `known_dead`. `stages` holds the seconds that each stage worked, and that the encoder waited.
    """

    read: int
    added: int
    skipped: int
    failed: int
    seconds: float
    rows_per_second: float
    left_out: int = 0
    unscored: int = 0
    unchanged: int = 0
    updated: int = 0
    gone: int = 0
    taken: int = 0
    pictures: int = 0
    dead_links: int = 0
    marked: int = 0
    known_dead: int = 0
    problems: tuple[str, ...] = ()
    untold: int = 0
    stages: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The contract's shape (read, added, skipped, failed, seconds, rows_per_second), and after it what else is known."""
        return {
            "read": self.read,
            "added": self.added,
            "skipped": self.skipped,
            "failed": self.failed,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows_per_second, 1),
            "updated": self.updated,
            "left_out": self.left_out,
            "without_score": self.unscored,
            "taken_out": self.gone,
            "unchanged_files": self.unchanged,
            "vectors_taken": self.taken,
            "pictures": self.pictures,
            "dead_links": self.dead_links,
            "links_marked_dead": self.marked,
            "links_known_dead": self.known_dead,
            "problems": list(self.problems),
            "stages": {name: round(seconds, 3) for name, seconds in self.stages.items()},
            "peak_memory_mb": self.peak_memory_mb,
        }


class IngestStopped(KeyboardInterrupt):
    """Ctrl-C: what was written is in and stays in; the same call goes on from there."""

    def __init__(self, summary: IngestSummary) -> None:
        super().__init__()
        self.summary = summary


def ingest(
    paths: Sequence[str | Path],
    library: Library,
    encoder: Encoder,
    *,
    images: str | Path | None = None,
    fetcher: Fetcher | None = None,
    columns: Mapping[str, str] | None = None,
    skip_nsfw: float | None = None,
    again: bool = False,
    workers: int = 0,
    progress: Progress | None = None,
    stopping: Callable[[], None] = lambda: None,
) -> IngestSummary:
    """Read the files into the library.

    Args:
        paths: CSV or Parquet files; see `reading`.
        images: folder of pictures named by a row's id or by the last part of its url, as JPEG, PNG or WebP.
        fetcher: loads from their links the pictures that are neither in the files nor in the folder; asks nobody for
            those that the library has. A link behind which no picture will come any more is marked, and not asked again.
        columns: our name → the files' own, where they differ.
        skip_nsfw: rows with a higher score, 0..1, are left out, and so are rows whose score is not known.
        again: read also files that were read to their end before and have not changed, ask links that are marked as dead, and
            bring back what was taken out.
        workers: encode on so many workers of a Ray cluster, here or elsewhere; 0: in this process.
        progress: called after each batch with the rows read, the bytes read and the bytes of all files.
        stopping: called at Ctrl-C, at once; the rows that are worked on are still written before IngestStopped is raised.

    Raises:
        BadTable: a file is missing, is no table, or lacks a column: then no row of any file goes in. Or one breaks off; what
            came before that stays added.
        LibraryError, StorageFull: from the library; what was added stays. The words say how many rows at least: of those
            that were being written when it failed, some may be in.
        ModelUnavailable: the encoder cannot be loaded.
        IngestStopped: by Ctrl-C.
    """
    reading = Reading(
        columns=dict(columns or {}),
        skip_nsfw=skip_nsfw,
        fingerprint=encoder.fingerprint,
        dimensions=encoder.dimensions,
    )
    files = [Path(path) for path in paths]
    for file in files:
        if not file.is_file():
            raise BadTable(f"There is no file {file}. Name a CSV or Parquet file.")
    folder = PictureFolder(Path(images)) if images is not None else None
    patient = _Patient(library)
    removed = library.removed()
    marks = [_mark(file, reading) for file in files]
    unchanged: dict[int, dict[str, Any]] = {}
    if not again and images is None and fetcher is None:
        said = {n: json.loads(library.noted(mark) or "{}") for n, mark in enumerate(marks)}
        unchanged = {n: told for n, told in said.items() if told and not _lost_some(told, removed)}
    for n, file in enumerate(files):
        if n not in unchanged:
            Table(file, reading)  # a header that cannot be used is told before the first row goes in
    sizes = [file.stat().st_size for file in files]
    total, timings, begun = Figures(), Timings(), time.monotonic()
    added = updated = taken = pictures = 0
    of_file = Figures()

    def write(window: Window) -> Window:
        nonlocal added, updated, taken, pictures, of_file
        if window.gains:
            updated += patient.lasting(lambda: library.give(window.gains))
        if window.table is not None:
            table = window.table
            done = patient.lasting(lambda: library.take(table))
            added, updated = added + done.added, updated + done.updated
            taken, pictures = taken + window.taken, pictures + window.seen
            window.table = None
        if window.dead:
            patient.lasting(lambda: library.links.add(window.dead))
        if again and window.came:
            patient.lasting(lambda: library.links.forget(window.came))
        total.add(window.figures)
        of_file.add(window.figures)
        if window.last:
            if window.file not in unchanged:
                _keep_mark(patient, marks[window.file], files[window.file], of_file, removed)
            of_file = Figures()
        return window

    def written(window: Window) -> None:
        if progress:
            progress(total.read, sum(sizes[: window.file]) + min(window.position, sizes[window.file]), sum(sizes))

    def interrupted() -> None:
        patient.give_up()
        if fetcher:
            fetcher.stop()

    def summary() -> IngestSummary:
        seconds = time.monotonic() - begun
        return IngestSummary(
            read=total.read,
            added=added,
            skipped=total.good - added,
            failed=total.failed,
            seconds=seconds,
            rows_per_second=total.fresh / seconds if seconds > 0 else 0.0,
            left_out=total.left_out,
            unscored=total.unscored,
            unchanged=len(unchanged),
            updated=updated,
            gone=total.gone,
            taken=taken,
            pictures=pictures,
            dead_links=total.dead_links,
            marked=total.marked,
            known_dead=total.known_dead,
            problems=(*total.problems, *total.dead),
            untold=total.untold,
            stages={"read": timings.read, "encode": timings.work, "write": timings.write, "waited": timings.waited},
            peak_memory_mb=_peak_memory_mb(),
        )

    windows = Windows(files, reading, folder, fetcher, patient, unchanged, again)
    try:
        if workers:
            from tools.backends import cluster

            windows.everywhere(cluster.known_of(library))
            cluster.flow(windows, encoder, write, workers=workers, done=written, stopping=stopping, timings=timings)
        else:
            work = Encoding(encoder)
            flow(windows, work, write, done=written, interrupted=interrupted, stopping=stopping, timings=timings)
    except KeyboardInterrupt as error:
        raise IngestStopped(summary()) from error
    except (LibraryError, StorageFull) as error:
        kept = f"At least {added:,} rows are in and stay in; the same command goes on from there."
        raise type(error)(f"{error} {kept}") from error
    return summary()


# Writing


class _Patient:
    """The library, asked again where its server went away for a moment: adding the same rows twice adds them once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._stopped = threading.Event()

    def give_up(self) -> None:
        """Wait for no server any more."""
        self._stopped.set()

    def lasting(self, do: Callable[[], T]) -> T:
        """What `do` gives, tried again for some seconds.

        Raises:
            LibraryUnreachable: the server stayed away.
        """
        for wait in RETRIES:
            try:
                return do()
            except LibraryUnreachable:
                if self._stopped.wait(wait):
                    raise
        return do()

    def standing(self, rows: Sequence[Saying]) -> list[Standing]:
        """How the rows stand to the library."""
        return self.lasting(lambda: self._library.standing(rows))

    def dead(self, links: Collection[str]) -> set[str]:
        """Which of the links are known to be dead."""
        return self.lasting(lambda: self._library.links.among(links))

    def note(self, key: str, value: str) -> None:
        """Keep a fact with the library."""
        self.lasting(lambda: self._library.note(key, value))


def _mark(file: Path, reading: Reading) -> str:
    """The name of the mark that this very file was read to its end in this way."""
    found = file.stat()
    parts = (VERSION, str(file.resolve()), found.st_size, found.st_mtime_ns, sorted(reading.columns.items()))
    said = json.dumps([*parts, reading.skip_nsfw]).encode("utf-8", "replace")
    return f"read:{hashlib.blake2b(said, digest_size=16).hexdigest()}"


def _lost_some(told: Mapping[str, Any], removed: Removed) -> bool:
    """Whether one of a file's favourites was taken out since its mark was written: then its figures are not true any more.

    Only favourites can be taken out. Where a file has too many of them to keep their keys, anything that was counts.
    """
    return bool(removed.times(told.get("loved")) != told.get("lost", 0))


def _keep_mark(library: _Patient, mark: str, file: Path, figures: Figures, removed: Removed) -> None:
    loved = list(dict.fromkeys(figures.loved)) if len(figures.loved) <= MOST_LOVED else None
    if hasattr(os, "sync"):
        os.sync()  # a power cut must not keep the mark and lose rows
    counts = {name: getattr(figures, name) for name in COUNTED}
    library.note(mark, json.dumps({"file": file.name, **counts, "loved": loved, "lost": removed.times(loved)}))


def _peak_memory_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
