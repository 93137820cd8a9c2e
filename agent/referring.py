"""How people name pictures, and what they wish with a name: going back, borrowing from another one, the history. Pure.

Decides only whether words name a picture; which one they mean is for `thread.resolve` to say, from the person's own words.
"""

import re

from agent import vocabulary
from agent.wording import COUNT, ORDINAL, REF, Wish, counted, noun, ref_of, tail

_NOUN = r"(?:one|1|ones|picture|pic|image|photo|version|render|variant|attempt|try|shot)"
_WHEN = r"(?:yesterday|today|earlier|this morning|last night|last (?:week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday))"
_NAMES = re.compile(
    rf"(?:(?:the|my|our|that|this) )?(?:very )?(?:[\w'-]+ ){{1,4}}?{_NOUN}(?: (?:before|after|with|without|at|in|on|from|of|where|that|which|i|we|you|by)\b.{{1,60}})?"
    rf"|(?:the|that) {_NOUN} (?:before|after|with|without|at|in|on|from|of|where|that|which|i|we|you|by|when|just)\b.{{0,60}}"
    rf"|(?:the )?(?:{COUNT.replace('?P<count>', '?:')} )?(?:pictures? |ones? )?(?:before|after|ago)(?: .{{1,40}})?"
    rf"|(?:the )?(?:[\w'-]+ ){{0,3}}?(?:second|third|next|one) (?:to|from|but) (?:the )?(?:last|end)(?: {_NOUN})?"
    rf"|{_WHEN}'s .{{1,40}}|(?:the |my )?.{{1,30}} from {_WHEN}"
    r"|(?:the )?very (?:first|last)|my (?:\w+ )?favou?rite|what i (?:just )?saved(?: last)?"
)
# Words before "one" that make no reference of it: "another one", "a new one", "make one"
_NO_NAME = re.compile(
    r"^(?:go|back|to|take|bring|an?|another|no|some|any|each|every|which|what|make|give|draw|show|add|save|keep|and|but|with|in|to|not|different|other|more|new|as|like|put|is|it|i|you|do|use|one|two|three|four|five|six|\d+)\b"
)
_ASPECT = {
    "light": "lighting", "lights": "lighting", "lighting": "lighting", "illumination": "lighting",
    "style": "style", "look": "style", "feel": "style", "vibe": "style", "aesthetic": "style", "art style": "style", "look and feel": "style",
    "mood": "mood", "atmosphere": "mood",
    "place": "place", "background": "place", "setting": "place", "location": "place", "scenery": "place", "scene": "place", "surroundings": "place",
    "time": "time", "time of day": "time", "hour": "time", "weather": "weather", "season": "weather",
    "color": "colors", "colors": "colors", "colour": "colors", "colours": "colors", "palette": "colors", "color palette": "colors", "colour palette": "colors",
    "color scheme": "colors", "colour scheme": "colors", "tones": "colors", "coloring": "colors", "colouring": "colors",
    "camera": "camera", "angle": "camera", "camera angle": "camera", "view": "camera", "viewpoint": "camera", "framing": "camera", "composition": "camera",
    "perspective": "camera", "lens": "camera", "point of view": "camera",
    "subject": "subject", "character": "subject", "animal": "subject",
}  # fmt: skip
_ASPECTS = "|".join(sorted(map(re.escape, _ASPECT), key=len, reverse=True))
_TAKE = (
    r"(?:(?:but |and |now |just )*(?:with|use|take|borrow|copy|steal|apply|adopt|match|mimic|give (?:it|this|that)|get|grab|transfer|put|want|i want|i'd like|i'd love|in|keep|"
    r"i like|make it(?: in)?(?= the)|make it have|have|let it have|bring (?:in|over)|reuse|it (?:should|could) have|can (?:we|it|i) (?:have|get|use|take)) )"
)


