"""What a message points to in a list of examples: "the second one", "draw both", "the one with the dragon" → wishes. Pure.

Right after a list, such words mean an example; where none is at hand, the picture that bears the number, or a question.
"""

import dataclasses
import re

from agent import telling
from agent.playing import Seen, Stuck
from agent.wishes import read
from agent.wording import Wish
from tools.backends import phrases

MOST_DRAWN = 4  # examples of one message
_LISTS = ("search_prompts", "find_similar_pictures", "list_favourites")

END = r"(?:[,.! ]*(?:please|pls|plz|thanks|thank you|then|now|mate|:\)))*[.! ]*"
_DRAW = r"(?:draw|paint|sketch|render|generate|create|make(?: me)?|do|try|show me|give me)"
_TAKE = r"(?:use|take|pick|choose|select|go with|go for|let'?s (?:use|take|go with|do|try|see|have)|i(?:'d| would|'?ll| will)? (?:like|love|want|prefer|choose|pick|take|have|use|go with)|start (?:from|with)|have|open)"
LEAD = r"(?:(?:please|ok(?:ay)?|and|now|then|so|yes|yeah|great|cool|nice|can you|could you|would you|can i (?:have|see|get)|(?:what|how) about|i want you to|just|also|hm+|o+h+|wow|a+h+)[, ]+)*"
_COUNTED = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_NTH = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d+(?:st|nd|rd|th))"
_NOUN = r"(?:example|prompt|result|match|hit|entry|suggestion|option|favou?rite)"
_WHICH = (
    rf"(?:(?:the |my |your |that )?(?:(?P<nth>{_NTH})(?: (?:one|1|{_NOUN}))?|(?:{_NOUN}|number|no\.?|nr\.?) ?#?(?P<n>{_COUNTED})|#(?P<hash>\d{{1,2}})|(?P<bare>\d{{1,2}}))"
    rf"(?: (?:of (?:them|those|these|the list|the (?:{_NOUN}|one)s)|from (?:the|that) list|there))*)"
)
_POINT = re.compile(
    rf"{LEAD}(?:(?P<draw>{_DRAW}) |(?P<take>{_TAKE}) )?(?P<which>{_WHICH})"
    r"(?P<rest>(?:\s*[,;.!].*|\s+(?:but|and|with|at|in|on|as|without|please|then|now|instead|for me)\b.*)?)",
    re.IGNORECASE | re.DOTALL,
)
_MADE = re.compile(
    rf"{LEAD}(?:make|turn|render|draw|paint) (?P<which>{_WHICH}) (?:look |into )?(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_FINE = r"(?:(?:really|so|very|quite|pretty|just|the) )*(?:great|good|nice|nicest|best|better|lovely|perfect|cool|coolest|beautiful|interesting|amazing|promising|fun|funny|awesome|fine|right)"
_PRAISED = re.compile(
    rf"{LEAD}(?P<which>{_WHICH})(?:'s| is| looks?| sounds?| seems?) {_FINE}(?P<draw>[,.!;]* (?:(?:and|so|please|let'?s|can you|could you|then) )*(?:draw|use|take|paint|render|do|try|go with|make) (?:it|that|this|that one|this one))?{END}",
    re.IGNORECASE,
)
_KEPT = re.compile(rf"{LEAD}(?:save|keep|bookmark|star|rate|check) (?P<which>{_WHICH}){END}", re.IGNORECASE)
_NEXT = re.compile(
    rf"{LEAD}(?:(?:{_DRAW}|{_TAKE}) )?(?:the next(?: (?:one|example|prompt))?|next(?: one| example)?|the one after(?: that)?)(?: of (?:them|those|the list))?{END}",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"{LEAD}(?:(?:show|give|tell|read|list|see|repeat|what (?:were|was|are)|let me see|can i see|go) )?(?:me )?(?:back to )?(?:the |that |those |your )(?:list|examples|results|suggestions|matches)(?: (?:again|once more|you (?:found|showed(?: me)?)))*{END}",
    re.IGNORECASE,
)
_OFF = re.compile(
    rf"{LEAD}(?:remove|delete|unsave|drop|forget|take out|throw out) (?P<which>{_WHICH})(?: again)?{END}",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"{LEAD}(?:(?:{_DRAW}|{_TAKE}) )?(?:me )?(?:(?P<all>(?:them all|all(?: of (?:them|those|these))?|all (?:the )?(?:{_COUNTED} )?(?:examples|prompts|results|of them)|every one(?: of them)?|each(?: of them)?))|(?P<both>both(?: of (?:them|those))?)"
    rf"|(?:the )?first (?P<first>two|three|four|2|3|4)(?: (?:examples|prompts|ones|of them))?|(?:the |example |number )?(?P<list>(?:{_NTH}|\d{{1,2}})(?: (?:one|example))?(?:(?:,| and|, and| &) (?:the |example |number )?(?:{_NTH}|\d{{1,2}})(?: (?:one|example))?)+)(?: examples?| ones?)?){END}",
    re.IGNORECASE,
)
_SHOWING = re.compile(
    rf"{LEAD}(?:(?P<verb>{_DRAW}|{_TAKE}) )?(?:the |that )(?:(?:one|example|prompt) (?:with|of|that (?:has|shows|says)|showing|about|where|in|at|on|by|near|under) (?:an? |the |some )?(?P<of>[\w' -]{{2,40}}?)|(?P<kind>[\w'-]+(?: [\w'-]+)?) (?:one|example))(?: (?:there's|there is|you (?:are|see))\b.*)?{END}",
    re.IGNORECASE,
)


def at_list(seen: Seen) -> bool:
    """Whether the turn before showed a list."""
    return seen.listed.at_hand and seen.offered is not None and seen.offered[0] in _LISTS


def number_in(words: str) -> str:
    """Which one of a list a message names and says nothing else of; empty where it does not."""
    match = _POINT.fullmatch(words.rstrip("?! "))
    return _number(match) if match and not match["rest"].strip(" .!") else ""


def of_the_list(words: str, seen: Seen) -> list[Wish] | None:
    """An example that the words point to; or, where no list was ever shown, a picture that they would have drawn."""
    held, words = seen.listed, words.rstrip("?! ")
    if held.at_hand:
        if several := _SEVERAL.fullmatch(words):
            return _several(several, len(held.matches))
        if (match := _OFF.fullmatch(words)) and (held.favourites or not _drawn(match, seen)):
            if held.favourites:
                return [Wish(kind="forget", text=_number(match))]
            raise Stuck("That is an example of the library, and stays there. Only your own favourites can be removed.")
    if held.at_hand and _NEXT.fullmatch(words):
        if held.last >= len(held.matches):
            raise Stuck(f"Example {held.last} was the last of them. Ask for other examples, or draw an earlier one.")
        return [Wish(kind="use", text=str(held.last + 1))]
    if held.asked and _AGAIN.fullmatch(words) and not at_list(seen):
        raise Stuck(telling.listing(held.matches, held.label))
    if (match := _POINT.fullmatch(words)) and _points(match):
        return _pointed(match, seen)
    if held.at_hand and (match := _MADE.fullmatch(words)) and _points(match) and not _drawn(match, seen):
        return [Wish(kind="use", text=_number(match)), *more(f"make it {match['rest']}")]
    if held.at_hand and (match := _PRAISED.fullmatch(words)) and (match["draw"] or not held.drawn):
        return [Wish(kind="use", text=_number(match))]
    if held.at_hand and (match := _KEPT.fullmatch(words)) and not _drawn(match, seen):
        raise Stuck(
            f'That example is in the library already. Say "draw {match["which"].lower()}" to have a picture of it that can be saved.'
        )
    if held.at_hand and (match := _SHOWING.fullmatch(words)):
        return _showing(match, seen)
    if held.at_hand and re.fullmatch(rf"{LEAD}(?:{_DRAW}|{_TAKE}) (?:it|that|this|one)(?: one)?{END}", words, re.I):
        if len(held.matches) == 1:
            return [Wish(kind="use", text="1")]
        if at_list(seen):
            raise Stuck('Which of them? Say "draw the second one", for example.')
    return None


def _points(match: re.Match[str]) -> bool:
    """Whether the words point to one of several: "the second", "draw 2"; and not "first, make it darker" or "draw 3 castles"."""
    which, rest = match["which"].lower(), match["rest"].strip(" .!")
    verb = match.re is _MADE or match["draw"] or match["take"]
    if re.search(rf"(?:\b(?:one|{_NOUN})|#\d+)(?: .*)?$", which) or re.match(r"(?:number|n[or]\.?) ", which):
        return True
    if match.re is _MADE:
        return False
    return not rest or bool(verb or re.match(r"(?:the|that|my|your) ", which))


def _pointed(match: re.Match[str], seen: Seen) -> list[Wish] | None:
    """ "draw the second one": of the list that they look at, or that they name; else the picture, where it is one."""
    held = seen.listed
    says_so = re.search(rf"\b{_NOUN}s?\b", match["which"], re.IGNORECASE) is not None
    if re.search(r"\b(?:again|once more|back)\b", match["rest"], re.IGNORECASE):
        return None
    number = telling.ordinal(_number(match))
    if held.at_hand and not says_so and not match["draw"] and match["nth"] and number <= len(held.drawn) > 1:
        return [Wish(kind="back", picture=held.drawn[number - 1 if number > 0 else -1]), *more(match["rest"])]
    if held.at_hand or (held.matches and (says_so or (match["draw"] and held.asked and match["nth"]))):
        return [Wish(kind="use", text=_number(match)), *more(match["rest"])]
    if not match["nth"] or says_so:
        return None
    if _drawn(match, seen):  # "use the second one" is a picture, and other ears hear it
        return [Wish(kind="back", picture=match["which"].lower()), *more(match["rest"])] if match["draw"] else None
    if held.asked:
        return [Wish(kind="use", text=_number(match)), *more(match["rest"])]
    raise Stuck(
        f"Which one do you mean? There is no {match['nth'].lower()} picture here"
        + (", and no list of examples." if not held.matches else ".")
        + ' Say "find castles" for examples, or describe what to draw.'
    )


def _drawn(match: re.Match[str], seen: Seen) -> bool:
    """Whether the words could mean a picture that was drawn here."""
    number = telling.ordinal(_number(match))
    return bool(seen.pictures) if number == -1 else 1 <= number <= len(seen.pictures)


def _number(match: re.Match[str] | str) -> str:
    """How `use` wants to hear it: "3" for "three", ordinals as they are."""
    said = match if isinstance(match, str) else match["nth"] or match["n"] or match["hash"] or match["bare"]
    names = "one two three four five six seven eight nine ten".split()
    return str(names.index(said.lower()) + 1) if said.lower() in names else said.lower()


def _several(match: re.Match[str], have: int) -> list[Wish]:
    if match["all"]:
        numbers = list(range(1, have + 1))
    elif match["both"]:
        numbers = [1, 2]
    elif match["first"]:
        numbers = list(range(1, telling.ordinal(_number(match["first"])) + 1))
    else:
        said = re.findall(rf"{_NTH}|\d{{1,2}}", match["list"].lower())
        numbers = [have if (number := telling.ordinal(one)) == -1 else number for one in said]
    return [Wish(kind="use", text=str(number), count=len(numbers)) for number in numbers[:MOST_DRAWN]]


def _showing(match: re.Match[str], seen: Seen) -> list[Wish] | None:
    """ "the one with the dragon": the example that says so, where only one does.

    Raises:
        Stuck: several do; or none, though the words are of one that does.
    """
    said = re.sub(r"^(?:an?|the|some) ", "", (match["of"] or match["kind"]).strip().lower())
    asked = match["verb"] is not None  # to be drawn, in so many words
    if not asked and any(phrases.holds(str(draft["prompt"]), said) for draft in seen.drafts.values()):
        return None  # one of their own pictures
    held = [n for n, match in enumerate(seen.listed.matches, 1) if phrases.holds(str(match["example"]["prompt"]), said)]
    if len(held) == 1:
        return [Wish(kind="use", text=str(held[0]))]
    if len(held) > 1:
        numbers = telling.listed([str(number) for number in held], "or")
        raise Stuck(
            f"Examples {telling.listed([str(n) for n in held])} say {telling.quoted(said)}. Which one: {numbers}?"
        )
    if (
        match["of"]
        and at_list(seen)
        and not re.search(r"\b(?:picture \d+|left|right|top|bottom|middle|end|list)$", said)
    ):
        raise Stuck(
            f'None of them says {telling.quoted(said)}. Say "draw the second one" and what to change, or "find" and what you look for.'
        )
    return None


def more(rest: str) -> list[Wish]:
    """What is wished of an example besides drawing it: "but at night"."""
    rest = re.sub(r"^(?:[,;.! ]|(?:but|and|then|now|please|instead|thanks|for me)\b)+", "", rest).strip(" .!")
    if not rest:
        return []
    return [
        dataclasses.replace(wish, kind="add") if wish.kind == "idea" else wish
        for wish in read(rest, has_draft=True)
        if wish.kind not in ("thanks", "yes", "hello", "render", "stay")
    ]
