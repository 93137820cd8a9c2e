"""Whose words a phrase is made of: the person's, the examples', or the assistant's own. Pure; decided by code alone.

Words are compared, not meanings. "bluer" counts as blue, "cinamatic" as cinematic; a synonym counts as the assistant's idea.
"""

import difflib
import re
from collections.abc import Sequence
from typing import Literal

from tools.backends import aspects, phrases

_SMALL = frozenset("a an the of in on at by to with and".split())
_ENDINGS = ("r", "er", "st", "est", "s", "es")
SLIP = 0.84  # difflib's ratio: one letter wrong in six or more
ALIKE = 0.3  # of two prompts' words: less in common, and a few words are no edit of the whole prompt
FEW = 4  # words

# What people say to have a picture changed, and what stands in few prompts.
_ORDER = re.compile(
    r"\b(?:(?:make|turn|have|put|set|let|leave|give) (?:it|this|that|them|the)|(?:paint|draw|render) (?:it|them)|keep|chang(?:e|ing)|replac(?:e|ing)|"
    r"add(?:ing)?|remov(?:e|ing)|swap|unlock|everything else|the rest)\b",
    re.IGNORECASE,
)
_HANDED = re.compile(
    r"(?:prompt|edit\w*|this|text|version|wording|instead|it)\W{0,3}[:=\n]\s*[\"'“‘`]?\s*$", re.IGNORECASE
)


def source(phrase: str, said: str, *, cited: bool) -> Literal["person", "examples", "assistant"]:
    """Who brought a phrase: "person" where all its words stand in the message, else "examples" where true citations do."""
    own = [word for word in phrases.words(phrase) if word not in _SMALL]
    heard = phrases.words(said)
    if own and all(_heard(word, heard) for word in own):
        return "person"
    return "examples" if cited else "assistant"


_AGREES = re.compile(
    r"\W*(?:(?:oh|hm+|ok(?:ay)?|well|great|good|cool|nice|perfect|please)\W+)*(?:yes|yeah|yep|yup|sure(?: thing)?|ok(?:ay)?|fine|alright|all right|absolutely|definitely|of course|why not|sounds (?:good|great)|"
    r"go ahead|go for it|go on|please do|(?:do|make) (?:it|that|so)(?: so)?|let'?s (?:do|try|have|see) (?:it|that)|(?:render|draw|paint|show me) (?:it|that|this)|(?:use|take|try|apply) (?:it|that)|proceed|👍)(?=\W*$|[,.;!]|\s+(?:please|thanks|then|and|but)\b)",
    re.IGNORECASE,
)


def agrees(message: str) -> bool:
    """Whether a message begins by saying yes to something: then what it says yes to is the person's wish as well."""
    return _AGREES.match(message.strip()) is not None


def takes_out(message: str) -> bool:
    """Whether a message asks to take out what it only points to: "drop it then"."""
    return _TAKES_OUT.search(message) is not None


_TAKES_OUT = re.compile(
    r"\b(?:remov\w+|drop|delet\w+|los[et]|eras\w+|cut|kill|without|take (?:out|away)|get rid of|leave out)\b(?: \w+)? (?:it|that|this|them|those|these)\b|"
    r"\b(?:take|leave|cut) (?:it|that|this|them|those|these) (?:out|away|off)\b",
    re.IGNORECASE,
)


def stands_in(text: str, message: str) -> bool:
    """Whether a text stands in a message as it is, white space apart."""
    wanted = " ".join(text.split())
    return bool(wanted) and wanted in " ".join(message.split())


def an_order(text: str, message: str) -> bool:
    """Whether words of the message ask for a change ("make it night but keep the sofa") and are no prompt themselves.

    "use this prompt: …" before them says that they are one.
    """
    before = " ".join(message.split()).partition(" ".join(text.split()))[0]
    return bool(_ORDER.search(text)) and not _HANDED.search(before)


def by_hand(edited: str, prompt: str, message: str, *, breaks: bool = False) -> bool:
    """Whether the person really wrote a whole prompt: it makes up most of their message, and is more than a few words.

    A model that passes words of the message off as the edited prompt would lead around every lock. So what `breaks` one
    counts only where it is the prompt edited: much of its words are the prompt's.
    """
    own, all_words = phrases.words(edited), phrases.words(message)
    if not stands_in(edited, message) or 2 * len(own) < len(all_words) or an_order(edited, message):
        return False
    return (len(own) >= FEW and not breaks) or alike(edited, prompt) >= ALIKE


def an_idea(start: str, message: str) -> bool:
    """Whether the person's message brings this as a new idea, and not as a change of what there is.

    "make it at night" is none, nor is "at night" from it: an idea shows a thing or a place.
    """
    heard = stands_in(start.casefold(), message.casefold()) or source(start, message, cited=False) == "person"
    shown = [aspects.aspect_of(phrase) for phrase in phrases.flat(start)]
    return heard and not an_order(message, "") and any(not about or about & {"subject", "place"} for about in shown)


def alike(one: str, other: str) -> float:
    """How much of their words two prompts have in common, in order: 0 nothing, 1 all."""
    ours, theirs = phrases.words(one), phrases.words(other)
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    return matcher.ratio() if phrases.matched_in_order(ours, theirs) else matcher.quick_ratio()


def _heard(word: str, said: Sequence[str]) -> bool:
    """Whether a word was said, also as "bluer" for blue, "hazier" for hazy, "bigger" for big, or with a slip of the finger."""
    forms = {word, *(word + ending for ending in _ENDINGS), *(word + word[-1] + ending for ending in ("er", "est"))}
    if word.endswith("y"):
        forms |= {word[:-1] + ending for ending in ("ier", "ies", "iest")}
    if forms & set(said):
        return True
    return len(word) >= 5 and bool(difflib.get_close_matches(word, said, 1, SLIP))
