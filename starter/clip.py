"""The starter CLIP: its shape, its losses and its training run.

Method: contrastive language-image pre-training (Radford et al. 2021, arXiv:2103.00020), whose vision tower is a ResNet as
the first of theirs were: a vision transformer takes several times as long to find out on two CPU cores that neighbouring
pixels matter. Three additions make it learn shapes, where contrast alone is content to tell styles and skies apart:

- short prompts such as "a cat" are classifiers of the pictures, which is the zero-shot use itself, as a loss;
- throw-away linear heads read every attribute from both embeddings;
- a throw-away head on each cell of the last map but one names what the subject's mask says is there.

The first part of a run sees the pictures at half their size (progressive resizing, as in Howard's DAWNBench entries of
2018). Scenes of one combination are positives of each other (Khosla et al. 2020, arXiv:2004.11362). Matrices and convolutions are
trained with Muon, everything else with AdamW.
"""

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import (
    CLIPImageProcessor,
    CLIPProcessor,
    CLIPTextConfig,
    CLIPTokenizer,
    ResNetConfig,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
)

from starter import tokenizer as vocabulary
from starter.data import ATTRIBUTES, SIZE, Shards, pixels, second_subject, told_from_the_other
from starter.loop import Training, adamw, autocast, half
from starter.muon import Muon
from starter.roughening import roughen

DIMENSIONS = 512
GRID = 8  # cells a side of the last map but one
SHORT = 30  # tokens: most batches hold no longer caption, which saves half of the text tower's time
COARSE = 0.45  # share of a run that sees pictures of half the size, in steps twice as quick
SUBJECTS = len(ATTRIBUTES["subject"])
WEIGHTS = {"subject": 1.0, "color": 0.3, "pose": 0.3, "place": 0.7, "time": 0.4, "style": 0.6}
WEIGHTS |= {"weather": 0.4, "framing": 0.3, "size": 0.3, "relation": 0.2, "other": 0.6, "other_color": 0.1}
NAMED = ("subject", "place", "time", "style", "weather", "framing")  # short prompts tell these apart
PRESETS: dict[str, dict[str, Any]] = {
    "tiny": {"width": 32, "layers": 2, "heads": 2, "stem": 8, "maps": (8, 16, 16, 24), "blocks": (1, 1, 1, 1), "batch": 16},
    "cpu": {"width": 192, "layers": 3, "heads": 8, "stem": 32, "maps": (48, 96, 160, 256), "blocks": (1, 1, 2, 1), "batch": 96},
    "gpu": {"width": 256, "layers": 4, "heads": 8, "stem": 64, "maps": (96, 192, 320, 512), "blocks": (1, 2, 2, 2), "batch": 2048},
}  # fmt: skip


def configuration(tokenizer: CLIPTokenizer, preset: str = "cpu") -> VisionTextDualEncoderConfig:
    """Shape of both towers. The three token numbers must be the tokenizer's, or CLIP pools at the wrong position."""
    shape = PRESETS[preset]
    maps = list(shape["maps"])
    text = CLIPTextConfig(
        hidden_size=shape["width"],
        num_attention_heads=shape["heads"],
        num_hidden_layers=shape["layers"],
        intermediate_size=shape["width"] * 2,
        projection_dim=DIMENSIONS,
        hidden_act="relu",
        vocab_size=len(tokenizer),
        max_position_embeddings=vocabulary.LENGTH,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    vision = ResNetConfig(
        embedding_size=shape["stem"],
        hidden_sizes=maps,
        depths=list(shape["blocks"]),
        layer_type="basic",
        hidden_size=maps[-1],  # the dual encoder's name for what it projects
        image_size=SIZE,
    )
    return VisionTextDualEncoderConfig.from_vision_text_configs(vision, text, projection_dim=DIMENSIONS)


def build(tokenizer: CLIPTokenizer, preset: str = "cpu", device: str = "cpu") -> VisionTextDualEncoderModel:
    """A fresh CLIP. Eager attention: the fused one is very slow backwards on a CPU."""
    config = configuration(tokenizer, preset)
    config.text_config._attn_implementation = "sdpa" if str(device).startswith("cuda") else "eager"
    model = VisionTextDualEncoderModel(config)
    for name, parameter in model.text_model.named_parameters():
        if parameter.ndim == 2 and "embedding" not in name:
            nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5 * 0.6)
    for stage in model.vision_model.encoder.stages:
        for block in stage.layers:
            if isinstance(block.shortcut, nn.Identity):
                # it starts as nothing, and the net as a shallow one
                nn.init.zeros_(block.layer[-1].normalization.weight)
    return ready(model)


