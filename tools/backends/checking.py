"""Looking at a picture: whether it shows what each piece of its prompt asks for, and how far two pictures are apart.

A cosine of a CLIP means nothing by itself: "cat" may reach 0.2 with every picture and "noir" never more than 0.1. So every
piece is measured on the library first: how near its words lie to the pictures whose prompts hold these words, and to a
sample of all other pictures. Where the two kinds lie apart, a new picture is judged by which of them it is more like (linear
discriminant, Fisher 1936); where they do not ("8k", words that the library does not have), nothing is claimed.
What was to stay out of the picture ("no people", the negative prompt) is judged the same way, the other way round.
No prompts are changed here, and nothing is rendered.
"""

import dataclasses
import re
import threading
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.backends import aspects, phrases
from tools.backends.database import other_number
from tools.backends.records import Check, PhraseSeen

if TYPE_CHECKING:
    from PIL.Image import Image

    from tools.backends.database import Library
    from tools.backends.embedding import Encoder

SAMPLE = 1_200  # pictures of the library that stand for all of them
HOLDING = 80  # pictures, at most, whose prompts hold a piece
LEAST = 8  # … and at least: fewer say nothing
SEPARATES = 0.8  # area under the ROC curve, on the library, from which the encoder can tell
UNWANTED = 0.8  # how surely a thing that was to stay out must be seen: few pictures show what their prompts do not name
PIXELS = 32  # a side, of the comparison by pixels

_SMALL = frozenset(
    """a an the this that some its his her their on in at of by with to from and or over under into near as for is are very
    picture pictures image photo photograph scene painting-of""".split()
)
_CUT = re.compile(
    r"\s{1,8}(?=(?:(?:deep\s{1,8})?(?:on|in|at|by|under|near|inside|behind|beside|among|during|above|below|against|with|without|wearing|holding)|"
    r"next\s{1,8}to|in\s{1,8}front\s{1,8}of)\s{1,8}\S)|\s{1,8}and\s{1,8}(?=(?:an?|the|two|three)\s)",
    re.IGNORECASE,
)  # bounded, as everywhere here: a long run of spaces would be tried from each of them
_ABSENT = re.compile(r"^(?:without|with\s{1,8}no|no|free\s{1,8}of)\s{1,8}(?:any\s{1,8})?(?=\S)", re.IGNORECASE)
_OWN = re.compile(r"^(?:\w+\s{1,8}){0,3}?(?:an?|the|his|her|its|their|some|two|three)\s", re.IGNORECASE)


def pieces(prompt: str) -> list[str]:
    """What a prompt asks for, one thing each, as written: its phrases, and those that tell of several things cut before
    their prepositions ("a cat sleeping", "on the sofa", "at night"). Tags, BREAK and doubles are left out."""
    found: dict[str, str] = {}
    for phrase in phrases.flat(prompt):
        if phrase == "BREAK" or phrases.TAG.fullmatch(phrase):
            continue
        text = phrases.normal(phrase) if phrase[0] in phrases.OPENERS else phrase.strip(" .")
        for piece in map(str.strip, _cut(text)):
            if content(piece):
                found.setdefault(phrases.normal(piece), piece)
    return list(found.values())


def unwanted(own: Iterable[str], negative: str) -> list[str]:
    """What is to stay out of a picture: of the prompt's own pieces "without people", "no text", then the negative prompt's."""
    said = [_ABSENT.sub("", piece) for piece in own if _ABSENT.match(piece)]
    return list({phrases.normal(piece): piece for piece in [*said, *pieces(negative)]}.values())


def _cut(phrase: str) -> list[str]:
    """A phrase in its pieces: cut only before what stands by itself, so that "oil on canvas" stays whole."""
    done: list[str] = []
    for part in _CUT.split(phrase):
        alone = _OWN.match(part) or _ABSENT.match(part) or aspects.aspect_of(part) & {"place", "time", "weather"}
        if not done or alone:
            done.append(part)
        else:
            done[-1] = phrase[phrase.index(done[-1]) : phrase.index(part, phrase.index(done[-1])) + len(part)]
    return done


def without(prompt: str, piece: str) -> str:
    """The prompt without a piece that `pieces` named; all else stays byte for byte. Unchanged where it cannot be cut out."""
    change = phrases.removal(prompt, piece)
    return phrases.apply(prompt, [change]) if change else prompt


def content(piece: str) -> list[str]:
    """The words of a piece that say what is to be seen."""
    return [word for word in phrases.words(piece) if word not in _SMALL]


