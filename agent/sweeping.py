"""What people say of everything at once, of what was taken out, and of two pictures in one breath → wishes. Pure."""

import re

from agent.changing import painted
from agent.mending import mend
from agent.referring import reference
from agent.wording import ORDINAL, Wish, tail

SAME = "the same"  # what was said before, for another picture
OWN = "own words"
SEED = "seed of"  # of another picture
ALL = "all of them"  # everything that was taken out; THEM: what one change took out
THEM = "them"
_TAKE_OUT = r"(?:remove|delete|clear|erase|wipe|drop|kill|discard|scrap|trash|lose|cut|ditch|get rid of|throw (?:away|out)|take (?:away|out)|clean (?:out|away)|purge)"
_ALL = r"(?:everything|all(?: of (?:it|this|that|them))?|it all|the (?:whole|entire) (?:thing|picture|prompt|scene|image|lot)|all (?:the )?(?:words|phrases|parts|things))"
_REST = r"(?:everything else|every other thing|anything else|all else|all (?:of )?the (?:rest|others?)|the (?:rest|others?|other (?:things|parts|phrases|stuff)))"
_THING = r"(?:the|my|his|her|its|that|those|these|both) [\w' -]{2,40}"
_FAVOURITES = re.compile(
    rf"(?:{_TAKE_OUT}|empty|forget|unsave|un-?favou?rite)(?: out)? (?:(?:all|every one|each)(?: of)? )?(?:(?:the|my|our|these|those) )?(?:all )?(?:favou?rites|saved (?:pictures|ones|images)|favou?rite (?:pictures|ones|images))(?: list)?(?: (?:again|now|please|at once))*"
)
_EVERYTHING = re.compile(
    rf"{_TAKE_OUT} {_ALL}(?: (?:again|now|please|completely|from (?:it|the (?:picture|prompt|image))|in (?:it|the (?:picture|prompt|image))))*"
    r"|(?:clear|empty|wipe|reset|delete|erase|clean) (?:out )?(?:the |my |this )?(?:prompt|canvas|page|board|slate|everything)"
)
_OWN = re.compile(
    rf"(?:(?:use|keep|leave|with|i want|have|go back to) )?(?:only|just) my(?: own)? (?:words|ideas?|phrases|prompt|text)|my own (?:words|ideas?|phrases|text)(?: (?:only|alone))?|{_TAKE_OUT} (?:all )?(?:of )?your (?:own )?(?:ideas?|additions?|words|extras?|stuff|phrases)(?: (?:again|out))*"
    rf"|take (?:all )?your (?:own )?(?:ideas?|additions?|words|extras?|stuff|phrases) (?:out|away|off)(?: again)?|{_TAKE_OUT} (?:everything|all|whatever|what|all that|all the (?:phrases|words|things)|the (?:phrases|words|things)) (?:that )?you(?:'ve| have)? (?:added|put in|wrote|invented|made up)(?: (?:yourself|again|out|off))*"
    rf"|(?:take|get) (?:everything|all|whatever|all that) (?:out|off|away) (?:that )?you(?:'ve| have)? (?:added|put in|wrote|invented|made up)(?: yourself)?|take (?:everything|all|all the (?:phrases|words|things)|the (?:phrases|words|things)|whatever|what) (?:that )?you(?:'ve| have)? (?:added|put in|wrote|invented|made up) (?:out|off|away)(?: again)?"
    rf"|{_TAKE_OUT} (?:everything|all|whatever|what|anything|all that|(?:all )?(?:the |those )?(?:phrases|words|things)) (?:that )?i (?:didn't|did not|never|haven't) (?:ask(?:ed)? for|say|said|want(?:ed)?|mention(?:ed)?|order(?:ed)?|wr[io]te|type[d]?)"
)
_PICTURES = re.compile(
    rf"{_TAKE_OUT} (?:(?:all|every one|each)(?: of)? )?(?:(?:the|my|our|these|those|this) )?(?:(?:other|old|last|previous|whole) )?(?:pictures?|images|versions|renders|drafts|conversations?|chats?|threads?|history)(?: (?:but|except) .*| please| again)*"
)
_ALL_BUT = re.compile(
    rf"{_TAKE_OUT} (?:{_ALL}|{_REST}|anything) (?:in (?:it|the (?:picture|prompt)) )?(?:but|except(?: for)?|apart from|besides|other than|aside from|save for) (?P<what>.{{2,60}})"
    rf"|{_TAKE_OUT} (?:everything|anything|all|all that|whatever) (?:that |which )?(?:isn't|isnt|is not|aren't|are not|'s not) (?P<other>{_THING})|(?:strip|reduce|cut|pare|trim|boil|bring|narrow)(?: (?:it|this|everything|the (?:prompt|picture|scene|image)))?(?: all)?(?: back| down)* to (?:just |only |nothing but )?(?P<down>{_THING})|(?:make|let|have) (?:it|this)(?: be)? (?:just|only|nothing but) (?P<be>{_THING})|all (?:that )?i (?:want|need|would like|'d like)(?: to see)? is (?P<all>{_THING})"
    rf"|(?:i )?(?:only want|want only|keep only|only keep|keep just|just keep|leave only|leave just|show only|only show|only|just|nothing but|nothing (?:else )?(?:except|than)|i (?:just|only) want|have only|draw only)(?: to (?:see|have|keep))? (?P<just>{_THING})(?:,? (?:and )?nothing (?:else|more))?"
    rf"|(?:keep |leave )?(?P<alone>{_THING.replace('[', '[,')}),? (?:and |but )?nothing (?:else|more)|(?:keep|leave|show|draw) (?P<last>{_THING}) only"
)
_KEEP_AND_DROP = re.compile(
    rf"(?:keep|leave|preserve|hold on to|i (?:like|want|love)(?: to keep)?) (?:only |just )?(?P<what>.{{2,60}}?),? (?:(?:and|but|then|please|just) )*{_TAKE_OUT} (?:{_REST}|{_ALL})"
)
# What was taken out, whatever it was: "put back what you removed"
_WENT = r"(?:everything|all|whatever|what|all that|(?:all )?(?:the|those) (?:things|words|phrases|parts|stuff|ones)) (?:that |which )?(?:you|we|i)(?:'ve| have| just)* (?:removed|took (?:out|away)|taken (?:out|away)|dropped|deleted|cut(?: out)?|threw (?:out|away)|got rid of)|what (?:was|has been) (?:there|removed|taken out)(?: before)?"
_BACK_INTO = re.compile(
    r"(?:put|bring|get|place|set) (?P<what>(?:the|my|his|her|its) [\w' -]{2,40}?) back (?P<where>(?:on top of|next to|in front of|on|in|at|over|above|under|behind|near|by|beside|inside) (?!(?:the (?:picture|image|prompt|scene)|its (?:old )?place|my (?:prompt|picture))$)(?:the|his|her|its) [\w' -]{2,40})"
)
_APART = re.compile(
    r"(?:put|bring|get|add) (?:all )?(?:of )?(?:the|those) (?:things|words|phrases|parts|stuff|ones) back(?: in)? (?:that |which )?(?:you|we|i)(?:'ve| have| just)* (?:removed|took (?:out|away)|taken (?:out|away)|dropped|deleted|cut(?: out)?)"
)
_BACK = re.compile(
    r"(?P<verb>put|add|bring|get|give(?: me| us| it)?|i (?:want|need|miss|would like|'d like)|restore|return|reinstate|insert|include|can (?:we|i|you) (?:have|get|bring|put)|let's have|have) (?:back )?"
    r"(?P<what>.{2,50}?)(?: (?P<back>back|again|back again))(?: (?:in|into|to|there|here|please|it|its (?:old )?place|the (?:picture|prompt|image|scene)|where (?:it|they) (?:was|were|belongs?)))*"
    r"|(?P<verb2>put|add|bring|get) back(?: in)? (?P<what2>.{2,50}?)(?: (?:in|into it|there|please))*|(?P<verb3>restore|reinstate) (?P<what3>the .{2,50}|it|them|that|those|everything|all)|(?P<what4>the .{2,40}?) (?:should|must|has to|needs to|can|may) (?:come|be|go) back(?: in)?"
    r"|(?P<verb5>give|get|bring|i want|i need|i(?:'d| would) like|(?:can|could|may) (?:i|we) have|let me have|let's have|have)(?: me| us| it)? back (?P<what5>(?:the|my|his|her|its) .{2,50})"
    r"|i(?:'d| would)? (?:want|like|need|wish|love|prefer)(?: to have| to see)? (?P<what6>(?:the|my|his|her|its) [\w' -]{2,40}?) (?:(?:to )?(?:come|be|go|came|was|were|would come) )?back(?: (?:in|again))?|i(?: really| do)? miss (?P<what7>the [\w' -]{2,40})"
)
# How a picture of the conversation is named
_BY_NUMBER = r"(?:picture|pic|image|number) ?#?(?:\d+|one|two|three|four|five|six)|#\d+"
_BY_PLACE = rf"the (?:very )?(?:{ORDINAL}|[\w-]+) (?:one|picture|image|version)"
_LIKE = re.compile(
    rf"(?:(?:please|now|and|can you|could you|ok)[, ]+)*(?:(?:make|do|draw|render|have|paint|redo|turn|i want|i'd like) (?:it|this|that|one)(?: to)?(?: (?:look|be|feel))?|make it so it looks)(?: (?:just|exactly|a lot|much))? (?:like|the same as|similar to|as in) "
    rf"(?P<ref>(?:in )?(?:{_BY_PLACE}|the (?:{ORDINAL})|{_BY_NUMBER}))(?:,? (?:but |and |only |except |just |then )*(?P<rest>\S.*))?",
    re.IGNORECASE,
)
# "like the second one but at night": no thumbs up, because it says in which way this picture is to be like that one
_LIKE_BUT = re.compile(
    rf"(?:(?:please|now|and|ok)[, ]+)*(?:just |exactly |a lot |much )*(?:like|as in|same as|the same as|similar to) "
    rf"(?P<ref>(?:in )?(?:{_BY_PLACE}|the one before(?: (?:this|that|last))?|the (?:{ORDINAL})|{_BY_NUMBER}|(?:this|that|it)(?: one| picture)?))"
    r"(?:,(?: (?:but|and|only|except|just|then))*|(?: (?:but|only|except|just|though|with the difference that))+) (?P<rest>(?!(?:please|pls|thanks|thank you|too|ok)$)\S.*)",
    re.IGNORECASE,
)
_TWO = re.compile(
    rf"(?P<head>.{{3,200}}?)(?:,? and|,? but|,|;|\.)\s+(?P<other>(?:(?:also|then|now|please|make|turn|paint|render|draw|do|have) )*"
    rf"(?:the (?:very )?(?:{ORDINAL})(?: (?:one|picture|image|version))?|the other (?:one|picture)|{_BY_NUMBER}) "
    r"(?:look |be |into |even |much |a bit |a little |slightly |way )*(?:more|less|in|at|as|on|with|without|under|by|\w{2,}er|red|blue|green|black|white|pink|gold|golden|dark|bright|snowy|foggy|rainy|neon|cinematic|watercolou?r)\b.*)",
    re.IGNORECASE,
)


