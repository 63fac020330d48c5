"""The SKOS domain: concepts, schemes, labels, and reading files that hold them."""
