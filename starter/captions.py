"""Scenes in words, as people write prompts, and back again.

`caption` writes a prompt for a scene, `plain` its canonical sentence, `read` finds the attributes that words name. All
three use the tables of synonyms in `starter.words`, so what one writes the other can read. No model, no files.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from starter.words import (
    ADJECTIVES,
    ALIASES,
    BOILERPLATE,
    COLOR_WORDS,
    DISTRACTORS,
    FAIR_TIMES,
    FRAMING_WORDS,
    HEADS,
    ITS_SIDE_WORDS,
    NOUN_POSES,
    PLACE_WORDS,
    PLAIN_PLACES,
    PLAIN_POSES,
    PLAIN_TIMES,
    POSE_WORDS,
    RELATION_WORDS,
    SHORT_HEADS,
    SIDE_WORDS,
    SIZE_WORDS,
    STYLE_PHRASES,
    SUBJECT_WORDS,
    TELLING,
    TELLING_COLOR,
    TIME_WORDS,
    WEATHER_WORDS,
    WORD_BY_WORD,
    Named,
)
from starter.world import STYLES, SUBJECTS, Scene, weathers_of

_ADORNED = ("", "", "", "", "cute ", "beautiful ", "lovely ", "charming ")
_LEADS = ("", "", "", "", "", "a picture of ", "an image of ", "a painting of ", "a scene with ")
_FILLER = (
    "on", "the", "a", "an", "in", "at", "of", "with", "and", "by", "to", "for", "it", "its", "is", "very", "more", "make", "style",
    "lighting", "light", "lights", "color", "colors", "colored", "picture", "image", "photo", "scene", "painting",
)  # fmt: skip
_PREPOSITIONS = frozenset((
    "on", "in", "at", "by", "deep", "among", "downtown", "under", "during", "underwater", "beneath", "inside", "high", "out",
    "late",
))  # fmt: skip
_VIEWS = ("close-up", "shot", "view")  # "a close-up of a cat"
_TOGETHER = ("next to", "beside", "with", "alongside", "side by side with")
_PERSONS = frozenset(("knight", "wizard", "astronaut", "pirate"))
_UNSAID = 0.25  # how often "a cat and a dog" has to do for a cat to the left of a dog


def caption(scene: Scene, rng: random.Random) -> str:
    """A prompt that somebody might have written for the scene: comma-separated phrases, most of them true.

    Subjects and style are always named, place, weather, framing and size nearly always, time, colour and pose often.
    """
    head, rest = _tagged(scene, rng) if rng.random() < 0.3 else _sentence(scene, rng)
    phrases = rest
    if scene.style != "none":
        names = STYLE_PHRASES[scene.style]
        chosen = [rng.choice(names[:3])] + rng.sample(names, rng.choice((0, 0, 1, 1, 2, 3)))
        chosen = list(dict.fromkeys(chosen))
        if rng.random() < 0.12:
            weighted = rng.randrange(len(chosen))
            chosen[weighted] = f"({chosen[weighted]}:{rng.choice((1.1, 1.2, 1.3, 1.4, 1.5))})"
        phrases = phrases + chosen
    if rng.random() < 0.5:
        phrases += rng.sample(BOILERPLATE, rng.randint(1, 4))
    if rng.random() < 0.15:
        phrases += [" ".join(rng.sample(DISTRACTORS, rng.randint(1, 2))) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.03:  # the text encoder's last positions must see words too
        phrases += [rng.choice(BOILERPLATE + DISTRACTORS) for _ in range(rng.randint(30, 50))]
    if rng.random() < 0.4:
        rng.shuffle(phrases)
    if scene.style != "none" and rng.random() < 0.08:
        return f"{rng.choice(STYLE_PHRASES[scene.style][:3])} of {head}" + "".join(f", {p}" for p in phrases)
    text = ", ".join([head, *phrases])
    return text[0].upper() + text[1:] if rng.random() < 0.15 else text


def _sentence(scene: Scene, rng: random.Random) -> tuple[str, list[str]]:
    """A natural head such as "a ginger kitten sleeping on the sofa at night", and what is left for phrases."""
    noun = _noun(scene, rng)
    adorned = f"{rng.choice(_ADORNED)}{_sized(scene, rng)}{noun}"
    lead = rng.choice(_LEADS)
    rest: list[str] = []
    framing = _framing(scene, rng)
    if framing.endswith(_VIEWS) and rng.random() < 0.6:
        lead = f"{_article(framing)} of "
    elif framing:
        rest.append(framing)
    head = lead + _article(adorned)
    pose, beside = _pose(scene, rng, noun), _beside(scene, rng, tag=False)
    if beside.startswith("and "):  # else it would be the other one that sits
        pose = ""
    for part in (pose, beside, _place(scene, rng, phrase=True)):
        if part:
            head += f" {part}"
    for words, fluent in ((_time(scene, rng), 0.6), (_weather(scene, rng), 0.7)):
        if words and _is_phrase(words) and rng.random() < fluent:
            head += f" {words}"
        elif words:
            rest.append(words)
    return head, rest


def _tagged(scene: Scene, rng: random.Random) -> tuple[str, list[str]]:
    noun = _noun(scene, rng)
    parts = (
        _pose(scene, rng, noun), _beside(scene, rng, tag=True), _place(scene, rng, phrase=False), _time(scene, rng),
        _weather(scene, rng), _framing(scene, rng),
    )  # fmt: skip
    return f"{_sized(scene, rng)}{noun}", [tag for tag in parts if tag]


def _noun(scene: Scene, rng: random.Random) -> str:
    words = [word for word in SUBJECT_WORDS[scene.subject] if _agrees(word, scene)]
    noun = words[0] if rng.random() < 0.5 else rng.choice(words)
    if scene.pose in SHORT_HEADS and rng.random() < 0.5:  # "a red tulip" is how people say it
        noun = SHORT_HEADS[scene.pose]
    if scene.pose in ADJECTIVES and rng.random() < 0.8 and scene.pose not in noun:
        noun = f"{ADJECTIVES[scene.pose]} {noun}"
    if rng.random() < 0.78:
        first = COLOR_WORDS[scene.color][0]
        noun = f"{first if rng.random() < 0.75 else rng.choice(COLOR_WORDS[scene.color])} {noun}"
    return noun


def _agrees(word: str, scene: Scene) -> bool:
    return TELLING.get(word, scene.pose) == scene.pose and TELLING_COLOR.get(word, scene.color) == scene.color


def _sized(scene: Scene, rng: random.Random) -> str:
    words = SIZE_WORDS[scene.size]
    if not words or rng.random() < 0.03:
        return ""
    return f"{words[0] if rng.random() < 0.4 else rng.choice(words)} "


def _pose(scene: Scene, rng: random.Random, noun: str) -> str:
    """Words for the pose that stand after the noun, or nothing where it goes without saying."""
    if scene.pose in ADJECTIVES or rng.random() < 0.12:
        return ""
    if scene.pose in NOUN_POSES:
        said = {"volcano": "volcano", "fortress": "fortress"}.get(scene.pose)
        return (
            f"with {rng.choice(('lava', 'smoke and lava'))}" if said == "volcano" and rng.random() < 0.5 else said or ""
        )
    words = POSE_WORDS[scene.pose]
    if scene.relation != "none":  # not "on a branch on a piano"
        words = tuple(word for word in words if "on" not in word.split())
    word = words[0] if rng.random() < 0.5 else rng.choice(words)
    return "" if word in noun else word


def _beside(scene: Scene, rng: random.Random, *, tag: bool) -> str:
    """Words for the second subject, mostly with where the first one is."""
    if scene.relation == "none":
        return ""
    pose = SUBJECTS[scene.other].poses[0]
    second = replace(scene, subject=scene.other, color=scene.other_color, pose=pose)
    other = _article(_noun(second, rng))
    words = RELATION_WORDS[scene.relation]
    if scene.relation in ("on", "behind"):
        return f"{words[0] if rng.random() < 0.7 else rng.choice(words)} {other}"
    if scene.relation == "left" and rng.random() < _UNSAID:
        return other if tag else f"{'and' if rng.random() < 0.6 else rng.choice(_TOGETHER)} {other}"
    if rng.random() < 0.7:
        return f"{words[0] if rng.random() < 0.5 else rng.choice(words)} {other}"
    whose = rng.choice(("the", "his", "her") if scene.subject in _PERSONS else ("the", "its", "its"))
    side = "right" if scene.relation == "left" else "left"
    return f"{rng.choice(_TOGETHER[:3])} {other} {rng.choice(('on', 'to'))} {whose} {side}"


def _place(scene: Scene, rng: random.Random, *, phrase: bool) -> str:
    if rng.random() < 0.05:
        return ""
    words = [word for word in PLACE_WORDS[scene.place] if _is_phrase(word) == phrase]
    return rng.choice(words)


def _time(scene: Scene, rng: random.Random) -> str:
    if rng.random() >= (0.4 if scene.time == "day" else 0.88):
        return ""
    words = TIME_WORDS[scene.time]
    if scene.weather not in ("clear", "stars") or len(weathers_of(scene.place, scene.time)) == 1:
        words = tuple(word for word in words if word not in FAIR_TIMES)
    return rng.choice(words)


def _weather(scene: Scene, rng: random.Random) -> str:
    words = [word for word in WEATHER_WORDS[scene.weather] if scene.time == "day" or "day" not in word.split()]
    return rng.choice(words) if words and rng.random() < 0.97 else ""


def _framing(scene: Scene, rng: random.Random) -> str:
    words = FRAMING_WORDS[scene.framing]
    if not words or rng.random() < 0.03:
        return ""
    return words[0] if rng.random() < 0.4 else rng.choice(words)


def _is_phrase(words: str) -> bool:
    return words.split()[0] in _PREPOSITIONS


def _article(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def plain(scene: Scene) -> str:
    """The canonical sentence: "an orange cat sleeping on the sofa in a living room at night, watercolor"."""
    noun = HEADS.get(scene.pose, scene.subject)
    pose = PLAIN_POSES.get(scene.pose, scene.pose)
    if scene.pose in ADJECTIVES:
        noun, pose = f"{ADJECTIVES[scene.pose]} {noun}", ""
    elif scene.pose in HEADS:
        pose = ""
    beside = ""
    if scene.relation != "none":
        beside = f"{RELATION_WORDS[scene.relation][0]} {_article(f'{scene.other_color} {scene.other}')}"
    size, weather, framing = (
        " ".join(words[:1])
        for words in (SIZE_WORDS[scene.size], WEATHER_WORDS[scene.weather], FRAMING_WORDS[scene.framing])
    )
    place, time = PLAIN_PLACES[scene.place], PLAIN_TIMES[scene.time]
    sentence = " ".join(word for word in (size, scene.color, noun, pose, beside, place, time, weather) if word)
    return ", ".join(part for part in (_article(sentence), framing, scene.style) if part and part != "none")


# Reading: longest words first, so that "hot air balloon" is not read as "air", nor "golden hour" as a colour.

_KEYS = (
    "subject", "color", "pose", "place", "time", "style", "weather", "framing", "size", "relation", "other", "other_color",
)  # fmt: skip
_ARTICLES = frozenset(("a", "an", "the", "one", "another", "its", "his", "her", "their", "this", "that"))
_MODIFIERS = frozenset(("color", "pose", "size"))
_BREAK = frozenset(",.;!?|")


class _Match(NamedTuple):
    """Words start..end that name something."""

    start: int
    end: int
    names: Named

    def value(self, attribute: str) -> str | None:
        return next((value for key, value in self.names if key == attribute), None)


_WEIGHT = re.compile(r":\s*[\d.]+\s*(?=[)\]])|[()\[\]{}]")
_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
# Where a phrase ends matters, so that "art, deco" is no style and "orange, dog" no orange dog.
_TOKEN = re.compile(_WORD.pattern + r"|[,.;!?|]")


@lru_cache(maxsize=1)
def _lexicon() -> dict[tuple[str, ...], Named]:
    """Word sequences and the attributes they name."""
    found: dict[tuple[str, ...], Named] = {}
    tables = (
        ("subject", SUBJECT_WORDS), ("color", COLOR_WORDS), ("place", PLACE_WORDS), ("time", TIME_WORDS),
        ("style", STYLE_PHRASES), ("weather", WEATHER_WORDS), ("framing", FRAMING_WORDS), ("size", SIZE_WORDS),
        ("relation", RELATION_WORDS), ("side", SIDE_WORDS), ("its side", ITS_SIDE_WORDS), ("pose", POSE_WORDS),
    )  # fmt: skip
    for attribute, table in tables:
        for value, phrases in table.items():
            bare = attribute in _KEYS[:6] and value != "none"  # "wide" and "clear" alone say nothing
            for words in (*phrases, value) if bare else phrases:
                # the first table to claim a word keeps it; poses come last and are settled by the subject
                if words not in WORD_BY_WORD:
                    found.setdefault(_stems(words), ((attribute, value),))
    found.update({_stems(words): named for words, named in ALIASES.items()})
    return found


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(key) for key in _lexicon())


def _stems(words: str) -> tuple[str, ...]:
    said = _WEIGHT.sub(" ", words.lower()).replace("&", " and ")
    return tuple(_stem(word) for word in _TOKEN.findall(said.replace("\u2019", "'")))


def _stem(word: str) -> str:
    """The word without its plural: enough to take "kittens" for "kitten"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def read(words: str) -> dict[str, str]:
    """The attributes of a scene that the words name, each at most once, first come.

    What describes the second subject is not said of the first. Case, plurals and weights such as "(neon lights:1.3)" make no difference. What is not named is
    not in the answer.
    """
    stems = _stems(words)
    matches = _matches(stems)
    others = _others(stems, matches)
    theirs = {index for described in others.values() for index in described}
    own = [match for index, match in enumerate(matches) if index not in theirs]
    named: dict[str, str] = {}
    for match in own:
        for attribute, value in match.names:
            named.setdefault(attribute, value)
    subject = named.get("subject")
    if subject:
        _settle_pose(named, subject, _posing(stems, matches, theirs))
        if named.get("color") not in SUBJECTS[subject].colors:
            named.pop("color", None)
            _settle_color(named, subject, [stems[match.start : match.end] for match in own])
    _settle_size(named, stems, own)
    named.pop("relation", None)
    named |= _second(stems, matches, others)
    if any(matches[index].value("subject") == "mountain" for index in others):
        named.setdefault("place", "mountains")  # behind another subject it can only be the place
    return {key: named[key] for key in _KEYS if key in named}


