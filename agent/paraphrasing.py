"""Other ways of saying what the rules know: courtesy that says nothing, idioms and slang, put plainly before a rule hears them. Pure."""

import re

from agent.wording import COUNT, DEGREE, reworded

# Insisting around a wish, cut off before the message is taken apart
PADDING = re.compile(
    r"^(?:whatever (?:you do|happens)|no matter what|at all costs?|under all circumstances),? +(?=\S)|[, ]+(?:whatever (?:you do|happens)|no matter what|at all costs?|under all circumstances|by all means)(?=[.! ]*$)",
    re.IGNORECASE,
)
POLITE = re.compile(
    r"^(?:(?:please|pls|nah|nope|no,? wait|wait,? no|wait(?! for| until| till| with| before| staff)|oops|whoops|ugh|argh|omg|ok(?:ay)?|yo|dude|mate|bro|(?:hi|hello|hey) (?:there|again|you)(?=[,!. ]+\w)|good (?:morning|evening|afternoon)(?=[,!. ]+\w)|first of all|first off|firstly|to (?:begin|start) with|for starters|for a start|secondly|thirdly|finally|lastly|after that|on top of that|in addition|one more thing:?|now|so|and(?! (?:an?|some|two|three) )|then|also(?! (?:an?|some|two|three) )|but|well(?! done)|hm+|oh|yes|yeah|sure|let's|lets|just|maybe|perhaps|possibly|actually|frankly|anyway|btw|by the way|hey|hi|right|instead(?! of))[,!. ]+"
    r"|(?:can|could|may) i (?:please |just |maybe )*(?=(?:go|get|come|switch|return|use|try|save|undo|lock|unlock|keep|change|remove|add|replace|swap|make|delete|revert)\b)|(?:can|could|would|will) (?:you|we|u|ya) (?!mind )(?:be able to |be willing to )?(?:please |pls |just |also |maybe |perhaps |possibly )*|i (?:think|guess|feel|find|believe|reckon|suppose|bet)(?: that| like)? (?=it|the |we|you|this|that|there)|(?:in my opinion|imo|honestly|to be honest|tbh|hmm?|ah|uh|um),? |i(?:'d| would) say |i(?:'d| would) (?:like|love|prefer) you to |i want you to |i(?:'?d| would)? (?:like|love|want|prefer|wish|need) to (?=(?:add|remove|make|change|lock|unlock|save|undo|try|put|take|turn|replace|swap|check|fix|mend|rate|export|drop|move|set|switch|continue|go|return|work|use|download|preview|unsave)\b)|how about (?=making|adding|a bit|more|less|with)|what about (?=a bit|more|less|with)|(?:would|could|do) you mind |i was wondering (?:if|whether) (?:you|we|i) (?:can|could|might) |(?:is|would) it (?:be )?(?:at all )?(?:possible|ok(?:ay)?|alright|fine|too much trouble)(?: for you)? (?:to|if (?:you|we|i)) |(?:is there )?(?:any|a) (?:chance|way) (?:that )?(?:(?:you|we|i) (?:can|could|might)|of|to) |(?:do you think|you think|i wonder (?:if|whether)) (?:you|we|i) (?:can|could|might) |(?:are|would|might) you (?:be )?(?:able|willing|so (?:kind|nice|good)(?: as)?) to |may i (?:ask you to |please )?(?=have|see|get)|might (?:we|you) |be so kind (?:as to|and) |feel free to (?!change|touch|alter|modify)|(?:first|next),? (?=i\b|i'd\b|id\b|let|please|can\b|could\b|make|add|draw|show|paint|put|lock|save|change|remove|take|turn|give|undo|check)|i (?:think|guess|feel|reckon) (?=an? |some |two |three |more |a (?:few|couple) )|go ahead and (?=add|make|put|remove|change|save|lock|show)|try (?=making|adding|to )to )+",
)
POLITE_END = re.compile(
    r"(?:[,\s]+(?:please|pls|plz|thanks|thank you|thx|ty|lol|haha|just now|if you can|if possible|if that's (?:ok|okay|possible)|for me|now|too|as well|will you|would you|maybe|perhaps|i think|i guess|i suppose|would be (?:nicer|nice|better|great|good|cool|lovely)|though|tho|tbh|imo|ngl|to be honest|honestly|atm|rn|right now|at the moment|this time|then|mate|buddy|dude|cheers|if you (?:don't|do not) mind|if you would|kindly|if it's not too much trouble|when you (?:can|have time|get a chance)|somewhere)|,\s*(?:ok|okay|right|yeah|mate|alright))+[.!?\s]*$"
)

