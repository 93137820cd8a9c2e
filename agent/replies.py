"""What a message answers: an offer, a list of examples, a lock or a picture that was just named → wishes. Pure.

`heard` reads whole messages that mean nothing by themselves ("do it", "the second one"); `settled` fills in what other
wishes leave to the conversation ("unlock it", "a red one"). Where the conversation leaves it open, they ask.
"""

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from agent import foreseeing, locking, reporting, taking, telling, vocabulary
from agent.editing import came_for, subject_of
from agent.playing import Seen, Stuck
from agent.pointing import END, LEAD, at_list, more, number_in, of_the_list
from agent.understanding import meant
from agent.wishes import read
from agent.wording import EDITS, Wish
from tools.backends import attribution, locks, phrases

LONGEST = 200  # characters; whoever writes more describes something

_WELL = r"(?:(?:oh|hm+|well|um+|ok(?:ay)?|k|alright|all right|fine|great|good|perfect|cool|nice|lovely|wow|and|so|but|please|just|sounds (?:good|great|fine|nice)|i like (?:it|that))[,.! ]+)*"
_GO = (
    r"(?:yes|yeah|yep|yup|yes please|sure(?: thing)?|ok(?:ay)?|k|alright|all right|fine(?: by me)?|absolutely|definitely|certainly|of course|why not|sounds (?:good|great|fine|nice)|(?:that )?(?:works|would be (?:great|good|nice|lovely))(?: for me)?|"
    r"i(?:'d| would) (?:like|love) (?:that|it|to)|go(?: for it| ahead| on)?|(?:please )?do (?:it|that|this|so)(?: (?:so|then|like that|that way))?|(?:please )?make (?:it|that|this) (?:so|happen|like that|that way)|please do(?: (?:it|that|so))?|let'?s (?:do|try|see|have|go for|go with) (?:it|that|this)|let'?s go|"
    r"proceed|continue|(?:apply|try|use|take|accept) (?:it|that|this|that one|the (?:short|shorter|shortest) (?:one|prompt|version))|i (?:agree|want (?:it|that)|accept)|that'?s (?:it|what i want)|exactly|confirm(?:ed)?)"
)
_RENDER = r"(?:(?:render|draw|paint|show me|show) (?:it|that|this)(?: (?:like that|that way|so|then))?)"  # says yes where a picture is offered
_MORE = r"(?P<rest>(?:[,.!;]* (?:and|but|only|just|though|then)\b.*)?)"
_YES = re.compile(
    rf"{_WELL}(?:(?P<go>{_GO})|(?P<render>{_RENDER}))(?:[,.! ]+{_GO})*{END}{_MORE}", re.IGNORECASE | re.DOTALL
)
_NODS = re.compile(
    r"(?:ok(?:ay)?|k|fine|alright|all right|exactly)[.! ]*", re.IGNORECASE
)  # hears, and asks for nothing
_NO = re.compile(
    r"(?:(?:oh|hm+|well|um+|ok(?:ay)?|actually)[,. ]+)*(?:(?:no|nope|nah|nay|nein|non|no way|not (?:now|yet|today|this time|really|necessary|needed)|never ?mind|rather not|i(?:'d| would) rather not|better not|no need|"
    r"leave it(?: (?:be|alone|as (?:it )?is|as it was|like that|like this|for now|out))?|keep it (?:as (?:it )?is|as it was|like that|like this)|not (?:those|these|them|any of (?:them|those|these))|none(?: of (?:them|those|these))?|neither(?: of (?:them|those))?|thanks|thank you|please|for now|wait)[,.! ]*)+",
    re.IGNORECASE,
)
# Says no only to what is offered; by itself it is another wish: "cancel" takes back, "I don't like that" too
_NOT_THAT = re.compile(
    r"(?:(?:oh|hm+|well|um+|ok(?:ay)?|actually|no|nah|nope)[,. ]+)*(?:please )?(?:don'?t(?: (?:do (?:it|that|so)|bother|render(?: it)?|change (?:it|that|anything)))?|do not(?: do (?:it|that))?|(?:skip|forget|drop|cancel|ignore|stop) (?:it|that|this)|cancel|skip|pass|stop|(?:maybe |perhaps )?(?:later|another time)|"
    r"not (?:that|this|so)|i don'?t (?:want|like) (?:it|that|to)|stay as (?:it|you) (?:is|are|was))(?:[,.! ]+(?:please|thanks|thank you|for now|then))*[.! ]*",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:no|nope|nah|nay|nein|non|not|never ?mind|leave|keep|none|neither)\b", re.IGNORECASE)

