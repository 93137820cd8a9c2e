"""What people say to change the prompt that is there → wishes: swaps, more and less, in and out, style, place and time. Pure."""

import re
from typing import Literal

from agent import chatter, vocabulary
from agent.nudging import nudged
from agent.wording import DEGREE, IT, PREPOSITION, REF, Wish, has_article, noun, tail

_LEAD = r"^(?:make (?:it|this) |put (?:it|him|her|them) |turn (?:it|this) into |with |do |use |try |draw |show me |have |let's (?:have|do|try|see) |i(?:'d| would)? (?:want|like|prefer|love) )"
_VERBS = {
    "soften": "soft",
    "sharpen": "sharp",
    "darken": "dark",
    "brighten": "bright",
    "lighten": "light",
    "simplify": "simple",
    "warm": "warm",
}


_MEDIA = frozenset(
    "painting drawing illustration poster photo sketch cartoon movie film engraving print comic toy miniature sculpture".split()
)
_FRAMING = re.compile(
    r"(?:(?:a |an |in |more |very |quite |as (?:a )?)*(?:wide|wide[- ]angle|wider|widescreen|panoramic|panorama|tall|portrait|landscape|square|vertical|horizontal|close[- ]?up|closer|long shot|full body|"
    r"zoomed (?:in|out)|macro|top[- ]down|bird's[- ]eye|symmetrical|centered|centred|blurry|sharp|soft|detailed|simple|minimal|epic|calm|quiet|empty|moody|dreamy|cozy|cosy|gloomy|cheerful|sad|happy|scary|funny|cute|"
    r"colorful|colourful|vivid|elegant|modern|ancient|old|new|futuristic|abstract|realistic|dramatic|atmospheric|mysterious|magical|romantic|peaceful|lonely|light|bright|dark|pale|warm|cold|cool)(?: (?:view|shot|angle|format|one|frame|framing))?)"
)


def is_framing(piece: str) -> bool:
    """Whether a piece is a quality of the whole picture, and nothing that could be seen in it: "no people, wide"."""
    said = re.sub(r"(?:[,.! ]|please|instead)+$", "", piece.lower().strip(" ,.!"))
    words = vocabulary.COMPARATIVES
    return bool(_FRAMING.fullmatch(said)) or said in words or said in words.values()


def painted(low: str) -> bool:
    """Whether a piece gives a thing a colour or a quality, as after "make the castle red and …": "the sky green"."""
    match = re.fullmatch(
        r"\W*(?:(?:the|his|her|its|their|my) )?(?!(?:more|less|it|this|that|a|an|very|much)\b)[\w'-]+(?: [\w'-]+)? (?:much |a bit |more )?([\w-]+)[.! ]*",
        low,
    )
    return match is not None and match[1] in (
        *vocabulary.COLORS,
        *vocabulary.COMPARATIVES,
        *vocabulary.COMPARATIVES.values(),
    )


def edit(low: str, plain: str) -> Wish | None:
    """Changes of the current draft."""
    if match := re.fullmatch(rf"add (.+) {chatter.IN_PLACE} (.+)", low):
        return Wish(kind="add", text=tail(plain, re.sub(r"^(?:some|the|lots of) ", "", match[1])), was=match[2])
    if (
        len(low.split()) <= 7
        and not re.match(r"an? ", low)
        and re.search(
            r"\b(?:resolution|upscale|aspect ratio|\d+ ?x ?\d+|(?:portrait|landscape) (?:format|mode|orientation)|\d+ steps|guidance|download|export|rename)\b|^make it (?:a )?square$",
            low,
        )
    ):
        return Wish(kind="unknown", text=plain)  # settings and files, which no word of a prompt changes
    for rule in (_swap, nudged, _less_or_more, _in_or_out, _manner):
        if wish := rule(low, plain):
            return wish
    return None


