"""A person's words → what they wish for, as a list of small records. Pure: no model, no library, no randomness.

Reads ordinary English with a few typos, several wishes in a message. What it cannot read comes back as `unknown`, never
as a guess that would cost the person a picture.
"""

import re
from dataclasses import replace
from functools import lru_cache

from agent import (
    beginning,
    chatter,
    contrasting,
    declining,
    examining,
    halving,
    judging,
    locking,
    prompting,
    referring,
    sweeping,
    unframing,
)
from agent.attached import with_picture
from agent.changing import become, edit, is_framing, kind_of, painted
from agent.commanding import history, keeping, looking, settings, talk
from agent.ideas import idea
from agent.mending import mend
from agent.paraphrasing import PADDING, POLITE, POLITE_END, plainly, said_otherwise, unpolite
from agent.wording import COMMANDS, COUNT, EDITS, PREPOSITION, Wish, noun

LONGEST = 600  # characters; a longer message describes a picture, and is not searched for several wishes
MOST_PARTS = 30
_SAME = re.compile(
    r"(?:(?:draw|do|make|show me|give me|i want|i'd like|please|now|just|ok(?:ay)?|and|can you (?:do|make|draw)|keep|use)[, ]+)*(?:exactly )?(?:the )?(?:exact )?same\b"
    r"(?! (?:seed|as|style)\b)(?: (?!(?:but|except|only|just|in|on|at|with|without|by|under|now|again)\b)\w+)?,?(?: (?:but|except|only|just|this time|again|now),?)*[, ]+(?=\S)",
    re.IGNORECASE,
)
# Each hears one kind of wish; the first that understands a piece of the message decides. Files before favourites, because
# "save the conversation" is no picture; what is locked before favourites, because "keep the cat" is none either.
_RULES = (
    talk, prompting.prompt_first, settings, sweeping.sweeping, judging.export, judging.taste, locking.locking, referring.undo, referring.tree,
    prompting.render, examining.weigh, examining.mend, examining.foresee, referring.searched, judging.rate, referring.again, history,
    referring.borrowing, referring.back, keeping, examining.check, looking,
)  # fmt: skip
_YES = re.compile(
    r"(?:oh |hm+,? )?(?:yes|yeah|yep|yup|sure|ok(?:ay)?)[,.! ]+(?:please|pls|thanks|do (?:it|that)|of course)[.! ]*"
)
# "do the castle again but in winter": that picture, or this one where it shows a castle
_ONCE_MORE = re.compile(
    r"(?:do|make|draw|paint|show|render|try|redo|repeat)(?: me)? (?:it|this|that|this one|the (?:picture|image|same)|(?P<of>(?:the|that|my) [\w-]+(?: [\w-]+)?))(?: (?:again|once more|one more time|over)),? (?:(?:but|and|only|just|except|this time|now),? )*(?P<rest>\S.{1,80})",
    re.IGNORECASE,
)
# "the same style, but a dog", "a dog in this style": the style stays, and the picture shows something else
_SAME_STYLE = re.compile(
    r"(?:(?:in|with|keep|use) )?(?:exactly )?(?:the )?same (?:style|look)(?:, ?| )(?:but |and |only |just |now |for )*(?:with |draw |make it |show |paint )?(?P<after>\S.*)"
    r"|(?:now |and |but |please )?(?:draw |make |paint |show me |do |give me )?(?P<before>(?:an?|two|three|some) \S.*?),? (?:but )?(?:in|with) (?:exactly )?(?:the same|this|that) (?:style|look)",
    re.IGNORECASE,
)


