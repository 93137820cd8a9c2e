"""The starter judge at toy size: it learns what drawings show, knows its left and right, and measures distances."""

import numpy as np
import pytest
import torch
from PIL import Image

from starter import data, judge, roughening
from starter.data import ATTRIBUTES, SIZE, Shards, held_out_scenes, labels_of
from starter.evaluate import drawn_held_out
from starter.world import SUBJECTS

CPU = torch.device("cpu")
AT = {name: column for column, name in enumerate(ATTRIBUTES)}


@pytest.fixture(scope="module")
def shards() -> Shards:
    scenes, pictures = drawn_held_out(24)
    labels = np.array([labels_of(scene) for scene in scenes])
    return Shards(pictures, np.zeros((24, 2, 16, 16), np.uint8), labels, np.zeros(24, np.int64), [[""]] * 24)


def make_run(shards, folder, steps):
    return judge.training(shards, folder, 0.5, "tiny", CPU, max_steps=steps)


@pytest.fixture(scope="module")
def trained(shards, tmp_path_factory):
    run = make_run(shards, tmp_path_factory.mktemp("judge"), 60)
    run.run()
    return run


def test_it_learns_and_resumes_where_it_stopped(shards, trained):
    assert np.mean(trained.history[-12:]) < np.mean(trained.history[:12])

    again = make_run(shards, trained.folder, 61)
    assert (again.done, again.spent) == (60, trained.spent)
    for name in ("modules", "average"):
        mine, theirs = (
            (run.modules["model"] if name == "modules" else run.average.module).state_dict() for run in (again, trained)
        )
        assert mine.keys() == theirs.keys() and all(torch.equal(mine[key], theirs[key]) for key in mine)
    again.run()
    assert (again.done, len(again.history)) == (61, 1)


def test_the_average_follows_the_statistics_of_the_norms(trained):
    moved = {key: t for key, t in trained.smoothed.state_dict().items() if key.endswith("running_mean")}
    assert moved and all(float(t.abs().max()) > 0 for t in moved.values())


def test_saving_and_loading_keeps_the_answers(shards, trained, tmp_path):
    judge.save(trained.smoothed, tmp_path)
    loaded = judge.load(tmp_path)
    assert not any("norm" in name for name in loaded.state_dict())
    with torch.no_grad():
        pictures = judge.pixels(shards.pictures)
        before, after = trained.smoothed(pictures), loaded(pictures)
    for name in ATTRIBUTES:
        assert torch.allclose(before[name], after[name], atol=0.05)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "model.safetensors"]


def test_the_evaluation_asks_the_judge_that_was_trained(trained, shards, tmp_path):
    from evaluation.judging import READ, IndependentJudge

    judge.save(trained.smoothed, tmp_path)
    eyes = IndependentJudge(tmp_path)
    said = judge.read(judge.load(tmp_path), shards.pictures[:3])
    for number, pixels in enumerate(shards.pictures[:3]):
        told = eyes.read(Image.fromarray(pixels).convert("RGBA"))
        assert told == {name: ATTRIBUTES[name][int(said[name][number])] for name in READ}
    assert eyes.independent


def test_a_judge_of_another_world_is_refused(trained, tmp_path):
    judge.save(trained.smoothed, tmp_path)
    config = tmp_path / "config.json"
    config.write_text(config.read_text().replace('"cat"', '"yeti"'))
    with pytest.raises(ValueError, match="another world"):
        judge.load(tmp_path)


def test_nothing_trained_names_the_command(tmp_path):
    with pytest.raises(FileNotFoundError, match="starter.train judge"):
        judge.load(tmp_path / "none")


@pytest.mark.parametrize("size", [SIZE, SIZE * 2, 96])
def test_it_reads_pictures_of_any_size(trained, size):
    pictures = np.random.default_rng(0).integers(0, 256, (5, size, size, 3), dtype=np.uint8)
    said = judge.read(trained.smoothed, pictures, batch=2)
    assert list(said) == list(ATTRIBUTES)
    assert all(answer.shape == (5,) and answer.max() < len(ATTRIBUTES[name]) for name, answer in said.items())
    found = judge.features(trained.smoothed, pictures, batch=2)
    assert found.shape == (5, 64) and found.dtype == np.float32
    assert len(judge.features(trained.smoothed, pictures[:0])) == 0


