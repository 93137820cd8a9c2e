"""The starter autoencoder: pictures to latents of 16×16 cells and back: 128×128 pixels to 8 channels.

Method: the KL autoencoder of latent diffusion (Rombach et al. 2022, arXiv:2112.10752) with factor 4 or 8, trained on absolute
error, the error of the gradients and the distance in the features of a small CNN that reads the subject. Half-size latents
have to decode to the half-size picture too (EQ-VAE, Kouzelis et al. 2025, arXiv:2502.09509): latents that behave like small
pictures are learnt by the denoiser much sooner. The last part of the minutes tunes the decoder alone, so that the latents
stay what they are, on latents with a little noise, as a denoiser leaves them. There is no adversarial loss: drawings are
flat, and an adversary costs time that two CPU cores do not have.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import nn
from torch.nn import functional as F

from starter.data import ATTRIBUTES, MASK, SIZE, Shards, pixels
from starter.loop import Average, Training, adamw, autocast, half
from starter.muon import Muon

SCALING = 0.18215  # what StableDiffusionPipeline divides latents by
KL = 3e-5  # weight of the divergence of a latent element; a hundred times more blurs the pictures
DECODER_ONLY = 0.75  # share of the minutes after which the encoder is frozen
LEFT_OVER = 0.15  # most noise that a denoiser leaves in its latents, in their deviations
CHANNELS = 8  # of a latent
GRID = 16  # cells of a latent a side
SUBJECT = 2.0  # how much more the subjects count: they are small, and are what people look at
EDGE, FEEL = 0.5, 0.3  # weights of the gradients and of what the reader sees
HALF = 0.5  # weight of the half-size reconstruction
PRESETS: dict[str, dict[str, Any]] = {
    "tiny": {"channels": (16, 16, 16, 16), "layers": 1, "batch": 4},
    "cpu": {"channels": (16, 32, 64, 96), "layers": 1, "batch": 8},
    "gpu": {"channels": (64, 128, 192, 192), "layers": 2, "batch": 96},
}


def build(preset: str = "cpu") -> AutoencoderKL:
    """A fresh autoencoder; no attention, whose 256 positions cost more than they bring here."""
    shape = PRESETS[preset]
    levels = len(shape["channels"])
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        latent_channels=CHANNELS,
        block_out_channels=shape["channels"],
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        layers_per_block=shape["layers"],
        norm_num_groups=8,
        mid_block_add_attention=False,
        sample_size=SIZE,
        scaling_factor=SCALING,
    )


class Reader(nn.Module):
    """A small CNN that names every attribute; its features say what matters in a picture."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 24, 48, 96, 128)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, stride=2, padding=1), nn.GroupNorm(8, b), nn.ReLU())
            for a, b in zip(widths, widths[1:], strict=False)
        )
        self.heads = nn.ModuleDict(
            {name: nn.Linear(widths[-1] * 2, len(values)) for name, values in ATTRIBUTES.items()}
        )

    def features(self, pictures: torch.Tensor) -> list[torch.Tensor]:
        """(B, 3, SIZE, SIZE) → four feature maps, from half the width down to a sixteenth."""
        maps = []
        for block in self.blocks:
            pictures = block(pictures)
            maps.append(pictures)
        return maps

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        top = self.features(pictures)[-1]
        pooled = torch.cat([top.mean((2, 3)), top.amax((2, 3))], dim=1)
        return {name: head(pooled) for name, head in self.heads.items()}


def reader_training(
    shards: Shards, folder: Path, minutes: float, device: torch.device, seed: int = 0, **more: Any
) -> Training:
    """Training of the reader alone: a few minutes are enough for a sense of shapes."""
    torch.manual_seed(seed)
    model = Reader().to(device)

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        rng = np.random.default_rng([seed, number, 7])
        rows = rng.choice(len(shards), min(128, len(shards)), replace=False)
        pictures = pixels(shards.pictures[rows]).to(device)  # never mirrored: left would be right
        labels = torch.from_numpy(shards.labels[rows]).to(device)
        with autocast(device):
            answers = model(pictures)
        losses = [F.cross_entropy(a.float(), labels[:, column]) for column, a in enumerate(answers.values())]
        right = (answers["subject"].argmax(1) == labels[:, 0]).float().mean()
        return losses[0] + sum(losses) * 0.5, {"subject": float(right)}

    run = Training(
        name="reader", folder=folder, minutes=minutes, modules={"model": model},
        optimizers=[adamw([(list(model.parameters()), 3e-3)], 0.02)], step=step, **more,
    )  # fmt: skip
    run.resume()
    return run