_ONE = re.compile(
    rf"{LEAD}(?:(?:can|could|would) (?:you|u|we) |(?:what|how) about )?(?:please )?(?:(?:make|draw|paint|render|give|show|do|get|try|i(?:'d| would)? (?:like|want|prefer))(?: me| us)? )?an? (?P<sort>(?:[\w-]+ ){{1,2}})one(?: (?:instead|now|too|then))*{END}\??",
    re.IGNORECASE,
)
_OTHER_TRY = frozenset("other another different new better nicer prettier good nice cooler fresh".split())
_NO_SORT = frozenset("next last first second third same previous more less similar real single whole this that".split())
_REDO = re.compile(
    rf"{LEAD}(?:(?:no|oops|sorry|wait)[, ]+)*(?:re-?do(?: (?:it|that|this|the change))?|(?:un-?do|take back|revert|cancel) (?:the |that |your )?(?:last )?undo|un-?undo(?: (?:it|that))?|(?:go |step |one step )*forward(?: again)?|put (?:it|that) back(?: in)?|bring (?:it|that) back|(?:i )?(?:want|liked?) (?:it|that) back|undo (?:was|that was) (?:wrong|a mistake)){END}",
    re.IGNORECASE,
)
_TAKE_OUT = re.compile(
    rf"{LEAD}(?:(?:no|nope|nah|hm+)[, ]+)*(?:take (?:it|that|them|those) (?:out|away|off)|(?:remove|delete|drop|lose|erase|kill) (?:it|that|them|those)|get rid of (?:it|that|them|those)|without (?:it|that|them))(?: (?:again|please|out))*{END}",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\bwhat(?:'s| has|) (?:happened to|became of|become of)\b|\bwhere (?:did|has|is|are|'s)\b.*\b(?:go|gone)\b",
    re.IGNORECASE,
)
_LOCKS = re.compile(
    rf"{LEAD}(?P<un>un)?(?:lock|freeze|pin) (?P<list>.+?)(?: (?:please|now|again|too|for now))*[.! ]*", re.IGNORECASE
)
_LET_GO = re.compile(
    rf"{LEAD}let (?:go of )?(?:the|my|his|her|its|that) (?P<thing>[\w' -]+?)(?: go)?{END}", re.IGNORECASE
)
_REMEMBERED = re.compile(
    rf"(?:to (?:keep|leave|hold) )?(?P<thing>(?:the|my|his|her|its|that|this) [\w' -]+?){END}", re.IGNORECASE
)
_THAT_ONE = re.compile(
    r"(?:(?:let'?s|please|ok(?:ay)?|and|then|now|can we|could we|i want to|i'd like to)[, ]+)*(?:(?:go|take me|get|bring me|jump|switch|return|revert) )?(?:back )?to (?:that|this|it|that (?:one|picture|image|version)|this (?:one|picture)|the one (?:(?:that )?(?:i|you|we) )?(?:just )?(?:mentioned|named|meant|said|checked|rated|showed)(?: me)?)(?: (?:again|please|then|now))*[.!?]*(?P<rest>(?:,? (?:but|and|only|just) .+)?)",
    re.IGNORECASE,
)  # fmt: skip


