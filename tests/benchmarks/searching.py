"""Part "search": one library of many vectors, asked in every way, against the exact answer, numpy and a bare usearch index.

Three processes, one after the other, over the same vectors in one mapped file: the library, numpy, usearch. With a work
folder that stays, a library that was loaded and indexed once is used again.
"""

import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import making
from benchmarks.apart import apart
from benchmarks.figures import Result, at, cpu_seconds, milliseconds, peak_mb, recall, timed

TOP = 10
QUERIES = 300
SLOW = 20  # of what takes seconds each at full size
EXPANSIONS = (64, 96, 128, 192, 256, 384, 512, 768, 1024)


def search(size: int, data: Path | None, work: Path, keep: bool, **_: Any) -> Result:
    """Measure it all at one size."""
    with tempfile.TemporaryDirectory(dir=work, prefix="search-") as fresh:
        folder = work / f"search-{size}" if keep else Path(fresh)
        folder.mkdir(exist_ok=True)
        given = {"folder": str(folder), "size": size}
        plain = apart(brute_force, **given)
        own = apart(ours, **given, source=str(data) if data else None)
        bare = apart(usearch, **given, wanted=recall(own["found"], plain["nearest"]))
    return _told(size, own, plain, bare)


def _told(size: int, own: dict[str, Any], plain: dict[str, Any], bare: dict[str, Any] | None) -> Result:
    result = Result(part="search", size=size)
    state = own["index"]
    how = (
        f"HNSW ({state['quantization']})"
        if state["kind"] == "hnsw"
        else "exact scan, as the library itself chose at this size"
    )
    result.about = (
        f"{size:,} × {making.DIMENSIONS} clustered vectors with recombined prompts, {QUERIES} queries of the same clusters, k = {TOP}, "
        f"one at a time and without the encoder. The library searches by {how}."
    )
    exact = plain["nearest"]
    result.add("p50", "nearest prompts, p50", at(own["times"], 50), "ms", "less")
    result.add("p99", "nearest prompts, p99", at(own["times"], 99), "ms", "less")
    result.add("recall", f"… recall@{TOP} against the exact answer", recall(own["found"], exact), "", "more")
    result.add("cpu", "… CPU time of one, mean", own["cpu"], "ms", "less")
    result.add("scan", "the engine's exact scan, p50", at(own["scan"], 50), "ms", "less")
    result.add("scan_recall", f"… recall@{TOP}", recall(own["scanned"], exact[: len(own["scanned"])]), "", "more")
    result.add("numpy", "numpy brute force, p50", at(plain["times"], 50), "ms", "less")
    if bare is not None:
        result.add("usearch", f"bare usearch (f16, expansion {bare['expansion']}), p50", at(bare["times"], 50), "ms")
        result.add("usearch_recall", f"… recall@{TOP}", recall(bare["found"], exact), "", "more")
        result.add("usearch_build", "… built in", bare["build"], "s")
        result.add(
            "against_usearch",
            "ours against bare usearch, p50",
            at(own["times"], 50) / at(bare["times"], 50),
            "×",
            "less",
        )
    result.add("add", "rows added", own["rate"], "rows/s", "more")
    result.add("build", "index built in", own["build"] if state["kind"] == "hnsw" else None, "s", "less")
    result.add("state_recall", "recall that the library itself measured", state["recall"], "", "more")
    result.add(
        "filtered", f"with a condition that keeps 1 %, p50 (k = {TOP})", at(own["filtered_times"], 50), "ms", "less"
    )
    result.add("filtered_p99", "… p99", at(own["filtered_times"], 99), "ms", "less")
    result.add("filtered_recall", "… recall", recall(own["filtered"], plain["rare"]), "", "more")
    full = min((len(found) for found in own["filtered"]), default=0)
    result.add(
        "filtered_k",
        f"… rows found at least, of {min(TOP, len(range(7, size, making.RARE)))} that exist",
        float(full),
        "",
        "more",
    )
    result.add(
        "violated",
        f"exclusions violated, of {own['excluded']:,} rows found without a common word",
        float(own["violated"]),
        "",
        "less",
    )
    result.add("excluded_k", "… rows found at least", float(own["excluded_least"]), "", "more")
    result.add("lexical", "by words alone, p50", at(own["lexical"], 50), "ms", "less")
    result.add("lexical_p99", "… p99", at(own["lexical"], 99), "ms", "less")
    result.add("hybrid", "hybrid search of a few words, p50", at(own["hybrid"], 50), "ms", "less")
    result.add("hybrid_p99", "… p99", at(own["hybrid"], 99), "ms", "less")
    result.add(
        "phrases", "phrases that go with an idea, looked for by meaning, p50", at(own["phrases"], 50), "ms", "less"
    )
    result.add("phrases_p99", "… p99", at(own["phrases"], 99), "ms", "less")
    result.add("counting", "… the counting of phrases alone, p50", at(own["counting"], 50), "ms", "less")
    result.add("counting_p99", "… p99", at(own["counting"], 99), "ms", "less")
    result.add("peak", "peak memory of the library's process", own["peak"], "MiB", "less")
    return result


