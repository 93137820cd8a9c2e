"""The tool that takes back the newest steps. Nothing is deleted: the draft before them comes again as a new one."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import locks, phrases
from tools.backends.errors import BadInput
from tools.backends.lineage import Thread
from tools.backends.records import Draft, Picture, as_json
from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `undo_change`."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def undo_change(runtime: Runtime, steps: int = 1) -> tuple[str, dict[str, Any]]:
        """Take back the newest change of the prompt, or the newest step back to an earlier picture: where the person was
        before comes again, byte for byte. Again takes back one more.

        Args:
            steps: How many to take back at once, from 1 to 20.
        """
        thread = runtime.context.thread
        known = thread.locks
        way = _way_back(thread, steps)
        undone, back, shown = way.undone, way.back, way.shown
        thread.hold_to_locks(back.prompt, back.number, known)  # before anything moves
        again = [lock for lock in locks.held(back.prompt, way.locks) if lock not in known]
        kept = locks.held(back.prompt, [*known, *again])
        if way.went and shown is not None:
            thread.go_to(shown, undoes=way.steps)  # they had only gone elsewhere: they go back, and nothing is written
            draft = dataclasses.replace(back, locked=kept)
        else:
            if shown is not None and shown != thread.current_picture:
                thread.go_to(shown, undoes=0)  # "it" is the picture of this prompt again
            draft = thread.add_draft(
                back.prompt, back.negative_prompt, parent=back.number, request=runtime.context.words,
                from_picture=shown.name if shown else back.from_picture, locked=kept, known_locks=known, undoes=way.steps,
            )  # fmt: skip
            runtime.context.report.drafted(runtime.tool_call_id or "", draft)
        if again:
            thread.lock(again)
        lost = [lock for lock in locks.held(undone.prompt, thread.locks) if lock not in kept]
        changes = phrases.diff(undone.prompt, draft.prompt)
        answer = [_told(way, draft)]
        if shown is not None:
            answer.append(f"{shown.name} shows it already: no render is needed.")
        if way.steps < steps:
            answer.append(f"Before that there is nothing: {way.steps} of the {steps} steps could be taken back.")
        if again:
            answer.append(f"Locked again, as it was then: {_list(again)}.")
        if lost:
            answer.append(f"Locked, but not in this prompt: {_list(lost)}.")
        artifact = {
            "draft": as_json(draft),
            "undone": undone.number,
            "back_at": back.number,
            "steps": way.steps,
            "asked": steps,
            "left": way.left,
            "picture": shown.name if shown else None,
            "changes": as_json(changes),
            "locked": list(thread.locks),
            "locked_again": again,
            "not_held": lost,
        }
        return "\n".join(answer), artifact

    return undo_change


@dataclass(frozen=True, kw_only=True)
class _Way:
    """The way back. `went`: the person had only gone to pictures, and no change is taken back; `left`: the picture that
    they had gone back to, where the newest step went to one; `locks`: what was locked when they left where it leads."""

    undone: Draft
    back: Draft
    shown: Picture | None
    steps: int
    went: bool
    left: str | None
    locks: tuple[str, ...]


def _way_back(thread: Thread, steps: int) -> _Way:
    """How to take back so many steps, or as many as there are.

    Raises:
        BadInput: there is no draft, or nothing before this one.
    """
    at, taken = thread.current_draft, thread.steps
    if at is None or not taken:
        raise BadInput("There is no prompt in this conversation yet, so nothing can be taken back.")
    undone = thread.draft(taken[-1].draft)
    count = min(max(1, steps), len(taken) - 1)
    if count < 1:
        raise BadInput(
            f"Draft {undone.number} began this idea: there is nothing before it to go back to. The prompt is: {undone.prompt}"
        )
    gone, target = taken[-count:], taken[-count - 1]
    back = thread.draft(target.draft)
    same = {number for number, original in thread.originals.items() if original == back.number}
    shown = next((p for p in reversed(thread.pictures) if p.draft in same), None)
    if target.picture is not None:
        shown = next((p for p in thread.pictures if p.name == target.picture), shown)
    went = all(step.by == "going" for step in gone)
    left = gone[-1].picture if went else None
    if gone[-1].by == "branch":
        parent = undone.parent
        left = next((p.name for p in reversed(thread.pictures) if p.draft == parent), None)
    return _Way(undone=undone, back=back, shown=shown, steps=count, went=went, left=left, locks=target.locks)


def _told(way: _Way, draft: Draft) -> str:
    prompt = f"<draft>{fence.plain(draft.prompt, 5_000)}</draft>"
    if way.went:
        where = f"from {way.left} " if way.left else ""
        return f"Gone back {where}to where the person was before: draft {draft.number}, {prompt}"
    what = f"draft {way.undone.number}" if way.steps == 1 else f"{way.steps} steps, to before draft {way.undone.number}"
    return f"Took back {what}. Draft {draft.number} is draft {way.back.number} again: {prompt}"


def _list(texts: Sequence[str]) -> str:
    return ", ".join(f"<draft>{fence.plain(text)}</draft>" for text in texts)