def read(words: str, *, has_draft: bool = False, attached: int = 0) -> list[Wish]:
    """What the person wishes for, in the order said.

    Args:
        words: The message as it was typed.
        has_draft: Whether the conversation has a prompt that could be changed.
        attached: How many pictures came with the message.
    """
    if not attached and (hand := prompting.by_hand(words)):
        edited, after = hand
        return [edited, *(read(after, has_draft=has_draft) if after else ())]
    if begun := beginning.heard(_tidy(words), attached=attached):
        return _begun(*begun, has_draft)
    text = unframing.in_one_tense(_tidy(words)) if has_draft else _tidy(words)
    if attached:
        return with_picture(text)
    if not text:
        return [Wish(kind="unknown")]
    if len(text) > LONGEST or len(re.findall(r"[,;.!?]", text)) > MOST_PARTS:
        return [idea(text, text.lower(), has_draft)]
    if has_draft and declining.foreign(text):
        return [Wish(kind="unknown", text=text)]
    if has_draft and (rest := chatter.given_up(text)) and (new := read(rest))[0].kind == "idea":
        return new
    if has_draft and declining.several(unpolite(text).lower()):
        return [Wish(kind="unknown", text=text)]
    if has_draft and (two := sweeping.two_pictures(text)):
        one = read(two[0], has_draft=True)
        if any(wish.kind in EDITS for wish in one):
            return [*one, Wish(kind="unknown", text=two[1])]
    if has_draft and (whole := _about_the_whole(text)):
        return whole
    wishes: list[Wish] = []
    for wish in (wish for piece in _pieces(text, has_draft) for wish in _of_piece(piece, has_draft)):
        last = wishes[-1] if wishes else None
        if last and last.kind == "idea" and wish.kind == "idea":
            wishes[-1] = Wish(kind="idea", text=f"{last.text}, {wish.text}", count=last.count)
        elif wish != last and (wish.kind not in ("thanks", "hello", "yes") or not wishes):
            wishes.append(wish)
    if any(wish.kind in EDITS for wish in wishes):  # "the orange is nice but the sea should be green"
        wishes = [wish for wish in wishes if wish.kind != "unknown" or not chatter.FINE.fullmatch(wish.text)]
    wishes = [
        wish
        for wish, after in zip(wishes, [*wishes[1:], None], strict=True)
        if not (wish.kind == "less" and after and after.kind in EDITS and chatter.says_why(wish.text, after.text))
    ]  # "it's a bit boring, make it livelier": the complaint says why
    if len(wishes) > 1 and wishes[0].kind in ("thanks", "hello", "yes"):
        wishes = wishes[1:]
    if wishes[0].kind == "unknown" and declining.unfit(wishes[0].text) and any(w.kind in EDITS for w in wishes):
        return [Wish(kind="unknown", text=text)]  # it names a picture, and what follows may be wished for that one
    if [wish.kind for wish in wishes[:2]] == ["undo", "idea"]:
        wishes = wishes[1:]  # "scrap that, draw an owl": a new idea leaves everything behind anyway
    return judging.one_verdict(wishes)


def _begun(start: Wish, rest: str, has_draft: bool) -> list[Wish]:
    """A picture to begin with, and what is wished of it; without a prompt, one is looked for that likely made it."""
    told = read(rest, has_draft=True) if rest else []
    if any(wish.kind == "idea" for wish in told):
        return [start, *read(rest, has_draft=has_draft)]
    noise = start.picture == beginning.NOISE
    if noise and not has_draft:
        return [start, *(read(rest) if rest else [Wish(kind="render")])]
    if not has_draft:
        return [start, Wish(kind="describe", picture=start.picture or "attached", text=rest, count=2)]
    own = start.picture if start.picture != "attached" and not noise else ""
    if not told:
        return [start, Wish(kind="render", picture=own)]
    return [start, *([Wish(kind="back", picture=own)] if own else []), *told]


def _of_piece(piece: str, has_draft: bool) -> list[Wish]:
    """The wish in a piece, and the picture that it is for where the piece names one: "save it and make the first one darker"."""
    wish = _one(piece, has_draft)
    if has_draft and wish.kind in EDITS and (other := referring.other_picture(unpolite(piece).rstrip("?.! "))):
        rest = _one(other[1], True)
        if rest.kind in EDITS and other[0].picture:
            return [other[0], rest]
    return [wish]


