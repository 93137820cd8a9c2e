"""A person's words → what they wish for, as a list of small records. Pure: no model, no library, no randomness.

Reads ordinary English with a few typos, several wishes in a message. What it cannot read comes back as `unknown`, never
as a guess that would cost the person a picture.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from agent import vocabulary
from agent.mending import mend

Kind = Literal[
    "idea", "more", "less", "style", "place", "time", "subject", "add", "remove", "replace", "avoid", "allow", "again", "back",
    "save", "favourites", "forget", "why", "prompt", "describe", "search", "use", "stay", "fresh", "settings", "help", "hello", "thanks", "unknown",
]  # fmt: skip
EDITS: frozenset[Kind] = frozenset(
    ("more", "less", "style", "place", "time", "subject", "add", "remove", "replace", "avoid", "allow")
)
COMMANDS: frozenset[Kind] = frozenset(
    ("again", "back", "save", "favourites", "forget", "why", "prompt", "search", "use", "fresh", "settings", "help")
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One thing that the person wants. `picture` is how they named it; empty: the current one."""

    kind: Kind
    text: str = ""
    was: str = ""
    picture: str = ""
    count: int = 1
    seed: str = ""


LONGEST = 600  # characters; a longer message describes a picture, and is not searched for several wishes
MOST_PARTS = 30

_NUMBERS = {
    "a couple": 2,
    "a few": 3,
    "some": 4,
    "several": 4,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "one": 1,
    "another": 1,
}
_COUNT = r"(?P<count>\d{1,2}|a couple(?: of)?|a few|some|several|two|three|four|five|six|one|another)"
_ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|latest|newest|previous|original|\d+(?:st|nd|rd|th))"
REF = (
    rf"(?P<ref>(?:the )?(?:picture|pic|image|version|number|no\.?|render|draft) ?#?\d+|#\d+|(?:the )?{_ORDINAL}(?: (?:one|picture|pic|image|version|render))?"
    r"|the (?:one|picture|image|version) before(?: (?:this|that|it|last))?|the (?:picture|image|one|attached (?:one|picture))|(?:this|that)(?: (?:one|picture|pic|image|version))?|it|them)"
)
_PREPOSITION = re.compile(
    r"^(?:on|in|at|under|inside|near|by|next to|among|beside|over|above|below|behind|in front of|outside|into|onto|during|around|along|through)\s+\S"
)
_POLITE = re.compile(
    r"^(?:(?:please|pls|ok(?:ay)?|now|so|and|then|also|but|well|hm+|oh|yes|yeah|sure|let's|lets|just|maybe|perhaps|actually|instead(?! of))[,!. ]+"
    r"|(?:can|could|would|will) (?:you|we) (?:please |just |also |maybe )?|i(?:'d| would) (?:like|love|prefer) you to |i want you to |how about (?=making|adding|a bit|more|less|with)|what about (?=a bit|more|less|with)|try (?=making|adding|to )to )+",
)
_POLITE_END = re.compile(
    r"(?:[,\s]+(?:please|pls|thanks|thank you|thx|ok|okay|if you can|for me|now|too|as well|will you|would you))+[.!?\s]*$"
)
_DRAW = re.compile(
    r"^(?:(?:draw|paint|sketch|render|generate|create|make|show|imagine|picture|give|design|illustrate|do)(?: me| us)?(?: up)? (?=an? |the |some |two |three |my |one |\w+s? (?:on|in|at|with|under|of) )"
    r"|(?:draw|paint|sketch|illustrate)(?: me| us)? (?!it\b|this\b|that\b|them\b|me\b|us\b)(?=[a-z])"
    r"|i(?:'d| would)? (?:like|love|want|wish|need)(?: to (?:see|have|get|draw|make))? |(?:i am|i'm) (?:looking for|thinking of|dreaming of) |let's (?:see|draw|make|do) |can i (?:see|have|get) |new idea[:,]? |next[:,] |now (?=an? ))"
)
_OF = re.compile(
    r"^(?:an? |the |some )?(?:new |nice |beautiful )?(?:picture|image|photo|drawing|pic|illustration|render|scene|prompt)s? (?:of|with|showing|for) "
)
_DEGREE = (
    r"(?:(?:a (?:bit|little|lot|touch|tad)|much|even|way|slightly|some(?:what)?|far|very|really|quite|little bit) )*"
)
_SAME = re.compile(
    r"(?:(?:draw|do|make|show me|give me|i want|i'd like|please|now|ok(?:ay)?|and|can you (?:do|make|draw)|keep|use)[, ]+)*(?:exactly )?(?:the )?(?:exact )?same\b"
    r"(?! (?:seed|as|style)\b)(?: (?!(?:but|except|only|just|in|on|at|with|without|by|under|now|again)\b)\w+)?,?(?: (?:but|except|only|just|this time|again|now),?)*[, ]+(?=\S)",
    re.IGNORECASE,
)
# A change of another picture than the current one: "make picture 1 darker", "the first one but at night"
_OTHER = re.compile(
    rf"(?:(?P<verb>make|turn|render|draw|do|have) |(?:like|take|use|with|from) )?(?P<ref>(?:the )?(?:(?:picture|pic|image|version|number) ?#?\d+|#\d+|{_ORDINAL} (?:one|picture|pic|image|version)))"
    r"(?:,? (?P<but>but|and)(?: with)?,? |,? (?=(?:more|less|a bit|much|look|feel|at|in|on|as|with|without|into|\w+er)\b))(?=\S)",
    re.IGNORECASE,
)
_SPOKEN = (  # other ways of saying what the rules for changes know
    (re.compile(r"^(?:can i (?:have|get|see) |i(?:'d| would)? (?:want|like|love|prefer|need)(?: to (?:have|see))? )(?:it|this|that) (?:to (?:be|look) |done |made )?(?=\S)"), "make it "),
    (re.compile(r"^instead of (.+?),? (?:make it |show |draw |put |use |have |i want )?((?:an?|the|two|three|some) .+)$"), r"\2 instead of \1"),
    (re.compile(r"^(?:change|make|turn) the colou?rs? of (the \w[\w -]*?) (?:to |into )?(\w+)$"), r"make \1 \2"),
    (re.compile(r"^(?:change|make|turn) (the [\w-]+?)(?:'s)? colou?r (?:to |into )?(\w+)$"), r"make \1 \2"),
    (re.compile(r"^(the \w[\w -]*?) (?:should|must|needs to|has to) (?:be |look )?(.+)$"), r"make \1 \2"),
    (re.compile(r"^(?:(?:could|can|should) (?:it|this) be |(?:she|he|it|they) (?:should|must|needs? to|has to|have to) (?:be |look )?)"), "make it "),
    (re.compile(r"^try (?:it |this )?(?=\S)"), "make it "),
)  # fmt: skip
# A remark about what is there, which is no new idea: "I can't see the cat", "the cat is missing", "use it"
_STATEMENT = (
    r"i|i'm|i've|i'd|she|he|she's|he's|you|you're|it|it's|its|that|that's|this|these|those|they|we|there(?:'s| is| are) no|(?:the|my|his|her) (?:\w+ ){1,2}(?:is|are|was|were|looks?|has|have|isn't|aren't|doesn't|does|seems)|"
    r"write|fix|improve|enhance|combine|mix|merge|blend|rotate|crop|flip|mirror|send|print|copy|share|post|try|use|pick|choose|show me (?:what|how|the)|describe"
)
_LEAD = r"^(?:make (?:it|this) |put (?:it|him|her|them) |turn (?:it|this) into |with |do |use |try |draw |show me |have |let's (?:have|do|try|see) |i(?:'d| would)? (?:want|like|prefer|love) )"
# "the same style, but a dog", "a dog in this style": the style stays, and the picture shows something else
_SAME_STYLE = re.compile(
    r"(?:(?:in|with|keep|use) )?(?:exactly )?(?:the )?same (?:style|look)(?:, ?| )(?:but |and |only |just |now |for )*(?:with |draw |make it |show |paint )?(?P<after>\S.*)"
    r"|(?:now |and |but |please )?(?:draw |make |paint |show me |do |give me )?(?P<before>(?:an?|two|three|some) \S.*?),? (?:but )?(?:in|with) (?:exactly )?(?:the same|this|that) (?:style|look)",
    re.IGNORECASE,
)
# Sizes, steps and guidance: every word is about them, and one of them names one
_SETTING = re.compile(
    r"\d+ ?[x×] ?\d+|\d+:\d+|\d+ (?:steps|pixels|px)\b|\b(?:more|fewer|less) steps\b|\b(?:resolution|aspect ratio|guidance|cfg|upscale|square|(?:portrait|landscape) (?:format|mode|orientation))\b"
)
_OF_SETTINGS = re.compile(
    r"(?:(?:make|render|draw|do|use|set|give|change|have|try|want|i|with|without|at|in|to|it|this|that|the|them|picture|image|me|a|an|size|resolution|of|as|and|more|fewer|less|high|higher|low|lower|"
    r"bigger|larger|smaller|wider|aspect|ratio|format|mode|orientation|guidance|scale|cfg|pixels|px|by|steps|square|portrait|landscape|upscale|instead|be|\d+(?:\.\d+)?|\d+ ?[x×:] ?\d+)(?: |$))+"
)
_VERBS = {
    "soften": "soft",
    "sharpen": "sharp",
    "darken": "dark",
    "brighten": "bright",
    "lighten": "light",
    "simplify": "simple",
    "warm": "warm",
}
_IT = r"(?:it|this|that|the (?:whole )?(?:picture|image|thing|scene|style|mood|lighting|light|colou?rs)|everything|the (?:last|first) one|picture \d+)"


