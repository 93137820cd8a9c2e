"""A person's words → what a search asks for: meaning, what to leave out, conditions. Pure.

"at night, without people, wide, only my favourites" is read as the words "at night", minus people, `shape=wide` and
`favourite=yes`. What is no condition stays meaning, so nothing that was said is lost.
"""

import re
from collections.abc import Callable, Sequence

from tools.backends.errors import BadInput
from tools.backends.filters import KINDS, Filter, parse_filter
from tools.backends.queries import Query

_TOKEN = "\ue000{}\ue001"  # stands for a quotation while the words around it are cut
_TOKENS = re.compile("\ue000(\\d+)\ue001")
_FILLER = re.compile(
    r"^(?:(?:but|and|also|only|just|please|or rather|this time|again|now|ones?|the ones?|those|that(?:'s| is| are)|which (?:is|are)|strictly|plus|as well as|but also)\s+)+"
)
_TAIL = re.compile(r"\s+(?:please|only|too|as well|again|though|in (?:it|them|there)|in the (?:pictures?|images?))$")
_NO = r"(?P<no>(?:but not|not|no|nothing|none|never|except(?: for)?|excluding|anything but|without(?: any)?)(?: ones| pictures)? )?"
_ONES = r"(?: ones?| pictures?| images?| photos?| examples?| prompts?| results?| format| orientation| shaped?| aspect(?: ratio)?| mode| only)*"
_SITE = r"(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,10}"
_NAMED = r"lexica|midjourney|openart|civitai|prompthero|playground|krea|diffusiondb"
_SHAPE_OF = {"wide": "wide", "widescreen": "wide", "panoramic": "wide", "landscape": "wide", "horizontal": "wide", "tall": "tall",
             "portrait": "tall", "vertical": "tall", "upright": "tall", "square": "square", "quadratic": "square"}  # fmt: skip
_NUMBER = r"(\d{1,2}(?:\.\d{1,4})?|\.\d{1,4})"
_LEAST = r"(?P<how>at least|from|over|above|more than|better than|higher than|at most|up to|below|under|less than|worse than|lower than|>=|>|<=|<|≥|≤|of)?"
_HOW = {"over": ">", "above": ">", "more than": ">", "better than": ">", "higher than": ">", ">": ">", "at most": "<=", "up to": "<=", "below": "<",
        "under": "<", "less than": "<", "worse than": "<", "lower than": "<", "<": "<", "<=": "<=", "≤": "<="}  # fmt: skip
_SIDE = {"wide": "width", "across": "width", "width": "width", "wider": "width", "high": "height", "tall": "height", "height": "height",
         "higher": "height", "taller": "height", "narrower": "width", "lower": "height", "shorter": "height"}  # fmt: skip
Found = Callable[[re.Match[str]], list[str]]


def _flag(yes: str, no: str) -> Found:
    return lambda match: [no if match["no"] else yes]


def _site(match: re.Match[str]) -> list[str]:
    operator = "=" if "." in match["site"] else "~"
    return [f"source_site{'!' * bool(match['no'])}{operator}{match['site'].lower()}"]


def _shape(match: re.Match[str]) -> list[str]:
    return [f"shape{'!' * bool(match['no'])}={_SHAPE_OF[match['shape'].lower()]}"]


def _score(column: str) -> Found:
    return lambda match: [f"{column}{_HOW.get((match['how'] or '').lower(), '>=')}{match['score']}"]


def _side(match: re.Match[str]) -> list[str]:
    how = _HOW.get((match["how"] or "").lower(), ">=")
    return [f"{_SIDE[match['side'].lower()]}{how}{match['pixels']}"]


def _than(match: re.Match[str]) -> list[str]:
    less = match["side"].lower() in ("narrower", "lower", "shorter")
    return [f"{_SIDE[match['side'].lower()]}{'<' if less else '>'}{match['pixels']}"]


def _both_sides(match: re.Match[str]) -> list[str]:
    how = _HOW.get((match["how"] or "").lower(), ">=") if match["how"] else "="
    return [f"width{how}{match['width']}", f"height{how}{match['height']}"]


def _rules(*rules: tuple[str, Found]) -> list[tuple[re.Pattern[str], Found]]:
    return [(re.compile(pattern, re.IGNORECASE), found) for pattern, found in rules]


