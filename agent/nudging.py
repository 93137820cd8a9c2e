"""What people say of one quality: "different style: ink", "the neon is too much", "a bit of mist", "it's raining" → wishes. Pure."""

import re

from agent import vocabulary
from agent.wording import IT, Wish, noun, tail

_ERA = re.compile(
    r"\b(?:\d{2,4}s|(?:1[0-9]|20)\d\d|\d{1,2}(?:st|nd|rd|th) century|(?:victorian|medieval|edwardian|roman|ancient|prehistoric|stone age|middle ages|future|past)\b.*)"
)
_FALLING = {
    "rain": "rain",
    "raining": "rain",
    "rainy": "rainy",
    "snow": "falling snow",
    "snowing": "falling snow",
    "snowy": "snowy",
    "storm": "storm",
    "storming": "storm",
}
_MOODS = (
    r"(?:(?:stormy|rainy|snowy|foggy|bad|windy|misty|winter|summer|autumn|spring) weather|sunny|cloudy|foggy|rainy|stormy|misty|snowy|windy|overcast|hazy|moonlit|sunlit|backlit|candlelit|starry|gloomy|moody|cozy|cosy|wintry|autumnal|"
    r"(?:soft|warm|cold|cool|harsh|dramatic|natural|golden|dim|bright|low-key|high-key|low key|rim|studio|neon|volumetric|diffuse|diffused|hard|pale|gentle|evening|morning|moody|golden hour|blue hour) (?:light|lighting|glow|shadows?|colou?rs?|tones?|haze|mist))"
)


