"""Parser process: feeds and pages of strangers are parsed where they can do no harm."""
