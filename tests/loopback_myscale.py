"""A MyScale server on loopback: ClickHouse's protocol with MyScale's words, strictly. What MyScale refuses is refused here.

It knows `VECTOR INDEX … TYPE MSTG`, `distance()` where there is such an index, `fts` with `TextSearch`, and
`system.vector_indices`. It knows nothing that came to ClickHouse after the version it was made from (23.3).
"""

import json
import re
from pathlib import Path
from typing import Any

from loopback_clickhouse import Server

NEWER = re.compile(
    r"\b(?:hasAnyTokens?|hasAllTokens?|tokens|reinterpret|vector_similarity|JSONAllPaths)\s*\(|\bTYPE\s+text\s*\(|"
    r"\b(?:hnsw_\w+|max_limit_for_vector\w+|vector_search\w+|\w*materialize_skip_indexes\w*|lightweight_\w+|QBit|BFloat16)\b|"
    r"^\s*DELETE\s+FROM\b",
    re.IGNORECASE,
)
ADD_VECTOR = re.compile(r"\s*ALTER TABLE (\w+) ADD VECTOR INDEX (\w+) (\w+) TYPE (\w+)(?:\('(.*)'\))?\s*$", re.DOTALL)
DROP_VECTOR = re.compile(r"\s*ALTER TABLE (\w+) DROP VECTOR INDEX (\w+)\s*$")
ADD_TEXT = re.compile(
    r"\s*ALTER TABLE (\w+) ADD INDEX (IF NOT EXISTS )?(\w+) \(?(\w+)\)? TYPE fts\('(.*)'\)\s*$", re.DOTALL
)
DISTANCE = re.compile(r"\bdistance\((\w+),")
TEXT_SEARCH = re.compile(r"\bTextSearch\((\w+), (\{\w+:String\})\) AS (\w+)")


def refusal(code: int, words: str, name: str) -> RuntimeError:
    return RuntimeError(f"Code: {code}. DB::Exception: {words}. ({name})")


class MyScale(Server):
    """`with MyScale(folder) as server:`, then `server.dsn()`."""

    def __init__(self, folder: Path) -> None:
        self.indexes: dict[str, dict[str, str]] = {}  # table → index → column
        super().__init__(folder)

    def dsn(self, kind: str = "myscale", password: str = "gehe%26im") -> str:
        return super().dsn(kind, password)

    def understood(self, query: str) -> str:
        newer = NEWER.search(query)
        if newer:
            raise refusal(46, f"Unknown function, setting or index type {newer.group(0)!r}", "UNKNOWN_FUNCTION")
        if re.match(r"\s*(DROP|RENAME|TRUNCATE)\b", query):
            self._follow(query)
        if found := ADD_VECTOR.match(query):
            return self._add_vector_index(*found.groups())
        if found := DROP_VECTOR.match(query):
            if found[2] not in self.indexes.get(found[1], {}):
                raise refusal(36, f"Wrong index name {found[2]!r}", "BAD_ARGUMENTS")
            del self.indexes[found[1]][found[2]]
            return "SELECT 1 WHERE 0"
        if found := ADD_TEXT.match(query):
            table, unless, index, column, options = found.groups()
            if column not in json.loads(options):
                raise refusal(36, f"The fts index has no options for {column!r}", "BAD_ARGUMENTS")
            return f"ALTER TABLE {table} ADD INDEX {unless or ''}{index} lowerUTF8({column}) TYPE text(tokenizer = splitByNonAlpha)"
        return self._searched(query.replace("system.vector_indices", f"({self._vector_indices()})"))

    def _follow(self, query: str) -> None:
        if found := re.match(r"\s*RENAME TABLE (\w+) TO (\w+)", query):
            self.indexes[found[2]] = self.indexes.pop(found[1], {})
        elif found := re.match(r"\s*DROP TABLE (?:IF EXISTS )?(\w+)", query):
            self.indexes.pop(found[1], None)

    def _add_vector_index(self, table: str, index: str, column: str, kind: str, options: str | None) -> str:
        if kind not in ("MSTG", "SCANN", "FLAT", "IVFFLAT", "HNSWFLAT"):
            raise refusal(36, f"Unknown vector index type {kind}", "BAD_ARGUMENTS")
        if options not in (None, "metric_type=Cosine", "metric_type=L2", "metric_type=IP"):
            raise refusal(36, f"Unknown vector index parameter {options}", "INVALID_VECTOR_INDEX")
        made = self._ask(f"SELECT create_table_query FROM system.tables WHERE name = '{table}'")
        if not re.search(rf"CHECK length\({column}\) = \d+", made):
            raise refusal(
                36, f"Cannot create vector index on column {column} without a length constraint", "ILLEGAL_COLUMN"
            )
        if self.indexes.get(table):
            raise refusal(36, f"Table {table} has a vector index already", "BAD_ARGUMENTS")
        self.indexes.setdefault(table, {})[index] = column
        return "SELECT 1 WHERE 0"

    def _vector_indices(self) -> str:
        rows = [(t, i, f"{i} {c} TYPE MSTG") for t, named in self.indexes.items() for i, c in named.items()]
        listed = ", ".join(f"('{t}', '{i}', '{e}')" for t, i, e in rows) or "('', '', '')"
        return (
            "SELECT currentDatabase() AS database, table, name, 'MSTG' AS type, expr, 'Built' AS status, '' AS"
            " latest_failed_part, '' AS latest_fail_reason FROM"
            f" values('table String, name String, expr String', {listed}) WHERE table != ''"
        )

    def _searched(self, query: str) -> str:
        for column in DISTANCE.findall(query):
            if not any(column in named.values() for named in self.indexes.values()):
                raise refusal(
                    36, f"distance() needs a vector index on {column} to know its metric", "ILLEGAL_VECTOR_SCAN"
                )
            if not re.search(r"ORDER BY distance LIMIT", query):
                raise refusal(36, "Not support without order by the distance and a limit", "SYNTAX_ERROR")
        query = DISTANCE.sub(r"cosineDistance(\1,", query)
        found = TEXT_SEARCH.search(query)
        if not found:
            return query
        column, words, alias = found.groups()
        table = re.search(r"FROM (\w+)", query)
        kept = (
            f"SELECT count() FROM system.data_skipping_indices WHERE table = '{table and table[1]}' AND type = 'text'"
        )
        if self._ask(kept).strip() == "0":
            raise refusal(36, f"TextSearch needs an fts index on {column}", "ILLEGAL_TEXT_SEARCH")
        if f"ORDER BY {alias} DESC LIMIT" not in query:
            raise refusal(36, "TextSearch needs ORDER BY its score DESC and a limit", "SYNTAX_ERROR")
        held = f"arrayDistinct(splitByNonAlpha(lowerUTF8({column})))"
        score = f"arrayCount(w -> has({held}, w), splitByNonAlpha(lowerUTF8({words})))"
        body, form = re.fullmatch(r"(.*?)(\s+FORMAT \w+\s*)?", query, re.DOTALL).groups()
        return f"SELECT * FROM ({TEXT_SEARCH.sub(f'{score} AS {alias}', body)}) WHERE {alias} > 0{form or ''}"

    def _ask(self, query: str, **_: Any) -> str:
        return bytes(self.engine.query(query, "TabSeparatedRaw").bytes() or b"").decode()
