"""The commands that fill the library from files and write it to one: ingest and export."""

import argparse
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent.build import Studio, build
from agent.logs import clean_stdout
from agent.printing import Bar, many, note, plain, say
from agent.settings import Settings
from tools.backends.records import as_json

if TYPE_CHECKING:
    from tools.backends.ingest import IngestSummary

STOPPED = 130
WORTH = 5  # seconds a figure of time left is kept from jumping about at the start


def ingest(settings: Settings, options: argparse.Namespace) -> int:
    """Add the rows of CSV and Parquet files."""
    from tools.backends.fetching import Fetcher
    from tools.backends.ingest import IngestStopped
    from tools.backends.ingest import ingest as add_files

    with clean_stdout(options.json) as answer, build(settings) as studio:
        bar = _Rows()

        def stopping() -> None:
            bar.close()
            note("\nStopping, after the rows that are being written …")

        try:
            summary = add_files(
                options.files,
                studio.library,
                studio.encoder,
                images=options.images,
                fetcher=Fetcher() if options.fetch_images else None,
                columns=dict(options.map),
                skip_nsfw=options.skip_nsfw,
                again=options.again,
                workers=options.workers,
                progress=bar.update,
                stopping=stopping,
            )
        except IngestStopped as stopped:
            bar.close()
            note(
                f"Stopped. {stopped.summary.added:,} rows were added and stay in; the same command goes on from there, "
                "nothing is lost or there twice."
            )
            return STOPPED
        finally:
            bar.close()
        for problem in summary.problems:
            note(plain(problem))
        if summary.untold:
            note(f"… and {summary.untold:,} more like these.")
        for line in _told_of_links(summary):
            note(line)
        if summary.gone:
            rows = "1 row was" if summary.gone == 1 else f"{summary.gone:,} rows were"
            note(f"{rows} taken out of this library before, and left out; --again brings back what was taken out.")
        if summary.unchanged:
            files = "1 file has" if summary.unchanged == 1 else f"{summary.unchanged:,} files have"
            note(f"{files} not changed since every row was read; --again reads such files all the same.")
        index = _index(studio)  # also where nothing was added: building it may have been broken off the last time
        if options.json:
            pictures = studio.library.index_state("pictures")
            answer(summary.as_json() | {"index": as_json(index), "picture_index": as_json(pictures)})
        else:
            say(_told(summary))
    return 0


def _told(summary: "IngestSummary") -> str:
    more = f"{summary.updated:,} of them brought up to date, " if summary.updated else ""
    unscored = f" ({summary.unscored:,} of them have none)" if summary.unscored else ""
    more += f"{summary.left_out:,} left out for their nsfw score{unscored}, " if summary.left_out else ""
    more += f"{summary.gone:,} taken out before, " if summary.gone else ""
    taken = f"{summary.taken:,} rows came with vectors; " if summary.taken else ""
    stages = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in summary.stages.items())
    return (
        f"{many(summary.read, 'row')} read: {summary.added:,} added, {summary.skipped:,} already there, {more}{summary.failed:,} "
        f"unusable; {taken}{summary.pictures:,} pictures added; {summary.seconds:.1f} s, "
        f"{summary.rows_per_second:,.0f} rows a second, at most {summary.peak_memory_mb:,.0f} MB of memory. "
        f"All at the same time: {stages}."
    )


def _told_of_links(summary: "IngestSummary") -> Iterator[str]:
    """What became of links without a picture: some may have one another time, the others are left alone from now on."""
    if open_still := summary.dead_links - summary.marked:
        yield f"{many(open_still, 'link')} gave no picture this time; the same command tries again."
    if summary.marked:
        yield f"{many(summary.marked, 'link')} found dead, and marked: later runs leave such links alone."
    if summary.known_dead:
        yield f"{many(summary.known_dead, 'link')} known to be dead; --again asks such links again."


def _index(studio: Studio) -> object:
    """See that searches stay fast: after many new rows an index is built, once, where that pays."""
    bar = Bar("Indexing", " %")
    try:
        return studio.library.build_index(lambda what, part: bar.update(int(100 * part), 100, what))
    except KeyboardInterrupt:
        bar.close()
        note("\nThe rows are all in. Without the index searches are slower; the next ingest builds it.")
        raise
    finally:
        bar.close()


class _Rows:
    """The bar of an ingest: rows, how many a second, and how long it will take."""

    def __init__(self) -> None:
        self._bar = Bar("Reading", " %")
        self._begun = time.monotonic()

    def update(self, rows: int, done: int, total: int) -> None:
        """Show where it is: rows read, bytes done, bytes in all."""
        spent = time.monotonic() - self._begun
        rate, left = rows / max(spent, 0.001), spent * (total - done) / max(1, done)
        label = f"{rows:,} rows · {rate:,.0f} a second"
        if spent > WORTH and 0 < done < total:
            label += f" · {span(left)} left"
        self._bar.update(int(100 * done / max(1, total)), 100, label)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()


def span(seconds: float) -> str:
    """A time as people say it: "40 s", "12 min", "3 h 20 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def export(settings: Settings, options: argparse.Namespace) -> int:
    """Write the whole library to one file."""
    from tools.backends.exporting import check
    from tools.backends.exporting import export as write

    check(options.file, vectors=options.vectors, force=options.force)
    with clean_stdout(False), build(settings) as studio:
        bar = Bar("Writing", " examples")
        try:
            count = write(
                studio.library,
                options.file,
                vectors_of=studio.encoder if options.vectors else None,
                force=options.force,
                progress=lambda done, total: bar.update(done, total),
            )
        finally:
            bar.close()
        say(f"{count:,} examples in {options.file}. `atelier ingest {options.file}` reads it back, here or elsewhere.")
    return 0
