"""Parser process: hostile bytes are read where they can do no harm."""
