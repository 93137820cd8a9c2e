"""The only way a prompt changes: the model names changes, code applies them and checks what is cited.

What no change names stays byte for byte. A citation counts only if the library's own row holds the phrase.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from langchain_core.tools import BaseTool, tool
from pydantic import BaseModel, Field

from tools import fence
from tools.backends import phrases
from tools.backends.errors import BadInput, ModelUnavailable
from tools.backends.lineage import Thread
from tools.backends.records import Change, Draft, Evidence, as_json
from tools.context import Backends, Runtime, artifacts

if TYPE_CHECKING:
    from tools.backends.database import Library

MOST_CHANGES = 30
MOST_CITES = 6
LONGEST_START = 5_000  # characters; far more than any image model reads


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
    ) -> tuple[str, dict[str, Any]]:
        """Write the next draft of the prompt by naming single changes. Everything that no change names stays as it is.

        Args:
            changes: The edits, in order; may be empty.
            start: Only for a new idea: the person's own idea, word for word; the draft begins with it.
            base: A picture such as "picture 2" to go back to and change that one; empty for the current draft.
            avoid: What the picture must not show, such as ["people"]; goes into the negative prompt.
            allow: What to take out of the negative prompt again.
        """
        thread = runtime.context.thread
        if len(changes) > MOST_CHANGES:
            raise BadInput(f"{len(changes)} changes at once are too many. Name the {MOST_CHANGES} that matter most.")
        parent, prompt, negative, from_picture = _base(thread, start, base)
        known = _known_ids(runtime.state.get("messages", []))
        notes: list[str] = []
        done: list[Change] = []
        for asked in changes:
            change, note = _one(prompt, asked, parts, known, runtime.state.get("messages", []))
            if note:
                notes.append(note)
            if change is not None:
                changed = phrases.apply(prompt, [change])
                if changed != prompt:
                    prompt = changed
                    done.append(change)
        negative = _negative(negative, avoid or [], allow or [])
        if base.strip() and not done and parent is not None and negative == parent.negative_prompt:
            picture = thread.go_to(base)
            draft = thread.current_draft or parent
            return f"Back at {picture.name}, {_shown(draft)}", {
                "draft": as_json(draft),
                "went_to": picture.name,
                "notes": notes,
            }
        if not start.strip() and not done and parent is not None and negative == parent.negative_prompt:
            raise BadInput(" ".join(["Nothing would change.", *notes, f"The prompt is: {prompt}"]))
        draft = thread.add_draft(
            prompt, negative, parent=parent.number if parent else None, request=runtime.context.words, changes=done,
            from_picture=from_picture,
        )  # fmt: skip
        runtime.context.report.drafted(runtime.tool_call_id or "", draft)
        dropped = _dropped(parts, prompt)
        if dropped:
            notes.append(f"The image model reads no further than its limit; cut off: {dropped}.")
        answer = [
            _shown(draft),
            *(f"- {_told(change)}" for change in done),
            *(f"Note: {fence.plain(note)}" for note in notes),
        ]
        return "\n".join(answer), {"draft": as_json(draft), "dropped": dropped, "notes": notes}

    return refine_prompt


def _base(thread: Thread, start: str, base: str) -> tuple[Draft | None, str, str, str | None]:
    """What the draft begins with: its parent, prompt and negative prompt, and the picture whose seed it keeps."""
    if start.strip():
        if len(start) > LONGEST_START:
            raise BadInput(
                f"The idea has {len(start)} characters. Keep it under {LONGEST_START}: image models read about 77 tokens."
            )
        return None, fence.unfenced(start).strip(), "", None
    if base.strip():
        picture = thread.resolve(base)
        parent = thread.draft(picture.draft) if picture.draft is not None else None
        return parent, picture.recipe.prompt, picture.recipe.negative_prompt, picture.name
    draft = thread.current_draft
    if draft is None:
        raise BadInput("There is no prompt to change yet. Give the person's idea as start.")
    shown = thread.current_picture
    from_picture = shown.name if shown is not None and shown.draft == draft.number else draft.from_picture
    return draft, draft.prompt, draft.negative_prompt, from_picture


def _one(
    prompt: str, asked: ChangeAsked, parts: Backends, known: set[str], messages: Iterable[Any]
) -> tuple[Change | None, str]:
    """The checked change, or None with the reason. Only the person's and the library's words go in, cleaned."""
    phrase, was = _clean(asked.phrase), _clean(asked.was)
    if asked.kind == "removed":
        return _removal(prompt, phrase)
    if not phrase:
        return None, "A change without a phrase was left out."
    if asked.kind == "added" and any(phrases.normal(own) == phrases.normal(phrase) for own in phrases.flat(prompt)):
        return None, f"{phrase!r} is in the prompt already."
    if asked.kind == "replaced" and not phrases.holds(prompt, was):
        return (
            None,
            f"The prompt does not hold {was!r}, so nothing was put in its place. Its phrases: {'; '.join(phrases.split(prompt)[:30])}.",
        )
    evidence, note = _verified(phrase, asked.cites, known, parts.library)
    lift = _lift(phrase, messages) if evidence else None
    change = Change(kind=asked.kind, phrase=phrase, was=was or None, evidence=evidence, lift=lift)
    return change, note


def _removal(prompt: str, phrase: str) -> tuple[Change | None, str]:
    """Take out a whole phrase, or words inside of one: then the phrase is replaced by what is left of it."""
    wanted = phrases.normal(phrase)
    if wanted and any(phrases.normal(own) == wanted for own in phrases.flat(prompt)):
        return Change(kind="removed", phrase=phrase), ""
    run = r"[\s_\-]+".join(re.escape(word) for word in phrases.words(phrase))
    for own in phrases.split(prompt):
        left = re.sub(rf"\s*(?<!\w){run}(?!\w)", "", own, flags=re.IGNORECASE) if run else own
        left = re.sub(r"^(?:\s*(?:and|with)\b)+|(?:\b(?:and|with|a|an|the|on|in|at|of)\s*)+$", "", left).strip()
        if left != own and phrases.words(left):
            return Change(kind="replaced", phrase=left, was=own), ""
    return None, f"The prompt does not hold {phrase!r}. Its phrases: {'; '.join(phrases.split(prompt)[:30])}."


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
    own = [p for p in phrases.split(negative) if phrases.normal(p) not in kept]
    changed = phrases.join(own) if len(own) != len(phrases.split(negative)) else negative
    more = [Change(kind="added", phrase=_clean(p)) for p in avoid if _clean(p) and phrases.normal(p) not in kept]
    return phrases.apply(changed, more)


def _dropped(parts: Backends, prompt: str) -> str:
    """What the image model would not read. A model that cannot be loaded is the render's trouble, not the draft's."""
    try:
        return parts.renderer.dropped(prompt)
    except ModelUnavailable:
        return ""


def _clean(phrase: str) -> str:
    return " ".join(fence.unfenced(phrase).split()).strip(" ,")


def _shown(draft: Draft) -> str:
    negative = (
        f"\nNegative prompt: <draft>{fence.plain(draft.negative_prompt)}</draft>" if draft.negative_prompt else ""
    )
    return f"Draft {draft.number}: <draft>{fence.plain(draft.prompt, 5_000)}</draft>{negative}"


def _told(change: Change) -> str:
    """One change as the model reads it, with what supports it."""
    what = f"{change.kind} {fence.plain(change.phrase)!r}" + (f" for {fence.plain(change.was)!r}" if change.was else "")
    if change.kind == "removed":
        return what
    if not change.evidence:
        return f"{what} (no example cited: the person's words or your own idea)"
    lift = f", {change.lift:.1f}x as common near this idea as overall" if change.lift else ""
    return f"{what} (cited: {', '.join(fence.short(e.id) for e in change.evidence)}{lift})"