# Heard anywhere in a piece: nothing else is meant by them.
_ANYWHERE = _rules(
    (rf"{_NO}(?:(?:from|in|of|among|within|out of|on) )?(?:only |just )?(?:the (?:ones|pictures|images) (?:in|from|among|of) )?(?:my|our) (?:own )?(?:favou?rites?|favs|saved (?:ones|pictures|images)|collection)(?: only| alone)?", _flag("favourite=yes", "favourite=no")),
    (r"(?P<no>)(?:(?:that|which|what|the ones?) )*i(?:'ve| have) (?:saved|kept|favou?rited|starred|bookmarked)|(?:that|which) i (?:saved|kept|starred|bookmarked|liked)", _flag("favourite=yes", "favourite=no")),
    (r"(?:prompts? )?(?:that )?(?:with|using|contain|containing|mention|mentioning) the (?:words?|phrase) (?P<what>\ue000\d+\ue001|[\w-]+)", lambda match: [f"prompt:{match['what']}"]),
    (rf"{_NO}(?:only |just )?(?:from|on|at) (?:the (?:web)?site )?(?P<site>{_SITE})(?: only)?", _site),
    (rf"{_NO}(?:only |just )?(?:from|on) (?P<site>{_NAMED})(?: only)?(?![\w-])", _site),
    (r"(?P<no>)(?:(?:rendered|made|only|just|those|ones?) )*(?:(?:with|whose|where|of|having|that have) )?(?:the |its |their |an? )?(?:exact )?(?:seeds? (?:is |are |that (?:is|are) )?known|known (?:exact )?(?:seeds?|settings|recipes?)|(?:exact )?settings (?:are |is )?known)", _flag("seed=known", "seed=unknown")),
    (r"(?P<no>)(?:(?:with|whose|where|of) )?(?:the |its |their |an? )?(?:seeds? (?:is |are )?(?:unknown|not known)|unknown seeds?)", _flag("seed=unknown", "seed=known")),
    (r"in (?:an? )?(?P<no>)(?P<shape>landscape|wide|widescreen|horizontal|panoramic|portrait|tall|vertical|upright|square) (?:format|orientation|shape|aspect(?: ratio)?|mode)", _shape),
    (r"(?:with (?:an? )?)?(?:highly rated|(?:high|good|top|best) rat(?:ed|ings?)|(?:well|top|best)[- ]rated)", lambda _: ["rating>=7"]),
    (rf"(?:with )?(?:an? )?(?:rated|ratings?|scored?|scores)(?: is| are)? ?{_LEAST} ?(?P<score>{_NUMBER})(?: ?/ ?10| of 10| out of (?:10|ten)| stars?)?(?: (?:or|and) (?:more|better|higher|above|up))?", _score("rating")),
    (r"(?:at least|min(?:imum|\.)?|(?P<how>at most|>=|<=|≥|≤)) (?P<pixels>\d{2,5}) ?(?:px|pixels?)? ?(?:in )?(?P<side>wide|across|width|high|tall|height)", _side),
    (rf"(?:with )?(?:an? )?(?P<side>width|height) (?:of |is )?{_LEAST} ?(?P<pixels>\d{{2,5}})(?: ?(?:px|pixels?))?", _side),
    (r"(?P<pixels>\d{2,5}) ?(?:px|pixels?)? ?(?P<how>)(?:or|and) (?P<side>wider|higher|taller)", _side),
    (r"(?P<side>wider|higher|taller|narrower|lower|shorter) than (?P<pixels>\d{2,5})(?: ?(?:px|pixels?))?", _than),
    (r"(?P<how>at least|at most|>=|<=|≥|≤) (?P<width>\d{2,5}) ?[x×] ?(?P<height>\d{2,5})(?: ?(?:px|pixels?))?", _both_sides),
)  # fmt: skip
# Heard only where they are a piece by themselves: "wide" is a condition, "a wide river" is none.
_ALONE = _rules(
    (rf"{_NO}(?:an? |in )?(?P<shape>wide|widescreen|panoramic|horizontal|tall|vertical|upright|square|quadratic){_ONES}", _shape),
    (rf"{_NO}(?:an? |in )?(?P<shape>landscape|portrait) (?:format|orientation|shaped?|aspect(?: ratio)?|mode)(?: only)?", _shape),
    (rf"{_NO}(?:an? |the )?favou?rites?(?: only)?", _flag("favourite=yes", "favourite=no")),
    (r"(?P<no>)i (?:saved|kept|liked)", _flag("favourite=yes", "favourite=no")),
    (rf"{_NO}(?:the (?:web)?site )?(?P<site>{_SITE}){_ONES}", _site),
    (rf"{_NO}(?P<site>{_NAMED})(?:'s)?{_ONES}", _site),
    (r"(?P<no>)(?:with|that have|having|who(?:se)?) (?:an? |the |their )?seeds?", _flag("seed=known", "seed=unknown")),
    (r"(?P<no>)without (?:an? |the |their )?(?:known )?seeds?|(?:no|not a) known seeds?", lambda _: ["seed=unknown"]),
    (r"(?:safe(?: for work)?|sfw|family[- ]friendly|(?:no|not|nothing|without(?: any)?|hide|exclude) (?:nsfw|explicit|adult)(?: content| stuff| things?)?)" + _ONES, lambda _: ["nsfw<0.5"]),
    (rf"nsfw ?{_LEAST} ?(?P<score>{_NUMBER})", _score("nsfw")),
    (r"(?P<how>)(?P<width>\d{2,5}) ?[x×] ?(?P<height>\d{2,5})(?: ?(?:px|pixels?))?", _both_sides),
)  # fmt: skip
_VARIED = re.compile(
    r"(?:as )?(?:varied|diverse|different from (?:each other|one another)|all (?:different|kinds)|mixed|(?:with )?(?:some |much )?(?:more )?variety|a (?:good |wide )?(?:mix|variety)|not (?:all|too) (?:the same|alike|similar))"
    r"(?: ones| results| as possible| examples)*",
    re.IGNORECASE,
)
# "boats that are not at night", "castles which don't have people", "cats not wearing hats"
_LACKS = r"(?:(?:are|is|were|was)(?: not|n't| no)|(?:do|does|did)(?: not|n't) (?:have|show|contain|include|feature|hold)|(?:have|has|had) no|lacks?)(?: (?:any|an?|the))?"
_MINUS = re.compile(
    rf"(?:(?:(?:(?:that|which|who) )?{_LACKS}|other than|without|with no|but none|but no|but not|no|not|minus|except(?: for)?|excluding|nothing (?:with|of|about)|free of|avoid(?:ing)?|leave out|leaving out|never|exclude|omit|hide|skip)\s+(?:any )?|[-−–]\s?)(?P<what>[^\s-].*)",
    re.IGNORECASE,
)
_LATER_MINUS = re.compile(
    rf"\s(?=(?:without|with no|but none|but no|but not|excluding|except(?: for)?|minus|free of|leaving out|other than)\s|[-−–]\w|with (?:nobody|no one)\b|(?:that|which|who) {_LACKS}\s|(?:that|which) (?:do|does)(?: not|n't) (?:mention|say)\s|not (?:at|in|on|by|with|near|under|during|wearing|showing|holding)\s)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?:(?:that|which|prompts?|whose prompts?|the prompts?|ones?) )*(?P<no>(?:do(?:es)?n't|do(?:es)? not|not|never) )?(?:mention|say|contain|includ|hold)(?:s|ing|es|e)? (?:the )?(?:words? )?(?P<what>.+)",
    re.IGNORECASE,
)
_RAW = re.compile(
    rf"(?:where |with )?(?P<raw>(?:{'|'.join(KINDS)})\s*(?:!=|!~|!:|<=|>=|=|<|>|~|:).*)", re.IGNORECASE | re.DOTALL
)
_LATER_RAW = re.compile(rf"\s(?:where|with)\s+(?=(?:{'|'.join(KINDS)})\s*(?:!=|!~|!:|<=|>=|=|<|>|~|:))", re.IGNORECASE)


