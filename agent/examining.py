"""What people say to have a picture or a prompt looked at: a foresight, which words matter, what is missing, mending. Pure."""

import re

from agent import vocabulary
from agent.referring import reference
from agent.wording import Wish, counted, tail

_IT = r"(?:it|this|that|the (?:picture|prompt|image|result|draft|render|scene|whole thing)|this (?:prompt|one|draft|picture)|my (?:prompt|picture|idea))"
_WORDS = r"(?:words?|phrases?|parts?|terms?|bits?|tokens?|pieces?|keywords?|tags?|adjectives?|stuff|things?|ones?)"
_BUDGET = r"(?:,? (?:but |with |and |in |using |for |do |make |spend |use )*(?:at most|up to|max(?:imum)?(?: of)?|no more than|not more than|within|a budget of|only|just|budget(?: of)?|a max(?:imum)? of)? ?(?P<budget>\d{1,2}|one|two|three|four|five|six)(?: \w+)? (?:tries|try|attempts?|renders?|pictures?|times?|rounds?|goes|steps|shots?|images?)(?: (?:at most|max(?:imum)?|only|tops))?)"
_THING = r"(?P<thing>(?:the|my|a|an|any|some|his|her|its|that|those|both)? ?(?:[\w'-]+ ){0,4}?[\w'-]+?)"


