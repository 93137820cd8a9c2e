"""What people say that changes no word of a prompt → wishes: other tries, going back, favourites, questions, small talk.

Each rule takes the mended lower-case words and the words as written, and answers with a wish or with nothing. Pure.
"""

import re

from agent import declining
from agent.referring import reference
from agent.wording import COUNT, ORDINAL, REF, Wish, counted, ref_of, tail

# Sizes, steps and guidance: every word is about them, and one of them names one
_SETTING = re.compile(
    r"\d+ ?[x×] ?\d+|\d+:\d+|\d+ (?:steps|pixels|px)\b|\b(?:more|fewer|less) steps\b|\b(?:resolution|aspect ratio|guidance|cfg|upscale|square|(?:portrait|landscape) (?:format|mode|orientation))\b"
)
_OF_SETTINGS = re.compile(
    r"(?:(?:make|render|draw|do|use|set|give|change|have|try|want|i|with|without|at|in|to|it|this|that|the|them|picture|image|me|a|an|size|resolution|of|as|and|more|fewer|less|high|higher|low|lower|"
    r"bigger|larger|smaller|wider|aspect|ratio|format|mode|orientation|guidance|scale|cfg|pixels|px|by|steps|square|portrait|landscape|upscale|instead|be|\d+(?:\.\d+)?|\d+ ?[x×:] ?\d+)(?: |$))+"
)


# What this program never does, said in a way that could be taken for a picture: "book me a flight", "make a video of it"
_BEYOND = re.compile(
    r"(?:(?:can|could|would) you )?(?:please )?(?:(?:book|buy|order|purchase|sell|call|phone|email|mail|text|send|post|share|tweet|upload|publish|ship|deliver|print|translate|calculate|compute|solve|sing|install|google|remind|schedule|hack|charge|pay|transfer money|"
    r"crop|resize|rotate|flip|mirror|upscale|animate|vectori[sz]e|watermark|blur out|cut out|trim off|convert (?:it|this|that) (?:in)?to (?:a |an )?(?:png|jpe?g|svg|pdf|gif|video|vector))\b(?! (?:light|chair))"
    r"|(?:tell|write|sing|compose|read|recite)(?: me| us)? (?:an? |the |some |my )?(?:\w+ )?(?:jokes?|story|stories|poem|essay|song|letter|email|code|script|program|news|article|haiku|riddle|fact)\b"
    r"|(?:make|have|turn) (?:it|this|that|the (?:picture|background)) (?:an? |into an? )?(?:video|gif|animation|3d model|movie|transparent|move|talk|sing|a song|spin|interactive)\b(?! style| look)|add (?:some |a )?(?:music|sound|sounds|audio|voice|voiceover|narration|soundtrack)\b|(?:with )?(?:a )?transparent background$|(?:make|create|generate|render|turn (?:it|this|that) into|give me|do|draw|produce|show me)(?: me)? (?:an? |the |some )?(?:\w+ )?(?:videos?|gifs?|animations?|movies? clips?|songs?|music|website|web ?page|app|spreadsheet|slideshow|presentation|pdf|3d model|phone call)\b"
    r"|(?:delete|remove|erase|open|read|list|format|copy|move|run|execute|show me) (?:all )?(?:of )?(?:the |my |your )?(?:files?|folders?|hard ?disk|computer|hard ?drive|disk|system|database|emails?|passwords?|everything on)\b"
    r"|(?:play|put on) (?:some |me )?(?:music|a song|chess|a game)|(?:what|who|when|where|how many|how much|how (?:old|far|tall|do i|can i))(?:'s| is| are| was| were| does| did)?(?: the)? (?:weather|time is it|capital|president|\d+ (?:times|plus|minus|divided)|meaning of life|date|news|stock|price)\b)"
)


