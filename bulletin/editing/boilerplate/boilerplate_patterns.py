"""
Patterns of English boilerplate, each with examples of its matches.

A pattern matches the shape of a thing (an appeal is an imperative and a thing of the web), not the words of one
publisher. All are bounded, so that a line is read once, however long it is.

Source: measured counts, `python -m bench.rule_matches`. It finds fewer than three matches of some (editor's notes,
a paper's name, headings that end an article) in the fresh articles, because an extractor has cleaned those. They
stay for the text of feeds, which no extractor has cleaned: boilerplate would be heard as news. Notes that withdraw
the article match once; the pattern stays, because the false report would air.
"""

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
"""
>>> import re
>>> re.findall(_MONTH, "24 nov. or 24 november")
['nov.', 'november']
"""
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
"""
>>> import re
>>> re.findall(_DAY, "mon, tuesday")
['mon', 'tuesday']
"""
_TIME = (
    r"\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:gmt|bst|utc|e[sd]t|p[sd]t|c[se]t|et|pt|ist)\b)?"
)
"""
>>> import re
>>> re.findall(_TIME, "at 10:42 gmt or 7.30pm")
['10:42 gmt', '7.30pm']
"""
_DATE = (
    rf"(?:{_DAY},? )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},?(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,?(?: \d{{4}})?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)"
)
"""Example: `strip_boilerplate._article_lines`."""
_STAMP = rf"(?:{_DATE}(?:,? ?(?:at |-|–|\|)? ?{_TIME})?|{_TIME}(?:,? ?(?:on |-|–|\|)? ?{_DATE})?)"
"""Example: `strip_boilerplate._article_lines`."""
_PERSON = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}"
"""Example: `strip_boilerplate._strip_start`."""
_AGENCY = (
    r"(?:Reuters|AP|AFP|PA|UPI|PTI|ANI|IANS|CNN(?: [A-Z]\w+)?|BBC|Bloomberg|Xinhua|EFE|dpa|DPA|TASS|Kyodo|JIJI|ANSA|"
    r"Associated Press|Press Association|PA Media)"
)
"""
>>> import re
>>> re.findall(_AGENCY, "Reuters and AP")
['Reuters', 'AP']
"""
_AGENCIES = rf"(?:{_AGENCY}|[A-Z]{{2,6}}(?: News)?|[A-Z]\w+\.com|[A-Z]\w+ News|(?:[A-Z]\w+ ){{1,3}}(?:Agency|Service|Media))"
"""Example: `paragraphs_as_printed._without_dateline`."""
_BY_AGENCY = rf"(?:\({_AGENCY}\)\s*(?:[–—:-]{{1,2}}|\.)?|\({_AGENCIES}\)\s*[–—:-]{{1,2}})\s*(?=[A-Z“\"'‘\d])"
"""
Unknown initials are a news agency's only before a dash: "The Port Police (WPP) has" goes on.

Example: `paragraphs_as_printed._without_dateline`.
"""

INLINE_LABEL = (
    r"\b(?:(?:READ|SEE|WATCH|LISTEN|ALSO|MORE|RELATED|Read|See|Watch|Listen|Also|More|Related)"
    r"(?: (?:also|more|next|now|this|too|on|here|read|see|story|stories|article|articles|ALSO|MORE|READ|SEE|NOW|THIS|STORY)){0,2}) ?(?::|\||>|»|➤|►)"
)
"""A label of a link in the middle of running text: "Read more: ...". Example: `strip_boilerplate._mend`."""

WITHDRAWN = (
    r"(?i)^(?:update[sd]?|correction|clarification|retraction|editor'?s note)\b[^:]{0,40}: .{0,300}\b(?:false|incorrect|inaccurate|untrue|not true|wrong|hoax|fake|"
    r"fabricated|denied|denies|no such|never (?:happened|took place)|retracted|withdrawn|did not)\b"
)
"""Editor's note that withdraws the article. Example: `strip_boilerplate.strip_boilerplate`."""

NOTE_LABEL = (
    r"^(?:UPDATED?|Updated?|CORRECTION|Correction|Clarification|BREAKING(?: NEWS)?|Breaking(?: news)?|JUST IN|Just in|DEVELOPING|Developing)\b(?: \d{1,2}[:.]\d\d(?: ?[ap]m)?)?"
    r" ?[:–—-]+ (?=[A-Z\"“])"
)
"""Example: `strip_boilerplate.strip_boilerplate`."""

PICTURED = (
    r", (?:pictured|seen|shown)(?: (?:here|above|below|left|right|centre|center|together|inset))+(?: (?:with|in|at|on|during|after) [^,.]{2,50})?(?P<end>[,.])"
    r"|\s*\((?:far )?(?:pictured|left|right|above|below|inset|centre|center)(?: (?:left|right|above|below|here|and|in|at|on|with|during)\b[^()]{0,60}|,[^()]{0,40})?\)"
)
"""
Position of a person in the picture, in the middle of a sentence.

>>> import re
>>> re.sub(PICTURED, "", "Ann Fox, pictured left, rows.")
'Ann Fox rows.'
"""

