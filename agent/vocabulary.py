"""English words that the guide knows: styles, times, qualities, and what a phrase names. Pure tables and look-ups.

The starter world's own synonyms come from `starter.captions`; the lists here are wider, for real libraries and models.
"""

import re
from functools import lru_cache

from starter import captions
from tools.backends import phrases

STYLES = tuple(
    word.strip()
    for word in """
    cinematic, watercolor, watercolour, pixel art, line drawing, line art, neon, pastel, noir, film noir, golden hour, vaporwave,
    oil painting, anime, manga, cartoon, comic, comic book, photorealistic, realistic, photographic, photograph, sketch, pencil
    drawing, pencil sketch, charcoal, ink drawing, 3d render, 3d, low poly, claymation, origami, lego, ukiyo-e, impressionist,
    impressionism, cubist, cubism, surreal, surrealist, surrealism, pop art, art deco, art nouveau, gothic, baroque, renaissance,
    minimalist, minimalism, isometric, stained glass, mosaic, collage, graffiti, cyberpunk, steampunk, synthwave, studio ghibli,
    ghibli, pixar, disney, polaroid, vintage, retro, black and white, monochrome, sepia, gouache, acrylic, crayon, chalk,
    storybook, storybook illustration, concept art, digital painting, sci-fi, papercut, paper cut, embroidery, woodcut,
    linocut, etching, engraving, blueprint, documentary, macro, film still, flat design, vector art, sticker, cubist painting,
    fresco, tempera, pointillism, pointillist, art brut, bauhaus, oils, oil paints, oil paint, watercolors, watercolours, acrylics, pastels, crayons, colored pencil, coloured pencil, ink, psychedelic, tilt shift, long exposure, hyperrealistic
    """.replace("\n", " ").split(",")
)
TIMES = (
    "day", "daytime", "daylight", "night", "nighttime", "midnight", "sunset", "sundown", "sunrise", "dusk", "dawn", "twilight",
    "noon", "midday", "morning", "evening", "afternoon", "nightfall", "blue hour", "night time", "day time", "early morning",
    "late afternoon", "late evening",
)  # fmt: skip
PLACES = (
    "sofa", "couch", "beach", "forest", "woods", "jungle", "city", "town", "street", "village", "space", "moon", "mars", "desert",
    "sea", "ocean", "lake", "river", "meadow", "field", "garden", "park", "mountains", "hill", "cave", "island", "kitchen",
    "bedroom", "living room", "bathroom", "library", "cafe", "bar", "restaurant", "museum", "castle", "church", "temple", "school",
    "office", "train", "station", "airport", "bridge", "roof", "rooftop", "balcony", "window", "bed", "table", "chair", "floor",
    "underwater", "indoors", "outdoors", "outside", "inside", "sky", "clouds", "tokyo", "paris", "london", "new york", "venice", "snow",
)  # fmt: skip
WEATHER = (
    "rain",
    "fog",
    "mist",
    "storm",
    "wind",
    "sun",
    "sunshine",
    "thunderstorm",
    "haze",
    "shadow",
    "shadows",
    "winter",
    "summer",
    "autumn",
    "spring",
)
SEASONS = ("winter", "summer", "autumn", "spring", "fall", "wintertime", "summertime", "springtime")
COLORS = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "gray", "grey", "gold", "golden",
    "silver", "turquoise", "teal", "violet", "magenta", "cyan", "ginger", "beige",
)  # fmt: skip
BOILERPLATE = frozenset(
    (*captions.BOILERPLATE, "artstation hq", "hq", "uhd", "16k", "hdr", "detailed", "intricate details", "very detailed", "art", "sharp",
     "extremely detailed", "hyper detailed", "hyperdetailed", "octane render", "unreal engine", "unreal engine 5", "deviantart",
     "cgsociety", "digital painting", "stunning", "featured on artstation", "photo", "image", "picture", "wallpaper", "octane", "render")
)  # fmt: skip
PEOPLE = re.compile(
    r"\b(?:wom[ae]n|m[ae]n|girls?|boys?|lady|person|people|portrait|faces?|female|male|princess|queen|king|warrior|knight|wizard|"
    r"character|crowd|child|children|nude|naked|nsfw|sexy|body|skin|hair|eyes?)\b"
)
ARTIST = re.compile(r"\b(?:by|style of|artgerm|rutkowski|mucha|wlop|beksi[nń]ski|loish|giger|ruan jia|rossdraws)\b")
COMPARATIVES = {
    "darker": "dark", "brighter": "bright", "lighter": "light", "warmer": "warm", "colder": "cold", "cooler": "cool", "softer": "soft",
    "sharper": "sharp", "bigger": "big", "smaller": "small", "larger": "large", "older": "old", "younger": "young", "calmer": "calm",
    "simpler": "simple", "wilder": "wild", "stranger": "strange", "richer": "rich colors", "deeper": "deep", "smoother": "smooth",
    "rougher": "rough", "closer": "close-up", "wider": "wide angle", "redder": "red", "bluer": "blue", "greener": "green",
    "pinker": "pink", "yellower": "yellow", "whiter": "white", "blacker": "black", "browner": "brown", "cuter": "cute",
    "nicer": "beautiful", "fresher": "fresh", "quieter": "quiet", "weirder": "weird", "cleaner": "clean", "harsher": "harsh",
    "gentler": "gentle", "bolder": "bold", "grander": "grand", "taller": "tall", "older-looking": "old",
}  # fmt: skip
SIZES = ("tiny", "small", "little", "miniature", "big", "large", "huge", "giant", "gigantic", "enormous", "massive")
# what a thing that stays can be made into: "a red boat", "an old boat", "a tiny boat"
SHADES = (*COLORS, *COMPARATIVES.values(), *SIZES)
DULL = frozenset("dull flat boring lifeless bland drab dreary plain".split())
OPPOSITES = {
    "dark": "bright",
    "bright": "dark",
    "light": "dark",
    "warm": "cool",
    "cold": "warm",
    "soft": "sharp",
    "busy": "simple",
    "small": "big",
    "big": "small",
    "tiny": "big",
    "huge": "small",
    "thin": "thick",
    "thick": "thin",
}


