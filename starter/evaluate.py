"""Measure the starter models on scenes they never saw: `python -m starter.evaluate`.

Prints the figures, writes them to measures.json beside the weights, and draws sheets of pictures to look at. The renderer
is judged by the independent judge where one is trained, and until then by the starter CLIP, which cannot see better than it
was trained to: read its figures beside those for real drawings.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from starter import captions, rendering, sheets
from starter.data import ATTRIBUTES, SIZE, held_out_scenes, labels_of
from starter.rendering import generate
from starter.world import WEIGHTS, Scene

TUNED_ON = 150  # prompts
Defaults = dict[str, float]
SHEETS = Path(__file__).parent.parent / "docs" / "sheets"
JUDGED = ("subject", "place", "time", "style", "weather", "framing")


def drawn_held_out(count: int) -> tuple[list[Scene], np.ndarray]:
    """The first `count` held-out scenes and their drawings (count, SIZE, SIZE, 3) uint8."""
    from starter.draw import draw

    scenes = held_out_scenes(count)
    return scenes, np.stack([np.asarray(draw(scene, SIZE).convert("RGB")) for scene in scenes])


def read_attributes(model, tokenizer, vectors) -> dict[str, np.ndarray]:
    """The value index of each attribute that short prompts read from picture vectors (N, 512)."""
    from starter.clip import prompts_for, vectors_of_texts

    return {
        name: (vectors @ vectors_of_texts(model, tokenizer, prompts_for(name)).T).argmax(1).numpy() for name in JUDGED
    }


def zero_shot(model, tokenizer, vectors, scenes: list[Scene]) -> dict[str, float]:
    """Share of pictures whose attribute a short prompt names right; of two subjects, either is."""
    labels = np.array([labels_of(scene) for scene in scenes])
    columns = list(ATTRIBUTES)
    said = read_attributes(model, tokenizer, vectors)
    right = {name: said[name] == labels[:, columns.index(name)] for name in JUDGED}
    right["subject"] |= np.array(ATTRIBUTES["subject"])[said["subject"]] == [scene.other for scene in scenes]
    return {name: round(float(right[name].mean()), 4) for name in JUDGED}


def recall(queries, targets, scenes: list[Scene], k: int = 10) -> float:
    """Share of queries with a target of the same combination among their k nearest."""
    _, same = np.unique([scene.combination for scene in scenes], return_inverse=True)
    nearest = (queries @ targets.T).topk(min(k, len(scenes)), dim=1).indices.numpy()
    return round(float((same[nearest] == same[:, None]).any(1).mean()), 4)


def clip_measures(model, tokenizer, scenes: list[Scene], pictures: np.ndarray) -> dict[str, float]:
    """Zero-shot shares and recall both ways, of the plain captions."""
    from starter.clip import vectors_of_pictures, vectors_of_texts

    seen = vectors_of_pictures(model, pictures)
    told = vectors_of_texts(model, tokenizer, [captions.plain(scene) for scene in scenes])
    return {
        **zero_shot(model, tokenizer, seen, scenes),
        "picture_to_caption_recall_at_1": recall(seen, told, scenes, 1),
        "picture_to_caption_recall_at_10": recall(seen, told, scenes),
        "caption_to_picture_recall_at_10": recall(told, seen, scenes),
    }


def load_clip(folder: Path):
    """CLIP model in float32 and its tokenizer."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from starter.clip import ready

    model = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    return ready(model), AutoTokenizer.from_pretrained(folder)


