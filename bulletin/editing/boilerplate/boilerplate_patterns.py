"""
Patterns of English boilerplate, each with what it matches.

A pattern matches the shape of a thing (an appeal is an imperative and a thing of the web), not the words of one
publisher. All are bounded, so that a line is read once, however long it is.

`python -m bench.rule_matches` finds fewer than three matches of some (bylines, stamps, datelines of papers, editor's
notes) in the fresh articles, because an extractor has been over those. They stay for the text of feeds, which none has.
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_TIME = (
    r"\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:gmt|bst|utc|e[sd]t|p[sd]t|c[se]t|et|pt|ist)\b)?"
)
_DATE = (
    rf"(?:{_DAY},? )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},?(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,?(?: \d{{4}})?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)"
)
_STAMP = rf"(?:{_DATE}(?:,? ?(?:at |-|–|\|)? ?{_TIME})?|{_TIME}(?:,? ?(?:on |-|–|\|)? ?{_DATE})?)"
_PERSON = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}"
_AGENCY = (
    r"(?:Reuters|AP|AFP|PA|UPI|PTI|ANI|IANS|CNN(?: [A-Z]\w+)?|BBC|Bloomberg|Xinhua|EFE|dpa|DPA|TASS|Kyodo|JIJI|ANSA|"
    r"Associated Press|Press Association|PA Media)"
)
_AGENCIES = rf"(?:{_AGENCY}|[A-Z]{{2,6}}(?: News)?|[A-Z]\w+\.com|[A-Z]\w+ News|(?:[A-Z]\w+ ){{1,3}}(?:Agency|Service|Media))"
_BY_AGENCY = rf"(?:\({_AGENCY}\)\s*(?:[–—:-]{{1,2}}|\.)?|\({_AGENCIES}\)\s*[–—:-]{{1,2}})\s*(?=[A-Z“\"'‘\d])"
"""Unknown initials are a news agency's only before a dash: "The Port Police (WPP) has" goes on."""

INLINE_LABEL = re.compile(
    r"\s*\b(?:(?:READ|SEE|WATCH|LISTEN|ALSO|MORE|RELATED|Read|See|Watch|Listen|Also|More|Related)"
    r"(?: (?:also|more|next|now|this|too|on|here|read|see|story|stories|article|articles|ALSO|MORE|READ|SEE|NOW|THIS|STORY)){0,2}) ?(?::|\||>|»|➤|►)"
)
"""A label of a link in the middle of running text: "Read more: ..."."""

LABELS_MARK = re.compile(r"[:|>»➤►]")
"""What follows every such label."""