def _swap(low: str, plain: str) -> Wish | None:
    if match := re.fullmatch(
        r"(?:replace|swap|change|exchange|switch|turn|convert|transform) (.+?) (?:with|by|for|to|into|against) (.+)",
        low,
    ):
        if re.fullmatch(r"(?:the )?(?:background|setting|place|location|scenery|scene|surroundings)", match[1]):
            if kind_of(match[2]) in ("time", "style"):
                return become(match[2], plain)
            return Wish(kind="place", text=tail(plain, match[2]))
        if re.fullmatch(rf"{IT}|him|her|them", match[1]):
            return become(match[2], plain)
        if re.fullmatch(r"(?:the )?time(?: of day)?", match[1]):
            return Wish(kind="time", text=tail(plain, match[2]))
        if kind_of(match[1]) == kind_of(match[2]) == "time":
            return Wish(
                kind="time", text=tail(plain, match[2])
            )  # "turn day into night", whether the prompt names the day or not
        return Wish(
            kind="replace",
            was=noun(match[1]),
            text=tail(plain, noun(match[2]) if has_article(match[1]) else match[2]),
        )
    if match := re.fullmatch(
        r"(?!(?:that|this|it|there|i|he|she|they)(?:'s|'m| is| was| am)?\b.* not )(?:make (?:it |this )?|with |use |put |draw |show |i(?:'d)? (?:want|like|prefer|would like|would prefer|need) )?(.+?) (?:instead of|rather than|in place of|not) (.+)",
        low,
    ):
        kind = kind_of(match[1])
        if kind in ("time", "place", "style") and kind_of(match[2]) == kind:
            named = (
                vocabulary.style_of(re.sub(r"^(?:as|in|like) ", "", match[1])) if kind == "style" else None
            ) or match[1]
            return Wish(kind=kind, text=tail(plain, named), was=match[2])
        return Wish(kind="replace", was=noun(match[2]), text=tail(plain, noun(match[1])))
    if match := re.fullmatch(r"(.+?),? instead", low):
        kind = kind_of(re.sub(_LEAD, "", match[1]))
        return become(re.sub(_LEAD, "", match[1]), plain) if kind else edit(match[1], plain)
    colors = "|".join(vocabulary.COLORS)
    if match := re.fullmatch(
        rf"(?:make|turn|paint|colou?r|let) (?:the|his|her|its|their|my) ((?:{colors}) ([\w -]+?)) (?:be |look |into )?({colors})",
        low,
    ):
        return Wish(kind="replace", was=match[1], text=f"{match[3]} {match[2]}")
    shades = "|".join((colors, *vocabulary.COMPARATIVES, *vocabulary.SIZES))
    if match := re.fullmatch(
        rf"(?:make|turn|paint|colou?r|let) (?:the|his|her|its|their|my) (?P<was>[\w'-]+ (?!more\b|less\b|much\b|even\b|a\b|be\b|look\b|into\b|and\b|or\b)[\w'-]+) (?:be |look |into )?{DEGREE}(?P<new>{shades})",
        low,
    ):  # "make the robot dog blue"
        shade = vocabulary.COMPARATIVES.get(match["new"], match["new"])
        return Wish(kind="replace", was=match["was"], text=f"{shade} {match['was']}")
    match = re.fullmatch(
        rf"(?:make|turn|let) (?P<the>(?:the|his|her|its|their|my) )?(?!(?:it|this|that|them|him|everything|all|both|picture|me)\b)(?P<was>\w[\w -]*?) (?:be |look |into )?{DEGREE}(?P<new>(?:an? )?\w[\w -]*)",
        low,
    )
    if match:
        was, new = match["was"], match["new"]
        shade = vocabulary.COMPARATIVES.get(new) or (new if new in (*vocabulary.COLORS, *vocabulary.SIZES) else "")
        if shade and (match["the"] or " " not in was):  # "make castle white"
            return Wish(kind="replace", was=was, text=f"{shade} {was}")
        if match["the"] and re.match(r"an? (?!bit\b|little\b|touch\b|lot\b)", new):
            return Wish(kind="replace", was=was, text=noun(new))
    return None


