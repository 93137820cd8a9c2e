"""Catches sentences that claim what no tool did: a picture, a save, a find, a lock, an undo, a check, a change.

`Facts` is what really happened in a turn, read off its events. `false_claim` holds one sentence against them. It is
made of patterns, so it is conservative: claims in the first person and about things made; questions, offers, conditions
and negations pass. What stands in quotation marks is somebody else's and passes too. English mostly; pictures and
saves are also known in German, French, Spanish, Italian, Portuguese and Dutch.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from agent.events import (
    DraftMade,
    Event,
    ExamplesFound,
    FavouriteSaved,
    FavouritesListed,
    PictureMade,
    Shown,
    ToolFinished,
    ToolStarted,
)
from tools.backends.records import Check, FileKept, Foresight, Weighing


@dataclass
class Facts:
    """What happened in a turn so far, and what was there before it began."""

    pictures_before: Collection[str] = ()  # names, such as "picture 1"
    saved_before: Collection[str] = ()
    locked_before: bool = False
    kinds: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    ranks: set[int] = field(default_factory=set)
    tools: set[str] = field(default_factory=set)  # that succeeded
    _args: dict[str, dict[str, object]] = field(default_factory=dict)

    def see(self, event: Event) -> None:
        """Take one event of the turn in. Safe from any thread."""
        match event:
            case ToolStarted(id, _, args):
                self._args[id] = args
            case ToolFinished(id, name, _, False):
                self._finished(name, self._args.get(id, {}))
            case PictureMade(_, picture):
                self.kinds.add("picture")
                self.pictures.add(picture.name)
            case FavouriteSaved(_, saved):
                self.kinds |= {"save", "taste"}
                self.ranks |= {rank for rank in (saved.rank, saved.picture_rank) if rank}
            case ExamplesFound(_, matches) | FavouritesListed(_, matches) if matches:
                self.kinds.add("find")
            case DraftMade():
                self.kinds |= {"draft", "undo"}
            case Shown(_, Check() | Weighing()):
                self.kinds.add("check")
            case Shown(_, Foresight()):
                self.kinds |= {"find", "check"}
            case Shown(_, FileKept()):
                self.kinds.add("file")

    def _finished(self, name: str, args: dict[str, object]) -> None:
        """What a tool's success alone proves."""
        self.tools.add(name)
        self.kinds |= _PROVES.get(name, set())
        for argument, kind in (("base", "undo"), ("lock", "lock"), ("unlock", "unlock")):
            if name in ("refine_prompt", "generate_picture") and args.get(argument):
                self.kinds.add(kind)
        if name == "taste_card" and args.get("action", "show") != "show":
            self.kinds.add("taste")

    def before(self, kind: str) -> bool:
        """Whether it was true before this turn: "already", "earlier", "last time"."""
        known = {"picture": bool(self.pictures_before), "save": bool(self.saved_before), "lock": self.locked_before}
        return known.get(kind, True)


_PROVES = {
    "search_prompts": {"search"},
    "find_similar_pictures": {"search", "check"},
    "preview_prompt": {"search", "check"},
    "list_favourites": {"search"},
    "explain_change": {"search", "find"},
    "undo_change": {"undo", "draft"},
    "check_picture": {"check"},
    "mend_picture": {"check"},
    "weigh_phrases": {"check"},
    "rate_picture": {"taste"},
    "remove_favourite": {"remove"},
    "keep_conversation": {"file"},
}

_ADVERBS = r"(?:just |now |also |already |successfully |gladly |then |since |indeed |both |carefully |double[- ])*"
_I = rf"\b(?:I|we)(?:'ve| have)? {_ADVERBS}"
_PICTURE = r"(?:picture|image|render(?:ing)?|illustration|variation|version|artwork|photo|painting|drawing)s?"
_THING = r"(?:it|this|that|them|these|both|all|everything|your|the|an?|my|picture)\b"
_KEEPING = r"(?:favou?rites?|library|collection)"