def attributes(text: str) -> dict[str, str]:
    """What a text names: subject, color, pose, place, time, style; the starter world's names for them where it knows them."""
    named = dict(captions.read(text))
    held = f" {' '.join(phrases.words(text))} "
    for attribute, words in (("style", STYLES), ("time", TIMES), ("place", PLACES)):
        if attribute not in named:
            hits = [word for word in words if _run(word) in held]
            if hits:
                named[attribute] = max(hits, key=len)
    return named


@lru_cache(maxsize=1024)
def _run(word: str) -> str:
    return f" {' '.join(phrases.words(word))} "


def style_of(text: str) -> str | None:
    """The style that the text is, if it is one and nothing else: "pixel art style" yes, "a cat in pixel art" no."""
    said = " ".join(re.sub(r"^(?:an?|the) ", "", text.lower().strip()).split())
    said = "photograph" if said in ("photo", "real photo", "photography") else said
    if said in style_words():
        return said
    bare = re.sub(
        r"\b(?:a|an|the|style|styled|look|painting|picture|image|aesthetic|art|drawing|photo|like|very)\b", " ", said
    )
    bare = " ".join(bare.split())
    fitting = [name for name in style_words() if bare and bare in (name, _bare(name))]
    return min(fitting, key=len) if fitting else None


@lru_cache(maxsize=1)
def style_words() -> tuple[str, ...]:
    """Every name of a style, longest first."""
    from_starter = [
        word for style, words in captions.STYLE_PHRASES.items() for word in ((style, *words) if words else ())
    ]
    return tuple(sorted({*STYLES, *from_starter}, key=lambda name: (-len(name), name)))


@lru_cache(maxsize=256)
def _bare(name: str) -> str:
    return " ".join(w for w in name.split() if w not in {"art", "painting", "drawing", "style"}) or name


def same_style(one: str, other: str) -> bool:
    """Whether two style names mean one style: "film noir" and "noir"."""
    a, b = captions.read(one).get("style"), captions.read(other).get("style")
    return (a is not None and a == b) or one.lower() == other.lower()


def is_known(word: str) -> bool:
    """Whether a word is one that prompts are made of, as far as these lists go."""
    return word.lower() in _prompt_words()


@lru_cache(maxsize=1)
def _prompt_words() -> frozenset[str]:
    lists = (
        *STYLES,
        *TIMES,
        *PLACES,
        *WEATHER,
        *COLORS,
        *COMPARATIVES.values(),
        "mood atmosphere shadows background details tones clouds",
    )
    return frozenset(word for text in lists for word in text.split()) | captions.known_words()


def is_subject(text: str) -> bool:
    """Whether the text names one of the starter world's subjects."""
    return "subject" in captions.read(text)


_NAMES: dict[str, tuple[dict[str, tuple[str, ...]], tuple[str, ...]]] = {
    "place": (captions.PLACE_WORDS, PLACES),
    "time": (captions.TIME_WORDS, TIMES),
    "weather": (captions.WEATHER_WORDS, ()),
    "framing": (captions.FRAMING_WORDS, ()),
}
_FAIR = ("sunny", "on a sunny day", "in the sunshine", "blue sky", "under a blue sky")


def rivals(prompt: str, text: str) -> list[str]:
    """The words of a prompt that the text leaves no room for: another weather ("foggy" for "in the rain"), another framing.

    None for a thing that is put in besides: "fog" alone takes no rain away, "a dog in the fog" does not either.
    """
    said = re.sub(r"^an? ", "", text.lower().strip())
    named = captions.read(said)
    gone: list[str] = []
    for attribute in ("weather", "framing"):
        value = "clear" if attribute == "weather" and said in _FAIR else named.get(attribute)
        if value is None or named.keys() - {"weather", "framing", "time"} or said in _BESIDES:
            continue
        theirs = [(hit, captions.read(hit).get(attribute)) for hit in found_words(prompt, attribute)]
        gone += [hit for hit, own in theirs if own is not None and own != value]
    return list(dict.fromkeys(gone))


_BESIDES = frozenset(("rain", "fog", "mist", "storm", "stars", "lightning", "snowflakes", "drizzle", "swirling mist"))


def found_words(prompt: str, attribute: str) -> list[str]:
    """The runs of words in a prompt that name its place, time, weather or framing, as written, longest first at each spot."""
    table, general = _NAMES[attribute]
    known = {word for words in table.values() for word in words} | set(general)
    leads = r"(?:(?:on|in|at|by|under|inside|near|during|into|onto|beside|among|behind|above|over|through|along|around)\s+)?(?:(?:the|a|an|its|his|her)\s+)?"
    names = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w){leads}(?:{names})(?!\w)", re.IGNORECASE)
    hits = [match[0] for phrase in phrases.split(prompt) for match in pattern.finditer(phrase)]
    if attribute == "place":
        hits = [
            hit
            for hit in hits
            if re.match(r"(?:on|in|at|by|under|inside|near)\s", hit, re.IGNORECASE) or not is_subject(hit)
        ]
    return hits