# A face or a heart by itself: what is liked, what is not, and what only smiles
_MOODS = r"(?:([❤♥💕💖💗💘💙💚💛💜🧡🖤🤍🤎😍🥰😻🤩⭐🌟💯💓💞]+)|([💔🤮🤢💩👎]+)|[\U0001F600-\U0001F64F\U0001F900-\U0001F9FF👏🔥✨🎉🎊🙌✅👌🤝☺😊]+)[\ufe0f\u200d!. ]*"
_MY_FAULT = r"(?:(?:sorry|oops|whoops|ups|ah|oh|no)(?: about (?:that|it|this))?[,.! ]+)*(?:(?:that|it)(?: was|'s| is) )?(?:all )?my (?:mistake|fault|error)(?:[,. ]+(?:sorry|though))*[.! ]*"
_NO_MORE = r"(?:(?:make|give|show|do|render|try|draw)(?: me)? )?(?:0|zero|no|none) (?:more|others?|(?:more |other |new )?(?:pictures?|images?|variations?|variants?|versions?|takes?|tries|times))(?: (?:pictures?|images?|of (?:it|them|this|these)|please|for now|now|like (?:this|that|it)))*"


def talk(low: str, plain: str) -> Wish | None:
    """Small talk, help, starting over, a plain yes, and what no part of this program does."""
    low = re.sub(r"\s*(?:[:;]-?[)(DPp]|[^\w\s?!.,;:'\"#()/-]+)\s*$", "", low) if re.search(r"\w", low) else low
    if re.fullmatch(
        r"(?:(?:oh |hm+,? )?(?:yes|yeah|yep|yup|sure|ok(?:ay)?|of course|absolutely|please do|do that|sounds good|why not|fine|alright)[,.! ]*)+(?:please|thanks)?[!. ]*",
        low,
    ):
        return Wish(kind="yes")
    if _BEYOND.match(low):
        return Wish(kind="unknown", text=plain)
    if face := re.fullmatch(_MOODS, plain.strip()):
        return (
            Wish(kind="rate", how="up")
            if face[1]
            else Wish(kind="rate", how="down")
            if face[2]
            else Wish(kind="thanks")
        )
    if re.fullmatch(_MY_FAULT, low):
        return Wish(kind="unknown", text=plain, how=declining.NO_HARM)
    if re.fullmatch(_NO_MORE, low):
        return Wish(kind="unknown", text=plain)  # and none is made
    if re.fullmatch(
        r"(?:hi|hello|hey|heya|hiya|yo|hullo|hola|hallo|bonjour|ciao|salut|moin|servus|howdy|good (?:morning|evening|afternoon|day)|greetings)(?:,? (?:(?:my|dear|good|old|lovely) )*(?:there|atelier|everyone|all|again|friend|assistant|mate|buddy|computer|robot))?[!., ]*|(?:(?:my|dear|good|old|lovely) )+(?:friend|assistant|atelier|computer|robot|bot|machine|helper)[!., ]*",
        low,
    ):
        return Wish(kind="hello")
    praise = (
        r"(?:thanks?|thank you|thx|ty|great|nice|perfect|lovely|awesome|cool|wow|oh|amazing|beautiful|wonderful|gorgeous|fantastic|cheers|lol|lmao|hehe|never ?mind|no worries|forget it|nothing|cu|no|nope|nah|nice work|great work|good work|you(?:'re| are) (?:awesome|great|the best|amazing|good|funny|sweet)|what's up|sup|ta|tnx|much appreciated|appreciated|how's it going|how's life|see you (?:later|tomorrow|soon|around)|later|good to know|makes sense|no problem|np|whatever|(?:skip|leave) (?:it|that)|interesting|forget (?:it|that|about it)|test(?:ing)?|"
        r"(?:very|so) (?:nice|cute|pretty|beautiful|cool|good)|good(?: job)?|well done|(?:much |way )?better(?: now)?|yes|yeah|ok(?:ay)?|sure|alright|all right|got it|i see|hm+|please|haha|bye|sorry|my bad|good ?(?:night|bye)|see you|"
        r"(?:that|this|it|everything)(?:'s|s| is| looks| seems) (?:so |really |very |just |all )?(?:it|great|perfect|nice|(?:much |way )?better|beautiful|lovely|cute|cool|good|amazing|awesome|wonderful|gorgeous|stunning|fantastic|fine|okay|ok|funny|sweet|impressive))"
        r"(?: (?:a lot|a bunch|a million|a ton|heaps|so much|very much|you|one|mate|man|buddy|friend|dude|again|for now|then|for (?:that|this|everything|your help)))*"
    )
    if re.fullmatch(rf"{praise}(?:[,.! ]+{praise})*[!. ]*", low):
        return Wish(kind="thanks")
    if re.fullmatch(
        r"(?:(?:and )?what else (?:can|could) (?:you|i) (?:do|say|ask)(?: here)?|help(?: me)?|\?+|commands|what can (?:you|i) (?:do|say|ask)(?: here)?|what can you draw|(?:what|which|list|show me the|show)(?: all| the)? styles(?: (?:are there|do you (?:know|have)|can you do|exist))?|how (?:does|do) (?:this|it|you) work|what is this|who are you|(?:do|can) you (?:speak|understand|know) (?:english|german|french|spanish|italian|chinese|japanese|dutch|portuguese|russian|polish|other languages)|what are you|are you an? (?:real |actual |living )?(?:person|ai|llm|language model|bot|human|robot)|(?:what|which)(?: kinds? of)? (?:commands|things|sentences|wishes|options|features)(?: (?:are there|do you (?:know|understand|have|support)|can (?:i|you) (?:use|say|do)|exist|understand))+|(?:show|list)(?: me)? (?:the |all )?(?:commands|help|options)|how (?:do|can) i use (?:this|it|you)|(?:i need |i'm lost,? ?)?(?:help|a hint)(?: please)?|i'm lost|i (?:don't know|have no idea|'ve no idea) what to (?:say|do|draw|ask|make|paint|want)|what (?:now|next)|how are (?:you|things)(?: doing)?(?: today)?|(?:who|what) (?:made|built) you|what's your name|what (?:are|is) (?:my|the|your) (?:options|choices|possibilities|functions?|features|abilities)|how(?: do| can| could| would| should|'d)? (?:i|one|you|we) (?:save|keep|undo|go back|lock|unlock|export|share|remove|delete|start|change|add|replace|rate|check|fix|make a (?:picture|template)|draw|use|see|find|get back|edit|reset|search)\b.{0,40}|how (?:to|does one) (?:save|undo|go back|lock|export|remove|start|change|add|use)\b.{0,40})[?!. ]*",
        low,
    ):
        return Wish(kind="help")
    if re.fullmatch(
        r"(?:let's )?(?:start (?:over|again|fresh|from scratch|a new (?:one|picture))|begin again|reset|from scratch|(?:a |something )?(?:brand )?new(?: (?:picture|image|idea|one))?|(?:(?:give|show|draw|make|do|try)(?: me)? |i want |let's (?:do|try|see) )?something (?:completely|totally|entirely|very|really|quite) (?:different|else|new|other))",
        low,
    ):
        return Wish(kind="fresh")
    return None


