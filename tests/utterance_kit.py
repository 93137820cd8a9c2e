"""Single utterances, said to the guide in the state that they belong to, and judged by what it called.

`score` says every utterance of a file of tests/utterances in a thread of its own: the guide's messages over the real tools,
the real lineage and a small real library, with the plain encoder and renderer of rooms.py. No chat around it: what a whole
turn costs is tested elsewhere, and hundreds of utterances should take seconds. What an utterance expects is written in
tests/utterances/states.yaml; what is judged is what came of it (the draft that was written) where that shows, and else
the arguments of the call. Also runs by itself: `python tests/utterance_kit.py tests/utterances/open.yaml`.
"""

import contextlib
import itertools
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
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
# What may be called besides, because it only looks: the tool → before which expected tools.
LOOKS = {
    "search_prompts": {"refine_prompt", "preview_prompt", "mend_picture"},
    "list_favourites": {"remove_favourite"},
}
CURRENT = {"", "current", "it", "this", "this one", "the current one", "the picture", "this picture"}
OPTIONS = {"action": "show", "kind": "conversation", "verdict": "up", "on": None, "budget": 3, "variations": 1}
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


@dataclass
class Called:
    """A call, and what stood when it was made: the draft, and the picture that "it" meant; `after`: the draft then."""

    name: str
    args: list[dict[str, Any]]  # of calls of one tool in a row, where they count as one
    draft: Draft | None
    picture: str | None
    after: Draft | None = None


class Told:
    """What happened in a turn: the calls in order, and the reply. Reports for the tools, and needs no report to judge by."""

    def __init__(self) -> None:
        self.made: list[Called] = []
        self.reply = ""

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """Names and arguments alone."""
        return [(call.name, args) for call in self.made for args in call.args]

    def _passed(self, *what: Any, **more: Any) -> None:
        """The thread itself tells what a tool has done."""

    found = drafted = progressed = pictured = saved = listed = show = _passed


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


# --- what is judged ---


def wrong(expected: list[Any], told: Told, before: Thread, after: Thread, favourites: list[str]) -> str:
    """What is wrong with the calls of a turn; empty if nothing is.

    `before` is the thread as it stood before the turn, `favourites` the library's ids then, newest first.
    """
    asked = [(call, {}) if isinstance(call, str) else next(iter(call.items())) for call in expected]
    names = [name.rstrip("?") for name, _ in asked]
    if not asked:
        return "it should only answer" if told.calls else "" if told.reply.strip() else "it said nothing"
    looks = {tool for tool, for_ in LOOKS.items() if tool not in names and for_ & set(names)}
    at = 0
    for called in _grouped(told, looks):
        while at < len(asked) and names[at] != called.name and asked[at][0].endswith("?"):
            at += 1
        if at == len(asked) or names[at] != called.name:
            return f"{called.name} where {names[at] if at < len(asked) else 'nothing more'} was expected"
        if why := _Judge(called, before, after, favourites).fault(asked[at][1]):
            return f"{called.name}: {why}"
        at += 1
    missing = [name for name, _ in asked[at:] if not name.endswith("?")]
    return f"{missing[0]} was not called" if missing else ""


def _grouped(told: Told, looks: set[str]) -> list[Called]:
    """The calls in order, those that only look left out, refine_prompt in a row as one."""
    groups: list[Called] = []
    for call in told.made:
        if call.name in looks:
            continue
        if groups and groups[-1].name == call.name == "refine_prompt":
            last = groups[-1]
            groups[-1] = Called(last.name, last.args + call.args, last.draft, last.picture, call.after)
        else:
            groups.append(call)
    return groups


