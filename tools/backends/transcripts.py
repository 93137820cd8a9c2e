"""A whole conversation as one JSON file, written and read; `replaying` makes the same pictures from it again.

The file holds every draft with its changes and evidence, every picture's recipe and the fingerprint of its pixels, and what
the person locked, saved and thought of them: `{"format": FORMAT, "version": 1, "name", "exported", "events": [...]}`, the events in the
order in which they came. No file names, and no pictures: the recipes make those. Whoever gets such a file may be given it by
a stranger, so reading it checks every type, number, length and size, and no path or model of its choosing is ever opened.
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from tools.backends import checked
from tools.backends.checked import LONGEST
from tools.backends.diffusion import MOST_SEED
from tools.backends.errors import BadInput
from tools.backends.logbook import check_from_json, draft_from_json, picture_from_json, time_from_text
from tools.backends.modelfiles import LARGEST_SIDE, MOST_GUIDANCE, MOST_STEPS
from tools.backends.pictures import fingerprint, open_picture
from tools.backends.recipes import recipe_from_json
from tools.backends.records import Beginning, Change, Check, Draft, Evidence, PhraseSeen, Picture, as_json

if TYPE_CHECKING:
    from tools.backends.lineage import Thread

FORMAT = "atelier conversation"
VERSION = 1

MOST_BYTES = 32 * 2**20
MOST_EVENTS = 10_000
MOST_PICTURES = 1_000  # what they may cost in all is MOST_WORK's
LARGEST_PICTURE = LARGEST_SIDE**2  # pixels: what this house renders it can export
MOST_WORK = 2e10  # pixels × steps of all pictures: a hundred at 1024×1024 with 50 steps are 5e9
LONGEST_NAME = 200

_KINDS = (
    "draft",
    "picture",
    "go_to",
    "favourite",
    "unfavourite",
    "lock",
    "unlock",
    "prompt_first",
    "rating",
    "check",
    "start",
)


@dataclass(frozen=True)
class Event:
    """One thing that happened: its kind, and the checked record, or a dict of plain values."""

    kind: str
    value: Any
    pixels: str | None = None  # of a picture: what `fingerprint` said of it, where its file could be read
    current: bool = True  # of a draft or picture: it became the current one when it was made


@dataclass(frozen=True)
class Transcript:
    """A conversation that was read from a file, every value checked."""

    name: str
    events: tuple[Event, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Its pictures, as they were; their files are not here."""
        return tuple(event.value for event in self.events if event.kind == "picture")


# --- out ---


def export(thread: "Thread") -> dict[str, Any]:
    """The conversation as a document. Of pictures whose file is gone or broken, the fingerprint is null.

    Raises:
        BadInput: nothing has happened in this conversation, or it holds what `read` would refuse; says what.
    """
    events = [event for record in thread.records() if (event := _exported(record)) is not None]
    if not events:
        raise BadInput(f"The conversation {thread.name[:80]!r} holds nothing yet. Ask for a picture first.")
    document = {
        "format": FORMAT,
        "version": VERSION,
        "name": thread.name,
        "exported": datetime.now(UTC).isoformat(timespec="seconds"),
        "events": events,
    }
    try:
        read(as_bytes(document))
    except BadInput as error:
        raise BadInput(f"This conversation cannot be exported whole, so nothing was written: {error}") from error
    return document


def as_bytes(document: Mapping[str, Any]) -> bytes:
    """The document as the file's bytes."""
    return json.dumps(document, indent=1).encode("ascii") + b"\n"


