"""Scenes in words, as people write prompts, and back again.

`caption` writes a prompt for a scene, `plain` its canonical sentence, `read` finds the attributes that words name. All
three use the same tables of synonyms, so what one writes the other can read. No model, no files.
"""

import random
import re
from functools import lru_cache

from starter.world import STYLES, SUBJECTS, Scene

SUBJECT_WORDS: dict[str, tuple[str, ...]] = {
    "cat": ("cat", "kitten", "kitty", "tabby", "tabby cat", "feline"),
    "dog": ("dog", "puppy", "doggy", "pup", "hound"),
    "bird": ("bird", "songbird", "little bird", "birdie", "sparrow"),
    "fish": ("fish", "goldfish", "little fish", "tropical fish"),
    "tree": ("tree", "big tree", "lone tree"),
    "house": ("house", "cottage", "home", "cabin"),
    "mountain": ("mountain", "peak", "mountain peak", "summit"),
    "castle": ("castle", "palace", "fairytale castle"),
    "boat": ("boat", "sailboat", "ship", "rowboat"),
    "rocket": ("rocket", "rocket ship", "spaceship", "spacecraft"),
    "car": ("car", "automobile", "little car", "vehicle"),
    "flower": ("flower", "blossom", "bloom", "tulip", "daisy"),
    "lighthouse": ("lighthouse", "light house", "beacon tower"),
    "robot": ("robot", "android", "droid", "little robot"),
    "balloon": ("balloon", "hot air balloon", "party balloon"),
    "moon": ("moon", "crescent moon", "full moon", "smiling moon"),
}
COLOR_WORDS: dict[str, tuple[str, ...]] = {
    "orange": ("orange", "ginger"),
    "black": ("black", "jet black"),
    "white": ("white", "snow white"),
    "gray": ("gray", "grey"),
    "brown": ("brown", "chocolate brown"),
    "golden": ("golden", "gold colored"),
    "red": ("red", "bright red", "crimson", "scarlet"),
    "blue": ("blue", "bright blue", "azure"),
    "yellow": ("yellow", "bright yellow"),
    "green": ("green", "emerald green"),
    "autumn red": ("autumn red", "autumn", "fall colored"),
    "pink": ("pink", "rose pink"),
    "purple": ("purple", "violet"),
    "silver": ("silver", "metallic"),
}
POSE_WORDS: dict[str, tuple[str, ...]] = {
    "sitting": ("sitting", "seated", "sits"),
    "sleeping": ("sleeping", "asleep", "napping", "curled up", "sleeps"),
    "walking": ("walking", "strolling", "walks"),
    "running": ("running", "sprinting", "runs"),
    "perched": ("perched", "perched on a branch", "resting on a branch"),
    "flying": ("flying", "in flight", "flies"),
    "swimming": ("swimming", "swims", "blowing bubbles"),
    "jumping": ("jumping", "leaping", "jumps"),
    "round": ("round", "leafy", "with a round crown"),
    "pine": ("pine", "fir", "conifer"),
    "bare": ("bare", "leafless", "with bare branches"),
    "cottage": ("cottage",),
    "tall": ("tall", "three storey", "townhouse"),
    "snow-capped": ("snow-capped", "snowcapped", "snowy peak"),
    "volcano": ("volcano", "erupting", "with lava"),
    "towers": ("with towers", "towers", "with pointed towers"),
    "fortress": ("fortress", "stronghold", "with thick walls"),
    "sailing": ("sailing", "with sails", "sailboat"),
    "rowing": ("rowing", "with oars", "rowboat"),
    "standing": ("standing", "stands", "upright"),
    "launching": ("launching", "blasting off", "lifting off", "taking off"),
    "parked": ("parked", "standing still"),
    "driving": ("driving", "speeding", "drives"),
    "tulip": ("tulip",),
    "daisy": ("daisy",),
    "shining": ("shining", "glowing", "with its beam on"),
    "dark": ("unlit", "with its lamp off"),
    "waving": ("waving", "waving hello", "waves hello"),
    "party": ("party", "on a string"),
    "hot air": ("hot air", "with a basket"),
    "crescent": ("crescent", "sickle"),
    "full": ("full", "round"),
}
# The first few of a place stand after a preposition of their own; `read` also takes the bare nouns at the end.
PLACE_WORDS: dict[str, tuple[str, ...]] = {
    "living room": ("on the sofa", "on a couch", "in the living room", "on a sofa in a living room", "on the couch at home", "in a cozy living room", "sofa", "couch", "settee", "living room", "lounge", "indoors", "at home"),
    "beach": ("on the beach", "at the beach", "on a sandy beach", "on a tropical beach", "by the seaside", "beach", "palm trees", "seaside", "seashore"),
    "forest": ("in the forest", "in a forest", "in the woods", "deep in the forest", "among tall trees", "forest", "woods", "woodland", "jungle"),
    "city": ("in the city", "in a city", "on a city street", "downtown", "in front of a skyline", "city", "skyline", "street", "skyscrapers", "town", "urban"),
    "space": ("in space", "in outer space", "on the surface of a planet", "among the planets", "in the cosmos", "space", "cosmos", "galaxy", "planets"),
    "snow": ("in the snow", "in a snowy landscape", "in winter", "on a snowy hill", "in falling snow", "snow", "snowy", "winter", "snowfall"),
    "desert": ("in the desert", "in a desert", "among sand dunes", "among cacti", "desert", "dunes", "cactus", "sand dunes"),
    "sea": ("in the sea", "at sea", "on the ocean", "in the ocean", "among the waves", "on the open sea", "sea", "ocean", "waves"),
    "meadow": ("in a meadow", "in the meadow", "in a field of flowers", "on a green hill", "in a grassy field", "meadow", "field", "grass", "wildflowers", "garden"),
}  # fmt: skip
TIME_WORDS: dict[str, tuple[str, ...]] = {
    "day": ("by day", "in daylight", "on a sunny day", "at noon", "daytime", "sunny", "blue sky"),
    "sunset": ("at sunset", "at dusk", "during sunset", "in the evening", "sunset", "dusk", "evening", "sundown", "twilight"),
    "night": ("at night", "under the stars", "at midnight", "by night", "night", "midnight", "starry sky", "night sky", "nighttime", "moonlight"),
}  # fmt: skip
# The first half names the style; the rest keeps it company, so that phrase statistics have something to find.
STYLE_PHRASES: dict[str, tuple[str, ...]] = {
    "none": (),
    "cinematic": ("cinematic", "cinematic lighting", "film still", "movie still", "cinematic shot", "anamorphic", "dramatic light", "teal and orange", "letterbox", "35mm film"),
    "watercolor": ("watercolor", "watercolor painting", "watercolour", "soft wash", "wet on wet", "bleeding pigments", "textured paper"),
    "pixel art": ("pixel art", "8-bit", "16-bit", "pixelated", "retro game", "sprite", "chunky pixels"),
    "line drawing": ("line drawing", "line art", "ink drawing", "pencil sketch", "sketch", "black ink", "crosshatching", "clean lines"),
    "neon": ("neon", "neon lights", "neon glow", "neon sign", "cyberpunk", "glowing outlines", "blacklight", "electric colors"),
    "pastel": ("pastel", "pastel colors", "soft pastel", "pastel tones", "pale colors", "dreamy", "gentle light"),
    "noir": ("noir", "film noir", "black and white", "monochrome", "high contrast", "venetian blinds", "deep shadows", "film grain"),
    "golden hour": ("golden hour", "golden light", "golden hour lighting", "warm light", "sun flare", "warm haze", "backlit"),
    "vaporwave": ("vaporwave", "vaporwave aesthetic", "synthwave", "retrowave", "outrun", "80s retro", "pink and cyan", "grid floor"),
    "oil painting": ("oil painting", "oil on canvas", "oil paint", "impasto", "thick brush strokes", "visible brushwork", "classical painting"),
}  # fmt: skip
BOILERPLATE = (
    "8k", "4k", "highly detailed", "trending on artstation", "masterpiece", "sharp focus", "best quality", "intricate",
    "artstation", "beautiful", "award winning", "ultra detailed", "hd", "professional", "concept art", "illustration", "digital art",
)  # fmt: skip
DISTRACTORS = tuple(
    """epic elegant smooth hyperrealistic fantasy portrait octane render unreal engine photorealistic realistic volumetric
    bokeh depth vintage retro modern minimalist abstract surreal gothic baroque rococo art nouveau deco studio lighting
    rim ambient occlusion raytracing symmetrical centered composition wide angle macro telephoto closeup fisheye aerial
    isometric anime manga comic cartoon disney ghibli pixar greg rutkowski mucha artgerm wlop rossdraws beksinski
    picasso monet hokusai banksy warrior princess knight wizard dragon queen king samurai ninja pirate vampire witch
    angel demon monster creature goddess girl boy woman man face eyes hair dress armor cloak crown sword magic mystical
    ethereal whimsical majestic ornate delicate luxurious futuristic steampunk dystopian apocalyptic medieval victorian
    ancient temple ruins bridge river waterfall island cave valley clouds fog mist rain storm lightning fire smoke ice
    crystal marble gold bronze glass velvet silk lace leather porcelain clay origami lego plush sticker logo poster
    wallpaper icon tattoo collage mosaic stained graffiti mural photograph polaroid kodak leica canon nikon f1.8 50mm
    85mm iso100 hdr lens texture pattern vibrant colorful saturated moody serene peaceful lonely joyful happy
    nostalgic mysterious spooky cute adorable funny tiny giant detailed 3d cgi blender zbrush""".split()
)
_ADORNED = ("", "", "", "", "cute ", "beautiful ", "lovely ", "charming ")
_LEADS = ("", "", "", "", "", "a picture of ", "an image of ", "a painting of ", "a scene with ")
_FILLER = (
    "on", "the", "a", "an", "in", "at", "of", "with", "and", "by", "to", "for", "it", "its", "is", "very", "more", "make", "style",
    "lighting", "light", "lights", "color", "colors", "colored", "picture", "image", "photo", "scene", "painting",
)  # fmt: skip


