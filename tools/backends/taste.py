"""What a person likes, kept on disk and told in plain words: their picks, their own edits, the taste card, and its effects.

One append-only log, `<folder>/taste.jsonl`, as JSON lines: picks (phrases of prompts and counts; no pictures, no names) and
what the person wrote or struck out. Each record is written under a file lock and synced before the call returns, so
several processes may use it, and a power cut loses at most the record that was being written. Wiping puts an empty file in
its place. Nothing here leaves the machine. The statistics are picks.py's.
"""

import dataclasses
import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.backends import phrases, storage
from tools.backends.errors import BadInput, NotFound
from tools.backends.logbook import line_of, record
from tools.backends.picks import STRENGTH, Pick, standing, weigh
from tools.backends.records import Match, Taste, TasteLine

log = logging.getLogger(__name__)

EMPTY = Taste(lines=(), picks=0)
LONGEST_LINE = 60  # characters of a line that the person writes; longer ones never match
MOST_LINES = 200  # that a person may write
MOST_OTHERS = 1_000  # prompts that a picture was chosen from
MOST_TOLD = 6  # lines of each kind that the card's sentence names
NUDGE = 0.1  # of a match's score: the most that taste adds or takes
CLEAR = 1.04  # times the score of the next, and the first match is clearly the best: taste leaves it first
EXACT = 1.0  # scores from here on are of the very prompt or the very picture: taste leaves them

_DROP = re.compile(
    r"(?:(?:i|you|we) (?:\w+ )?(?:drop|hate|dislike|avoid|don['’]?t (?:like|want|keep|need|use)|do not (?:like|want|keep|need|use)"
    r"|never (?:like|want|keep|use))|no more|no|not|never|without|avoid|less|fewer|drop ?:)\s+(?:any |so much |so many )?",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"(?:(?:i|you|we) (?:\w+ )?(?:keep|like|love|prefer|want|enjoy|adore|use)|more|keep ?:)\s+(?:to see )?",
    re.IGNORECASE,
)


class TasteBook:
    """The taste of one person under one folder (ATELIER_HOME). Safe to use from several threads and processes.

    `on` False: nothing is learned and nothing is moved; what was learned before can still be read, edited and wiped.
    """

    def __init__(self, folder: Path | str, on: bool = True) -> None:
        self.path = Path(folder) / "taste.jsonl"
        self.on = on
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._card = EMPTY

    # --- what there is ---

    def card(self) -> Taste:
        """The taste card as it is now, also when another process has just written it.

        Raises:
            NotFound: the file cannot be read.
        """
        with self._lock:
            try:
                with self.path.open("rb") as file:
                    state = os.fstat(file.fileno())
                    seen = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
                    if seen != self._seen:
                        self._card, self._seen = taste_of(file.read()), seen
            except FileNotFoundError:
                self._card, self._seen = EMPTY, None
            except OSError as error:
                raise NotFound(
                    f"{self.path} cannot be read ({error.strerror}). Allow it, or move the file away."
                ) from error
            return self._card

    def in_use(self) -> Taste:
        """The taste that moves searches and suggestions: the card, or an empty one when off or unreadable."""
        if not self.on:
            return EMPTY
        try:
            return self.card()
        except NotFound:
            log.warning("The taste card cannot be read; nothing is moved by it", exc_info=True)
            return EMPTY

    # --- what happens ---

    def pick(self, pick: Pick) -> None:
        """Keep a verdict on a picture. Nothing happens when taste is off.

        Raises:
            StorageFull: it cannot be kept; the log is as it was before.
        """
        if self.on:
            value = {**vars(pick), "phrases": sorted(pick.phrases)}
            self._append([record("pick", value)])

    def add(self, text: str) -> tuple[TasteLine, ...]:
        """Write lines of the person's own, such as "low-key light, no bokeh"; they outweigh what was learned.

        Raises:
            BadInput: there is no line in the text, or a too long one.
        """
        wanted = stances(text)
        if not wanted:
            raise BadInput(
                "There is nothing to add. Name what you keep or drop, such as “low-key light” or “no bokeh”."
            )
        for phrase, _ in wanted:
            if len(phrase) > LONGEST_LINE:
                raise BadInput(
                    f"{phrase[:LONGEST_LINE]!r}… is too long for a line. Use a few words, such as “low-key light”."
                )
        if len(wanted) + sum(line.said for line in self.card().lines) > MOST_LINES:
            raise BadInput(f"A taste card holds {MOST_LINES} lines of your own. Remove some first.")
        self._append([record("edit", {"phrase": p, "stance": stance}) for p, stance in wanted])
        lines = {line.phrase: line for line in self.card().lines}
        return tuple(lines[phrase] for phrase, _ in wanted if phrase in lines)

    def remove(self, text: str) -> TasteLine:
        """Strike a line out. It stays away, whatever later picks say, until the person writes it again.

        Raises:
            NotFound: no line, or no single one, is called that; names those that there are.
        """
        line = self._line(text)
        self._append([record("edit", {"phrase": line.phrase, "stance": "away"})])
        return line

    def wipe(self) -> Taste:
        """Forget everything: an empty file takes the place of the log. Gives the card that there was.

        Raises:
            StorageFull: it cannot be replaced; the log is as it was before.
        """
        card = self.card()
        if not self.path.exists():
            return card
        with self._lock:
            storage.empty(self.path)
        return card

    def _line(self, text: str) -> TasteLine:
        lines = self.card().lines
        wanted = [phrase for phrase, _ in stances(text)][:1] or [phrases.normal(text)]
        hits = [line for line in lines if line.phrase == wanted[0]]
        hits = hits or [line for line in lines if wanted[0] and phrases.holds(line.phrase, wanted[0])]
        if len(hits) == 1:
            return hits[0]
        if not lines:
            raise NotFound("The taste card is empty: there is no line to remove.")
        named = ", ".join(repr(line.phrase) for line in (hits or lines)[:20])
        raise NotFound(f"No single line is called {text[:80]!r}. There are: {named}.")

    def _append(self, records: Sequence[dict[str, Any]]) -> None:
        """Write records, wholly or not at all."""
        with self._lock, storage.appending(self.path) as file:
            storage.append(file, b"".join(map(line_of, records)))