_THE = r"(?:the |my |that |this |those |these |any |all (?:the )?)?"
_DIGIT = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
}
# Slang and idioms for verbs that the rules know, in any message
_IDIOMS = (
    (re.compile(r"^(making|adding|removing|putting|changing|showing|saving|turning|giving|taking|replacing|swapping|locking|keeping|undoing|moving|setting|fixing|checking|exporting|dropping)\b(?! (?:is|was|are))"), lambda m: _BASE.get(m[1], m[1].removesuffix("ing"))),
    (re.compile(rf"^((?:(?:ok|please|now|and|back to|go back to|go to|show me|show|save|keep|use|take|open|check|rate|like|i like|i love|love|render|compare|mend|fix) )*(?:the )?(?:picture|pic|image|number|version|no\.?) )({'|'.join(_DIGIT)})$"), lambda m: m[1] + _DIGIT[m[2]]),
    (re.compile(r"^(what|which|why|how|where) (?:exactly|precisely|actually|specifically|on earth|in the world|the (?:hell|heck)) "), r"\1 "),
    (re.compile(r"^((?:is|are|was|were|do|does|did|has|have)(?: there| you| it)?) (?:really|actually|even|truly|honestly|in fact) "), r"\1 "),
    (re.compile(r"^(show|tell)( me)? (?:roughly|approximately|more or less|about) "), r"\1\2 "),
    (re.compile(r"^(don't|do not) you (?:dare|ever)(?: to)? "), r"\1 "),
    (re.compile(r"^what (?:does|do) my (?:taste|taste card|preferences?) say\??$"), "show my taste"),
    (re.compile(r"^remember (this|that|the (?:first|second|last)) (one|picture|image|version)$"), r"save \1 \2"),
    (re.compile(r"^which (?:pictures|ones|images) (?:did|have) i (?:keep|kept|saved?)\??$"), "show my favourites"),
    (re.compile(r"^what are the (source|reason|example|idea)s (?:of|for|behind) "), r"what's the \1 of "),
    (re.compile(r"^what(?:'s| is| has) (?:different|changed|new)(?: now| here)?(?: (?:from|to|than|since|compared) .+)?\??$"), "what changed"),
    (re.compile(r"^((?:what|how) (?:do|does|would) .*?)(?:usually|normally|typically|often|mostly|commonly) "), r"\1"),
    (re.compile(r"^(search|look)((?: for)? (?:prompts|examples|pictures)) (?:that|which) (?:mention|contain|have|use|include|show|say) "), r"\1\2 with "),
    (re.compile(r"^did (?:everything|it all|all of it) (?:make it|get|go|come)(?: in(?:to)?(?: .*)?| through)?\??$"), "is everything there"),
    (re.compile(r"^anything (?:that )?you (?:left out|forgot|missed|skipped)\??$"), "anything missing"),
    (re.compile(r"^(?:tell|show) me what you(?:'ve| have)? (?:know|think|learn(?:ed|t)|remember|noticed)(?: (?:about|of) (?:me|my taste|what i like))?$"), "show my taste"),
    (re.compile(r"^((?:is|are|does|do|did) .*?) (?:really|actually) (?=\w)"), r"\1 "),
    (re.compile(r"^not (?:so |very |really |that |too )?(?:good|great|nice)(?: at all)?$"), "i don't like it"),
    (re.compile(r"^no more (?:previews?(?: of (?:the|my) prompts?)?|prompts? first)$"), "stop showing me the prompt first"),
    (re.compile(r"\b(it|this|that)'d\b"), r"\1 would"),
    (re.compile(r"^where(?:'s| is) (.+?) from\??$"), r"where does \1 come from"),
    (re.compile(r"^(?:give me|i want|make|can i have) (?:something|a thing|it so) (?:that )?i can replay(?: later| again)?$"), "export the conversation"),
    (re.compile(r"^(?:turn|make) (?:it|this) (?:into )?something (?:reusable|i can reuse|to reuse)$"), "make a template"),
    (re.compile(r"^which (?:examples|prompts|pictures|sources) did you (?:use|take|look at|go by|rely on)(?: for (?:it|this|that))?\??$"), "why"),
    (re.compile(r"^(?:throw|kick|take|chuck) (the (?:\w+ )?(?:favou?rite|saved picture)) (?:out|away|off)$"), r"remove \1"),
    (re.compile(r"^(?:show|tell)(?: me)? how (?:other people|other users|others|people|artists) "), "how do others "),
    (re.compile(r"^(?:keep(?: on)?|go on|carry on|continue|start) (fix|mend|repair|correct)ing\b"), r"\1"),
    (re.compile(r"^what do (?:(?:the|good|best|typical|other|usual|great|some) )*(?:prompts|examples) (?:for|of|with|about) (.+?) look like\??$"), r"show me prompts for \1"),
    (re.compile(r"^(.*\b(?:examples|prompts|ideas)) (?:of|for|on) how (?:other people|other users|others|people|artists) (?:did|do|made|make|prompted|prompt|wrote|write|described|describe|worded|handled) "), r"\1 of "),
    (re.compile(r"^(?:(?:show me|list|see|let me see|can i see|i(?:'d like| want) to see|what(?:'s| is)) )?(?:everything|all(?: of)?|whatever|anything|(?:all )?the (?:pictures|ones|images))(?: that)? i(?:'ve| have)? (?:saved?|kept|starred|favou?rited|bookmarked)(?: so far| before| already)?\??$"), "show my favourites"),
    (re.compile(r"^to (?=add |remove |make |put |show |change |save |see )"), ""),
    (re.compile(r"\b(?:get|be|getting) (?:rid of|done with) "), "remove "),
    (re.compile(r"^(?:do away with|dispose of|eliminate|ditch|axe|nix|bin|banish|strip(?: out| off)?|(?:toss|chuck)(?: out)?(?= the )|throw (?:out|away)|clear (?:out|away)|cut out|kick out|rub out|edit out|rip out|knock out) (?!out\b|in\b|me\b)(?=\w)|^(?:there(?:'s| is) )?no need for "), "remove "),
    (re.compile(r"^swap out "), "swap "),
    (re.compile(r"^(swap|switch|trade|change) (.+?) out (?=(?:for|with|against) )"), r"\1 \2 "),
    (re.compile(r"\b(?:black ?(?:&|'n'|n) ?white|b ?& ?w|bnw)\b"), "black and white"),
    (re.compile(r"\b(add(?:ed)?|changed?|did|do|put|done) (to|with|in(?:to)?) my (?:prompt|words|picture|text)$"), r"\1 to the prompt"),
    (re.compile(r"^(?:is|was|are|were) (?:that|this|it|these|those) (?:your|my) (?:own )?(?:ideas?|words?)(?: or (?:mine|yours|my(?: own)?|your(?: own)?)(?: ideas?| words?)?)?$"), "why"),
    (re.compile(r"^(?:if (?:possible|you can|you could|that's possible|it's possible)|when you can),? (?=\w)"), ""),
    (re.compile(r"\b\d{1,3} ?(?:%|percent|per cent) (?=more|less|\w+er\b)"), "a bit "),
    (re.compile(r"^(?:substitute|trade|exchange) (.+?) (?:for|by|with|against) "), r"replace \1 with "),
    (re.compile(r"\bin style of "), "in the style of "),
    (re.compile(r"\btime of the day\b"), "time of day"),
    (re.compile(r"\b(?:during|at|in) (?:the )?(golden|blue|magic) hour$"), r"\1 hour"),
    (re.compile(r"^(?:why'd|for what reason (?:did|have)|what for did|on what (?:basis|grounds|evidence) (?:did|have)|what(?:'s| is) the reason (?:that )?) ?(you|it|we)"), r"why did \1"),
    (re.compile(r"^what(?:'s| is) your (evidence|reason|source|proof) for "), r"what's the \1 for "),
    (re.compile(r"^explain(?: please| yourself)?$"), "explain the last change"),
    (re.compile(r"^if (?:something|anything) (?:is|'s) (?:missing|wrong|not there),? (?:then )?(?:please )?(?:fix|mend|repair|add|correct)(?: it| that)?$|^(?:sort|straighten) (?:it|this|that) out$"), "fix it"),
    (re.compile(r"^(?:halp|hlep|manual|instructions|user guide|what now|what|how do i (?:start|begin|do (?:this|it)))\??$"), "help"),
    (re.compile(r"^(?:heart|fave|stash|tuck away|hang on to) (?=it|this|that|the (?:picture|one)|picture \d)"), "save "),
    (re.compile(r"^(?:can|could|may) i (?:see|get|have|browse|look at|look through) (?=(?:some |a few |the |more |any )?(?:prompts|examples|ideas)\b)"), "show me "),
)  # fmt: skip
_WEATHER = r"(?:(?:rain|thunder|snow|sand|dust)?storms?|rain|snow|fog|mist|blizzard|wind|clouds|sun|sunshine|hail|drizzle|lightning|thunder|haze|frost|breeze|downpour|hurricane|tornado|rainclouds|snowflakes|sunbeams|sleet|gale|shower)"
_TELLING = r"(?:(?:heavy|light|dark|thick|dense|strong|soft|gentle|bright|big|huge|terrible|violent|distant|light|low|white|grey|gray|black|wild|morning|evening) )*"
_HAPPENS = r"(?:coming(?: up| in)?|rolling in|moving in|brewing|approaching|on (?:its|the) way|about to (?:break|start|begin)|drawing (?:near|in)|setting in|arriving|starting|closing in)"
_BASE: dict[str, str] = {
    "making": "make", "removing": "remove", "putting": "put", "changing": "change", "saving": "save", "giving": "give", "taking": "take",
    "replacing": "replace", "swapping": "swap", "moving": "move", "setting": "set", "dropping": "drop",
}  # fmt: skip
_ASPECT_OF = {"l": "lighting", "c": "colors", "f": "camera", "s": "style"}
_DOING = {"sit": "sitting", "run": "running", "swim": "swimming", "lie": "lying"}
# The same for a prompt that is there, which they change
_OF_A_DRAFT = (
    (re.compile(r"^(?:let me |let's |can (?:i|we) )?(?:see|show me|show|view|have|do) (?:it|this|that) (?=from (?:above|below|behind|the|afar|far|up|a )\b)"), ""),
    (re.compile(r"^(?:i(?:'d| would)? (?:like|love|want|prefer)(?: to (?:see|have))? |give me |show me |do |make(?: me)? |draw |try |can i (?:have|get|see) |let's (?:see|try|do) )?a (?:version|variant|variation) (?=(?:with|without|at|in|on|as|by|under|during) )"), ""),
    (re.compile(r"^(?:go )?(?:back to |in )?(?:full )?colou?r(?: again| now| please)*$"), "remove black and white"),
    (re.compile(r"^what(?:'s| is) (?:with|up with|the deal with) (?:the |that |this )?(.+?)(?: part| bit| thing| stuff| there)?$"), r"why \1"),
    (re.compile(r"^i(?:'d| would)? (?:want|like|prefer|need|love)(?: to (?:have|see))? (?=(?:a (?:bit|little|lot) )?(?:less|fewer)\b)"), ""),
    (re.compile(r"^((?:less|more) .+?) (?:stuff|thing|things|bit|part)$"), r"\1"),
    (re.compile(r"^i (?:(?:didn't|did not) (?:ask for|want|say|mention|order)|never (?:asked for|wanted|said|mentioned|ordered)) (?:any |the |a |an )?(?!that$|it$|this$|anything|so\b|to\b)([\w -]{3,40})$"), r"remove \1"),
    (re.compile(r"^all (?:of )?(?:the |his |her |its )?([\w-]+) (?:should|must|need to|have to) be (?=\w)"), r"make the \1 "),
    (re.compile(r"^(?:(?:can|could) (?:we|i) )?see (it|this|that|the [\w-]+) (?:be )?(?=(?:in|at|as|on|by|during|under|with) )(?!.*\b(?:in|on) (?:it|there|the (?:picture|image))$)"), r"make \1 "),
    (re.compile(r"^(take (?:the |that |this )?.+? (?:out|away|off))(?: (?:again|of (?:it|there|here)|there|now))+$"), r"\1"),
    (re.compile(r"^instead of (.+?),? (?:(?:please |just |rather )?(?:make it|show|draw|put|use|have|do|add|paint|i want|i'd like|let's have|take|give me)(?: me)?|it should be) (?=\S)(.+)$"), r"\2 instead of \1"),
    (re.compile(r"^(?:give me |make(?: me)? |show me |i want |do |let's see |generate )?(?:a |an |one |two )?(?:dozen|hundred|thousand|million|ton of|bunch of|lot of|lots of|loads of|tons of|many|all the)(?: more| other| different| of)* (?:versions?|variations?|pictures|images|variants|takes|tries|ones|options|alternatives)$"), "99 more"),
    (re.compile(r"^(?:(?:what|which)(?: (?:was|is|were)| are)? (?:the |that |this )?(?:seed|prompt)s?)(?: (?:is|was|did|does) (?:that|it|this|you|we|i)(?: (?:use|used|have|had|take))?| (?:of|for) (?:it|that|this)| again| now)*$"), "what is the seed"),
    (re.compile(r"^what (?:did|had|was) i (?:ask(?:ed)?(?: for)?|say|said|want(?:ed)?|wish(?:ed)? for|typed?)(?: (?:at|in) the (?:beginning|start)| first| so far| before| until now| again)*$"), "show the history"),
    (re.compile(r"^(?:that|this|it)(?:'s| is| was|s) (?:definitely |really |just |so )?not what i (?=meant|wanted|asked)"), "not what i "),
    (re.compile(r"^not what i asked(?: for)?$"), "not what i wanted"),
    (re.compile(r"^(?:now |have |i want |make )?(?:everything|it all|all of it|all|the whole (?:thing|picture|scene)) (?=(?:in|at|as) )"), "make it "),
    (re.compile(r"^(zoom (?:in|out))(?: on (?:it|him|her|them))?(?: (?:a (?:little|bit|lot|tad)|slightly|some|more|further|much))+$"), r"\1"),
    (re.compile(r"^(?:it (?:shouldn't|should not|must not|mustn't|can't|cannot) be|(?:make |let |have )?it not(?: be)?|i don't want it(?: to be)?|not) ((?:at|in|on|during|by) (?:the )?[\w -]+|(?:night|day|daytime|winter|summer|autumn|spring|evening|morning|sunset|dawn|dusk|dark|raining|snowing)(?:time)?)$"), r"remove \1"),
    (re.compile(r"^what(?:'s| is| was) (picture \d+|#\d+|the (?:first|second|third|last|[\w-]+) (?:one|picture))'s prompt$"), r"what is the prompt of \1"),
    (re.compile(r"^(?:what|which) (?:words|phrases)(?: (?:does|are|do|is))? (?:the prompt|we|you|i|it|in the prompt|there)(?: (?:have|has|got|use|hold))?(?: (?:in (?:it|there|the prompt)|now))*$"), "what is the prompt"),
    (re.compile(r"^(?:it (?:was|is)|i) (?:meant|mean|said|wanted|was thinking of) (an? [\w' -]{2,40})$"), r"make it \1"),
    (re.compile(r"^its (?=too|not|so|very|way|far|much|a (?:bit|little)|raining|snowing)"), "it's "),
    (re.compile(r"^i(?:(?:'d| would) (?:like|love|prefer|want)| want| wish| need| prefer)(?: that)? (?:it|this|the (?:picture|image|scene|whole thing)) (?:becomes?|gets?|turns?|goes|looks?|is|were|was|would be|to (?:become|get|turn|go)) "), "make it "),
    (re.compile(r"^imagine (?:it|this|that|him|her|them|the [\w-]+) (?=(?:on|in|at|under|by|near|inside|as|during|beside|next to|behind|over) )"), "make it "),
    (re.compile(r"^(?:(?:you|we) (?:can|may) (?:now )?)?(?:let go of|stop holding(?: on to)?) "), "unlock "),
    (re.compile(r"^(?:make sure|ensure|be sure|see to it|take care)(?: that)? there(?:'s| is| are) (?:no|not an?y?|none of)(?: more)? "), "no "),
    (re.compile(r"^(?:make sure|ensure|be sure|see to it|take care)(?: that)? there(?:'s| is| are) (?=(?:an?|some|two|three|more) )"), "add "),
    (re.compile(r"^i(?:'d| would)? (?:want|like|love|prefer|need) (the [\w ]+?|it|this) to (?:be|look|become|get|feel|seem) (?=\S)"), r"make \1 "),
    (re.compile(r"^push (?:the )?(.+?)(?: look| feel| side| style)?(?: (?:even|a bit))? further$"), r"more \1"),
    (re.compile(r"^(?:there(?:'s| is) )?not (?:nearly )?enough (?=\w)"), "more "),
    (re.compile(r"^go (?:for|with) (?=an? )(?!.*\b(?:one|picture|version)$)"), "make it "),
    (re.compile(r"^(?:see|show|have|get) (?:it|this|that) (?=(?:as|in|at) )(?!.*\?)"), "make it "),
    (re.compile(rf"^(?:i(?:'d| would)? (?:want|like|love|need)(?: to (?:see|have))? |give me |we need )((?:some |more |a bit of )?{_TELLING}{_WEATHER}\b.*)$"), r"add \1"),
    (re.compile(r"^((?:clear|blue|open|starry|cloudy|dark|stormy|dramatic|overcast|pink|red) (?:skies|sky))$"), r"add \1"),
    (re.compile(r"^(?:sprinkle|scatter|introduce|bring|work|mix)(?: in)? (?=(?:an?|some|two|three|a few|a couple of|several|more) )"), "add "),
    (re.compile(r"^(?:i(?:'d| would)? (?:want|like)|make|have|use) (an? [\w -]+?) where (the [\w -]+?) (?:is|was|are|were|sits|stands)(?: now)?$"), r"replace \2 with \1"),
    (re.compile(r"^nothing (?:may|should|must|can) happen to "), "lock "),
    (re.compile(r"^(?:combine|mix|merge|blend) (the [\w ]+ (?:of|from)) (?:picture |#)?(\d+) with (?:this|it)(?: one| picture)?$"), r"use \1 picture \2"),
    (re.compile(r"^(?:render|draw|do|make|paint) (?:it|this) (?:again|once more|one more time),? with the (?:same|old|current) seed$"), "render it"),
    (re.compile(r"^(?:with |use |using |keep )?(?:the |exactly the )*same seed$"), "keep the seed"),
    (re.compile(r"^(light|colou?r|frame|shoot|style) (?:it|this) (?:like|as in) (?=(?:the [\w-]+ (?:one|picture)|picture|pic|#|number)\b)"), lambda m: f"with the {_ASPECT_OF[m[1][0]]} of "),
    (re.compile(r"^as (?:if|though) (?:it (?:was|were) )?((?:painted|drawn|made|done|shot|photographed|seen) .+)$"), r"add \1"),
    (re.compile(r"^(in [\w -]+ (?:colou?rs?|tones|light|lighting|hues|shades))$"), r"add \1"),
    (re.compile(r"^zoomed (in|out)$"), r"zoom \1"),
    (re.compile(r"^(it|this|that|the [\w-]+) too (?=\w+$)"), r"\1 is too "),
    (re.compile(r"^make (?:it|this|everything|the colou?rs) (?:really )?pop(?: more| out)?$"), "make it pop"),
    (re.compile(r"^(?:it|this|that|the (?:picture|image|scene)) (?:lacks|is lacking|is missing|misses|needs|could use|wants) (?:some |a bit of |more )?(contrast|depth|colou?rs?|detail|light|drama|warmth|life|energy|texture|atmosphere|mood|shadows?|sharpness|punch)$"), r"more \1"),
    (re.compile(r"^((?:an?|some|a little|a bit of) [\w -]+?) (?:wouldn't|would not|won't|can't) (?:hurt|harm|do any harm|go amiss)$"), r"add \1"),
    (re.compile(r"^i(?:'d| would) (?:rather|sooner|prefer to) (?:have|see|want) (?:it|this|that|the [\w-]+) (?=\S)"), "make it "),
    (re.compile(r"^(?:it(?:'s| is) )?no longer (?:an? |the |in )?(.+)$"), r"remove \1"),
    (re.compile(r"^(no|without) (.+?) (?:anywhere|at all|in sight|whatsoever)$"), r"\1 \2"),
    (re.compile(r"^((?:a (?:bit|little) |much )?less) of (?:the |that |this |these |those )"), r"\1 "),
    (re.compile(r"^(?:scratch|strike) (?:that|it|this)$"), "undo"),
    (re.compile(r"^(?:it(?:'s| is) |make it )?(?:not|no longer) (?!so |as |too |that )(?:an? |the |in )?([\w -]{3,30}?)(?: style)? (?:any ?more|any longer)$"), r"remove \1"),
    (re.compile(r"^(?!(?:add|put|write|note|include)\b)(.*?),? (?:for|to) my (?:liking|taste|eyes?|eye)$"), r"\1"),
    (re.compile(r"\b(?:an? )?(?:smidge(?:n)?|smidgin|wee bit|skosh|whisker|fraction|fair bit|good bit|good deal|great deal|ton|whole lot|bunch|tiny bit|touch|teensy bit|lil bit)(?= (?:more|less|\w+er)\b)"), "a bit"),
    (re.compile(r"^(?:loads|lots|heaps|tons|a load) (?=more|less|\w+er\b)"), "much "),
    (re.compile(rf"^(?:(?:it|this|that|the (?:picture|image|whole thing|scene|mood)) )?(?:needs? to|has to|should|could|must|ought to|wants to) (?:be|look|feel|become|get) (?={DEGREE}\w+er$)"), "make it "),
    (re.compile(r"^(?:it|this|that|this one|the (?:picture|image|whole thing|scene|result))(?:'s| is| looks| feels| seems)(?: looking| feeling)? (?:(?:still|a bit|a little|too|very|so|rather|pretty|kind of|quite|really|just|way) )*(?=(?:dull|flat|boring|lifeless|washed[ -]out|blurry|bland|dim|murky|cluttered|busy|messy|grainy|noisy|overexposed|underexposed|pale|drab|dreary|plain|kitschy|cheesy)$)"), "too "),
    (re.compile(r"^(?:ease|go easy|back|hold) (?:off|up)(?: on)? (the .+?)(?: an? (?:bit|little))?$"), r"less \1"),
    (re.compile(r"^(\w+)ier (colou?rs?|light|lighting|tones?|shadows?|mood|atmosphere|background|sky|textures?)$"), r"more \1y \2"),
    (re.compile(r"^(?:relocate|transport|teleport|shift|transfer|transplant|beam) (?=\w)"), "move "),
    (re.compile(r"^(?:as (?:if|though)|imagine|pretend) (?:it|this|that) (?:was|were|is|had been) "), "make it "),
    (re.compile(r"^(?:about |some )?((?:\d+|a hundred|a thousand|hundreds? of|thousands? of) years) (?:from now|later|in the future)$"), r"add \1 in the future"),
    (re.compile(rf"^(?:and |then )?(?:there(?:'s| is| are) |let there be |have |we see |you see |with )?(?:an? |the |some )?({_TELLING}{_WEATHER})(?: is| are|'s)?(?: (?:already|slowly|just|now))?(?: {_HAPPENS})(?: (?:now|soon|from .+|over .+))?$"), r"add approaching \1"),
    (re.compile(rf"^(?:and |then )?(?:there(?:'s| is| are) |let there be )?(?:an? |the |some )?({_TELLING}{_WEATHER})(?: is| are|'s)? ((?:gathering|shining|falling|blowing|pouring|howling|drifting|raging|breaking|rising|setting|swirling|flashing|beating|hanging|passing|creeping)(?: .{{2,30}})?)$"), r"add \1 \2"),
    (re.compile(rf"^there(?:'s| is| are) (?:an? (?:bit|lot|little|hint|touch) of |some |lots of )({_TELLING}{_WEATHER})(?: in the air| outside| now)?$"), r"add \1"),
    (re.compile(rf"^let there be (?:an? |some )?({_TELLING}{_WEATHER})$"), r"add \1"),
    (re.compile(rf"^(?:an? |some )({_TELLING}{_WEATHER})$"), r"add \1"),
    (re.compile(r"^(?:clear up|clear|brighten up|lighten up) the (?:sky|weather)$|^(?:nicer|better|good|clear) weather$|^(?:make|let) the (?:sky|weather) (?:be )?(?:clear|nice|nicer|good|better|clear up)$"), "add clear blue sky"),
    (re.compile(r"^(?:make|let) the (?:weather|sky) (?:be )?(?:worse|bad|rough|rougher|wild|wilder|stormier)$|^(?:worse|bad|rough) weather$"), "add stormy sky"),
    (re.compile(r"^(?:make|let|have) the (?:weather|sky) (?:be |look |turn )?(?!(?:red|orange|yellow|green|blue|purple|pink|brown|black|white|gr[ae]y|gold|golden|silver|turquoise|teal|violet)$)(?=\w+$)"), "make it "),
    (re.compile(r"^(?:stick|pop|plop|slap|slip|tuck|sneak|squeeze|work|chuck|toss|throw|drop|fit|mix|bung)(?: in)? (?=(?:an?|some|two|three|a few|a couple of|several|more) )"), "add "),
    (re.compile(r"^(?:can we |can i |could we |let's )?(?:get|have|put|want) ((?:an?|some|two|three|a few|more) [\w -]+?) (?:in there|in here|around(?: there)?|somewhere|in the mix|in it|into it)$"), r"add \1"),
    (re.compile(r"^(?:it )?(?:would|might|could) be (?:nice|good|cool|great|lovely|better|fun|nicer|sweet) (?:to have|with|to see|if there (?:was|were)|if it had|having) (?=(?:an?|some|two|three|more|the) )"), "add "),
    (re.compile(r"^(?:have|let|make) ((?:an?|two|three|some) [\w-]+(?: [\w-]+)?) (stand|sit|lie|sleep|walk|run|fly|play|swim|wait|look|hang|float|climb|peek|perch)(?:ing|s)? (.+)$"), lambda m: f"add {m[1]} {_DOING.get(m[2], m[2] + 'ing')} {m[3]}"),
    (re.compile(r"^(?:and|also|plus|oh and) (?=(?:an?|some|two|three|a few|more) [\w-]+(?: [\w-]+){0,2}$)"), "add "),
    (re.compile(rf"^({_THE}[\w' -]+?) (?:has to|have to|needs? to|must|should|can|ought to) (?:go|disappear|vanish|leave|be removed|be gone|come out)$"), r"remove \1"),
    (re.compile(r"^(?:can we |could we |let's |we can |i can )?(?:do without|live without|skip|scrap|leave off|forget(?: about)?|dump) ((?:the|that|those|this) (?!i |you |conversation|chat|prompt|last|locks?|change|one|picture|rest)[\w' -]+)$"), r"remove \1"),
    (re.compile(r"^(?:get|take|edit|cut) (the [\w' -]+?) (?:out|away|off|gone)(?: of (?:there|here|it|the (?:picture|prompt|image)))?$"), r"remove \1"),
    (re.compile(r"^(?:we|i) (?:don't|do not|no longer) (?:really )?need ((?:the |that |this |those )?[\w' -]+?)(?: (?:any ?more|any longer|there|in there|in it))*$"), r"remove \1"),
    (re.compile(r"^((?:remove|drop|delete|lose|cut) .+?) (?:bit|part|thing|stuff|phrase|word|any ?more|any longer|completely|entirely|altogether)$"), r"\1"),
    (re.compile(r"^there (?:should|must|can|shall)(?: not|n't)(?: to)? be (?:any )|^there (?:should|must) be no |^(?:please )?keep (?=[\w ]+ out(?: of| ?$))|^i(?:'d| would) (?:rather|prefer) (?:not (?:to )?(?:have|see)|no) (?:any )?"), "without "),
    (re.compile(r"^(without [\w -]+?) (?:out(?: of (?:it|this|there|here|the (?:picture|image|scene)))?|in (?:it|there|the (?:picture|image|scene)))$"), r"\1"),
    (re.compile(r"^(?:nobody|no one|no-one|not a soul)(?: else)?(?: (?:around|about|there|in (?:it|sight|the (?:picture|image|scene)|there)|to be seen))?$"), "without people"),
    (re.compile(r"^(?:can you |could you )?put (an? [\w -]+?) where (the [\w -]+?) (?:is|was|are|were|sits|stands)(?: now)?$"), r"replace \2 with \1"),
    (re.compile(r"^(make the [\w -]+? \w+) (?:instead of|rather than|not) (?:red|orange|yellow|green|blue|purple|pink|brown|black|white|gr[ae]y|gold|golden|silver|beige|teal|turquoise)$"), r"\1"),
    (re.compile(r"^(?:make |paint |draw |i want |have )*(?:it |this )?(?:be )?(lit|colou?red|drawn|painted|framed|shot) (?:just )?(?:like|as) (?:in )?(?=(?:the |picture |#|number |pic )\w)"), lambda m: {"l": "with the lighting of ", "c": "with the colors of ", "f": "with the camera of ", "s": "with the camera of "}.get(m[1][0], "with the style of ")),
    (re.compile(r"^(?:this|it) have (?=the )"), "have "),
    (re.compile(rf"^(?:let's see|let me see|let me have|i(?:'d| would)? (?:want|like)(?: to see)?|can i (?:see|get|have)|get me) (?={COUNT.replace('?P<count>', '?:')} (?:more|other|another)\b)"), "give me "),
    (re.compile(r"^(?:can i (?:see|get|have) |give me |show me |get )?another (two|three|four|\d)\b"), r"give me \1 more"),
    (re.compile(r"^(?:give me |show me )?(?P<n>an? few|a couple|two|three|four|\d) (?:more |other )+(?:takes|goes|attempts|shots|options|tries|looks)$"), r"\g<n> more"),
    (re.compile(r"^once again$|^and again$|^(?:give it |have )?another (?:go|shot|whirl|spin)$"), "again"),
    (re.compile(r"^((?:let's |can we |please |go |take me |bring me )*back to |start (?:again )?from )(?:where (?:we|i) (?:started|began)|(?:the (?:very )?)?(?:beginning|start)|square one|how it (?:started|began|all started))$"), "back to the first picture"),
    (re.compile(r"^(?:let's |lets )?pick up (?:again )?(?:from|at|with) "), "continue from "),
    (re.compile(r"^(?:this|that|it|this one)(?:'s| is| was| looks) (?:(?:so|really|very|just|exactly|pretty|simply) )*(?:(?<=one's )great|(?<=one is )great|brilliant|superb|excellent|what i (?:wanted|was (?:after|looking for|hoping for)|had in mind|meant|need(?:ed)?)|spot on|on point|the one)$$"), "i like it"),
    (re.compile(r"^(?:brilliant|superb|excellent|fab|fabulous|spot on|yay|stunning|splendid|marvell?ous|terrific)$"), "great"),
    (re.compile(r"^(?:(?:that|this|it) )?(?:looks|is) (?:rubbish|ugly|bad|awful|terrible|horrible|crap)$|^(?:ugh|yuck|eww*|bleh|meh|blah|rubbish|awful|terrible|horrible|ugly|nasty)$"), "i don't like it"),
)  # fmt: skip