def _exported(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """One line of the log without what belongs to this machine, or None for what no machine can use, this one included.

    Requests and examples are cut to what `read` takes: they are told, not replayed.

    Raises:
        BadInput: a draft, a picture or what was locked is beyond what `read` takes; names it.
    """
    kind, value = record.get("kind"), record.get("value")
    if kind not in _KINDS or not isinstance(value, dict):
        return None
    extra: dict[str, Any] = {}
    try:
        if kind == "draft":
            draft = draft_from_json(value)
            value = as_json(dataclasses.replace(draft, request=draft.request[:LONGEST]))
            for evidence in (one for change in value["changes"] for one in change["evidence"]):
                evidence["prompt"] = evidence["prompt"][:LONGEST]
        elif kind == "check":
            value = as_json(check_from_json(value))
        elif kind == "picture":
            picture = picture_from_json(value)
            recipe = dataclasses.replace(picture.recipe, model=_model_name(picture.recipe.model))
            value = {"name": picture.name, "parent": picture.parent, "draft": picture.draft, "recipe": as_json(recipe)}
            extra = {"pixels": _pixels_of(picture)}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None  # the logbook passes it over too
    if record.get("current") is False:
        extra["current"] = False
    at = time_from_text(record.get("at"))
    event = {"kind": kind, "at": at.isoformat() if at else None, "value": value, **extra}
    try:
        _event(event)
    except (BadInput, KeyError, TypeError, ValueError) as error:
        if kind not in ("draft", "picture", "lock", "unlock"):
            return None  # nothing that comes later speaks of it
        what = f"draft {value['number']}" if kind == "draft" else value["name"] if kind == "picture" else f"a {kind}"
        reason = str(error) if isinstance(error, BadInput) else "it is not as it must be"
        raise BadInput(
            f"This conversation cannot be exported, because of {what}: {reason}. Keep its pictures: each holds its recipe."
        ) from error
    return event


def _pixels_of(picture: Picture) -> str | None:
    try:
        return fingerprint(open_picture(Path(picture.path)))
    except (BadInput, OSError):
        return None


def _model_name(model: str) -> str:
    """The model's name; of a folder on this machine only its last part."""
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(model).is_absolute():
            return kind(model).name
    return model


# --- in ---


def read(data: bytes) -> Transcript:
    """A conversation from a file's bytes, every value checked.

    Raises:
        BadInput: it is no such file, or something in it is not as it must be, or too much; says what.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(f"The file has {len(data) / 2**20:.0f} MB; a conversation has at most {MOST_BYTES // 2**20}.")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            "The file is no conversation: it is not JSON. Use one that `atelier conversation export` wrote."
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadInput("The file is no conversation. Use one that `atelier conversation export` wrote.")
    version = document.get("version")
    if version != VERSION:
        raise BadInput(
            f"The file has version {str(version)[:20]}; this Atelier reads version {VERSION}. Update Atelier."
        )
    raw = document.get("events")
    if not isinstance(raw, list) or len(raw) > MOST_EVENTS:
        raise BadInput(f"The file's events are not a list of at most {MOST_EVENTS:,}.")
    events = []
    for number, one in enumerate(raw, 1):
        try:
            event = _event(one)
        except (BadInput, KeyError, TypeError, ValueError) as error:
            detail = f" ({error})" if isinstance(error, BadInput) else ""
            raise BadInput(
                f"Event {number} of the file is not as it must be{detail}. It was changed or is broken."
            ) from error
        if event is not None:
            events.append(event)
    name = document.get("name")
    transcript = Transcript(name=name[:LONGEST_NAME] if isinstance(name, str) else "", events=tuple(events))
    _check_order(transcript)
    _check_work(transcript.pictures)
    return transcript


def _event(raw: Any) -> Event | None:
    """One checked event; None for a kind that a newer version writes. Raises BadInput, KeyError, TypeError or ValueError."""
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str):
        raise BadInput("it has no kind")
    kind, value = raw["kind"], raw.get("value")
    if kind not in _KINDS:
        return None
    if not isinstance(value, dict):
        raise BadInput("it has no value")
    current = raw.get("current") is not False
    if kind == "draft":
        return Event(kind, _draft(value), current=current)
    if kind == "picture":
        pixels = raw.get("pixels")
        if pixels is not None:
            pixels = checked.text(raw, "pixels", 64)
        return Event(kind, _picture(value), pixels, current)
    if kind == "check":
        return Event(
            kind,
            Check(
                picture=checked.text(value, "picture", LONGEST_NAME),
                phrases=_seen(value, "phrases"),
                score=checked.number(value, "score"),
                avoided=_seen(value, "avoided") if "avoided" in value else (),
            ),
        )
    if kind in ("lock", "unlock"):
        return Event(kind, {"phrases": checked.texts(value, "phrases")})
    if kind == "prompt_first":
        return Event(kind, {"on": checked.one_of(value, "on", (True, False))})
    if kind == "start":
        draft, strength = checked.whole(value, "draft", 1, MOST_EVENTS), checked.number(value, "strength")
        if not 0 <= strength <= 1:
            raise BadInput("its strength is no share of a picture")
        called = checked.text(value, "called", LONGEST_NAME)
        picture = checked.text(value, "picture", LONGEST_NAME)
        return Event(kind, Beginning(draft=draft, picture=picture, strength=strength, called=called))
    if kind == "unfavourite":
        return Event(kind, {"id": checked.text(value, "id", LONGEST_NAME)})
    plain = {"picture": checked.text(value, "picture", LONGEST_NAME)}
    if kind == "favourite":
        plain["id"] = checked.text(value, "id", LONGEST_NAME)
    if kind == "rating":
        plain["verdict"] = checked.one_of(value, "verdict", ("up", "down"))
    return Event(kind, plain)


def _seen(value: dict[str, Any], name: str) -> tuple[PhraseSeen, ...]:
    return tuple(
        PhraseSeen(
            phrase=checked.text(one, "phrase"),
            score=checked.number(one, "score"),
            there=checked.one_of(one, "there", (True, False, None)),
        )
        for one in checked.records(value, name)
    )


def _draft(value: dict[str, Any]) -> Draft:
    parent = value.get("parent")
    return Draft(
        number=checked.whole(value, "number", 1, MOST_EVENTS),
        prompt=checked.text(value, "prompt"),
        negative_prompt=checked.text(value, "negative_prompt"),
        parent=None if parent is None else checked.whole(value, "parent", 1, MOST_EVENTS),
        request=checked.text(value, "request"),
        changes=tuple(_change(change) for change in checked.records(value, "changes")),
        from_picture=None if value.get("from_picture") is None else checked.text(value, "from_picture", LONGEST_NAME),
        locked=checked.texts(value, "locked") if "locked" in value else (),
    )


def _change(value: dict[str, Any]) -> Change:
    lift = value.get("lift")
    return Change(
        kind=checked.one_of(value, "kind", ("added", "removed", "replaced")),
        phrase=checked.text(value, "phrase"),
        was=None if value.get("was") is None else checked.text(value, "was"),
        evidence=tuple(
            Evidence(id=checked.text(e, "id", LONGEST_NAME), prompt=checked.text(e, "prompt"))
            for e in checked.records(value, "evidence")
        ),
        lift=None if lift is None else checked.number(value, "lift"),
        source=checked.one_of(value, "source", ("person", "examples", "assistant")),
        via=checked.text(value, "via", LONGEST_NAME) if "via" in value else "",
    )


def _picture(value: dict[str, Any]) -> Picture:
    recipe = recipe_from_json(value["recipe"])
    if recipe is None:
        raise BadInput("its recipe is not as it must be")
    if recipe.width * recipe.height > LARGEST_PICTURE:
        raise BadInput(
            f"it is {recipe.width}×{recipe.height} pixels; at most {LARGEST_PICTURE:,} in all are rendered again"
        )
    if recipe.steps > MOST_STEPS or not 0 <= recipe.guidance <= MOST_GUIDANCE or recipe.seed > MOST_SEED:
        raise BadInput("its steps, guidance or seed are beyond what a renderer takes")
    return Picture(
        name=checked.text(value, "name", LONGEST_NAME),
        path="",
        recipe=recipe,
        parent=None if value.get("parent") is None else checked.text(value, "parent", LONGEST_NAME),
        draft=None if value.get("draft") is None else checked.whole(value, "draft", 1, MOST_EVENTS),
    )


def _check_order(transcript: Transcript) -> None:
    """Drafts and pictures are numbered as they came, and each speaks only of what came before it."""
    drafts = pictures = 0
    for event in transcript.events:
        if event.kind == "draft":
            drafts += 1
            if event.value.number != drafts or (event.value.parent or 0) >= drafts:
                raise BadInput(f"Draft {event.value.number} of the file is out of order. It was changed or is broken.")
        elif event.kind == "picture":
            pictures += 1
            if event.value.name != f"picture {pictures}" or (event.value.draft or 0) > drafts:
                raise BadInput(f"{event.value.name!r} of the file is out of order. It was changed or is broken.")
        elif event.kind == "start" and event.value.draft > drafts:
            raise BadInput(
                f"A start of draft {event.value.draft} of the file is out of order. It was changed or is broken."
            )


def _check_work(pictures: Iterable[Picture]) -> None:
    recipes = [picture.recipe for picture in pictures]
    if len(recipes) > MOST_PICTURES:
        raise BadInput(f"The file has {len(recipes):,} pictures; at most {MOST_PICTURES} are rendered again.")
    if sum(recipe.width * recipe.height * recipe.steps for recipe in recipes) > MOST_WORK:
        raise BadInput("The file's pictures are too large, or have too many steps, to render them all again.")