def foresee(low: str, plain: str) -> Wish | None:
    """What a prompt would look like, without a render."""
    low = re.sub(r"[?.! ]+$", "", low)
    low = re.sub(
        r"(?:,? (?:but |and )?(?:don't|do not|without|before|no)(?: (?:you|i|we|actually|really))* (?:render|draw|paint|generat|mak|spend|start)\w*(?: .*)?| without a render| first| beforehand| roughly| about)+$",
        "",
        low,
    )
    low = re.sub(
        r"^(?:(?:before (?:you |we |i )?(?:render|draw|paint)\w*(?: it)?|hm+|so|and|ok(?:ay)?|first|just curious|i wonder|roughly|approximately)[,: ]+)+",
        "",
        low,
    )
    if (
        match := re.fullmatch(
            rf"(?:(?:can|could) you (?:show|tell) me |show me |tell me |let me see |do you know |any idea |i wonder |i(?:'d like| want) to (?:see|know) )?(?:what|how) (?:(?:would|will|might|could|'d|may) )?(?P<it>{_IT}|picture \d+|#\d+|(?:the )?(?:\w+ ){{1,2}}(?:one|picture)) (?:(?:would|will|might|could|may) )?(?:look|be|turn out|come out|appear)(?: like)?(?: (?P<how>.+))?",
            low,
        )
    ) and re.search(r"\b(?:would|will|might|could|'d|may)\b", low):
        return _foreseen(match["how"] or "", plain, match["it"])
    if match := re.fullmatch(
        r"(?:would|will|might|does|do) (?:it|this|that) (?:look|be) (?:good|ok|nice|better|right|well|bad) (?P<a>(?:at|in|on|with|as|if) .+)|(?:show|tell)(?: me)? (?:roughly )?what (?:i'd|i would|i'll|we'd|it'd|it would) (?:get|look like|see)(?P<b>)|what (?:does|do) (?:it|this|that) look like (?P<c>(?:with|at|in|as|on|if) .+)|what if (?:we|you|i) (?:rendered|drew|painted|render|draw) (?:it|this|that) (?P<d>.+)",
        low,
    ):
        return _foreseen(match["a"] or match["c"] or match["d"] or "", plain)
    if re.fullmatch(
        r"(?:(?:show|tell)(?: me)? |any idea |i wonder )?what (?:(?:would|will|might|could|does) )?(?:this|that|it|(?:this|the|my) (?:prompt|draft))? ?(?:would |will |might |could )?(?:come|comes|give|gives|produce|produces|yield|lead|turn)(?: (?:out|to|up))?(?: (?:of (?:it|this|that|(?:this|the|my) (?:prompt|draft))|as|now|in the end))*",
        low,
    ):
        return _foreseen("", plain)
    match = re.fullmatch(
        r"(?:would|will|might|could) (?P<of>(?:an? |the |some )?[\w-]+(?: [\w-]+)?) (?:look|be|work|fit)(?: (?:good|ok|nice|better|well|right|in there|here|there))*",
        low,
    )
    if match and not re.match(
        r"(?:it|this|that|you|we|i|he|she|they|there|the (?:picture|prompt|image))\b", match["of"]
    ):
        return _foreseen(f"with {match['of']}", plain)
    if match := re.fullmatch(
        r"(?:what|how) (?:would|will|might|could|does|do) (?P<of>.+?) (?:look|turn out|come out)(?: like)?(?: (?P<how>.+))?",
        low,
    ):
        return _foreseen(f"{match['of']} {match['how'] or ''}".strip(), plain)
    if match := re.fullmatch(
        r"what (?:would|will|might) happen (?P<how3>if .+)|(?:what|how) (?:would|will|might) (?:it|this|that) (?:be|look)(?: like)? (?P<how>.+)|what (?:would|will|do|can) (?:i|we) (?:get|see)(?: (?:from|with|for) (?:this|it|that)(?: prompt)?)?(?: (?P<how2>(?:if|with|at|in|as) .+))?",
        low,
    ):
        return _foreseen(match["how"] or match["how2"] or match["how3"] or "", plain)
    if match := re.fullmatch(
        rf"(?:can (?:i|you|we) |could (?:i|you|we) |please |i(?:'d| would)? (?:like|want) |let me |let's )*(?:(?:give|show|see|get|have|make|do|to see|to have)(?: me| us)? )?(?:an? |the |some )?(?:quick |rough |short |fast |little |cheap )*(?:preview|foretaste|glimpse|foresight|sneak peek|peek|prediction|forecast|estimate|(?:rough )?(?:idea|impression|guess|sense) (?:of|how|what)(?: (?:the|it|this|that))?(?: (?:result|picture|would look(?: like)?|might look(?: like)?|will look(?: like)?|prompt|outcome))?)(?: (?:of|for|with))?(?: (?P<it>{_IT}))?(?: (?P<how>.+))?",
        low,
    ):
        return _foreseen(match["how"] or "", plain, match["it"] or "")
    if match := re.fullmatch(
        rf"(?:preview|foresee|predict|imagine) (?P<it>{_IT})(?: (?P<how>.+))?|(?:(?:show|tell)(?: me)? )?what (?:can|could|should|do|to) (?:i |we |you )?expect(?: (?:from|of|with) (?P<it2>{_IT}))?(?: (?P<how2>.+))?|(?:preview|foresee) (?P<how3>.+)",
        low,
    ):
        return _foreseen(match["how"] or match["how2"] or match["how3"] or "", plain, match["it"] or match["it2"] or "")
    return None


def _foreseen(how: str, plain: str, it: str = "") -> Wish:
    named = reference(it) if it else None
    how = re.sub(
        r"^(?:(?:if|when|once) (?:(?:it|we|you|i|there|that|the picture|she|he|they)(?:'s|'d| is| was| were| had| made it| make it| added?| put(?: it)?| gave(?: it)?| turned it into| changed it to| used| set it| did it| moved it)*(?: be)? ?)|like )",
        "",
        how.strip(),
    )
    how = re.sub(r"^(?:more like|like) ", "", how)
    how = "" if re.fullmatch(rf"(?:rendered|now|then|like|in the end|here|exactly|{_IT})?", how) else how
    picture = "" if named in (None, "", "attached") else named or ""
    return Wish(kind="foresee", text=tail(plain, how) if how else "", picture=picture)


