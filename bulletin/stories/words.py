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
    a about above after again against ago all almost along already also although always am amid among amp
    an analysis and another any anyone april are around as ask asked asks at august away back be because
    been before behind being below best better between both briefing but by call called calls came can come comes
    could day days december did do does doing don't done down during each early either end ends enough
    even ever every exclusive explained february few first for former friday from full further gave get
    gets getting give given gives go goes going gone got had has have having he her here here's hers him
    his how however i if in inside instead into is isn't it it's its january july june just keep keeps
    know last late later latest least less let let's like likely little live long look looks made make
    makes making many march may me might mine monday month months more morning most much must my near need
    needs never new news next night no nor not nothing november now october of off often old on once one
    only onto opinion or other our out over own part past per photos pictures put puts rather really recap
    report reported reports review right said same saturday saw say saying says see seen september set
    sets she should show shows since so some soon still such sunday take taken takes than that that's the
    their them then there there's these they thing things this those though three through thursday time
    times to today told tomorrow tonight too took toward towards tuesday two u.k u.s uk under until up
    update updated updates upon us use used uses very via video vs want wants was watch way we wednesday
    week weeks well went were what what's when where whether which while who who's whom whose why will
    with within without won't would year years yes yesterday yet you your
    """
)

# Words that very many headlines share. Two stories that have only such words in common are two stories.
_COMMON = _set(
    """
    accident accused action admit advert agree agreement aid air allegation alleged amount anger announce
    appeal approve area arrest attack attempt award ban bank battle beat begin benefit bid big biggest
    bill billion black blame blaze block blue board body bomb boost border boss boy break bring brother
    budget build building bus business buy campaign cancel cancer car care case cash cause center centre
    challenge chance change charge chart chief child children church city claim clash class clear close
    club coach college community company concern condition confirm control cost council councillor country
    county couple court cover crash create crew crime crisis critic critical cross crowd customer cut
    damage danger data date daughter dead deadly deal death debate decide decision decline decrease
    defence defend defense delay demand deny detail die died dies director discover doctor dog dollar
    double dozen drink drive driver drop drug east economy effort eight election emergency employee energy
    episode escape event evidence exam expect expert face factory fail fall family fan farm father fear
    feel feet fight figure film final find fire firefighter firm five flight flood follow food foot
    football force forecast foreign found four free friend fund funding future game gas girl global goal
    good government great green ground group grow growth guide guilty gun half hall happen hard head
    health hear heart heat help hero high hire hit hold holiday home hope hospital host hour house housing
    huge human hundred hunt hurt impact important inch increase industry injure injury inquiry interest
    international investigate investigation investment investor issue jail job join joint judge jury
    justice kill killed killer killing kind king labour launch law lawsuit lawyer lead leader league learn
    leave legal level lie life lift light line link list local lose loss lost love low main major man
    manager march mark market mass massive match mean measure meet meeting member men mental message mile
    military million minister minor miss missing mission moment money mother motorist motorway move mum
    murder music name nation national neighbor neighbour network night nine north number nurse offer
    office officer official oil olympic open operation opposition order outside owned owner pain parent park party
    pass passenger patient pay peace pension people person phone place plan plane play player plea plead
    plus point police policy political politician politics poll poor popular population potential pound
    power prepare president press pressure prevent preview price prime prison private probe problem
    process product production profit program programme project promise property protect protest prove
    public pull pupil push quarter question quit race rail rain raise rate reach react reaction ready real
    reason recall recap receive record recover red reduce reform refuse reject release remain remove rent
    repair replace rescue research resident resign respond response result retire return reveal rise risk
    river road rock role rule run safe safety sale save scandal scheme school science scientist score sea
    search season second secret secretary sector security seek sell send senior sentence series serious
    serve service seven severe sex share shoot shooting shop short shot shut sign sister site situation
    six slam small social society soldier son source south special speech spend spending sport staff stage
    stand star start state statement station stay steal step stock stop store storm story street strike
    strong struggle student study success sue suffer suggest suicide summer support surge survey survive
    suspect suspected suspend system talk target tax teacher team tech teen teenager tell ten term test
    thief thousand threat threaten thrown ticket tie top total tour tourist town trade traffic train
    transport travel treat trend trial trip trouble truck turn union university urge urgent vehicle victim
    victory village visit volume volunteer vote voter wait walk wall war warn warning water wave weapon
    weather weekend west white win winner winter woman women work worker world worry worse worst wound
    write young youth zone
    """
)

# Countries, powers and their people: half of the world's headlines name one.
_PLACES = _set(
    """
    africa african america american arab asia asian australia australian beijing britain british brussels
    canada canadian china chinese democrat england english eu europe european france french gaza german
    germany india indian iran iranian iraq ireland irish israel israeli italian italy japan japanese korea
    korean london moscow nato nhs pakistan paris parliament republican russia russian scotland scottish
    senate spain spanish syria trump turkey ukraine ukrainian wales washington welsh
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
