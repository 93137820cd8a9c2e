"""The only way a prompt changes: the model names changes, code applies them and checks what is cited.

What no change names stays byte for byte, and what is locked stays whatever a change names. A citation counts only if the
library's own row holds the phrase. Whose words a phrase is made of is decided here, from the person's own message.
"""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from langchain_core.tools import BaseTool, tool
from pydantic import BaseModel, Field

from tools import fence
from tools.backends import attribution, borrowing, locks, phrases
from tools.backends.errors import BadInput, ModelUnavailable
from tools.backends.lineage import Thread
from tools.backends.records import Change, Draft, Evidence, as_json
from tools.context import Backends, Runtime, artifacts

if TYPE_CHECKING:
    from tools.backends.database import Library

MOST_CHANGES = 30
MOST_CITES = 6
LONGEST_PROMPT = 10_000  # characters, after all changes
LONGEST_PHRASE = 500  # characters
LONGEST_START = 5_000  # characters; far more than any image model reads
MOST_HEARD = 3  # messages that a yes may go back to, with a remark or two between
REWRITTEN = 0.6  # a "new idea" with so much of the current prompt's words is that prompt, rewritten


class ChangeAsked(BaseModel):
    """One edit of the prompt."""

    kind: Literal["added", "removed", "replaced"] = Field(description="What to do with the phrase.")
    phrase: str = Field(description="The new phrase, or for removed the phrase to take out.")
    was: str = Field(
        default="", description="Only for replaced: the phrase, or the words in it, that the new one stands in for."
    )
    cites: list[str] = Field(
        default_factory=list,
        description="Ids of found examples that hold the new phrase; empty for an idea of your own.",
    )


class Borrowed(BaseModel):
    """Something to take over from another picture's prompt."""

    what: str = Field(
        description='"lighting", "style", "place", "time", "weather", "colors", "camera", "subject", or a phrase of that picture.'
    )
    picture: str = Field(description='The picture to take it from, such as "picture 2".')


@dataclass(kw_only=True)
class _Work:
    """A draft while it is being written."""

    prompt: str
    locks: list[str]
    said: str  # the person's message
    heard: str  # that, and the message before where this one says yes to what came of it
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text and text not in self.notes:
            self.notes.append(text)

    def change(self, change: Change) -> bool:
        """Make one change, unless it cannot be made, does nothing, or touches what is locked."""
        try:
            changed, touched = locks.apply(self.prompt, change, self.locks)
        except BadInput as error:
            self.note(str(error))
            return False
        if touched:
            named = " and ".join(repr(lock) for lock in touched)
            self.refused.append(
                {"kind": change.kind, "phrase": change.phrase, "was": change.was, "locks": touched, "lock": touched[0]}
            )
            self.note(f"{_asked(change)} was refused: {named} is locked. Unlock it first, if the person asks for that.")
            return False
        if changed == self.prompt:
            return False
        if len(changed) > max(LONGEST_PROMPT, len(self.prompt)):
            self.note(f"{_asked(change)[:200]} was left out: a prompt may have {LONGEST_PROMPT} characters.")
            return False
        self.prompt = changed
        self.changes.append(change)
        return True


