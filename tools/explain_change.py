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
        """Say why a phrase is in the prompt: who asked for it, and the examples that it was taken from.

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
                return f"<draft>{fence.plain(phrase)}</draft> is the person's own wording, from the idea itself.", {
                    "changes": [],
                    "own": True,
                }
            raise BadInput(f"{phrase!r} was never changed here. The prompt is: {current.prompt}")
        rows = {row.id: row for row in parts.library.get([e.id for _, change in found for e in change.evidence])}
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
        exact = [(d, c) for d in where for c in d.changes if phrases.normal(c.phrase) == phrases.normal(phrase)]
        if found := (exact or [(d, c) for d in where for c in d.changes if phrases.holds(c.phrase, phrase)]):
            return found[:1] if exact else found[:3]
    return []


def _told(draft: Draft, change: Change) -> str:
    asked = f"draft {draft.number}, when the person said <request>{fence.plain(draft.request, 200)}</request>"
    what = f"{change.kind} <phrase>{fence.plain(change.phrase)}</phrase> in {asked}"
    if not change.evidence:
        return f"{what}: the person's words or the assistant's own idea; no example was cited."
    lift = f" It is {change.lift:.1f} times as common near this idea as in the whole library." if change.lift else ""
    return f"{what}: {len(change.evidence)} examples hold it.{lift}"
