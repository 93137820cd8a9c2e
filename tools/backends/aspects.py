"""What a phrase is about: its light, style, place, time, weather, colours, camera or subject. Pure word lists and patterns.

Wide rather than exact: a phrase may be about several things ("neon lights": light and style), or about none that is
known here. The starter world's own words come from `starter.captions`.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple, cast, get_args

from starter import captions
from tools.backends import phrases

Aspect = Literal["lighting", "style", "place", "time", "weather", "colors", "camera", "subject", "quality"]
ASPECTS = cast(tuple[Aspect, ...], get_args(Aspect))
LONGEST_TAG = 5  # words; a phrase that is longer tells of several things

_CALLED: dict[Aspect, tuple[str, ...]] = {
    "lighting": ("lighting", "light", "lights", "illumination"),
    "style": ("style", "look", "medium", "technique", "art style", "aesthetic", "rendering"),
    "place": ("place", "setting", "background", "location", "scenery", "surroundings", "environment", "backdrop", "scene"),
    "time": ("time", "time of day", "hour", "daytime"),
    "weather": ("weather", "season"),
    "colors": ("color", "colour", "colors", "colours", "palette", "coloring", "colouring", "color palette", "color scheme", "tones"),
    "camera": ("camera", "angle", "camera angle", "lens", "framing", "composition", "shot", "perspective", "view"),
    "subject": ("subject", "main subject", "figure", "main thing"),
    "quality": ("quality", "quality words", "boilerplate"),
}  # fmt: skip
_NAMES: dict[str, Aspect] = {word: aspect for aspect, called in _CALLED.items() for word in called}


def _any(words: str) -> str:
    return r"(?<![\w-])(?:" + "|".join(words.split()) + r")(?![\w-])"


_LIGHT = (
    r"(?:\w*(?<!f)(?<!de)(?<!high)(?<!house)lights?(?! (?:blue|green|brown|gr[ae]y|pink|red|yellow|purple|weight|house))|\w*lighting|\w*lit"
    r"|back-?lit|glow|glowing|shadows?|shadowy|chiaroscuro|(?:god|sun|light) ?rays?|(?:sun|lens) flare|sun ?beams?|silhouettes?|low[ -]key"
    r"|high[ -]key|golden hour|blue hour|neon|bright|dark|dim|high contrast|low contrast|rembrandt|bloom|luminous|illuminat\w+|warm haze"
    r"|venetian blinds|ambient occlusion|ray ?tracing|fire ?light|rays of light)"
)
_TIME = _any(
    r"daytime daylight night nights night\s?time nighttime midnight sunset sundown sunrise dusk dawn twilight noon midday morning evening "
    r"afternoon nightfall (?:blue|golden)\shour by\sday at\sday sunny\sday starry\ssky night\ssky blue\ssky moonlight under\sthe\sstars moonlit"
)
_WEATHER = _any(
    r"rain rainy raining rainfall rainstorm storm stormy thunderstorm thunder lightning fog foggy mist misty haze hazy (?:falling|fresh)\ssnow snowfall "
    r"snowing snowstorm blizzard windy windswept wind cloudy overcast sunny sunshine hail drizzle drizzling humid rainbow winter summer autumn spring frost frosty"
)
_COLORS = (
    r"(?<![\w-])(?:red|orange|yellow|green|blue|purple|pink|brown|black|white|gr[ae]y|gold|golden|silver|turquoise|teal|violet|magenta|cyan|ginger"
    r"|beige|crimson|scarlet|azure|emerald|monochrome|monochromatic|sepia|pastel|vibrant|colou?rful|saturated|desaturated|muted|iridescent"
    r"|colou?rs?|colou?red|palette|tones?|hues?|rainbow)(?![\w-])"
)
_CAMERA = (
    r"(?<![\w-])(?:close[ -]?ups?|extreme close[ -]?up|(?:ultra ?)?wide[ -]angle|wide shot|macro|telephoto|fish[ -]?eye|\d+ ?mm(?: film| lens)?|f ?/? ?\d+(?:\.\d+)?"
    r"|bokeh|(?:shallow )?depth of field|dof|lens|\w+ shot|(?:low|high|dutch|wide)[ -]angle|(?:side|front|top|back|aerial|rear|bird'?s[ -]eye) view|aerial|overhead"
    r"|from (?:above|below|behind|the side|afar)|canon|nikon|leica|hasselblad|kodak|fuji\w*|polaroid|film grain|anamorphic|tilt[ -]shift|long exposure"
    r"|panorama|panoramic|zoom|iso ?\d+|pov|symmetrical|centered|composition|framing|full[ -]body|headshot|letterbox|camera|dslr|gopro|drone)(?![\w-])"
)
_STYLE = (
    r"(?<![\w-])(?:(?:\w+ )?(?:paintings?|drawings?|sketch|illustrations?|render(?:ing)?|photography|photographs?|prints?|engraving|etching|cartoon|comics?|anime|manga"
    r"|collage|mosaic|graffiti|origami|claymation|embroidery|fresco|tapestry)|cinematic|film still|movie still|watercolou?r|noir|film noir|neon|pastel|vintage|retro"
    r"|surreal\w*|impression\w+|expressionis\w+|cubis\w+|minimal\w+|abstract|baroque|gothic|rococo|renaissance|bauhaus|photoreal\w*|hyperreal\w*|realistic|realism"
    r"|\w+punk|\w+wave|\w+core|pixel art|pixelated|8-bit|16-bit|sprite|low[ -]poly|isometric|3d|cgi|voxel|lego|line art|vector art|pop art|art (?:deco|nouveau|brut)"
    r"|fan art|digital art|concept art|stained glass|paper ?cut\w*|ukiyo-e|studio ghibli|ghibli|pixar|disney|oil on canvas|impasto|gouache|acrylic|crayon|charcoal|chalk"
    r"|woodcut|linocut|blueprint|sticker|logo|poster|storybook|psychedelic|outrun|film grain|black and white|(?:in the )?style(?: of)?|by (?!the |an? |my |his |her |day|night)[a-z]+ [a-z]+)(?![\w-])"
)
_PLACES = (
    "sofa couch beach forest woods jungle city town street village space moon mars desert sea ocean lake river meadow field garden park "
    "mountains hill cave island kitchen bedroom bathroom library cafe bar restaurant museum castle church temple school office train station "
    "airport bridge roof rooftop balcony bed table chair floor underwater indoors outdoors outside inside sky tokyo paris london venice "
    "alley room hall valley swamp ruins market harbor harbour pool bathtub window windowsill studio stage forest\\sclearing"
)
_QUALITY = {
    *captions.BOILERPLATE,
    *(
        "hq uhd 16k hdr detailed sharp intricate stunning octane unreal masterpiece deviantart cgsociety wallpaper".split()
    ),
    *(
        "very detailed,extremely detailed,hyper detailed,intricate details,intricate detail,unreal engine,unreal engine 5".split(
            ","
        )
    ),
    *(
        "octane render,artstation hq,featured on artstation,trending on artstation,high quality,high resolution,4 k,8 k".split(
            ","
        )
    ),
}
PREPOSITION = r"(?:on|in|at|by|under|inside|near|into|onto|beside|among|behind|above|over|through|along|around|during|within|deep in|against|next to|in front of|with|lit by)"
_ARTICLE = r"(?:the|an?|its|his|her|their|some)"
_LEAD_OUT = re.compile(
    r"^(?:(?:an? |the )?(?:(?:\w+ ){0,2}?(?:picture|image|photo(?:graph)?|painting|drawing|portrait|illustration|scene|sketch|shot|close[ -]?up))"
    r" (?:of|with|showing) )+",
    re.IGNORECASE,
)
_HEAD_ENDS = re.compile(
    rf"\s{{1,8}}(?:{PREPOSITION}|of|and|who|that|which|wearing|holding|asleep|playing|(?!during\b)\w+ing)\b",
    re.IGNORECASE,
)


class Piece(NamedTuple):
    """Some words of a prompt that are about one thing: the phrase they stand in, and the words, which may be all of it."""

    phrase: str
    words: str

    @property
    def whole(self) -> bool:
        """Whether the whole phrase is meant."""
        return self.phrase == self.words


def named(said: str) -> Aspect | None:
    """The aspect that some words name: "the lighting" → lighting; None for words that name no aspect."""
    bare = " ".join(re.sub(r"^(?:the|its|this|that|same|all the|of)\s+", "", said.strip().casefold()).split())
    return _NAMES.get(bare)


def aspect_of(phrase: str) -> set[Aspect]:
    """What a phrase is about; empty where its words are not known here."""
    text = " ".join(phrases.words(phrase))
    plain = phrases.normal(phrase).replace("_", " ")
    if not text:
        return set()
    found: set[Aspect] = {kind for kind, pattern in _patterns().items() if pattern.search(plain)}
    if phrases.normal(phrase) in _QUALITY:
        return {"quality"}
    if "place" in found and re.fullmatch(r"(?:on|in|at|by) (?:the )?(?:day|night|sun|light|moonlight)", text):
        found.discard("place")
    known = captions.read(plain)
    for attribute in ("place", "time", "style"):
        if attribute in known:
            found.add(cast(Aspect, attribute))
    if "weather" in found and re.search(r"\b(?:in|under) (?:the |a )?(?:rain|fog|mist|storm)\b", plain):
        found.discard("place")
    if _head(phrase) and ("subject" in known or (not found and re.match(r"(?:an?|two|three|\d+) \w", plain))):
        found.add("subject")
    return found


def spoken_of(prompt: str, aspect: Aspect) -> list[Piece]:
    """The words of a prompt that are about one aspect, in order: whole phrases, or a run of words inside a longer one."""
    own = [p for p in phrases.split(prompt) if p != "BREAK" and not phrases.TAG.fullmatch(p)]
    if aspect == "subject":
        first = next((p for p in own if "subject" in aspect_of(p)), None)
        first = first or next((p for p in own if not aspect_of(p) & {"style", "quality", "camera", "lighting"}), None)
        head = _head(first) if first else ""
        return [Piece(first, head)] if first and head else []
    found: list[Piece] = []
    for phrase in own:
        about = aspect_of(phrase)
        if aspect not in about:
            continue
        scene = about & {"subject", "place", "time", "weather"} - {aspect}
        short = len(phrases.words(phrase)) <= LONGEST_TAG
        if not scene or (short and "subject" not in about and not _runs(phrase, aspect)):
            found.append(Piece(phrase, phrase))
        else:
            found += [Piece(phrase, run) for run in _runs(phrase, aspect)]
    return found


def _runs(phrase: str, aspect: Aspect) -> list[str]:
    """The runs of words in a phrase that name the aspect, with the preposition and the adjectives that belong to them."""
    runs = [match[0] for match in _run_patterns()[aspect].finditer(phrase)] if aspect in _run_patterns() else []
    return [run for run in runs if phrases.normal(run) != phrases.normal(phrase)]


def _head(phrase: str) -> str:
    """What a phrase is about: "a black cat" of "a picture of a black cat sleeping on the sofa", as written."""
    leaf = phrases.leaves(phrase)
    text = phrase[leaf[0].start : leaf[0].end] if leaf else phrase
    lead = _LEAD_OUT.match(text)
    text = text[lead.end() :] if lead else text
    end = _HEAD_ENDS.search(text)
    head = (text[: end.start()] if end else text).strip()
    return head if len(phrases.words(head)) <= LONGEST_TAG and phrases.words(head) else ""


@lru_cache(maxsize=1)
def _patterns() -> dict[Aspect, re.Pattern[str]]:
    place = rf"{PREPOSITION} (?:{_ARTICLE} )?(?:[\w-]+ ){{0,2}}?{_any(_PLACES)}|^(?:{_ARTICLE} )?{_any(_PLACES)}$"
    sources: dict[Aspect, str] = {
        "lighting": rf"(?<![\w-]){_LIGHT}(?![\w-])",
        "time": _TIME,
        "weather": _WEATHER,
        "colors": _COLORS,
        "camera": _CAMERA,
        "style": _STYLE,
        "place": place,
    }
    return {aspect: re.compile(source, re.IGNORECASE) for aspect, source in sources.items()}


@lru_cache(maxsize=1)
def _run_patterns() -> dict[Aspect, re.Pattern[str]]:
    # White space is bounded everywhere: a long run of spaces would be tried from each of them.
    lead = rf"(?:(?<!\w){PREPOSITION}\s{{1,8}})?(?:(?<!\w){_ARTICLE}\s{{1,8}})?"
    known = {word for words in captions.PLACE_WORDS.values() for word in words}
    places = "|".join(re.escape(word).replace(r"\ ", r"\s{1,8}") for word in sorted(known, key=len, reverse=True))
    times = {word for words in captions.TIME_WORDS.values() for word in words}
    hours = "|".join(re.escape(word).replace(r"\ ", r"\s{1,8}") for word in sorted(times, key=len, reverse=True))
    sources: dict[Aspect, str] = {
        "place": rf"(?:{lead}(?<!\w)(?:{places})(?!\w)|(?<!\w){PREPOSITION}\s{{1,8}}(?:{_ARTICLE}\s{{1,8}})?(?:(?!{_ARTICLE}\b)[\w-]+\s{{1,8}}){{0,2}}?{_any(_PLACES)})(?:\s{{1,8}}in\s{{1,8}}{_ARTICLE}\s{{1,8}}(?:living\s{{1,8}})?\w*room)?",
        "time": rf"{lead}(?:(?<!\w)(?:{hours})(?!\w)|{_TIME})",
        "weather": rf"{lead}(?:(?:heavy|light|thick|soft|dense)\s{{1,8}})?{_WEATHER}",
        "lighting": rf"(?:(?<!\w)(?:in|under|with|by|lit by)\s{{1,8}})?(?:(?:the|an?)\s{{1,8}})?(?:(?:soft|warm|cold|harsh|golden|neon|dramatic|bright|dim|rim|studio|low|hard|blue|red|pink|natural|cinematic|volumetric)\s{{1,8}})*(?<![\w-]){_LIGHT}(?![\w-])",
        "colors": _COLORS,
        "camera": _CAMERA,
        "style": rf"(?:(?<!\w)(?:in|as)\s{{1,8}}(?:{_ARTICLE}\s{{1,8}})?)?{_STYLE}",
    }
    return {aspect: re.compile(source, re.IGNORECASE) for aspect, source in sources.items()}
