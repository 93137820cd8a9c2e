"""Links behind which no picture will come any more, kept with the library so that no later run asks them again. SQL.

Which failures are that final is decided where links are asked (fetching.py); a busy or silent host is never put here.
"""

import hashlib
from collections.abc import Iterable, Mapping

import pyarrow as pa

from tools.backends.connection import Connection
from tools.backends.dialects import Dialect

LONGEST = 4_000  # characters: longer ones no fetcher asks, and a server takes no such values
AT_ONCE = 10  # links that are forgotten by one statement
REASON = 200  # characters of it that are kept
_AMONG = "SELECT DISTINCT url FROM dead_links WHERE url IN {asked:Array(String)}"
_HASHES = "SELECT DISTINCT lower(hex(MD5(url))) FROM dead_links"


class DeadLinks:
    """The dead links of one library. Adding one twice keeps it once."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def among(self, links: Iterable[str]) -> set[str]:
        """Which of the links are dead."""
        asked = [link for link in links if len(link) <= LONGEST]
        return {str(link) for (link,) in self._connection.query_each(_AMONG, asked)}

    def add(self, reasons: Mapping[str, str]) -> None:
        """Mark links, each with why there is nothing behind it."""
        kept = {link: why[:REASON] for link, why in reasons.items() if len(link) <= LONGEST}
        if kept:
            self._connection.insert("dead_links", pa.table({"url": list(kept), "why": list(kept.values())}))

    def forget(self, links: Iterable[str]) -> None:
        """Take the marks off those of the links that have one."""
        found = sorted(self.among(links))
        for start in range(0, len(found), AT_ONCE):
            sql = self._dialect.delete.format(table="dead_links", condition="url IN {links:Array(String)}")
            self._connection.command(sql, {"links": found[start : start + AT_ONCE]})

    def hashes(self) -> frozenset[bytes]:
        """All dead links as `hash_of` has them, for a machine that cannot ask the library."""
        return frozenset(bytes.fromhex(str(found)) for (found,) in self._connection.query(_HASHES))


def hash_of(link: str) -> bytes:
    """A link in 16 bytes; the engines make the same (MD5, which only tells links apart)."""
    return hashlib.md5(link.encode("utf-8", "replace"), usedforsecurity=False).digest()
