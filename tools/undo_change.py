"""The tool that takes back the newest draft. Nothing is deleted: the draft before it comes again as a new one."""

from collections.abc import Sequence
from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import locks, phrases
from tools.backends.errors import BadInput
from tools.backends.lineage import Thread
from tools.backends.logbook import Logbook, line_of
from tools.backends.records import Draft, as_json
from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `undo_change`."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def undo_change(runtime: Runtime) -> tuple[str, dict[str, Any]]:
        """Take back the newest change of the prompt: the draft before it comes again, byte for byte. Again takes back one more."""
        thread = runtime.context.thread
        known = thread.locks
        undone, back, locked_then = _steps(thread)
        shown = next((p for p in reversed(thread.pictures) if p.draft in _same_as(thread, back)), None)
        thread.hold_to_locks(back.prompt, back.number, known)  # before anything moves
        if shown is not None and shown != thread.current_picture:
            thread.go_to(shown)  # "it" is the picture of this prompt again
        again = [lock for lock in locks.held(back.prompt, locked_then) if lock not in known]
        kept = locks.held(back.prompt, [*known, *again])
        draft = thread.add_draft(
            back.prompt, back.negative_prompt, parent=back.number, request=runtime.context.words,
            from_picture=shown.name if shown else back.from_picture, locked=kept, known_locks=known,
        )  # fmt: skip
        if again:
            thread.lock(again)
        runtime.context.report.drafted(runtime.tool_call_id or "", draft)
        lost = [lock for lock in locks.held(undone.prompt, thread.locks) if lock not in kept]
        changes = phrases.diff(undone.prompt, draft.prompt)
        answer = [
            f"Took back draft {undone.number}. Draft {draft.number} is draft {back.number} again: "
            f"<draft>{fence.plain(draft.prompt, 5_000)}</draft>"
        ]
        if shown is not None:
            answer.append(f"{shown.name} shows it already: no render is needed.")
        if again:
            answer.append(f"Locked again, as it was then: {_list(again)}.")
        if lost:
            answer.append(f"Locked, but not in this prompt: {_list(lost)}.")
        artifact = {
            "draft": as_json(draft),
            "undone": undone.number,
            "back_at": back.number,
            "picture": shown.name if shown else None,
            "changes": as_json(changes),
            "locked": list(thread.locks),
            "locked_again": again,
            "not_held": lost,
        }
        return "\n".join(answer), artifact

    return undo_change


def _steps(thread: Thread) -> tuple[Draft, Draft, list[str]]:
    """The draft that is taken back, the one that comes again, and what was locked before the first was written.

    Before a draft that began an idea comes the draft that was current then.

    Raises:
        BadInput: there is no draft, or it began the conversation's first idea.
    """
    at = thread.current_draft
    if at is None:
        raise BadInput("There is no prompt in this conversation yet, so nothing can be taken back.")
    at = _original(thread, at)
    then = _before(thread, at)
    back = then.current_draft if at.parent is None else thread.draft(at.parent)
    if back is None:
        raise BadInput(
            f"Draft {at.number} began this idea: there is nothing before it to go back to. The prompt is: {at.prompt}"
        )
    return at, _original(thread, back), then.locks


def _before(thread: Thread, draft: Draft) -> Logbook:
    """The conversation as it was when a draft was about to be written."""
    book = Logbook()
    for record in thread.records():
        if record["kind"] == "draft" and len(book.drafts) == draft.number - 1:
            break
        book.take(line_of(record))
    return book


def _original(thread: Thread, draft: Draft) -> Draft:
    """The draft that a draft only repeats: what an earlier undo made stands for the draft that it brought back."""
    while draft.parent is not None and not draft.changes:
        parent = thread.draft(draft.parent)
        if (parent.prompt, parent.negative_prompt) != (draft.prompt, draft.negative_prompt):
            break
        draft = parent
    return draft


def _same_as(thread: Thread, draft: Draft) -> set[int]:
    """The numbers of a draft and of those that only repeat it."""
    return {other.number for other in thread.drafts if _original(thread, other).number == draft.number}


def _list(texts: Sequence[str]) -> str:
    return ", ".join(f"<draft>{fence.plain(text)}</draft>" for text in texts)
