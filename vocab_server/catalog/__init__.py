"""The DCAT domain: catalogs, datasets, and the profiles that say what belongs to them."""
