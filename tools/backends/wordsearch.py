"""The lexical leg: examples that hold the most telling words of a query, by the engine's index of words. SQL.

How telling a word is (its idf) comes from `token_counts`, not from the prompts. Prompts with all of the
words come first, then the rarest words name the candidates, so that "a photo of a ghibli castle" reads the prompts with
castles, and every one with a photo only where there are too few of these.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tools.backends.clauses import conditions, other_number
from tools.backends.connection import Connection
from tools.backends.dialects import SIGNS, TOKENS, Dialect
from tools.backends.filters import Filter

MOST_WORDS = 24  # of a query that are looked for
FEW = 2_000  # prompts that are read in no time: then all that hold any of the words are compared
MOST_SCORED = 10_000  # prompts that are read for one search, as far as one word alone is not in more
TOKEN = re.compile(
    r"(?:[0-9a-z]|[^\x00-\x7f])+"
)  # as the engines cut: at every ASCII character that is no letter or digit
SPACES = str.maketrans(SIGNS, " " * len(SIGNS))


class WordSearch:
    """Looks for words in the prompts."""

    def __init__(self, connection: Connection, dialect: Dialect, indexed: bool) -> None:
        self._connection = connection
        self._dialect = dialect
        self._indexed = indexed

    def search(self, words: str | Iterable[str], k: int, where: Sequence[Filter] = ()) -> list[tuple[str, float]]:
        """Ids and scores of the k best, best first: the sum of the words' idf, less for long prompts; > 0."""
        text = words if isinstance(words, str) else " ".join(words)
        tokens = list(dict.fromkeys(TOKEN.findall(text.lower().translate(SPACES))))[:MOST_WORDS]
        if not tokens or k <= 0:
            return []
        variants = {token: sorted({token, other_number(token)}) for token in tokens}
        wanted = sorted({form for forms in variants.values() for form in forms})
        counts = self._counts(["", " ", *wanted])
        total, length = counts.get("", 0), counts.get(" ", 0)
        often = {token: sum(counts.get(form, 0) for form in forms) for token, forms in variants.items()}
        used = sorted((token for token in tokens if often[token] > 0), key=lambda token: (often[token], token))
        if not used or total <= 0:
            return []
        terms: list[str] = []
        bound: dict[str, Any] = {"length": max(1.0, length / total), "k": k}
        for n, token in enumerate(used):
            bound |= {f"t{n}": variants[token], f"w{n}": _idf(total, min(total, often[token]))}
            terms.append(f"{{w{n}:Float64}} * hasAny(tokens, {{t{n}:Array(String)}})")
        score = f"({' + '.join(terms)}) / (0.8 + 0.2 * length(prompt) / {{length:Float64}})"
        found: list[tuple[Any, ...]] = []
        for candidates, values in self._looks(used, variants, often, where, k):
            found = self._connection.query(
                f"WITH {TOKENS} AS tokens SELECT id, {score} AS score FROM examples WHERE {candidates} AND score > 0"
                " ORDER BY score DESC, id LIMIT {k:UInt32}",
                bound | values,
            )
            if len(found) >= k:
                break
        return [(id, float(score)) for id, score in found]

    def _looks(
        self,
        used: Sequence[str],
        variants: dict[str, list[str]],
        often: dict[str, int],
        where: Sequence[Filter],
        k: int,
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Which prompts to read, as conditions with bound values: each one holds more of them, until k are found."""
        condition, bound = conditions(where, self._dialect.holding if self._indexed else "")
        if self._indexed and self._dialect.ranked:
            ranked = self._dialect.ranked.format(text="{asked:String}")
            asked = " ".join(form for token in used for form in variants[token])
            found = self._connection.query(
                f"SELECT id, {ranked} AS bm25 FROM examples WHERE {condition} ORDER BY bm25 DESC LIMIT {{most:UInt32}}",
                {**bound, "asked": asked, "most": 4 * k + 50},
            )
            yield "id IN {ids:Array(String)}", {"ids": [id for id, _ in found]}
            return
        holding = self._dialect.holding if self._indexed else PLAINLY
        if len(used) > 1 and sum(often.values()) > FEW:
            each = " AND ".join(holding.format(words=f"{{t{n}:Array(String)}}") for n in range(len(used)))
            yield f"{each} AND {condition}", bound
        rarest, sum_of = 0, 0
        while rarest < len(used) and (not rarest or sum_of + often[used[rarest]] <= MOST_SCORED):
            sum_of += often[used[rarest]]
            rarest += 1
        for most in dict.fromkeys((rarest, len(used))):
            chosen = [form for token in used[:most] for form in variants[token]]
            any_of = holding.format(words="{chosen:Array(String)}")
            yield f"{any_of} AND {condition}", {**bound, "chosen": chosen}

    def _counts(self, tokens: Sequence[str]) -> dict[str, int]:
        found = self._connection.query(
            "SELECT token, sum(count) FROM token_counts WHERE token IN {tokens:Array(String)} GROUP BY token",
            {"tokens": list(tokens)},
        )
        return {token: int(count) for token, count in found}


PLAINLY = f"hasAny({TOKENS}, {{words}})"


def _idf(total: int, often: int) -> float:
    return math.log(1 + (total - often + 0.5) / (often + 0.5))
