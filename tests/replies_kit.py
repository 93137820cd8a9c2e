"""Turns of a conversation as messages, and what the guide sees of them when the next one comes."""

from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from test_understanding import CAT, seen

from agent.guide import _seen
from agent.playing import Seen

UNDONE = {"draft": CAT, "undone": 3, "back_at": 1, "steps": 1, "asked": 1, "left": None, "picture": "picture 1"}

EXAMPLES = [
    {"rank": n, "example": {"id": f"e{n}", "prompt": prompt}}
    for n, prompt in enumerate(("a castle in snow", "a castle with a dragon", "a ruin at dusk"), 1)
]

NEON = [{"rank": 1, "example": {"id": "n1", "prompt": "a neon street"}}]


def turn(words: str, *answers: tuple[str, dict[str, Any], dict[str, Any]], reply: str = "…") -> list[Any]:
    """The messages of one turn: what was said, each call with its answer, and the reply."""
    messages: list[Any] = [HumanMessage(words)]
    for n, (name, args, artifact) in enumerate(answers):
        id = f"{words}{n}"
        messages += [
            AIMessage("", tool_calls=[{"name": name, "args": args, "id": id, "type": "tool_call"}]),
            ToolMessage("…", name=name, tool_call_id=id, artifact=artifact),
        ]
    return [*messages, AIMessage(reply)]


FOUND = turn("find castles", ("search_prompts", {"looks_like": "castles"}, {"matches": EXAMPLES}))

MADE_NEON = turn(
    "make it neon",
    ("search_prompts", {"looks_like": "neon"}, {"matches": NEON}),
    ("refine_prompt", {"changes": []}, {"draft": CAT}),
    ("generate_picture", {}, {"pictures": []}),
)

DRAWN = turn(
    "draw the first one",
    ("refine_prompt", {"start": "a castle in snow"}, {"draft": CAT}),
    ("generate_picture", {}, {"pictures": []}),
)

CHECKED = turn("check it", ("check_picture", {}, {"check": {"picture": "picture 1"}}))


def now(words: str, *before: list[Any], **more: Any) -> Seen:
    """The conversation of `seen` with turns before the message, as the guide reads them."""
    known = seen(words, **more)
    studio = {
        "words": words, "drafts": list(known.drafts.values()), "draft": known.draft, "pictures": known.pictures,
        "picture": known.picture, "locks": known.locks, "prompt_first": known.prompt_first,
    }  # fmt: skip
    return _seen(HumanMessage(words, additional_kwargs={"studio": studio}), [m for turn in before for m in turn])


REFUSED = [HumanMessage("a dog instead of the cat"), ToolMessage(
    "…", name="refine_prompt", tool_call_id="x", status="error", artifact={"error": "'a cat' is locked. The prompt is: …"},
), AIMessage("…")]  # fmt: skip
