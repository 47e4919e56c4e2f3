"""The page's own words, in the language of a chapter."""
