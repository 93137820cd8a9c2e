"""One server of a ClickHouse cluster on loopback: it insists on being told things for the whole cluster, and keeps what it was told.

It does by itself what the cluster would do together: `ON CLUSTER` and the replicated engines are checked and then left out, as
chDB has neither. What a real cluster does beyond that (waiting for each other, replicas that lag) is not here.
"""

import re
from pathlib import Path

from loopback_clickhouse import Server
from loopback_myscale import refusal

NAME = "art_1"
TOGETHER = re.compile(r"\s*(CREATE|DROP|RENAME)\s+(TABLE|MATERIALIZED VIEW|VIEW)\b", re.IGNORECASE)
ON = re.compile(rf" ON CLUSTER `{NAME}`")
# Replicated tables throw away a block that is the same as one before, and take no conditions that differ from server to server.
ENGINE = re.compile(
    r"ENGINE = Replicated(\w*MergeTree)\b(.*?)(?:, | SETTINGS )replicated_deduplication_window = 0$", re.DOTALL
)
UNSURE = re.compile(r"\s*(?:DELETE FROM|ALTER TABLE .* (?:DELETE|UPDATE)) .*\(\s*SELECT\b", re.DOTALL | re.IGNORECASE)


class Cluster(Server):
    """`with Cluster(folder) as server:`, then `server.dsn()`; `server.told` is every statement for the whole cluster."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        super().__init__(folder)

    def dsn(self, kind: str = "clickhouse", password: str = "gehe%26im") -> str:
        return f"{super().dsn(kind, password)}/default?cluster={NAME}"

    def understood(self, query: str) -> str:
        if UNSURE.match(query):
            raise refusal(36, "ALTER statements with subquery may be nondeterministic", "BAD_ARGUMENTS")
        if not TOGETHER.match(query):
            if ON.search(query):
                raise refusal(
                    62, "Only what makes, drops or renames tables is said to the cluster here", "SYNTAX_ERROR"
                )
            return query
        if not ON.search(query):
            raise refusal(36, f"Only this server would do it: {query[:100]}", "BAD_ARGUMENTS")
        self.told.append(query)
        query = ON.sub("", query)
        if re.match(r"\s*CREATE TABLE", query):
            if not ENGINE.search(query):
                raise refusal(36, f"The other servers would not have the rows: {query[:200]}", "BAD_ARGUMENTS")
            query = ENGINE.sub(r"ENGINE = \1\2", query)
        return query
