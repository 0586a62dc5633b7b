"""Files under fixed names: newest bulletin, one file a story, flash briefing."""
