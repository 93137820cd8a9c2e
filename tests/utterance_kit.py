"""Single utterances, said to the guide in the state that they belong to, and judged by what it called.

`score` says every utterance of a file of tests/utterances in a thread of its own: the guide's messages over the real tools,
the real lineage and a small real library, with the plain encoder and renderer of rooms.py. No chat around it: what a whole
turn costs is tested elsewhere, and hundreds of utterances should take seconds. What an utterance expects is written in
tests/utterances/states.yaml; what is judged (utterance_judge.py) is what came of it (the draft that was written) where
that shows, and else the arguments of the call. Also runs by itself: `python tests/utterance_kit.py tests/utterances/open.yaml`.
"""

import contextlib
import itertools
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from langchain_core.messages import BaseMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.prebuilt import ToolRuntime
from library_kit import rows, scene
from pydantic import ValidationError
from rooms import PlainRenderer, Studio, fill, plain_studio
from utterance_judge import Called, Told, wrong

from agent import briefing
from agent import build as wiring
from agent.guide import next_message
from tools.backends import phrases
from tools.backends.errors import AtelierError
from tools.backends.lineage import Lineage, Thread
from tools.backends.pictures import save_png
from tools.backends.records import Change, Draft, Evidence
from tools.context import TurnContext

UTTERANCES = Path(__file__).parent / "utterances"
UNSEEN = ("held_out", "unseen")  # never tuned to: of these only counts are told
MOST_CALLS = 24  # of one turn; more would be going round in circles
ROWS = 60  # of the library, besides the cats of every style that fill() adds
Tools = dict[str, BaseTool]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Miss:
    """An utterance that was not understood: what went wrong, what was called, and whether the turn itself failed."""

    kind: str
    state: str
    say: str
    why: str
    called: tuple[tuple[str, dict[str, Any]], ...] = ()
    crashed: bool = False

    def __str__(self) -> str:
        called = "; ".join(f"{name}({', '.join(f'{k}={v!r}' for k, v in args.items())})" for name, args in self.called)
        return f"[{self.kind}, {self.state}] {self.say!r}: {self.why}. Called: {called or 'nothing'}"


def score(path: Path | str, studio: Studio | None = None) -> tuple[int, int, list[Miss]]:
    """How many utterances of a file are answered by the right calls, of how many, and the others, each with the reason.

    Opens a studio of its own unless one is given. Only one can be open in a process: its library is chDB's.
    """
    with contextlib.ExitStack() as stack:
        return _score(load(path), studio or stack.enter_context(small_studio()))


def load(path: Path | str) -> list[dict[str, Any]]:
    """The utterances of a file, each with its `kind`."""
    kinds = _yaml(Path(path))
    return [{**utterance, "kind": kind} for kind, utterances in kinds.items() for utterance in utterances]


@contextlib.contextmanager
def small_studio() -> Iterator[Studio]:
    """A studio on the plain parts with a small library. Nothing in it is to survive a power cut."""
    with (
        tempfile.TemporaryDirectory() as home,
        patch.object(wiring, "COLLECTION", Path("/nowhere")),
        patch.object(os, "fsync", lambda handle: None),
        plain_studio(Path(home)) as studio,
    ):
        fill(studio, ROWS)
        yield studio


def _score(utterances: list[dict[str, Any]], studio: Studio) -> tuple[int, int, list[Miss]]:
    states, tools = _yaml(UTTERANCES / "states.yaml"), _tools(studio)
    order = sorted(utterances, key=lambda utterance: _leaves_favourites(utterance, states[utterance["state"]]))
    tried = [_try(studio, tools, utterance, states[utterance["state"]]) for utterance in order]
    _empty(studio)
    misses = [miss for miss in tried if miss]
    return len(tried) - len(misses), len(tried), misses


@lru_cache
def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@lru_cache(maxsize=1)
def _tools(studio: Studio) -> Tools:
    return {tool.name: tool for tool in wiring.all_tools(studio)}


def _try(studio: Studio, tools: Tools, utterance: dict[str, Any], state: dict[str, Any]) -> Miss | None:
    """Say it in a thread of its own; the miss, if it is one."""
    name = f"utterance {next(_numbers)}"
    thread = studio.lineage.thread(name)
    _begin(thread, studio, utterance, state)
    # in another home: what the turn removes from all conversations of this one stays in there
    before = Lineage(studio.settings.home / "before").thread(name)
    if thread.log.exists():
        before.log.parent.mkdir(parents=True, exist_ok=True)
        before.log.write_bytes(thread.log.read_bytes())
    attached = (_attachment(studio),) if state.get("attachment") else ()
    listed = [favourite.id for favourite in studio.library.favourites()] if state.get("favourites") else []
    at = {key: utterance[key] for key in ("kind", "state", "say")}
    told = Told()
    try:
        turn(tools, thread, utterance["say"], attached, told)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return Miss(**at, why=f"raised {error!r}", called=tuple(told.calls), crashed=True)
    why = wrong(utterance["calls"], told, before, thread, listed)
    return Miss(**at, why=why, called=tuple(told.calls)) if why else None


# --- a turn ---


def turn(tools: Tools, thread: Thread, words: str, attached: tuple[Path, ...], told: Told) -> None:
    """The guide's messages and the tools' answers, until the guide has nothing more to call."""
    context = TurnContext(
        thread=thread, words=words, report=told, attachments=attached, drafts_before=len(thread.drafts)
    )
    messages: list[BaseMessage] = [briefing.message(context)]
    while len(told.calls) <= MOST_CALLS:
        message = next_message(messages)
        messages.append(message)
        if not message.tool_calls:
            told.reply = message.text
            return
        for call in message.tool_calls:
            made = Called(call["name"], [call["args"]], thread.current_draft, _meant(thread))
            told.made.append(made)
            messages.append(_answer(tools.get(call["name"]), call, context, messages))
            made.after = thread.current_draft
    raise RuntimeError(f"The guide went round in circles over {words!r}.")


