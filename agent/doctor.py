"""`atelier doctor`: tries every part for real, and says what to set for the real ones on this very machine."""

import time
from collections.abc import Callable
from typing import Any

from agent import models
from agent.build import Part, Studio, build
from agent.logs import clean_stdout, keep_details
from agent.printing import ink, plain, say, shorten, wrap
from agent.settings import Settings
from tools.backends.errors import AtelierError, ChatModelError
from tools.backends.machine import GB, advise, look
from tools.backends.records import IndexState, as_json


def doctor(settings: Settings, *, as_document: bool) -> int:
    """Try the four parts, one after the other.

    Raises:
        AtelierError: after the answer, if some part does not work.
    """
    with clean_stdout(as_document) as answer, build(settings) as studio:
        machine = look(settings.home)
        advice = advise(machine)
        if not as_document:
            say(ink("This machine", "bold"))
            say(
                f"  {machine.cpus} cores, {machine.memory / GB:.0f} GB of memory, {machine.disk_free / GB:.0f} GB of disk free"
            )
            say(wrap(advice.summary, "  "))
        real = {
            "renderer": [fit for fit in advice.images if fit.fits],
            "encoder": [fit for fit in advice.encoders if fit.fits],
        }
        results = []
        for part in studio.parts():
            result = _tried(part, _TRIALS[part.part], studio)
            result["fits_here"] = [{"set": fit.line, "words": fit.words} for fit in real.get(part.part, [])]
            results.append(result)
            if not as_document:
                _show(result)
        broken = [result["part"] for result in results if not result["works"]]
        if as_document:
            answer({"works": not broken, "parts": results, "machine": as_json(machine), "home": str(settings.home)})
        else:
            say(f"\nYour data is in {settings.home}.")
    if broken:
        raise AtelierError(f"Not working: {', '.join(broken)}. What to do stands beside each.")
    return 0


def _tried(part: Part, trial: Callable[[Studio], str], studio: Studio) -> dict[str, Any]:
    """Use a part once and say how it went."""
    begun = time.perf_counter()
    works = True
    try:
        found = trial(studio)
    except AtelierError as error:
        works, found = False, str(error)
    except Exception as error:  # noqa: BLE001 - a check-up must reach its last part
        works, found = False, f"{type(error).__name__}: {error}. The details are in {keep_details(error)}."
    return {
        "part": part.part,
        "in_use": part.in_use,
        "built_in": part.built_in,
        "works": works,
        "found": plain(found),
        "seconds": round(time.perf_counter() - begun, 2),
        "real": part.real,
    }


def _library(studio: Studio) -> str:
    library = studio.library
    matches = studio.finder.search(words="a cat", k=1)
    kept = len(library.favourites())
    pictures = library.index_state("pictures")
    seen = f" {searched(pictures, 'picture')}" if pictures.rows else ""
    return (
        f"{library.count():,} examples, {kept} {'favourite' if kept == 1 else 'favourites'}; "
        f"a search for “a cat” found {len(matches) and 'one' or 'nothing'}. {searched(library.index_state())}{seen}"
    )


def searched(state: IndexState, by: str = "meaning") -> str:
    """How the library is searched by meaning, or by a picture, in a sentence."""
    what = "example" if by == "meaning" else by
    if state.kind == "exact":
        return f"Searches by {by} compare every {what}, which is exact."
    found = "" if state.recall is None else f"; it found {state.recall:.1%} of the nearest ten when it was built"
    rest = state.rows - state.indexed_rows
    newer = f", the {rest:,} newer ones one by one" if rest else ""
    return (
        f"Searches by {by} ask an index ({state.quantization}) of {state.indexed_rows:,} {what}s{newer}{found}, in "
        f"{state.seconds:.0f} s."
    )


def _encoder(studio: Studio) -> str:
    shape = studio.encoder.texts(["a cat sleeping on the sofa"]).shape
    return f"{studio.encoder.name} read a sentence as {shape[-1]} numbers."


def _renderer(studio: Studio) -> str:
    renderer = studio.renderer
    recipe = renderer.recipe("a cat", seed=1, steps=2)
    renderer.load()
    begun = time.perf_counter()
    renderer.render(recipe)
    step = (time.perf_counter() - begun) / 2
    steps = renderer.defaults.steps
    return (
        f"{recipe.width}×{recipe.height} on {recipe.device}: about {step * steps:.1f} s for a picture of {steps} steps."
    )


def _chat_model(studio: Studio) -> str:
    if studio.settings.chat == models.GUIDE:
        return "Rules, always there. It understands ideas, changes, styles, seeds, favourites and pictures; it is no language model."
    model = studio.chat_model
    try:
        reply = model.invoke("Say hello in one word.").text
    except Exception as error:
        raise ChatModelError(models.failure(error, studio.settings).sentence) from error
    return f"It answered: {shorten(plain(str(reply)), 60)}"


_TRIALS: dict[str, Callable[[Studio], str]] = {
    "library": _library,
    "encoder": _encoder,
    "renderer": _renderer,
    "chat model": _chat_model,
}


def _show(result: dict[str, Any]) -> None:
    mark = ink("✓", "green") if result["works"] else ink("✗", "red")
    kind = " (built in)" if result["built_in"] else ""
    say(f"\n{mark} {ink(result['part'].capitalize(), 'bold')}: {result['in_use']}{kind}")
    say(wrap(result["found"], "  "))
    if result["built_in"]:
        say(ink("  For the real one:", "dim"))
        say(ink(wrap(result["real"], "    "), "dim"))
        for fit in result["fits_here"][:2]:
            say(ink(f"    {fit['set']}", "dim"))
            say(ink(wrap(fit["words"], "      "), "dim"))
