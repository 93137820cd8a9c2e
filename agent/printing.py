"""How records and events look in a terminal: colours, matches, the changes of a prompt, progress bars. Pure views."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from tools.backends import history
from tools.backends.queries import Query
from tools.backends.records import (
    Change,
    Check,
    Draft,
    FileKept,
    Foresight,
    Match,
    Recipe,
    Saved,
    Showable,
    Taste,
    Tree,
    Weighing,
)
from tools.backends.taste import told

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


def many(number: int, what: str) -> str:
    """A count and its noun: "1 row", "1,200 rows"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def query_lines(query: Query) -> list[str]:
    """The conditions of a search on one line, as they are understood; none where it has only words."""
    shown = [chip.text for chip in query.chips() if chip.kind != "words"]
    return [ink(plain(f"Conditions: {' · '.join(shown)}"), "dim")] if shown else []


def matches_lines(matches: Iterable[Match]) -> list[str]:
    """One block for each match: rank, closeness, id, then the prompt."""
    lines = []
    for match in matches:
        near = "words" if match.distance is None else f"{1 - match.distance:.2f}"
        heart = ink("♥ ", "red") if match.example.favourite else ""
        alike = ink(f"  ×{match.copies} alike", "dim") if match.copies > 1 else ""
        head = f"{match.rank:>3}. {heart}{ink(near, 'amber')}  {ink(plain(match.example.id), 'dim')}{alike}"
        lines += [head, wrap(plain(match.example.prompt), "     ")]
    return lines


def draft_lines(draft: Draft) -> list[str]:
    """The prompt, then each change with its lift and the examples that it came from."""
    lines = [ink("Prompt", "bold"), wrap(plain(draft.prompt), "  ")]
    if draft.negative_prompt:
        lines.append(wrap("without: " + plain(draft.negative_prompt), "  "))
    for change in draft.changes:
        lines += change_lines(change)
    if draft.locked:
        lines.append(wrap("locked: " + plain(", ".join(draft.locked)), "  "))
    return lines


def change_lines(change: Change) -> list[str]:
    """A change as a line of a diff, and under it where it comes from."""
    colour = {"added": "green", "removed": "red", "replaced": "amber"}[change.kind]
    words = plain(change.phrase)
    if change.kind == "replaced" and change.was:
        words = f"{plain(change.was)} → {words}"
    line = "  " + ink(f"{MARKS[change.kind]} {words}", colour)
    if change.lift is not None and change.lift > 0:
        line += ink(f"   {lift(change.lift)} near this idea", "dim")
    if whose := whose_words(change):
        line += ink(f"   {whose}", "dim")
    lines = [line]
    for evidence in change.evidence[:2]:
        lines.append(ink(wrap(f"from {plain(evidence.id)}: {shorten(plain(evidence.prompt), 90)}", "      "), "dim"))
    if len(change.evidence) > 2:
        lines.append(ink(f"      and {len(change.evidence) - 2} more", "dim"))
    return lines


def whose_words(change: Change) -> str:
    """Whose words a change is made of, where no example stands behind it."""
    if change.source == "examples":
        return ""
    if change.source == "assistant":
        return "the assistant's own idea"
    return {"": "your words", "hand": "your edit"}.get(change.via, f"from {plain(change.via)}")


def lift(times: float) -> str:
    """How much more common a phrase is near an idea than in the whole library: "6× more common"."""
    shown = f"{times:.0f}" if times >= 9.95 else f"{times:.1f}".removesuffix(".0")
    return "as common" if shown == "1" else f"{shown}× more common" if times > 1 else f"{shown}× as common"


def effect(size: float) -> str:
    """What a phrase does for a picture, 0..1, in words."""
    return "next to nothing" if size < 0.1 else "a little" if size < 0.3 else "much" if size < 0.7 else "almost all"


def agreement(size: float) -> str:
    """How much pictures agree, 0..1, in words: "agree closely"."""
    how = "agree closely" if size >= 0.7 else "agree in part" if size >= 0.35 else "differ much"
    return f"{how} ({size:.2f} of 1)"


def used(read: int, written: int, cost: float | None) -> str:
    """What the language model read and wrote, and what that cost where it is known."""
    price = "" if cost is None else f", ${cost:.4f}" if cost < 0.995 else f", ${cost:.2f}"
    return f"The model read {read:,} tokens and wrote {written:,}{price}."


def shown_lines(record: Showable) -> list[str]:
    """What a tool found out, as lines of the terminal."""
    match record:
        case Check():
            return _check_lines(record)
        case Weighing():
            return _weighing_lines(record)
        case Foresight():
            head = wrap(f"The library's nearest pictures {agreement(record.agreement)}:", "  ")
            return [head, *matches_lines(record.matches)]
        case Taste():
            return [wrap(told(record, plain), "  "), *_taste_lines(record)]
        case Tree():
            return ["  " + line for line in history.lines(record, clean=plain)]
        case FileKept():
            return [ink("✓ ", "green") + f"{plain(record.kind)} kept in {safe(record.path)}"]


def _check_lines(check: Check) -> list[str]:
    marks = {True: ink("✓", "green"), False: ink("✗", "red"), None: "?"}
    lines = [f"  {plain(check.picture)} against its prompt:"]
    lines += [f"    {marks[seen.there]} {plain(seen.phrase)}" for seen in check.phrases]
    turned = {True: marks[False], False: marks[True], None: marks[None]}
    return lines + [f"    {turned[seen.there]} no {plain(seen.phrase)}" for seen in check.avoided]


def _weighing_lines(weighing: Weighing) -> list[str]:
    rows = sorted(weighing.weights, key=lambda one: -one.effect)
    lines = [f"  What each phrase does for {plain(weighing.picture)}:"]
    for row in rows:
        full = round(10 * min(1.0, max(0.0, row.effect)))
        lines.append(f"    {'█' * full}{'░' * (10 - full)} {row.effect:.2f}  {plain(row.phrase)}")
    return [*lines, wrap(f"The shortest prompt that keeps it: {plain(weighing.shortest)}", "  ")]


def _taste_lines(taste: Taste) -> list[str]:
    return [
        f"    {ink('+', 'green') if line.weight > 0 else ink('−', 'red')} {plain(line.phrase)}"
        + ink("  your own words" if line.said else f"  kept {line.kept}, dropped {line.dropped}", "dim")
        for line in taste.lines
    ]


def recipe_line(recipe: Recipe) -> str:
    """The settings of a render on one line."""
    return (
        f"seed {recipe.seed} · {recipe.steps} steps · guidance {recipe.guidance:g} · "
        f"{recipe.width}×{recipe.height} · {plain(model_name(recipe.model))}"
        + f" · begun with a picture, strength {recipe.strength:g}"
        * bool(recipe.start)
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
