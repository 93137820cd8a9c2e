"""Pictures, masks, labels and captions to train on: drawn once into shards, then read as plain arrays.

A shard is drawn from its own number alone, so shards can be made in any order, by any number of processes, and an
interrupted run goes on where it stopped.
"""

import json
import logging
import os
import random
import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from starter.world import (
    FRAMINGS,
    PLACES,
    RELATIONS,
    SIZES,
    STYLES,
    SUBJECTS,
    TIMES,
    WEATHERS,
    Scene,
    sample_scene,
)

if TYPE_CHECKING:
    import torch  # slow to import, and drawing needs none

log = logging.getLogger(__name__)

SIZE = 128  # pixels a side
MASK = 32  # cells a side of the stored subject mask
SHARD = 1_500  # scenes
CAPTIONS = 4  # a scene: one plain, three in free words
MIRRORED = {"left": "right", "right": "left"}  # relations of a mirrored picture
COLORS = tuple(sorted({color for kind in SUBJECTS.values() for color in kind.colors}))
POSES = tuple(sorted({pose for kind in SUBJECTS.values() for pose in kind.poses}))
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "subject": tuple(SUBJECTS),
    "color": COLORS,
    "pose": POSES,
    "place": PLACES,
    "time": TIMES,
    "style": STYLES,
    "weather": WEATHERS,
    "framing": FRAMINGS,
    "size": SIZES,
    "relation": RELATIONS,
    "other": ("none", *(name for name, kind in SUBJECTS.items() if kind.pairs)),
    "other_color": ("none", *COLORS),
}


@dataclass(frozen=True)
class Shards:
    """Everything drawn so far. N scenes, row i the same scene everywhere.

    pictures: (N, SIZE, SIZE, 3) uint8 RGB. masks: (N, 2, MASK, MASK) uint8, the subject's share of each cell and the other
    subject's, 255 = all of it. labels: (N, attributes) int64, indices into ATTRIBUTES in their order. seeds: (N,) int64. captions: CAPTIONS texts a scene.
    """

    pictures: np.ndarray
    masks: np.ndarray
    labels: np.ndarray
    seeds: np.ndarray
    captions: list[list[str]]

    def __len__(self) -> int:
        return len(self.labels)

    def scene(self, row: int) -> Scene:
        values = {name: words[index] for (name, words), index in zip(ATTRIBUTES.items(), self.labels[row], strict=True)}
        return Scene(**values, seed=int(self.seeds[row]))


def labels_of(scene: Scene) -> list[int]:
    """The scene's attributes as indices into ATTRIBUTES."""
    return [words.index(getattr(scene, name)) for name, words in ATTRIBUTES.items()]


def mirrored(labels: np.ndarray) -> np.ndarray:
    """The labels (N, attributes) of the same pictures mirrored: who was left is right. Nothing else has a side."""
    told = labels.copy()
    if "relation" in ATTRIBUTES:
        column, words = list(ATTRIBUTES).index("relation"), ATTRIBUTES["relation"]
        turned = np.array([words.index(MIRRORED.get(word, word)) for word in words])
        told[:, column] = turned[labels[:, column]]
    return told


def second_subject(labels: np.ndarray) -> np.ndarray:
    """(N,) who stands beside the subject, as an index into the subjects; -1: nobody."""
    if "other" not in ATTRIBUTES:
        return np.full(len(labels), -1)
    names = ATTRIBUTES["subject"]
    known = np.array([names.index(word) if word in names else -1 for word in ATTRIBUTES["other"]])
    return known[labels[:, list(ATTRIBUTES).index("other")]]


def told_from_the_other(labels: np.ndarray) -> np.ndarray:
    """The same pictures named from their second subject: a cat left of a dog is a dog right of a cat.

    Only where a picture cannot say which of the two was meant: side by side, and both in the first of their poses.
    Everything else stays as it is.
    """
    told = mirrored(labels)
    if "other" not in ATTRIBUTES:
        return told
    at = {name: column for column, name in enumerate(ATTRIBUTES)}
    words = ATTRIBUTES
    first = np.array([words["pose"].index(SUBJECTS[name].poses[0]) for name in words["subject"]])
    sides = [words["relation"].index(side) for side in MIRRORED if side in words["relation"]]
    either = np.isin(labels[:, at["relation"]], sides) & (labels[:, at["pose"]] == first[labels[:, at["subject"]]])
    for one, two in (("subject", "other"), ("color", "other_color")):
        for mine, theirs in ((one, two), (two, one)):
            known = np.array([words[mine].index(word) if word in words[mine] else -1 for word in words[theirs]])
            told[:, at[mine]] = known[labels[:, at[theirs]]]
    told[:, at["pose"]] = first[told[:, at["subject"]]]
    return np.where(either[:, None], told, labels)