def reference(said: str, *, loose: bool = False) -> str | None:
    """How the lineage is to hear it when the words name a picture ("" for the current one), or None when they do not.

    Args:
        said: Lower-case words that stand where a picture may be named.
        loose: Whether a bare "the castle" counts, as in "back to the castle".
    """
    said = re.sub(r"^(?:back )?(?:to|from) ", "", said.strip(" ,.!?'\"")).strip()
    said = re.sub(r",? (?:again|please|now|here|then)$", "", said)
    if re.fullmatch(REF, said):
        return ref_of(said)
    if re.fullmatch(r"(?:the )?(?:current|present|newest|latest|last) (?:picture|one|image|version|render)", said):
        return "" if re.match(r"(?:the )?(?:current|present)", said) else said
    if len(said) > 90 or _NO_NAME.match(said) or re.match(rf"(?:the )?(?:{_ASPECTS}) (?:of|from|in)\b", said):
        return None
    if match := re.fullmatch(r"(?:the )?(?:picture|pic|image|number|no\.?)s? (one|two|three|four|five|six)", said):
        return f"picture {counted(match[1], 1)}"
    if _NAMES.fullmatch(said):
        return re.sub(r"(?<!picture)(?<!pic)(?<!image) 1$", " one", said)
    if loose and re.fullmatch(r"(?:(?:the|that|my|our) )(?:[\w'-]+ ){0,4}[\w'-]+", said):
        return said
    return None


_SEVERAL = r"(?P<n>two|three|four|five|six|a couple(?: of)?|a few|\d{1,2})"
_STEPS = r"(?:changes?|edits?|steps?|things?|modifications?|drafts?|requests?|wishes|messages|ones|times)"
_TAKE_BACK = r"(?:undo|un-do|revert|reverse|take back|roll back|rollback|cancel|discard|scrap)"
_STEPS_BACK = re.compile(
    rf"{_TAKE_BACK} (?:(?:the|my|your|these|those|both) )*(?:(?:last|latest|previous|most recent) )?{_SEVERAL}(?: (?:last|latest|previous))?(?: {_STEPS})?(?: (?:again|back))?"
    rf"|{_TAKE_BACK} (?P<both>both)(?: of (?:them|those))?(?: {_STEPS})?|take (?:(?:the|my|your) )?(?:last |latest )?{_SEVERAL.replace('?P<n>', '?P<m>')}(?: {_STEPS})? back|undo (?:it |that )?(?P<twice>twice)|undo (?:(?:the|my|your) )?last (?P<pair>couple)(?: of)?(?: {_STEPS})?"
)
_ALL_BACK = re.compile(
    rf"{_TAKE_BACK} (?:everything|it all|all of (?:it|that|them)|(?:all|every one of|all of) (?:the |my |your |these |those |our )?(?:changes|edits|steps|modifications)|all|every change)(?: (?:again|so far|i (?:made|asked for)|you made))*"
)


def _steps_back(low: str) -> int:
    """How many steps "undo the last two changes" or "undo, undo" takes back; 0 where the words do not count."""
    if re.fullmatch(r"undo(?:(?:,| and|,? and then)? undo(?: again| it| that)?)+", low):
        return low.count("undo")
    match = _STEPS_BACK.fullmatch(low)
    if match is None:
        return 0
    return 2 if match["twice"] or match["pair"] or match["both"] else counted(match["n"] or match["m"], 2)