def caption(scene: Scene, rng: random.Random) -> str:
    """A prompt that somebody might have written for the scene: comma-separated phrases, most of them true.

    The subject is always named, place and style nearly always, time, colour and pose often.
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
    adorned = f"{rng.choice(_ADORNED)}{noun}"
    head = rng.choice(_LEADS) + _article(adorned)
    rest: list[str] = []
    pose = _pose(scene, rng, noun)
    if pose:
        head += f" {pose}"
    place = _place(scene, rng, phrase=True)
    if place:
        head += f" {place}"
    if rng.random() < (0.4 if scene.time == "day" else 0.88):
        when = rng.choice(TIME_WORDS[scene.time])
        if _is_phrase(when) and rng.random() < 0.6:
            head += f" {when}"
        else:
            rest.append(when)
    return head, rest


def _tagged(scene: Scene, rng: random.Random) -> tuple[str, list[str]]:
    noun = _noun(scene, rng)
    tags = [tag for tag in (_pose(scene, rng, noun), _place(scene, rng, phrase=False)) if tag]
    if rng.random() < (0.4 if scene.time == "day" else 0.88):
        tags.append(rng.choice(TIME_WORDS[scene.time]))
    return noun, tags


def _noun(scene: Scene, rng: random.Random) -> str:
    words = [word for word in SUBJECT_WORDS[scene.subject] if _agrees(word, scene)]
    noun = words[0] if rng.random() < 0.5 else rng.choice(words)
    if scene.pose in _HEADS and rng.random() < 0.5:  # "a red tulip" is how people say it
        noun = scene.pose
    if scene.pose in _ADJECTIVES and rng.random() < 0.8 and scene.pose not in noun:
        noun = f"{_ADJECTIVES[scene.pose]} {noun}"
    if rng.random() < 0.78:
        first = COLOR_WORDS[scene.color][0]
        noun = f"{first if rng.random() < 0.75 else rng.choice(COLOR_WORDS[scene.color])} {noun}"
    return noun


_ADJECTIVES = {
    "round": "round", "pine": "pine", "bare": "bare", "tall": "tall", "snow-capped": "snow-capped", "crescent": "crescent",
    "full": "full", "hot air": "hot air", "party": "party",
}  # fmt: skip
_NOUN_POSES = {"tulip": "tulip", "daisy": "daisy", "volcano": "volcano", "fortress": "fortress", "cottage": "cottage"}
_TELLING = {  # nouns that already say the pose, or the colour: only for such scenes
    "tulip": "tulip", "daisy": "daisy", "hot air balloon": "hot air", "party balloon": "party", "crescent moon": "crescent",
    "full moon": "full", "sailboat": "sailing", "rowboat": "rowing", "cottage": "cottage", "cabin": "cottage",
}  # fmt: skip


def _agrees(word: str, scene: Scene) -> bool:
    return _TELLING.get(word, scene.pose) == scene.pose


def _pose(scene: Scene, rng: random.Random, noun: str) -> str:
    """Words for the pose that stand after the noun, or nothing where it goes without saying."""
    if scene.pose in _ADJECTIVES or rng.random() < 0.12:
        return ""
    if scene.pose in _NOUN_POSES:
        said = {"volcano": "volcano", "fortress": "fortress"}.get(scene.pose)
        return (
            f"with {rng.choice(('lava', 'smoke and lava'))}" if said == "volcano" and rng.random() < 0.5 else said or ""
        )
    words = POSE_WORDS[scene.pose]
    word = words[0] if rng.random() < 0.5 else rng.choice(words)
    return "" if word in noun else word


def _place(scene: Scene, rng: random.Random, *, phrase: bool) -> str:
    if rng.random() < 0.05:
        return ""
    words = [word for word in PLACE_WORDS[scene.place] if _is_phrase(word) == phrase]
    return rng.choice(words)


def _is_phrase(words: str) -> bool:
    return words.split()[0] in {"on", "in", "at", "by", "deep", "among", "downtown", "under", "during"}


def _article(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


_PLAIN_PLACES = {
    "living room": "on the sofa in a living room", "beach": "on the beach", "forest": "in the forest", "city": "in the city",
    "space": "in space", "snow": "in the snow", "desert": "in the desert", "sea": "in the sea", "meadow": "in a meadow",
}  # fmt: skip
_PLAIN_TIMES = {"day": "by day", "sunset": "at sunset", "night": "at night"}
_PLAIN_POSES = {"towers": "with towers", "dark": "unlit", "volcano": "with lava", "fortress": "fortress"}
_HEADS = {"tulip": "tulip flower", "daisy": "daisy flower", "cottage": "cottage house"}


def plain(scene: Scene) -> str:
    """The canonical sentence: "an orange cat sleeping on the sofa in a living room at night, watercolor"."""
    noun = _HEADS.get(scene.pose, scene.subject)
    pose = _PLAIN_POSES.get(scene.pose, scene.pose)
    if scene.pose in _ADJECTIVES:
        noun, pose = f"{_ADJECTIVES[scene.pose]} {noun}", ""
    elif scene.pose in _HEADS:
        pose = ""
    words = (f"{scene.color} {noun}", pose, _PLAIN_PLACES[scene.place], _PLAIN_TIMES[scene.time])
    style = "" if scene.style == "none" else f", {scene.style}"
    return _article(" ".join(word for word in words if word)) + style


# Reading: longest words first, so that "hot air balloon" is not read as "air", nor "golden hour" as a colour.

_ALIASES: dict[str, tuple[tuple[str, str], ...]] = {  # words that name more than one thing at once
    "palm trees": (("place", "beach"),),
    "black and white": (("style", "noir"),),
    "black ink": (("style", "line drawing"),),
    "goldfish": (("subject", "fish"),),
    "tulip": (("subject", "flower"), ("pose", "tulip")),
    "daisy": (("subject", "flower"), ("pose", "daisy")),
    "hot air balloon": (("subject", "balloon"), ("pose", "hot air")),
    "party balloon": (("subject", "balloon"), ("pose", "party")),
    "crescent moon": (("subject", "moon"), ("pose", "crescent")),
    "full moon": (("subject", "moon"), ("pose", "full")),
    "sailboat": (("subject", "boat"), ("pose", "sailing")),
    "rowboat": (("subject", "boat"), ("pose", "rowing")),
    "volcano": (("subject", "mountain"), ("pose", "volcano")),
    "cottage": (("subject", "house"), ("pose", "cottage")),
    "pine": (("subject", "tree"), ("pose", "pine")),
    "fir": (("subject", "tree"), ("pose", "pine")),
    "conifer": (("subject", "tree"), ("pose", "pine")),
    "fortress": (("subject", "castle"), ("pose", "fortress")),
    "stronghold": (("subject", "castle"), ("pose", "fortress")),
    "townhouse": (("subject", "house"), ("pose", "tall")),
}
_WEIGHT = re.compile(r":\s*[\d.]+\s*(?=[)\]])|[()\[\]{}]")
_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")


@lru_cache(maxsize=1)
def _lexicon() -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Word sequences and the attributes they name."""
    found: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
    tables = (
        ("subject", SUBJECT_WORDS), ("color", COLOR_WORDS), ("place", PLACE_WORDS), ("time", TIME_WORDS),
        ("style", STYLE_PHRASES), ("pose", POSE_WORDS),
    )  # fmt: skip
    for attribute, table in tables:
        for value, phrases in table.items():
            for words in (*phrases, value) if value != "none" else phrases:
                # the first table to claim a word keeps it; poses come last and are settled by the subject
                found.setdefault(_stems(words), ((attribute, value),))
    found.update({_stems(words): named for words, named in _ALIASES.items()})
    return found


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(key) for key in _lexicon())


