"""Voices that imitate a person: how they are known, and the person's consent."""
