"""Conditions on examples, as a person writes them: `width>=1024`, `source_site=lexica.art`, `prompt!:people`.

A small language of its own: column, operator, value. Pure; knows no SQL, and nothing of what it reads becomes any.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.backends import phrases
from tools.backends.errors import BadInput

Value = int | float | str | bool

# What a column holds, and how it may be compared. `~` contains these letters; `:` holds these words, as whole words next
# to each other, the last one singular or plural; `!~` and `!:` say the opposite.
KINDS: Mapping[str, type] = {
    "width": int,
    "height": int,
    "source_site": str,
    "url": str,
    "prompt": str,
    "favourite": bool,
    "seed": bool,
    "shape": str,
    "nsfw": float,
    "rating": float,
}
_SIZES = ("=", "!=", "<", "<=", ">", ">=")
_TEXTS = ("=", "!=", "~", "!~")
_SCORES = ("<", "<=", ">", ">=")
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "width": _SIZES,
    "height": _SIZES,
    "source_site": _TEXTS,
    "url": _TEXTS,
    "prompt": (*_TEXTS, ":", "!:"),
    "favourite": ("=", "!="),
    "seed": ("=", "!="),
    "shape": ("=", "!="),
    "nsfw": _SCORES,
    "rating": _SCORES,
}
SHAPES = ("wide", "tall", "square")
WIDER = 1.2  # times the other side, from which a picture is wide or tall; below it, with both sides known, it is square
LARGEST = 2**32 - 1  # pixels a side that the library can keep
MOST: Mapping[str, float] = {"nsfw": 1.0, "rating": 10.0}  # of a score; all begin at 0
LONGEST = 10_000  # characters of a text to compare with
WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
KNOWN = {"known": True, "unknown": False} | WORDS
FORM = re.compile(r"\s*(\w+)\s*(!=|!~|!:|<=|>=|=|<|>|~|:)(.*)", re.DOTALL)
NUMBER = re.compile(r"(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:e[+-]?[0-9]{1,3})?", re.ASCII)
EXAMPLE = "Write it like width>=1024, shape=wide, source_site=lexica.art, prompt!:people, seed=known or favourite=yes."
_MEANS: Mapping[str, str] = {
    "favourite": "is yes or no",
    "seed": "is known or unknown: whether the library knows the seed of the picture",
    "shape": f"is {', '.join(SHAPES[:-1])} or {SHAPES[-1]}",
    "width": "is a whole number of pixels",
    "height": "is a whole number of pixels",
    "nsfw": "is a number from 0 (safe) to 1",
    "rating": "is a number from 0 to 10",
}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One condition. Texts are compared without regard to case.

    Raises:
        BadInput: no such column, or the operator or value does not go with it.
    """

    column: str
    operator: str
    value: Value

    def __post_init__(self) -> None:
        kind = KINDS.get(self.column)
        if kind is None:
            raise BadInput(f"{self.column!r} is no column to filter by; there are {', '.join(KINDS)}. {EXAMPLE}")
        if self.operator not in OPERATORS[self.column]:
            raise BadInput(
                f"{self.column} cannot be compared by {self.operator!r}, only by {' '.join(OPERATORS[self.column])}. "
                f"{EXAMPLE}"
            )
        if kind is float and type(self.value) is int:
            object.__setattr__(self, "value", float(self.value))
        if type(self.value) is not kind:  # a bool is an int to isinstance
            means = f"{self.column} {_MEANS[self.column]}. " if self.column in _MEANS else ""
            raise BadInput(f"{self.column} cannot be compared with {_short(self.value)}. {means}{EXAMPLE}")
        if isinstance(self.value, float):
            if not 0.0 <= self.value <= MOST[self.column]:
                raise BadInput(f"{self.value:g} is no {self.column}: {self.column} {_MEANS[self.column]}. {EXAMPLE}")
            object.__setattr__(self, "value", self.value + 0.0)  # no -0.0
        elif isinstance(self.value, str):
            self._check_text(self.value)
        elif kind is int and not 0 <= self.value <= LARGEST:
            raise BadInput(f"{self.value} is no size in pixels. {EXAMPLE}")

    def _check_text(self, text: str) -> None:
        if len(text) > LONGEST:
            raise BadInput(f"{_short(text)} is too long for {self.column}: {LONGEST} characters at most. {EXAMPLE}")
        if self.column == "shape" and text not in SHAPES:
            raise BadInput(f"{_short(text)} is no shape: shape {_MEANS['shape']}. {EXAMPLE}")
        if self.operator in ("~", "!~") and not text:
            raise BadInput(f"{self.column}{self.operator} needs something that it should contain. {EXAMPLE}")
        if self.operator in (":", "!:") and not phrases.words(text):
            raise BadInput(f"{self.column}{self.operator} needs a word that it should hold. {EXAMPLE}")

    def __str__(self) -> str:
        return f"{self.column}{self.operator}{_said(self.column, self.value)}"


def parse_filter(expression: str) -> Filter:
    """Read one condition. Spaces around its parts and quotation marks around the value are left out.

    Raises:
        BadInput: it is none; the message repeats it and shows how one is written.
    """
    found = FORM.fullmatch(expression)
    if not found:
        raise BadInput(f"{_short(expression)} is no condition on a column. {EXAMPLE}")
    column, operator, text = found[1].lower(), found[2], found[3].strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    try:
        return Filter(column=column, operator=operator, value=_value(column, text))
    except BadInput as error:
        raise BadInput(f"{_short(expression)}: {error}") from error


def parse_filters(expressions: Sequence[str]) -> list[Filter]:
    """Read several conditions, each once, in their order.

    Raises:
        BadInput: one of them is none.
    """
    return list(dict.fromkeys(parse_filter(expression) for expression in expressions))


def _value(column: str, text: str) -> Value:
    """The text as what the column holds; left as it is where it cannot be that, which `Filter` then refuses."""
    kind = KINDS.get(column, str)
    if kind is bool:
        return (KNOWN if column == "seed" else WORDS).get(text.lower(), text)
    if kind is int and re.fullmatch(r"[0-9]{1,10}", text):
        return int(text)
    if kind is float and NUMBER.fullmatch(text.lower()):
        return float(text)
    return text.lower() if column == "shape" else text


def _said(column: str, value: Value) -> str:
    """The value as `parse_filter` reads it again."""
    if isinstance(value, bool):
        names = ("unknown", "known") if column == "seed" else ("no", "yes")
        return names[value]
    if isinstance(value, str) and (value != value.strip() or value[:1] in ("'", '"')):
        return f'"{value}"'
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _short(value: object) -> str:
    if not isinstance(value, str):
        return repr(value)
    return repr(value if len(value) <= 80 else f"{value[:80]}…")
