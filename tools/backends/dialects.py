"""What the three engines say differently: one frozen record each. Nothing else in the house asks which engine it is.

MyScale is a fork of an older ClickHouse (23.3): what came later (`hasAnyTokens`, the index types `text` and
`vector_similarity`, `reinterpret` to an array, their settings) is not said to it. `distance()` needs an index to know its
metric; `cosineDistance` is exact on all three.
"""

from dataclasses import dataclass, replace

EXACT = "cosineDistance({column}, {vector})"
TEXT_INDEX = "prompt_words"  # the index on the words of the prompts
VECTOR_INDEX = {"examples": "prompt_nearest", "pictures": "picture_nearest"}
# What a server acknowledged is on its disk: a file's mark must not outlive its rows. The embedded one is synced by the ingest.
SYNCED = "fsync_after_insert = 1, fsync_part_directory = 1"
PLAIN_VECTOR = "{vector:Array(Float32)}"
# What `phrases.folded` makes of a prompt, letter for letter. Most prompts are ASCII, and cost next to nothing.
_SMALL = "replaceAll(replaceAll(lowerUTF8(normalizeUTF8NFKC(prompt)), 'ß', 'ss'), 'ς', 'σ')"
_ASCII = "length(prompt) = lengthUTF8(prompt)"
FOLDED = f"if({_ASCII}, lower(prompt), {_SMALL})"
# What engines cut words at differs (at no "~", for one), so all that is no letter and no digit becomes a space first.
_MARKS = [f"\\x{code:02x}" for code in range(1, 128) if not chr(code).isalnum()]
_PARTED = f"translate(lower(prompt), '{''.join(_MARKS)}', '{' ' * len(_MARKS)}')"
SPACED = f"if({_ASCII}, {_PARTED}, replaceRegexpAll({_SMALL}, '[^\\\\pL\\\\pN]+', ' '))"
TOKENS = f"splitByNonAlpha({SPACED})"  # the words of a prompt, on every engine and in the index
WORDS = "2"  # of these rules; an index and counts that were made by others are made anew


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one engine is spoken to. In braces: what is filled in, all of it names and numbers of ours.

    Args:
        name: for people.
        delete: takes the rows of a table that meet a condition, done when the statement returns.
        vector: a query's vector as SQL, and in `vector_as` what is bound to it: its bytes as `hex`, which is quickest to
            read, or an `array` of numbers.
        near: the distance that the index answers.
        index: makes a vector index, which does not build it yet; `build` builds it in the background, where it does not
            begin by itself; `drop` takes it away.
        progress: one row of (done, failure, share): 1 when the index of a table is built, why it failed or '', and 0..1.
        search: settings of a search by the index; of those, the ones that the server does not know are left out.
        multiplier: the setting that makes the index look at so many times k rows before conditions are applied; '' where
            the engine applies them first.
        rescoring: the setting that makes the index look at the vectors themselves again, so that its distances are exact.
        kept: how its index keeps vectors, where that is not chosen by us.
        quiet: a setting of inserts, and one of tables, that keeps the index from being built row by row.
        words: makes the text index; `holding` asks for rows that hold any of some words by it; `ranked` is the engine's
            own order by words, where that is how its index is asked; `size` is how long a prompt is, without reading it.
        on: what is said after the name of a table that is made, dropped or renamed, for all servers of a cluster to do it.
        engine: what the tables' engines are called before their name, and with which `settings` of theirs.
    """

    name: str
    delete: str = "DELETE FROM {table} WHERE {condition}"
    vector: str
    vector_as: str
    near: str
    index: str
    build: str
    drop: str
    progress: str
    search: dict[str, str]
    multiplier: str
    rescoring: str = ""
    kept: str = ""
    quiet: str
    words: str
    holding: str
    ranked: str
    size: str
    on: str = ""
    engine: str = ""
    settings: str = ""


_CLICKHOUSE = Dialect(
    name="ClickHouse",
    vector="reinterpret(unhex({vector:String}), 'Array(Float32)')",
    vector_as="hex",
    near=EXACT,
    index="ALTER TABLE {table} ADD INDEX IF NOT EXISTS {index} {column} TYPE"
    " vector_similarity('hnsw', 'cosineDistance', {dimensions}, '{quantization}', {neighbours}, {effort})",
    build="ALTER TABLE {table} MATERIALIZE INDEX {index} SETTINGS mutations_sync = 0",
    drop="ALTER TABLE {table} DROP INDEX IF EXISTS {index}",
    progress="SELECT (SELECT min(is_done) FROM system.mutations WHERE database = currentDatabase() AND table = '{table}'"
    " AND command LIKE '%MATERIALIZE INDEX {index}%'),"
    " (SELECT max(latest_fail_reason) FROM system.mutations WHERE database = currentDatabase() AND table = '{table}'"
    " AND NOT is_done), (SELECT max(progress) FROM system.merges WHERE database = currentDatabase()"
    " AND table = '{table}' AND is_mutation)",
    search={
        "hnsw_candidate_list_size_for_search": "{wide}",
        "max_limit_for_vector_search_queries": "100000",
        "query_plan_optimize_lazy_materialization": "0",
    },
    multiplier="vector_search_index_fetch_multiplier",
    rescoring="vector_search_with_rescoring",
    quiet="exclude_materialize_skip_indexes_on_",
    words=f"ALTER TABLE {{table}} ADD INDEX IF NOT EXISTS {{index}} {SPACED} TYPE text(tokenizer = splitByNonAlpha)",
    holding=f"hasAnyTokens({SPACED}, {{words}})",
    ranked="",
    size="prompt.size",
    settings=SYNCED,
)
DIALECTS = {
    "clickhouse": _CLICKHOUSE,
    "chdb": Dialect(**{**_CLICKHOUSE.__dict__, "name": "chDB", "settings": ""}),
    "myscale": Dialect(
        name="MyScale",
        delete="ALTER TABLE {table} DELETE WHERE {condition} SETTINGS mutations_sync = 1",
        vector=PLAIN_VECTOR,
        vector_as="array",
        near="distance({column}, {vector})",
        index="ALTER TABLE {table} ADD VECTOR INDEX {index} {column} TYPE MSTG('metric_type=Cosine')",
        build="",
        drop="ALTER TABLE {table} DROP VECTOR INDEX {index}",
        progress="SELECT countIf(status = 'Built') = count() AND count() > 0, max(latest_fail_reason), 0. FROM"
        " system.vector_indices WHERE database = currentDatabase() AND table = '{table}' AND name = '{index}'",
        search={},
        multiplier="",
        kept="MSTG",
        quiet="",
        words="ALTER TABLE {table} ADD INDEX IF NOT EXISTS {index} prompt TYPE"
        ' fts(\'{{"prompt": {{"tokenizer": {{"type": "simple"}}}}}}\')',
        holding="hasAny(" + TOKENS + ", {words})",
        ranked="TextSearch(prompt, {text})",
        size="length(prompt)",
        settings=SYNCED,
    ),
}


def dialect_of(kind: str, cluster: str = "") -> Dialect:
    """How an engine is spoken to; on a cluster every server holds every row, and what one is told they all do.

    An insert that is the same as one before is no repetition here: counts go up and down by the same blocks.
    """
    if not cluster:
        return DIALECTS[kind]
    settings = f"{SYNCED}, replicated_deduplication_window = 0"
    return replace(DIALECTS[kind], on=f" ON CLUSTER `{cluster}`", engine="Replicated", settings=settings)
