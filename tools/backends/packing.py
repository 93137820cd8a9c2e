"""Long prompts without loss: packed into chunks that a CLIP text encoder can read, encoded each, and put one after another.

The method of AUTOMATIC1111's web UI and of compel: the denoiser's cross-attention takes a text of any length, so only the
text encoder's 77 positions (75 and two marks) are a limit. Only for pipelines that take `prompt_embeds` and read with plain CLIPs;
a prompt that fits is never touched. Chunks end between phrases, so that no phrase is read in halves; `BREAK` ends one too.
"""

from itertools import zip_longest
from typing import Any

from tools.backends import phrases


def chunks(prompt: str, tokenizer: Any, room: int) -> list[str]:
    """The prompt in order, in pieces of at most `room` tokens. One that fits is one piece, as it is.

    Args:
        tokenizer: a fast one, which knows where in the text each token stands.
    """
    if _count(prompt, tokenizer) <= room:
        return [prompt]
    places = phrases.spans(prompt)
    starts = [0, *(place.start for place in places[1:]), len(prompt)]
    done = [""]
    for start, end in zip(starts, starts[1:], strict=False):
        part = prompt[start:end]
        if part.strip() == "BREAK":
            done.append("")
            continue
        if _count(done[-1] + part, tokenizer) > room:
            done.append("")
        for piece in _cut(part, tokenizer, room):
            done += [""] if done[-1] and _count(done[-1] + piece, tokenizer) > room else []
            done[-1] += piece
    return [chunk.strip() for chunk in done if chunk.strip()]


def embeddings(pipeline: Any, prompt: list[str], negative: list[str], guided: bool) -> dict[str, Any]:
    """The arguments that stand for a prompt and a negative prompt given in chunks.

    Both come out equally long, (1, 77 × chunks, width): the shorter is filled with empty chunks. What SDXL reads of the whole
    text besides (the pooled vector) is the first chunk's.

    Args:
        negative: empty for none.
        guided: whether the pipeline looks at the negative prompt at all.
    """
    import torch

    parts = []
    with torch.no_grad():
        for words, unwanted in zip_longest(prompt, negative, fillvalue=""):
            encoded = pipeline.encode_prompt(
                prompt=words,
                device=pipeline._execution_device,
                num_images_per_prompt=1,
                do_classifier_free_guidance=guided,
                negative_prompt=unwanted if negative else None,
            )
            parts.append(encoded)
    names = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
    whole: dict[str, Any] = {}
    for name, tensors in zip(names, zip(*parts, strict=True), strict=False):
        if tensors[0] is not None:
            whole[name] = tensors[0] if "pooled" in name else torch.cat(tensors, dim=1)
    return whole


def _count(text: str, tokenizer: Any) -> int:
    return len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])


def _cut(part: str, tokenizer: Any, room: int) -> list[str]:
    """A phrase that is longer than a chunk, cut between its words, and a word that is longer between its tokens."""
    done: list[str] = []
    while (places := _offsets(part, tokenizer)) and len(places) > room:
        at = places[room][0]
        gap = part.rfind(" ", places[0][0] + 1, at + 1)
        end = gap + 1 if gap > places[0][0] else max(at, places[0][1])
        keep = room
        while (
            _count(part[:end], tokenizer) > room and keep > 1
        ):  # a word's beginning may read in more tokens than in the word
            keep -= 1
            end = max(places[keep][0], places[0][1])
        done.append(part[:end])
        part = part[end:]
    return [*done, part]


def _offsets(text: str, tokenizer: Any) -> list[tuple[int, int]]:
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    return [(int(start), int(end)) for start, end in encoded["offset_mapping"]]