def undo(low: str, _: str) -> Wish | None:
    """Taking back the newest change."""
    last = r"(?:the |that |this |your |my )?(?:last|latest|previous|most recent|recent)? ?(?:change|edit|step|one|thing|modification|draft|refinement|action|request|wish|message)s?"
    if steps := _steps_back(low):
        return Wish(kind="undo", count=steps)
    if _ALL_BACK.fullmatch(low):
        return Wish(kind="undo", how="all")
    if re.fullmatch(
        rf"(?:(?:no|nah|nope|oops|ups|whoops|hm+|argh)[,. ]+)*(?:undo|revert|reverse|take back|roll back|rollback|cancel|discard|scrap)(?: (?:it|that|this|what you (?:just )?did|{last}))?(?: again)?"
        r"|(?:take|put|roll|turn|change) (?:it|that|this)(?: all)? back(?: (?:again|to (?:how|what|the way) it was(?: before)?|to before))?"
        rf"|take {last} back|(?:go|step|one step|a step|back) (?:back )?(?:one|a|1)(?: step)?(?: back)?|(?:one |a )?step back|go (?:a |one )?step back"
        r"|go back (?:one|a|1) (?:step|change|edit)|back (?:one|a) step|(?:that|this|it) was (?:a (?:\w+ )?mistake|a (?:bad|stupid|terrible) idea|an error|wrong|not what i (?:meant|wanted))|(?:oops|whoops|ctrl[ +-]?z)"
        r"|i (?:changed my mind|take (?:it|that) back|didn't mean that)|(?:i )?don't want that (?:last )?change|not what i (?:meant|wanted)",
        low,
    ):
        return Wish(kind="undo")
    if re.fullmatch(
        rf"(?:that|this|it)(?:'s| is| was| looks| got)? (?:much |way |even |now )*worse(?: (?:now|than before))?|i (?:don't|do not) like (?:that|this|the|your)(?: {last}| change| edit)|(?:forget|scrap|drop|delete|remove) {last}|(?:back )?to (?:how|the way|what) it was(?: (?:before|earlier))?|(?:make it |put it )?(?:back )?(?:like|as) (?:it was )?before(?: the (?:last )?change)?|(?:restore|go back to) (?:the )?(?:previous|last|old) (?:prompt|state|version of the prompt)|undo (?:once|once more|one more(?: step)?)",
        low,
    ):
        return Wish(kind="undo")
    if match := re.fullmatch(
        rf"{_TAKE_BACK.replace('|cancel|discard|scrap', '')} (?:the|that|my|your|this) (?!locks?\b)((?:[\w'-]+ ){{0,3}}?[\w'-]+?)(?: (?:change|edit|thing|part|bit|one|request|again))*",
        low,
    ):
        return Wish(kind="undo", text=match[1])  # "undo the neon": whichever change that was
    if re.fullmatch(
        r"(?:that|it|this|the (?:last|old) (?:one|version)) (?:was|looked) (?:much |way |a lot )?(?:better|nicer) before"
        r"|(?:(?:no|nah|nope|hm+|well|sorry)[,. ]+)*i (?:liked?|loved?|preferr?(?:ed)?) (?:it|that|this)(?: (?:much |way |a lot )?(?:better|more|best))? (?:before|earlier|(?:the way|how|as|like) it was(?: before)?)"
        r"|(?:let's |can we |please )?(?:go |take me |get )?back to where (?:we|i) (?:were|was|had been)(?: before)?",
        low,
    ):
        return Wish(kind="undo")
    return None


def tree(low: str, _: str) -> Wish | None:
    """The whole history."""
    low = low.rstrip("?. ")
    see = r"(?:(?:can i |could i |let me |i want to |i'd like to )?(?:show|see|list|view|display|print|give|open|draw|what is|what's|where is|where's|look at)(?: me| us)? )?"
    things = r"(?:history|tree|family tree|timeline|lineage|branches|overview|log|genealogy)"
    if low in ("tree", "branches", "log") or re.match(r"(?:an?|draw|give|the) (?:\w+ )?(?:tree|branches|log)\b", low):
        return None  # something to draw
    made = r"(?:pictures|images|versions|drafts|renders|steps|prompts|variations|variants|branches)"
    if re.fullmatch(
        rf"{see}(?:(?:the|our|my|this|your) )?(?:(?:whole|full|complete|entire|version|picture|prompt|edit|draft|conversation|change) )*{things}(?: (?:of (?:this|the|our|all|my|it).*|so far|tree))?",
        low,
    ) or re.fullmatch(
        rf"{see}(?:all (?:of )?)?(?:(?:the|my|our|these|those) )?(?:all )?(?:{made})(?: (?:so far|here|(?:that )?(?:we|i|you)(?:'ve| have)? (?:made|drawn|rendered|did|tried|have|got|created|took|taken|went through|gone through).*|(?:in|of|from) (?:this|the|our) (?:conversation|chat|thread|session)|are there|there are|until now|up to now))",
        low,
    ):
        return Wish(kind="tree")
    if re.fullmatch(
        rf"(?:show|list|see|print|display)(?: me)? (?:all )?(?:of )?(?:the|my|our) (?:{made})|(?:show|list)(?: me)? (?:all|everything)(?: (?:of them|so far))?"
        rf"|(?:what|which|how many) {made} (?:are there|have (?:we|i|you) (?:made|done|tried|got)|do (?:we|i|you) have|did (?:we|i|you) (?:make|try|do)|exist)(?: so far)?"
        r"|what (?:have|did) (?:we|you|i) (?:made|make|done|do|tried|try|drawn|draw|got)(?: (?:so far|until now|up to now|already|today|here))?"
        r"|(?:show|list|see)(?: me)? (?:all|every|everything)(?: of)?(?: (?:the |my |our )?(?:pictures|images|versions|drafts|steps|renders))?(?: (?:that )?(?:we|i|you)(?:'ve| have)? (?:made|did|done|drew|drawn|tried|have|got))?(?: so far)?|(?:show|tell)(?: me)? how (?:the |these |all )?(?:pictures|versions|they|it all) (?:are |is )?(?:related|connected|hang together|came about|fit together)|(?:give me |show me )?an? (?:short |quick |full )?overview(?: of .*)?|where did (?:we|i|it) branch(?: off)?|what (?:is|was) made from what|what did (?:picture \d+|this|it) come from"
        r"|how did (?:we|i|you) (?:get|come|arrive) (?:here|there|to this(?: .*)?|at this(?: .*)?)|where in (?:the|our) (?:history|tree|timeline) (?:are|am) (?:we|i)|where (?:are|am) (?:we|i)(?: (?:now|in the (?:tree|history|conversation|timeline)|right now|at))*|(?:show|list|see)(?: me)? (?:all )?(?:of )?(?:the |my |our )?(?:branches|steps|drafts|versions)|what (?:are|were) (?:the|our|my|all the) (?:steps|changes|versions|drafts|branches|prompts)(?: (?:so far|until now|up to now|we (?:took|made|tried)))?|how (?:are|were|do) (?:the |these |all the |all )?(?:pictures|versions|drafts|images)(?: all)? (?:related|connected|linked|hang together|fit together|made)|(?:let me |can i |i want to )see (?:everything|all|what)(?: (?:that )?(?:we|i|you)(?:'ve| have)? (?:made|did|done|drew|drawn|tried))|(?:which|what)(?: (?:one|picture|version))? (?:came|was) (?:first|last|before|next)|where did (?:this|it) (?:one )?come from"
        r"|(?:which|what) (?:picture|one|draft|version)s? (?:came|comes|was made|derives|descends) (?:from|out of|before) (?:which|what)(?: (?:one|picture|version))?|(?:how|where) (?:did )?(?:it|this|everything) (?:all )?(?:branch|develop|evolve)d?.*"
        r"|(?:recap|summary|summari[sz]e)(?: (?:of )?(?:this|the|our|so far|what we did).*)?",
        low,
    ):
        return Wish(kind="tree")
    return None