def heard(seen: Seen) -> list[Wish] | None:
    """The wishes of a message that is an answer, or None: then other ears hear it.

    Raises:
        Stuck: it is one, and there is nothing to do about it, or a question to ask; says so.
    """
    words = " ".join(seen.words.replace("’", "'").split())
    if not words or len(words) > LONGEST or seen.attached:
        return None
    if (told := _of_the_question(words, seen)) is not None:
        return told
    if (answer := _of_the_offer(words, seen)) is not None:
        return answer
    if (chosen := of_the_list(words, seen)) is not None:
        return chosen
    if match := _THAT_ONE.fullmatch(words):
        return _that_one(seen, match["rest"])
    if again := _turned_about(words, seen):
        return again
    if seen.draft is not None and (match := _ONE.fullmatch(words)):
        return _of_that_sort(match["sort"].strip().lower(), _prompt(seen))
    return _list_of_locks(words, seen)


# A question


def _of_the_question(words: str, seen: Seen) -> list[Wish] | None:
    """Which lock, or which favourite, where the turn before asked for that alone; and "why not?" after a refusal."""
    if (
        re.fullmatch(r"(?:but |and |well,? )?why not[?!. ]*", words, re.IGNORECASE)
        and " locked, so I left " in seen.reply
    ):
        raise Stuck(seen.reply)
    if seen.reply.startswith(f"{telling.WHICH_LOCK} Locked:"):
        low = re.sub(rf"(?:\s+(?:one|part|again))*{END}$", "", words.lower().strip(" .!?"))
        if re.fullmatch(
            rf"{LEAD}(?:both|all|all of (?:them|it)|everything|them all|all (?:two|three|four|of those)){END}", low
        ):
            return [Wish(kind="unlock", parts=("all",))]
        parts = [
            part for part in re.split(r",|\band\b|&", re.sub(r"^(?:just|only|the one with) ", "", low)) if part.strip()
        ]
        if parts and all(locks.meant(seen.locks, part) for part in parts) and not locking.OTHER_WISH.match(low):
            return [Wish(kind="unlock", parts=tuple(part.strip() for part in parts))]
    if seen.reply.startswith(f"{telling.WHICH_FAVOURITE} Your favourites") and (number := number_in(words)):
        return [Wish(kind="forget", text=number)]
    return None


# An offer


def _of_the_offer(words: str, seen: Seen) -> list[Wish] | None:
    """A yes or a no to what the turn before offered."""
    offer = _offer(seen)
    if (_NO.fullmatch(words) and _DENIES.search(words)) or ((offer or at_list(seen)) and _NOT_THAT.fullmatch(words)):
        raise Stuck(_declined(seen))
    match = _YES.fullmatch(words)
    if (
        match
        and match["go"]
        and not match["rest"]
        and offer is None
        and not _NODS.fullmatch(words)
        and "why not" not in words.lower()
    ):
        _nothing_waits(seen)
        return None
    if offer is None or match is None or (match["render"] and offer[0].kind in ("edited", "mend")):
        return None
    rest = re.sub(r"^[,.!; ]*(?:(?:and|but|only|just|though|then)\b[, ]*)+", "", match["rest"]).strip(" .!")
    also = meant(read(rest, has_draft=seen.draft is not None), seen) if rest else []
    if any(wish.kind not in EDITS | {"save", "again", "check", "rate", "lock"} for wish in also):
        return None
    return [*offer, *also]


def _offer(seen: Seen) -> list[Wish] | None:
    """What a plain yes comes to now; None where nothing is offered."""
    name, artifact = seen.offered or ("", {})
    prompt = _prompt(seen)
    if name == "preview_prompt":
        words, base = str(artifact.get("words", "")), str(artifact.get("base", ""))
        if not prompt and words:
            return [Wish(kind="idea", text=words)]
        edits = foreseeing.edits(words, base, seen)
        there = [Wish(kind="back", picture=base)] if base else []
        return [*there, *edits] or [Wish(kind="render")]
    if name == "weigh_phrases":
        shortest = str(artifact.get("weighing", artifact).get("shortest", ""))
        return [Wish(kind="edited", text=shortest, how="short")] if shortest and shortest != prompt else None
    if name == "check_picture":
        held = artifact.get("check", artifact)
        if artifact.get("missing") or held.get("missing"):
            return [Wish(kind="mend", picture=str(held.get("picture", "")))]
        return [Wish(kind="again")] if any(one.get("there") for one in held.get("avoided", [])) else None
    shown = any(picture.get("draft") == seen.draft for picture in seen.pictures)
    waits = seen.draft is not None and (seen.start_waits or not shown)
    if prompt and waits and name in ("refine_prompt", "undo_change", "mend_picture", "generate_picture"):
        return [Wish(kind="render")]
    return None


