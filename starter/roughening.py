"""What a renderer, a JPEG and a hasty cut do to a picture: changes in training, after which it must still be read right.

Without them a reader of drawings stumbles over soft lines, and learns its drawings by heart.
"""

import math
from functools import lru_cache

import torch
from torch.nn import functional as F


@lru_cache(maxsize=1)
def _waves() -> torch.Tensor:
    """The 8×8 cosine transform."""
    row, column = torch.arange(8.0)[:, None], torch.arange(8.0)[None]
    waves = torch.cos(math.pi * (2 * column + 1) * row / 16) * 0.5
    waves[0] *= 0.5**0.5
    return waves


def blocky(pictures: torch.Tensor, coarse: torch.Tensor) -> torch.Tensor:
    """As a JPEG would leave them: 8×8 blocks of cosines, rounded the more the finer they are. `coarse` is (B, 1, 1, 1)."""
    waves = _waves().to(pictures)
    count, channels, height, width = pictures.shape
    blocks = pictures.view(count, channels, height // 8, 8, width // 8, 8).transpose(3, 4)
    steps = (1 + torch.arange(8)[:, None] + torch.arange(8)[None]).to(pictures) * coarse[..., None, None]
    rounded = torch.round(waves @ blocks @ waves.T / steps) * steps
    return (waves.T @ rounded @ waves).transpose(3, 4).reshape(pictures.shape)


def roughen(pictures: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
    """Shift, zoom, soften, spoil and tint pictures (B, 3, S, S) in -1..1 a little, each in its own way.

    Each change is for a share of the batch, which is shuffled anyway: the others keep their pixels sharp.
    """
    pictures, count, size = pictures.clone(), len(pictures), pictures.shape[-1]

    def between(low: float, high: float, rows: int, columns: int = 1) -> torch.Tensor:
        return low + (high - low) * torch.rand(rows, columns, 1, 1, generator=rng, device=pictures.device)

    def noise(rows: int, cells: int) -> torch.Tensor:
        return torch.randn(rows, 3, cells, cells, generator=rng, device=pictures.device) * between(0.01, 0.08, rows)

    def some(start: float, end: float) -> tuple[torch.Tensor, int]:
        chosen = pictures[round(start * count) : round(end * count)]  # a view: what is written into it stays
        return chosen, len(chosen)

    moved, rows = some(0.0, 0.7)
    across, down = between(-0.12, 0.12, rows, 2).flatten(1).T
    wide, high = (between(0.9, 1.1, rows) + between(-0.04, 0.04, rows, 2)).flatten(1).T
    zero = torch.zeros_like(across)
    places = torch.stack([torch.stack([wide, zero, across], 1), torch.stack([zero, high, down], 1)], 1)
    grid = F.affine_grid(places, [rows, 3, size, size], align_corners=False)
    moved.copy_(F.grid_sample(moved, grid, padding_mode="border", align_corners=False))

    softened, rows = some(0.2, 0.6)
    half = F.interpolate(F.avg_pool2d(softened, 2), scale_factor=2.0, mode="bilinear", align_corners=False)
    softened.lerp_(half, between(0.2, 1.0, rows))
    grainy, rows = some(0.4, 0.6)
    grainy.add_(noise(rows, size))
    patchy, rows = some(0.5, 0.8)  # what is left of the noise in latents
    patchy.add_(F.interpolate(noise(rows, size // 8), scale_factor=8.0, mode="bilinear", align_corners=False))
    spoilt, rows = some(0.65, 0.9)
    spoilt.copy_(blocky(spoilt, between(0.02, 0.12, rows)))
    bright = between(-0.1, 0.1, count) + between(-0.05, 0.05, count, 3)
    return pictures.mul_(between(0.85, 1.15, count)).add_(bright).clamp_(-1, 1)