ABOUT_PAGE = re.compile(
    r"\blive ?blog\b|^follow (?:all|along|our|live)\b|\b(?:click (?:here|on|to|below|the)\b|(?:sign|signed) up (?:here|now|today|to (?:our|receive|get)|for (?:our|free|more|email|news|alerts|updates|a free))\b"
    r"|subscri(?:be|bing) (?:to|now|here|today|for|and)\b|please (?:subscribe|log|sign|click|enable|support|donate|consider|email|contact|visit|note that this)\b"
    r"|(?:our|free|daily|this|morning|evening|email) (?:e-?mail )?newsletters?\b|your (?:in-?box|email address|browser|subscription|account|cookie|privacy|consent|ad ?blocker)\b|(?:to|in) (?:an|the|my) inbox\b"
    r"|(?:we|site|website|page|this) (?:also )?uses? cookies\b|cookies? (?:settings|preferences|consent|notice)\b"
    r"|all rights reserved\b|copyright (?:\d{4}|by|the)\b"
    r"|follow (?:us|me|@\w+)\b|(?:like|find|join|follow) us on\b|\b(?:is|are) (?:also )?on (?:facebook|twitter|instagram|whatsapp|x|tiktok|youtube)\b|pic\.twitter\.com\b"
    r"|(?:first |originally )?(?:appeared|published) (?:first )?(?:on|at|in) [a-z]\w*\.\w+|the post .{1,200} appeared first\b"
    r"|continue reading\b|(?:to )?read (?:more|the full|the rest|the whole|the entire|this (?:article|story))\b|read more\b|keep reading\b|full (?:story|article|report) (?:here|at|on)\b"
    r"|scroll (?:down|up|to)\b|story continues\b|article continues\b|^\W{0,3}advert(?:isement|ising)\b.{0,30}$|after (?:newsletter|podcast) promotion\b"
    r"|java ?script\b.{0,60}\b(?:enable|disable|require|browser|turn)|(?:enable|turn on|disabled|requires?)\b.{0,60}\bjava ?script\b|media playback\b|supports? html5\b"
    r"|(?:video|content|embed) (?:can ?not|can't|is not|is no longer|isn't) (?:be )?(?:play|avail|support)"
    r"|this (?:article|story|report|post|piece|page|copy) (?:was|has been|is|may|will be|contains?|first|originally|has not been)\b|the (?:article|post) (?:first|originally|has been (?:amended|updated))\b"
    r"|(?:contributed|contributing) to this (?:report|story|article)\b|additional reporting\b|(?:reporting|writing|editing) by [a-z]|with inputs? from\b|has been auto-?generated\b|syndicated feed\b"
    r"|(?:got|have) a (?:news )?(?:tip|story)\b|send us\b|contact (?:us|the (?:author|writer|reporter|newsroom|newsdesk))\b|e-?mail (?:us|the (?:author|editor|reporter)|him at|her at)\b|can be (?:reached|contacted|followed) (?:at|on|via)\b"
    r"|(?:leave|post|add|view|show|read|submit) (?:a |your |the |all )?(?:comments?|reply)\b|have your say\b|join the (?:conversation|discussion|debate)\b|in the comments\b|comments are\b"
    r"|get (?:the |our |all the |all |more )?(?:latest|best|breaking|top|daily)\b.{0,60}\b(?:app|inbox|email|newsletter|alerts?|notifications?|news)\b|download (?:the|our|your)\b.{0,60}\b(?:apps?|free|today|now|here)\b|(?:news|mobile) apps? (?:here|today|now|from|is available)\b"
    r"|support (?:our|quality|independent|local) journalism\b|already (?:a |have an? )(?:subscriber|member|account)\b|(?:create|register for) (?:a free |an )?account\b|log in (?:to|for|here|or)\b|sign in (?:to|or|here)\b"
    r"|\byou have \w+ (?:free )?(?:articles?|stories) (?:left|remaining)\b|unlimited (?:digital )?access\b|(?:free )?trial (?:today|now|offer)\b|external (?:links?|sites?|internet)\b|opens in (?:a )?new\b|share (?:this|on|with|via)(?: (?:article|story|page|on|with|via)|$|:)"
    r"|may (?:not be|earn)\b.{0,40}\b(?:reproduced|republished|redistributed|broadcast|commission)|affiliate (?:links?|commission)\b|trust principles\b|why you can trust\b"
    r"|for more (?:information|details|news|stories|on this|coverage)\b.{0,30}\b(?:visit|see|click|call|go to|follow|contact|email|check)\b|(?:visit|see|check out) (?:our|the) (?:website|site|page|web page|facebook)\b|available (?:here|at www)\b|(?:visit|at) www\."
    r"|(?:listen|tune in) (?:live|again|to (?:our|the) (?:podcast|show|station|programme))\b|buy now\b|book now\b|shop now\b|order now\b|read it (?:here|on)\b"
    r"|press (?:enter|play|the play)\b|tap (?:here|to|on the)\b|newsletter here\b|most (?:read|popular|viewed) (?:stories|articles|news|on)\b"
    r"|read of this story\b|(?:of|at) this story\b.{0,20}\bslashdot\b|to view this (?:content|video|gallery)\b|here(?:'s|’s) (?:his|her|the|their|[a-z]\w+(?:'s|’s)) (?:tweet|post|video)\b|see (?:more )?(?:photos|pictures|gallery|video|the video|below|map)\b"
    r"|(?:the|our) (?:live )?(?:blog|podcast|live feed)\b.{0,24}\b(?:here|below|above)\b|that's all from us\b)|©|\(c\) ?(?:19|20)\d\d",
)
"""
A sentence about the page, the site or what the reader should do there.

To be looked for in small letters: ignoring the case takes five times as long, and this is half of all reading.
"""