def _about_the_whole(text: str) -> list[Wish] | None:
    """What is said of everything that follows: "the same, but …", "in the second one, …", "more like 2 and less like 3"."""
    if wish := referring.blending(mend(text.lower()).rstrip("?.! "), text) or sweeping.kept_alone(text):
        return [wish]
    if another := sweeping.like_another(text):
        ref, more = another
        named = read(f"back to {ref}", has_draft=True) if ref else []
        return [*named, *_become_of_it(more)] if more else named
    if once_more := sweeping.same_but(text):
        told = _become_of_it(once_more[1])
        if any(wish.kind == "back" for wish in told):  # "the same for picture 2 and picture 3"
            told = [Wish(kind="unknown", text=once_more[1], how=declining.NEXT)]
        return [once_more[0], *told]
    if whole := contrasting.contrast(text) or contrasting.all_but(text) or contrasting.mixture(text):
        return whole
    if _one(text, True).kind in COMMANDS:
        return None  # "take the colours from the neon one" is one wish
    if begun := _SAME.match(text):
        return _become_of_it(text[begun.end() :])
    if like := _SAME_STYLE.fullmatch(text.rstrip(".!")):
        other = like["after"] or like["before"]
        if kind_of(other.lower()) != "style":  # "the same style, but watercolor" contradicts itself
            return [become(w.text, w.text) if w.kind in ("idea", "replace") else w for w in read(other, has_draft=True)]
    if match := _ONCE_MORE.fullmatch(unpolite(text).rstrip("?.! ")):
        wishes = [become(w.text, w.text) if w.kind == "idea" else w for w in read(match["rest"], has_draft=True)]
        said = (match["of"] or "").lower()
        if wishes and all(wish.kind in EDITS for wish in wishes):
            return [Wish(kind="back", picture=said, how="as named"), *wishes] if said else wishes
    bare = re.sub(
        r"^(?:make|do|draw|render|paint|redo|show me|give me) (?=(?:the|that|my|picture|pic|#|number)\b.{1,40}?,? (?:but|only|except|just)\b)",
        "",
        unpolite(text),
    )
    if other := referring.other_picture(re.sub(r"^(.*)\?+$", r"\1", bare)):
        there, rest = other
        wishes = [become(w.text, w.text) if w.kind == "idea" else w for w in read(rest, has_draft=True)]
        if all(wish.kind not in ("unknown", "hello", "thanks") for wish in wishes):
            return [there, *wishes] if there.picture else wishes
    return None


def _become_of_it(rest: str) -> list[Wish]:
    """What is said of a picture that is there: "a dog" makes it one, and is no idea of its own."""
    told = read(rest, has_draft=True)
    return [become(wish.text, wish.text) if wish.kind == "idea" else wish for wish in told]


def _tidy(words: str) -> str:
    text = words.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return chatter.without(PADDING.sub("", " ".join(text.split())))


