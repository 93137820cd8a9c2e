"""A picture that a render begins with, and a mask of what in it may change.

Image-to-image begins with the picture under noise instead of noise alone (SDEdit, Meng et al. 2022, arXiv:2108.01073);
inpainting puts what the mask keeps back after every step. A recipe names both by their pixels, so that the same picture in
another file is the same.
"""

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.backends.errors import BadInput, BadPicture
from tools.backends.pictures import fingerprint, open_picture
from tools.backends.records import Recipe

if TYPE_CHECKING:
    from PIL.Image import Image

STRENGTH = 0.6  # where nothing is said: composition and colours stay, things may become others
ATTACHED = "the attached picture"  # what one that the person dropped in is called
_SOFT = 2  # pixels at the inner edge of a mask over which the new picture comes in


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

    @property
    def names(self) -> tuple[str, str]:
        """What a recipe calls the picture and the mask: their fingerprints; "" for no mask."""
        return fingerprint(self.picture), fingerprint(self.mask) if self.mask else ""

    def fitted(self, width: int, height: int) -> tuple["Image", "Image | None"]:
        """The picture's middle (RGB) and the mask's (L, 0 or 255) in this size."""
        from PIL import ImageOps
        from PIL.Image import Resampling

        picture = ImageOps.fit(self.picture.convert("RGB"), (width, height), Resampling.LANCZOS)
        if self.mask is None:
            return picture, None
        return picture, _light(ImageOps.fit(self.mask.convert("L"), (width, height), Resampling.BILINEAR))


def least_steps(strength: float) -> int:
    """The fewest steps with which this strength changes anything: one is run."""
    steps = math.ceil(1 / strength)
    return steps if int(steps * strength) >= 1 else steps + 1  # 49 × (1 / 49) is a little less than 1


def fields_of(start: Start, steps: int) -> dict[str, Any]:
    """What a recipe of so many steps says of its start.

    Raises:
        BadInput: a strength that is none, or that leaves no step to run.
    """
    strength = start.amount
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0 < strength <= 1:
        raise BadInput(f"The strength cannot be {strength!r}: give a number above 0 and up to 1.")
    if steps < least_steps(strength):
        raise BadInput(
            f"With {steps} steps a strength of {strength:g} changes nothing: give at least {math.ceil(100 / steps) / 100:g}."
        )
    picture, mask = start.names
    return {"start": picture, "mask": mask, "strength": float(strength)}


def find(recipe: Recipe, files: Iterable[tuple[str, Path]]) -> Start | None:
    """What the recipe begins with, where one of the files (what it is called, and where it is) still holds it; else None."""
    if recipe.start and not recipe.mask:
        for called, path in files:
            try:
                picture = open_picture(path)
            except BadPicture:
                continue
            if fingerprint(picture) == recipe.start:
                return Start(picture=picture, strength=recipe.strength, called=called)
    return None


def from_noise(recipe: Recipe) -> Recipe:
    """The same recipe without the picture that it begins with."""
    return dataclasses.replace(recipe, start="", mask="", strength=0.0)


def check_start(recipe: Recipe, start: Start | None) -> None:
    """Raises BadInput if the recipe begins with another picture or mask than this, or with one that is not there."""
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
        fields_of(dataclasses.replace(start, strength=recipe.strength), recipe.steps)


def kept(rendered: "Image", picture: "Image", mask: "Image") -> "Image":
    """The rendered picture with every pixel that the mask keeps as it was, bit for bit; all three of one size.

    A decoder gives nothing back quite as it was. Just inside the mask the two pictures go over into each other.
    """
    from PIL import ImageChops, ImageFilter
    from PIL.Image import composite

    soft = mask.filter(ImageFilter.MinFilter(2 * _SOFT + 1)).filter(ImageFilter.BoxBlur(_SOFT))
    return composite(rendered, picture, ImageChops.multiply(soft, mask))


def _light(mask: "Image") -> "Image":
    """The mask with 255 where it is light, 0 elsewhere."""
    return mask.convert("L").point([0] * 128 + [255] * 128)
