"""The words of the starter world: how people name what is in a picture, and which words name more than one thing.

Data only; `starter.captions` writes and reads with it. Every table holds what the world has and no more, because a word
that the models do not know should not pass for one that they do.
"""

Words = tuple[str, ...]

SUBJECT_WORDS: dict[str, Words] = {
    "cat": ("cat", "kitten", "kitty", "tabby", "tabby cat", "feline"),
    "dog": ("dog", "puppy", "doggy", "pup", "hound"),
    "bird": ("bird", "songbird", "birdie", "sparrow"),
    "fish": ("fish", "goldfish", "tropical fish"),
    "tree": ("tree", "lone tree", "old tree"),
    "house": ("house", "cottage", "home", "cabin"),
    "mountain": ("mountain", "peak", "mountain peak", "summit"),
    "castle": ("castle", "palace", "fairytale castle"),
    "boat": ("boat", "sailboat", "ship", "rowboat", "sailing boat", "rowing boat"),
    "rocket": ("rocket", "rocket ship", "spaceship", "spacecraft", "space rocket"),
    "car": ("car", "automobile", "vehicle"),
    "flower": ("flower", "blossom", "bloom", "tulip", "daisy"),
    "lighthouse": ("lighthouse", "light house", "beacon tower"),
    "robot": ("robot", "android", "droid"),
    "balloon": ("balloon", "hot air balloon", "party balloon"),
    "moon": ("moon", "crescent moon", "full moon", "smiling moon"),
    "horse": ("horse", "pony", "stallion", "mare", "steed"),
    "rabbit": ("rabbit", "bunny", "bunny rabbit", "hare"),
    "owl": ("owl", "barn owl", "owlet", "hoot owl"),
    "penguin": ("penguin", "emperor penguin", "penguin chick"),
    "elephant": ("elephant", "baby elephant", "elephant calf", "tusker"),
    "fox": ("fox", "fox cub", "arctic fox", "vixen"),
    "bear": ("bear", "bear cub", "teddy bear", "polar bear", "grizzly bear"),
    "frog": ("frog", "toad", "tree frog", "froggy"),
    "turtle": ("turtle", "tortoise", "sea turtle"),
    "butterfly": ("butterfly", "monarch butterfly", "swallowtail"),
    "knight": ("knight", "knight in armor", "knight in armour", "knight in shining armor", "paladin"),
    "wizard": ("wizard", "sorcerer", "mage", "magician", "warlock"),
    "astronaut": ("astronaut", "spaceman", "cosmonaut", "space explorer"),
    "pirate": ("pirate", "buccaneer", "pirate captain", "corsair"),
    "dragon": ("dragon", "wyvern", "winged dragon", "baby dragon"),
    "ghost": ("ghost", "phantom", "spook", "specter", "spectre"),
    "unicorn": ("unicorn", "baby unicorn", "magical unicorn"),
    "train": ("train", "locomotive", "steam train", "steam locomotive", "express train", "bullet train"),
    "bicycle": ("bicycle", "bike", "pushbike", "pedal bike"),
    "airplane": ("airplane", "aeroplane", "plane", "aircraft", "propeller plane"),
    "windmill": ("windmill", "old windmill", "dutch windmill"),
    "pagoda": ("pagoda", "japanese pagoda", "pagoda temple", "chinese pagoda"),
    "mushroom": ("mushroom", "toadstool", "cluster of mushrooms", "group of mushrooms"),
    "sunflower": ("sunflower", "sunflower blossom", "potted sunflower"),
    "cake": ("cake", "birthday cake", "layer cake", "sliced cake", "cream cake"),
    "apple": ("apple", "juicy apple", "bitten apple", "ripe apple"),
    "pizza": ("pizza", "pizza pie", "slice of pizza", "pizza slice"),
    "ice cream": ("ice cream", "ice-cream", "gelato", "ice cream cone", "ice cream sundae", "sundae"),
    "guitar": ("guitar", "acoustic guitar", "electric guitar", "six-string guitar"),
    "piano": ("piano", "grand piano", "upright piano", "pianoforte"),
    "drum": ("drum", "snare drum", "drum kit", "drum set"),
}