def settings(low: str, plain: str) -> Wish | None:
    """Sizes and steps, which no word of a prompt changes."""
    if (
        re.fullmatch(
            r"(?:make|render|draw|have|i want|show) (?:it|this|the (?:whole )?(?:picture|image)|that) (?:(?:much|a bit|a lot|way) )?(?:bigger|larger|smaller|wider|taller|higher resolution)",
            low,
        )
        and "it " not in f"{low} "[5:8]
    ):
        return Wish(kind="settings", text=plain)
    if _SETTING.search(low) and _OF_SETTINGS.fullmatch(low) and low not in ("square", "a square", "the square"):
        return Wish(kind="settings", text=plain)
    return None


def history(low: str, _: str) -> Wish | None:
    """Other tries, and going back."""
    if (match := re.fullmatch(r"(?:show|open|display|get)(?: me)? (.+) again", low)) and reference(match[1]):
        return Wish(kind="back", picture=reference(match[1]) or "")
    if re.fullmatch(
        r"(?:(?:use |try |with |take )?(?:a |some )?(?:random|fresh|other|another|different|new) (?:seed|dice)|roll (?:the|a) dice(?: again)?|roll again|(?:give me |show me |some |do )*more (?:of (?:these|those|this|that|the same|it)|like (?:these|those))|surprise me|again and again|shuffle)",
        low,
    ):
        return Wish(kind="again", count=4 if low.endswith(("these", "those")) else 1)
    if match := re.fullmatch(
        rf"(?:draw|do|make|render|paint|try|generate)(?: (?:it|this|that))? (?:again )?{COUNT} (?:more )?times?", low
    ):
        return Wish(kind="again", count=counted(match["count"], 2))
    match = re.fullmatch(
        r"(?:give me |show me |make |draw |do |try )?(?:another|one more|a new|a different)(?: (?:one|take|try|version|variation|picture|go))? (?:of|on|like|at|for|with) (.+)",
        low,
    )
    if match and (named := reference(match[1], loose=bool(re.search(r"\b(?:of|on) the\b", low)))) is not None:
        return Wish(kind="again", picture=named)
    if match := re.fullmatch(r"(?:use|take|try|with|set) (\d{1,10}) (?:as|for) (?:the |a |your )?seed", low):
        return Wish(kind="again", seed=match[1])
    if re.fullmatch(
        r"(?:(?:give me|use|try|take|pick|with) )?(?:an?other|a different|a new|some other) (?:random )?number", low
    ):
        return Wish(kind="again")
    if (match := re.search(r"\bseed(?: (?:number|to|is|of))*[ :=#]*(\d{1,10})\b", low)) and len(low.split()) <= 9:
        return Wish(kind="again", seed=match[1])
    if match := re.fullmatch(
        rf"(?:(?:make|give|show|do|render|try|create|generate|draw)(?: me)? )?(?:{COUNT} )?(?:more|other|different|new|another)? ?(?:variations?|variants?|versions?|alternatives?|takes?|options|tries)(?: (?:of|on|for) {REF})?",
        low,
    ):
        plural = low.rstrip().endswith("s") or "s of" in low or "s on" in low
        return Wish(kind="again", count=counted(match["count"], 4 if plural else 1), picture=ref_of(match["ref"]))
    if match := re.fullmatch(
        rf"(?:(?:make|give|show|do|render|try)(?: me)? )?{COUNT} (?:more|others?)(?: (?:pictures?|images?|like (?:this|that|it)))?",
        low,
    ):
        return Wish(kind="again", count=counted(match["count"], 1))
    if match := re.fullmatch(
        rf"(?:(?:make|give me|do|draw|render|show me) {COUNT}|{COUNT.replace('<count>', '<more>')} more) of (?:them|these|those|it|this)",
        low,
    ):
        return Wish(kind="again", count=counted(match["count"] or match["more"], 1))
    if match := re.fullmatch(rf"(?:show me |give me |make |do )?more like {REF}", low):
        return Wish(kind="again", count=2, picture=ref_of(match["ref"]))
    if match := re.fullmatch(
        rf"(?:(?:let's |lets )?(?:try|do|render|make|draw|generate|give me|roll|show me)(?: {REF})? ?)?(?:again|once more|one more time|another(?: one)?|another (?:try|picture|image|go)|one more|re-?roll|retry|redo|regenerate|(?:with )?(?:an?|another|a different|a new|different|new|other|some other)(?: random)? seed|something else|a different one)(?: (?:with|using) (?:an?other|a different|a new) seed)?",
        low,
    ):
        return Wish(kind="again", picture=ref_of(match["ref"]))
    if re.fullmatch(
        r"(?:re-?roll|retry|redo|regenerate|re-?render)(?: it| this| that)?|(?:change|use|try|vary|switch|randomi[sz]e|shuffle|roll|re-?roll) (?:the|another|a different|a new)(?: random)? seed",
        low,
    ):
        return Wish(kind="again")
    if match := re.fullmatch(
        rf"(?:let's |can we )?(?:go |take me |bring me |get |come |switch |jump )?(?:back )?to {REF}|(?:return|revert|go) to {REF.replace('<ref>', '<ref2>')}|(?:continue|start|go on|work) (?:from|with) {REF.replace('<ref>', '<ref3>')}|(?:i (?:liked|preferred|prefer|like) ){REF.replace('<ref>', '<ref4>')}(?: (?:more|better|best))?|(?:use|take|pick|choose|select|go with|let's (?:use|take|go with)) {REF.replace('<ref>', '<ref5>')}|{REF.replace('<ref>', '<ref6>')} (?:was|is|looked|looks) (?:much |way |a lot )?(?:better|best|nicer|the best)",
        low,
    ):
        said = next((said for name in ("ref", "ref2", "ref3", "ref4", "ref5", "ref6") if (said := match[name])), "")
        if ref_of(said) not in ("", "attached"):
            return Wish(kind="back", picture=ref_of(said))
    return None


