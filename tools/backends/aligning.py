"""Whether two pictures are one: laid over each other, also cropped, resized, saved again or mirrored; what is left over.

Two steps. Roughly: the small picture in many sizes at many places of the other one, all at once as one product of matrices.
Then finely: the frame moves until the least is left over (Lucas and Kanade 1981, for a frame's four sides). Knows no library.
"""

import io
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from PIL import Image, ImageOps

ROUGH = 16  # cells a side of the rough comparison …
SIZES = (16, 15, 14, 13)  # … and how many of them the picture may fill: a crop of up to a fifth of a side
FINE = 24  # cells a side of the fine one
BLOCK = 3  # cells a side of the blocks among which the worst is looked for
SMALLEST = 0.7  # of a side that may be left of a picture
LARGE, SMALL = 512, 128  # pixels a side of what is looked at, at all and roughly: it may come with fifty million
STEPS, GAIN = 8, 0.97  # of the frame, at most; and what is left over after a step that was worth another
FAINT = (
    20.0  # added to variances (0..255 squared), so that a picture of nearly one colour agrees with nothing by chance
)
FLAT = 4.0  # deviation of the brightest-varying channel under which a picture is one colour all over


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How a picture lies over another one.

    Attributes:
        left: what the other does not explain, as a share of the picture's variance; 0 the same, about 1 unrelated.
        worst: the largest mean difference of a block and a colour, 0..255.
        frame: left, top, right, bottom of the part that is seen, in shares of the other picture.
        mirrored: the picture is turned left to right.
    """

    left: float
    worst: float
    frame: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    mirrored: bool = False

    @property
    def cropped(self) -> bool:
        """Whether the frame leaves something out."""
        return min(self.frame[2] - self.frame[0], self.frame[3] - self.frame[1]) < 0.97


class Sought:
    """One picture, prepared for being laid over many."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture.convert("RGB")
        if max(self.picture.size) > LARGE:  # nothing here, and no encoder, looks closer
            self.picture.thumbnail((LARGE, LARGE), Image.Resampling.BILINEAR)
        cells = shrunk(self.picture, FINE)
        self._both = (cells, cells[:, ::-1])
        self.is_flat = bool(cells.std((0, 1)).max() < FLAT)

    def rough(self, others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the picture lies best in each of the others.

        Args:
            others: (n, ROUGH, ROUGH, 3) float32 in 0..255.

        Returns:
            Agreement (n,), a correlation over the three colours; frames (n, 4) in shares; mirrored (n,) of bool.
        """
        frames, masks, areas = _places()
        count = len(others)
        colours = others.transpose(0, 3, 1, 2).reshape(3 * count, -1)
        sums = (colours @ masks.T).reshape(count, 3, -1)
        squares = (others**2).sum(3).reshape(count, -1) @ masks.T
        spread = np.sqrt(np.maximum(squares - (sums**2).sum(1) / areas, 0.0)) + _faint(areas)
        bank = self._bank
        agreement = (others.reshape(count, -1) @ bank.T) / np.concatenate([spread, spread], axis=1)
        best = agreement.argmax(1)
        return agreement[np.arange(count), best], frames[best % len(frames)], best >= len(frames)

    def fit(self, other: Image.Image, frame: np.ndarray, mirrored: bool) -> Fit:
        """The best fit over another picture (RGB) near a rough frame."""
        own = self._both[bool(mirrored)]
        sides = np.asarray(frame, dtype=np.float64)
        along = ((np.arange(FINE) + 0.5) / FINE).astype(np.float32)
        before, after = 1 - along, along
        best: tuple[float, np.ndarray, np.ndarray] | None = None
        for number in range(STEPS):
            seen = shrunk(other, FINE, sides)
            rest = own - seen
            error = float((rest**2).mean())
            gained = best is None or error < GAIN * best[0]
            if best is None or error < best[0]:
                best = (error, sides, seen)
            if number > 2 and not gained:  # most pictures are other pictures: no use in polishing
                break
            down, across = np.gradient(seen, axis=(0, 1))
            across, down = across * FINE / (sides[2] - sides[0]), down * FINE / (sides[3] - sides[1])
            moves = np.stack(
                [
                    across * before[None, :, None],
                    down * before[:, None, None],
                    across * after[None, :, None],
                    down * after[:, None, None],
                ],
                -1,
            ).reshape(-1, 4)
            square = moves.T @ moves
            step = np.linalg.solve(square + np.eye(4) * (1e-3 * np.trace(square) + 1), moves.T @ rest.ravel())
            moved = np.clip(sides + np.clip(step, -0.06, 0.06), 0.0, 1.0)
            if np.abs(moved - sides).max() < 1e-3 or min(moved[2] - moved[0], moved[3] - moved[1]) < SMALLEST:
                break
            sides = moved
        assert best is not None
        left, worst = _rest(own, best[2])
        x0, y0, x1, y1 = (round(float(side), 3) for side in best[1])
        return Fit(left=left, worst=worst, frame=(x0, y0, x1, y1), mirrored=bool(mirrored))

    @cached_property
    def _bank(self) -> np.ndarray:
        """(2 × places, ROUGH² × 3): the picture in every size at every place, then the same mirrored; unit, mean 0."""
        picture = self.picture
        if max(picture.size) > SMALL:
            picture = picture.resize((SMALL, SMALL), Image.Resampling.BILINEAR)
        sizes = {
            (wide, high): np.asarray(picture.resize((wide, high), Image.Resampling.BOX), np.float32)
            for wide in SIZES
            for high in SIZES
        }
        turned = []
        for mirror in (False, True):
            rows = []
            for wide, high, x, y in _corners():
                cells = sizes[wide, high]
                cells = cells[:, ::-1] if mirror else cells
                cells = cells - cells.mean((0, 1))
                row = np.zeros((ROUGH, ROUGH, 3), np.float32)
                row[y : y + high, x : x + wide] = cells / (np.linalg.norm(cells) + _faint(wide * high))
                rows.append(row.ravel())
            turned += rows
        return np.stack(turned)


def shrunk(picture: Image.Image, side: int, frame: np.ndarray | None = None) -> np.ndarray:
    """(side, side, 3) float32 in 0..255: a picture, or the part in a frame (shares), small and soft.

    So soft that the marks of JPEG, and of having been half as large, do not show.
    """
    box = None
    if frame is not None:
        wide, high = picture.size
        box = (frame[0] * wide, frame[1] * high, frame[2] * wide, frame[3] * high)
    return np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BILINEAR, box=box), dtype=np.float32)


def saved_again(picture: Image.Image) -> Fit:
    """What saving as JPEG of quality 50, or at half the size, leaves over of a picture: the worse of the two."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=50)
    half = picture.resize((max(8, picture.width // 2), max(8, picture.height // 2)), Image.Resampling.BICUBIC)
    own = shrunk(picture, FINE)
    rests = [_rest(own, shrunk(copy, FINE)) for copy in (Image.open(io.BytesIO(file.getvalue())), half)]
    return Fit(left=max(left for left, _ in rests), worst=max(worst for _, worst in rests))


def apart(one: Image.Image, other: Image.Image) -> Fit:
    """What is left over of a picture laid over another one just as it is."""
    left, worst = _rest(shrunk(one, FINE), shrunk(other, FINE))
    return Fit(left=left, worst=worst)


def padded(picture: Image.Image) -> Image.Image:
    """The picture with its edges drawn out by a twentieth: nearer to what it was before it was cropped."""
    edge = max(1, round(0.055 * min(picture.size)))
    return Image.fromarray(
        np.pad(np.asarray(picture.convert("RGB")), ((edge, edge), (edge, edge), (0, 0)), mode="edge")
    )


def mirrored(picture: Image.Image) -> Image.Image:
    """The picture turned left to right."""
    return ImageOps.mirror(picture)


def _rest(own: np.ndarray, seen: np.ndarray) -> tuple[float, float]:
    """The share of the variance that is left over, and the worst block."""
    rest = own - seen
    variance = max(float(((cells - cells.mean((0, 1))) ** 2).mean()) for cells in (own, seen))
    blocks = rest.reshape(FINE // BLOCK, BLOCK, FINE // BLOCK, BLOCK, 3).mean((1, 3))
    return float((rest**2).mean()) / (variance + FAINT), float(np.abs(blocks).max())


@cache
def _corners() -> list[tuple[int, int, int, int]]:
    """Every size and place: width, height, x and y in rough cells."""
    return [
        (wide, high, x, y)
        for wide in SIZES
        for high in SIZES
        for y in range(ROUGH - high + 1)
        for x in range(ROUGH - wide + 1)
    ]


@cache
def _places() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same places as frames (n, 4) in shares, masks (n, ROUGH²) and areas (n,) in cells."""
    corners = _corners()
    frames = np.array([(x, y, x + wide, y + high) for wide, high, x, y in corners], np.float64) / ROUGH
    masks = np.zeros((len(corners), ROUGH, ROUGH), np.float32)
    for mask, (wide, high, x, y) in zip(masks, corners, strict=True):
        mask[y : y + high, x : x + wide] = 1
    flat = masks.reshape(len(corners), -1)
    return frames, flat, flat.sum(1)


def _faint(cells: np.ndarray | int) -> np.ndarray:
    """The length of a faint pattern over so many cells of three colours."""
    return np.sqrt(np.asarray(cells, np.float32) * 3 * FAINT / 16)
