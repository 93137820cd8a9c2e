"""Part "ingest": rows a second against the straightforward way and the bare encoder. Part "kill": killed and resumed."""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.apart import apart, command, environment
from benchmarks.figures import Result, cpu_seconds, peak_mb
from benchmarks.making import write_csv

CLIP = Path(__file__).resolve().parent.parent.parent / "starter" / "weights" / "clip"
PADDED = 64  # texts of a batch of the straightforward way
STRAIGHT_MOST, BARE_MOST = 20_000, 100_000  # rows they are measured on: their rates do not change with more
KILLS = 20
CLOSE = 1e-5  # of a vector's numbers: batches are cut elsewhere after a kill, and sums come out in another order


def ingest(size: int, data: Path | None, runs: int, work: Path, **_: Any) -> Result:
    """All three in turns, so that what else the machine does falls on each of them."""
    result = Result(part="ingest", size=size)
    source = str(data) if data else None
    rows: list[dict[str, dict[str, float]]] = []
    for run in range(max(1, runs)):
        with tempfile.TemporaryDirectory(dir=work, prefix="ingest-") as folder:
            file = str(Path(folder) / "prompts.csv")
            written = apart(make, file=file, count=size, source=source, seed=run)
            few = min(size, STRAIGHT_MOST)
            rows.append(
                {
                    "straight": apart(straight, file=file, rows=few, folder=str(Path(folder) / "straight")),
                    "bare": apart(bare, file=file),
                    "ours": apart(ours, file=file, folder=str(Path(folder) / "ours")),
                }
            )
            if rows[-1]["ours"]["added"] != written:
                raise RuntimeError(f"{written} rows were written and {rows[-1]['ours']['added']} added.")

    def middle(who: str, what: str) -> float:
        return statistics.median(row[who][what] for row in rows)

    def ratio(other: str, what: str) -> float:
        return statistics.median(row["ours"][what] / row[other][what] for row in rows)

    result.about = (
        f"{size:,} prompts of the data set's kind, the starter encoder, {len(rows)} round{'s' * (len(rows) > 1)}. The straightforward "
        f"way: batches of {PADDED} in the order of the file, padded to 77, `insert` of Python rows; on the first "
        f"{min(size, STRAIGHT_MOST):,} rows. The bare encoder: the first {min(size, BARE_MOST):,} prompts in memory, read and written nowhere."
    )
    for who, name in (("ours", "this pipeline"), ("bare", "the bare encoder"), ("straight", "the straightforward way")):
        result.add(f"{who}_rate", f"{name}", middle(who, "rate"), "rows/s", "more")
    result.add(
        "against_straight", "this pipeline against the straightforward way", ratio("straight", "rate"), "×", "more"
    )
    result.add("against_bare", "this pipeline against the bare encoder", ratio("bare", "rate"), "×", "more")
    for other, name in (("straight", "the straightforward way"), ("bare", "the bare encoder")):
        result.add(f"cpu_{other}", f"rows per second of CPU, against {name}", ratio(other, "cpu_rate"), "×", "more")
    result.add("peak", "peak memory of the process", max(row["ours"]["peak"] for row in rows), "MiB", "less")
    beyond = max(row["ours"]["peak"] - row["bare"]["loaded"] for row in rows)
    result.add("beyond", "peak memory beyond the loaded model", beyond, "MiB", "less")
    return result


def make(file: str, count: int, source: str | None, seed: int) -> int:
    """Write the file; how many rows it has. Apart, so that its memory is nobody's."""
    write_csv(Path(file), count, Path(source) if source else None, seed)
    return count


def ours(file: str, folder: str) -> dict[str, float]:
    """This pipeline, with the model loaded before the clock starts."""
    from tools.backends.ingest import ingest as add_files

    encoder = _encoder()
    encoder.texts(["a warm start"])
    with _library(folder, encoder) as library:
        began, spent = time.perf_counter(), cpu_seconds()
        summary = add_files([file], library, encoder)
        seconds, cpu = time.perf_counter() - began, cpu_seconds() - spent
    rate, cpu_rate = summary.read / seconds, summary.read / cpu
    return {"rate": rate, "cpu_rate": cpu_rate, "added": summary.added, "peak": peak_mb()}


def bare(file: str) -> dict[str, float]:
    """The encoder alone, over all prompts at once, sorted as it likes."""
    encoder = _encoder()
    encoder.texts(["a warm start"])
    loaded = peak_mb()
    texts = _prompts(file)[:BARE_MOST]
    began, spent = time.perf_counter(), cpu_seconds()
    for start in range(0, len(texts), 10_000):
        encoder.texts(texts[start : start + 10_000])
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - spent
    return {"rate": len(texts) / seconds, "cpu_rate": len(texts) / cpu, "loaded": loaded}