def make(parts: Backends) -> BaseTool:
    """The tool `refine_prompt` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def refine_prompt(
        runtime: Runtime,
        changes: list[ChangeAsked],
        start: str = "",
        base: str = "",
        avoid: list[str] | None = None,
        allow: list[str] | None = None,
        lock: list[str] | None = None,
        unlock: list[str] | None = None,
        borrow: list[Borrowed] | None = None,
        edited: str = "",
    ) -> tuple[str, dict[str, Any]]:
        """Write the next draft of the prompt by naming single changes. Everything that no change names stays as it is.

        Args:
            changes: The edits, in order; may be empty.
            start: Only for a new idea: the person's own idea, word for word; the draft begins with it.
            base: A picture such as "picture 2" to go back to and change that one; empty for the current draft.
            avoid: What the picture must not show, such as ["people"]; goes into the negative prompt.
            allow: What to take out of the negative prompt again.
            lock: What the person wants kept exactly as it is from now on, such as ["the sofa", "the cat"].
            unlock: What may change again, in the person's words; ["all"] for everything.
            borrow: What to take over from other pictures, in place of the same thing here.
            edited: Only when the person wrote the whole prompt anew by hand: their text, word for word.
        """
        thread = runtime.context.thread
        if len(changes) > MOST_CHANGES:
            raise BadInput(f"{len(changes)} changes at once are too many. Name the {MOST_CHANGES} that matter most.")
        messages = runtime.state.get("messages", [])
        said = runtime.context.words
        start, edited = _word_for_word(start, said), _word_for_word(edited, said)
        parent, prompt, negative, from_picture = _base(thread, start, base, edited)
        before = thread.locks
        freed = _unlocked(before, unlock or [])
        work = _Work(
            prompt=prompt, locks=[own for own in before if own not in freed], said=said, heard=_heard(said, messages)
        )
        if unlock and not freed:
            work.note(f"Nothing locked is called {', '.join(unlock)}. Locked: {', '.join(before) or 'nothing'}.")
        if start.strip():
            _let_go(work, thread.current_draft, prompt, messages)
        waiting = _lock(work, lock or [])
        if edited.strip():
            _by_hand(work, edited)
        for asked in borrow or []:
            _borrow(work, asked, thread)
        known = _known_ids(messages)
        for one in changes:
            change, note = _one(work, one, parts, known, messages)
            work.note(note)
            if change is not None:
                work.change(change)
        unfound = _lock(work, waiting)
        for said in unfound:
            own = "; ".join(phrases.split(work.prompt)[:30])
            work.note(f"The prompt says nothing of {said!r}, so nothing was locked for it. Its phrases: {own}.")
        negative = _negative(negative, _avoidable(work, avoid or []), allow or [])
        released = [own for own in before if own not in work.locks]
        new = [own for own in work.locks if own not in before]
        if new:
            negative = _not_forbidding(work, negative)
        if len(negative) > LONGEST_PROMPT:
            raise BadInput(
                f"The negative prompt would have {len(negative)} characters. Keep it under {LONGEST_PROMPT}."
            )
        same = parent is not None and work.prompt == parent.prompt and negative == parent.negative_prompt
        went_to: str | None = None
        if base.strip() and same:
            went_to = thread.go_to(base, runtime.context.words).name
        elif same and not (released or new or work.locks and lock and not unfound):
            raise BadInput(" ".join(["Nothing would change.", *work.notes, f"The prompt is: {work.prompt}"]))
        locked = locks.held(work.prompt, work.locks)
        away = [own for own in work.locks if own not in locked]
        if same and parent is not None:
            draft = dataclasses.replace(thread.current_draft or parent, locked=locked)
        else:
            draft = thread.add_draft(
                work.prompt, negative, parent=parent.number if parent else None, request=runtime.context.words,
                changes=work.changes, from_picture=from_picture, locked=locked, known_locks=before,
            )  # fmt: skip
        if released:
            thread.unlock(released)
        if new:
            thread.lock(new)
        if went_to is None:
            runtime.context.report.drafted(runtime.tool_call_id or "", draft)
        used, limit, dropped = _read(parts, work.prompt)
        if dropped:
            work.note(
                f"The prompt has {used} tokens and the image model reads no further than {limit}; cut off: {dropped}."
            )
        answer = [
            *([f"Back at {went_to}."] if went_to else []),
            _shown(draft),
            *(f"- {_told(change)}" for change in work.changes),
            *([f"Locked: {_list(locked)}."] if locked else []),
            *([f"Locked, but not in this prompt: {_list(away)}."] if away else []),
            *([f"Not locked any more: {_list(released)}."] if released else []),
            *(f"Note: {fence.plain(note)}" for note in work.notes),
        ]
        artifact = {
            "draft": as_json(draft),
            "dropped": dropped,
            "notes": work.notes,
            "locked": list(work.locks),
            "newly_locked": new,
            "unlocked": released,
            "refused": work.refused,
            "tokens": {"used": used, "limit": limit},
        }
        return "\n".join(answer), artifact | ({"went_to": went_to} if went_to else {})

    return refine_prompt


def _base(thread: Thread, start: str, base: str, edited: str) -> tuple[Draft | None, str, str, str | None]:
    """What the draft begins with: its parent, prompt and negative prompt, and the picture whose seed it keeps."""
    for name, text in (("idea", start), ("edited prompt", edited)):
        if len(text) > LONGEST_START:
            raise BadInput(
                f"The {name} has {len(text)} characters. Keep it under {LONGEST_START}: image models read about 77 tokens."
            )
    if start.strip() and edited.strip():
        raise BadInput("Give start for a new idea or edited for a prompt that was changed by hand, not both.")
    if start.strip():
        return None, start, "", None
    if base.strip():
        picture = thread.resolve(base)
        parent = thread.draft(picture.draft) if picture.draft is not None else None
        return parent, picture.recipe.prompt, picture.recipe.negative_prompt, picture.name
    draft = thread.current_draft
    if draft is None:
        if edited.strip():
            return None, "", "", None
        raise BadInput("There is no prompt to change yet. Give the person's idea as start.")
    shown = thread.current_picture
    from_picture = shown.name if shown is not None and shown.draft == draft.number else draft.from_picture
    return draft, draft.prompt, draft.negative_prompt, from_picture


def _heard(said: str, messages: Sequence[Any]) -> str:
    """The person's words for what happens now: where they only say yes, those that it goes back to as well."""
    if not attribution.agrees(said):
        return said
    people = [message for message in messages if getattr(message, "type", "") == "human"]
    return "\n".join([*(message.text for message in people[-1 - MOST_HEARD : -1]), said])