GLUED_CREDIT = r"\([^()]{0,60}\b(?:[Rr]ights reserved|[Cc]opyright|[Cc]redit|Getty|Reuters|PA|AP|AFP)\b[^()]{0,30}\)(?=[A-Z])"
"""A picture's credit with no space before the sentence that follows. Example: `strip_boilerplate._mend`."""


PHOTO_CREDIT = r"\([A-Z][\w.'’-]+ (?:[A-Z][\w.'’-]+ ?){1,3}(?:/|for )(?:[A-Z][\w.'’-]+ ?){1,4}\)$|\((?:[A-Z][\w.'’-]+ ?){1,4}/[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}\)$"
"""
The photographer and his agency in brackets at the end of a caption: "(Ann Fox/Wexcombe Gazette)".

Example: `strip_boilerplate._article_lines`.
"""

LABEL = (
    r"(?i)^\W{0,4}(?:related|more(?: on this| stories| from .{1,40})?|most (?:read|popular|viewed)|top stories|latest(?: news)?|trending|recommended|read more|also read|see also|"
    r"(?:leave a )?reply|comments?|\d+ comments?|share(?: this)?|tags?|topics?|filed under|posted in|categories|keywords?|advertisement|sponsored|newsletter|about the author|editor'?s picks?|"
    r"you (?:may|might) (?:also )?like|in case you missed it|don'?t miss|up next|notes to editors?|ends|further information|media (?:enquiries|contact)s?|contact(?:s| details)?|rate this .{1,20}|how to listen)\b.{0,60}$"
)
"""A heading over things that are not the article. Example: `strip_boilerplate._article_lines`."""

LAST_LABEL = (
    r"(?i)^\W{0,4}(?:\d+ )?(?:comments?|leave a (?:reply|comment)|about the author|notes to editors?|ends?|more (?:from|stories|on this)(?: .{1,40})?|related(?: (?:articles?|stories|topics|posts|coverage|news|content))|most (?:read|popular|viewed)|"
    r"media (?:enquiries|contacts?)|further information|rate this .{1,20}|how to listen|you (?:may|might) (?:also )?like|recommended(?: for you)?|top stories|what to read next|error:? .{0,30})\W{0,3}$"
)
"""A heading after which the article has ended. Example: `strip_boilerplate._article_lines`."""

STAMP = rf"(?i)^\W{{0,3}}(?:(?:first |last )?(?:published|updated|created|posted|modified|last modified|date)\b(?: on| at)?\s*[:.|,-]?\s*[.]?\s*)?{_STAMP}\s*(?:[.|,–—-]\s*)*(?=$|[A-Z“\"|]|published|updated)"
"""Example: `strip_boilerplate._article_lines`."""
DATELINE = (
    rf"^(?:(?:[A-Z][A-Z.'’ -]{{2,40}}|[A-Z][\w.'’-]+(?:[ /][A-Z][\w.'’-]+){{0,3}})(?:, [A-Z][\w.' ]{{1,24}})?(?:, {_MONTH} \d{{1,2}})?,? ?)?"
    rf"{_BY_AGENCY}"
)
"""Example: `paragraphs_as_printed._without_dateline`."""
DATELINE_CAPITALS = r"^[A-Z][A-Z.'’]{2,}(?: [A-Z.'’]{2,}){0,4}(?:, [A-Z][A-Za-z.' ]{1,24})?(?:,? \d{1,2} [A-Z]\w+| [A-Z][a-z]{2,8}\.? \d{1,2})?\s*(?:--|[–—]|-\s|:)\s*(?=[A-Z“\"'‘])"
"""Example: `paragraphs_as_printed._without_dateline`."""
DATELINE_OPENS = (
    r"^[A-Z][A-Z.'’]{2,}(?: [A-Z.'’]{2,}){0,2}(?:, [A-Z][A-Za-z.' ]{1,24})?"
    r"(?: \([^()]{2,40}\) ?(?:--?|[–—])| (?:--|[–—])) ?(?=[A-Z“\"])"
)
"""
Place in capitals before a dash; only the beginning of an article has one.

Example: `strip_boilerplate._from_dateline`.
"""
AGENCY_TAIL = rf"\s+(?:[-–—]{{1,2}}\s*|\(){_AGENCIES}\)?\s*\.?$|\s*\((?:reporting|additional|writing|editing|compiled|with)\b[^)]{{0,240}}\)?\.?$"
"""
>>> import re
>>> re.sub(AGENCY_TAIL, "", "The ferry sank. - Reuters")
'The ferry sank.'
"""
ASIDE_CREDIT = r"(?i)\s*\((?:photo|image|picture|pictured|file|source|credit|video|graphic|above|below|left|right|inset|see)\b[^()]{0,100}\)|\s*\((?:opens|external)[^()]{0,60}\)"
"""Example: `strip_boilerplate._sentences_of`."""
ADDRESS = r"\s*\(?\b(?:https?://|www\.)[^\s<>\"]{1,400}|\s*\bpic\.twitter\.com/\w{1,40}|\s*\S{1,60}@\S{1,60}\.\w{2,10}"
"""
>>> import re
>>> re.sub(ADDRESS, "", "See https://a.example/1 or ask ann@a.example")
'See or ask'
"""
CUT_OFF = r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\[\+\d+ chars\]|\(more(?:\.{3}|…)?\)|…|\.{3})\s*$"
"""Example: `strip_boilerplate.whole_sentences`."""
TWEET = r"\(@\w{2,20}\)|^RT @|\bvia @\w+|— @|\b(?:@\w{2,20}\b.*){2,}"
"""Example: `strip_boilerplate._is_boilerplate`."""