def _less_or_more(low: str, plain: str) -> Wish | None:
    if match := re.fullmatch(
        rf"(?:(?:make|have|let) {IT} (?:look |feel |be )?)?{DEGREE}(?:less|not (?:so|as|that|quite so)(?: much| many)?|fewer|not as much|tone down(?: the)?|reduce(?: the)?) (.+)",
        low,
    ):
        return Wish(kind="less", text=tail(plain, re.sub(r"^(?:like|of) (?:an? )?(?=\w)", "", match[1])))
    if match := re.fullmatch(rf"(?:make {IT} )?not (?:too |very )?(\w+)", low):
        return Wish(kind="less", text=match[1])
    if match := re.fullmatch(
        rf"({'|'.join(_VERBS)})(?: up)?(?: (?:{IT}|the (\w+)))?(?: up)?(?: (?:a (?:bit|little)|some|slightly))?", low
    ):
        return Wish(kind="more", text=f"{_VERBS[match[1]]} {match[2] or ''}".strip())
    match = re.fullmatch(r"(?:make it |a )?(\w+er) ((?:\w+ )?\w+)", low)
    if match and match[1] in vocabulary.COMPARATIVES and vocabulary.is_subject(match[2]):
        return Wish(kind="replace", was=match[2], text=f"{vocabulary.COMPARATIVES[match[1]]} {match[2]}")
    if re.fullmatch(
        rf"(?:(?:make|have|keep|do|show) {IT} |as |in |i(?:'d| would)? (?:want|like) it )?(?:a )?(?:very )?(?:wide|widescreen|panoramic)(?: (?:shot|view|frame|picture|image))?",
        low,
    ):
        return Wish(kind="add", text="panoramic" if "panoramic" in low else "wide angle")
    if low in ("zoom in", "zoom out", "make it pop"):
        return Wish(
            kind="more", text={"zoom in": "close-up", "zoom out": "wide angle", "make it pop": "vivid colors"}[low]
        )
    if match := re.fullmatch(rf"(?:{IT}(?:'s| is| looks?) |it's )?(?:a bit |way |far |much |still )?too (.+)", low):
        return Wish(kind="less", text=tail(plain, match[1]))
    if match := re.fullmatch(
        rf"(?:(?:make|have|let|get|turn) {IT} (?:to )?(?:look |feel |be |appear |go )?|(?:{IT} )?(?:needs?|could use|should (?:be|look|have)|could be|must be)(?: to be)? |i(?: want| need|'d like| would like| prefer) (?:it )?(?:to (?:be|look|feel) )?|add |with |give it |go |look |feel )?{DEGREE}more (.+)",
        low,
    ):
        like = re.fullmatch(r"(?:like|of) (?:an? |the )?(?:real |proper |classic )?(.+)", match[1])
        if like and like[1] in (*vocabulary.SEASONS, *vocabulary.TIMES):
            return become(like[1], plain) if like[1] in vocabulary.TIMES else Wish(kind="add", text=f"in {like[1]}")
        style = vocabulary.style_of(like[1]) or (like[1] if like[1] in _MEDIA else None) if like else None
        said = re.sub(r"^(?:of )?(?:an? |the |that |this )|^of ", "", match[1])
        return Wish(kind="style", text=style) if style else Wish(kind="more", text=tail(plain, said))
    if match := re.fullmatch(
        rf"(?:(?:make|have|let|get|turn) {IT} (?:look |feel |be )?|(?:{IT} )?(?:should|could|must) (?:be|look) |i(?: want| need|'d like| would like| prefer) it (?:to (?:be|look|feel) )?)?{DEGREE}(\w+er)",
        low,
    ):
        word = match[1]
        base = vocabulary.COMPARATIVES.get(word) or (f"{word[:-3]}y" if word.endswith("ier") else "")
        if base:
            return Wish(kind="more", text=base)
    return None


