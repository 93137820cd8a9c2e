"""The frozen records that everything passes around: examples, matches, drafts, recipes, pictures.

Plain data only. `as_json` gives the shapes that `--json` prints and that tools hand on as artifacts.
"""

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal


def as_json(record: Any) -> Any:
    """Turn a record, or a list of records, into plain dicts, lists and values, ready for json.dumps."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: as_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, list | tuple):
        return [as_json(item) for item in record]
    if isinstance(record, dict):
        return {key: as_json(value) for key, value in record.items()}
    return record


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that is needed to render a picture again. Sizes in pixels.

    Args:
        start: SHA-256 of the picture that it begins with, "" for noise alone; `mask` of the mask, "" where all may change.
        strength: how much of that picture may change, above 0 and up to 1; 0 where there is none.
    """

    prompt: str
    negative_prompt: str = ""
    seed: int
    steps: int
    guidance: float
    width: int
    height: int
    scheduler: str
    model: str
    model_hash: str = ""
    device: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    start: str = ""
    mask: str = ""
    strength: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Example:
    """One row of the library: a prompt, where its picture is, and what is known of how it was made."""

    id: str
    prompt: str
    url: str = ""
    width: int = 0
    height: int = 0
    source_site: str = ""
    favourite: bool = False
    recipe: str = ""  # JSON of what is known of the making (a whole Recipe for favourites), or empty


@dataclass(frozen=True, kw_only=True)
class Match:
    """An example that a search found. Score: fused, higher is better. Distance: cosine, 0 is the same, None if only words matched.

    `copies`: how many of what was found have almost the same words, this one among them.
    """

    rank: int
    example: Example
    score: float
    distance: float | None = None
    copies: int = 1

    def as_json(self) -> dict[str, Any]:
        """The contract's shape: rank, id, prompt, url, width, height, source_site, score, distance; and after it copies."""
        e = self.example
        return {
            "rank": self.rank,
            "id": e.id,
            "prompt": e.prompt,
            "url": e.url,
            "width": e.width,
            "height": e.height,
            "source_site": e.source_site,
            "score": round(self.score, 6),
            "distance": None if self.distance is None else round(self.distance, 6),
            "copies": self.copies,
        }


@dataclass(frozen=True, kw_only=True)
class IndexState:
    """How the library is searched by meaning: "exact" scans every row; "hnsw" asks an index, and scans what came after it.

    Recall: of the ten nearest, the share that searches found when it was built (0..1), or None. Seconds: that building took.
    """

    kind: Literal["exact", "hnsw"]
    rows: int
    indexed_rows: int = 0
    quantization: str = ""
    recall: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PhraseNear:
    """A phrase that goes with an idea: in how many of the near examples it stands, how much more often than overall."""

    phrase: str
    near: int
    lift: float
    example_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A library example that really holds the phrase."""

    id: str
    prompt: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One edit of a prompt. `was` is the replaced phrase.

    `source`: whose words the phrase is made of. "person": they said it; "examples": library rows hold it, and stand in
    `evidence`; "assistant": its own idea, which no example supports.
    """

    kind: Literal["added", "removed", "replaced"]
    phrase: str
    was: str | None = None
    evidence: tuple[Evidence, ...] = ()
    lift: float | None = None
    source: Literal["person", "examples", "assistant"] = "assistant"
    via: str = ""  # how the person's words came in, where it was not by saying them: "picture 2" (borrowed) or "hand"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One version of the prompt in a conversation. `number` counts within its thread from 1; `parent` is a draft's number."""

    number: int
    prompt: str
    negative_prompt: str = ""
    parent: int | None = None
    request: str = ""
    changes: tuple[Change, ...] = ()
    from_picture: str | None = None  # the picture whose seed the next render keeps, such as "picture 1"
    locked: tuple[str, ...] = ()  # phrases of this prompt, as written there, that no change may touch


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What a draft is to begin with once it is rendered. `picture`: the SHA-256 of its pixels, or "none" for noise.

    `strength`: how much of it may change, 0 where nothing was said; `called`: what it was called when it was named.
    """

    draft: int
    picture: str
    strength: float = 0.0
    called: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One rendered image. `name` ("picture 3") is unique in its thread; `parent` is another picture's name; `draft` a number."""

    name: str
    path: str
    recipe: Recipe
    parent: str | None = None
    draft: int | None = None


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A favourite, and at which rank the library finds it again by its words and by its picture."""

    id: str
    picture: str
    rank: int | None
    picture_rank: int | None


@dataclass(frozen=True, kw_only=True)
class PhraseSeen:
    """Whether a picture shows what a phrase asks for. `score` is 0..1; `there` None: the encoder cannot tell."""

    phrase: str
    score: float
    there: bool | None


@dataclass(frozen=True, kw_only=True)
class Check:
    """A picture held against its prompt, phrase by phrase. `score` 0..1 is what two checks are compared by.

    `avoided`: what was asked to stay out, each with whether it is seen all the same.
    """

    picture: str
    phrases: tuple[PhraseSeen, ...]
    score: float
    avoided: tuple[PhraseSeen, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The phrases that were asked for and are not seen."""
        return tuple(seen.phrase for seen in self.phrases if seen.there is False)

    @property
    def unwanted(self) -> tuple[str, ...]:
        """What was asked to stay out and is seen."""
        return tuple(seen.phrase for seen in self.avoided if seen.there)


@dataclass(frozen=True, kw_only=True)
class PhraseWeight:
    """How much a phrase does: 0 the picture stays the same without it, 1 it becomes another picture."""

    phrase: str
    effect: float


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """Each phrase of a picture's prompt left out once, and the shortest prompt that keeps the picture."""

    picture: str
    weights: tuple[PhraseWeight, ...]
    shortest: str


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """What a candidate prompt would look like: its nearest library pictures, and how much they agree, 0..1."""

    prompt: str
    agreement: float
    matches: tuple[Match, ...]


@dataclass(frozen=True, kw_only=True)
class TasteLine:
    """One thing that the person keeps or drops. `weight` is -1..1; `said`: they wrote it themselves."""

    phrase: str
    weight: float
    kept: int = 0
    dropped: int = 0
    said: bool = False


@dataclass(frozen=True, kw_only=True)
class Taste:
    """The taste card: what the person keeps and drops, strongest first, out of how many picks."""

    lines: tuple[TasteLine, ...]
    picks: int


@dataclass(frozen=True, kw_only=True)
class TreeNode:
    """One draft in a conversation's tree, with the pictures made of it. Depth counts from 0; order is top to bottom."""

    draft: Draft
    depth: int
    pictures: tuple[str, ...]
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A conversation's drafts as branches, oldest first."""

    nodes: tuple[TreeNode, ...]


@dataclass(frozen=True, kw_only=True)
class FileKept:
    """A file that was written for the person, such as an exported conversation or a template."""

    kind: str
    path: str


Showable = Check | Weighing | Foresight | Taste | Tree | FileKept
