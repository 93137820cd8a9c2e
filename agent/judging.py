"""What people say of what they like: thumbs, the taste card, and files of the whole conversation → wishes. Pure."""

import re

from agent import vocabulary
from agent.referring import reference
from agent.wording import Wish, tail

_GOOD = r"(?:great|good|nice|beautiful|perfect|lovely|gorgeous|awesome|amazing|fantastic|wonderful|stunning|brilliant|excellent|cool|cute|the best|my favou?rite|a keeper|superb)"
_BAD = r"(?:ugly|bad|awful|terrible|horrible|boring|hideous|rubbish|garbage|crap|shit|disgusting|the worst|no good|not good|not (?:nice|great|my thing|my taste|what i like)|a failure|lame)"
_VERY = r"(?:(?:so|very|really|just|pretty|quite|absolutely|truly|super|a bit|kind of|simply|totally|too|actually) )*"
_MUCH = r"(?: (?:a lot|so much|very much|much|best|most|at all|really|too|now|better now|the most|most of all))*"
_THUMB = r"(?:thumbs?|👍|👎)"
_ALWAYS = r"(?:in general|generally|usually|always|normally|typically|as a rule|by default|from now on|for the future|overall|mostly)"


def rate(low: str, _: str) -> Wish | None:
    """Thumbs up and down."""
    if re.search(r"favou?rites?$|favou?rites? (?:any ?more|list)$|library", low):
        return None
    low = re.sub(r"[?.!, ]+$", "", low)
    if re.fullmatch(
        r"(?:not|isn't|that's not|this is not|it's not) (?:quite |really )?(?:my (?:taste|thing|style|cup of tea)|for me|what i (?:like|had in mind))",
        low,
    ):
        return Wish(kind="rate", how="down")
    low = re.sub(r"^(?:two|2|big|double) (?=thumbs?)", "", low)
    if re.fullmatch(r"(?:[\w' ]{1,20} )?👍+", low):
        return Wish(kind="rate", how="up")
    if re.fullmatch(r"(?:[\w' ]{1,20} )?👎+", low):
        return Wish(kind="rate", how="down")
    low = re.sub(
        r"^(?:(?:oh|ooh|wow|yes|yeah|no|nah|nope|meh|ugh|hm+|eh|ew+|yuck|well|ok(?:ay)?|sorry|but|and|haha|great|nice|perfect|awesome|actually)[,.! ]+)+(?=\S)",
        "",
        low,
    )
    up = r"(?:give (?:it|this|that|{0}) (?:a |one )?thumbs? up|thumbs? up|👍+|up ?vote|\+1|like|rate (?:it|this|that) (?:up|good|positive(?:ly)?)|good one|a (?:big )?thumbs? up|mark (?:it|this|that) as (?:good|liked))"
    down = r"(?:(?:give (?:it|this|that) )?(?:a )?(?:big )?thumbs? down|👎+|down ?vote|-1|dislike|rate (?:it|this|that) (?:down|bad|negative(?:ly)?)|bad one|mark (?:it|this|that) as (?:bad|disliked))"
    for verdict, words in (("up", up.replace("{0}", "this one")), ("down", down)):
        if match := re.fullmatch(rf"(?:a )?{words}(?:(?: (?:for|to|on|at))? (?P<of>.+))?", low):
            named = reference(match["of"], loose=True) if match["of"] else ""
            if named is not None and not re.fullmatch(r"like (?:this|that).*", low):
                return Wish(kind="rate", how=verdict, picture=named)
        if match := re.fullmatch(
            rf"(?:give|rate|mark|vote) (?P<of>.+?) (?:an? |as )?(?:big )?(?:{'thumbs? up|👍|up|good' if verdict == 'up' else 'thumbs? down|👎|down|bad'})|(?P<of2>.+?)[:,]? (?:an? |gets an? |is an? |deserves an? )?{'(?:thumbs? up|👍)' if verdict == 'up' else '(?:thumbs? down|👎)'}",
            low,
        ):
            named = reference(match["of"] or match["of2"], loose=True)
            if named is not None:
                return Wish(kind="rate", how=verdict, picture=named)
    if match := re.fullmatch(
        rf"(?:i(?:'m| am)? )?(?:do )?{_VERY}(?:like|love|adore|dig|enjoy|fond of|in love with|happy with)(?P<of> .+?)?{_MUCH}",
        low,
    ):
        said = (match["of"] or " it").strip()
        named = reference(said)
        if named is not None and not re.search(r" (?:best|better|more|the most)$", low):
            return Wish(kind="rate", how="up", picture=named)
        if re.fullmatch(
            r"how .+|what you did.*|the (?:\w+ )?(?:colou?rs?|light(?:ing)?|mood|style|look|atmosphere|composition|result|details?)(?: .*)?",
            said,
        ):
            return Wish(kind="rate", how="up")
    if match := re.fullmatch(
        rf"(?:i )?(?:{_VERY}(?:don't|do not|didn't) {_VERY}(?:like|love|want|enjoy)|{_VERY}(?:hate|dislike|can't stand|detest)|am not (?:a fan of|happy with)|'m not (?:a fan of|happy with)|i'm not (?:a fan of|happy with)|not a fan of|not happy with)(?P<of> .+?)?{_MUCH}",
        low,
    ):
        named = reference((match["of"] or " it").strip())
        if named is not None:
            return Wish(kind="rate", how="down", picture=named)
    if match := re.fullmatch(
        rf"(?P<of>.+?)(?:'s| is| looks?| are| was| turned out| came out) {_VERY}(?P<what>{_GOOD}|{_BAD})", low
    ):
        named = reference(match["of"], loose=vocabulary.style_of(match["of"].removeprefix("the ")) is not None)
        bad = re.fullmatch(_BAD, match["what"])
        if named or (
            named == ""
            and (bad or match["what"] in ("a keeper", "my favourite", "my favorite"))
            and match["of"] in ("it", "this", "that", "this one", "that one", "the picture")
        ):
            return Wish(kind="rate", how="down" if bad else "up", picture=named)
    if match := re.fullmatch(
        r"(?:please )?not (?P<of>(?:that|this|the .+?)(?: one| picture| image)?)(?: (?:please|at all))?", low
    ):
        named = reference(match["of"])
        if named is not None:
            return Wish(kind="rate", how="down", picture=named)
    return None


