"""What to change in a prompt to take over the light, place or style, or a phrase, of another one. Pure functions over text."""

import re
from collections.abc import Sequence

from tools.backends import aspects, locks, phrases
from tools.backends.aspects import Aspect, Piece
from tools.backends.records import Change

# Which aspect a named phrase is taken for, where it is about several.
_FIRST: tuple[Aspect, ...] = ("subject", "place", "time", "weather", "lighting", "camera", "style", "colors")


def borrowed(prompt: str, other: str, what: str) -> list[Change] | None:
    """The changes that put what `other` says of something in the place of what `prompt` says of it.

    Args:
        prompt: The prompt to change.
        other: The prompt to take from.
        what: An aspect, such as "lighting", or words of `other`, such as "the rim light".

    Returns:
        Changes in order, to be applied one after another; none where both say the same; None where `other` says nothing of it.
    """
    kind, theirs = _wanted(other, what)
    if not theirs:
        return None
    if kind is None:
        return [Change(kind="added", phrase=piece.words) for piece in theirs if not phrases.holds(prompt, piece.words)]
    ours = aspects.spoken_of(prompt, kind)
    if kind == "colors":
        theirs, ours = _colors(theirs, ours)
    kept = {phrases.normal(piece.words) for piece in theirs} & {phrases.normal(piece.words) for piece in ours}
    new = [piece.words for piece in theirs if phrases.normal(piece.words) not in kept]
    old = [piece for piece in ours if phrases.normal(piece.words) not in kept]
    if kind == "colors" and new and not old and not theirs[0].whole:
        return _colored(prompt, new[0])
    return _swapped(old, new, [piece.whole for piece in theirs if piece.words in new])


def _wanted(other: str, what: str) -> tuple[Aspect | None, list[Piece]]:
    """What is to be taken: the aspect, and the words of the other prompt that are about it."""
    kind = aspects.named(what)
    if kind is not None:
        theirs = aspects.spoken_of(other, kind)
        if not theirs and kind == "lighting":  # the hour is most of the light
            kind, theirs = "time", aspects.spoken_of(other, "time")
        return kind, theirs
    found = locks.find(other, what)
    for kind in _FIRST:
        theirs = [
            piece for piece in aspects.spoken_of(other, kind) if any(phrases.holds(piece.words, own) for own in found)
        ]
        if theirs:
            return kind, theirs
    return None, [Piece(own, own) for own in found]


def _colors(theirs: list[Piece], ours: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Colours of the whole picture ("teal and orange") stand for such, the colour of a thing for that of a thing."""
    whole = any(piece.whole for piece in theirs)
    theirs = [piece for piece in theirs if piece.whole == whole]
    return (theirs if whole else theirs[:1]), [piece for piece in ours if piece.whole == whole][: None if whole else 1]


def _swapped(old: Sequence[Piece], new: Sequence[str], whole: Sequence[bool]) -> list[Change]:
    """New words for old ones: whole phrases in their place; inside a longer phrase only what reads there."""
    waiting = list(zip(new, whole, strict=True))
    changes: list[Change] = []
    for phrase in dict.fromkeys(piece.phrase for piece in old):
        inside = [piece.words for piece in old if piece.phrase == phrase]
        if phrase in inside:
            changes.append(_whole(phrase, waiting.pop(0)[0] if waiting else None))
            continue
        text = phrase
        for words in inside:
            if waiting and _reads(words, *waiting[0]):
                text = _articled(text.replace(words, waiting.pop(0)[0], 1))
            else:
                text = phrases.without(text, words)
        changes.append(_whole(phrase, text if phrases.words(text) else None))
    return changes + [Change(kind="added", phrase=words) for words, _ in waiting]


def _whole(phrase: str, text: str | None) -> Change:
    if text is None:
        return Change(kind="removed", phrase=phrase)
    return Change(kind="replaced", phrase=text, was=phrase)


def _reads(old: str, new: str, whole: bool) -> bool:
    """Whether new words may stand inside a phrase where the old ones did: "at night" for "by day", but not "starry sky"."""
    if phrases.leaves(new) != [(0, len(new))] or len(phrases.split(new)) != 1:
        return False
    prepositions = [bool(re.match(rf"{aspects.PREPOSITION}\s", text, re.IGNORECASE)) for text in (old, new)]
    return prepositions[0] == prepositions[1] and (prepositions[0] or not whole)


def _colored(prompt: str, color: str) -> list[Change]:
    """A colour for a subject that has none."""
    for piece in aspects.spoken_of(prompt, "subject"):
        article = re.match(r"(?:an?|the|two|three|my|his|her|their)\s+", piece.words, re.IGNORECASE)
        at = article.end() if article else 0
        painted = _articled(f"{piece.words[:at]}{color} {piece.words[at:]}")
        return [Change(kind="replaced", phrase=piece.phrase.replace(piece.words, painted, 1), was=piece.phrase)]
    return [Change(kind="added", phrase=color)]


def _articled(text: str) -> str:
    """ "an black cat" → "a black cat"."""
    return re.sub(
        r"\b(an?)(?=\s+(\w))",
        lambda m: (m[1][0] + "n") if m[2].lower() in "aeiou" else m[1][0],
        text,
        count=1,
        flags=re.IGNORECASE,
    )