def gradients(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Differences between neighbours, across and down."""
    return pictures[..., 1:] - pictures[..., :-1], pictures[..., 1:, :] - pictures[..., :-1, :]


def training(
    shards: Shards,
    reader: Reader,
    folder: Path,
    minutes: float,
    preset: str = "cpu",
    device: torch.device | None = None,
    seed: int = 0,
    start_from: AutoencoderKL | None = None,
    **more: Any,
) -> Training:
    """The run, ready to resume and go. With `start_from`, a trained and normalised autoencoder, its decoder alone learns on:
    the latents stay what the denoiser knows."""
    device = device or torch.device("cpu")
    torch.manual_seed(seed)
    model = build(preset).to(device)
    if start_from is not None:
        model.load_state_dict(start_from.state_dict())
    reader = reader.to(device).eval().requires_grad_(False)
    batch = PRESETS[preset]["batch"]

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        rng = np.random.default_rng([seed, number, 11])
        rows = rng.choice(len(shards), min(batch, len(shards)), replace=False)
        pictures = pixels(shards.pictures[rows]).to(device)
        pictures = pictures.flip(-1) if number % 2 else pictures
        masks = torch.from_numpy(shards.masks[rows]).to(device).float().sum(1, keepdim=True) / 255
        masks = F.interpolate(masks.flip(-1) if number % 2 else masks, scale_factor=SIZE // MASK)
        frozen = start_from is not None or progress > DECODER_ONLY
        noise = torch.randn(len(rows), CHANNELS, GRID, GRID, generator=torch.Generator().manual_seed(number)).to(device)
        with autocast(device), torch.set_grad_enabled(not frozen):
            posterior = model.encode(pictures).latent_dist
            latents = posterior.mean + posterior.std * noise
        if frozen:
            left = LEFT_OVER * torch.from_numpy(rng.random((len(rows), 1, 1, 1), dtype=np.float32)).to(device)
            latents = (latents + left * latents.std() * noise.flip(0)).detach()
        with autocast(device):
            made = model.decode(latents).sample
        made = made.float()
        weights = 1 + SUBJECT * masks
        pixel = ((made - pictures).abs() * weights).mean()
        edge = torch.stack(
            [(a - b).abs().mean() for a, b in zip(gradients(made), gradients(pictures), strict=True)]
        ).sum()
        with torch.no_grad():
            wanted = reader.features(pictures)
        feel = torch.stack([F.l1_loss(a, b) for a, b in zip(reader.features(made), wanted, strict=True)]).sum()
        loss = pixel + EDGE * edge + FEEL * feel
        if not frozen:
            loss = loss + KL * posterior.kl().mean() / latents[0].numel()
            with autocast(device):
                small = model.decode(F.avg_pool2d(latents, 2)).sample
            loss = loss + HALF * (small.float() - F.avg_pool2d(pictures, 2)).abs().mean()
        psnr = -10 * torch.log10(((made.detach().clamp(-1, 1) - pictures) / 2).square().mean())
        return loss, {"psnr": float(psnr), "pixel": float(pixel.detach()), "feel": float(feel.detach())}

    ends = ("encoder.conv_in", "decoder.conv_out", "quant_conv", "post_quant_conv")
    inner = [p for name, p in model.named_parameters() if p.ndim > 1 and not name.startswith(ends)]
    chosen = {id(p) for p in inner}
    rest = [p for p in model.parameters() if id(p) not in chosen]
    run = Training(
        name="autoencoder" if start_from is None else "autoencoder-on", folder=folder, minutes=minutes, modules={"model": model}, average=Average(model, 0.99),
        optimizers=[Muon(inner, 2e-3), adamw([(rest, 2e-3)], 0.0)], step=step, **more,
    )  # fmt: skip
    run.resume()
    return run


def save(model: nn.Module, folder: Path) -> None:
    """Write it as float16, for from_pretrained."""
    half(model).save_pretrained(folder)


@torch.no_grad()
def latents_of(model: AutoencoderKL, pictures: np.ndarray, batch: int = 32) -> torch.Tensor:
    """Posterior means (N, CHANNELS, 16, 16) of uint8 pictures (N, SIZE, SIZE, 3), as the encoder gives them: unscaled."""
    device = next(model.parameters()).device
    parts = [pictures[start : start + batch] for start in range(0, len(pictures), batch)]
    return torch.cat([model.encode(pixels(part).to(device)).latent_dist.mean.float().cpu() for part in parts])


@torch.no_grad()
def normalise(model: AutoencoderKL, sample: np.ndarray) -> AutoencoderKL:
    """Fold the latents' mean and deviation into the 1×1 convolutions, in place, so that SCALING gives unit variance.

    StableDiffusionPipeline only divides by the scaling factor, so a channel with a mean of its own would start from
    the wrong noise. `sample` is (N, SIZE, SIZE, 3) uint8. Calling it twice changes nothing further.
    """
    latents = latents_of(model, sample)
    mean = latents.mean((0, 2, 3)).to(model.device)
    factor = 1 / (SCALING * latents.std((0, 2, 3)).to(model.device))  # new = (old - mean) * factor
    quant, post = model.quant_conv, model.post_quant_conv
    # post_quant_conv sees new latents: old = new / factor + mean.
    post.bias.add_((post.weight[:, :, 0, 0] * mean).sum(1))
    post.weight.div_(factor[None, :, None, None])
    quant.weight[:CHANNELS].mul_(factor[:, None, None, None])
    quant.bias[:CHANNELS].sub_(mean).mul_(factor)
    quant.bias[CHANNELS:].add_(2 * factor.log())  # the log-variances follow
    return model
