"""Muon: momentum made orthogonal, for matrices and convolutions (Jordan et al. 2024, kellerjordan.github.io/posts/muon).

torch has one of its own for matrices, but that one goes through bfloat16, which many a CPU emulates slowly, and its rounds
run on the wide matrix.
"""

from collections import defaultdict
from typing import Any, cast

import torch
from torch import distributed, nn

from starter.loop import native_bfloat16

A, B, C = 3.4445, -4.7750, 2.0315  # the published quintic: it pulls singular values to about 1 within five rounds


def orthogonal(matrices: torch.Tensor, rounds: int = 5) -> torch.Tensor:
    """(N, rows, columns) → the same with all singular values near 1, by Newton-Schulz.

    The rounds run on the small Gram matrix: a round on a wide matrix would cost many times more, with the same result.
    The last product is in bfloat16 where that is native. The Gram matrix must not be: rounded, its smallest eigenvalues
    become negative, and the rounds blow those up.
    """
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2) if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    gram = x @ x.transpose(1, 2)
    whole = torch.eye(gram.shape[1], device=x.device).expand_as(gram)
    for left in reversed(range(rounds)):
        factor = torch.baddbmm(gram, gram, gram, beta=B, alpha=C)
        factor.diagonal(dim1=1, dim2=2).add_(A)
        whole = factor @ whole
        if left:
            gram = factor @ gram @ factor
    if x.shape[2] > 2 * x.shape[1] and native_bfloat16(x.device):
        made = (whole.bfloat16() @ x.bfloat16()).float()
    else:
        made = whole @ x
    return made.transpose(1, 2) if tall else made


class Muon(torch.optim.Optimizer):
    """Matrices of one shape are one batch. Step sizes match AdamW's (Liu et al. 2025, arXiv:2502.16982)."""

    def __init__(
        self, parameters: list[nn.Parameter], rate: float, momentum: float = 0.95, decay: float = 0.02
    ) -> None:
        shapes: dict[tuple[int, ...], list[nn.Parameter]] = defaultdict(list)
        for parameter in parameters:
            shapes[tuple(parameter.shape)].append(parameter)
        groups = [{"params": same, "lr": rate, "initial_lr": rate} for same in shapes.values()]
        super().__init__(groups, {"lr": rate, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override] # no closure is ever evaluated again
        """Processes that share a run hold the same gradients: each makes its part of the matrices orthogonal for all."""
        rank, world = (distributed.get_rank(), distributed.get_world_size()) if distributed.is_initialized() else (0, 1)
        found: list[torch.Tensor] = []  # one a group: the orthogonal directions, zeros where another process finds them
        for group in self.param_groups:
            mine = self._trained(group)
            for p in mine:
                self.state[p].setdefault("momentum", torch.zeros_like(p))
            moments = [self.state[p]["momentum"] for p in mine]
            grads = [cast(torch.Tensor, p.grad) for p in mine]
            if mine:
                torch._foreach_lerp_(moments, grads, 1 - group["momentum"])
            part = [m.lerp(grad, 1 - group["momentum"]).flatten(1) for m, grad in zip(moments, grads, strict=True)]
            made = torch.zeros(len(mine), *mine[0].flatten(1).shape, device=mine[0].device) if mine else torch.empty(0)
            if chosen := part[rank::world]:
                made[rank::world] = orthogonal(torch.stack(chosen))
            found.append(made)
        if world > 1:
            flat = torch.cat([made.flatten() for made in found])
            distributed.all_reduce(flat)
            found = [
                piece.view_as(made) for piece, made in zip(flat.split([m.numel() for m in found]), found, strict=True)
            ]
        for group, directions in zip(self.param_groups, found, strict=True):
            scale = 0.2 * max(directions.shape[1:], default=1) ** 0.5 * group["lr"]
            for p, direction in zip(self._trained(group), directions, strict=True):
                p.mul_(1 - group["lr"] * group["decay"]).add_(direction.view_as(p), alpha=-scale)

    @staticmethod
    def _trained(group: dict[str, Any]) -> list[nn.Parameter]:
        return [p for p in group["params"] if p.grad is not None]
