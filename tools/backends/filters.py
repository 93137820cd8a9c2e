"""Conditions on examples, as a person writes them: `width>=1024`, `source_site=lexica.art`, `prompt~neon`.

A small language of its own: column, operator, value. Pure; knows no SQL, and nothing of what it reads becomes any.
"""

import re
from dataclasses import dataclass

from tools.backends.errors import BadInput

# What a column holds decides its operators and what may stand behind them.
KINDS: dict[str, type] = {
    "width": int,
    "height": int,
    "source_site": str,
    "url": str,
    "prompt": str,
    "favourite": bool,
}
OPERATORS: dict[type, tuple[str, ...]] = {
    int: ("=", "!=", "<", "<=", ">", ">="),
    str: ("=", "!=", "~"),
    bool: ("=", "!="),
}
LARGEST = 2**32 - 1  # pixels a side that the library can keep
WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
FORM = re.compile(r"\s*(\w+)\s*(!=|<=|>=|=|<|>|~)(.*)", re.DOTALL)
EXAMPLE = "Write it like width>=1024, source_site=lexica.art, prompt~neon or favourite=yes."


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One condition. `~` means contains; texts are compared without regard to case.

    Raises:
        BadInput: no such column, or the operator or value does not go with it.
    """

    column: str
    operator: str
    value: int | str | bool

    def __post_init__(self) -> None:
        kind = KINDS.get(self.column)
        if kind is None:
            raise BadInput(f"{self.column!r} is no column to filter by; there are {', '.join(KINDS)}. {EXAMPLE}")
        if self.operator not in OPERATORS[kind]:
            raise BadInput(f"{self.column} cannot be compared by {self.operator!r}. {EXAMPLE}")
        if type(self.value) is not kind:  # a bool is an int to isinstance
            raise BadInput(f"{self.column} cannot be compared with {self.value!r}. {EXAMPLE}")
        if isinstance(self.value, int) and not 0 <= self.value <= LARGEST:
            raise BadInput(f"{self.value} is no size in pixels. {EXAMPLE}")
        if self.operator == "~" and not self.value:
            raise BadInput(f"{self.column}~ needs something that it should contain. {EXAMPLE}")

    def __str__(self) -> str:
        value = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else self.value
        return f"{self.column}{self.operator}{value}"


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
        return Filter(column=column, operator=operator, value=_value(KINDS.get(column, str), text))
    except BadInput as error:
        raise BadInput(f"{_short(expression)}: {error}") from error


def _value(kind: type, text: str) -> int | str | bool:
    """The text as what the column holds; left as it is where it cannot be that, which `Filter` then refuses."""
    if kind is bool:
        return WORDS.get(text.lower(), text)
    if kind is int and re.fullmatch(r"[0-9]{1,10}", text):
        return int(text)
    return text


def _short(expression: str) -> str:
    return repr(expression if len(expression) <= 80 else f"{expression[:80]}…")
