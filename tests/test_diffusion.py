"""Rendering with toy-sized real pipelines: checked recipes, the same bytes again, one at a time, stops, clear errors."""

import dataclasses
import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from toy_models import save_flux, save_stable_diffusion, save_stable_diffusion_3, save_stable_diffusion_xl

from agent.settings import STARTER
from tools.backends.diffusion import Renderer
from tools.backends.errors import BadInput, ModelUnavailable, RenderError, RenderStopped
from tools.backends.modelfiles import Defaults, ModelFolder
from tools.backends.records import Recipe

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_stable_diffusion(tmp_path_factory.mktemp("models") / "toy-diffusion")


@pytest.fixture(scope="module")
def renderer(folder: Path) -> Renderer:
    return Renderer(folder, "cpu")


@pytest.fixture
def recipe(renderer: Renderer) -> Recipe:
    return renderer.recipe("a fox in snow", "blur", seed=7, steps=3)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """The toy's own copy, for tests that break it."""
    return Path(shutil.copytree(folder, tmp_path / "toy-diffusion"))


# --- recipes ---


def test_a_recipe_says_all_that_the_picture_depends_on(renderer: Renderer):
    assert renderer.recipe("a fox", "blur", 7, 3, 2, "64x32") == Recipe(
        prompt="a fox", negative_prompt="blur", seed=7, steps=3, guidance=2.0, width=64, height=32,
        scheduler="DPMSolverMultistepScheduler", model="toy-diffusion", model_hash=renderer.hash, device="cpu",
        versions=renderer.recipe("x").versions,
    )  # fmt: skip
    assert set(renderer.recipe("x").versions) == {"torch", "diffusers", "transformers", "atelier"}


def test_what_is_left_out_comes_from_the_model_and_the_seed_from_chance(renderer: Renderer):
    recipes = [renderer.recipe("a fox") for _ in range(20)]
    assert {(r.steps, r.guidance, r.width, r.height) for r in recipes} == {(30, 7.5, 32, 32)}
    assert len({r.seed for r in recipes}) == 20
    assert all(0 <= r.seed < 2**32 for r in recipes)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"prompt": " \n"}, "The prompt is empty"), ({"prompt": "x" * 4001}, "4,001 characters; at most 4,000"),
        ({"negative_prompt": "x" * 9999}, "negative prompt has 9,999"), ({"steps": 0}, "Steps cannot be 0: give a whole number from 1 to 150"),
        ({"steps": 151}, "Steps"), ({"steps": 2.5}, "Steps"), ({"steps": True}, "Steps"), ({"guidance": -1}, "Guidance cannot be -1"),
        ({"guidance": 31}, "Guidance"), ({"guidance": float("nan")}, "Guidance"), ({"seed": -1}, "seed cannot be -1"),
        ({"seed": 2**32}, "from 0 to 4294967295"), ({"size": "33x32"}, "multiple of 8 from 8 to 128. Its usual size is 32x32"),
        ({"size": (0, 32)}, "cannot render 0×32"), ({"size": "9999x9999"}, "9999×9999"), ({"size": "big"}, "'big' is no picture size"),
    ],
)  # fmt: skip
def test_what_cannot_be_rendered_is_refused_with_what_can(renderer: Renderer, wrong: dict, words: str):
    with pytest.raises(BadInput, match=words):
        renderer.recipe(**{"prompt": "a fox", **wrong})


def test_a_strangers_recipe_is_checked_before_it_renders(renderer: Renderer, recipe: Recipe):
    for wrong in ({"width": 8192}, {"steps": 999}, {"seed": 2**40}, {"guidance": 500.0}, {"prompt": ""}):
        with pytest.raises(BadInput):
            renderer.render(dataclasses.replace(recipe, **wrong))


