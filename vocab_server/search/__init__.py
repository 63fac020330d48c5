"""Finding concepts: the search index and the questions it answers."""