_SPOKEN = (  # other ways of saying what the rules for changes know
    (re.compile(r"^(?:re-?do|redraw|repaint|re-?render|try|do|draw|paint) (?:it|this|that|the (?:picture|image))(?: again)? with (?=(?:an?|some|two|three|more) )"), "add "),
    (re.compile(r"^(?:could|can|should|may|might|would) (?:she|he|they|it|this|the [\w-]+) (?:be |go |sit |stand |lie |live |sleep |move )+(?:to )?(?=(?:on|in|at|under|inside|near|by|next to|beside|behind|outside) )"), "make it "),
    (re.compile(r"^(?:can i (?:have|get|see) |i(?:'d| would)? (?:want|like|love|prefer|need)(?: to (?:have|see))? )(?:it|this|that) (?:to (?:be|look) |done |made )?(?=\S)"), "make it "),
    (re.compile(r"^instead of (.+?),? (?:make it |show |draw |put |use |have |i want )?((?:an?|the|two|three|some) .+)$"), r"\2 instead of \1"),
    (re.compile(r"^(?:change|make|turn) the colou?rs? of (the \w[\w -]*?) (?:to |into )?(\w+)$"), r"make \1 \2"),
    (re.compile(r"^(?:change|make|turn) (the [\w-]+?)(?:'s)? colou?r (?:to |into )?(\w+)$"), r"make \1 \2"),
    (re.compile(r"^(the \w[\w -]*?) (?:should|must|needs to|has to) (?:become|turn into|be turned into|be replaced (?:by|with)) (.+)$"), r"replace \1 with \2"),
    (re.compile(r"^(the \w[\w -]*?) (?:should|must|needs to|has to) (?:be |look )?(.+)$"), r"make \1 \2"),
    (re.compile(r"^(?:(?:could|can|should) (?:it|this|that) be (?:(?:done|made|drawn|painted|rendered|turned|shown|put) (?=as |in |into |like ))?|(?:she|he|it|they) (?:should|must|needs? to|has to|have to) (?:be |look )?)"), "make it "),
    (re.compile(r"^(?:what|how about) if (?:it|this|that|the (?:picture|image|scene)|everything|we|you|i|she|he|they)(?:'s|'d| was| were| is| would be| made it| make it| set it| took place| happened| turned it(?: in)?to| had it)* (?:at |in |on |during )?(?=(?:a |the )?(?:day|night|dusk|dawn|noon|winter|summer|autumn|spring)\w*$)"), "make it "),
    (re.compile(r"^(?:what|how about) if (?:it|this|that|the (?:picture|image|scene)|everything)(?:'s| was| were| is| would be| took place| happened)? (?!had|has)"), "make it "),
    (re.compile(r"^(?:what|how about) if (?:we|you|i) (?:made|make|turned|turn|set|put) "), "make "),
    (re.compile(r"^(?:what|how about) if (?:(?:we|you|i) (?:added|add|gave (?:it|him|her|them))|(?:it|she|he|they|the \w+) (?:had|has|wore|wears|was wearing)|there (?:was|were|is|are)) "), "add "),
    (re.compile(r"^(?:what|how about) if (?:we|you|i) (removed|remove|replaced|replace|changed|change|swapped|swap|took out|dropped|drop) "), r"\1 "),
    (re.compile(r"^(?:what|how about) if (the \w[\w -]*?) (?:was|were|is) "), r"make \1 "),
    (re.compile(r"^(?:convert|switch|redraw|repaint|redo|re-?render|transform|translate|render|recreate|do)(?: (?:it|this|that|the (?:whole )?(?:picture|image|thing|scene)))?(?: over)? (?:to|into|as|in) (?=\S)"), "make it "),
    (re.compile(r"^(?:change|set|switch|turn|alter) (?:the |its )?(style|look|place|location|setting|background|time|time of day|weather|season|mood|subject)(?: of (?:it|the picture))? (?:to|into|as) "), r"\1: "),
    (re.compile(r"^(?:make|let|have) (?:him|her|it|them|the [\w-]+) (?:to )?wear(?:ing)? |^(?:the [\w-]+|he|she|it|they) (?:should|must|could|needs to|has to) (?:wear|be wearing) "), "add wearing "),
    (re.compile(r"^(?:make|let|have) (?:him|her|it|them|the [\w-]+) (?:to )?(?:hold|carry)(?:ing)? |^(?:the [\w-]+|he|she|it|they) (?:should|must|could|needs to|has to) (?:hold|carry|be holding|be carrying) "), "add holding "),
    (re.compile(r"^(?:the [\w-]+|he|she|they) (?:should|must|could|needs to|has to) have "), "add "),
    (re.compile(r"^(?:paint|colou?r|dye|render|tint|have) (the [\w-]+) (?=\w+$)"), r"make \1 "),
    (re.compile(r"^(?:let|have) it (?:take place|happen|play|be set) "), "put it "),
    (re.compile(r"^give (?:the [\w-]+|it|him|her|them) (?!more\b|less\b|a (?:more|less)\b|an? (?:[\w-]+ ){1,3}(?:look|style|feel|touch|vibe|mood|atmosphere|treatment|makeover|finish|flair|twist)\b)(?=\w+ \w+$|an? |some )"), "add "),
    (re.compile(r"^(?:plus|also|and also) (?=(?:an?|some|two|three|more|the) |\w+$)"), "add "),
    (re.compile(r"^(?:hide|clean up|clear away|wipe out|cover up|discard) (?=the \w)"), "remove "),
    (re.compile(r"^(the [\w -]+?) (?:shouldn't|should not|mustn't|must not|needn't) be (?:there|in it|visible|in the picture)$|^never (?:show |draw |put )?(any [\w ]+)$"), lambda m: f"without {m[1] or m[2]}"),
    (re.compile(r"^(?:there(?:'s| is| are) )?(?:still |way |far |a bit |just )*too (?:much|many) (?=\w)"), "less "),
    (re.compile(r"^not (\w+) enough$"), r"more \1"),
    (re.compile(r"^(?:can|could|should|may) (the [\w-]+) be (?=\w)"), r"make \1 "),
    (re.compile(r"^(?:can|could|should|may) there be (?=(?:an?|some|more|two) )"), "add "),
    (re.compile(r"^(?:the )?([\w-]+) (?:should|must|has to|needs to) be (?=(?:on|in|at|under|inside|near|by) )"), "make it "),
    (re.compile(r"^((?:an?|some|two|three) [\w-]+) (?:should|could|must|is supposed to) (?:be |sit |stand |lie |sleep |fly |play |walk |appear )*(?=\w)"), r"add \1 "),
    (re.compile(r"^i(?:'d)? (?:don't|do not) (?:need|want) (?=the )|^take (?:the )?(.+?) (?:out|away|off)$"), lambda m: f"remove {m[1] or ''}"),
    (re.compile(r"^(?:suppose|imagine|say|pretend|assume)(?: that)? (?:it|this)(?:'s| was| were| is) "), "make it "),
    (re.compile(r"^(?:i think )?(?:it|this|that) (?:needs|could use|wants|should have|must have|is missing|lacks|deserves) (?=(?:an?|some) )"), "add "),
    (re.compile(r"^(?:i want|i'd like|i would like|i need|we need|there should be|there must be|let there be|can there be|could there be|can i have|can we have|i'd love|i wish there (?:was|were))(?: to (?:see|have|add))? (?=(?:an?|some|more|two|three) .+ (?:in (?:it|the (?:picture|background|foreground|sky|distance|corner|scene|air|window))|on (?:it|top|the \w+)|next to (?:it|him|her|the \w+)|behind (?:it|him|her|the \w+)|beside (?:it|him|her|the \w+)|too|as well)$)"), "add "),
    (re.compile(r"^(?:draw|paint|show|place|stick|throw|drop|pop|squeeze|sneak|hang|give)(?: me| in)? (?=(?:an?|some|two|three) .+ (?:in (?:it|the (?:background|foreground|sky|distance|corner|air|window))|on (?:it|top|its \w+|his \w+|her \w+)|next to (?:it|him|her|the \w+)|behind (?:it|him|her|the \w+)|beside (?:it|him|her|the \w+)|to (?:it|the (?:picture|scene|image)))$)"), "add "),
    (re.compile(r"^try (?:it |this )?(?=\S)"), "make it "),
)  # fmt: skip


def plainly(low: str, *, has_draft: bool) -> str:
    """The lower-case words with idioms put plainly; as they are where no idiom is known."""
    return reworded(low, (*_IDIOMS, *_OF_A_DRAFT) if has_draft else _IDIOMS)


def said_otherwise(low: str) -> str:
    """Words that no command understood, as the rules for changes of a prompt know them."""
    return reworded(low, _SPOKEN)


def unpolite(piece: str) -> str:
    """A piece of a message, as written, without the courtesy that it begins with."""
    match = POLITE.match(piece.strip().lower())
    return piece.strip()[match.end() :] if match else piece.strip()