def _word_for_word(text: str, said: str) -> str:
    """What the person wrote, as they wrote it: what looks like an escape is one only where their message has none there."""
    raw = text.strip()
    return raw if attribution.stands_in(raw, said) else fence.unfenced(raw).strip()


def _lock(work: _Work, said: Sequence[str]) -> list[str]:
    """Lock what is named; gives back what the prompt does not hold."""
    unfound: list[str] = []
    for text in filter(None, (_clean(one) for one in said)):
        parts = [part.strip() for part in re.split(r",|\band\b", text) if part.strip()]
        each = [locks.find(work.prompt, part) for part in parts]
        if len(parts) > 1 and all(each) and not phrases.holds(work.prompt, text):  # "the sofa and the cat" in one piece
            found = [own for one in each for own in one]
        else:
            found = locks.find(work.prompt, text)
        if not found:
            unfound.append(text)
        work.locks += [own for own in dict.fromkeys(found) if own not in work.locks]
    return unfound


def _unlocked(own: Sequence[str], said: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(lock for text in said for lock in locks.meant(own, _clean(text))))


def _let_go(work: _Work, draft: Draft | None, prompt: str, messages: Iterable[Any]) -> None:
    """A new idea lets go of the locks that it does not hold, if it is the person's own or an example that they were shown.

    Raises:
        BadInput: the start is the model's, or the current prompt in other words, which would lead around its locks.
    """
    gone = [lock for lock in work.locks if not locks.places(prompt, lock)]
    if not gone:
        return
    lost = locks.held(draft.prompt, gone) if draft else ()  # the others were set on another prompt, and stand in no way
    rewritten = draft is not None and attribution.alike(draft.prompt, prompt) >= REWRITTEN
    theirs = attribution.an_idea(prompt, work.said) and (not rewritten or attribution.stands_in(prompt, work.said))
    if lost and not theirs and (rewritten or prompt not in _prompts_shown(messages)):
        raise BadInput(
            f"{lost[0]!r} is locked, and this start would lose it. Name single changes instead, or unlock it if the person "
            "asks for that; a new idea is theirs, word for word."
        )
    if not theirs and not lost:
        return
    work.locks = [lock for lock in work.locks if lock not in gone]
    work.note(f"The new idea does not hold what was locked, so it is not locked any more: {', '.join(gone)}.")


def _by_hand(work: _Work, edited: str) -> None:
    """The prompt as the person wrote it. Their hand is above locks; words that they never said are an ordinary edit.

    Raises:
        BadInput: the words ask for a change and are no prompt, or are another prompt without what is locked.
    """
    if attribution.stands_in(edited, work.said) and attribution.an_order(edited, work.said):
        raise BadInput(f"{edited[:200]!r} asks for a change and is no prompt. Name single changes instead.")
    changes, broken = phrases.diff(work.prompt, edited), locks.broken(work.prompt, edited, work.locks)
    if not attribution.by_hand(edited, work.prompt, work.said, breaks=bool(broken)):
        if broken and attribution.alike(edited, work.prompt) < attribution.ALIKE:
            raise BadInput(f"{broken[0]!r} is locked, and this prompt would lose it. Name single changes instead.")
        for change in changes:
            work.change(dataclasses.replace(change, source=attribution.source(change.phrase, work.said, cited=False)))
        return
    for lock in broken:
        work.note(f"The person's own hand changed {lock!r}, which is locked; their hand is above locks.")
    work.changes += [dataclasses.replace(change, source="person", via="hand") for change in changes]
    work.prompt = edited