def _matches(stems: tuple[str, ...]) -> list[_Match]:
    """What the words name, in their order, the longest run of words first."""
    found: list[_Match] = []
    lexicon, at = _lexicon(), 0
    while at < len(stems):
        for length in range(min(_longest(), len(stems) - at), 0, -1):
            names = lexicon.get(stems[at : at + length])
            if names is not None:
                found.append(_Match(at, at + length, names))
                at += length
                break
        else:
            at += 1
    return found


def _others(stems: tuple[str, ...], matches: Sequence[_Match]) -> dict[int, list[int]]:
    """Which matches name another subject than the first one does, and which matches describe each, itself included."""
    subjects = [index for index, match in enumerate(matches) if match.value("subject")]
    return {
        index: _described(stems, matches, index)
        for index in subjects[1:]
        if matches[index].value("subject") != matches[subjects[0]].value("subject")
    }


def _described(stems: tuple[str, ...], matches: Sequence[_Match], noun: int) -> list[int]:
    """The noun's match and those of the words for colour, pose and size right before it, "cute" and the like between."""
    found, start = [noun], _before(stems, matches[noun].start, _adorning())
    for index in range(noun - 1, -1, -1):
        if matches[index].end != start or not {key for key, _ in matches[index].names} <= _MODIFIERS:
            break
        found.append(index)
        start = _before(stems, matches[index].start, _adorning())
    return found


