"""Catches answers that claim what no tool did: a picture, a save, or a picture link that leads nowhere.

Deliberately simple and conservative: whole sentences in the first person, never questions, offers or negations.
"""

import re
from collections.abc import Set

_PICTURE = r"(?:picture|image|render(?:ing)?|illustration|variation|version|artwork|photo)s?"
_PICTURE_CLAIMS = (
    rf"\b(?:here(?:'s| is| are)|this is) (?:your|the|a|an|my|another|\w+) (?:\w+[ -]){{0,4}}?{_PICTURE}\b",
    rf"\bI(?:'ve| have)? (?:just |now |also )*(?:made|rendered|re-rendered|generated|created|painted|drew|drawn|produced) (?:\S+ ){{0,6}}?{_PICTURE}\b",
    rf"\b(?:your|the|a) (?:new )?{_PICTURE} (?:is|are|has been|have been|was|were) (?:now )?(?:ready|done|made|rendered|generated|created|finished)\b",
)
_SAVE_CLAIMS = (
    r"\bI(?:'ve| have)? (?:just |now |also )*(?:saved|added|stored|kept) (?:it|this|that|them|your|the|picture)\b(?=.*\b(?:favou?rite|library|saved)|[^.]*saved)",
    r"\bI(?:'ve| have)? (?:just |now |also )*saved (?:it|this|that|them|your|the|picture)\b",
    r"\b(?:picture(?: \d+)?|image|it|favou?rite)(?:'s| is| was| has been) (?:now )?(?:saved|in your favou?rites)\b",
)
_HEDGED = re.compile(
    r"\?|\b(?:not|never|no|n't|cannot|can|could|would|will|shall|if|once|when|unless|earlier|before|previous(?:ly)?|already|want|next|example)\b|n't\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LONGEST_LINK = 2_000

NO_PICTURE = "No picture was made in this turn: nothing was rendered. Ask me to render it, and I will."
NO_SAVE = 'Nothing was saved in this turn. Say "save it" to keep the picture.'


def correction(answer: str, done: Set[str]) -> str:
    """What must be added to an answer, given the names of the tools that succeeded in its turn; empty if it is true."""
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n+", answer.replace("’", "'")) if not _HEDGED.search(s)]
    wrong = []
    if "generate_picture" not in done and _any(_PICTURE_CLAIMS, sentences):
        wrong.append(NO_PICTURE)
    if "save_favourite" not in done and _any(_SAVE_CLAIMS, sentences):
        wrong.append(NO_SAVE)
    return " ".join(wrong)


def without_links(text: str) -> str:
    """The text without Markdown pictures: the page shows real pictures by itself, so these lead nowhere."""
    return _LINK.sub("", text)


class LinkFilter:
    """Takes Markdown pictures out of a stream, holding back only what may become one."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be shown now."""
        self._held = without_links(self._held + text)
        at = self._held.find("![")
        if at < 0:
            at = len(self._held) - 1 if self._held.endswith("!") else len(self._held)
        elif "\n" in self._held[at:] or len(self._held) - at > _LONGEST_LINK:
            at = len(self._held)  # no link can come of it any more
        shown, self._held = self._held[:at], self._held[at:]
        return shown

    def flush(self) -> str:
        """What was held back at the end; the beginning of a link is dropped."""
        rest, self._held = self._held, ""
        return re.sub(r"!\[[^\]\n]*\]\([^)\n]*$", "", rest)


def _any(patterns: tuple[str, ...], sentences: list[str]) -> bool:
    return any(re.search(pattern, sentence, re.IGNORECASE) for pattern in patterns for sentence in sentences)