def _in_or_out(low: str, plain: str) -> Wish | None:
    if match := re.fullmatch(
        r"(?:remove|delete|drop|take out|take away|get rid of|erase|lose|cut|leave out|omit|exclude|kill) (?:all )?(.+?)(?: from (?:it|the (?:picture|prompt|image|scene)))?",
        low,
    ):
        if re.fullmatch(REF, match[1]):  # pictures stay, and "it" could be anything
            return Wish(kind="unknown", text=plain)
        ugly = r"^(?:(?:all|any|of|those|these|that|this|the|my) )*(?:(?:ugly|stupid|silly|annoying|weird|horrible|boring|damn|bloody|awful|terrible|distracting|unnecessary|useless|extra) )*"
        return Wish(kind="remove", text=tail(plain, noun(re.sub(ugly, "", match[1]) or match[1])))
    if (
        match := re.fullmatch(
            r"i (?:don't|do not|hate) ?(?:really )?(?:like )?(?:the |that |this )(.+?)(?: (?:any ?more|any longer|at all|there|in there|in it))*",
            low,
        )
    ) and not re.fullmatch(REF, match[1]):
        return Wish(kind="remove", text=tail(plain, match[1]))
    if match := re.fullmatch(
        r"(?:(?:make|do|draw) (?:it|this) )?(?:without|with no|no(?: more)?|avoid|don't (?:show|want|draw|add)|do not (?:show|draw|add)|not any|minus|there should be no|i don't want(?: to see)?) (?:any |the |a |an |it |more )?(.+)",
        low,
    ):
        return Wish(kind="avoid", text=tail(plain, match[1]))
    if match := re.fullmatch(
        r"(?:(?:you (?:can|may)|it's (?:ok|okay|fine) to) )?(?:now |again )?(?:allow|permit|show|have|include|let in|bring back|stop avoiding) (?:for )?(.+?) (?:again|after all|(?<!the )back(?: in)?|any ?more)|(?:you (?:can|may) )?(?:allow|permit|stop avoiding|stop excluding|don't avoid|no need to avoid) (.+?)(?: (?:again|now|any ?more))*"
        r"|(?:the )?(.+?) (?:is|are) (?:ok|okay|fine|allowed|welcome|good|alright)(?: (?:again|now|after all|with me|by me|to have))*|(?:i )?(?:don't|do not) mind (?:the |any )?(.+?)(?: (?:any ?more|after all|now))*|bring (?:the |some )?(.+?) back|remove (.+?) from the (?:negative|negative prompt|avoid list)",
        low,
    ):
        said = next(part for part in match.groups() if part)
        if not re.fullmatch(rf"{IT}|{REF}|(?:that|this|these|those|which|what|they)(?: .*)?", said):
            return Wish(kind="allow", text=noun(said))
    if match := re.fullmatch(
        r"(?:add|include|insert|put in|throw in|there should (?:also )?be|i(?:'d like| want)?(?: to)? (?:also (?:see|have)|add)) (?:also |in )?(.+?)(?:(?<!next) to (?:it|the (?:picture|prompt|image|scene)))?",
        low,
    ):
        return Wish(kind="add", text=tail(plain, re.sub(r"^(?:some|the) ", "", match[1])))
    if match := re.fullmatch(
        r"give (?:it|this|everything) an? (.+?) (?:look|style|feel|vibe|touch|mood|atmosphere|treatment|makeover|finish|flair|twist)",
        low,
    ):
        style = vocabulary.style_of(match[1])
        return Wish(kind="style", text=style) if style else Wish(kind="more", text=tail(plain, match[1]))
    if match := re.fullmatch(r"(?:give|put) (?:it|him|her|them|the \w+) ((?:an?|some) .+)", low):
        return Wish(kind="add", text=tail(plain, re.sub(r"^some ", "", match[1])))
    if match := re.fullmatch(r"put ((?:an? |some |another |one more )\S.+)", low):
        return Wish(kind="add", text=tail(plain, re.sub(r"^some ", "", match[1])))
    if match := re.fullmatch(r"(?:and )?with (?:some )?(.+)", low):
        return Wish(kind="add", text=tail(plain, match[0].removeprefix("and ")))
    return None


