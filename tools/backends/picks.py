"""What a person's picks say about phrases: statistics that stay silent while there is little to say. Pure; no files.

A pick is a verdict on one picture, together with what else was on offer: the other prompts of its conversation and, where
there were none, how common its phrases are in the library. Each phrase has one unknown, its pull θ, with a prior N(0, 1):

- a picture chosen among others of its conversation follows McFadden's conditional logit ("Conditional logit analysis of
  qualitative choice behavior", 1974): a prompt that holds the phrase is e^θ times as likely to be kept, e^-θ times as
  likely to be dropped. What stands in all of them cancels out, and what was never on offer says nothing.
- a picture that stood alone holds the phrase with log odds α + θ when kept and α - θ when dropped. α is how often this
  person has the phrase at all: unknown too, with a prior N(logit of its share in the library, 2²). So a habit, or the
  boilerplate of every prompt, is no taste, while a difference between what is kept and what is dropped is.

The posterior is summed up on a grid, so that it is exact for small counts. Another "up" for a picture never lowers the
weight or the sureness of a phrase that it holds, and another "down" never raises them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from tools.backends.records import TasteLine

STRENGTH = {"up": 1.0, "saved": 1.0, "down": -1.0, "removed": -0.5}  # a removed favourite may be mere tidying up
LEAST = 3  # different prompts kept, or dropped, that must hold a phrase before it is a line
SURE = 0.95  # posterior probability of the direction …
MARKED = 0.8  # … and mean pull: with both, who picks by chance gets half a line in 40 picks over 20 phrases
FLOOR, CEILING = 0.002, 0.9  # shares in the library are taken as no less and no more
PULL_SPREAD, HABIT_SPREAD = 1.0, 2.0  # standard deviations of the priors of θ and α
PULLS = np.linspace(-5, 5, 81)  # θ
HABITS = np.linspace(-6, 6, 37)  # α, from the logit of the share in the library


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A verdict on one picture, and what it was chosen from.

    `picture` is any name that is the same for the same picture. `others`: how many other prompts its conversation had;
    `held`: in how many of those each phrase stood; `usual`: the share of the library's prompts that hold each phrase.
    """

    picture: str
    verdict: str  # a key of STRENGTH
    phrases: frozenset[str]
    others: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)

    @property
    def strength(self) -> float:
        """1 kept … -1 dropped."""
        return STRENGTH[self.verdict]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One prompt that was kept or dropped, once however many of its pictures were picked."""

    phrases: frozenset[str]
    strength: float
    picks: tuple[Pick, ...]


def standing(picks: Iterable[Pick]) -> dict[str, list[Pick]]:
    """Picture → its picks that still count: those since the person last changed their mind about it."""
    found: dict[str, list[Pick]] = {}
    for pick in picks:
        earlier = found.get(pick.picture, [])
        same = bool(earlier) and (earlier[-1].strength > 0) == (pick.strength > 0)
        found[pick.picture] = [*earlier, pick] if same else [pick]
    return found


def choices(picks: Iterable[Pick]) -> list[Choice]:
    """Each prompt once: kept if any of its pictures was, because then only the seed was wrong with the others."""
    by_prompt: dict[tuple[frozenset[str], bool], list[Pick]] = defaultdict(list)
    for each in standing(picks).values():
        by_prompt[each[-1].phrases, each[-1].strength > 0] += each
    made = []
    for (held, kept), each in by_prompt.items():
        if kept or (held, True) not in by_prompt:
            strongest = max((pick.strength for pick in each), key=abs)
            made.append(Choice(phrases=held, strength=strongest, picks=tuple(each)))
    return made


def weigh(picks: Iterable[Pick]) -> list[TasteLine]:
    """The phrases of which the picks say surely enough that the person keeps or drops them, strongest first.

    The weight is tanh of half the mean pull, -1..1: how far the phrase moves an even choice. The order of picks of
    different pictures makes no difference.
    """
    made = choices(picks)
    kept = Counter(phrase for choice in made if choice.strength > 0 for phrase in choice.phrases)
    dropped = Counter(phrase for choice in made if choice.strength < 0 for phrase in choice.phrases)
    often = {phrase for phrase in kept | dropped if max(kept[phrase], dropped[phrase]) >= LEAST}
    about: dict[str, list[Choice]] = defaultdict(
        list
    )  # the others tell nothing of the phrase, but how often it was not there
    for choice in made:
        for phrase in often & choice.phrases.union(*(pick.held for pick in choice.picks)):
            about[phrase].append(choice)
    stood = stood_alone(made)
    lines = []
    for phrase in sorted(often):
        pull, sure = posterior(phrase, about[phrase], stood)
        keeps = kept[phrase] >= LEAST and sure >= SURE and pull >= MARKED
        if keeps or (dropped[phrase] >= LEAST and sure <= 1 - SURE and pull <= -MARKED):
            weight = round(math.tanh(pull / 2), 3)
            lines.append(TasteLine(phrase=phrase, weight=weight, kept=kept[phrase], dropped=dropped[phrase]))
    return sorted(lines, key=lambda line: (-abs(line.weight), line.phrase))


def stood_alone(made: Iterable[Choice]) -> dict[bool, float]:
    """Was kept → how many prompts had no other beside them; a removed favourite is half a one."""
    found = {True: 0.0, False: 0.0}
    for choice in made:
        if any(not pick.others for pick in choice.picks):
            found[choice.strength > 0] += abs(choice.strength)
    return found


def posterior(phrase: str, about: Sequence[Choice], stood: Mapping[bool, float]) -> tuple[float, float]:
    """Of the phrase's pull θ: the posterior mean, and the probability that it is above 0.

    Args:
        about: the choices; those that have nothing to do with the phrase may be left out.
        stood: what `stood_alone` says of all choices.
    """
    shares = [pick.usual[phrase] for choice in about for pick in choice.picks if phrase in pick.usual]
    among: Counter[tuple[bool, float, int, int]] = Counter()
    for choice in about:
        holds = phrase in choice.phrases
        offers = [(pick.others - pick.held.get(phrase, 0), pick.held.get(phrase, 0)) for pick in choice.picks]
        wide = [(without, having) for without, having in offers if without + having > 0]
        if wide:  # of several picks of one prompt, the one with the most to choose from
            without, having = max(wide, key=lambda offer: (offer[0] / (offer[1] + 1), offer))
            among[holds, choice.strength, without + (not holds), having + holds] += 1
    log = -0.5 * (PULLS / PULL_SPREAD) ** 2
    for (holds, strength, without, having), count in among.items():  # the prompt itself is counted on its own side
        pull = math.copysign(1.0, strength) * PULLS
        log = log + count * abs(strength) * (holds * pull - np.log(without + having * np.exp(pull)))
    holding = stood_alone(choice for choice in about if phrase in choice.phrases)
    if any(stood.values()):
        log = log + _habit_summed_out(max(shares, default=0.0), holding, stood)
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    above = mass[PULLS > 1e-9].sum() + mass[np.abs(PULLS) <= 1e-9].sum() / 2
    return float(mass @ PULLS), float(above)


def _habit_summed_out(share: float, holding: Mapping[bool, float], stood: Mapping[bool, float]) -> np.ndarray:
    """(PULLS,): the log likelihood of the pictures that stood alone, the person's own rate of the phrase summed out.

    Args:
        share: of the library's prompts that hold the phrase.
        holding: was kept → how many of them hold it.
        stood: was kept → how many there are.
    """
    habit = _logit(min(max(share, FLOOR), CEILING)) + HABITS[:, None]  # (HABITS, 1)
    log = np.broadcast_to(-0.5 * (HABITS[:, None] / HABIT_SPREAD) ** 2, (len(HABITS), len(PULLS)))
    for kept, count in stood.items():
        odds = habit + (PULLS if kept else -PULLS)
        log = log - holding[kept] * np.logaddexp(0.0, -odds) - (count - holding[kept]) * np.logaddexp(0.0, odds)
    return np.logaddexp.reduce(log, axis=0)


@lru_cache(maxsize=4096)
def _logit(share: float) -> float:
    return math.log(share / (1 - share))
