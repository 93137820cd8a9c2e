"""The built-in chat model: rules, not a language model. It calls the same tools as any other, and never claims to think.

After each tool it plays its moves again from the person's message on, over the answers so far: no state, no randomness.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

from agent import recalling
from agent.moves import play
from agent.playing import Answer, Call, Seen


class GuideModel(BaseChatModel):
    """A chat model of rules over the studio's tools."""

    @property
    def _llm_type(self) -> str:
        return "atelier-guide"

    def bind_tools(self, tools: Sequence[dict[str, Any] | type | Callable | BaseTool], **kwargs: Any) -> Runnable:
        """The guide knows its tools by heart."""
        return self

    def _next(self, messages: Sequence[BaseMessage]) -> AIMessage:
        return next_message(messages)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in _chunks(self._next(messages)):
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in _chunks(self._next(messages)):
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk


def next_message(messages: Sequence[BaseMessage]) -> AIMessage:
    """What the guide says or calls next."""
    start = max((n for n, message in enumerate(messages) if isinstance(message, HumanMessage)), default=None)
    if start is None:
        return AIMessage("What would you like to see?")
    moves = play(_seen(messages[start], messages[:start]))
    answers = [message for message in messages[start + 1 :] if isinstance(message, ToolMessage)]
    try:
        call: Call = next(moves)
        for answer in answers:
            artifact = (
                answer.artifact if isinstance(answer.artifact, dict) else {"error": str(answer.content).split("\n")[0]}
            )
            call = moves.send(Answer(artifact, failed=answer.status == "error"))
    except StopIteration as end:
        return AIMessage(str(end.value))
    return AIMessage(
        "",
        tool_calls=[{"name": call.name, "args": call.args, "id": f"guide_{start}_{len(answers)}", "type": "tool_call"}],
    )


def _seen(message: BaseMessage, before: Sequence[BaseMessage]) -> Seen:
    """What the chat told with the person's words; without it (another program's chat) only the words."""
    studio: dict[str, Any] = message.additional_kwargs.get("studio", {})
    past, locks = recalling.turns(before), tuple(str(lock) for lock in studio.get("locks", []))
    pictures: tuple[dict[str, Any], ...] = tuple(studio.get("pictures", []))
    return Seen(
        words=str(studio.get("words", message.text)),
        attached=int(studio.get("attached", 0)),
        drafts={int(draft["number"]): draft for draft in studio.get("drafts", [])},
        draft=studio.get("draft"),
        pictures=pictures,
        picture=studio.get("picture"),
        locks=locks,
        prompt_first=bool(studio.get("prompt_first")),
        start_waits=bool(studio.get("start_waits")),
        listed=recalling.listed(past),
        offered=recalling.offered(past),
        before=past[-1].words if past else "",
        reply=past[-1].reply if past else "",
        locks_spoken_of=recalling.locks_spoken_of(past, locks),
        just_added=recalling.just_added(past),
        picture_named=recalling.picture_named(past, [str(picture["name"]) for picture in pictures]),
    )


def _chunks(message: AIMessage) -> Iterator[ChatGenerationChunk]:
    """The message in pieces: word by word, or the whole call."""
    if message.tool_calls:
        calls = [
            {
                "name": call["name"],
                "args": json.dumps(call["args"]),
                "id": call["id"],
                "index": n,
                "type": "tool_call_chunk",
            }
            for n, call in enumerate(message.tool_calls)
        ]
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=calls))  # type: ignore[arg-type]
        return
    for piece in re.findall(r"\S+\s*|\s+", message.text):
        yield ChatGenerationChunk(message=AIMessageChunk(content=piece), text=piece)