def _manner(low: str, plain: str) -> Wish | None:
    """Style, place, time, or another quality, said plainly: "as a watercolor", "at night", "make it foggy"."""
    match = re.fullmatch(
        r"(?:i(?:'d| would)? (?:want|like|prefer|love|rather have)(?: to (?:have|see))? |rather )(?:it (?:as |in )?)?(.+)",
        low,
    )
    if match and (style := vocabulary.style_of(match[1])):
        return Wish(kind="style", text=style)
    match = re.fullmatch(
        rf"(?:do|paint|draw|render|redo|redraw) {IT} (?:like|as if by|a la|à la) (?:an? |by )?(.+)", low
    )
    if match and kind_of(match[1]) is None and len(match[1].split()) <= 3 and not re.fullmatch(REF, match[1]):
        return Wish(kind="style", text=f"in the style of {tail(plain, match[1])}")
    if match := re.fullmatch(
        r"(?:(?:make|draw|paint|render|do|show|redo|try|turn|have) (?:it|this|that|the (?:picture|same|whole thing)) )?(?:as|like|in the style of|in the look of|in|to look like|look like|style:?|into) (?:an? |the )?(.+?)(?: (?:style|look|version))?",
        low,
    ):
        if vocabulary.style_of(match[1]):
            return Wish(kind="style", text=vocabulary.style_of(match[1]) or match[1])
        if "style of" in low and len(match[1].split()) <= 5 and not re.fullmatch(REF, match[1]):
            return Wish(kind="style", text=f"in the style of {tail(plain, match[1])}")
        if (
            re.search(r"\b(?:as|in the style of|style|look)\b", low)
            and not PREPOSITION.match(low.split("style of")[0] + " x")
            and len(match[1].split()) <= 4
        ):
            return Wish(kind="style", text=tail(plain, match[1]))
    match = re.fullmatch(
        r"(?:make|give|do|try|show|render|draw|want|have|get)?(?: (?:me|us))? ?(?:an? |the )?(.+?) (?:version|edition|variant|rendition)",
        low,
    )
    if match and match[1] in (*vocabulary.SEASONS, *vocabulary.TIMES):
        return become(match[1], plain) if match[1] in vocabulary.TIMES else Wish(kind="add", text=f"in {match[1]}")
    if match and (style := vocabulary.style_of(match[1])):
        return Wish(kind="style", text=style)
    if match := re.fullmatch(
        rf"(?:(?:make|draw|paint|render|do|turn|have) {IT} )?(?:look )?like (?:an? |some )((?:[\w-]+ )?(?:{'|'.join(sorted(_MEDIA))}))",
        low,
    ):
        return Wish(kind="style", text=tail(plain, match[1]))
    if (match := re.fullmatch(r"(?:do|go|use|have) (?:it )?(?:all )?(.+)", low)) and vocabulary.style_of(match[1]):
        return Wish(kind="style", text=vocabulary.style_of(match[1]) or match[1])
    if match := re.fullmatch(r"(.+?) (?:style|look)(?: please)?", low):
        bare = re.sub(rf"^(?:(?:make|give|do|try) (?:{IT}|me)? ?)?(?:in |an? |the )*", "", match[1])
        if re.search(r"\b(?:another|different|other|new|change|same)\b", bare):
            return Wish(kind="unknown", text=plain)  # which one?
        if bare in vocabulary.COMPARATIVES:
            return Wish(kind="more", text=vocabulary.COMPARATIVES[bare])
        if bare and len(bare.split()) <= 4:
            return Wish(kind="style", text=vocabulary.style_of(bare) or bare)
    if re.fullmatch(rf"(?:make|turn|change|do|render|paint|draw|put|have) {IT}", low):
        return None
    if (
        match := re.fullmatch(rf"(?:put|place|set|move|bring|take|send) (?:{IT}|him|her|them) (?:in|on)?to (.+)", low)
    ) and (
        kind_of(match[1]) not in ("style", "time") and not re.search(r"\b(?:level|limit|max|extreme|end)$", match[1])
    ):
        return Wish(kind="place", text=tail(plain, match[1]))
    if re.fullmatch(
        r"(?:make it )?(?:an? )?(?:close[ -]?up|from (?:above|below|behind|the side|afar|far away)|(?:side|front|top|back|aerial|bird's[ -]eye) view|(?:low|high|wide)[ -]angle|full body|long shot)(?: shot| view)?(?: of (?:it|the .+))?",
        low,
    ):
        return Wish(kind="add", text=re.sub(r"^make it ", "", low))
    if re.fullmatch(
        r"(?:covered|wrapped|surrounded|dressed|lit|filled|wearing|holding|sitting|standing|lying|sleeping|looking|running|flying|playing|smiling|jumping) .+",
        low,
    ):
        return Wish(kind="add", text=tail(plain, low))
    if match := re.fullmatch(r"(?:make|let) it (snow|rain)", low):
        return Wish(kind="add", text={"snow": "falling snow", "rain": "rain"}[match[1]])
    if re.fullmatch(r"by (?!the |an? |day|night|moonlight|candlelight)\D+", low):
        return Wish(kind="add", text=tail(plain, low))  # an artist
    bare = re.sub(
        rf"^(?:(?:make|turn|render|paint|draw|put|place|set|move|have|show|do|let|try|bring|take) (?:the (?:[\w-]+ ){{0,2}}[\w-]+(?= (?:on|in|at|under|inside|near|next|beside|behind|by|to|into|onto|outside) )|{IT}|him|her|them|the (?:\w+ )?\w+?)(?: be| look| feel| happen| over)? |now |let it be |it (?:should|could|must) be |somewhere |set )",
        "",
        low,
        count=1,
    )
    if bare != low:
        return become(re.sub(r"^(?:into|to) ", "", bare), plain)
    match = re.fullmatch(r"in (?:the |a )?((?:\w+ )?(\w+))", bare)
    if match and match[2] in (*vocabulary.WEATHER, *vocabulary.COLORS):
        return Wish(kind="add", text=tail(plain, bare if match[2] in vocabulary.WEATHER else match[1]))
    if match and match[2] in vocabulary.SEASONS:
        return Wish(kind="add", text=tail(plain, bare))
    if bare in vocabulary.COLORS or bare in vocabulary.WEATHER or bare == "snow":
        return Wish(kind="add", text=bare)
    kind = kind_of(bare)
    if kind in ("style", "time", "place") and (
        len(bare.split()) <= 3 or PREPOSITION.match(bare) or vocabulary.style_of(bare)
    ):
        return become(bare, plain)
    if (
        len(bare.split()) == 1
        and bare.isalpha()
        and len(bare) > 3
        and not bare.endswith("thing")
        and bare.endswith(("y", "ful", "ic", "ish", "ous", "al", "ive", "ant", "ent", "ed", "ing"))
        and not vocabulary.is_subject(bare)
    ):
        return Wish(kind="more", text=bare)
    return None


