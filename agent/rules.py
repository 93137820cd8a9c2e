"""What holds for every turn, whatever the chat model does: errors, limits, the state it is told, true claims, stopping.

One middleware, so that each of these is decided once. Knows no UI.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest

import prompts
from agent import claims, models
from agent.events import Event, ToolFinished, ToolStarted
from agent.settings import Settings
from tools import fence
from tools.backends.errors import AtelierError, BadInput, BadPicture, ChatModelError, NotFound, RenderStopped
from tools.context import TurnContext

log = logging.getLogger(__name__)

MOST_MESSAGES = 60  # a language model sees the newest ones; drafts and pictures are in the state it is told
LONGEST_ERROR = 1_500
NOT_JSON = "arguments_that_are_not_json"

TRY_DIFFERENTLY = "Try it differently."
FINAL = "This is final: do not call the tool again, tell the person."


class TurnStopped(Exception):  # not an error: the person asked for it
    """The person stopped the turn."""


@dataclass(kw_only=True)
class Turn(TurnContext):
    """A turn as the agent sees it: what the tools know, and what has happened so far."""

    emit: Callable[[Event], None]
    calls: int = 0
    running: int = 0
    done: set[str] = field(default_factory=set)
    correction: str = ""
    one_tool: asyncio.Lock = field(default_factory=asyncio.Lock)  # tools that are called together work in their order


class TurnRules(AgentMiddleware):
    """Wraps every model call and every tool call of a turn."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._limit = max(1, settings.max_tool_calls)

    async def awrap_model_call(
        self, request: ModelRequest, handler: Callable[[ModelRequest], Awaitable[ModelResponse]]
    ) -> ModelResponse:
        """Tell the model where the conversation is, and let through only an answer that can be used and is true."""
        turn = cast(Turn, request.runtime.context)
        if turn.stop.is_set():
            raise TurnStopped
        at_limit = turn.calls >= self._limit
        if self._settings.chat != models.GUIDE:
            request = request.override(
                messages=_recent(request.messages), system_message=_system(request.system_message, turn)
            )
            if at_limit:
                now = SystemMessage(prompts.load("answer_now", limit=self._limit))
                request = request.override(tools=[], messages=[*request.messages, now])
        try:
            response = await handler(request)
        except AtelierError:
            raise
        except Exception as error:
            log.warning("The chat model failed", exc_info=True)
            raise ChatModelError(models.explain(error, self._settings)) from error
        message = response.result[0]
        if isinstance(message, AIMessage):
            response.result[0] = self._usable(message, turn, at_limit)
        return response

    def _usable(self, message: AIMessage, turn: Turn, at_limit: bool) -> AIMessage:
        """The message with broken calls made answerable and false claims corrected."""
        name = self._settings.chat
        if message.invalid_tool_calls:
            broken = [
                {
                    "name": c["name"] or "unknown",
                    "args": {NOT_JSON: (c["args"] or "")[:200]},
                    "id": c["id"] or f"call_{n}",
                    "type": "tool_call",
                }
                for n, c in enumerate(message.invalid_tool_calls)
            ]
            extra = {k: v for k, v in message.additional_kwargs.items() if k != "tool_calls"}
            message = message.model_copy(
                update={
                    "tool_calls": [*message.tool_calls, *broken],
                    "invalid_tool_calls": [],
                    "additional_kwargs": extra,
                }
            )
        if message.tool_calls and message.response_metadata.get("finish_reason") == "length":
            # The client mends half a JSON text in silence; half a change must not be made.
            message = message.model_copy(
                update={"tool_calls": [{**c, "args": {NOT_JSON: "cut off"}} for c in message.tool_calls]}
            )
        if message.tool_calls:
            if at_limit:
                raise ChatModelError(
                    f"{name} kept calling tools and was stopped after {self._limit} calls. What was made stays; say it in other "
                    "words, or raise ATELIER_MAX_TOOL_CALLS."
                )
            return message
        text = message.text.strip()
        if not text:
            raise ChatModelError(f"{name} gave an empty answer. What was made stays; say it again in other words.")
        clean = claims.without_links(message.text)
        turn.correction = claims.correction(clean, turn.done)
        if turn.correction or clean != message.text:
            message = message.model_copy(update={"content": f"{clean}\n\n{turn.correction}".strip()})
        return message

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> Any:
        """Run one tool; whatever goes wrong becomes an answer that the model can act on."""
        turn = cast(Turn, request.runtime.context)
        call = request.tool_call
        id, name = call["id"] or "", call["name"]
        turn.calls += 1
        turn.running += 1
        shown = {} if NOT_JSON in call["args"] else dict(call["args"])
        turn.emit(ToolStarted(id, name, shown))
        try:
            async with turn.one_tool:
                answer = await self._answer(request, handler, turn)
        finally:
            turn.running -= 1
        if answer.status == "error":
            answer.content = str(answer.content)[:LONGEST_ERROR]
        else:
            turn.done.add(name)
        turn.emit(ToolFinished(id, name, str(answer.content), failed=answer.status == "error"))
        return answer

    async def _answer(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]], turn: Turn
    ) -> ToolMessage:
        call = request.tool_call
        if turn.stop.is_set():
            return _failed(call, "The person stopped this turn.", final=True)
        if turn.calls > self._limit:
            return _failed(call, f"All {self._limit} tool calls of this turn are used.", final=True)
        if NOT_JSON in call["args"]:
            return _failed(
                call, f"The arguments of {call['name']} were not valid JSON. Call it again with a JSON object."
            )
        try:
            return await handler(request)
        except RenderStopped:
            return _failed(call, "The person stopped the render. No picture was made.", final=True)
        except AtelierError as error:
            final = isinstance(error, BadPicture) or not isinstance(error, BadInput | NotFound)
            return _failed(call, str(error), final=final)
        except Exception as error:
            log.exception("The tool %s failed", call["name"])
            return _failed(
                call,
                f"{call['name']} failed unexpectedly ({type(error).__name__}). The details are in the log.",
                final=True,
            )


