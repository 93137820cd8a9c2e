"""How records and events look in a terminal: colours, matches, the changes of a prompt, progress bars. Pure views."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from tools.backends.records import Change, Draft, Match, Recipe, Saved

MARKS = {"added": "+", "removed": "−", "replaced": "~"}
_INKS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "amber": "33", "violet": "35"}


def say(text: str = "") -> None:
    """Write a line of the answer to stdout, now: a pipe's reader should not wait for a full buffer."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Write a line that is not part of the answer to stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def ink(text: str, name: str, stream: TextIO | None = None) -> str:
    """Colour text for a terminal; leave it alone for a file or a pipe."""
    stream = stream or sys.stdout
    return f"\x1b[{_INKS[name]}m{text}\x1b[0m" if stream.isatty() else text


def wrap(text: str, indent: str = "") -> str:
    """Fold text to the terminal's width, and not at all in a pipe, where one line is easier to work with."""
    if not sys.stdout.isatty():
        return indent + text
    width = max(40, min(100, shutil.get_terminal_size().columns))
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def plain(text: str) -> str:
    """Text from the library or from a model on one line, with nothing in it that could drive a terminal."""
    return " ".join(safe(text).split())


def safe(text: str) -> str:
    """The text with its lines and tabs, and a space for every other character that could drive a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)


def matches_lines(matches: Iterable[Match]) -> list[str]:
    """One block for each match: rank, closeness, id, then the prompt."""
    lines = []
    for match in matches:
        near = "words" if match.distance is None else f"{1 - match.distance:.2f}"
        heart = ink("♥ ", "red") if match.example.favourite else ""
        head = f"{match.rank:>3}. {heart}{ink(near, 'amber')}  {ink(plain(match.example.id), 'dim')}"
        lines += [head, wrap(plain(match.example.prompt), "     ")]
    return lines


def draft_lines(draft: Draft) -> list[str]:
    """The prompt, then each change with its lift and the examples that it came from."""
    lines = [ink("Prompt", "bold"), wrap(plain(draft.prompt), "  ")]
    if draft.negative_prompt:
        lines.append(wrap("without: " + plain(draft.negative_prompt), "  "))
    for change in draft.changes:
        lines += change_lines(change)
    return lines


def change_lines(change: Change) -> list[str]:
    """A change as a line of a diff, and under it where it comes from."""
    colour = {"added": "green", "removed": "red", "replaced": "amber"}[change.kind]
    words = plain(change.phrase)
    if change.kind == "replaced" and change.was:
        words = f"{plain(change.was)} → {words}"
    line = "  " + ink(f"{MARKS[change.kind]} {words}", colour)
    if change.lift is not None and change.lift > 0:
        line += ink(f"   {change.lift:.1f}× as common near this idea", "dim")
    lines = [line]
    for evidence in change.evidence[:2]:
        lines.append(ink(wrap(f"from {plain(evidence.id)}: {shorten(plain(evidence.prompt), 90)}", "      "), "dim"))
    if len(change.evidence) > 2:
        lines.append(ink(f"      and {len(change.evidence) - 2} more", "dim"))
    return lines


def recipe_line(recipe: Recipe) -> str:
    """The settings of a render on one line."""
    return (
        f"seed {recipe.seed} · {recipe.steps} steps · guidance {recipe.guidance:g} · "
        f"{recipe.width}×{recipe.height} · {plain(model_name(recipe.model))}"
    )


def ranks(saved: Saved) -> str:
    """At which ranks the library finds a favourite again."""
    if saved.rank is None and saved.picture_rank is None:
        return "the library does not find it near the top yet"
    by_words = f"at rank {saved.rank}" if saved.rank else "further down"
    by_picture = f"at rank {saved.picture_rank}" if saved.picture_rank else "further down"
    return f"the library finds it {by_words} by its words and {by_picture} by its picture"


def model_name(model: str) -> str:
    """A model's name as people say it: the last part of a folder, the whole of a hub name."""
    return Path(model).name if Path(model).is_absolute() else model


def shorten(text: str, length: int) -> str:
    """Cut text at a word, with an ellipsis where something is missing."""
    return textwrap.shorten(text, length, placeholder=" …") if len(text) > length else text


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


class Bar:
    """A progress bar on stderr that clears itself away. In a log file it stays silent but for its last line."""

    def __init__(self, label: str, unit: str = "") -> None:
        self._label, self._unit, self._shown = label, unit, -1
        self._live = sys.stderr.isatty()

    def update(self, done: int, total: int | None, label: str | None = None) -> None:
        """Show `done` of `total`; redraws only when something that can be seen has changed."""
        label = label or self._label
        if not total:
            text, shown = f"{label} {done:,}{self._unit}", done
        else:
            part = min(1.0, done / total)
            full = round(24 * part)
            text = f"{label} {'█' * full}{'░' * (24 - full)} {done:,}/{total:,}{self._unit}"
            shown = int(200 * part) + (total if done >= total else 0)
        if shown == self._shown:
            return
        self._shown = shown
        if self._live:
            sys.stderr.write(f"\r\x1b[2K{text}")
        elif total and done >= total:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Take the bar away, once: by the next time the line may hold something else."""
        if self._live and self._shown >= 0:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
        self._shown = -1