def borrowing(low: str, plain: str) -> Wish | None:
    """ "with the lighting of picture 2": an aspect of one picture for another. Two aspects: `parts`."""
    low = low.rstrip("?. ")
    if match := re.fullmatch(
        rf"{_TAKE}?(?:an? )?(?:more of )?(?:(?:exactly )?the )?(?:same )?(?P<what>(?:{_ASPECTS})(?:(?:,| and|, and) (?:the )?(?:{_ASPECTS}))*) (?:(?:of|from|in|as|like|that|used|had)(?: (?:in|of|was in))? )(?P<of>.+?)(?: (?:has|had|have|instead|here|for (?:this|it)(?: one)?))*",
        low,
    ):
        named = reference(match["of"], loose=bool(re.match(_TAKE, low)) and not low.startswith("in "))
        if named:
            return _borrowed(match["what"], named)
    match = re.fullmatch(rf"{_TAKE}?(?P<of>.+?)'s? (?P<what>{_ASPECTS})(?: instead| here)?", low)
    if match and (named := reference(match["of"], loose=match["of"].startswith("the "))):
        return _borrowed(match["what"], named)
    match = re.fullmatch(
        rf"(?:make|let|have) (?:the )?(?P<what>{_ASPECTS}) (?:be |look )?(?:like|as|the same as)(?: in)? (?P<of>.+)",
        low,
    )
    if match and (named := reference(match["of"], loose=True)):
        return _borrowed(match["what"], named)
    if match := re.fullmatch(
        r"(?:(?:i )?want|take|use|borrow|copy|steal|bring(?: in| over)?|put|add|get|grab|with|i'd like|transfer|reuse|(?:can|could|should) (?:it|this|we|i|he|she) have|(?:it|this) (?:should|could) have|(?:let|make) it have|give (?:it|this|that))(?: in| over)? (?P<what>(?:the )?(?:[\w'-]+ ){0,4}?[\w'-]+) (?:from|of|in|out of) (?P<of>.+?)(?: (?:here|in here|over|instead|into (?:this|it)(?: one)?|in (?:this|it)(?: one)?|to (?:this|it)(?: one)?))?",
        low,
    ):
        named = reference(match["of"])
        if named and not re.fullmatch(
            r"(?:the )?(?:prompts?|it|this|that|seed|recipe|settings|.*\b(?:favou?rites?|copy))", match["what"]
        ):
            return _borrowed(match["what"], named)
    return None