def read(words: str, *, has_draft: bool = False, attached: int = 0) -> list[Wish]:
    """What the person wishes for, in the order said.

    Args:
        words: The message as it was typed.
        has_draft: Whether the conversation has a prompt that could be changed.
        attached: How many pictures came with the message.
    """
    text = _tidy(words)
    if attached:
        return _with_picture(text, has_draft)
    if not text:
        return [Wish(kind="unknown")]
    if len(text) > LONGEST or len(re.findall(r"[,;.!?]", text)) > MOST_PARTS:
        return [_idea(text, text.lower(), has_draft)]
    if has_draft and (same := _SAME.match(text)):
        told = read(text[same.end() :], has_draft=True)
        return [_become(wish.text, wish.text) if wish.kind == "idea" else wish for wish in told]
    if has_draft and (like := _SAME_STYLE.fullmatch(text.rstrip(".!"))):
        other = like["after"] or like["before"]
        if _named(other.lower()) != "style":  # "the same style, but watercolor" contradicts itself
            return [
                _become(w.text, w.text) if w.kind in ("idea", "replace") else w for w in read(other, has_draft=True)
            ]
    if has_draft and (other := _OTHER.match(text)):
        lead = "make it " if other["verb"] and not other["but"] else ""
        return [
            Wish(kind="back", picture=_ref(other["ref"].lower())),
            *read(f"{lead}{text[other.end() :]}", has_draft=True),
        ]
    wishes: list[Wish] = []
    for piece in _pieces(text, has_draft):
        wish = _one(piece, has_draft)
        last = wishes[-1] if wishes else None
        if last and last.kind == "idea" and wish.kind == "idea":
            wishes[-1] = Wish(kind="idea", text=f"{last.text}, {wish.text}", count=last.count)
        elif wish.kind not in ("thanks", "hello") or len(wishes) == 0:
            wishes.append(wish)
    if len(wishes) > 1 and wishes[0].kind in ("thanks", "hello"):
        wishes = wishes[1:]
    return wishes


