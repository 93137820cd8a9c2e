"""What people say about the prompt itself: seeing it before the picture, writing it by hand, and letting it be rendered. Pure."""

import re

from agent.wording import Wish

_PROMPT = r"(?:the |a |my |your |each |every |any |that |its )*(?:full |final |whole |new )*(?:prompts?(?: text| draft)?|text|wording)"
_DRAW = r"(?:render|draw|paint|generate|make|create|start|do|produce|run)(?:s|ing|ed)?"
_BEFORE = rf"(?:first(?:ly)?|beforehand|before(?:hand)? (?:you |we |it (?:is |gets )?|the |anything (?:is )?|every |each )?(?:ever )?(?:{_DRAW}|picture|render|image)(?: .*)?|in advance|before$|up front|upfront)"
_FIRST = r"prompt[ -]?first(?: mode| setting)?"
_QUOTES = "\"'“”‘’"


def prompt_first(low: str, _: str) -> Wish | None:
    """Whether prompts are shown before they are rendered."""
    low = re.sub(rf"[?.!]+$|(?<!\w)[{_QUOTES}]|[{_QUOTES}](?!\w)", "", low).strip()
    low = re.sub(
        r"^(?:(?:from (?:now|here) on(?:wards)?|henceforth|going forward|for now|now on|always|please|in (?:the )?future|next time|so|but|and|also|ok(?:ay)?|i think|just)[, ]+)+",
        "",
        low,
    )
    low = re.sub(
        r"(?:,? (?:from (?:now|here) on(?:wards)?|henceforth|going forward|always|please|every time|each time|in (?:the )?future|for now|again))+$",
        "",
        low,
    )
    shown = rf"(?:show|tell|give|send|write|print|let)(?:ing)?(?: me)?(?: (?:see|have|read|check|edit|look at|review|approve|know))?(?: me)? {_PROMPT}"
    off = (
        rf"(?:turn|switch|set|put|toggle) (?:off )?(?:the )?{_FIRST}(?: to)? ?off|(?:turn|switch) off (?:the )?(?:{_FIRST}|{shown}(?: {_BEFORE})?)|(?:disable|stop|end|deactivate|leave|exit|cancel|no|without|no more) (?:the )?{_FIRST}|{_FIRST}(?: mode)?:? off|(?:turn|switch) (?:{shown}(?: {_BEFORE})?) off"
        rf"|(?:stop|quit|no need (?:for|to)|you (?:don't|do not) (?:have|need) to|(?:you )?(?:needn't|need not)|don't|do not|never|no longer|no more|i don't (?:need|want) (?:you )?to)(?: be)? (?:{shown}|see(?:ing)? {_PROMPT}|ask(?:ing)?(?: me)?|wait(?:ing)?(?: for me)?)(?: {_BEFORE}| any ?more| any longer| all the time| for (?:my )?(?:ok|okay|approval|permission))*"
        rf"|(?:you can |you may |just |always |please |simply |go back to )*(?:{_DRAW})(?: (?:it|them|pictures|everything|things|the pictures?))? (?:straight ?away|right ?away|directly|immediately|at once|automatically|without (?:asking|showing|waiting).*)|(?:skip|hide) {_PROMPT}(?: preview| step)?|(?:turn|switch) (?:off )?(?:the )?prompt previews?(?: off)?|(?:disable|stop|no(?: more)?) (?:the )?prompt previews?"
    )
    if re.fullmatch(off, low):
        return Wish(kind="prompt_first", how="off")
    on = (
        rf"(?:turn|switch|set|put|toggle|enable|activate|use|start) (?:on )?(?:the )?{_FIRST}(?: to)?(?: ?on)?|(?:turn|switch) on (?:{shown}(?: {_BEFORE})?)|(?:turn|switch) (?:{shown}(?: {_BEFORE})?) on|(?:turn|switch|keep) (?:{_FIRST}) on|{_FIRST}(?:,? please)?(?::? on)?"
        rf"|(?:can|could|would|will) (?:you |i )?(?:always )?(?:{shown}|see|read|check|edit) ?(?:{_PROMPT})? ?{_BEFORE}|(?:always )?{shown}(?: to me)? {_BEFORE}"
        rf"|(?:i(?:'d| would)? (?:want|like|need|prefer|love|wish)(?: to)? )(?:always )?(?:see|edit|check|read|approve|review|look at|change|be shown|have a look at)(?:ing)? {_PROMPT}(?: myself)? {_BEFORE}|let me (?:always )?(?:see|edit|check|read|approve|review|look at|change|confirm|ok) {_PROMPT}(?: myself)? {_BEFORE}"
        rf"|(?:don't|do not|never) {_DRAW}(?: (?:it|anything|a picture|pictures|any pictures))? (?:before|until|unless|without) (?:me |i(?:'ve| have)? |showing|asking|my ).*|(?:wait|hold off|hold on|stop)(?: (?:with|before))? (?:the )?(?:render\w*|draw\w*|paint\w*|pictures?)(?: (?:until|till|before|so) .*)|(?:turn|switch) (?:on )?(?:the )?prompt previews?(?: on)?|before (?:you |we )?(?:ever )?{_DRAW}(?: (?:it|anything|something|a picture|pictures))?,? (?:always |please |i want to |let me )*(?:show|tell|see|check|read)(?: me)? (?:what you(?:'d| would|'ll| will)? (?:write|wrote|use|have|plan|send)|the words|your words|what you have in mind)|(?:ask|check with) (?:me )?(?:first|before (?:you )?{_DRAW}.*)|ask me before .*|wait for (?:my|me) (?:ok|okay|go|approval|permission|to (?:say|approve|confirm)).*"
        rf"|before (?:you |we )?(?:ever )?{_DRAW}(?: (?:it|anything|a picture))?,? (?:always |please )?{shown}|{_PROMPT} {_BEFORE}(?:,? then (?:the )?picture)?|(?:first )?(?:show|see) {_PROMPT},? then (?:{_DRAW}|the picture).*|first {shown}|no (?:rendering|pictures?|renders?) (?:before|until|without) .*"
    )
    if re.fullmatch(on, low):
        return Wish(kind="prompt_first", how="on")
    if re.fullmatch(
        rf"(?:but )?(?:don't|do not|no|without|not) (?:{_DRAW})(?: (?:it|this|that|anything|the picture))?(?: (?:yet|now|just yet|for now|right now|this time))?|only (?:write |change |edit |update |show me )?the prompt|(?:just|only) the (?:prompt|draft|words)(?:,? no picture)?|no (?:picture|render(?:ing)?|image) (?:yet|now|for now|this time)|not yet",
        low,
    ):
        return Wish(kind="hold")
    return None


