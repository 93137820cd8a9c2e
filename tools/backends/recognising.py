"""The three honest answers to a picture: it is in the library, it has the look of what is, or it is foreign.

"This picture" is said of pixels, not of vectors: an example is laid over the picture, also cropped, resized, saved again or
mirrored (see `aligning`), and what is left over is held against two things of this very query: what saving that example
again leaves over, and what other pictures leave over, those most like it and a sample of the whole library. "Same look" is
said of vectors: the picture lies no farther from the library than the library's pictures lie from each other, all over and
just there. No number is the same for every picture, encoder and library. Knows no SQL.
"""

import io
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from PIL import Image

from tools.backends.aligning import ROUGH, Fit, Sought, apart, mirrored, padded, saved_again, shrunk
from tools.backends.database import Library
from tools.backends.embedding import Encoder
from tools.backends.records import Example, Match

SEEN = 24  # nearest pictures that are looked at first; all but some crops are among them …
MORE = 64  # … and of each of three views (as it is, mirrored, with its edges drawn out) where none of those was it
FINALISTS = 6  # that agree best roughly, and are laid over finely
SAME = 0.6  # of the way from what other pictures leave over (0) to what saving again leaves over (1), in logarithms
# Seen on 125 changed starter pictures and 110 foreign ones, new scenes of the same world among them: 0.97 at least, 0.5 at most.
LEAST_LEFT, LEAST_WORST = 0.003, 2.0  # what no two files agree better than: rounding
UNRELATED = Fit(left=0.7, worst=90.0)  # where the library is too small to say what other pictures leave over
SAMPLE = 24  # pictures that stand for the library
LOCAL = 4  # neighbours that say how far apart pictures lie just there
LOOK = 2.0  # times that distance, and the look is still the same
SPREAD = 1.65  # deviations above the sample's usual distance, and it is still the library's: 19 of 20 of its own

Verdict = Literal["this picture", "same look", "not in the library"]


