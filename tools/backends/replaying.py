"""A conversation that was read from a file, made again: the same drafts and pictures, without any language model."""

import dataclasses
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from tools.backends.errors import BadInput
from tools.backends.pictures import fingerprint, open_picture, save_png
from tools.backends.records import Picture, Recipe, as_json
from tools.backends.starting import Start, from_noise
from tools.backends.transcripts import Event, Transcript

if TYPE_CHECKING:
    from PIL.Image import Image

    from tools.backends.lineage import Thread


class Renders(Protocol):
    """What replaying needs of a renderer."""

    @property
    def name(self) -> str: ...
    @property
    def hash(self) -> str: ...
    def recipe(self, prompt: str, negative_prompt: str = "", seed: int | None = None) -> Recipe: ...
    def render(
        self,
        recipe: Recipe,
        *,
        start: Start | None = None,
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> "Image": ...


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """One picture that was rendered again. `identical`: pixel for pixel; None where the file does not say what it was.

    `begun`: "as then"; "otherwise", with a picture that came out in other pixels here; or "with noise", where it began with
    a picture or a mask that the file does not hold.
    """

    picture: Picture
    identical: bool | None
    begun: Literal["as then", "otherwise", "with noise"] = "as then"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A conversation that was made again: its pictures, and whether the model is the one it was made with."""

    thread: str
    drafts: int
    pictures: tuple[Replayed, ...]
    models: tuple[str, ...]  # that the recipes name, each once
    rendered_with: str
    same_model: bool

    def as_json(self) -> dict[str, Any]:
        """The shape that `atelier conversation replay --json` prints."""
        pictures = [
            {
                "name": one.picture.name,
                "path": one.picture.path,
                "parent": one.picture.parent,
                "identical": one.identical,
                "begun": one.begun,
                "recipe": as_json(one.picture.recipe),
            }
            for one in self.pictures
        ]
        return {
            "thread": self.thread,
            "drafts": self.drafts,
            "pictures": pictures,
            "identical": sum(one.identical is True for one in self.pictures),
            "different": sum(one.identical is False for one in self.pictures),
            "same_model": self.same_model,
            "model": {"then": list(self.models), "now": self.rendered_with},
        }


def replay(
    transcript: Transcript,
    thread: "Thread",
    renderer: Renders,
    on_step: Callable[[int, int, int, int], None] | None = None,
    stop: threading.Event | None = None,
) -> Replay:
    """Make the conversation again in an empty thread: the same drafts, and every picture rendered from its recipe.

    Prompts are the file's, byte for byte, and so are seeds, steps, guidance and sizes; the model is this renderer's, whatever
    the file names. Favourites are not saved again: they belong to the library that they came from.

    Args:
        on_step: Called after each denoising step with its number, how many there are, the picture's number, and how many.

    Raises:
        BadInput: the thread holds something already, or a recipe is none that this renderer takes.
        RenderError, StorageFull: as in rendering and saving; what was made before stays in the thread.
    """
    if thread.drafts or thread.pictures:
        raise BadInput(
            f"The conversation {thread.name[:80]!r} holds something already. Replay into a new one, with --thread NAME."
        )
    here = renderer.recipe("any", seed=0)  # for what says how this renderer works: its scheduler, device and versions
    total = len(transcript.pictures)
    made: list[Replayed] = []
    files: dict[str, Path] = {}  # what became of the file's pictures, by the fingerprints that they had there
    for event in transcript.events:
        value = event.value
        if event.kind == "draft":
            thread.add_draft(
                value.prompt, value.negative_prompt, parent=value.parent, request=value.request, changes=value.changes,
                from_picture=value.from_picture, locked=value.locked, current=event.current,
            )  # fmt: skip
        elif event.kind == "picture":
            number = len(made) + 1

            def step(done: int, steps: int, number: int = number) -> None:
                if on_step:
                    on_step(done, steps, number, total)

            recipe, start = _begun(_here(value.recipe, here), files)
            begun: Literal["as then", "otherwise", "with noise"] = "as then"
            if recipe.start != value.recipe.start:
                begun = "otherwise" if start else "with noise"
            image = renderer.render(recipe, start=start, on_step=step, stop=stop)
            path = save_png(image, recipe, thread.picture_folder, name=thread.next_picture_name())
            picture = thread.add_picture(recipe, path, value.parent, value.draft, event.current)
            if event.pixels:
                files[event.pixels] = path
            identical = fingerprint(image) == event.pixels if event.pixels else None
            made.append(Replayed(picture=picture, identical=identical, begun=begun))
        elif event.kind == "start":
            here_too = fingerprint(open_picture(files[value.picture])) if value.picture in files else value.picture
            thread.keep_beginning(dataclasses.replace(value, picture=here_too))
        else:
            _happen(thread, event)
    models = {(picture.recipe.model, picture.recipe.model_hash) for picture in transcript.pictures}
    return Replay(
        thread=thread.name,
        drafts=len(thread.drafts),
        pictures=tuple(made),
        models=tuple(sorted({name for name, _ in models})),
        rendered_with=here.model,
        same_model=all(hash == here.model_hash if hash else name == here.model for name, hash in models),
    )


def _here(recipe: Recipe, here: Recipe) -> Recipe:
    """The recipe as this renderer makes it. Another model's scheduler would mean nothing here."""
    scheduler = recipe.scheduler if recipe.model_hash == here.model_hash else here.scheduler
    return dataclasses.replace(
        recipe,
        model=here.model,
        model_hash=here.model_hash,
        device=here.device,
        versions=here.versions,
        scheduler=scheduler,
    )


def _begun(recipe: Recipe, files: Mapping[str, Path]) -> tuple[Recipe, Start | None]:
    """The recipe with what became here of the picture that it begins with; one that the file does not hold is left out."""
    if not recipe.start:
        return recipe, None
    if recipe.mask or recipe.start not in files:
        return from_noise(recipe), None
    start = Start(picture=open_picture(files[recipe.start]), strength=recipe.strength)
    return dataclasses.replace(recipe, start=start.names[0]), start


def _happen(thread: "Thread", event: Event) -> None:
    """Everything that is neither a draft nor a picture, in the new thread."""
    value = event.value
    own = {picture.name for picture in thread.pictures}
    if event.kind == "lock":
        thread.lock(value["phrases"])
    elif event.kind == "unlock":
        thread.unlock(value["phrases"])
    elif event.kind == "prompt_first":
        thread.show_prompt_first(value["on"])
    elif event.kind == "check" and value.picture in own:
        thread.add_check(value)
    elif event.kind == "rating" and value["picture"] in own:
        thread.rate(value["picture"], value["verdict"])
    elif event.kind == "go_to" and value["picture"] in own:
        thread.go_to(value["picture"])
