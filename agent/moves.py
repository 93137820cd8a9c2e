"""What the guide does about wishes: which tools it calls, in which order, and what it says in the end.

`play` is a generator: it yields calls, is sent their answers, and returns the reply. It decides only from what it is
given, so that playing it again over the same answers leads to the same place; that is how the guide goes on after each
tool. Here stands what writes prompts and renders; all else is in `errands`.
"""

import re
from collections.abc import Generator, Sequence
from typing import Any

import prompts
from agent import beginning, conditions, declining, errands, replies, reporting, searching, telling, vocabulary
from agent.choosing import companions, supporters
from agent.editing import Edit, after, compiled
from agent.playing import Answer, Call, Play, Seen, Step, Stuck, Turn, good
from agent.understanding import meant
from agent.wishes import read
from agent.wording import EDITS, Kind, Wish
from tools.backends import phrases

__all__ = ["Answer", "Call", "Seen", "play"]

LARGEST_COUNT = 4
MOST_UNDONE = 20
WRITING: frozenset[Kind] = EDITS | {
    "idea",
    "use",
    "back",
    "again",
    "borrow",
    "blend",
    "lock",
    "unlock",
    "edited",
    "undo",
    "render",
    "start",
}
OF_THE_RESULT = (
    "save",
    "rate",
    "check",
    "mend",
    "weigh",
    "foresee",
    "describe",
)  # of what was just made, unless they name another


def play(seen: Seen) -> Play:
    """Answer one message."""
    turn = Turn(seen)
    if search := searching.heard(seen):
        try:
            yield from searching.search(turn, search)
        except Stuck as stuck:
            turn.said.append(str(stuck))
        return "\n\n".join(turn.said)
    wishes: list[Wish] | None = None
    try:
        wishes = replies.heard(seen)
        if wishes is None:
            wishes = meant(read(seen.words, has_draft=seen.draft is not None, attached=seen.attached), seen)
        wishes = replies.settled(wishes, seen)
        for group in _groups(wishes):
            if group[0].kind in WRITING:
                yield from _write(turn, group)
            elif group[0].kind in ("describe", "search"):
                yield from (_describe if group[0].kind == "describe" else _search)(turn, group[0])
            elif group[0].kind == "hold":
                turn.hold = True
                turn.said += errands.HELD if len(wishes) == 1 else []
            else:
                yield from errands.run(turn, group[0])
    except Stuck as stuck:
        turn.said.append(str(stuck))
        turn.said += [
            said
            for w in wishes or ()
            if w.how == declining.NEXT and (said := declining.said(w.text, w.how)) not in turn.said
        ]
    return "\n\n".join(turn.said) or prompts.load("help")


def _groups(wishes: Sequence[Wish]) -> list[list[Wish]]:
    """The wishes in the order said; those that write the next prompt are one, until something is asked of its picture."""
    groups: list[list[Wish]] = []
    writing: list[Wish] | None = None
    for wish in sorted(wishes, key=lambda w: w.kind not in ("prompt_first", "hold")):
        if wish.kind not in WRITING:
            groups.append([wish])
            if wish.kind in OF_THE_RESULT and not wish.picture:
                writing = None
        elif writing is None:
            writing = [wish]
            groups.append(writing)
        else:
            writing.append(wish)
    return groups


