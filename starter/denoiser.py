"""The starter denoiser: words to latents of 16×16 cells, and the complete pipeline folder around it.

Method: latent diffusion (Rombach et al. 2022, arXiv:2112.10752) with v-prediction (Salimans & Ho 2022, arXiv:2202.00512),
zero terminal signal-to-noise and trailing steps (Lin et al. 2023, arXiv:2305.08891), min-SNR weights (Hang et al. 2023,
arXiv:2303.09556), an average of the weights, and one caption in ten empty for guidance (Ho & Salimans 2022,
arXiv:2207.12598). Three additions for the small budget: the subject's cells weigh more in the loss; a throw-away head
on the lowest level has to say where the subject stands, which teaches the attention to words early; and the first part of
the minutes sees four times as many latents of half the size, as text-to-image models begin with small pictures (PixArt-α,
Chen et al. 2023, arXiv:2310.00426): these latents are taught to be small pictures when they are pooled.
"""

import hashlib
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    SchedulerMixin,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from diffusers.models.attention_processor import AttnProcessor
from torch import distributed, nn
from torch.nn import functional as F
from transformers import CLIPTextModel, CLIPTokenizer, PreTrainedModel

from starter.autoencoder import CHANNELS, GRID, SCALING, latents_of
from starter.captions import read
from starter.data import ATTRIBUTES, Shards, second_subject
from starter.loop import Average, Training, adamw, autocast, half, join_team, save_atomically
from starter.muon import Muon
from starter.world import SUBJECTS, TIMES, Scene, places_of

log = logging.getLogger(__name__)

STEPS = 1000  # of the noising process
GAMMA = 5.0  # min-SNR
EMPTY = 0.1  # share of captions left out
DEFAULTS = {"steps": 12, "guidance": 2.5}  # what the last tuning chose: `python -m starter.evaluate --tune`
GO_ON = 0.7  # share of the learning rate for a denoiser that was trained before
COARSE = 0.35  # share of the minutes with half-size latents, of which FOLD as many cost as much
FOLD = 4
SUBJECT = 2.0  # how much more the subjects' cells weigh than the rest of the picture
PRESETS: dict[str, dict[str, Any]] = {
    "tiny": {"channels": (32, 32, 32), "layers": 1, "heads": 2, "batch": 4, "rate": 2e-3},
    "cpu": {
        "channels": (96, 160, 256),
        "layers": 1,
        "heads": 4,
        "batch": 48,  # a step's fixed cost, Muon's above all, is that of 20 pictures
        "rate": 1.5e-3,
    },
    "gpu": {"channels": (128, 224, 320), "layers": 2, "heads": 4, "batch": 512, "rate": 8e-4},
}
TRAIL = {
    "num_train_timesteps": STEPS,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "prediction_type": "v_prediction",
    "timestep_spacing": "trailing",
    "rescale_betas_zero_snr": True,
    "steps_offset": 1,  # trailing steps ignore it; a pipeline warns about anything else
}


def build(words: int, preset: str = "cpu") -> UNet2DConditionModel:
    """A fresh denoiser for text states of width `words`; attention to words where there are 8×8 cells and in the middle.

    Attention costs as much as convolutions here. The upper level must not be too narrow: with 32 channels on 16×16 cells
    eyes and wings were lost in the first fifth of the noise already.
    """
    shape = PRESETS[preset]
    model = UNet2DConditionModel(
        sample_size=GRID,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        block_out_channels=shape["channels"],
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=shape["layers"],
        cross_attention_dim=words,
        attention_head_dim=shape["heads"],  # in this class that is the number of heads
        norm_num_groups=16,
    )
    if not torch.cuda.is_available():
        model.set_attn_processor(AttnProcessor())  # the fused attention is very slow backwards on a CPU
    return model


def signal_shares() -> torch.Tensor:
    """Share of signal ᾱ at each of the STEPS timesteps, (STEPS,), rescaled so that the last one is exactly zero."""
    return DDIMScheduler(clip_sample=False, set_alpha_to_one=False, **TRAIL).alphas_cumprod


