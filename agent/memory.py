"""What a language model is sent of a conversation: where it is now, its newest turns, and a summary of what came before.

The summary is made by code from the lineage, requests and what came of them, so that it costs no call and loses no draft,
lock or picture. Whatever strangers or people wrote goes in fenced.
"""

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage

import prompts
from tools import fence
from tools.backends.lineage import Thread
from tools.backends.records import Draft, Picture
from tools.context import TurnContext

CHARACTERS_A_TOKEN = 4  # about, for English; a budget needs no more than that
WHOLE_TURNS = 2  # of the newest, the tools' answers are kept as they were
SHORTENED = 400  # characters of an older tool answer
MOST_LINES = 40  # of the summary
PICTURES_TOLD = 8
MOST_SEEN = 2  # pictures that a model looks at in one call
LARGEST_SEEN = 512  # pixels of their longer side


def tokens(message: AnyMessage) -> int:
    """About how many tokens a message has."""
    calls = getattr(message, "tool_calls", None)
    return 4 + (len(message.text) + (len(json.dumps(calls, default=str)) if calls else 0)) // CHARACTERS_A_TOKEN


def window(messages: Sequence[AnyMessage], budget: int) -> tuple[list[AnyMessage], list[AnyMessage]]:
    """The newest messages that fit into about `budget` tokens, and the older ones that do not.

    Whole turns only, and always the last one. Tool answers of all but the newest turns are shortened; where the last turn
    alone is too long, so are its own, except the newest.
    """
    starts = [n for n, message in enumerate(messages) if message.type == "human"]
    turns = [list(messages[a:b]) for a, b in zip(starts, [*starts[1:], len(messages)], strict=True)]
    kept: list[AnyMessage] = []
    spent = 0
    for age, turn in enumerate(reversed(turns)):
        sent = turn if age < WHOLE_TURNS else [_shortened(message) for message in turn]
        if age == 0 and sum(map(tokens, sent)) > budget:
            sent = [*(_shortened(message) for message in turn[:-1]), turn[-1]]
        spent += sum(map(tokens, sent))
        if age and spent > budget:
            return kept, [message for older in turns[: len(turns) - age] for message in older]
        kept = [*sent, *kept]
    return kept, []


def _shortened(message: AnyMessage) -> AnyMessage:
    if isinstance(message, ToolMessage) and len(message.text) > SHORTENED:
        return message.model_copy(update={"content": message.text[:SHORTENED].rstrip() + " … (shortened)"})
    return message


def summary(thread: Thread, kept: Sequence[AnyMessage]) -> str:
    """What was asked and what came of it, one line a draft, of all drafts that the kept messages do not tell of."""
    told = [
        message.artifact["draft"]["number"]
        for message in kept
        if isinstance(message, ToolMessage)
        and isinstance(message.artifact, dict)
        and isinstance(message.artifact.get("draft"), dict)
        and isinstance(message.artifact["draft"].get("number"), int)
    ]
    older = [draft for draft in thread.drafts if draft.number < min(told, default=10**9)]
    lines = [_line(thread, draft) for draft in older]
    if len(lines) > MOST_LINES:
        between = len(lines) - MOST_LINES
        lines = [*lines[:3], f"({between} drafts between them are left out here)", *lines[3 + between :]]
    return "Earlier in this conversation, shortened:\n" + "\n".join(lines) if lines else ""


def _line(thread: Thread, draft: Draft) -> str:
    changes = [
        f"{c.kind} {fence.plain(c.phrase, 60)!r}" + (f" for {fence.plain(c.was, 60)!r}" if c.was else "")
        for c in draft.changes[:6]
    ]
    what = f" ({', '.join(changes)})" if changes else f" <draft>{fence.plain(draft.prompt, 120)}</draft>"
    parent = f" from draft {draft.parent}" if draft.parent else ""
    made = [_picture(thread, p) for p in thread.pictures if p.draft == draft.number]
    came = f"; {', '.join(made)}" if made else ""
    return f"- <request>{fence.plain(draft.request, 120)}</request> draft {draft.number}{parent}{what}{came}"


def _picture(thread: Thread, picture: Picture) -> str:
    marks = ["saved"] if picture.name in thread.favourites else []
    if picture.name in thread.ratings:
        marks.append(f"thumbs {thread.ratings[picture.name]}")
    return picture.name + (f" ({', '.join(marks)})" if marks else "")


def state(turn: TurnContext, earlier: str = "") -> str:
    """Where the conversation is now, for the system prompt."""
    thread = turn.thread
    draft, current = thread.current_draft, thread.current_picture
    told = "No draft yet."
    if draft is not None:
        told = f"Draft {draft.number}: <draft>{fence.plain(draft.prompt, 5_000)}</draft>"
        if draft.negative_prompt:
            told += f" Negative prompt: <draft>{fence.plain(draft.negative_prompt)}</draft>"
    shown = [f"{_picture(thread, p)} (draft {p.draft}, seed {p.recipe.seed})" for p in thread.pictures[-PICTURES_TOLD:]]
    older = len(thread.pictures) - len(shown)
    before = f"{older} older ones, then " if older else ""
    pictures = f"Pictures: {before}{', '.join(shown)}. The current one is {current.name}." if current else ""
    count = len(turn.attachments)
    locks = "; ".join(f"<draft>{fence.plain(lock, 200)}</draft>" for lock in thread.locks)
    return prompts.load(
        "state",
        draft=told,
        pictures=pictures or "No picture yet.",
        locks=f"Locked, to stay as it is: {locks}." if locks else "Nothing is locked.",
        first="The person wants to see each prompt before it is rendered: write it, then wait for their word."
        if thread.prompt_first
        else "Prompts are rendered at once.",
        attachments=f"The person attached {count} picture{'s' if count > 1 else ''} to this message."
        if count
        else "Nothing is attached.",
        earlier=earlier,
    ).strip()


def look_at(pictures: Sequence[Picture]) -> HumanMessage | None:
    """A message that shows pictures to a model with eyes, as small JPEGs; None if none can be read. Reads files."""
    from PIL import Image, UnidentifiedImageError

    parts: list[str | dict[str, object]] = []
    for picture in pictures[-MOST_SEEN:]:
        data = io.BytesIO()
        try:
            with Image.open(Path(picture.path)) as image:
                small = image.convert("RGB")
                small.thumbnail((LARGEST_SEEN, LARGEST_SEEN))
                small.save(data, "JPEG", quality=80)
        except (OSError, UnidentifiedImageError):
            continue  # the file was moved away; the conversation goes on in words
        url = f"data:image/jpeg;base64,{base64.b64encode(data.getvalue()).decode()}"
        parts += [{"type": "text", "text": f"{picture.name}:"}, {"type": "image_url", "image_url": {"url": url}}]
    if not parts:
        return None
    return HumanMessage(
        [{"type": "text", "text": "(Atelier shows you what was made; not the person's words.)"}, *parts]
    )