def taste(low: str, plain: str) -> Wish | None:
    """The taste card: seeing it, adding to it, taking from it, wiping it."""
    low = re.sub(r"[?.! ]+$", "", low)
    low = re.sub(
        r"^(?:please |can you |could you |ok(?:ay)?,? |so,? |well,? |by the way,? |btw,? |just so you know,? |and |also )+(?=\S)",
        "",
        low,
    )
    card = r"(?:taste|taste card|tastes|preferences?|likes(?: and dislikes)?|liking|profile|taste profile)"
    if re.fullmatch(
        rf"what(?:'s| is) (?:on|in) my {card}(?: card)?|what(?:'s| is) my taste like|(?:show|tell)(?: me)? what i (?:like|love|prefer)|(?:(?:show|see|open|read|view|display|tell|give|list|print|what is|what's|what are|let me see|i want to see|edit|look at|describe)(?: me| us)? )?(?:about )?(?:my |the |your |our )?{card}(?: card)?|what (?:do|did|have) you (?:know|think|remember|learn|learned|learnt|noticed|figured out)(?: (?:so far|already))?(?: (?:about|of|from) (?:me|my (?:taste|picks|likes|preferences|saves|choices|favou?rites)|what i like))?(?: so far)?"
        r"|(?:what|which)(?: (?:kinds?|sorts?|types?|styles?)(?: of)?(?: (?:pictures?|images?|things?|styles?|stuff|light|colou?rs?))?| pictures?| styles?| things?| phrases| words)? (?:do|did|have) (?:i|you think i)(?: (?:usually|normally|generally|mostly|often|always|really|tend to|seem to|most(?:ly)?|actually))* (?:like|prefer|love|enjoy|hate|dislike|go for|pick|choose|favou?r|keep|drop|want)(?: (?:best|most|the most|the least|least|in general|usually|mostly|so far|and (?:dislike|hate|drop)))*"
        r"|do you know (?:what i like|my taste)|what have i (?:liked|picked|kept|dropped)(?: so far)?|what's my (?:style|thing)|(?:how|what) (?:would|do) you (?:describe|think of) my taste|what (?:is|are) my (?:favou?rite )?(?:styles?|colou?rs?)",
        low,
    ):
        return Wish(kind="taste", how="show")
    about = r"(?:(?:all |everything )?(?:that )?(?:you(?:'ve| have)? )?(?:(?:what |all |everything )?(?:you )?know|knew|learn(?:ed|t)?|remember(?:ed)?|think|noticed|saved|stored|noted)? ?(?:about |of )?)"
    if re.fullmatch(
        rf"(?:forget|wipe|clear|delete|reset|erase|empty|remove|drop|purge|discard|clean)(?: out| away)? (?:all )?(?:of )?{about}(?:my |the |your )?(?:whole |entire |all )*{card}(?: card)?(?: (?:completely|entirely|again|now|and start (?:over|again|fresh).*))*"
        rf"|(?:forget|wipe|erase|delete|clear) {about}(?:me|what i (?:like|liked|prefer|love|dislike|want)(?: (?:and|or) .*)?|my (?:likes|picks|preferences|choices)(?: .*)?)(?: (?:completely|entirely|again|now))?|(?:start|begin) (?:my taste|the taste card) (?:over|again|anew|from scratch)|unlearn (?:my taste|everything|what i like)",
        low,
    ):
        return Wish(kind="taste", how="wipe")
    if match := re.fullmatch(
        rf"(?:remove|delete|drop|take|strike|cross|erase|scratch|clear|cut) (.+?) (?:out )?(?:from|off|out of|of) (?:my |the )?{card}(?: card)?|forget (?:that )?i (?:(?:don't|do not|never|always|usually|really) )*(?:like|love|prefer|hate|dislike|want|liked?|wanted|preferred) (.+)|i (?:don't|do not) mind (.+?) (?:any ?more|after all|now)|forget (?:about )?(.+?) (?:in|on) my {card}(?: card)?|my {card}(?: card)? should not (?:say|have|mention|include) (.+)",
        low,
    ):
        return Wish(kind="taste", how="remove", text=tail(plain, _bare(next(part for part in match.groups() if part))))
    return _said(low, plain, card)