def _before(stems: tuple[str, ...], end: int, passed: Iterable[str]) -> int:
    while end > 0 and stems[end - 1] in passed:
        end -= 1
    return end


@lru_cache(maxsize=1)
def _adorning() -> frozenset[str]:
    return frozenset(stem for words in (*_ADORNED, "very") for stem in _stems(words))


def _second(stems: tuple[str, ...], matches: Sequence[_Match], others: dict[int, list[int]]) -> dict[str, str]:
    """The second subject, its colour, and where the first one is, as far as they are named."""
    first = next((match.value("subject") for match in matches if match.value("subject")), None)
    for noun, described in others.items():
        other = matches[noun].value("subject") or ""
        start = _before(stems, min(matches[index].start for index in described), _ARTICLES | _adorning())
        before = next((match for match in matches if match.end == start and match.value("relation")), None)
        rides = first == "knight" and other == "horse" and before is not None and before.value("pose") == "riding"
        if not SUBJECTS[other].pairs or rides:  # a house is no company, and a riding knight comes with the horse
            continue
        named = {"other": other}
        relation = before.value("relation") if before else _side(stems, matches, noun)
        if relation:
            named["relation"] = relation
        colors = [matches[index].value("color") for index in described]
        for color in colors:
            if color in SUBJECTS[other].colors:
                named.setdefault("other_color", color)
        return named
    return {}