def ours(folder: str, size: int, source: str | None) -> dict[str, Any]:
    """The library: loaded, indexed, asked."""
    from tools.backends.database import Library
    from tools.backends.filters import Filter
    from tools.backends.records import as_json
    from tools.backends.search import Finder

    home = Path(folder)
    asked = making.queries(QUERIES, size)
    kept = home / "loaded.json"
    if not kept.exists():  # half a library, of a run that was broken off
        shutil.rmtree(home / "library", ignore_errors=True)
    encoder = _Known(asked)
    with Library(
        f"chdb://{home / 'library'}",
        encoder_name=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        dimensions=encoder.dimensions,
    ) as library:
        if kept.exists():
            figures = json.loads(kept.read_text())
        else:
            figures = {"rate": _load(library, size, Path(source) if source else None)}
            figures["build"] = timed(lambda: library.build_index(_progress))
            kept.write_text(json.dumps(figures))

        def rows(found: list[Any]) -> list[int]:
            return [making.number_of(example.id) for example, _ in found]

        answer: dict[str, Any] = {**figures, "index": as_json(library.index_state())}
        for vector in asked[:SLOW]:
            library.nearest_prompts(vector, TOP)  # warm
        found: list[list[int]] = []
        spent = cpu_seconds()
        answer["times"] = milliseconds(
            lambda vector: found.append(rows(library.nearest_prompts(vector, TOP))), asked
        ).tolist()
        answer["found"], answer["cpu"] = found, 1000 * (cpu_seconds() - spent) / len(asked)
        rare = [Filter(column="source_site", operator="=", value=making.RARE_SITE)]
        kept_rows: list[list[int]] = []
        some = asked[: QUERIES // 3]
        answer["filtered_times"] = milliseconds(
            lambda vector: kept_rows.append(rows(library.nearest_prompts(vector, TOP, rare))), some
        ).tolist()
        answer["filtered"] = kept_rows
        answer |= _exclusions(library, asked[:SLOW], size, source)
        words = _words(source)
        answer["lexical"] = milliseconds(lambda text: library.lexical(text, TOP), words).tolist()
        finder = Finder(library, encoder)
        finder.search(words[0], k=TOP)
        answer["hybrid"] = milliseconds(lambda text: finder.search(text, k=TOP), words).tolist()
        answer["phrases"] = milliseconds(lambda text: finder.phrases_near(text), words[:SLOW]).tolist()
        near = [finder.search(text, k=100) for text in words[:SLOW]]
        answer["counting"] = milliseconds(lambda matches: finder.phrases_near(matches), near).tolist()
        indexed, library._nearest.built = library._nearest.built, {}  # the same question without an index
        scanned: list[list[int]] = []
        answer["scan"] = milliseconds(
            lambda vector: scanned.append(rows(library.nearest_prompts(vector, TOP))), asked[:SLOW]
        ).tolist()
        answer["scanned"] = scanned
        library._nearest.built = indexed
        return answer | {"peak": peak_mb()}


def brute_force(folder: str, size: int) -> dict[str, Any]:
    """numpy over all vectors: the exact answers, of all rows and of the rare ones, and how long the first took each."""
    stored = making.save(Path(folder) / "vectors.npy", size)
    asked = making.queries(QUERIES, size)
    making.nearest(stored, asked[0], TOP)
    exact: list[list[int]] = []
    times = milliseconds(lambda vector: exact.append(making.nearest(stored, vector, TOP)), asked)
    rare = np.arange(7, size, making.RARE)
    few = stored[rare]
    (Path(folder) / "exact.json").write_text(json.dumps(exact))
    found = [rare[np.argsort(-(few @ vector), kind="stable")[:TOP]].tolist() for vector in asked[: QUERIES // 3]]
    return {"times": times.tolist(), "nearest": exact, "rare": found}


def usearch(folder: str, size: int, wanted: float) -> dict[str, Any] | None:
    """A bare index over the same vectors, and its times with the smallest expansion that finds as much as wanted; None without."""
    try:
        from usearch.index import Index
    except ImportError:
        sys.stderr.write("  usearch is not installed: `make install` with the dev extra brings it.\n")
        return None
    stored = making.save(Path(folder) / "vectors.npy", size)
    asked = making.queries(QUERIES, size)
    exact = json.loads((Path(folder) / "exact.json").read_text())  # as `brute_force` found them
    kept = Path(folder) / "bare.usearch"
    index = Index(ndim=making.DIMENSIONS, metric="cos", dtype="f16", connectivity=24, expansion_add=96)
    build = 0.0
    if kept.exists():
        index.load(str(kept))
        build = json.loads(kept.with_suffix(".json").read_text())
    else:
        began = time.perf_counter()
        for start in range(0, size, making.BLOCK):
            block = np.ascontiguousarray(stored[start : start + making.BLOCK])
            index.add(np.arange(start, start + len(block)), block)
        build = time.perf_counter() - began
        index.save(str(kept))
        kept.with_suffix(".json").write_text(json.dumps(build))
    tried = []
    for expansion in EXPANSIONS:
        index.expansion_search = expansion
        found: list[list[int]] = []
        for vector in asked[:SLOW]:
            index.search(vector, TOP, threads=1)  # warm
        times = milliseconds(
            lambda vector, found=found: found.append(index.search(vector, TOP, threads=1).keys.tolist()), asked
        )
        tried.append({"build": build, "times": times.tolist(), "found": found, "expansion": expansion})
        if recall(found, exact) >= wanted:
            return tried[-1]
    # f16 has its own ceiling: then the smallest that comes about as near as any.
    best = max(recall(each["found"], exact) for each in tried)
    return next(each for each in tried if recall(each["found"], exact) >= best - 0.001)


class _Known:
    """Stands where an encoder does: texts get the queries' vectors in turn, in no time."""

    name, fingerprint, dimensions, image_size, max_tokens = "benchmark", "benchmark-1", making.DIMENSIONS, 64, 77

    def __init__(self, vectors: np.ndarray) -> None:
        self._vectors = vectors
        self._next = 0

    def texts(self, texts: list[str]) -> np.ndarray:
        self._next += len(texts)
        return np.stack([self._vectors[(self._next + n) % len(self._vectors)] for n in range(len(texts))])


def _load(library: Any, size: int, source: Path | None) -> float:
    """All rows in; rows a second, of adding alone. The vectors are made anew: mapped, they would count as this process's memory."""
    import pyarrow as pa

    prompts = making.prompts(size, source)
    seconds, start = 0.0, 0
    for block in making.vectors(size):
        numbers = range(start, start + len(block))
        flat = pa.array(block.ravel(), pa.float32())
        table = pa.table(
            {
                "id": [making.name_of(n) for n in numbers],
                "prompt": [next(prompts) for _ in numbers],
                "url": [making.link_of(n) for n in numbers],
                "width": [making.size_of(n)[0] for n in numbers],
                "height": [making.size_of(n)[1] for n in numbers],
                "source_site": [making.site_of(n) for n in numbers],
                "prompt_vector": pa.FixedSizeListArray.from_arrays(flat, making.DIMENSIONS),
            }
        )
        seconds += timed(lambda table=table: library.add(table))
        start += len(block)
        _progress("adding", start / size)
    return size / seconds


def _exclusions(library: Any, asked: np.ndarray, size: int, source: str | None) -> dict[str, int]:
    """Searches without the commonest word of the prompts: rows found, found at least, and how many hold it all the same."""
    from tools.backends import phrases
    from tools.backends.filters import Filter

    counted: Counter[str] = Counter()
    for prompt in making.prompts(min(size, 2_000), Path(source) if source else None):
        counted.update(set(re.findall(r"[a-z]{4,}", prompt.lower())))
    word = counted.most_common(1)[0][0]
    without = [Filter(column="prompt", operator="!:", value=word)]
    found = [[example for example, _ in library.nearest_prompts(vector, TOP, without)] for vector in asked]
    return {
        "excluded": sum(map(len, found)),
        "excluded_least": min(map(len, found)),
        "violated": sum(phrases.holds(example.prompt, word) for each in found for example in each),
    }


def _words(source: str | None, count: int = 60) -> list[str]:
    """What people ask for: the first words of prompts, two to five of them."""
    rng = random.Random("benchmark words")
    first = [phrases[0].split() for phrases in making.phrases_of(Path(source) if source else None)]
    return [" ".join(rng.choice(first)[: rng.randint(2, 5)]) for _ in range(count)]


def _progress(what: str, share: float) -> None:
    if sys.stderr.isatty() or share >= 1:
        sys.stderr.write(f"\r  {what} {share:.0%}" + ("\n" if share >= 1 else ""))
