"""The guide in the place of a language model that is out, in the middle of a turn: it goes on from where the turn stands.

The guide decides from the person's message and the answers of its own calls so far. Here the answers that the language
model's calls got before it failed are handed to the guide as answers to its own calls of the same tools, so that
nothing is drawn, written or kept a second time.
"""

import logging
from collections.abc import Iterator, Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.guide import next_message

log = logging.getLogger(__name__)

CANNOT_GO_ON = "I cannot go on from here in this turn. What was made so far stays; say what is missing."
MOST_MOVES = 40  # far more than the guide ever makes
READS = {  # may be called again with other words: nothing changes by it
    "search_prompts", "find_similar_pictures", "list_favourites", "explain_change", "show_history", "preview_prompt",
    "check_picture", "weigh_phrases",
}  # fmt: skip
BY_ARGUMENT = {"save_favourite", "remove_favourite", "rate_picture"}  # each of several pictures is a matter of its own


def next_of_guide(messages: Sequence[AnyMessage]) -> AIMessage:
    """What the guide says or calls next. `messages` are the conversation with the unfinished turn at its end."""
    start = max(n for n, message in enumerate(messages) if isinstance(message, HumanMessage))
    done = _Done(messages[start + 1 :])
    told: list[AnyMessage] = list(messages[: start + 1])
    for _ in range(MOST_MOVES):
        try:
            message = next_message(told)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            # A tool called with other arguments than the guide's own answers in another shape.
            log.exception("The guide cannot go on from the model's calls")
            return AIMessage(CANNOT_GO_ON)
        if not message.tool_calls:
            return message
        call = message.tool_calls[0]
        answer = done.answer(str(call["id"]), call["name"], call["args"])
        if answer is None:
            return message
        told += [message, answer.model_copy(update={"tool_call_id": call["id"]})]
    return AIMessage(CANNOT_GO_ON)


class _Done:
    """The tools' answers of a turn, and which of them the guide has been given."""

    def __init__(self, messages: Sequence[AnyMessage]) -> None:
        calls = {c["id"]: c for m in messages if isinstance(m, AIMessage) for c in m.tool_calls}
        self._own = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
        self._models: dict[str, list[tuple[dict[str, object], ToolMessage]]] = {}
        self._given: dict[str, Iterator[ToolMessage]] = {}
        for id, message in self._own.items():
            if id in calls and not id.startswith("guide_") and message.status != "error":
                self._models.setdefault(calls[id]["name"], []).append((calls[id]["args"], message))

    def answer(self, id: str, name: str, args: dict[str, object]) -> ToolMessage | None:
        """The answer to a call of the guide: its own, or the one that the model's call got; None if it must be made."""
        if id in self._own:
            return self._own[id]
        found = self._models.get(name, [])
        if name in BY_ARGUMENT:
            return next((message for given, message in found if _same(given, args)), None)
        if name not in self._given:
            self._given[name] = iter([message for _, message in found])
        fresh = next(self._given[name], None)
        if fresh is None and found and name not in READS:
            return found[-1][1]
        return fresh


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    def plain(args: dict[str, object]) -> dict[str, str]:
        return {"picture": "current", **{k: str(v).lower() for k, v in args.items()}}

    return plain(one) == plain(other)
