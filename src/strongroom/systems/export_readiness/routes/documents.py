"""Export documents: made of a report, checked, corrected, downloaded as PDF and DOCX."""

from __future__ import annotations

from fastapi import APIRouter, Response, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.web import IdempotencyKey, problem_responses
from strongroom.systems.export_readiness.documents import MEDIA_TYPES, Format, file_name, read_paper, render
from strongroom.systems.export_readiness.errors import DocumentNotFound, ReferenceRateMissing
from strongroom.systems.export_readiness.routes.dependencies import ActingDatabase, DocumentKey, Options, ReportKey
from strongroom.systems.export_readiness.routes.problems import MAKING, READING, READING_REPORT, WRITING
from strongroom.systems.export_readiness.rules import DocumentTypeEnum
from strongroom.systems.export_readiness.schemas.documents import (
    DocumentChangeIn,
    DocumentIn,
    DocumentOut,
    ValidationOut,
)
from strongroom.systems.export_readiness.services import documents, once

router = APIRouter(tags=["export readiness: documents"])

_OF_REPORT = "/reports/{report_id}/documents"
_ONE = "/documents/{document_id}"
_READ = problem_responses(*READING, DocumentNotFound)
_CHANGE = problem_responses(*WRITING, DocumentNotFound, ReferenceRateMissing)


@router.post(
    _OF_REPORT,
    status_code=status.HTTP_201_CREATED,
    summary="Make a document of what the report says and of these fields, and check it; with errors it is a draft",
    responses=problem_responses(*MAKING, ReferenceRateMissing),
)
async def generate_document(
    report_id: ReportKey, body: DocumentIn, database: ActingDatabase, key: IdempotencyKey
) -> DocumentOut:
    found = await database.write(once.generate_document, key, report_id, body.document_type, body.fields)
    return DocumentOut.model_validate(found)


@router.get(
    _OF_REPORT,
    summary="The documents of a report, newest first",
    responses=problem_responses(*READING_REPORT),
)
async def list_documents(
    report_id: ReportKey, database: ActingDatabase, document_type: DocumentTypeEnum | None = None
) -> list[DocumentOut]:
    found = await database.read(documents.list_documents, report_id, document_type)
    return [DocumentOut.model_validate(one) for one in found]


@router.get(
    f"{_OF_REPORT}/latest",
    summary="The newest document of each type",
    responses=problem_responses(*READING_REPORT),
)
async def latest_documents(report_id: ReportKey, database: ActingDatabase) -> dict[DocumentTypeEnum, DocumentOut]:
    found = await database.read(documents.latest_documents, report_id)
    return {kind: DocumentOut.model_validate(one) for kind, one in found.items()}


@router.get(
    f"{_OF_REPORT}/cross-check",
    summary="Whether the newest letter of undertaking and the newest shipping bill are of the same exporter",
    responses=problem_responses(*READING_REPORT, DocumentNotFound),
)
async def cross_check(report_id: ReportKey, database: ActingDatabase) -> ValidationOut:
    return ValidationOut.model_validate(await database.read(documents.cross_check_documents, report_id))


@router.get(_ONE, summary="One document", responses=_READ)
async def get_document(document_id: DocumentKey, database: ActingDatabase) -> DocumentOut:
    return DocumentOut.model_validate(await database.read(documents.get_document, document_id))


@router.patch(_ONE, summary="Change fields of a document, and check it again", responses=_CHANGE)
async def change_document(document_id: DocumentKey, body: DocumentChangeIn, database: ActingDatabase) -> DocumentOut:
    return DocumentOut.model_validate(await database.write(documents.change_document, document_id, body.fields))


@router.post(f"{_ONE}/validation", summary="Check a document again, by the rules and rates of today", responses=_CHANGE)
async def revalidate_document(document_id: DocumentKey, database: ActingDatabase) -> DocumentOut:
    return DocumentOut.model_validate(await database.write(documents.revalidate_document, document_id))


@router.delete(
    _ONE,
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a document; that it was made stays counted",
    responses=problem_responses(*WRITING, DocumentNotFound),
)
async def delete_document(document_id: DocumentKey, database: ActingDatabase) -> None:
    await database.write(documents.delete_document, document_id)


@router.get(
    f"{_ONE}/file.{{kind}}",
    summary="A document as a PDF to send or a Word file to work on",
    responses={200: {"content": {media: {} for media in MEDIA_TYPES.values()}, "description": "The file"}, **_READ},
    response_class=Response,
)
async def download(document_id: DocumentKey, kind: Format, database: ActingDatabase, options: Options) -> Response:
    paper = await database.read(read_paper, document_id)
    content = await run_in_threadpool(render, paper, kind, options.document_fonts)
    disposition = f'attachment; filename="{file_name(paper, kind)}"'
    return Response(content, media_type=MEDIA_TYPES[kind], headers={"Content-Disposition": disposition})