def weigh(low: str, plain: str) -> Wish | None:
    """Which words of a prompt do anything."""
    low = re.sub(r"[?.! ]+$", "", low)
    low = re.sub(
        r"^(?:can you |could you |please |tell me |show me |find out |(?:test|check|see) (?=which|what|whether|if)|(?:measure|determine|work out) (?=what|which|how)|whether |if |i want to know |i wonder |let me know |do you know )+",
        "",
        low,
    )
    does = r"(?:really |actually |even |still |all )*(?:do|does|doing|did|matters?|counts?|works?|have|has|make|makes|carry|carries|change|changes|contribute|help|helps|need(?:ed)?|used?|are|is|can|could|should|influence|affect)"
    if (
        match := re.fullmatch(
            rf"(?:which|what|how many)(?: (?:of )?(?:these|the|those|my|its|all))*(?: single| individual)? {_WORDS}(?: (?:of|in|from|on) (?:the |my |this |that )?(?:prompt|draft|picture|it|(?P<of>picture \d+|the .+? one)))?(?: here| there)? {does}\b.*",
            low,
        )
    ) and re.search(
        r"\b(?:anything|something|nothing|matters?|counts?|works?|effects?|difference|important|useless|needed|necessary|pointless|useful|redundant|drop|remove|cut|leave|go|skip|superfluous|picture|weight|most|impact|help|helps|contribute|influence|dead|work|unnecessary|for nothing|irrelevant|relevant)\b",
        low,
    ):
        return Wish(kind="weigh", picture=_named(match["of"]))
    if re.fullmatch(
        rf"(?:do|does|are|is|did) (?:all |each |every |any )?(?:of )?(?:these|the|those|my|every|each|all)? ?{_WORDS}(?: (?:of|in) (?:the |my |this )?prompt)? (?:really |actually |even |all )*(?:do|matter|count|needed|necessary|have|has|useful|make|doing|important|work|used|useless|pointless|contribut).*"
        rf"|what (?:does|do) (?:each|every|the|these|all)(?: (?:single|of the|individual))* {_WORDS}(?: of the prompt)? (?:do|change|contribute|bring|add)(?: .*)?|how (?:much|important|strong)\b.* (?:each|every|the) {_WORDS}.*",
        low,
    ):
        return Wish(kind="weigh")
    if match := re.fullmatch(
        rf"(?:weigh|rank|rate|analy[sz]e|measure|ablate|test|compare|evaluate) (?:(?:all|each|every|the|these|my|of|single|different|individual) )*(?:{_WORDS}|prompt)(?: (?:of|in|by|one|for) .*)?",
        low,
    ):
        return Wish(
            kind="weigh", picture=_named(re.sub(r".*? of ", "", low) if " of picture" in low or " one" in low else None)
        )
    if re.fullmatch(
        rf"(?:are|is) there (?:any |some )?{_WORDS}(?: in (?:the|my|this) prompt)? (?:that|which|you|i|we) .*\b(?:nothing|anything|matter|useless|effect|need|leave out|drop|cut|skip|lose|remove|unnecessary|difference)\b.*",
        low,
    ):
        return Wish(kind="weigh")
    if match := re.fullmatch(
        r"how (?:much )?(?:important|necessary|useful|needed|essential|relevant|crucial) (?:is|are) (?:the (?:word|phrase|words) )?['\"]?(?P<word>.+?)['\"]?(?: (?:here|really|to the picture|for the picture|in (?:it|the prompt)))*|(?:does (?:it|the prompt|this)|do (?:i|we)) (?:really |actually |still |even )*need (?:the (?:word|phrase|words) )?['\"]?(?P<word2>(?!to\b|all\b|a\b|an\b|more\b).+?)['\"]?(?: (?:here|in there|in it|in the prompt|at all))*",
        low,
    ):
        return Wish(kind="weigh", text=tail(plain, match["word"] or match["word2"]))
    if (
        match := re.fullmatch(
            r"(?:does|is|did|do|are|would) (?:the (?:word|phrase|words|term) )?['\"]?(?P<word>.+?)['\"]? (?:really |actually |even |still |part )*(?:do(?:ing)?|matter(?:ing)?|have|having|make|making|change|changing|count|contribut\w*|help(?:ing)?|needed|necessary|useless|useful|pointless|worth)(?: (?:anything|something|any|an|a|nothing|real|effect|difference|it|much|here|there|at all|to|in|the|picture|prompt|impact|all|for|influence|out))*",
            low,
        )
    ) and not re.fullmatch(r"(?:it|this|that|you|there|everything|anything|the (?:picture|image))", match["word"]):
        return Wish(kind="weigh", text=tail(plain, match["word"]))
    if re.fullmatch(
        rf"(?:shorten|trim|prune|simplify|tighten|condense|shrink|compress|clean up|tidy(?: up)?|cut down|reduce|slim down|minimi[sz]e|boil down|declutter)(?: down)? (?:the |my |this |that |its )?prompt(?: .*)?|(?:make|get|keep) (?:the |my |this |that )?prompt (?:shorter|short|tighter|smaller|leaner|simpler|as short as possible)(?: .*)?"
        r"|(?:find|what(?:'s| is| would be)|give me|get|use|is there|make|take|try|show me)(?: me)? (?:the |an? )?(?:shortest|shorter|minimal|smallest|leanest|simplest|simpler) (?:possible )?(?:prompt|version of (?:the|my|this) prompt)(?: .*)?|(?:what|which|where) are the (?:useless|pointless|unneeded|unnecessary|important|strongest|weakest|dead) (?:words|phrases|parts|bits)(?: .*)?|(?:can|could|should) (?:we|i|you) (?:drop|leave out|cut|lose|skip|remove) (?:some|any|a few|the useless) (?:words|phrases|parts)(?: .*)?|drop (?:some|the useless) words|(?:is|isn't) (?:the|my|this) prompt (?:too |very |unnecessarily )*long|do (?:i|we) (?:really )?need (?:all|every)(?: of)? (?:that|this|it|these|those|the|these words|word|phrase)(?: .*)?|(?:can|could|should) (?:the |my |this )?prompt be (?:shorter|simpler|shortened)(?: .*)?|(?:a )?shorter prompt"
        rf"|(?:drop|remove|delete|cut|leave out|take out|get rid of|throw out) (?:all )?(?:the )?(?:useless|pointless|unneeded|unnecessary|superfluous|redundant|dead|idle) {_WORDS}(?: .*)?|(?:remove|drop|delete|cut) (?:the |all )?{_WORDS} (?:that|which) (?:do|don't|have|make|are) .*|(?:which|what)(?: \\w+)?(?: (?:of|in) (?:the )?prompt)? (?:can|could|may) be (?:left out|dropped|removed|cut|deleted|skipped)(?: .*)?|what can (?:i|we|you) (?:drop|leave out|cut|remove) (?:from (?:the|my) prompt|without .*)",
        low,
    ):
        return Wish(kind="weigh", how="short")
    return None