# (kind, which other kinds support it as well, pattern); the first that matches decides
_CLAIMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("file", (), rf"{_I}(?:exported|saved|kept|wrote|written|stored|turned) (?:\S+ ){{0,5}}?(?:conversation|template|file|transcript)\b"),
    ("remove", (), rf"{_I}(?:removed|deleted|erased|dropped|took|taken) (?:\S+ ){{0,6}}?{_KEEPING}\b"),
    ("remove", (), rf"\b{_KEEPING}\b.{{0,30}}?\b(?:is|are|was|were|has been|have been) (?:now |all )?(?:removed|deleted|erased|gone)\b"),
    ("remove", (), rf"\b(?:removed|deleted) from (?:your |the )?{_KEEPING}\b|^(?:done[,.!:]? )?(?:removed|deleted) (?:\S+ ){{0,4}}?{_KEEPING}\b"),
    ("taste", (), rf"{_I}(?:noted|remembered|recorded|updated|added|put|wiped|cleared|reset|erased|removed|forgot(?:ten)?|rated|learned) (?:\S+ ){{0,8}}?(?:taste|card|preferences?|rating|likes?|thumbs?)\b"),
    ("taste", (), r"\btaste card (?:is|was|has been) (?:now )?(?:updated|wiped|cleared|reset|erased|empty|changed)\b"),
    ("save", (), rf"{_I}(?:saved|stored) {_THING}"),
    ("save", (), rf"{_I}(?:added|kept|put|placed|moved) {_THING}.*\b{_KEEPING}\b"),
    ("save", (), rf"\b(?:picture(?: \d+)?|image|it|favou?rite)(?:'s| is| was| has been) (?:now )?(?:safely )?(?:saved|stored|kept|in (?:your|the) {_KEEPING})\b"),
    ("save", (), r"^(?:done[,.!:]? (?:and )?|all set[,.!:]? )?saved(?:$|[.!,]| (?:it|that|this|the|your|to|in|as|picture)\b)|^picture(?: \d+)? saved\b"),
    ("save", (), r"\b(?:habe|ist|wurde) .*\bgespeichert\b|\bj'ai (?:bien )?(?:enregistré|sauvegardé)|\bhe guardado\b|\bho salvato\b|\bsalvei\b|\bheb .*\bopgeslagen\b"),
    ("unlock", (), rf"{_I}(?:unlocked|unpinned)\b|\b(?:is|are) now (?:unlocked|unpinned)\b"),
    ("lock", (), rf"{_I}(?:locked|pinned|frozen|froze)\b|\b(?:is|are) now (?:locked|pinned|frozen)\b|^(?:done[,.!:]? )?locked[.!:]|^locked (?:the|it|both|that)\b"),
    ("undo", (), rf"{_I}(?:undid|undone|reverted|rolled back|took back|taken back|gone back|went back|returned|restored)\b"),
    ("undo", (), r"\bwe(?:'re| are) (?:now )?back (?:at|to|on)\b|\b(?:change|draft|that|it|edit)(?:'s| is| was| has been) (?:now )?(?:undone|reverted|rolled back|taken back)\b|^(?:done[,.!:]? )?undone\b"),
    ("search", ("find",), rf"{_I}(?:searched|looked (?:through|in|into|around)|checked|browsed|scanned|went through) (?:\S+ ){{0,4}}?(?:library|examples|collection|favou?rites)\b"),
    ("check", ("picture",), rf"{_I}(?:checked|verified|inspected|examined|tested|measured|compared|weighed) (?:the|your|this|that|it|whether|all|each|every|both|how|picture|what|which)\b"),
    ("check", (), r"\b(?:the|my|a) check (?:shows|showed|found|finds|says|said|confirms|confirmed)\b|\baccording to (?:the|my) check\b"),
    ("find", (), rf"{_I}(?:found|discovered|spotted|came across|come across|picked) (?:\S+ ){{0,6}}?(?:examples?|prompts?|match(?:es)?|favou?rites?|entr(?:y|ies)|{_PICTURE})\b"),
    ("find", (), r"\b(?:the|your) library (?:shows?|suggests?|holds?|has|gave|gives|contains?) |\b\d+ (?:library )?(?:examples|matches) (?:show|hold|use|have|match|support)\b"),
    ("find", (), r"\bhere(?:'s| is| are) (?:\S+ ){0,4}?(?:examples?|prompts|matches|favou?rites)\b"),
    ("find", ("draft", "search"), r"\b\d+(?:\.\d+)?\s?(?:×|x|times) (?:more|as) (?:common|frequent|often|likely)\b"),
    ("picture", (), rf"\b(?:here(?:'s| is| are)|this is|behold) (?:your|the|an?|my|another|some|\w+) (?:[\w'-]+[ -]){{0,5}}?{_PICTURE}\b"),
    ("picture", (), r"\b(?:here(?:'s| is| are)|behold) (?:pictures? )?\d|\bhere(?:'s| is) picture \d"),
    ("picture", (), rf"{_I}(?:rendered|re-rendered|rerendered|painted|drew|drawn|illustrated)\b(?! (?:a |the |your |up )*(?:prompt|draft|idea|plan|on|from|attention|inspiration))"),
    ("picture", (), rf"{_I}(?:made|remade|generated|created|produced|prepared|finished|completed) (?:\S+ ){{0,6}}?{_PICTURE}\b"),
    ("picture", (), rf"\b(?:your|the|an?) (?:[\w-]+ ){{0,2}}{_PICTURE} (?:\d+ )?(?:is|are|has been|have been|was|were) (?:now )?(?:ready(?! (?:to|for))|done|made|rendered|generated|created|finished|complete|painted|drawn)\b"),
    ("picture", (), rf"\b(?:the|your) new (?:\w+ )?{_PICTURE} (?:is|shows|has|keeps|looks|came)\b|^(?:done[,.!:]? )?(?:rendered|generated|painted)[.!]|^(?:done[,.!:]? )?(?:rendered|generated|painted) (?:it|the|your|with|a)\b"),
    ("picture", (), r"\bhier ist (?:dein|das|ein|ihr|euer)\S* (?:\S+ ){0,3}?bild\b|\b(?:habe|wurde) .*\b(?:bild|bilder)\b.*\b(?:erstellt|gerendert|generiert|gemalt|erzeugt)\b"),
    ("picture", (), r"\bvoici (?:votre|ton|ta|l'|la|une|le) ?(?:\S+ ){0,3}?image\b|\bj'ai (?:créé|généré|rendu|dessiné)\b|\baquí (?:está|tienes) (?:tu|la|una|su) (?:\S+ ){0,2}?imagen\b|\bhe (?:creado|generado|pintado)\b"),
    ("picture", (), r"\becco (?:la|l'|una|un) ?(?:tua )?(?:\S+ ){0,2}?immagine\b|\bho (?:creato|generato|disegnato)\b|\baqui está (?:sua|a|uma|tua) (?:\S+ ){0,2}?imagem\b|\b(?:criei|gerei)\b|\bhier is (?:je|uw|de|een) (?:\S+ ){0,2}?afbeelding\b"),
    ("draft", ("picture", "lock", "unlock"), rf"{_I}(?:changed|updated|refined|rewrote|rewritten|adjusted|extended|edited|wrote|written|shortened) (?:\S+ ){{0,5}}?(?:prompt|draft)\b"),
    ("draft", ("save", "taste"), rf"{_I}(?:added|replaced|swapped|exchanged) \S"),
)  # fmt: skip
_COMPILED = tuple((kind, also, re.compile(pattern, re.IGNORECASE)) for kind, also, pattern in _CLAIMS)
_BEFORE_IT = re.compile(  # in the same clause, before the claim or in it
    r"\b(?:not|never|no|nothing|none|cannot|can|could|would|will|shall|should|may|might|if|once|when|until|unless|after|as soon as|before|want|wish|next|example|like|let|say|tell|ask|did|have I|shall I|should I)\b|n't\b|'ll\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b(?:earlier|before|previous(?:ly)?|already|last time|so far|at first|originally|the first time|last turn)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|no|never|none|isn't|doesn't|only)\b|n't\b|\?", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|«[^»\n]*»|`[^`\n]*`')
_NAMED = re.compile(r"\bpicture (\d+)\b", re.IGNORECASE)
_RANK = re.compile(r"\brank(?:ed|s)?(?: (?:number|no\.))? ?#?(\d+)\b", re.IGNORECASE)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4}
_COUNTED = re.compile(rf"\b({'|'.join(_NUMBERS)}) (?:[\w-]+ ){{0,2}}{_PICTURE}", re.IGNORECASE)
_LINK = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LONGEST_LINK = 2_000

NO_PICTURE = "No picture was made in this turn: nothing was rendered. Ask me to render it, and I will."
NO_SAVE = 'Nothing was saved in this turn. Say "save it" to keep the picture.'
CORRECTIONS = {
    "picture": NO_PICTURE,
    "save": NO_SAVE,
    "remove": 'No favourite was removed. Say "remove favourite 1" if you want that.',
    "find": "I found nothing in the library in this turn. Ask me to look, and I will.",
    "search": "I did not look in the library in this turn. Ask me to, and I will.",
    "lock": 'Nothing was locked in this turn. Say what must stay, such as "lock the sofa".',
    "unlock": "Nothing was unlocked in this turn.",
    "undo": 'Nothing was taken back in this turn. Say "undo" to go one step back.',
    "check": 'No picture was checked in this turn. Say "check it" and I will.',
    "taste": "Your taste card is as it was.",
    "draft": "The prompt is as it was before.",
    "file": "No file was written in this turn.",
    "name": "There is no picture of that number here.",
    "count": "Fewer pictures were made than that: those you see.",
    "rank": "That is not the rank the library answered; the right one stands beside the save.",
}


def false_claim(sentence: str, facts: Facts) -> str:
    """The kind of the sentence's claim that nothing supports, a key of CORRECTIONS; empty if there is none."""
    text = _QUOTED.sub("that", sentence.replace("’", "'"))
    text = " ".join(re.sub(r"[*_#>]+", " ", text).split())
    for kind, also, pattern in _COMPILED:
        for found in pattern.finditer(text):
            if facts.kinds & {kind, *also} or _hedged(text, found):
                continue
            if _LONG_AGO.search(text) and facts.before(kind):
                continue
            if kind == "save" and _names(text) and _names(text) <= set(facts.saved_before):
                continue
            return kind
        for found in _COUNTED.finditer(text) if kind == "picture" and pattern.search(text) else ():
            if 0 < len(facts.pictures) < _NUMBERS.get(found[1].lower(), 0) and not _hedged(text, found):
                return "count"
    if not _NEGATED.search(text):
        if _names(text) - set(facts.pictures_before) - facts.pictures:
            return "name"
        ranks = {int(n) for n in _RANK.findall(text)}
        if facts.ranks and ranks - facts.ranks and re.search(r"\b(?:saved?|favou?rite|finds?|found)\b", text, re.I):
            return "rank"
    return ""


def correction(kinds: Iterable[str]) -> str:
    """What the person is told in place of sentences that claimed these."""
    return " ".join(dict.fromkeys(CORRECTIONS[kind] for kind in kinds))


def _hedged(text: str, found: re.Match[str]) -> bool:
    """Whether a claim is no claim: asked, offered, wished, denied, or put under a condition, in its own clause."""
    start = max((m.end() for m in re.finditer(r"[,;:—–]|\bbut\b", text[: found.start()])), default=0)
    if _BEFORE_IT.search(text[start : found.start()]) or re.search(r"\b(?:no|none|nothing|not)\b", found[0], re.I):
        return True
    asked = text.rstrip("\"')] ").endswith("?")
    return asked and not re.search(r"[,;:—–]", text[found.end() :])


def _names(text: str) -> set[str]:
    return {f"picture {int(number)}" for number in _NAMED.findall(text)}


def without_links(text: str) -> str:
    """The text without Markdown pictures: the page shows real pictures by itself, so these lead nowhere."""
    return _LINK.sub("", text)


class LinkFilter:
    """Takes Markdown pictures out of a stream, holding back only what may become one."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be shown now."""
        self._held = without_links(self._held + text)
        at = self._held.find("![")
        if at < 0:
            at = len(self._held) - 1 if self._held.endswith("!") else len(self._held)
        elif "\n" in self._held[at:] or len(self._held) - at > _LONGEST_LINK:
            at = len(self._held)  # no link can come of it any more
        shown, self._held = self._held[:at], self._held[at:]
        return shown

    def flush(self) -> str:
        """What was held back at the end; the beginning of a link is dropped."""
        rest, self._held = self._held, ""
        return re.sub(r"!\[[^\]\n]*\]\([^)\n]*$", "", rest)
