"""What the guide does about wishes that change no prompt: keep, rate, explain, look closer, foresee, export."""

import re
from collections.abc import Callable

import prompts
from agent import declining, foreseeing, reporting, taking, telling
from agent.playing import Call, Step, Stuck, Turn, good
from agent.wording import Wish

LARGEST_BUDGET = 8  # renders of one mending
HELD = ("Nothing is rendered now. Say “show me the prompt first” if I should always wait for your word.",)


def run(turn: Turn, wish: Wish) -> Step:
    """One errand, whatever its kind."""
    if errand := _ERRANDS.get(wish.kind):
        yield from errand(turn, wish)
    elif words := _WORDS.get(wish.kind):
        turn.said.append(words)
    elif wish.kind == "help":
        turn.said.append(prompts.load("help"))
    else:
        turn.said.append(declining.said(wish.text, wish.how))


def _save(turn: Turn, wish: Wish) -> Step:
    _need_picture(turn, "save")
    answer = yield Call("save_favourite", {"picture": wish.picture or "current"})
    turn.said.append(telling.saved(good(answer)))


def _favourites(turn: Turn, _: Wish) -> Step:
    answer = yield Call("list_favourites")
    turn.said.append(telling.favourites(good(answer)))


def _forget(turn: Turn, wish: Wish) -> Step:
    """Remove a favourite; one that is named by its place in the list is looked up in the list first."""
    id = wish.picture or wish.text
    if wish.picture == "current" and turn.seen.picture:
        id = turn.seen.picture
    number = telling.ordinal(wish.text) if not wish.picture else 0
    if not wish.picture and (number or not id):
        listed = good((yield Call("list_favourites")))["matches"]
        if not listed:
            raise Stuck("There are no favourites yet.")
        if not id and len(listed) > 1:
            raise Stuck(
                f'{telling.WHICH_FAVOURITE} {telling.favourites({"matches": listed})}\n\nSay "remove favourite 2", for example.'
            )
        number = max(1, number)  # the list is newest first: "the last one" is the one that was saved last
        if number > len(listed):
            raise Stuck(f"There are {len(listed)} favourites; none is number {number}.")
        id = str(listed[number - 1]["example"]["id"])
    gone = good((yield Call("remove_favourite", {"id": id})))
    turn.said.append(
        f"Removed from your favourites: {telling.quoted(gone['prompt'])}. The conversation keeps its picture."
    )


def _why(turn: Turn, wish: Wish) -> Step:
    answer = yield Call("explain_change", {"phrase": wish.text})
    if answer.failed and (
        never := re.match(r"(['\"])(.+?)\1 is not in the prompt, and nobody here put it in", answer.error)
    ):
        raise Stuck(
            f"{telling.quoted(never[2])} is not in the prompt, and no change here put it in or took it out. The prompt is: "
            f"{telling.shortened(turn.prompt, 600)}"
            + (
                f'\n\nSay "add {telling.shortened(never[2], 60)}" to have it.'
                if wish.text.lower().startswith("no ")
                else ""
            )
        )
    turn.said.append(telling.why(good(answer), wish.text, turn.seen.pictures))


def _prompt(turn: Turn, _: Wish) -> Step:
    turn.said.append(telling.prompt(turn.draft, turn.seen.pictures, turn.seen.picture))
    yield from ()


def _settings(turn: Turn, wish: Wish) -> Step:
    told = telling.settings(wish.text)
    turn.said += [told] if told not in turn.said else []
    yield from ()


def _locks(turn: Turn, wish: Wish) -> Step:
    turn.said.append(reporting.locks(turn.seen.locks, turn.prompt))
    yield from ()


def _tree(turn: Turn, _: Wish) -> Step:
    if turn.draft is None:
        raise Stuck("Nothing has been made in this conversation yet. Tell me first what you would like to see.")
    turn.said.append(reporting.tree(good((yield Call("show_history")))))


def _prompt_first(turn: Turn, wish: Wish) -> Step:
    on = wish.how != "off"
    good((yield Call("prompt_first", {"on": on})))
    turn.prompt_first = on
    turn.said.append(reporting.prompt_first(on))


def _rate(turn: Turn, wish: Wish) -> Step:
    _need_picture(turn, "rate")
    rated = good((yield Call("rate_picture", {"verdict": wish.how, "picture": wish.picture or "current"})))
    turn.said.append(reporting.rated(rated, wish.how, wish.picture or turn.picture or "the picture"))


def _taste(turn: Turn, wish: Wish) -> Step:
    card = good((yield Call("taste_card", {"action": wish.how} | ({"text": wish.text} if wish.text else {}))))
    turn.said.append(reporting.taste(card, wish.how, wish.text))


def _export(turn: Turn, wish: Wish) -> Step:
    if turn.draft is None:
        raise Stuck("There is nothing to export yet. Tell me first what you would like to see.")
    turn.said.append(reporting.kept(good((yield Call("keep_conversation", {"kind": wish.how}))), wish.how))


def _check(turn: Turn, wish: Wish) -> Step:
    _need_picture(turn, "check")
    checked = good((yield Call("check_picture", {"picture": wish.picture or "current"})))
    turn.said.append(reporting.check(checked, wish.text))


def _mend(turn: Turn, wish: Wish) -> Step:
    _need_picture(turn, "mend")
    args: dict[str, object] = {"picture": wish.picture or "current"}
    if (
        wish.count > 0
        and re.search(r"\d|\b(?:one|two|three|four|five|six)\b", turn.seen.words.lower())
        and wish.count != 1
    ):
        args["budget"] = min(wish.count, LARGEST_BUDGET)
    if wish.text and turn.prompt:
        args["what"] = taking.meant(turn.prompt, wish.text)
    mended = good((yield Call("mend_picture", args)))
    turn.said.append(reporting.mended(mended))


def _weigh(turn: Turn, wish: Wish) -> Step:
    _need_picture(turn, "weigh the words of")
    weighed = good((yield Call("weigh_phrases", {"picture": wish.picture or "current"})))
    turn.said.append(reporting.weighing(weighed, wish.text))


def _foresee(turn: Turn, wish: Wish) -> Step:
    if turn.draft is None and not wish.text:
        raise Stuck(
            'There is no prompt to look ahead of yet. Ask "what would a castle in the snow look like?", for example.'
        )
    args = ({"words": wish.text} if wish.text else {}) | ({"base": wish.picture} if wish.picture else {})
    if wish.text and (prompt := foreseeing.candidate(wish.text, wish.picture, turn.seen)):
        args["prompt"] = prompt
    turn.said.append(reporting.foresight(good((yield Call("preview_prompt", args))), wish.text))


def _need_picture(turn: Turn, verb: str) -> None:
    if not turn.has_picture:
        raise Stuck(f"There is no picture to {verb} yet. Tell me first what you would like to see.")


_ERRANDS: dict[str, Callable[[Turn, Wish], Step]] = {
    "save": _save, "favourites": _favourites, "forget": _forget, "why": _why, "prompt": _prompt, "settings": _settings, "locks": _locks,
    "tree": _tree, "prompt_first": _prompt_first, "rate": _rate, "taste": _taste, "export": _export, "check": _check, "mend": _mend,
    "weigh": _weigh, "foresee": _foresee,
}  # fmt: skip
_WORDS = {
    "fresh": "What would you like to see? Describe it, and I begin anew; what was made before stays.",
    "stay": "It stays: I only ever change what you ask for.",
    "hello": "Hello! What would you like to see? For example: a cat sleeping on the sofa.",
    "thanks": 'You are welcome. Say "save it" to keep the picture, or what to change.',
}