MAY_BE_NEWS = re.compile(
    r"\bsign(?:ed)? up (?:to|for) the\b|\b(?:the|a|weekly) (?:e-?mail )?newsletters?\b|\bcookies? policy\b|\bprivacy (?:policy|notice|settings)\b"
    r"|\bterms (?:of (?:use|service)|and conditions|& conditions)\b|\bfirst published\b"
    r"|\bon (?:facebook|twitter|instagram|whatsapp|x|tiktok|youtube)(?:,| and| or| at| @|:)|\badvert(?:isement|ising)\b.{0,30}$"
    r"|\b(?:appeared|published) (?:first )?(?:on|at|in) [a-z][\w ]{2,30}\.$|\bcompiled by [a-z]|\bget in touch\b|\bcomments section\b"
    r"|\bnotifications\b.{0,30}\b(?:enable|turn|allow|get)\b|\b(?:app store|google play)\b|\bbecome a (?:member|subscriber|supporter|patron)\b"
    r"|\bshare (?:this|on|with|via) (?:post|facebook)\b|\b(?:buy|book) tickets\b|\bswipe\b.{0,20}\b(?:left|right|to see)|\bas it happened\b"
)
"""What a page says of itself and a reporter of others: furniture, unless the sentence is a plain clause (see `APPEALS`)."""

APPEALS = re.compile(
    r"^\W{0,3}(?:please|don't|do not|want|got|have you|for more|to (?:get|read|see|find|join|sign|book|buy|view|subscribe)|more|also|watch|follow|like|find|join|share|sign|"
    r"subscribe|click|read|get|visit|see|check|download|listen|send|e-?mail|contact|call|tell|let|buy|book|order|shop|tap|press|scroll|swipe|leave|"
    r"post|add|view|show|submit|log|create|register|become|support|donate|turn|enable|allow|keep|stay|connect|chat|comment|try|use|start)\b"
    r"|\b(?:you|your|our|ours|us|we|me|my|here|readers|subscribers)\b|\b(?:this|the) (?:site|page|article|story|post|website|app|material|content|gazette)\b"
)
"""Who speaks to the reader or of the page itself; to be looked for outside quotation marks, in small letters."""

WITHDRAWN = re.compile(
    r"^(?:update[sd]?|correction|clarification|retraction|editor'?s note)\b[^:]{0,40}: .{0,300}\b(?:false|incorrect|inaccurate|untrue|not true|wrong|hoax|fake|"
    r"fabricated|denied|denies|no such|never (?:happened|took place)|retracted|withdrawn|did not)\b",
    re.IGNORECASE,
)
"""A note that takes the article back."""

NOTE_LABEL = re.compile(
    r"^(?:UPDATED?|Updated?|CORRECTION|Correction|Clarification|BREAKING(?: NEWS)?|Breaking(?: news)?|JUST IN|Just in|DEVELOPING|Developing)\b(?: \d{1,2}[:.]\d\d(?: ?[ap]m)?)?"
    r" ?[:–—-]+ (?=[A-Z\"“])"
)

PICTURED = re.compile(
    r", (?:pictured|seen|shown)(?: (?:here|above|below|left|right|centre|center|together|inset))+(?: (?:with|in|at|on|during|after) [^,.]{2,50})?(?P<end>[,.])"
    r"|\s*\((?:far )?(?:pictured|left|right|above|below|inset|centre|center)(?: (?:left|right|above|below|here|and|in|at|on|with|during)\b[^()]{0,60}|,[^()]{0,40})?\)"
)
"""Where in the picture somebody stands, said in the middle of a sentence."""

GLUED_CREDIT = re.compile(
    r"\s*\([^()]{0,60}\b(?:[Rr]ights reserved|[Cc]opyright|[Cc]redit|Getty|Reuters|PA|AP|AFP)\b[^()]{0,30}\)(?=[A-Z])"
)
"""A picture's credit with no space before the sentence that follows."""

CAPTION = re.compile(
    r"\b(?:getty images?|shutterstock|istock|alamy|rex features|wikimedia commons|unsplash|pixabay|handout|pa (?:wire|images?)|ap photo|afp photo|epa)\b[^.]{0,40}\.?$"
    r"|^(?:image|photo(?:graph)?|picture|pic|video|media|figure|graphic|illustration|file|caption|gallery|slideshow|embed)s?(?: (?:source|credit|caption|courtesy|copyright|by|shows?|from))?s? ?(?::|,|©|via |by |courtesy|credit|copyright|caption|source)"
    r"|^media (?:caption|playback)|^image (?:copyright|caption|source)|\b(?:photo(?:graph)?|picture|image|credit|video) ?(?:credit|courtesy|by|:)[: ]|\((?:photo|image|picture|pictured|file|source|credit|l-r)\b[^)]{0,80}\)$|\((?:left|right|above|centre|center)\)?$"
    r"|\b(?:seen|shown|pictured) (?:here|above|below|left|right|in this)\b|\bin this (?:file |undated |handout |courtroom |combination |image|photo|picture|still|screen)"
    r"|\b(?:map|graphic|chart|picture|photo|image|footage|video|photos|pictures) shows? \b",
)
"""What stands under a picture, or whose it is; to be looked for in small letters."""