def _nothing_waits(seen: Seen) -> None:
    """A yes where nothing was offered renders nothing.

    Raises:
        Stuck: unless a prompt waits to be rendered, which other ears know of.
    """
    if seen.draft is None:
        raise Stuck("Tell me what you would like to see, for example: a cat sleeping on the sofa.")
    if at_list(seen):
        raise Stuck('Which of them? Say "draw the second one", for example.')
    shown = next((str(p["name"]) for p in reversed(seen.pictures) if p.get("draft") == seen.draft), None)
    if shown is not None and not seen.start_waits:
        raise Stuck(
            f'Nothing waits for your word: {shown} shows the prompt as it is. Say what to change, "another seed" for another '
            'try, or "save it".'
        )


def _declined(seen: Seen) -> str:
    """What to say to a no."""
    return f"{telling.DECLINED}{_left(seen)}"


def _left(seen: Seen) -> str:
    name, artifact = seen.offered or ("", {})
    if name == "preview_prompt":
        if not seen.pictures:
            return ", nothing is drawn. Tell me what you would like to see instead."
        return ": the prompt and the picture stay as they are."
    if name == "check_picture":
        held = artifact.get("check", artifact)
        return f", {held.get('picture', 'the picture')} stays as it is."
    if name == "weigh_phrases":
        return ", the prompt keeps all its words."
    if _offer(seen) is not None:
        return ', it is not rendered. The prompt waits: change it, say "render it" when you like it, or "undo".'
    if at_list(seen):
        return ", none of them. Ask for other examples, or describe your own picture."
    return ", everything stays as it is."


# What was just done


def _turned_about(words: str, seen: Seen) -> list[Wish] | None:
    """ "redo" after an undo; "take it out again" after something was added or asked about."""
    name, artifact = seen.offered or ("", {})
    if name == "undo_change" and _REDO.fullmatch(words):
        undone = seen.drafts.get(int(artifact.get("undone", 0)))
        shown = next(
            (str(p["name"]) for p in reversed(seen.pictures) if undone and p.get("draft") == undone["number"]), ""
        )
        if artifact.get("left") and not shown:
            shown = str(artifact["left"])
        return (
            [Wish(kind="back", picture=shown)]
            if shown
            else [Wish(kind="edited", text=str(undone["prompt"]))]
            if undone
            else None
        )
    if not _TAKE_OUT.fullmatch(words):
        return None
    asked = str(artifact.get("phrase") or "") if name == "explain_change" else ""
    if asked and phrases.holds(_prompt(seen), asked):
        return [Wish(kind="remove", text=asked)]
    return [Wish(kind="undo")] if seen.just_added and name == "generate_picture" else None


# A picture


def _that_one(seen: Seen, rest: str) -> list[Wish]:
    """ "go back to that one": the picture that was named last.

    Raises:
        Stuck: none was; asks.
    """
    if not seen.pictures:
        raise Stuck("There is no picture yet. Tell me first what you would like to see.")
    if not seen.picture_named or seen.picture_named == seen.picture:
        here = f"We are at {seen.picture}. " if seen.picture else ""
        raise Stuck(f'{here}Which one do you mean? Say "back to picture 1", for example.')
    return [Wish(kind="back", picture=seen.picture_named), *more(rest)]


# What other wishes leave open


def settled(wishes: Sequence[Wish], seen: Seen) -> list[Wish]:
    """The wishes with what only the conversation can tell filled in.

    Raises:
        Stuck: it does not tell either; asks.
    """
    told = [wish for wish in wishes if len(wishes) == 1 or not (wish.kind == "unlock" and not seen.locks)]
    return [one for wish in told for one in (_undone(wish, seen) if wish.kind == "undo" else [_settled(wish, seen)])]


