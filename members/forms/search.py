"""Exact search for people (ruling 31). What was typed is posted; the answer's address carries blind indexes, signed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import FilterForm
from codes.formats import member_key
from members.forms.fields import BirthDateField, text
from members.querysets import birth_indexes, member_indexes, name_indexes

SALT = "claimflow.members.search"
LONGEST = 4000
KINDS = ("name", "birth", "member")


class PersonSearchForm(FilterForm):
    """Last name with first name or birth date, or a member id: whole words, never a part of one."""

    sizes = {"last_name": "m", "first_name": "m", "member_id": "m"}

    last_name = text(_("Last name"), max_length=100, attrs={"data-key": "/", "data-key-label": _("Search")})
    first_name = text(_("First name"), max_length=100)
    birth_date = BirthDateField(required=False)
    member_id = text(_("Member ID"), max_length=60, attrs={"spellcheck": "false"})

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if self.errors:
            return told
        if told.get("member_id"):
            if not member_key(told["member_id"]):
                self.add_error("member_id", _("A member ID has letters or digits. Enter the whole ID."))
        elif not told.get("last_name"):
            self.add_error("last_name", _("Enter the whole last name, or a member ID."))
        elif not (told.get("first_name") or told.get("birth_date")):
            self.add_error("first_name", _("Enter the first name or the date of birth as well."))
        return told

    def wanted(self, organization: UUID, payers: Sequence[UUID]) -> tuple[str, list[str]]:
        """Kind and blind indexes of what was typed; the narrowest word decides."""
        told = self.cleaned_data
        if told["member_id"]:
            return "member", member_indexes(payers, told["member_id"])
        if told["birth_date"]:
            return "birth", birth_indexes(organization, told["last_name"], told["birth_date"])
        return "name", name_indexes(organization, told["last_name"], told["first_name"])


class PatientSearchForm(PersonSearchForm):
    """Finds patients."""


class MemberSearchForm(PersonSearchForm):
    """Finds members."""


def token(kind: str, indexes: Sequence[str]) -> str:
    """For an address: what is looked for, without saying it."""
    return signing.Signer(salt=SALT).sign_object([kind, *indexes])


def read_token(text: str | None) -> tuple[str, list[str]] | None:
    """The kind and the indexes of a search, None for a text that we did not sign."""
    if not text or len(text) > LONGEST:
        return None
    try:
        kind, *indexes = signing.Signer(salt=SALT).unsign_object(text)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (kind, indexes) if kind in KINDS else None
