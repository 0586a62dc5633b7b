"""
Stories kept out by limits -> reserve for a short bulletin, and replacements for stories that cannot be read.

Source: docs/CHOICE.md, section 6. Judgement, no source: the order in which limits give way, because the limits
that an editor would miss least go first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bulletin.model import Chosen, Left, Section, Story
from bulletin.stories.ranking.running_order import YIELDING, KeptOut, find_alike, say, standing, tell_alike


def order_reserve(kept: Sequence[KeptOut]) -> tuple[Story, ...]:
    """
    Order the stories that may fill a short bulletin: by the order in which limits give way, times aired, score.

    Weather and travel are left out, because a third forecast fills nothing.

    docs/CHOICE.md, section 6, has the order and its reasons.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": datetime(2026, 11, 24, tzinfo=UTC)}
    >>> ferry, quay = (Story(id=name, articles=(Article(id=name, **row),)) for name in ("ferry", "quay"))
    >>> kept = [KeptOut(story=ferry, limits=("per_source",)), KeptOut(story=quay, limits=("most",))]
    >>> [story.id for story in order_reserve(kept)]
    ['quay', 'ferry']
    """

    def order(item: KeptOut) -> tuple[bool, int, int, tuple[bool, bool, float, str]]:
        times = item.story.times_aired
        limit = max(map(YIELDING.index, item.limits))
        return times > 0, limit, times if "repeats" in item.limits else 0, standing(item.story)

    fillers = [item for item in kept if item.story.section in (Section.NEWS, Section.SPORT)]
    return tuple(
        say(item.story, "reserve", f"{' and '.join(item.limits)} gave way: the bulletin would be short")
        for item in sorted(fillers, key=order)
    )


def find_unheard(
    chosen: Chosen, *, untold: Collection[str] = (), most_steps: int = 1, may_repeat: bool = True
) -> list[Story]:
    """
    List the reserve stories that may air beside the chosen ones and each other, so that no affair airs twice.

    `untold` are ids of articles of chosen stories that could not be written. Aired stories count only where the
    bulletin `may_repeat` them.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at)
    >>> ferry, rescue, quay = (Story(id=name, articles=(article,)) for name in ("ferry", "rescue", "quay"))
    >>> related = {"rescue": frozenset({"ferry"})}
    >>> [story.id for story in find_unheard(Chosen(stories=(ferry,), reserve=(rescue, quay), related=related))]
    ['quay']
    """
    airing = [story for story in chosen.stories if story.best.id not in untold]
    unheard: list[Story] = []
    for story in chosen.reserve:
        is_due = may_repeat or not story.times_aired
        if is_due and len(find_alike(story, airing, chosen.related)) < most_steps:
            airing.append(story)
            unheard.append(story)
    return unheard


def admit_reserve(
    chosen: Chosen, count: int, *, untold: Collection[str] = (), most_steps: int = 1, may_repeat: bool = True
) -> Chosen:
    """
    Add the first `count` unheard stories of the reserve to the choice, each at the end of its section.

    There they are the first to go when not all fit; the light story stays last. A story that is passed over because
    it sounds like another has that as its reason.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> news = Article(id="1", feed="a", title="Ferry sinks", summary="", text="", published=at)
    >>> ferry, quay = (Story(id=name, articles=(news,)) for name in ("ferry", "quay"))
    >>> cup = Story(id="cup", articles=(replace(news, category="sport"),))
    >>> [story.id for story in admit_reserve(Chosen(stories=(ferry, cup), reserve=(quay,)), 1).stories]
    ['ferry', 'quay', 'cup']
    """
    unheard = find_unheard(chosen, untold=untold, most_steps=most_steps, may_repeat=may_repeat)
    admitted = unheard[:count]
    stories = list(chosen.stories)
    for story in admitted:
        stories.insert(_index_of(story, stories), story)
    airing = [story for story in stories if story.best.id not in untold]
    rest = tuple(story for story in chosen.reserve if story not in admitted)
    passed = {
        story.best.id: tell_alike(alike)
        for story in rest
        if len(alike := find_alike(story, airing, chosen.related)) >= most_steps
    }
    left = (
        replace(item, reason=passed[item.article_id]) if item.limit and item.article_id in passed else item
        for item in _without(chosen.left, admitted)
    )
    return replace(chosen, stories=tuple(stories), left=tuple(left), reserve=rest)


def set_alike_aside(chosen: Chosen, *, untold: Collection[str], most_steps: int = 1) -> Chosen:
    """
    Move stories that sound like a written one from the choice to its reserve.

    It runs before the script's rules become more lenient, so that the first story of an affair does not air
    beside its stand-in.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": datetime(2026, 11, 24, tzinfo=UTC)}
    >>> ferry, rescue = (Story(id=name, articles=(Article(id=name, **row),)) for name in ("ferry", "rescue"))
    >>> chosen = Chosen(stories=(ferry, rescue), related={"ferry": frozenset({"rescue"})})
    >>> aside = set_alike_aside(chosen, untold=["ferry"])
    >>> [story.id for story in aside.stories], [story.id for story in aside.reserve]
    (['rescue'], ['ferry'])
    """
    airing = [story for story in chosen.stories if story.best.id not in untold]
    aside: list[Story] = []
    left: list[Left] = []
    for story in chosen.stories:
        if story.best.id not in untold:
            continue
        alike = find_alike(story, airing, chosen.related)
        if len(alike) < most_steps:
            airing.append(story)
            continue
        aside.append(story)
        left.append(KeptOut(story=story, limits=("most_steps",), reason=tell_alike(alike)).left)
    stories = tuple(story for story in chosen.stories if story not in aside)
    return replace(chosen, stories=stories, left=(*chosen.left, *left), reserve=(*chosen.reserve, *aside))


def hand_on(chosen: Chosen, untold: Collection[str], *, most_steps: int = 1) -> Chosen:
    """
    Let the next story of an affair stand in for each story that could not be written.

    For a running story that is its next step, for others the best story that only this one kept out. `untold` are
    ids of the articles of those stories. The stand-in comes before the untold story, which stays with its reason.
    Returns the same choice without a stand-in.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": datetime(2026, 11, 24, tzinfo=UTC)}
    >>> ferry, rescue = (Story(id=name, articles=(Article(id=name, **row),)) for name in ("ferry", "rescue"))
    >>> chosen = Chosen(stories=(ferry,), reserve=(rescue,), steps={"ferry": ("rescue",)})
    >>> [story.id for story in hand_on(chosen, ["ferry"]).stories]
    ['rescue', 'ferry']
    """
    for story in chosen.stories:
        if story.best.id in untold:
            chosen = _hand_on_one(chosen, story, untold, most_steps)
    return chosen


def _hand_on_one(chosen: Chosen, story: Story, untold: Collection[str], most_steps: int) -> Chosen:
    """
    Put the next step of a running story, or a story that its limit held, in the place of one that cannot be written.

    Example: `hand_on`.
    """
    known = {other.id: other for other in (*chosen.stories, *chosen.reserve)}
    airing = [other for other in chosen.stories if other.best.id not in untold]
    heirs = map(known.get, (*chosen.steps.get(story.id, ()), *_held_by(story, chosen)))
    heir = next(
        (
            other
            for other in heirs
            if other and other.best.id not in untold and other.is_soft <= story.is_soft
            if len(find_alike(other, airing, chosen.related)) < most_steps
        ),
        None,
    )
    steps = {name: others for name, others in chosen.steps.items() if name != story.id}
    if heir is None:
        return replace(chosen, steps=steps)
    if story.id in chosen.steps:
        steps[heir.id] = tuple(name for name in chosen.steps[story.id] if name != heir.id)
        reason = ("running", f"stands for a running story whose best step cannot be read: {story.title}")
    else:
        reason = ("affair", f"replaces a story of the same affair that cannot be read: {story.title}")
    rest = [other for other in chosen.stories if other.id != heir.id]
    rest.insert(rest.index(story), say(heir, *reason))
    return replace(
        chosen,
        stories=tuple(rest),
        reserve=tuple(other for other in chosen.reserve if other.id != heir.id),
        left=_without(chosen.left, [heir]),
        steps=steps,
    )


def _held_by(story: Story, chosen: Chosen) -> list[str]:
    """
    Ids of reserve stories that this story kept out.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Story(id="ferry", articles=())
    >>> article = Article(id="1", feed="a", title="", summary="", text="", published=at)
    >>> rescue = Story(id="rescue", articles=(article,))
    >>> held = Left(title="", reason="", article_id="1", limit="most_steps")
    >>> related = {"ferry": frozenset({"rescue"})}
    >>> _held_by(ferry, Chosen(stories=(ferry,), reserve=(rescue,), left=(held,), related=related))
    ['rescue']
    """
    held = {item.article_id for item in chosen.left if item.limit == "most_steps"}
    return [other.id for other in find_alike(story, chosen.reserve, chosen.related) if other.best.id in held]


def _without(left: Sequence[Left], stories: Sequence[Story]) -> tuple[Left, ...]:
    """
    Entries of articles that do not air, without those of stories that air after all.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="", summary="", text="", published=at)
    >>> left = Left(title="", reason="", article_id="1", limit="most")
    >>> _without([left], [Story(id="1", articles=(ferry,))])
    ()
    """
    names = {article.id for story in stories for article in story.articles}
    return tuple(item for item in left if not (item.limit and item.article_id in names))


def _index_of(story: Story, stories: Sequence[Story]) -> int:
    """
    Index for a reserve story: the end of its section, where it is the first to go.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": at}
    >>> ferry, cup = (Story(id=c, articles=(Article(id=c, category=c, **row),)) for c in ("news", "sport"))
    >>> _index_of(ferry, [ferry, cup]), _index_of(cup, [ferry, cup])
    (1, 2)
    """
    order = {Section.NEWS: 0, Section.SPORT: 1}
    after = (
        index
        for index, other in enumerate(stories)
        if order.get(other.section, 2) > order[story.section] or any(r.name == "light" for r in other.reasons)
    )
    return next(after, len(stories))