def taste_of(data: bytes) -> Taste:
    """The card that a log makes. Torn lines, nonsense and kinds that a newer version writes are passed over."""
    picks: list[Pick] = []
    edits: dict[str, str] = {}
    for line in data[: data.rfind(b"\n") + 1].splitlines():
        try:
            found = json.loads(line)
            kind, value = found["kind"], found["value"]
            if kind == "pick":
                picks.append(_pick(value))
            elif kind == "edit" and value["stance"] in ("keep", "drop", "away"):
                edits[str(value["phrase"])] = value["stance"]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            continue
    learned = {line.phrase: line for line in weigh(picks)}
    said = [
        TasteLine(phrase=phrase, weight=1.0 if stance == "keep" else -1.0, said=True, **_counts(learned.get(phrase)))
        for phrase, stance in edits.items()
        if stance != "away"
    ]
    lines = [*said, *(line for phrase, line in learned.items() if phrase not in edits)]
    ordered = sorted(lines, key=lambda line: (-abs(line.weight), line.phrase))
    return Taste(lines=tuple(ordered), picks=len(standing(picks)))


def stances(text: str) -> list[tuple[str, str]]:
    """(phrase in normal form, "keep" or "drop") of each line in a text: "I love neon, no bokeh" → neon kept, bokeh dropped."""
    found: dict[str, str] = {}
    for piece in re.split(r"[,;\n]+|\band (?=no |not |without |never )", text):
        said, stance = " ".join(piece.split()), "keep"
        for pattern, meaning in ((_DROP, "drop"), (_KEEP, "keep")):
            if match := pattern.match(said):
                said, stance = said[match.end() :], meaning
                break
        if phrases.words(said):
            found[phrases.normal(said)] = stance
    return list(found.items())


def told(taste: Taste, show: Callable[[str], str] = str) -> str:
    """The card in plain words: "You keep low-key light, you drop bokeh; from 31 picks."

    Args:
        taste: what to tell.
        show: how a phrase is written; phrases may be strangers' text.
    """
    count = f"{taste.picks} pick{'' if taste.picks == 1 else 's'}"
    parts = []
    for verb, sign in (("keep", 1), ("drop", -1)):
        named = [line for line in taste.lines if line.weight * sign > 0]
        shown = [show(line.phrase) + (" (your own words)" if line.said else "") for line in named[:MOST_TOLD]]
        if len(named) > MOST_TOLD:
            shown.append(f"{len(named) - MOST_TOLD} more")
        if shown:
            parts.append(f"you {verb} " + (", ".join(shown[:-1]) + " and " if shown[1:] else "") + shown[-1])
    if parts:
        text = ", ".join(parts)
        return f"{text[0].upper()}{text[1:]}; from {count}."
    if taste.picks:
        return f"Nothing is clear yet from {count}: a phrase needs several picks, and others to compare them with."
    return "The taste card is empty. Thumbs up, thumbs down and saves fill it, and you can write lines of your own."


