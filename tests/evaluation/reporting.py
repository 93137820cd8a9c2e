"""Findings as tables: by kind of wish for the terminal, and the whole report as Markdown. Judges nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.checks import SEEN, Finding

COLUMNS = {
    "asked": "shows what was asked", "subject": "subject stays", "stays": "rest stays", "phrases": "phrases kept",
    "seeds": "seed kept", "refined": "right picture", "citations": "citations true", "saves": "saved at rank 1",
    "locks": "locks held", "claims": "true answers", "mends": "mends not worse",
}  # fmt: skip
MOST_TOLD = 40
OWN_EYES = (
    " That is no independent judge: it shares the blind spots of what it judges, and the check and the mending go by it too. Until "
    "another one is trained (`python -m starter.train judge`), the columns about pictures say only what the product itself sees."
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """All findings of one chat model, and how long its turns took in seconds."""

    model: str
    judge: str
    independent: bool  # the judge shares no weights with what it judges
    conversations: int
    findings: Sequence[Finding]
    seconds: Sequence[float]

    def of(self, figure: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.figure == figure]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of what the evaluation must show. `met` None: there is no aim, or nothing was measured."""

    name: str
    aim: str
    value: str
    met: bool | None


def share(findings: Iterable[Finding]) -> str:
    """ "98.4 % of 124"; "100 %" only where nothing failed."""
    good, total = _counted(findings)
    if not total:
        return "–"
    percent = 100 * good / total
    return f"{'100' if good == total else f'{min(percent, 99.9):.1f}'} % of {total}"


def figures(run: Run) -> list[Figure]:
    """What the conversations must show, of one run."""
    styled = [f for f in run.findings if f.kind == "style"]
    style = [f for f in styled if f.figure == "asked" and f.about == "style"]
    subject = [f for f in styled if f.figure == "subject"]
    false = sum(not f.good for f in run.of("claims"))
    return [
        _figure("untouched phrases kept", run.of("phrases"), 1.0),
        _figure("citations true", run.of("citations"), 1.0),
        _figure("seeds kept", run.of("seeds"), 1.0),
        Figure(name="answers with a false claim", aim="0", value=f"{false} of {len(run.of('claims'))}", met=not false),
        _figure("saves found at rank 1, by words and by picture", run.of("saves"), 1.0),
        _figure("locks held", run.of("locks"), 1.0),
        _figure("right picture refined", run.of("refined"), 1.0),
        _figure("the style is the asked one after “make it <style>”", style, 0.9),
        _figure("the subject stays after “make it <style>”", subject, 0.9),
        _figure("whatever was asked shows, in all pictures", run.of("asked"), None),
        _figure("the subject stays, in all pictures", run.of("subject"), None),
        _figure("whatever else was asked before stays", run.of("stays"), None),
        *(
            _mended(run, name, about)
            for name, about in (("by their own check", "check"), ("by the judge's eyes", "judge"))
        ),
    ]


def by_kind(run: Run) -> list[list[str]]:
    """Rows of a table: a head, one kind of wish each, and all together; a dash where nothing was looked at."""
    kinds = list(dict.fromkeys(finding.kind for finding in run.findings))
    rows = [["kind of wish", "turns", "right", *COLUMNS.values()]]
    for kind in [*sorted(kinds), ""]:
        own = [f for f in run.findings if not kind or f.kind == kind]
        turns: dict[tuple[str, int], bool] = {}
        for f in own:
            turns[f.conversation, f.turn] = turns.get((f.conversation, f.turn), True) and (f.good or f.figure in SEEN)
        cells = [_short(f for f in own if f.figure == figure) for figure in COLUMNS]
        rows.append([kind or "all", str(len(turns)), f"{sum(turns.values())}/{len(turns)}", *cells])
    return rows


def text(rows: Sequence[Sequence[str]]) -> str:
    """A table for the terminal; long heads wrap onto lines of their own."""
    head = [title.split(" ") for title in rows[0]]
    tall = max(map(len, head))
    lines = [[words[n] if n < len(words) else "" for words in head] for n in range(tall)]
    lines += [list(row) for row in rows[1:]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """The same table in Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def misses(run: Run, most: int = MOST_TOLD) -> list[str]:
    """What was not good, the assistant's own faults first."""
    bad = sorted((f for f in run.findings if not f.good), key=lambda f: f.figure in SEEN)
    told = [f"{f.kind} / {f.conversation}, turn {f.turn}: {f.figure}: {f.told}" for f in bad[:most]]
    return told + ([f"… and {len(bad) - most} more"] if len(bad) > most else [])


def told(figures: Sequence[Figure]) -> str:
    """Figures for the terminal."""
    wide = max(len(figure.name) for figure in figures)
    return "\n".join(f"{f.name.ljust(wide)}  {f.value.ljust(16)} {_verdict(f)}".rstrip() for f in figures)


def document(runs: Sequence[Run], others: Sequence[Figure], *, date: str, machine: str, renderer: str) -> str:
    """docs/EVALUATION.md as a whole."""
    first = runs[0]
    eyes = f"The pictures are read by {first.judge}." + ("" if first.independent else OWN_EYES)
    parts = [
        "# What the conversation does, measured",
        f"Written by `make eval` on {date}: {machine}; {renderer}. {first.conversations} scripted conversations of "
        f"{len(first.seconds)} turns (`tests/conversations/`), on {' and on '.join(run.model for run in runs)}. Code judged them.",
        f"{eyes} Everything else is decided by bytes, numbers and library rows. The scripted model answers what the script says, "
        "through a real socket, OpenAI's protocol and langchain-openai: it measures the way, not a model's wits.",
    ]
    for run in runs:
        parts.append(f"## {run.model[0].upper()}{run.model[1:]}, {sum(run.seconds):.0f} s of turns")
        own = [*figures(run), *(others if run is first else ())]
        parts.append(markdown([["figure", "aim", "measured"], *([f.name, f.aim, f.value] for f in own)]))
        parts.append(
            "By kind of wish; `right` counts turns in which the assistant made no mistake, whatever the picture shows."
        )
        parts.append(markdown(by_kind(run)))
        if bad := misses(run, 25):
            parts.append("What was not good:\n\n" + "\n".join(f"- {_plain(line)}" for line in bad))
    return "\n\n".join(parts) + "\n"


def _figure(name: str, findings: Sequence[Finding], aim: float | None) -> Figure:
    good, total = _counted(findings)
    met = None if aim is None or not total else good >= aim * total
    return Figure(
        name=name,
        aim="" if aim is None else f"{'' if aim == 1 else '≥ '}{aim:.0%}".replace("%", " %"),
        value=share(findings),
        met=met,
    )


def _mended(run: Run, name: str, about: str) -> Figure:
    found = [f for f in run.of("mends") if f.about == about]
    worse = sum(not f.good for f in found)
    return Figure(
        name=f"mendings that ended worse, {name}",
        aim="0",
        value=f"{worse} of {len(found)}",
        met=not worse if found else None,
    )


def _counted(findings: Iterable[Finding]) -> tuple[int, int]:
    good = [finding.good for finding in findings]
    return sum(good), len(good)


def _short(findings: Iterable[Finding]) -> str:
    good, total = _counted(findings)
    return "–" if not total else f"{good}/{total}"


def _verdict(figure: Figure) -> str:
    return "" if figure.met is None else f"(aim {figure.aim}: {'met' if figure.met else 'MISSED'})"


def _plain(line: str) -> str:
    """A line that is data, in Markdown."""
    return " ".join(line.split()).replace("<", "&lt;").replace("|", "\\|")[:400]
