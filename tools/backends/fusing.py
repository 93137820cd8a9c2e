"""Several orders of examples as one: fused by reciprocal rank, copies folded, and varied on demand. Pure."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from tools.backends import phrases
from tools.backends.records import Example

FLAT = 20.0  # added to ranks: the smaller, the more the first places of one order count
SAME_WORDS = 0.85  # share of common words from which two prompts are the same prompt
SAME_FAMILY = 0.75  # … and from which they are one person's variations, which count once as evidence
TOGETHER = 0.5  # how much more a prompt counts that has the words of the query side by side
SHORT, LONG = (
    6,
    30,
)  # different words of a query: up to the first, the length of a prompt hardly matters; from the other, fully
OWN_SHARE = 0.7  # of the first match's score that being near counts, where the others are to be different

KEPT, SHORT_ENOUGH = 8_192, 1_000  # prompts whose words are remembered, and characters of those

Found = Sequence[tuple[Example, float]]


def words_of(prompt: str) -> tuple[str, ...]:
    """The words of a prompt; a search asks for them several times, and the next one meets many of the same prompts."""
    return _words_of(prompt) if len(prompt) <= SHORT_ENOUGH else tuple(phrases.words(prompt))


@lru_cache(maxsize=KEPT)
def _words_of(prompt: str) -> tuple[str, ...]:
    return tuple(phrases.words(prompt))


def fused(orders: Mapping[str, Found], weights: Mapping[str, float]) -> dict[str, float]:
    """Each example's score: the sum of weight / (FLAT + rank) over the orders. What is alike shares one rank of an order."""
    scores: dict[str, float] = defaultdict(float)
    family = families(example for found in orders.values() for example, _ in found)
    for leg, found in orders.items():
        ranks: dict[int, int] = {}
        for example, _ in found:
            rank = ranks.setdefault(family[example.prompt], len(ranks))
            scores[example.id] += weights[leg] / (FLAT + rank)
    return scores


def closer_words_first(words: str, found: Found) -> list[tuple[Example, float]]:
    """The lexical order again: words side by side in the query ("studio ghibli") count more where they are side by side.

    And the longer the query, the less a long prompt is worth that holds all its words among many others: a query of three
    words is about a part of a prompt, one of thirty is about a whole one.
    """
    run = phrases.words(words)
    pairs = {f" {a} {b} " for a, b in zip(run, run[1:], strict=False)}
    if not pairs or not found:
        return list(found)
    usual = sum(len(example.prompt) for example, _ in found) / len(found) or 1.0
    whole = 1.5 * min(1.0, max(0.0, (len({*run}) - SHORT) / (LONG - SHORT)))

    def score(example: Example, value: float) -> float:
        text = f" {' '.join(words_of(example.prompt))} "
        together = 1 + TOGETHER * sum(each in text for each in pairs) / len(pairs)
        return value * together / (1 + whole * len(example.prompt) / usual)

    return sorted(((example, score(example, value)) for example, value in found), key=lambda pair: -pair[1])


def families(examples: Iterable[Example], share: float = SAME_WORDS) -> dict[str, int]:
    """Prompt → the number of its family: of the first one that has almost the same words."""
    bags = {example.prompt: frozenset(words_of(example.prompt)) or frozenset((example.prompt,)) for example in examples}
    common = Counter(word for bag in bags.values() for word in bag)
    holding: dict[str, list[int]] = defaultdict(list)  # rare words → families whose first prompt has them
    first: list[frozenset[str]] = []
    found: dict[str, int] = {}
    for prompt, bag in bags.items():
        # Two bags this alike have a word in common among the rarest of each: all others need not be compared.
        rare = sorted(bag, key=lambda word: (common[word], word))[: len(bag) - math.ceil(share * len(bag)) + 1]
        near = sorted({number for word in rare for number in holding[word]})
        number = next((number for number in near if _alike(bag, first[number], share)), len(first))
        found[prompt] = number
        if number == len(first):
            first.append(bag)
            for word in rare:
                holding[word].append(number)
    return found


def folded(examples: Iterable[Example], k: int, share: float = SAME_WORDS) -> list[tuple[Example, int]]:
    """The first k that have not almost the words of an earlier one, each with how many are alike, itself among them.

    Favourites all stay: each is its own picture. A favourite takes the place of its like in the library.
    """
    pool = list(examples)
    family = families(pool, share)
    chosen: list[Example] = []
    counts: list[int] = []
    entry_of: dict[int, int | None] = {}  # family → its entry; None: there was no room for one
    for example in pool:
        entry = entry_of.get(family[example.prompt])
        if entry is not None and not (example.favourite and chosen[entry].favourite):
            counts[entry] += 1
            if example.favourite:
                chosen[entry] = example
        elif len(chosen) < k and (entry is not None or family[example.prompt] not in entry_of):
            entry_of.setdefault(family[example.prompt], len(chosen))
            chosen.append(example)
            counts.append(1)
        else:
            entry_of.setdefault(family[example.prompt], None)
    return list(zip(chosen, counts, strict=True))


def _alike(one: frozenset[str], other: frozenset[str], share: float) -> bool:
    both = len(one & other)
    return both >= share * (len(one) + len(other) - both)


def varied(scores: Sequence[float], vectors: Sequence[np.ndarray | None], k: int) -> list[int]:
    """Which k to show so that they differ (maximal marginal relevance): the first, then each near, but unlike those before.

    Args:
        scores: best first.
        vectors: unit vectors of the same things, None where there is none.
        k: how many.

    Returns:
        Places in `scores`, in the order to show them.
    """
    if not scores:
        return []
    width = next((len(vector) for vector in vectors if vector is not None), 1)
    matrix = np.stack([np.zeros(width, np.float32) if vector is None else vector for vector in vectors])
    like = matrix @ matrix.T
    apart = like[~np.eye(len(like), dtype=bool)]
    low, high = (float(apart.min()), float(apart.max())) if len(apart) else (0.0, 1.0)
    like = (like - low) / max(high - low, 1e-6)  # a CLIP finds everything alike: what counts is more alike than others
    worth = np.asarray(scores, np.float64) / max(scores[0], 1e-9)
    taken, nearest = [0], like[0].copy()
    while len(taken) < min(k, len(scores)):
        gain = OWN_SHARE * worth - (1 - OWN_SHARE) * nearest
        gain[taken] = -np.inf
        best = int(np.argmax(gain))
        taken.append(best)
        nearest = np.maximum(nearest, like[best])
    return taken


def crowding(examples: Iterable[Example], known: Collection[str] = (), least: int = 4, most: int = 12) -> list[str]:
    """Prompts, not known yet, that fill an order with copies of themselves, so that nothing else comes into sight."""
    counts = Counter(example.prompt for example in examples if example.prompt not in known)
    return [prompt for prompt, count in counts.most_common(most) if count >= least]


def continued(found: Found, more: Found) -> list[tuple[Example, float]]:
    """An order with what a further look at it brought, each once: twice in it, an example would count twice."""
    known = {example.id for example, _ in found}
    return [*found, *(each for each in more if each[0].id not in known)]


def parts(without: str | Iterable[str]) -> list[str]:
    """What is to be left out, one by one; a text is cut at its commas."""
    texts = re.split(r",", without) if isinstance(without, str) else without
    return list(dict.fromkeys(part for text in texts if (part := text.strip())))