def _borrow(work: _Work, asked: Borrowed, thread: Thread) -> None:
    """Put what another picture's prompt says of one thing in the place of what is said of it here."""
    picture, what = thread.resolve(asked.picture), _clean(asked.what)
    changes = borrowing.borrowed(work.prompt, picture.recipe.prompt, what)
    if changes is None:
        work.note(f"The prompt of {picture.name} says nothing of {what!r}, so nothing was taken from it.")
    elif not changes:
        work.note(f"The prompt says the same of {what!r} as {picture.name} already.")
    for change in changes or []:
        work.change(dataclasses.replace(change, source="person", via=picture.name))


def _avoidable(work: _Work, avoid: Sequence[str]) -> list[str]:
    """What may go into the negative prompt: nothing that would keep out what is locked."""
    good: list[str] = []
    for text in (own for one in avoid for own in phrases.flat(_clean(one))):
        if lock := locks.forbids(locks.held(work.prompt, work.locks), _clean(text)):
            work.refused.append({"kind": "avoid", "phrase": text, "was": None, "locks": [lock], "lock": lock})
            work.note(f"{text!r} was not kept out of the picture: {lock!r} is locked.")
        else:
            good.append(text)
    return good


def _not_forbidding(work: _Work, negative: str) -> str:
    """The negative prompt without what it would keep out of what is locked now."""
    for own in phrases.flat(negative):
        if lock := locks.forbids(work.locks, own):
            negative = _negative(negative, [], [own])
            work.note(f"{own!r} is not kept out of the picture any more: {lock!r} is locked.")
    return negative


def _one(
    work: _Work, asked: ChangeAsked, parts: Backends, known: set[str], messages: Iterable[Any]
) -> tuple[Change | None, str]:
    """The checked change, or None with the reason. Only the person's and the library's words go in, cleaned."""
    prompt, phrase, was = work.prompt, _clean(asked.phrase), _clean(asked.was)
    if asked.kind == "removed":
        change = phrases.removal(prompt, phrase)
        if change is None:
            own = "; ".join(phrases.split(prompt)[:30])
            return None, f"The prompt does not hold {phrase!r}. Its phrases: {own}."
        whose = "person" if attribution.takes_out(work.said) else attribution.source(phrase, work.heard, cited=False)
        return dataclasses.replace(change, source=whose), ""
    if not phrase:
        return None, "A change without a phrase was left out."
    if len(phrase) > LONGEST_PHRASE:
        return None, f"A phrase of {len(phrase)} characters was left out. Keep it under {LONGEST_PHRASE}."
    if asked.kind == "added" and any(phrases.normal(own) == phrases.normal(phrase) for own in phrases.flat(prompt)):
        return None, f"{phrase!r} is in the prompt already."
    if asked.kind == "replaced" and not phrases.holds(prompt, was):
        return (
            None,
            f"The prompt does not hold {was!r}, so nothing was put in its place. Its phrases: {'; '.join(phrases.split(prompt)[:30])}.",
        )
    evidence, note = _verified(phrase, asked.cites, known, parts.library)
    stays = f"\n{was}" if asked.kind == "replaced" else ""  # "a red one" of a castle: "castle" is nobody's idea now
    source = attribution.source(phrase, work.heard + stays, cited=bool(evidence))
    lift = _lift(phrase, messages) if evidence else None
    twin = phrases.twin(prompt, phrase, was, reordered=source != "person")
    if twin is not None:
        told = f"{phrase!r} is nearly what the prompt says already: {twin!r}."
        if asked.kind == "added":
            return None, told
        if any(phrases.normal(own) == phrases.normal(was) for own in phrases.flat(prompt)):
            return Change(kind="removed", phrase=was, source=source), told
    change = Change(
        kind=asked.kind, phrase=phrase, was=(was or None) if asked.kind == "replaced" else None, evidence=evidence,
        lift=lift, source=source,
    )  # fmt: skip
    return change, note


