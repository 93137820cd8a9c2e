"""What the guide is told with the person's words: where the conversation is, as plain data beside the message.

Language models read the same in the system prompt. Nothing here is shown to anybody.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.backends.records import Draft, as_json

if TYPE_CHECKING:
    from langchain_core.messages import HumanMessage

    from tools.context import TurnContext

DRAFTS_TOLD = 12  # newest first to go in; every picture is told, as they are small
LONGEST_REQUEST = 300  # characters of what was said for a draft


def message(turn: "TurnContext") -> "HumanMessage":
    """The person's message, with where the conversation is in `additional_kwargs["studio"]`."""
    from langchain_core.messages import HumanMessage

    thread, count = turn.thread, len(turn.attachments)
    current, shown = thread.current_draft, thread.current_picture
    studio = {
        "words": turn.words,
        "attached": count,
        "draft": current.number if current else None,
        "drafts": [
            {"number": d.number, "prompt": d.prompt, "negative_prompt": d.negative_prompt, "parent": d.parent,
             "request": d.request[:LONGEST_REQUEST], "from_picture": d.from_picture, "locked": d.locked,
             "changes": [{"kind": c.kind, "phrase": c.phrase, "was": c.was, "source": c.source} for c in d.changes]}
            for d in worth_telling(thread.drafts, current)
        ],
        "pictures": [{"name": p.name, "draft": p.draft, "path": p.path, "seed": p.recipe.seed, "begun": bool(p.recipe.start)}
                     for p in thread.pictures],
        "start_waits": current is not None and thread.beginning_of(current) is not None,
        "picture": shown.name if shown else None,
        "locks": thread.locks,
        "prompt_first": thread.prompt_first,
        "ratings": thread.ratings,
        "favourites": sorted(thread.favourites),
    }  # fmt: skip
    text = turn.words or ("(a picture, without words)" if count == 1 else f"({count} pictures, without words)")
    return HumanMessage(text, additional_kwargs={"studio": as_json(studio)})


def worth_telling(drafts: Sequence[Draft], current: Draft | None) -> list[Draft]:
    """The newest drafts, and the current one if it is older."""
    newest = list(drafts[-DRAFTS_TOLD:])
    return newest if current is None or current in newest else [current, *newest]
