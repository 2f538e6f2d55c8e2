"""What happened around the service, numbers, consents and notes: CMS-1500 boxes 10 to 20, 23, 27 and 29."""

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.edits.entry import CircumstanceEntry, ConsentEntry
from claims.enums import AccidentType, OnsetQualifier
from claims.forms.fields import ChoiceOf, EntryForm, day, flag, money, text

ACCIDENTS = [
    ("", _("No accident")),
    (AccidentType.EMPLOYMENT, _("At work")),
    (AccidentType.AUTO, _("Auto accident")),
    (AccidentType.OTHER, _("Other accident")),
]
ONSETS = [
    (OnsetQualifier.ONSET, _("First symptoms")),
    (OnsetQualifier.LAST_PERIOD, _("Last menstrual period")),
]


class CircumstancesForm(EntryForm):
    needed = frozenset({"accident", "onset_qualifier"})
    sizes = {"accident_state": "xs", "additional_information": "xl"}

    accident = ChoiceOf(label=_("Accident"), choices=ACCIDENTS)
    accident_date = day(_("Date of the accident"))
    accident_state = text(_("State"), max_length=2)
    onset_qualifier = ChoiceOf(label=_("Illness began with"), choices=ONSETS, initial=OnsetQualifier.ONSET)
    onset_date = day(_("On"))
    unable_to_work_from = day(_("Unable to work from"))
    unable_to_work_to = day(_("Unable to work to"))
    admitted_on = day(_("Admitted on"))
    discharged_on = day(_("Discharged on"))
    outside_lab = flag(_("An outside laboratory did part of the work"))
    outside_lab_charge = money(_("Its charge"))
    additional_information = forms.CharField(
        label=_("Additional information for the payer"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def entry(self) -> CircumstanceEntry:
        return CircumstanceEntry(
            accident=self.word("accident", AccidentType),
            accident_date=self.value("accident_date"),
            accident_state=self.value("accident_state").upper(),
            onset_date=self.value("onset_date"),
            onset_qualifier=self.word("onset_qualifier", OnsetQualifier),
            unable_to_work_from=self.value("unable_to_work_from"),
            unable_to_work_to=self.value("unable_to_work_to"),
            admitted_on=self.value("admitted_on"),
            discharged_on=self.value("discharged_on"),
            additional_information=self.value("additional_information"),
            outside_lab=bool(self.value("outside_lab")),
            outside_lab_charge=self.value("outside_lab_charge"),
        )


class ReferenceForm(EntryForm):
    """Numbers, consents and the note for the own side."""

    sizes = {"note": "xl", "authorization_number": "m"}

    authorization_number = text(_("Prior authorization number"))
    amount_paid_by_patient = money(_("Paid by the patient so far"))
    patient_signature_on_file = flag(_("The patient's signature is on file"), initial=True)
    benefits_assigned = flag(_("The patient assigns the payment to the billing provider"), initial=True)
    accepts_assignment = flag(_("The provider accepts assignment"), initial=True)
    note = forms.CharField(
        label=_("Note for your own organization"),
        help_text=_("The payer never sees it."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def consents(self) -> ConsentEntry:
        return ConsentEntry(
            patient_signature_on_file=bool(self.value("patient_signature_on_file")),
            benefits_assigned=bool(self.value("benefits_assigned")),
            accepts_assignment=bool(self.value("accepts_assignment")),
        )
