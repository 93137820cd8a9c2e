"""The shipped starter models: they load by the standard classes, see what is drawn, and render the same twice."""

import json

import numpy as np
import pytest
import torch

from starter import evaluate
from starter.clip import vectors_of_pictures
from starter.data import ATTRIBUTES, SIZE
from starter.world import WEIGHTS, Scene


@pytest.fixture(scope="module")
def eye():
    return evaluate.load_clip(WEIGHTS / "clip")


def test_the_clip_sees_a_cat_in_the_snow_by_night(eye):
    from starter.draw import draw

    scenes = [
        Scene(subject="cat", color="orange", pose="sitting", place="snow", time="night", style="none", seed=seed)
        for seed in range(5)
    ]
    pictures = np.stack([np.asarray(draw(scene, SIZE).convert("RGB")) for scene in scenes])
    said = evaluate.read_attributes(*eye, vectors_of_pictures(eye[0], pictures))
    most = {name: ATTRIBUTES[name][np.bincount(numbers).argmax()] for name, numbers in said.items()}
    assert {"subject": "cat", "place": "snow", "time": "night", "style": "none"}.items() <= most.items()


def test_the_processor_prepares_pictures_as_in_training(eye):
    from PIL import Image
    from transformers import CLIPProcessor

    from starter.data import pixels

    noise = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    processor = CLIPProcessor.from_pretrained(WEIGHTS / "clip")
    made = processor(images=Image.fromarray(noise), return_tensors="pt")["pixel_values"]
    assert torch.allclose(made, pixels(noise[None]), atol=1e-5)


def test_the_renderer_makes_the_same_bytes_from_the_same_seed():
    pipe = evaluate.load_pipeline(WEIGHTS / "diffusion")
    once, again, other = (evaluate.generate(pipe, ["a red boat on the sea"], 4, 3.0, seed) for seed in (1, 1, 2))
    assert once.shape == (1, SIZE, SIZE, 3)
    assert once.tobytes() == again.tobytes() != other.tobytes()
    assert pipe.text_encoder.config.eos_token_id == pipe.tokenizer.eos_token_id


def test_the_model_says_which_steps_and_guidance_suit_it():
    values = json.loads((WEIGHTS / "diffusion" / "atelier.json").read_text())
    assert 1 <= values["steps"] <= 30 and 1 <= values["guidance"] <= 15


def test_no_configuration_names_a_folder_of_the_machine_that_made_it():
    assert [path for path in WEIGHTS.rglob("*.json") if "_name_or_path" in path.read_text(encoding="utf-8")] == []


def test_the_weights_stay_small():
    sizes = [path.stat().st_size for path in WEIGHTS.rglob("*.safetensors")]
    assert sum(sizes) <= 120e6 and max(sizes) <= 50e6
