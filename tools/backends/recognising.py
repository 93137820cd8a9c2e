"""The three honest answers to a picture: it is in the library, it has the look of what is, or it is foreign."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from tools.backends.database import Library
from tools.backends.embedding import Encoder
from tools.backends.records import Example, Match

SEEN = 24  # nearest pictures that are compared pixel by pixel
SIDE = 24  # pixels a side of that comparison
# Of copies saved at 48 pixels as JPEG of quality 40: correlation 0.974 at least, mean difference 9 of 255 at most. The
# largest difference of a cell tells a copy from a sister whose small subject alone is another.
SAME_SHAPE, SAME_COLOUR, SAME_CELL = 0.96, 11.0, 40.0
LOCAL = 8  # neighbours that say how far apart pictures of this kind lie
LOOK = 1.3  # times that distance, and the look is still the same: 8 in 10 new starter scenes are below, 1 in 10 foreign pictures

Verdict = Literal["this picture", "same look", "not in the library"]


@dataclass(frozen=True, kw_only=True)
class Description:
    """What the library knows of a picture: whether it is in there, and the examples that look most like it."""

    verdict: Verdict
    matches: tuple[Match, ...]


class Recogniser:
    """Tells pictures of one library. Safe to use from several threads."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self.library = library
        self.encoder = encoder

    def describe(self, picture: Image.Image, k: int = 10) -> Description:
        """Whether the picture is in the library, and the k examples that look most like it.

        "this picture": the pixels agree with a stored one, as they do after resizing or saving as JPEG. "same look": it lies
        no farther from its neighbours than they lie from each other. A fixed cutoff would do for no CLIP, and for no library.
        """
        vector = self.encoder.pictures([picture])[0]
        near = self.library.nearest_pictures(vector, max(k, SEEN))
        same = self.same(picture, [example for example, _ in near[:SEEN]])
        if same:
            near.sort(key=lambda pair: (pair[0].id not in same, same.get(pair[0].id, 0.0)))
        verdict: Verdict = "not in the library"
        if same:
            verdict = "this picture"
        elif near and not _is_flat(picture) and near[0][1] <= LOOK * self._usual_distance([e for e, _ in near[:LOCAL]]):
            verdict = "same look"
        matches = tuple(
            Match(rank=rank, example=example, score=1.0 - distance, distance=distance)
            for rank, (example, distance) in enumerate(near[:k], 1)
        )
        return Description(verdict=verdict, matches=matches)

    def same(self, picture: Image.Image, examples: Sequence[Example]) -> dict[str, float]:
        """Of the examples, those whose thumbnail is this picture: id → mean difference of the pixels, 0..255."""
        own = _pixels(picture)
        if _is_flat(picture):  # everything of that colour would be it
            return {}
        found = {}
        for id, data in self.library.thumbnails([example.id for example in examples]).items():
            try:
                other = _pixels(Image.open(io.BytesIO(data)))
            except OSError:  # a broken thumbnail is no proof of anything
                continue
            difference = float(np.abs(own - other).mean())
            if (
                difference <= SAME_COLOUR
                and _cells(own - other) <= SAME_CELL
                and _correlation(own, other) >= SAME_SHAPE
            ):
                found[id] = difference
        return found

    def _usual_distance(self, examples: Sequence[Example]) -> float:
        """How far pictures of this kind are from their nearest neighbours in the library (cosine distance, median)."""
        vectors = self.library.picture_vectors([example.id for example in examples])
        nearest = []
        for id, vector in vectors.items():
            others = [distance for other, distance in self.library.nearest_pictures(vector, 3) if other.id != id]
            nearest += others[:1]
        return float(np.median(nearest)) if nearest else 0.0


def _pixels(picture: Image.Image) -> np.ndarray:
    """(SIDE, SIDE, 3) float32 in 0..255: the whole picture, small and soft, so that JPEG and resizing do not show."""
    small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)


def _is_flat(picture: Image.Image) -> bool:
    """Whether it is one colour all over."""
    return bool(_pixels(picture).std((0, 1)).max() < 4)


def _cells(difference: np.ndarray) -> float:
    """The largest mean difference of a cell of 3×3 pixels and one colour."""
    cells = difference.reshape(SIDE // 3, 3, SIDE // 3, 3, 3).mean((1, 3))
    return float(np.abs(cells).max())


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Of the brightness, -1..1."""
    x, y = a.mean(2).ravel(), b.mean(2).ravel()
    x, y = x - x.mean(), y - y.mean()
    scale = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(x @ y) / scale if scale > 1e-3 else 0.0
