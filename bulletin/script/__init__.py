"""Story -> Script: strip, cut, phrase, make speakable."""
