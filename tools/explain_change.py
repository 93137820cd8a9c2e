"""The tool that answers "why did you add that?" from what was kept, not from memory."""

from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import phrases
from tools.backends.errors import BadInput
from tools.backends.records import Change, Draft, Example, Match, as_json
from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `explain_change` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def explain_change(runtime: Runtime, phrase: str = "") -> tuple[str, dict[str, Any]]:
        """Say why a phrase is in the prompt, or what became of it: who asked, and the examples that it was taken from.

        Args:
            phrase: The phrase in question, such as "film still"; empty for all changes of the current draft.
        """
        thread = runtime.context.thread
        current = thread.current_draft
        if current is None:
            raise BadInput("There is no prompt in this conversation yet.")
        found = _changes(thread.drafts, current, phrase)
        if not found:
            if phrase and phrases.holds(current.prompt, phrase):
                told = f"<draft>{fence.plain(phrase)}</draft> is the person's own wording, from the idea itself."
                return told, {"changes": [], "matches": [], "own": True}
            raise BadInput(f"{phrase!r} was never changed here. The prompt is: {current.prompt}")
        ids = [e.id for _, change in found for e in change.evidence]
        rows = {row.id: row for row in parts.library.get(ids)} if ids else {}
        cited = [rows.get(e.id, Example(id=e.id, prompt=e.prompt)) for _, change in found for e in change.evidence]
        matches = [
            Match(rank=n, example=row, score=0.0) for n, row in enumerate({row.id: row for row in cited}.values(), 1)
        ]
        if matches:
            runtime.context.report.found(runtime.tool_call_id or "", matches)
        answer = [_told(draft, change) for draft, change in found]
        if matches:
            answer.append(f"The examples:\n{fence.examples(matches)}")
        artifact = {
            "changes": [
                {"draft": draft.number, "request": draft.request, **as_json(change)} for draft, change in found
            ],
            "matches": [as_json(match) for match in matches],
        }
        return "\n".join(answer), artifact

    return explain_change


def _changes(drafts: tuple[Draft, ...], current: Draft, phrase: str) -> list[tuple[Draft, Change]]:
    """The newest changes that are meant: along the current draft's own line, else anywhere in the conversation."""
    by_number = {draft.number: draft for draft in drafts}
    line: list[Draft] = []
    at: Draft | None = current
    while at is not None and at not in line:
        line.append(at)
        at = by_number.get(at.parent) if at.parent is not None else None
    if not phrase.strip():
        newest = next((draft for draft in line if draft.changes), None)
        return [(newest, change) for change in newest.changes] if newest else []
    for where in (line, drafts[::-1]):
        every = [(draft, change) for draft in where for change in draft.changes]
        exact = [(d, c) for d, c in every if phrases.normal(c.phrase) == phrases.normal(phrase)]
        held = [(d, c) for d, c in every if phrases.holds(c.phrase, phrase)]
        gone = [(d, c) for d, c in every if c.was and phrases.holds(c.was, phrase)]  # "what became of the sofa?"
        if found := (exact[:1] or held[:3] or gone[:1]):
            return found
    return []


def _told(draft: Draft, change: Change) -> str:
    asked = f"draft {draft.number}, when the person said <request>{fence.plain(draft.request, 200)}</request>"
    instead = f" for <phrase>{fence.plain(change.was)}</phrase>" if change.was else ""
    return f"{change.kind} <phrase>{fence.plain(change.phrase)}</phrase>{instead} in {asked}: {_why(change)}"


def _why(change: Change) -> str:
    """Whose words they are, and what supports them."""
    if change.via == "hand":
        return "the person wrote it into the prompt by hand."
    if change.via:
        return f"borrowed from {fence.plain(change.via)}, because the person asked for that."
    if change.kind == "removed":
        return "the person asked for that." if change.source == "person" else "it made room for what was asked."
    whose = "the person's own words" if change.source == "person" else ""
    if not change.evidence:
        return f"{whose}; no example was cited." if whose else "the assistant's own idea; no example was cited."
    count = len(change.evidence)
    held = f"{count} example holds it" if count == 1 else f"{count} examples hold it"
    lift = f" It is {change.lift:.1f} times as common near this idea as in the whole library." if change.lift else ""
    return f"{whose + '; ' if whose else ''}{held}.{lift}"