def ready(model: Any) -> Any:
    """Make a fresh or loaded model fit to run: a ResNet pools to (B, C, 1, 1), where the dual encoder expects (B, C)."""
    vision = model.vision_model
    if isinstance(getattr(vision, "pooler", None), nn.AdaptiveAvgPool2d):
        vision.pooler = nn.Sequential(vision.pooler, nn.Flatten(1))
        vision.to(memory_format=torch.channels_last)  # a third less time a step on a CPU
    return model


def processor(tokenizer: CLIPTokenizer) -> CLIPProcessor:
    """The picture side (SIZE pixels, -1..1) and the word side together."""
    images = CLIPImageProcessor(
        size={"shortest_edge": SIZE},
        crop_size={"height": SIZE, "width": SIZE},
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    )
    return CLIPProcessor(image_processor=images, tokenizer=tokenizer)


def save(model: VisionTextDualEncoderModel, tokenizer: CLIPTokenizer, folder: Path) -> None:
    """Write model (float16), tokenizer and picture processor as one folder for from_pretrained."""
    half(model).save_pretrained(folder)
    processor(tokenizer).save_pretrained(folder)
    vocabulary.save(tokenizer, folder)


def embed_pictures(
    model: VisionTextDualEncoderModel, pictures: torch.Tensor
) -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
    """(B, 3, SIZE, SIZE) in -1..1 → unit vectors (B, 512) and the maps after each stage; the last but one has GRID cells a side."""
    out = model.get_image_features(pictures.contiguous(memory_format=torch.channels_last), output_hidden_states=True)
    return F.normalize(out.pooler_output.float(), dim=-1), out.hidden_states


def embed_tokens(model: VisionTextDualEncoderModel, tokens: torch.Tensor) -> torch.Tensor:
    """(B, T) token numbers, padded at the end → unit vectors (B, 512). Causal attention makes a mask needless."""
    return F.normalize(model.get_text_features(tokens).pooler_output.float(), dim=-1)


def prompts_for(attribute: str, rng: random.Random | None = None) -> list[str]:
    """One short prompt for each value of an attribute; without `rng` the plainest ones, which evaluations use."""
    frames = {
        "subject": ("a {}", "{}", "a picture of a {}", "the {}"),
        "place": ("{}", "a {} scene", "in the {}", "a picture of the {}"),
        "time": ("{}", "at {}", "{} time", "{} light"),
        "style": ("{} style", "{}", "a {} picture", "in {} style"),
        "weather": ("{}", "{} weather", "in {}", "a {} scene"),
        "framing": ("{}", "{} shot", "a {} picture", "{} view"),
    }[attribute]
    frame = frames[0] if rng is None else rng.choice(frames)
    return [frame.format({"none": "plain", "clear": "calm"}.get(value, value)) for value in ATTRIBUTES[attribute]]