@dataclass(frozen=True)
class Ruler:
    """How near a piece's words lie to pictures that show it, and to others: cosines, and how surely the two differ."""

    vector: np.ndarray  # (d,) float32
    middle: float  # halfway between the two kinds
    slope: float  # log-odds for each unit of cosine
    area: float  # under the ROC curve, on the library: 0.5 is chance

    @property
    def tells(self) -> bool:
        """Whether the encoder can tell by this piece."""
        return self.area >= SEPARATES

    def score(self, vectors: np.ndarray) -> np.ndarray:
        """(n, d) picture vectors → (n,) how likely each shows the piece, 0..1, were the odds even beforehand."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.slope * (vectors @ self.vector - self.middle), -30, 30))))


class Checker:
    """Judges pictures with one encoder and one library. Thread-safe. What it measured of a piece is kept."""

    def __init__(self, library: "Library", encoder: "Encoder") -> None:
        self.library = library
        self.encoder = encoder
        self._lock = threading.RLock()
        self._counted = -1
        self._words: list[frozenset[str]] = []
        self._vectors = np.zeros((0, library.dimensions), np.float32)
        self._rulers: dict[str, list[Ruler]] = {}
        self._usual: tuple[float, float] | None = None

    def check(self, name: str, picture: "Image", prompt: str, negative: str = "") -> Check:
        """A picture held against what a prompt asks for. Two checks against the same prompts can be compared by `score`.

        Args:
            name: of the picture, for the record.
            negative: the negative prompt, which says what is to stay out.
        """
        return self.check_vector(name, self.encoder.pictures([picture])[0], prompt, negative)

    def check_vector(self, name: str, vector: np.ndarray, prompt: str, negative: str = "") -> Check:
        """Like `check`, for a picture whose vector (d,) is known."""
        own = pieces(prompt)
        seen = tuple(self.seen(piece, vector[None])[0] for piece in own if not _ABSENT.match(piece))
        avoided = tuple(self._avoided(piece, vector) for piece in unwanted(own, negative))
        told = [each.score for each in seen if each.there is not None]
        told += [1 - each.score for each in avoided if each.there is not None]
        return Check(picture=name, phrases=seen, score=round(float(np.mean(told)), 4) if told else 0.5, avoided=avoided)

    def _avoided(self, piece: str, vector: np.ndarray) -> PhraseSeen:
        """Whether a picture shows what was to stay out of it; between the two marks nothing is claimed."""
        seen = self.seen(piece, vector[None])[0]
        return dataclasses.replace(seen, there=None) if seen.there and seen.score < UNWANTED else seen

    def seen(self, piece: str, vectors: np.ndarray) -> list[PhraseSeen]:
        """Whether each of the pictures, (n, d) vectors, shows a piece of a prompt."""
        rulers = self.rulers(piece)
        telling = [ruler for ruler in rulers if ruler.tells]
        if not telling or len(vectors) == 0:
            return [PhraseSeen(phrase=piece, score=0.5, there=None) for _ in vectors]
        # "a cat in a spacesuit": no row holds both, so the weakest of its words counts. Of words that cannot be told,
        # nothing is claimed.
        scores = np.min([ruler.score(vectors) for ruler in telling], axis=0)
        blind = len(telling) < len(rulers)
        return [
            PhraseSeen(phrase=piece, score=round(float(s), 4), there=False if s < 0.5 else None if blind else True)
            for s in scores
        ]

    def rulers(self, piece: str) -> list[Ruler]:
        """The measures of a piece: one of all its words together, or where too few pictures hold them, one a word."""
        with self._lock:
            self._refresh()
            key = phrases.normal(piece)
            if key not in self._rulers:
                whole = self._measured(piece, content(piece))
                if whole is None and len(content(piece)) > 1:
                    apart = [self._measured(word, [word]) or self._unknown(word) for word in content(piece)]
                    self._rulers[key] = apart
                else:
                    self._rulers[key] = [whole or self._unknown(piece)]
            return self._rulers[key]

    @property
    def usual(self) -> tuple[float, float]:
        """How alike the library's pictures are: cosine of two at random (mean), and of one with its tenth nearest (median)."""
        with self._lock:
            self._refresh()
            if self._usual is not None:
                return self._usual
            if len(self._vectors) < 3:
                return 0.0, 1.0
            some = self._vectors[:300]
            cosines = some @ self._vectors.T
            apart = (cosines.sum() - len(some)) / max(1, cosines.size - len(some))
            # A sample is thinner than the library, so its third nearest stands for the tenth or so of the whole.
            near = np.sort(cosines, axis=1)[:, -min(4, cosines.shape[1])]
            self._usual = float(apart), float(np.median(near))
            return self._usual

    def agreement(self, vectors: np.ndarray) -> float:
        """How much pictures, (n, d), agree: 0 they differ as any of the library do, 1 they are as alike as near neighbours."""
        if len(vectors) < 2:
            return 0.0
        cosines = vectors @ vectors.T
        mean = (float(cosines.sum()) - len(vectors)) / (len(vectors) * (len(vectors) - 1))
        apart, near = self.usual
        return round(float(np.clip((mean - apart) / max(near - apart, 1e-6), 0.0, 1.0)), 3)

    # --- inside ---

    def _refresh(self) -> None:
        """Take a new sample when the library has become another one."""
        count = self.library.picture_count()
        if self._counted >= 0 and abs(count - self._counted) <= 0.05 * self._counted:
            return
        ids = self.library.some_pictures(SAMPLE)
        vectors = self.library.picture_vectors(ids)
        rows = [row for row in self.library.get(ids) if row.id in vectors]
        self._words = [frozenset(phrases.words(row.prompt)) for row in rows]
        self._vectors = np.stack([vectors[row.id] for row in rows]) if rows else self._vectors[:0]
        self._rulers.clear()
        self._usual = None
        self._counted = count

    def _measured(self, text: str, words: Sequence[str]) -> Ruler | None:
        """The measure of a text on the library, or None where fewer than LEAST pictures' prompts hold all its words."""
        rows = [row for row, _ in self.library.lexical(words, 4 * HOLDING)]
        # "in the snow" is another thing than "a snow white cat": a run of words before words anywhere.
        found = [row for row in rows if phrases.holds(row.prompt, text)]
        if len(found) < 2 * LEAST:
            found = [row for row in rows if _holds(phrases.words(row.prompt), words)]
        holding = list(self.library.picture_vectors([row.id for row in found[:HOLDING]]).values())
        if len(holding) < LEAST:  # few of these examples have pictures
            holding = list(self.library.picture_vectors([row.id for row in found]).values())[:HOLDING]
        others = [n for n, own in enumerate(self._words) if not _holds(own, words)]
        if len(holding) < LEAST or len(others) < LEAST:
            return None
        vector = self.encoder.texts([text])[0]
        there, other = np.stack(holding) @ vector, self._vectors[others] @ vector
        # Medians, because the labels are only prompts: some "kittens" are called "tabby", and some prompts were not followed.
        here, away = float(np.median(there)), float(np.median(other))
        spread = (_spread(there) ** 2 + _spread(other) ** 2) / 2
        return Ruler(vector, (here + away) / 2, (here - away) / spread, _area(there, other))

    def _unknown(self, text: str) -> Ruler:
        return Ruler(np.zeros(self.library.dimensions, np.float32), 0.0, 0.0, 0.5)