def _borrowed(what: str, named: str) -> Wish:
    whats = [re.sub(r"^(?:the|same) ", "", part.strip()) for part in re.split(r",| and ", what) if part.strip()]
    return Wish(kind="borrow", parts=tuple(dict.fromkeys(_ASPECT.get(one, noun(one)) for one in whats)), picture=named)


def blending(low: str, _: str) -> Wish | None:
    """ "more like picture 2 and less like 3"."""
    if match := re.fullmatch(
        r"(?:make (?:it|this) |(?:a (?:bit|little) ))?(more|less) like (.+?)(?:,? (?:and|but)|,) (?:(?:a (?:bit|little) ))?(less|more) like (.+)",
        low,
    ):
        one, other = (_number(match[2]), _number(match[4]))
        if one and other and match[1] != match[3]:
            more, less = (one, other) if match[1] == "more" else (other, one)
            return Wish(kind="blend", picture=more, was=less)
    return None


def _number(said: str) -> str | None:
    return f"picture {said}" if said.isdigit() else reference(said, loose=True)


def back(low: str, plain: str) -> Wish | None:
    """Going on from an earlier picture."""
    low = re.sub(r"^(?:(?:no|nah|nope|hm+|well|actually|wait)[,. ]+)+", "", low.rstrip("?. "))
    low = re.sub(r"\bback too\b", "back to", low)
    if re.fullmatch(r"(?:i want |give me |get )?(?:the )?(?:previous|last|old) (?:prompt|wording) (?:back|again)", low):
        return Wish(kind="undo")
    low = re.sub(r"\b(back to|to number|return to|go to) (\d{1,3})$", r"\1 picture \2", low)
    if match := re.fullmatch(
        r"(?:let's |can we |could we |i want to |i'd like to |please )?(?:(?:go|take me|bring me|get|come|switch|jump|move|head)(?: all the way)? )?back (?:again )?(?:to|at) (.+)"
        r"|(?:let's )?(?:return|revert|go|jump|switch|take me|bring me|get me|show me back) (?:back )?to (.+)"
        r"|(?:let's )?(?:continue|start|go on|work|carry on|proceed|keep going|build|branch(?: off)?|resume)(?: again)? (?:from|with|on|at) (.+)"
        r"|(?:bring|get|give me|take|want|i want)(?: back)? (.+?) back|(?:bring back|restore|reload|reopen|revive) (.+)",
        low,
    ):
        said = next(part for part in match.groups() if part)
        said = re.sub(r"^(?:how it was (?:in|at) |where we were (?:in|at|with) )", "", said)
        if vocabulary.style_of(said) and not said.startswith(("the ", "my ", "that ")):
            return None  # "switch to 3d render"
        if (named := reference(said, loose=True)) not in (None, "", "attached"):
            return Wish(kind="back", picture=named or "")
    if match := re.fullmatch(
        r"(?:i (?:liked|preferred|prefer|like)) (.+?)(?: (?:more|better|best|the most))"
        r"|i(?:'d)? (?:preferred|prefer|liked) (.+)"
        r"|(?:use|take|pick|choose|select|go with|let's (?:use|take|go with)|let us take|show(?: me)?|open|display) (.+)"
        r"|(.+?) (?:was|is|looked|looks) (?:much |way |a lot )?(?:better|best|nicer|the best)"
        r"|(.+) again",
        low,
    ):
        said = re.sub(r"^(?:see|view|look at) ", "", next((part for part in match.groups() if part), ""))
        named = reference(
            said, loose=bool(match[1] or match[2] or match[4]) and vocabulary.style_of(noun(said)) is not None
        )
        if named not in (None, "", "attached") and not re.search(r"\bprompt\b", said):
            return Wish(kind="back", picture=named or "")
    if match := re.fullmatch(
        r"(?:go )?back (two|three|four|2|3|4)(?: (?:pictures|versions|steps|ones))?"
        r"|(?:go |take me )?(two|three|four|2|3|4) (?:pictures|versions|steps|ones) back",
        low,
    ):
        return Wish(kind="back", picture=f"{match[1] or match[2]} before")
    match = re.fullmatch(
        r"(?:can i |could i |let me |i want to |i'd like to )?(?:see|view|look at) (.+?)(?: again)?|(?:ok(?:ay)? )?((?:the )?(?:first|second|third|fourth|last|original|\d+(?:st|nd|rd|th)) (?:one|picture|version)|(?:picture|number|pic|image) \d+|#\d+)(?: (?:then|please|it is|again))*",
        low,
    )
    if match and (named := reference(match[1] or match[2])) and named != "attached":
        return Wish(kind="back", picture=named)
    if re.fullmatch(
        r"(?:let's |lets )?(?:continue|go on|carry on|work|start|proceed)(?: from| with)? (?:there|that one|here|that|it|this)",
        low,
    ):
        return Wish(kind="thanks")  # what it goes on from was said before
    if re.fullmatch(
        r"go back|back|(?:the )?previous(?: (?:one|picture|version|image))?|(?:the )?(?:one|picture|version) before(?: (?:this|that|it))?|one back|back to the (?:previous|last) (?:one|picture|version)",
        low,
    ):
        return Wish(kind="back", picture="the one before")
    return None