def check(low: str, plain: str) -> Wish | None:
    """Whether a picture shows what was asked for."""
    low = re.sub(r"[?.! ]+$", "", low)
    low = re.sub(
        r"^(?:can you |could you |please |tell me (?:if |whether )?|hm+,? |so,? |wait,? |hey,? |look,? )+(?=\S)",
        "",
        low,
    )
    low = re.sub(
        r"^(?:look|have a look|look closely|take a look)(?: at (?:it|this|that|the picture))?(?: -|:|,) ?", "", low
    )
    low = re.sub(r"^(?:(?:have|take) a look|look|see|check|find out)(?: closely)? (?=whether |if )", "", low)
    low = re.sub(r"^(?:whether|if) ((?:the|my|his|her|an?|any) [\w -]+?) (is|are|was|were) (.+)$", r"\2 \1 \3", low)
    if re.fullmatch(
        r"(?:whether|if) (?:it|that|this|everything|the (?:picture|image|render|result))(?: all)? (?:really |actually )?(?:came|comes|turned|turns|worked|works|went|looks|is)(?: out)?(?: (?:right|well|ok(?:ay)?|fine|correct(?:ly)?|good|as (?:i )?(?:asked|wanted|planned|described).*))?",
        low,
    ):
        return Wish(kind="check")
    if re.fullmatch(
        r"(?:is|are|was) (?:the (?:picture|image|result|render)|it|this|this one) (?:all )?(?:right|correct|accurate|faithful|complete|as (?:i )?(?:asked|wanted|described)(?: for)?|what i (?:asked for|wanted|described))|did (?:it|that|everything) (?:work(?: out)?|come out(?: right)?|turn out(?: right)?)|what(?:'s| is) not (?:in (?:it|there|the (?:picture|image))|there|shown|visible)|(?:anything|something) (?:wrong|forgotten|left out)|any (?:mistakes|errors|faults)(?: in it)?|how did it (?:do|go)",
        low,
    ):
        return Wish(kind="check")
    there = r"(?:there|in there|in it|in here|on it|visible|shown|present|included|correct|right|ok|okay|as (?:i )?(?:asked|wanted|said)(?: for)?|in (?:the|this) (?:picture|image)|in place|complete|drawn|included)"
    if re.fullmatch(
        rf"(?:is|are|was|were) (?:everything|it all|all(?: of (?:it|that))?|all (?:the )?(?:things|parts|words|phrases)|every(?:thing| phrase| word))(?: (?:that |which )?(?:i|we)(?:'ve| have| had)? (?:asked(?: for)?|wanted|said|wished for|mentioned|requested|described))? (?:really |actually )?{there}(?: .*)?"
        r"|(?:is|was) (?:there )?(?:anything|something|a thing|any of it) (?:missing|lacking|absent|not there|left out|wrong)(?: .*)?|(?:what|what all|which (?:things|parts|phrases))(?:'s| is| are| was)? (?:still )?(?:missing|not there|lacking|absent|wrong|left out|not shown|not visible)(?: .*)?"
        r"|(?:did|has|have) (?:it|you|the (?:picture|image|model|renderer)) (?:get|draw|include|miss|show|forget|leave out|paint|cover|got|drawn|forgotten|missed) (?:everything|anything|it all|all(?: of it)?|something|it right)(?: .*)?|am i missing (?:something|anything)|what (?:did|has|does) (?:it|you|the (?:picture|model)) (?:forget|forgotten|miss|missed|leave out|lack)|(?:check|verify) (?:everything|all)(?: .*)?|anything missing(?: .*)?|everything (?:there|in there|in it|ok|okay|visible)"
        r"|(?:does|do|did|how well does|how close is|how good is|is|how does) (?:it|this|that|the (?:picture|image|result|render)|picture \d+|this one)(?: (?:really|actually|even))? (?:match|fit|follow|show|correspond|agree|contain|include|reflect|have|compare|true|faithful|like|close)(?:es|s)?(?: (?:to|with))? (?:the prompt|what i (?:asked|wanted|said|described).*|everything.*|all .*|my (?:prompt|words|wish|idea|request|description).*|it)"
        r"|how (?:well|close|good|accurate) (?:does|is|did) .*(?:match|fit|follow|prompt|asked|show)\w*(?: .*)?|how faithful is .*",
        low,
    ):
        return Wish(kind="check", picture=_in(low))
    if re.fullmatch(r"(?:does|do|did) (?:it|this|that|they|the (?:picture|image)) (?:match|fit|work out)", low):
        return Wish(kind="check")
    match = re.fullmatch(
        r"(?:is|are) ((?:the|my|his|her) [\w -]{2,30}?) (?:on|in|at|under|inside|next to|beside|behind|above) (?:the|his|her|its|an?) [\w -]+",
        low,
    )
    match = match or re.fullmatch(
        rf"(?:is|are) ((?:the|my|his|her) [\w -]{{2,30}}?) (?:really |actually )?(?:{'|'.join(vocabulary.COLORS)})", low
    )
    if match and not re.search(r"prompt|librar|favou|picture$|locked", low):
        return Wish(kind="check", text=tail(plain, re.sub(r"^(?:the|my|his|her) ", "", match[1])))
    if match := re.fullmatch(
        r"(?:did|have) (?:you|it) (?:get|got|do|draw|drawn|paint) (?:the|my|his|her) ([\w -]{2,40}?) (?:right|correctly|properly|well)",
        low,
    ):
        return Wish(kind="check", text=tail(plain, match[1]))
    if match := re.fullmatch(
        r"(?:check|inspect|verify|examine|look at|review|double-?check|assess|compare|evaluate|judge|validate|test)(?: (?:out|on|over))?(?: (?P<of>.+?))?(?: (?:for me|against the prompt|with the prompt|to the prompt|against what i asked(?: for)?|carefully|closely|again|please|now|for (?:missing|faults|mistakes|errors).*|if .*|whether .*|to see .*))*",
        low,
    ):
        named = reference(
            match["of"] or "it", loose=bool(match["of"] and vocabulary.style_of(re.sub(r"^the ", "", match["of"])))
        )
        if named is not None or not match["of"]:
            return Wish(kind="check", picture=named or "")
        if re.search(r"\b(?:picture|image|result|render)\b", match["of"]) or re.search(
            r"\b(?:if|whether|that) (?:everything|all)\b", low
        ):
            return Wish(kind="check")
        if (
            thing := re.fullmatch(
                r"(?:if |whether |that |for )?(?:there is |there's |there are )?(the|an?|my) (.+?)(?: (?:is|are) .*)?",
                match["of"],
            )
        ) and not re.search(r"prompt|taste|weather|librar|favou", match["of"]):
            return Wish(kind="check", text=tail(plain, thing[2]))
    if (
        match := re.fullmatch(
            rf"(?:is|are) (?:there |there any )?(?P<thing>(?:the|an?|my|any|his|her|its) (?:[\w'-]+ ){{0,4}}?[\w'-]+?) (?:really |actually |still |even )*(?:{there}|missing|anywhere|there)(?: .*)?",
            low,
        )
        or re.fullmatch(
            rf"(?:is|are) there (?P<thing>(?:an?|any|the|some) (?:[\w'-]+ ){{0,4}}?[\w'-]+?)(?: {there}| anywhere| (?:in|on) (?:it|picture \d+|this one|the (?:[\w'-]+ ){{1,2}}(?:one|picture)))?",
            low,
        )
        or re.fullmatch(
            rf"where(?:'s| is| are|'re| did)? (?P<thing>(?:the|my|his|her|its|all the|that) (?:[\w'-]+ ){{0,4}}?[\w'-]+?)(?: (?:go|gone|now|then|that i (?:asked|wanted).*|i (?:asked|wanted).*|{there}))?",
            low,
        )
        or re.fullmatch(
            r"(?:(?:do|did) (?:you|it) (?:actually |really |even )?(?:see|spot|show|draw|include|have|forget|make out|detect)|(?:can you )?(?:actually |really |even )?(?:see|spot|recogni[sz]e|make out|detect)) (?P<thing>(?:the|an?|my|any|his|her|its|that|all the) (?:[\w'-]+ ){0,4}?[\w'-]+?)(?: (?:in|on) (?:it|this|that|the (?:picture|image)|picture \d+|there)| here| there| anywhere)?",
            low,
        )
        or re.fullmatch(
            r"(?:does|do) (?:it|this|that|the (?:picture|image)|picture \d+) (?:actually |really |even )?(?:show|have|contain|include|hold) (?P<thing>(?:the|an?|my|any|his|her|its) (?:[\w'-]+ ){0,4}?[\w'-]+?)(?: (?:in|on|here|there) ?.*)?",
            low,
        )
        or re.fullmatch(r"(?:what happened to|what about) (?P<thing>(?:the|my|his|her) (?:[\w'-]+ ){0,4}?[\w'-]+)", low)
    ):
        about = re.sub(r"^(?:all the|the|an?|my|any|his|her|its|some|that) ", "", match["thing"])
        if re.search(
            r"prompt|favou?rite|librar|example|picture|image|history|tree|template|file|seed|one$|conversation|locks?$|taste|help|menu|button|video|model|way|limit",
            about,
        ) or (low.startswith("what about") and not vocabulary.is_subject(about)):
            return None
        return Wish(kind="check", text=tail(plain, about), picture=_in(low))
    return None