def keeping(low: str, _: str) -> Wish | None:
    """Favourites."""
    low = low.rstrip("? ")
    end = r"(?: (?:to|in|into|as|among|with|for) (?:my |the |a |an? )?(?:favou?rites?|library|collection|saved|later|me|keeps))*"
    if match := re.fullmatch(
        rf"(?:remove|delete|unsave|forget|drop|un-?favou?rite|take out|throw away) (?:(?:the |my )?(?:(?P<nth>{ORDINAL}) )?(?:favou?rite|saved (?:picture|one))s? ?(?:number |no\.? |#)?(?P<id>[0-9a-f~-]*|picture \d+)|{REF} from (?:my |the )?(?:favou?rites?|library))",
        low,
    ):
        return Wish(kind="forget", picture=ref_of(match["ref"]), text=match["id"] or match["nth"] or "")
    match = re.fullmatch(
        r"(?:take|remove|delete|drop|kick|throw|get|i don't want|i do not want) (.+?) (?:out of|from|off|in|among) (?:my |the )?(?:favou?rites?|library|collection|saved (?:pictures|ones))(?: list)?(?: (?:again|any ?more|any longer))*",
        low,
    ) or re.fullmatch(r"(?:unsave|un-?favou?rite|un-?bookmark|un-?star)(?: (.+))?", low)
    if match and (named := reference(match[1] or "it", loose=True)) is not None:
        return Wish(kind="forget", picture=named or "current")
    keep = rf"(?:i(?:'ll| will| want to|'d like to)? )?(?:save|keep|bookmark|favou?rite|star|store|add|like and save)(?: {REF})?{end}"
    if (match := re.fullmatch(keep, low)) and (not low.startswith("add") or "favo" in low or "library" in low):
        return Wish(kind="save", picture=ref_of(match["ref"]))
    if match := re.fullmatch(
        rf"(?:i(?:'ll| will| want to|'d like to)? )?(?P<verb>save|keep|bookmark|favou?rite|star|store|add|remember)(?: me)? (?P<of>.+?){end}",
        low,
    ):
        kept = low.endswith(("favourites", "favorites", "library", "collection"))
        named = reference(match["of"], loose=match["verb"] not in ("keep", "add", "remember") or kept)
        if named is not None and (match["verb"] not in ("add", "remember") or kept):
            return Wish(kind="save", picture=named)
        if (
            re.fullmatch(
                r"(?:them all|these|those|all|both|every one|each)(?: of)?(?: (?:them|these|those|the (?:pictures|images)|three|four|two|it))?(?: (?:pictures|images))?|everything|the (?:two|three|four)(?: of them)?",
                match["of"],
            )
            and match["verb"] != "keep"
        ):
            return Wish(kind="save", picture="both" if re.search(r"both|two", match["of"]) else "all")
    match = re.fullmatch(
        r"(?:put|place|move|store|include|mark|set) (.+?) (?:in|into|to|on|among|as|with) (?:an? |my |the )*(?:favou?rites?|library|collection|saved|keepers?)(?: list)?|make (.+?) (?:an? |my )?favou?rite",
        low,
    )
    if match and (named := reference(match[1] or match[2], loose=True)) is not None:
        return Wish(kind="save", picture=named)
    if re.fullmatch(
        r"(?:(?:show|list|see|open|view|give|what are|where are)(?: me)? )?(?:all )?(?:of )?(?:my |the |our )?(?:favou?rites?|favs?|saved (?:pictures|images|ones|prompts)|favou?rite pictures|collection)[?]?|(?:let me |can i |i want to )(?:see|look at|browse) (?:all )?(?:my |the )(?:favou?rites?|saved (?:pictures|images|ones)|collection)|(?:show|list)(?: me)? (?:all )?(?:the )?saved(?: (?:pictures|ones))?|(?:what|which)(?: pictures| ones| images| prompts)? (?:did|have|do) i (?:saved?|kept|keep|bookmarked|starred|have saved)(?: (?:so far|yesterday|today|before|until now|last week|already))*|(?:show me )?what (?:(?:did|have) )?i(?:'ve)? (?:save|saved|keep|kept)(?: so far)?[?]?",
        low,
    ):
        return Wish(kind="favourites")
    return None


