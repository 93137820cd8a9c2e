"""A picture of the library is known again however it was cut, turned, shrunk or saved, and no other is taken for it."""

import io

import numpy as np
import pytest
from library_kit import DIMENSIONS, PlainEncoder, rows, scene
from PIL import Image, ImageOps

from tools.backends.aligning import ROUGH, Sought, shrunk
from tools.backends.database import Library
from tools.backends.pictures import thumbnail
from tools.backends.recognising import Recogniser
from tools.backends.records import Example

ENCODER = PlainEncoder()
PICTURES = {n: scene(n) for n in range(40)}
TWINS = (3, 40)  # rows of the same picture


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recognising") / "library"
    prompts = [f"scene number {n}" for n in range(41)]
    with Library(
        f"chdb://{folder}", encoder_name="plain", encoder_fingerprint="plain-1", dimensions=DIMENSIONS
    ) as library:
        library.add(rows(prompts, ENCODER, {**PICTURES, 40: PICTURES[3]}, id=[f"e{n}" for n in range(41)]))
        yield Recogniser(library, ENCODER)


def jpeg(picture: Image.Image, quality: int = 50) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue()))


def cut(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """Without these shares of its sides."""
    wide, high = picture.size
    return picture.crop((round(left * wide), round(top * high), round((1 - right) * wide), round((1 - bottom) * high)))


def half(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2))


CHANGES = {
    "a tenth cut off its corner": lambda p: cut(p, 0.1, 0.1, 0, 0),
    "a tenth cut off its width": lambda p: cut(p, 0.03, 0, 0.07, 0),
    "a tenth cut off all round": lambda p: cut(p, 0.1, 0.1, 0.1, 0.1),
    "saved as a poor JPEG": jpeg,
    "half the size": half,
    "mirrored": ImageOps.mirror,
    "all of it": lambda p: jpeg(half(ImageOps.mirror(cut(p, 0, 0.08, 0.1, 0)))),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("number", [0, 7, 22, 31])
def test_a_changed_picture_is_this_picture_still_and_comes_first(recogniser, change, number):
    description = recogniser.describe(change(PICTURES[number]), k=3)
    assert (description.verdict, description.matches[0].example.id) == ("this picture", f"e{number}")
    assert description.score > 0.6
    assert [match.rank for match in description.matches] == [1, 2, 3]


def test_a_large_copy_is_this_picture_and_is_left_as_it_was(recogniser):
    large = PICTURES[9].resize((1800, 1400))
    assert recogniser.describe(cut(large, 0.1, 0, 0, 0.1)).matches[0].example.id == "e9"
    assert recogniser.describe(large).verdict == "this picture"
    assert large.size == (1800, 1400)


def test_the_reason_says_what_was_done_to_the_picture(recogniser):
    reason = recogniser.describe(ImageOps.mirror(cut(PICTURES[5], 0.1, 0.1, 0, 0))).reason
    assert reason.startswith("Its pixels agree with example e5 after cropping and mirroring: ")
    assert " after " not in recogniser.describe(PICTURES[5]).reason


@pytest.mark.parametrize("seed", range(900, 910))
def test_a_foreign_picture_is_not_talked_into_a_match(recogniser, seed):
    description = recogniser.describe(scene(seed))
    assert description.verdict != "this picture"
    assert description.score < 0.6
    assert description.reason.startswith("No example's pixels agree with it")


def test_noise_is_not_in_the_library(recogniser):
    noise = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    description = recogniser.describe(Image.fromarray(noise))
    assert description.verdict != "this picture"
    assert description.score < 0.1


def test_a_flat_colour_is_not_in_the_library_and_it_is_said_why(recogniser):
    description = recogniser.describe(Image.new("RGB", (64, 64), (90, 120, 200)))
    assert (description.verdict, description.score) == ("not in the library", 0.0)
    assert description.reason == "It is one colour all over, and so would agree with anything of that colour."


def test_twins_in_the_library_do_not_hide_each_other(recogniser):
    description = recogniser.describe(jpeg(PICTURES[3]))
    assert description.verdict == "this picture"
    assert {match.example.id for match in description.matches[:2]} == {f"e{n}" for n in TWINS}


def test_of_given_examples_only_the_picture_itself_is_the_same(recogniser):
    examples = recogniser.library.get([f"e{n}" for n in range(10, 20)])
    assert list(recogniser.same(half(PICTURES[14]), examples)) == ["e14"]
    assert recogniser.same(scene(950), examples) == {}
    assert recogniser.same(PICTURES[14], []) == {}


class Shelf:
    """A library of few pictures, in memory: one process opens one folder, and the module's is open."""

    def __init__(self, *pictures: Image.Image) -> None:
        self.vectors = {f"s{n}": ENCODER.pictures([picture])[0] for n, picture in enumerate(pictures)}
        self.small = {f"s{n}": thumbnail(picture) for n, picture in enumerate(pictures)}

    def picture_count(self) -> int:
        return len(self.small)

    def some_pictures(self, count: int) -> list[str]:
        return list(self.small)[:count]

    def thumbnails(self, ids: list[str]) -> dict[str, bytes]:
        return {id: self.small[id] for id in ids}

    def picture_vectors(self, ids: list[str]) -> dict[str, np.ndarray]:
        return {id: self.vectors[id] for id in ids}

    def nearest_pictures(self, vector: np.ndarray, k: int) -> list[tuple[Example, float]]:
        found = [(Example(id=id, prompt=""), float(1 - own @ vector)) for id, own in self.vectors.items()]
        return sorted(found, key=lambda pair: pair[1])[:k]


def test_a_library_without_pictures_says_so():
    assert Recogniser(Shelf(), ENCODER).describe(scene(0)).reason == "The library holds no pictures to compare it with."


def test_a_library_of_one_picture_knows_it_and_nothing_else():
    recogniser = Recogniser(Shelf(scene(0)), ENCODER)
    assert recogniser.describe(jpeg(scene(0))).verdict == "this picture"
    assert [recogniser.describe(scene(seed)).verdict for seed in (901, 902, 903)] == ["not in the library"] * 3


def test_a_library_of_copies_of_one_picture_knows_it_and_nothing_else():
    recogniser = Recogniser(Shelf(*[scene(0)] * 30), ENCODER)
    assert recogniser.describe(jpeg(scene(0))).verdict == "this picture"
    assert recogniser.describe(scene(901)).verdict == "not in the library"


def test_a_broken_thumbnail_is_no_proof_of_anything():
    shelf = Shelf(scene(0), scene(1))
    shelf.small["s0"] = shelf.small["s0"][:40]
    assert Recogniser(shelf, ENCODER).describe(scene(0)).verdict != "this picture"


def test_a_crop_is_laid_where_it_was_cut_from():
    picture = scene(8, 128)
    sought = Sought(cut(picture, 0.1, 0.02, 0.02, 0.08))
    agreement, frames, turned = sought.rough(np.stack([shrunk(picture, ROUGH)]))
    fit = sought.fit(picture, frames[0], bool(turned[0]))
    assert agreement[0] > 0.9
    assert np.abs(np.array(fit.frame) - [0.1, 0.02, 0.98, 0.92]).max() < 0.02
    assert (fit.mirrored, fit.cropped) == (False, True)
    assert fit.left < 0.01
