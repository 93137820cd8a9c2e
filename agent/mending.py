"""Mends typos in command words: "cinamatic", "favorits", "teh". Every other word stays as it was typed."""

import re
from functools import lru_cache

from agent import vocabulary

_WORDS = frozenset(
    """cinematic watercolor watercolour vaporwave painting realistic photorealistic favourites favorites favourite favorite variations
    variation versions different instead without picture pictures replace examples example similar midnight sunset another previous
    original background dramatic colorful colourful mysterious atmospheric remove favourite please again pastel minimalist drawing
    library search prompts prompt generate render cyberpunk isometric unlock locked template history conversation export lighting
    colors colours missing everything shorten dramatic evening morning daytime preview thumbs highly detailed golden vintage
    autumn winter summer spring springtime summertime wintertime twilight sunrise""".split()
)
# Words in their own right that lie one slip from a command word
_OWN = frozenset(
    "paste pastes decor winters spring springs lightning lightening render rendered rendering shortest shorter prompted template temple mourning evenings deny export expert history "
    "precious derailed conservation conversion vibration vibrations panting pointing printing parting differently difference differences originally previously generator "
    "exporter searches searched searching historic historical literary temperate surprise surprised drowning validation mysteriously dramatically realistically summery "
    "autumnal wintery wintry similarly colorfully minimalism preview previews generates pictured shortened removed replaced restored visions mission mixing anther sunrises datetime".split()
)
# What fingers do to short words, and how people write in a hurry
_SLIPS = {
    "teh": "the", "hte": "the", "th": "the", "adn": "and", "nad": "and", "wiht": "with", "wth": "with", "witout": "without",
    "plz": "please", "pls": "please", "plese": "please", "u": "you", "ur": "your", "r": "are", "wud": "would", "cud": "could",
    "wat": "what", "wht": "what", "whats": "what's", "wheres": "where's", "theres": "there's", "thats": "that's", "hows": "how's",
    "cant": "can't", "dont": "don't", "doesnt": "doesn't", "isnt": "isn't", "didnt": "didn't", "wont": "won't", "im": "i'm", "ive": "i've",
    "id": "i'd", "lets": "let's", "sav": "save", "saev": "save", "mak": "make", "maek": "make", "mke": "make", "mor": "more", "moar": "more", "les": "less",
    "ad": "add", "bak": "back", "bakc": "back", "lok": "lock", "unlok": "unlock", "shwo": "show", "sho": "show", "remov": "remove",
    "rmove": "remove", "undoo": "undo", "un-do": "undo", "unod": "undo", "pictur": "picture", "piture": "picture", "pitcure": "picture", "picure": "picture",
    "drak": "dark", "darkr": "darker", "nite": "night", "nihgt": "night", "nigth": "night", "beech": "beach", "beahc": "beach", "forrest": "forest", "insted": "instead", "dramatik": "dramatic",
    "sth": "something", "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to", "tho": "though", "stlye": "style", "styel": "style",
    "colur": "colour", "colurs": "colours", "agian": "again", "agin": "again", "anoter": "another", "chek": "check", "ligth": "light", "ligthing": "lighting", "lightin": "lighting",
    "delet": "delete", "favs": "favourites", "fave": "favourite", "faves": "favourites", "pics": "pictures", "imgs": "images", "wher": "where", "hav": "have",
    "em": "them", "pis": "please", "lik": "like", "liek": "like", "chnage": "change", "chagne": "change", "templat": "template", "histroy": "history", "reroll": "reroll", "abit": "a bit",
}  # fmt: skip
# Short words of commands, in which two letters change places: "mroe", "amke", "wihtout". None of these slips is a word.
_SWAPPED = {
    f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}": word
    for word in """more make with that this save show undo lock back keep like less very dark darker bright brighter light night remove replace change
    please picture without again another unlock first second third could would can't draw paint render turn give want need image style place time put little
    instead everything background colour color prompt explain export search find library variations different
    green brown white black yellow purple orange""".split()
    for at in range(len(word) - 1)
    if word[at] != word[at + 1] and len(word) >= 4
}
_LEAST = 5  # shorter words have too many neighbours that are words themselves
_PAIRS = frozenset(tuple(name.split()) for name in vocabulary.STYLES if name.count(" ") == 1)  # "pixel art"


def mend(text: str) -> str:
    """The text with misspelt command words put right; lower case in, lower case out."""
    text = re.sub(r"([a-z])\1{2,}", r"\1", re.sub(r"([oe])\1{2,}(?=[dklmnpt])", r"\1\1", text))  # "sooo cooool"
    text = re.sub(
        r"(?<![\w'-])[a-z]+(?:-[a-z]+)?(?![\w'-])",
        lambda word: _SLIPS.get(word[0]) or _SWAPPED.get(word[0], word[0]),
        text,
    )
    return mend_styles(re.sub(rf"[a-z]{{{_LEAST},}}", lambda word: _nearest(word[0]), text))


def mend_styles(text: str) -> str:
    """The text with one misspelt word in a style's name of two put right: "pixle art". All else stays as it was typed."""
    words = list(re.finditer(r"[A-Za-z0-9-]+", text))
    for one, two in reversed(list(zip(words, words[1:], strict=False))):
        if text[one.end() : two.start()] == " " and (pair := _pair(one[0].lower(), two[0].lower())):
            text = f"{text[: one.start()]}{pair}{text[two.end() :]}"
    return text


@lru_cache(maxsize=2048)
def _pair(one: str, two: str) -> str:
    """The style's name that two words are, but for one slip in one of them; empty where they are none, or right already."""
    if (one, two) in _PAIRS:
        return ""
    for a, b in _PAIRS:
        for said, meant, other in ((one, a, two == b), (two, b, one == a)):
            if other and _slip(said, meant):
                return f"{a} {b}"
    return ""


def _slip(said: str, meant: str) -> bool:
    """Whether a word is no word of its own and lies one slip of the fingers from another."""
    if said in _OWN or vocabulary.is_known(said) or said.removesuffix("s") == meant.removesuffix("s"):
        return False
    swapped = sorted(said) == sorted(meant)
    return said[:1] == meant[:1] and len(said) >= (4 if swapped else 5) and distance(said, meant) == 1


@lru_cache(maxsize=2048)
def _nearest(word: str) -> str:
    """The command word that this one is a slip of the fingers from, or itself."""
    if word in _WORDS or word in _OWN or len(word) < _LEAST or vocabulary.is_known(word):
        return word
    most = 1 if len(word) < 10 else 2  # two slips lead too often from one word to another: "drowning" to drawing
    near = [
        (d, known[-1] != word[-1], known)
        for known in _WORDS
        if known[0] == word[0] and abs(len(known) - len(word)) <= most and (d := distance(word, known)) <= most
    ]
    if not near:
        return word
    best, _, known = min(near)
    if len(word) < 6 and (best > 1 or len(known) != len(word) + 1):
        return word  # of so short a word only a letter that was left out is mended: "autum"
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
