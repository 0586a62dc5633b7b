"""Language of the station: sentences, phrases, first names, parser."""
