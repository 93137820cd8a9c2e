"""Picture files: strangers' ones open or are refused in one sentence, ours keep their recipe and never overwrite."""

import dataclasses
import errno
import io
import json
import os
import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sd_parsers import ParserManager

from tools.backends.errors import BadPicture, StorageFull
from tools.backends.pictures import (
    notes_of,
    open_picture,
    parameters_text,
    read_metadata,
    read_recipe,
    save_png,
    thumbnail,
)
from tools.backends.recipes import recipe_from_json
from tools.backends.records import Recipe, as_json

RECIPE = Recipe(
    prompt="a fox, snow", negative_prompt="blur", seed=7, steps=20, guidance=7.5, width=64, height=48, scheduler="EulerDiscreteScheduler",
    model="toy", model_hash="0123456789", device="cpu", versions={"torch": "2.13.0", "atelier": "0.1.0"},
)  # fmt: skip
GRADIENT = np.linspace(0, 255, 64 * 48).reshape(48, 64)
FOX = Image.fromarray(np.stack([GRADIENT, GRADIENT / 2, 255 - GRADIENT], -1).astype(np.uint8), "RGB")


def encoded(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header promises a size that its few bytes of pixels do not hold."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


# --- opening ---


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_the_common_formats_open_as_rgb(format: str, tmp_path: Path):
    path = tmp_path / f"fox.{format.lower()}"
    path.write_bytes(encoded(FOX, format))
    for picture in (open_picture(path), open_picture(path.read_bytes())):
        assert (picture.mode, picture.size) == ("RGB", (64, 48))
        assert np.abs(np.asarray(picture, float) - np.asarray(FOX, float)).mean() < 12
        assert notes_of(picture) == ()


def test_a_picture_of_20000_by_20000_is_refused_by_its_header():
    with pytest.raises(BadPicture, match="huge.png is 20000×20000 pixels; at most 50 million"):
        open_picture(png_of_size(20_000, 20_000), name="huge.png")


def test_an_honest_large_picture_is_refused_above_the_given_limit():
    with pytest.raises(BadPicture, match="64×48 pixels; at most 0.001 million"):
        open_picture(encoded(FOX), max_pixels=1_000)


@pytest.mark.parametrize("size", [(1, 1), (4000, 1), (7, 7)])
def test_a_tiny_picture_is_refused(size: tuple[int, int]):
    with pytest.raises(BadPicture, match=f"dot.png is too small: {size[0]}×{size[1]}"):
        open_picture(encoded(Image.new("RGB", size)), name="dot.png")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "TIFF"])
