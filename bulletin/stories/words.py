"""Word -> weight: which words of a headline tell one event from another, and which never do."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Function words and the small change of headlines: no weight at all.
_SILENT = _set(
    """
    a about above after again against ago all almost along already also although always am amid among an and
    another any anyone are around as ask asked asks at away back be because been before behind being below between
    both but by call called calls came can come comes could day days did do does doing done don't down during
    each early either end ends enough even ever every few first for former from full further gave get gets getting
    give given gives go goes going gone got had has have having he her here here's hers him his how however i if in
    inside instead into is isn't it it's its just keep keeps know last late later least less let let's like likely
    little long look looks made make makes making many may me might mine month months more most much must my near
    need needs never new next no nor not nothing now of off often old on once one only onto or other our out over
    own part past per put puts rather really right said same saw say saying says see seen set sets she should show
    shows since so some soon still such take taken takes than that that's the their them then there there's these
    they thing things this those though three through time times to today told too took toward towards two under
    until up upon us use used uses very via vs want wants was way we week weeks well went were what what's when
    where whether which while who who's whom whose why will with within without won't would year years yes yet you
    your u.s u.k uk amp live latest update updates updated news exclusive watch video photos pictures review recap
    report reports reported january february march april june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday opinion analysis explained briefing morning night tonight yesterday tomorrow
    """
)

# Words that very many headlines share. Two stories that have only such words in common are two stories.
_COMMON = _set(
    """
    accident accused action admit agree agreement aid air allegation alleged amount anger announce appeal approve
    area arrest attack attempt award ban bank battle beat begin benefit bid big bill biggest billion blame blaze
    block board body bomb boost border boss boy break bring brother budget build building bus business buy campaign
    cancel cancer car care case cash cause centre center challenge chance change charge chief child children church
    city claim class clash clear close club coach college community company concern condition confirm control cost
    council councillor country county couple court cover crash create crew crime crisis critic critical cross crowd
    customer cut damage danger data date daughter dead deadly deal death debate decide decision decline defence
    defend defense delay demand deny detail die died dies director discover doctor dog dollar double dozen drink
    drive driver drop drug economy effort election emergency employee energy escape event evidence exam expect
    expert face factory fail fall family fan farm father fear feel fight figure film final find fire firefighter
    firm five flight flood follow food football force foreign forecast found four free friend fund funding future
    game gas girl global goal good government great ground group grow growth guilty gun half hall happen hard head
    health hear heart heat help hero high hire hit hold holiday home hope hospital host hour house housing huge human
    hundred hunt hurt impact important increase industry injure injury inquiry interest international investigate
    investigation investment investor issue jail job join joint judge jury justice kill killed killer killing kind
    king labour law lawsuit lawyer lead leader league learn leave legal level lie life lift light line link list
    local lose loss lost love low main major man manager march mark market mass massive match mean measure meet
    meeting member men mental message mile military million minister minor miss missing mission moment money mother
    motorist motorway move mum murder music name nation national neighbour neighbor network night number nurse offer
    office officer officer official oil open operation opposition order outside owner owned pain parent park party
    pass passenger patient pay peace pension people person phone place plan plane play player plea plead point police
    policy political politician politics poll poor popular population potential pound power prepare president press
    pressure prevent price prime prison private probe problem process product production profit programme program
    project promise property protect protest prove public pull pupil push quarter question quit race rail rain raise
    rate reach react reaction ready real reason recall receive record recover red reduce reform refuse reject release
    remain remove rent repair replace rescue research resident resign respond response result retire return reveal
    rise risk river road rock role rule run safe safety sale save scandal scheme school science scientist score sea
    search season second secret secretary sector security seek sell send senior sentence serious serve service seven
    severe sex shoot shop shooting short shot shut sign sister site situation six slam small social society soldier
    son source south north east west special speech spend spending sport staff stage stand star start state station
    statement stay steal step stock stop store storm story street strike strong struggle student study success sue
    suffer suggest suicide summer support surge survey survive suspect suspected suspend system talk target tax
    teacher team tech teen teenager tell term test thief thousand threat threaten thrown ticket tie top total
    tour tourist town trade traffic train transport travel treat trial trip trouble truck turn union university
    urge urgent vehicle victim victory village visit volunteer vote voter wait walk wall war warn warning water wave
    weapon weather weekend win winner winter woman women work worker world worry worse worst wound write young
    youth zone ten eight nine plus inch foot feet black white blue green increase decrease advert
    agree company share profit loss launch volume study trend chart list guide preview episode recap series
    """
)

# Countries, powers and their people: half of the world's headlines name one.
_PLACES = _set(
    """
    africa african america american arab asia asian australia australian beijing britain british brussels canada
    canadian china chinese democrat england english eu europe european france french gaza german germany india indian
    iran iranian iraq ireland irish israel israeli italy italian japan japanese korea korean london moscow nato nhs
    pakistan paris parliament republican russia russian scotland scottish senate spain spanish syria trump turkey
    ukraine ukrainian wales welsh washington
    """
)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A rough stem, so that "indicted" meets "indicts"; the same for words that only look alike is rare."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "edly", "ed", "ers", "er", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] in "eiy":
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word


_COMMON_STEMS = frozenset(map(stem, _COMMON))
_PLACE_STEMS = frozenset(map(stem, _PLACES))


def tell_words(text: str) -> list[str]:
    """The words that carry meaning, folded: lower case, no accents of typography, no possessive."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").lower()
    words = (match[0].removesuffix("'s").replace("'", "") for match in _WORD.finditer(folded))
    return [word for word in words if word not in _SILENT]


def stems(text: str) -> list[str]:
    return [stem(word) for word in tell_words(text)]


def letter_groups(text: str) -> list[str]:
    """Runs of four to six letters of each word, its ends marked: they forgive spelling and endings."""
    groups = []
    for word in tell_words(text):
        marked = f" {word} "
        for size in (4, 5, 6):
            groups += [marked[i : i + size] for i in range(len(marked) - size + 1)] or [marked]
    return groups


def telling(stemmed: str) -> float:
    """How much a shared word says about a shared event: 1 a name or a rare word, less a common one."""
    if stemmed in _COMMON_STEMS or _YEAR.fullmatch(stemmed) or (stemmed.isdigit() and len(stemmed) == 1):
        return 0.6
    if stemmed in _PLACE_STEMS:
        return 0.7
    return 1.0