def _write(turn: Turn, wishes: Sequence[Wish]) -> Step:
    """Everything in a message that leads to one new draft and its picture."""
    first = {wish.kind: wish for wish in reversed(wishes)}
    edits = [wish for wish in wishes if wish.kind in EDITS]
    again = first.get("again")
    if wish := first.get("start"):
        turn.start = _start(turn, wish, alone={w.kind for w in wishes} <= {"start", "render"})
    ask = _asked(wishes, turn.prompt)
    if any(wish.kind == "undo" and wish.how == "all" for wish in wishes):
        yield from _change(turn, [], _beginning(turn), None, {}, None)
    elif steps := sum(wish.count for wish in wishes if wish.kind == "undo"):
        yield from _undo(turn, steps)
    if wish := first.get("edited"):
        yield from _by_hand(turn, wish, ask, render=not edits)
        ask = {}
    if first.get("use"):
        yield from _use(turn, [wish for wish in wishes if wish.kind == "use"], edits, ask, again)
    elif wish := first.get("idea"):
        yield from _new(turn, wish, edits, ask, again)
    elif edits or first.get("back") or ask.get("borrow") or first.get("blend"):
        yield from _change(turn, edits, first.get("back"), first.get("blend"), ask, again)
    elif ask:
        yield from _lock(turn, ask)
        if turn.start and not again:
            yield from _as_it_is(turn)
        elif again or first.get("render"):
            yield from _again(turn, again or Wish(kind="again"))
    elif again and not first.get("edited"):
        yield from _again(turn, again)
    elif (wish := first.get("render")) and not first.get("edited"):
        yield from _as_it_is(turn, wish.picture)
    elif turn.start and turn.draft is not None and not (first.get("edited") or first.get("undo")):
        # "paint over it and save it"
        yield from _as_it_is(turn)


def _start(turn: Turn, wish: Wish, alone: bool) -> dict[str, Any]:
    """The picture to begin with, as generate_picture hears it. `alone`: nothing else is wished of the prompt.

    Raises:
        Stuck: no strength that can be, or there is no picture to let go.
    """
    if wish.how and not 0 < float(wish.how) <= 1:
        raise Stuck(
            f"A strength of {wish.how} cannot be: it says how much of the picture may change, above 0 and up to 1. "
            'Say "strength 0.4" for little, or "strength 0.8" for much.'
        )
    shown = next((p for p in turn.seen.pictures if p["name"] == turn.picture), None)
    if wish.picture == beginning.NOISE and alone and shown and not (shown.get("begun") or turn.seen.start_waits):
        raise Stuck(
            f'{str(turn.picture).capitalize()} began with noise, and with no picture. Say "another seed" for another try.'
        )
    start: dict[str, Any] = {"start": wish.picture or turn.picture or "attached"}
    return start | ({"strength": float(wish.how)} if wish.how else {})


def _asked(wishes: Sequence[Wish], prompt: str) -> dict[str, Any]:
    """What goes into refine_prompt besides changes: locks, unlocks and what is borrowed."""
    ask: dict[str, Any] = {}
    for kind in ("lock", "unlock"):
        if named := [part for wish in wishes if wish.kind == kind for part in _but(wish, prompt)]:
            ask[kind] = list(dict.fromkeys(named))
    if loans := [
        {"what": what, "picture": wish.picture or "current"}
        for wish in wishes
        if wish.kind == "borrow"
        for what in wish.parts
    ]:
        ask["borrow"] = loans
    return ask


def _but(wish: Wish, prompt: str) -> Sequence[str]:
    """What a lock names; "everything but the sky" is every phrase that says nothing of the sky."""
    if not wish.was:
        return wish.parts
    return [phrase for phrase in phrases.split(prompt) if not phrases.holds(phrase, wish.was)]


def _refine(turn: Turn, args: dict[str, Any]) -> Generator[Call, Answer, dict[str, Any]]:
    """Write a draft; where locks stood in the way of all of it, say which, and how to go on."""
    answer = yield Call("refine_prompt", {"changes": [], **args})
    if answer.failed and (named := [lock for lock in turn.seen.locks if f"{lock!r} is locked" in answer.error]):
        raise Stuck(" ".join(reporting.refusals([{"locks": named}])))
    if answer.failed and answer.error.startswith("Nothing would change.") and (args.get("lock") or args.get("unlock")):
        raise Stuck(reporting.nothing_locked(answer.error, turn.prompt, turn.seen.locks))
    if answer.failed and answer.error.startswith("Nothing would change.") and turn.start and turn.draft is not None:
        return {"draft": turn.draft, "unchanged": True}
    drafted = good(answer)
    turn.draft = drafted["draft"]
    return drafted