def _tidy(words: str) -> str:
    text = words.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(text.split())


def _pieces(text: str, has_draft: bool) -> list[str]:
    """The message cut where a new wish begins; an idea keeps its own commas."""
    cuts = re.split(
        r"(\s*[;\n]\s*|[.!?]+\s+|,?\s+(?:and|but) then\s+|,?\s+(?:then|but)\s+|,\s+and\s+|,\s+|(?<!black)\s+and\s+(?:also\s+)?|\s+and\s+(?!white)(?:also\s+)?|\s+&\s+)",
        text,
    )
    pieces = [cuts[0]]
    for separator, piece in zip(cuts[1::2], cuts[2::2], strict=True):
        if not piece.strip():
            continue
        before, now = _one(pieces[-1], has_draft), _one(piece, has_draft)
        hard = bool(re.search(r"[.;!?\n]|then|but", separator))
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
            bare = now.kind in ("place", "subject", "idea", "add", "unknown") and not _PREPOSITION.match(
                piece.lower().strip()
            )
            if (
                bare
                and before.kind in ("avoid", "remove")
                and not hard
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
            )
            if (
                before.kind in ("avoid", "remove", "add")
                and now.kind == "add"
                and not re.match(r"\s*(?:add|put|include|insert|with)\b", piece.lower())
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
        for part in (_style_and_scene(piece.strip()) if has_draft else [piece])
    ]


def _style_and_scene(piece: str) -> list[str]:
    """ "as an oil painting at night" → the style and the time by themselves."""
    if len(piece.split()) > 10:
        return [piece]
    for space in re.finditer(r" (?=(?:at|in|on|by|under|during) )", piece):
        style, scene = piece[: space.start()], piece[space.end() :]
        wish = _one(style, True)
        if (
            wish.kind == "style"
            and vocabulary.style_of(wish.text)
            and _named(scene.lower().rstrip(".!? ")) in ("time", "place")
        ):
            return [style, scene]
    return [piece]


def _stands_alone(piece: str, wish: Wish) -> bool:
    return wish.kind not in ("add", "subject") or bool(
        re.match(r"\s*(?:also |and )?(?:add|put|include|with|give|make|turn)\b", piece.lower())
    )


@lru_cache(maxsize=256)
def _one(piece: str, has_draft: bool) -> Wish:
    """The wish in one piece of a message."""
    plain = (
        _POLITE.sub("", piece.strip().strip('"').strip(), count=1)
        if _POLITE.match(piece.strip().lower()) is None
        else _unpolite(piece)
    )
    plain = re.sub(r"^(?:how|what) about (?=\S)", "", plain, flags=re.IGNORECASE)
    asked = re.match(
        r"(?:please )?(?:can|could|would|will|should) (?:you|we|i|it|this)\b|(?:how|what) about\b",
        piece.strip().lower(),
    )
    plain = _POLITE_END.sub("", plain).strip().rstrip(".!?" if asked else ".!").strip()
    low = mend(plain.lower())
    for rule in (_talk, _settings, _history, _keeping, _looking):
        if wish := rule(low, plain):
            return wish
    if has_draft:
        spoken = low
        for pattern, other in _SPOKEN:
            spoken = pattern.sub(other, spoken)
        if wish := _edit(spoken, plain):
            return wish
    elif match := re.match(r"(?:without|with no|no|avoid) (?:any )?(.+)$", low):
        return Wish(kind="avoid", text=_noun(match[1]))
    elif re.match(r"(?:make|turn|change) (?:it|this|that)\b|(?:more|less|remove|replace|swap|instead)\b", low):
        return _edit(low, plain) or Wish(kind="unknown", text=plain)
    return _idea(plain, low, has_draft)


def _unpolite(piece: str) -> str:
    low = piece.strip().lower()
    match = _POLITE.match(low)
    return piece.strip()[match.end() :] if match else piece.strip()


def _talk(low: str, _: str) -> Wish | None:
    if re.fullmatch(
        r"(?:hi|hello|hey|hiya|howdy|good (?:morning|evening|afternoon|day)|greetings)(?: there| atelier| everyone)?[!., ]*",
        low,
    ):
        return Wish(kind="hello")
    praise = (
        r"(?:thanks?|thank you|thx|ty|great|nice|perfect|lovely|awesome|cool|wow|oh|amazing|beautiful|wonderful|gorgeous|fantastic|(?:i )?(?:really )?(?:like|love) (?:it|this|that)|"
        r"(?:very|so) (?:nice|cute|pretty|beautiful|cool|good)|good(?: job)?|well done|(?:much |way )?better(?: now)?|yes|yeah|ok(?:ay)?|please|haha|bye|good ?(?:night|bye)|see you|"
        r"(?:that|this|it)(?:'s| is| looks) (?:so |really |very |just )?(?:it|great|perfect|nice|(?:much |way )?better|beautiful|lovely|cute|cool|good|amazing|awesome|wonderful|gorgeous|stunning|fantastic))"
        r"(?: (?:a lot|so much|very much|you|one))?"
    )
    if re.fullmatch(rf"{praise}(?:[,.! ]+{praise})*[!. ]*", low):
        return Wish(kind="thanks")
    if re.fullmatch(
        r"(?:help(?: me)?|\?+|commands|what can (?:you|i) (?:do|say|ask)(?: here)?|what can you draw|(?:what|which|list|show me the|show)(?: all| the)? styles(?: (?:are there|do you (?:know|have)|can you do|exist))?|how (?:does|do) (?:this|it|you) work|what is this|who are you|what are you|are you an? (?:ai|llm|language model|bot|human|robot))[?!. ]*",
        low,
    ):
        return Wish(kind="help")
    if re.fullmatch(
        r"(?:keep|leave|lock) (?!it$|this$|that$)(?:the )?(.+?)(?: exactly)?(?: as (?:it|they) (?:is|are)| the same| unchanged| like (?:this|that))|(?:don't|do not|never) (?:change|touch|alter|move) .+",
        low,
    ):
        return Wish(kind="stay")
    if re.fullmatch(
        r"(?:let's )?(?:start (?:over|again|fresh|from scratch|a new (?:one|picture))|begin again|reset|from scratch|(?:a |something )?(?:brand )?new(?: (?:picture|image|idea|one))?)",
        low,
    ):
        return Wish(kind="fresh")
    return None


