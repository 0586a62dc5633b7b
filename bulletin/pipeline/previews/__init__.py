"""Previews: the coming bulletin as it would be made now, for the newsroom."""