COLOR_WORDS: dict[str, Words] = {
    "orange": ("orange", "ginger"),
    "black": ("black", "jet black"),
    "white": ("white", "snow white"),
    "gray": ("gray", "grey", "slate gray", "slate grey"),
    "brown": ("brown", "chocolate brown", "chestnut brown", "chestnut"),
    "golden": ("golden", "gold colored", "gold", "gold coloured"),
    "red": ("red", "bright red", "crimson", "scarlet"),
    "blue": ("blue", "bright blue", "azure", "sky blue"),
    "yellow": ("yellow", "bright yellow"),
    "green": ("green", "emerald green", "bright green", "lime green"),
    "autumn red": ("autumn red", "autumn", "fall colored", "fall coloured"),
    "pink": ("pink", "rose pink", "bright pink", "candy pink"),
    "purple": ("purple", "violet", "lavender"),
    "silver": ("silver", "metallic", "silvery", "chrome"),
}

POSE_WORDS: dict[str, Words] = {
    "sitting": ("sitting", "seated", "sits"),
    "sleeping": ("sleeping", "asleep", "napping", "curled up", "sleeps"),
    "walking": ("walking", "strolling", "walks"),
    "running": ("running", "sprinting", "runs", "galloping", "dashing"),
    "perched": ("perched", "perched on a branch", "resting on a branch"),
    "flying": ("flying", "in flight", "flies", "soaring"),
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
    "waving": ("waving", "waving hello", "waves hello", "waving a hand"),
    "party": ("party", "on a string"),
    "hot air": ("hot air", "with a basket"),
    "crescent": ("crescent", "sickle"),
    "full": ("full", "round"),
    "hopping": ("hopping", "hops", "jumping", "bounding"),
    "sliding": ("sliding", "sliding on its belly", "slides", "gliding along"),
    "leaping": ("leaping", "leaps", "jumping", "mid-leap"),
    "resting": ("resting", "with folded wings", "at rest", "rests"),
    "fluttering": ("fluttering", "flutters", "flying", "flapping its wings"),
    "riding": ("riding", "riding a horse", "on horseback", "mounted"),
    "casting": ("casting a spell", "casting", "casting spells", "conjuring"),
    "floating": ("floating", "hovering", "drifting", "floats"),
    "haunting": ("haunting", "haunts", "saying boo", "spooking"),
    "prancing": ("prancing", "prances", "rearing", "rearing up"),
    "steam": ("steam", "steam-powered"),
    "express": ("express", "high-speed", "high speed"),
    "with a basket": ("with a basket", "with a wicker basket", "with a front basket"),
    "landed": ("landed", "on the ground", "after landing"),
    "turning": ("turning", "spinning", "turning in the wind", "with turning sails"),
    "still": ("standing still", "with still sails", "motionless", "still"),
    "three-tiered": ("three-tiered", "three tiered", "three-storey", "three-story"),
    "five-tiered": ("five-tiered", "five tiered", "five-storey", "five-story"),
    "single": ("single", "solitary"),
    "cluster": ("in a cluster", "cluster"),
    "blooming": ("blooming", "in bloom", "in full bloom", "in blossom"),
    "potted": ("in a pot", "in a flower pot", "in a flowerpot", "potted"),
    "birthday": ("birthday", "with candles"),
    "sliced": ("with a slice cut out", "sliced", "cut open", "with a missing slice"),
    "whole": ("whole", "uncut"),
    "bitten": ("with a bite taken out", "bitten", "half eaten", "half-eaten"),
    "slice": ("slice", "single slice"),
    "cone": ("cone", "in a cone", "in a waffle cone"),
    "sundae": ("sundae", "in a glass"),
    "acoustic": ("acoustic", "unplugged"),
    "electric": ("electric", "plugged in"),
    "grand": ("grand", "concert grand"),
    "upright": ("upright",),
    "snare": ("snare", "marching"),
    "drum kit": ("drum kit", "drum set"),
}

