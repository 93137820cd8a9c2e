"""Texts and pictures as vectors, by any CLIP or SigLIP that transformers loads.

Knows no library and no search. Vectors are float32 of length 1, so their product is their cosine. torch and transformers are
imported and the weights read at the first text or picture; name, fingerprint and dimensions come from the files alone.
"""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.errors import BadInput, ModelUnavailable

if TYPE_CHECKING:
    from PIL.Image import Image

TEXTS = 64  # of a batch, on a core
PICTURES = 32  # of a batch, on a core
WIDER = 8  # times as much at once on a GPU
WHOLE = 64 << 20  # bytes of a weights file up to which the fingerprint reads all of it; of larger ones it reads samples
SAMPLE = 1 << 20  # bytes
LONGEST = 64  # characters that a token may stand for: longer texts are cut before the tokenizer sees them
TRY = "Set ATELIER_ENCODER to `starter`, to a folder, or to a Hugging Face name such as openai/clip-vit-base-patch32."


class Encoder:
    """A CLIP or SigLIP. Safe to use from several threads: one encodes at a time.

    Args:
        name_or_path: a folder in the format of transformers, or a Hugging Face name.
        device: `auto`, `cpu`, `cuda`, `cuda:1` or `mps`.
        name: what to call it to people; else the folder's or the hub's name.

    Raises (when first used):
        ModelUnavailable: there is no such model, it is broken, or it is no model of texts and pictures.
    """

    def __init__(self, name_or_path: str | Path, device: str = "auto", *, name: str = "") -> None:
        self._source = str(name_or_path)
        self._folder = Path(self._source).expanduser() if Path(self._source).expanduser().is_dir() else None
        self._wish = device
        self._lock = threading.RLock()
        self._parts: tuple[Any, Any, Any, str] | None = None
        self._pool: ThreadPoolExecutor | None = None
        self.cores = 0  # of the processor that it encodes on; 0: all that this process may use
        self.name = name or ("/".join(self._folder.resolve().parts[-3:]) if self._folder else self._source)

    def __reduce__(self) -> tuple[Callable[..., "Encoder"], tuple[str, str, str]]:
        """Another process loads the model for itself."""
        return _again, (self._source, self._wish, self.name)

    # What the files say

    @cached_property
    def config(self) -> dict[str, Any]:
        """The model's config.json."""
        try:
            return dict(json.loads(self._config_file.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise self._unavailable("has no readable config.json", error) from error

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when the model's weights, configuration or vocabulary do."""
        digest = hashlib.sha256()
        if self._folder is None:  # a hub model: the snapshot's folder is named by its revision
            digest.update(f"{self._source}@{self._config_file.parent.name}".encode())
            return digest.hexdigest()[:12]
        names = ("config.json", "preprocessor_config.json", "processor_config.json", "tokenizer.json")
        weights = sorted(path for end in ("*.safetensors", "*.bin") for path in self._folder.glob(end))
        if not weights:
            raise self._unavailable("holds no weights")
        for path in [*(self._folder / name for name in names), *weights]:
            if path.exists():
                digest.update(path.name.encode() + path.stat().st_size.to_bytes(8, "big"))
                _read_into(digest, path)
        return digest.hexdigest()[:12]

    @cached_property
    def dimensions(self) -> int:
        """Length of every vector."""
        text = self.config.get("text_config") or {}
        for found in (self.config.get("projection_dim"), text.get("projection_size")):
            if found:
                return int(found)
        # Older configurations leave out what is the default, which only the model itself knows.
        return int(self.texts([""]).shape[1])

    @cached_property
    def image_size(self) -> int:
        """Pixels a side of the square that the model sees of a picture."""
        return int((self.config.get("vision_config") or {}).get("image_size") or 224)

    @cached_property
    def max_tokens(self) -> int:
        """Tokens that the model reads of a text, both ends included; the rest is cut."""
        tokenizer = self._loaded[1]
        own = self._loaded[0].config.get_text_config().max_position_embeddings
        return int(min(own, tokenizer.model_max_length))

    # Encoding

    def texts(self, texts: Sequence[str]) -> np.ndarray:
        """(n, d) float32, one unit vector a text. Longer texts than the model reads are cut; see `tokens`.

        The more texts at once, the less work each: they are encoded in batches of about the same length, and equal
        ones once. The vectors are the same as alone, to 1e-5.
        """
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        import torch

        with self._lock:
            model, tokenizer, _, device = self._loaded
            clean = [self._clean(text) for text in texts]
            number = {text: n for n, text in enumerate(dict.fromkeys(clean))}
            tokens = tokenizer(list(number), truncation=True, max_length=self.max_tokens)["input_ids"]
            # SigLIP was trained on texts of one length and reads the last position; CLIP does not mind padding, and as no
            # token of it looks ahead, it needs no mask for what stands after the end: a sixth of the work less.
            kind = str(model.config.get_text_config().model_type)
            widest = kind.startswith("siglip")
            masked = not kind.startswith("clip") and "attention_mask" in tokenizer.model_input_names
            left, fill = tokenizer.padding_side == "left", tokenizer.pad_token_id or 0

            def encode(part: list[int]) -> np.ndarray:
                rows = [tokens[n] for n in part]
                width = self.max_tokens if widest else max(map(len, rows))
                inputs = {"input_ids": _padded(rows, width, fill, left)}
                if masked:
                    inputs["attention_mask"] = _padded([[1] * len(row) for row in rows], width, 0, left)
                given = {name: torch.from_numpy(table).to(device) for name, table in inputs.items()}
                return _features(model.get_text_features(**given))

            # The longest first: the cores then finish within one short batch of each other.
            order = sorted(range(len(tokens)), key=lambda n: -len(tokens[n]))
            size = TEXTS if device == "cpu" else TEXTS * WIDER
            vectors = self._run(encode, [order[start : start + size] for start in range(0, len(order), size)])
        out = np.empty_like(vectors)
        out[order] = vectors
        return unit(out)[[number[text] for text in clean]]

    def pictures(self, pictures: "Sequence[Image]") -> np.ndarray:
        """(n, d) float32, one unit vector a picture of any size and mode."""
        if not pictures:
            return np.zeros((0, self.dimensions), np.float32)
        with self._lock:
            model, _, processor, device = self._loaded

            def encode(part: "Sequence[Image]") -> np.ndarray:
                chosen = [_at_least(picture.convert("RGB")) for picture in part]
                pixels = processor(images=chosen, return_tensors="pt")["pixel_values"].to(device)
                return _features(model.get_image_features(pixel_values=pixels))

            size = PICTURES if device == "cpu" else PICTURES * WIDER
            return unit(self._run(encode, [pictures[start : start + size] for start in range(0, len(pictures), size)]))

    def _run(self, encode: Callable[[Any], np.ndarray], parts: Sequence[Any]) -> np.ndarray:
        """The encoded parts, one after another. On a CPU several parts at once, each on one core.

        Spreading one small batch over the cores costs more than it brings: measured with the starter CLIP on a busy machine
        of 2 cores, 90 texts a second that way and 500 on one core alone.
        """
        import torch

        def encode_here(part: Any) -> np.ndarray:
            with torch.inference_mode():
                return encode(part)

        if self._loaded[3] != "cpu":
            return np.concatenate([encode_here(part) for part in parts])
        if self._pool is None:
            usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
            self._pool = _single_core_workers(min(self.cores or usable, usable))
        return np.concatenate(list(self._pool.map(encode_here, parts)))

    def tokens(self, text: str) -> int:
        """How many tokens the whole text has, both ends included; above `max_tokens` the model sees only the start."""
        with self._lock:
            return len(self._loaded[1](self._clean(text, whole=True), truncation=False, verbose=False)["input_ids"])

    def _clean(self, text: str, whole: bool = False) -> str:
        text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair breaks tokenizers
        return text if whole else text[: LONGEST * self.max_tokens]

    # Loading

    @property
    def _config_file(self) -> Path:
        if self._folder:
            return self._folder / "config.json"
        from huggingface_hub import hf_hub_download  # from its cache where it can

        try:
            return Path(hf_hub_download(self._source, "config.json"))
        except Exception as error:  # offline, unknown name, gated, malformed: many families of errors
            raise self._unavailable("is neither a folder here nor a model that can be fetched", error) from error

    @property
    def _loaded(self) -> tuple[Any, Any, Any, str]:
        """Model, tokenizer, picture processor and device."""
        with self._lock:
            if self._parts is None:
                self._parts = self._load()
            return self._parts

    def _load(self) -> tuple[Any, Any, Any, str]:
        import torch
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
        from transformers.utils import logging

        device = pick_device(self._wish)
        where = str(self._folder or self._source)
        logging.disable_progress_bar()  # half a second of work needs no bar, and stderr belongs to the commands
        try:
            model = AutoModel.from_pretrained(where, dtype=torch.float32)
            tokenizer = AutoTokenizer.from_pretrained(where)
            processor = AutoImageProcessor.from_pretrained(where)
        except Exception as error:  # each loader has its own
            raise self._unavailable("cannot be loaded", error) from error
        if not hasattr(model, "get_text_features") or not hasattr(model, "get_image_features"):
            raise self._unavailable(f"is a {type(model).__name__}, which does not embed both texts and pictures")
        _flat(model)
        return model.to(device).eval(), tokenizer, processor, device

    def _unavailable(self, what: str, error: Exception | None = None) -> ModelUnavailable:
        reason = f" ({' '.join(str(error).split())[:200]})" if error else ""
        return ModelUnavailable(f"The encoder {self._source} {what}{reason}. {TRY}")


def _flat(model: Any) -> None:
    """Let a convolutional vision tower pool to (B, C), as a dual encoder expects it, and not to (B, C, 1, 1)."""
    import torch

    vision = getattr(model, "vision_model", None)
    pooler = getattr(vision, "pooler", None)
    if vision is not None and isinstance(pooler, torch.nn.AdaptiveAvgPool2d):
        vision.pooler = torch.nn.Sequential(pooler, torch.nn.Flatten(1))


def _again(source: str, device: str, name: str) -> Encoder:
    return Encoder(source, device, name=name)


def unit(vectors: np.ndarray) -> np.ndarray:
    """(n, d) → the same float32 rows at length 1; a row of zeros points along the first axis rather than nowhere."""
    vectors = np.nan_to_num(np.asarray(vectors, dtype=np.float32))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    if vectors.shape[1]:
        vectors[lengths[:, 0] == 0, 0] = 1.0
    return vectors


def pick_device(wish: str) -> str:
    """The torch device for ATELIER_DEVICE.

    Raises:
        BadInput: torch does not know the device, or this machine does not have it.
    """
    import torch

    if wish == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(wish)
        missing = (device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count()) or (
            device.type == "mps" and not torch.backends.mps.is_available()
        )
    except RuntimeError as error:
        raise BadInput(f"ATELIER_DEVICE={wish!r} is no device. Use auto, cpu, cuda, cuda:1 or mps.") from error
    if missing:
        raise BadInput(f"ATELIER_DEVICE={wish!r}: torch finds no such device here. Use auto or cpu.")
    return str(device)


def _single_core_workers(count: int) -> ThreadPoolExecutor:
    """Threads in which torch uses one core each.

    torch keeps its number of threads for each thread, and the last number set for threads to come. So the workers set theirs
    first, all of them, and then the old number is set again, for everybody else.
    """
    import torch

    usual = torch.get_num_threads()
    ready = threading.Barrier(count)

    def begin() -> None:
        torch.set_num_threads(1)
        ready.wait(60)

    pool = ThreadPoolExecutor(count, thread_name_prefix="encoder")
    for start in [pool.submit(begin) for _ in range(count)]:
        start.result()
    torch.set_num_threads(usual)
    return pool


def _padded(rows: Sequence[Sequence[int]], width: int, fill: int, left: bool) -> np.ndarray:
    """(n, width) int64. The tokenizer's own `pad` looks at each token in Python: a seventh of the work of a small model."""
    table = np.full((len(rows), width), fill, np.int64)
    for number, row in enumerate(rows):
        table[number, slice(width - len(row), None) if left else slice(len(row))] = row
    return table


def _features(answer: Any) -> np.ndarray:
    """(n, d) float32 of what a model's get_…_features gives: a tensor, or since transformers 5 an output with one in it."""
    tensor = answer if hasattr(answer, "detach") else answer.pooler_output
    return np.asarray(tensor.detach().float().cpu().numpy(), dtype=np.float32)


def _at_least(picture: "Image", pixels: int = 8) -> "Image":
    """Processors guess wrongly where the channels are in pictures of one to three pixels."""
    if min(picture.size) >= pixels and max(picture.size) <= 64 * min(picture.size):
        return picture
    longest = max(picture.size)
    shape = [max(side, pixels, longest // 64) for side in picture.size]
    return picture.resize((shape[0], shape[1]))


def _read_into(digest: Any, path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= WHOLE:
            while block := file.read(SAMPLE):
                digest.update(block)
            return
        # Training changes all weights: 64 samples, the header among them, tell models of gigabytes apart in moments.
        for number in range(64):
            file.seek((size - SAMPLE) * number // 63)
            digest.update(file.read(SAMPLE))
