"""Who looks at the pictures: a judge reads the attributes of the starter world from pixels.

The independent one is a small CNN that was trained on drawings alone and never met the product's models. Where none is
trained, the product's own encoder reads, which cannot see better than it was taught to and shares its blind spots with the
check and the mending.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

from agent.build import Studio
from starter.data import ATTRIBUTES
from starter.world import WEIGHTS

if TYPE_CHECKING:
    import starter.judge
    from tools.backends.embedding import Encoder

TRAINED = WEIGHTS / "judge"
READ = ("subject", "place", "time", "style", "weather", "framing")  # colours and poses are too small to be read surely


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


class IndependentJudge:
    """`starter.judge`, as the model card's figures are read."""

    name, independent = "a small CNN trained on drawings alone, independent of the product's models", True

    def __init__(self, folder: Path = TRAINED) -> None:
        self._folder = folder

    def read(self, picture: Image.Image) -> Mapping[str, str]:
        from starter import judge

        said = judge.read(self._model, np.asarray(picture.convert("RGB"))[None])
        return {name: ATTRIBUTES[name][int(said[name][0])] for name in READ}

    @cached_property
    def _model(self) -> "starter.judge.Judge":
        from starter import judge

        return judge.load(self._folder)


JUDGES: dict[str, Callable[[Studio], Judge]] = {
    "independent": lambda studio: IndependentJudge(),
    "starter": lambda studio: StarterJudge(studio.encoder),
}
DEFAULT = "independent" if TRAINED.exists() else "starter"
