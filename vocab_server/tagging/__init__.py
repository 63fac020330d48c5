"""Which concepts datasets are tagged with, who said so, and what becomes of that."""