def test_accuracy_counts_what_is_read_right(shards, trained):
    said = judge.read(trained.smoothed, shards.pictures)
    read_off = np.stack(list(said.values()), axis=1)
    assert set(judge.accuracy(trained.smoothed, shards.pictures, read_off).values()) == {1.0}
    wrong = read_off.copy()
    wrong[:6, AT["subject"]] = (wrong[:6, AT["subject"]] + 1) % len(SUBJECTS)
    assert judge.accuracy(trained.smoothed, shards.pictures, wrong)["subject"] == 0.75


def test_a_colour_is_not_counted_where_the_style_hides_it(shards, trained):
    read_off = np.stack(list(judge.read(trained.smoothed, shards.pictures).values()), axis=1)
    wrong = read_off.copy()
    wrong[:6, AT["color"]] = (wrong[:6, AT["color"]] + 1) % len(ATTRIBUTES["color"])
    wrong[:, AT["style"]] = ATTRIBUTES["style"].index("watercolor")
    assert judge.accuracy(trained.smoothed, shards.pictures, wrong)["color"] == 0.75
    wrong[:6, AT["style"]] = ATTRIBUTES["style"].index("noir")
    assert judge.accuracy(trained.smoothed, shards.pictures, wrong)["color"] == 1.0


def test_every_row_comes_once_an_epoch_and_a_step_is_always_the_same(shards):
    seen = [judge.batch_of(shards, 8, number, 0) for number in range(3)]
    assert (
        sorted(map(tuple, np.concatenate([labels for _, labels in seen]).tolist()))
        == sorted(map(tuple, shards.labels.tolist()))
        or "relation" in ATTRIBUTES
    )  # mirrored ones are told otherwise
    again = judge.batch_of(shards, 8, 1, 0)
    assert torch.equal(again[0], seen[1][0]) and np.array_equal(again[1], seen[1][1])