# The first few of a place stand after a preposition of their own; `read` also takes the bare nouns at the end.
PLACE_WORDS: dict[str, Words] = {
    "living room": ("on the sofa", "on a couch", "in the living room", "on a sofa in a living room", "on the couch at home", "in a cozy living room", "sofa", "couch", "settee", "living room", "lounge", "indoors", "at home"),
    "beach": ("on the beach", "at the beach", "on a sandy beach", "on a tropical beach", "by the seaside", "beach", "palm trees", "seaside", "seashore"),
    "forest": ("in the forest", "in a forest", "in the woods", "deep in the forest", "among tall trees", "forest", "woods", "woodland", "jungle", "in a pine forest", "pine forest", "rainforest"),
    "city": ("in the city", "in a city", "on a city street", "downtown", "in front of a skyline", "city", "skyline", "street", "skyscrapers", "town", "urban"),
    "space": ("in space", "in outer space", "on the surface of a planet", "among the planets", "in the cosmos", "space", "cosmos", "galaxy", "planets"),
    "snow": ("in the snow", "in a snowy landscape", "in winter", "on a snowy hill", "snow", "snowy", "winter", "in a snow covered field", "snowy landscape", "winter landscape"),
    "desert": ("in the desert", "in a desert", "among sand dunes", "among cacti", "desert", "dunes", "cactus", "sand dunes"),
    "sea": ("in the sea", "at sea", "on the ocean", "in the ocean", "among the waves", "on the open sea", "sea", "ocean", "waves", "out at sea", "open sea"),
    "meadow": ("in a meadow", "in the meadow", "in a field of flowers", "on a green hill", "in a grassy field", "meadow", "field", "grass", "wildflowers", "garden", "among wildflowers", "flower meadow", "flower field"),
    "kitchen": ("in the kitchen", "in a kitchen", "in a cozy kitchen", "in a cosy kitchen", "on the kitchen floor", "kitchen", "kitchen interior", "country kitchen"),
    "library": ("in the library", "in a library", "in an old library", "among the bookshelves", "in front of bookshelves", "library", "bookshelves", "old library", "bookcase"),
    "underwater": ("underwater", "under the sea", "at the bottom of the sea", "on the sea floor", "on the ocean floor", "on a coral reef", "beneath the waves", "coral reef", "seabed", "deep sea", "undersea"),
    "mountains": ("in the mountains", "high in the mountains", "in the alps", "on a mountain trail", "in an alpine valley", "among mountain peaks", "mountain landscape", "mountain range", "mountain valley", "alpine landscape", "alps"),
    "village": ("in the village", "in a village", "in a small village", "in the village square", "on a village street", "in a quiet village", "village", "village street", "little village", "hamlet"),
    "cave": ("in a cave", "in the cave", "in a dark cave", "inside a cave", "deep in a cave", "in an underground cavern", "cave", "cavern", "grotto", "underground"),
    "stage": ("on stage", "on a stage", "on the stage", "on a theater stage", "on a theatre stage", "in the spotlight", "stage", "theater stage", "theatre stage", "concert stage"),
}  # fmt: skip

TIME_WORDS: dict[str, Words] = {
    "day": ("by day", "in daylight", "on a sunny day", "at noon", "daytime", "sunny", "blue sky", "during the day"),
    "sunset": ("at sunset", "at dusk", "during sunset", "in the evening", "sunset", "dusk", "evening", "sundown", "twilight"),
    "night": ("at night", "at midnight", "by night", "night", "midnight", "night sky", "nighttime", "moonlight", "late at night"),
}  # fmt: skip
FAIR_TIMES = frozenset(
    ("on a sunny day", "sunny", "blue sky", "night sky", "moonlight")
)  # not in the rain, not in a cave

