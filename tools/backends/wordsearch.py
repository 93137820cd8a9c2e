"""The lexical leg: examples that hold the most telling words of a query, by the engine's index of words. SQL.

How telling a word is (its idf) comes from `token_counts`, and which prompts hold it from the index: no prompt is read. In a
large library the most common words of a query are left out ("a", "of"), as they tell nothing and stand nearly everywhere.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from tools.backends import phrases
from tools.backends.clauses import PIECE, conditions, other_number
from tools.backends.connection import Connection
from tools.backends.dialects import TOKENS, Dialect
from tools.backends.filters import Filter

MOST_WORDS = 24  # of a query that are looked for
MOST_SCORED = 100_000  # prompts that are compared for one search, as far as one word alone is not in more


class WordSearch:
    """Looks for words in the prompts."""

    def __init__(self, connection: Connection, dialect: Dialect, indexed: bool) -> None:
        self._connection = connection
        self._dialect = dialect
        self._indexed = indexed

    def search(
        self, words: str | Iterable[str], k: int, where: Sequence[Filter] = (), enough: int | None = None
    ) -> list[tuple[str, float]]:
        """Ids and scores of the k best, best first: the sum of the words' idf, less for long prompts; > 0.

        With `enough` found, k by default, by the rare ones of the words, the common ones are not looked for.
        """
        text = words if isinstance(words, str) else " ".join(words)
        tokens = list(dict.fromkeys(PIECE.findall(phrases.folded(text))))[:MOST_WORDS]
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
        rarest, sum_of = 0, 0
        while rarest < len(used) and (not rarest or sum_of + often[used[rarest]] <= MOST_SCORED):
            sum_of += often[used[rarest]]
            rarest += 1
        # An engine's own index, which folds nothing, knows words only as they are written.
        written = [word for word in PIECE.findall(text) if not word.isascii()][:MOST_WORDS]
        found: list[tuple[str, float]] = []
        for most in dict.fromkeys((rarest, len(used))):  # all of the words only where conditions left too few
            telling = {token: _idf(total, min(total, often[token])) for token in used[:most]}
            asked = " ".join([*(form for token in telling for form in variants[token]), *written])
            found = self._scored(telling, variants, asked, max(1.0, length / total), k, where)
            if len(found) >= (k if enough is None else enough):
                break
        return found

    def _scored(
        self,
        telling: Mapping[str, float],
        variants: Mapping[str, list[str]],
        asked: str,
        length: float,
        k: int,
        where: Sequence[Filter],
    ) -> list[tuple[str, float]]:
        condition, bound = conditions(where, self._dialect.holding if self._indexed else "")
        holding = self._dialect.holding if self._indexed else PLAINLY
        size = self._dialect.size if self._indexed else "length(prompt)"
        held = [holding.format(words=f"{{t{n}:Array(String)}}") for n in range(len(telling))]
        among = f"({' OR '.join(held)}) AND {condition}"
        if self._indexed and self._dialect.ranked:
            ranked = self._dialect.ranked.format(text="{asked:String}")
            found = self._connection.query(
                f"SELECT id, {ranked} AS bm25 FROM examples WHERE {condition} ORDER BY bm25 DESC LIMIT {{most:UInt32}}",
                {**bound, "asked": asked, "most": 4 * k + 50},
            )
            among, bound = f"({' OR '.join(held)}) AND id IN {{ids:Array(String)}}", {"ids": [id for id, _ in found]}
        for n, (token, weight) in enumerate(telling.items()):
            bound |= {f"t{n}": variants[token], f"w{n}": weight}
        # The same words in the score as in the condition, letter for letter: so both are read from the index.
        score = " + ".join(f"{{w{n}:Float64}} * {each}" for n, each in enumerate(held))
        found = self._connection.query(
            f"SELECT id, ({score}) / (0.8 + 0.2 * {size} / {{length:Float64}}) AS score FROM examples WHERE {among}"
            " ORDER BY score DESC, id LIMIT {k:UInt32}",
            {**bound, "length": length, "k": k},
        )
        return [(id, float(score)) for id, score in found]

    def _counts(self, tokens: Sequence[str]) -> dict[str, int]:
        found = self._connection.query(
            "SELECT token, sum(count) FROM token_counts WHERE token IN {tokens:Array(String)} GROUP BY token",
            {"tokens": list(tokens)},
        )
        return {token: int(count) for token, count in found}


PLAINLY = f"hasAny({TOKENS}, {{words}})"


def _idf(total: int, often: int) -> float:
    return math.log(1 + (total - often + 0.5) / (often + 0.5))
