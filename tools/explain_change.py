"""The tool that answers "why did you add that?" from what was kept, not from memory."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import attribution, phrases
from tools.backends.errors import BadInput
from tools.backends.lineage import Thread
from tools.backends.records import Change, Draft, Example, Match, as_json
from tools.backends.stems import stem
from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `explain_change` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def explain_change(runtime: Runtime, phrase: str = "") -> tuple[str, dict[str, Any]]:
        """Say why a phrase is in the prompt, or why it went: who asked, and the examples that it was taken from.

        Args:
            phrase: The phrase in question, such as "film still", or "remove film still" for why it went; empty for all
                changes of the current draft.
        """
        thread = runtime.context.thread
        current = thread.current_draft
        if current is None:
            raise BadInput("There is no prompt in this conversation yet.")
        asked = _asked(phrase, thread.drafts)
        line = _line(thread.drafts, current)
        found = _changes(line, thread.drafts, asked) if asked.words else _newest(line, asked.went)
        if not found:
            return _otherwise(thread, current, line, asked)
        ids = [e.id for _, change in found for e in change.evidence]
        rows = {row.id: row for row in parts.library.get(ids)} if ids else {}
        cited = [rows.get(e.id, Example(id=e.id, prompt=e.prompt)) for _, change in found for e in change.evidence]
        matches = [
            Match(rank=n, example=row, score=0.0) for n, row in enumerate({row.id: row for row in cited}.values(), 1)
        ]
        if matches:
            runtime.context.report.found(runtime.tool_call_id or "", matches)
        answer = [_told(draft, change) for draft, change in found]
        still = asked.went and asked.held_by(current.prompt)
        if still:
            answer.insert(0, f"<draft>{fence.plain(asked.words)}</draft> is in the prompt all the same.")
        if matches:
            answer.append(f"The examples:\n{fence.examples(matches)}")
        artifact = {
            "changes": [
                {"draft": draft.number, "request": draft.request, **as_json(change)} for draft, change in found
            ],
            "matches": [as_json(match) for match in matches],
            "phrase": asked.words,
            "still": still,
        }
        return "\n".join(answer), artifact

    return explain_change


@dataclass(frozen=True)
class _Asked:
    """What is asked about: the words, in their forms, and whether they are said to have gone."""

    words: str
    went: bool = False

    def held_by(self, text: str) -> bool:
        """Whether a text holds the words, in one number or the other; "raining" is the rain."""
        own = self.words.split()
        last = own[-1] if own else ""
        forms = {" ".join([*own[:-1], form]) for form in (last, phrases.singular(last), f"{last}s")}
        if own and any(phrases.holds(text, form) for form in forms):
            return True
        return len(own) == 1 and stem(own[0].lower()) in map(stem, phrases.words(text))


_TOOK_OUT = re.compile(
    r"^(?:(?:you|it|did) )*(?:remov(?:e|ed|ing)|delet(?:e|ed|ing)|tak(?:e|ing) (?:out|away)|took (?:out|away)|drop(?:ped)?|los[et]|cut(?: out)?|eras(?:e|ed)|thr(?:ow|ew) out|(?:get|got) rid of|left out|leave out|out(?= the\b)|no|replaced?|swap(?:ped)?)\s+(?P<of>.+?)(?: (?:out|away|from .+|by .+|with .+|for .+))?$|"
    r"^(?P<gone>.+?) (?:gone|missing|removed|dropped|away|not there|not in (?:it|there)|disappear(?:ed)?|vanish(?:ed)?|no longer (?:there|in it)|left out)$",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"^(?:(?:the|an?|that|this|some|any|my|it|there|all|now|such|word|phrase|be|is|(?:ma[dk]e|making|turn(?:ed)?|paint(?:ed)?|dr[ae]w) (?:it|this|that|everything|the (?:picture|image))(?: into)?) )+(?=\S)|[?.!]+$",
    re.IGNORECASE,
)


_LEAD = re.compile(
    r"^(?:at|in|on|by|with|of|near|from|under|over|into|inside|during)\s+(?:(?:the|an?)\s+)?(?=\S)", re.IGNORECASE
)
_POINTS = ("it", "that", "this", "them", "those", "these", "something", "anything")


def _asked(phrase: str, drafts: Sequence[Draft]) -> _Asked:
    """ "remove the neon" → neon, and that it went; "drop shadow" is what a prompt here says."""
    said = " ".join(fence.unfenced(phrase).split()).strip(" ?.!\"'")
    match = None if any(phrases.holds(draft.prompt, said) for draft in drafts) else _TOOK_OUT.match(said)
    if said.lower() in ("out", "away", "removed"):  # "what did you take out?"
        return _Asked("", went=True)
    words = _SAYS_NOTHING.sub("", (match["of"] or match["gone"]) if match else said).strip()
    bare = _LEAD.sub("", words)
    held = [text for draft in drafts for text in (draft.prompt, draft.negative_prompt)]
    if bare != words and not any(phrases.holds(text, words) for text in held):
        words = bare if any(_Asked(bare).held_by(text) for text in held) else words  # "at dusk" where it says "dusk"
    return _Asked("" if words.lower() in _POINTS else words, went=match is not None)


def _line(drafts: Sequence[Draft], current: Draft) -> list[Draft]:
    """The current draft and those that it came from, newest first."""
    by_number = {draft.number: draft for draft in drafts}
    line: list[Draft] = []
    at: Draft | None = current
    while at is not None and at not in line:
        line.append(at)
        at = by_number.get(at.parent) if at.parent is not None else None
    return line


def _newest(line: Sequence[Draft], went: bool) -> list[tuple[Draft, Change]]:
    """The changes of the newest draft that has any; asked why something went: of those, what was taken out."""
    for draft in line:
        told = [(draft, change) for change in draft.changes if not went or change.kind == "removed" or change.was]
        if told:
            return told
    return []


def _changes(line: Sequence[Draft], drafts: Sequence[Draft], asked: _Asked) -> list[tuple[Draft, Change]]:
    """The newest changes that are meant: along the current draft's own line, else anywhere in the conversation.

    The idea that the line begins with comes before what other ideas changed.
    """
    for where in (line, () if _began(line, asked) else drafts[::-1]):
        every = [(draft, change) for draft in where for change in draft.changes]
        gone = [
            (d, c) for d, c in every
            if (c.kind == "removed" and asked.held_by(c.phrase)) or (c.was and asked.held_by(c.was) and not asked.held_by(c.phrase))
        ]  # fmt: skip
        if asked.went and (gone or not (line and asked.held_by(line[0].prompt))):
            if gone:
                return gone[:1]
            continue
        exact = [(d, c) for d, c in every if phrases.normal(c.phrase) == phrases.normal(asked.words)]
        held = [(d, c) for d, c in every if asked.held_by(c.phrase)]
        came, went = exact[:1] or held[:3], gone[:1]
        if went and came and line and not asked.held_by(line[0].prompt):  # it came, and went again: both are told
            came = [(d, c) for d, c in every if c.kind != "removed" and asked.held_by(c.phrase)][:1]
            return [*came, *(pair for pair in went if pair not in came)]
        if found := (came or went):  # "what became of the sofa?"
            return found
    return []


def _began(line: Sequence[Draft], asked: _Asked) -> bool:
    return bool(line) and asked.held_by(line[-1].prompt)


def _otherwise(thread: Thread, current: Draft, line: Sequence[Draft], asked: _Asked) -> tuple[str, dict[str, Any]]:
    """What can be said of words that no change brought or took: they are the idea's own, kept out, or another picture's.

    Raises:
        BadInput: nobody ever spoke of them here.
    """
    if not asked.words:
        raise BadInput(f"Nothing was changed yet: the prompt is as the idea was. It is: {current.prompt}")
    words = f"<draft>{fence.plain(asked.words)}</draft>"
    bare = {"changes": [], "matches": [], "phrase": asked.words}
    kept_out = next((draft for draft in reversed(line) if asked.held_by(draft.negative_prompt)), None)
    if asked.held_by(current.negative_prompt) and kept_out and not asked.held_by(current.prompt):
        told = f"{words} is kept out of the picture since draft {kept_out.number}, when the person said {_request(kept_out)}."
        return told, {**bare, "kept_out": True, "request": kept_out.request, "draft": kept_out.number}
    still = asked.went and asked.held_by(current.prompt)
    roots = [line[-1], *(draft for draft in reversed(thread.drafts) if draft.parent is None)]
    root = next((draft for draft in roots if asked.held_by(draft.prompt)), None)
    other = next((draft for draft in reversed(thread.drafts) if asked.held_by(draft.prompt)), None)
    if asked.went and not still and other is not None:
        shown = next((p.name for p in reversed(thread.pictures) if p.draft == other.number), None)
        told = (
            f"{words} was not taken out: it stands in draft {other.number}{f' ({shown})' if shown else ''}, and the person "
            "went on from another prompt, which does not hold it."
        )
        return told, {**bare, "elsewhere": True, "draft": other.number, "picture": shown}
    if root is None:
        raise BadInput(
            f"{asked.words!r} is not in the prompt, and nobody here put it in or took it out. The prompt is: {current.prompt}"
        )
    said = attribution.source(asked.words, root.request, cited=False) == "person" or asked.held_by(root.request)
    theirs = said or not root.request
    told = (
        "is the person's own wording, from the idea itself" if theirs else "came with the prompt that the person chose"
    )
    lead = f"{words} was never taken out: it " if still else f"{words} "
    here = root is line[-1]
    artifact = {
        **bare, "own": theirs, "chosen": not theirs, "still": still, "request": root.request, "draft": root.number, "here": here,
    }  # fmt: skip
    return f"{lead}{told}, draft {root.number}, when they said {_request(root)}.", artifact


def _request(draft: Draft) -> str:
    return f"<request>{fence.plain(draft.request, 200)}</request>"


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
