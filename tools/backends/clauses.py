"""Conditions (`filters.Filter`) as SQL with bound values. Pure; every column comes out of a table of ours, every value is bound."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from tools.backends import phrases
from tools.backends.columns import SCORES, ZERO
from tools.backends.dialects import FOLDED
from tools.backends.filters import WIDER, Filter

COLUMNS = {"seed": "seed_known"} | {
    name: name for name in ("width", "height", "source_site", "url", "prompt", "favourite", "nsfw", "rating")
}
KINDS: dict[type, str] = {bool: "Bool", int: "UInt32", float: "Float32", str: "String"}
SHAPES = {
    "wide": f"(width > 0 AND height > 0 AND width >= {WIDER} * height)",
    "tall": f"(width > 0 AND height > 0 AND height >= {WIDER} * width)",
    "square": f"(width > 0 AND height > 0 AND width < {WIDER} * height AND height < {WIDER} * width)",
}
LETTER, JOIN = r"\pL\pN", "'’"  # what words are made of, and what may stand inside of one
BEFORE = f"(?:^|[^{LETTER}{JOIN}]|(?:^|[^{LETTER}])[{JOIN}])"
AFTER = f"(?:$|[^{LETTER}{JOIN}]|[{JOIN}](?:$|[^{LETTER}]))"
BETWEEN = f"[^{LETTER}{phrases.COMMAS}\\n\\r]+"  # no run of words goes across a comma
PIECE = re.compile(r"[^\W_]+")  # a word, or what the index of words has of one: "don't" is two


def conditions(where: Sequence[Filter], holding: str = "") -> tuple[str, dict[str, Any]]:
    """All the conditions as one of SQL, and its bound values.

    Args:
        where: the conditions; none of them is always true.
        holding: how the engine asks for prompts with any of `{words}` by its index of words, if it has one.
    """
    parts: list[str] = []
    bound: dict[str, Any] = {}
    for number, condition in enumerate(where):
        name = f"where{number}"

        def bind(value: Any, kind: str = "", name: str = name) -> str:
            bound[name] = value
            return f"{{{name}:{kind or KINDS[type(value)]}}}"

        parts.append(_one(condition, bind, bound, name, holding))
    return " AND ".join(parts) or "1", bound


def _one(condition: Filter, bind: Callable[..., str], bound: dict[str, Any], name: str, holding: str) -> str:
    column, operator, value = condition.column, condition.operator, condition.value
    if column == "shape":
        return f"{'NOT ' if operator == '!=' else ''}{SHAPES[str(value).lower()]}"
    column = COLUMNS[column]
    if column in SCORES:  # what is not known meets no condition: a safe picture is one of which that is known
        return f"({column} > 0 AND {column} {operator} {bind(max(float(value), ZERO))})"
    if column in ("width", "height") and operator in ("<", "<="):
        return f"({column} > 0 AND {column} {operator} {bind(value)})"
    if isinstance(value, bool) or not isinstance(value, str):
        return f"{column} {operator} {bind(value)}"
    no = "NOT " if operator.startswith("!") else ""
    run = phrases.words(value)
    if operator in (":", "!:") and run:
        held = f"match({FOLDED}, {bind(held_as(value))})"
        if holding:  # the index first: it reads no prompts, and cuts them at the same signs
            *first, last = run
            asked = [*([piece] for word in first for piece in PIECE.findall(word)), *_pieces_of_either(last)]
            parts = []
            for n, either in enumerate(asked):
                bound[f"{name}_{n}"] = either
                parts.append(holding.format(words=f"{{{name}_{n}:Array(String)}}"))
            held = f"({' AND '.join(parts)} AND {held})"
        return no + held
    if operator in ("~", "!~", ":", "!:"):
        return f"{no}positionCaseInsensitiveUTF8({column}, {bind(value)}) > 0"
    return f"lowerUTF8({column}) {operator} lowerUTF8({bind(value)})"


def held_as(phrase: str) -> str:
    """The regular expression for folded prompts that hold the words of a phrase, the last one in either number."""
    *first, last = phrases.words(phrase)
    ends = "|".join(re.escape(form) for form in dict.fromkeys((last, other_number(last))))
    return BEFORE + BETWEEN.join([*(re.escape(word) for word in first), f"(?:{ends})"]) + AFTER


def _pieces_of_either(word: str) -> list[list[str]]:
    """The pieces of a word, each with that of its other number; only the end of a word differs."""
    both = zip(PIECE.findall(word), PIECE.findall(other_number(word)), strict=True)
    return [list(dict.fromkeys(pair)) for pair in both]


def other_number(word: str) -> str:
    """The plural of a singular and the singular of a plural, as English mostly makes them; a guess only for finding."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1] if len(word) > 3 else word
    return word[:-1] + "ies" if word.endswith("y") and len(word) > 3 else word + "s"