def _said(low: str, plain: str, card: str) -> Wish | None:
    """What the person writes onto the card: the sentence says which way."""
    said_so = bool(
        re.search(
            r"(?:remember|note) (?:that|this|it)|(?:keep|bear) (?:that|this|it) in mind|for (?:the )?future|in general|from now on|as a rule|generally$",
            low,
        )
    ) and low.startswith(("i ", "i'"))
    low = re.sub(
        r",? (?:(?:please )?(?:(?:remember|note) (?:that|this|it)|(?:keep|bear) (?:that|this|it) in mind)(?: (?:down|please))?|for (?:the )?future|in general|from now on|as a rule|generally|please|ok(?:ay)?)$",
        "",
        low,
    )
    low = re.sub(r"^you should (?:know|remember)(?: that)? ", "remember ", low)
    low = re.sub(
        r"^(?:(?:remember|note|know|keep in mind|bear in mind|write down|for the (?:record|future)|fyi|put on my taste card|add to my taste(?: card)?|(?:for|on|onto|to) (?:my |the )?taste(?: card)?|(?:my )?taste card)(?: (?:that|this|down))?[:, ]+)",
        "!",
        low,
    )
    noted, low = low.startswith("!") or said_so, low.lstrip("!").strip()
    if (
        noted
        and not said_so
        and re.fullmatch(r"(?:the|this|that|these|those) [\w' -]+", low)
        and not re.search(r"\bi\b", low)
    ):
        return None  # "remember the boat" speaks of this picture, and not of what the person likes
    general = re.match(rf"(?:{_ALWAYS})[, ]+", low) is not None
    low = re.sub(rf"^(?:{_ALWAYS})[, ]+", "", low)
    if match := re.fullmatch(
        rf"(?:add|put|write|note|include) (.+?) (?:to|on|onto|in|into) (?:my |the )?{card}(?: card)?", low
    ):
        return Wish(kind="taste", how="add", text=tail(plain, _bare(match[1])))
    liking = r"(?:like|love|prefer|enjoy|want|adore|am (?:a fan of|into|fond of)|'m (?:a fan of|into|fond of)|favou?r|go for)"
    if match := re.fullmatch(
        rf"i(?:'m)? ?(?P<ever>(?:always|usually|generally|normally|typically|really|mostly|tend to|only|do|often|just) )*(?P<like>{liking})(?: to (?:see|have))? (?P<what>.+?)(?P<after> (?:in general|generally|usually|always|in all (?:my )?pictures|in every picture|every time|the most))?",
        low,
    ):
        always = (
            re.search(r"\b(?:always|usually|generally|normally|typically|tend to|mostly|often)\b", match["ever"] or "")
            or match["after"]
        )
        what = match["what"]
        if (noted or general or always) and reference(what) is None:
            return Wish(kind="taste", how="add", text=tail(plain, _bare(what)))
    never = re.fullmatch(
        r"i (?:(?:really|just|absolutely) )*(?:never(?: ever)?|don't ever|do not ever) (?:want|like|need|wish)(?: to see)?(?: to have)? (?:any )?(?P<a>.+?)(?: (?:again|in my pictures|ever|any ?more|in (?:any|a) pictures?))*|never (?:ever )?(?:use|add|show|give me|include|put|draw|do|want) (?:me )?(?:any )?(?P<b>.+?)(?: (?:again|in my pictures|ever|any ?more|in (?:any|a) pictures?))*"
        r"|no (?:more )?(?P<c>.+?) (?:ever(?: again)?|in (?:any of )?my pictures|in general|never again)|(?:please )?(?:don't|do not) ever (?:use|add|show|give me|include|draw)(?: me)? (?P<d>.+?)(?: again| in my pictures)*",
        low,
    )
    if never:
        return Wish(
            kind="taste", how="add", text=f"no {tail(plain, _bare(next(part for part in never.groups() if part)))}"
        )
    hating = r"(?:hate|dislike|detest|can't stand|cannot stand|don't (?:really )?like|do not (?:really )?like|don't (?:really )?want|am not (?:a fan of|into)|'m not (?:a fan of|into)|avoid|am tired of|'m tired of)"
    if match := re.fullmatch(
        rf"i(?:'m)? ?(?P<ever>(?:always|usually|generally|really|mostly|absolutely|just|tend to|in general) )*{hating} (?P<what>.+?)(?P<after> in general| generally| in my pictures)?",
        low,
    ):
        what = match["what"]
        always = re.search(r"\b(?:always|usually|generally|mostly|tend to)\b", match["ever"] or "") or match["after"]
        if reference(what) is not None or re.match(r"(?:it|how|that|this|what|when|you|any)\b", what):
            return None
        if noted or general or always:
            return Wish(kind="taste", how="add", text=f"no {tail(plain, _bare(what))}")
        if (
            not re.match(r"(?:the|his|her|its|my|to|want)\b", what)
            and re.match(
                r"i(?:'m)? (?:\w+ )?(?:hate|dislike|detest|don't (?:really )?like|do not (?:really )?like|can't stand|cannot stand)",
                low,
            )
            and len(what.split()) <= 4
        ):
            return Wish(kind="dislike", text=tail(plain, _bare(what)))
    if match := re.fullmatch(
        r"always (?:use|add|give me|include|draw|make it|show me|do|show|put) (?:it )?(?:in )?(.+)", low
    ):
        return Wish(kind="taste", how="add", text=tail(plain, _bare(match[1])))
    if match := re.fullmatch(
        r"(?:my (?:taste|favou?rite (?:style|light(?:ing)?|colou?rs?|look|thing))(?: (?:is|are)|:)) (.+)", low
    ):
        return Wish(kind="taste", how="add", text=tail(plain, _bare(match[1])))
    if noted and (match := re.fullmatch(r"(no |never )?(.{3,60})", low)):
        return Wish(kind="taste", how="add", text=f"{'no ' if match[1] else ''}{tail(plain, _bare(match[2]))}")
    return None


