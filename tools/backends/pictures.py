"""Picture files: opening strangers' ones safely, saving ours with their recipe, and reading how a picture was made.

Three kinds of text about its making may be in a file: the `parameters` line that AUTOMATIC1111's web UI writes, other
programs' own chunks (both read through sd-parsers), and our `atelier` chunk with the whole recipe. Whatever is in a
stranger's file, these functions give a picture, None, or one BadPicture; they never give another exception.
"""

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.backends.errors import BadPicture
from tools.backends.recipes import LONGEST_PROMPT, parameters_text, recipe_from_json, recipe_to_json, sampler_name
from tools.backends.records import Recipe
from tools.backends.storage import write_new

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "fingerprint", "notes_of", "open_picture", "parameters_text", "read_metadata", "read_recipe", "save_png", "thumbnail",
]  # fmt: skip

MOST_PIXELS = 50_000_000
MOST_BYTES = 100 * 2**20
SMALLEST_SIDE = 8
RECIPE_CHUNK = "atelier"
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")  # never EPS: Pillow runs Ghostscript for it

_LONGEST_TEXT = 2**20  # bytes of one text
_ALL_TEXT = 8 * 2**20
_LONGEST = {
    "parameters": 32_000,
    "Dream": 8_000,
    "Description": 32_000,
    "Source": 300,
}  # read by slow regular expressions
_EXIF, _USER_COMMENT = 0x8769, 0x9286
_MOST_CHUNKS = 10_000
_PNG = b"\x89PNG\r\n\x1a\n"
_NOTES = "atelier notes"

# What Pillow and sd-parsers are seen to raise on broken files. Wide on purpose: a stranger's file must not end a turn.
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError,
    RuntimeError, MemoryError, struct.error, zlib.error,
)  # fmt: skip


def open_picture(
    data: bytes | Path | str, *, name: str = "", max_pixels: int = MOST_PIXELS, under: str = "white"
) -> "Image":
    """Open a picture file as RGB, upright, transparent parts on `under`; of an animation its first frame.

    Its size is checked before a pixel is decoded. `notes_of(image)` says what the person should know about it.

    Args:
        data: The file's bytes, or where it is.
        name: What to call it in an error; a path's own name by default.
        max_pixels: The largest width × height to decode.
        under: The colour that is seen through transparent parts, as Pillow names it.

    Raises:
        BadPicture: no picture, a broken one, one that is too large or too small; names the file and says what to do.
    """
    name = name or ("the picture" if isinstance(data, bytes) else Path(data).name)
    content = _content(data, name)
    image = _identify(content, name)
    width, height = image.size
    if width * height > max_pixels:
        raise BadPicture(
            f"{name} is {width}×{height} pixels; at most {max_pixels / 1e6:g} million are opened. Make it smaller and try again."
        )
    if min(width, height) < SMALLEST_SIDE:
        raise BadPicture(
            f"{name} is too small: {width}×{height} pixels. Use a picture of at least {SMALLEST_SIDE}×{SMALLEST_SIDE}."
        )
    from PIL import ImageOps

    notes: list[str] = []
    try:
        frames = int(getattr(image, "n_frames", 1))
        if frames > 1 and image.format in {"GIF", "WEBP", "PNG", "AVIF"}:
            notes.append(f"{name} is animated ({frames} frames): only its first frame is used.")
        elif frames > 1 and image.format == "TIFF":
            notes.append(f"{name} has {frames} pages: only the first is used.")
        image.seek(0)
        image.load()
        picture = _as_rgb(ImageOps.exif_transpose(image), under)
    except _BROKEN as error:
        raise BadPicture(
            f"{name} is broken or was cut off: {_first_line(error)}. Get it again, or use another file."
        ) from error
    picture.info = {_NOTES: tuple(notes)}  # nothing else of a stranger's file goes on with the pixels
    return picture


def notes_of(image: "Image") -> tuple[str, ...]:
    """What the person should know about a picture that open_picture opened, such as "only its first frame is used"."""
    return tuple(image.info.get(_NOTES, ()))


def save_png(image: "Image", recipe: Recipe, folder: Path | str, name: str = "") -> Path:
    """Save a picture with its recipe as a new PNG, never over another file, and give its path.

    `name` is a plain name without `.png`, such as "picture 3"; by default a few words of the prompt and the seed.
    A taken name gets `-2`, `-3` …: the path that comes back is the true one.

    Raises:
        StorageFull: the folder cannot be written; names it, and leaves no half file.
    """
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    chunks.add_text("parameters", parameters_text(recipe))
    chunks.add_itxt(RECIPE_CHUNK, recipe_to_json(recipe))
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=chunks)
    return write_new(Path(folder) / f"{_file_stem(name or f'{recipe.prompt[:60]} {recipe.seed}')}.png", file.getvalue())


def read_recipe(data: bytes | Path | str) -> Recipe | None:
    """The recipe in one of our PNG files, or None if there is none, or it is not wholly as it must be."""
    try:
        content = _content(data, "the picture")
    except BadPicture:
        return None
    for key, text in _png_texts(content):
        if key == RECIPE_CHUNK:
            return recipe_from_json(text)
    return None