def text_model(clip: PreTrainedModel) -> CLIPTextModel:
    """The text tower of a CLIP as the model that a diffusion pipeline expects."""
    with torch.device("cpu"):
        model = CLIPTextModel(clip.config.text_config)
    wanted = set(model.state_dict())
    state = {}
    for name, value in clip.text_model.state_dict().items():
        state[name if name in wanted else f"text_model.{name}"] = value
    model.load_state_dict(state)
    return model.eval()


def unambiguous(shards: Shards) -> list[list[str]]:
    """The captions, where one that leaves something open stands only at scenes that show what is usual there.

    A caption without a colour at cats of every colour teaches their average, a brown blur. So "a cat" means the first of
    its colours and poses, by day: at any other scene such a caption makes way for the plain one, which names everything.
    """
    told = []
    for row, texts in enumerate(shards.captions):
        scene = shards.scene(row)
        usual = _usual(scene)
        open_ = {name for name, value in usual.items() if getattr(scene, name) != value}
        told.append([text if not open_ or open_ <= read(text).keys() else texts[0] for text in texts])
    return told


def _usual(scene: Scene) -> dict[str, str]:
    """What a caption that says nothing of it is taken to mean."""
    kind, other = SUBJECTS[scene.subject], SUBJECTS.get(scene.other)
    usual = {"color": kind.colors[0], "pose": kind.poses[0], "time": TIMES[0], "place": places_of(scene.subject)[0]}
    usual |= {"weather": "clear", "framing": "medium", "size": "normal", "other": "none"}
    usual["relation"] = "left" if other else "none"  # "a cat and a dog"
    usual["other_color"] = other.colors[0] if other else "none"
    return usual


def token_table(tokenizer: CLIPTokenizer, captions: list[list[str]]) -> torch.Tensor:
    """Tokens (N, captions, 77) int16 of every caption, padded as the pipeline pads them."""
    flat = [text for texts in captions for text in texts]
    tokens = tokenizer(flat, padding="max_length", truncation=True, return_tensors="pt")["input_ids"]
    return tokens.view(len(captions), -1, tokens.shape[-1]).to(torch.int16)


def cache(shards: Shards, autoencoder: AutoencoderKL, folder: Path) -> torch.Tensor:
    """Scaled latents (N, CHANNELS, 16, 16) float16 of all pictures, kept in `folder` because making them takes minutes."""
    path, key = folder / "latents.pt", _key(shards, autoencoder)
    if path.exists():
        kept = torch.load(path, weights_only=True)
        if kept["key"] == key:
            return kept["latents"]
    rank, world = join_team()
    log.info("encoding %d pictures", len(shards))
    with autocast(autoencoder.device):
        mine = (latents_of(autoencoder.eval(), shards.pictures[rank::world]) * SCALING).half().contiguous()
    latents = torch.empty((len(shards), *mine.shape[1:]), dtype=mine.dtype)
    for other in range(world):  # each of the processes that share a run has made its share
        part = mine if other == rank else torch.empty(latents[other::world].shape, dtype=mine.dtype)
        if world > 1:
            distributed.broadcast(part, other)
        latents[other::world] = part
    if rank == 0:
        save_atomically({"key": key, "latents": latents}, path)
    return latents


def _key(shards: Shards, autoencoder: AutoencoderKL) -> str:
    """What latents depend on: the pictures, told by their number, the first and the last, and the encoder's weights."""
    told = hashlib.sha256(f"{len(shards)}".encode() + shards.pictures[0].tobytes() + shards.pictures[-1].tobytes())
    for module in (autoencoder.encoder, autoencoder.quant_conv):
        for value in module.state_dict().values():
            told.update(value.cpu().numpy().tobytes())
    return told.hexdigest()


