"""Values of a stranger's JSON, each checked for its type, size and length before it is used. Pure.

Messages say what is wrong with a value, without a capital or a full stop: whoever reads the file says where it stood.
"""

import math
from typing import Any

from tools.backends.errors import BadInput

LONGEST = 20_000  # characters of a prompt or a request
MOST_PHRASES = 500  # of one list


def text(value: dict[str, Any], key: str, longest: int = LONGEST) -> str:
    """A text that a file can hold. Raises KeyError where there is none, BadInput for anything else."""
    found = value[key]
    if not isinstance(found, str) or len(found) > longest:
        raise BadInput(f"{key} is no text of at most {longest:,} characters")
    if not is_writable(found):
        raise BadInput(f"{key} holds half a character, which no file or model takes")
    return found


def is_writable(text: str) -> bool:
    """Whether a text can be written as UTF-8: half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def number(value: dict[str, Any], key: str) -> float:
    """A finite number. Raises KeyError where there is none, BadInput for anything else."""
    found = value[key]
    try:
        if not isinstance(found, bool) and isinstance(found, int | float) and math.isfinite(found):
            return found
    except OverflowError:  # a whole number larger than any float
        pass
    raise BadInput(f"{key} is no number")


def whole(value: dict[str, Any], key: str, low: int, high: int) -> int:
    """A whole number between two others, both included. Raises KeyError where there is none, BadInput for anything else."""
    found = value[key]
    if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
        raise BadInput(f"{key} is no whole number from {low} to {high:,}")
    return found


def one_of(value: dict[str, Any], key: str, choices: tuple[Any, ...]) -> Any:
    """One of some choices, True and False by identity. Raises KeyError where there is none, BadInput for anything else."""
    if not any(value[key] is choice or (isinstance(choice, str) and value[key] == choice) for choice in choices):
        raise BadInput(f"{key} is none of {', '.join(str(choice) for choice in choices)}")
    return value[key]


def records(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of dicts. Raises KeyError where there is none, BadInput for anything else."""
    found = value[key]
    if not isinstance(found, list) or len(found) > MOST_PHRASES or not all(isinstance(one, dict) for one in found):
        raise BadInput(f"{key} is no list of at most {MOST_PHRASES} records")
    return found


def texts(value: dict[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts, as `text` takes them. Raises KeyError where there is none, BadInput for anything else."""
    found = value[key]
    if not isinstance(found, list) or len(found) > MOST_PHRASES:
        raise BadInput(f"{key} is no list of at most {MOST_PHRASES} texts")
    return tuple(text({key: one}, key) for one in found)