class Heads(nn.Module):
    """The throw-away parts: linear readers of the attributes on either embedding, and the reader of the cells."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attributes = nn.ModuleDict({name: nn.Linear(DIMENSIONS, len(v)) for name, v in ATTRIBUTES.items()})
        self.norm = nn.LayerNorm(width)
        self.cells = nn.Linear(width, SUBJECTS + len(ATTRIBUTES["place"]))
        self.colors = nn.Linear(width, len(ATTRIBUTES["color"]))

    def attribute_loss(self, vectors: torch.Tensor, *labels: torch.Tensor) -> torch.Tensor:
        """Mean weighted cross-entropy of all attributes; vectors (B, 512) of length 1, labels (B, A).

        Of several labels, each picture is taught those that it is closer to: a cat beside a dog is a dog beside a cat.
        """
        answers = {name: head(vectors * 16) for name, head in self.attributes.items()}

        def each(truth: torch.Tensor) -> torch.Tensor:
            losses = [
                WEIGHTS[name] * F.cross_entropy(answer, truth[:, column], reduction="none")
                for column, (name, answer) in enumerate(answers.items())
            ]
            return torch.stack(losses).sum(0)

        return torch.stack([each(truth) for truth in labels]).amin(0).mean()

    def cell_loss(
        self, maps: torch.Tensor, masks: torch.Tensor, labels: torch.Tensor, second: torch.Tensor
    ) -> torch.Tensor:
        """Subject on covered cells, place elsewhere.

        maps (B, width, G, G), masks of both subjects (B, 2, GRID, GRID) in 0..1, labels (B, A), the other subject (B,).
        """
        covered = F.adaptive_avg_pool2d(masks, maps.shape[-1]).flatten(2) > 0.35
        cells = self.norm(maps.flatten(2).transpose(1, 2))
        truth = torch.where(covered[:, 0], labels[:, :1], labels[:, 3:4] + SUBJECTS)
        truth = torch.where(covered[:, 1], second[:, None], truth)
        someone = covered.any(1)
        each = F.cross_entropy(self.cells(cells).transpose(1, 2), truth, reduction="none")
        # Subjects cover a fifth of a picture; weigh both sides alike, so that shape counts as much as scenery.
        loss = (each * someone).sum() / someone.sum().clamp(min=1) + (each * ~someone).sum() / (~someone).sum()
        if covered[:, 0].any():
            colors = self.colors(cells[covered[:, 0]])
            loss = loss + 0.3 * F.cross_entropy(colors, labels[:, 1:2].expand_as(someone)[covered[:, 0]])
        return loss


class Batches:
    """Batches by step number: scenes drawn by lot, and captions to go with them.

    By lot, because the batch norms of the vision tower see a batch as a sample of the world.
    """

    def __init__(
        self,
        shards: Shards,
        tokenizer: CLIPTokenizer,
        preset: str,
        seed: int,
        device: torch.device,
    ) -> None:
        self.shards, self.tokenizer, self.seed, self.device = shards, tokenizer, seed, device
        self.size = min(PRESETS[preset]["batch"], len(shards))
        flat = tokenizer([text for texts in shards.captions for text in texts], truncation=True)["input_ids"]
        per = len(shards.captions[0])
        self.tokens = [flat[start : start + per] for start in range(0, len(flat), per)]
        _, self.combinations = np.unique(shards.labels, axis=0, return_inverse=True)
        self.prompts: dict[tuple[str, ...], torch.Tensor] = {}
        names = list(ATTRIBUTES)
        sides = [ATTRIBUTES["relation"].index(side) for side in ("left", "right")] if "relation" in names else []
        # a mirrored picture of a cat to the left of a dog would make its caption false
        self.either_way = (
            ~np.isin(shards.labels[:, names.index("relation")], sides) if sides else np.ones(len(shards), bool)
        )

    def pad(self, lists: list[list[int]]) -> torch.Tensor:
        """Token lists → (B, longest) numbers, padded at the end."""
        width = max(map(len, lists))
        padded = [tokens + [self.tokenizer.pad_token_id] * (width - len(tokens)) for tokens in lists]
        return torch.tensor(padded, device=self.device)

    def prompt_tokens(self, rng: random.Random) -> tuple[torch.Tensor, dict[str, slice]]:
        """Short prompts of the NAMED attributes in one batch, and which rows belong to which attribute."""
        texts: list[str] = []
        slices = {}
        for name in NAMED:
            mine = prompts_for(name, rng)
            slices[name] = slice(len(texts), len(texts) + len(mine))
            texts += mine
        key = tuple(texts)
        if key not in self.prompts:
            self.prompts[key] = self.pad(self.tokenizer(texts)["input_ids"])
        return self.prompts[key], slices

    def __call__(self, step: int) -> dict[str, torch.Tensor]:
        rng = np.random.default_rng([self.seed, step])
        rows = rng.choice(len(self.shards), self.size, replace=False)
        limit = vocabulary.LENGTH if step % 10 == 0 else SHORT
        picked = []
        for row in rows:
            fitting = [tokens for tokens in self.tokens[row] if len(tokens) <= limit] or self.tokens[row][:1]
            picked.append(fitting[rng.integers(len(fitting))])
        pictures, masks = pixels(self.shards.pictures[rows]), torch.from_numpy(self.shards.masks[rows]).float() / 255
        masks = F.avg_pool2d(masks, masks.shape[-1] // GRID)
        mirrored = torch.from_numpy((rng.random(len(rows)) < 0.5) & self.either_way[rows])
        pictures[mirrored], masks[mirrored] = pictures[mirrored].flip(-1), masks[mirrored].flip(-1)
        return {
            "pictures": pictures.to(self.device),
            "masks": masks.to(self.device),
            "labels": torch.from_numpy(self.shards.labels[rows]).to(self.device),
            "other": torch.from_numpy(told_from_the_other(self.shards.labels[rows])).to(self.device),
            "second": torch.from_numpy(second_subject(self.shards.labels[rows])).to(self.device),
            "same": torch.from_numpy(self.combinations[rows]).to(self.device),
            "tokens": self.pad(picked),
        }


def shown(labels: torch.Tensor, second: torch.Tensor, name: str) -> torch.Tensor:
    """(B, values) shares of what a short prompt may name in each picture: two subjects by half, anything else whole.

    labels (B, A), the other subject (B,) or -1.
    """
    columns = {attribute: column for column, attribute in enumerate(ATTRIBUTES)}
    truth = F.one_hot(labels[:, columns[name]], len(ATTRIBUTES[name])).float()
    if name == "subject":
        truth = truth + F.one_hot(second.clamp(min=0), truth.shape[1]) * (second >= 0)[:, None]
    return truth / truth.sum(1, keepdim=True)


def contrast(pictures: torch.Tensor, texts: torch.Tensor, same: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric contrastive loss; rows with equal `same` (B,) count as positives of each other."""
    truth = (same[:, None] == same[None, :]).float()
    truth = truth / truth.sum(1, keepdim=True)
    logits = scale * pictures @ texts.T
    return 0.5 * (F.cross_entropy(logits, truth) + F.cross_entropy(logits.T, truth))


