"""Archive of one machine: feeds seen, stories aired, bulletins made. Import it late: SQLAlchemy is slow to load."""

from bulletin.archive.contents.aired_stories import AiredArchive
from bulletin.archive.contents.episodes import EpisodeArchive
from bulletin.archive.contents.feeds_and_articles import CatalogArchive


class Archive(CatalogArchive, AiredArchive, EpisodeArchive):
    """
    Feeds seen, stories aired and bulletins made; safe for several threads and processes.

    It is the `Catalog` of gathering and holds the episodes of the podcast. Every method raises
    ArchiveError, with the file and the remedy, when the database refuses. A method that meets damage
    sets the file aside, as `open` does, and works in the new file: a run goes on.
    """
