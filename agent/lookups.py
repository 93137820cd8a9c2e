"""Whether a message is a search with conditions, or changes the one before it; and a search as words again. Pure.

`said` writes a search so that `asked` reads the same one: that is what a click on a chip says.
"""

import dataclasses
import re

from agent.conditions import read
from agent.wording import COUNT, REF, counted, ref_of
from tools.backends.filters import Filter
from tools.backends.queries import Query, called, without_chip

LONGEST = 600  # characters; more is a prompt and no search with conditions


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
_FIND = r"(?:find|search(?: again)?(?: (?:the|your|my) library)?(?: for)?|look(?: again)?(?: (?:through|in) (?:the|your|my) library)?(?: (?:for|up))?|browse|list|filter|what (?:do you have|have you got))(?: me)?"
_SHOW = r"(?:show|give|get|bring|any|i need|i want|are there|do you have|have you got)(?: me)?"
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
    if not text or len(text) > LONGEST or _MINE.fullmatch(text):
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
    rest = re.sub(r"^(?:about|of|for|showing)\s+", "", rest) if found else rest
    shapes = [word.replace("-format", " format") for word in re.findall(r"[\w-]+", first) if word != "and"]
    query = read(", ".join(part for part in (*shapes, rest) if part), picture)
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


# The favourites themselves, which are a list of their own and no search: "list my favourites"
_MINE = re.compile(
    r"(?:find|list|browse|look at)(?: me)? (?:all )?(?:of )?(?:(?:my|the|our) )?(?:favou?rites?|favs?|saved (?:pictures|ones|prompts))(?: list)?(?: (?:please|pls|again|now))*[.!?]*",
    re.IGNORECASE,
)
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
_WITHOUT = re.compile(
    r"(?:(?:now|and|ok|but|please|show me|show|give me|find)[, ]+)*without(?: the| any)?\b\s*", re.IGNORECASE
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
    if not has_draft and (out := _WITHOUT.match(text)) and not (more := read(text)).words:
        kept = without_chip(last, [text[out.end() :]]).where
        if kept != last.where:  # "without the night" after a search for some at night
            return dataclasses.replace(last, where=kept)
        without = tuple(dict.fromkeys((*last.without, *more.without)))
        return dataclasses.replace(last, without=without, where=(*last.where, *more.where))
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