def _settings(low: str, plain: str) -> Wish | None:
    """Sizes and steps, which no word of a prompt changes."""
    if _SETTING.search(low) and _OF_SETTINGS.fullmatch(low) and low not in ("square", "a square", "the square"):
        return Wish(kind="settings", text=plain)
    return None


def _history(low: str, _: str) -> Wish | None:
    """Other tries, and going back."""
    if match := re.search(r"\bseed[ :=#]*(\d{1,10})\b", low):
        return Wish(kind="again", seed=match[1])
    if match := re.fullmatch(
        rf"(?:(?:make|give|show|do|render|try|create|generate|draw)(?: me)? )?(?:{_COUNT} )?(?:more|other|different|new|another)? ?(?:variations?|variants?|versions?|alternatives?|takes?|options|tries)(?: (?:of|on|for) {REF})?",
        low,
    ):
        plural = low.rstrip().endswith("s") or "s of" in low or "s on" in low
        return Wish(kind="again", count=_count(match["count"], 4 if plural else 1), picture=_ref(match["ref"]))
    if match := re.fullmatch(
        rf"(?:(?:make|give|show|do|render|try)(?: me)? )?{_COUNT} (?:more|others?)(?: (?:pictures?|images?|like (?:this|that|it)))?",
        low,
    ):
        return Wish(kind="again", count=_count(match["count"], 1))
    if match := re.fullmatch(rf"(?:make|give me|do|draw|render|show me) {_COUNT} of (?:them|these|those|it|this)", low):
        return Wish(kind="again", count=_count(match["count"], 1))
    if match := re.fullmatch(rf"(?:show me |give me |make |do )?more like {REF}", low):
        return Wish(kind="again", count=2, picture=_ref(match["ref"]))
    if match := re.fullmatch(
        rf"(?:(?:let's |lets )?(?:try|do|render|make|draw|generate|give me|roll|show me)(?: {REF})? ?)?(?:again|once more|one more time|another(?: one)?|another (?:try|picture|image|go)|one more|re-?roll|retry|redo|regenerate|(?:with )?(?:an?|another|a different|a new|different|new|other|some other)(?: random)? seed|something else|a different one)(?: (?:with|using) (?:an?other|a different|a new) seed)?",
        low,
    ):
        return Wish(kind="again", picture=_ref(match["ref"]))
    if re.fullmatch(
        r"(?:re-?roll|retry|redo|regenerate|re-?render)(?: it| this| that)?|(?:change|use|try) (?:the|another|a different|a new) seed",
        low,
    ):
        return Wish(kind="again")
    if match := re.fullmatch(
        rf"(?:let's |can we )?(?:go |take me |bring me |get |come |switch |jump )?(?:back )?to {REF}|(?:return|revert|go) to {REF.replace('<ref>', '<ref2>')}|(?:continue|start|go on|work) (?:from|with) {REF.replace('<ref>', '<ref3>')}|(?:i (?:liked|preferred|prefer|like) ){REF.replace('<ref>', '<ref4>')}(?: (?:more|better|best))?|(?:use|take|pick|choose|select|go with|let's (?:use|take|go with)) {REF.replace('<ref>', '<ref5>')}|{REF.replace('<ref>', '<ref6>')} (?:was|is|looked|looks) (?:much |way |a lot )?(?:better|best|nicer|the best)",
        low,
    ):
        said = next((said for name in ("ref", "ref2", "ref3", "ref4", "ref5", "ref6") if (said := match[name])), "")
        if _ref(said) not in ("", "attached"):
            return Wish(kind="back", picture=_ref(said))
    if re.fullmatch(
        r"undo(?: (?:it|that|this|the last (?:change|step)))?|go back(?: (?:one|a step))?|back|revert(?: (?:it|that))?|previous(?: one)?|the one before|one back|step back",
        low,
    ):
        return Wish(kind="back", picture="the one before")
    return None


def _keeping(low: str, _: str) -> Wish | None:
    """Favourites."""
    end = r"(?: (?:to|in|into|as|among|with) (?:my |the |a )?(?:favou?rites?|library|collection|saved))?"
    if match := re.fullmatch(
        rf"(?:remove|delete|unsave|forget|drop|un-?favou?rite|take out|throw away) (?:(?:the |my )?(?:(?P<nth>{_ORDINAL}) )?(?:favou?rite|saved (?:picture|one))s? ?(?:number |no\.? |#)?(?P<id>[0-9a-f~-]*|picture \d+)|{REF} from (?:my |the )?(?:favou?rites?|library))",
        low,
    ):
        return Wish(kind="forget", picture=_ref(match["ref"]), text=match["id"] or match["nth"] or "")
    if match := re.fullmatch(rf"unsave(?: {REF})?", low):
        return Wish(kind="forget", picture=_ref(match["ref"]) or "current")
    keep = rf"(?:i(?:'ll| will| want to|'d like to)? )?(?:save|keep|bookmark|favou?rite|star|store|add|like and save)(?: {REF})?{end}"
    if (match := re.fullmatch(keep, low)) and (not low.startswith("add") or "favo" in low or "library" in low):
        return Wish(kind="save", picture=_ref(match["ref"]))
    if re.fullmatch(
        r"(?:(?:show|list|see|open|view|give|what are|where are)(?: me)? )?(?:all )?(?:of )?(?:my |the |our )?(?:favou?rites?|favs?|saved (?:pictures|images|ones|prompts)|favou?rite pictures|collection)[?]?|(?:show me )?what (?:(?:did|have) )?i(?:'ve)? (?:save|saved|keep|kept)(?: so far)?[?]?",
        low,
    ):
        return Wish(kind="favourites")
    if re.fullmatch(r"keep (?:the|his|her|its|my|that) .+", low):
        return Wish(kind="stay")
    return None


