from codes.models.adjustment_reason import AdjustmentReason
from codes.models.code_release import CodeRelease
from codes.models.icd10_code import Icd10Code
from codes.models.icd10_section import Icd10Section
from codes.models.icd10_word import Icd10Word
from codes.models.modifier import Modifier
from codes.models.place_of_service import PlaceOfService
from codes.models.procedure import Procedure
from codes.models.reason_combination import ReasonCombination
from codes.models.remark_code import RemarkCode

__all__ = [
    "AdjustmentReason",
    "CodeRelease",
    "Icd10Code",
    "Icd10Section",
    "Icd10Word",
    "Modifier",
    "PlaceOfService",
    "Procedure",
    "ReasonCombination",
    "RemarkCode",
]
