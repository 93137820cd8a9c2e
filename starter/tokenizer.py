"""The starter's own byte-pair vocabulary, in the files of a CLIP tokenizer.

Method: byte-level BPE with an end-of-word mark, as CLIP uses it (Sennrich et al. 2016, arXiv:1508.07909; Radford et al.
2021, arXiv:2103.00020). Every byte is in the vocabulary, in the middle and at the end of a word, so no text, emoji
included, ever turns into an unknown token. CLIP's unknown token is its end of text, and CLIP pools at the first of those.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

LENGTH = 77  # tokens of a prompt, both ends included
START, END = "<|startoftext|>", "<|endoftext|>"
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"  # CLIP's own split


def learn(texts: Iterable[str], size: int = 2_000) -> CLIPTokenizer:
    """Learn at most `size` tokens from texts."""
    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>", continuing_subword_prefix=""))
    learner.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(WORDS), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=size - 2, initial_alphabet=alphabet, end_of_word_suffix="</w>", min_frequency=2, show_progress=False
    )
    learner.train_from_iterator(texts, trainer)
    merges = [tuple(pair) for pair in json.loads(learner.to_str())["model"]["merges"]]
    tokens = alphabet + [f"{byte}</w>" for byte in alphabet]
    seen = set(tokens)
    for left, right in merges:
        if left + right not in seen:
            seen.add(left + right)
            tokens.append(left + right)
    vocab = {token: number for number, token in enumerate([*tokens, START, END])}
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=LENGTH)


def save(tokenizer: CLIPTokenizer, folder: Path) -> None:
    """Write the tokenizer with vocab.json and merges.txt beside it: diffusers and older readers look for those."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False), encoding="utf-8")
    lines = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *lines]) + "\n", encoding="utf-8")