def _settled(wish: Wish, seen: Seen) -> Wish:
    if wish.kind == "unlock":
        _let_go(wish, seen)
        return dataclasses.replace(wish, parts=tuple(own for part in wish.parts for own in _unlocked(part, seen)))
    if wish.kind in ("taste", "unknown") and (kept := _remembered(wish, seen)):
        return kept
    if wish.kind == "check" and wish.text and _GONE.search(seen.words) and not phrases.holds(_prompt(seen), wish.text):
        return Wish(kind="why", text=f"remove {wish.text}")  # not in the picture, because not in the prompt any more
    return wish


def _let_go(wish: Wish, seen: Seen) -> None:
    """ "let the boat go" frees what is locked; where nothing of it is, it may ask for its removal.

    Raises:
        Stuck: says how to ask for that.
    """
    match = _LET_GO.fullmatch(seen.words)
    if match and phrases.holds(_prompt(seen), match["thing"]) and not locks.meant(seen.locks, match["thing"]):
        raise Stuck(
            f'“{match["thing"]}” is not locked. Say "remove the {match["thing"]}" to take it out of the picture.'
        )


def _remembered(wish: Wish, seen: Seen) -> Wish | None:
    """ "remember the boat" of a prompt that holds it: that it stays in this picture, and nothing for the taste card."""
    said = wish.text.lower().removeprefix("remember ")
    match = _REMEMBERED.fullmatch(said) if f"remember {said}" in seen.words.lower() else None
    return Wish(kind="lock", parts=(match["thing"],)) if match and locks.find(_prompt(seen), match["thing"]) else None


def _undone(wish: Wish, seen: Seen) -> list[Wish]:
    """ "undo the neon": the newest change, where it is about that; else that change alone, turned around.

    Raises:
        Stuck: no change on the way here is about it.
    """
    if not wish.text:
        return [wish]
    prompt, newest = _prompt(seen), seen.draft == max(seen.drafts, default=None)  # they did not go elsewhere since
    at = seen.drafts.get(seen.draft) if seen.draft is not None else None
    while at is not None:
        before = seen.drafts.get(int(at["parent"])) if at.get("parent") is not None else None
        changes = at.get("changes", [])
        told = [str(change["phrase"]) for change in changes] + [str(change.get("was") or "") for change in changes]
        kept_out = [
            own
            for own in phrases.split(str(at["negative_prompt"]))
            if before and not phrases.holds(str(before["negative_prompt"]), own)
        ]
        if (changes or kept_out) and any(
            _speaks_of(text, wish.text) for text in [*told, *kept_out, str(at.get("request", ""))]
        ):
            alone = _alone(at, wish.text)
            if newest and len(alone) == len(changes) and not _branched(at):
                return [dataclasses.replace(wish, text="")]
            kept_out = kept_out if len(alone) == len(changes) else [p for p in kept_out if _speaks_of(p, wish.text)]
            return [
                *_turned(alone, prompt, wish.text, bool(kept_out)),
                *(Wish(kind="allow", text=own) for own in kept_out),
            ]
        newest = newest and not (changes or kept_out)
        at = before
    raise Stuck(
        f'No change on the way here is about {telling.quoted(wish.text)}. Say "undo" for the last one, or "show the tree".'
    )


def _alone(draft: dict[str, Any], said: str) -> list[dict[str, Any]]:
    """The changes of a draft that are taken back with the words: all, without what the person asked for besides."""
    about = [change for change in draft["changes"] if _is_about(change, said)]
    if not about:
        return list(draft["changes"])
    asked, along = str(draft.get("request", "")), came_for(about, draft["changes"])
    return [
        change
        for change in draft["changes"]
        if change in about
        or change in along
        or (change["kind"] != "added" and attribution.source(str(change["phrase"]), asked, cited=False) != "person")
    ]


def _is_about(change: dict[str, Any], said: str) -> bool:
    return _speaks_of(str(change["phrase"]), said) or _speaks_of(str(change.get("was") or ""), said)


