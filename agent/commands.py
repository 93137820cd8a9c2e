"""The commands that use one part directly: search, describe, generate, render, favourites, taste.

Each takes the settings and the parsed options, answers on stdout (lines, or one JSON document), and returns its exit
code. What people should read goes through printing.py; what scripts read has the shapes of docs/ARCHITECTURE.md.
"""

import argparse
import dataclasses
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.build import build
from agent.logs import clean_stdout
from agent.printing import Bar, ink, matches_lines, note, plain, query_lines, recipe_line, say, wrap
from agent.settings import Settings
from tools.backends.errors import BadInput
from tools.backends.queries import Query, listed, unknown_told
from tools.backends.records import Match, Recipe, as_json

if TYPE_CHECKING:
    from tools.backends.starting import Start

NOTHING_FOUND = "Nothing in the library comes close. Try other words, or add prompts with `atelier ingest`."


def search(settings: Settings, options: argparse.Namespace) -> int:
    """Find prompts by words, by a picture, or by both."""
    with clean_stdout(options.json) as answer, build(settings) as studio:
        picture = _open(options.image) if options.image else None
        query = Query(
            words=(options.text,),
            picture=options.image.name if options.image else "",
            without=listed(options.without),
            where=tuple(options.where),
            diverse=options.diverse,
        )
        finder = studio.finder
        finder.encoder.texts(["warm"])  # loading the encoder is not searching: it would hide how fast the search is
        begun = time.perf_counter()
        matches = finder.search(
            words=options.text,
            picture=picture,
            without=query.without,
            k=options.k,
            where=query.where,
            taste=None if options.no_taste else studio.taste.in_use(),
            diverse=query.diverse,
        )
        took_ms = round((time.perf_counter() - begun) * 1000, 1)
        if options.json:
            answer({"query": options.text, "matches": _matches(matches), "took_ms": took_ms})
        else:
            for line in query_lines(query):
                say(line)
            _show(matches)
            note(ink(f"{len(matches)} of {studio.library.count():,} examples in {took_ms:.0f} ms", "dim"))
        if unknown := unknown_told(query.where, studio.library.count):
            note(unknown)
    return 0


def describe(settings: Settings, options: argparse.Namespace) -> int:
    """Say whether a picture is known, what its own file tells, and which prompts likely made it."""
    from tools.backends.pictures import read_metadata

    with clean_stdout(options.json) as answer, build(settings) as studio:
        picture = _open(options.image)
        metadata = read_metadata(options.image)
        found = studio.finder.describe(picture, k=options.k)
        if options.json:
            answer(
                {
                    "verdict": found.verdict,
                    "metadata": as_json(metadata),
                    "matches": _matches(found.matches),
                    "reason": found.reason,
                    "score": found.score,
                }
            )
            return 0
        say(ink(found.verdict[0].upper() + found.verdict[1:] + ".", "bold"))
        say(wrap(found.reason))
        if metadata:
            say("\nIn the file itself:")
            for key, value in metadata.items():
                if value not in (None, "", {}, []):
                    say(wrap(f"{key}: {plain(str(value))}", "  "))
        say("\nThe closest in the library:")
        _show(found.matches)
    return 0


def generate(settings: Settings, options: argparse.Namespace) -> int:
    """Render a prompt as it stands."""
    from tools.backends.diffusion import MOST_SEED

    with clean_stdout(options.json) as answer, build(settings) as studio:
        renderer = studio.renderer
        seed = random.SystemRandom().randint(0, MOST_SEED) if options.seed is None else options.seed
        prompts = _prompts(options, seed, settings.home)
        start = _start(options, options.strength)
        first = renderer.recipe(
            prompts[0],
            negative_prompt=options.negative,
            seed=seed,
            steps=options.steps or settings.steps or None,
            guidance=options.guidance
            if options.guidance is not None
            else settings.guidance
            if settings.guidance >= 0
            else None,
            size=options.size or settings.size or None,
            start=start,
        )
        different = {prompt: renderer.recipe(prompt, seed=0).prompt for prompt in dict.fromkeys(prompts)}
        recipes = [
            dataclasses.replace(first, prompt=different[prompt], seed=(first.seed + n) % (MOST_SEED + 1))
            for n, prompt in enumerate(prompts)
        ]
        if unknown := list(dict.fromkeys(word for prompt in different for word in renderer.unknown_words(prompt))):
            note("The renderer does not know: " + ", ".join(unknown) + ".")
        if dropped := ", ".join(filter(None, (renderer.dropped(prompt) for prompt in different))):
            note(f"Past the 77 tokens that the renderer reads, and so without effect: {plain(dropped)}")
        pictures = _render(renderer, recipes, start, options.out or settings.home / "pictures", options.json)
        if options.json:
            answer({"pictures": pictures})
    return 0


def render(settings: Settings, options: argparse.Namespace) -> int:
    """Render the recipe in a picture's file again: same recipe, same picture."""
    from tools.backends.pictures import read_metadata, read_recipe

    with clean_stdout(options.json) as answer, build(settings) as studio:
        _open(options.png)
        renderer = studio.renderer
        recipe = read_recipe(options.png)
        if recipe is None:
            recipe = _foreign_recipe(read_metadata(options.png), renderer, options.png)
        for words in renderer.notes_for(recipe):
            note(plain(words))
        start = _start(options, recipe.strength)
        pictures = _render(renderer, [recipe], start, options.out or settings.home / "pictures", options.json)
        if options.json:
            answer({"pictures": pictures})
    return 0


