"""What holds for every turn, whatever the chat model does: errors, limits, the state it is told, true claims, stopping.

One middleware, so that each of these is decided once. Knows no UI.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest

import prompts
from agent import arguments, consent, memory, models, standin
from agent.claims import Facts
from agent.events import Event, Notice, ToolFinished, ToolStarted
from agent.settings import Settings
from agent.voice import Voice
from tools import fence
from tools.backends.errors import AtelierError, BadInput, BadPicture, ChatModelError, NotFound, RenderStopped
from tools.context import TurnContext

log = logging.getLogger(__name__)

LONGEST_ERROR = 1_500
MOST_ASKED_AGAIN = 1  # for an answer that was empty or claimed what is not so
MOST_REPAIRS = 4  # calls of a turn that could not be used; then the model is asked to answer
FEWEST_TOKENS = 500  # of history; below this a conversation is not shortened any more
LONG_PAUSE = 3.0  # seconds of waiting for a busy server of which the person is told

TRY_DIFFERENTLY = "Try it differently."
FINAL = "This is final: do not call the tool again, tell the person."
STANDS_IN = "My guide (rules, no language model) answers this turn."

Handler = Callable[[ModelRequest], Awaitable[ModelResponse]]


class TurnStopped(Exception):  # not an error: the person asked for it
    """The person stopped the turn."""


@dataclass(kw_only=True)
class Turn(TurnContext):
    """A turn as the agent sees it: what the tools know, and what has happened so far."""

    emit: Callable[[Event], None]
    facts: Facts = field(default_factory=Facts)
    voice: Voice = field(init=False)
    calls: int = 0
    running: int = 0
    repairs: int = 0  # calls that were given back because nothing could be done with them
    done: Counter[str] = field(default_factory=Counter)  # how often each tool succeeded
    out: str = ""  # why the language model is out and the guide answers; empty while it is not
    read: int = 0  # tokens
    written: int = 0
    one_tool: asyncio.Lock = field(default_factory=asyncio.Lock)  # tools that are called together work in their order

    def __post_init__(self) -> None:
        self.voice = Voice(self.emit, self.facts)


class TurnRules(AgentMiddleware):
    """Wraps every model call and every tool call of a turn. `out`: why the model of the settings cannot be opened."""

    def __init__(self, settings: Settings, out: str = "") -> None:
        super().__init__()
        self._settings = settings
        self._limit = max(1, settings.max_tool_calls)
        self._out = out
        self._blind = not settings.show_pictures  # also once the server has refused pictures
        self._uncounted = False  # the server cannot count tokens in a stream

    # --- the model ---

    async def awrap_model_call(self, request: ModelRequest, handler: Handler) -> ModelResponse:
        """Let through only an answer that can be used and is true; where the model is out, the guide's."""
        turn = cast(Turn, request.runtime.context)
        if turn.stop.is_set():
            raise TurnStopped
        if turn.out:
            return self._stand_in(request, turn)
        try:
            if self._out:
                raise ChatModelError(self._out)
            if self._settings.chat == models.GUIDE:
                return await self._guide(request, handler, turn)
            return await self._asked(request, handler, turn)
        except ChatModelError as error:
            if not self._settings.fallback or self._settings.chat == models.GUIDE:
                raise
            turn.out, turn.calls = str(error), 0
            turn.emit(Notice(f"{error} {STANDS_IN}"))
            return self._stand_in(request, turn)

    async def _guide(self, request: ModelRequest, handler: Handler, turn: Turn) -> ModelResponse:
        """The built-in model: what it says is made by code from what tools answered, and shown as it comes."""
        turn.voice.begin(judged=False)
        response = await handler(request)
        message = response.result[0]
        if isinstance(message, AIMessage):
            self._check_limit(message, turn)
            if not turn.voice.heard:
                turn.voice.hear(message.text)
            turn.voice.finish()
        return response

    def _stand_in(self, request: ModelRequest, turn: Turn) -> ModelResponse:
        """The guide goes on in the model's place, from where this turn stands."""
        message = standin.next_of_guide(request.messages)
        if message.tool_calls and turn.calls >= self._limit:
            message = AIMessage(
                f"All {self._limit} tool calls of this turn are used. What was made stays; say what is missing."
            )
        if not message.tool_calls:
            turn.voice.begin(judged=False)
            turn.voice.hear(message.text)
            turn.voice.finish()
        return ModelResponse(result=[message])

    def _check_limit(self, message: AIMessage, turn: Turn) -> None:
        if message.tool_calls and turn.calls >= self._limit:
            raise ChatModelError(
                f"{self._settings.chat} kept calling tools and was stopped after {self._limit} calls. What was made stays; say it in "
                "other words, or raise ATELIER_MAX_TOOL_CALLS."
            )

    async def _asked(self, request: ModelRequest, handler: Handler, turn: Turn) -> ModelResponse:
        """Ask a language model until its answer can be shown, a set number of times."""
        notes: list[str] = []
        if turn.calls >= self._limit:
            notes.append(prompts.load("answer_now", limit=self._limit))
        elif turn.repairs > MOST_REPAIRS:
            notes.append(prompts.load("no_more_repairs", times=turn.repairs))
        if notes:
            request = request.override(tools=[])
        again = False
        for asked in range(MOST_ASKED_AGAIN + 1):
            response = await self._tried(request, handler, turn, notes, again=again)
            message = response.result[0]
            if not isinstance(message, AIMessage):
                return response
            message, said = arguments.usable(message, turn.voice.arguments), message.text.strip()
            if message.tool_calls and not request.tools:
                raise ChatModelError(
                    f"{self._settings.chat} kept calling tools and was stopped after {turn.calls} calls. What was made stays; say it "
                    "in other words, or raise ATELIER_MAX_TOOL_CALLS."
                )
            if not message.tool_calls and (not said or turn.voice.false):
                if asked < MOST_ASKED_AGAIN:
                    notes.append(_what_was_wrong(turn))
                    again = True
                    continue
                if not turn.voice.false:
                    raise ChatModelError(
                        f"{self._settings.chat} gave an empty answer. What was made stays; say it again in other words."
                    )
                log.info("A claim was held back: %s", turn.voice.false)
                turn.voice.release()
            if turn.voice.shown.strip() != said:  # the thread keeps what the person read
                message = message.model_copy(update={"content": turn.voice.shown.strip()})
            response.result[0] = message
            break
        return response

    async def _tried(
        self, request: ModelRequest, handler: Handler, turn: Turn, notes: Sequence[str], *, again: bool
    ) -> ModelResponse:
        """One answer of the model, with as many tries as its failures are worth."""
        tries, budget = 0, self._settings.history_tokens
        blind, uncounted = self._blind, self._uncounted
        while True:
            read = turn.voice.shown.strip() if again else ""
            told = [*notes, prompts.load("go_on", read=fence.plain(read, LONGEST_ERROR))] if read else notes
            ready = await asyncio.to_thread(_briefed, request, turn, budget, told, blind=blind)
            if uncounted:
                ready = ready.override(model_settings={**ready.model_settings, "stream_usage": False})
            turn.voice.begin(judged=True, again=again)
            try:
                response = await handler(ready)
            except AtelierError:
                raise
            except Exception as error:
                failure = models.failure(error, self._settings)
                if failure.no_pictures and not blind:
                    blind = True
                    continue
                if failure.no_usage and not uncounted:
                    uncounted = True
                    continue
                if failure.too_long and budget > FEWEST_TOKENS:
                    budget //= 2
                    continue
                tries += 1
                pause = failure.pause(tries)
                log.warning("The chat model failed, try %d", tries, exc_info=True)
                if pause is None or turn.stop.is_set():
                    raise ChatModelError(failure.sentence) from error
                if pause >= LONG_PAUSE:
                    turn.emit(Notice(f"{self._settings.chat} is busy. I ask it again in {pause:.0f} s."))
                again = again or bool(turn.voice.shown.strip())
                await asyncio.sleep(pause)
                continue
            self._blind, self._uncounted = blind, uncounted
            message = response.result[0]
            if isinstance(message, AIMessage):
                if not turn.voice.heard:  # a model that cannot stream
                    turn.voice.hear(message.text)
                if usage := message.usage_metadata:
                    turn.read += usage["input_tokens"]
                    turn.written += usage["output_tokens"]
            turn.voice.finish()
            return response

    # --- the tools ---

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> Any:
        """Run one tool; whatever goes wrong becomes an answer that the model can act on."""
        turn = cast(Turn, request.runtime.context)
        call = request.tool_call
        id, name = call["id"] or "", call["name"]
        turn.calls += 1
        turn.running += 1
        turn.emit(ToolStarted(id, name, arguments.shown(call["args"])))
        try:
            async with turn.one_tool:
                answer = await self._answer(request, handler, turn)
        finally:
            turn.running -= 1
        if answer.status == "error":
            answer.content = str(answer.content)[:LONGEST_ERROR]
        else:
            turn.done[name] += 1
        told = str(answer.content).removesuffix(FINAL).removesuffix(TRY_DIFFERENTLY).rstrip()
        turn.emit(ToolFinished(id, name, told, failed=answer.status == "error"))
        return answer

    async def _answer(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]], turn: Turn
    ) -> ToolMessage:
        call = request.tool_call
        if turn.stop.is_set():
            return _failed(call, "The person stopped this turn.", final=True)
        if turn.calls > self._limit:
            return _failed(call, f"All {self._limit} tool calls of this turn are used.", final=True)
        if request.tool is None:
            turn.repairs += 1
            return await handler(request)  # it says which tools there are
        args, problem = arguments.checked(request.tool, call["args"])
        if problem:
            turn.repairs += 1
            return _failed(call, problem)
        if self._settings.chat != models.GUIDE and not turn.out:  # the guide acts on the person's words alone
            messages = request.state["messages"]
            if denied := consent.refusal(call["name"], args, turn.words, messages, turn.done):
                return _failed(call, denied, final=True)
        try:
            return await handler(request.override(tool_call={**call, "args": args}))
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


def _what_was_wrong(turn: Turn) -> str:
    """What the model reads before it is asked again."""
    if not turn.voice.false:
        return prompts.load("nothing_said")
    return prompts.load("not_true", sentence=fence.plain(turn.voice.false[0][0], 300))


def _briefed(request: ModelRequest, turn: Turn, budget: int, notes: Sequence[str], *, blind: bool) -> ModelRequest:
    """The request with where the conversation is, and no more of it than fits. Reads files.

    Notes go into the system prompt: not every provider takes a system message further down.
    """
    kept, older = memory.window(request.messages, budget)
    earlier = memory.summary(turn.thread, kept) if older else ""
    system = request.system_message.text if request.system_message else ""
    text = "\n\n".join([system, memory.state(turn, earlier), *(note for note in notes if note)])
    messages: list[AnyMessage] = kept
    if not blind:
        made = [p for p in turn.thread.pictures if p.name in turn.facts.pictures]
        current = turn.thread.current_picture
        looked_at = memory.look_at(made or ([current] if current else []))
        messages = [*kept, looked_at] if looked_at else kept
    return request.override(messages=messages, system_message=SystemMessage(text))
