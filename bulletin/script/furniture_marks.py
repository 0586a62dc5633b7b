"""By what page furniture is known: patterns, each with what it is; English.

A pattern looks for the shape of a thing (an appeal is an imperative and a thing of the web), not for the words of
one publisher. All are bounded, so that a line is read once however long it is.
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
_AGENCIES = (
    r"(?:Reuters|AP|AFP|PA|UPI|PTI|ANI|IANS|CNN(?: [A-Z]\w+)?|BBC|Bloomberg|Xinhua|EFE|dpa|DPA|TASS|Kyodo|JIJI|ANSA|"
    r"Associated Press|Press Association|PA Media|[A-Z]{2,6}(?: News)?|[A-Z]\w+\.com|[A-Z]\w+ News)"
)

INLINE_LABEL = re.compile(
    r"\s*\b(?:(?:READ|SEE|WATCH|LISTEN|ALSO|MORE|RELATED|Read|See|Watch|Listen|Also|More|Related)"
    r"(?: (?:also|more|next|now|this|too|on|here|read|see|story|stories|article|articles|ALSO|MORE|READ|SEE|NOW|THIS|STORY)){0,2}) ?(?::|\||>|»|➤|►)"
)
"""A label of a link in the middle of running text: "Read more: ..."."""

ABOUT_PAGE = re.compile(
    r"\bclick (?:here|on|to|below|the)\b|\b(?:sign|signed) up (?:here|now|today|to (?:our|the|receive|get)|for (?:our|the|free|more|email|news|alerts|updates|a free))\b"
    r"|\bsubscri(?:be|bing) (?:to|now|here|today|for|and)\b|\bplease (?:subscribe|log|sign|click|enable|support|donate|consider|email|contact|visit|note that this)\b"
    r"|\b(?:our|the|a|free|daily|weekly|this|morning|evening|email) (?:e-?mail )?newsletters?\b|\byour (?:in-?box|email address|browser|subscription|account|cookie|privacy|consent|ad ?blocker)\b|\b(?:to|in) (?:an|the|my) inbox\b"
    r"|\b(?:we|site|website|page|this) (?:also )?uses? cookies\b|\bcookies? (?:policy|settings|preferences|consent|notice)\b|\bprivacy (?:policy|notice|settings)\b"
    r"|\bterms (?:of (?:use|service)|and conditions|& conditions)\b|\ball rights reserved\b|©|\(c\) ?(?:19|20)\d\d|\bcopyright (?:\d{4}|by|the)\b"
    r"|\bfirst published\b|\bfollow (?:us|me|@\w+)\b|\b(?:like|find|join|follow) us on\b|\bon (?:facebook|twitter|instagram|whatsapp|x|tiktok|youtube)(?:,| and| or| at| @|:)|\bpic\.twitter\.com\b"
    r"|\b(?:first |originally )?(?:appeared|published) (?:first )?(?:on|at|in) (?:[A-Z]\w*\.\w+|[A-Z][\w ]{2,30}\.$)|\bthe post .{1,200} appeared first\b"
    r"|\bcontinue reading\b|\b(?:to )?read (?:more|the full|the rest|the whole|the entire|this (?:article|story))\b|\bread more\b|\bkeep reading\b|\bfull (?:story|article|report) (?:here|at|on)\b"
    r"|\bscroll (?:down|up|to)\b|\bstory continues\b|\barticle continues\b|\badvert(?:isement|ising)\b.{0,30}$|\bafter (?:newsletter|podcast) promotion\b"
    r"|\bjava ?script\b.{0,60}\b(?:enable|disable|require|browser|turn)|\b(?:enable|turn on|disabled|requires?)\b.{0,60}\bjava ?script\b|\bmedia playback\b|\bsupports? html5\b"
    r"|\b(?:video|content|embed) (?:can ?not|can't|is not|is no longer|isn't) (?:be )?(?:play|avail|support)"
    r"|\bthis (?:article|story|report|post|piece|page|copy) (?:was|has been|is|may|will be|contains?|first|originally|has not been)\b|\bthe (?:article|post) (?:first|originally|has been (?:amended|updated))\b"
    r"|\b(?:contributed|contributing) to this (?:report|story|article)\b|\badditional reporting\b|\b(?:reporting|writing|editing|compiled) by [A-Z]|\bwith inputs? from\b|\bhas been auto-?generated\b|\bsyndicated feed\b"
    r"|\b(?:got|have) a (?:news )?(?:tip|story)\b|\bsend us\b|\bget in touch\b|\bcontact (?:us|the (?:author|writer|reporter|newsroom|newsdesk))\b|\be-?mail (?:us|the (?:author|editor|reporter)|him at|her at)\b|\bcan be (?:reached|contacted|followed) (?:at|on|via)\b"
    r"|\b(?:leave|post|add|view|show|read|submit) (?:a |your |the |all )?(?:comments?|reply)\b|\bhave your say\b|\bjoin the (?:conversation|discussion|debate)\b|\bin the comments\b|\bcomments (?:are|section)\b"
    r"|\bget (?:the |our |all the |all |more )?(?:latest|best|breaking|top|daily)\b.{0,60}\b(?:app|inbox|email|newsletter|alerts?|notifications?|news)\b|\b(?:push )?notifications\b.{0,30}\b(?:enable|turn|allow|get)\b|\bdownload (?:the|our|your)\b.{0,60}\b(?:apps?|free|today|now|here)\b|\b(?:news|mobile) apps? (?:here|today|now|from|is available)\b|\b(?:app store|google play)\b"
    r"|\bbecome a (?:member|subscriber|supporter|patron)\b|\bsupport (?:our|quality|independent|local) journalism\b|\balready (?:a |have an? )(?:subscriber|member|account)\b|\b(?:create|register for) (?:a free |an )?account\b|\blog in (?:to|for|here|or)\b|\bsign in (?:to|or|here)\b"
    r"|\bunlimited (?:digital )?access\b|\b(?:free )?trial (?:today|now|offer)\b|\bexternal (?:links?|sites?|internet)\b|\bopens in (?:a )?new\b|\bshare (?:this|on|with|via)(?: (?:article|story|post|page|on|facebook|with|via)|$|:)"
    r"|\bmay (?:not be|earn)\b.{0,40}\b(?:reproduced|republished|redistributed|broadcast|commission)|\baffiliate (?:links?|commission)\b|\btrust principles\b|\bwhy you can trust\b"
    r"|\bfor more (?:information|details|news|stories|on this|coverage)\b.{0,30}\b(?:visit|see|click|call|go to|follow|contact|email|check)\b|\b(?:visit|see|check out) (?:our|the) (?:website|site|page|web page|facebook)\b|\bavailable (?:here|at www)\b|\b(?:visit|at) www\."
    r"|\b(?:listen|tune in) (?:live|again|to (?:our|the) (?:podcast|show|station|programme))\b|\bbuy (?:tickets|now)\b|\bbook (?:now|tickets)\b|\bshop now\b|\border now\b|\bread it (?:here|on)\b"
    r"|\bpress (?:enter|play|the play)\b|\btap (?:here|to|on the)\b|\bswipe\b.{0,20}\b(?:left|right|to see)|\bnewsletter here\b|\bmost (?:read|popular|viewed) (?:stories|articles|news|on)\b"
    r"|\bread of this story\b|\b(?:of|at) this story\b.{0,20}\bslashdot\b|\bto view this (?:content|video|gallery)\b|\bhere(?:'s|’s) (?:his|her|the|their|[A-Z]\w+(?:'s|’s)) (?:tweet|post|video)\b|\bsee (?:more )?(?:photos|pictures|gallery|video|the video|below|map)\b"
    r"|\b(?:the|our) (?:live )?(?:blog|podcast|live feed)\b.{0,24}\b(?:here|below|above)\b|\bas it happened\b|\bthat's all from us\b",
    re.IGNORECASE,
)
"""A sentence about the page, the site or what the reader should do there."""

CAPTION = re.compile(
    r"\b(?:getty images?|shutterstock|istock|alamy|rex features|wikimedia commons|unsplash|pixabay|handout|pa (?:wire|images?)|ap photo|afp photo|epa)\b[^.]{0,40}\.?$"
    r"|^(?:image|photo(?:graph)?|picture|pic|video|media|figure|graphic|illustration|file|caption|gallery|slideshow|embed)s?(?: (?:source|credit|caption|courtesy|copyright|by|shows?|from))?s? ?(?::|,|©|via |by |courtesy|credit|copyright|caption|source)"
    r"|^media (?:caption|playback)|^image (?:copyright|caption|source)|\b(?:photo(?:graph)?|picture|image|credit|video) ?(?:credit|courtesy|by|:)[: ]|\((?:photo|image|picture|pictured|file|source|credit|left|right|above|l-r)\b[^)]{0,80}\)\.?$"
    r"|\b(?:seen|shown|pictured) (?:here|above|below|left|right|in this)\b|\bin this (?:file |undated |handout |courtroom |combination |image|photo|picture|still|screen)"
    r"|\b(?:map|graphic|chart|picture|photo|image|footage|video|photos|pictures) shows? \b",
    re.IGNORECASE,
)
"""What stands under a picture, or whose it is."""

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
    rf"(?:\({_AGENCIES}\)\s*(?:[–—:-]{{1,2}}|\.)?\s*)(?=[A-Z“\"'‘\d])"
)
EDITORS_NOTE = re.compile(
    r"^\((?:Eds?|Editors?|Updat\w+|Recasts|Adds|Refiles|Correct\w+|Repeats)\b[^()]{0,100}\)\s*"
)
AGENCY_HEAD = re.compile(
    rf"^(?:(?:[A-Z][\w.'’-]{{0,24}}|\d{{1,4}}|by|and|of|for|/)[ ,]+){{1,14}}\({_AGENCIES}\)\s*(?:[–—:-]{{1,2}}|\.)?\s*(?=[A-Z“\"'‘\d])"
)
DATELINE_CAPITALS = re.compile(
    r"^[A-Z][A-Z.'’]{2,}(?: [A-Z.'’]{2,}){0,4}(?:, [A-Z][A-Za-z.' ]{1,24})?(?:,? \d{1,2} [A-Z]\w+| [A-Z][a-z]{2,8}\.? \d{1,2})?\s*(?:--|[–—]|-\s|:)\s*(?=[A-Z“\"'‘])"
)
DATELINE_PLACES = re.compile(
    r"^[A-Z][\w.'’]+(?: [A-Z][\w.'’]+){0,2}(?:, [A-Z][\w.'’]+(?: [A-Z][\w.'’]+){0,2}){1,3}\s+[–—-]{1,2}\s+(?=[A-Z“\"'‘])"
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
CUT_OFF = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\[\+\d+ chars\]|\(more(?:\.{3}|…)?\)|…|\.{3})\s*$")
TWEET = re.compile(r"\(@\w{2,20}\)|^RT @|\bvia @\w+|— @|\b(?:@\w{2,20}\b.*){2,}")