def _pieces(text: str, has_draft: bool) -> list[str]:
    """The message cut where a new wish begins; an idea keeps its own commas."""
    cuts = chatter.cut(
        r"(\s*[;\n]\s*|[.!?]+\s+|,?\s+(?:and|but) then\s+|,?\s+(?:then|but)\s+|,\s+and\s+|,\s+|(?<!black)\s+and\s+(?:also\s+)?|\s+and\s+(?!white)(?:also\s+)?|(?<!black)(?<!\bb)\s+&\s+)",
        text,
    )
    while len(cuts) > 2 and chatter.EMPTY.fullmatch(cuts[0]):  # "actually, replace the dog": a wish begins behind it
        cuts[:3] = [f"and {cuts[2]}" if re.fullmatch(r"\s+and\s+", cuts[1]) else cuts[2]]
    pieces = [cuts[0]]
    for separator, piece in zip(cuts[1::2], cuts[2::2], strict=True):
        if not piece.strip() or chatter.COURTESY.fullmatch(piece):
            continue
        before, now = _one(pieces[-1], has_draft), _one(piece, has_draft)
        if before.kind != "idea" and chatter.EMPTY.fullmatch(piece):
            continue
        hard = bool(re.search(r"[.;!?\n]|then|but", separator))
        if before.kind in ("lock", "unlock") and not hard and locking.goes_on(piece, pieces[-1], separator):
            pieces[-1] += f"{separator}{piece}"
            continue
        if before.kind in ("save", "rate") and (meant := chatter.MEANT.fullmatch(piece.lower().strip())):
            if not before.picture:
                name = meant[1] if referring.reference(meant[1]) else f"{meant[1]} one"
                pieces[-1] = f"{_VERB_OF[before.kind, before.how]} {name}"
            continue
        if before.kind in ("save", "rate", "check", "mend") and (names := _more_pictures(piece, now)):
            pieces += [f"{_VERB_OF[before.kind, before.how]} {name}" for name in names]
            continue
        if before.kind in ("save", "rate", "check") and before.picture and chatter.BACK_TO_IT.fullmatch(piece.lower()):
            pieces.append(f"back to {before.picture}")
            continue
        if before.kind == "back" and not hard and (_names_it(piece) or chatter.BACK_TO_IT.fullmatch(piece.lower())):
            continue  # "back to where we started, the very first picture"
        if before.kind in ("remove", "less", "avoid", "missing") and chatter.WHY_SO.fullmatch(piece.lower()):
            continue
        if before.kind == "again" and (
            more := re.fullmatch(
                rf"\W*(?:(?:just|only|maybe|make it|do|give me) )*{COUNT}(?: (?:of them|times|more|this time|pictures|please|versions))*[.! ]*",
                piece.lower(),
            )
        ):
            pieces[-1] = f"{more['count']} more"
            continue
        if before.kind == "unlock" and len(before.parts) == 1 and (turned := sweeping.turned(piece, before.parts[0])):
            pieces.append(turned)  # "unlock the boat and turn it blue"
            continue
        if before.kind == "add" and (told := re.fullmatch(r"\W*(?:but |and )?an? ([\w-]+) one[.! ]*", piece.lower())):
            pieces[-1] = f"add a {told[1]} {noun(before.text)}"  # "give her a bow tie, a red one"
            continue
        if before.kind == "foresee" and chatter.ROUGHLY.fullmatch(piece.lower()):
            continue
        if before.kind == "remove" and re.fullmatch(
            r"\W*(?:so |please |just |now )*(?:remove|delete|drop|take|lose|lock|leave|get) (?:it|that|them|those)(?: out| away| off| of it)?(?: please)?[.! ]*",
            piece.lower(),
        ):
            continue  # said already: "I don't like the glow, remove it"
        if before.kind == "less" and re.fullmatch(
            r"\s*(?:so )?(?:please )?(?:tone|turn|dial|bring|cut|scale) (?:it|that|this) (?:down|back)\b.*",
            piece.lower(),
        ):
            continue  # said already: "the neon is too much"
        if before.kind in ("mend", "missing") and re.fullmatch(
            r"\W*(?:but |with |in |using )*(?:(?:at most|up to|max\w*|no more than|only|budget|within)\b.{0,30}|(?:\d{1,2}|one|two|three|four|five|six) (?:tries|attempts|renders|times|goes|pictures|rounds)(?: (?:at most|max\w*|tops|only))?)\W*",
            piece.lower(),
        ):
            pieces[-1] += f"{separator}{piece}"
            continue
        if (
            before.kind == "replace"
            and re.fullmatch(r"\s*(?:the )?\w+(?: \w+)? (?:to|into|with|for|by) \w.*", piece.lower())
            and now.kind in ("idea", "unknown", "more")
        ):
            pieces.append(f"change {piece.strip()}")
            continue
        if before.kind == "replace" and now.kind not in COMMANDS and painted(piece.lower()):
            pieces.append(f"make {piece.strip()}")
            continue
        if before.kind in ("avoid", "remove") and not hard and now.kind not in EDITS and is_framing(piece):
            pieces.append(f"make it {piece.strip()}")
            continue
        if (
            now.kind == "why"
            and not now.text
            and before.kind != "why"
            and re.fullmatch(r"\W*why(?: (?:that|so|though))?[?! ]*", piece.lower())
        ):
            pieces[-1] = f"why {pieces[-1]}"
            continue
        if before.kind == "more" and (meant := chatter.MEANT.fullmatch(piece.lower().strip(" ?"))):
            grown = re.search(r"(\w+er)\W*$", pieces[-1])
            pieces[-1] = f"make {meant[1]} {grown[1]}" if grown else pieces[-1]
            continue
        if before.kind in ("avoid", "remove") and (
            other := chatter.OTHER.fullmatch(f"{separator}{piece}") or chatter.INSTEAD.fullmatch(piece)
        ):
            pieces.append(f"add {other[1]} {chatter.IN_PLACE} {before.text}")
            continue
        if (
            before.kind == "why"
            and before.text
            and re.fullmatch(
                r"\s*(?:then |so |well,? |please )*(?:remove|delete|drop|take|lose) (?:it|that|them)(?: out| away| again)?(?: please)?[.! ]*",
                piece.lower(),
            )
        ):
            pieces.append(f"remove {before.text}")
            continue
        if re.search(r"\bi\b", pieces[-1].lower()) and re.fullmatch(
            r"\W*(?:please )?(?:(?:remember|note) (?:that|this|it)\b.*|keep (?:that|this|it) in mind\b.*)",
            piece.lower(),
        ):
            pieces[-1] += f"{separator}{piece}"
            continue
        if before.kind in ("idea", "search", "why", "unknown") or (
            before.kind not in EDITS and before.kind not in COMMANDS
        ):
            new = (
                now.kind in COMMANDS
                or now.kind in ("avoid", "thanks")
                or (hard and now.kind in EDITS)
                or before.kind in ("hello", "thanks", "stay")
            )
            new = new or (before.kind == "idea" and now.kind in ("more", "less"))
            new = new or (
                now.kind in EDITS
                and bool(
                    re.match(
                        r"\s*(?:make|turn|put|change|render|paint) (?:it|this|everything|him|her|them)\b", piece.lower()
                    )
                )
            )
            new = new or (hard and now.kind == "idea" and before.kind != "idea")
        elif before.kind in EDITS:
            if (
                before.kind == "avoid"
                and now.kind == "idea"
                and not has_draft
                and re.match(r"\s*(?:an?|the|two|three|some) ", piece.lower())
            ):
                pieces.append(piece)  # "without people, an empty street": the idea comes second
                continue
            listed = re.fullmatch(r"\s+(?:and|&)\s+", separator) and not re.match(
                r"(?:as|in|make|more|less|a|an|some|much|it|very|really)\b|\S+er$", piece.lower()
            )
            bare = now.kind in (
                ("place", "subject", "idea", "add", "unknown", "style", "more", "time")
                if listed
                else ("place", "subject", "idea", "add", "unknown")
            ) and not PREPOSITION.match(piece.lower().strip())
            if (
                bare
                and before.kind in ("avoid", "remove")
                and not (hard or is_framing(piece))
                and not re.match(
                    r"\s*(?:add|put|include|insert|with|make|turn|give|replace|change|no|draw|show)\b", piece.lower()
                )
            ):
                pieces.append(f"{'without' if before.kind == 'avoid' else before.kind} {piece}")
                continue
            # "red, green and blue" belongs together; a piece that is a wish by itself does not
            new = (
                now.kind in COMMANDS
                or now.kind in ("thanks", "stay")
                or (now.kind in EDITS and _stands_alone(piece, now))
                or (now.kind in EDITS and before.kind in ("avoid", "remove") and is_framing(piece))
            )
            if (
                before.kind == "add"
                and now.kind in ("idea", "subject")
                and re.search(r"\band\b|,", separator)
                and re.match(r"\s*(?:an?|some|two|three) \w", piece.lower())
            ):
                pieces.append(f"add {piece.strip()}")  # "add a knight, and a flag on the tower"
                continue
            if (
                before.kind in ("avoid", "remove", "add")
                and now.kind == "add"
                and not re.match(r"\s*(?:add|put|include|insert|with)\b", piece.lower())
                and (before.kind == "add" or not is_framing(piece))
            ):
                pieces.append(f"{'without' if before.kind == 'avoid' else before.kind} {piece}")
                continue
            new = new or (now.kind not in ("idea", "unknown") and before.kind in ("style", "time", "place"))
        else:
            new = True
        if new:
            pieces.append(piece)
        else:
            pieces[-1] += f"{separator}{piece}"
    return [
        part.strip()
        for piece in pieces
        if piece.strip()
        for part in (halving.tries_and_scene(piece.strip(), _one) if has_draft else [piece])
        for part in halving.scene_and_ban(part, _one)
    ]