_REF = r"(?P<ref>(?:the (?:very )?(?:[\w-]+ )?[\w-]+ (?:one|picture|image|version)|the (?:first|second|third|fourth|fifth|last|original|other)|(?:picture|pic|image|number) ?#?\d+|#\d+))"
_SAME_FOR = re.compile(
    rf"(?:(?:(?:do|make|apply|try|use|give me|i want|repeat|can you do) )?(?:exactly )?(?:the same(?: thing| changes?| edits?)?|same(?: thing| changes?)?|that|this|it|those changes|that change)(?: again)? (?:for|to|with|on)|for) {_REF}(?: (?:too|as well|also|please|again))*"
)
_SEED_OF = re.compile(
    rf"(?:(?:use|take|try|with|render (?:it|this) with|same|the same|give me|again with|make it with) )*(?:the )?(?:same )?seed (?:of|from|as|like)(?: in| from)? {_REF}(?: (?:too|again|please|here))*"
)


_NO_THING = re.compile(
    r"\b(?:prompt|wording|seed|settings?|picture|version|one|image|locks?|to|in|on|look|style|colou?rs?)\b"
)


def _bare(said: str) -> str:
    return re.sub(r"^(?:the|my|his|her|its|that|those|some|a|an) ", "", said)


def sweeping(low: str, plain: str) -> Wish | None:
    """Wishes about all of a prompt, all favourites, or what was taken out of it before."""
    low = re.sub(r"[?.! ]+$", "", low)
    if _FAVOURITES.fullmatch(low):
        return Wish(kind="forget")
    if _EVERYTHING.fullmatch(low):
        return Wish(kind="fresh")
    if (match := _SAME_FOR.fullmatch(low)) and (named := reference(match["ref"])):
        return Wish(kind="back", picture=named, how=SAME)
    if (match := _SEED_OF.fullmatch(low)) and (named := reference(match["ref"])):
        return Wish(kind="again", picture=named, how=SEED)
    if _OWN.fullmatch(low):
        return Wish(kind="only", how=OWN, text=plain)
    if _PICTURES.fullmatch(low):
        return Wish(kind="unknown", text=plain)
    if (match := _ALL_BUT.fullmatch(low)) and not match["all"]:  # "all I want is the boat" may begin a picture
        return _only(next(part for part in match.groups() if part), low, plain)
    return _put_back(low)


