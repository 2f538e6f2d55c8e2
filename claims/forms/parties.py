"""Who bills, renders and refers, and where: CMS-1500 boxes 17, 24J, 32 and 33."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from claims.edits.entry import PartiesEntry, PartyEntry
from claims.enums import ReferringQualifier
from claims.forms.fields import ChoiceOf, EntryForm, NpiField, text
from members.models import BillingProvider

QUALIFIERS = [
    (ReferringQualifier.REFERRING, _("Referring")),
    (ReferringQualifier.ORDERING, _("Ordering")),
    (ReferringQualifier.SUPERVISING, _("Supervising")),
]
LONGEST_NAME = 201


class PartiesForm(EntryForm):
    needed = frozenset({"billing_npi", "referring_qualifier"})
    sizes = {"billing_npi": "l", "referring_qualifier": "s"}

    billing_npi = ChoiceOf(label=_("Billing provider"), choices=[])
    rendering_npi = NpiField(label=_("Rendering provider's NPI"), attrs={"list": "practitioners"})
    rendering_name = text(_("Rendering provider's name"), max_length=LONGEST_NAME)
    referring_npi = NpiField(label=_("Referring provider's NPI"), attrs={"list": "practitioners"})
    referring_name = text(_("Referring provider's name"), max_length=LONGEST_NAME)
    referring_qualifier = ChoiceOf(label=_("Role"), choices=QUALIFIERS, initial=ReferringQualifier.REFERRING)
    facility_npi = NpiField(label=_("Facility's NPI"), attrs={"list": "facilities"})
    facility_name = text(_("Facility's name"), max_length=120)

    def __init__(self, *args: Any, billing_providers: Iterable[BillingProvider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(each.npi, f"{each.name}, NPI {each.npi}") for each in billing_providers]
        typed = self["billing_npi"].value() or ""
        if typed and typed not in dict(listed):
            # A number from elsewhere (a file, an older draft) is shown as it is, and the edits object to it.
            listed.append((typed, _("%(npi)s, not on your list") % {"npi": typed}))
        self.fields["billing_npi"].widget.choices = [("", _("Choose")), *listed]  # type: ignore[attr-defined]

    def entry(self) -> PartiesEntry:
        return PartiesEntry(
            billing_npi=self.value("billing_npi"),
            rendering=PartyEntry(self.value("rendering_npi"), self.value("rendering_name")),
            referring=PartyEntry(self.value("referring_npi"), self.value("referring_name")),
            referring_qualifier=self.word("referring_qualifier", ReferringQualifier),
            facility=PartyEntry(self.value("facility_npi"), self.value("facility_name")),
        )
