"""Fewer steps for the denoiser: one of its steps learns to go as far as two of its teacher's.

Method: progressive distillation (Salimans & Ho 2022, arXiv:2202.00512), one round of it: the teacher takes 2 × FEW DDIM
steps, the student FEW. Unlike there, guidance is left to the sampling, so that negative prompts and another guidance go on
working, and a part of every batch is plain denoising at any hour, so that other numbers of steps go on working too.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel

from starter import denoiser
from starter.data import Shards
from starter.loop import Average, Training, adamw, autocast
from starter.muon import Muon

FEW = 6  # steps of the student
PLAIN = 0.25  # share of a batch that learns plain denoising on
RATE = 0.3  # share of the denoiser's peak learning rate


def timesteps(count: int) -> torch.Tensor:
    """The trailing timesteps of `count` DDIM steps, the noisiest first, and the end, -1: (count + 1,)."""
    hours = torch.arange(denoiser.STEPS, 0, -denoiser.STEPS / count).round().long() - 1
    return torch.cat([hours[:count], torch.tensor([-1])])


def scheduler() -> DDIMScheduler:
    """The steps that the student was taught: DDIM, trailing."""
    return DDIMScheduler(clip_sample=False, set_alpha_to_one=True, **denoiser.TRAIL)


def amounts(shares: torch.Tensor, hours: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Signal and noise (B, 1, 1, 1) at timesteps (B,); the end, -1, is all signal."""
    share = torch.where(hours >= 0, shares[hours.clamp(min=0)], torch.ones_like(shares[:1]))[:, None, None, None]
    return share.sqrt(), (1 - share).sqrt()


def stepped(
    velocity: torch.Tensor, noisy: torch.Tensor, shares: torch.Tensor, start: torch.Tensor, end: torch.Tensor
) -> torch.Tensor:
    """One DDIM step (Song et al. 2021, arXiv:2010.02502) of latents (B, C, 16, 16) from timesteps `start` to `end`, (B,) each."""
    signal, noise = amounts(shares, start)
    clean, error = signal * noisy - noise * velocity, noise * noisy + signal * velocity
    signal, noise = amounts(shares, end)
    return signal * clean + noise * error


def velocity_between(
    noisy: torch.Tensor, reached: torch.Tensor, shares: torch.Tensor, start: torch.Tensor, end: torch.Tensor
) -> torch.Tensor:
    """The velocity with which one DDIM step from `start` to `end` takes `noisy` to `reached`."""
    signal, noise = amounts(shares, start)
    later, left = amounts(shares, end)
    # reached = later · (signal·z - noise·v) + left · (noise·z + signal·v), solved for v
    return (reached - (later * signal + left * noise) * noisy) / (left * signal - later * noise)


def gap(
    student: UNet2DConditionModel,
    teacher: UNet2DConditionModel,
    noisy: torch.Tensor,
    words: torch.Tensor,
    shares: torch.Tensor,
    hours: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Squared errors (B, C, 16, 16) of the velocity of one step of the student, from the first to the last of three `hours`
    (timesteps, (B,) each), against where the teacher gets in two."""
    first, middle, last = hours
    with torch.no_grad():
        half = stepped(teacher(noisy, first, words).sample.float(), noisy, shares, first, middle)
        whole = stepped(teacher(half, middle, words).sample.float(), half, shares, middle, last)
    guess = student(noisy, first, words).sample.float()
    return (guess - velocity_between(noisy, whole, shares, first, last)).square()


def training(
    latents: torch.Tensor,
    tokens: torch.Tensor,
    text: CLIPTextModel,
    shards: Shards,
    teacher: UNet2DConditionModel,
    folder: Path,
    minutes: float,
    preset: str = "cpu",
    device: torch.device | None = None,
    seed: int = 0,
    **more: Any,
) -> Training:
    """The run, ready to resume and go; the student begins as its teacher, which stays as it is."""
    device = device or torch.device("cpu")
    torch.manual_seed(seed)
    batch, rate = denoiser.PRESETS[preset]["batch"], denoiser.PRESETS[preset]["rate"] * RATE
    examples = denoiser.Examples(latents, tokens, text, shards, batch, seed + 1, device)
    model = denoiser.build(text.config.hidden_size, preset).to(device)
    model.load_state_dict(teacher.state_dict())
    teacher = teacher.to(device).eval().requires_grad_(False)
    shares = denoiser.signal_shares().to(device)
    grid = timesteps(2 * FEW).to(device)

    def step(number: int, progress: float) -> tuple[torch.Tensor, dict[str, float]]:
        rng, rows, clean, words, masks = examples(number)
        count = len(rows)
        plain = max(1, round(count * PLAIN))
        noise = torch.from_numpy(rng.standard_normal(tuple(clean.shape), dtype=np.float32)).to(device)
        hours = torch.from_numpy(rng.integers(0, denoiser.STEPS, plain)).to(device)
        at = torch.from_numpy(2 * (rng.permutation(count - plain) % FEW)).to(device)
        mine = slice(plain, None)
        signal, amount = amounts(shares, grid[at])
        noisy = signal * clean[mine] + amount * noise[mine]
        with autocast(device):
            usual = denoiser.velocity_loss(
                model, clean[:plain], noise[:plain], hours, words[:plain], shares, masks[:plain]
            )
            errors = gap(model, teacher, noisy, words[mine], shares, (grid[at], grid[at + 1], grid[at + 2]))
        far = (errors * (1 + denoiser.SUBJECT * masks[mine].sum(1, keepdim=True))).mean()
        return far + PLAIN * usual, {"far": float(far.detach()), "plain": float(usual.detach())}

    inner, rest = denoiser.groups(model)
    run = Training(
        name="distil", folder=folder, minutes=minutes, modules={"model": model}, average=Average(model, 0.998),
        optimizers=[Muon(inner, rate), adamw([(rest, rate)], 0.01)], step=step, **more,
    )  # fmt: skip
    run.resume()
    return run