def _new(turn: Turn, wish: Wish, edits: Sequence[Wish], ask: dict[str, Any], again: Wish | None) -> Step:
    """A new idea: look, write, render. Qualities that were asked for in the same breath go into the idea's draft."""
    extra = [w.text for w in edits if w.kind in ("more", "style", "add", "time", "place")]
    avoid = [w.text for w in edits if w.kind in ("avoid", "remove", "less")]
    looks_like = ", ".join([wish.text, *extra])
    found = good(
        (yield Call("search_prompts", {"looks_like": looks_like} | ({"without": ", ".join(avoid)} if avoid else {})))
    )
    changes = [{"kind": "added", "phrase": text, "cites": supporters(found, text)} for text in extra]
    changes += companions(
        found, looks_like, style=vocabulary.attributes(looks_like).get("style"), most=2 if extra else 3
    )
    locks = {key: value for key, value in ask.items() if key != "borrow"}
    drafted = yield from _refine(
        turn, {"changes": changes, "start": wish.text} | ({"avoid": avoid} if avoid else {}) | locks
    )
    told = telling.new_idea(drafted)
    made = yield from _render(turn, drafted, told, again, count=wish.count, seed="")
    if made is not None:
        turn.said.append(" ".join([telling.new_picture(drafted, made), *reporting.notes(drafted)]))
    if found.get("empty"):
        turn.said.append(str(found["empty"]))


def _use(turn: Turn, uses: Sequence[Wish], edits: Sequence[Wish], ask: dict[str, Any], again: Wish | None) -> Step:
    """Draw examples that were found before, each as it is; or one, with what is wished of it in the same breath."""
    held, have = turn.seen.listed, len(turn.seen.listed.matches)
    what = "favourite" if held.favourites else "example"
    for wish in uses:
        number = telling.ordinal(wish.text)
        number = have if number == -1 else number
        if not 1 <= number <= have:
            raise Stuck(
                f"There is no {what} {wish.text} here. " + (f"I showed {have}." if have else "Ask for examples first.")
            )
        chosen = held.matches[number - 1]["example"]
        source = f"{what} {number}" + ("" if held.favourites else f" of those near {held.label}")
        drafted = yield from _refine(turn, {"start": str(chosen["prompt"])})
        if edits or ask:
            turn.said.append(f"That is {source}, changed as you asked.")
            yield from _change(turn, edits, None, None, ask, again)
            return
        told = telling.example(source)
        made = yield from _render(turn, drafted, told, again, seed="")
        if made is not None:
            turn.said.append(" ".join([telling.example_picture(told, drafted, made), *reporting.notes(drafted)]))
    if uses[0].count > len(uses):
        turn.said.append(f"I draw up to {len(uses)} at a time.")


def _by_hand(turn: Turn, wish: Wish, ask: dict[str, Any], *, render: bool) -> Step:
    """A prompt that the person wrote: it is theirs, word for word, and seen by them already."""
    drafted = yield from _refine(turn, {"edited": wish.text} | ask)
    if not render:
        return
    by = telling.changed(drafted) if wish.how != "short" else "That is the shorter prompt."
    made = yield from _render(turn, drafted, by, None, seen=turn.prompt_first and wish.how != "short")
    if made is not None:
        turn.said.append(" ".join([telling.changed_picture(drafted, made), *reporting.notes(drafted)]))


