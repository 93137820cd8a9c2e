"""What exists in the starter world, as data: subjects and their colours and poses, places, hours, weather, framing, styles.

A `Scene` is the ground truth of one picture. `starter.draw` paints it, `starter.captions` puts it into words.
Nothing here draws, trains or speaks.
"""

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"  # the shipped models, which know this world and nothing else


@dataclass(frozen=True)
class Kind:
    """One kind of subject: the colours and poses it comes in, where it may stand, and what it does beside another."""

    colors: tuple[str, ...]
    poses: tuple[str, ...]
    places: tuple[str, ...] = ()  # none: everywhere
    pairs: bool = True  # may stand beside another subject
    carries: bool = False  # another subject may stand on it


_INDOORS = ("living room", "kitchen", "library", "stage")
PLACES = (
    "living room",
    "beach",
    "forest",
    "city",
    "space",
    "snow",
    "desert",
    "sea",
    "meadow",
    "kitchen",
    "library",
    "underwater",
    "mountains",
    "village",
    "cave",
    "stage",
)
TIMES = ("day", "sunset", "night")
WEATHERS = ("clear", "rain", "fog", "snowfall", "storm", "stars")
FRAMINGS = ("medium", "close-up", "wide", "from above")
SIZES = ("normal", "tiny", "giant")
RELATIONS = ("none", "left", "right", "on", "behind")
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
    "ukiyo-e",
    "stained glass",
    "comic",
    "blueprint",
    "claymation",
    "low poly",
    "chalk",
    "art deco",
    "double exposure",
    "isometric",
)

_OUTDOORS = tuple(place for place in PLACES if place not in _INDOORS)
_OPEN = tuple(place for place in _OUTDOORS if place not in ("underwater", "cave"))  # under a sky
_LAND = tuple(place for place in _OPEN if place not in ("space", "sea"))
_DRY = tuple(place for place in PLACES if place not in ("underwater", "sea"))