def test_asking_for_a_recipe_does_not_import_diffusers(folder: Path):
    code = (
        "import sys; from tools.backends.diffusion import Renderer; r = Renderer(sys.argv[1], 'cpu'); r.recipe('a fox');"
        "print([m for m in ('diffusers', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# --- pictures ---


def test_the_same_recipe_gives_the_same_bytes_also_in_another_renderer(
    renderer: Renderer, recipe: Recipe, folder: Path
):
    first = renderer.render(recipe)
    other = renderer.render(dataclasses.replace(recipe, seed=8))
    again, elsewhere = renderer.render(recipe), Renderer(folder, "cpu").render(recipe)
    assert first.tobytes() == again.tobytes() == elsewhere.tobytes() != other.tobytes()
    assert (first.mode, first.size) == ("RGB", (32, 32))


@pytest.mark.parametrize(
    "change", [{"prompt": "a cat"}, {"negative_prompt": ""}, {"steps": 4}, {"guidance": 3.0}, {"width": 40}]
)
def test_every_part_of_a_recipe_counts(renderer: Renderer, recipe: Recipe, change: dict):
    assert renderer.render(dataclasses.replace(recipe, **change)).tobytes() != renderer.render(recipe).tobytes()


@pytest.mark.parametrize("save", [save_stable_diffusion_xl, save_stable_diffusion_3, save_flux])
def test_other_families_render_by_their_own_arguments(save, tmp_path: Path):
    renderer = Renderer(save(tmp_path / "model"), "cpu")
    steps: list[tuple[int, int]] = []
    recipe = renderer.recipe("a fox 🦊", "blur", seed=1, steps=2, size="64x64")
    picture = renderer.render(recipe, on_step=lambda step, total: steps.append((step, total)))
    assert picture.size == (64, 64)
    assert steps == [(1, 2), (2, 2)]
    assert renderer.render(recipe).tobytes() == picture.tobytes()


@pytest.mark.parametrize("scheduler", ["EulerAncestralDiscreteScheduler", "DDPMScheduler", "HeunDiscreteScheduler"])
def test_a_recipes_own_scheduler_is_used_and_repeats(renderer: Renderer, recipe: Recipe, scheduler: str):
    other = dataclasses.replace(recipe, scheduler=scheduler)
    counted: list[tuple[int, int]] = []
    first = renderer.render(other, on_step=lambda step, total: counted.append((step, total)))
    assert first.tobytes() == renderer.render(other).tobytes() != renderer.render(recipe).tobytes()
    assert counted[-1][0] == counted[-1][1] == len(counted)


def test_a_recipe_of_another_model_renders_with_a_note(renderer: Renderer, recipe: Recipe):
    foreign = dataclasses.replace(
        recipe,
        model="dreams",
        model_hash="ffffffffff",
        device="cuda",
        scheduler="os.system",
        versions={"torch": "1.0"},
        guidance=1.0,
    )
    assert renderer.notes_for(recipe) == ()
    notes = " ".join(renderer.notes_for(foreign))
    for words in ("dreams (ffffffffff)", "os.system", "rendered on cuda", "torch 1.0 →", "negative prompt"):
        assert words in notes
    assert renderer.render(foreign).size == (32, 32)


def test_the_number_of_cores_does_not_change_a_small_models_picture(renderer: Renderer, recipe: Recipe):
    import torch

    threads = torch.get_num_threads()
    pictures = set()
    for count in (1, 2, 4):
        torch.set_num_threads(count)
        pictures.add(renderer.render(recipe).tobytes())
        assert torch.get_num_threads() == count
    torch.set_num_threads(threads)
    assert len(pictures) == 1


# --- turns and stops ---


def test_a_stop_ends_a_render_between_two_steps(renderer: Renderer, recipe: Recipe):
    stop, steps = threading.Event(), []

    def on_step(step: int, total: int) -> None:
        steps.append(step)
        if step == 2:
            stop.set()

    with pytest.raises(RenderStopped):
        renderer.render(dataclasses.replace(recipe, steps=50), on_step=on_step, stop=stop)
    assert steps == [1, 2]
    assert renderer.render(recipe).size == (32, 32)


def test_one_picture_at_a_time_in_order_and_a_waiting_one_can_be_stopped(renderer: Renderer, recipe: Recipe):
    go, begun = threading.Event(), threading.Event()
    order: list[str] = []
    stops = {name: threading.Event() for name in "abc"}
    ended: dict[str, str] = {}

    def run(name: str) -> None:
        def on_step(step: int, total: int) -> None:
            order.append(name)
            begun.set()
            assert go.wait(30)

        try:
            renderer.render(recipe, on_step=on_step, stop=stops[name])
            ended[name] = "done"
        except RenderStopped:
            ended[name] = "stopped"

    threads = {name: threading.Thread(target=run, args=name) for name in "abc"}
    threads["a"].start()
    assert begun.wait(60)
    for name in "bc":
        threads[name].start()
        time.sleep(0.3)
    stops["b"].set()
    threads["b"].join(5)
    assert ended == {"b": "stopped"}  # at once, though a is in mid-render
    go.set()
    for thread in threads.values():
        thread.join(60)
    assert ended == {"a": "done", "b": "stopped", "c": "done"}
    assert order == ["a"] * 3 + ["c"] * 3


# --- what can go wrong ---


def test_too_little_memory_is_said_with_what_to_try(
    renderer: Renderer, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
):
    import torch

    renderer.load()
    for error in (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB"), MemoryError(),
                  RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")):  # fmt: skip

        def full(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(renderer._pipeline.unet, "forward", full)
            with pytest.raises(RenderError, match="64×64 pixels do not fit in the memory of cpu. Try a smaller size"):
                renderer.render(dataclasses.replace(recipe, width=64, height=64))
    assert renderer.render(recipe).size == (32, 32)


def test_overflowing_numbers_are_no_picture(copy: Path, recipe: Recipe):
    import torch

    for part in ("unet", "vae"):
        renderer = Renderer(copy, "cpu")
        renderer.load()
        with torch.no_grad():
            next(getattr(renderer._pipeline, part).parameters()).fill_(float("nan"))
            if part == "vae":
                for parameter in renderer._pipeline.vae.decoder.parameters():
                    parameter.fill_(float("nan"))
        with pytest.raises(RenderError, match="black picture on cpu.*another seed"):
            renderer.render(recipe)


def test_a_missing_model_is_named_with_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    (tmp_path / "model.safetensors").write_bytes(b"x")
    for name in (
        str(tmp_path / "nowhere"),
        str(tmp_path),
        "nobody/no-such-model",
        str(tmp_path / "model.safetensors"),
        "~/x/y",
        "",
    ):
        with pytest.raises(ModelUnavailable, match="ATELIER_IMAGE_MODEL") as caught:
            Renderer(name, "cpu").recipe("a fox")
        assert Path(name).name in str(caught.value)


def test_a_broken_model_is_named_with_what_to_do(copy: Path, recipe: Recipe):
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelUnavailable, match="toy-diffusion cannot be loaded from .*Download it again"):
        Renderer(copy, "cpu").render(recipe)
    shutil.rmtree(copy / "unet")
    with pytest.raises(ModelUnavailable, match="toy-diffusion is not complete: .* has no unet"):
        Renderer(copy, "cpu").render(recipe)


def test_a_device_that_is_not_here_is_named(folder: Path):
    for device in ("cuda:99", "tpu", "cpu:x"):
        with pytest.raises(ModelUnavailable, match=f"ATELIER_DEVICE={device} .*Set it to `auto`"):
            Renderer(folder, device).recipe("a fox")


def test_a_model_that_needs_a_picture_is_refused(copy: Path, recipe: Recipe):
    index = json.loads((copy / "model_index.json").read_text())
    (copy / "model_index.json").write_text(json.dumps({**index, "_class_name": "StableDiffusionUpscalePipeline"}))
    with pytest.raises(ModelUnavailable, match="toy-diffusion"):
        Renderer(copy, "cpu").render(recipe)


# --- what a model says of itself ---


def test_the_hash_follows_the_weights_and_nothing_else(copy: Path, renderer: Renderer):
    assert Renderer(copy).hash == renderer.hash
    assert len(renderer.hash) == 10
    (copy / "README.md").write_text("hello")
    assert Renderer(copy).hash == renderer.hash
    weights = copy / "vae" / "diffusion_pytorch_model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert Renderer(copy).hash != renderer.hash


@pytest.mark.parametrize(
    ("label", "class_name", "expected"),
    [
        ("stabilityai/sd-turbo", "StableDiffusionPipeline", (4, 0.0)), ("x/sd-1.5", "StableDiffusionPipeline", (30, 7.5)),
        ("x/sdxl-turbo", "StableDiffusionXLPipeline", (4, 0.0)), ("x/sdxl", "StableDiffusionXLPipeline", (30, 6.0)),
        ("x/FLUX.1-schnell", "FluxPipeline", (4, 0.0)), ("x/FLUX.1-dev", "FluxPipeline", (28, 3.5)),
        ("x/stable-diffusion-3.5-medium", "StableDiffusion3Pipeline", (40, 4.5)), ("x/y", "SomethingNewPipeline", (30, 5.0)),
    ],
)  # fmt: skip
def test_each_family_has_its_usual_steps_and_guidance(copy: Path, label: str, class_name: str, expected: tuple):
    (copy / "model_index.json").write_text(json.dumps({"_class_name": class_name}))
    defaults = ModelFolder(copy, label).defaults
    assert (defaults.steps, defaults.guidance) == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ('{"steps": 8, "guidance": 3}', (8, 3.0)), ('{"steps": "8"}', (30, 7.5)), ('{"steps": 0, "guidance": 99}', (30, 7.5)),
        ("[]", (30, 7.5)), ("{", (30, 7.5)),
    ],
)  # fmt: skip
def test_a_folders_own_recommendation_wins_if_it_makes_sense(copy: Path, own: str, expected: tuple):
    (copy / "atelier.json").write_text(own)
    steps, guidance = expected
    assert Renderer(copy).defaults == Defaults(steps=steps, guidance=guidance, width=32, height=32)


