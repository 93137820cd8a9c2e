"""Who looks at the pictures: a judge reads the attributes of the starter world from pixels.

The one there is today asks the product's own encoder, which cannot see better than it was trained to and shares its blind
spots with the check and the mending. A judge that never met the product's models goes in beside it, in `JUDGES`.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

from agent.build import Studio
from starter.data import ATTRIBUTES

if TYPE_CHECKING:
    from tools.backends.embedding import Encoder

READ = ("subject", "place", "time", "style")  # what a judge must read; colours and poses are too small at 64 pixels


class Judge(Protocol):
    """Reads pictures. `name` stands in the report; `independent` if it shares no weights with what it judges."""

    @property
    def name(self) -> str: ...
    @property
    def independent(self) -> bool: ...

    def read(self, picture: Image.Image) -> Mapping[str, str]:
        """The value of each attribute in READ, as the starter world calls it."""
        ...


class StarterJudge:
    """Zero-shot by the studio's own encoder: the nearest of one short prompt for each value, as `starter.evaluate` does."""

    name, independent = "the product's own encoder, zero-shot", False

    def __init__(self, encoder: "Encoder") -> None:
        self._encoder = encoder

    def read(self, picture: Image.Image) -> Mapping[str, str]:
        vector = self._encoder.pictures([picture])[0]
        return {name: ATTRIBUTES[name][int(np.argmax(texts @ vector))] for name, texts in self._texts.items()}

    @cached_property
    def _texts(self) -> dict[str, np.ndarray]:
        """A unit vector for each value of each attribute, (values, dimensions)."""
        from starter.clip import prompts_for

        return {name: self._encoder.texts(prompts_for(name)) for name in READ}


JUDGES: dict[str, Callable[[Studio], Judge]] = {"starter": lambda studio: StarterJudge(studio.encoder)}