def _side(stems: tuple[str, ...], matches: Sequence[_Match], noun: int) -> str | None:
    """Where the first subject is, by words for one side: "a cat on the left, a dog", "a cat with a dog on its right"."""
    turned = {"left": "right", "right": "left"}
    for index, match in enumerate(matches):
        if side := match.value("its side"):
            return turned[side]
        if side := match.value("side"):
            return turned[side] if index > noun else side
    return None


def _posing(stems: tuple[str, ...], matches: Sequence[_Match], theirs: set[int]) -> tuple[str, ...]:
    """The words where the first subject's pose may be: not in "film still", nor in what describes another subject."""
    left = list(stems)
    for index, match in enumerate(matches):
        if index in theirs or not {key for key, _ in match.names} <= {"subject", "pose", "relation"}:
            left[match.start : match.end] = ["|"] * (match.end - match.start)
    return tuple(left)


def _settle_size(named: dict[str, str], stems: tuple[str, ...], own: Sequence[_Match]) -> None:
    """Keep the size only where it is said of the subject ("a tiny cat") or of nothing else ("make it tiny")."""
    named.pop("size", None)
    nouns = [index for index, match in enumerate(own) if match.value("subject")]
    described = {index for noun in nouns for index in _described(stems, own, noun)}
    for index, match in enumerate(own):
        size = match.value("size")
        if size and (index in described or match.end == len(stems) or stems[match.end] in _BREAK):
            named.setdefault("size", size)


