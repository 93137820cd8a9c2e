"""Whether two words are one: without their endings, spelled the British way, or with a letter wrong. Pure, English, modest."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache


def folded(text: str) -> str:
    """The text for comparing: lower case, plain apostrophes, single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("\ufe0f", "")
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """The words of a folded text; "don't" and "cat's" are one each."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text)


def stems(text: str) -> list[str]:
    """The stems of a text's words, articles left out."""
    return [stem(word) for word in words(folded(text)) if word not in ("a", "an", "the")]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The word without the endings that English hangs on: castles, castle's, raining and rainy meet castle and rain."""
    word = word.removesuffix("'s").removesuffix("s'").replace("'", "")
    word = {"grey": "gray", "nighttime": "night", "daytime": "day"}.get(word, word)
    if len(word) > 5 and word.endswith(("our", "ours")):
        word = word.replace("our", "or")
    for ending in ("ing", "ies", "es", "ed", "s", "y"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 3 and not word.endswith("ss") and re.search("[aeiou]", rest):
            word = rest
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """The stem that another one stands for, "darker" for "dark" or "caslte" for "castle"; None where several might be."""
    known = set(known)
    if len(typed) >= 5 and typed.endswith("er") and stem(typed[:-2]) in known:
        return stem(typed[:-2])
    close = [other for other in known if one_slip(typed, other)]
    return close[0] if len(close) == 1 else None


def one_slip(typed: str, right: str) -> bool:
    """Whether `typed` is `right` with a letter missing or too many, two letters swapped, or, in longer words, one wrong.

    The first letter must be right: people seldom miss it, and "boat" is not "coat". Words under four letters never match.
    """
    if min(len(typed), len(right)) < 4 or typed[0] != right[0] or abs(len(typed) - len(right)) > 1 or typed == right:
        return False
    shorter = min(len(typed), len(right))
    at = next((n for n in range(shorter) if typed[n] != right[n]), shorter)
    if len(typed) > len(right):
        return typed[at + 1 :] == right[at:]
    if len(typed) < len(right):
        return typed[at:] == right[at + 1 :]
    if typed[at : at + 2] == right[at : at + 2][::-1] and typed[at + 2 :] == right[at + 2 :]:
        return True
    return len(typed) >= 6 and typed[at + 1 :] == right[at + 1 :]
