"""The lexical order of one search, read no further than it is needed.

Who stands in the order costs one question, however long it is; what stands in a prompt costs by the row. So the order is asked
once, and prompts are fetched page by page: past the copies of a few prompts, too, that would fill its first places.
"""

from collections.abc import Collection, Sequence

from tools.backends import fusing
from tools.backends.database import Library
from tools.backends.filters import LONGEST, Filter
from tools.backends.records import Example

ORDER = 1_000  # ids at a time
REORDERED = 300  # finds beyond those wanted, which where their words stand may bring up


class WordPages:
    """The examples that hold some words, for one search.

    Args:
        words: what is looked for.
    """

    def __init__(self, library: Library, words: str) -> None:
        self._library = library
        self._words = words
        self._orders: dict[tuple[Filter, ...], list[tuple[str, float]]] = {}

    def first(
        self, depth: int, where: Sequence[Filter] = (), besides: Collection[str] = ()
    ) -> list[tuple[Example, float]]:
        """The first so many, best first, but for those whose whole prompt is one of `besides`."""
        page = min(3 * depth, depth + REORDERED)
        order = self._order(tuple(where), page)
        found: list[tuple[Example, float]] = []
        for start in range(0, len(order), page):
            values = dict(order[start : start + page])
            kept = (example for example in self._library.get(list(values)) if example.prompt not in besides)
            found += [(example, values[example.id]) for example in kept]
            if len(found) >= page:
                break
        else:
            if besides and len(order) >= ORDER:  # there is more than copies behind them
                found = self._library.lexical(self._words, page, (*where, *other_than(besides)))
        return fusing.closer_words_first(self._words, found[:page])[:depth]

    def _order(self, where: tuple[Filter, ...], enough: int) -> list[tuple[str, float]]:
        order = self._orders.get(where)
        if order is None or ORDER <= len(order) < enough:
            order = self._library.lexical_order(self._words, max(ORDER, enough), where, enough)
            self._orders[where] = order
        return order


def other_than(prompts: Collection[str]) -> list[Filter]:
    """Conditions that keep out these very prompts."""
    return [Filter(column="prompt", operator="!=", value=prompt) for prompt in prompts if len(prompt) <= LONGEST]
