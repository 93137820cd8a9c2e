"""Which rows are one and the same example, and what a row that comes again has to give. Pure.

Rows are told apart by their prompt, by the picture's link or, where there is none, the picture itself, and by their recipe. A
row may say less than it does another time: without the folder of its pictures, or before the settings were known. Then it is
the same example, as long as what both say agrees; two pictures, or two recipes, of the same words are two examples.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

UNSEEN = "?"  # the mark of a picture that has no thumbnail to compare
FULL, PART = "full", "part"  # what was taken out said just this, or this and more


def content_key(prompt: str, url: str = "", recipe: str = "", picture: bytes | None = None) -> str:
    """What a row says, as a key: prompt, recipe, and the picture's link or, where there is none, its bytes."""
    where = url.encode("utf-8", "replace") if url else (picture or b"")
    parts = (" ".join(prompt.split()).encode("utf-8", "replace"), where, recipe.encode("utf-8", "replace"))
    said = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hashlib.blake2b(said, digest_size=16).hexdigest()


def keys_of(prompt: str, url: str = "", recipe: str = "", picture: bytes | None = None) -> tuple[str, ...]:
    """The keys of all that the same row may have said another time, from all of it to the least."""
    if not recipe and (url or not picture):  # as most rows are
        return (content_key(prompt, url),)
    pictures = [None] if url or not picture else [picture, None]
    recipes = [recipe, ""] if recipe else [""]
    return tuple(content_key(prompt, url, recipe, picture) for picture in pictures for recipe in recipes)


def mark_of(picture: bytes | None) -> str:
    """A thumbnail's own mark, '' where there is none; the engines make the same (MD5, which only tells pictures apart)."""
    return hashlib.md5(picture, usedforsecurity=False).hexdigest() if picture else ""


@dataclass(slots=True)  # neither frozen nor by name only: there is one for every row of every file
class Saying:
    """What a row says that comes in. `picture` is its thumbnail, if it is known; `shows`: it comes with a picture, or may."""

    prompt: str
    id: str = ""
    url: str = ""
    recipe: str = ""
    picture: bytes | None = None
    shows: bool = False
    favourite: bool = False
    nsfw: float = 0.0
    rating: float = 0.0

    keys: tuple[str, ...] = field(init=False)  # see `keys_of`

    def __post_init__(self) -> None:
        self.keys = keys_of(self.prompt, self.url, self.recipe, self.picture)


@dataclass(slots=True)
class Held:
    """An example as rows that come again are compared with it. `mark` is its picture's; '' where it has none."""

    id: str
    prompt: str
    url: str
    recipe: str
    favourite: bool = False
    nsfw: float = 0.0
    rating: float = 0.0
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Gain:
    """What an example gets of a row that came again; what is empty stays as it is."""

    id: str
    recipe: str = ""
    favourite: bool = False
    nsfw: float = 0.0
    rating: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a row stands to the library: new, or known, with what it has to give; `gone`: it was taken out by the person."""

    known: bool = False
    gone: bool = False
    lacks_picture: bool = False
    gain: Gain | None = None


@dataclass(kw_only=True)
class Register:
    """The examples that some rows may be the same as."""

    by_key: dict[str, Held] = field(default_factory=dict)
    by_id: dict[str, Held] = field(default_factory=dict)

    def find(self, row: Saying) -> Held | None:
        """The example that the row is, if it is there."""
        own = self.by_id.get(row.id) if row.id else None
        if own is None and not any(key in self.by_key for key in row.keys):
            return None
        if own is not None and (own.url != row.url or not _same_words(own.prompt, row.prompt) or not _agree(row, own)):
            own = None
        if own is not None and own.recipe == row.recipe:
            return own
        first, *less = [self.by_key.get(key) for key in row.keys]
        return next((held for held in (first, own, *less) if held is not None and _agree(row, held)), None)

    def admit(self, row: Saying) -> tuple[str, Held]:
        """Take in a row that is new. Its key is that of the least it says, unless another example has it: so it is known again
        when it says less. Returns the key, and the example."""
        key = row.keys[-1]
        if key in self.by_key:
            key = next((key for key in reversed(row.keys) if key not in self.by_key), row.keys[0])
        id = row.id or key
        if id in self.by_id:
            id = f"{id}-{key[:8]}"
        mark = (mark_of(row.picture) or UNSEEN) if row.shows else ""
        held = Held(id, row.prompt, row.url, row.recipe, row.favourite, row.nsfw, row.rating, mark)
        self.by_key[key] = self.by_id[held.id] = held
        return key, held


def gain_of(row: Saying, held: Held) -> Gain | None:
    """What the example lacks and the row has. What is known of an example is never replaced."""
    gain = Gain(
        id=held.id,
        recipe="" if held.recipe else row.recipe,
        favourite=row.favourite and not held.favourite,
        nsfw=0.0 if held.nsfw else row.nsfw,
        rating=0.0 if held.rating else row.rating,
    )
    return gain if gain != Gain(id=held.id) else None


def give(held: Held, gain: Gain) -> None:
    """Note that an example got something."""
    held.recipe = gain.recipe or held.recipe
    held.favourite = gain.favourite or held.favourite
    held.nsfw, held.rating = gain.nsfw or held.nsfw, gain.rating or held.rating


class Removed:
    """What the person took out of the library, as keys: they say so once, and no file brings it back unasked."""

    def __init__(self, keys: Mapping[str, str], often: Mapping[str, int] | None = None) -> None:
        self._keys, self._often = keys, often or {}

    def times(self, keys: Iterable[str] | None) -> int:
        """How often something of these keys, or anything, was taken out: it grows whenever that happens again."""
        return sum(self._often.values() if keys is None else (self._often.get(key, 0) for key in keys))

    def has(self, row: Saying) -> bool:
        """Whether it is this row: it says what the example said, or less, or more."""
        return bool(self._keys) and (row.keys[0] in self._keys or any(self._keys.get(key) == FULL for key in row.keys))

    @staticmethod
    def keys_of(held: Held, picture: bytes | None) -> Iterable[tuple[str, str]]:
        """The keys to keep of an example that is taken out, each with whether it is all that it said."""
        keys = keys_of(held.prompt, held.url, held.recipe, picture)
        return ((key, PART if n else FULL) for n, key in enumerate(keys))


def _same_words(one: str, other: str) -> bool:
    return one == other or one.split() == other.split()


def _agree(row: Saying, held: Held) -> bool:
    """Whether nothing that the row says is otherwise in the example; only without a link the picture says which it is."""
    if row.recipe and held.recipe and row.recipe != held.recipe:
        return False
    return bool(row.url) or not row.picture or held.mark in ("", UNSEEN) or mark_of(row.picture) == held.mark
