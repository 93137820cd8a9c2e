"""What a thread's log says: its lines, one after another, become drafts, pictures, and where the person is now.

Reading only, and no files: `lineage.py` opens, locks and writes the log. A line that is torn, or of a kind that a newer
version writes, is passed over, and the ones after it count all the same.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.backends.recipes import recipe_from_json
from tools.backends.records import Change, Check, Draft, Evidence, PhraseSeen, Picture, as_json


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

    def take(self, line: bytes) -> None:
        """Take one line in, or nothing of it."""
        record = record_of(line)
        if record is None:
            return
        kind, value = record["kind"], record["value"]
        try:
            if kind == "draft":
                self.drafts.append(draft_from_json(value))
                if record.get("current") is not False:
                    self.current_draft = self.drafts[-1]
            elif kind == "picture":
                picture = picture_from_json(value)
                self.pictures.append(picture)
                if (at := time_from_text(record.get("at"))) is not None:
                    self.times[picture.name] = at
                if record.get("current") is not False:
                    self._be_at(picture)
            elif kind == "go_to":
                self._be_at(next(p for p in self.pictures if p.name == value["picture"]))
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

    def _be_at(self, picture: Picture) -> None:
        self.current_picture = picture
        if picture.draft is not None:
            self.current_draft = next((d for d in self.drafts if d.number == picture.draft), self.current_draft)


def record(kind: str, value: Any) -> dict[str, Any]:
    """A line of the log before it is text: its kind, the time now, and a record or a dict as its value."""
    return {"kind": kind, "at": datetime.now(UTC).isoformat(timespec="seconds"), "value": as_json(value)}


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