def _stems(words: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _WORD.findall(_WEIGHT.sub(" ", words.lower()).replace("&", " and ")))


def _stem(word: str) -> str:
    """The word without its plural: enough to take "kittens" for "kitten"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def read(words: str) -> dict[str, str]:
    """The attributes that the words name: subject, color, pose, place, time, style, each at most once, first come.

    Case, plurals and weights such as "(neon lights:1.3)" make no difference. What is not named is not in the answer.
    """
    named: dict[str, str] = {}
    stems, lexicon, at = _stems(words), _lexicon(), 0
    seen: list[tuple[tuple[str, str], ...]] = []
    spans: list[tuple[str, ...]] = []
    while at < len(stems):
        for length in range(min(_longest(), len(stems) - at), 0, -1):
            match = lexicon.get(stems[at : at + length])
            if match:
                seen.append(match)
                spans.append(stems[at : at + length])
                at += length
                break
        else:
            at += 1
    for match in seen:
        for attribute, value in match:
            named.setdefault(attribute, value)
    subject = named.get("subject")
    if subject:
        _settle_pose(named, subject, stems)
        if named.get("color") not in SUBJECTS[subject].colors:
            named.pop("color", None)
            _settle_color(named, subject, spans)
    return {key: named[key] for key in ("subject", "color", "pose", "place", "time", "style") if key in named}


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
    texts += [*BOILERPLATE, *_ADORNED, *_LEADS, *_FILLER, *_ADJECTIVES.values(), *_HEADS.values(), *STYLES[1:]]
    texts += [*_PLAIN_PLACES.values(), *_PLAIN_TIMES.values(), *_PLAIN_POSES.values(), "smoke and lava"]
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()))