def read(text: str, picture: str = "") -> Query:
    """What a search asks for. Never fails: what is no condition is meaning.

    Args:
        text: The words after "find" or "like this picture": "castles at night, without people, wide".
        picture: The name of the picture that it is about, if there is one.
    """
    quoted: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted.append(match[1])
        return _TOKEN.format(len(quoted) - 1)

    plain = re.sub("[\ue000\ue001]", "", text)
    plain = re.sub(r"[“”]", '"', plain).replace("’", "'")
    plain = re.sub(r'"([^"]*)"', keep, " ".join(plain.split()))
    heard = _Heard(quoted)
    heard.all(plain)
    try:
        return Query(words=tuple(heard.words), picture=picture, without=tuple(heard.minus), where=tuple(heard.where), diverse=heard.diverse)  # fmt: skip
    except BadInput:  # too many of them: then it is a text like any other
        return Query(words=(text.strip(),), picture=picture)


class _Heard:
    """What was heard so far, piece by piece."""

    def __init__(self, quoted: Sequence[str]) -> None:
        self.quoted = quoted
        self.words: list[str] = []
        self.minus: list[str] = []
        self.where: list[Filter] = []
        self.diverse = False

    def all(self, text: str) -> None:
        cuts = re.split(r"\s*[,;]\s*|\s+but\s+(?!no\b|not\b)|\.\s+", text.strip(" .!?,;"))
        left = [cut for cut in cuts if cut.strip()]
        while left:
            piece, left = left[0], left[1:]
            if self.piece(piece) != "minus":
                continue
            listed = next((n for n, each in enumerate(left) if re.search(r"\b(?:or|nor)\b", each)), None)
            if listed is not None and all(self.is_bare(each) for each in left[: listed + 1]):
                for each in left[: listed + 1]:  # "no people, cars or text"
                    self.leave_out(each)
                left = left[listed + 1 :]

    def piece(self, piece: str) -> str:
        """Hear one piece; says as what its last part was heard."""
        piece = _TAIL.sub("", piece.strip(" .!?,;")).strip()
        bare = _FILLER.sub("", piece).strip()
        if not bare:
            return ""
        if self.condition(bare) or self.condition(piece):
            return "where"
        for pattern, found in _ANYWHERE:
            if (match := pattern.search(bare)) and self.stands_free(bare, match) and self.add(found(match)):
                rest = re.sub(
                    r"(?:\s(?:and|but|with|only|just|in|from|that are))+$", "", bare[: match.start()].rstrip()
                )
                after = re.sub(r"^\s*(?:and|but)\s+", "", bare[match.end() :])
                for each in (rest, after):
                    self.piece(each)
                return "where"
        for cut in re.finditer(r"\s+(?:and|plus|&)\s+", bare):
            left, right = bare[: cut.start()], bare[cut.end() :]
            ends = self.is_condition(left) and (
                not _MINUS.fullmatch(left) or re.match(r"(?:at|in|on|by|during|under|as)\s", right)
            )
            if self.is_condition(right) or ends:
                self.piece(left)
                return self.piece(right)
        if (raw := _LATER_RAW.search(bare)) and self.add([self.written(bare[raw.end() :])]):
            self.piece(bare[: raw.start()])
            return "where"
        if re.fullmatch(r"(?:with )?(?:nobody|no[- ]one)(?: else| around| there| at all)*", bare.lower()):
            self.minus.append("people")
            return "minus"
        if minus := _MINUS.fullmatch(bare):
            later = _LATER_MINUS.search(minus["what"])
            self.leave_out(minus["what"][: later.start()] if later else minus["what"])
            return self.piece(minus["what"][later.end() :]) if later else "minus"
        if (later := _LATER_MINUS.search(bare)) and later.start():
            self.piece(bare[: later.start()])
            return self.piece(bare[later.end() :])
        lead = r"^(?:(?:and|but|also|only|just|of|for|about)\s+)+" if self.where else r"^(?:and|but|also|only|just)\s+"
        self.words.append(self.whole(re.sub(lead, "", bare)))
        return "words"

    def condition(self, piece: str) -> bool:
        """Whether the piece is a condition by itself; it is kept then."""
        if _VARIED.fullmatch(piece):
            self.diverse = True
            return True
        if (raw := _RAW.fullmatch(piece)) and self.add([self.written(raw["raw"])]):
            return True
        for pattern, found in (*_ALONE, *_ANYWHERE):
            if (match := pattern.fullmatch(piece)) and self.add(found(match)):
                return True
        if told := _TELLS.fullmatch(piece):
            return self.add([f'prompt{"!" * bool(told["no"])}:"{self.whole(told["what"])}"'])
        return False

    def is_condition(self, piece: str) -> bool:
        trial = _Heard(self.quoted)
        bare = _FILLER.sub("", piece.strip()).strip()
        return trial.condition(bare) or trial.condition(piece.strip()) or bool(_MINUS.fullmatch(bare))

    def is_bare(self, piece: str) -> bool:
        return not self.is_condition(re.sub(r"^(?:or|nor)\s+", "", piece)) and not re.match(
            r"(?:but|only|at|in|on|with)\b", piece
        )

    @staticmethod
    def stands_free(piece: str, match: re.Match[str]) -> bool:
        before, after = piece[: match.start()], piece[match.end() :]
        return not re.search(r"[\w.]$", before) and not re.match(r"[\w]", after)

    def add(self, written: Sequence[str]) -> bool:
        try:
            found = [parse_filter(self.written(one)) for one in written]
        except BadInput:
            return False
        self.where += found
        return True

    def leave_out(self, said: str) -> None:
        if re.fullmatch(r"(?:one|body)(?: else| around| there| at all)*", said.strip().lower()):  # "no one around"
            said = "people"
        for part in re.split(r"\s*,\s*|\s+(?:and|or|nor|&)\s+", said):
            part = re.sub(
                r"^(?:or|nor|and|no|any|the|an?|too|so|very|showing|without)\s+",
                "",
                _TAIL.sub("", part.strip(" .!?")).strip(),
            )
            part = re.sub(r"^(?:any|the|an?)\s+", "", part)
            if part:
                self.minus.append(self.whole(part))

    def whole(self, text: str) -> str:
        return _TOKENS.sub(lambda match: self.quoted[int(match[1])], text)

    def written(self, text: str) -> str:
        return _TOKENS.sub(lambda match: f'"{self.quoted[int(match[1])]}"', text)