INTRODUCTION = 300  # characters in which "use this prompt:" has to be said

# "use this prompt: …", on the message as it was typed: every byte behind it is the person's
_BY_HAND = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|no|please|now|and|so|well|actually|instead)[,!. ]+)*(?:"
    r"(?:can you |could you |please )?(?:use|take|try|render|draw|paint|make|set|do|generate|run|go with|with)\s+(?:this|the following|my|exactly this|only this|that|the)\s+(?:exact\s+|edited\s+|new\s+|own\s+|full\s+)?(?:prompt|text|wording|version|draft)(?:\s+(?:instead|exactly|now|please|for it|as is|verbatim|word for word))*\s*[:\n]"
    r"|(?:change|set|edit|rewrite|replace|update|make|turn|overwrite|switch)\s+(?:the|my|this|that|your|whole|entire|\s)*prompt\s*(?:to|with|by|as|into|so (?:that )?it (?:says|reads)|to (?:say|read|be))?\s*[:\n]"
    r"|(?:change|set|edit|rewrite|replace|update|overwrite)\s+(?:the|my|this|that|your|whole|entire|\s)*prompt\s+(?:to|with|by|as|into|so (?:that )?it (?:says|reads)|to (?:say|read|be))\s+(?!be\b|something|another|a (?:better|shorter|different)|make|have|include|match|fit)"
    r"|(?:the|my|your|its|here's my|here is my|this is my|here's the|here is the|new|edited|a|\s)*(?:new |edited |own |final |corrected |full )*prompt\s*(?:is|should be|should read|should say|must be|reads?|now|is now|should now be|instead|becomes|be|by hand|edited)*\s*[:=]"
    r"|(?:i(?:'d| would)? (?:like|want|prefer) |let |make )?(?:the|my) prompt (?:to )?(?:be|read|say)\s*[:=]|(?:let's |lets )?(?:use|take|try)(?: exactly| just| only)?(?: this| these words)?(?: exactly)?(?: instead)?\s*:|(?:rewrite|rephrase|reword) (?:it|the prompt|this) (?:as|to|like this)\s*:"
    r"|(?:the|my) prompt (?:should (?:be|read|say)|must (?:be|read)|is now|shall be|becomes)\s+(?!shorter|longer|better|simpler|different|more\b|less\b|about\b)"
    r"|i(?:'ve| have)? (?:just )?(?:edited|changed|rewrote|rewritten|fixed|corrected|wrote|written|typed|adjusted|reworked) (?:it|the prompt|this|that)(?: (?:myself|by hand|a bit|a little|to|as|like this|into))*\s*[:=\n]"
    r"|let me (?:rewrite|write|edit|rephrase|reword) (?:it|the prompt|this)(?: myself| by hand)?\s*:"
    r"|(?:write|put|phrase|word) (?:it|the prompt) (?:like this|as|so|this way)\s*[:=\n]"
    r"|(?:make|let) (?:it|the prompt) (?:say|read|be exactly|exactly)\s*[:=]"
    r"|(?:my |edited )?(?:edit|correction|version|rewrite|hand[ -]edit(?:ed)?)\s*[:=]"
    r")\s*",
    re.IGNORECASE,
)