def kept_alone(text: str) -> Wish | None:
    """ "keep the castle but remove everything else", which reads as two wishes and is one."""
    low = re.sub(r"^(?:(?:please|ok(?:ay)?|now|and|so)[, ]+)+", "", mend(text.lower())).rstrip(" .!?")
    low = re.sub(r"(?:,? (?:please|now|this time|thanks|for now))+$", "", low)
    match = _KEEP_AND_DROP.fullmatch(low) or _ALL_BUT.fullmatch(low)
    if match is None:
        return None
    return _only(next(part for part in match.groups() if part), low, text)


def like_another(text: str) -> tuple[str, str] | None:
    """The picture that the next one is to be like ("" for the one at hand), and what is to be different in it."""
    low = mend(text.lower()).rstrip("?.! ")
    match = _LIKE.fullmatch(low) or _LIKE_BUT.fullmatch(low)
    if match is None:
        return None
    return "" if re.match(r"(?:this|that|it)\b", match["ref"]) else match["ref"], match["rest"] or ""


def same_but(text: str) -> tuple[Wish, str] | None:
    """ "the same for picture 1, but darker": what was said before for that picture, and what comes on top of it."""
    match = re.fullmatch(
        rf"(?:(?:please|now|and|ok)[, ]+)*(?P<same>{_SAME_FOR.pattern}),? (?:but|only|except|and|just)(?: (?:only|just|also|make it))? (?P<rest>\S.*)",
        mend(text.lower()).rstrip("?.! "),
    )
    named = reference(match["ref"]) if match else None
    return (Wish(kind="back", picture=named, how=SAME), match["rest"]) if match and named else None


