"""Initialisms, abbreviations, codes and web addresses -> words."""
