"""Finding: examples for words, a picture and conditions, and the phrases that go with an idea.

Several orders of the library, by vectors and by words, are fused by reciprocal rank, because a CLIP is weak on names and
rare words while plain words miss what things look like. What may not be there is a condition in each of them, so that as
many are found as there are. Knows no SQL and makes no sentences.
"""

import dataclasses
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image

from tools.backends import fusing, phrases
from tools.backends.database import Library, other_number
from tools.backends.embedding import Encoder
from tools.backends.errors import BadInput
from tools.backends.filters import LONGEST, Filter
from tools.backends.recognising import SEEN, Description, Recogniser
from tools.backends.records import Example, Match, PhraseNear, Taste
from tools.backends.taste import nudged
from tools.backends.wordpages import WordPages, other_than

DEPTH = 60  # of each order that is fused
# Tuned on prompts cut to pieces and mixed, checked on rewritten ones: what plain words find counts most.
LEGS = {
    "lexical": 2.5,
    "words→prompts": 1.0,
    "words→pictures": 0.7,
    "picture→pictures": 1.5,
    "picture→prompts": 0.7,
    "own": 1.5,
}
OWN = 30  # places of a vector order in which a favourite counts as near; what a person kept comes before its equals
SHRINK = 5.0  # examples without news that are added to a phrase's share, so that few sightings claim little
LEAST = 3  # near examples that must hold a phrase
MIXED = 20  # entries that an order should have at least; with fewer, copies hide the rest
ROOM = 10  # matches beyond those asked for, from which taste may bring one up
WIDE = 5  # times as many as asked for, among which different ones are looked for
# One of few prompts that hold each word of so short a query is worth about two first ranks more: others come near by one word.
FEW_WORDS, RARE, ALL_THERE = 8, 5, 0.1
DEEPEST = 1_000  # of an order, however few are found
ROUNDS = 3  # of looking further where copies of a few prompts fill the orders
MOST_CONDITIONS = 12  # of things to leave out that are conditions; each is a look at every prompt
PUSH = 0.4  # of a first rank, for each standard deviation that an example is nearer to what is unwanted than most

Orders = dict[str, list[tuple[Example, float]]]


