"""Mends typos in command words: "cinamatic", "favorits", "varations". Every other word stays as it was typed."""

import re
from functools import lru_cache

_WORDS = frozenset(
    """cinematic watercolor watercolour vaporwave painting realistic photorealistic favourites favorites favourite favorite variations
    variation versions different instead without picture pictures replace examples example similar midnight sunset another previous
    original background dramatic colorful colourful mysterious atmospheric remove favourite please again pastel minimalist drawing
    library search prompts prompt generate render cyberpunk isometric""".split()
)
_LEAST = 6  # shorter words have too many neighbours that are words themselves


def mend(text: str) -> str:
    """The text with misspelt command words put right; lower case in, lower case out."""
    return re.sub(r"[a-z]{6,}", lambda word: _nearest(word[0]), text)


@lru_cache(maxsize=2048)
def _nearest(word: str) -> str:
    """The command word that this one is a slip of the fingers from, or itself."""
    if word in _WORDS or len(word) < _LEAST:
        return word
    most = 1 if len(word) < 8 else 2
    near = [
        (d, known[-1] != word[-1], known)
        for known in _WORDS
        if known[0] == word[0] and abs(len(known) - len(word)) <= most and (d := distance(word, known)) <= most
    ]
    if not near:
        return word
    best, _, known = min(near)
    # One letter for another in a short word is as likely a word of its own ("remote"): only count slips that leave the letters.
    if len(word) < 8 and len(known) == len(word) and sorted(known) != sorted(word):
        return word
    if (
        known.removesuffix("s") == word
        or word.removesuffix("s") == known
        or word.removesuffix("d") == known
        or word.removesuffix("ed") == known.removesuffix("e")
    ):
        return word  # another form of the word, not a slip
    return known if best <= most else word


def distance(a: str, b: str) -> int:
    """How many slips (a letter wrong, missing, too many, or two swapped) lie between two words."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