def _bare(said: str) -> str:
    said = re.sub(
        r"^(?:the (?:word|phrase) |a lot of |lots of |it |when it's |pictures (?:with|of|that are) )",
        "",
        said.strip(" ,'\""),
    )
    return said.strip(" ,'\"")


def export(low: str, _: str) -> Wish | None:
    """Files: the conversation to keep and replay, or a template with slots."""
    low = re.sub(r"[?.! ]+$", "", low)
    low = re.sub(
        r"^(?:please |can (?:you|i|we) |could (?:you|i|we) |i(?:'d| would)? (?:like|want|need|love) to |let me |let's |how (?:do|can|could) i |is it possible to )+(?=\S)",
        "",
        low,
    )
    low = re.sub(
        r"^(?:i(?:'d| would)? (?:like|want|need|love)|(?:give|get|make)(?: me)?|have) (?=(?:an? |the )?(?:\w+ )?(?:template|copy|transcript|export|backup|replay file|recording|log|file)\b)",
        "get ",
        low,
    )
    if re.fullmatch(
        r"(?:(?:make|use|with|get|give me|turn it into|add) )?(?:an? |the )?wild ?cards?(?: (?:file|version|format|please))?",
        low,
    ):
        return Wish(kind="export", how="template")
    if re.fullmatch(
        r"(?:get|make|have|create|write|save|see)(?: me)? (?:an? |the )?(?:replay(?: file)?|recording|copy)(?: (?:of|for) (?:it|this|everything|all|(?:(?:this|the|our|my|whole|entire) )*(?:session|conversation|chat|thread|talk)))?(?: .{0,40})?",
        low,
    ) and re.search(r"replay|session|conversation|chat|thread|recording|everything", low):
        return Wish(kind="export", how="conversation")
    if re.search(r"\btemplates?\b", low) and re.fullmatch(
        r"(?:(?:make|turn|save|create|export|convert|build|keep|get|write|give|generate|transform|store|download|use|reuse|produce|change|do|have|want|need|extract|derive)\b.{0,60}?\b)?(?:prompt |wildcard |dynamic |slot |reusable |dynamic-prompts? )*templates?(?: (?:of|from|out of|for|with|file|please|that|so|to|for reuse|again|later|i|in) ?.{0,60})?|(?:a |as a |the )?templates?(?: please)?|(?:i )?.{0,30}as a template",
        low,
    ):
        return Wish(kind="export", how="template")
    if re.fullmatch(
        r"(?:make|have) (?:it|this) (?:reusable|re-usable|a reusable prompt)|.{0,30}\b(?:become|be|serve as|work as) an? (?:prompt )?template",
        low,
    ):
        return Wish(kind="export", how="template")
    if re.fullmatch(
        r"(?:have|get|i want|give me|put) (?:it|this|that|everything|all of (?:it|this))(?: all)? (?:as|in|into) (?:an? )?(?:file|document|text file|json)(?: .*)?",
        low,
    ):
        return Wish(kind="export", how="conversation")
    this = r"(?:this|the|our|my|that|it|whole|entire|all of (?:this|it)|everything|all|complete|full)"
    talk = r"(?:conversation|chat|thread|session|dialog(?:ue)?|discussion|talk|transcript|work|project|log)"
    if re.fullmatch(
        rf"(?:export|download|back ?up|archive|dump)(?: (?:{this}|me|us|a|to|as|into|of|file|copy|json|disk|so|what we (?:did|made)))*(?: {talk})?(?: (?:so|as|to|for|in|into|with|and|that|now|somewhere|later|please).{{0,60}})?"
        rf"|(?:save|store|keep|write|print|get|send|share|record|put|give)(?: me| us)?(?: out| down)? (?:(?:{this}|of|a copy of|a file (?:of|with)|a record of|a log of|what we (?:said|did)) )+{talk}(?: .{{0,60}})?"
        rf"|(?:give|get|make|write|create|have|want|need|send)(?: me| us)? (?:an? )?(?:export|file|transcript|backup|archive|recording|log)(?: (?:of|with|containing|from) (?:.{{0,20}} )?(?:{talk}|everything.*|all .*|this|it|what .*))?(?: .{{0,40}})?"
        rf"|(?:write|save|put|store) (?:it|this|that|everything)(?: all)?(?: down)? (?:to|in|into|as) a file|(?:replay|save it so i can replay|(?:i want to )?(?:be able to )?replay (?:this|it)).{{0,40}}|save (?:this|it|everything|all) (?:to|as|in|into) a file",
        low,
    ) and not re.search(r"\b(?:picture|image|png|jpe?g|favou?rite)", low):
        return Wish(kind="export", how="conversation")
    return None


def one_verdict(wishes: list[Wish]) -> list[Wish]:
    """ "love it, save it" is one pick and not two; "the watercolor is gorgeous, thumbs up" names its picture once."""
    named = {(w.how, w.picture) for w in wishes if w.kind == "rate" and w.picture}
    saved = {w.picture for w in wishes if w.kind == "save"}
    return [
        wish for wish in wishes
        if wish.kind != "rate"
        or not ((not wish.picture and any(how == wish.how for how, _ in named)) or (wish.how == "up" and wish.picture in saved))
    ]  # fmt: skip