PHOTO_CREDIT = re.compile(
    r"\([A-Z][\w.'’-]+ (?:[A-Z][\w.'’-]+ ?){1,3}(?:/|for )(?:[A-Z][\w.'’-]+ ?){1,4}\)$|\((?:[A-Z][\w.'’-]+ ?){1,4}/[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}\)$"
)
"""The photographer and his agency in brackets at the end of a caption: "(Ann Fox/Wexcombe Gazette)"."""

LABEL = re.compile(
    r"^\W{0,4}(?:related|more(?: on this| stories| from .{1,40})?|most (?:read|popular|viewed)|top stories|latest(?: news)?|trending|recommended|read more|also read|see also|"
    r"(?:leave a )?reply|comments?|\d+ comments?|share(?: this)?|tags?|topics?|filed under|posted in|categories|keywords?|advertisement|sponsored|newsletter|about the author|editor'?s picks?|"
    r"you (?:may|might) (?:also )?like|in case you missed it|don'?t miss|up next|notes to editors?|ends|further information|media (?:enquiries|contact)s?|contact(?:s| details)?|rate this .{1,20}|how to listen)\b.{0,60}$",
    re.IGNORECASE,
)
"""A heading over things that are not the article."""

LAST_LABEL = re.compile(
    r"^\W{0,4}(?:\d+ )?(?:comments?|leave a (?:reply|comment)|about the author|notes to editors?|ends?|more (?:from|stories|on this)(?: .{1,40})?|related(?: (?:articles?|stories|topics|posts|coverage|news|content))|most (?:read|popular|viewed)|"
    r"media (?:enquiries|contacts?)|further information|rate this .{1,20}|how to listen|you (?:may|might) (?:also )?like|recommended(?: for you)?|top stories|what to read next|error:? .{0,30})\W{0,3}$",
    re.IGNORECASE,
)
"""A heading after which the article has ended."""