def _with_marks(wish: Wish, typed: str) -> Wish:
    """The wish with the quotation marks of what a picture is to say: 'add a sign that says "open, now"'."""
    said = [own for own in re.findall(r'"([^"]{2,})"', typed) if own in wish.text and own != wish.text]
    return replace(wish, text=wish.text.replace(said[0], f'"{said[0]}"', 1)) if said else wish


_VERB_OF = {
    ("save", ""): "save",
    ("rate", "up"): "thumbs up for",
    ("rate", "down"): "thumbs down for",
    ("check", ""): "check",
    ("mend", ""): "mend",
}


def _names_it(piece: str) -> bool:
    """Whether a piece only says once more which picture was meant."""
    said = piece.lower().strip(" .!")
    return referring.reference(said) is not None and not re.match(r"(?:it|this|that)\b", said)


def _more_pictures(piece: str, now: Wish) -> list[str]:
    """The pictures that a piece after "save picture 1 and …" names, when it says nothing else."""
    if now.kind not in ("unknown", "idea", "back", "style", "again"):
        return []
    return referring.several_named(re.sub(r"^(?:also|then|the same for) ", "", piece.lower().strip(" .!?")), piece)


def _stands_alone(piece: str, wish: Wish) -> bool:
    return wish.kind not in ("add", "subject") or bool(
        re.match(r"\s*(?:also |and )?(?:add|put|include|with|give|make|turn)\b", unpolite(piece).lower())
    )