def _failed(call: Any, sentence: str, *, final: bool = False) -> ToolMessage:
    """A tool's answer when it could not do it: the sentence, and which of the two kinds of failure it is."""
    return ToolMessage(
        content=f"{fence.plain(sentence, LONGEST_ERROR)}\n{FINAL if final else TRY_DIFFERENTLY}",
        name=call["name"],
        tool_call_id=call["id"],
        status="error",
        artifact={"error": sentence[:LONGEST_ERROR], "final": final},
    )


def _recent(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The newest messages, beginning with something the person said."""
    if len(messages) <= MOST_MESSAGES:
        return list(messages)
    starts = [n for n, message in enumerate(messages) if message.type == "human"]
    first = next((n for n in starts if n >= len(messages) - MOST_MESSAGES), starts[-1] if starts else 0)
    return list(messages[first:])


def _system(message: SystemMessage | None, turn: Turn) -> SystemMessage:
    """The system prompt with where the conversation is now."""
    thread = turn.thread
    draft, current = thread.current_draft, thread.current_picture
    told = "No draft yet."
    if draft is not None:
        told = f"Draft {draft.number}: <draft>{fence.plain(draft.prompt, 5_000)}</draft>"
        if draft.negative_prompt:
            told += f" Negative prompt: <draft>{fence.plain(draft.negative_prompt)}</draft>"
    shown = [f"{p.name} (draft {p.draft}, seed {p.recipe.seed})" for p in thread.pictures[-8:]]
    pictures = f"Pictures: {', '.join(shown)}. The current one is {current.name}." if current else "No picture yet."
    count = len(turn.attachments)
    attached = (
        f"The person attached {count} picture{'s' if count > 1 else ''} to this message."
        if count
        else "Nothing is attached."
    )
    state = prompts.load("state", draft=told, pictures=pictures, attachments=attached)
    return SystemMessage(f"{message.text if message else ''}\n\n{state}")
