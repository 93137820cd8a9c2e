"""A person's words → what a search asks for: meaning, what to leave out, conditions; and a search as words again. Pure.

"like this picture, but at night, without people, wide, only my favourites" is read as the words "at night", minus people,
`shape=wide` and `favourite=yes`. What is no condition stays meaning, so nothing that was said is lost. `said` writes a
search so that `read` reads the same one.
"""

import dataclasses
import re
from collections.abc import Callable, Sequence

from agent.wording import COUNT, REF, counted, ref_of
from tools.backends.errors import BadInput
from tools.backends.filters import KINDS, Filter, parse_filter
from tools.backends.queries import Query, called, without_chip

LONGEST = 600  # characters; more is a prompt and no search with conditions
_TOKEN = "\ue000{}\ue001"  # stands for a quotation while the words around it are cut  # noqa: S105
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
    (r"(?P<no>)(?:(?:that|which|what|the ones?) )*i(?:'ve| have) (?:saved|kept|favou?rited|starred|bookmarked)", _flag("favourite=yes", "favourite=no")),
    (rf"{_NO}(?:only |just )?(?:from|on|at) (?:the (?:web)?site )?(?P<site>{_SITE})(?: only)?", _site),
    (rf"{_NO}(?:only |just )?(?:from|on) (?P<site>{_NAMED})(?: only)?(?![\w-])", _site),
    (r"(?P<no>)(?:(?:rendered|made|only|just|those|ones?) )*(?:(?:with|whose|where|of|having|that have) )?(?:the |its |their |an? )?(?:exact )?(?:seeds? (?:is |are |that (?:is|are) )?known|known (?:exact )?(?:seeds?|settings|recipes?)|(?:exact )?settings (?:are |is )?known)", _flag("seed=known", "seed=unknown")),
    (r"(?P<no>)(?:(?:with|whose|where|of) )?(?:the |its |their |an? )?(?:seeds? (?:is |are )?(?:unknown|not known)|unknown seeds?)", _flag("seed=unknown", "seed=known")),
    (r"in (?:an? )?(?P<no>)(?P<shape>landscape|wide|widescreen|horizontal|panoramic|portrait|tall|vertical|upright|square) (?:format|orientation|shape|aspect(?: ratio)?|mode)", _shape),
    (rf"(?:with )?(?:an? )?(?:rated|ratings?|scored?|scores)(?: is| are)? ?{_LEAST} ?(?P<score>{_NUMBER})(?: ?/ ?10| of 10| out of (?:10|ten)| stars?)?(?: (?:or|and) (?:more|better|higher|above|up))?", _score("rating")),
    (r"(?:at least|min(?:imum|\.)?|(?P<how>at most|>=|<=|≥|≤)) (?P<pixels>\d{2,5}) ?(?:px|pixels?)? ?(?:in )?(?P<side>wide|across|width|high|tall|height)", _side),
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
    (r"(?:safe(?: for work)?|sfw|family[- ]friendly|(?:no|not|nothing|without(?: any)?) (?:nsfw|explicit|adult)(?: content| stuff| things?)?)" + _ONES, lambda _: ["nsfw<0.5"]),
    (rf"nsfw ?{_LEAST} ?(?P<score>{_NUMBER})", _score("nsfw")),
    (r"(?P<how>)(?P<width>\d{2,5}) ?[x×] ?(?P<height>\d{2,5})(?: ?(?:px|pixels?))?", _both_sides),
)  # fmt: skip
_VARIED = re.compile(
    r"(?:as )?(?:varied|diverse|different from (?:each other|one another)|all (?:different|kinds)|mixed|(?:with )?(?:some |much )?(?:more )?variety|a (?:good |wide )?(?:mix|variety)|not (?:all|too) (?:the same|alike|similar))"
    r"(?: ones| results| as possible| examples)*",
    re.IGNORECASE,
)
_MINUS = re.compile(
    r"(?:(?:without|with no|but no|but not|no|not|minus|except(?: for)?|excluding|nothing (?:with|of|about)|free of|avoid(?:ing)?|leave out|leaving out|never)\s+(?:any )?|[-−–]\s?)(?P<what>[^\s-].*)",
    re.IGNORECASE,
)
_LATER_MINUS = re.compile(
    r"\s(?=(?:without|with no|but no|but not|excluding|except(?: for)?|minus|free of|leaving out)\s)", re.IGNORECASE
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
            if self.is_condition(right) or self.is_condition(left):
                self.piece(left)
                return self.piece(right)
        if (raw := _LATER_RAW.search(bare)) and self.add([self.written(bare[raw.end() :])]):
            self.piece(bare[: raw.start()])
            return "where"
        if minus := _MINUS.fullmatch(bare):
            later = _LATER_MINUS.search(minus["what"])
            self.leave_out(minus["what"][: later.start()] if later else minus["what"])
            return self.piece(minus["what"][later.end() :]) if later else "minus"
        if (later := _LATER_MINUS.search(bare)) and later.start():
            self.piece(bare[: later.start()])
            return self.piece(bare[later.end() :])
        self.words.append(self.whole(re.sub(r"^(?:and|but|also|only|just)\s+", "", bare)))
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
            found = [parse_filter(one) for one in written]
        except BadInput:
            return False
        self.where += found
        return True

    def leave_out(self, said: str) -> None:
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


# A search as words


def said(query: Query) -> str:
    """The search in words that `asked` and `read` take for the same one; a language model understands them as well."""
    parts = [_spoken(words) for words in query.words]
    parts += [f"without {_quoted(part)}" for part in query.without]
    parts += [_condition(condition) for condition in query.where]
    parts += ["varied"] if query.diverse else []
    if query.picture:
        return ", ".join([f"find examples like {query.picture}", *parts])
    return f"find examples of {', '.join(parts)}"


def _spoken(words: str) -> str:
    return words if read(words) == Query(words=(words,)) and asked(f"find {words}") is None else _quoted(words)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', "'") + '"'


def _condition(condition: Filter) -> str:
    name = called(condition)
    spoken = f"only {name}" if not name.startswith("not ") else name
    if read(spoken) == Query(where=(condition,)):
        return spoken
    text = str(condition.value)
    if isinstance(condition.value, str) and not re.fullmatch(r"\w+", text):
        return f"where {condition.column}{condition.operator}{_quoted(text)}"
    return f"where {condition}"


# Whether a message is such a search

_POLITE = r"(?:(?:please|now|and|ok(?:ay)?|then|hey|hi|so)[, ]+|(?:can|could|would|will) you (?:please )?|i(?:'d| would) (?:like|love) (?:to see|you to) |i want (?:to see|you to) |let me see |let's (?:see )?)*"
_FIND = r"(?:find|search(?: again)?(?: (?:the|your|my) library)?(?: for)?|look(?: again)?(?: (?:through|in) (?:the|your|my) library)?(?: (?:for|up))?|browse|list|filter)(?: me)?"
_SHOW = r"(?:show|give|get|bring|any|i need|i want)(?: me)?"
_KIND = r"(?P<first>(?:(?:wide|tall|square|varied|diverse|safe|landscape-format|portrait-format)(?:,| and)? )*)"
_FEW = rf"(?:(?:the|some|any|all|only|just|other|more|good|similar) |{COUNT} )*"
_LIBRARY = r"(?:prompts|examples|ideas|references|results)(?: (?:in|from) (?:the|your|my) library)?"
_PICTURES = r"(?:pictures|images|photos|ones|things)(?: (?:in|from) (?:the|your|my) library)?"
_OF = r"(?: (?:of|with|about|for|showing|that show|that look|which show|from|in))?"
_ASKED = re.compile(
    rf"{_POLITE}(?:(?P<find>{_FIND})[: ]+{_FEW}{_KIND}(?:{_LIBRARY}|{_PICTURES}|something|anything)?{_OF.replace('|from|in', '')}"
    rf"|{_SHOW} {_FEW.replace('?P<count>', '?P<few>')}{_KIND.replace('first', 'kind')}(?:{_LIBRARY}|(?P<pictures>{_PICTURES})){_OF.replace('|from|in', '')})[, ]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LIKE = re.compile(
    rf"(?:similar |close |near )?(?:like|similar to|close to|near|resembling|to|as|based on) (?P<picture>(?:the )?attachment \d+|the attached(?: (?:one|picture|image))?|{REF})(?: here)?(?=$|[,.;]|\s(?:but|only|and|with|without|at|in|on|as|just|from|that|which)\b)[,.; ]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SURE = ("source_site", "seed", "rating", "nsfw")  # columns that nothing but a search speaks of


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """A search that a message asks for; `query.picture` is as the person named it, "" where they named none."""

    query: Query
    about_picture: bool = False
    count: int = 6


def asked(words: str, attached: int = 0) -> Asked | None:
    """The search with conditions that a message is, or None: then other ears hear it.

    Args:
        words: The message.
        attached: How many pictures came with it; it is about them then.
    """
    text = " ".join(words.replace("’", "'").split())
    if not text or len(text) > LONGEST:
        return None
    found = _ASKED.fullmatch(text)
    rest, first = (found["rest"], found["first"] or found["kind"] or "") if found else (text, "")
    like = _LIKE.match(rest)
    about = bool(like) or attached > 0
    picture = ""
    if like:
        named = like["picture"].lower()
        picture = named.removeprefix("the ") if "attachment" in named else ref_of(named)
        rest = like["rest"]
    query = read(", ".join(part for part in (*first.replace(" and ", ", ").split(), rest) if part), picture)
    count = counted(found["count"] or found["few"], 6) if found else 6
    answer = Asked(query=query, about_picture=about, count=count)
    hard = bool(query.without or query.where or query.diverse)
    if found and (hard or (like and (query.words or "attachment" in picture))):
        return answer
    if like and not found:
        return answer if query.where else None
    if attached and not found and query.where and not _COMMAND.match(text.lower()):
        meant = tuple(each for each in query.words if not _SUCH.fullmatch(each))
        return dataclasses.replace(answer, query=dataclasses.replace(query, words=meant))
    if found is None and any(condition.column in _SURE for condition in query.where):
        return None if _COMMAND.match(text.lower()) else answer
    return None


_COMMAND = re.compile(
    r"(?:draw|paint|make|render|save|keep|add|put|remove|delete|what|why|which|is|are|do|does|how|use|set|export|undo|i |my |it |this )"
)

_SUCH = re.compile(
    r"(?:(?:more|similar|such|others?|the same|some|any)(?: ones?| pictures?| images?| examples?| prompts?)*|(?:more |others? )?like (?:this|that|it))",
    re.IGNORECASE,
)

# A search that follows another one

_AWAY = re.compile(
    r"(?:(?:please|now|and|ok)[, ]+)*(?:take away|take off|remove|drop|lift|forget|clear|without|ignore|delete)(?: the)? "
    r"(?:(?:condition|filter|chip)s? (?P<after>.+)|(?P<before>.+?) (?:condition|filter|chip)s?)(?: again| please)*",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:(?:please|now|and|ok)[, ]+)*(?:take away|remove|drop|lift|forget|clear|ignore|delete|no|without)(?: any| all)?(?: of)?(?: the)?(?: other)? (?:conditions|filters|chips)(?: please)?",
    re.IGNORECASE,
)
_ANY = {"shape": "shape", "format": "shape", "site": "source_site", "source": "source_site", "seed": "seed", "size": "width|height",
        "rating": "rating"}  # fmt: skip
_ANY_OF = re.compile(
    rf"(?:now |and |ok,? )*(?:in )?(?:any|all|every|whatever) ({'|'.join(_ANY)})s?(?: is fine| will do| again)?",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"(?:(?:now|and|ok|but|again|please)[, ]+)*(?:(?:the )?same(?: search| again| ones?)?|search again|again|once more|those|these|that)[,: ]+(?:but )?",
    re.IGNORECASE,
)
_ONLY = re.compile(r"(?:(?:now|and|ok|but|please|show me|show|give me|find)[, ]+)*(?:only|just|but)\b", re.IGNORECASE)


def follow(words: str, last: Query, *, has_draft: bool) -> Query | None:
    """The last search as a message changes it: narrower ("only wide ones"), or with a condition less; or None.

    Args:
        words: The message.
        last: What was searched for.
        has_draft: Whether there is a prompt that "without people" could change instead.
    """
    text = " ".join(words.replace("’", "'").split()).strip(" .!?")
    if not text or len(text) > LONGEST or not (last.words or last.picture):
        return None
    if _NONE.fullmatch(text):
        return dataclasses.replace(last, without=(), where=(), diverse=False)
    if away := _AWAY.fullmatch(text):
        named = re.split(r"\s*,\s*|\s+and\s+", (away["after"] or away["before"]).strip(" \"'“”"))
        less = without_chip(last, named)
        return less if less != last else None
    if free := _ANY_OF.fullmatch(text):
        columns = _ANY[free[1].lower()].split("|")
        less = dataclasses.replace(last, where=tuple(each for each in last.where if each.column not in columns))
        return less if less != last else None
    same = _SAME.match(text)
    more = read(text[same.end() :] if same else text)
    if not (same or _ONLY.match(text) or re.match(r"(?:ones|pictures|examples|images) ", text.lower())):
        return None
    if more.words and (has_draft or not (same or text.lower().startswith("but "))):
        return None
    if (
        has_draft
        and not more.where
        and not re.match(r"(?:.*\b)?(?:ones|pictures|examples|images|search)\b", text.lower())
    ):
        return None
    if not (more.where or more.without or more.words or more.diverse):
        return None
    anew = {each.column for each in more.where if each.operator == "="}
    kept = tuple(each for each in last.where if each.column not in anew or each.operator != "=")
    return dataclasses.replace(
        last,
        words=(*last.words, *more.words),
        without=(*last.without, *more.without),
        where=(*kept, *more.where),
        diverse=last.diverse or more.diverse,
    )