class _Judge:
    """One call (or refine_prompt in a row) against what was expected of it."""

    def __init__(self, called: Called, before: Thread, after: Thread, favourites: list[str]) -> None:
        self.called, self.before, self.after, self.favourites = called, before, after, favourites
        self.args = {
            key: value
            for args in reversed(called.args)  # the first word on each counts
            for key, value in args.items()
            if value not in ("", None, [])
        }

    def fault(self, wanted: dict[str, Any]) -> str:
        """What is not as expected; empty if all is."""
        checks = [self._refined(wanted)] if self.called.name == "refine_prompt" else [
            self._argument(key, value) for key, value in wanted.items()
        ]  # fmt: skip
        return next((why for why in checks if why), "")

    def _argument(self, key: str, value: Any) -> str:
        given = self.args.get(key, "")
        if self.called.name == "remove_favourite":
            return self._removed(key, value)
        if key in ("picture", "base"):
            return self._picture(str(given), value)
        if key == "seed":
            return "" if str(given or "same") == str(value) else f"seed {given or 'same'!r} is not {value!r}"
        if key in OPTIONS:
            given = self.args.get(key, OPTIONS[key])
            return "" if given == value else f"{key} {given!r} is not {value!r}"
        texts = value if isinstance(value, list) else [value]
        return _missing(texts, str(given), key)

    def _refined(self, wanted: dict[str, Any]) -> str:
        draft, base = self.called.after, self._base()
        idea = " ".join(self._all("start"))
        if not wanted:
            return ""
        if ("start" in wanted) != bool(idea):
            return "it should be a new idea" if "start" in wanted else f"it is no new idea ({idea!r})"
        if not idea and (why := self._picture(self.args.get("base", ""), wanted.get("base"))):
            return why
        if draft is None:
            return "there is no draft"
        if "start" in wanted and (why := _missing(wanted["start"], draft.prompt, "the new idea")):
            return why
        was = base.prompt if base else ""
        return next(filter(None, itertools.chain(self._words(wanted, was, draft), self._handed(wanted))), "")

    def _words(self, wanted: dict[str, Any], was: str, draft: Draft) -> Iterator[str]:
        now, kept_out = draft.prompt, draft.negative_prompt
        for word in wanted.get("add", []):
            if not any(_count(now, one) > _count(was, one) for one in _alternatives(word)):
                yield f"{word!r} was not added: {now!r}"
        for word in wanted.get("remove", []):
            if any(_count(now, one) for one in _alternatives(word)):
                yield f"{word!r} is still there: {now!r}"
        for word in wanted.get("keep", []):
            if word not in now:
                yield f"{word!r} was not kept: {now!r}"
        for word in wanted.get("less", []):
            fewer = any(_count(now, one) < _count(was, one) or _weakened(was, now, one) for one in _alternatives(word))
            if not fewer and not any(_count(kept_out, one) for one in _alternatives(word)):
                yield f"there is no less of {word!r}: {now!r}"
        for word in wanted.get("more", []):
            if not any(_count(now, one) for one in _alternatives(word)) or now == was or len(now) < len(was):
                yield f"there is no more of {word!r}: {now!r}"
        for word in wanted.get("avoid", []):
            if not any(_count(kept_out, one) for one in _alternatives(word)):
                yield f"{word!r} is not avoided: {kept_out!r}"
        for word in wanted.get("allow", []):
            if _count(kept_out, word):
                yield f"{word!r} is still avoided: {kept_out!r}"

    def _handed(self, wanted: dict[str, Any]) -> Iterator[str]:
        """Arguments that say more than the draft: locks, what is borrowed, a prompt edited by hand."""
        for key in ("lock", "unlock"):
            given = [str(word) for word in self._all(key)]
            if given and key not in wanted:
                yield f"nobody asked to {key} {given}"
            for word in wanted.get(key, []):
                everything = key == "unlock" and (word == "all") and {*self.before.locks} <= {*given}
                came = key == "lock" and given and any(_count(lock, word) for lock in self.after.locks)
                if not everything and not came and not any(_count(one, word) for one in given):
                    yield f"{word!r} is not in {key} {given}"
        for what, picture in wanted.get("borrow", []):
            loans = [loan for loan in self._all("borrow") if isinstance(loan, dict)]
            if not any(
                any(_count(str(loan.get("what", "")), one) for one in _alternatives(what))
                and not self._picture(str(loan.get("picture", "")), picture)
                for loan in loans
            ):
                yield f"{what} is not borrowed from {picture}: {loans}"
        for text in wanted.get("edited", []):
            if " ".join(str(self.args.get("edited", "")).split()) != text:
                yield f"edited {self.args.get('edited', '')!r} is not {text!r}"

    def _base(self) -> Draft | None:
        if said := str(self.args.get("base", "")):
            number = next((p.draft for p in self.before.pictures if p.name == self._resolved(said)), None)
            return self.before.draft(number) if number else self.called.draft
        return self.called.draft

    def _picture(self, said: str, wanted: str | None) -> str:
        if wanted == "attached":
            return "" if not said or "attach" in said else f"{said!r} is not the attachment"
        found = self._resolved(said)
        options = [option or self.called.picture for option in wanted.split("|")] if wanted else [self.called.picture]
        return "" if found in options else f"{said!r} means {found}, not {' or '.join(map(str, options))}"

    def _resolved(self, said: str) -> str | None:
        """The name of the picture that words meant when they were said."""
        said = " ".join(said.lower().split())
        if said in CURRENT:
            return self.called.picture
        with contextlib.suppress(AtelierError):
            return self.before.resolve(said).name
        with contextlib.suppress(AtelierError):  # one that this very turn made
            return self.after.resolve(said).name
        return None

    def _removed(self, key: str, value: Any) -> str:
        said = str(self.args.get("id", ""))
        right = self.favourites[value - 1] if key == "nth" else self.before.favourite_of(self.before.resolve(value))
        meant = self.before.favourite_of(self._resolved(said) or "") if not _is_id(said) else said
        if right and meant and len(meant) >= 4 and right.startswith(meant.strip("#").lower()):
            return ""
        return f"{said!r} is not the favourite that was meant ({right})"

    def _all(self, key: str) -> list[Any]:
        values = [args.get(key) or [] for args in self.called.args]
        return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _is_id(said: str) -> bool:
    return " " not in said.strip() and len(said.strip("# ")) >= 4 and said != "current"


def _missing(texts: Iterable[str], given: str, where: str) -> str:
    gone = [text for text in texts if not any(_count(given, one) for one in _alternatives(text))]
    return f"{gone[0]!r} is not in {where} {given!r}" if gone else ""


def _alternatives(text: str) -> list[str]:
    return str(text).split("|")


def _count(text: str, run: str) -> int:
    """How often a run of whole words stands in a text."""
    return f" {'  '.join(phrases.words(text))} ".count(f" {'  '.join(phrases.words(run))} ")


def _weakened(was: str, now: str, word: str) -> bool:
    """Whether a phrase with the word has a weight below 1, or stands in [ ], and had not before."""
    weak = [
        phrase
        for phrase in phrases.split(now)
        if _count(phrase, word) and (phrase.startswith("[") or ":0." in phrase.replace(" ", ""))
    ]
    return bool(weak) and weak[0] not in was


if __name__ == "__main__":
    for path in sys.argv[1:] or [str(UTTERANCES / "open.yaml")]:
        right, total, misses = score(path)
        print(f"{Path(path).name}: {right} of {total} ({right / total:.1%})")
        print("".join(f"  {miss}\n" for miss in misses) if Path(path).stem not in UNSEEN else "", end="")