def test_names_are_short(folder: Path):
    assert Renderer(folder).name == "toy-diffusion"
    assert Renderer(folder, starter=True).name == "atelier-starter"
    assert Renderer("stabilityai/sd-turbo").name == "stabilityai/sd-turbo"
    assert Renderer("/hub/models--stabilityai--sd-turbo/snapshots/b2dcd3").name == "stabilityai/sd-turbo"


# --- words ---


def test_what_the_text_encoder_does_not_read_is_told_word_for_word(copy: Path):
    index = json.loads((copy / "model_index.json").read_text())
    (copy / "model_index.json").write_text(json.dumps({**index, "_class_name": "SomethingNewPipeline"}))
    renderer = Renderer(copy, "cpu")  # of a family whose long prompts cannot be packed
    assert renderer.dropped("a fox") == ""
    assert renderer.dropped("x" * 75) == ""
    assert renderer.dropped("x" * 75 + " The Rest, Kept As Written 🦊") == "The Rest, Kept As Written 🦊"


def test_only_the_starter_has_unknown_words(folder: Path):
    prompt = "a cat on the sofa, (zyzzyva:1.3), <lora:flumph:1>, grimbleworp, zyzzyva"
    assert Renderer(folder).unknown_words(prompt) == ()
    assert Renderer(STARTER / "diffusion", starter=True).unknown_words(prompt) == ("zyzzyva", "grimbleworp")
    assert (
        Renderer(STARTER / "diffusion", starter=True).unknown_words("a snow-capped mountain, 16-bit, 35mm film") == ()
    )


def test_the_shipped_starter_renders_its_own_size():
    renderer = Renderer(STARTER / "diffusion", "cpu", starter=True)
    recipe = renderer.recipe("a cat sleeping on the sofa, cinematic lighting", seed=1, steps=2)
    picture = renderer.render(recipe)
    assert picture.size == (recipe.width, recipe.height) == (renderer.defaults.width, renderer.defaults.height)
    assert recipe.model == "atelier-starter"
    assert renderer.dropped("cat, " * 100) == "" and renderer.tokens("cat, " * 100) == (200, 225)
