from members.models.billing_provider import BillingProvider
from members.models.coverage import Coverage
from members.models.coverage_inquiry import CoverageInquiry
from members.models.facility import Facility
from members.models.member import Member
from members.models.patient import Patient
from members.models.patient_coverage import PatientCoverage
from members.models.plan import Plan
from members.models.practitioner import Practitioner
from members.models.roster_upload import RosterUpload

__all__ = [
    "BillingProvider",
    "Coverage",
    "CoverageInquiry",
    "Facility",
    "Member",
    "Patient",
    "PatientCoverage",
    "Plan",
    "Practitioner",
    "RosterUpload",
]