def _change(
    turn: Turn, edits: Sequence[Wish], back: Wish | None, blend: Wish | None, ask: dict[str, Any], again: Wish | None
) -> Step:
    """Changes of a draft: go to it, look for what is asked, write only that, render with the same seed."""
    if turn.draft is None:
        raise Stuck("There is no picture to change yet. Tell me first what you would like to see.")
    base: dict[str, Any] = {}
    if back:  # what is borrowed is named from where the person stands, so it goes along with the step back
        if (
            re.fullmatch(r"(?:the )?(?:one before|previous(?: (?:one|picture|version))?)", back.picture)
            and turn.picture
            and turn.picture == turn.seen.pictures[0]["name"]
        ):
            raise Stuck(
                f'{turn.picture.capitalize()} is the first one. Say "undo" to be where we were before, or name a picture.'
            )
        gone = yield from _refine(turn, {"base": back.picture} | ask)
        drafted, ask = gone, {}
        there = gone.get("went_to")
        if turn.start.get("start") == back.picture:  # from here on "the previous one" is another
            turn.start["start"] = there or gone["draft"].get("from_picture") or back.picture
        if there and not edits and not blend:
            away = reporting.absent(reporting.locks_away(gone))
            told = [*away, *reporting.notes(gone)]
            if gone.get("newly_locked") or gone.get("unlocked"):
                told = [reporting.locking(gone)]
            turn.said.append(" ".join([f"We are back at {there}.", *told]))
            if again:
                yield from _again(turn, again)
            elif turn.start:
                yield from _as_it_is(turn)
            return
        base = {"base": there} if there else {}
    edit = Edit(locked=_locked(turn, ask))
    if blend:
        ask = ask | _blended(turn, blend, edit)
    yield from _compiled(turn, edits, edit)
    args = ask | base | {"changes": edit.changes}
    args |= {"avoid": edit.avoid} if edit.avoid else {}
    args |= {"allow": edit.allow} if edit.allow else {}
    was = turn.draft["number"]
    if not edit.is_empty or ask:
        drafted = yield from _refine(turn, args)
        if (
            edit.is_empty and drafted["draft"]["number"] == was and not base
        ):  # "unlock it and make it pink", which it is
            turn.said.append(" ".join([*edit.notes, reporting.locking(drafted)]))
            if turn.start:
                yield from _as_it_is(turn)
            return
        if drafted.get("unchanged"):
            turn.said += [" ".join(edit.notes)] if edit.notes else []
            yield from _as_it_is(turn)
            return
    elif turn.start:  # the prompt says it already; the picture to begin with is new
        turn.said += [" ".join(edit.notes)] if edit.notes else []
        yield from _as_it_is(turn)
        return
    elif not back or edits:
        raise Stuck(" ".join(edit.notes) or f"Nothing in the prompt needs to change for that. It is: {turn.prompt}")
    notes = [*edit.notes, *reporting.notes(drafted)]
    if drafted.get("refused") and not drafted["draft"]["changes"] and not edit.avoid:
        raise Stuck(" ".join(notes))
    made = yield from _render(turn, drafted, telling.changed(drafted, edit.avoid), again)
    if made is not None:
        locked = [reporting.locking(drafted)] if ask.get("lock") or ask.get("unlock") else reporting.notes(drafted)
        turn.said.append(" ".join([telling.changed_picture(drafted, made, edit.avoid), *edit.notes, *locked]))
    elif notes:
        turn.said.append(" ".join(notes))


def _compiled(turn: Turn, edits: Sequence[Wish], edit: Edit) -> Step:
    """Each wish as changes; the next one finds the prompt as the one before it leaves it."""
    assert turn.draft is not None
    prompt, negative = turn.prompt, str(turn.draft["negative_prompt"])
    for wish in edits:
        found: dict[str, Any] = {}
        if wish.kind in ("more", "style", "add", "place", "time", "subject", "replace") and wish.text:
            found = good((yield Call("search_prompts", {"looks_like": telling.look_up(wish, prompt)})))
        before = len(edit.changes)
        compiled(wish, prompt, negative, found, list(turn.seen.drafts.values()), edit)
        prompt = after(prompt, edit.changes[before:])