def taste_from_json(value: Any) -> Taste:
    """A taste from what `as_json` made of it; an empty one from anything else."""
    try:
        return Taste(lines=tuple(TasteLine(**line) for line in value["lines"]), picks=int(value["picks"]))
    except (KeyError, TypeError, ValueError):
        return EMPTY


def pull(text: str, taste: Taste | Mapping[str, Any] | None, asked: str = "") -> float:
    """How much a prompt or phrase is to a person's taste: -1 what they drop, 0 no news, 1 what they keep.

    Args:
        text: a whole prompt, or one phrase.
        taste: the record, or its JSON as search_prompts' artifact holds it; None is no taste.
        asked: the person's words of now. A line that they name does not count: who asks for bokeh shall have it.
    """
    found = taste if isinstance(taste, Taste) else taste_from_json(taste)
    if not found.lines:
        return 0.0
    inside, named = _padded(text), _padded(asked)
    total = sum(
        line.weight
        for line in found.lines
        if (run := _padded(line.phrase)).strip() and run in inside and run not in named
    )
    return max(-1.0, min(1.0, total))


def concerning(taste: Taste, texts: Iterable[str], most: int) -> Taste:
    """Of a card only the lines that some text holds, strongest first and `most` at most; the number of picks is left out.

    For what is kept with a conversation, which a wipe of the card does not reach.
    """
    inside = [_padded(text) for text in texts]
    held = [line for line in taste.lines if any(_padded(line.phrase) in text for text in inside)]
    return Taste(lines=tuple(held[:most]), picks=0)


def preferred(names: Iterable[str], taste: Taste | Mapping[str, Any] | None, asked: str = "") -> list[str]:
    """Phrases as they are worth suggesting: those that the person keeps first, those that they drop left out.

    Among equals the given order stays. The arguments are those of `pull`.
    """
    found = taste if isinstance(taste, Taste) else taste_from_json(taste)
    pulls = [(name, pull(name, found, asked)) for name in names]
    return [name for name, value in sorted(pulls, key=lambda pair: -pair[1]) if value >= 0]


def nudged(matches: Sequence[Match], taste: Taste | None, asked: str = "") -> list[Match]:
    """Matches, best first, moved a little by taste and ranked anew; scores stay those of the search.

    Each score counts for at most NUDGE more or less, so that a match with (1 + NUDGE) / (1 - NUDGE) times another's score
    stays before it. The very prompt and the very picture stay where they are, and so does a first match that is CLEAR.
    """
    if taste is None or not taste.lines:
        return list(matches)

    def key(pair: tuple[int, Match]) -> tuple[bool, float, int]:
        place, match = pair
        exact = match.score >= EXACT
        clear = place == 0 and (len(matches) == 1 or match.score > CLEAR * matches[1].score)
        if exact or match.score <= 0:
            return not clear, -match.score, place
        return not clear, -match.score * (1 + NUDGE * pull(match.example.prompt, taste, asked)), place

    ordered = [match for _, match in sorted(enumerate(matches), key=key)]
    return [dataclasses.replace(match, rank=rank) for rank, match in enumerate(ordered, 1)]


def _padded(text: str) -> str:
    return f" {' '.join(phrases.words(text))} "


def _counts(line: TasteLine | None) -> dict[str, int]:
    return {"kept": line.kept, "dropped": line.dropped} if line else {}


def _pick(value: Mapping[str, Any]) -> Pick:
    """A pick from its record. Raises KeyError, TypeError, AttributeError or ValueError for anything else."""
    if value["verdict"] not in STRENGTH:
        raise ValueError(value["verdict"])
    others = max(0, min(int(value["others"]), MOST_OTHERS))
    return Pick(
        picture=str(value["picture"]),
        verdict=value["verdict"],
        phrases=frozenset(str(phrase) for phrase in value["phrases"]),
        others=others,
        held={str(phrase): max(0, min(int(count), others)) for phrase, count in value["held"].items()},
        usual={str(phrase): max(0.0, min(float(share), 1.0)) for phrase, share in value["usual"].items()},
    )
