"""What exists in the starter world, as data: subjects, colours, poses, places, times of day and styles.

A `Scene` is the ground truth of one picture. `starter.draw` paints it, `starter.captions` puts it into words.
Nothing here draws, trains or speaks.
"""

import hashlib
import random
from dataclasses import dataclass

PLACES = ("living room", "beach", "forest", "city", "space", "snow", "desert", "sea", "meadow")
TIMES = ("day", "sunset", "night")
STYLES = (
    "none",
    "cinematic",
    "watercolor",
    "pixel art",
    "line drawing",
    "neon",
    "pastel",
    "noir",
    "golden hour",
    "vaporwave",
    "oil painting",
)


@dataclass(frozen=True)
class Kind:
    """One kind of subject: the colours and poses it comes in, and where it may stand."""

    colors: tuple[str, ...]
    poses: tuple[str, ...]
    places: tuple[str, ...] = PLACES


_OUTDOORS = tuple(place for place in PLACES if place != "living room")
_LAND = tuple(place for place in _OUTDOORS if place not in ("space", "sea"))

SUBJECTS: dict[str, Kind] = {
    "cat": Kind(("orange", "black", "white", "gray"), ("sitting", "sleeping", "walking")),
    "dog": Kind(("brown", "white", "black", "golden"), ("sitting", "sleeping", "running")),
    "bird": Kind(("red", "blue", "yellow", "white"), ("perched", "flying")),
    "fish": Kind(("orange", "blue", "red", "yellow"), ("swimming", "jumping")),
    "tree": Kind(("green", "autumn red", "pink"), ("round", "pine", "bare"), _OUTDOORS),
    "house": Kind(("red", "blue", "yellow", "white"), ("cottage", "tall"), _OUTDOORS),
    "mountain": Kind(("gray", "blue", "brown"), ("snow-capped", "volcano"), _OUTDOORS),
    "castle": Kind(("gray", "pink", "white"), ("towers", "fortress"), _OUTDOORS),
    "boat": Kind(
        ("red", "white", "blue"), ("sailing", "rowing"), ("beach", "city", "space", "sea", "meadow", "snow", "desert")
    ),
    "rocket": Kind(("red", "white", "blue"), ("standing", "launching")),
    "car": Kind(("red", "blue", "yellow", "green"), ("parked", "driving")),
    "flower": Kind(("red", "yellow", "purple", "pink"), ("tulip", "daisy")),
    "lighthouse": Kind(("red", "blue", "white"), ("shining", "dark"), _OUTDOORS),
    "robot": Kind(("silver", "red", "blue", "green"), ("standing", "waving")),
    "balloon": Kind(("red", "blue", "yellow", "purple"), ("party", "hot air")),
    "moon": Kind(("yellow", "white", "orange"), ("crescent", "full"), _OUTDOORS),
}

HELD_OUT_SHARE = 20  # one combination in twenty is never trained on


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The truth of one picture. `seed` settles every small accident of the drawing."""

    subject: str
    color: str
    pose: str
    place: str
    time: str
    style: str = "none"
    seed: int = 0

    @property
    def combination(self) -> str:
        return "|".join((self.subject, self.color, self.pose, self.place, self.time, self.style))

    @property
    def held_out(self) -> bool:
        """Whether this combination is kept for evaluation: decided by its words, so never by chance or order."""
        return hashlib.sha256(self.combination.encode()).digest()[0] % HELD_OUT_SHARE == 0


def sample_scene(rng: random.Random, *, held_out: bool = False, **fixed: str) -> Scene:
    """Draw a scene at random from the training combinations, or from the held-out ones.

    `fixed` settles attributes beforehand, such as `place="beach"`; a subject that cannot stand there is drawn again.

    Raises:
        ValueError: `fixed` asks for something that the world does not have.
    """
    if fixed.get("subject", "cat") not in SUBJECTS:
        raise ValueError(f"The starter world has no {fixed['subject']!r}; it has {', '.join(SUBJECTS)}.")
    for _ in range(10_000):
        subject = fixed.get("subject") or rng.choice(tuple(SUBJECTS))
        kind = SUBJECTS[subject]
        scene = Scene(
            subject=subject,
            color=fixed.get("color") or rng.choice(kind.colors),
            pose=fixed.get("pose") or rng.choice(kind.poses),
            place=fixed.get("place") or rng.choice(kind.places),
            time=fixed.get("time") or rng.choice(TIMES),
            style=fixed.get("style") or rng.choice(STYLES),
            seed=rng.randrange(2**31),
        )
        if scene.place in kind.places and scene.held_out == held_out:
            return scene
    raise ValueError(f"No scene of the starter world fits {fixed!r}.")
