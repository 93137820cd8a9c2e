"""Rendering: any text-to-image pipeline that diffusers loads, from a folder or by its Hugging Face name.

One picture at a time, in the order they were asked for; a stop works while a picture waits, and between two steps. The
same recipe gives the same bytes on the same device and library versions. Not here: files (pictures.py) and who asked.
torch and diffusers are imported by the first render; recipes, defaults and hashes need only the model's files.
"""

import contextlib
import gc
import inspect
import random
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.backends.errors import BadInput, RenderError, RenderStopped
from tools.backends.modelfiles import LARGEST_SIDE, MOST_GUIDANCE, MOST_STEPS, Defaults, ModelFolder
from tools.backends.packing import chunks, embeddings
from tools.backends.pipelines import (
    ANOTHER_MODEL,
    beginning_with_a_picture,
    calmly,
    first_line,
    folder_of,
    furthest_tokenizer,
    library_versions,
    load_pipeline,
    resolve_device,
    scheduler_for,
)
from tools.backends.records import Recipe
from tools.backends.starting import Start, cells, check_start, fields_of, kept

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_PROMPT = 4_000  # characters
MOST_SEED = 2**32 - 1

_SIZE = re.compile(r"\s*(\d{1,5})\s*[x×X*]\s*(\d{1,5})\s*")
_LOCK_POLL = 0.1  # seconds between two looks at the stop flag while waiting