@dataclass(frozen=True, kw_only=True)
class Description:
    """What the library knows of a picture: whether it is in there, and the examples that look most like it.

    Attributes:
        verdict: one of the three answers.
        matches: the examples that look most like it; those that are this picture come first.
        score: how sure it is that the picture is in there. 1: nothing differs but what saving again explains; 0: as much
            differs as from other pictures.
        reason: why, in a sentence for the person.
    """

    verdict: Verdict
    matches: tuple[Match, ...]
    score: float = 0.0
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """Some of the library's pictures, which stand for all of them.

    Attributes:
        pictures: of `picture_count` when it was taken.
        ids: of the examples.
        cells: (n, ROUGH, ROUGH, 3), their thumbnails, small.
        thumbnails: the same as they are.
    """

    pictures: int
    ids: list[str]
    cells: np.ndarray
    thumbnails: list[Image.Image]


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What laying examples over a picture came to: those that are it, best first, and how sure the best is.

    `fits` are all that were laid over it finely; `others` is what other pictures leave over.
    """

    same: dict[str, Fit] = field(default_factory=dict)
    score: float = 0.0
    fits: dict[str, Fit] = field(default_factory=dict)
    others: float = UNRELATED.left


class Recogniser:
    """Tells pictures of one library. Safe to use from several threads."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self.library = library
        self.encoder = encoder
        self._kept: _Sample | None = None
        self._apart: tuple[_Sample, np.ndarray] | None = None
        self._lock = threading.Lock()

    def describe(self, picture: Image.Image, k: int = 10) -> Description:
        """Whether the picture is in the library, why, and the k examples that look most like it."""
        sought = Sought(picture)
        vector = self.encoder.pictures([picture])[0]
        near = self.library.nearest_pictures(vector, max(k, MORE))
        if not near:
            return Description(
                verdict="not in the library", matches=(), reason="The library holds no pictures to compare it with."
            )
        answer, near = self._recognise(sought, vector, near)
        verdict: Verdict = "not in the library"
        if answer.same:
            verdict, reason = "this picture", _why_same(answer, next(iter(answer.same)))
        elif sought.is_flat:
            reason = "It is one colour all over, and so would agree with anything of that colour."
        else:
            same_look, reason = self._look(near)
            verdict = "same look" if same_look else verdict
        order = sorted(near, key=lambda pair: _place(pair[0].id, answer.same))
        matches = tuple(
            Match(rank=rank, example=example, score=1.0 - distance, distance=distance)
            for rank, (example, distance) in enumerate(order[:k], 1)
        )
        return Description(verdict=verdict, matches=matches, score=round(answer.score, 4), reason=reason)

    def same(self, picture: Image.Image, examples: Sequence[Example]) -> dict[str, float]:
        """Of the examples, those that are this picture, best first: id → the share of it that is left over."""
        answer = self._compared(Sought(picture), [example.id for example in examples])
        return {id: fit.left for id, fit in answer.same.items()}

    # Is it this picture?

    def _recognise(
        self, sought: Sought, vector: np.ndarray, near: list[tuple[Example, float]]
    ) -> tuple[_Answer, list[tuple[Example, float]]]:
        """The answer, and the nearest examples with those put in front that only another view of the picture led to."""
        first = [example.id for example, _ in near[:SEEN]]
        answer = self._compared(sought, first)
        if answer.same or sought.is_flat:
            return answer, near
        views = self.encoder.pictures([mirrored(sought.picture), padded(sought.picture)])
        seen_so = [self.library.nearest_pictures(view, MORE) for view in views]
        found = {example.id: example for pairs in (near, *seen_so) for example, _ in pairs if example.id not in first}
        # The best of before compete again: what is left over of them is part of what is usual for this picture.
        more = self._compared(sought, [*answer.fits, *found], answer.fits)
        if more.score > answer.score:
            answer = more
        there = {example.id for example, _ in near}
        led = [id for id in answer.same if id not in there]
        vectors = self.library.picture_vectors(led)
        return answer, [*((found[id], float(1.0 - vectors[id] @ vector)) for id in led if id in vectors), *near]

    def _compared(self, sought: Sought, ids: Sequence[str], known: Mapping[str, Fit] | None = None) -> _Answer:
        """The picture laid over these examples' thumbnails; over those `known` it was laid before."""
        if sought.is_flat:  # everything of that colour would be it
            return _Answer()
        thumbnails = _opened(self.library.thumbnails(ids))
        if not thumbnails:
            return _Answer()
        sample = self._sample()
        names = list(thumbnails)
        cells = np.stack([shrunk(each, ROUGH) for each in thumbnails.values()])
        agreement, frames, turned = sought.rough(np.concatenate([cells, sample.cells]))
        usual = float(np.median(1.0 - agreement[len(names) :])) if len(sample.cells) else UNRELATED.left
        order = np.argsort(-agreement[: len(names)], kind="stable")[:FINALISTS]
        before = known or {}
        fits = {
            id: before.get(id) or sought.fit(thumbnails[id], frames[n], bool(turned[n]))
            for n, id in ((n, names[n]) for n in order)
        }
        fits = dict(sorted(fits.items(), key=lambda pair: (pair[1].left, pair[0])))
        best = next(iter(fits))
        floors = {best: saved_again(thumbnails[best])}
        rest = [
            fit for id, fit in fits.items() if id != best and not _twins(thumbnails[best], thumbnails[id], floors[best])
        ]
        if len(rest) < 2:  # copies of one picture, or a small library
            strangers = range(len(names), min(len(names) + FINALISTS, len(frames)))
            rest += [
                sought.fit(sample.thumbnails[n - len(names)], frames[n], bool(turned[n]))
                for n in strangers
                if not _twins(thumbnails[best], sample.thumbnails[n - len(names)], floors[best])
            ]
        others = Fit(
            left=min(usual, float(np.median([fit.left for fit in rest] or [UNRELATED.left]))),
            worst=float(np.median([fit.worst for fit in rest] or [UNRELATED.worst])),
        )
        same, score = {}, 0.0
        for id, fit in fits.items():
            floor = floors.get(id) or saved_again(thumbnails[id])
            sure = _sureness(fit, floor, others)
            score = max(score, sure)
            if sure < SAME:
                break
            same[id] = fit
        return _Answer(same=same, score=score, fits=fits, others=others.left)

    # Has it the same look?

    def _look(self, near: Sequence[tuple[Example, float]]) -> tuple[bool, str]:
        """Whether it lies as near as the library's pictures lie to each other, there and all over; and the words for it."""
        distance = near[0][1]
        around = self._around([example.id for example, _ in near])
        nearby = f"the library's own pictures there lie {around:.2f} from each other"
        most, told = LOOK * around, nearby
        everywhere = self._everywhere()
        if len(everywhere) >= LOCAL:
            usual = float(np.median(everywhere))
            limit = usual + SPREAD * 1.4826 * float(np.median(np.abs(everywhere - usual)))
            if limit < most:
                most, told = (
                    limit,
                    f"the library's pictures lie {usual:.2f} from each other, and seldom over {limit:.2f}",
                )
        near_enough = distance <= most
        lead = "but it is near" if near_enough else "and it is far"
        told = nearby if near_enough else told
        return near_enough, f"No example's pixels agree with it, {lead}: {distance:.2f} to the nearest, and {told}."

    def _around(self, ids: Sequence[str]) -> float:
        """How far the first of these pictures lie from their nearest among them all; 0 where there are no two.

        A picture's neighbours' nearest are among its own nearest few dozen: no search for each of them is needed.
        """
        vectors = list(self.library.picture_vectors(ids).items())
        if len(vectors) < 2:
            return 0.0
        places = {id: n for n, (id, _) in enumerate(vectors)}
        stacked = np.stack([vector for _, vector in vectors])
        rows = [places[id] for id in ids if id in places][:LOCAL]
        distances = 1.0 - stacked[rows] @ stacked.T
        distances[np.arange(len(rows)), rows] = np.inf
        return max(0.0, float(np.median(distances.min(axis=1))))

    def _distances(self, ids: Sequence[str]) -> np.ndarray:
        """How far these examples' pictures are from their nearest neighbours in the library, cosine distances."""
        nearest = []
        for id, vector in self.library.picture_vectors(ids).items():
            others = [distance for other, distance in self.library.nearest_pictures(vector, 3) if other.id != id]
            nearest += others[:1]
        return np.array(nearest)

    def _everywhere(self) -> np.ndarray:
        """(n,) how far the sample's pictures are from their nearest neighbours; measured when first asked for."""
        sample = self._sample()
        with self._lock:
            if self._apart is None or self._apart[0] is not sample:
                self._apart = sample, self._distances(sample.ids)
            return self._apart[1]

    def _sample(self) -> _Sample:
        """The library's sample; taken anew when the library has become another one."""
        count = self.library.picture_count()
        with self._lock:
            if self._kept is None or abs(count - self._kept.pictures) > 0.05 * self._kept.pictures:
                ids = self.library.some_pictures(SAMPLE)
                thumbnails = list(_opened(self.library.thumbnails(ids)).values())
                cells = [shrunk(each, ROUGH) for each in thumbnails]
                self._kept = _Sample(
                    pictures=count,
                    ids=ids,
                    cells=np.stack(cells) if cells else np.zeros((0, ROUGH, ROUGH, 3), np.float32),
                    thumbnails=thumbnails,
                )
            return self._kept