# A wish about another picture than the current one, which it names first: "make picture 1 darker", "the castle one with snow"
_FIRST = re.compile(
    r"(?:(?P<verb>make|turn|render|draw|do|have|redo|change|take|use|like|with|from|in|for|on|edit|modify|now|give me|show me|i want|i'd like) )*"
    r"(?P<ref>(?:the )?(?:one|picture) (?:at|in|on|with|of|from|before|after) (?:the )?(?:[\w'-]+ ){0,2}[\w'-]+(?=,| but\b)|(?:the |that |my )?(?:picture|pic|image|version|number|no\.?) ?#?\d+|#\d+|(?:the |that |my )?(?:very )?(?:[\w'-]+ ){1,3}?(?:one|picture|pic|image|version)"
    r"|(?:yesterday's|last night's|last week's) [\w-]+|the [\w-]+ from yesterday|the (?:first|second|third|fourth|last|original)(?=,| (?:but|with|without|at|in|on|as)\b))"
    r"(?:,? (?P<but>but|and|only|except|just)(?: (?:just|only|now))?(?: (?P<with>with))?,? |(?P<comma>,) (?=\S)|: |,? (?=(?:more|less|a bit|a little|much|look|feel|at|in|on|as|with|without|into|under|by|darker|brighter|bluer|\w{3,}er|add|remove|replace|swap|change|put|take (?:out|away)|lose|delete|drop)\b))(?=\S)",
    re.IGNORECASE,
)
# "make the first one snowy": whatever is said of a picture that is named by number, place or style
_MADE = re.compile(
    rf"(?:make|turn|render|paint|draw|redo) (?P<ref>(?:the )?(?:picture|pic|image|version|number|no\.?) ?#?\d+|#\d+|the (?:very )?(?:{ORDINAL}|[\w-]+) (?:one|picture|image|version)) (?:look |into )?(?=\S)(?!again\b|once\b|with seed\b|the (?:current|base)\b)",
    re.IGNORECASE,
)
# "I'd like the watercolor with a blue sofa": a picture named by its style alone
_STYLED = re.compile(
    r"(?:(?:i(?:'d| would)? (?:like|want|prefer|love)|give me|show me|take|use|do|make|and|but|now) )+the ([\w-]+(?: [\w-]+)?),? (?:but |only |just )?(?=(?:with|without|but|at|in|on|under) )",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"^(?P<edit>(?:add|put|place|draw|paint|include|remove|delete|erase|drop|take|change|replace|swap|make) .{2,80}?) (?:to|into|in|onto|on|from|out of|for) (?P<ref>[^,;.]{3,50})$",
    re.IGNORECASE,
)