class Placement(nn.Module):
    """The throw-away head: from the lowest features (B, C, 4, 4) to logits of subject classes and nothing, (B, S+1, 8, 8).

    Half as many cells a side for half-size latents.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.GroupNorm(16, channels),
            nn.SiLU(),
            nn.Conv2d(channels, (len(ATTRIBUTES["subject"]) + 1) * 4, 1),
            nn.PixelShuffle(2),
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.net(features)


def velocity_loss(
    model: UNet2DConditionModel,
    clean: torch.Tensor,
    noise: torch.Tensor,
    time: torch.Tensor,
    words: torch.Tensor,
    shares: torch.Tensor,
    masks: torch.Tensor,
) -> torch.Tensor:
    """The weighted squared error of the velocity that the model guesses at timesteps `time` (B,)."""
    share = shares[time][:, None, None, None]
    noisy = share.sqrt() * clean + (1 - share).sqrt() * noise
    velocity = share.sqrt() * noise - (1 - share).sqrt() * clean
    guess = model(noisy, time, words).sample.float()
    signal = share / (1 - share)
    weight = torch.minimum(signal, torch.full_like(signal, GAMMA)) / (signal + 1)
    weight = weight + 0.3  # min-SNR alone gives nothing at zero signal, where the whole layout is decided
    return ((guess - velocity).square() * weight * (1 + SUBJECT * masks.sum(1, keepdim=True))).mean()


class Examples:
    """Batches by step number: clean latents, the text states of one caption each, and where the subjects stand."""

    def __init__(
        self,
        latents: torch.Tensor,
        tokens: torch.Tensor,
        text: CLIPTextModel,
        shards: Shards,
        batch: int,
        seed: int,
        device: torch.device,
    ) -> None:
        self.latents, self.tokens, self.shards, self.batch, self.seed, self.device = (
            latents,
            tokens,
            shards,
            batch,
            seed,
            device,
        )
        self.text = text.to(device).eval().requires_grad_(False)
        self.empty = torch.tensor([text.config.bos_token_id] + [text.config.eos_token_id] * (tokens.shape[-1] - 1))

    def __call__(
        self, number: int, coarse: bool = False
    ) -> tuple[np.random.Generator, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """The step's chance, rows (B,), latents (B, C, 16, 16), text states (B, 77, width), subjects' cells (B, 2, 16, 16).

        `coarse`: FOLD times as many, of 8 × 8 cells.
        """
        rng = np.random.default_rng([self.seed, number, 13])
        batch = min(self.batch * (FOLD if coarse else 1), len(self.latents))
        rows = torch.from_numpy(rng.choice(len(self.latents), batch, replace=False))
        said = self.tokens[rows, torch.from_numpy(rng.integers(0, self.tokens.shape[1], len(rows)))].long()
        said[torch.from_numpy(rng.random(len(rows)) < EMPTY)] = self.empty
        masks = torch.from_numpy(self.shards.masks[rows.numpy()]).float() / 255
        masks = F.avg_pool2d(masks, masks.shape[-1] // GRID)
        clean = self.latents[rows].float()
        if coarse:
            clean, masks = F.avg_pool2d(clean, 2), F.avg_pool2d(masks, 2)
        return rng, rows, clean.to(self.device), self.words(said), masks.to(self.device)

    @torch.no_grad()
    def words(self, tokens: torch.Tensor) -> torch.Tensor:
        """Text states (B, 77, width); cheaper made anew than kept for every caption: 77 × width numbers each."""
        return self.text(tokens.to(self.device)).last_hidden_state


def groups(model: UNet2DConditionModel) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """The matrices that Muon trains, and the rest; what meets raw numbers suits AdamW better."""
    ends = ("conv_in", "conv_out", "time_embedding")
    inner = [p for name, p in model.named_parameters() if p.ndim > 1 and not name.startswith(ends)]
    chosen = {id(p) for p in inner}
    return inner, [p for p in model.parameters() if id(p) not in chosen]


def training(
    latents: torch.Tensor,
    tokens: torch.Tensor,
    text: CLIPTextModel,
    shards: Shards,
    folder: Path,
    minutes: float,
    preset: str = "cpu",
    device: torch.device | None = None,
    seed: int = 0,
    start_from: UNet2DConditionModel | None = None,
    **more: Any,
) -> Training:
    """The run, ready to resume and go. `latents` come from `cache`, `tokens` from `token_table`; `text` stays frozen.

    `start_from` is a trained denoiser to go on from, with smaller steps than a fresh one takes.
    """
    device = device or torch.device("cpu")
    torch.manual_seed(seed)
    batch, rate = PRESETS[preset]["batch"], PRESETS[preset]["rate"] * (GO_ON if start_from is not None else 1)
    examples = Examples(latents, tokens, text, shards, batch, seed, device)
    model = build(text.config.hidden_size, preset).to(device)
    if start_from is not None:
        model.load_state_dict(start_from.state_dict())
    if device.type == "cuda":
        model = model.to(memory_format=torch.channels_last)
    placement = Placement(PRESETS[preset]["channels"][-1]).to(device)
    lowest: dict[str, torch.Tensor] = {}
    model.mid_block.register_forward_hook(lambda _module, _given, out: lowest.update(features=out))
    shares = signal_shares().to(device)
    subjects = len(ATTRIBUTES["subject"])

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        rng, rows, clean, words, masks = examples(number, coarse=start_from is None and progress < COARSE)
        count = len(rows)
        # Spread over the batch evenly: less noise in the loss than independent draws. Shapes are settled while there is
        # more noise than signal, so that end is visited more often.
        even = (rng.permutation(count) + rng.random(count)) / count
        time = torch.from_numpy((even**0.8 * STEPS).astype(np.int64).clip(0, STEPS - 1)).to(device)
        noise = torch.from_numpy(rng.standard_normal(tuple(clean.shape), dtype=np.float32)).to(device)
        with autocast(device):
            loss = velocity_loss(model, clean, noise, time, words, shares, masks)
            where = placement(lowest["features"])
        small, labels = F.avg_pool2d(masks, 2) > 0.35, shards.labels[rows.numpy()]  # half as many cells as latents have
        truth = torch.full_like(small[:, 0], subjects, dtype=torch.long)
        for slot, names in enumerate((labels[:, 0], second_subject(labels))):
            mine = torch.from_numpy(names).to(device)[:, None, None].expand_as(truth)
            truth = torch.where(small[:, slot], mine, truth)
        place = F.cross_entropy(where.float(), truth)
        strength = 0.1 * (1 - progress)
        return loss + strength * place, {"velocity": float(loss.detach()), "place": float(place.detach())}

    inner, rest = groups(model)
    rest += placement.parameters()
    run = Training(
        name="denoiser" if start_from is None else "denoiser-on", folder=folder, minutes=minutes, modules={"model": model, "placement": placement},
        average=Average(model, 0.998), optimizers=[Muon(inner, rate), adamw([(rest, rate)], 0.01)], step=step, **more,
    )  # fmt: skip
    run.resume()
    return run


def pipeline(
    unet: UNet2DConditionModel,
    autoencoder: AutoencoderKL,
    text: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    scheduler: SchedulerMixin | None = None,
) -> StableDiffusionPipeline:
    """The parts as a Stable Diffusion pipeline, which takes DPM-Solver++ steps unless another scheduler is given."""
    return StableDiffusionPipeline(
        vae=autoencoder,
        text_encoder=text,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=scheduler or DPMSolverMultistepScheduler(algorithm_type="dpmsolver++", solver_order=2, **TRAIL),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def export(
    unet: UNet2DConditionModel,
    autoencoder: AutoencoderKL,
    text: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    folder: Path,
    defaults: dict[str, float] | None = None,
    scheduler: SchedulerMixin | None = None,
) -> None:
    """Write the complete pipeline (float16 safetensors) beside `folder`, then swap it in.

    `defaults` are the steps and the guidance that suit this model; a renderer finds them in atelier.json.
    """
    from starter import tokenizer as vocabulary

    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    halves = [half(module) for module in (unet, autoencoder, text)]
    made = pipeline(halves[0], halves[1], halves[2], tokenizer, scheduler)
    made.save_pretrained(part)
    vocabulary.save(tokenizer, part / "tokenizer")
    for config in part.rglob("config.json"):  # diffusers notes the folder that a module was loaded from
        told = json.loads(config.read_text())
        told.pop("_name_or_path", None)
        config.write_text(json.dumps(told, indent=2) + "\n")
    kept = folder / "atelier.json"
    values = defaults or (json.loads(kept.read_text()) if kept.exists() else DEFAULTS)
    (part / "atelier.json").write_text(json.dumps(values, indent=2) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
