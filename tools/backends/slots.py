"""A conversation's prompt as a template: what changed over the conversation becomes slots, everything else stays as it is.

Pure. The first option of every slot is the prompt's own, so the template with its first options is the prompt, byte for byte.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.backends import phrases, templates
from tools.backends.aspects import aspect_of
from tools.backends.errors import BadInput, NotFound
from tools.backends.history import roots
from tools.backends.records import Draft

if TYPE_CHECKING:
    from tools.backends.lineage import Thread

LONGEST = templates.LONGEST // 2  # characters of a prompt; escaping may double them
MOST_OPTIONS = 12  # of one slot
_BRACKETED = re.compile(r"[()\[\]{}<>:\"]")


def conversation_template(thread: "Thread") -> str:
    """The template of a conversation's current prompt; what is locked stays as it is.

    Raises:
        NotFound: there is no prompt yet.
        BadInput: the prompt is longer than a template may be.
    """
    draft = thread.current_draft
    if draft is None:
        raise NotFound("There is no prompt in this conversation yet. Ask for a picture first.")
    if len(draft.prompt) > LONGEST:
        raise BadInput(f"The prompt has {len(draft.prompt):,} characters; a template is made of at most {LONGEST:,}.")
    return template_of(thread.drafts, draft, locks=thread.locks)


def template_of(drafts: Sequence[Draft], base: Draft, locks: Sequence[str] = ()) -> str:
    """The template of one draft. Its slots hold, beside its own words:

    - what stood in a phrase's place in any draft of the same idea: "a {cat|dog} on a sofa";
    - of phrases about one thing that were added to the same draft in two branches, the other one: "{watercolor|film still}";
    - nothing, for a phrase that was added and has no such counterpart: "a cat{, film still|}".

    Locked words are no slots: the person wants them as they are.
    """
    family = _family(drafts, base)
    instead = _counterparts(family)
    root = next(draft for draft in family if draft.parent is None or draft is family[0])
    begun_with = {phrases.normal(phrase) for phrase in phrases.flat(root.prompt)}
    spans = phrases.spans(base.prompt)
    own = {_same(base.prompt[start:end]) for start, end in spans}
    text, at = "", 0
    for number, (start, end) in enumerate(spans):
        phrase = base.prompt[start:end]
        before = base.prompt[at:start]
        held = any(phrases.holds(phrase, lock) or phrases.holds(lock, phrase) for lock in locks)
        others = [] if held else [p for p in _reached(instead, phrase) if _same(p) not in own][: MOST_OPTIONS - 1]
        added = number > 0 and not held and phrases.normal(phrase) not in begun_with
        if others:
            text += templates.escape(before) + _slot([phrase, *others])
        elif added and before.strip(" \n\r" + phrases.COMMAS) == "" and before:
            text += f"{{{templates.escape(before + phrase)}|}}"
        else:
            text += templates.escape(before + phrase)
        at = end
    text += templates.escape(base.prompt[at:])
    # What was escaped piece by piece could mean something at a seam ("_" + "_"); then the plain prompt is safer than a wrong one.
    whole = templates.parse(text)
    return text if templates.first(whole) == base.prompt else templates.escape(base.prompt)


def _family(drafts: Sequence[Draft], base: Draft) -> list[Draft]:
    """The drafts of the same idea: all that descend from the draft that this one's line began with."""
    began = roots(drafts)
    return [draft for draft in drafts if began[draft.number] == began.get(base.number)] or [base]


def _counterparts(family: Sequence[Draft]) -> dict[str, list[str]]:
    """Phrase in normal form → the phrases that stood in its place somewhere, oldest first."""
    by_number = {draft.number: draft for draft in family}
    instead: dict[str, list[str]] = {}
    added: dict[int, list[list[str]]] = {}

    def pair(one: str, other: str) -> None:
        for here, there in ((one, other), (other, one)):
            near = instead.setdefault(phrases.normal(here), [])
            if there not in near:
                near.append(there)

    for draft in family:
        parent = by_number.get(draft.parent or 0)
        if parent is None:
            continue
        changes = phrases.diff(parent.prompt, draft.prompt)
        for change in changes:
            if change.kind == "replaced" and change.was:
                pair(change.was, change.phrase)
        added.setdefault(parent.number, []).append([change.phrase for change in changes if change.kind == "added"])
    for branches in added.values():
        for n, branch in enumerate(branches):
            for other in branches[n + 1 :]:
                for one in branch:
                    match = next((p for p in other if aspect_of(p) & aspect_of(one)), None)
                    if match is not None and phrases.normal(match) != phrases.normal(one):
                        pair(one, match)
    return instead


def _reached(instead: dict[str, list[str]], phrase: str) -> list[str]:
    """Everything that stood in a phrase's place, also by way of others, nearest first, each once."""
    seen, found, waiting = {_same(phrase)}, [], [phrase]
    while waiting:
        for other in instead.get(phrases.normal(waiting.pop(0)), []):
            if _same(other) not in seen:
                seen.add(_same(other))
                found.append(other)
                waiting.append(other)
    return found


def _same(phrase: str) -> str:
    """For telling options apart: weights count, capitals and spaces do not."""
    return " ".join(phrase.casefold().split())


def _slot(options: Sequence[str]) -> str:
    """One slot of whole phrases, or of the words in which they differ."""
    pieces = [re.findall(r"\s+|\S+", option) for option in options]
    start = end = 0
    if not any(_BRACKETED.search(option) for option in options):  # never cut through a bracket or a weight
        shortest = min(len(piece) for piece in pieces)
        while start < shortest and len({piece[start] for piece in pieces}) == 1:
            start += 1
        while end < shortest - start and len({piece[-1 - end] for piece in pieces}) == 1:
            end += 1
    lead, tail = "".join(pieces[0][:start]), "".join(pieces[0][len(pieces[0]) - end :])
    inner = ["".join(piece[start : len(piece) - end]) for piece in pieces]
    return (
        templates.escape(lead) + "{" + "|".join(templates.escape(one) for one in inner) + "}" + templates.escape(tail)
    )
