"""What the guide remembers of the messages before: the lists that it showed, what it offered, locks and pictures just named.

Only reads what the tools answered in earlier turns, and what was said; decides nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent import telling
from agent.playing import Listed

SEARCHES = ("search_prompts", "find_similar_pictures")
WRITERS = ("refine_prompt", "generate_picture", "undo_change", "mend_picture")
_NAMED = re.compile(r"\b(?:picture|pic|image|version|number|no\.?) ?#?(\d{1,4})\b|#(\d{1,4})\b", re.IGNORECASE)
_REMARKS = 3  # turns that an offer outlives, if nothing happens in them
_TURNS_BACK = 4  # turns in which a picture that was named is still "that one"


@dataclass
class Past:
    """One turn: what was said, the calls that were answered, and the reply."""

    words: str
    calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)  # name, arguments, artifact
    failures: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)  # the names of all calls, also of those that failed
    reply: str = ""


def turns(before: Sequence[BaseMessage]) -> list[Past]:
    """The turns so far, oldest first."""
    past: list[Past] = []
    args: dict[str, dict[str, Any]] = {}
    for message in before:
        if isinstance(message, HumanMessage):
            studio = message.additional_kwargs.get("studio", {})
            past.append(Past(words=str(studio.get("words", message.text))))
        elif not past:
            continue
        elif isinstance(message, AIMessage):
            args |= {str(call["id"]): call["args"] for call in message.tool_calls}
            past[-1].reply = past[-1].reply if message.tool_calls else message.text
        elif isinstance(message, ToolMessage):
            past[-1].tried.append(str(message.name))
            artifact = message.artifact if isinstance(message.artifact, dict) else {}
            if message.status == "error":
                past[-1].failures.append(str(artifact.get("error") or message.content))
            elif artifact:
                past[-1].calls.append((str(message.name), args.get(message.tool_call_id, {}), artifact))
    return past


def offered(past: Sequence[Past]) -> tuple[str, dict[str, Any]] | None:
    """The last tool that answered in the turn before: a "yes" now is about what it led to.

    A remark between ("hm") takes nothing back, a no does.
    """
    for turn in reversed(past[-_REMARKS:]):
        if turn.calls:
            name, args, artifact = turn.calls[-1]
            return name, {**args, **artifact}
        if turn.failures or turn.reply.startswith(telling.DECLINED):
            return None
    return None


def listed(past: Sequence[Past]) -> Listed:
    """The examples that "the second one" may mean: of the last list that the person asked for.

    Where they never asked for one, those that were looked up for the last draft; then `asked` is False. `at_hand`: nothing
    was drawn since, except examples of that very list.
    """
    looked_up: Listed | None = None
    for at in range(len(past) - 1, -1, -1):
        for n, (name, args, artifact) in reversed(list(enumerate(past[at].calls))):
            matches = artifact.get("matches")
            if name not in (*SEARCHES, "list_favourites") or not matches:
                continue
            found = Listed(matches=tuple(matches), label=_label(name, args), favourites=name == "list_favourites")
            if _told(past[at], n, found):
                prompts = [str(match["example"]["prompt"]).strip() for match in matches]
                rest = [past[at].calls[n + 1 :], *(later.calls for later in past[at + 1 :])]
                starts = [str(args.get("start", "")).strip() for calls in rest for _, args, _ in calls]
                numbers = [prompts.index(start) + 1 for start in starts if start in prompts]
                again = [n for n, later in enumerate(past) if n > at and later.reply.startswith(telling.LIST)]
                since = [later.calls for later in past[again[-1] :]] if again else rest  # it was shown once more
                made = [one for calls in since for _, _, done in calls for one in done.get("pictures", [])]
                return Listed(
                    matches=found.matches, label=found.label, favourites=found.favourites, asked=True,
                    at_hand=all(_draws_one_of(calls, prompts) for calls in since),
                    drawn=tuple(str(one["name"]) for one in made if isinstance(one, dict) and "name" in one),
                    last=numbers[-1] if numbers else 0,
                )  # fmt: skip
            if looked_up is None and name in SEARCHES:
                looked_up = found
    return looked_up or Listed()


def _told(turn: Past, at: int, found: Listed) -> bool:
    """Whether a list was an answer: nothing was written from it, or the reply shows it all the same."""
    if found.favourites and any(name == "remove_favourite" for name, _, _ in turn.calls):
        return False
    if not any(name == "refine_prompt" for name, _, _ in turn.calls[at + 1 :]) and turn.tried[-1:] != ["refine_prompt"]:
        return True
    first = telling.shortened(str(found.matches[0]["example"]["prompt"]), 60).rstrip("…")
    return f"1. {first}" in turn.reply or f"Its prompt: {first}" in turn.reply


def _draws_one_of(calls: Sequence[tuple[str, dict[str, Any], dict[str, Any]]], prompts: Sequence[str]) -> bool:
    """Whether the calls of a turn draw nothing, or one of some prompts."""
    writes = [(name, args, artifact) for name, args, artifact in calls if name in WRITERS]
    starts = [str(args.get("start", "")).strip() for name, args, _ in writes if name == "refine_prompt"]
    if not writes or all(name == "undo_change" for name, _, _ in writes):
        return True
    return bool(starts) and starts[0] in prompts  # what follows in the same turn changes that one


def _label(name: str, args: Mapping[str, Any]) -> str:
    """What the list was looked for, in words."""
    if name == "list_favourites":
        return "your favourites"
    words = str(args.get("looks_like") or args.get("words") or "")
    return telling.quoted(words, 80) if words else "the picture"


def locks_spoken_of(past: Sequence[Past], locks: Sequence[str]) -> tuple[str, ...]:
    """Of the locks, those that the last turn that wrote something set, or that one since then ran against."""
    for turn in reversed(past):
        met = list(_met(turn, locks))
        if met or any(name in WRITERS for name, _, _ in turn.calls):
            return tuple(lock for lock in locks if lock in met)
    return ()


def _met(turn: Past, locks: Sequence[str]) -> Iterator[str]:
    for name, _, artifact in turn.calls:
        if name == "refine_prompt":
            yield from map(str, artifact.get("newly_locked", []))
            for one in artifact.get("refused", []):
                yield from map(str, one.get("locks", []))
    for failure in turn.failures:
        yield from (lock for lock in locks if f"{lock!r} is locked" in failure)


def just_added(past: Sequence[Past]) -> bool:
    """Whether the last turn that did anything put a phrase into the prompt, and nothing else since."""
    last = next((turn for turn in reversed(past) if turn.calls or turn.failures), None)
    drafts = [done.get("draft") for name, _, done in last.calls if name == "refine_prompt"] if last else []
    newest = drafts[-1] if drafts and isinstance(drafts[-1], dict) else {}
    return (
        any(change.get("kind") == "added" for change in newest.get("changes", [])) and newest.get("parent") is not None
    )


def picture_named(past: Sequence[Past], names: Sequence[str]) -> str:
    """The picture that was named last, by the person or by a tool's answer; empty where none was of late."""
    for turn in reversed(past[-_TURNS_BACK:]):
        said = [f"picture {int(one or other)}" for one, other in _NAMED.findall(turn.words)]
        if said and said[-1] in names:
            return said[-1]
        for name, args, artifact in reversed(turn.calls):
            if name in WRITERS:
                continue
            for held in (artifact, *(value for value in artifact.values() if isinstance(value, dict))):
                if held.get("picture") in names and str(args.get("picture", "current")) not in ("", "current"):
                    return str(held["picture"])
        if any(name in WRITERS for name, _, _ in turn.calls):
            return ""
    return ""
