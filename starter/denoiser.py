"""The starter denoiser: words to 4×16×16 latents, and the complete pipeline folder around it.

Method: latent diffusion (Rombach et al. 2022, arXiv:2112.10752) with v-prediction (Salimans & Ho 2022, arXiv:2202.00512),
zero terminal signal-to-noise and trailing steps (Lin et al. 2023, arXiv:2305.08891), min-SNR weights (Hang et al. 2023,
arXiv:2303.09556), an average of the weights, and one caption in ten empty for guidance (Ho & Salimans 2022,
arXiv:2207.12598). Two additions for the small budget: the subject's cells weigh more in the loss, and a throw-away head
on the lowest level has to say where the subject stands, which teaches the attention to words early.
"""

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
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from diffusers.models.attention_processor import AttnProcessor
from torch import nn
from torch.nn import functional as F
from transformers import CLIPModel, CLIPTextModel, CLIPTokenizer

from starter.autoencoder import SCALING, latents_of
from starter.captions import read
from starter.data import ATTRIBUTES, Shards
from starter.loop import Average, Training, adamw, autocast, save_atomically
from starter.muon import Muon
from starter.world import SUBJECTS, TIMES

log = logging.getLogger(__name__)

GRID = 16  # latent cells a side
STEPS = 1000  # of the noising process
GAMMA = 5.0  # min-SNR
EMPTY = 0.1  # share of captions left out
GO_ON = 0.7  # share of the learning rate for a denoiser that was trained before
SUBJECT = 2.0  # how much more the subject's cells weigh than the rest of the picture
PRESETS: dict[str, dict[str, Any]] = {
    "tiny": {"channels": (32, 32, 32), "layers": 1, "heads": 2, "batch": 4, "rate": 2e-3},
    "cpu": {"channels": (64, 128, 192), "layers": 1, "heads": 4, "batch": 24, "rate": 1.5e-3},
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
        in_channels=4,
        out_channels=4,
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


def text_model(clip: CLIPModel) -> CLIPTextModel:
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
        kind = SUBJECTS[scene.subject]
        usual = {"color": kind.colors[0], "pose": kind.poses[0], "time": TIMES[0], "place": kind.places[0]}
        open_ = {name for name, value in usual.items() if getattr(scene, name) != value}
        told.append([text if not open_ or open_ <= read(text).keys() else texts[0] for text in texts])
    return told


def token_table(tokenizer: CLIPTokenizer, captions: list[list[str]]) -> torch.Tensor:
    """Tokens (N, captions, 77) int16 of every caption, padded as the pipeline pads them."""
    flat = [text for texts in captions for text in texts]
    tokens = tokenizer(flat, padding="max_length", truncation=True, return_tensors="pt")["input_ids"]
    return tokens.view(len(captions), -1, tokens.shape[-1]).to(torch.int16)


def cache(shards: Shards, autoencoder: AutoencoderKL, folder: Path) -> torch.Tensor:
    """Scaled latents (N, 4, 16, 16) float16 of all pictures, kept in `folder` because making them takes minutes."""
    path = folder / "latents.pt"
    if path.exists():
        kept = torch.load(path, weights_only=True)
        if len(kept) == len(shards):
            return kept
    log.info("encoding %d pictures", len(shards))
    latents = (latents_of(autoencoder.eval(), shards.pictures) * SCALING).half()
    save_atomically(latents, path)
    return latents


class Placement(nn.Module):
    """The throw-away head: from the lowest features (B, C, 4, 4) to logits of subject classes and nothing, (B, S+1, 8, 8)."""

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
    text = text.to(device).eval().requires_grad_(False)
    model = build(text.config.hidden_size, preset).to(device)
    if start_from is not None:
        model.load_state_dict(start_from.state_dict())
    start, end = text.config.bos_token_id, text.config.eos_token_id
    if device.type == "cuda":
        model = model.to(memory_format=torch.channels_last)
    placement = Placement(PRESETS[preset]["channels"][-1]).to(device)
    lowest: dict[str, torch.Tensor] = {}
    model.mid_block.register_forward_hook(lambda _module, _given, out: lowest.update(features=out))
    shares = signal_shares().to(device)
    batch, rate = PRESETS[preset]["batch"], PRESETS[preset]["rate"] * (GO_ON if start_from is not None else 1)
    subjects = len(ATTRIBUTES["subject"])

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        rng = np.random.default_rng([seed, number, 13])
        rows = torch.from_numpy(rng.choice(len(latents), min(batch, len(latents)), replace=False))
        count = len(rows)
        clean = latents[rows].float().to(device)
        said = tokens[rows, torch.from_numpy(rng.integers(0, tokens.shape[1], count))].long()
        said[torch.from_numpy(rng.random(count) < EMPTY)] = torch.tensor([start] + [end] * (said.shape[1] - 1))
        with torch.no_grad():  # cheaper than keeping the states of every caption: 77 × width numbers each
            words = text(said.to(device)).last_hidden_state
        masks = torch.from_numpy(shards.masks[rows.numpy()]).float() / 255
        # Spread over the batch evenly: less noise in the loss than independent draws. Shapes are settled while there is
        # more noise than signal, so that end is visited more often.
        even = (rng.permutation(count) + rng.random(count)) / count
        time = torch.from_numpy((even**0.8 * STEPS).astype(np.int64).clip(0, STEPS - 1)).to(device)
        noise = torch.from_numpy(rng.standard_normal(tuple(clean.shape), dtype=np.float32)).to(device)
        share = shares[time][:, None, None, None]
        noisy = share.sqrt() * clean + (1 - share).sqrt() * noise
        velocity = share.sqrt() * noise - (1 - share).sqrt() * clean
        with autocast(device):
            guess = model(noisy, time, words).sample
            where = placement(lowest["features"])
        signal = share / (1 - share)
        weight = torch.minimum(signal, torch.full_like(signal, GAMMA)) / (signal + 1)
        weight = weight + 0.3  # min-SNR alone gives nothing at zero signal, where the whole layout is decided
        cells = 1 + SUBJECT * masks.to(device)[:, None]
        loss = ((guess.float() - velocity).square() * weight * cells).mean()
        small = F.avg_pool2d(masks.to(device)[:, None], 2)[:, 0]
        labels = torch.from_numpy(shards.labels[rows.numpy(), 0]).to(device)[:, None, None].expand_as(small)
        truth = torch.where(small > 0.35, labels, torch.full_like(labels, subjects))
        place = F.cross_entropy(where.float(), truth)
        strength = 0.1 * (1 - progress)
        return loss + strength * place, {"velocity": float(loss.detach()), "place": float(place.detach())}

    ends = ("conv_in", "conv_out", "time_embedding")  # these meet raw numbers: AdamW suits them better
    inner = [p for name, p in model.named_parameters() if p.ndim > 1 and not name.startswith(ends)]
    chosen = {id(p) for p in inner}
    rest = [p for p in [*model.parameters(), *placement.parameters()] if id(p) not in chosen]
    run = Training(
        name="denoiser", folder=folder, minutes=minutes, modules={"model": model, "placement": placement},
        average=Average(model, 0.998), optimizers=[Muon(inner, rate), adamw([(rest, rate)], 0.01)], step=step, **more,
    )  # fmt: skip
    run.resume()
    return run


def pipeline(
    unet: UNet2DConditionModel, autoencoder: AutoencoderKL, text: CLIPTextModel, tokenizer: CLIPTokenizer
) -> StableDiffusionPipeline:
    """The parts as a Stable Diffusion pipeline."""
    return StableDiffusionPipeline(
        vae=autoencoder,
        text_encoder=text,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=DPMSolverMultistepScheduler(algorithm_type="dpmsolver++", solver_order=2, **TRAIL),
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
) -> None:
    """Write the complete pipeline (float16 safetensors) beside `folder`, then swap it in.

    `defaults` are the steps and the guidance that suit this model; a renderer finds them in atelier.json.
    """
    import copy

    from starter import tokenizer as vocabulary

    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    halves = [copy.deepcopy(module).cpu().half() for module in (unet, autoencoder, text)]
    made = pipeline(halves[0], halves[1], halves[2], tokenizer)
    made.save_pretrained(part)
    vocabulary.save(tokenizer, part / "tokenizer")
    kept = folder / "atelier.json"
    values = defaults or (json.loads(kept.read_text()) if kept.exists() else {"steps": 20, "guidance": 4.0})
    (part / "atelier.json").write_text(json.dumps(values, indent=2) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
