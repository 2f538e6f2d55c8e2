from members.forms.coverage import CoverageFormSet, PatientCoverageForm, coverage_formset
from members.forms.member import (
    CoverageForm,
    EndForm,
    MemberForm,
    PlanForm,
    RosterForm,
    VerifyForm,
)
from members.forms.own import BillingProviderForm, FacilityForm, PractitionerForm
from members.forms.patient import PatientForm
from members.forms.person import PersonForm
from members.forms.search import MemberSearchForm, PatientSearchForm, read_token

__all__ = [
    "BillingProviderForm",
    "CoverageForm",
    "CoverageFormSet",
    "EndForm",
    "FacilityForm",
    "MemberForm",
    "MemberSearchForm",
    "PatientCoverageForm",
    "PatientForm",
    "PatientSearchForm",
    "PersonForm",
    "PlanForm",
    "PractitionerForm",
    "RosterForm",
    "VerifyForm",
    "coverage_formset",
    "read_token",
]