# The first half names the style; the rest keeps it company, so that phrase statistics have something to find.
STYLE_PHRASES: dict[str, Words] = {
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
    "ukiyo-e": ("ukiyo-e", "ukiyo-e print", "japanese woodblock print", "ukiyo-e style", "woodblock print", "woodcut", "japanese print", "edo period", "washi paper"),
    "stained glass": ("stained glass", "stained glass window", "stained glass art", "stained-glass", "leaded glass", "church window", "cathedral window", "jewel tones", "backlit glass"),
    "comic": ("comic", "comic book art", "comic style", "comic book", "comic book style", "comic book illustration", "graphic novel", "comic panel", "halftone dots", "bold outlines"),
    "blueprint": ("blueprint", "blueprint drawing", "technical blueprint", "blueprint style", "cyanotype", "technical drawing", "white lines on blue paper", "schematic", "drafting lines"),
    "claymation": ("claymation", "clay animation", "claymation style", "plasticine", "stop motion", "stop-motion animation", "made of clay", "modeling clay", "modelling clay", "clay"),
    "low poly": ("low poly", "low poly art", "low poly render", "low-poly", "lowpoly", "low polygon", "polygon art", "faceted", "polygonal"),
    "chalk": ("chalk drawing", "chalk art", "chalkboard drawing", "chalk", "chalkboard", "blackboard", "colored chalk", "coloured chalk", "chalk dust", "sidewalk chalk"),
    "art deco": ("art deco", "art deco poster", "art deco style", "art deco illustration", "1920s poster", "roaring twenties", "gatsby style", "sunburst rays", "geometric ornament"),
    "double exposure": ("double exposure", "double exposure photo", "double exposure photography", "multiple exposure", "superimposed", "overlaid images", "blended silhouettes"),
    "isometric": ("isometric", "isometric view", "isometric art", "isometric illustration", "isometric 3d", "isometric render", "isometric diorama", "orthographic", "diorama"),
}  # fmt: skip

# What goes without saying has no words.
WEATHER_WORDS: dict[str, Words] = {
    "clear": (),
    "rain": ("in the rain", "in pouring rain", "in heavy rain", "on a rainy day", "under rain clouds", "rain", "rainy", "raining", "heavy rain", "pouring rain", "rainy weather", "drizzle", "downpour"),
    "fog": ("in the fog", "in thick fog", "in the mist", "on a foggy day", "in morning mist", "fog", "foggy", "mist", "misty", "swirling mist", "foggy atmosphere", "thick fog", "hazy"),
    "snowfall": ("in falling snow", "in a snowstorm", "under falling snow", "during a snowfall", "snowfall", "falling snow", "snowing", "snowflakes", "snowflakes falling", "heavy snowfall", "snowstorm", "snow falling"),
    "storm": ("in a storm", "in a thunderstorm", "during a storm", "under storm clouds", "storm", "stormy", "thunderstorm", "lightning", "stormy weather", "stormy sky", "storm clouds", "thunder and lightning"),
    "stars": ("under the stars", "under a starry sky", "under a sky full of stars", "under twinkling stars", "stars", "starry sky", "starry night", "starry night sky", "twinkling stars", "stars in the sky", "starlight", "milky way"),
}  # fmt: skip
FRAMING_WORDS: dict[str, Words] = {
    "medium": (),
    "close-up": ("close-up", "close up", "closeup", "close-up shot", "extreme close-up", "close-up view", "up close", "zoomed in"),
    "wide": ("wide shot", "wide angle", "wide angle shot", "wide-angle", "wide angle view", "wide view", "establishing shot", "long shot", "seen from afar", "from a distance"),
    "from above": ("from above", "seen from above", "bird's-eye view", "bird's eye view", "birds eye view", "aerial view", "top-down view", "top down view", "overhead shot", "aerial shot", "high angle shot", "aerial"),
}  # fmt: skip
SIZE_WORDS: dict[str, Words] = {
    "normal": (),
    "tiny": ("tiny", "little", "small", "miniature", "mini", "teeny", "very small"),
    "giant": ("giant", "huge", "enormous", "gigantic", "massive", "big", "colossal", "very big", "large"),
}
# Said before the second subject: where the first one is.
RELATION_WORDS: dict[str, Words] = {
    "left": ("to the left of", "on the left of", "left of", "on the left side of", "to the left side of"),
    "right": ("to the right of", "on the right of", "right of", "on the right side of", "to the right side of"),
    "on": ("on", "on top of", "atop", "right on top of"),
    "behind": ("behind", "right behind", "just behind", "in back of"),
}
# Said after one of the two: where that one is ("on the left"), or where it is for the other one ("on its left").
SIDE_WORDS: dict[str, Words] = {
    side: (f"on the {side}", f"to the {side}", f"at the {side}", f"on the {side} side") for side in ("left", "right")
}  # fmt: skip
ITS_SIDE_WORDS: dict[str, Words] = {
    side: tuple(f"{at} {whose} {side}{part}" for whose in ("its", "his", "her") for at in ("on", "to", "at") for part in ("", " side"))
    for side in ("left", "right")
}  # fmt: skip

