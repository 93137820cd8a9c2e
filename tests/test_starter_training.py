"""The starter's training code at toy size: each part learns, and goes on from where it was stopped."""

import numpy as np
import pytest
import torch

from starter import autoencoder, clip, denoiser, distil
from starter import tokenizer as vocabulary
from starter.captions import BOILERPLATE
from starter.data import ATTRIBUTES, Shards, held_out_scenes, labels_of
from starter.loop import learning_rate
from starter.muon import orthogonal

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def shards() -> Shards:
    """Forty scenes without drawings: each picture a plain colour that gives its subject away."""
    scenes = held_out_scenes(40)
    labels = np.array([labels_of(scene) for scene in scenes])
    pictures = np.zeros((40, 64, 64, 3), np.uint8)
    pictures[:] = (labels[:, :3] * 16 % 256).astype(np.uint8)[:, None, None, :]
    masks = np.zeros((40, 16, 16), np.uint8)
    masks[:, 4:12, 4:12] = 255
    captions = [[f"{s.color} {s.subject}, {s.place}, {s.style}"] * 4 for s in scenes]
    return Shards(pictures, masks, labels, np.zeros(40, np.int64), captions)


@pytest.fixture(scope="module")
def tokenizer(shards):
    return vocabulary.learn([text for texts in shards.captions for text in texts] + list(BOILERPLATE), 900)


def make_run(name, shards, tokenizer, folder, steps):
    common = {"preset": "tiny", "device": CPU, "max_steps": steps}
    torch.manual_seed(0)
    if name == "clip":
        return clip.training(shards, tokenizer, folder, 0.5, **common)
    if name == "autoencoder":
        return autoencoder.training(shards, autoencoder.Reader(), folder, 0.5, **common)
    text = denoiser.text_model(clip.build(tokenizer, "tiny"))
    tokens = denoiser.token_table(tokenizer, shards.captions)
    given = torch.randn(40, 4, 16, 16).half(), tokens, text, shards
    if name == "distil":
        return distil.training(*given, denoiser.build(text.config.hidden_size, "tiny"), folder, 0.5, **common)
    return denoiser.training(*given, folder, 0.5, **common)


@pytest.mark.parametrize("name", ["clip", "autoencoder", "denoiser"])
def test_a_model_learns_and_resumes_where_it_stopped(name, shards, tokenizer, tmp_path):
    run = make_run(name, shards, tokenizer, tmp_path, 48)  # fewer say little: the rate follows the clock
    run.run()
    assert np.mean(run.history[-12:]) < np.mean(run.history[:12])

    again = make_run(name, shards, tokenizer, tmp_path, 49)
    assert (again.done, again.spent) == (48, run.spent)
    for mine, theirs in zip(again.modules["model"].parameters(), run.modules["model"].parameters(), strict=True):
        assert torch.equal(mine, theirs)
    again.run()
    assert (again.done, len(again.history)) == (49, 1)


def test_a_student_learns_to_go_in_one_step_where_its_teacher_goes_in_two():
    torch.manual_seed(1)
    teacher, student = (denoiser.build(16, "tiny") for _ in range(2))
    student.load_state_dict(teacher.state_dict())
    grid, shares = distil.timesteps(2 * distil.FEW), denoiser.signal_shares()
    noisy, words = torch.randn(distil.FEW, 4, 16, 16), torch.randn(distil.FEW, 5, 16)
    optimizer, apart = torch.optim.Adam(student.parameters(), 1e-3), []
    for _ in range(40):
        loss = distil.gap(student, teacher, noisy, words, shares, (grid[:-2:2], grid[1:-1:2], grid[2::2])).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        apart.append(float(loss.detach()))
    assert apart[-1] < 0.5 * apart[0]
    assert all(parameter.grad is None for parameter in teacher.parameters())


def test_a_distillation_resumes_where_it_stopped(shards, tokenizer, tmp_path):
    run = make_run("distil", shards, tokenizer, tmp_path, 3)
    run.run()
    again = make_run("distil", shards, tokenizer, tmp_path, 4)
    assert (again.done, again.spent) == (3, run.spent)
    again.run()
    assert (again.done, len(again.history)) == (4, 1)