def _sureness(fit: Fit, floor: Fit, others: Fit) -> float:
    """0..1: where the fit lies between other pictures and this one saved again, by the whole and by its worst block.

    The worst block tells a copy from a sister whose small subject alone is another.
    """
    return min(
        _between(fit.left, floor.left + LEAST_LEFT, others.left),
        _between(fit.worst, floor.worst + LEAST_WORST, others.worst),
    )


def _between(value: float, floor: float, others: float) -> float:
    way = max(math.log(max(others, 1e-9) / floor), 0.3)
    return min(1.0, max(0.0, math.log(max(others, 1e-9) / max(value, floor / 4)) / way))


def _twins(one: Image.Image, other: Image.Image, floor: Fit) -> bool:
    """Whether two thumbnails are of one picture: they differ by no more than saving again twice leaves over."""
    fit = apart(one, other)
    return fit.left <= 2 * (floor.left + LEAST_LEFT) and fit.worst <= 2 * (floor.worst + LEAST_WORST)


def _opened(thumbnails: dict[str, bytes]) -> dict[str, Image.Image]:
    """The thumbnails that are pictures, as RGB: a broken one is no proof of anything."""
    found = {}
    for id, data in thumbnails.items():
        try:
            found[id] = Image.open(io.BytesIO(data)).convert("RGB")
        except (OSError, SyntaxError, ValueError):
            continue
    return found


def _place(id: str, same: dict[str, Fit]) -> tuple[bool, float]:
    """Those that are the picture come first, the best of them before the others; the rest stays in its order."""
    return id not in same, same[id].left if id in same else 0.0


def _why_same(answer: _Answer, id: str) -> str:
    fit = answer.same[id]
    ways = [way for way, done in (("cropping", fit.cropped), ("mirroring", fit.mirrored)) if done]
    after = f" after {' and '.join(ways)}" if ways else ""
    return (
        f"Its pixels agree with example {id}{after}: {fit.left:.1%} of it is left over, "
        f"where other pictures leave {answer.others:.0%}."
    )
