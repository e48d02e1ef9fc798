"""Files that come in: the nomenclature of the Harmonized System, and published constants."""
