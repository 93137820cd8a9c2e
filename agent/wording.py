"""A wish as a record, and what every rule of the guide's ears shares: how people count and name pictures. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "idea", "more", "less", "style", "place", "time", "subject", "add", "remove", "replace", "avoid", "allow", "again", "back",
    "save", "favourites", "forget", "why", "prompt", "describe", "search", "use", "stay", "fresh", "settings", "help", "hello", "thanks", "unknown",
    "lock", "unlock", "locks", "borrow", "blend", "undo", "tree", "prompt_first", "hold", "edited", "render", "yes", "foresee", "weigh", "check",
    "mend", "missing", "rate", "taste", "dislike", "export", "only", "restore", "start",
]  # fmt: skip
EDITS: frozenset[Kind] = frozenset(
    ("more", "less", "style", "place", "time", "subject", "add", "remove", "replace", "avoid", "allow")
)
COMMANDS: frozenset[Kind] = frozenset(
    ("again", "back", "save", "favourites", "forget", "why", "prompt", "search", "use", "fresh", "settings", "help", "lock", "unlock", "locks",
     "borrow", "blend", "undo", "tree", "prompt_first", "hold", "edited", "render", "foresee", "weigh", "check", "mend", "missing", "rate", "taste",
     "export", "only", "restore")
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One thing that the person wants. `picture` is how they named it; empty: the current one.

    `how` says which way where there are two: "up" or "down", "on" or "off", "show" or "wipe". `parts` are several things
    named at once, such as what is to be locked.
    """

    kind: Kind
    text: str = ""
    was: str = ""
    picture: str = ""
    count: int = 1
    seed: str = ""
    how: str = ""
    parts: tuple[str, ...] = ()


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
COUNT = r"(?P<count>\d{1,2}|a couple(?: of)?|a few|some|several|two|three|four|five|six|one|another)"
ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|latest|newest|previous|original|\d+(?:st|nd|rd|th))"
REF = (
    rf"(?P<ref>(?:the )?(?:picture|pic|image|version|number|no\.?|render|draft) ?#?\d+|#\d+|(?:the )?{ORDINAL}(?: (?:one|picture|pic|image|version|render))?"
    r"|the (?:one|picture|image|version) before(?: (?:this|that|it|last))?|the (?:picture|image|one|attached (?:one|picture))|(?:this|that)(?: (?:one|picture|pic|image|version))?|it|them)"
)
PREPOSITION = re.compile(
    r"^(?:on top of|on|in|at|under|inside|near|by|next to|among|beside|over|above|below|behind|in front of|outside|into|onto|during|around|along|through)\s+\S"
)
DEGREE = r"(?:(?:an? (?:tiny |wee |little |small |slight |whole )*(?:bit|little|lot|touch|tad|notch|shade|hair)|much|even|way|slightly|some(?:what)?|far|very|really|quite|little bit) )*"
IT = r"(?:it|this|that|the (?:whole )?(?:picture|image|thing|scene|style|mood|lighting|light|colou?rs)|everything|the (?:last|first) one|picture \d+)"


def counted(said: str | None, default: int) -> int:
    if not said:
        return default
    said = said.removesuffix(" of")
    return int(said) if said.isdigit() else _NUMBERS.get(said, default)


def ref_of(said: str | None) -> str:
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


def noun(said: str) -> str:
    return re.sub(r"^(?:the|an?|any|all|some|his|her|its) ", "", said.strip())


def has_article(said: str) -> bool:
    return bool(re.match(r"(?:the|an?) ", said))


def tail(plain: str, low: str) -> str:
    """The words as the person wrote them, where they were not mended."""
    at = plain.lower().rfind(low)
    return plain[at : at + len(low)] if at >= 0 and low else low


# A way of saying something, and how the rules know it
Rewording = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def reworded(low: str, ways: Iterable[Rewording]) -> str:
    """The words after each rewording that fits them, one after the other."""
    for pattern, other in ways:
        low = pattern.sub(other, low, count=1)
    return low
