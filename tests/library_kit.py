"""What the library's tests share: the encoder that is at hand, a small one of plain arithmetic, and rows."""

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image, ImageDraw

from tools.backends.embedding import unit
from tools.backends.phrases import words
from tools.backends.pictures import thumbnail

STARTER_CLIP = Path(__file__).resolve().parent.parent / "starter" / "weights" / "clip"
DIMENSIONS = 64


class PlainEncoder:
    """Texts by their words, pictures by their colours on a grid. Close things come out close, but a synonym does not."""

    name, fingerprint, dimensions, image_size, max_tokens = "plain", "plain-1", DIMENSIONS, 64, 77

    def texts(self, texts: list[str]) -> np.ndarray:
        out = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(out, texts, strict=True):
            for word in words(text):
                row += np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIMENSIONS)
        return unit(out)

    def pictures(self, pictures: list[Any]) -> np.ndarray:
        if not pictures:
            return np.zeros((0, DIMENSIONS), np.float32)
        small = [
            np.asarray(p.convert("RGB").resize((4, 4), Image.Resampling.BOX), np.float32).ravel() for p in pictures
        ]
        return unit(np.pad(np.stack(small) - 110, ((0, 0), (0, DIMENSIONS - 48))))

    def tokens(self, text: str) -> int:
        return len(words(text)) + 2


def scene(seed: int, size: int = 96) -> Image.Image:
    """A picture unlike that of another seed: a sky, a ground, and a few shapes."""
    rng = np.random.default_rng(seed)

    def colour() -> tuple[int, ...]:
        return tuple(int(c) for c in rng.integers(0, 256, 3))

    image = Image.new("RGB", (size, size), colour())
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, int(size * rng.uniform(0.4, 0.8)), size, size), fill=colour())
    for _ in range(4):
        x, y, r = rng.uniform(0, size, 2).tolist() + [float(rng.uniform(size / 10, size / 3))]
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour())
    return image


def rows(
    prompts: list[str], encoder: Any, pictures: dict[int, Image.Image] | None = None, **columns: list[Any]
) -> pa.Table:
    """Rows for Library.add: prompts with their vectors, some with pictures, and any other columns."""
    table: dict[str, Any] = {"prompt": prompts, **columns}
    table["prompt_vector"] = pa.array(list(encoder.texts(prompts)), pa.list_(pa.float32()))
    if pictures:
        vectors = {n: encoder.pictures([picture])[0] for n, picture in pictures.items()}
        table["picture_vector"] = pa.array([vectors.get(n) for n in range(len(prompts))], pa.list_(pa.float32()))
        small = [thumbnail(pictures[n]) if n in pictures else None for n in range(len(prompts))]
        table["thumbnail"] = pa.array(small, pa.binary())
    return pa.table(table)


def toy_clip(folder: Path, seed: int = 0, convolutional: bool = False) -> Path:
    """A real CLIP of toy size with random weights, saved as transformers saves one; `convolutional`: it sees by a ResNet."""
    import torch
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import (
        CLIPConfig,
        CLIPModel,
        CLIPProcessor,
        CLIPTextConfig,
        CLIPTokenizer,
        ResNetConfig,
        VisionTextDualEncoderConfig,
        VisionTextDualEncoderModel,
    )
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    letters = sorted(ByteLevel.alphabet())
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    tokenizer = CLIPTokenizer(vocab={token: n for n, token in enumerate(tokens)}, merges=[], model_max_length=77)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    ends = {f"{end}_token_id": getattr(tokenizer, f"{end}_token_id") for end in ("bos", "eos", "pad")}
    torch.manual_seed(seed)
    text = {**shape, **ends, "vocab_size": len(tokens)}
    if convolutional:
        maps: dict[str, Any] = {"hidden_sizes": [8, 16], "depths": [1, 1], "layer_type": "basic", "hidden_size": 16}
        vision = ResNetConfig(embedding_size=8, image_size=32, **maps)
        config = VisionTextDualEncoderConfig.from_vision_text_configs(
            vision, CLIPTextConfig(**text), projection_dim=DIMENSIONS
        )
        VisionTextDualEncoderModel(config).half().save_pretrained(folder)
    else:
        seen = {**shape, "image_size": 32, "patch_size": 8}
        CLIPModel(CLIPConfig(text_config=text, vision_config=seen, projection_dim=DIMENSIONS)).half().save_pretrained(
            folder
        )
    images = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(image_processor=images, tokenizer=tokenizer).save_pretrained(folder)
    return folder
