"""Station: LoadedProfile -> Station, its parts built from options and checked."""
