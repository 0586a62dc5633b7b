"""Published files of a station in a group: working copy on this machine, publication in one transaction."""