def by_hand(words: str) -> tuple[Wish, str] | None:
    """A prompt that the person wrote or edited, and what the message says after it where the prompt stands in quotes."""
    typed = words.lstrip()
    match = _BY_HAND.match(typed[:INTRODUCTION])  # so much and no more: it tries many ways to read a run of spaces
    if match is None:
        return None
    text = typed[match.end() :].strip()
    if re.match(r"(?:of|from|behind|in|for) (?:picture|the|pic|#)", text.lower()):
        return None
    after = ""
    if text[:1] in ('"', "“", "'", "‘", "`"):
        close = {"“": "”", "‘": "’"}.get(text[0], text[0])
        end = text.rfind(close)
        if end > 0:
            text, after = text[1:end], text[end + 1 :].strip(" .,;!")
    return (Wish(kind="edited", text=text), after) if text.strip() else None


def render(low: str, _: str) -> Wish | None:
    """Rendering what is written, and saying yes to what was offered."""
    low = re.sub(r"[?.!, ]+$", "", low)
    if re.fullmatch(
        r"(?:use|take|keep|go with|switch to|apply) (?:the |that )?(?:short|shorter|shortest|shortened) (?:one|prompt|version)(?: (?:then|please|instead|now))*",
        low,
    ):
        return Wish(kind="yes", how="short")
    low = re.sub(
        r"^(?:(?:(?:that|this|it|the prompt)(?:'s| is| looks| seems)? )?(?:yes|yeah|yep|ok(?:ay)?|sure|fine|good|great|perfect|right|alright|all right|looks (?:good|fine|great|right|ok|nice)|approved|i approve|confirmed)[,.!; ]+(?:(?:so|and|then|now|please|to me)[, ]+)*)+",
        "",
        low,
    )
    now = r"(?: (?:now|then|please|already|for me|like (?:this|that)|as (?:it )?is|exactly))*"
    it = r"(?: (?:it|this|that|the (?:picture|prompt|draft|image|thing)|this (?:prompt|one|draft)|my (?:prompt|edit|draft)))?"
    if re.fullmatch(
        rf"(?:(?:you (?:can|may) |please |just |now |can you |could you |let's )*(?:render|draw|paint|generate){it}{now}|go(?: ahead| for it| on)?(?: and (?:render|draw|paint|generate|make|do)(?: it| the picture| that)?)?{now}|do it{now}|make (?:it|the picture) now|make the (?:picture|image){now}|proceed{now}|start(?: (?:rendering|drawing|painting|the render))?{now}|"
        rf"let's (?:go|see it|do it|render(?: it)?)|(?:show|give) me (?:the|that) (?:picture|image|result){now}|run it{now}|execute|fire away|ship it|create it{now}|begin rendering|(?:looks|sounds|reads) (?:good|fine|great|right)|approved|(?:i )?approve(?: it)?|confirmed?|send it|make it so|now (?:render|draw|paint|make) it)",
        low,
    ):
        if re.fullmatch(r"looks .*|sounds .*|reads .*", low):
            return Wish(kind="yes")
        return Wish(kind="render")
    return None
