"""What a search asks for, as a record: what is meant, what is left out, on which conditions. Pure.

A query can be shown as chips, each of which can be taken away; what is left is a query again.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tools.backends.errors import BadInput
from tools.backends.filters import Filter, parse_filters

MOST_WORDS = 8  # pieces that words are shown as; more are a whole prompt, which is one piece
MOST_WITHOUT = 12  # each costs a condition on every prompt, and a look at what it means
MOST_WHERE = 24
LONGEST = 200  # characters of what is left out
# How conditions are called in a chip; all others are shown as they are written.
_NAMES: Mapping[str, str] = {
    "shape=wide": "wide",
    "shape=tall": "tall",
    "shape=square": "square",
    "favourite=yes": "my favourites",
    "seed=known": "seed known",
    "seed=unknown": "seed unknown",
    "nsfw<0.5": "safe",
}
_OPPOSITE = {"=": "!=", "!=": "="}
_KNOWN_BY = {  # what is not known of every example, and the conditions that those meet of which it is
    "nsfw": ("nsfw score", ("nsfw>=0",)),
    "rating": ("rating", ("rating>=0",)),
    **dict.fromkeys(("shape", "width", "height"), ("known size", ("width>0", "height>0"))),
}
ChipKind = Literal["words", "without", "where", "diverse"]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One condition of a query that can be taken away. `text` is what a person reads: "at night", "− people", "wide"."""

    kind: ChipKind
    text: str
    value: str  # the words, or the condition as `parse_filter` reads it


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search: words and a picture that say what is meant, what may not be there, and conditions on the columns.

    `picture` is a name, such as "picture 2"; the record holds no pixels. `diverse`: rather different ones than the nearest.

    Raises:
        BadInput: too many things to leave out, too many conditions, or one that is too long.
    """

    words: tuple[str, ...] = ()
    picture: str = ""
    without: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    diverse: bool = False

    def __post_init__(self) -> None:
        for name in ("words", "without"):
            said = (" ".join(part.split()).strip(" ,") for part in getattr(self, name))
            object.__setattr__(self, name, tuple(dict.fromkeys(part for part in said if part)))
        object.__setattr__(self, "where", tuple(dict.fromkeys(self.where)))
        if len(self.without) > MOST_WITHOUT or len(self.where) > MOST_WHERE:
            raise BadInput(
                f"{len(self.without)} things to leave out and {len(self.where)} conditions are too many for one search. "
                f"Give up to {MOST_WITHOUT} and {MOST_WHERE}."
            )
        if too_long := next((part for part in self.without if len(part) > LONGEST), None):
            raise BadInput(
                f"{too_long[:40] + '…'!r} is too long to leave out: {LONGEST} characters at most. Name a thing, such as people."
            )

    @property
    def text(self) -> str:
        """All that is meant, as one text."""
        return ", ".join(self.words)

    @property
    def has_conditions(self) -> bool:
        """Whether it asks for more than words or a picture alone."""
        return bool(self.without or self.where or self.diverse or (self.words and self.picture))

    def chips(self) -> list[Chip]:
        """What can be taken away, in the order of a sentence. A search without a picture keeps its last words."""
        few = self.words if self.picture or len(self.words) > 1 else ()
        chips = [Chip(kind="words", text=words, value=words) for words in few]
        chips += [Chip(kind="without", text=f"− {part}", value=part) for part in self.without]
        chips += [Chip(kind="where", text=called(condition), value=str(condition)) for condition in self.where]
        chips += [Chip(kind="diverse", text="varied", value="varied")] if self.diverse else []
        return chips

    def but(self, chip: Chip) -> "Query":
        """The query without one of its chips."""
        if chip.kind == "diverse":
            return dataclasses.replace(self, diverse=False)
        if chip.kind == "where":
            return dataclasses.replace(self, where=tuple(each for each in self.where if str(each) != chip.value))
        if chip.kind == "without":
            return dataclasses.replace(self, without=tuple(part for part in self.without if part != chip.value))
        return dataclasses.replace(self, words=tuple(words for words in self.words if words != chip.value))

    def as_json(self) -> dict[str, Any]:
        """As plain values, conditions as they are written."""
        return {
            "words": list(self.words),
            "picture": self.picture,
            "without": list(self.without),
            "where": [str(condition) for condition in self.where],
            "diverse": self.diverse,
        }


def query_of(document: Any) -> Query:
    """What `as_json` wrote; an empty query where it is none, as in a conversation of an older version."""
    try:
        return Query(
            words=tuple(map(str, document["words"])),
            picture=str(document["picture"]),
            without=tuple(map(str, document["without"])),
            where=tuple(parse_filters([str(each) for each in document["where"]])),
            diverse=document["diverse"] is True,
        )
    except (TypeError, KeyError, IndexError, BadInput):
        return Query()


def pieces(words: str) -> tuple[str, ...]:
    """Words comma by comma; a long list of phrases is a prompt and stays one piece."""
    found = tuple(part.strip() for part in words.split(",") if part.strip())
    return found if len(found) <= MOST_WORDS else (words.strip(),)


def listed(parts: str | Iterable[str]) -> tuple[str, ...]:
    """Things that are named one by one, or comma by comma in one text."""
    texts = [parts] if isinstance(parts, str) else list(parts)
    return tuple(dict.fromkeys(part.strip() for text in texts for part in str(text).split(",") if part.strip()))


def called(condition: Filter) -> str:
    """A condition in a chip: "wide", "not lexica.art", "width≥1024"."""
    written = str(condition)
    if name := _NAMES.get(written):
        return name
    if opposite := _OPPOSITE.get(condition.operator):
        other = Filter(column=condition.column, operator=opposite, value=condition.value)
        if name := _NAMES.get(str(other)):
            return f"not {name}"
    if condition.column == "favourite":
        return "my favourites" if condition.value is (condition.operator == "=") else "not my favourites"
    if (
        condition.column == "source_site"
        and condition.operator in _OPPOSITE
        and re.fullmatch(r"\S+", str(condition.value))
    ):
        return f"{'not ' * (condition.operator == '!=')}{condition.value}"
    return written.replace("<=", "≤").replace(">=", "≥").replace("!=", "≠", 1)


def unknown_told(where: Iterable[Filter], count: Callable[[Sequence[Filter]], int]) -> str:
    """How many examples are left out because what a condition asks about is not known of them; '' where there are none.

    Args:
        where: the conditions.
        count: how many examples meet conditions, or how many there are.
    """
    telling = (each for each in where if each.column in _KNOWN_BY and each.operator != "!=")
    asked = dict.fromkeys(_KNOWN_BY[each.column] for each in telling)
    parts = []
    for what, known in asked:
        if lacking := count(()) - count(parse_filters(known)):
            have = "1 example has" if lacking == 1 else f"{lacking:,} examples have"
            parts.append(f"{have} no {what} and {'is' if lacking == 1 else 'are'} left out.")
    return " ".join(parts)


def without_chip(query: Query, wanted: Sequence[str]) -> Query:
    """The query without the chips of these names; names of none change nothing."""
    low = {name.casefold().strip(" .−-") for name in wanted}
    for chip in query.chips():
        if {chip.text.casefold().strip(" −"), chip.value.casefold()} & low:
            query = query.but(chip)
    return query
