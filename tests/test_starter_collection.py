"""The starter collection: what its rows claim is true of them, and the library reads them as they were made."""

import io
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyarrow import parquet

from starter import collection
from starter.world import WEIGHTS, sample_scene
from tools.backends.database import Library
from tools.backends.diffusion import Renderer
from tools.backends.embedding import Encoder
from tools.backends.filters import parse_filters

ROWS, RENDERED = 40, 3

pytestmark = pytest.mark.skipif(
    not (WEIGHTS / "diffusion" / "unet").exists(), reason="the models of this world are not made yet"
)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return collection.make(WEIGHTS, ROWS, RENDERED, tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def library(table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    parquet.write_table(table, folder / "collection.parquet")
    encoder = Encoder(WEIGHTS / "clip")
    told = {"encoder_name": encoder.name, "encoder_fingerprint": encoder.fingerprint, "dimensions": encoder.dimensions}
    with Library(f"chdb://{folder / 'library'}", **told) as made:
        assert made.load_collection(folder / "collection.parquet") == ROWS
        yield made


def test_a_rendered_example_gives_its_picture_again_with_the_settings_that_it_tells(table):
    row = table.to_pylist()[0]
    assert row["model"] == "atelier-starter"
    renderer = Renderer(WEIGHTS / "diffusion", "cpu", starter=True)
    recipe = renderer.recipe(row["prompt"], row["negative_prompt"] or "", row["seed"], row["steps"], row["guidance"])
    again = np.asarray(renderer.render(recipe), np.float32)
    kept = np.asarray(Image.open(io.BytesIO(row["picture"])).convert("RGB"), np.float32)
    assert np.abs(again - kept).mean() < 12  # of 255, which is what WebP leaves of it
    other = np.asarray(renderer.render(renderer.recipe(row["prompt"], seed=row["seed"] ^ 1)), np.float32)
    assert np.abs(other - kept).mean() > 2 * np.abs(again - kept).mean()


def test_a_drawn_example_claims_neither_seed_nor_sampler_nor_model(table):
    for row in table.to_pylist()[RENDERED:]:
        assert [row[name] for name in ("seed", "steps", "guidance", "sampler", "model", "negative_prompt")] == [
            None
        ] * 6


def test_an_interrupted_render_goes_on_with_what_was_made(tmp_path):
    class Pipe:
        def __init__(self, fails_after: int) -> None:
            self.calls, self.fails_after = 0, fails_after

        def __call__(self, words, **_):
            self.calls += 1
            if self.calls > self.fails_after:
                raise KeyboardInterrupt
            return type("Made", (), {"images": np.full((len(words), 2, 2, 3), len(words) / 255)})

    scenes = [sample_scene(random.Random(n)) for n in range(60)]
    prompts, chosen = [f"prompt {n}" for n in range(60)], collection.make_settings(scenes, 6, 2.5)
    with pytest.raises(KeyboardInterrupt):
        list(collection.render(Pipe(1), prompts, chosen, tmp_path))
    second = Pipe(9)
    assert len(list(collection.render(second, prompts, chosen, tmp_path))) == 60
    assert second.calls == 2


def test_the_library_reads_the_vectors_as_the_encoder_made_them(library, table):
    encoder = Encoder(WEIGHTS / "clip")
    rows = table.to_pylist()[RENDERED:]
    for row in rows[:5]:
        vector = encoder.texts([row["prompt"]])[0]
        found = library.nearest_prompts(vector, 1)[0][0]
        assert found.id == row["id"]
        kept = library._rows(f"SELECT prompt_vector FROM examples WHERE id = '{row['id']}'")[0][0]
        assert np.dot(kept, vector) > 0.997


def test_filters_bite_on_known_settings_and_ratings(library, table):
    rows = table.to_pylist()
    assert library.count(parse_filters(["seed=known"])) == RENDERED
    assert library.count(parse_filters(["rating>=0"])) == sum(row["rating"] is not None for row in rows) < ROWS
    assert library.count(parse_filters(["rating>=7"])) == sum((row["rating"] or 0) >= 7 for row in rows) > 0
    recipe = json.loads(library.get([rows[0]["id"]])[0].recipe)
    assert (recipe["seed"], recipe["sampler"]) == (rows[0]["seed"], rows[0]["sampler"])


@given(st.integers(2, 40), st.integers(1, 24), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_packed_vectors_of_as_many_components_as_they_have_come_back(count, width, seed):
    vectors = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    codes, basis = collection.packed(vectors, width)
    assert codes.dtype == np.int8 and np.abs(codes.astype(int)).max() <= 127
    assert np.abs(codes.astype(np.float32) @ basis - vectors).max() < 0.02


def test_ratings_are_tenths_of_the_rated():
    told = np.eye(4, dtype=np.float32)[[0] * 5]
    seen = np.zeros((5, 4), np.float32)
    seen[:, 0] = (0.9, 0.1, 0.5, 0.3, 0.7)
    assert collection.ratings(told, seen, np.array([True, True, True, False, True])) == [10.0, 0.0, 3.3, None, 6.7]


def test_a_negative_prompt_never_names_the_style_of_its_picture():
    rng = random.Random(1)
    for _ in range(200):
        scene = sample_scene(rng)
        assert scene.style not in collection.unwanted(scene, rng).split(", ")


def test_a_damaged_basis_is_named(library, table, tmp_path):
    from tools.backends.collection import collection_batches
    from tools.backends.errors import BadTable

    parquet.write_table(table.replace_schema_metadata({"prompt_vector": "?"}), tmp_path / "collection.parquet")
    with pytest.raises(BadTable, match=r"collection\.parquet cannot be read"):
        list(collection_batches(tmp_path / "collection.parquet"))


def test_the_shipped_collection_keeps_its_promises():
    path = WEIGHTS / "collection.parquet"
    assert path.stat().st_size < 60e6
    rows = parquet.read_table(path, columns=["seed", "negative_prompt", "rating"])
    assert rows.num_rows == 6_000
    known = {name: rows.num_rows - rows[name].null_count for name in rows.column_names}
    assert known["seed"] > 500 and known["negative_prompt"] > 200 and known["rating"] > 3_000
