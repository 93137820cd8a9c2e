"""Finding: examples for words or a picture, the example a picture is, and the phrases that go with an idea.

Several orders of the library, by vectors and by words, are fused by reciprocal rank, because a CLIP is weak on names and
rare words while plain words miss what things look like. Knows no SQL and makes no sentences.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

from PIL import Image

from tools.backends import phrases
from tools.backends.database import Library, other_number
from tools.backends.embedding import Encoder
from tools.backends.errors import BadInput
from tools.backends.filters import Filter
from tools.backends.recognising import SEEN, Description, Recogniser
from tools.backends.records import Example, Match, PhraseNear, Taste
from tools.backends.taste import nudged

DEPTH = 60  # of each order that is fused
FLAT = 20.0  # added to ranks: the smaller, the more the first places of one order count
LEGS = {
    "lexical": 1.5,
    "words→prompts": 1.0,
    "words→pictures": 0.7,
    "picture→pictures": 1.5,
    "picture→prompts": 0.7,
    "own": 1.5,
}
OWN = 30  # places of a vector order in which a favourite counts as near; what a person kept comes before its equals
SAME_WORDS = 0.85  # share of common words from which two prompts are the same prompt
SAME_FAMILY = 0.75  # … and from which they are one person's variations, which count once as evidence
SHRINK = 5.0  # examples without news that are added to a phrase's share, so that few sightings claim little
LEAST = 3  # near examples that must hold a phrase
ROOM = 10  # matches beyond those asked for, from which taste may bring one up


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
        without: str = "",
        k: int = 10,
        where: Sequence[Filter] = (),
        taste: Taste | None = None,
    ) -> list[Match]:
        """The k best examples for words, a picture or both, best first; none twice in almost the same words.

        Args:
            words: what the picture should show, or a whole prompt.
            picture: what it should look like.
            without: words, comma by comma, that no found prompt may hold; what only means the same is pushed down.
            k: how many, 1 to 200.
            where: conditions on the examples' columns; only those that meet all of them are looked at.
            taste: what the person keeps and drops; it moves the order a little, and a clear best match not at all.

        Raises:
            BadInput: neither words nor a picture, or k out of range.
        """
        words, without = words.strip(), without.strip()
        if not words and picture is None:
            raise BadInput("There is nothing to look for. Say what the picture should show, or give a picture.")
        if not 1 <= k <= 200:
            raise BadInput(f"{k} results cannot be shown. Ask for 1 to 200.")
        depth = max(DEPTH, 3 * k)
        orders = self._orders(words, picture, depth, where)
        scores: dict[str, float] = defaultdict(float)
        examples: dict[str, Example] = {}
        distances: dict[str, float] = {}
        for leg, found in orders.items():
            for rank, (example, value) in enumerate(found):
                examples[example.id] = example
                scores[example.id] += LEGS[leg] / (FLAT + rank)
                if leg != "lexical":
                    distances[example.id] = min(value, distances.get(example.id, math.inf))
        wanted = phrases.words(words)
        for id, example in examples.items():  # the very prompt comes first, and the person's own before a stranger's
            if wanted and phrases.words(example.prompt) == wanted:
                scores[id] += 1.0 + example.favourite
        if picture is not None:  # the very picture comes first, whatever else looks like it
            for id in self._recogniser.same(picture, [example for example, _ in orders["picture→pictures"][:SEEN]]):
                scores[id] += 1.0
        for id, penalty in self._unwanted(without, examples, where).items():
            scores[id] -= penalty
        order = sorted((id for id in scores if scores[id] > -math.inf), key=lambda id: (-scores[id], id))
        moves = taste is not None and bool(taste.lines)
        chosen = _different([examples[id] for id in order], k + ROOM if moves else k)
        matches = [
            Match(rank=rank, example=example, score=scores[example.id], distance=distances.get(example.id))
            for rank, example in enumerate(chosen, 1)
        ]
        return nudged(matches, taste, words)[:k]

    def _orders(
        self, words: str, picture: Image.Image | None, depth: int, where: Sequence[Filter]
    ) -> dict[str, list[tuple[Example, float]]]:
        library, orders = self.library, {}
        if words:
            vector = self.encoder.texts([words])[0]
            orders["lexical"] = _closer_words_first(words, library.lexical(words, 3 * depth, where))[:depth]
            orders["words→prompts"] = library.nearest_prompts(vector, depth, where)
            orders["words→pictures"] = library.nearest_pictures(vector, depth, where)
        if picture is not None:
            vector = self.encoder.pictures([picture])[0]
            orders["picture→pictures"] = library.nearest_pictures(vector, depth, where)
            orders["picture→prompts"] = library.nearest_prompts(vector, depth, where)
        nearest = orders["words→prompts" if words else "picture→pictures"][:OWN]
        own = [(place, found) for place, found in enumerate(nearest) if found[0].favourite]
        if own:  # in a small library the first thirty are not all near; only favourites are worth counting it for
            places = library.count() // 100 + 3
            orders["own"] = [found for place, found in own if place < places]
        return orders

    def _unwanted(self, without: str, examples: dict[str, Example], where: Sequence[Filter]) -> dict[str, float]:
        """What to take from the scores: everything where the prompt says it, a bit where it only means it."""
        parts = [part.strip() for part in without.split(",") if part.strip()]
        if not parts:
            return {}
        penalties: dict[str, float] = defaultdict(float)
        for vector in self.encoder.texts(parts):
            for rank, (example, _) in enumerate(self.library.nearest_prompts(vector, DEPTH, where)):
                if example.id in examples:
                    penalties[example.id] += 1 / (FLAT + rank)
        forms = {form for part in parts for form in (part, _other_form(part))}
        for id, example in examples.items():
            if any(phrases.holds(example.prompt, form) for form in forms):
                penalties[id] = math.inf
        return penalties

    def describe(self, picture: Image.Image, k: int = 10) -> Description:
        """Whether the picture is in the library, and the k examples that look most like it; see `recognising`."""
        return self._recogniser.describe(picture, k)

    def phrases_near(
        self, words: str | Sequence[Match], k: int = 12, near: int = 100, least: int = LEAST
    ) -> list[PhraseNear]:
        """The k phrases that most go with an idea, by lift: their share near it over their share in the whole library.

        Args:
            words: the idea, or matches that a search for it gave.
            k: how many phrases.
            near: how many examples of the idea to look at, where words are given.
            least: near examples that must hold a phrase.
        """
        matches = self.search(words, k=min(near, 200)) if isinstance(words, str) else list(words)
        said = set(phrases.words(words)) if isinstance(words, str) else set()
        chosen = _different([match.example for match in matches], len(matches), SAME_FAMILY)
        holding: dict[str, list[str]] = defaultdict(list)
        for example in chosen:
            for phrase in phrases.countable(example.prompt):
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


def _closer_words_first(words: str, found: list[tuple[Example, float]]) -> list[tuple[Example, float]]:
    """The lexical order again, with neighbours of the query ("studio ghibli") counting more where they stand together."""
    run = phrases.words(words)
    pairs = {f" {a} {b} " for a, b in zip(run, run[1:], strict=False)}
    if not pairs:
        return found

    def score(pair: tuple[Example, float]) -> float:
        text = f" {' '.join(phrases.words(pair[0].prompt))} "
        return pair[1] * (1 + 0.5 * sum(each in text for each in pairs) / len(pairs))

    return sorted(((example, score((example, value))) for example, value in found), key=lambda pair: -pair[1])


def _different(examples: Sequence[Example], k: int, share: float = SAME_WORDS) -> list[Example]:
    """The first k that have not almost the words of an earlier one. Favourites all stay: each is its own picture."""
    chosen: list[Example] = []
    kept: list[set[str]] = []
    for example in examples:
        own = set(phrases.words(example.prompt)) or {example.prompt}
        twin = next((n for n, other in enumerate(kept) if len(own & other) >= share * len(own | other)), None)
        if twin is None or example.favourite:
            if twin is not None and not chosen[twin].favourite:
                chosen[twin] = example  # in the place of the library's own
            else:
                chosen.append(example)
                kept.append(own)
        if len(chosen) == k:
            break
    return chosen


def _other_form(part: str) -> str:
    """The words with the last one in the other number: "cat" for "cats"."""
    run = phrases.words(part)
    return " ".join([*run[:-1], other_number(run[-1])]) if run else part