def _meant(thread: Thread) -> str | None:
    """The picture that "it" means: the one of the current draft, or the one whose prompt and seed that draft goes on from."""
    draft, shown = thread.current_draft, thread.current_picture
    if draft and draft.from_picture and not (shown and shown.draft == draft.number):
        return draft.from_picture
    return shown.name if shown else None


def _answer(tool: BaseTool | None, call: Any, context: TurnContext, messages: list[BaseMessage]) -> ToolMessage:
    """What a tool answers, errors as agent/rules.py hands them to the model."""
    try:
        if tool is None:
            raise AtelierError(f"There is no tool {call['name']}.")
        runtime = ToolRuntime(
            state={"messages": messages}, context=context, config=RunnableConfig(), stream_writer=lambda _: None,
            tool_call_id=call["id"], store=None,
        )  # fmt: skip
        return tool.invoke({**call, "args": {**call["args"], "runtime": runtime}})
    except (AtelierError, ValidationError) as error:
        return ToolMessage(str(error), tool_call_id=call["id"], name=call["name"], status="error")


# --- the states ---


# The log of each state, and the favourites that the library has in it, by home and name
_begun: dict[tuple[Path, str], tuple[bytes, list[str]]] = {}


def _leaves_favourites(utterance: dict[str, Any], state: dict[str, Any]) -> int:
    """Where an utterance's turn comes: those with favourites last, so that the engine seldom has to take them out again."""
    return 2 if state.get("favourites") else int(any("save_favourite" in str(call) for call in utterance["calls"]))


def _begin(thread: Thread, studio: Studio, utterance: dict[str, Any], state: dict[str, Any]) -> None:
    """Bring a new thread into its state: rendered once, then copied, because pictures are never overwritten."""
    key = (studio.settings.home, utterance["state"])
    log, wanted = _begun.get(key, (b"", []))
    as_it_was = [one.id for one in studio.library.favourites()] == wanted
    if not as_it_was and _leaves_favourites(utterance, state) != 1:
        _empty(studio)
    if log and (as_it_was or not wanted):
        thread.log.parent.mkdir(parents=True, exist_ok=True)
        thread.log.write_bytes(log)
        return
    prepare(thread, studio, state)
    if thread.log.exists():
        _begun[key] = (
            thread.log.read_bytes(),
            [one.id for one in studio.library.favourites()] if state.get("favourites") else [],
        )


def _empty(studio: Studio) -> None:
    """Take all favourites out at once, as `Library.remove` does with each: that takes the engine half a second."""
    library = studio.library
    if ids := [favourite.id for favourite in library.favourites()]:
        for id in ids:
            library._tables.count_down(id)
        for table in ("examples", "pictures"):
            library._do(f"DELETE FROM {table} WHERE id IN {{ids:Array(String)}}", ids=ids)


def prepare(thread: Thread, studio: Studio, state: dict[str, Any]) -> None:
    """Bring a new thread into a state of states.yaml."""
    by_picture: dict[str, Draft] = {}
    for turn in state.get("turns", []):
        parent = by_picture.get(turn.get("from", ""))
        draft = thread.add_draft(
            turn["prompt"], turn.get("negative", ""), parent=parent.number if parent else None,
            request=turn.get("request", turn["prompt"].split(", ")[0]), from_picture=turn.get("from"),
            changes=[_cited(studio, phrase) for phrase in turn.get("cited", [])], locked=state.get("locked", []),
        )  # fmt: skip
        if not turn.get("rendered", True):
            continue
        recipe = studio.renderer.recipe(turn["prompt"], turn.get("negative", ""), seed=11, steps=2)
        file = save_png(studio.renderer.render(recipe), recipe, thread.picture_folder)
        picture = thread.add_picture(recipe, file, parent=turn.get("from"), draft=draft)
        by_picture[picture.name] = draft
        if turn.get("saved"):
            thread.add_favourite(picture, _favourite(studio, turn["prompt"]))
    for n in range(state.get("favourites", 0)):
        _favourite(studio, f"a boat {'at night' if n else 'at sunset'}, neon")
    if locked := state.get("locked"):
        thread.lock(locked)
    if state.get("prompt_first"):
        thread.show_prompt_first(True)


@lru_cache(maxsize=32)
def _cited(studio: Studio, phrase: str) -> Change:
    found = studio.finder.search(words=phrase, k=20)
    rows = [match.example for match in found if phrases.holds(match.example.prompt, phrase)][:2]
    assert rows, f"the library holds no {phrase!r}"
    evidence = tuple(Evidence(id=row.id, prompt=row.prompt) for row in rows)
    return Change(kind="added", phrase=phrase, evidence=evidence, lift=5.0, source="examples")


def _favourite(studio: Studio, prompt: str) -> str:
    old = {row.id for row in studio.library.favourites()}
    url = f"file:///favourites/{next(_numbers)}.png"
    studio.library.add(rows([prompt], studio.encoder, {0: scene(3)}, favourite=[True], url=[url]))
    return next(row.id for row in studio.library.favourites() if row.id not in old)


def _attachment(studio: Studio) -> Path:
    recipe = PlainRenderer().recipe("a house in the snow", seed=5)
    return save_png(scene(5), recipe, studio.settings.home / "dropped")


if __name__ == "__main__":
    for path in sys.argv[1:] or [str(UTTERANCES / "open.yaml")]:
        right, total, misses = score(path)
        print(f"{Path(path).name}: {right} of {total} ({right / total:.1%})")
        print("".join(f"  {miss}\n" for miss in misses) if Path(path).stem not in UNSEEN else "", end="")