def test_a_run_that_goes_on_begins_with_what_was_shipped_and_keeps_its_latents(shards, tokenizer, tmp_path):
    torch.manual_seed(3)
    before = autoencoder.build("tiny")
    encoder = {name: value.clone() for name, value in before.encoder.state_dict().items()}
    run = autoencoder.training(shards, autoencoder.Reader(), tmp_path, 0.5, "tiny", CPU, start_from=before, max_steps=3)
    run.run()
    after = run.modules["model"]
    assert all(torch.equal(value, after.encoder.state_dict()[name]) for name, value in encoder.items())
    assert not torch.equal(before.decoder.conv_in.weight, after.decoder.conv_in.weight)


def test_one_step_of_the_student_can_reach_what_two_of_the_teacher_reach():
    shares, generator = denoiser.signal_shares(), torch.Generator().manual_seed(0)
    noisy, one, two = (torch.randn(distil.FEW, 4, 16, 16, generator=generator) for _ in range(3))
    grid = distil.timesteps(2 * distil.FEW)
    first, middle, last = grid[:-2:2], grid[1:-1:2], grid[2::2]
    half = distil.stepped(one, noisy, shares, first, middle)
    reached = distil.stepped(two, half, shares, middle, last)
    velocity = distil.velocity_between(noisy, reached, shares, first, last)
    assert torch.allclose(distil.stepped(velocity, noisy, shares, first, last), reached, atol=1e-4)


def test_the_student_is_taught_the_steps_that_its_scheduler_takes():
    scheduler = distil.scheduler()
    scheduler.set_timesteps(distil.FEW)
    assert scheduler.timesteps.tolist() == distil.timesteps(distil.FEW)[:-1].tolist()


def test_the_learning_rate_warms_up_and_ends_annealed():
    rates = [learning_rate(share) for share in (0.0, 0.03, 0.5, 1.0)]
    assert (
        rates[0] < 0.1 and rates[1] == pytest.approx(1.0) and 0.4 < rates[2] < 0.6 and rates[3] == pytest.approx(0.01)
    )


@pytest.mark.parametrize("text", ["a red cat", "a 🦊 in snow", "naïve café 雪", "é🙂!", "𝕏 (neon:1.3)"])
def test_no_text_turns_into_an_early_end(text, tokenizer):
    numbers = tokenizer(text)["input_ids"]
    assert numbers[0] == tokenizer.bos_token_id and numbers.index(tokenizer.eos_token_id) == len(numbers) - 1
    said = tokenizer.decode(numbers, skip_special_tokens=True)
    assert said.replace(" ", "") == text.lower().replace(" ", "")


def test_a_saved_tokenizer_reads_the_same_and_stops_at_77(tokenizer, tmp_path):
    from transformers import AutoTokenizer

    vocabulary.save(tokenizer, tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    assert loaded("a 🦊, neon")["input_ids"] == tokenizer("a 🦊, neon")["input_ids"]
    assert loaded.model_max_length == 77
    assert len(loaded("fox " * 200, truncation=True)["input_ids"]) == 77


def test_folding_the_latents_keeps_the_pictures_and_gives_unit_variance(shards):
    torch.manual_seed(0)
    model = autoencoder.build("tiny").eval()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 64, 3), dtype=np.uint8)
    with torch.no_grad():
        before = model.decode(autoencoder.latents_of(model, noise)).sample
        autoencoder.normalise(model, noise)
        latents = autoencoder.latents_of(model, noise)
        after = model.decode(latents).sample
    assert torch.allclose(before, after, atol=1e-4)
    scaled = latents * autoencoder.SCALING
    assert torch.allclose(scaled.mean((0, 2, 3)), torch.zeros(4), atol=1e-3)
    assert torch.allclose(scaled.std((0, 2, 3)), torch.ones(4), atol=1e-2)


def test_the_last_step_of_the_noising_holds_no_signal():
    assert float(denoiser.signal_shares()[-1]) == pytest.approx(0.0, abs=1e-7)


def test_labels_cover_every_attribute():
    scene = held_out_scenes(1)[0]
    values = [words[n] for words, n in zip(ATTRIBUTES.values(), labels_of(scene), strict=True)]
    assert values == [scene.subject, scene.color, scene.pose, scene.place, scene.time, scene.style]


@pytest.mark.parametrize("shape", [(2, 8, 40), (1, 40, 8)])
def test_orthogonal_brings_all_singular_values_near_one(shape):
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert float(values.min()) > 0.6 and float(values.max()) < 1.3