SUBJECTS: dict[str, Kind] = {
    "cat": Kind(("orange", "black", "white", "gray"), ("sitting", "sleeping", "walking")),
    "dog": Kind(("brown", "white", "black", "golden"), ("sitting", "sleeping", "running")),
    "bird": Kind(("red", "blue", "yellow", "white"), ("perched", "flying")),
    "fish": Kind(("orange", "blue", "red", "yellow"), ("swimming", "jumping")),
    "tree": Kind(("green", "autumn red", "pink"), ("round", "pine", "bare"), _OPEN, pairs=False),
    "house": Kind(("red", "blue", "yellow", "white"), ("cottage", "tall"), _OPEN, pairs=False),
    "mountain": Kind(("gray", "blue", "brown"), ("snow-capped", "volcano"), _OPEN, pairs=False),
    "castle": Kind(("gray", "pink", "white"), ("towers", "fortress"), _OUTDOORS, pairs=False),
    "boat": Kind(
        ("red", "white", "blue"),
        ("sailing", "rowing"),
        ("beach", "city", "space", "sea", "meadow", "snow", "desert", "village"),
    ),
    "rocket": Kind(("red", "white", "blue"), ("standing", "launching"), _OUTDOORS),
    "car": Kind(("red", "blue", "yellow", "green"), ("parked", "driving"), carries=True),
    "flower": Kind(("red", "yellow", "purple", "pink"), ("tulip", "daisy")),
    "lighthouse": Kind(("red", "blue", "white"), ("shining", "dark"), _OPEN, pairs=False),
    "robot": Kind(("silver", "red", "blue", "green"), ("standing", "waving")),
    "balloon": Kind(("red", "blue", "yellow", "purple"), ("party", "hot air")),
    "moon": Kind(("yellow", "white", "orange"), ("crescent", "full"), _OPEN, pairs=False),
    "horse": Kind(("brown", "white", "black"), ("standing", "running"), carries=True),
    "rabbit": Kind(("white", "gray", "brown"), ("sitting", "hopping")),
    "owl": Kind(("brown", "white", "gray"), ("perched", "flying")),
    "penguin": Kind(("black", "blue", "gray"), ("standing", "sliding")),
    "elephant": Kind(("gray", "blue", "pink"), ("standing", "sitting"), carries=True),
    "fox": Kind(("orange", "white", "gray"), ("sitting", "running")),
    "bear": Kind(("brown", "white", "black"), ("sitting", "walking"), carries=True),
    "frog": Kind(("green", "blue", "yellow"), ("sitting", "leaping")),
    "turtle": Kind(("green", "brown", "blue"), ("walking", "swimming"), carries=True),
    "butterfly": Kind(("orange", "blue", "purple", "yellow"), ("resting", "fluttering")),
    "knight": Kind(("silver", "golden", "red"), ("standing", "riding")),
    "wizard": Kind(("blue", "purple", "red"), ("standing", "casting")),
    "astronaut": Kind(("white", "orange", "silver"), ("floating", "waving")),
    "pirate": Kind(("red", "black", "blue"), ("standing", "waving")),
    "dragon": Kind(("green", "red", "purple"), ("sitting", "flying")),
    "ghost": Kind(("white", "blue", "green"), ("floating", "haunting")),
    "unicorn": Kind(("white", "pink", "purple"), ("standing", "prancing"), carries=True),
    "train": Kind(("red", "black", "green"), ("steam", "express"), _DRY),
    "bicycle": Kind(("red", "blue", "yellow"), ("parked", "with a basket")),
    "airplane": Kind(("white", "red", "yellow"), ("flying", "landed"), _OPEN),
    "windmill": Kind(("white", "red", "brown"), ("turning", "still"), _LAND, pairs=False),
    "pagoda": Kind(("red", "green", "golden"), ("three-tiered", "five-tiered"), _LAND, pairs=False),
    "mushroom": Kind(("red", "brown", "purple"), ("single", "cluster"), carries=True),
    "sunflower": Kind(("yellow", "orange"), ("blooming", "potted")),
    "cake": Kind(("pink", "brown", "white"), ("birthday", "sliced"), carries=True),
    "apple": Kind(("red", "green", "yellow"), ("whole", "bitten")),
    "pizza": Kind(("golden",), ("whole", "slice")),
    "ice cream": Kind(("pink", "brown", "white"), ("cone", "sundae")),
    "guitar": Kind(("brown", "red", "blue"), ("acoustic", "electric")),
    "piano": Kind(("black", "white", "brown"), ("grand", "upright"), carries=True),
    "drum": Kind(("red", "blue", "golden"), ("snare", "drum kit"), carries=True),
}