def _verified(
    phrase: str, cites: Sequence[str], known: set[str], library: "Library"
) -> tuple[tuple[Evidence, ...], str]:
    """Only the cited examples whose own row in the library holds the phrase."""
    if not cites:
        return (), ""
    cited = list(dict.fromkeys(c.strip().strip("#") for c in cites if c.strip()))[:MOST_CITES]
    full = {cite: [id for id in known if id.startswith(cite)] or [cite] for cite in cited}
    rows = {row.id: row for row in library.get(list(dict.fromkeys(id for ids in full.values() for id in ids)))}
    good: dict[str, Evidence] = {}
    bad: list[str] = []
    for cite, ids in full.items():
        row = next((rows[id] for id in ids if id in rows and phrases.holds(rows[id].prompt, phrase)), None)
        if row is None:
            bad.append(cite)
        else:
            good[row.id] = Evidence(id=row.id, prompt=row.prompt)
    if not bad:
        return tuple(good.values()), ""
    left = "the others hold it" if good else "it counts as your own idea"
    return tuple(
        good.values()
    ), f"Example {', '.join(bad)} does not hold {phrase!r}, so that citation was dropped; {left}."


def _known_ids(messages: Iterable[Any]) -> set[str]:
    """The ids of every example that this conversation was shown, also beside a phrase: short ids are looked up among them."""
    found = artifacts(messages)
    shown = {str(match["example"]["id"]) for a in found for match in a.get("matches", [])}
    return shown | {str(id) for a in found for near in a.get("phrases", []) for id in near["example_ids"]}


def _prompts_shown(messages: Iterable[Any]) -> set[str]:
    """The prompts of the examples that were shown, and of the files that were read."""
    found = artifacts(messages)
    shown = {str(match["example"]["prompt"]).strip() for a in found for match in a.get("matches", [])}
    return shown | {str((a.get("metadata") or {}).get("prompt", "")).strip() for a in found}


def _lift(phrase: str, messages: Iterable[Any]) -> float | None:
    """The lift that the newest search measured for the phrase."""
    wanted = phrases.normal(phrase)
    for artifact in artifacts(messages):
        for near in artifact.get("phrases", []):
            if phrases.normal(near["phrase"]) == wanted:
                return round(float(near["lift"]), 2)
    return None


def _negative(negative: str, avoid: Sequence[str], allow: Sequence[str]) -> str:
    """The negative prompt with some words more and some less."""
    kept = {phrases.normal(p) for p in allow}
    have = {phrases.normal(own) for own in [*phrases.split(negative), *phrases.flat(negative)]}
    gone = [Change(kind="removed", phrase=p) for p in sorted(kept & have)]
    changed = phrases.apply(negative, gone)
    more = [Change(kind="added", phrase=_clean(p)) for p in avoid if _clean(p) and phrases.normal(p) not in kept]
    return phrases.apply(changed, more)


def _read(parts: Backends, prompt: str) -> tuple[int, int, str]:
    """The prompt's tokens, how many the image model reads, and what it would not read.

    A model that cannot be loaded is the render's trouble, not the draft's: then nothing is known.
    """
    try:
        return *parts.renderer.tokens(prompt), parts.renderer.dropped(prompt)
    except ModelUnavailable:
        return 0, 0, ""


def _clean(phrase: str) -> str:
    return " ".join(fence.unfenced(phrase).split()).strip(" ,")


def _shown(draft: Draft) -> str:
    negative = (
        f"\nNegative prompt: <draft>{fence.plain(draft.negative_prompt)}</draft>" if draft.negative_prompt else ""
    )
    return f"Draft {draft.number}: <draft>{fence.plain(draft.prompt, 5_000)}</draft>{negative}"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(f"<draft>{fence.plain(text)}</draft>" for text in texts)


def _asked(change: Change) -> str:
    """A change that was asked for, in words."""
    if change.kind == "replaced":
        return f"Putting {change.phrase!r} in the place of {change.was!r}"
    return f"Taking out {change.phrase!r}" if change.kind == "removed" else f"Adding {change.phrase!r}"


def _told(change: Change) -> str:
    """One change as the model reads it, with whose words it is made of and what supports it."""
    what = f"{change.kind} {fence.plain(change.phrase)!r}" + (f" for {fence.plain(change.was)!r}" if change.was else "")
    if change.via:
        how = "by the person's own hand" if change.via == "hand" else f"taken from {fence.plain(change.via)}"
        return f"{what} ({how})"
    if change.kind == "removed":
        return what
    whose = "the person's words" if change.source == "person" else ""
    if not change.evidence:
        return f"{what} ({whose or 'your own idea'}; no example cited)"
    lift = f", {change.lift:.1f}x as common near this idea as overall" if change.lift else ""
    return (
        f"{what} ({whose + '; ' if whose else ''}cited: {', '.join(fence.short(e.id) for e in change.evidence)}{lift})"
    )