def make_scene(scene: Scene, rng: random.Random, steady: bool = False) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Picture (SIZE, SIZE, 3) and masks (2, MASK, MASK), both uint8, and captions of one scene; `steady` as in drawing."""
    from starter.captions import caption, plain
    from starter.draw import draw_with_masks

    picture, masks = draw_with_masks(scene, SIZE, steady=steady)
    fine = np.stack([np.asarray(mask, dtype=np.float32) for mask in masks])
    cells = fine.reshape(2, MASK, SIZE // MASK, MASK, SIZE // MASK).mean((2, 4))
    texts = [plain(scene), *(caption(scene, rng) for _ in range(CAPTIONS - 1))]
    return np.asarray(picture.convert("RGB")), cells.round().astype(np.uint8), texts


def make_shard(folder: Path, number: int, count: int = SHARD, steady: bool = False) -> Path:
    """Draw shard `number` of training scenes unless it is there already."""
    path = folder / f"shard-{number:04d}.npz"
    if path.exists():
        return path
    rng = random.Random(f"starter shard {number}")
    scenes = [sample_scene(rng) for _ in range(count)]
    made = [make_scene(scene, rng, steady) for scene in scenes]
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez(
            file,
            pictures=np.stack([m[0] for m in made]),
            masks=np.stack([m[1] for m in made]),
            labels=np.array([labels_of(scene) for scene in scenes]),
            seeds=np.array([scene.seed for scene in scenes]),
            captions=np.frombuffer(json.dumps([m[2] for m in made]).encode(), dtype=np.uint8),
        )
    part.replace(path)
    return path


def make_all(folder: Path, count: int, processes: int = 2, steady: bool = False) -> None:
    """Draw `count` scenes into shards of the folder, in several processes; the same scenes whether `steady` or not."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(-(-count // SHARD)) if not (folder / f"shard-{n:04d}.npz").exists()]
    began = time.perf_counter()
    with get_context("spawn").Pool(processes) as pool:
        for n, path in enumerate(pool.imap_unordered(_job, [(folder, number, SHARD, steady) for number in missing]), 1):
            log.info("%s: %d of %d shards, %.0f s", path.name, n, len(missing), time.perf_counter() - began)


def _job(job: tuple[Path, int, int, bool]) -> Path:
    return make_shard(*job)


def load(folder: Path, limit: int | None = None) -> Shards:
    """Read the shards of a folder in the order of their numbers.

    Raises:
        FileNotFoundError: nothing was drawn yet.
        ValueError: the shards are of another world.
    """
    paths = sorted(folder.glob("shard-*.npz"))[: None if limit is None else -(-limit // SHARD)]
    if not paths:
        raise FileNotFoundError(f"No shards in {folder}. Draw them with `python -m starter.train data`.")
    with np.load(paths[0]) as first:
        other = first["pictures"].shape[1] != SIZE or first["labels"].shape[1] != len(ATTRIBUTES)
        if other or first["masks"].ndim != 4:
            raise ValueError(f"{folder} holds drawings of another world. Name another folder with --runs, or empty it.")
    counts = []
    for path in paths:
        with np.load(path) as shard:
            counts.append(len(shard["labels"]))
    arrays: dict[str, np.ndarray] = {}
    captions: list[list[str]] = []
    for path, end in zip(paths, np.cumsum(counts), strict=True):
        with np.load(path) as shard:
            for name in ("pictures", "masks", "labels", "seeds"):  # into one array at once: two copies would not fit
                part = shard[name]
                whole = arrays.setdefault(name, np.empty((sum(counts), *part.shape[1:]), part.dtype))
                whole[end - len(part) : end] = part
            captions += json.loads(shard["captions"].tobytes())
    return Shards(**arrays, captions=captions)


def held_out_scenes(count: int, seed: int = 0) -> list[Scene]:
    """The scenes that evaluations use; the same ones every time."""
    rng = random.Random(f"starter held out {seed}")
    return [sample_scene(rng, held_out=True) for _ in range(count)]


def pixels(pictures: np.ndarray) -> "torch.Tensor":
    """uint8 (N, H, W, 3) → float32 (N, 3, H, W) in -1..1."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
