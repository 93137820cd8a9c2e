"""Make the starter collection, the library's first examples: `python -m starter.collection`.

Draws scenes, puts each into words, and embeds both with the starter CLIP. A part of them is rendered by the starter renderer
instead, with settings that are kept beside it: rendering them again gives the same picture. The drawn ones claim no seed, no
sampler and no model. A rating says how well a picture fits its words as the CLIP sees them, in tenths of the collection; no
person rated anything. The same weights and drawings give the same file.
"""

import argparse
import base64
import hashlib
import io
import logging
import random
import sys
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from starter.data import SIZE
from starter.world import FULL, STYLES, WEIGHTS, WORLD, Scene, sample_scene

COUNT = 20_000 if FULL else 6_000
RENDERED = 2_000 if FULL else 0  # of them
QUALITY = 40 if FULL else 85  # of the WebP pictures: twenty thousand have to fit into 60 MB
COMPONENTS = (
    192  # of vectors of 512 numbers; with them every vector of a thousand had a cosine over 0.998 with the true one
)
RATED = 0.6  # share of the drawn pictures; all rendered ones are
NEGATED = 0.45  # share of the rendered pictures that have a negative prompt
GROUP = 25  # pictures that are rendered at once, with the same steps and guidance
ROOM = 75  # tokens that the text model reads
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "starter://collection")
MODEL = "atelier-starter"
SAMPLERS = {"DDIMScheduler": "DDIM", "DPMSolverMultistepScheduler": "DPM++ 2M"}  # as galleries call them
_UNWANTED = (
    "blurry", "low quality", "worst quality", "lowres", "jpeg artifacts", "watermark", "signature", "text", "out of frame",
    "cropped", "deformed", "extra limbs", "bad anatomy", "ugly", "duplicate", "grainy", "noise", "oversaturated",
)  # fmt: skip

log = logging.getLogger("starter.collection")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one picture is rendered."""

    seed: int
    steps: int
    guidance: float
    negative_prompt: str


def make_examples(count: int, seed: int = 0, room: int = 0, tokenizer: Any = None) -> list[tuple[Scene, str]]:
    """Scenes of training combinations with captions, no caption twice; with a tokenizer the first `room` fit its model."""
    from starter.captions import caption

    rng = random.Random(f"starter collection {seed}")
    seen: set[str] = set()
    examples: list[tuple[Scene, str]] = []
    while len(examples) < count:
        scene = sample_scene(rng)
        text = caption(scene, rng)
        if text.lower() in seen:
            continue
        if len(examples) < room and len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]) > ROOM:
            continue
        seen.add(text.lower())
        examples.append((scene, text))
    return examples


def make_settings(scenes: Sequence[Scene], steps: int, guidance: float, seed: int = 0) -> list[Settings]:
    """Settings around the renderer's own `steps` and `guidance`, as people try them; those of one GROUP agree in both."""
    rng = random.Random(f"starter settings {seed}")
    made = []
    for number, scene in enumerate(scenes):
        if number % GROUP == 0:
            count = steps if rng.random() < 0.6 else rng.choice((steps + 2, 2 * steps, 20))
            strength = guidance if rng.random() < 0.5 else guidance + rng.choice((-0.5, 0.5, 1.0))
        made.append(
            Settings(
                seed=rng.randrange(2**32),
                steps=count,
                guidance=strength,
                negative_prompt=unwanted(scene, rng) if rng.random() < NEGATED else "",
            )
        )
    return made


def unwanted(scene: Scene, rng: random.Random) -> str:
    """A negative prompt as people write them: what nobody wants, and now and then a style that this picture is not to have."""
    said = rng.sample(_UNWANTED, rng.randint(1, 6))
    if rng.random() < 0.25:
        said.insert(0, rng.choice([style for style in STYLES[1:] if style != scene.style]))
    return ", ".join(said)


def picture_of(scene: Scene) -> tuple[np.ndarray, bytes]:
    """The drawing (SIZE, SIZE, 3) uint8, and as WebP bytes."""
    from starter.draw import draw

    pixels = np.asarray(draw(scene, SIZE).convert("RGB"))
    return pixels, webp(pixels)


