"""What can become of an upload: it is validated or it fails, and what failed may be tried again."""

from __future__ import annotations

from strongroom.systems.forecasting.errors import UploadFinal
from strongroom.systems.forecasting.rules.enums import UploadStatusEnum

_NEXT = {
    UploadStatusEnum.PROCESSING: {UploadStatusEnum.VALIDATED, UploadStatusEnum.ERROR},
    UploadStatusEnum.VALIDATED: set[UploadStatusEnum](),
    UploadStatusEnum.ERROR: {UploadStatusEnum.PROCESSING},
}


def check_step(status: UploadStatusEnum, wanted: UploadStatusEnum) -> None:
    """Raises UploadFinal unless the one may follow the other."""
    if wanted not in _NEXT[status]:
        raise UploadFinal(status=status.value, wanted=wanted.value)