def _looking(low: str, plain: str) -> Wish | None:
    """Questions about the prompt, and searching without drawing."""
    low = low.rstrip("?. ")
    if re.fullmatch(
        r"what(?:'s| is| has| have| did| was)?(?: you)?(?: been)? (?:change|changed|add|added|do|done|different|new)(?: (?:now|here|there|this time|to (?:it|the prompt)))?",
        low,
    ):
        return Wish(kind="why")
    if match := re.match(
        r"(?:why|how come)\b(?: (?:did|have|do) you)?(?: (?:add|added|put|choose|chose|use|used|include|write|pick|say))?(?: is| are| was| were| there| the)*(?: +(.*?))?(?: (?:in|into|to) (?:it|there|the (?:prompt|picture)))?$",
        low,
    ) or re.match(
        r"(?:where (?:does|did) |what is |what does |what's )(.+?)(?: (?:come from|for|do|mean|doing (?:in )?(?:there|here)))[?. ]*$",
        low,
    ):
        asked = (match[1] or "").strip("\"' ")
        return Wish(kind="why", text="" if asked in ("that", "this", "it", "these", "those", "them", "") else asked)
    thing = r"(?:similar |good |other |more |some )*(?:prompts?|examples?|ideas?|inspirations?|pictures|images|photos)"
    if match := re.fullmatch(
        rf"(?:find|search|look|show|give|list|browse|get|are there|what|which)(?: for| me| up)*(?: {_COUNT}| any| the)?(?: {thing})(?: (?:are there|do you have|you have|exist))? (?:like|similar to|near|close to) {REF}[?]?",
        low,
    ):
        return Wish(kind="describe", picture=_ref(match["ref"]) or "current")
    if match := re.fullmatch(
        rf"(?:what|which)(?:'s| is| was)? (?:the )?prompts?(?: (?:is|was|made|of|for|behind|did you use for))+ {REF}[?]?",
        low,
    ):
        return Wish(kind="describe", picture=_ref(match["ref"]) or "current")
    if re.fullmatch(
        r"(?:(?:show|tell|give)(?: me)? |what(?:'s| is| was| were| are)? |which )(?:the |your |my |its )?(?:current |full |whole |exact |final )?(?:negative )?(?:prompt|seed|recipe|settings|draft)s?"
        r"(?: (?:now|so far|did you use|(?:have )?you used?|was used|of it|for it))?|how did you (?:make|do|draw|get) (?:it|this|that)",
        low,
    ):
        return Wish(kind="prompt")
    if match := re.fullmatch(
        rf"(?:find|search|show|give|list|get)(?: for| me)*(?: any| the| some)? similar (?:prompts?|examples?|pictures|images|ones)|describe {REF}|what do you see(?: in {REF.replace('<ref>', '<ref2>')})?",
        low,
    ):
        return Wish(kind="describe", picture=_ref(match["ref"] or match["ref2"]) or "current")
    if match := re.fullmatch(
        rf"(?:(?:find|show|give|list|get|see|any)(?: me)?(?: {_COUNT}| any| the)? )?(?:more |good |other |some )*(?:prompts|examples|ideas|inspirations?)",
        low,
    ):
        return Wish(kind="search", count=_count(match["count"], 6))
    asked_for = re.fullmatch(
        rf"(?:find|search|look|show|give|list|browse|get|see|i need|i want|any)(?: for| me| up| through the library)*(?: {_COUNT}| any| the)?(?: {thing})(?: (?:like|of|with|for|about|that (?:have|show|look like)|near|showing|in|on))? (.+)",
        low,
    )
    if asked_for and asked_for[2] not in ("me", "it"):
        return Wish(kind="search", text=_tail(plain, asked_for[2]), count=_count(asked_for["count"], 6))
    if match := re.fullmatch(r"(?:search|look|find|browse)(?: me)?(?: the library)?(?: for| up)? (.+)", low):
        return Wish(kind="search", text=_tail(plain, match[1]), count=6)
    if match := re.fullmatch(r"(?:inspiration|ideas|examples|prompts)(?: for| of| like| with| about)? (.+)", low):
        return Wish(kind="search", text=_tail(plain, match[1]), count=6)
    if match := re.fullmatch(
        rf"(?:draw|use|take|make|render|try|paint)(?: me)? (?:the )?(?:(?P<nth>{_ORDINAL}) (?:example|prompt)|(?:example|prompt) (?:number |no\.? |#)?(?P<n>\d+))",
        low,
    ):
        return Wish(kind="use", text=match["nth"] or match["n"])
    return None


def _edit(low: str, plain: str) -> Wish | None:
    """Changes of the current draft."""
    if (
        len(low.split()) <= 7
        and not re.match(r"an? ", low)
        and re.search(
            r"\b(?:resolution|upscale|aspect ratio|\d+ ?x ?\d+|(?:portrait|landscape) (?:format|mode|orientation)|\d+ steps|guidance|download|export|rename)\b|^make it (?:a )?square$",
            low,
        )
    ):
        return Wish(kind="unknown", text=plain)  # settings and files, which no word of a prompt changes
    for rule in (_swap, _less_or_more, _in_or_out, _manner):
        if wish := rule(low, plain):
            return wish
    return None


