"""Who may do what: every role reads everything, analysts change what is theirs, administrators change all."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.sessions import actor_of
from strongroom.systems.forecasting.errors import OwnStanding
from strongroom.systems.forecasting.models import DataUpload, TrainedModel, User
from strongroom.systems.forecasting.repositories import ModelRepository, UploadRepository, UserRepository

VIEWER, ANALYST, ADMIN, SYSTEM = "viewer", "analyst", "admin", "system"


def sees_all(session: Session) -> bool:
    """Whether whoever acts is an administrator or the program itself."""
    return actor_of(session).has_role(ADMIN, SYSTEM)


def check_may_read(session: Session) -> None:
    """Raises AccessDenied for who has no role here."""
    if not actor_of(session).has_role(VIEWER, ANALYST, ADMIN, SYSTEM):
        raise AccessDenied


def check_may_work(session: Session) -> None:
    """Uploading, training, forecasting, reporting. Raises AccessDenied for viewers."""
    if not actor_of(session).has_role(ANALYST, ADMIN, SYSTEM):
        raise AccessDenied


def check_is_administrator(session: Session) -> None:
    """Deleting and managing users. Raises AccessDenied for everybody but administrators and the program."""
    if not sees_all(session):
        raise AccessDenied


def check_own(session: Session, owner_id: UUID) -> None:
    """Raises AccessDenied unless whoever acts may work, on rows of this owner."""
    check_may_work(session)
    if not sees_all(session) and actor_of(session).id != owner_id:
        raise AccessDenied


def owner_for(session: Session, user_id: UUID | None = None) -> UUID:
    """Whose a new row becomes: the named user's, by default that of whoever acts. Raises AccessDenied."""
    owner = user_id or actor_of(session).id
    if owner is None:
        raise AccessDenied("a program has no rows of its own; say whose they are to be")
    check_own(session, owner)
    return owner


def get_own_upload(session: Session, upload_id: UUID | str) -> DataUpload:
    """The upload, if whoever acts may change it. Raises UploadNotFound, AccessDenied."""
    upload = UploadRepository(session).get(upload_id)
    check_own(session, upload.user_id)
    return upload


def lock_own_upload(session: Session, upload_id: UUID | str) -> DataUpload:
    """The same, locked for a change."""
    key = get_own_upload(session, upload_id).id
    return UploadRepository(session).lock([key])[key]


def get_own_model(session: Session, model_id: UUID | str) -> TrainedModel:
    """The model, if whoever acts may change it. Raises ModelNotFound, AccessDenied."""
    model = ModelRepository(session).get(model_id)
    check_own(session, model.user_id)
    return model


def lock_own_model(session: Session, model_id: UUID | str) -> TrainedModel:
    """The same, locked for a change."""
    key = get_own_model(session, model_id).id
    return ModelRepository(session).lock([key])[key]


def lock_own_user(session: Session, user_id: UUID | str) -> User:
    """The user, locked, if it is whoever acts or they are an administrator. Raises UserNotFound, AccessDenied."""
    users = UserRepository(session)
    key = users.get(user_id).id
    if not sees_all(session) and actor_of(session).id != key:
        raise AccessDenied
    return users.lock([key])[key]


def lock_for_administrator(session: Session, user_id: UUID | str) -> User:
    """Somebody else's row, locked for an administrator's decision. Raises AccessDenied, UserNotFound.

    Raises OwnStanding for one's own, so that the last administrator cannot step down by mistake.
    """
    check_is_administrator(session)
    user = lock_own_user(session, user_id)
    if actor_of(session).id == user.id:
        raise OwnStanding
    return user
