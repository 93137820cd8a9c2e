"""The starter judge: a small CNN that reads off a picture what is in it, and so says what a renderer really painted.

It is trained on the drawings and shares nothing with the CLIP that the product searches with: a renderer or a refinement
measured by the CLIP that it also leans on would be measured by its own ruler. It reads labels alone, no words. Its pooled
features are what the Fréchet distance is taken on.

Method: a plain residual CNN (He et al. 2016, arXiv:1512.03385) with batch norms that are folded into the convolutions when
it is saved, one linear head an attribute, and augmentations that make a drawing look as a renderer leaves it: soft, noisy,
blocky, a little shifted and tinted. The first part of the minutes sees pictures of half the size, which costs a quarter
(progressive resizing; Tan & Le 2021, arXiv:2104.00298); a look at whole ones says little until they come.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from starter import loop
from starter.data import ATTRIBUTES, SIZE, Shards, mirrored, pixels, told_from_the_other
from starter.loop import Training, adamw, autocast
from starter.muon import Muon
from starter.roughening import roughen

WEIGHTS = {"subject": 1.0, "place": 0.7, "style": 0.7, "time": 0.5, "weather": 0.5, "relation": 0.5, "other": 0.6}
REST = 0.3  # weight of every other attribute: a renderer is not judged by the colour of a noir picture
SMOOTHING = 0.05
COARSE = 0.45  # share of the run that sees pictures of half the size: FOLD as many cost less
FOLD = 2
UNCOLORED = ("noir", "line drawing", "blueprint")  # styles that take the colours away: nobody could read them
PRESETS: dict[str, dict[str, Any]] = {
    "tiny": {"widths": (8, 16, 24, 32, 32), "blocks": (0, 1, 0, 0), "batch": 8},
    "cpu": {"widths": (32, 48, 96, 160, 192), "blocks": (0, 1, 1, 1), "batch": 64},
    "gpu": {"widths": (64, 96, 192, 320, 384), "blocks": (1, 2, 2, 2), "batch": 256},
}


class Unit(nn.Module):
    """Convolution, batch norm and, unless it ends a block, a ReLU. `fold` turns the first two into one convolution."""

    def __init__(self, before: int, after: int, stride: int = 1, *, rectify: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(after)
        self.rectify = rectify

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.conv(x))
        return F.relu(x, inplace=True) if self.rectify else x

    def fold(self) -> None:
        if isinstance(self.norm, nn.BatchNorm2d):
            self.conv, self.norm = fuse_conv_bn_eval(self.conv, self.norm), nn.Identity()


class Block(nn.Module):
    """Two convolutions beside a way straight through."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = Unit(width, width), Unit(width, width, rectify=False)
        norm = self.second.norm
        assert isinstance(norm, nn.BatchNorm2d)
        nn.init.zeros_(norm.weight)  # a block starts as nothing, and the net as a shallow one

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.second(self.first(x)))


class Judge(nn.Module):
    """Pictures (B, 3, size, size) in -1..1 → the logits of each attribute."""

    def __init__(
        self, widths: Iterable[int], blocks: Iterable[int], size: int, attributes: Mapping[str, Iterable[str]]
    ) -> None:
        super().__init__()
        self.widths, self.blocks, self.size = tuple(widths), tuple(blocks), size
        self.attributes = {name: tuple(words) for name, words in attributes.items()}
        fine = 2 if size > 96 else 1  # small pictures have no pixels to skip
        parts: list[nn.Module] = [Unit(3, self.widths[0], 2)]
        for number, (before, width) in enumerate(zip(self.widths, self.widths[1:], strict=False)):
            parts.append(Unit(before, width, 2 if number else fine))
            parts += [Block(width) for _ in range(self.blocks[number])]
        self.trunk = nn.Sequential(*parts)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(2 * self.widths[-1], len(words)) for name, words in self.attributes.items()}
        )

    def features(self, pictures: torch.Tensor) -> torch.Tensor:
        """Mean and maximum of the top map, (B, 2 * the last width): what the heads see."""
        top = self.trunk(pictures)
        return torch.cat([top.mean((2, 3)), top.amax((2, 3))], dim=1)

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        pooled = self.features(pictures)
        return {name: head(pooled) for name, head in self.heads.items()}

    def fold(self) -> "Judge":
        """The batch norms become part of the convolutions, in place: for use, no longer for training."""
        self.eval()
        for part in self.modules():
            if isinstance(part, Unit):
                part.fold()
        return self