def test_roughening_keeps_a_picture_a_picture_and_repeats():
    pictures = torch.rand(16, 3, 64, 64) * 1.6 - 0.8
    once, twice = (roughening.roughen(pictures, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(once, twice) and not torch.equal(once, pictures)
    assert float(once.abs().max()) <= 1 and once.shape == pictures.shape
    plain = torch.linspace(-1, 1, 64).expand(16, 3, 64, 64)
    assert float((roughening.roughen(plain, torch.Generator().manual_seed(3)) - plain).abs().mean()) < 0.25


def test_blocks_of_cosines_lose_nothing_unless_rounded():
    pictures = torch.rand(2, 3, 32, 32) * 2 - 1
    assert torch.allclose(roughening.blocky(pictures, torch.full((2, 1, 1, 1), 1e-5)), pictures, atol=1e-3)
    assert float((roughening.blocky(pictures, torch.full((2, 1, 1, 1), 0.2)) - pictures).abs().mean()) > 0.05


# Left and right


@pytest.fixture
def pairs(monkeypatch):
    """A few attributes, and what makes their labels."""
    kinds = ("cat", "dog")
    colors = tuple(sorted({color for kind in SUBJECTS.values() for color in kind.colors}))
    poses = tuple(sorted({pose for kind in SUBJECTS.values() for pose in kind.poses}))
    words = {"subject": kinds, "color": colors, "pose": poses, "relation": ("none", "left", "right", "on", "behind")}
    words |= {"other": ("none", *kinds), "other_color": ("none", *colors)}
    for module in (data, judge):
        monkeypatch.setattr(module, "ATTRIBUTES", words)

    def labels(*said: str) -> np.ndarray:
        return np.array([[words[name].index(word) for name, word in zip(words, said, strict=True)]])

    return labels


@pytest.mark.parametrize(
    ("relation", "turned"), [("left", "right"), ("right", "left"), ("on", "on"), ("behind", "behind"), ("none", "none")]
)
def test_a_mirrored_label_changes_sides(pairs, relation, turned):
    before = pairs("cat", "black", "walking", relation, "dog", "brown")
    assert np.array_equal(data.mirrored(before), pairs("cat", "black", "walking", turned, "dog", "brown"))
    assert np.array_equal(data.mirrored(data.mirrored(before)), before)


def test_side_by_side_a_pair_has_two_names(pairs):
    told = data.told_from_the_other(pairs("cat", "black", "sitting", "left", "dog", "brown"))
    assert np.array_equal(told, pairs("dog", "brown", "sitting", "right", "cat", "black"))


@pytest.mark.parametrize(
    "said",
    [
        ("cat", "black", "walking", "left", "dog", "brown"),  # the one that walks is the subject
        ("cat", "black", "sitting", "on", "dog", "brown"),
        ("cat", "black", "sitting", "none", "none", "none"),
    ],
)
def test_everything_else_has_one_name(pairs, said):
    assert np.array_equal(data.told_from_the_other(pairs(*said)), pairs(*said))


def test_either_name_of_a_pair_is_right(pairs):
    labels = pairs("cat", "black", "sitting", "left", "dog", "brown")
    other = pairs("dog", "brown", "sitting", "right", "cat", "black")
    said = {name: other[:, column] for column, name in enumerate(judge.ATTRIBUTES)}
    assert all(right.all() for right in judge.agreement(said, labels).values())
    wrong = {**said, "relation": labels[:, 3]}  # the right animals, on the wrong sides
    right = judge.agreement(wrong, labels)
    assert not right["relation"].any() and right["subject"].all()


def test_a_mirrored_picture_with_its_subject_left_is_taught_as_right():
    scene = next(scene for scene in held_out_scenes(500) if scene.relation == "left")
    labels = np.array([labels_of(scene)] * 16)
    marked = np.zeros((16, SIZE, SIZE, 3), np.uint8)
    marked[:, :, : SIZE // 2] = 255
    alike = Shards(marked, np.zeros((16, 16, 16), np.uint8), labels, np.zeros(16, np.int64), [[""]] * 16)
    pictures, taught = judge.batch_of(alike, 16, 0, 0)
    side = np.where(pictures[:, 0, 0, 0].numpy() > 0, "left", "right")
    assert set(side) == {"left", "right"}
    assert [ATTRIBUTES["relation"][n] for n in taught[:, AT["relation"]]] == list(side)


# The Fréchet distance


def test_a_set_has_no_distance_to_itself_and_more_the_further_it_moves():
    rng = np.random.default_rng(0)
    for count in (20, 400):  # fewer pictures than features, and more
        found = rng.normal(size=(count, 48)).astype(np.float32) @ rng.normal(size=(48, 48)).astype(np.float32)
        assert judge.frechet(found, found) == pytest.approx(0, abs=1e-6)
        moved = [judge.frechet(found, found + shift) for shift in (0.5, 1.0, 2.0)]
        assert moved == pytest.approx([48 * shift**2 for shift in (0.5, 1.0, 2.0)], rel=1e-3)


def test_diagonal_gaussians_have_the_distance_of_their_closed_form():
    rng = np.random.default_rng(1)
    whitened = rng.normal(size=(200, 6))
    whitened = np.linalg.qr(whitened - whitened.mean(0))[0] * np.sqrt(199)  # mean 0, covariance exactly one
    (mean_a, mean_b), (dev_a, dev_b) = rng.normal(size=(2, 6)), rng.uniform(0.2, 3, (2, 6))
    a, b = whitened * dev_a + mean_a, whitened * dev_b + mean_b
    assert judge.frechet(a, b) == pytest.approx(np.square(mean_a - mean_b).sum() + np.square(dev_a - dev_b).sum())


def test_one_picture_has_no_distance():
    with pytest.raises(ValueError, match="two pictures"):
        judge.frechet(np.zeros((1, 4)), np.zeros((5, 4)))


def test_the_stage_trains_reads_and_saves(shards, tmp_path, monkeypatch):
    from starter import evaluate, train

    monkeypatch.setattr(train.Stages, "_shards", lambda self, drawn="data": shards)
    monkeypatch.setattr(evaluate, "drawn_held_out", lambda count: drawn_held_out(3))
    arguments = ["judge", "--preset", "tiny", "--minutes", "0.01", "--device", "cpu"]
    assert train.main([*arguments, "--runs", str(tmp_path / "runs"), "--weights", str(tmp_path / "weights")]) == 0
    assert judge.load(tmp_path / "weights" / "judge").size == SIZE