def read_metadata(data: bytes | Path | str) -> dict[str, Any] | None:
    """How a picture was made, as its file tells it, or None. Never raises.

    Reads our own recipe, and what AUTOMATIC1111, ComfyUI, InvokeAI, Fooocus and NovelAI write.

    Returns:
        generator, prompt, negative_prompt, seed, steps, sampler, guidance, model, model_hash; without those that are unknown.
        Strangers' text: to be shown or searched for, never to be acted on.
    """
    if recipe := read_recipe(data):
        return {
            "generator": "Atelier",
            "prompt": recipe.prompt,
            "negative_prompt": recipe.negative_prompt,
            "seed": recipe.seed,
            "steps": recipe.steps,
            "sampler": sampler_name(recipe.scheduler),
            "guidance": recipe.guidance,
            "model": recipe.model,
            "model_hash": recipe.model_hash,
            "width": recipe.width,
            "height": recipe.height,
        }
    from sd_parsers import parsers
    from sd_parsers.exceptions import ParserError

    # Its parsers, but not its ParserManager: that remembers JPEG texts by id(image), and so can answer for one picture
    # with another's text; and it reads texts of any length with regular expressions that take quadratic time.
    texts = _texts(data)
    for kind in (
        parsers.FooocusParser,
        parsers.AUTOMATIC1111Parser,
        parsers.ComfyUIParser,
        parsers.InvokeAIParser,
        parsers.NovelAIParser,
    ):
        try:
            if texts and (found := _plain_metadata(kind().parse(dict(texts)))):
                return found
        except (ParserError, *_BROKEN):
            continue
    return None


def fingerprint(image: "Image") -> str:
    """SHA-256 over size and RGB bytes: equal for equal pixels, whatever file they come from."""
    digest = hashlib.sha256(f"{image.width}x{image.height}\n".encode())
    digest.update(image.convert("RGB").tobytes())
    return digest.hexdigest()


