"""A picture that a render begins with, and a mask of what in it may change.

Image-to-image begins with the picture under noise instead of noise alone (SDEdit, Meng et al. 2022, arXiv:2108.01073);
inpainting puts what the mask keeps back after every step. A recipe names both by their pixels, so that the same picture in
another file is the same.
"""

import contextlib
import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.backends.errors import BadInput, BadPicture
from tools.backends.pictures import fingerprint, open_picture
from tools.backends.recipes import LEAST_STRENGTH, least_steps
from tools.backends.records import Recipe

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "ATTACHED", "STRENGTH", "Start", "cells", "check_start", "fields_of", "find", "from_noise", "kept", "least_steps",
]  # fmt: skip

STRENGTH = 0.6  # where nothing is said: composition and colours stay, things may become others
ATTACHED = "the attached picture"  # what one that the person dropped in is called
_SOFT = 2  # pixels on either side whose mean gives the slope at the inner edge of a mask


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a picture begins with.

    Args:
        picture: RGB, of any size; its middle is used, in the shape that is rendered.
        mask: a picture of the same size, light where the picture may change and dark where it stays; None: all may change.
        strength: how much may change, above 0 and up to 1: the share of the steps that are run. None: 0.6, and 1 with a mask.
        called: what the picture is called, for people.

    Raises:
        BadInput: a mask of another size, or one that lets nothing change.
    """

    picture: "Image"
    mask: "Image | None" = None
    strength: float | None = None
    called: str = "a picture"

    def __post_init__(self) -> None:
        if self.mask is None:
            return
        if self.mask.size != self.picture.size:
            shapes = " and ".join(f"{image.width}×{image.height}" for image in (self.mask, self.picture))
            raise BadInput(f"The mask and its picture must be of one size; they are {shapes} pixels.")
        if _light(self.mask).getbbox() is None:
            raise BadInput(
                "The mask is dark everywhere, so that nothing may change. Paint white what is to be made new."
            )

    @property
    def amount(self) -> float:
        """The strength, or the usual one."""
        return self.strength if self.strength is not None else STRENGTH if self.mask is None else 1.0

    @cached_property
    def names(self) -> tuple[str, str]:
        """What a recipe calls the picture and the mask: their fingerprints; "" for no mask."""
        return fingerprint(self.picture), fingerprint(self.mask) if self.mask else ""

    def fitted(self, width: int, height: int) -> tuple["Image", "Image | None"]:
        """The picture's middle (RGB) and the mask's (L, 0 or 255) in this size.

        Raises:
            BadInput: as `fitted_mask`.
        """
        from PIL import ImageOps
        from PIL.Image import Resampling

        picture = ImageOps.fit(self.picture.convert("RGB"), (width, height), Resampling.LANCZOS)
        return picture, self.fitted_mask(width, height)

    def fitted_mask(self, width: int, height: int) -> "Image | None":
        """The mask's middle (L, 0 or 255) in this size.

        Raises:
            BadInput: nothing light is left of it there.
        """
        from PIL import ImageOps
        from PIL.Image import Resampling

        if self.mask is None:
            return None
        mask = _light(ImageOps.fit(self.mask.convert("L"), (width, height), Resampling.BILINEAR))
        if mask.getbbox() is None:
            raise BadInput(
                f"The light part of the mask lies outside the middle that is rendered, or is too small at {width}×{height}, "
                "so that nothing may change. Paint more of it white, or choose a larger size or one of the picture's shape."
            )
        return mask


def fields_of(start: Start, steps: int) -> dict[str, Any]:
    """What a recipe of so many steps says of its start.

    Raises:
        BadInput: a strength that is none, or that leaves no step to run.
    """
    strength = _checked_strength(start.amount, steps)
    picture, mask = start.names
    return {"start": picture, "mask": mask, "strength": strength}


def find(recipe: Recipe, files: Iterable[tuple[str, Path]]) -> Start | None:
    """What the recipe begins with, where one of the files (what it is called, and where it is) still holds it; else None."""
    if recipe.start and not recipe.mask:
        for called, path in files:
            if _fingerprint_of(path) == recipe.start:
                with contextlib.suppress(BadPicture):  # gone since it was read
                    return Start(picture=open_picture(path), strength=recipe.strength, called=called)
    return None


def from_noise(recipe: Recipe) -> Recipe:
    """The same recipe without the picture that it begins with."""
    return dataclasses.replace(recipe, start="", mask="", strength=0.0)


def check_start(recipe: Recipe, start: Start | None) -> None:
    """Raises BadInput if the recipe begins with another picture or mask than this, or with one that cannot change there."""
    picture, mask = start.names if start is not None else ("", "")
    for what, wanted, given in (("picture", recipe.start, picture), ("mask", recipe.mask, mask)):
        if wanted == given:
            continue
        if not given:
            raise BadInput(
                f"The recipe begins with a {what} (SHA-256 {wanted[:10]}…) that it cannot hold. Give its file as well."
            )
        raise BadInput(
            f"The recipe begins with another {what} (SHA-256 {wanted[:10]}…, not {given[:10]}…). Give that one."
            if wanted
            else f"The recipe knows nothing of a {what} to begin with. Leave it out."
        )
    if start is not None:
        _checked_strength(recipe.strength, recipe.steps)
        start.fitted_mask(recipe.width, recipe.height)


def cells(mask: "Image", side: int) -> "Image":
    """The mask with every square of so many pixels light that it touches; its sides are multiples of that many.

    A model works on such squares. diffusers asks one pixel of each whether it may change, and so passes over a thin stroke.
    """
    import numpy as np
    from PIL import Image

    width, height = mask.size
    touched = np.asarray(mask).reshape(height // side, side, width // side, side).max((1, 3))
    return Image.fromarray(touched.repeat(side, 0).repeat(side, 1), "L")


def kept(rendered: "Image", picture: "Image", mask: "Image") -> "Image":
    """The rendered picture with every pixel that the mask keeps as it was, bit for bit; all three of one size.

    A decoder gives nothing back quite as it was. Just inside the mask the two pictures go over into each other, where there
    is room for that: the inmost pixels of each part are wholly new, however thin it is.
    """
    import numpy as np
    from PIL import Image, ImageChops, ImageFilter

    inside = inmost = ImageChops.multiply(mask.filter(ImageFilter.BoxBlur(_SOFT)), mask)
    for _ in range(_SOFT):  # as far as that, but never over to another part
        inmost = ImageChops.multiply(inmost.filter(ImageFilter.MaxFilter(3)), mask)
    share = np.asarray(inside, np.float32) / np.maximum(np.asarray(inmost, np.float32), 1)
    return Image.composite(rendered, picture, Image.fromarray(np.rint(255 * share).astype(np.uint8), "L"))


def _checked_strength(strength: object, steps: int) -> float:
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not LEAST_STRENGTH <= strength <= 1:
        raise BadInput(f"The strength cannot be {strength!r}: give a number from {LEAST_STRENGTH:g} to 1.")
    if steps < least_steps(strength):
        raise BadInput(
            f"With {steps} step{'s' * (steps != 1)} a strength of {strength:g} changes nothing: "
            f"give at least {math.ceil(100 / steps) / 100:g}."
        )
    return float(strength)


def _fingerprint_of(path: Path) -> str:
    """The fingerprint of a picture in a file, remembered until the file changes; "" where there is none."""
    try:
        state = path.stat()
    except (OSError, ValueError):
        return ""
    return _remembered(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _remembered(path: Path, _modified: int, _size: int) -> str:
    try:
        return fingerprint(open_picture(path))
    except BadPicture:
        return ""


def _light(mask: "Image") -> "Image":
    """The mask with 255 where it is light, 0 elsewhere."""
    return mask.convert("L").point([0] * 128 + [255] * 128)
