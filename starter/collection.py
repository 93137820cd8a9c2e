"""Make the starter collection, the library's first examples: `python -m starter.collection`.

Draws scenes, puts each into words, and embeds both with the starter CLIP. The same weights and drawings give the same
file. The pictures are drawn, not rendered: `model` is empty, and nothing claims a sampler.
"""

import argparse
import io
import random
import sys
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from starter.data import SIZE
from starter.world import WEIGHTS, Scene, sample_scene

COUNT = 6_000
QUALITY = 85  # of the WebP pictures
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "starter://collection")


def make_examples(count: int, seed: int = 0) -> list[tuple[Scene, str]]:
    """Scenes of training combinations with captions, no caption twice."""
    from starter.captions import caption

    rng = random.Random(f"starter collection {seed}")
    seen: set[str] = set()
    examples: list[tuple[Scene, str]] = []
    while len(examples) < count:
        scene = sample_scene(rng)
        text = caption(scene, rng)
        if text.lower() not in seen:
            seen.add(text.lower())
            examples.append((scene, text))
    return examples


def picture_of(scene: Scene) -> tuple[np.ndarray, bytes]:
    """The drawing (SIZE, SIZE, 3) uint8, and as WebP bytes."""
    from starter.draw import draw

    picture = draw(scene, SIZE).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=6)
    return np.asarray(picture), file.getvalue()


def make(weights: Path, count: int = COUNT):
    """The collection as an Arrow table; see the columns' names."""
    import pyarrow as pa

    from starter.clip import vectors_of_pictures, vectors_of_texts
    from starter.evaluate import load_clip

    examples = make_examples(count)
    with ProcessPoolExecutor(2) as pool:
        drawn = list(pool.map(picture_of, [scene for scene, _ in examples], chunksize=100))
    model, tokenizer = load_clip(weights / "clip")
    prompts = [text for _, text in examples]
    told = vectors_of_texts(model, tokenizer, prompts)
    seen = vectors_of_pictures(model, np.stack([pixels for pixels, _ in drawn]))
    ids = [str(uuid.uuid5(NAMESPACE, f"{text}\n{scene.combination}\n{scene.seed}")) for scene, text in examples]
    rows = len(examples)

    def vectors(values) -> pa.Array:
        flat = pa.array(values.half().numpy().reshape(-1), pa.float16())
        return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])

    return pa.table(
        {
            "id": ids,
            "prompt": prompts,
            "url": [f"starter://{name}.webp" for name in ids],
            "width": pa.array([SIZE] * rows, pa.int32()),
            "height": pa.array([SIZE] * rows, pa.int32()),
            "source_site": ["starter"] * rows,
            "picture": pa.array([data for _, data in drawn], pa.binary()),
            "prompt_vector": vectors(told),
            "picture_vector": vectors(seen),
            "negative_prompt": pa.nulls(rows, pa.string()),
            "seed": pa.nulls(rows, pa.int64()),
            "steps": pa.nulls(rows, pa.int32()),
            "guidance": pa.nulls(rows, pa.float32()),
            "sampler": pa.nulls(rows, pa.string()),
            "model": pa.nulls(rows, pa.string()),
        }
    )


def main(arguments: list[str] | None = None) -> int:
    import pyarrow.parquet as pq

    parser = argparse.ArgumentParser(prog="python -m starter.collection", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--out", type=Path, help="file to write; unset: collection.parquet beside the weights")
    chosen = parser.parse_args(arguments)
    path = chosen.out or chosen.weights / "collection.parquet"
    table = make(chosen.weights, chosen.count)
    # WebP data hardly compresses; a vector's numbers do a little, when their high bytes lie together.
    split = {f"{name}.list.element": "BYTE_STREAM_SPLIT" for name in ("prompt_vector", "picture_vector")}
    pq.write_table(
        table, path, compression="zstd", compression_level=9, use_dictionary=["source_site"], column_encoding=split
    )
    print(f"{path}: {table.num_rows} examples, {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
