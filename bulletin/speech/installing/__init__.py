"""Installation of voices: files of packages and of hubs, each checked by its hash, complete or not at all."""
