"""The acts of curation: pure functions that read a vocabulary and give a Change."""
