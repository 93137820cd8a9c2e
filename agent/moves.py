"""What the guide does about wishes: which tools it calls, in which order, and what it says in the end.

`play` is a generator: it yields calls, is sent their answers, and returns the reply. It decides only from what it is
given, so that playing it again over the same answers leads to the same place; that is how the guide goes on after each
tool.
"""

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import prompts
from agent import telling, vocabulary
from agent.choosing import companions, supporters
from agent.editing import Edit, compiled
from agent.wishes import read
from agent.wording import EDITS, Wish
from tools.backends import phrases
from tools.backends.errors import BadInput
from tools.backends.records import Change

LARGEST_COUNT = 4


@dataclass(frozen=True)
class Call:
    """A tool to call."""

    name: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a tool answered: its artifact, or why it could not."""

    artifact: dict[str, Any]
    failed: bool = False

    @property
    def error(self) -> str:
        """The sentence about the failure."""
        return str(self.artifact.get("error") or "The tool could not do it.")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the guide knows when the person's message arrives."""

    words: str
    attached: int = 0
    drafts: dict[int, dict[str, Any]] = field(default_factory=dict)
    draft: int | None = None
    pictures: tuple[dict[str, Any], ...] = ()
    picture: str | None = None
    matches: tuple[dict[str, Any], ...] = ()  # of the newest search before this message


class Stuck(Exception):  # no error: the reason becomes the reply
    """A tool could not do it, and nothing that follows makes sense."""


Play = Generator[Call, Answer, str]
Step = Generator[Call, Answer, None]


class _Turn:
    """One message being answered: where the conversation is by now, and what to say about it."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.draft = seen.drafts.get(seen.draft) if seen.draft is not None else None
        self.has_picture = bool(seen.pictures)
        self.said: list[str] = []


def play(seen: Seen) -> Play:
    """Answer one message."""
    turn = _Turn(seen)
    wishes = read(seen.words, has_draft=seen.draft is not None, attached=seen.attached)
    try:
        yield from _all(turn, wishes)
    except Stuck as stuck:
        turn.said.append(str(stuck))
    return "\n\n".join(turn.said) or prompts.load("help")


def _all(turn: _Turn, wishes: Sequence[Wish]) -> Step:
    """Every wish, in an order that makes sense: look, go back, write, render, keep, talk."""
    first = {
        kind: next((w for w in wishes if w.kind == kind), None) for kind in ("describe", "idea", "use", "back", "again")
    }
    if wish := first["describe"]:
        yield from _describe(turn, wish)
    for wish in (w for w in wishes if w.kind == "search"):
        yield from _search(turn, wish)
    if wish := first["back"]:
        yield from _back(turn, wish)
    edits = [wish for wish in wishes if wish.kind in EDITS]
    if wish := first["use"]:
        yield from _use(turn, wish)
    elif wish := first["idea"]:
        yield from _new(turn, wish, edits, first["again"])
    elif edits:
        yield from _change(turn, edits)
    elif wish := first["again"]:
        yield from _again(turn, wish)
    for wish in wishes:
        match wish.kind:
            case "save":
                yield from _save(turn, wish)
            case "favourites":
                answer = yield Call("list_favourites")
                turn.said.append(telling.favourites(_good(answer)))
            case "forget":
                yield from _forget(turn, wish)
            case "why":
                answer = yield Call("explain_change", {"phrase": wish.text})
                turn.said.append(telling.why(_good(answer), wish.text))
            case "prompt":
                turn.said.append(telling.prompt(turn.draft, turn.seen.pictures, turn.seen.picture))
            case "fresh":
                turn.said.append(
                    "What would you like to see? Describe it, and I begin anew; what was made before stays."
                )
            case "stay":
                turn.said.append("It stays: I only ever change what you ask for.")
            case "settings":
                told = telling.settings(" ".join(w.text for w in wishes if w.kind == "settings"))
                turn.said += [told] if told not in turn.said else []
            case "help":
                turn.said.append(prompts.load("help"))
            case "hello":
                turn.said.append("Hello! What would you like to see? For example: a cat sleeping on the sofa.")
            case "thanks":
                turn.said.append('You are welcome. Say "save it" to keep the picture, or what to change.')
            case "unknown":
                turn.said.append(telling.not_understood(wish.text))


def _good(answer: Answer) -> dict[str, Any]:
    if answer.failed:
        raise Stuck(answer.error)
    return answer.artifact


def _new(turn: _Turn, wish: Wish, edits: Sequence[Wish], again: Wish | None) -> Step:
    """A new idea: look, write, render. Qualities that were asked for in the same breath go into the idea's draft."""
    extra = [w.text for w in edits if w.kind in ("more", "style", "add", "time", "place")]
    avoid = [w.text for w in edits if w.kind in ("avoid", "remove", "less")]
    looks_like = ", ".join([wish.text, *extra])
    found = _good(
        (yield Call("search_prompts", {"looks_like": looks_like} | ({"without": ", ".join(avoid)} if avoid else {})))
    )
    changes = [{"kind": "added", "phrase": text, "cites": supporters(found, text)} for text in extra]
    changes += companions(
        found, looks_like, style=vocabulary.attributes(looks_like).get("style"), most=2 if extra else 3
    )
    args: dict[str, Any] = {"changes": changes, "start": wish.text} | ({"avoid": avoid} if avoid else {})
    drafted = _good((yield Call("refine_prompt", args)))
    count = max(wish.count, again.count if again else 1)
    made = yield from _render(turn, {"variations": min(count, LARGEST_COUNT)} if count > 1 else {})
    turn.said.append(telling.new_picture(drafted, made))
    if found.get("empty"):
        turn.said.append(str(found["empty"]))


