"""Formal control of vocabularies: what is checked, how it is run, what was found."""