def training(
    shards: Shards,
    tokenizer: CLIPTokenizer,
    folder: Path,
    minutes: float,
    preset: str = "cpu",
    device: torch.device | None = None,
    seed: int = 0,
    tune: bool = False,
    start_from: nn.Module | None = None,
    **more: Any,
) -> Training:
    """The run, ready to resume and go; `start_from` is a trained model to go on from, whose throw-away heads are gone.

    Of a model with towers of another shape, what fits is taken: its words, if it sees in another way.
    `tune` goes on from the finished run with the text model frozen, because a denoiser depends on it.
    """
    device = device or torch.device("cpu")
    torch.manual_seed(seed)
    model = build(tokenizer, preset, device.type).to(device)
    heads = Heads(model.config.vision_config.hidden_sizes[-2]).to(device)
    batches = Batches(shards, tokenizer, preset, seed + tune, device)
    weights = {**WEIGHTS, "style": 1.5, "place": 1.3, "time": 1.2} if tune else WEIGHTS
    if start_from is not None:
        mine, given = model.state_dict(), start_from.state_dict()
        fitting = {name: value for name, value in given.items() if name in mine and value.shape == mine[name].shape}
        model.load_state_dict({**mine, **fitting})
    elif tune:
        begun = torch.load(folder / "clip.pt", map_location="cpu", weights_only=True)["modules"]
        model.load_state_dict(begun["model"])
        heads.load_state_dict(begun["heads"])
    if tune:
        model.text_model.requires_grad_(False)

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        batch = batches(number)
        if progress < (0.0 if tune else COARSE):
            batch["pictures"] = F.avg_pool2d(batch["pictures"], 2)
        batch["pictures"] = roughen(batch["pictures"], torch.Generator(device).manual_seed(seed * 1_000_003 + number))
        prompts, slices = batches.prompt_tokens(random.Random(seed * 1_000_003 + number))
        with autocast(device):
            pictures, maps = embed_pictures(model, batch["pictures"])
            texts = embed_tokens(model, batch["tokens"])
            short = embed_tokens(model, prompts)
        scale = model.logit_scale.clamp(max=4.6052).exp()
        labels, answers = batch["labels"], pictures @ short.T
        truths = {name: shown(labels, batch["second"], name) for name in slices}
        named = {name: F.cross_entropy(scale * answers[:, part], truths[name]) for name, part in slices.items()}
        losses = {
            "pair": contrast(pictures, texts, batch["same"], scale),
            "words": torch.stack([weights[name] * loss for name, loss in named.items()]).sum(),
            "look": heads.attribute_loss(pictures, labels, batch["other"]),
            "say": 0.3 * heads.attribute_loss(texts, labels),
        }
        if not tune:  # where things stand, about: the pictures were moved a little
            losses["cells"] = heads.cell_loss(maps[-2].float(), batch["masks"], labels, batch["second"])
        right = {
            name: float((truths[name].gather(1, answers[:, part].argmax(1)[:, None]) > 0).float().mean())
            for name, part in slices.items()
        }
        figures = {name: float(loss.detach()) for name, loss in losses.items()}
        return torch.stack(list(losses.values())).sum(), {**figures, **right}

    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    matrices = [p for n, p in trained.items() if p.ndim > 1 and not any(part in n for part in ("embed", "projection"))]
    chosen = {id(p) for p in matrices}
    rest = [p for p in trained.values() if id(p) not in chosen]
    pace = 0.5 if tune else 1.0
    optimizers = [
        Muon(matrices, 2e-3 * pace),
        adamw([(rest, 1e-3 * pace), (list(heads.parameters()), 2e-3 * pace)], 0.02),
    ]
    run = Training(
        name=("tune" if tune else "clip") + ("-on" if start_from is not None else ""), folder=folder, minutes=minutes, modules={"model": model, "heads": heads}, optimizers=optimizers,
        step=step, clip_norm=5.0, **more,
    )  # fmt: skip
    run.resume()
    return run


@torch.no_grad()
def vectors_of_texts(
    model: VisionTextDualEncoderModel, tokenizer: CLIPTokenizer, texts: list[str], batch: int = 256
) -> torch.Tensor:
    """Unit vectors (N, 512) of texts, cut at 77 tokens. Sorted by length inside, so short ones are not padded up."""
    device = model.device
    lists = tokenizer(texts, truncation=True)["input_ids"]
    order = sorted(range(len(texts)), key=lambda n: len(lists[n]))
    out = torch.empty(len(texts), DIMENSIONS)
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        width = max(len(lists[n]) for n in part)
        tokens = torch.tensor([lists[n] + [tokenizer.pad_token_id] * (width - len(lists[n])) for n in part])
        out[part] = embed_tokens(model, tokens.to(device)).float().cpu()
    return out


@torch.no_grad()
def vectors_of_pictures(model: VisionTextDualEncoderModel, pictures: np.ndarray, batch: int = 256) -> torch.Tensor:
    """Unit vectors (N, 512) of (N, SIZE, SIZE, 3) uint8 pictures."""
    parts = [pictures[start : start + batch] for start in range(0, len(pictures), batch)]
    return torch.cat([embed_pictures(model, pixels(part).to(model.device))[0].float().cpu() for part in parts])
