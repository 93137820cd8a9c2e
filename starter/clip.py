"""The starter CLIP: its shape, its losses and its training run.

Method: contrastive language-image pre-training (Radford et al. 2021, arXiv:2103.00020), with four additions that make it
learn shapes within half an hour on two CPU cores:

- a batch is made of groups that share place, style and time, so only the subject, its colour and its pose tell their
  pictures apart (hard negatives), and scenes of one combination are positives of each other (arXiv:2004.11362);
- short prompts such as "a cat" are classifiers of the pictures, which is the zero-shot use itself, as a loss;
- throw-away linear heads read every attribute from both embeddings;
- a throw-away head on each patch, one layer below the top, names what the subject's mask says is there.

Matrices are trained with Muon, everything else with AdamW.
"""

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizer

from starter import tokenizer as vocabulary
from starter.data import ATTRIBUTES, IGNORED, SIZE, Shards, pixels
from starter.loop import Training, adamw, autocast
from starter.muon import Muon
from starter.world import FULL

DIMENSIONS = 512
GRID = 8  # patches a side
PATCH = SIZE // GRID
SHORT = 30  # tokens: most batches hold no longer caption, which saves half of the text tower's time
SUBJECTS = len(ATTRIBUTES["subject"])
WEIGHTS = {"subject": 1.0, "color": 0.3, "pose": 0.3, "place": 0.7, "time": 0.4, "style": 0.6}
WEIGHTS |= {"weather": 0.4, "framing": 0.3, "size": 0.3, "relation": 0.2, "other": 0.6, "other_color": 0.1}
NAMED = (
    "subject",
    "place",
    "time",
    "style",
    *(("weather", "framing") if FULL else ()),
)  # short prompts tell these apart
PRESETS: dict[str, dict[str, Any]] = {
    "tiny": {"width": 32, "layers": 2, "heads": 2, "groups": 2, "group": 8},
    "cpu": {"width": 192, "layers": 4, "heads": 8, "groups": 4, "group": 24},
    "gpu": {"width": 256, "layers": 6, "heads": 8, "groups": 32, "group": 64},
}


def configuration(tokenizer: CLIPTokenizer, preset: str = "cpu") -> CLIPConfig:
    """Shape of both towers. The three token numbers must be the tokenizer's, or CLIP pools at the wrong position."""
    shape = PRESETS[preset]
    width, layers, heads = shape["width"], shape["layers"], shape["heads"]
    common = {"hidden_size": width, "num_attention_heads": heads, "projection_dim": DIMENSIONS, "hidden_act": "relu"}
    text = {
        **common,
        "intermediate_size": width * 2,
        "num_hidden_layers": min(layers, 3),
        "vocab_size": len(tokenizer),
        "max_position_embeddings": vocabulary.LENGTH,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = {
        **common,
        "intermediate_size": width * 2,
        "num_hidden_layers": layers,
        "image_size": SIZE,
        "patch_size": PATCH,
    }
    return CLIPConfig(text_config=text, vision_config=vision, projection_dim=DIMENSIONS)


def build(tokenizer: CLIPTokenizer, preset: str = "cpu", device: str = "cpu") -> CLIPModel:
    """A fresh CLIP. Eager attention: the fused one is very slow backwards on a CPU."""
    attention = "sdpa" if str(device).startswith("cuda") else "eager"
    config = configuration(tokenizer, preset)
    config._attn_implementation = attention
    model = CLIPModel(config)
    for tower in (model.text_model, model.vision_model):
        for name, parameter in tower.named_parameters():
            if parameter.ndim == 2 and "embedding" not in name:
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5 * 0.6)
    look_around(model)
    return model