def _swap(low: str, plain: str) -> Wish | None:
    if match := re.fullmatch(
        r"(?:replace|swap|change|exchange|switch|turn|convert|transform) (.+?) (?:with|by|for|to|into|against) (.+)",
        low,
    ):
        if re.fullmatch(_IT, match[1]):
            return _become(match[2], plain)
        if re.fullmatch(r"(?:the )?(?:background|setting|place|location|scenery|surroundings)", match[1]):
            return Wish(kind="place", text=_tail(plain, match[2]))
        if re.fullmatch(r"(?:the )?time(?: of day)?", match[1]):
            return Wish(kind="time", text=_tail(plain, match[2]))
        return Wish(
            kind="replace",
            was=_noun(match[1]),
            text=_tail(plain, _noun(match[2]) if _has_article(match[1]) else match[2]),
        )
    if match := re.fullmatch(
        r"(?!(?:that|this|it|there|i|he|she|they)(?:'s|'m| is| was| am)?\b.* not )(?:make (?:it |this )?|with |use |put |draw |show )?(.+?) (?:instead of|rather than|in place of|not) (.+)",
        low,
    ):
        kind = _named(match[1])
        if kind in ("time", "place", "style") and _named(match[2]) == kind:
            return Wish(kind=kind, text=_tail(plain, match[1]), was=match[2])
        return Wish(kind="replace", was=_noun(match[2]), text=_tail(plain, _noun(match[1])))
    if match := re.fullmatch(r"(.+?),? instead", low):
        kind = _named(re.sub(_LEAD, "", match[1]))
        return _become(re.sub(_LEAD, "", match[1]), plain) if kind else None
    if match := re.fullmatch(r"(?:make|turn|let) the (\w[\w -]*?) (?:be |into )?((?:an? )?\w[\w -]*)", low):
        if vocabulary.is_subject(match[1]) and re.match(r"an? ", match[2]):
            return Wish(kind="replace", was=match[1], text=_noun(match[2]))
        if match[2] in vocabulary.COLORS or match[2] in vocabulary.COMPARATIVES:
            return Wish(
                kind="replace", was=match[1], text=f"{vocabulary.COMPARATIVES.get(match[2], match[2])} {match[1]}"
            )
    return None