def load_pipeline(folder: Path):
    """The renderer in float32, quiet."""
    import torch
    from diffusers import DiffusionPipeline

    pipe = DiffusionPipeline.from_pretrained(folder, dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def renderer_measures(
    pipe, model, tokenizer, count: int, steps: int, guidance: float, seed: int = 0
) -> dict[str, float]:
    """What the CLIP reads from pictures of held-out plain captions."""
    from starter.clip import vectors_of_pictures

    scenes = held_out_scenes(count, seed)
    made = generate(pipe, [captions.plain(scene) for scene in scenes], steps, guidance)
    return zero_shot(model, tokenizer, vectors_of_pictures(model, made), scenes)


def autoencoder_measures(vae, model, tokenizer, scenes: list[Scene], pictures: np.ndarray) -> dict[str, float]:
    """Peak signal-to-noise in dB of reconstructions, and what the CLIP still reads from them."""
    import torch

    from starter.clip import vectors_of_pictures
    from starter.data import pixels

    made = []
    with torch.no_grad():
        for start in range(0, len(pictures), 100):
            latents = vae.encode(pixels(pictures[start : start + 100])).latent_dist.mean
            made.append(vae.decode(latents).sample.clamp(-1, 1))
    both = torch.cat(made)
    error = ((both - pixels(pictures)) / 2).square().mean((1, 2, 3))
    again = ((both + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    read = zero_shot(model, tokenizer, vectors_of_pictures(model, again), scenes)
    return {
        "psnr_db": round(float((-10 * error.log10()).mean()), 2),
        **{f"{name}_read": value for name, value in read.items()},
    }


def write_card(measures: dict[str, dict[str, float]], path: Path) -> None:
    """Put the figures between the two marks of the model card."""
    marks = ("<!-- figures -->", "<!-- /figures -->")
    text = path.read_text(encoding="utf-8")
    before, after = text.split(marks[0])[0], text.split(marks[1])[1]
    lines = ["## Figures, on scenes never trained on", "", "| part | figure | value |", "| --- | --- | --- |"]
    for part, figures in measures.items():
        pairs = figures.items() if isinstance(figures, dict) else [("size", figures)]
        lines += [f"| {part.replace('_', ' ')} | {name.replace('_', ' ')} | {value:g} |" for name, value in pairs]
    path.write_text(before + "\n".join([marks[0], *lines, "", marks[1]]) + after, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m starter.evaluate", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--scenes", type=int, default=2_000, help="held-out scenes for the CLIP")
    parser.add_argument("--prompts", type=int, default=500, help="held-out prompts for the renderer")
    parser.add_argument("--part", choices=("all", "clip", "renderer"), default="all")
    parser.add_argument("--foreign", type=Path, help="a CSV file of real prompts, 50 of which are rendered")
    parser.add_argument("--many", type=Path, help="the pipeline before its steps were made fewer, to compare with")
    parser.add_argument("--tune", action="store_true", help="choose steps and guidance by measuring, and keep them")
    chosen = parser.parse_args(arguments)
    kept = chosen.weights / "measures.json"
    measures = json.loads(kept.read_text()) if kept.exists() else {}
    model, tokenizer = load_clip(chosen.weights / "clip")
    scenes, pictures = drawn_held_out(chosen.scenes)
    if chosen.part != "renderer":
        measures["clip"] = clip_measures(model, tokenizer, scenes, pictures)
    if chosen.part != "clip":
        for stale in ("renderer", "renderer_of_many_steps", "make_it_a_style", "prompts_of_another_world"):
            measures.pop(stale, None)
        folder = chosen.weights / "diffusion"
        pipe = load_pipeline(folder)
        defaults = json.loads((folder / "atelier.json").read_text())
        if chosen.tune:
            defaults = tune(pipe, _reader(chosen.weights, model, tokenizer), **defaults)
            (folder / "atelier.json").write_text(json.dumps(defaults, indent=2) + "\n")
        measures["autoencoder"] = autoencoder_measures(pipe.vae, model, tokenizer, scenes[:300], pictures[:300])
        if (chosen.weights / "judge").exists():
            measures |= judged(chosen, pipe, scenes, pictures, **defaults)
        else:
            figures = renderer_measures(pipe, model, tokenizer, chosen.prompts, **defaults)
            measures["renderer"] = figures | {**defaults, "seconds": rendering.seconds(pipe, **defaults)}
        if chosen.foreign:
            said = rendering.real_prompts(chosen.foreign)
            measures["prompts_of_another_world"] = rendering.foreign(pipe, said, **defaults)
        sheets.write(pipe, SHEETS if chosen.weights == WEIGHTS else chosen.weights / "sheets", **defaults)
    parts = [chosen.weights / part for part in ("clip", "diffusion", "judge")]
    files = sum(path.stat().st_size for part in parts for path in part.rglob("*.safetensors"))
    measures["megabytes_of_weights"] = round(files / 1e6, 1)
    kept.write_text(json.dumps(measures, indent=2) + "\n")
    if (chosen.weights / "README.md").exists():
        write_card(measures, chosen.weights / "README.md")
    print(json.dumps(measures, indent=2))
    return 0


def _reader(weights: Path, model, tokenizer) -> Callable[[np.ndarray, list[Scene]], dict[str, float]]:
    """What reads pictures of scenes: the judge where one is trained, else the CLIP."""
    from starter import judge
    from starter.clip import vectors_of_pictures

    if not (weights / "judge").exists():
        return lambda pictures, scenes: zero_shot(model, tokenizer, vectors_of_pictures(model, pictures), scenes)
    reader = judge.load(weights / "judge")
    return lambda pictures, scenes: rendering.read_off(reader, pictures, scenes)


def judged(
    chosen: argparse.Namespace, pipe, scenes: list[Scene], pictures: np.ndarray, steps: int, guidance: float
) -> dict[str, dict[str, float]]:
    """The judge's own accuracy on drawings, and what it says of the renderer and of the one before its steps were made fewer."""
    from starter import judge

    reader = judge.load(chosen.weights / "judge")
    labels = np.array([labels_of(scene) for scene in scenes])
    many = load_pipeline(chosen.many) if chosen.many else None
    own = {"judge_on_drawings": judge.accuracy(reader, pictures, labels)}
    return own | rendering.measures(pipe, reader, held_out_scenes(chosen.prompts), steps, guidance, many)


def tune(pipe, read: Callable[[np.ndarray, list[Scene]], dict[str, float]], steps: int, guidance: float) -> Defaults:
    """Guidance with the best reading at `steps`, around `guidance`; then 20 steps if they bring more than two hundredths.

    A renderer whose steps were made fewer keeps their number: it was taught these.
    """
    scenes = held_out_scenes(TUNED_ON, seed=1)  # never the reported ones
    prompts = [captions.plain(scene) for scene in scenes]

    def score(steps: int, guidance: float) -> float:
        said = read(generate(pipe, prompts, steps, guidance), scenes)
        print(f"steps {steps} guidance {guidance}: {said}", file=sys.stderr)
        return said["subject"] + 0.5 * (said["place"] + said["style"])

    scores = {each: score(steps, each) for each in (0.6 * guidance, guidance, 1.4 * guidance, 2 * guidance)}
    best = max(scores, key=scores.__getitem__)
    few = type(pipe.scheduler).__name__ == "DDIMScheduler"
    more = not few and steps < 20 and score(20, best) > scores[best] + 0.02
    return {"steps": 20 if more else steps, "guidance": round(best, 2)}


if __name__ == "__main__":
    sys.exit(main())
