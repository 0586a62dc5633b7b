"""Feed formats: RSS, Atom, JSON Feed and OPML -> feed documents."""
