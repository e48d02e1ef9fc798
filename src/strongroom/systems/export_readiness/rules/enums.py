"""The words export readiness chooses from; a value is what the database and the API show."""

from __future__ import annotations

from enum import Enum


class BusinessTypeEnum(Enum):
    MANUFACTURING = "Manufacturing"
    SAAS = "SaaS"
    MERCHANT = "Merchant"


class CompanySizeEnum(Enum):
    MICRO = "Micro"
    SMALL = "Small"
    MEDIUM = "Medium"


class ReportStatusEnum(Enum):
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class CertificationTypeEnum(Enum):
    FDA = "FDA"
    CE = "CE"
    REACH = "REACH"
    BIS = "BIS"
    ZED = "ZED"
    SOFTEX = "SOFTEX"
    OTHER = "other"


class CertificationStatusEnum(Enum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REJECTED = "rejected"


class DocumentTypeEnum(Enum):
    COMMERCIAL_INVOICE = "commercial_invoice"
    PACKING_LIST = "packing_list"
    SHIPPING_BILL = "shipping_bill"
    GST_LUT = "gst_lut"
    SOFTEX = "softex"
    CERTIFICATE_OF_ORIGIN = "certificate_of_origin"


class TaskCategoryEnum(Enum):
    CERTIFICATION = "certification"
    DOCUMENTATION = "documentation"
    LOGISTICS = "logistics"
    FINANCE = "finance"


class ChatRoleEnum(Enum):
    USER = "user"
    ASSISTANT = "assistant"