def become(said: str, plain: str) -> Wish:
    """ "make it X": what X is decides what changes."""
    said = re.sub(r" instead$", "", re.sub(rf"^{DEGREE}", "", said).strip())
    said = re.sub(
        rf"^like (?:it(?:'s| is| was) )?(?:in )?(?:the )?(?=(?:early |late )?(?:{'|'.join((*vocabulary.SEASONS, *vocabulary.TIMES))})$)",
        "",
        said,
    )
    said = re.sub(
        rf"^an? ((?:{'|'.join((*vocabulary.SEASONS, *vocabulary.TIMES))})|\w+y) (?:scene|setting|picture|image|atmosphere|mood)$",
        r"\1",
        said,
    )  # "a winter scene" is what is there, in winter
    said = re.sub(rf"^(?:all )?in (?:the )?(?=(?:{'|'.join(vocabulary.COLORS)})$)", "", said)
    if said in (
        "better",
        "good",
        "great",
        "different",
        "right",
        "another",
        "something else",
        "shorter",
        "longer",
        "nice",
        "special",
    ):
        return Wish(kind="unknown", text=plain)  # in which way?
    if re.match(r"with(?:out)? \w", said):
        return Wish(
            kind="add" if said.startswith("with ") else "avoid",
            text=tail(plain, said if said.startswith("with ") else noun(said.removeprefix("without "))),
        )
    if match := re.fullmatch(r"(more|less) (?!of\b|like\b)(.+)", said):
        return Wish(kind="more" if match[1] == "more" else "less", text=tail(plain, match[2]))
    if re.fullmatch(
        r"(?:in|at|on) the (?:distance|background|foreground|middle|center|centre|left|right|corner|front|back)", said
    ):
        return Wish(kind="unknown", text=plain)  # what is to be there?
    kind = kind_of(said)
    if kind == "style":
        return Wish(kind="style", text=vocabulary.style_of(said) or noun(said))
    if kind in ("time", "place"):
        return Wish(kind=kind, text=tail(plain, said))
    if re.match(r"an? ", said) or kind == "subject":
        return Wish(kind="subject", text=tail(plain, noun(said)))
    base = vocabulary.COMPARATIVES.get(said) or said
    return Wish(kind="more", text=tail(plain, base))


def kind_of(said: str) -> Literal["style", "time", "place", "subject"] | None:
    """What kind of thing the words name."""
    said = re.sub(r"^(?:just|only|more) ", "", said.strip())
    if vocabulary.style_of(re.sub(r"^(?:as|in|like) (?:an? |the )?", "", said)):
        return "style"
    if re.fullmatch(
        rf"(?:shortly |just |right )?(?:after|before|around|towards|until) (?:the )?(?:{'|'.join(vocabulary.TIMES)})",
        said,
    ):
        return "time"
    if re.fullmatch(rf"(?:in|during) (?:the )?(?:early |late |deep |mid-?)?(?:{'|'.join(vocabulary.SEASONS)})", said):
        return None
    prepositional = bool(PREPOSITION.match(said))
    named = vocabulary.attributes(said)
    bare = re.sub(r"^(?:(?:on|in|at|by|during|under|inside) )?(?:the |an? )?", "", said)
    if "time" in named and (
        bare in vocabulary.TIMES or (prepositional and "place" not in named) or len(bare.split()) == 1
    ):
        return "time"
    if prepositional and ("place" in named or not set(bare.split()) & {*vocabulary.WEATHER, *vocabulary.COLORS}):
        return "time" if re.search(r"\b(?:\d{1,2} ?(?:am|pm|o'clock))\b", said) else "place"
    if bare in vocabulary.PLACES and not re.match(r"an? ", said):
        return "place"
    if "subject" in named and len(bare.split()) <= 4:
        return "subject"
    return "time" if bare in vocabulary.TIMES else None