def build(preset: str = "cpu") -> Judge:
    """A fresh judge of this world's pictures."""
    shape = PRESETS[preset]
    return Judge(shape["widths"], shape["blocks"], SIZE, ATTRIBUTES)


class Average(loop.Average):
    """Of the weights, and of the statistics that the batch norms keep beside them."""

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        super().update(module, step)
        decay = min(self.decay, (1 + step) / (10 + step))
        for mine, theirs in zip(self.module.buffers(), module.buffers(), strict=True):
            if mine.is_floating_point():
                mine.lerp_(theirs, 1 - decay)


# Training


def losses(answers: Mapping[str, torch.Tensor], labels: torch.Tensor) -> torch.Tensor:
    """One weighted sum a picture, (B,)."""
    each = [
        WEIGHTS.get(name, REST)
        * F.cross_entropy(answer.float(), labels[:, column], reduction="none", label_smoothing=SMOOTHING)
        for column, (name, answer) in enumerate(answers.items())
    ]
    return torch.stack(each).sum(0)


def batch_of(shards: Shards, size: int, number: int, seed: int) -> tuple[torch.Tensor, np.ndarray]:
    """The pictures of step `number`, half of them mirrored, and what they show. Every row comes once an epoch."""
    size = min(size, len(shards))
    a_pass = len(shards) // size
    rows = _order(len(shards), seed, number // a_pass)[number % a_pass * size :][:size]
    rng = np.random.default_rng([seed, number, 17])
    pictures, labels = pixels(shards.pictures[rows]), shards.labels[rows]
    turned = rng.random(size) < 0.5
    labels = np.where(turned[:, None], mirrored(labels), labels)
    return torch.where(torch.from_numpy(turned)[:, None, None, None], pictures.flip(-1), pictures), labels


@lru_cache(maxsize=2)
def _order(count: int, seed: int, epoch: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch, 13]).permutation(count)


def training(
    shards: Shards,
    folder: Path,
    minutes: float,
    preset: str = "cpu",
    device: torch.device | None = None,
    seed: int = 0,
    **more: Any,
) -> Training:
    """The run, ready to resume and go. `smoothed` is the judge to keep."""
    device = device or torch.device("cpu")
    torch.manual_seed(seed)
    model = build(preset).to(device)
    cast(Any, model).to(memory_format=torch.channels_last)  # a sixth less time a step on a CPU
    batch = PRESETS[preset]["batch"]

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        coarse = progress < COARSE
        pictures, labels = batch_of(shards, batch * (FOLD if coarse else 1), number, seed)
        if coarse:
            pictures = F.avg_pool2d(pictures, 2)
        rng = torch.Generator(device).manual_seed(seed * 1_000_003 + number)
        pictures = roughen(pictures.to(device), rng).contiguous(memory_format=torch.channels_last)
        with autocast(device):
            answers = model(pictures)
        wanted = torch.from_numpy(labels).to(device)
        each = losses(answers, wanted)
        if "other" in ATTRIBUTES:  # either name of a pair is right: taught is the one that it is closer to
            each = torch.minimum(each, losses(answers, torch.from_numpy(told_from_the_other(labels)).to(device)))
        figures = {
            name: float((answers[name].argmax(1) == wanted[:, column]).float().mean())
            for column, name in enumerate(ATTRIBUTES)
            if name in ("subject", "place", "style", "time", "relation", "other")
        }
        return each.mean(), figures

    matrices = [p for p in model.trunk.parameters() if p.ndim > 1][1:]  # the first sees three channels only
    chosen = {id(p) for p in matrices}
    rest = [p for p in model.parameters() if id(p) not in chosen]
    run = Training(
        name="judge", folder=folder, minutes=minutes, modules={"model": model}, average=Average(model, 0.997),
        optimizers=[Muon(matrices, 2e-3), adamw([(rest, 3e-3)], 0.02)], step=step, clip_norm=5.0, **more,
    )  # fmt: skip
    run.resume()
    return run


# Keeping and using it


def save(model: nn.Module, folder: Path) -> None:
    """Weights in float16, batch norms folded in, and the shape and words that belong to them."""
    assert isinstance(model, Judge)
    folded = deepcopy(model).cpu().fold()
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: t.half().contiguous() for key, t in folded.state_dict().items()}, folder / "model.safetensors")
    shape = {"widths": model.widths, "blocks": model.blocks, "size": model.size, "attributes": model.attributes}
    (folder / "config.json").write_text(json.dumps(shape, indent=2) + "\n", encoding="utf-8")