def _branched(draft: dict[str, Any]) -> bool:
    """Whether its message went to another picture first: a plain undo leads to where the person was, and not to that picture."""
    return any(wish.kind == "back" for wish in read(str(draft.get("request", "")), has_draft=True))


def _speaks_of(text: str, said: str) -> bool:
    """Whether a text holds the words, or one that grew from them: "snowy" for the snow, "foggy" for the fog."""
    word = phrases.words(said)[-1] if phrases.words(said) else ""
    grown = len(word) >= 4 and any(own.startswith(word) for own in phrases.words(text))
    return phrases.holds(text, said) or grown or (bool(word) and any(True for _ in taking.spots(text, word)))


def _turned(changes: Sequence[dict[str, Any]], prompt: str, said: str, besides: bool) -> list[Wish]:
    """Changes of an earlier draft, each turned around, as far as the prompt still shows them."""
    told: list[Wish] = []
    for change in changes:
        phrase, was = str(change["phrase"]), str(change.get("was") or "")
        if change["kind"] == "removed" and not phrases.holds(prompt, phrase):
            told.append(Wish(kind="add", text=phrase))
        elif change["kind"] != "removed" and phrases.holds(prompt, phrase):
            told.append(Wish(kind="replace", was=phrase, text=was) if was else Wish(kind="remove", text=phrase))
    if not told and not besides:
        raise Stuck(f"The change of {telling.quoted(said)} is gone already. The prompt is: {prompt}")
    return told


def _unlocked(part: str, seen: Seen) -> list[str]:
    """The locks that "it", "them", "both" or "the last one" mean."""
    own, spoken = list(seen.locks), list(seen.locks_spoken_of)
    if part in ("first", "last"):
        return own[:1] if part == "first" else own[-1:]
    if part not in ("it", "them", "both") or not own:
        return [part]
    if part == "both":
        if len(spoken) == 2 or len(own) == 2:
            return spoken if len(spoken) == 2 else own
    elif len(own) == 1:
        return own
    elif part == "them":
        return spoken or own
    elif len(spoken) == 1:
        return spoken
    raise Stuck(f"{telling.WHICH_LOCK} {reporting.locks(own, _prompt(seen))}")


def _of_that_sort(sort: str, prompt: str) -> list[Wish] | None:
    """ "a red one": what the picture shows, in red; "a nicer one": another try. None where it is no sort of it."""
    said = set(sort.split())
    if said & _OTHER_TRY:
        return [Wish(kind="again")] if len(said) == 1 else None
    subject = subject_of(prompt)
    if not subject or said & _NO_SORT or vocabulary.style_of(sort) or phrases.holds(prompt, f"{sort} {subject}"):
        return None
    if vocabulary.is_subject(sort):  # "a dog one"
        return [Wish(kind="again") if sort == subject else Wish(kind="subject", text=sort)]
    return [Wish(kind="replace", was=subject, text=f"{sort} {subject}", how="of that sort")]


def _list_of_locks(words: str, seen: Seen) -> list[Wish] | None:
    """ "lock neon, at night and castle": where the prompt holds them all, all are to be locked."""
    match = _LOCKS.fullmatch(words)
    if match is None:
        return None
    parts = [part.strip(" '\"") for part in re.split(r",|\band\b|&", match["list"]) if part.strip()]
    prompt = _prompt(seen)
    known = locks.meant(seen.locks, match["list"]) if match["un"] else locks.find(prompt, match["list"])
    if (
        len(parts) < 2
        or any(locking.OTHER_WISH.match(part.lower()) for part in parts)
        or (known and phrases.holds(prompt, match["list"]))
    ):
        return None
    if not all(locks.meant(seen.locks, part) if match["un"] else locks.find(prompt, part) for part in parts):
        return None
    return [Wish(kind="unlock" if match["un"] else "lock", parts=tuple(parts))]


def _prompt(seen: Seen) -> str:
    draft = seen.drafts.get(seen.draft) if seen.draft is not None else None
    return str(draft["prompt"]) if draft else ""