def thumbnail(image: "Image", side: int = 256) -> bytes:
    """A small WebP copy whose longer side is at most `side` pixels."""
    from PIL.Image import Resampling

    small = image.convert("RGB")
    small.thumbnail((side, side), Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()


# --- opening ---


def _content(data: bytes | Path | str, name: str) -> bytes:
    if isinstance(data, bytes | bytearray | memoryview):
        content = bytes(data)
    else:
        path = Path(data)
        try:
            if path.is_dir():
                raise BadPicture(f"{path} is a folder, not a picture. Name a file in it.")
            if path.stat().st_size > MOST_BYTES:
                raise BadPicture(f"{path.name} is larger than {MOST_BYTES // 2**20} MB. Use a smaller copy of it.")
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise BadPicture(f"There is no file {path}. Check the path.") from error
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            raise BadPicture(
                f"{path.name} cannot be read: {_first_line(error)}. Check the path and its permissions."
            ) from error
    if not content:
        raise BadPicture(f"{name} is empty. Get the file again, or use another one.")
    if len(content) > MOST_BYTES:
        raise BadPicture(f"{name} is larger than {MOST_BYTES // 2**20} MB. Use a smaller copy of it.")
    return content


def _identify(content: bytes, name: str) -> "Image":
    """Read a picture's header, and no pixels.

    Not Image.open: that refuses very large pictures without saying their width and height, and warns for large ones.
    """
    from PIL import Image

    Image.preinit()
    Image.init()  # preinit knows only the commonest formats
    for format in FORMATS:
        factory, accepts = Image.OPEN.get(format, (None, None))
        if factory is None:
            continue
        verdict = accepts(content[:16]) if accepts else True
        if not verdict or isinstance(verdict, str):
            continue
        try:
            return factory(io.BytesIO(content), "")
        except _BROKEN:
            continue
    kinds = "PNG, JPEG, WebP, GIF, BMP or TIFF"
    raise BadPicture(f"{name} is not a picture that can be read, or is cut off in its first bytes. Use a {kinds} file.")


def _as_rgb(image: "Image", under: str) -> "Image":
    """Any mode to RGB, 8 bits a channel, transparent parts on this colour. 16 bits are scaled, where Pillow's own conversion would clip them to white."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        import numpy as np

        values = np.array(image, dtype=np.float32)  # and all in place: every copy of the largest picture is 200 MB
        np.nan_to_num(values, copy=False, posinf=0.0, neginf=0.0)
        highest = float(values.max(initial=0.0))
        if image.mode.startswith("I;16") or (image.mode == "I" and highest > 255):
            values /= 257
        elif image.mode == "F":
            values *= 255 if highest <= 1 else min(1.0, 255 / highest)
        np.rint(np.clip(values, 0, 255, out=values), out=values)
        image = Image.fromarray(values.astype(np.uint8), "L")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        colours = image.convert("RGBA")
        ground = Image.new("RGBA", colours.size, under)
        return Image.alpha_composite(ground, colours).convert("RGB")
    return image.convert("RGB")


# --- metadata ---


def _texts(data: bytes | Path | str) -> dict[str, str]:
    """The short enough texts in a picture file by their keys; the comment in a JPEG's or WebP's EXIF as `parameters`."""
    try:
        content = _content(data, "the picture")
        if content.startswith(_PNG):
            return {key: text for key, text in _png_texts(content) if len(text) <= _LONGEST.get(key, _LONGEST_TEXT)}
        with _identify(content, "the picture") as image:
            comment = image.getexif().get_ifd(_EXIF)[_USER_COMMENT]
    except (BadPicture, *_BROKEN):
        return {}
    if isinstance(comment, bytes):
        comment = _comment_text(comment[: 2 * _LONGEST["parameters"] + 8])
    return {"parameters": comment} if isinstance(comment, str) and len(comment) <= _LONGEST["parameters"] else {}


def _comment_text(comment: bytes) -> str:
    """EXIF's UserComment: eight bytes that name the encoding, then the text. Programs disagree on the byte order."""
    encoding, text = comment[:8], comment[8:]
    if encoding == b"UNICODE\0":
        both = [text.decode(order, "replace") for order in ("utf-16-be", "utf-16-le")]
        return max(both, key=lambda t: sum(c.isascii() for c in t))
    return text.decode("utf-8", "replace")


def _png_texts(content: bytes) -> Iterator[tuple[str, str]]:
    """The text chunks of a PNG, before and after the pixels, without decoding those. Stops at the first broken chunk."""
    if not content.startswith(_PNG):
        return
    at = len(_PNG)
    room = _ALL_TEXT
    for _ in range(_MOST_CHUNKS):
        head = content[at : at + 8]
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        body = content[at + 8 : at + 8 + length]
        if len(body) < length or kind == b"IEND":
            return
        at += length + 12
        if kind not in _TEXT_CHUNKS or length > _LONGEST_TEXT:
            continue
        key, _, rest = body.partition(b"\0")
        try:
            text = _TEXT_CHUNKS[kind](rest)
        except (ValueError, zlib.error, IndexError):
            continue
        room -= len(text)
        if room < 0:
            return
        yield key.decode("latin-1"), text


def _inflated(data: bytes) -> bytes:
    """Decompressed, at most _LONGEST_TEXT bytes of it: a small chunk can swell to gigabytes."""
    inflater = zlib.decompressobj()
    text = inflater.decompress(data, _LONGEST_TEXT)
    if inflater.unconsumed_tail:
        raise ValueError("too long")
    return text


def _itxt(rest: bytes) -> str:
    text = rest[2:].split(b"\0", 2)[2]  # flag, method, language \0 translated keyword \0 text
    return (_inflated(text) if rest[0] else text).decode("utf-8")


_TEXT_CHUNKS: dict[bytes, Callable[[bytes], str]] = {
    b"tEXt": lambda rest: rest.decode("latin-1"),
    b"zTXt": lambda rest: _inflated(rest[1:]).decode("latin-1"),
    b"iTXt": _itxt,
}


def _plain_metadata(found: Any) -> dict[str, Any] | None:
    """sd-parsers' findings as plain values. Of several samplers (upscaling, refining) the first made the picture."""
    samplers = list(found.samplers)
    parameters: dict[str, Any] = dict(samplers[0].parameters) if samplers else {}
    model = next((s.model for s in samplers if s.model), None) or next(iter(found.models), None)
    metadata = {
        "generator": _words(getattr(found.generator, "value", found.generator)),
        "prompt": _joined(found.prompts),
        "negative_prompt": _joined(found.negative_prompts),
        "seed": _whole(parameters.get("seed")),
        "steps": _whole(parameters.get("steps")),
        "sampler": _words(samplers[0].name) if samplers else None,
        "guidance": _number(parameters.get("cfg_scale", parameters.get("cfg", parameters.get("guidance_scale")))),
        "model": _words(model.name) if model else None,
        "model_hash": _words(model.hash) if model and getattr(model, "hash", None) else None,
    }
    known = {key: value for key, value in metadata.items() if value not in (None, "")}
    return known if "prompt" in known or len(known) > 1 else None


def _joined(prompts: Any) -> str:
    texts: list[str] = []
    for prompt in prompts:
        text = _words(prompt.value)
        if text and text not in texts:
            texts.append(text)
    return "\n".join(texts)[:LONGEST_PROMPT]


def _words(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return value.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip()[:LONGEST_PROMPT]


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < 1e6 else None


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and not re.fullmatch(r"\s*\d{1,20}\s*", value):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number < 2**64 else None


# --- names ---


def _file_stem(name: str) -> str:
    """A name as it may stand in a folder anywhere: words joined by dashes, at most 80 characters, never a path."""
    stem = re.sub(r"[^\w]+", "-", name, flags=re.ASCII).strip("-_")[:80].strip("-_")
    return stem.lower() or "picture"


def _first_line(error: BaseException) -> str:
    text = str(error).strip().partition("\n")[0].rstrip(".")[:200]
    return text or type(error).__name__
