"""Numbers, money, measures and scores -> words."""
