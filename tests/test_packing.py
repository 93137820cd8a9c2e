"""Long prompts: no word is lost, what fits is untouched, and the same recipe gives the same bytes."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_models import _tokenizer, save_stable_diffusion, save_stable_diffusion_xl

from tools.backends.diffusion import Renderer
from tools.backends.packing import chunks, embeddings

ROOM = 75
TOKENIZER = _tokenizer()  # reads letter by letter
LONG = "a fox asleep in snow, soft light, " * 4 + "film grain"


@pytest.fixture(scope="module", params=[save_stable_diffusion, save_stable_diffusion_xl], ids=["sd", "sdxl"])
def renderer(request, tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return Renderer(request.param(tmp_path_factory.mktemp("models") / "toy"), "cpu")


def bare(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc (:1.)[]\"'é🦊", min_size=1, max_size=120), min_size=1, max_size=12).map(", ".join))
def test_no_letter_is_lost_or_moved_and_no_chunk_is_too_long(prompt: str):
    packed = chunks(prompt, TOKENIZER, ROOM)
    assert bare("".join(packed)) == bare(prompt)
    assert all(len(TOKENIZER(chunk, add_special_tokens=False)["input_ids"]) <= ROOM for chunk in packed)


def test_chunks_end_between_phrases_and_break_ends_one():
    assert chunks("a fox, asleep", TOKENIZER, ROOM) == ["a fox, asleep"]
    assert chunks("a fox BREAK in snow", TOKENIZER, ROOM) == ["a fox BREAK in snow"]  # it fits: as it always was
    first, second = f"a fox, {'x' * 40}", f"({'y' * 30}, in snow:1.2), soft light"
    assert chunks(f"{first}, {second}", TOKENIZER, ROOM) == [f"{first},", second]
    assert chunks(f"a fox BREAK {second}, {'z' * 40}", TOKENIZER, ROOM) == ["a fox", f"{second},", "z" * 40]


def test_a_phrase_longer_than_a_chunk_is_cut_between_its_words():
    words = " ".join(f"word{n}" for n in range(30))
    packed = chunks(words, TOKENIZER, ROOM)
    assert len(packed) > 1 and " ".join(packed) == words


def test_words_beyond_the_encoders_limit_change_the_picture_and_the_recipe_repeats(renderer: Renderer):
    recipe = renderer.recipe(LONG, "blur", seed=7, steps=2, size="32x32")
    picture = renderer.render(recipe)
    assert renderer.render(dataclasses.replace(recipe, prompt=LONG + ", neon")).tobytes() != picture.tobytes()
    assert renderer.render(dataclasses.replace(recipe, negative_prompt=LONG)).tobytes() != picture.tobytes()
    assert renderer.render(recipe).tobytes() == picture.tobytes()
    assert renderer.dropped(LONG) == "" and renderer.tokens(LONG)[0] < renderer.tokens(LONG)[1] == 2 * ROOM


@pytest.mark.parametrize(
    "change",
    [
        {"negative_prompt": ""},
        {"guidance": 1.0},
        {"prompt": "a fox", "negative_prompt": LONG},
        {"prompt": "a fox", "negative_prompt": LONG, "guidance": 1.0},
    ],
)
def test_long_prompts_render_with_and_without_a_negative_prompt(renderer: Renderer, change: dict):
    recipe = renderer.recipe(LONG, LONG + ", blur", seed=7, steps=1, size="32x32")
    assert renderer.render(dataclasses.replace(recipe, **change)).size == (32, 32)


def test_what_fits_is_rendered_bit_for_bit_as_the_pipeline_itself_does(renderer: Renderer):
    import numpy as np
    import torch

    prompt, negative = "x" * ROOM, "y" * ROOM
    recipe = renderer.recipe(prompt, negative, seed=7, steps=2, guidance=5.0, size="32x32")
    picture = renderer.render(recipe)
    torch.set_num_threads(1)
    own = renderer._pipeline(
        prompt=prompt, negative_prompt=negative, width=32, height=32, num_inference_steps=2, guidance_scale=5.0,
        generator=torch.Generator("cpu").manual_seed(7),
    ).images[0]  # fmt: skip
    assert np.array_equal(np.asarray(own), np.asarray(picture))


def test_each_chunk_is_encoded_by_itself_and_both_prompts_come_out_equally_long(renderer: Renderer):
    import torch

    renderer.load()
    pipeline = renderer._pipeline
    whole = embeddings(pipeline, ["a fox", "in snow", "soft light"], ["blur"], guided=True)
    with torch.no_grad():
        second = pipeline.encode_prompt(
            prompt="in snow", device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=True
        )
    assert torch.equal(whole["prompt_embeds"][:, 77:154], second[0])
    assert whole["prompt_embeds"].shape == whole["negative_prompt_embeds"].shape == (1, 3 * 77, second[0].shape[2])
    if "pooled_prompt_embeds" in whole:
        first = embeddings(pipeline, ["a fox"], ["blur"], guided=True)
        assert torch.equal(whole["pooled_prompt_embeds"], first["pooled_prompt_embeds"])


def test_the_starter_reads_a_long_prompt_to_its_end():
    from agent.settings import STARTER

    renderer = Renderer(Path(STARTER) / "diffusion", "cpu", starter=True)
    many = "best quality, " * 40
    pictures = {
        end: renderer.render(renderer.recipe(f"a castle, {many}{end}", seed=3, steps=2)).tobytes()
        for end in ("at night", "by day")
    }
    assert pictures["at night"] != pictures["by day"]


def test_a_word_that_reads_in_more_tokens_once_it_is_cut_fits_all_the_same():
    from transformers import CLIPTokenizer

    vocabulary = {
        **TOKENIZER.get_vocab(),
        "ab": len(TOKENIZER),
    }  # "ab" within a word is one token, at its end it is two
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[("a", "b")], model_max_length=77)
    prompt = "ab" * 200
    packed = chunks(prompt, tokenizer, ROOM)
    lengths = [len(tokenizer(chunk, add_special_tokens=False)["input_ids"]) for chunk in packed]
    assert "".join(packed) == prompt and max(lengths) <= ROOM and min(lengths[:-1]) >= ROOM - 1