def test_a_picture_cut_off_anywhere_is_refused_with_its_name(format: str):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8), "RGB")
    data = encoded(noise, format)
    for part in (0.05, 0.3, 0.5, 0.9):
        with pytest.raises(BadPicture, match="cut.bin is"):
            open_picture(data[: int(len(data) * part)], name="cut.bin")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "note.txt is empty"), (b"hello, I am no picture", "note.txt is not a picture"), (b"\0" * 1000, "note.txt is not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "note.txt is not a picture"), (b"<svg/>", "note.txt is not a picture"),
        (b"\x89PNG\r\n\x1a\n", "note.txt is not a picture"), (png_of_size(64, 64), "note.txt is broken"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_its_name(tmp_path: Path, data: bytes, words: str):
    path = tmp_path / "note.txt"
    path.write_bytes(data)
    with pytest.raises(BadPicture, match=words):
        open_picture(path)


def test_missing_files_and_folders_are_refused(tmp_path: Path):
    with pytest.raises(BadPicture, match="no file .*nothing.png"):
        open_picture(tmp_path / "nothing.png")
    with pytest.raises(BadPicture, match="is a folder"):
        open_picture(tmp_path)
    with pytest.raises(BadPicture):
        open_picture("a\0b.png")


def test_a_compressed_text_bomb_is_refused(tmp_path: Path):
    chunks = PngInfo()
    chunks.add_text("parameters", "a" * 50_000_000, zip=True)
    data = encoded(FOX, pnginfo=chunks)
    assert len(data) < 100_000
    with pytest.raises(BadPicture):
        open_picture(data)
    assert read_metadata(data) is None
    assert read_recipe(data) is None


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_used_and_that_is_said(format: str):
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue", "green")]
    picture = open_picture(encoded(frames[0], format, save_all=True, append_images=frames[1:]), name="dance")
    red, green, blue = picture.getpixel((16, 16))
    assert red > 240
    assert green + blue < 20
    assert notes_of(picture) == ("dance is animated (3 frames): only its first frame is used.",)


def test_cmyk_keeps_its_colours():
    red, green, blue = open_picture(encoded(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG")).getpixel((9, 9))
    assert red > 240
    assert green + blue < 20


def test_sixteen_bits_are_scaled_not_clipped():
    deep = (GRADIENT * 257).astype(np.uint16)
    wide = Image.fromarray(deep.astype(np.int32), "I")
    for data in (encoded(Image.fromarray(deep)), encoded(Image.fromarray(deep), "TIFF"), encoded(wide, "TIFF")):
        assert np.abs(np.asarray(open_picture(data), float)[..., 0] - GRADIENT).max() <= 1


@pytest.mark.parametrize("top", [1.0, 200.0, 1e30])
def test_floats_are_scaled_to_their_highest_and_what_is_no_number_is_black(top):
    values = (GRADIENT / 255 * top).astype(np.float32)
    values[0, :4] = np.nan, np.inf, -np.inf, -top
    shown = np.asarray(open_picture(encoded(Image.fromarray(values, "F"), "TIFF")), float)[..., 0]
    expected = GRADIENT * (200 / 255 if top == 200 else 1)
    assert np.abs(shown - expected)[1:].max() <= 1
    assert shown[0, :4].max() == 0


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_deep_pictures_take_few_copies(mode):
    deep = (
        Image.fromarray(np.full((1_000, 1_000), 65_535, np.uint16))
        if mode == "I;16"
        else Image.new(mode, (1_000, 1_000), 65_535)
    )
    data = encoded(deep, "TIFF")
    open_picture(data)  # imports are no copies
    tracemalloc.start()
    try:
        assert open_picture(data).getpixel((9, 9)) == (255, 255, 255)
        assert tracemalloc.get_traced_memory()[1] < 16e6
    finally:
        tracemalloc.stop()


def test_transparent_parts_become_white_and_palettes_keep_their_colours():
    half = Image.new("RGBA", (32, 32), (255, 0, 0, 255))
    half.paste((0, 0, 0, 0), (0, 0, 16, 32))
    for data in (
        encoded(half),
        encoded(half, "WEBP", lossless=True),
        encoded(half.convert("P"), transparency=0),
        encoded(half, "GIF"),
    ):
        picture = open_picture(data)
        assert picture.getpixel((2, 2)) == (255, 255, 255)
        assert picture.getpixel((30, 2)) == (255, 0, 0)
    for mode in ("1", "L", "LA", "P"):
        assert open_picture(encoded(FOX.convert(mode))).mode == "RGB"


def test_a_photo_lying_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # "the camera was turned": show it turned by 90°
    assert open_picture(encoded(FOX, "JPEG", exif=exif)).size == (48, 64)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_never_raises_anything_else(data: st.DataObject):
    format = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"]))
    content = bytearray(encoded(FOX.resize((16, 16)), format))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_metadata(bytes(content))
    read_recipe(bytes(content))
    try:
        assert open_picture(bytes(content)).mode == "RGB"
    except BadPicture as error:
        assert "the picture" in str(error)


# --- saving ---


def test_a_saved_picture_has_its_pixels_its_parameters_and_its_recipe(tmp_path: Path):
    path = save_png(FOX, RECIPE, tmp_path / "new folder", "picture 3")
    assert path == tmp_path / "new folder" / "picture-3.png"
    with Image.open(path) as saved:
        assert saved.tobytes() == FOX.tobytes()
        assert saved.text["parameters"] == (  # type: ignore[attr-defined]
            "a fox, snow\nNegative prompt: blur\n"
            "Steps: 20, Sampler: Euler, CFG scale: 7.5, Seed: 7, Size: 64x48, Model hash: 0123456789, Model: toy, Version: Atelier 0.1.0"
        )
        assert json.loads(saved.text["atelier"]) == as_json(RECIPE)  # type: ignore[attr-defined]
    assert read_recipe(path) == RECIPE
    assert read_recipe(path.read_bytes()) == RECIPE
    found = ParserManager().parse(path)
    assert found is not None
    assert (found.full_prompt, found.full_negative_prompt, found.samplers[0].parameters["seed"]) == (
        "a fox, snow",
        "blur",
        "7",
    )


def test_a_taken_name_is_never_overwritten(tmp_path: Path):
    paths = [save_png(FOX, RECIPE, tmp_path, "picture 1") for _ in range(3)]
    assert [path.name for path in paths] == ["picture-1.png", "picture-1-2.png", "picture-1-3.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)


def test_a_disk_without_hard_links_works_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    names = [save_png(FOX, RECIPE, tmp_path, "picture 1").name for _ in range(2)]
    assert names == ["picture-1.png", "picture-1-2.png"] == sorted((p.name for p in tmp_path.iterdir()), key=len)
    assert read_recipe(tmp_path / names[1]) == RECIPE


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "猫", "a" * 500, "con\0", "x/y\\z"])
def test_a_name_never_leaves_the_folder(tmp_path: Path, name: str):
    assert save_png(FOX, RECIPE, tmp_path / "in", name).parent == tmp_path / "in"
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_disk_that_refuses_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str):
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    kept = save_png(FOX, RECIPE, tmp_path, "picture 1").read_bytes()
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StorageFull, match=f"Nothing can be saved in {tmp_path}: .*ATELIER_HOME"):
        save_png(FOX, RECIPE, tmp_path, "picture 1")
    assert [p.name for p in tmp_path.iterdir()] == ["picture-1.png"]
    assert (tmp_path / "picture-1.png").read_bytes() == kept


def test_a_folder_that_is_a_file_is_said_so(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFull, match="file"):
        save_png(FOX, RECIPE, tmp_path / "file" / "deeper")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.sampled_from(
    ["a\nNegative prompt: b\nSteps: 3, Sampler: x, CFG scale: 1, Seed: 2", "Negative prompt: x Negative prompt: y", "(a:1.3), [b], \"c\"", "\\"]
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prompt=TEXT, negative=TEXT, seed=st.integers(0, 2**32 - 1))
def test_any_words_come_back_from_the_file(tmp_path: Path, prompt: str, negative: str, seed: int):
    recipe = dataclasses.replace(RECIPE, prompt=prompt, negative_prompt=negative, seed=seed)
    assert read_recipe(save_png(FOX.resize((8, 8)), recipe, tmp_path)) == recipe


@settings(max_examples=100, deadline=None)
@given(prompt=TEXT, negative=TEXT, model=TEXT)
def test_other_programs_read_our_parameters(prompt: str, negative: str, model: str):
    recipe = dataclasses.replace(RECIPE, prompt=prompt, negative_prompt=negative, model=model)
    chunks = PngInfo()
    chunks.add_text("parameters", parameters_text(recipe))
    found = read_metadata(encoded(FOX.resize((8, 8)), pnginfo=chunks))
    assert found is not None
    assert {key: found[key] for key in ("generator", "seed", "steps", "guidance", "sampler", "model_hash")} == {
        "generator": "AUTOMATIC1111", "seed": 7, "steps": 20, "guidance": 7.5, "sampler": "Euler", "model_hash": "0123456789",
    }  # fmt: skip
    if prompt.isalnum():
        assert found["prompt"] == prompt


# --- reading ---


def test_the_metadata_of_our_own_file_is_its_recipe(tmp_path: Path):
    found = read_metadata(save_png(FOX, RECIPE, tmp_path))
    assert found == {
        "generator": "Atelier", "prompt": "a fox, snow", "negative_prompt": "blur", "seed": 7, "steps": 20, "sampler": "Euler",
        "guidance": 7.5, "model": "toy", "model_hash": "0123456789", "width": 64, "height": 48,
    }  # fmt: skip


def test_a_web_ui_jpeg_is_read():
    text = "photo of a duck\nNegative prompt: grey\nSteps: 15, Sampler: UniPC, CFG scale: 5, Seed: 42, Size: 512x512, Model: duckmix"
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode("utf-16-be")
    assert read_metadata(encoded(FOX, "JPEG", exif=exif)) == {
        "generator": "AUTOMATIC1111", "prompt": "photo of a duck", "negative_prompt": "grey", "seed": 42, "steps": 15,
        "sampler": "UniPC", "guidance": 5.0, "model": "duckmix",
    }  # fmt: skip


def test_each_jpeg_is_read_for_itself():
    for number in range(30):  # sd-parsers' own manager mixes up pictures that come to lie at the same address
        exif = Image.Exif()
        text = f"duck {number}\nSteps: 15, Sampler: UniPC, CFG scale: 5, Seed: {number}"
        order = ("utf-16-be", "utf-16-le")[number % 2]
        exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode(order)
        found = read_metadata(encoded(FOX, ("JPEG", "WEBP")[number % 3 % 2], exif=exif))
        assert found is not None
        assert (found["prompt"], found["seed"]) == (f"duck {number}", number)


@pytest.mark.parametrize("zip", [False, True])
def test_comfyui_invokeai_and_fooocus_are_read(zip: bool):
    nodes = {
        "1": {"class_type": "KSampler", "inputs": {
            "seed": 5, "steps": 9, "cfg": 4.5, "sampler_name": "euler", "model": ["4", 0], "positive": ["2", 0], "negative": ["3", 0]}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a duck"}}, "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "grey"}},
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "duckmix"}},
    }  # fmt: skip
    links = [[1, 2, 0, 1, 1, "CONDITIONING"], [2, 3, 0, 1, 2, "CONDITIONING"], [3, 4, 0, 1, 0, "MODEL"]]
    invoke = {
        "app_version": "3", "positive_prompt": "a duck", "negative_prompt": "grey", "seed": 5, "steps": 9, "cfg_scale": 4.5,
        "scheduler": "euler", "model": {"model_name": "duckmix"},
    }  # fmt: skip
    fooocus = {
        "prompt": "a duck", "negative_prompt": "grey", "seed": "5", "steps": 9, "guidance_scale": 4.5, "sampler": "euler",
        "base_model": "duckmix", "base_model_hash": "", "version": "Fooocus v2",
    }  # fmt: skip
    files = {
        "ComfyUI": {"prompt": nodes, "workflow": {"links": links}}, "InvokeAI": {"invokeai_metadata": invoke},
        "Fooocus": {"parameters": fooocus},
    }  # fmt: skip
    for generator, texts in files.items():
        chunks = PngInfo()
        for key, value in texts.items():
            chunks.add_text(key, json.dumps(value), zip=zip)
        assert read_metadata(encoded(FOX, pnginfo=chunks)) == {
            "generator": generator, "prompt": "a duck", "negative_prompt": "grey", "seed": 5, "steps": 9, "guidance": 4.5,
            "sampler": "euler", "model": "duckmix",
        }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Hashes: {" * 100_000, "Hashes: {" * 3_500, "Steps: 1, " * 90_000, "\n" * 30_000, " " * 32_000, "[" * 32_000],
)
@pytest.mark.parametrize("key", ["parameters", "Dream", "prompt", "Comment"])
def test_a_text_made_to_be_slow_is_not(key: str, text: str):
    chunks = PngInfo()
    for name in {key, "workflow", "Description", "Source"}:
        chunks.add_text(name, text)
    start = time.perf_counter()
    assert read_metadata(encoded(FOX.resize((8, 8)), pnginfo=chunks)) is None
    assert time.perf_counter() - start < 5


def test_a_picture_without_metadata_has_none(tmp_path: Path):
    assert read_metadata(encoded(FOX)) is None
    assert read_metadata(tmp_path / "nothing.png") is None
    assert read_metadata(b"") is None


def test_text_after_the_pixels_is_read(tmp_path: Path):
    data = save_png(FOX, RECIPE, tmp_path).read_bytes()
    at = data.index(b"iTXt") - 4
    length = struct.unpack(">I", data[at : at + 4])[0] + 12
    moved = data[:at] + data[at + length : -12] + data[at : at + length] + data[-12:]
    assert read_recipe(moved) == RECIPE


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": -1}, {"seed": 1.5}, {"seed": True}, {"seed": 2**70}, {"steps": 0}, {"steps": 10**9}, {"guidance": float("nan")},
        {"guidance": "7"}, {"width": 10**6}, {"height": None}, {"prompt": 3}, {"prompt": "x" * 20_001}, {"prompt": "\ud83d"},
        {"model": ["x"]}, {"versions": {"a": 1}}, {"versions": []}, {"versions": {str(n): "1" for n in range(99)}},
    ],
)  # fmt: skip
def test_a_strangers_recipe_is_checked_field_by_field(wrong: dict):
    assert recipe_from_json(as_json(RECIPE)) == RECIPE
    assert recipe_from_json({**as_json(RECIPE), "from the future": 1}) == RECIPE
    assert recipe_from_json({**as_json(RECIPE), **wrong}) is None
    chunks = PngInfo()
    chunks.add_itxt("atelier", json.dumps({**as_json(RECIPE), **wrong}))
    assert read_recipe(encoded(FOX, pnginfo=chunks)) is None


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "[" * 100_000, "1" * 10_000, '{"seed": 1}'])
def test_nonsense_is_no_recipe(text: str):
    assert recipe_from_json(text) is None


def test_a_thumbnail_is_small_and_keeps_its_shape():
    small = Image.open(io.BytesIO(thumbnail(FOX.resize((1000, 500)))))
    assert (small.format, small.size) == ("WEBP", (256, 128))
