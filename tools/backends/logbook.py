"""What a thread's log says: its lines, one after another, become drafts, pictures, and where the person is now.

Reading only, and no files: `lineage.py` opens, locks and writes the log. A line that is torn, or of a kind that a newer
version writes, is passed over, and the ones after it count all the same.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tools.backends.recipes import recipe_from_json
from tools.backends.records import Change, Check, Draft, Evidence, PhraseSeen, Picture, as_json


@dataclass(kw_only=True)
class Step:
    """Where the person came to, one step after another: what "undo" goes back over.

    `draft`: the number of the draft that came to be the current one, or of the one that it only repeats; `by`: whether a
    change wrote it ("change"), the person went to it ("going"), or both in one message ("branch"). `picture` and `locks`:
    what was current and locked when the person was last there.
    """

    draft: int
    by: Literal["change", "going", "branch"]
    request: str = ""
    picture: str | None = None
    locks: tuple[str, ...] = ()


@dataclass
class Logbook:
    """Everything that the lines so far say. Pictures are meant by their names."""

    drafts: list[Draft] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    favourites: dict[str, str] = field(default_factory=dict)
    attachments: list[Path] = field(default_factory=list)
    locks: list[str] = field(default_factory=list)
    ratings: dict[str, str] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    saved_at: dict[str, datetime] = field(default_factory=dict)
    rated_at: dict[str, datetime] = field(default_factory=dict)
    prompt_first: bool = False
    current_draft: Draft | None = None
    current_picture: Picture | None = None
    steps: list[Step] = field(default_factory=list)
    originals: dict[int, int] = field(default_factory=dict)  # a draft's number → that of the draft it only repeats
    _by_number: dict[int, Draft] = field(default_factory=dict)
    _after_draft: bool = False  # the line before was a draft's

    def take(self, line: bytes) -> None:
        """Take one line in, or nothing of it."""
        record = record_of(line)
        if record is None:
            return
        kind, value = record["kind"], record["value"]
        self._after_draft, after_draft = kind == "draft", self._after_draft
        try:
            if kind == "draft":
                self._taken(draft_from_json(value))
                if record.get("current") is not False:
                    self.current_draft = self.drafts[-1]
                    self._stepped("change", record, self.drafts[-1].request)
            elif kind == "picture":
                picture = picture_from_json(value)
                self.pictures.append(picture)
                if (at := time_from_text(record.get("at"))) is not None:
                    self.times[picture.name] = at
                if record.get("current") is not False:
                    self._be_at(picture)
                    if not self.steps or self.steps[-1].draft != self._here():
                        self._stepped("going", record)
                    self._stand()
            elif kind == "go_to":
                self._be_at(next(p for p in self.pictures if p.name == value["picture"]))
                self._stepped("going", record, str(value.get("request", "")))
            elif kind == "favourite":
                name = str(value["picture"])
                self.favourites.pop(name, None)  # the order is that of saving
                self.favourites[name] = str(value["id"])
                if (at := time_from_text(record.get("at"))) is not None:
                    self.saved_at[name] = at
            elif kind == "unfavourite":
                self.favourites = {name: id for name, id in self.favourites.items() if id != value["id"]}
            elif kind == "attachment":
                self.attachments.append(Path(value["path"]))
            elif kind == "lock":
                self.locks += [str(p) for p in value["phrases"] if p not in self.locks]
            elif kind == "unlock":
                self.locks = [p for p in self.locks if p not in value["phrases"]]
                self._let_go([str(p) for p in value["phrases"]], with_draft=after_draft)
            elif kind == "prompt_first":
                self.prompt_first = bool(value["on"])
            elif kind == "rating":
                name = str(value["picture"])
                self.ratings.pop(name, None)  # the order is that of rating
                self.ratings[name] = str(value["verdict"])
                self.rated_at.pop(name, None)
                if (at := time_from_text(record.get("at"))) is not None:
                    self.rated_at[name] = at
            elif kind == "check":
                check = check_from_json(value)
                self.checks[check.picture] = check
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
            return

    def _taken(self, draft: Draft) -> None:
        """Keep a draft, and which one it only repeats: what an undo made stands for the draft that it brought back."""
        self.drafts.append(draft)
        parent = self._by_number.get(draft.parent) if draft.parent is not None else None
        again = (
            parent is not None
            and not draft.changes
            and (parent.prompt, parent.negative_prompt) == (draft.prompt, draft.negative_prompt)
        )
        self.originals[draft.number] = self.originals[parent.number] if parent and again else draft.number
        self._by_number[draft.number] = draft

    def _let_go(self, phrases: list[str], *, with_draft: bool) -> None:
        """What was unlocked in so many words stays so when an older step comes again; what a draft let go of comes back."""
        own = self.drafts[-1].locked if with_draft else phrases
        free = [phrase for phrase in phrases if phrase in own]
        self.steps = [replace(step, locks=tuple(p for p in step.locks if p not in free)) for step in self.steps]

    def _stepped(self, by: Literal["change", "going"], record: dict[str, Any], request: str = "") -> None:
        """Take a step to the current draft; or, for what an undo wrote, as many steps back as it says."""
        draft, last = self._here(), self.steps[-1] if self.steps else None
        if draft is None or self.current_draft is None:
            return
        repeats = by == "change" and draft != self.current_draft.number
        undoes = record.get("undoes")
        if undoes is None and repeats:  # logs of older versions do not say that a draft is an undo's
            below = [n for n, step in enumerate(self.steps[:-1]) if step.draft == draft]
            undoes = len(self.steps) - 1 - below[-1] if below else None
        if isinstance(undoes, int):
            del self.steps[max(1, len(self.steps) - undoes) :]
        elif (
            last
            and by == "going"
            and last.draft == draft
            and (not self.current_picture or last.picture == self.current_picture.name)
        ):
            pass  # they are there already
        elif last and by == "change" and self._goes_on(last, self.current_draft):
            how: Literal["change", "branch"] = "branch" if last.by == "going" else "change"
            self.steps[-1] = replace(last, draft=draft, by=how, picture=None)
        else:
            if last:
                self.steps[-1] = replace(last, locks=tuple(self.locks))
            self.steps.append(Step(draft=draft, by=by, request=request))
        self._stand()

    def _goes_on(self, last: Step, draft: Draft) -> bool:
        """Whether a draft goes on with the step that the same message began: "back to the third one, but at night", or "draw
        the second example, but at night", whose own prompt nobody saw."""
        unseen = self._by_number[last.draft].parent is None and last.picture is None and len(self.steps) > 1
        began = last.by == "going" or unseen
        return began and draft.parent == last.draft and bool(draft.request) and draft.request == last.request

    def _here(self) -> int | None:
        """The number of the draft that the current one is, or only repeats."""
        return self.originals.get(self.current_draft.number) if self.current_draft else None

    def _stand(self) -> None:
        """Keep which picture of the step's own draft is the current one."""
        shown = self.current_picture
        if self.steps and shown and shown.draft is not None and self.originals.get(shown.draft) == self.steps[-1].draft:
            self.steps[-1] = replace(self.steps[-1], picture=shown.name)

    def _be_at(self, picture: Picture) -> None:
        self.current_picture = picture
        if picture.draft is not None:
            self.current_draft = next((d for d in self.drafts if d.number == picture.draft), self.current_draft)


