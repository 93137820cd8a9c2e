"""Whose words a phrase is made of: the person's, the examples', or the assistant's own. Pure; decided by code alone.

Words are compared, not meanings. "bluer" counts as blue, "cinamatic" as cinematic; a synonym counts as the assistant's idea.
"""

import difflib
from collections.abc import Sequence
from typing import Literal

from tools.backends import phrases

_SMALL = frozenset("a an the of in on at by to with and".split())
_ENDINGS = ("r", "er", "st", "est", "s", "es")
SLIP = 0.84  # difflib's ratio: one letter wrong in six or more
ALIKE = 0.3  # of two prompts' words: less in common, and a few words are no edit of the whole prompt
FEW = 4  # words


def source(phrase: str, said: str, *, cited: bool) -> Literal["person", "examples", "assistant"]:
    """Who brought a phrase: "person" where all its words stand in the message, else "examples" where true citations do."""
    own = [word for word in phrases.words(phrase) if word not in _SMALL]
    heard = phrases.words(said)
    if own and all(_heard(word, heard) for word in own):
        return "person"
    return "examples" if cited else "assistant"


def stands_in(text: str, message: str) -> bool:
    """Whether a text stands in a message as it is, white space apart."""
    wanted = " ".join(text.split())
    return bool(wanted) and wanted in " ".join(message.split())


def by_hand(edited: str, prompt: str, message: str) -> bool:
    """Whether the person really wrote a whole prompt: it makes up most of their message, and is more than a few words.

    A model that passes one word of the message off as the edited prompt would lead around every lock.
    """
    own, all_words = phrases.words(edited), phrases.words(message)
    if not stands_in(edited, message) or 2 * len(own) < len(all_words):
        return False
    return len(own) >= FEW or alike(edited, prompt) >= ALIKE


def alike(one: str, other: str) -> float:
    """How much of their words two prompts have in common, in order: 0 nothing, 1 all."""
    return difflib.SequenceMatcher(None, phrases.words(one), phrases.words(other), autojunk=False).ratio()


def _heard(word: str, said: Sequence[str]) -> bool:
    """Whether a word was said, also as "bluer" for blue, "hazier" for hazy, "bigger" for big, or with a slip of the finger."""
    forms = {word, *(word + ending for ending in _ENDINGS), *(word + word[-1] + ending for ending in ("er", "est"))}
    if word.endswith("y"):
        forms |= {word[:-1] + ending for ending in ("ier", "ies", "iest")}
    if forms & set(said):
        return True
    return len(word) >= 5 and bool(difflib.get_close_matches(word, said, 1, SLIP))
