"""What publishers enter: catalogs, what they list, and its files, checked and committed."""
