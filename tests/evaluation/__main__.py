"""`make eval`: play the scripted conversations, judge them, print the tables, keep them in docs/EVALUATION.md.

    make eval                       everything: the guide, the scripted model, the utterances, the overhead
    make eval ONLY=style            one kind of wish, one conversation's name, or one file
    make eval ONLY=style MODEL=guide

Models load once: all conversations share a studio in a temporary home, each in a thread of its own, and leave the library
as they found it. Only a whole run is kept.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TextIO

from loopback_openai import LoopbackOpenAI, Reply
from rooms import sibling

from agent.build import Studio
from agent.settings import load_settings
from evaluation import reporting
from evaluation.checks import Examiner, Finding
from evaluation.judging import DEFAULT, JUDGES
from evaluation.playing import play
from evaluation.reporting import Figure, Run
from evaluation.scripted import ScriptedModel
from evaluation.scripts import Conversation, load
from tools.backends.errors import BadInput

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "docs" / "EVALUATION.md"
GUIDE, SCRIPTED = "the guide", "a scripted model through OpenAI's protocol"
QUICK = ("a castle in watercolor", "sofa and cat held fast", "two castles to keep", "back to the first boat")
QUICK_STEPS = 2  # pictures of so few steps show little; the assistant's own figures need no more


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate; 1 if an aim of the whole run is missed, 2 if there is nothing to play."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="a kind of wish, a conversation's name, or a file")
    parser.add_argument("--model", choices=("both", "guide", "scripted"), default="both")
    parser.add_argument("--judge", choices=tuple(JUDGES), default=DEFAULT, help="who reads the pictures")
    parser.add_argument("--steps", type=int, default=0, help="denoising steps; 0: what the renderer recommends")
    parser.add_argument("--quick", action="store_true", help="four conversations on the guide, few steps, nothing kept")
    chosen = parser.parse_args(arguments)
    try:
        conversations = load(only=chosen.only)
    except BadInput as error:
        _say(str(error))
        return 2
    if chosen.quick:
        conversations = [c for c in conversations if c.name in QUICK] or conversations[:4]
    whole = not (chosen.only or chosen.quick or chosen.steps) and chosen.model == "both"
    runs = evaluate(
        conversations,
        models=("guide",) if chosen.quick else ("guide", "scripted") if chosen.model == "both" else (chosen.model,),
        judge=chosen.judge,
        steps=chosen.steps or (QUICK_STEPS if chosen.quick else 0),
    )
    others = beside() if whole else []
    for run in runs:
        _say(
            f"\n{run.model}, {run.conversations} conversations; pictures read by {run.judge}{'' if run.independent else ' (not independent)'}\n"
        )
        _say(reporting.text(reporting.by_kind(run)))
        _say("\n" + reporting.told(reporting.figures(run)))
        if bad := reporting.misses(run):
            _say("\nNot good:\n" + "\n".join(f"  {line}" for line in bad))
    if whole:
        _say("\n" + reporting.told(others))
        KEPT.write_text(
            reporting.document(
                runs, others, date=f"{date.today():%-d %B %Y}", machine=_machine(), renderer=_renderer()
            ),
            encoding="utf-8",
        )
        _say(f"\nKept in {KEPT.relative_to(ROOT)}")
    missed = [figure for run in runs for figure in reporting.figures(run) if figure.met is False]
    return int(whole and bool([*missed, *(figure for figure in others if figure.met is False)]))


def evaluate(
    conversations: Sequence[Conversation], *, models: Sequence[str], judge: str = "starter", steps: int = 0
) -> list[Run]:
    """Play and judge the conversations on each of the models, over one set of open parts in a temporary home."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="atelier-eval-")))
        built_in = replace(
            load_settings(),
            home=home,
            database="",
            encoder="starter",
            image_model="starter",
            chat_model="guide",
            steps=steps,
        )
        studio = stack.enter_context(Studio(built_in))
        runs = []
        for model in models:
            if model == "guide":
                runs.append(asyncio.run(_run(studio, conversations, GUIDE, judge)))
                continue
            scripted = ScriptedModel()
            server = stack.enter_context(LoopbackOpenAI(lambda messages, m=scripted: Reply(*m.reply(messages))))
            other = sibling(
                studio,
                chat_model="openai:scripted",
                openai_api_key="sk-loopback",
                openai_base_url=server.url,
                timeout=60.0,
            )
            runs.append(asyncio.run(_run(other, conversations, SCRIPTED, judge, scripted)))
        return runs


async def _run(
    studio: Studio, conversations: Sequence[Conversation], model: str, judge: str, scripted: ScriptedModel | None = None
) -> Run:
    eyes = JUDGES[judge](studio)
    examiner = Examiner(studio, eyes, own_words=scripted is None)
    findings: list[Finding] = []
    seconds: list[float] = []
    begin = scripted.begin if scripted else (lambda _: None)
    async for course in play(studio, conversations, begin):
        found = await asyncio.to_thread(examiner.examine, course)
        findings += found
        seconds += [played.seconds for played in course.turns]
        bad = [finding for finding in found if not finding.good]
        _say(f"{'.' if not bad else '!'} {course.conversation.kind} / {course.conversation.name}", sys.stderr)
    return Run(
        model=model,
        judge=eyes.name,
        independent=eyes.independent,
        conversations=len(conversations),
        findings=findings,
        seconds=seconds,
    )


def beside() -> list[Figure]:
    """The figures that need no scripted conversation: what single utterances come to, and what the agent itself costs."""
    from utterance_kit import UTTERANCES, score

    from evaluation.overhead import per_turn

    found = []
    for name, file, aim in (
        ("open", "open.yaml", 0.95),
        ("fresh", "fresh.yaml", 0.95),
        ("held out, never tuned to", "held_out.yaml", None),
        ("unseen, never tuned to", "unseen.yaml", None),
    ):
        right, total, _ = score(UTTERANCES / file)
        met = None if aim is None else right >= aim * total
        value = f"{100 * right / total:.1f} % of {total}"
        found.append(Figure(name=f"the guide's utterances, {name}", aim="≥ 95 %" if aim else "", value=value, met=met))
    spent = per_turn(load_settings())
    found.append(
        Figure(
            name="agent overhead of a turn with three tool calls, p50",
            aim="< 50 ms",
            value=f"{spent:.0f} ms",
            met=spent < 50,
        )
    )
    return found


def _machine() -> str:
    """The class of the machine, without its name."""
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} CPU cores, {'with a GPU' if torch.cuda.is_available() else 'no GPU'}"


def _renderer() -> str:
    import json

    measures = json.loads((ROOT / "starter" / "weights" / "measures.json").read_text())["renderer"]
    return f"starter renderer at {measures['steps']} steps and guidance {measures['guidance']}"


def _say(words: str, out: TextIO | None = None) -> None:
    out = out or sys.stdout
    out.write(words + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