HELD_OUT_SHARE = 20  # one combination in twenty is never trained on
_PAIRS, _WEATHER, _FRAMING, _SIZE = 0.35, 0.45, 0.4, 0.2  # how often a scene has each
_BOTH = 0.3  # how much seldomer an unusual framing or size is in weather: together they hide the place


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The truth of one picture. `seed` settles every small accident of the drawing.

    `relation` says where the subject is, seen from `other`: to its left, to its right, on it or behind it. The other
    subject shows the first of its poses.
    """

    subject: str
    color: str
    pose: str
    place: str
    time: str
    style: str = "none"
    weather: str = "clear"
    framing: str = "medium"
    size: str = "normal"
    relation: str = "none"
    other: str = "none"
    other_color: str = "none"
    seed: int = 0

    @property
    def combination(self) -> str:
        plain = "|".join((self.subject, self.color, self.pose, self.place, self.time, self.style))
        more = (self.weather, self.framing, self.size, self.relation, self.other, self.other_color)
        return plain if more == _PLAIN else "|".join((plain, *more))

    @property
    def held_out(self) -> bool:
        """Whether this combination is kept for evaluation: decided by its words, so never by chance or order."""
        return hashlib.sha256(self.combination.encode()).digest()[0] % HELD_OUT_SHARE == 0


_PLAIN = ("clear", "medium", "normal", "none", "none", "none")


def places_of(subject: str) -> tuple[str, ...]:
    """Where the subject may stand."""
    return SUBJECTS[subject].places or PLACES


def weathers_of(place: str, time: str) -> tuple[str, ...]:
    """The weathers that a place can have at that hour: none but a clear one where there is no sky, stars only at night."""
    if place not in _OPEN or place == "space":
        return WEATHERS[:1]
    return tuple(weather for weather in WEATHERS if weather != "stars" or time == "night")


def sample_scene(rng: random.Random, *, held_out: bool = False, **fixed: str) -> Scene:
    """Draw a scene at random from the training combinations, or from the held-out ones.

    `fixed` settles attributes beforehand, such as `place="beach"`; a subject that cannot stand there is drawn again.
    `relation` asks for a second subject ("none": for a single one).

    Raises:
        ValueError: `fixed` asks for something that the world does not have.
    """
    if fixed.get("subject", "cat") not in SUBJECTS:
        raise ValueError(f"The starter world has no {fixed['subject']!r}; it has {', '.join(SUBJECTS)}.")
    for _ in range(10_000):
        subject = fixed.get("subject") or rng.choice(tuple(SUBJECTS))
        kind = SUBJECTS[subject]
        said = {
            "subject": subject,
            "color": fixed.get("color") or rng.choice(kind.colors),
            "pose": fixed.get("pose") or rng.choice(kind.poses),
            "place": fixed.get("place") or rng.choice(places_of(subject)),
            "time": fixed.get("time") or rng.choice(TIMES),
            "style": fixed.get("style") or rng.choice(STYLES),
        }
        more = _more(rng, subject, said["place"], said["time"], fixed)
        scene = Scene(**said, **more, seed=rng.randrange(2**31))
        if fits(scene) and scene.held_out == held_out:
            return scene
    raise ValueError(f"No scene of the starter world fits {fixed!r}.")


def _more(rng: random.Random, subject: str, place: str, time: str, fixed: dict[str, str]) -> dict[str, str]:
    """Weather, framing, size and a second subject, most of them left as they usually are."""
    weathers = weathers_of(place, time)
    relation = rng.choice(RELATIONS[1:]) if SUBJECTS[subject].pairs and rng.random() < _PAIRS else "none"
    relation = fixed.get("relation", relation)
    weather = weathers[0]
    if rng.random() < _WEATHER:
        weather = rng.choice(weathers[1:] + weathers[5:] or weathers)  # stars are for nights alone: twice as often then
    share = 1.0 if weather == "clear" else _BOTH
    more = {
        "weather": weather,
        "framing": rng.choice(FRAMINGS[1:]) if rng.random() < _FRAMING * share else "medium",
        "size": rng.choice(SIZES[1:]) if rng.random() < _SIZE * share else "normal",
        "relation": relation,
    }
    if relation != "none":
        able = [name for name, kind in SUBJECTS.items() if kind.pairs and place in places_of(name) and name != subject]
        partners = [name for name in able if relation != "on" or SUBJECTS[name].carries]
        more["other"] = fixed.get("other") or rng.choice(partners)
        more["other_color"] = fixed.get("other_color") or rng.choice(SUBJECTS[more["other"]].colors)
        more["size"] = "normal"
        more["framing"] = "wide" if rng.random() < _FRAMING / 2 else "medium"
    if more["size"] != "normal":
        more["framing"] = "medium"
    return {**more, **{name: value for name, value in fixed.items() if name in more}}


def fits(scene: Scene) -> bool:
    """Whether the world has such a scene: its subject can stand there, its weather can be there, its second subject with it."""
    if scene.place not in places_of(scene.subject) or scene.weather not in weathers_of(scene.place, scene.time):
        return False
    if scene.framing == "from above" and (scene.weather in ("stars", "storm") or scene.subject == "moon"):
        return False  # who looks down sees no sky
    if scene.size != "normal" and scene.framing != "medium":
        return False  # a tiny thing from close up is no tiny thing
    if scene.relation == "none":
        return scene.other == scene.other_color == "none"
    other = SUBJECTS.get(scene.other)
    return (
        other is not None
        and other.pairs
        and SUBJECTS[scene.subject].pairs
        and scene.other != scene.subject
        and scene.place in places_of(scene.other)
        and scene.other_color in other.colors
        and scene.size == "normal"
        and scene.framing in ("medium", "wide")
        and (scene.relation != "on" or other.carries)
    )
