"""What a look ahead is a look at: the edits that a "yes" would make, and the prompt that they lead to. Pure."""

import dataclasses

from agent.editing import Edit, after, compiled
from agent.playing import Seen, Stuck
from agent.understanding import meant
from agent.wishes import read
from agent.wording import EDITS, Wish


def edits(words: str, base: str, seen: Seen) -> list[Wish]:
    """What the words of a look ahead wish for, in the prompt's own words. `base`: the picture that they are said of, or nothing."""
    at = _at(base, seen)
    heard = [wish for wish in read(words, has_draft=True) if wish.kind in EDITS] if words else []
    if not heard:
        return [Wish(kind="add", text=words)] if words else []
    return [wish for wish in (meant(heard, at) if at else heard) if wish.kind in EDITS]


def candidate(words: str, base: str, seen: Seen) -> str:
    """The prompt that the edits lead to; empty where they only add, which needs no prompt of its own to be looked up.

    Raises:
        Stuck: nothing would change, and why.
    """
    at = _at(base, seen)
    if at is None or at.draft is None:
        return ""
    draft, edit = at.drafts[at.draft], Edit(locked=seen.locks)
    prompt = str(draft["prompt"])
    for wish in edits(words, base, seen):
        before = len(edit.changes)
        compiled(wish, prompt, str(draft["negative_prompt"]), {}, list(seen.drafts.values()), edit)
        prompt = after(prompt, edit.changes[before:])
    if edit.is_empty and edit.notes and words:
        raise Stuck(" ".join(edit.notes))
    return prompt if any(change["kind"] != "added" for change in edit.changes) else ""


def _at(base: str, seen: Seen) -> Seen | None:
    """The conversation as it stands at a picture; None where that takes more than its name to tell."""
    if not base:
        return seen if seen.draft in seen.drafts else None
    drafts = {str(picture["name"]): picture.get("draft") for picture in seen.pictures}
    return dataclasses.replace(seen, draft=drafts[base]) if drafts.get(base) in seen.drafts else None