_SHOWN = re.compile(
    r"(?:show me|let me see|can i see|i(?:'d like| want) to see) (?:(?:some|a few|any|more|other|good|nice|cool) )*((?:[a-z-]+ )?[a-z-]{3,}s)(?: from the library)?"
)
_NO_SEARCH = re.compile(
    r".*(?:ss|us|is|'s)$|(?:.* )?(?:clouds|stars|shadows|colou?rs|lights|details|pictures|images|photos|versions|variations|variants|takes|tries|options|ones|others|locks|drafts|steps|changes|settings|reasons|sources|favou?rites|ways|things|words|phrases|prompts|examples|ideas|results|commands|conditions|filters|yours|theirs|this|glasses|fireflies|snowflakes)$"
)


def looking(low: str, plain: str) -> Wish | None:
    """Questions about the prompt, and searching without drawing."""
    low = low.rstrip("?. ")
    if match := re.fullmatch(
        r"inspire me(?:[:,]+| with| by) ?(.+)|(?:which|what|how many) (?:prompts|examples|pictures) (?:in (?:the|your) library )?(?:mention|use|contain|have|include|say|talk about|hold|show|are about|are there (?:with|about)|go with) (.+)|(?:(?:show me|let me see|i(?:'d)? (?:want|like) to (?:see|know)|see|tell me|can i see) )?what (?:other people|others|people|other users|artists) (?:did|do|made|make|wrote|write|have (?:done|made|written)|came up with|drew|prompted) (?:with|for|about|of|on) (.+)",
        low,
    ):
        asked = next(part for part in match.groups() if part)
        if not re.search(r"\b(?:my|we|our|this|it)\b", asked):
            return Wish(kind="search", text=tail(plain, asked), count=6)
    if re.fullmatch(
        r"(?:what(?:'s| is| has| have| did| was| were)?(?: you| the)?(?: been| just)? (?:change|changes|changed|add|added|do|done|different|new)(?: (?:now|here|there|last|this time|to (?:it|the (?:prompt|picture))|(?:and )?why))*"
        r"|(?:explain|justify|tell me about|show me)(?: me)? (?:the |your |that |this |what (?:you )?)?(?:last |latest |recent )?(?:changes?|edits?|changed|additions?|choices?|reasons?|reasoning|sources?|evidence)(?: .{0,40})?|where (?:does|did|do) (?:that|this|it|these|those|they) come from|why(?: (?:did you do )?(?:that|this|it|so))?|based on what|says who|(?:which|what) (?:of (?:these|the|those) )?(?:phrases?|words?|parts?|additions?|ideas?) (?:is|are|was|were|did) (?:your own|your|yours|you (?:add|make up|invent|come up with)|made up|invented|not mine|from (?:you|examples|the library))(?: (?:own )?ideas?| add| yourself)*|what did you (?:make up|invent|come up with)(?: yourself)?|why is it (?:so|like|that) .*)",
        low,
    ):
        return Wish(kind="why")
    if match := re.fullmatch(
        r"(?:which|what)(?: \w+)? (?:examples?|prompts?|pictures?|evidence|sources?)(?: (?:did|do|have|is|are|was|were|does))?(?: you| there)? ?(?:take|took|taken|get|got|use|used|found|find|have|behind|for|supports?|back(?:s|ed)?(?: up)?|cite|cited|holds?|hold|contain)(?: for)? (.+?)(?: (?:from|for|in|on|of))?|explain (?:the |me |why )?(.+?)|(?:where|what) (?:did|do|does) (?:you )?(?:get|take|have|find) (.+?)(?: from)?|(?:what's|what is|what was) the (?:reason|evidence|source|idea|point)s? (?:for|of|behind) (.+?)|who told you to (?:add|put|write|use) (.+?)|(?:show me |give me )?(?:the )?(?:evidence|examples|sources?|reasons?) (?:for|behind) the (?:phrase|word) (.+?)|who (?:added|put|wrote|asked for|wanted) (.+?)(?: (?:in|there|to it))*|what (?:does|do) (.+?) (?:mean|do(?: (?:here|there))?|add|bring)",
        low,
    ):
        asked = next((part for part in match.groups() if part), "").strip("\"' ")
        if asked and not re.search(r"\b(?:each|every|these|words|phrases|how|you)\b", asked):
            return Wish(kind="why", text=re.sub(r"^(?:the|that|this) (?:phrase |word |words )?", "", asked))
    low = re.sub(r"^(?:tell me|explain|say|can you say)(?: to me)? (?=why\b|how come\b)", "", low)
    if match := re.fullmatch(
        r"what made you (?:add|put(?: in)?|choose|use|pick|write|go for|think of|include|take) (.+)", low
    ):
        return Wish(kind="why", text=match[1].strip("\"' "))
    if match := re.match(
        r"(?:why|how come)\b(?: (?:did|have|do) you| you)?(?: (?:changed?|did|do|add|added|put(?: in)?|choose|chose|use|used|included?|write|wrote|picked|pick|say|said|go for|went for|take|took|insert|inserted|give|gave))?(?: is| are| was| were| there's| there| the|'s| did| you)*(?: +(.*?))?(?: (?:in|into|to) (?:it|there|(?:the|my|this|our) (?:prompt|picture)))?$",
        low,
    ) or re.match(
        r"(?:where (?:does|did) |what is |what does |what's )(.+?)(?: (?:come from|for|do|mean|doing (?:in )?(?:there|here)))[?. ]*$",
        low,
    ):
        asked = (match[1] or "").strip("\"' ")
        asked = re.sub(r"(?<=\w)(?: (?:in there|in here|in it|on it|there|here|in))+$", "", asked)
        return Wish(kind="why", text="" if asked in ("that", "this", "it", "these", "those", "them", "") else asked)
    if match := re.fullmatch(
        r"(?:do you have|have you got|is there|are there|have you) (?:anything|something|any(?: \w+)?) (?:with|about|like|of|on|for|showing) (.+?)(?: in (?:the|your) (?:library|collection))?|(?:what's|what is|what do you have|what have you got|show me what's|anything)(?: there)?(?: in (?:the|your) library)? (?:about|with|on|like|for|of) (.+?)(?: in (?:the|your) library)?|what (?:have|did|do|would|might)(?: (?:other|some|most))? (?:people|others|artists|users|everybody|everyone)(?: else)? (?:written|write|wrote|used?|say|said|type|typed|do|make|made|prompt)(?: (?:for|about|of|with|to (?:get|make|draw)))* (.+)|how (?:do|did|would)(?: (?:other|some|most))? (?:people|others) (?:prompt|write|describe|ask for|draw|make)(?: (?:for|about))? (.+)"
        r"|(?:have you |you |do you have |are there |have )?(?:got |any )+(?:good |nice )*(?:prompts?|examples?|ideas?|inspirations?|references?) (?:of|for|with|about|like|on|that have|showing|to do with) (.+)|(?:examples?|prompts?|ideas?|references?|inspiration)[: ]+(?:please[: ]+)?(?:for |of |with |about |like )(.+)|search(?: (?:the )?(?:library|prompts?|examples?|for|pictures?))*[: ]+(.+)",
        low,
    ):
        return Wish(kind="search", text=tail(plain, next(part for part in match.groups() if part)), count=6)
    if re.fullmatch(
        r"(?:please )?(?:inspire me|i need (?:some )?(?:inspiration|ideas)|(?:give me |any )?(?:some )?(?:inspiration|ideas))",
        low,
    ):
        return Wish(kind="search", count=6)
    if re.fullmatch(
        r"(?:is there |are there |do you have |have you got |find |show me )?(?:anything|something|any (?:pictures?|prompts?|examples?)|pictures|images|prompts|examples)(?: (?:that(?:'s| is| are)?|which (?:is|are)))? (?:similar|alike|like (?:this|that|it)|close)(?: to (?:this|that|it))?(?: in (?:the|your) library)?|search(?: the)? library for (?:pictures|images|prompts|ones) like (?:this|it|that)(?: one)?",
        low,
    ):
        return Wish(kind="describe", picture="current")
    thing = r"(?:similar |good |other |more |some )*(?:prompts?|examples?|ideas?|inspirations?|pictures|images|photos)"
    if match := re.fullmatch(
        rf"(?:find|search|look|show|give|list|browse|get|are there|what|which)(?: for| me| up)*(?: {COUNT}| any| the)?(?: {thing})(?: (?:are there|do you have|you have|exist))? (?:like|similar to|near|close to) {REF}[?]?",
        low,
    ):
        return Wish(kind="describe", picture=ref_of(match["ref"]) or "current")
    if match := re.fullmatch(
        rf"(?:what|which)(?:'s| is| was)? (?:the )?prompts?(?: (?:is|was|made|of|for|behind|did you use for))+ {REF}[?]?",
        low,
    ):
        return Wish(kind="describe", picture=ref_of(match["ref"]) or "current")
    if re.fullmatch(
        r"(?:(?:show|tell|give|read|print|repeat)(?: me)? |what(?:'s| is| was| were| are)? |which )(?:the |your |my |its )?(?:current |full |whole |exact |final )?(?:negative )?(?:prompt|seed|recipe|settings|draft)s?"
        r"(?: (?:now|so far|did you use|(?:have )?you used?|was used|of it|for it))?|how did you (?:make|do|draw|get) (?:it|this|that)"
        r"|(?:show me )?what(?:'s| is| are| do| did| have| am| was)?(?: you| we| i)? (?:being )?(?:kept|keep|keeping|left|leave|leaving) out(?: of (?:it|there|the (?:picture|image|prompt)))?|what(?:'s| is) (?:in |on )?(?:the )?(?:negative(?: prompt)?|avoid list)|what(?:'s| is) (?:avoided|excluded|banned|forbidden|not allowed)|what (?:must|may|should|can)(?:n't| not) (?:be (?:in (?:it|there|the picture)|shown|there)|appear)|what (?:do|did|have) (?:you|i|we) (?:avoid|exclude|ban)(?:ed|ned)?",
        low,
    ):
        return Wish(kind="prompt")
    if match := re.fullmatch(
        rf"(?:find|search|show|give|list|get)(?: for| me)*(?: any| the| some)? similar (?:prompts?|examples?|pictures|images|ones)|describe {REF}|what do you see(?: in {REF.replace('<ref>', '<ref2>')})?",
        low,
    ):
        return Wish(kind="describe", picture=ref_of(match["ref"] or match["ref2"]) or "current")
    if match := re.fullmatch(
        rf"(?:(?:find|show|give|list|get|see|any)(?: me)?(?: {COUNT}| any| the)? )?(?:more |good |other |some )*(?:prompts|examples|ideas|inspirations?)",
        low,
    ):
        return Wish(kind="search", count=counted(match["count"], 6))
    asked_for = re.fullmatch(
        rf"(?:find|search|look|show|give|list|browse|get|see|i need|i want|any)(?: for| me| up| through the library)*(?: {COUNT}| any| the)?(?: {thing})(?: (?:like|of|with|for|about|that (?:have|show|look like)|near|showing|in|on))? (.+)",
        low,
    )
    if asked_for and asked_for[2] not in ("me", "it"):
        return Wish(kind="search", text=tail(plain, asked_for[2]), count=counted(asked_for["count"], 6))
    if match := re.fullmatch(r"(?:search|look|find|browse)(?: me)?(?: the library)?(?: for| up)? (.+)", low):
        return Wish(kind="search", text=tail(plain, match[1]), count=6)
    if match := re.fullmatch(r"(?:inspiration|ideas|examples|prompts)(?: for| of| like| with| about)? (.+)", low):
        return Wish(kind="search", text=tail(plain, match[1]), count=6)
    if (match := _SHOWN.fullmatch(low)) and not _NO_SEARCH.fullmatch(match[1]):
        return Wish(kind="search", text=tail(plain, match[1]), count=6)  # "show me castles"; one castle is to be drawn
    if match := re.fullmatch(
        rf"(?:draw|use|take|make|render|try|paint)(?: me)? (?:the )?(?:(?P<nth>{ORDINAL}) (?:example|prompt)|(?:example|prompt) (?:number |no\.? |#)?(?P<n>\d+))",
        low,
    ):
        return Wish(kind="use", text=match["nth"] or match["n"])
    return None