def record(kind: str, value: Any) -> dict[str, Any]:
    """A line of the log before it is text: its kind, the time now, and a record or a dict as its value."""
    return {"kind": kind, "at": datetime.now(UTC).isoformat(timespec="seconds"), "value": as_json(value)}


def marked(current: bool = True, undoes: int | None = None) -> dict[str, Any]:
    """What a record says of a draft or picture that does not become the current one (a try, until it is judged), and of
    one that takes steps back instead of being one."""
    return ({} if current else {"current": False}) | ({} if undoes is None else {"undoes": undoes})


def line_of(record: dict[str, Any]) -> bytes:
    """A record as one line."""
    return json.dumps(record).encode("ascii") + b"\n"  # ASCII: lone surrogates in strangers' text survive as \ud83d


def record_of(line: bytes) -> dict[str, Any] | None:
    """The record that a line holds, or None for a torn line or something else."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "kind" in found and "value" in found else None


def draft_from_json(value: dict[str, Any]) -> Draft:
    """A draft from what `as_json` made of it. Raises KeyError, TypeError or ValueError for anything else."""
    changes = tuple(
        Change(
            **{
                "source": "examples" if change.get("evidence") else "person",  # logs of older versions do not say
                **change,
                "evidence": tuple(Evidence(**e) for e in change.get("evidence", ())),
            }
        )
        for change in value["changes"]
    )
    return Draft(**{**value, "changes": changes, "locked": tuple(value.get("locked", ()))})


def picture_from_json(value: dict[str, Any]) -> Picture:
    """A picture from what `as_json` made of it. Raises KeyError, TypeError or ValueError for anything else."""
    recipe = recipe_from_json(value["recipe"])
    if recipe is None:
        raise ValueError("no recipe")
    return Picture(**{**value, "recipe": recipe})


def check_from_json(value: dict[str, Any]) -> Check:
    """A check from what `as_json` made of it. Raises KeyError, TypeError or ValueError for anything else."""
    return Check(
        picture=str(value["picture"]),
        phrases=tuple(PhraseSeen(**seen) for seen in value["phrases"]),
        score=float(value["score"]),
        avoided=tuple(PhraseSeen(**seen) for seen in value.get("avoided", ())),  # logs of older versions do not say
    )


def time_from_text(text: Any) -> datetime | None:
    """A time of the log in UTC, or None where it has none that can be read."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