def mend(low: str, plain: str) -> Wish | None:
    """Mending what a picture does not show."""
    low = re.sub(r"[?.! ]+$", "", low)
    low = re.sub(
        r"^(?:can you |could you |please |try to |try and |but |hm+,? |hey,? |wait,? |no,? |and |then |also |now |i think |it (?:seems|looks like) |unfortunately,? |i'm afraid |check and |check it and )+(?=\S)",
        "",
        low,
    )
    if match := re.fullmatch(
        r"(?:try |use |take |do )?(?:up to |at most )?(\d{1,2}|one|two|three|four|five|six) (?:times|tries|attempts|renders|pictures) (?:to |and |for )?((?:fix|mend|repair|correct).*)",
        low,
    ):
        low = f"{match[2]} at most {match[1]} tries"
    low = re.sub(r"\b(budget of (?:\d{1,2}|one|two|three|four|five|six))$", r"\1 tries", low)
    budget = 0
    if match := re.search(rf"{_BUDGET}$", low):
        budget = (
            counted(match["budget"], 0)
            if match["budget"].isdigit()
            else {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}[match["budget"]]
        )
        low = low[: match.start()].strip(" ,")
    what = r"(?P<of>.+?)"
    if match := re.fullmatch(
        rf"(?:fix|mend|repair|correct|heal|patch|restore|improve|get|make)(?: up)? {what}(?: (?:until|so that|so|till|if) .*(?:there|visible|missing|right|complete|shown|match\w*|seen|needed|possible|can).*| (?:right|for me|now|again|please|if (?:you can|possible)))*",
        low,
    ):
        verb, of = low.split()[0], match["of"]
        until = re.search(r"\b(?:until|so that|so|till)\b", low)
        if verb in ("get", "make", "improve", "restore") and not until:
            of = (
                of
                if re.fullmatch(
                    r"what(?:'s| is) (?:still )?(?:missing|not there|wrong)|the missing .*|everything (?:visible|appear|show(?: up)?|there)",
                    of,
                )
                else ""
            )
            if not low.startswith("make sure") and re.fullmatch(
                rf"make {_THING} (?:be )?(?:visible|appear|show up|really there|actually there)", low
            ):
                return Wish(
                    kind="missing",
                    text=tail(
                        plain,
                        re.sub(
                            r"^make (?:the|a|an|my) | (?:be )?(?:visible|appear|show up|really there|actually there)$",
                            "",
                            low,
                        ),
                    ),
                    count=budget or 1,
                )
        elif verb in ("get", "make") and not re.fullmatch(_IT, of):
            of = ""
        if of and (named := reference(of, loose=False)) is not None:
            return Wish(kind="mend", picture=named, count=budget)
        if (
            of
            and (
                until
                or re.search(
                    r"missing|not there|wrong|lacking|absent|everything|faults?|mistakes?|errors?|problems?|gaps?|all|what",
                    of,
                )
            )
            and "prompt" not in of
        ):
            return Wish(kind="mend", picture=_in(low), count=budget)
        if (
            of
            and verb in ("fix", "mend", "repair", "correct", "heal", "patch")
            and (thing := re.fullmatch(r"(?:the|his|her|its|my) ([\w' -]{2,40})", of))
            and "prompt" not in of
        ):
            return Wish(kind="missing", text=tail(plain, thing[1]), count=budget)
    if re.fullmatch(
        r"(?:add|put in|include|bring(?: in)?|bring back|draw|show|supply) (?:whatever|what|everything that|all that|the things? that|anything that|the parts? that)(?:'s| is| are|'re)? (?:still )?(?:missing|not there|lacking|absent|left out)(?: .*)?|(?:try|do|render|draw|make|go) (?:it )?(?:again|over|on)(?: and again)? (?:until|till) .*(?:there|visible|right|matches|shown|seen|appears|shows?(?: up)?|works|fits).*|(?:something|a lot|some things?|half of it|things)(?:'s| is| are) (?:still )?(?:missing|not there)(?: .*)?|(?:not|that's not|this isn't|this is not|it's not) (?:everything|all)(?: (?:there|i asked(?: for)?|that i asked.*|visible))+(?: .*)?|keep trying(?: until .*)?|fix|mend|repair",
        low,
    ):
        return Wish(kind="mend", count=budget, picture=_in(low))
    if match := re.fullmatch(
        r"(?:get|bring) (?:the|my) ([\w -]{2,30}?)(?: back)? (?:in(?:to)?(?: there| it| the picture| here)?)", low
    ):
        return Wish(kind="missing", text=tail(plain, match[1]), count=budget)
    gone = r"(?:missing|gone|not (?:there|visible|in (?:it|there|the picture)|shown|to be seen|anywhere|here|drawn)|nowhere(?: to be (?:seen|found))?|absent|lost|invisible|not really (?:there|visible))"
    for pattern in (
        rf"{_THING}(?:'s| is| are| was| were| seems?| went| got| has gone| has disappeared)(?: to be| still| completely| totally| kind of)* {gone}(?: (?:in|from|on|of) (?:it|this|the (?:picture|image)|there|here))?",
        rf"{_THING} (?:isn't|aren't|wasn't|ain't) (?:really |even |actually |to be )?(?:there|visible|in (?:it|there|the picture)|shown|seen|here|anywhere|drawn)(?: .*)?",
        rf"{_THING} (?:has |have )?(?:disappeared|vanished|(?:doesn't|don't|didn't|does not) (?:show(?: up)?|appear))(?: .*)?",
        rf"i (?:can't|cannot|don't|do not|can not|couldn't|can hardly|still (?:can't|don't)) (?:really |even |actually )?(?:see|find|spot|make out) {_THING}(?: (?:in|on|at|any) ?(?:it|this|the (?:picture|image)|there|here|where|all)?| anywhere| yet| at all)*",
        rf"there(?:'s| is| are|'re| was) (?:no|not an?y?|still no|no sign of(?: an?| the)?) {_THING}(?: (?:in|on) (?:it|this|the (?:picture|image))| there| here| anywhere| to be seen| yet)*",
        rf"(?:you|it|it's|the (?:picture|image|model)) (?:missing|lacking|forgot|forgets|left out|missed|misses|lacks|is missing|is lacking|has no|didn't (?:draw|include|show|add|paint)|doesn't (?:have|show|include)|are missing|lost|dropped|ignored) {_THING}(?: .{{1,20}})?",
        rf"make sure (?:that )?{_THING} (?:is|are) (?:really |actually )?(?:there|visible|in (?:it|there|the picture)|shown|seen|clearly visible)(?: .*)?|no {_THING.replace('?P<thing>', '?P<thing2>')} (?:is )?(?:visible|to be seen|anywhere|there)",
        rf"missing:? {_THING}",
    ):
        if match := re.fullmatch(pattern, low):
            gone_thing = match["thing"] or (match["thing2"] if "thing2" in match.groupdict() else "")
            gone_thing = re.sub(r"^(?:the|an?|my|any|some|his|her|its|that|all the) ", "", gone_thing.strip())
            if re.fullmatch(
                r"(?:it|this|that|what|something|everything|anything|nothing|there|one|he|she|point|way|need|reason|problem|hurry|difference|they|you|i|which|who|not|all|picture|image)",
                gone_thing,
            ):
                if gone_thing in ("something", "everything"):
                    return Wish(kind="mend", count=budget)
                return None
            return Wish(kind="missing", text=tail(plain, gone_thing), count=budget, picture=_in(low))
    return None


def _named(said: str | None) -> str:
    return (reference(said) or "") if said else ""


def _in(low: str) -> str:
    """The picture that a question is about, where it names one at its end: "what is missing in picture 2"."""
    match = re.search(
        r"\b(?:in|on|of|about|from) (picture \d+|#\d+|the (?:[\w'-]+ ){1,3}(?:one|picture)|the (?:first|second|third|last))$",
        low,
    ) or re.search(r"\b(picture \d+)\b", low)
    return _named(match[1]) if match else ""
