"""The starter's training code at toy size: each part learns, and goes on from where it was stopped."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import CLIPConfig, CLIPModel

from starter import autoencoder, clip, denoiser, distil
from starter import tokenizer as vocabulary
from starter.autoencoder import CHANNELS, GRID
from starter.captions import BOILERPLATE
from starter.data import ATTRIBUTES, MASK, SIZE, Shards, held_out_scenes, labels_of, load, make_shard
from starter.loop import learning_rate
from starter.muon import orthogonal
from starter.world import SUBJECTS, Scene

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def shards() -> Shards:
    """Forty scenes without drawings: each picture a plain colour that gives its subject away."""
    scenes = held_out_scenes(40)
    labels = np.array([labels_of(scene) for scene in scenes])
    pictures = np.zeros((40, SIZE, SIZE, 3), np.uint8)
    pictures[:] = (labels[:, :3] * 16 % 256).astype(np.uint8)[:, None, None, :]
    masks = np.zeros((40, 2, MASK, MASK), np.uint8)
    masks[:, 0, MASK // 4 : -MASK // 4, MASK // 4 : -MASK // 4] = 255
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
        return autoencoder.training(shards, autoencoder.Reader(), folder, 1.0, **common)  # a slow one on a busy machine
    text = denoiser.text_model(clip.build(tokenizer, "tiny"))
    tokens = denoiser.token_table(tokenizer, shards.captions)
    given = torch.randn(40, CHANNELS, GRID, GRID).half(), tokens, text, shards
    if name == "distil":
        return distil.training(*given, denoiser.build(text.config.hidden_size, "tiny"), folder, 0.5, **common)
    return denoiser.training(*given, folder, 0.5, **common)


@pytest.mark.parametrize("name", ["clip", "autoencoder", "denoiser"])
def test_a_model_learns_and_resumes_where_it_stopped(name, shards, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr(denoiser, "COARSE", 0.0)  # losses of small latents and of whole ones are not to be compared
    run = make_run(name, shards, tokenizer, tmp_path, 48)
    run.run()
    assert np.mean(run.history[-12:]) < np.mean(run.history[:12])

    again = make_run(name, shards, tokenizer, tmp_path, 49)
    assert (again.done, again.spent) == (48, run.spent)
    for mine, theirs in zip(again.modules["model"].parameters(), run.modules["model"].parameters(), strict=True):
        assert torch.equal(mine, theirs)
    again.run()
    assert (again.done, len(again.history)) == (49, 1)


def test_a_denoiser_begins_with_more_and_smaller_latents_of_the_same_scenes(shards, tokenizer):
    text = denoiser.text_model(clip.build(tokenizer, "tiny"))
    latents = torch.randn(40, CHANNELS, GRID, GRID).half()
    examples = denoiser.Examples(latents, denoiser.token_table(tokenizer, shards.captions), text, shards, 4, 0, CPU)
    _, rows, clean, words, masks = examples(5)
    _, more, small, said, cells = examples(5, coarse=True)
    assert (len(rows), len(more)) == (4, 4 * denoiser.FOLD) == (len(words), len(said))
    assert (clean.shape[1:], small.shape[1:]) == ((CHANNELS, GRID, GRID), (CHANNELS, GRID // 2, GRID // 2))
    assert torch.allclose(small[0, 0, 0, 0], latents[more[0]].float()[0, :2, :2].mean())
    assert (masks.shape[1:], cells.shape[1:]) == ((2, GRID, GRID), (2, GRID // 2, GRID // 2))


def test_a_student_learns_to_go_in_one_step_where_its_teacher_goes_in_two():
    torch.manual_seed(1)
    teacher, student = (denoiser.build(16, "tiny") for _ in range(2))
    student.load_state_dict(teacher.state_dict())
    grid, shares = distil.timesteps(2 * distil.FEW), denoiser.signal_shares()
    noisy, words = torch.randn(distil.FEW, CHANNELS, GRID, GRID), torch.randn(distil.FEW, 5, 16)
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


def test_a_clip_that_saw_in_another_way_hands_on_its_words(shards, tokenizer, tmp_path):
    torch.manual_seed(5)
    eye = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    words = clip.configuration(tokenizer, "tiny").text_config.to_dict()
    before = CLIPModel(CLIPConfig(text_config=words, vision_config=eye, projection_dim=clip.DIMENSIONS))
    run = clip.training(shards, tokenizer, tmp_path, 0.5, "tiny", CPU, start_from=before)
    mine = run.modules["model"].state_dict()
    handed = {name: value for name, value in before.state_dict().items() if name.startswith("text")}
    assert handed and all(torch.equal(value, mine[name]) for name, value in handed.items())


def test_a_run_that_goes_on_is_not_undone_by_an_older_checkpoint_in_its_folder(shards, tokenizer, tmp_path):
    make_run("denoiser", shards, tokenizer, tmp_path, 2).run()
    text = denoiser.text_model(clip.build(tokenizer, "tiny"))
    tokens = denoiser.token_table(tokenizer, shards.captions)
    given = torch.randn(40, CHANNELS, GRID, GRID).half(), tokens, text, shards, tmp_path, 0.5, "tiny", CPU
    before = denoiser.build(text.config.hidden_size, "tiny")
    run = denoiser.training(*given, start_from=before)
    assert run.done == 0 and torch.equal(run.modules["model"].conv_in.weight, before.conv_in.weight)


def test_latents_are_made_anew_where_another_autoencoder_or_other_pictures_come(shards, tmp_path):
    first, second = autoencoder.build("tiny"), autoencoder.build("tiny")
    kept = denoiser.cache(shards, first, tmp_path)
    assert torch.equal(denoiser.cache(shards, first, tmp_path), kept)
    anew = denoiser.cache(shards, second, tmp_path)
    assert not torch.equal(anew, kept)
    turned = dataclasses.replace(shards, pictures=255 - shards.pictures)
    assert not torch.equal(denoiser.cache(turned, second, tmp_path), anew)


TEAM = """
import sys, torch
from pathlib import Path
from starter import autoencoder, data, denoiser
folder = Path(sys.argv[1])
model = autoencoder.build("tiny")
model.load_state_dict(torch.load(folder / "model.pt", weights_only=True))
rank, world = denoiser.join_team()
latents = denoiser.cache(data.load(folder), model, folder / f"{world}-{rank}")
torch.save(latents, folder / f"latents-{world}-{rank}.pt")
"""


def test_processes_that_share_a_run_share_the_encoding_of_its_pictures(tmp_path):
    torch.manual_seed(2)
    model = autoencoder.build("tiny")
    torch.save(model.state_dict(), tmp_path / "model.pt")
    make_shard(tmp_path, 0, 3)
    alone = denoiser.cache(load(tmp_path), model, tmp_path / "alone").float()
    (tmp_path / "team.py").write_text(TEAM)
    here = {**os.environ, "PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"}
    run = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    subprocess.run([*run, tmp_path / "team.py", tmp_path], env=here, check=True, capture_output=True)
    assert alone.shape == (3, CHANNELS, GRID, GRID) and alone.std() > 0
    for name in ("2-0", "2-1"):
        latents = torch.load(tmp_path / f"latents-{name}.pt").float()
        assert (latents - alone).abs().max() < 0.05 * alone.std()


def test_shards_of_any_length_are_read_in_order(tmp_path):
    made = [np.load(make_shard(tmp_path, number, count)) for number, count in enumerate((2, 1))]
    read = load(tmp_path)
    assert len(read) == 3 == len(read.captions)
    for name in ("pictures", "masks", "labels", "seeds"):
        assert np.array_equal(getattr(read, name), np.concatenate([shard[name] for shard in made]))


def test_drawings_of_another_world_are_refused(shards, tmp_path):
    np.savez(tmp_path / "shard-0000.npz", pictures=np.zeros((1, 32, 32, 3), np.uint8), labels=np.zeros((1, 6), int))
    with pytest.raises(ValueError, match="drawings of another world"):
        load(tmp_path)


def test_a_caption_that_leaves_something_open_stands_only_where_the_usual_is_shown(shards):
    usual = next(iter(SUBJECTS["cat"].colors))
    scenes = [
        Scene(subject="cat", color=color, pose="sitting", place="living room", time="day")
        for color in SUBJECTS["cat"].colors
    ]
    said = [["everything", "a cat sitting on the sofa"]] * len(scenes)
    told = denoiser.unambiguous(
        dataclasses.replace(
            shards,
            labels=np.array([labels_of(scene) for scene in scenes]),
            seeds=np.zeros(len(scenes), int),
            captions=said,
        )
    )
    assert [texts[1] != "everything" for texts in told] == [scene.color == usual for scene in scenes]


def test_a_cat_and_a_dog_stand_side_by_side_without_a_word_of_sides(shards):
    pair = {"subject": "cat", "color": "orange", "pose": "sitting", "place": "living room", "time": "day"}
    sides = [Scene(**pair, relation=side, other="dog", other_color="brown") for side in ("left", "behind")]
    labels, said = np.array([labels_of(scene) for scene in sides]), [["everything", "a cat and a dog"]] * 2
    told = denoiser.unambiguous(dataclasses.replace(shards, labels=labels, seeds=np.zeros(2, int), captions=said))
    assert [texts[1] for texts in told] == ["a cat and a dog", "everything"]


def test_one_step_of_the_student_can_reach_what_two_of_the_teacher_reach():
    shares, generator = denoiser.signal_shares(), torch.Generator().manual_seed(0)
    noisy, one, two = (torch.randn(distil.FEW, CHANNELS, GRID, GRID, generator=generator) for _ in range(3))
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
    noise = np.random.default_rng(0).integers(0, 256, (64, SIZE, SIZE, 3), dtype=np.uint8)
    with torch.no_grad():
        before = model.decode(autoencoder.latents_of(model, noise)).sample
        autoencoder.normalise(model, noise)
        latents = autoencoder.latents_of(model, noise)
        after = model.decode(latents).sample
    assert torch.allclose(before, after, atol=1e-4)
    scaled = latents * autoencoder.SCALING
    assert torch.allclose(scaled.mean((0, 2, 3)), torch.zeros(CHANNELS), atol=1e-3)
    assert torch.allclose(scaled.std((0, 2, 3)), torch.ones(CHANNELS), atol=1e-2)


def test_the_last_step_of_the_noising_holds_no_signal():
    assert float(denoiser.signal_shares()[-1]) == pytest.approx(0.0, abs=1e-7)


def test_labels_cover_every_attribute():
    scene = held_out_scenes(1)[0]
    values = [words[n] for words, n in zip(ATTRIBUTES.values(), labels_of(scene), strict=True)]
    assert values == [getattr(scene, name) for name in ATTRIBUTES]
    assert list(ATTRIBUTES)[:6] == ["subject", "color", "pose", "place", "time", "style"]


@pytest.mark.parametrize("shape", [(2, 8, 40), (1, 40, 8)])
def test_orthogonal_brings_all_singular_values_near_one(shape):
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert float(values.min()) > 0.6 and float(values.max()) < 1.3


def test_orthogonal_stays_tame_where_most_singular_values_are_nearly_nothing():
    torch.manual_seed(0)
    thin = torch.randn(2, 64, 3) @ torch.randn(2, 3, 640) + 1e-4 * torch.randn(2, 64, 640)
    made = orthogonal(thin)
    assert float(torch.linalg.svdvals(made).max()) < 1.3
    assert float((made * thin).sum() / made.norm() / thin.norm()) > 0.3  # still a step downhill