def other_picture(text: str) -> tuple[Wish, str] | None:
    """A wish for another picture: going back to it, and what is wished of it. None where the message names none."""
    if (match := re.match(r"(?:change|turn|convert|switch|transform) (.{3,30}?) (?:in)?to (?=\S)", text.lower())) and (
        named := reference(match[1])
    ):
        return Wish(kind="back", picture=named), f"make it {text[match.end() :]}"
    if (match := _MADE.match(text)) and (named := reference(match["ref"].lower())):
        return Wish(kind="back", picture=named), f"make it {text[match.end() :]}"
    if (match := _STYLED.match(text)) and vocabulary.style_of(match[1].lower()):
        return Wish(kind="back", picture=f"the {match[1].lower()} one"), text[match.end() :]
    if match := _FIRST.match(text):
        said = match["ref"].lower()
        named = reference(said)
        verb = (match["verb"] or "").lower()
        rest = text[match.end() :]
        if named is not None and not re.match(r"(?:save|keep|check|why|rate|thumbs|i )\b", rest.lower()):
            lead = (
                "make it "
                if verb in ("make", "turn", "render", "draw", "do", "have", "redo", "change") and not match["but"]
                else ""
            )
            lead = "with " if match["with"] else lead
            return Wish(kind="back", picture=named), f"{lead}{rest}"
    if match := _LAST.match(text.rstrip(" .!?")):
        said = match["ref"].lower()
        named = reference(said, loose=vocabulary.style_of(noun(said)) is not None and said.startswith("the "))
        favourites = re.search(r"favou?rite|library|collection|template|taste", said)
        if named is not None and named != "attached" and not favourites:
            return Wish(kind="back", picture=named), match["edit"]
    return None


def again(low: str, _: str) -> Wish | None:
    """Other tries of a picture that is named in words: "2 more of the neon one", "render picture 1 with seed 7"."""
    if match := re.fullmatch(
        rf"(?:(?:make|give|show|do|render|try|create|generate|draw|i want|get)(?: me)? )?{COUNT} (?:more |other |new |different )*(?:versions?|variations?|variants?|pictures?|takes?|tries|of|like)? ?(?:of|like|for|on)? (?P<of>.+)",
        low,
    ):
        named = reference(match["of"], loose=False)
        if named is not None and re.search(
            r"\b(?:more|other|versions?|variations?|variants?|takes?|tries|of|like)\b", low
        ):
            return Wish(kind="again", count=counted(match["count"], 1), picture=named)
    match = re.fullmatch(
        r"(?:some |a few |more |other |new )*(?:variation|version|variant|alternative)(s?) (?:of|for|on) (.+)", low
    )
    if match and (named := reference(match[2], loose=True)) is not None:
        return Wish(kind="again", count=4 if match[1] else 1, picture=named)
    if match := re.fullmatch(
        r"(?:(?:re-?)?(?:render|draw|do|make|try|roll|generate|run|paint))(?: (?P<of>.+?))? (?:again )?(?:with|using|at|on) (?:the )?seed[ :=#]*(?:number )?(?P<seed>\d{1,10})",
        low,
    ):
        named = reference(match["of"]) if match["of"] else ""
        if named is not None:
            return Wish(kind="again", seed=match["seed"], picture=named)
    return None


def searched(low: str, plain: str) -> Wish | None:
    """Library pictures near one that is named in words."""
    low = re.sub(r"^similar (?=pictures|images|ones|prompts|examples|things)", "find similar ", low.rstrip("?. "))
    low = re.sub(r"\bsimilar (pictures?|images?|ones?|prompts?|examples?|things?) to\b", r"\1 similar to", low)
    if match := re.fullmatch(
        r"(?:(?:find|show|search|look|give|get|list|are there|what|which|any|do you have|have you got)(?: me| for| up)* )?(?:(?:the|any|some|other|more|library) )*(?:pictures?|images?|photos?|examples?|prompts?|ones?|things?|what|anything|something)?(?: (?:in the library|that|which|there))* ?(?:looks?|is|are)? ?(?:like|similar to|near(?:est)?(?: to)?|close(?:st)? to|resembl(?:es?|ing)) (?P<of>.+?)(?: in (?:the|my|your) library| (?:do you have|you have|are there))*",
        low,
    ):
        named = reference(match["of"])
        if (
            named is not None
            and re.match(r"(?:find|show|search|look|give|get|list|are|what|which|any|do you|have|library|similar)", low)
            and not low.startswith(("show me more like", "give me more like"))
        ):
            return Wish(kind="describe", picture=named or "current")
    return None


def several_named(said: str, plain: str) -> list[str]:
    """The pictures that a list names: "picture 1 and 2" → ["picture 1", "picture 2"]; empty if any part names none."""
    names = []
    for part in re.split(r",|\band\b|&|\bplus\b", said):
        named = _number(part.strip())
        if named is None:
            return []
        names.append(named)
    return names if tail(plain, said) else []