def _locked(turn: Turn, ask: dict[str, Any]) -> tuple[str, ...]:
    """What is locked once the message's own locks and unlocks are heard."""
    freed = [str(part).lower() for part in ask.get("unlock", [])]
    kept = (
        []
        if "all" in freed
        else [lock for lock in turn.seen.locks if not any(phrases.holds(lock, _noun(part)) for part in freed)]
    )
    return (*kept, *(_noun(part) for part in ask.get("lock", [])))


def _noun(said: str) -> str:
    return re.sub(r"^(?:the|an?|my|his|her|its|that|this) ", "", said.lower())


def _blended(turn: Turn, wish: Wish, edit: Edit) -> dict[str, Any]:
    """ "more like picture 2 and less like 3": what 2 has and this one lacks comes, what only 3 has goes."""
    prompt_of = {
        str(p["name"]): str(turn.seen.drafts[p["draft"]]["prompt"])
        for p in turn.seen.pictures
        if p.get("draft") in turn.seen.drafts
    }
    if wish.picture not in prompt_of or wish.was not in prompt_of:
        raise Stuck('Name both pictures by their numbers, such as "more like picture 2 and less like picture 3".')
    more, less = phrases.split(prompt_of[wish.picture]), phrases.split(prompt_of[wish.was])
    own = phrases.split(turn.prompt)
    for phrase in own[1:]:
        if phrases.holds(prompt_of[wish.was], phrase) and not phrases.holds(prompt_of[wish.picture], phrase):
            edit.take_out(phrase)
    wanted = [p for p in more[1:] if p not in less and not phrases.holds(turn.prompt, p)]
    if not wanted and edit.is_empty:
        raise Stuck(
            f"The prompt has all that {wish.picture} has beyond {wish.was} already. Say which part of it you mean."
        )
    return {"borrow": [{"what": phrase, "picture": wish.picture} for phrase in wanted]} if wanted else {}


def _undo(turn: Turn, steps: int) -> Step:
    if turn.draft is None:
        raise Stuck("There is nothing to take back yet. Tell me first what you would like to see.")
    answer = yield Call("undo_change", {"steps": min(steps, MOST_UNDONE)} if steps > 1 else {})
    if answer.failed and "began this idea" in answer.error:
        raise Stuck(f"There is nothing before this to go back to: the idea began here. The prompt is: {turn.prompt}")
    undone = good(answer)
    turn.draft = undone["draft"]
    turn.said.append(reporting.undone(undone, turn.seen.pictures))


def _beginning(turn: Turn) -> Wish:
    """The step back to the picture that this idea began with.

    Raises:
        Stuck: it began here, or was never rendered.
    """
    at, drafts = turn.draft, turn.seen.drafts
    while at is not None and at.get("parent") in drafts:
        at = drafts[int(at["parent"])]
    shown = next((p for p in turn.seen.pictures if at and p.get("draft") == at["number"]), None)
    if shown is None or at is None or str(at["prompt"]) == turn.prompt:
        raise Stuck('There is nothing to take back here. Say "back to picture 1", or describe a new idea.')
    return Wish(kind="back", picture=str(shown["name"]))


def _lock(turn: Turn, ask: dict[str, Any]) -> Step:
    """Only locks or unlocks: the prompt stays, and nothing is rendered."""
    if turn.draft is None:
        raise Stuck("There is no prompt with anything to lock yet. Tell me first what you would like to see.")
    if ask.get("unlock") and not ask.get("lock") and not turn.seen.locks:
        raise Stuck("Nothing is locked.")
    turn.said.append(reporting.locking((yield from _refine(turn, ask))))