def webp(pixels: np.ndarray) -> bytes:
    """(H, W, 3) uint8 as a WebP file."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def render(pipe: Any, prompts: Sequence[str], settings: Sequence[Settings], folder: Path) -> Iterator[np.ndarray]:
    """The pictures (SIZE, SIZE, 3) uint8, in order; each GROUP is kept in `folder`, so that an interrupted run goes on."""
    import torch

    for start in range(0, len(prompts), GROUP):
        words, chosen = list(prompts[start : start + GROUP]), settings[start : start + GROUP]
        path = folder / f"{hashlib.sha256(repr((words, chosen)).encode()).hexdigest()[:16]}.npy"
        if not path.exists():
            made = pipe(
                words,
                negative_prompt=[each.negative_prompt for each in chosen],
                num_inference_steps=chosen[0].steps,
                guidance_scale=chosen[0].guidance,
                generator=[torch.Generator().manual_seed(each.seed) for each in chosen],
                output_type="np",
            )
            folder.mkdir(parents=True, exist_ok=True)
            with path.with_suffix(".part").open("wb") as file:
                np.save(file, (made.images * 255).round().astype(np.uint8))
            path.with_suffix(".part").replace(path)
            log.info("rendered %d of %d", start + len(words), len(prompts))
        yield from np.load(path)


def ratings(told: np.ndarray, seen: np.ndarray, rated: np.ndarray) -> list[float | None]:
    """0..10 for the `rated` rows (N,) bool: the tenths of them whose picture fits its words less well; none for the rest.

    `told` and `seen` are the unit vectors (N, D) of words and pictures.
    """
    fit = (told * seen).sum(1)
    order = np.sort(fit[rated])
    share = np.searchsorted(order, fit) / max(1, len(order) - 1)
    return [round(10 * float(each), 1) if chosen else None for each, chosen in zip(share, rated, strict=True)]


def packed(vectors: np.ndarray, components: int = COMPONENTS) -> tuple[np.ndarray, np.ndarray]:
    """Vectors (N, D) as codes (N, K) int8 and a basis (K, D) float32, so that codes @ basis is near them.

    The basis is that of their principal components, each scaled so that its largest code is 127.
    """
    _, directions = np.linalg.eigh(vectors.astype(np.float64).T @ vectors.astype(np.float64))
    basis = directions[:, ::-1].T[:components]  # eigenvalues come in rising order
    amounts = vectors @ basis.T
    scale = np.maximum(np.abs(amounts).max(0), 1e-12) / 127
    return np.round(amounts / scale).astype(np.int8), (basis * scale[:, None]).astype(np.float32)


def make(weights: Path, count: int = COUNT, rendered: int = RENDERED, runs: Path = Path("runs") / WORLD) -> Any:
    """The collection as an Arrow table, the first `rendered` of its rows made by the renderer; see the columns' names.

    The vectors' bases are in the table's metadata, under the columns' names: base64 of float32.
    """
    import pyarrow as pa

    from starter.clip import vectors_of_pictures, vectors_of_texts
    from starter.evaluate import load_clip

    model, tokenizer = load_clip(weights / "clip")
    examples = make_examples(count, room=rendered, tokenizer=tokenizer)
    prompts = [text for _, text in examples]
    made, settings, sampler = _rendered(weights, examples[:rendered], runs)
    with ProcessPoolExecutor(2) as pool:
        drawn = list(pool.map(picture_of, [scene for scene, _ in examples[rendered:]], chunksize=100))
    told = vectors_of_texts(model, tokenizer, prompts).numpy()
    seen = vectors_of_pictures(model, np.stack([pixels for pixels, _ in made + drawn])).numpy()
    ids = [str(uuid.uuid5(NAMESPACE, f"{text}\n{scene.combination}\n{scene.seed}")) for scene, text in examples]
    rest = count - rendered
    chance = np.random.default_rng(0).random(count)
    vectors, bases = {}, {}
    for name, values in (("prompt_vector", told), ("picture_vector", seen)):
        codes, basis = packed(values)
        vectors[name] = pa.FixedSizeListArray.from_arrays(pa.array(codes.reshape(-1)), codes.shape[1])
        bases[name] = base64.b64encode(basis.tobytes())
    return pa.table(
        {
            "id": ids,
            "prompt": prompts,
            "url": [f"starter://{name}.webp" for name in ids],
            "width": pa.array([SIZE] * count, pa.int32()),
            "height": pa.array([SIZE] * count, pa.int32()),
            "source_site": ["starter"] * count,
            "picture": pa.array([data for _, data in made + drawn], pa.binary()),
            **vectors,
            "rating": pa.array(ratings(told, seen, (chance < RATED) | (np.arange(count) < rendered)), pa.float32()),
            "negative_prompt": pa.array(
                [each.negative_prompt or None for each in settings] + [None] * rest, pa.string()
            ),
            "seed": pa.array([each.seed for each in settings] + [None] * rest, pa.int64()),
            "steps": pa.array([each.steps for each in settings] + [None] * rest, pa.int32()),
            "guidance": pa.array([each.guidance for each in settings] + [None] * rest, pa.float32()),
            "sampler": pa.array([sampler] * rendered + [None] * rest, pa.string()),
            "model": pa.array([MODEL] * rendered + [None] * rest, pa.string()),
        }
    ).replace_schema_metadata(bases)


def _rendered(
    weights: Path, examples: list[tuple[Scene, str]], runs: Path
) -> tuple[list[tuple[np.ndarray, bytes]], list[Settings], str]:
    """Pictures and settings of the examples that the renderer makes, and what its sampler is called."""
    import json

    from starter.evaluate import load_pipeline

    if not examples:
        return [], [], ""
    folder = weights / "diffusion"
    settings = make_settings([scene for scene, _ in examples], **json.loads((folder / "atelier.json").read_text()))
    with (folder / "unet" / "diffusion_pytorch_model.safetensors").open("rb") as file:
        key = hashlib.file_digest(file, "sha256").hexdigest()[:12]  # pictures of another model are other pictures
    pipe = load_pipeline(folder)
    pictures = render(pipe, [text for _, text in examples], settings, runs / f"rendered-{key}")
    return [(pixels, webp(pixels)) for pixels in pictures], settings, SAMPLERS[type(pipe.scheduler).__name__]


def main(arguments: list[str] | None = None) -> int:
    import pyarrow.parquet as pq

    parser = argparse.ArgumentParser(prog="python -m starter.collection", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--rendered", type=int, default=RENDERED, help="how many of them the renderer makes")
    parser.add_argument("--runs", type=Path, default=Path("runs") / WORLD, help="folder where rendered pictures wait")
    parser.add_argument("--out", type=Path, help="file to write; unset: collection.parquet beside the weights")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    path = chosen.out or chosen.weights / "collection.parquet"
    table = make(chosen.weights, chosen.count, chosen.rendered, chosen.runs)
    part = path.with_suffix(".part")
    # WebP data does not compress, and the codes of vectors hardly do.
    pq.write_table(
        table, part, compression="zstd", compression_level=9, use_dictionary=["source_site", "sampler", "model"]
    )
    part.replace(path)
    print(f"{path}: {table.num_rows} examples, {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