def load(folder: Path) -> Judge:
    """The judge of a folder, folded, in float32.

    Raises:
        FileNotFoundError: nothing was trained yet.
        ValueError: it was taught another world than this one.
    """
    if not (folder / "config.json").exists():
        raise FileNotFoundError(f"No judge in {folder}. Train one with `python -m starter.train judge`.")
    shape = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = Judge(**shape).fold()
    if model.attributes != ATTRIBUTES:
        raise ValueError(f"The judge in {folder} knows another world. Train it again: `python -m starter.train judge`.")
    model.load_state_dict({key: t.float() for key, t in load_file(folder / "model.safetensors").items()})
    return model.eval()


def _parts(model: Judge, pictures: np.ndarray, batch: int) -> Iterable[torch.Tensor]:
    """Batches of pictures (N, S, S, 3) uint8, at the size that the judge was taught."""
    device = next(model.parameters()).device
    for start in range(0, len(pictures), batch):
        part = pixels(pictures[start : start + batch]).to(device)
        if part.shape[-2:] != (model.size, model.size):
            part = F.interpolate(part, (model.size, model.size), mode="bilinear", antialias=True, align_corners=False)
        yield part


@torch.no_grad()
def read(model: Judge, pictures: np.ndarray, batch: int = 64) -> dict[str, np.ndarray]:
    """The index (N,) of the word that it reads for each attribute off pictures (N, S, S, 3) uint8."""
    said: dict[str, list[np.ndarray]] = {name: [] for name in model.attributes}
    for part in _parts(model, pictures, batch):
        for name, answer in model(part).items():
            said[name].append(answer.argmax(1).cpu().numpy())
    return {name: np.concatenate(parts) if parts else np.zeros(0, np.int64) for name, parts in said.items()}


@torch.no_grad()
def features(model: Judge, pictures: np.ndarray, batch: int = 64) -> np.ndarray:
    """Pooled features (N, D) float32 of pictures (N, S, S, 3) uint8."""
    parts = [model.features(part).float().cpu().numpy() for part in _parts(model, pictures, batch)]
    return np.concatenate(parts) if parts else np.zeros((0, 2 * model.widths[-1]), np.float32)


def agreement(said: Mapping[str, np.ndarray], labels: np.ndarray) -> dict[str, np.ndarray]:
    """Where (N,) each attribute was read as the labels (N, attributes) have it, in the better of a pair's two names."""
    read_off = np.stack([said[name] for name in ATTRIBUTES], axis=1)
    plain, other = read_off == labels, read_off == told_from_the_other(labels)
    better = other.sum(1) > plain.sum(1)
    return dict(zip(ATTRIBUTES, np.where(better[:, None], other, plain).T, strict=True))


def accuracy(model: Judge, pictures: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Share of the pictures (N, S, S, 3) uint8 whose attribute is read as the labels (N, attributes) have it.

    Colours are counted where the style shows them.
    """
    styles = np.array(ATTRIBUTES["style"])[labels[:, list(ATTRIBUTES).index("style")]]
    colored = ~np.isin(styles, UNCOLORED)
    counted = {name: colored if "color" in name and colored.any() else slice(None) for name in ATTRIBUTES}
    right = agreement(read(model, pictures), labels)
    return {name: round(float(right[name][counted[name]].mean()), 4) for name in ATTRIBUTES}


def _root(matrix: np.ndarray) -> np.ndarray:
    """The symmetric square root; eigenvalues that rounding made negative count as none."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(min=0))) @ vectors.T


def frechet(features_a: np.ndarray, features_b: np.ndarray) -> float:
    """Fréchet distance of two sets of features (N, D), each taken as a Gaussian (Heusel et al. 2017, arXiv:1706.08500).

    It falls with the number of pictures: compare only distances between sets of the same sizes.

    Raises:
        ValueError: a set of fewer than two has no covariance.
    """
    if min(len(features_a), len(features_b)) < 2:
        raise ValueError("A Fréchet distance needs two pictures or more on each side.")
    a, b = features_a.astype(np.float64), features_b.astype(np.float64)
    cov_a, cov_b = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b))
    # tr (A B)^½ is the sum of the roots of the eigenvalues of A^½ B A^½: the singular values of A^½ B^½
    shared = np.linalg.svd(_root(cov_a) @ _root(cov_b), compute_uv=False).sum()
    apart = np.square(a.mean(0) - b.mean(0)).sum()
    return float(max(0.0, apart + np.trace(cov_a) + np.trace(cov_b) - 2 * shared))
