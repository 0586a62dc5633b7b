"""Article -> is it light? The "and finally" of a bulletin: a smile, and nobody hurt."""

from __future__ import annotations

import re

from bulletin.model import Article

LIGHT_CATEGORIES = frozenset(
    {
        "light",
        "offbeat",
        "odd",
        "oddities",
        "quirky",
        "weird",
        "funny",
        "and finally",
        "strange",
        "jokes",
        "humour",
        "humor",
    }
)

_LEAD_WORDS = 90
_WORD = re.compile(r"[^\W\d_]+")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SMILES = _set(
    """
    alpaca badger bizarre bride budgie bunny cake cat cats centenarian cheeky cockerel custard donkey
    donkeys duck duckling ducklings ducks emu escaped ferret flamingo giraffe gnome gnomes goat goats
    goose great-grandmother hamster hedgehog hedgehogs hilarious kitten kittens knitted knitting labrador
    lego llama lollipop lookalike lottery marrow meerkat moggy monkey mooning mystery ostrich otter owl
    panda parrot peacock penguin penguins pet pets pig piglet piglets pigs pony postcard proposal proposed
    pug pumpkin puppies puppy quirky rabbit record-breaking reunited runaway sausage scarecrow scarecrows
    seagull snail spaniel swan swans teapot teddy tortoise toy treasure turkeys unusual viral wallaby
    wedding whisker whiskers wig wonky zebra
    """
)
_GRAVE = _set(
    """
    abuse abused accused arrest arrested assault assaulted attack attacked bomb burglar burglary cancer
    charged collapse collapsed collision convicted court crash crashed cruelty dead deadly death deaths
    die died dies disease drowned evacuated fatal fatally fire fraud guilty gun hit-and-run hospitalised
    injured injuries injury inquest jail jailed jobs killed killing kills knife manslaughter missile
    murder murdered murderer neglect outbreak pandemic poisoned police prison raid rape raped recall
    recalled redundancies robbery sentenced shooting shot slaughtered stabbed stabbing strike strikes
    suicide terror terrorism threatened trafficking tragedy tragic troops victim victims virus war wounded
    """
)
_FINALLY = re.compile(r"\band finally\b", re.IGNORECASE)


def is_light(article: Article) -> bool:
    """
    Filed as light or "and finally" in the headline; or a smile in the headline, or two in the lead, and
    no grave word in the lead. A grave word in the headline speaks against either.
    """
    title = _words(article.title)
    lead = _words(" ".join((article.text or article.summary).split()[:_LEAD_WORDS]))
    if _GRAVE & title:
        return False
    if is_filed_as_light(article):
        return True
    return not _GRAVE & lead and (bool(_SMILES & title) or len(_SMILES & lead) >= 2)


def is_filed_as_light(article: Article) -> bool:
    """By its feed's category or its own headline."""
    return article.category.casefold() in LIGHT_CATEGORIES or bool(_FINALLY.search(article.title))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