@torch.no_grad()
def look_around(model: CLIPModel) -> None:
    """Start the lower vision layers as 3×3 convolutions: head h of a patch attends to its h-th neighbour.

    A vision transformer spends most of a short training on finding out that neighbours matter. Here positions are coded
    as waves, so that a rotation of the query is a step to the side (the idea of ConViT, d'Ascoli et al. 2021,
    arXiv:2103.10697, without its gates). Nothing is fixed: everything goes on learning from there.
    """
    vision = model.vision_model
    code = model.config.vision_config.hidden_size // model.config.vision_config.num_attention_heads  # one head's width
    waves = code // 4  # per axis: each takes a cosine and a sine
    if waves < 4:
        return  # too narrow to tell neighbours apart
    angles = 2 * math.pi / (2 * GRID) * torch.arange(1, waves + 1)
    cells = torch.arange(GRID)[:, None] * angles
    wave = torch.stack([cells.cos(), cells.sin()], -1).flatten(1)  # (GRID, 2 * waves)
    places = torch.cat([wave[:, None].expand(-1, GRID, -1), wave[None].expand(GRID, -1, -1)], -1).flatten(0, 1)
    embeddings = vision.embeddings
    nn.init.normal_(embeddings.patch_embedding.weight, std=0.05)
    embeddings.patch_embedding.weight[:code] = 0  # these channels tell the place alone
    nn.init.normal_(embeddings.position_embedding.weight, std=0.02)
    embeddings.position_embedding.weight[:, :code] = 0
    embeddings.position_embedding.weight[1:, : 4 * waves] = places
    steps = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]
    layers = vision.encoder.layers
    for depth, layer in enumerate(layers[:-1]):  # the last layer gathers for the class token: left random
        stride = 1 if depth < max(2, len(layers) - 2) else 2
        query, key = layer.self_attn.q_proj.weight, layer.self_attn.k_proj.weight
        for head, (down, right) in enumerate(steps[: model.config.vision_config.num_attention_heads]):
            turned = torch.zeros(code, code)
            for axis, step in enumerate((down * stride, right * stride)):
                for wave_number in range(waves):
                    at = 2 * (axis * waves + wave_number)
                    turn = float(angles[wave_number]) * step
                    turned[at : at + 2, at : at + 2] = torch.tensor(
                        [[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]
                    )
            rows = slice(head * code, (head + 1) * code)
            query[rows], key[rows] = 0, 0
            query[rows, :code] = turned
            key[rows, :code] = torch.eye(code)


def processor(tokenizer: CLIPTokenizer) -> CLIPProcessor:
    """The picture side (SIZE pixels, -1..1) and the word side together."""
    images = CLIPImageProcessor(
        size={"shortest_edge": SIZE},
        crop_size={"height": SIZE, "width": SIZE},
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    )
    return CLIPProcessor(image_processor=images, tokenizer=tokenizer)


def save(model: CLIPModel, tokenizer: CLIPTokenizer, folder: Path) -> None:
    """Write model (float16), tokenizer and picture processor as one folder for from_pretrained."""
    import copy

    half = copy.deepcopy(model).cpu().half()
    half.save_pretrained(folder)
    processor(tokenizer).save_pretrained(folder)
    vocabulary.save(tokenizer, folder)


def embed_pictures(model: CLIPModel, pictures: torch.Tensor) -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
    """(B, 3, SIZE, SIZE) in -1..1 → unit vectors (B, 512) and the hidden states of every layer, (B, 65, width) each."""
    out = model.vision_model(pixel_values=pictures, output_hidden_states=True)
    return F.normalize(model.visual_projection(out.pooler_output), dim=-1), out.hidden_states


def embed_tokens(model: CLIPModel, tokens: torch.Tensor) -> torch.Tensor:
    """(B, T) token numbers, padded at the end → unit vectors (B, 512). Causal attention makes a mask needless."""
    out = model.text_model(input_ids=tokens)
    return F.normalize(model.text_projection(out.pooler_output), dim=-1)


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
    """The throw-away parts: linear readers of the attributes on either embedding, and the reader of the patches."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attributes = nn.ModuleDict({name: nn.Linear(DIMENSIONS, len(v)) for name, v in ATTRIBUTES.items()})
        self.norm = nn.LayerNorm(width)
        self.patches = nn.Linear(width, SUBJECTS + len(ATTRIBUTES["place"]))
        self.colors = nn.Linear(width, len(ATTRIBUTES["color"]))

    def attribute_loss(self, vectors: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Mean weighted cross-entropy of all attributes; vectors (B, 512) of length 1, labels (B, A)."""
        losses = [
            WEIGHTS[name] * F.cross_entropy(head(vectors * 16), labels[:, column])
            for column, (name, head) in enumerate(self.attributes.items())
        ]
        return torch.stack(losses).sum()

    def patch_loss(self, states: torch.Tensor, masks: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Subject on covered patches, place elsewhere. states (B, 65, width), masks (B, 8, 8) in 0..1, labels (B, A)."""
        patches = self.norm(states[:, 1:])
        covered = masks.flatten(1) > 0.35
        elsewhere = labels[:, 3:4] + SUBJECTS
        if "other" in ATTRIBUTES:  # beside a second subject, which the mask leaves out, nothing is sure to be scenery
            alone = labels[:, list(ATTRIBUTES).index("other")][:, None] == 0
            elsewhere = torch.where(alone, elsewhere, torch.full_like(elsewhere, IGNORED))
        truth = torch.where(covered, labels[:, :1], elsewhere)
        each = F.cross_entropy(self.patches(patches).transpose(1, 2), truth, reduction="none")
        # Subjects cover a fifth of a picture; weigh both sides alike, so that shape counts as much as scenery.
        loss = (each * covered).sum() / covered.sum().clamp(min=1) + (each * ~covered).sum() / (~covered).sum()
        if covered.any():
            colors = self.colors(patches[covered])
            loss = loss + 0.3 * F.cross_entropy(colors, labels[:, 1:2].expand_as(covered)[covered])
        return loss


class Batches:
    """Batches by step number: groups of scenes with one place, style and time, and captions to go with them."""

    def __init__(
        self,
        shards: Shards,
        tokenizer: CLIPTokenizer,
        preset: str,
        seed: int,
        device: torch.device,
        shared: tuple[int, ...] = (1000, 100, 1),
    ) -> None:
        self.shards, self.tokenizer, self.seed, self.device = shards, tokenizer, seed, device
        self.groups, self.group = PRESETS[preset]["groups"], PRESETS[preset]["group"]
        keys = shards.labels[:, 3:6] @ np.array(shared)  # what a group has in common: place, time, style
        self.rows = [np.flatnonzero(keys == key) for key in np.unique(keys)]
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
        chosen = rng.choice(len(self.rows), self.groups, replace=len(self.rows) < self.groups)
        rows = np.concatenate(
            [rng.choice(self.rows[g], min(self.group, len(self.rows[g])), replace=False) for g in chosen]
        )
        limit = vocabulary.LENGTH if step % 10 == 0 else SHORT
        picked = []
        for row in rows:
            fitting = [tokens for tokens in self.tokens[row] if len(tokens) <= limit] or self.tokens[row][:1]
            picked.append(fitting[rng.integers(len(fitting))])
        pictures, masks = pixels(self.shards.pictures[rows]), torch.from_numpy(self.shards.masks[rows]).float() / 255
        masks = F.avg_pool2d(masks[:, None], masks.shape[-1] // GRID)[:, 0]
        mirrored = torch.from_numpy((rng.random(len(rows)) < 0.5) & self.either_way[rows])
        pictures[mirrored], masks[mirrored] = pictures[mirrored].flip(-1), masks[mirrored].flip(-1)
        return {
            "pictures": pictures.to(self.device),
            "masks": masks.to(self.device),
            "labels": torch.from_numpy(self.shards.labels[rows]).to(self.device),
            "same": torch.from_numpy(self.combinations[rows]).to(self.device),
            "tokens": self.pad(picked),
        }


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
    start_from: CLIPModel | None = None,
    **more: Any,
) -> Training:
    """The run, ready to resume and go; `start_from` is a trained model to go on from, whose throw-away heads are gone.

    `tune` goes on from the finished run with the text model frozen, because a denoiser depends on it, and mixes styles
    within the groups: the vision tower learns their finer grain last.
    """
    device = device or torch.device("cpu")
    torch.manual_seed(seed)
    model = build(tokenizer, preset, device.type).to(device)
    heads = Heads(PRESETS[preset]["width"]).to(device)
    batches = Batches(shards, tokenizer, preset, seed + tune, device, (10, 1, 0) if tune else (1000, 100, 1))
    weights = {**WEIGHTS, "style": 2.0, "place": 1.0} if tune else WEIGHTS
    if start_from is not None:
        model.load_state_dict(start_from.state_dict())
    elif tune:
        begun = torch.load(folder / "clip.pt", map_location="cpu", weights_only=True)["modules"]
        model.load_state_dict(begun["model"])
        heads.load_state_dict(begun["heads"])
    if tune:
        model.text_model.requires_grad_(False)

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        batch = batches(number)
        prompts, slices = batches.prompt_tokens(random.Random(seed * 1_000_003 + number))
        with autocast(device):
            pictures, states = embed_pictures(model, batch["pictures"])
            texts = embed_tokens(model, batch["tokens"])
            answers = pictures @ embed_tokens(model, prompts).T
        scale = model.logit_scale.clamp(max=4.6052).exp()
        labels = batch["labels"]
        columns = {name: column for column, name in enumerate(ATTRIBUTES)}
        named = {
            name: F.cross_entropy(scale * answers[:, part].float(), labels[:, columns[name]])
            for name, part in slices.items()
        }
        losses = {
            "pair": contrast(pictures.float(), texts.float(), batch["same"], scale),
            "words": torch.stack([weights[name] * loss for name, loss in named.items()]).sum(),
            "look": heads.attribute_loss(pictures.float(), labels),
            "say": 0.3 * heads.attribute_loss(texts.float(), labels),
            "patch": heads.patch_loss(states[-2].float(), batch["masks"], labels),
        }
        column = slices["style"]
        style = (answers[:, column].argmax(1) == labels[:, columns["style"]]).float().mean()
        right = (answers[:, slices["subject"]].argmax(1) == labels[:, 0]).float().mean()
        figures = {name: float(loss.detach()) for name, loss in losses.items()}
        return torch.stack(list(losses.values())).sum(), {**figures, "subject": float(right), "style": float(style)}

    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    matrices = [p for n, p in trained.items() if p.ndim == 2 and "embedding" not in n and "projection" not in n]
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
def vectors_of_texts(model: CLIPModel, tokenizer: CLIPTokenizer, texts: list[str], batch: int = 256) -> torch.Tensor:
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
def vectors_of_pictures(model: CLIPModel, pictures: np.ndarray, batch: int = 256) -> torch.Tensor:
    """Unit vectors (N, 512) of (N, SIZE, SIZE, 3) uint8 pictures."""
    parts = [pictures[start : start + batch] for start in range(0, len(pictures), batch)]
    return torch.cat([embed_pictures(model, pixels(part).to(model.device))[0].float().cpu() for part in parts])