def favourites(settings: Settings, options: argparse.Namespace) -> int:
    """List the favourites, or remove one."""
    from tools.taste import learn_removal, quietly

    with clean_stdout(options.json) as answer, build(settings) as studio:
        if options.action == "remove":
            id = _favourite(options.id, [example.id for example in studio.library.favourites()])
            gone = studio.library.remove(id)
            if trouble := quietly(learn_removal, studio, gone):
                note(plain(trouble))
            if options.json:
                answer({"removed": id})
            else:
                say(f"Removed {id} from the library. Its picture file stays where it is.")
            return 0
        kept = studio.library.favourites()
        if options.json:
            answer({"favourites": [as_json(example) for example in kept]})
        elif kept:
            for example in kept:
                say(ink("♥ ", "red") + ink(plain(example.id), "dim"))
                say(wrap(plain(example.prompt), "  "))
                if example.url:
                    say(ink(wrap(plain(example.url), "  "), "dim"))
        else:
            say('No favourites yet. Say "save it" after a picture.')
    return 0


def taste(settings: Settings, options: argparse.Namespace) -> int:
    """Show the taste card, write or strike out lines, or forget all of it. Opens no library and no model."""
    from tools.backends.taste import TasteBook, told

    with clean_stdout(options.json) as answer:
        book = TasteBook(settings.home, on=settings.taste)
        if options.action == "add":
            book.add(" ".join(options.text))
        elif options.action == "remove":
            book.remove(" ".join(options.text))
        elif options.action == "wipe":
            book.wipe()
        card = book.card()
        if options.json:
            answer({"taste": as_json(card), "card": told(card), "on": book.on})
            return 0
        for line in card.lines:
            verb = ink("you keep", "green") if line.weight > 0 else ink("you drop", "red")
            why = "your own words" if line.said else f"kept {line.kept}, dropped {line.dropped}"
            say(f"{verb} {plain(line.phrase)}  {ink(why, 'dim')}")
        say(plain(told(card)))
        if not book.on:
            note("Taste is off (ATELIER_TASTE=no): nothing is learned, and nothing is moved by it.")
    return 0


def _prompts(options: argparse.Namespace, seed: int, home: Path) -> list[str]:
    """The prompt of each picture: the one that was given, or what the template makes of the seed."""
    if options.template is None:
        return [options.prompt] * options.n
    from agent.conversations import template_text
    from tools.backends import templates

    read = templates.parse(template_text(options.template))
    return templates.variants(read, options.n, seed, templates.wildcards_in(home / "wildcards"))


def _open(path: Path, under: str = "white") -> Any:
    """A picture from a file that the person named, transparent parts on a colour."""
    from tools.backends.pictures import open_picture

    if not path.is_file():
        raise BadInput(f"There is no file {path}. Give the path of a picture.")
    return open_picture(path, under=under)


def _favourite(said: str, ids: Sequence[str]) -> str:
    """The favourite whose id, or the beginning of it as the assistant says it, was given; else the words themselves."""
    begun = [id for id in ids if len(said) >= 4 and id.startswith(said)]
    return begun[0] if said not in ids and len(begun) == 1 else said


def _matches(matches: Any) -> list[dict[str, Any]]:
    return [match.as_json() for match in matches]


def _show(matches: Sequence[Match]) -> None:
    for line in matches_lines(matches):
        say(line)
    if not matches:
        say(NOTHING_FOUND)


def _start(options: argparse.Namespace, strength: float | None) -> "Start | None":
    """The picture to begin with, and its mask, as they were named."""
    from tools.backends.starting import Start

    if options.image is None:
        if options.mask is not None or getattr(options, "strength", None) is not None:
            raise BadInput("--mask and --strength are about a picture to begin with. Name it with --image.")
        return None
    mask = (
        None if options.mask is None else _open(options.mask, under="black")
    )  # only what was painted white may change
    return Start(picture=_open(options.image), mask=mask, strength=strength)


def _render(
    renderer: Any, recipes: list[Recipe], start: "Start | None", folder: Path, quiet: bool
) -> list[dict[str, Any]]:
    """Render and save one after the other; each is on disk before the next begins."""
    from tools.backends.pictures import save_png

    made: list[dict[str, Any]] = []
    for number, recipe in enumerate(recipes, 1):
        bar = Bar("Rendering" + (f" {number}/{len(recipes)}" if len(recipes) > 1 else ""))
        try:
            image = renderer.render(recipe, start=start, on_step=bar.update)
        finally:
            bar.close()
        path = Path(save_png(image, recipe, folder))
        made.append({"name": f"picture {number}", "path": str(path), "recipe": as_json(recipe)})
        if not quiet:
            say(str(path))
            say(ink("  " + recipe_line(recipe), "dim"))
    return made


def _foreign_recipe(metadata: dict[str, Any] | None, renderer: Any, path: Path) -> Recipe:
    """As much of another program's recipe as this renderer can follow."""
    from tools.backends.diffusion import MOST_SEED
    from tools.backends.modelfiles import MOST_GUIDANCE, MOST_STEPS

    if not metadata or not metadata.get("prompt"):
        raise BadInput(f"{path.name} holds no recipe. `atelier describe` finds prompts that likely made it.")
    note("This picture was made by another program; its prompt and settings are followed as far as they are known.")
    # Other programs' values may be beyond what a renderer here takes (seeds of 64 bits, no guidance): those are left out.
    seed, steps, guidance = (metadata.get(name) for name in ("seed", "steps", "guidance"))
    return renderer.recipe(
        str(metadata["prompt"]),
        negative_prompt=str(metadata.get("negative_prompt") or ""),
        seed=seed if isinstance(seed, int) and seed <= MOST_SEED else None,
        steps=steps if isinstance(steps, int) and 1 <= steps <= MOST_STEPS else None,
        guidance=guidance if isinstance(guidance, int | float) and 0 <= guidance <= MOST_GUIDANCE else None,
    )
