"""The words said to the model, one Markdown file each. `{{name}}` stands for a value; loading is strict."""

import re
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def load(name: str, **values: object) -> str:
    """The text of `<name>.md` with its values filled in.

    Raises:
        FileNotFoundError: no such prompt.
        ValueError: a value is missing, or one is given that the text does not use.
    """
    text = _text(name)
    wanted = set(_SLOT.findall(text))
    if missing := sorted(wanted - set(values)):
        raise ValueError(f"The prompt {name}.md needs a value for {', '.join(missing)}.")
    if unused := sorted(set(values) - wanted):
        raise ValueError(f"The prompt {name}.md has no place for {', '.join(unused)}.")
    return _SLOT.sub(lambda slot: str(values[slot[1]]), text)


@lru_cache(maxsize=32)
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()
