"""Any CLIP becomes unit vectors, the same ones whatever else is in the batch."""

import pickle
import shutil
import threading

import numpy as np
import pytest
from library_kit import DIMENSIONS, STARTER_CLIP, scene, toy_clip
from PIL import Image

from tools.backends.embedding import Encoder, _padded, unit
from tools.backends.errors import BadInput, ModelUnavailable

TEXTS = ["a cat", "", "a much longer prompt about a castle in the clouds, " * 20, "é \ud800 🐈", "a cat"]


@pytest.fixture(scope="module", params=["attentive", "convolutional"])
def folder(request, tmp_path_factory):
    return toy_clip(tmp_path_factory.mktemp("clip"), convolutional=request.param == "convolutional")


@pytest.fixture(scope="module")
def encoder(folder):
    return Encoder(folder, device="cpu")


def test_vectors_have_length_one_and_do_not_depend_on_the_batch(encoder):
    together = encoder.texts(TEXTS)
    assert together.shape == (5, DIMENSIONS) == (5, encoder.dimensions)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.texts([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert (together[0] == together[4]).all() or np.allclose(together[0], together[4], atol=1e-5)
    assert not np.allclose(together[0], together[1], atol=1e-2)


def test_a_large_batch_comes_back_in_its_order(encoder):
    many = [f"picture number {n} " + "of things " * (n % 7) for n in range(150)]
    vectors = encoder.texts(many)
    for n in (0, 77, 149):
        np.testing.assert_allclose(vectors[n], encoder.texts([many[n]])[0], atol=1e-4)


def test_pictures_of_every_shape_and_mode_become_vectors(encoder):
    pictures = [
        scene(1),
        scene(2).convert("L"),
        scene(3).convert("RGBA"),
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (900, 1)),
    ]
    vectors = encoder.pictures(pictures * 8)
    assert vectors.shape == (40, DIMENSIONS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[35], atol=1e-4)


def test_nothing_becomes_no_vectors(encoder):
    assert encoder.texts([]).shape == encoder.pictures([]).shape == (0, DIMENSIONS)


def test_tokens_counts_all_of_a_text_and_vectors_see_only_the_start(encoder):
    long = "a b c d e f g h i j " * 20
    assert encoder.tokens("a b") == 4
    assert encoder.tokens(long) > encoder.max_tokens == 77
    np.testing.assert_allclose(encoder.texts([long])[0], encoder.texts([long + "and more"])[0], atol=1e-5)


def test_the_fingerprint_changes_with_the_weights_and_not_with_the_folder(folder, tmp_path):
    same, other = shutil.copytree(folder, tmp_path / "same"), toy_clip(tmp_path / "other", seed=1)
    assert Encoder(same).fingerprint == Encoder(folder).fingerprint != Encoder(other).fingerprint


def test_an_encoder_can_be_sent_to_another_process(encoder):
    sent = pickle.loads(pickle.dumps(encoder))
    assert (sent.name, sent.fingerprint, sent.dimensions) == (encoder.name, encoder.fingerprint, encoder.dimensions)
    np.testing.assert_allclose(sent.texts(["a cat"]), encoder.texts(["a cat"]), atol=1e-6)


def test_encoding_leaves_torch_its_threads(encoder):
    import torch

    before = torch.get_num_threads()
    encoder.texts(["a cat"])
    later: list[int] = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert [torch.get_num_threads(), *later] == [before, before]


def test_threads_may_share_an_encoder(encoder):
    wanted = encoder.texts(["a cat", "a dog"])
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(encoder.texts(["a cat", "a dog"]))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(np.allclose(each, wanted, atol=1e-5) for each in found)


@pytest.mark.parametrize("what", ["missing", "empty", "garbage", "no weights"])
def test_a_model_that_cannot_be_had_is_named_with_what_to_set(what, tmp_path, folder):
    path = tmp_path / "model"
    if what != "missing":
        path.mkdir()
    if what == "garbage":
        (path / "config.json").write_text("{nonsense")
    if what == "no weights":
        (path / "config.json").write_text((folder / "config.json").read_text())
    with pytest.raises(ModelUnavailable, match=r"model.*Set ATELIER_ENCODER"):
        encoder = Encoder(path, device="cpu")
        _ = encoder.fingerprint, encoder.dimensions
        encoder.texts(["a"])


@pytest.mark.parametrize("device", ["cuda:99", "toaster"])
def test_a_device_that_is_not_there_is_named(folder, device):
    with pytest.raises(BadInput, match=device):
        Encoder(folder, device=device).texts(["a"])


def test_a_vector_of_zeros_still_gets_a_direction():
    assert unit(np.zeros((1, 4))).tolist() == [[1, 0, 0, 0]]


@pytest.mark.skipif(not (STARTER_CLIP / "model.safetensors").exists(), reason="the starter CLIP is not made yet")
def test_the_starter_clip_loads_and_has_512_dimensions():
    encoder = Encoder(STARTER_CLIP, device="cpu")
    assert (encoder.dimensions, encoder.image_size) == (512, 128)
    assert encoder.texts(["a cat"]).shape == encoder.pictures([scene(1)]).shape == (1, 512)


@pytest.mark.parametrize("real", [False, True])
def test_texts_in_batches_of_their_length_get_the_vectors_of_texts_padded_to_the_models_length(encoder, real):
    import torch

    encoder = Encoder(STARTER_CLIP, device="cpu") if real else encoder
    prompts = [f"a castle {'in the clouds, ' * (n % 9)}number {n % 25}, 8k" for n in range(70)] + ["", "x" * 600]
    model, tokenizer, _, _ = encoder._loaded
    padded = tokenizer(prompts, padding="max_length", truncation=True, max_length=77, return_tensors="pt")
    assert padded["input_ids"].shape == (72, 77)
    with torch.inference_mode():
        features = model.get_text_features(input_ids=padded["input_ids"], attention_mask=padded["attention_mask"])
    wanted = unit(getattr(features, "pooler_output", features).numpy())
    np.testing.assert_allclose(encoder.texts(prompts), wanted, atol=1e-5)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("width", [9, 77])
def test_tokens_are_padded_as_the_tokenizer_itself_would(encoder, side, width):
    tokenizer = encoder._loaded[1]
    rows = [[1, 2, 3], [4] * 9, [5]]
    how = {"padding": "max_length", "max_length": width, "padding_side": side, "return_tensors": "np"}
    wanted = tokenizer.pad({"input_ids": rows}, **how)
    found = _padded(rows, width, tokenizer.pad_token_id, side == "left")
    masks = _padded([[1] * len(row) for row in rows], width, 0, side == "left")
    assert (found == wanted["input_ids"]).all() and (masks == wanted["attention_mask"]).all()
