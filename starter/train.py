"""Make the starter models: `python -m starter.train all`, or one stage of it.

Stages, in order: data, tokenizer, clip, autoencoder, denoiser, distil (fewer steps for the denoiser), judge (what evaluations
read pictures with); and, if wanted, tune (a sharper eye for the clip). Each goes on where an interrupted run of it stopped, and
each ends when its minutes are spent, annealed. The same commands work on a CPU and on a GPU.
"""

import argparse
import logging
import os
import shutil
import sys
import time
from pathlib import Path
from typing import cast

from starter.world import WEIGHTS

STAGES = ("data", "tokenizer", "clip", "autoencoder", "denoiser", "distil", "judge")
SHARES = {"clip": 0.2, "autoencoder": 0.17, "denoiser": 0.4, "distil": 0.1, "judge": 0.13}  # of the minutes of `all`
COUNTS = {"tiny": 600, "cpu": 60_000, "gpu": 150_000}  # scenes

log = logging.getLogger("starter.train")


class Stages:
    """What the stages share: folders, settings, and the parts that earlier stages left."""

    def __init__(
        self, runs: Path, weights: Path, preset: str, device: str, count: int | None = None, go_on: bool = False
    ) -> None:
        from starter.loop import pick_device

        self.runs, self.weights, self.preset, self.go_on = runs, weights, preset, go_on
        self.device = pick_device(device)
        self.count = count or COUNTS[preset]
        self.leads = os.environ.get("RANK", "0") == "0"  # of the processes of a shared run, this one saves

    def data(self, minutes: float) -> None:
        from starter.data import make_all

        make_all(self.runs / "data", self.count)
        make_all(self.runs / "steady", self.count, steady=True)  # the same scenes for the renderer

    def tokenizer(self, minutes: float) -> None:
        from starter import tokenizer
        from starter.captions import BOILERPLATE, DISTRACTORS

        texts = [text for texts in self._shards().captions for text in texts]
        learnt = tokenizer.learn([*texts, *[*BOILERPLATE, *DISTRACTORS] * 50])
        tokenizer.save(learnt, self.runs / "tokenizer")
        log.info("tokenizer: %d tokens", len(learnt))

    def tune(self, minutes: float) -> None:
        """Go on with the CLIP's vision tower alone; the text model stays what the denoiser knows."""
        self.clip(minutes, tune=True)

    def clip(self, minutes: float, tune: bool = False) -> None:
        from starter import clip, evaluate

        tokens = self._tokenizer()
        scenes = evaluate.drawn_held_out(300) if minutes else None

        def look(step: int, spent: float) -> None:
            run.modules["model"].eval()
            figures = evaluate.clip_measures(run.modules["model"], tokens, *(scenes or ()))
            run.modules["model"].train()
            log.info("clip on held-out scenes: %s", figures)
            clip.save(run.modules["model"], tokens, self.runs / "clip")

        run = clip.training(
            self._shards(),
            tokens,
            self.runs,
            minutes,
            self.preset,
            self.device,
            tune=tune,
            start_from=evaluate.load_clip(self.weights / "clip")[0] if self.go_on else None,
            on_checkpoint=look if minutes else None,
        )
        run.run()
        if not self.leads:
            return
        clip.save(run.modules["model"].eval(), tokens, self.weights / "clip")

    def judge(self, minutes: float) -> None:
        """The classifier that evaluations read pictures with; no part of the product."""
        import numpy as np

        from starter import evaluate, judge
        from starter.data import labels_of

        scenes, pictures = evaluate.drawn_held_out(300 if minutes else 1)
        labels = np.array([labels_of(scene) for scene in scenes])

        def look(step: int, spent: float) -> None:
            log.info("judge on held-out scenes: %s", judge.accuracy(cast(judge.Judge, run.smoothed), pictures, labels))
            judge.save(run.smoothed, self.runs / "judge")

        run = judge.training(self._shards(), self.runs, minutes, self.preset, self.device, on_checkpoint=look)
        run.run()
        if not self.leads:
            return
        look(run.done, run.spent)
        judge.save(run.smoothed, self.weights / "judge")

    def autoencoder(self, minutes: float) -> None:
        import torch

        from starter import autoencoder

        shards = self._shards()  # people hand in pictures that are not steady either
        reading = min(0.1 * minutes, 4.0)  # more of them make no better sense of shapes
        reader = autoencoder.reader_training(shards, self.runs, reading, self.device)
        reader.run()
        judge = cast(autoencoder.Reader, reader.modules["model"])
        before = self._shipped("vae") if self.go_on else None
        run = autoencoder.training(
            shards, judge, self.runs, minutes - reading, self.preset, self.device, start_from=before
        )
        run.run()
        if not self.leads:
            return
        model = run.smoothed if self.go_on else autoencoder.normalise(run.smoothed, shards.pictures[:2_000])
        torch.save(model.state_dict(), self._finished)
        there = self.weights / "diffusion"
        if self.go_on or not (there / "unet").exists():  # a denoiser that is there knows the latents of another
            autoencoder.save(model, there / "vae")

    def denoiser(self, minutes: float) -> None:
        from starter import denoiser

        shards, (pixels, text, tokenizer) = self._shards("steady"), self._parts()
        latents = denoiser.cache(shards, pixels, self.runs)
        tokens = denoiser.token_table(tokenizer, denoiser.unambiguous(shards))

        def export(step: int, spent: float) -> None:
            denoiser.export(run.smoothed, pixels, text, tokenizer, self.runs / "diffusion")

        run = denoiser.training(
            latents,
            tokens,
            text,
            shards,
            self.runs,
            minutes,
            self.preset,
            self.device,
            start_from=self._shipped("unet") if self.go_on else None,
            on_checkpoint=export,
        )
        run.run()
        if not self.leads:
            return
        denoiser.export(run.smoothed, pixels, text, tokenizer, self.weights / "diffusion", denoiser.DEFAULTS)
        shutil.rmtree(self.runs / "diffusion-many", ignore_errors=True)  # of a denoiser before this one,
        (self.runs / "distil.pt").unlink(missing_ok=True)  # and so is its student

    def distil(self, minutes: float) -> None:
        """Fewer steps for the finished denoiser; the one of many steps stays in the runs, to be compared with."""
        from starter import denoiser, distil

        shards, (pixels, text, tokenizer) = self._shards("steady"), self._parts()
        many = self.runs / "diffusion-many"
        latents = denoiser.cache(shards, pixels, self.runs)
        tokens = denoiser.token_table(tokenizer, denoiser.unambiguous(shards))
        teacher = self._shipped("unet", many if many.exists() else None)
        run = distil.training(latents, tokens, text, shards, teacher, self.runs, minutes, self.preset, self.device)
        run.run()
        if self.leads:
            if not many.exists():
                shutil.copytree(self.weights / "diffusion", many.with_suffix(".part"), dirs_exist_ok=True)
                many.with_suffix(".part").replace(many)
            defaults = {"steps": distil.FEW, "guidance": denoiser.DEFAULTS["guidance"]}
            denoiser.export(
                run.smoothed,
                pixels,
                text,
                tokenizer,
                self.weights / "diffusion",
                defaults,
                scheduler=distil.scheduler(),
            )

    @property
    def _finished(self) -> Path:
        """The autoencoder, normalised; one that went on from the shipped one is another."""
        return self.runs / ("autoencoder-on-final.pt" if self.go_on else "autoencoder-final.pt")

    def _shards(self, drawn: str = "data"):
        from starter.data import load

        return load(self.runs / drawn, self.count)

    def _tokenizer(self):
        from transformers import CLIPTokenizer

        return CLIPTokenizer.from_pretrained(self.weights / "clip" if self.go_on else self.runs / "tokenizer")

    def _shipped(self, part: str, folder: Path | None = None):
        """The vae or the unet as it lies in the weights, or in another pipeline's folder."""
        import torch
        from diffusers import AutoencoderKL, UNet2DConditionModel

        made = {"vae": AutoencoderKL, "unet": UNet2DConditionModel}[part]
        return made.from_pretrained(folder or self.weights / "diffusion", subfolder=part, torch_dtype=torch.float32)

    def _parts(self):
        """Autoencoder, text model and tokenizer, as the earlier stages left them, or as they were shipped."""
        import torch

        from starter import autoencoder, denoiser
        from starter.evaluate import load_clip

        if self.go_on and not self._finished.exists():
            model = self._shipped("vae").to(self.device)
        else:
            model = autoencoder.build(self.preset).to(self.device)
            model.load_state_dict(torch.load(self._finished, map_location="cpu", weights_only=True))
        clip, _ = load_clip(self.weights / "clip")
        return model.eval(), denoiser.text_model(clip).to(self.device), self._tokenizer()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m starter.train", description=__doc__)
    parser.add_argument("stage", choices=(*STAGES, "tune", "all"), nargs="?", default="all")
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="training time of the stage, or of all models together"
    )
    parser.add_argument("--preset", choices=tuple(COUNTS), default="cpu", help="size of the models and of the data")
    parser.add_argument("--count", type=int, help="scenes to draw and to train on; unset: the preset's")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder for drawings and checkpoints")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder for the finished models")
    parser.add_argument(
        "--go-on",
        action="store_true",
        help="begin with the shipped models instead of from nothing: more of the clip, of the denoiser, of the decoder alone",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    chosen = parser.parse_args(arguments)
    level = logging.INFO if os.environ.get("RANK", "0") == "0" else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(message)s", stream=sys.stderr)
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    stages = Stages(chosen.runs, chosen.weights, chosen.preset, chosen.device, chosen.count, chosen.go_on)
    for name in STAGES if chosen.stage == "all" else (chosen.stage,):
        began = time.perf_counter()
        share = SHARES.get(name, 1.0) if chosen.stage == "all" else 1.0
        getattr(stages, name)(chosen.minutes * share)
        log.info("%s: done in %.0f s", name, time.perf_counter() - began)
    return 0


if __name__ == "__main__":
    sys.exit(main())