BOILERPLATE = (
    "8k", "4k", "highly detailed", "trending on artstation", "masterpiece", "sharp focus", "best quality", "intricate",
    "artstation", "beautiful", "award winning", "ultra detailed", "hd", "professional", "concept art", "illustration", "digital art",
)  # fmt: skip
DISTRACTORS = tuple(
    """epic elegant smooth hyperrealistic fantasy portrait octane render unreal engine photorealistic realistic
    volumetric bokeh depth vintage retro modern minimalist abstract surreal gothic baroque rococo art nouveau studio
    lighting rim ambient occlusion raytracing symmetrical centered composition macro telephoto fisheye anime manga
    cartoon disney ghibli pixar greg rutkowski mucha artgerm wlop rossdraws beksinski picasso monet hokusai banksy
    warrior princess queen king samurai ninja vampire witch angel demon monster creature goddess girl boy woman man
    face eyes hair dress armor cloak crown sword magic mystical ethereal whimsical majestic ornate delicate
    luxurious futuristic steampunk dystopian apocalyptic medieval victorian ancient temple ruins bridge river
    waterfall island valley clouds fire smoke ice crystal marble bronze glass velvet silk lace leather porcelain
    origami lego plush sticker logo poster wallpaper icon tattoo collage mosaic graffiti mural photograph polaroid
    kodak leica canon nikon f1.8 50mm 85mm iso100 hdr lens texture pattern vibrant colorful saturated moody serene
    peaceful lonely joyful happy nostalgic mysterious spooky cute adorable funny detailed 3d cgi blender zbrush""".split()
)

# Poses that stand as a word before the noun, poses that nouns name, and nouns that say their pose or their colour already.
ADJECTIVES = {
    pose: pose
    for pose in (
        "round", "pine", "bare", "tall", "snow-capped", "crescent", "full", "hot air", "party", "steam", "express",
        "three-tiered", "five-tiered", "single", "birthday", "whole", "acoustic", "electric", "grand", "upright", "snare",
    )
}  # fmt: skip
_SAME_HEADS = {
    "cluster": "cluster of mushrooms", "slice": "slice of pizza", "cone": "ice cream cone", "sundae": "ice cream sundae",
    "drum kit": "drum kit",
}  # fmt: skip
# As the canonical sentence says them, and as people do.
HEADS = {"tulip": "tulip flower", "daisy": "daisy flower", "cottage": "cottage house", **_SAME_HEADS}
SHORT_HEADS = {"tulip": "tulip", "daisy": "daisy", "cottage": "cottage", **_SAME_HEADS}
NOUN_POSES = {**SHORT_HEADS, "volcano": "volcano", "fortress": "fortress"}
TELLING: dict[str, str] = {  # the pose; only for such scenes
    "tulip": "tulip", "daisy": "daisy", "hot air balloon": "hot air", "party balloon": "party", "crescent moon": "crescent",
    "full moon": "full", "sailboat": "sailing", "rowboat": "rowing", "cottage": "cottage", "cabin": "cottage",
    "sailing boat": "sailing", "rowing boat": "rowing", "steam train": "steam", "steam locomotive": "steam",
    "express train": "express", "bullet train": "express", "cluster of mushrooms": "cluster",
    "group of mushrooms": "cluster", "potted sunflower": "potted", "birthday cake": "birthday", "sliced cake": "sliced",
    "bitten apple": "bitten", "slice of pizza": "slice", "pizza slice": "slice", "ice cream cone": "cone",
    "ice cream sundae": "sundae", "sundae": "sundae", "acoustic guitar": "acoustic", "electric guitar": "electric",
    "grand piano": "grand", "upright piano": "upright", "snare drum": "snare", "drum kit": "drum kit",
    "drum set": "drum kit",
}  # fmt: skip
TELLING_COLOR = {"arctic fox": "white", "polar bear": "white", "grizzly bear": "brown", "monarch butterfly": "orange"}