class Finder:
    """Searches one library with one encoder. Safe to use from several threads."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self.library = library
        self.encoder = encoder
        self._recogniser = Recogniser(library, encoder)

    def search(
        self,
        words: str = "",
        picture: Image.Image | None = None,
        without: str | Sequence[str] = (),
        k: int = 10,
        where: Sequence[Filter] = (),
        taste: Taste | None = None,
        diverse: bool = False,
    ) -> list[Match]:
        """The k best examples for words, a picture or both, best first; none twice in almost the same words.

        Args:
            words: what the picture should show, or a whole prompt.
            picture: what it should look like.
            without: words, one by one or comma by comma, that no found prompt holds; what only means the same is pushed down.
            k: how many, 1 to 200.
            where: conditions on the examples' columns; only those that meet all of them are looked at.
            taste: what the person keeps and drops; it moves the order a little, and a clear best match not at all.
            diverse: after the best one, rather those that differ from the ones before than the next best.

        Raises:
            BadInput: neither words nor a picture, or k out of range.
        """
        words, unwanted = words.strip(), fusing.parts(without)
        if not words and picture is None:
            raise BadInput("There is nothing to look for. Say what the picture should show, or give a picture.")
        if not 1 <= k <= 200:
            raise BadInput(f"{k} results cannot be shown. Ask for 1 to 200.")
        moves = taste is not None and bool(taste.lines)
        wanted = min(WIDE * k, 200) if diverse else k + ROOM if moves else k
        depth = max(DEPTH, 3 * (wanted if diverse else k))
        look = self._looker(words, picture)
        conditions = (*where, *_not_holding(unwanted))
        crowds: tuple[str, ...] = ()
        orders = look(conditions, crowds, depth, ())
        entries, scores = self._ranked(words, picture, unwanted, orders, wanted)
        for _ in range(ROUNDS):  # copies, and what is almost a copy, may have filled the orders: what is behind them?
            full = {leg: found for leg, found in orders.items() if len(found) >= depth}
            filled = {leg: found for leg, found in full.items() if not _is_mixed(found, min(k, MIXED))}
            if len(entries) >= k and not filled:
                break
            again = filled or full
            if copied := fusing.crowding([example for found in again.values() for example, _ in found], crowds):
                crowds += tuple(copied)
            elif full and depth < DEEPEST:
                depth = min(4 * depth, DEEPEST)
            else:
                break
            more = look(conditions, crowds, depth, tuple(again))
            orders = {leg: fusing.continued(found, more.get(leg, ())) for leg, found in orders.items()}
            entries, scores = self._ranked(words, picture, unwanted, orders, wanted)
        distances: dict[str, float] = {}
        for leg, found in orders.items():
            for example, value in found if leg != "lexical" else ():
                distances[example.id] = min(value, distances.get(example.id, math.inf))
        matches = [
            Match(rank=rank, example=e, score=scores[e.id], distance=distances.get(e.id), copies=copies)
            for rank, (e, copies) in enumerate(entries, 1)
        ]
        matches = nudged(matches, taste, words)
        return self._varied(matches, k, by_picture=picture is not None) if diverse else matches[:k]

    def _looker(
        self, words: str, picture: Image.Image | None
    ) -> Callable[[Sequence[Filter], Sequence[str], int, Sequence[str]], Orders]:
        """A look at some orders, by default all, so deep, under conditions and without some very prompts.

        Words and picture become vectors only once, and who holds the words is asked only once.
        """
        library = self.library
        said = self.encoder.texts([words])[0] if words else None
        shown = self.encoder.pictures([picture])[0] if picture is not None else None
        legs: dict[str, Callable[[Sequence[Filter], int], list[tuple[Example, float]]]] = {}
        if said is not None:
            legs["words→prompts"] = lambda where, depth: library.nearest_prompts(said, depth, where)
            legs["words→pictures"] = lambda where, depth: library.nearest_pictures(said, depth, where)
        if shown is not None:
            legs["picture→pictures"] = lambda where, depth: library.nearest_pictures(shown, depth, where)
            legs["picture→prompts"] = lambda where, depth: library.nearest_prompts(shown, depth, where)
        by = "picture→pictures" if said is None else "words→prompts"
        pages = WordPages(library, words)

        def look(where: Sequence[Filter], besides: Sequence[str], depth: int, of: Sequence[str]) -> Orders:
            orders: Orders = {}
            if said is not None and (not of or "lexical" in of):
                orders["lexical"] = pages.first(depth, where, besides)
            conditions = (*where, *other_than(besides))
            orders |= {leg: find(conditions, depth) for leg, find in legs.items() if not of or leg in of}
            own = [(place, found) for place, found in enumerate(orders.get(by, [])[:OWN]) if found[0].favourite]
            if own:  # in a small library the first thirty are not all near; only favourites are worth counting it for
                places = library.count() // 100 + 3
                orders["own"] = [found for place, found in own if place < places]
            return orders

        return look

    def _ranked(
        self, words: str, picture: Image.Image | None, unwanted: Sequence[str], orders: Orders, most: int
    ) -> tuple[list[tuple[Example, int]], dict[str, float]]:
        """The best entries, each with how many are alike, and the score of every example."""
        scores = fusing.fused(orders, LEGS)
        examples = {example.id: example for found in orders.values() for example, _ in found}
        wanted = tuple(phrases.words(words))
        for id, example in examples.items():  # the very prompt comes first, and the person's own before a stranger's
            if wanted and fusing.words_of(example.prompt) == wanted:
                scores[id] += 1.0 + example.favourite
        if 1 < len(wanted) <= FEW_WORDS:
            whole = [id for id, example in examples.items() if _holds_each(example.prompt, wanted)]
            for id in whole if len(whole) <= RARE else ():  # where many hold them, the orders know better
                scores[id] += ALL_THERE
        if picture is not None:  # the very picture comes first, whatever else looks like it
            for id in self._recogniser.same(picture, [example for example, _ in orders["picture→pictures"][:SEEN]]):
                scores[id] += 1.0
        if unwanted:
            # The conditions keep out what holds the words; this holds it where an engine reads a prompt otherwise.
            held = {id for id, example in examples.items() if _holds_any(example.prompt, unwanted)}
            examples = {id: example for id, example in examples.items() if id not in held}
            for id, penalty in self._meant(unwanted, list(examples)).items():
                scores[id] -= penalty
        order = sorted(examples.values(), key=lambda example: (-scores[example.id], example.id))
        return fusing.folded(order, most), scores

    def _meant(self, unwanted: Sequence[str], ids: Sequence[str]) -> dict[str, float]:
        """What to take from the scores of those that mean, or show, what is unwanted, more than the others found do."""
        penalties: dict[str, float] = defaultdict(float)
        if len(ids) < 3:
            return penalties
        for vectors in (self.library.prompt_vectors(ids), self.library.picture_vectors(ids)):
            if len(vectors) < 3:
                continue
            near = np.stack(list(vectors.values())) @ self.encoder.texts(list(unwanted)).T  # (ids, unwanted)
            unusual = (near - near.mean(0)) / np.maximum(near.std(0), 1e-6) - 1.0
            for id, far in zip(vectors, unusual.max(1), strict=True):
                penalties[id] = max(penalties[id], PUSH / fusing.FLAT * max(0.0, float(far)))
        return penalties

    def _varied(self, matches: Sequence[Match], k: int, *, by_picture: bool) -> list[Match]:
        ids = [match.example.id for match in matches]
        vectors = self.library.picture_vectors(ids) if by_picture else self.library.prompt_vectors(ids)
        # By rank: a score may stand far above the next for what it says, not for what it is like.
        worth = [1 / (fusing.FLAT + match.rank) for match in matches]
        places = fusing.varied(worth, [vectors.get(id) for id in ids], k)
        return [dataclasses.replace(matches[place], rank=rank) for rank, place in enumerate(places, 1)]

    def describe(self, picture: Image.Image, k: int = 10) -> Description:
        """Whether the picture is in the library, and the k examples that look most like it; see `recognising`."""
        return self._recogniser.describe(picture, k)

    def phrases_near(
        self, words: str | Sequence[Match], k: int = 12, near: int = 100, least: int = LEAST
    ) -> list[PhraseNear]:
        """The k phrases that most go with an idea, by lift: their share near it over their share in the whole library.

        Args:
            words: the idea, which is looked for by its meaning alone, or matches that a search gave.
            k: how many phrases.
            near: how many examples of the idea to look at, where words are given.
            least: near examples that must hold a phrase.
        """
        examples = self._meaning(words, near) if isinstance(words, str) else [match.example for match in words]
        said = set(phrases.words(words)) if isinstance(words, str) else set()
        chosen = [
            e for e, _ in fusing.folded(examples, near if isinstance(words, str) else len(examples), fusing.SAME_FAMILY)
        ]
        holding: dict[str, list[str]] = defaultdict(list)
        for example in chosen:
            for phrase in _countable(example.prompt):
                holding[phrase].append(example.id)
        # What the words say already is no news.
        often = {p: ids for p, ids in holding.items() if len(ids) >= least and not said.issuperset(phrases.words(p))}
        total = max(1, self.library.count())
        found = []
        for phrase, everywhere in self.library.phrase_counts(often).items():
            ids = often[phrase]
            usual = (max(everywhere, len(ids)) + LEAST) / (total + LEAST)  # as if a few more were somewhere else
            lift = (len(ids) / usual + SHRINK) / (len(chosen) + SHRINK)
            if lift > 1.0:
                found.append(PhraseNear(phrase=phrase, near=len(ids), lift=round(lift, 2), example_ids=tuple(ids)))
        # Many sightings of a strong phrase before few of a stronger one.
        return sorted(found, key=lambda p: (-p.near * math.log(p.lift), p.phrase))[:k]

    def _meaning(self, words: str, near: int) -> list[Example]:
        """The examples whose prompts are nearest to the words; more of them where many are copies of each other."""
        vector = self.encoder.texts([words])[0]
        found: list[Example] = []
        for much in (near, WIDE * near):
            found = [example for example, _ in self.library.nearest_prompts(vector, much)]
            if len(fusing.folded(found, near, fusing.SAME_FAMILY)) > near // 2 or len(found) < much:
                break
        return found


def _is_mixed(found: Sequence[tuple[Example, float]], least: int) -> bool:
    """Whether an order has at least so many entries."""
    return len(fusing.folded((example for example, _ in found), least)) == least


def _countable(prompt: str) -> tuple[str, ...]:
    """The phrases of a prompt; cutting it up costs more than all else that is asked of it, and searches meet it again."""
    return _cut_up(prompt) if len(prompt) <= fusing.SHORT_ENOUGH else tuple(phrases.countable(prompt))


@lru_cache(maxsize=fusing.KEPT)
def _cut_up(prompt: str) -> tuple[str, ...]:
    return tuple(phrases.countable(prompt))


def _not_holding(unwanted: Iterable[str]) -> list[Filter]:
    """What is unwanted, as conditions; what has no words at all is looked for letter by letter."""
    said = [part for part in unwanted if len(part) <= LONGEST][:MOST_CONDITIONS]
    return [Filter(column="prompt", operator="!:" if phrases.words(part) else "!~", value=part) for part in said]


def _holds_any(prompt: str, unwanted: Iterable[str]) -> bool:
    return any(phrases.holds(prompt, part) or phrases.holds(prompt, _other_form(part)) for part in unwanted)


def _holds_each(prompt: str, words: Iterable[str]) -> bool:
    held = set(fusing.words_of(prompt))
    return all(word in held or other_number(word) in held for word in words)


def _other_form(part: str) -> str:
    """The words with the last one in the other number: "cat" for "cats"."""
    run = phrases.words(part)
    return " ".join([*run[:-1], other_number(run[-1])]) if run else part