def _one(piece: str, has_draft: bool) -> Wish:
    """The wish in one piece of a message; what is asked for in a question does not end in its mark."""
    wish = _asked(piece, has_draft)
    if wish.kind in EDITS and wish.text.endswith("?"):
        wish = replace(wish, text=wish.text.rstrip("? "))
    return declining.ordered(wish, piece)


@lru_cache(maxsize=256)
def _asked(piece: str, has_draft: bool) -> Wish:
    if _YES.fullmatch(piece.strip().lower()):
        return Wish(kind="yes")
    piece = re.sub(r'^\s*"([^"]*)"\s*$', r"\1", piece)
    plain = POLITE.sub("", piece.strip(), count=1) if POLITE.match(piece.strip().lower()) is None else unpolite(piece)
    plain = re.sub(r"^(?:how|what) (?:about|'?bout) (?=\S)", "", plain, flags=re.IGNORECASE)
    asked = re.match(
        r"(?:(?:please|hey|hi|ok(?:ay)?|and|so|hm+|but|oh)[, ]+)*(?:(?:can|could|would|will|should|may|might) (?:you|u|we|i|it|this|there|the|she|he|they)\b|(?:(?:how|what) (?:about|if)|maybe|perhaps|(?:is|would) it (?:be )?(?:possible|ok|okay|alright|fine)|"
        r"(?:is there )?(?:any|a) (?:chance|way)|(?:do )?you think|i(?: was|'m)? wonder(?:ing)?|(?:are|would) you (?:be )?(?:able|willing|so))\b)",
        piece.strip().lower(),
    )
    plain = POLITE_END.sub("", plain).strip().rstrip(".!?" if asked else ".!").strip()
    typed, plain = (
        plain,
        re.sub(r"(?<!\w)(['\"])([^'\"]{2,}?)\1(?!\w)", r"\2", plain),
    )  # quotation marks around a phrase
    low = plainly(mend(plain.lower()), has_draft=has_draft)
    for rule in _RULES:
        if wish := rule(low, plain):
            return wish
    if has_draft:
        spoken = said_otherwise(low)
        if wish := edit(spoken, plain):
            return _with_marks(wish, typed)
    elif match := re.match(r"(?:without|with no|no|avoid) (?:any )?(.+)$", low):
        return Wish(kind="avoid", text=noun(match[1]))
    elif re.match(r"(?:make|turn|change) (?:it|this|that)\b|(?:more|less|add|remove|replace|swap|instead)\b", low):
        return edit(low, plain) or Wish(kind="unknown", text=plain)
    if has_draft and (same := _SAME.match(plain)) and (said := _one(plain[same.end() :], True)).kind in EDITS:
        return said  # "thumbs up! now the same in winter"
    wish = idea(plain, low, has_draft)
    if wish.kind == "idea" and typed != plain:  # a picture's own words keep their marks
        wish = idea(typed, mend(typed.lower()), has_draft)
    more = re.match(r"\s*(?:and |oh |ok(?:ay)? |please |maybe )*(?:also|plus)\b", piece.lower()) or re.search(
        r"\b(?:too|as well|wouldn't hurt|(?:would|could|might) be (?:nice|nicer|cool|great|lovely|good|fun|better|perfect|sweet))(?:,? (?:please|pls|plz|thanks?))?[.!? ]*$",
        piece.lower(),
    )
    if has_draft and more and wish.kind == "idea":
        return Wish(kind="add", text=wish.text)
    return wish
