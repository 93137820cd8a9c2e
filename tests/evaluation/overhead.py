"""What the agent itself costs in a turn: the same rules, checkpoints and events, over a model and tools that do nothing."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool, tool

from agent.build import Studio
from agent.chat import Chat
from agent.guide import GuideModel
from agent.settings import Settings
from tools.context import Runtime

CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search_prompts", {"looks_like": "a cat"}),
    ("refine_prompt", {"changes": [{"kind": "added", "phrase": "cinematic"}]}),
    ("generate_picture", {"seed": "same"}),
)
TURNS, FIRST = 40, 5  # measured, after some that are not


class _ToyModel(GuideModel):
    """Calls each tool once, then answers; thinks nothing."""

    @property
    def _llm_type(self) -> str:
        return "toy"

    def _next(self, messages: Sequence[BaseMessage]) -> AIMessage:
        start = max(n for n, message in enumerate(messages) if message.type == "human")
        done = sum(message.type == "tool" for message in messages[start:])
        if done == len(CALLS):
            return AIMessage("That is all.")
        name, args = CALLS[done]
        return AIMessage(
            "", tool_calls=[{"name": name, "args": args, "id": f"toy_{start}_{done}", "type": "tool_call"}]
        )


@tool
def search_prompts(looks_like: str, runtime: Runtime) -> str:
    """Look for nothing."""
    return "nothing"


@tool
def refine_prompt(changes: list[dict[str, str]], runtime: Runtime) -> str:
    """Change nothing."""
    return "nothing"


@tool
def generate_picture(seed: str, runtime: Runtime) -> str:
    """Render nothing."""
    return "nothing"


class _ToyStudio(Studio):
    """The real wiring, with nothing at its ends."""

    @property
    def tools(self) -> list[BaseTool]:
        return [search_prompts, refine_prompt, generate_picture]

    def _open_chat_model(self) -> GuideModel:
        return _ToyModel()


def per_turn(settings: Settings, turns: int = TURNS) -> float:
    """The median milliseconds of a turn with three tool calls, in a thread that grows as threads do."""
    with tempfile.TemporaryDirectory(prefix="atelier-overhead-") as home:
        toy = replace(settings, home=Path(home), chat_model="toy:toy")
        return asyncio.run(_measured(toy, turns))


async def _measured(settings: Settings, turns: int) -> float:
    times = []
    with _ToyStudio(settings) as studio:
        async with Chat(studio) as chat:
            for number in range(FIRST + turns):
                began = time.perf_counter()
                called = [event async for event in chat.turn(f"toy {number // 8}", "make it more cinematic")]
                times.append(time.perf_counter() - began)
                assert len(called) == 2 * len(CALLS) + 2, called  # each tool's start and end, the words, the end
    return statistics.median(times[FIRST:]) * 1000