def _use(turn: _Turn, wish: Wish) -> Step:
    """Draw an example that was found before."""
    number = telling.ordinal(wish.text)
    number = len(turn.seen.matches) if number == -1 else number
    if not 1 <= number <= len(turn.seen.matches):
        have = len(turn.seen.matches)
        raise Stuck(
            f"There is no example {wish.text} here. " + (f"I showed {have}." if have else "Ask for examples first.")
        )
    chosen = turn.seen.matches[number - 1]["example"]
    drafted = _good((yield Call("refine_prompt", {"changes": [], "start": chosen["prompt"]})))
    made = yield from _render(turn, {})
    turn.said.append(telling.new_picture(drafted, made))


def _change(turn: _Turn, edits: Sequence[Wish]) -> Step:
    """Changes of the current draft: look for what is asked, then write only that, then render with the same seed."""
    if turn.draft is None:
        raise Stuck("There is no picture to change yet. Tell me first what you would like to see.")
    changed = Edit()
    prompt, negative = str(turn.draft["prompt"]), str(turn.draft["negative_prompt"])
    for wish in edits:
        found: dict[str, Any] = {}
        if wish.kind in ("more", "style", "add", "place", "time", "subject", "replace") and wish.text:
            looks_like = telling.look_up(wish, prompt)
            found = _good((yield Call("search_prompts", {"looks_like": looks_like})))
        before = len(changed.changes)
        compiled(wish, prompt, negative, found, list(turn.seen.drafts.values()), changed)
        prompt = _after(prompt, changed.changes[before:])
    if changed.is_empty:
        raise Stuck(" ".join(changed.notes) or f"Nothing in the prompt needs to change for that. It is: {prompt}")
    args: dict[str, Any] = {"changes": changed.changes}
    args |= {"avoid": changed.avoid} if changed.avoid else {}
    args |= {"allow": changed.allow} if changed.allow else {}
    drafted = _good((yield Call("refine_prompt", args)))
    turn.draft = drafted.get("draft")
    made = yield from _render(turn, {"seed": "same"})
    turn.said.append(" ".join([telling.changed_picture(drafted, made, changed), *changed.notes]))


def _after(prompt: str, changes: Sequence[dict[str, Any]]) -> str:
    """The prompt as the next wish of the message finds it: "a dog instead of the cat, and make the dog black"."""
    for change in changes:
        with contextlib.suppress(BadInput):  # words inside a phrase are refine_prompt's to cut
            prompt = phrases.apply(
                prompt, [Change(kind=change["kind"], phrase=change["phrase"], was=change.get("was"))]
            )
    return prompt