def straight(file: str, rows: int, folder: str) -> dict[str, float]:
    """What one writes first: batch after batch, padded to 77 tokens, rows of Python lists into one table."""
    import csv

    import clickhouse_connect
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = AutoModel.from_pretrained(CLIP, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(CLIP)
    client = clickhouse_connect.get_client(interface="chdb", path=folder)
    client.command(
        "CREATE TABLE prompts (id String, prompt String, url String, width UInt32, height UInt32, source_site String,"
        " vector Array(Float32)) ENGINE = MergeTree ORDER BY id"
    )
    names = ["id", "prompt", "url", "width", "height", "source_site", "vector"]
    began, spent, done = time.perf_counter(), cpu_seconds(), 0
    with Path(file).open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        while done < rows and (batch := [row for _, row in zip(range(PADDED), reader, strict=False)]):
            tokens = tokenizer(
                [row["prompt"] for row in batch],
                padding="max_length",
                truncation=True,
                max_length=77,
                return_tensors="pt",
            )
            with torch.inference_mode():
                found = model.get_text_features(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
            found = found if hasattr(found, "norm") else found.pooler_output
            found = found / found.norm(dim=-1, keepdim=True)
            data = [
                [
                    row["id"],
                    row["prompt"],
                    row["url"],
                    int(row["width"]),
                    int(row["height"]),
                    row["source_site"],
                    vector,
                ]
                for row, vector in zip(batch, found.tolist(), strict=True)
            ]
            client.insert("prompts", data, column_names=names)
            done += len(batch)
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - spent
    client.close()
    return {"rate": done / seconds, "cpu_rate": done / cpu}


def kill(size: int, data: Path | None, work: Path, kills: int = KILLS, **_: Any) -> Result:
    """The same file into two libraries: once unbroken, once killed at random moments and begun again each time."""
    result = Result(part="kill", size=size)
    source = str(data) if data else None
    with tempfile.TemporaryDirectory(dir=work, prefix="kill-") as folder:
        home = Path(folder)
        file = str(home / "prompts.csv")
        apart(make, file=file, count=size, source=source, seed=1)
        began = time.perf_counter()
        apart(ours, file=file, folder=str(home / "unbroken"))
        whole = time.perf_counter() - began
        rng, done, rounds = random.Random("kills"), 0, 0
        equal = True
        while done < kills:
            broken = home / f"broken-{rounds}"
            rounds += 1
            # Moments over the whole of a run, its start included; a library that got whole meanwhile is compared and begun anew.
            while done < kills:
                if _killed_after(rng.uniform(0.0, whole), file=file, folder=str(broken)):
                    done += 1
                else:
                    break
            apart(ours, file=file, folder=str(broken))
            equal = apart(compare, one=str(home / "unbroken"), other=str(broken)) and equal
    result.about = (
        f"{size:,} prompts; SIGKILL at random moments of a run of {whole:.0f} s, its start included, and begun again each time; "
        f"{rounds} librar{'ies' if rounds > 1 else 'y'} were filled on the way and compared with an unbroken one: rows, vectors, "
        "counts of phrases and words."
    )
    result.add("kills", "killed", done)
    result.add("equal", "tables equal to those of an unbroken run (1: all)", float(equal), "", "more")
    return result


def compare(one: str, other: str) -> bool:
    """Whether two libraries hold the same."""
    first, second = (apart(contents, folder=folder, file=f"{folder}.arrow") for folder in (one, other))
    if first != second:
        sys.stderr.write(f"Not equal: {first} and {second}.\n")
        return False
    import pyarrow as pa

    tables = []
    for folder in (one, other):
        with pa.memory_map(f"{folder}.arrow") as file:
            tables.append(pa.ipc.open_file(file).read_all())
    names = [name for name in tables[0].column_names if name not in ("prompt_vector", "picture_vector", "added_at")]
    same = all(tables[0].column(name).equals(tables[1].column(name)) for name in names)
    vectors = [
        table.column("prompt_vector").combine_chunks().flatten().to_numpy(zero_copy_only=False) for table in tables
    ]
    return same and len(vectors[0]) == len(vectors[1]) and bool(np.abs(vectors[0] - vectors[1]).max(initial=0) <= CLOSE)


def contents(folder: str, file: str) -> dict[str, int]:
    """All rows of a library in the order of their ids, into a file; and how many rows and counted phrases there are."""
    import pyarrow as pa

    from tools.backends import phrases

    with _library(folder, _encoder()) as library:
        pages = list(library.export_batches(5_000, vectors=True))
        table = pa.concat_tables(pages, promote_options="default")
        with pa.OSFile(file, "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
            writer.write_table(table)
        some = {phrase for prompt in table.column("prompt").to_pylist()[:2_000] for phrase in phrases.countable(prompt)}
        counted = sum(library.phrase_counts(sorted(some)).values())
        return {"rows": library.count(), "ids": len(set(table.column("id").to_pylist())), "phrases": counted}


def _killed_after(seconds: float, **given: str) -> bool:
    """Whether an ingest was still at work after so many seconds; then it was killed."""
    with tempfile.TemporaryDirectory(prefix="atelier-bench-") as folder:
        run = subprocess.Popen(
            command(ours, Path(folder) / "answer.json"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            text=True,
        )
        assert run.stdin is not None
        run.stdin.write(json.dumps(given))
        run.stdin.close()
        try:
            if run.wait(seconds):
                raise RuntimeError(f"An ingest ended by itself with {run.returncode}; run it alone to see why.")
            return False
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            return True


def _encoder() -> Any:
    from tools.backends.embedding import Encoder

    return Encoder(CLIP, name="starter")


def _library(folder: str, encoder: Any) -> Any:
    from tools.backends.database import Library

    return Library(
        f"chdb://{folder}",
        encoder_name=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        dimensions=encoder.dimensions,
    )


def _prompts(file: str) -> list[str]:
    import csv

    with Path(file).open(encoding="utf-8", newline="") as opened:
        return [row["prompt"] for row in csv.DictReader(opened)]