_CHECKERS: "weakref.WeakKeyDictionary[Library, Checker]" = weakref.WeakKeyDictionary()
_MAKING = threading.Lock()


def checker_for(library: "Library", encoder: "Encoder") -> Checker:
    """The one checker of a library, so that what it measured serves every tool."""
    with _MAKING:
        if library not in _CHECKERS:
            _CHECKERS[library] = Checker(library, encoder)
        return _CHECKERS[library]


def pixel_distance(a: "Image", b: "Image") -> float:
    """How far two pictures' pixels are apart, 0..1: root mean square over small copies of both."""
    small = [np.asarray(picture.convert("RGB").resize((PIXELS, PIXELS)), dtype=np.float32) / 255 for picture in (a, b)]
    return float(np.sqrt(np.mean((small[0] - small[1]) ** 2)))


def _holds(own: "Sequence[str] | frozenset[str]", words: Sequence[str]) -> bool:
    """Whether all the words are there, each in either number."""
    have = frozenset(own)
    return all(word in have or other_number(word) in have for word in words)


def _spread(values: np.ndarray) -> float:
    """The standard deviation, by the median of the deviations (times 1.4826, as for a normal distribution)."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values)))) + 1e-3


def _area(there: np.ndarray, other: np.ndarray) -> float:
    """The area under the ROC curve: how often one that has it lies nearer than one that has not."""
    ranks = np.concatenate([there, other]).argsort().argsort()
    n, m = len(there), len(other)
    return float((ranks[:n].sum() - n * (n - 1) / 2) / (n * m))
