"""A real Czech bank's records of 1993 to 1998, published for the PKDD'99 Discovery Challenge by Petr Berka."""

from strongroom.systems.banking.imports.pkdd99.folder import NOT_IMPORTED, Imported, import_folder
from strongroom.systems.banking.imports.pkdd99.movements import SOURCE
from strongroom.systems.banking.imports.pkdd99.reading import Progress

__all__ = ["NOT_IMPORTED", "SOURCE", "Imported", "Progress", "import_folder"]