def _settle_pose(named: dict[str, str], subject: str, stems: tuple[str, ...]) -> None:
    """Keep the pose only if the subject has it; look again for one that it has, since poses share words."""
    text = f" {' '.join(stems)} ".replace(" tall tree ", " ")  # the forest's, not the house's height
    poses = SUBJECTS[subject].poses
    if named.get("pose") in poses:
        return
    named.pop("pose", None)
    for pose in poses:
        if any(f" {' '.join(_stems(words))} " in text for words in (*POSE_WORDS[pose], pose)):
            named["pose"] = pose
            return


def _settle_color(named: dict[str, str], subject: str, spans: list[tuple[str, ...]]) -> None:
    for color in SUBJECTS[subject].colors:
        if any(_stems(words) in spans for words in (*COLOR_WORDS[color], color)):
            named["color"] = color
            return


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word that a caption can contain, distractors aside, in lower case."""
    tables = (SUBJECT_WORDS, COLOR_WORDS, POSE_WORDS, PLACE_WORDS, TIME_WORDS, STYLE_PHRASES)
    texts = [text for table in tables for key, phrases in table.items() for text in (key, *phrases) if text != "none"]
    texts += [*BOILERPLATE, *_ADORNED, *_LEADS, *_FILLER, *ADJECTIVES.values(), *HEADS.values(), *STYLES[1:]]
    texts += [*PLAIN_PLACES.values(), *PLAIN_TIMES.values(), *PLAIN_POSES.values(), "smoke and lava"]
    more = (WEATHER_WORDS, FRAMING_WORDS, SIZE_WORDS, RELATION_WORDS, SIDE_WORDS, ITS_SIDE_WORDS)
    texts += [text for table in more for phrases in table.values() for text in phrases]
    texts += _TOGETHER
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()))
