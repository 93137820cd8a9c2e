"""The one training loop of the starter models: a budget of minutes, one-cycle learning rate, checkpoints, resuming.

A run of M minutes always ends annealed, however fast the machine is and however often it was interrupted: the learning
rate follows the share of the minutes already spent, and the checkpoint remembers those. It knows nothing of pictures.
"""

import copy
import logging
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn

log = logging.getLogger(__name__)

WARM_UP = 0.03  # share of the minutes
FLOOR = 0.01  # share of the peak learning rate that is left at the end


def learning_rate(progress: float) -> float:
    """Factor on the peak learning rate for a progress of 0..1: linear warm-up, then a half cosine down to FLOOR."""
    if progress < WARM_UP:
        return max(progress / WARM_UP, 0.02)
    share = min(1.0, (progress - WARM_UP) / (1 - WARM_UP))
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * share))


def pick_device(name: str) -> torch.device:
    """The torch device for `auto`, `cpu` or `cuda`."""
    return torch.device("cuda" if name == "auto" and torch.cuda.is_available() else "cpu" if name == "auto" else name)


def native_bfloat16(device: torch.device) -> bool:
    """Whether the device computes in bfloat16: a GPU, and some CPUs. Emulated it is slower than float32."""
    return device.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 where that is native: twice as fast there."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=native_bfloat16(device))


def save_atomically(state: object, path: Path) -> None:
    """Write with torch.save beside `path`, then rename: a kill in the middle never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")  # processes that share a run may save the same thing at once
    torch.save(state, part)
    part.replace(path)


def join_team() -> tuple[int, int]:
    """This process's rank and the number of processes that share the run (`torchrun --nproc-per-node 2 -m starter.train`).

    Two processes of one thread each meet once a step; two threads of one process meet at every operation, and on a busy
    machine each of them waits for the other most of the time.
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not distributed.is_initialized():
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return int(os.environ.get("RANK", "0")), world


def mean_over_team(parameters: list[nn.Parameter], seconds: float, world: int) -> float:
    """Average the gradients of all processes in place; returns the mean of their seconds, so that clocks agree."""
    grads = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([grad.flatten() for grad in grads] + [grads[0].new_tensor([seconds])])
    distributed.all_reduce(flat)
    flat /= world
    start = 0
    for grad in grads:
        grad.copy_(flat[start : start + grad.numel()].view_as(grad))
        start += grad.numel()
    return float(flat[-1])


def half(module: Any) -> Any:
    """A copy of the module in float16 on the CPU, as weights are kept."""
    return copy.deepcopy(module).cpu().half()


class Average:
    """Exponential moving average of a module's weights, with a warm-up so that the random start is soon forgotten."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        mine: list[torch.Tensor] = list(self.module.parameters())
        theirs = [p.detach() for p in module.parameters()]
        torch._foreach_lerp_(mine, theirs, 1 - decay)


@dataclass(kw_only=True)
class Training:
    """One run. `step` gets (step number, progress 0..1) and returns the loss and a few figures to log.

    All randomness inside `step` has to come from the step number, so that a resumed run sees what it would have seen.
    """

    name: str
    folder: Path  # checkpoints live in folder/name.pt
    minutes: float
    modules: dict[str, nn.Module]
    optimizers: list[torch.optim.Optimizer]
    step: Callable[[int, float], tuple[torch.Tensor, dict[str, float]]]
    average: Average | None = None
    checkpoint_every: float = 120.0  # seconds
    on_checkpoint: Callable[[int, float], None] | None = None
    clip_norm: float = 1.0
    max_steps: int | None = None  # instead of the minutes: the same run on any machine, however busy
    spent: float = 0.0  # seconds of training over all runs
    done: int = 0  # steps over all runs
    history: list[float] = field(default_factory=list)  # losses, of this run only

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.pt"

    @property
    def smoothed(self) -> nn.Module:
        """The averaged weights where an average is kept, else the model as it is."""
        return self.average.module if self.average is not None else self.modules["model"]

    def resume(self) -> bool:
        """Take up the checkpoint if there is one."""
        if not self.path.exists():
            return False
        state = torch.load(self.path, map_location="cpu", weights_only=True)
        for key, module in self.modules.items():
            module.load_state_dict(state["modules"][key])
        for optimizer, kept in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        if self.average is not None:
            self.average.module.load_state_dict(state["average"])
        self.spent, self.done = state["spent"], state["done"]
        log.info("%s: resumed at step %d, %.1f minutes", self.name, self.done, self.spent / 60)
        return True

    def checkpoint(self) -> None:
        save_atomically(
            {
                "modules": {key: module.state_dict() for key, module in self.modules.items()},
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
                "average": None if self.average is None else self.average.module.state_dict(),
                "spent": self.spent,
                "done": self.done,
            },
            self.path,
        )

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0..1."""
        return self.spent / (self.minutes * 60) if self.max_steps is None else self.done / self.max_steps

    def run(self) -> None:
        """Train until the minutes (or max_steps) are spent."""
        rank, world = join_team()
        peaks = [[group["initial_lr"] for group in optimizer.param_groups] for optimizer in self.optimizers]
        parameters = [p for o in self.optimizers for group in o.param_groups for p in group["params"]]
        saved = shown = self.spent
        lasted = 0.0  # seconds of the step before: known to all processes, where this one's are not yet
        sums: dict[str, float] = {}
        count = 0
        while self.minutes and (progress := self.progress) < 1:
            began = time.perf_counter()
            for optimizer, rates in zip(self.optimizers, peaks, strict=True):
                for group, peak in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = peak * learning_rate(progress)
            loss, figures = self.step(self.done * world + rank, progress)
            for optimizer in self.optimizers:
                optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if world > 1:
                lasted = mean_over_team(parameters, lasted, world)
            norm = torch.nn.utils.clip_grad_norm_(parameters, self.clip_norm)
            if torch.isfinite(norm):  # one bad batch must not spoil an hour
                for optimizer in self.optimizers:
                    optimizer.step()
            self.done += 1
            if self.average is not None:
                self.average.update(self.modules["model"], self.done)
            self.history.append(float(loss.detach()))
            self.spent += lasted
            lasted = time.perf_counter() - began
            count += 1
            for key, value in {"loss": self.history[-1], "norm": float(norm), **figures}.items():
                sums[key] = sums.get(key, 0.0) + value
            if self.spent - shown > 15:
                text = " ".join(f"{key} {value / count:.3f}" for key, value in sums.items())
                pace = count / (self.spent - shown)
                log.info("%s %5.1f min step %d (%.2f/s) %s", self.name, self.spent / 60, self.done, pace, text)
                shown, sums, count = self.spent, {}, 0
            if self.spent - saved > self.checkpoint_every:
                saved = self.spent
                if rank == 0:
                    self.checkpoint()
                    if self.on_checkpoint is not None:
                        self.on_checkpoint(self.done, self.spent)
        if rank == 0:
            self.checkpoint()


def adamw(groups: list[tuple[list[nn.Parameter], float]], weight_decay: float, **more: Any) -> torch.optim.AdamW:
    """AdamW over (parameters, peak learning rate) pairs; vectors (biases, norms) do not decay."""
    split = []
    for parameters, rate in groups:
        kept = [p for p in parameters if p.requires_grad]
        for chosen, decay in (([p for p in kept if p.ndim > 1], weight_decay), ([p for p in kept if p.ndim < 2], 0.0)):
            if chosen:
                split.append({"params": chosen, "lr": rate, "initial_lr": rate, "weight_decay": decay})
    return torch.optim.AdamW(split, betas=(0.9, 0.98), **more)
