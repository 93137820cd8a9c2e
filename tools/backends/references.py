"""Which picture some words mean: "picture 3", "two before this", "the one before the neon", "yesterday's castle".

Pure: words and an `Album` in, pictures out; no files, no clock, no model. Words are looked for in what was rendered and in
what was asked; where several pictures fit and the words do not tell them apart, all are given back, and the person is asked:
a wrong picture changed costs more than a question. Understands English, with a letter wrong here and there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tools.backends import phrases
from tools.backends.errors import NotFound
from tools.backends.records import Draft, Picture
from tools.backends.spans_of_time import NUMBER_WORDS, Span, take_time
from tools.backends.stems import folded, nearest, one_slip, stem, stems
from tools.backends.stems import words as words_of

LONGEST = 300  # characters of a reference; a longer text means no picture
MOST_NAMED = 5  # candidates in a question

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_COUNTS = {word: n for n, word in enumerate(NUMBER_WORDS, 1)} | {"a": 1, "couple": 2}
_NTH = {word: n for n, word in enumerate(_ORDINALS, 1)} | dict.fromkeys(("original", "oldest", "earliest"), 1)
_LASTS = {"last", "latest", "newest", "final"}
_NUMBERS = {**{word: n for n, word in enumerate(NUMBER_WORDS, 1)}, **_NTH}
_PICTURE = {"picture", "pictures", "pic", "pics", "photo", "image", "render", "version", "one", "ones"}
_FILLERS = {"the", "teh", "a", "number", "no", "nr", "very", "please", "again"} | (_PICTURE - {"one", "ones"})
_CURRENT = {"", "current", "it", "this", "that", "same", "now", "here"}
_LAST = _LASTS | {"most recent"}
_BEFORE = {"before", "previous", "prior", "before this", "before that", "before it", "earlier"}
_AFTER = {"next", "after", "after this", "after that", "after it"}

# Words that say nothing about what a picture shows.
_EMPTY = _FILLERS | _PICTURE | set(
    "an and i we you they he she it its it's that this those these which who where when while with has have had having of in at on "
    "from for by to as is was were be been being are my our your me us one's got get became become turned turn turning made make "
    "making did do done went go going came come coming put added add adding changed change changing said say asked gave give drew "
    "drawn showed shown shows show showing looks looked looking look like just right immediately directly shortly everything "
    "back then there so some any all more thing things stuff style styled kind called".split()
)  # fmt: skip
_SOFT = {
    "nice",
    "lovely",
    "great",
    "good",
    "beautiful",
    "pretty",
    "cool",
    "amazing",
    "really",
    "only",
    "old",
    "new",
    "other",
    "bit",
}
_SAVED = re.compile(r"\b(?:saved|kept|stored|starred|favou?rite[ds]?|favou?rites)\b")
_DISLIKED = re.compile(r"\b(?:disliked|hated|(?:did not|didn't|do not|don't) like|thumbs? down|down-?voted|rejected)\b")
_LIKED = re.compile(r"\b(?:liked|loved|i like|i love|preferred|thumbs? up|thumbed up|up-?voted)\b")
_SIGNS = str.maketrans(
    {"👍": " liked ", "👎": " disliked ", "★": " saved ", "⭐": " saved ", "♥": " saved ", "❤": " saved "}
)
_ELSEWHERE = re.compile(
    r"\b(?:from|in|of) (?:an|the|my|our)? ?(?:other|another|earlier|previous|last|old) (?:thread|conversation|chat|session)s?\b"
)
_WITHOUT = re.compile(r"\b(?:without|with no|that has no|has no|lacking|minus)\b")
_RELATION = re.compile(r"^(?P<left>.*?)\b(?P<way>before|after|prior to|preceding|following)\b\s*(?P<right>.+)$")
_BACK = re.compile(r"(?:go )?(\w+)(?: of)? (?:ones? )?(?:back|ago|earlier|before(?: (?:this|that|it|current|now))?)")
_ON = re.compile(r"(\w+) (?:ones? )?(?:later|further|on|after(?: (?:this|that|it|current|now))?)")
_TYPED = frozenset((*_ORDINALS, "picture", "latest", "newest", "before", "after", "previous", "original", "saved", "liked", "current",
                    "three", "seven", "eight", "earliest", "without", "version"))  # fmt: skip
_NOT_TYPOS = {"fifty", "sixty", "eighty", "forty", "sever", "saves", "likes", "pictures", "versions"}


@dataclass(frozen=True, kw_only=True)
class Known:
    """A picture, and what people may mean it by. `saved` and `rated` sort by when: a time and a count within one second."""

    picture: Picture
    request: str = ""
    root: bool = False  # its draft begins a new idea
    made: datetime | None = None
    saved: tuple[float, int] | None = None
    rated: tuple[float, int] | None = None
    verdict: str = ""  # "up", "down" or nothing


@dataclass(frozen=True, kw_only=True)
class Album:
    """The pictures that words may mean, oldest first, which one "it" is, and what time it is where the person is."""

    known: tuple[Known, ...]
    current: str | None = None
    now: datetime


def album(
    pictures: Sequence[Picture],
    drafts: Sequence[Draft] = (),
    *,
    current: Picture | None = None,
    favourites: Iterable[str] = (),
    ratings: Mapping[str, str] | None = None,
    times: Mapping[str, datetime] | None = None,
    saved_at: Mapping[str, datetime] | None = None,
    rated_at: Mapping[str, datetime] | None = None,
    now: datetime,
) -> Album:
    """An album of one conversation. `favourites` and `ratings` are picture names in the order in which they came."""
    by_number = {draft.number: draft for draft in drafts}
    saved = {name: (_seconds((saved_at or {}).get(name)), n) for n, name in enumerate(favourites)}
    rated = {name: (_seconds((rated_at or {}).get(name)), n) for n, name in enumerate(ratings or {})}
    known = []
    for picture in pictures:
        draft = by_number.get(picture.draft) if picture.draft is not None else None
        known.append(
            Known(
                picture=picture,
                request=draft.request if draft else "",
                root=draft is None or draft.parent is None,
                made=(times or {}).get(picture.name),
                saved=saved.get(picture.name),
                rated=rated.get(picture.name),
                verdict=(ratings or {}).get(picture.name, ""),
            )
        )
    return Album(known=tuple(known), current=current.name if current else None, now=now)


def candidates(words: str, among: Album) -> tuple[Picture, ...]:
    """The pictures that some words may mean: one where they are clear, none, or several to choose from."""
    if not among.known or len(words) > LONGEST:
        return ()
    search = _Search(among)
    return tuple(known.picture for known in search.meant(search.spelled(_read(words))))


def reaches_out(words: str, now: datetime) -> bool:
    """Whether words may mean a picture of another conversation: they name a time, something saved or liked, or say so."""
    said = _read(words)
    cues = (_SAVED, _LIKED, _ELSEWHERE)
    return take_time(said, now)[0] is not None or any(cue.search(said) for cue in cues)


def only_elsewhere(words: str) -> bool:
    """Whether words say that they mean a picture of another conversation, such as "the castle from the other chat"."""
    return _ELSEWHERE.search(_read(words)) is not None


def not_one(words: str, found: Sequence[Picture], among: Album) -> NotFound:
    """What to tell where words mean no picture, or several."""
    said = repr(" ".join(words.split())[:80])
    if not found:
        return NotFound(f"No picture here is called {said}. {what_exists('picture', len(among.known))}")
    named = [f"{p.name} ({_excerpt(p.recipe.prompt)})" for p in found[:MOST_NAMED]]
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return NotFound(
        f"{said} may mean {len(found)} pictures: {'; '.join(named)}{more}. Say which, such as {found[-1].name}."
    )


class _Search:
    """One look through an album. Every method gives the pictures in the order they were made, unless it says otherwise."""

    def __init__(self, among: Album) -> None:
        self.album = among
        self.all = list(among.known)
        self.place = {known.picture.name: n for n, known in enumerate(self.all)}
        self.current = self.place.get(among.current or "", len(self.all) - 1)
        self.shown = [[stems(phrase) for phrase in _pieces(known.picture.recipe.prompt)] for known in self.all]
        self.asked = [set(stems(known.request)) for known in self.all]
        self.vocabulary = {word for one in self.shown for piece in one for word in piece}.union(*self.asked)

    def spelled(self, said: str) -> str:
        """The words with slips of the pen in words of place mended; words that a prompt here holds are meant."""

        def mended(match: re.Match[str]) -> str:
            word = match[0]
            if word in _TYPED or word in _NOT_TYPOS or word in _EMPTY or stem(word) in self.vocabulary:
                return word
            close = [right for right in sorted(_TYPED) if len(right) >= 5 and one_slip(word, right)]
            return close[0] if len(close) == 1 else word

        return re.sub(r"[a-z]{4,}", mended, said)

    def meant(self, said: str, depth: int = 0) -> list[Known]:
        """The pictures that the words mean."""
        said = said.strip(" .,;!?:")
        if depth > 5:
            return []
        place = _place_of(said, self.current, len(self.all))
        if place is not None:
            return self._at(place)
        if match := re.fullmatch(r"(?:the )?draft (?:number |no |#)?\s?(\d{1,6})", said):
            return [known for known in self.all if known.picture.draft == int(match[1])][-1:]
        number = re.match(r"(?:the )?(?:picture|pic|image|number|no|nr)?\s*[.#]?\s*(\d{1,6})\b(?!\s*[a-z])", said)
        if number is not None and not _RELATION.match(said):
            return self._at(int(number[1]) - 1)
        when, rest = take_time(said, self.album.now)
        rest = _ELSEWHERE.sub(" ", rest)
        if (relation := _RELATION.match(rest)) is not None:
            found = self._related(relation, when, depth)
            if found:
                return found
        return self._described(rest, when)

    def _at(self, place: int) -> list[Known]:
        return [self.all[place]] if 0 <= place < len(self.all) else []

    def _related(self, relation: re.Match[str], when: Span | None, depth: int) -> list[Known]:
        """ "two before this", "the one before the neon", "the castle after the second one"."""
        left = [word for word in words_of(relation["left"]) if word not in _EMPTY]
        back = relation["way"] not in ("after", "following")
        right = relation["right"].strip()
        steps = (_count(left[0]) or 0) if len(left) == 1 else 0
        nth, left = self._nth(left)
        # Words of place mean a place in the row of pictures; words of content mean the picture that they came in with.
        place = _place_of(right, self.current, len(self.all))
        if place is None and re.match(r"(?:the )?(?:\w+ )?(?:one |picture )?(?:before|after)\b", right):
            found = self.meant(right, depth + 1)
            place = self.place[found[0].picture.name] if len(found) == 1 else None
        if place is not None:
            anchor = place
        else:
            came_in = self._described(right, when, first=True)
            if not came_in:
                return []
            anchor = self.place[came_in[0].picture.name]
        if left and not steps:
            wanted = self._matches(left, [k for n, k in enumerate(self.all) if (n < anchor if back else n > anchor)])
            return _picked(wanted, nth if nth is not None else -1 if back else 0)
        for _ in range(max(1, steps)):
            anchor = self._beside(anchor, back, by_line=place is None)
        return self._at(anchor)

    def _beside(self, place: int, back: bool, by_line: bool) -> int:
        """The picture before or after one: in its own line of descent where it has one, else in the row."""
        if by_line and 0 <= place < len(self.all):
            name = self.all[place].picture.name
            if back and (parent := self.all[place].picture.parent) in self.place:
                return self.place[parent or ""]
            child = next((n for n, known in enumerate(self.all) if known.picture.parent == name), None)
            if not back and child is not None:
                return child
        return place - 1 if back else place + 1

    def _described(self, said: str, when: Span | None, first: bool = False) -> list[Known]:
        """ "the neon one", "the first watercolor", "the last one I saved", "yesterday's castle"."""
        pool, ordered = self.all, None
        if when is not None:
            pool = [k for k in pool if k.made is not None and when.start <= k.made < when.end]
        for cue in (_DISLIKED, _LIKED, _SAVED):
            if cue.search(said):
                said, ordered = cue.sub(" ", said), cue
                break
        if ordered is not None:
            pool = _kept(pool, ordered)
        said, _, lacking = _parted(said)
        words = [word for word in words_of(said) if word not in _EMPTY]
        nth: int | None
        if words and words[0] in ("previous", "prior", "earlier", "next", "later"):
            back = words[0] not in ("next", "later")
            pool = [k for k in pool if (self.place[k.picture.name] - self.current) * (-1 if back else 1) > 0]
            nth, words = -1 if back else 0, words[1:]
        else:
            nth, words = self._nth(words)
        words = [word for word in words if word not in _SOFT or stem(word) in self.vocabulary]
        if lacking:
            pool = [k for k in pool if not self._matches(lacking, [k])]
        other = re.search(r"\bother\b", said) is not None
        if other and when is None:
            pool = [k for k in pool if self.place[k.picture.name] != self.current]
        if not (words or lacking or ordered is not None or when is not None or (other and len(self.all) == 2)):
            return []
        found = self._matches(words, pool) if words else pool
        if nth is not None:
            return _picked(found, nth)
        if first or len(found) < 2:
            return found[:1]
        return self._told_apart(found, bool(words))

    def _nth(self, words: list[str]) -> tuple[int | None, list[str]]:
        """Which of several is meant, from 0, or from -1 at the end, and the other words."""
        for at in (0, -1):
            if not words:
                break
            word = words[at]
            number = re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)", word)
            nth = -1 if word in _LASTS else int(number[1]) - 1 if number else _NTH[word] - 1 if word in _NTH else None
            if nth is not None:
                return nth, words[1:] if at == 0 else words[:-1]
        return None, words

    def _matches(self, words: Sequence[str], pool: Sequence[Known]) -> list[Known]:
        """Those of the pool that show the words, best way of holding them first tried: as a run, in a phrase, anywhere,
        then asked for in so many words; at last with a slip of the pen."""
        said = [stem(word) for word in words]
        for wanted in (said, self._mended(said)):
            if wanted is None:
                continue
            for holds in (_in_a_run, _in_a_phrase, _anywhere):
                if found := [k for k in pool if holds(self.shown[self.place[k.picture.name]], wanted)]:
                    return found
            if found := [k for k in pool if self._asked(k, wanted)]:
                return found
        return []

    def _asked(self, known: Known, wanted: Sequence[str]) -> bool:
        at = self.place[known.picture.name]
        return set(wanted) <= self.asked[at] | {word for piece in self.shown[at] for word in piece}

    def _mended(self, wanted: Sequence[str]) -> list[str] | None:
        """The stems with one slip mended in those that no picture here holds, or None where that cannot be done."""
        mended = []
        for one in wanted:
            known = one if one in self.vocabulary else nearest(one, self.vocabulary)
            if known is None:
                return None
            mended.append(known)
        return mended if mended != list(wanted) else None

    def _told_apart(self, found: list[Known], by_content: bool) -> list[Known]:
        """Of several that fit, the one that the words single out: where they came in. All of them where there is none."""
        if not by_content:
            return found
        names = {known.picture.name for known in found}
        origins = [known for known in found if known.picture.parent not in names]
        if len(origins) != 1:
            return origins
        origin = origins[0]
        if not origin.root and origin.picture.parent is not None:
            return [origin]  # a change brought it in: that picture is what the words stand for
        here = [known for known in found if known.picture.name == self.album.current]
        return here or [found[-1]]  # a whole line of pictures is "the castle": where the person is in it, or left it


def _read(words: str) -> str:
    """The words for comparing, with the signs that people put for words as words."""
    return " ".join(folded(words[:LONGEST]).translate(_SIGNS).split())


def _place_of(said: str, current: int, count: int) -> int | None:
    """Which of `count` pictures words of place mean, from 0; `current` is the one that "it" means. May be out of range."""
    words = [word for word in re.findall(r"-?\w+", said) if word not in _FILLERS]
    if words == ["one"]:
        return 0  # "picture one"; in "the last one" it says nothing
    whole = " ".join(words)
    if (from_end := _from_the_end(whole)) is not None:
        return count - from_end
    if (match := _BACK.fullmatch(whole)) and (steps := _count(match[1])) is not None:
        return current - steps
    if (match := _ON.fullmatch(whole)) and (steps := _count(match[1])) is not None:
        return current + steps
    words = [word for word in words if word not in {"one", "ones"}]
    text = " ".join(words)
    if text in _CURRENT:
        return current
    if text in _LAST:
        return count - 1
    if text in _BEFORE:
        return current - 1
    if text in _AFTER:
        return current + 1
    if match := re.fullmatch(r"(\d{1,6})(?:st|nd|rd|th)?", text):
        return int(match[1]) - 1
    return _NUMBERS[text] - 1 if text in _NUMBERS else None


def _from_the_end(text: str) -> int | None:
    """ "second to last", "last but one", "penultimate", "the one before the last" → how many from the end, from 1."""
    if text.removesuffix(" one") in ("penultimate", "next to last", "one before last", "before last", "last but one"):
        return 2
    if match := re.fullmatch(r"last but (\w+)", text):
        steps = _count(match[1])
        return None if steps is None else steps + 1
    if match := re.fullmatch(r"(\w+)(?: one)? (?:(?:to|from) )?(?:last|end)", text):
        return _NTH.get(match[1])
    return None


def _count(word: str) -> int | None:
    if word.isdecimal() and len(word) <= 6:
        return int(word)
    return _COUNTS.get(word)


def _kept(pool: Sequence[Known], cue: re.Pattern[str]) -> list[Known]:
    """Those that were saved, liked or disliked, in the order in which that happened."""
    saved = sorted((k for k in pool if k.saved is not None), key=lambda k: k.saved or (0.0, 0))
    if cue is _SAVED:
        return saved
    verdict = "up" if cue is _LIKED else "down"
    rated = sorted((k for k in pool if k.verdict == verdict), key=lambda k: k.rated or (0.0, 0))
    return rated or (saved if cue is _LIKED else [])  # whoever saves a picture likes it


def _picked(found: Sequence[Known], nth: int) -> list[Known]:
    return [found[nth]] if -len(found) <= nth < len(found) else []


def _parted(said: str) -> tuple[str, str, list[str]]:
    """What the words want, the cue, and what they do not want: "the castle without people"."""
    match = _WITHOUT.search(said)
    if match is None:
        return said, "", []
    return said[: match.start()], match[0], [w for w in words_of(said[match.end() :]) if w not in _EMPTY]


def _in_a_run(pieces: Sequence[Sequence[str]], wanted: Sequence[str]) -> bool:
    run = f" {' '.join(wanted)} "
    return any(run in f" {' '.join(piece)} " for piece in pieces)


def _in_a_phrase(pieces: Sequence[Sequence[str]], wanted: Sequence[str]) -> bool:
    return any(set(wanted) <= set(piece) for piece in pieces)


def _anywhere(pieces: Sequence[Sequence[str]], wanted: Sequence[str]) -> bool:
    return set(wanted) <= {word for piece in pieces for word in piece}


def _pieces(prompt: str) -> list[str]:
    return phrases.flat(prompt[:20_000])


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _excerpt(prompt: str) -> str:
    text = " ".join(prompt.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def what_exists(kind: str, count: int) -> str:
    """Which pictures or drafts there are, for a sentence about one that is not there."""
    if count == 0:
        return f"There is no {kind} yet."
    return f"There is {kind} 1." if count == 1 else f"There are {kind} 1 to {kind} {count}."