def _less_or_more(low: str, plain: str) -> Wish | None:
    if match := re.fullmatch(
        rf"(?:(?:make|have|let) {_IT} (?:look |feel |be )?)?{_DEGREE}(?:less|not (?:so|as|that)|fewer|tone down(?: the)?|reduce(?: the)?) (.+)",
        low,
    ):
        return Wish(kind="less", text=_tail(plain, match[1]))
    if match := re.fullmatch(rf"(?:make {_IT} )?not (?:too |very )?(\w+)", low):
        return Wish(kind="less", text=match[1])
    if match := re.fullmatch(
        rf"({'|'.join(_VERBS)})(?: up)?(?: (?:{_IT}|the (\w+)))?(?: (?:a (?:bit|little)|some))?", low
    ):
        return Wish(kind="more", text=f"{_VERBS[match[1]]} {match[2] or ''}".strip())
    match = re.fullmatch(r"(?:make it |a )?(\w+er) ((?:\w+ )?\w+)", low)
    if match and match[1] in vocabulary.COMPARATIVES and vocabulary.is_subject(match[2]):
        return Wish(kind="replace", was=match[2], text=f"{vocabulary.COMPARATIVES[match[1]]} {match[2]}")
    if low in ("zoom in", "zoom out", "make it pop"):
        return Wish(
            kind="more", text={"zoom in": "close-up", "zoom out": "wide angle", "make it pop": "vivid colors"}[low]
        )
    if match := re.fullmatch(rf"(?:{_IT}(?:'s| is| looks?) |it's )?(?:a bit |way |far |much |still )?too (.+)", low):
        return Wish(kind="less", text=_tail(plain, match[1]))
    if match := re.fullmatch(
        rf"(?:(?:make|have|let|get|turn) {_IT} (?:to )?(?:look |feel |be |appear |go )?|(?:{_IT} )?(?:needs?|could use|should (?:be|look|have)|could be|must be)(?: to be)? |i(?: want| need|'d like| would like| prefer) (?:it )?(?:to (?:be|look|feel) )?|add |with |give it |go |look |feel )?{_DEGREE}more (.+)",
        low,
    ):
        return Wish(kind="more", text=_tail(plain, re.sub(r"^(?:of )?(?:an? |the )", "", match[1])))
    if match := re.fullmatch(
        rf"(?:(?:make|have|let|get|turn) {_IT} (?:look |feel |be )?|(?:{_IT} )?(?:should|could|must) (?:be|look) |i(?: want| need|'d like| would like| prefer) it (?:to (?:be|look|feel) )?)?{_DEGREE}(\w+er)",
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
        return Wish(kind="remove", text=_tail(plain, _noun(match[1])))
    if (
        match := re.fullmatch(r"i (?:don't|do not|hate) ?(?:really )?(?:like )?(?:the |that |this )(.+)", low)
    ) and not re.fullmatch(REF, match[1]):
        return Wish(kind="remove", text=_tail(plain, match[1]))
    if match := re.fullmatch(
        r"(?:(?:make|do|draw) (?:it|this) )?(?:without|with no|no(?: more)?|avoid|don't (?:show|want|draw|add)|do not (?:show|draw|add)|not any|minus|there should be no|i don't want(?: to see)?) (?:any |the |a |an |it |more )?(.+)",
        low,
    ):
        return Wish(kind="avoid", text=_tail(plain, match[1]))
    if match := re.fullmatch(r"(?:allow (.+?)|(.+?) (?:is|are) (?:ok|fine|allowed|welcome))(?: again)?", low):
        return Wish(kind="allow", text=match[1] or match[2])
    if match := re.fullmatch(
        r"(?:add|include|insert|put in|throw in|there should (?:also )?be|i(?:'d like| want)?(?: to)? (?:also (?:see|have)|add)) (?:also |in )?(.+?)(?: to (?:it|the (?:picture|prompt|image|scene)))?",
        low,
    ):
        return Wish(kind="add", text=_tail(plain, re.sub(r"^(?:some|the) ", "", match[1])))
    if match := re.fullmatch(r"(?:give|put) (?:it|him|her|them|the \w+) ((?:an?|some) .+)", low):
        return Wish(kind="add", text=_tail(plain, re.sub(r"^some ", "", match[1])))
    if match := re.fullmatch(r"put ((?:an? |some )\S.+)", low):
        return Wish(kind="add", text=_tail(plain, re.sub(r"^some ", "", match[1])))
    if match := re.fullmatch(r"(?:and )?with (?:some )?(.+)", low):
        return Wish(kind="add", text=_tail(plain, match[0].removeprefix("and ")))
    return None


def _manner(low: str, plain: str) -> Wish | None:
    """Style, place, time, or another quality, said plainly: "as a watercolor", "at night", "make it foggy"."""
    if match := re.fullmatch(
        r"(?:(?:make|draw|paint|render|do|show|redo|try|turn|have) (?:it|this|that|the (?:picture|same|whole thing)) )?(?:as|like|in the style of|in the look of|in|to look like|look like|style:?|into) (?:an? |the )?(.+?)(?: (?:style|look|version))?",
        low,
    ):
        if vocabulary.style_of(match[1]):
            return Wish(kind="style", text=vocabulary.style_of(match[1]) or match[1])
        if (
            re.search(r"\b(?:as|in the style of|style|look)\b", low)
            and not _PREPOSITION.match(low.split("style of")[0] + " x")
            and len(match[1].split()) <= 4
        ):
            return Wish(kind="style", text=_tail(plain, match[1]))
    if match := re.fullmatch(r"(.+?) (?:style|look)(?: please)?", low):
        bare = re.sub(rf"^(?:(?:make|give|do|try) (?:{_IT}|me)? ?)?(?:in |an? |the )*", "", match[1])
        if re.search(r"\b(?:another|different|other|new|change|same)\b", bare):
            return Wish(kind="unknown", text=plain)  # which one?
        if bare and len(bare.split()) <= 4:
            return Wish(kind="style", text=vocabulary.style_of(bare) or bare)
    if re.fullmatch(rf"(?:make|turn|change|do|render|paint|draw|put|have) {_IT}", low):
        return None
    if re.fullmatch(
        r"(?:make it )?(?:an? )?(?:close[ -]?up|from (?:above|below|behind|the side|afar|far away)|(?:side|front|top|back|aerial|bird's[ -]eye) view|(?:low|high|wide)[ -]angle|full body|long shot)(?: shot| view)?(?: of (?:it|the .+))?",
        low,
    ):
        return Wish(kind="add", text=re.sub(r"^make it ", "", low))
    if re.fullmatch(
        r"(?:covered|wrapped|surrounded|dressed|lit|filled|wearing|holding|sitting|standing|lying|sleeping|looking|running|flying|playing|smiling|jumping) .+",
        low,
    ):
        return Wish(kind="add", text=_tail(plain, low))
    if match := re.fullmatch(r"(?:make|let) it (snow|rain)", low):
        return Wish(kind="add", text={"snow": "falling snow", "rain": "rain"}[match[1]])
    if re.fullmatch(r"by (?!the |an? |day|night|moonlight|candlelight)\D+", low):
        return Wish(kind="add", text=_tail(plain, low))  # an artist
    bare = re.sub(
        rf"^(?:(?:make|turn|render|paint|draw|put|place|set|move|have|show|do|let|try|bring|take) (?:the (?:[\w-]+ ){{0,2}}[\w-]+(?= (?:on|in|at|under|inside|near|next|beside|behind|by|to|into|onto|outside) )|{_IT}|him|her|them|the (?:\w+ )?\w+?)(?: be| look| feel| happen| over)? |now |let it be |it (?:should|could|must) be |somewhere |set )",
        "",
        low,
        count=1,
    )
    if bare != low:
        return _become(re.sub(r"^(?:into|to) ", "", bare), plain)
    match = re.fullmatch(r"in (?:the |a )?((?:\w+ )?(\w+))", bare)
    if match and match[2] in (*vocabulary.WEATHER, *vocabulary.COLORS):
        return Wish(kind="add", text=_tail(plain, bare if match[2] in vocabulary.WEATHER else match[1]))
    kind = _named(bare)
    if kind in ("style", "time", "place") and (len(bare.split()) <= 3 or _PREPOSITION.match(bare)):
        return _become(bare, plain)
    if bare in vocabulary.COLORS or bare in vocabulary.WEATHER:
        return Wish(kind="add", text=bare)
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


def _become(said: str, plain: str) -> Wish:
    """ "make it X": what X is decides what changes."""
    said = re.sub(rf"^{_DEGREE}", "", said).strip()
    said = re.sub(rf"^(?:all )?in (?:the )?(?=(?:{'|'.join(vocabulary.COLORS)})$)", "", said)
    if said in ("better", "good", "great", "different", "right", "another", "something else"):
        return Wish(kind="unknown", text=plain)  # in which way?
    kind = _named(said)
    if kind == "style":
        return Wish(kind="style", text=vocabulary.style_of(said) or _noun(said))
    if kind in ("time", "place"):
        return Wish(kind=kind, text=_tail(plain, said))
    if re.match(r"an? ", said) or kind == "subject":
        return Wish(kind="subject", text=_tail(plain, _noun(said)))
    base = vocabulary.COMPARATIVES.get(said) or said
    return Wish(kind="more", text=_tail(plain, base))


def _named(said: str) -> Literal["style", "time", "place", "subject"] | None:
    """What kind of thing the words name."""
    said = re.sub(r"^(?:just|only|more) ", "", said.strip())
    if vocabulary.style_of(re.sub(r"^(?:as|in|like) (?:an? |the )?", "", said)):
        return "style"
    prepositional = bool(_PREPOSITION.match(said))
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


def _idea(plain: str, low: str, has_draft: bool) -> Wish:
    """A new idea, if it can be one; otherwise the words are not understood."""
    lead = _DRAW.match(low)
    text = plain[lead.end() :] if lead else plain
    if of := _OF.match(text.lower()):
        text = text[of.end() :]
    count = 1
    if match := re.match(
        rf"(?:{_COUNT} )(?:variations?|versions?|pictures|images|different pictures) of ", text.lower()
    ):
        count, text = _count(match["count"], 4), text[match.end() :]
    text = text.strip(" ,.!?\"'")
    letters = re.findall(r"[^\W\d_]{2,}", text)
    if not letters or (low.endswith("?") and not lead):
        return Wish(kind="unknown", text=plain)
    verb = re.match(
        r"(?:make|turn|change|do|set|move|put|let|get|give|tell|explain|stop|open|close|run|is|are|does|did|who|what|when|where|how|which)\b",
        low,
    )
    if has_draft and not lead and re.match(rf"(?:{_STATEMENT})\b", low):
        return Wish(kind="unknown", text=plain)
    if verb and not lead and not (verb[0] == "make" and not has_draft):
        return Wish(kind="unknown", text=plain)
    if (
        not has_draft
        or lead
        or len(letters) >= 3
        or re.match(r"(?:an?|two|three|the|my|some) ", text.lower())
        or vocabulary.is_subject(text)
    ):
        return Wish(kind="idea", text=text, count=min(count, 4))
    if len(letters) == 2 and any(vocabulary.is_known(word) for word in letters):
        return Wish(kind="more", text=text)
    return Wish(kind="unknown", text=plain)


def _with_picture(text: str, has_draft: bool) -> list[Wish]:
    """A message that came with a picture: about the picture, unless it only commands something else."""
    low = mend(_unpolite(text).lower()).rstrip("?.! ")
    if not low or re.fullmatch(
        r".*\b(?:what|which|describe|prompts?|how|reverse|where|recogni[sz]e|tell me|guess|know|similar|find|same)\b.*",
        low,
    ):
        rest = re.search(
            r"\b(?:but|like this|similar(?: ones?)?),? (?:but )?((?:at|in|on|with|without|as|by) .+)$", low
        )
        return [Wish(kind="describe", picture="attached", text=_tail(text, rest[1]) if rest else "")]
    if re.match(r"(?:save|keep|help|is this|have i|do i)\b", low):
        return [Wish(kind="describe", picture="attached")]
    if match := re.fullmatch(r"(?:turn|convert|change|transform|make) (?:this|it) (?:in)?to (?:an? )?(.+)", low):
        return [Wish(kind="describe", picture="attached", text=f"as {_tail(text, match[1])}", count=2)]
    if re.fullmatch(r"(?:recreate|redraw|remake|reproduce|copy) (?:this|it)(?: picture| image)?", low):
        return [Wish(kind="describe", picture="attached", count=2)]
    if match := re.fullmatch(
        r"use (?:this|it) as (?:an? )?(?:reference|inspiration|base)(?: (?:for|to (?:draw|make)|and (?:draw|make)))?,? ?(.*)",
        low,
    ):
        return [Wish(kind="describe", picture="attached", text=_tail(text, match[1]))]
    if match := re.fullmatch(
        r"(?!(?:draw|make|paint|render|create|do|give me|show me|something|one|more)\b)(.+) (?:like (?:this|that)|in (?:this|the same) style)",
        low,
    ):
        return [Wish(kind="describe", picture="attached", text=_tail(text, match[1]))]
    like = re.fullmatch(
        r"(?:(?:draw|make|paint|render|create|do|give me|show me|i(?:'d)? (?:like|want)) ?)?(?:me )?(?:something |one |a picture |it |this |more )?(?:like (?:this|that|it)|similar|this|in this style)?[, ]*(?:but |and |only |just |except )?(.*)",
        low,
    )
    words = like[1] if like else low
    draw = bool(re.match(r"(?:draw|make|paint|render|create|do|give me)\b", low))
    return [Wish(kind="describe", picture="attached", text=_tail(text, words), count=2 if draw else 1)]


def _count(said: str | None, default: int) -> int:
    if not said:
        return default
    said = said.removesuffix(" of")
    return int(said) if said.isdigit() else _NUMBERS.get(said, default)


def _ref(said: str | None) -> str:
    """How the lineage wants to hear it: "" for the current picture."""
    if not said or re.fullmatch(
        r"it|them|(?:this|that)(?: (?:one|picture|pic|image|version))?|the (?:picture|image|one)", said
    ):
        return ""
    if "attached" in said:
        return "attached"
    if match := re.search(r"#?(\d+)$", said):
        return f"picture {match[1]}"
    return re.sub(r"^the (?:picture|image|version) before.*", "the one before", said)


def _noun(said: str) -> str:
    return re.sub(r"^(?:the|an?|any|all|some|his|her|its) ", "", said.strip())


def _has_article(said: str) -> bool:
    return bool(re.match(r"(?:the|an?) ", said))


def _tail(plain: str, low: str) -> str:
    """The words as the person wrote them, where they were not mended."""
    at = plain.lower().rfind(low)
    return plain[at : at + len(low)] if at >= 0 and low else low