def _again(turn: Turn, wish: Wish) -> Step:
    """The same prompt with other seeds; or, asked to render what is written, with its own."""
    if turn.draft is None:
        raise Stuck("There is no prompt to render yet. Tell me first what you would like to see.")
    shown = any(picture.get("draft") == turn.draft["number"] for picture in turn.seen.pictures)
    as_it_is = wish.how == "as it is" and (not shown or bool(turn.start) or turn.seen.start_waits)
    args: dict[str, Any] = {"seed": wish.seed or ("same" if as_it_is else "new")}
    if wish.count > 1:
        args["variations"] = min(wish.count, LARGEST_COUNT)
    if wish.picture:
        args["base"] = wish.picture
    made = yield from _made(turn, args)
    more = f" I make up to {LARGEST_COUNT} at a time." if wish.count > LARGEST_COUNT else ""
    turn.said.append((telling.rendered(made) if as_it_is else telling.other_pictures(made)) + more)


def _as_it_is(turn: Turn, picture: str = "") -> Step:
    """The prompt as it is written, rendered with its own seed; or kept waiting with what it is to begin with."""
    if turn.hold and turn.start and turn.draft is not None:
        ahead = yield from _kept(turn, {"base": picture} if picture else {})
        turn.said.append(f'Nothing is rendered yet. {ahead} Say "render it" when you like it.')
        return
    yield from _again(turn, Wish(kind="again", how="as it is", picture=picture))


def _kept(turn: Turn, args: dict[str, Any]) -> Generator[Call, Answer, str]:
    """Keep what the draft is to begin with for when it is rendered; says what."""
    if not turn.start:
        return ""
    return str(good((yield Call("generate_picture", {"variations": 0} | args | turn.start)))["begun"])


def _render(
    turn: Turn,
    drafted: dict[str, Any],
    told: str,
    again: Wish | None,
    *,
    count: int = 1,
    seed: str = "same",
    seen: bool = False,
) -> Generator[Call, Answer, dict[str, Any] | None]:
    """Render the draft; None where it is shown first, because the person wants that."""
    if turn.hold or (turn.prompt_first and not seen):
        ahead = yield from _kept(turn, {})
        turn.said.append(reporting.waiting(drafted, "".join(f"{part} " for part in (told, ahead) if part)))
        return None
    count = max(count, again.count if again else 1)
    seed = again.seed if again and again.seed else seed
    return (
        yield from _made(
            turn, ({"seed": seed} if seed else {}) | ({"variations": min(count, LARGEST_COUNT)} if count > 1 else {})
        )
    )


def _made(turn: Turn, args: dict[str, Any]) -> Generator[Call, Answer, dict[str, Any]]:
    answer = yield Call("generate_picture", args | turn.start)
    shows, same, _ = answer.error.partition("it would come out the same.")
    if answer.failed and same:
        raise Stuck(f'{shows.capitalize()}{same} Say "another seed" for another try, or what to change.')
    made = good(answer)
    turn.has_picture = True
    if made.get("pictures"):
        turn.picture = str(made["pictures"][-1]["name"])
    return made


def _describe(turn: Turn, wish: Wish) -> Step:
    """A picture → the prompts behind it; with "draw something like this, but …" a new picture from the nearest one."""
    query = conditions.read(wish.text, wish.picture or "current")
    found = yield from searching.look(query)
    turn.said.append(telling.described(found, searching.label(query)))
    if wish.count < 2 or not found["matches"]:
        return
    start = str((found.get("metadata") or {}).get("prompt") or found["matches"][0]["example"]["prompt"])
    drafted = yield from _refine(turn, {"start": start})
    edits = [w for w in read(wish.text, has_draft=True) if w.kind in EDITS] if wish.text else []
    if edits:
        yield from _change(turn, edits, None, None, {}, None)
        return
    made = yield from _render(turn, drafted, telling.new_idea(drafted), None, seed="")
    if made is not None:
        turn.said.append(telling.new_picture(drafted, made))


def _search(turn: Turn, wish: Wish) -> Step:
    words = wish.text or turn.prompt
    if not words:
        raise Stuck('Examples of what? Say "show me examples of castles", for instance.')
    found = good((yield Call("search_prompts", {"looks_like": words, "limit": max(1, min(wish.count, 20))})))
    turn.said.append(telling.found(found, words))