def nudged(low: str, plain: str) -> Wish | None:
    """Wishes with a word of their own in front, or said of one thing: "different style: ink", "the neon is too much"."""
    if match := re.fullmatch(
        r"(?:(?:a|an|the|some|with|in|try|use|do|give it|make it|how about) )*(?:(?:different|another|new|other) )?(style|look|medium|place|location|setting|background|time|time of day|season|weather|mood|lighting|light|subject)(?: (?:should be|is|to))?(?::| -|,) ?(.+)",
        low,
    ):
        kind = {
            "look": "style",
            "medium": "style",
            "location": "place",
            "setting": "place",
            "background": "place",
            "time of day": "time",
        }.get(match[1], match[1])
        if kind in ("style", "place", "time", "subject"):
            return Wish(kind=kind, text=tail(plain, noun(match[2]) if kind != "place" else match[2]))  # type: ignore[arg-type]
        return Wish(kind="add", text=tail(plain, match[2]))
    if match := re.fullmatch(
        r"(?:the |all (?:the |that )?|that )?(.+?)(?:'s| is| are) (?:way |far |a bit |a little |just |still |really )*(?:too (?:much|strong|intense|heavy|loud|dominant|present|obvious|many|bright a thing)|overpowering|overdone|distracting|over the top|annoying)",
        low,
    ):
        if re.fullmatch(IT, match[1]):
            return Wish(kind="unknown", text=plain)
        return Wish(kind="less", text=tail(plain, match[1]))
    if match := re.fullmatch(
        r"(?:tone|turn|dial|bring|cut|scale|calm)(?: it)? (?:down|back)(?: on)? (?:the |all the )?(?!a (?:bit|notch|little|tad))(.+?)(?: (?:a (?:bit|little|notch|lot|tad)|slightly|some))?"
        r"|(?:tone|turn|dial|bring|cut|scale) (?:the |all the )(.+?) (?:down|back)(?: (?:a (?:bit|little|notch|lot|tad)|slightly|some))?|(?:ease|go easy|hold back|cut down) (?:up )?on (?:the )?(.+)|(?:decrease|lower|lessen|weaken|diminish|reduce) (?:the |all the )?(?:amount of )?(.+?)(?: (?:a (?:bit|little)|slightly))?",
        low,
    ):
        said = next((part for part in match.groups() if part), "")
        if said and not re.fullmatch(IT, said):
            return Wish(kind="less", text=tail(plain, said))
    match = re.fullmatch(
        r"(?:the |his |her |its )([\w-]+(?: [\w-]+)?) (?:is|are|looks?) (?:still |way |far |a bit |just |really )*too (\w+)(?: for (?:me|my taste))?",
        low,
    )
    if match and not re.fullmatch(IT, f"the {match[1]}"):  # "the trees are too dark"
        other = vocabulary.OPPOSITES.get(match[2])
        return (
            Wish(kind="replace", was=match[1], text=f"{other} {match[1]}")
            if other
            else Wish(kind="less", text=match[2])
        )
    if re.fullmatch(
        r"(?:tone|turn|dial|bring|cut|scale) (?:it|this|that) (?:down|back)(?: (?:a (?:bit|little|notch|lot|tad)|slightly|some|please))?|(?:tone|turn|dial) down",
        low,
    ):
        return Wish(kind="unknown", text=plain)  # what of it?
    if match := re.fullmatch(
        r"(?:turn|dial|crank|bump|ramp|push|pump) up (?:the )?(.+?)(?: (?:a (?:bit|little|notch|lot|tad)|slightly|some))?|(?:turn|dial|crank|bump|push) the (.+?) up(?: (?:a (?:bit|little|notch|lot)))?|(?:increase|boost|strengthen|intensify|emphasi[sz]e|enhance|amplify|exaggerate|accentuate|bring out) (?:the |all the )?(?:amount of )?(?!prompt|it$|this$|that$)(.+?)(?: (?:a (?:bit|little)|slightly))?",
        low,
    ):
        said = next((part for part in match.groups() if part), "")
        if not re.fullmatch(r"(?:the )?(?:picture|image|quality|prompt)", said):
            return Wish(kind="more", text=tail(plain, said))
    match = re.fullmatch(
        r"(?:(?:and |maybe |add |with |give it |put |just |i'd like |i want )*(?:an? )?)(?:little |wee |tiny |small )?(?:bit|little|touch|hint|dash|splash|pinch|tad|lot|lots|plenty|sprinkle|some) (?:more )?(?:of )?(?!more\b|less\b|\w+er\b|too\b)(.+)",
        low,
    )
    if match and (" of " in f"{low} " or re.match(r"some\b", low)):
        return Wish(kind="add", text=tail(plain, match[1]))
    if match := re.fullmatch(
        r"(?:make it |let it |it's |its |it is |it should |now it's |have it |i want it |can it |could it )(?:be |to be )?(?:start(?:s|ing)? )?(?:to )?(rain|raining|snow|snowing|storm|storming)(?: (?:heavily|hard|lightly|a bit|again|now|outside))*|(raining|snowing|storming)",
        low,
    ):
        return Wish(kind="add", text=_FALLING[match[1] or match[2]])
    match = re.fullmatch(r"(?:it's|its|it is|now it's) (?:already |getting |now |just )?(.+)", low)
    if match and (match[1] in vocabulary.WEATHER or re.fullmatch(_MOODS, match[1])):
        return Wish(kind="add", text=tail(plain, match[1]))
    if match and re.sub(r"^(?:at |in the |the )", "", match[1]) in vocabulary.TIMES:
        return Wish(kind="time", text=tail(plain, match[1]))
    if match := re.fullmatch(rf"({_MOODS})((?: |, )?(?:and|with|over|in|on|through|from) .+)?", low):
        return Wish(kind="add", text=tail(plain, low))
    if (
        match := re.fullmatch(
            r"(?:(?:make it |put it |set (?:it )?|let it be |it should be |it's |have it )*)((?:in |during |from )(?:the )?(?:early |late |mid )?(.+))",
            low,
        )
    ) and _ERA.match(match[2]):
        return Wish(kind="add", text=tail(plain, match[1]))
    if match := re.fullmatch(
        r"(?:put|place|set|stick) ((?:[\w-]+ )?[\w-]*[^s\W]s (?:(?:on top of|on|in|at|under|near|by|beside|behind|next to|in front of|over|above) .+))",
        low,
    ):
        return Wish(kind="add", text=tail(plain, match[1]))  # "put flowers in the background": many, and new
    if match := re.fullmatch(
        r"(?:put|place|set|move|shift|bring|locate|position) (?!an? |some |two |three |more |another |one more )(?:the |his |her |its )?((?:[\w-]+ )?[\w-]+) (?:a (?:bit|little) |more |further |slightly )*(?:(in|to|into|on|onto|at|towards?) the ((?:upper |lower |top |bottom )?(?:left|right|middle|center|centre|foreground|background|corner|front|back|side|edge|bottom|top)(?: (?:corner|side|edge|third|half))?))",
        low,
    ):
        lead = {"to": "on", "into": "in", "onto": "on", "towards": "on", "toward": "on"}.get(match[2], match[2])
        if re.fullmatch(IT, match[1]):
            return Wish(kind="unknown", text=plain)  # what of it?
        return Wish(kind="add", text=f"{tail(plain, match[1])} {lead} the {match[3]}")
    match = re.fullmatch(
        r"(?:put|place|set|move|bring|locate|position) (?!an? |some |two |three |more |another |one more )(?:the )?((?:[\w-]+ )?[\w-]+) ((?:on top of|on|in|at|under|inside|near|by|beside|behind|into|onto|among|next to|in front of|over|above|outside) .+)",
        low,
    )
    if match and (vocabulary.is_subject(match[1]) or re.fullmatch(IT, match[1])):
        hour = re.sub(r"^(?:at|in|on) (?:the )?", "", match[2]) in vocabulary.TIMES
        return Wish(kind="time" if hour else "place", text=tail(plain, match[2]))
    return None