BYLINE = re.compile(
    rf"^(?i:by|from|words by|written by|posted by|reported by|story by|article by|author)\b\s?[.:]? ?\s?{_PERSON}"
    rf"(?:,? (?:and|&|for|of|in|,) {_PERSON}){{0,3}}(?:,? (?:in|for|at|[A-Z]\w+)(?: [A-Z]\w+){{0,3}})?\s*(?:[|:,.–—-]\s*|\n|$)"
)
STAMP = re.compile(
    rf"^\W{{0,3}}(?:(?:first |last )?(?:published|updated|created|posted|modified|last modified|date)\b(?: on| at)?\s*[:.|,-]?\s*[.]?\s*)?{_STAMP}\s*(?:[.|,–—-]\s*)*(?=$|[A-Z“\"|]|published|updated)",
    re.IGNORECASE,
)
STAMP_LABEL = re.compile(
    rf"^\W{{0,3}}(?:first |last )?(?:published|updated|created|posted|modified)\b(?: on| at)?\s*[:.|,-]?\s*[.]?\s*{_STAMP}\s*(?:[.|,–—-]\s*)*",
    re.IGNORECASE,
)
DATELINE = re.compile(
    rf"^(?:(?:[A-Z][A-Z.'’ -]{{2,40}}|[A-Z][\w.'’-]+(?:[ /][A-Z][\w.'’-]+){{0,3}})(?:, [A-Z][\w.' ]{{1,24}})?(?:, {_MONTH} \d{{1,2}})?,? ?)?"
    rf"{_BY_AGENCY}"
)
EDITORS_NOTE = re.compile(
    r"^\((?:Eds?|Editors?|Updat\w+|Recasts|Adds|Refiles|Correct\w+|Repeats)\b[^()]{0,100}\)\s*"
)
AGENCY_HEAD = re.compile(
    rf"^(?:(?:[A-Z][\w.'’-]{{0,24}}|\d{{1,4}}|by|and|of|for|/)[ ,]+){{1,14}}{_BY_AGENCY}"
)
DATELINE_CAPITALS = re.compile(
    r"^[A-Z][A-Z.'’]{2,}(?: [A-Z.'’]{2,}){0,4}(?:, [A-Z][A-Za-z.' ]{1,24})?(?:,? \d{1,2} [A-Z]\w+| [A-Z][a-z]{2,8}\.? \d{1,2})?\s*(?:--|[–—]|-\s|:)\s*(?=[A-Z“\"'‘])"
)
DATELINE_DASH = re.compile(r"^[A-Z][a-z]+(?: [A-Z][a-z]+){0,2} — (?=[A-Z“])")
""" "Wexcombe — The bridge ...": nothing else than a place stands alone before a dash."""
DATELINE_SOURCE = re.compile(
    r"^[A-Z][A-Z.'’ -]{2,40}(?:, [A-Z][\w. ]{1,24})? \([^()]{2,40}\)\s*[–—-]{1,2}\s*(?=[A-Z“\"'‘\d])"
)
"""A dateline with its agency or station: "WEXCOMBE (WRN 26) — A bridge ..."."""
DATELINE_OPENS = re.compile(
    r"^[A-Z][A-Z.'’]{2,}(?: [A-Z.'’]{2,}){0,2}(?:, [A-Z][A-Za-z.' ]{1,24})?"
    r"(?: \([^()]{2,40}\) ?(?:--?|[–—])| (?:--|[–—])) ?(?=[A-Z“\"])"
)
"""A place in capitals before a dash: nowhere but at the beginning of an article."""
DATELINE_BARE = re.compile(
    r"^(?:[A-Z]{5,}(?: [A-Z]{4,}){0,2}|[A-Z]{3,} [A-Z]{4,})(?:, [A-Z][a-z]+\.?)? "
    r"(?=(?:A|An|The|In|On|At|As|After|Before|Despite|When|While|With|For|From|If|Police|More|Nearly|Two|Three|Four|Five"
    r"|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Dozens|Hundreds|Thousands|\w+teen|\w+ty(?:-\w+)?) [A-Za-z])"
)
"""A place in capitals with no dash behind it: "WEXCOMBE A bridge ..."."""
DATELINE_PLACES = re.compile(
    r"^[A-Z][\w.'’]+(?: [A-Z][\w.'’]+){0,2}(?:, [A-Z][\w.'’]+(?: [A-Z][\w.'’]+){0,2}){1,3}\s+[–—-]{1,2}\s+(?=[A-Z“\"'‘])"
)
DATELINE_DAY = re.compile(
    rf"^[A-Z][\w.'’]+(?: [A-Z][\w.'’]+){{0,2}}, (?i:{_MONTH}) \d{{1,2}}(?:, \d{{4}})?\s*(?:[:–—]|-{{1,2}})\s*(?=[A-Z“\"'‘])"
)
DATELINE_PAPER = re.compile(
    r"^(?:[A-Z][\w'’]+ ){0,3}(?:News|Times|Post|Gazette|Herald|Observer|Tribune|Chronicle|Online|Today|Mail|Star|Press|Echo|Journal)\s+[–—-]\s+(?=[A-Z“\"'‘])"
)
QUOTED_FROM = re.compile(
    r"^(?:an anonymous reader|[\w .'-]{2,40}?) (?:quotes?|shares?|writes?|wrote|shared|cites?|submits?|submitted|reports?)"
    r"(?: (?:a|an|this|the) (?:\w+ )?(?:report|article|story|post|excerpt|summary|blog post|piece|column)(?: (?:from|by|via|at|on|in) [^:]{2,60})?)?:\s+(?=[A-Z“\"'‘])"
)
AGENCY_TAIL = re.compile(
    rf"\s+(?:[-–—]{{1,2}}\s*|\(){_AGENCIES}\)?\s*\.?$|\s*\((?:reporting|additional|writing|editing|compiled|with)\b[^)]{{0,240}}\)?\.?$"
)
ASIDE_CREDIT = re.compile(
    r"\s*\((?:photo|image|picture|pictured|file|source|credit|video|graphic|above|below|left|right|inset|see)\b[^()]{0,100}\)|\s*\((?:opens|external)[^()]{0,60}\)",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"\s*\(?\b(?:https?://|www\.)[^\s<>\"]{1,400}|\s*\bpic\.twitter\.com/\w{1,40}|\s*\S{1,60}@\S{1,60}\.\w{2,10}"
)
ADDRESS_MARK = re.compile(r"@|://|www\.|pic\.")
"""What every address holds: without it nobody need look for one."""
CUT_OFF = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\[\+\d+ chars\]|\(more(?:\.{3}|…)?\)|…|\.{3})\s*$")
TWEET = re.compile(r"\(@\w{2,20}\)|^RT @|\bvia @\w+|— @|\b(?:@\w{2,20}\b.*){2,}")