def _again(turn: _Turn, wish: Wish) -> Step:
    """The same prompt with other seeds."""
    if turn.draft is None:
        raise Stuck("There is no prompt to try again yet. Tell me first what you would like to see.")
    args: dict[str, Any] = {"seed": wish.seed or "new"}
    if wish.count > 1:
        args["variations"] = min(wish.count, LARGEST_COUNT)
    if wish.picture:
        args["base"] = wish.picture
    made = yield from _render(turn, args)
    more = f" I make up to {LARGEST_COUNT} at a time." if wish.count > LARGEST_COUNT else ""
    turn.said.append(telling.other_pictures(made) + more)


def _render(turn: _Turn, args: dict[str, Any]) -> Generator[Call, Answer, dict[str, Any]]:
    made = _good((yield Call("generate_picture", args)))
    turn.has_picture = True
    return made


def _back(turn: _Turn, wish: Wish) -> Step:
    gone = _good((yield Call("refine_prompt", {"changes": [], "base": wish.picture})))
    turn.draft = gone["draft"]
    turn.said.append(f"We are back at {gone.get('went_to', wish.picture)}.")


def _describe(turn: _Turn, wish: Wish) -> Step:
    """A picture → the prompts behind it; with "draw something like this, but …" a new picture from the nearest one."""
    picture = wish.picture or "current"
    found = _good(
        (yield Call("find_similar_pictures", {"picture": picture} | ({"words": wish.text} if wish.text else {})))
    )
    turn.said.append(telling.described(found, wish.text))
    if wish.count < 2 or not found["matches"]:
        return
    start = str((found.get("metadata") or {}).get("prompt") or found["matches"][0]["example"]["prompt"])
    drafted = _good((yield Call("refine_prompt", {"changes": [], "start": start})))
    turn.draft = drafted["draft"]
    edits = [w for w in read(wish.text, has_draft=True) if w.kind in EDITS] if wish.text else []
    if edits:
        yield from _change(turn, edits)
    else:
        made = yield from _render(turn, {})
        turn.said.append(telling.new_picture(drafted, made))


def _search(turn: _Turn, wish: Wish) -> Step:
    words = wish.text or (str(turn.draft["prompt"]) if turn.draft else "")
    if not words:
        raise Stuck('Examples of what? Say "show me examples of castles", for instance.')
    found = _good((yield Call("search_prompts", {"looks_like": words, "limit": max(1, min(wish.count, 20))})))
    turn.said.append(telling.found(found, words))


def _save(turn: _Turn, wish: Wish) -> Step:
    if not turn.has_picture:
        raise Stuck("There is no picture to save yet. Tell me first what you would like to see.")
    answer = yield Call("save_favourite", {"picture": wish.picture or "current"})
    turn.said.append(telling.saved(_good(answer)))


def _forget(turn: _Turn, wish: Wish) -> Step:
    """Remove a favourite; one that is named by its place in the list is looked up in the list first."""
    id = wish.picture or wish.text
    if wish.picture == "current" and turn.seen.picture:
        id = turn.seen.picture
    number = telling.ordinal(wish.text) if not wish.picture else 0
    if not wish.picture and (number or not id):
        listed = _good((yield Call("list_favourites")))["matches"]
        if not listed:
            raise Stuck("There are no favourites yet.")
        if not id and len(listed) > 1:
            raise Stuck(
                f'Which one? {telling.favourites({"matches": listed})}\n\nSay "remove favourite 2", for example.'
            )
        number = max(1, number)  # the list is newest first: "the last one" is the one that was saved last
        if number > len(listed):
            raise Stuck(f"There are {len(listed)} favourites; none is number {number}.")
        id = str(listed[number - 1]["example"]["id"])
    gone = _good((yield Call("remove_favourite", {"id": id})))
    turn.said.append(
        f"Removed from your favourites: {telling.quoted(gone['prompt'])}. The conversation keeps its picture."
    )