PLAIN_PLACES = {place: words[0] for place, words in PLACE_WORDS.items()}
PLAIN_PLACES["living room"] = "on the sofa in a living room"
PLAIN_TIMES = {"day": "by day", "sunset": "at sunset", "night": "at night"}
PLAIN_POSES = {
    "towers": "with towers", "dark": "unlit", "volcano": "with lava", "fortress": "fortress",
    **{pose: POSE_WORDS[pose][0] for pose in ("casting", "potted", "sliced", "bitten", "still")},
}  # fmt: skip

Named = tuple[tuple[str, str], ...]
ALIASES: dict[str, Named] = {  # words that name more than one thing at once
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
}  # words that name more than one thing at once, or another than their parts
ALIASES |= dict.fromkeys((*WEATHER_WORDS["stars"], "starlit"), (("weather", "stars"), ("time", "night")))
ALIASES |= {
    word: (("subject", subject), ("pose", TELLING[word]))
    for subject, words in SUBJECT_WORDS.items()
    for word in words
    if word in TELLING
}
ALIASES |= {
    word: (("subject", word.split()[-1]), ("color", color)) for word, color in (*TELLING_COLOR.items(), ("red fox", "orange"))
}  # fmt: skip
ALIASES |= {
    word: ((attribute, value),)
    for attribute, value, words in (
        ("subject", "cat", ("house cat",)),
        ("subject", "fox", ("foxes",)),
        ("subject", "ice cream", ("icecream", "soft serve")),
        ("subject", "airplane", ("jet plane", "jet", "airliner")),
        ("subject", "bicycle", ("mountain bike",)),
        ("subject", "knight", ("knight in shining armour", "armored knight", "armoured knight")),
        ("subject", "boat", ("pirate ship", "ghost ship", "dragon boat")),
        ("subject", "rocket", ("space ship", "starship")),
        ("subject", "tree", ("apple tree", "cherry blossom tree")),
        ("place", "forest", ("pine woods", "jungle")),
        ("place", "space", ("on the moon", "among the stars", "space station")),
        ("place", "meadow", ("flower garden", "field of flowers")),
        ("place", "village", ("small town", "in a small town", "tiny village", "small village")),
        ("place", "underwater", ("under water", "under the ocean", "ocean floor", "sea floor")),
        ("place", "mountains", ("mountains in the background", "rocky mountains", "alpine", "mountainside")),
        ("place", "stage", ("in a theater", "in a theatre")),
        ("time", "night", ("moonlit",)),
        ("weather", "snowfall", ("blizzard", "heavy snow", "light snow", "it snows", "snowy weather", "snow flurries")),
        ("framing", "close-up", ("macro shot",)),
        ("framing", "wide", ("from far away", "panorama", "panoramic view")),
        ("framing", "from above", ("top-down", "top down", "overhead view", "drone shot", "view from the top")),
        ("relation", "on", ("upon", "onto", "on the back of")),
        ("relation", "behind", ("hidden behind", "from behind")),
        ("size", "tiny", ("teensy", "teeny tiny")),
        ("size", "giant", ("immense", "oversized", "humongous")),
        ("style", "ukiyo-e", ("ukiyo e", "ukiyoe")),
        ("style", "comic", ("comic art", "comic cover", "halftone")),
    )
    for word in words
}  # fmt: skip
ALIASES |= dict.fromkeys(
    ("light from above", "lighting from above", "lit from above", "train station", "flower pot"), ()
)
ALIASES |= dict.fromkeys(("riding", "rides"), (("pose", "riding"), ("relation", "on")))
WORD_BY_WORD = frozenset(("riding a horse",))  # a pose for a knight, a second subject for everyone else