class Renderer:
    """A text-to-image model. Thread-safe. Nothing is read before it is needed, nothing loaded before the first render.

    Args:
        name_or_path: A folder that diffusers saved, or a Hugging Face name such as "stabilityai/sd-turbo".
        device: "auto", "cpu", "cuda", "cuda:1" or "mps".
        starter: Whether it is the built-in model, which knows few words; makes `unknown_words` work.
    """

    def __init__(self, name_or_path: str | Path, device: str = "auto", starter: bool = False) -> None:
        self.name_or_path = str(name_or_path)
        self.starter = starter
        self._wished_device = device or "auto"
        self._model: ModelFolder | None = None
        self._device: str | None = None
        self._pipeline: Any = None
        self._tokenizer: tuple[Any, int] | None = None
        self._reading = threading.Lock()
        self._turns = threading.Condition()
        self._waiting: deque[object] = deque()

    # --- what it is ---

    @property
    def name(self) -> str:
        """A short name for people: "atelier-starter", "stabilityai/sd-turbo", or the folder's own."""
        if self.starter:
            return "atelier-starter"
        path = Path(self.name_or_path)
        if cached := re.search(r"models--([^/\\]+)--([^/\\]+)", self.name_or_path):
            return f"{cached[1]}/{cached[2]}"
        return path.resolve().name if path.is_dir() else self.name_or_path

    @property
    def model(self) -> ModelFolder:
        """The model's files; downloads them if it is a Hugging Face name that is not here yet.

        Raises:
            ModelUnavailable: there is no such folder or name, or it cannot be downloaded.
        """
        with self._reading:
            if self._model is None:
                self._model = ModelFolder(folder_of(self.name_or_path), self.name)
            return self._model

    @property
    def hash(self) -> str:
        """Ten hex digits over the model's weights."""
        return self.model.hash()

    @property
    def defaults(self) -> Defaults:
        """Steps, guidance, width and height that the model recommends."""
        return self.model.defaults

    @property
    def device(self) -> str:
        """Where it renders: "cpu", "cuda", "cuda:1" or "mps". Imports torch.

        Raises:
            ModelUnavailable: the wished device is not there.
        """
        if self._device is None:
            self._device = resolve_device(self._wished_device)
        return self._device

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory, so that a render starts at once."""
        return self._pipeline is not None

    # --- recipes ---

    def recipe(
        self,
        prompt: str,
        negative_prompt: str = "",
        seed: int | None = None,
        steps: int | None = None,
        guidance: float | None = None,
        size: tuple[int, int] | str | None = None,
        start: Start | None = None,
    ) -> Recipe:
        """A checked, complete recipe; what is None comes from the model's defaults, the seed from chance.

        Args:
            size: Width and height in pixels, as a pair or as "512x512".
            start: The picture to begin with; `render` needs it again.

        Raises:
            BadInput: a value that this model cannot render; says what can be.
            ModelUnavailable: the model's files are missing.
        """
        prompt, negative_prompt = _checked_prompt(prompt, negative_prompt)
        defaults = self.defaults
        steps = defaults.steps if steps is None else _in_range("Steps", steps, 1, MOST_STEPS, whole=True)
        guidance = defaults.guidance if guidance is None else _in_range("Guidance", guidance, 0, MOST_GUIDANCE)
        seed = random.SystemRandom().randint(0, MOST_SEED) if seed is None else seed
        seed = _in_range("The seed", seed, 0, MOST_SEED, whole=True)
        width, height = (defaults.width, defaults.height) if not size else self._checked_size(size)
        if start is not None:
            start.fitted_mask(width, height)
        return Recipe(
            prompt=prompt,
            negative_prompt=negative_prompt,
            seed=seed,
            steps=steps,
            guidance=float(guidance),
            width=width,
            height=height,
            scheduler=self.model.scheduler,
            model=self.name,
            model_hash=self.hash,
            device=self.device,
            versions=library_versions(),
            **({} if start is None else fields_of(start, steps)),
        )

    def notes_for(self, recipe: Recipe) -> tuple[str, ...]:
        """Why rendering this recipe here may not give the picture that it once gave, as sentences. Empty: it should."""
        notes = []
        here, there = f"{self.name} ({self.hash})", f"{recipe.model} ({recipe.model_hash or 'no hash'})"
        if recipe.model_hash != self.hash if recipe.model_hash else recipe.model != self.name:
            notes.append(f"The recipe was made for the model {there}; here it is rendered with {here}.")
        if recipe.scheduler and recipe.scheduler != self.model.scheduler:
            notes.append(
                f"The recipe names the scheduler {recipe.scheduler}; this model's own is {self.model.scheduler}."
            )
        if recipe.device and recipe.device.partition(":")[0] != self.device.partition(":")[0]:
            notes.append(f"The recipe was rendered on {recipe.device}; on {self.device} small details may differ.")
        versions = library_versions()
        changed = [
            f"{name} {recipe.versions[name]} → {versions[name]}"
            for name in ("torch", "diffusers", "transformers")
            if recipe.versions.get(name, versions[name]) != versions[name]
        ]
        if changed:
            notes.append(f"Library versions changed since ({', '.join(changed)}); small details may differ.")
        if recipe.negative_prompt and not self._uses_negative(recipe.guidance):
            notes.append("This model, at this guidance, does not look at the negative prompt.")
        return tuple(notes)

    # --- rendering ---

    def render(
        self,
        recipe: Recipe,
        *,
        start: Start | None = None,
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> "Image":
        """Render exactly this recipe; waits its turn.

        Args:
            start: The picture that the recipe begins with, and its mask, where it names one.
            on_step: Called after each denoising step with its number from 1, and how many there are; from this thread. Must not raise.
            stop: Set it to end the render, also while it waits.

        Returns:
            RGB, recipe.width × recipe.height.

        Raises:
            RenderStopped: `stop` was set.
            BadInput: the recipe has a size or a number that this model cannot render, or begins with another picture.
            ModelUnavailable: the model cannot be loaded.
            RenderError: it ran out of memory, or gave no usable picture.
        """
        self._check(recipe)
        check_start(recipe, start)
        with self._my_turn(stop):
            pipeline = self._load()
            _heed(stop)
            with calmly(self.model, self.device):
                return self._render(pipeline, recipe, start, on_step, stop)

    def load(self) -> None:
        """Load the weights now, so that the first render does not wait for them."""
        with self._my_turn(None):
            self._load()

    # --- words ---

    def unknown_words(self, prompt: str) -> tuple[str, ...]:
        """The words that the built-in model was not taught, in order, each once. Always () for other models."""
        if not self.starter:
            return ()
        try:
            from starter import captions  # only the starter has a list of words; other models know what they know
        except ImportError:
            return ()
        known = {part for word in captions.known_words() for part in (word, *_LETTERS.findall(word))}  # "snow-capped"
        words = dict.fromkeys(_LETTERS.findall(re.sub(r"<[^<>]*>", " ", prompt.lower())))
        return tuple(w for w in words if len(w) > 1 and w not in known and w not in _SMALL_WORDS)

    def dropped(self, prompt: str) -> str:
        """The end of the prompt that the model never sees, because its text encoder stops reading (CLIP: 77 tokens).

        Nothing, where long prompts are packed into chunks.
        """
        tokenizer, room = self._reader()
        if tokenizer is None or len(prompt) <= room // 8 or self.model.packs:
            return ""
        offsets = tokenizer(prompt, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
            "offset_mapping"
        ]
        return prompt[offsets[room][0] :].strip() if len(offsets) > room else ""

    def tokens(self, prompt: str) -> tuple[int, int]:
        """How many tokens the prompt has, and how many the text encoder reads, its start and end marks apart.

        Where long prompts are packed, it reads as many chunks as there are. (0, 0): the model brings no tokenizer that can
        be asked.
        """
        tokenizer, room = self._reader()
        if tokenizer is None:
            return 0, 0
        count = len(tokenizer(prompt, add_special_tokens=False, verbose=False)["input_ids"])
        return count, room * (len(chunks(prompt, tokenizer, room)) if self.model.packs and count > room else 1)

    # --- inside ---

    def _check(self, recipe: Recipe) -> None:
        _checked_prompt(recipe.prompt, recipe.negative_prompt)
        _in_range("Steps", recipe.steps, 1, MOST_STEPS, whole=True)
        _in_range("Guidance", recipe.guidance, 0, MOST_GUIDANCE)
        _in_range("The seed", recipe.seed, 0, MOST_SEED, whole=True)
        self._checked_size((recipe.width, recipe.height))

    def _checked_size(self, size: tuple[int, int] | str) -> tuple[int, int]:
        if isinstance(size, str):
            match = _SIZE.fullmatch(size)
            if not match:
                raise BadInput(f"{size!r} is no picture size. Write width x height, such as {self._usual_size()}.")
            size = int(match[1]), int(match[2])
        multiple, defaults = self.model.multiple, self.defaults
        low = max(multiple, min(defaults.width, defaults.height) // 4 // multiple * multiple)
        high = min(LARGEST_SIDE, 4 * max(defaults.width, defaults.height))
        width, height = size
        if not all(isinstance(side, int) and low <= side <= high and side % multiple == 0 for side in (width, height)):
            raise BadInput(
                f"{self.name} cannot render {width}×{height}: each side must be a multiple of {multiple} "
                f"from {low} to {high}. Its usual size is {self._usual_size()}."
            )
        return width, height

    def _usual_size(self) -> str:
        return f"{self.defaults.width}x{self.defaults.height}"

    def _uses_negative(self, guidance: float) -> bool:
        if "flux" in self.model.class_name.lower():
            return False  # its guidance is distilled: a negative prompt would need a second, true guidance
        return guidance > 1

    @contextlib.contextmanager
    def _my_turn(self, stop: threading.Event | None) -> Iterator[None]:
        """Hold the model alone; first come, first served. A plain lock would let a loop of renders starve the others."""
        ticket = object()
        with self._turns:
            self._waiting.append(ticket)
        try:
            with self._turns:
                while self._waiting[0] is not ticket:
                    _heed(stop)
                    self._turns.wait(_LOCK_POLL if stop else None)
            _heed(stop)
            yield
        finally:
            with self._turns:
                self._waiting.remove(ticket)
                self._turns.notify_all()

    def _load(self) -> Any:
        if self._pipeline is None:
            model, device = self.model, self.device
            self._pipeline = load_pipeline(model, device)
        return self._pipeline

    def _render(
        self,
        pipeline: Any,
        recipe: Recipe,
        start: Start | None,
        on_step: Callable[[int, int], None] | None,
        stop: threading.Event | None,
    ) -> "Image":
        # 1. Imports, deferred to here
        import torch

        begun: dict[str, Any] = {}
        if start is not None:
            pipeline = beginning_with_a_picture(pipeline, masked=start.mask is not None)
            picture, mask = start.fitted(recipe.width, recipe.height)
            begun = {"image": picture, "strength": recipe.strength}
            if mask is not None:
                begun["mask_image"] = cells(mask, getattr(pipeline, "vae_scale_factor", 1))

        # 2. A scheduler of its own: some keep noise from the picture before, and the recipe may name another one
        pipeline.scheduler = scheduler_for(pipeline.scheduler, recipe.scheduler)

        # 3. The arguments that this pipeline knows
        accepted = inspect.signature(type(pipeline).__call__).parameters
        wanted: dict[str, Any] = {
            "prompt": recipe.prompt,
            "width": recipe.width,
            "height": recipe.height,
            "num_inference_steps": recipe.steps,
            "guidance_scale": recipe.guidance,
            # on the CPU, whatever the device: the same seed then starts from the same noise everywhere
            "generator": torch.Generator("cpu").manual_seed(recipe.seed),
            "output_type": "pil",
            **begun,
        }
        if recipe.negative_prompt and self._uses_negative(recipe.guidance):
            wanted["negative_prompt"] = recipe.negative_prompt
        broken = False

        def after_step(_pipeline: Any, step: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            nonlocal broken
            _heed(stop)
            total = int(getattr(pipeline, "num_timesteps", recipe.steps) or recipe.steps)
            if on_step:
                on_step(step + 1, total)
            if step + 1 >= total and "latents" in tensors:
                broken = not bool(torch.isfinite(tensors["latents"]).all())
            return {}

        if "callback_on_step_end" in accepted:
            wanted["callback_on_step_end"] = after_step
        elif "callback" in accepted:
            wanted["callback"] = lambda step, t, latents: after_step(pipeline, step, t, {"latents": latents}) and None

        # 4. The picture
        try:
            self._pack(pipeline, wanted, accepted)
            result = pipeline(**{key: value for key, value in wanted.items() if key in accepted})
        except RenderStopped:
            raise
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise self._out_of_memory(recipe) from error
        except RuntimeError as error:
            if "memory" in str(error).lower():
                raise self._out_of_memory(recipe) from error
            raise RenderError(f"{self.name} failed: {first_line(error)}. {ANOTHER_MODEL}") from error
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise RenderError(f"{self.name} cannot render this recipe: {first_line(error)}. {ANOTHER_MODEL}") from error
        finally:
            with contextlib.suppress(AttributeError):
                pipeline.maybe_free_model_hooks()

        # 5. Is it one?
        if any(getattr(result, "nsfw_content_detected", None) or ()):
            raise RenderError(
                "The model's own safety checker withheld the picture. Change the words, or try another seed."
            )
        image = result.images[0].convert("RGB")
        if broken or all(high <= 2 for _, high in image.getextrema()):
            raise RenderError(
                f"{self.name} gave a black picture on {self.device}: its numbers overflowed. "
                "Try another seed or size, a lower guidance, or ATELIER_DEVICE=cpu."
            )
        return kept(image, picture, mask) if start is not None and mask is not None else image

    def _pack(self, pipeline: Any, wanted: dict[str, Any], accepted: Mapping[str, Any]) -> None:
        """Put what is too long to be read at once into its place as embeddings; leave what fits as it is."""
        tokenizer, room = self._reader()
        if tokenizer is None or not self.model.packs or "prompt_embeds" not in accepted:
            return
        negative = chunks(wanted["negative_prompt"], tokenizer, room) if "negative_prompt" in wanted else []
        prompt = chunks(wanted["prompt"], tokenizer, room)
        if max(len(prompt), len(negative)) > 1:
            wanted |= embeddings(pipeline, prompt, negative, guided=wanted["guidance_scale"] > 1)
            del wanted["prompt"]
            wanted.pop("negative_prompt", None)

    def _out_of_memory(self, recipe: Recipe) -> RenderError:
        import torch

        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        smaller = (
            "a smaller size"
            if (recipe.width, recipe.height) > (self.defaults.width, self.defaults.height)
            else "a smaller model"
        )
        other = "" if self.device == "cpu" else ", or ATELIER_DEVICE=cpu (slow, but it uses the computer's own memory)"
        return RenderError(
            f"{recipe.width}×{recipe.height} pixels do not fit in the memory of {self.device}. Try {smaller}{other}."
        )

    def _reader(self) -> tuple[Any, int]:
        """The tokenizer that reads furthest into a prompt, and how many tokens of the prompt it has room for."""
        model = self.model
        with self._reading:
            if self._tokenizer is None:
                self._tokenizer = furthest_tokenizer(model)
            return self._tokenizer


# --- checks ---


def _checked_prompt(prompt: str, negative_prompt: str) -> tuple[str, str]:
    if not prompt.strip():
        raise BadInput("The prompt is empty. Say what the picture shall show.")
    for what, text in (("The prompt", prompt), ("The negative prompt", negative_prompt)):
        if len(text) > LONGEST_PROMPT:
            raise BadInput(f"{what} has {len(text):,} characters; at most {LONGEST_PROMPT:,} are taken. Shorten it.")
    clean = [text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8") for text in (prompt, negative_prompt)]
    return clean[0], clean[1]


def _in_range(what: str, value: Any, low: float, high: float, whole: bool = False) -> Any:
    kind = int if whole else (int, float)
    if not isinstance(value, kind) or isinstance(value, bool) or not low <= value <= high:  # nan is in no range
        raise BadInput(
            f"{what} cannot be {value!r}: give a {'whole ' if whole else ''}number from {low:g} to {high:.10g}."
        )
    return value


def _heed(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise RenderStopped("Stopped: no picture was made.")


_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SMALL_WORDS = frozenset(
    "a an and are as at be by for from her his in into is it its like of on or over some that the their there these "
    "this those to under up very was with without break".split()
)