def two_pictures(text: str) -> tuple[str, str] | None:
    """What is wished of one picture, and what in the same breath of another: each message changes one."""
    match = _TWO.fullmatch(text.strip(" .!?"))
    return (match["head"], match["other"]) if match else None


def turned(piece: str, thing: str) -> str:
    """ "turn it blue" with the thing that "it" is; empty where the piece says something else."""
    match = re.fullmatch(
        r"\W*(?:then |also |please )*(?:make|turn|paint|colou?r|render) it ([\w -]+?)[.! ]*", piece.lower()
    )
    if match is None or not painted(f"the {match[1]}" if " " in match[1] else f"the thing {match[1]}"):
        return ""
    return f"make {thing if thing.lower().startswith('the ') else f'the {thing}'} {match[1]}"


def _only(said: str, low: str, plain: str) -> Wish | None:
    parts = [re.sub(r"^(?:only|just) ", "", part.strip()) for part in re.split(r",|\band\b|&", said) if part.strip()]
    moved = r"\b(?:is|are|was|be|should|must|can|may|stays?|looks?|at|in|on|to|with|without|under|but|same|way|prompt|words?|draft|text|seed|picture|image)\b"
    if not parts or re.search(moved, said) or any(reference(part) is not None for part in parts):
        return None
    return Wish(kind="only", parts=tuple(tail(plain, part) for part in parts), text=plain)


def _put_back(low: str) -> Wish | None:
    if _APART.fullmatch(low):
        return Wish(kind="restore", how=ALL)
    if (into := _BACK_INTO.fullmatch(low)) and reference(into["what"]) is None and not _NO_THING.search(into["what"]):
        return Wish(kind="restore", text=_bare(into["what"]), was=into["where"])
    match = _BACK.fullmatch(low)
    if match is None:
        return None
    said = next(part for at in range(1, 8) if (part := match[f"what{at}" if at > 1 else "what"]))
    verb = match["verb"] or match["verb2"] or match["verb3"] or match["verb5"] or ""
    said = re.sub(r" (?:to )?(?:be|come|go|came|was|were)$", "", said)
    if re.fullmatch(r"me|you|us|myself", said):
        return None
    pointed = re.fullmatch(r"it|that|this|them|those|these", said)
    many = re.fullmatch(r"them|those|these", said)
    if re.fullmatch(rf"{_ALL}|{_WENT}", said):
        return Wish(kind="restore", how=ALL)
    if many and verb in ("put", "restore", "reinstate"):
        return Wish(kind="restore", how=THEM)
    if match["back"] == "again" and verb not in ("put", "add", "bring", "include", "insert"):
        return None
    if pointed:
        return None if verb in ("put", "i miss") else Wish(kind="restore", how=THEM if many else "")
    if _NO_THING.search(said) or reference(said) is not None:
        return None
    away = verb not in ("put", "add", "include", "insert", "")  # "bring the castle back" may name a picture as well
    return Wish(kind="restore", text=_bare(said), picture=(reference(said, loose=True) or "") if away else "")