OPENINGS = (
    # an editor's note: "(Updates with comment)"
    r"^\((?:Eds?|Editors?|Updat\w+|Recasts|Adds|Refiles|Correct\w+|Repeats)\b[^()]{0,100}\)\s*",
    rf"(?i)^\W{{0,3}}(?:first |last )?(?:published|updated|created|posted|modified)\b(?: on| at)?\s*[:.|,-]?\s*[.]?\s*{_STAMP}\s*(?:[.|,–—-]\s*)*",
    STAMP,
    # a byline
    (
        rf"^(?i:by|from|words by|written by|posted by|reported by|story by|article by|author)\b\s?[.:]? ?\s?{_PERSON}"
        rf"(?:,? (?:and|&|for|of|in|,) {_PERSON}){{0,3}}(?:,? (?:in|for|at|[A-Z]\w+)(?: [A-Z]\w+){{0,3}})?\s*(?:[|:,.–—-]\s*|\n|$)"
    ),
    # an agency behind a heading
    rf"^(?:(?:[A-Z][\w.'’-]{{0,24}}|\d{{1,4}}|by|and|of|for|/)[ ,]+){{1,14}}{_BY_AGENCY}",
    DATELINE,
    DATELINE_CAPITALS,
    # A dateline with its agency or station: "WEXCOMBE (WRN 26) — A bridge ..."
    r"^[A-Z][A-Z.'’ -]{2,40}(?:, [A-Z][\w. ]{1,24})? \([^()]{2,40}\)\s*[–—-]{1,2}\s*(?=[A-Z“\"'‘\d])",
    # "Wexcombe — The bridge ...": only a place is alone before a dash
    r"^[A-Z][a-z]+(?: [A-Z][a-z]+){0,2} — (?=[A-Z“])",
    # A place in capitals with no dash behind it: "WEXCOMBE A bridge ..."
    (
        r"^(?:[A-Z]{5,}(?: [A-Z]{4,}){0,2}|[A-Z]{3,} [A-Z]{4,})(?:, [A-Z][a-z]+\.?)? "
        r"(?=(?:A|An|The|In|On|At|As|After|Before|Despite|When|While|With|For|From|If|Police|More|Nearly|Two|Three|Four|Five"
        r"|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Dozens|Hundreds|Thousands|\w+teen|\w+ty(?:-\w+)?) [A-Za-z])"
    ),
    r"^[A-Z][\w.'’]+(?: [A-Z][\w.'’]+){0,2}(?:, [A-Z][\w.'’]+(?: [A-Z][\w.'’]+){0,2}){1,3}\s+[–—-]{1,2}\s+(?=[A-Z“\"'‘])",
    rf"^[A-Z][\w.'’]+(?: [A-Z][\w.'’]+){{0,2}}, (?i:{_MONTH}) \d{{1,2}}(?:, \d{{4}})?\s*(?:[:–—]|-{{1,2}})\s*(?=[A-Z“\"'‘])",
    # a paper's name before a dash
    r"^(?:[A-Z][\w'’]+ ){0,3}(?:News|Times|Post|Gazette|Herald|Observer|Tribune|Chronicle|Online|Today|Mail|Star|Press|Echo|Journal)\s+[–—-]\s+(?=[A-Z“\"'‘])",
    # the sender: "An anonymous reader writes:"
    (
        r"^(?:an anonymous reader|[\w .'-]{2,40}?) (?:quotes?|shares?|writes?|wrote|shared|cites?|submits?|submitted|reports?)"
        r"(?: (?:a|an|this|the) (?:\w+ )?(?:report|article|story|post|excerpt|summary|blog post|piece|column)(?: (?:from|by|via|at|on|in) [^:]{2,60})?)?:\s+(?=[A-Z“\"'‘])"
    ),
)
"""
Byline, time stamp, dateline and agency before the first sentence, in any order.

Example: `strip_boilerplate._strip_start`.
"""
