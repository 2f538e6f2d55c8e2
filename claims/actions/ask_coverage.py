"""Ask the payer once about a member and a day, and remember the answer for as long as neither changes (ruling 19)."""

from datetime import date

from django.core import signing

from accounts.models import Organization, User
from claimflow.lib import phi
from claimflow.lib.permissions import Refusal
from claims.actions.judge import STANDING_OF, payer_of
from claims.edits.entry import ClaimEntry
from codes.formats import is_member_id
from members.actions.check_coverage import check_coverage
from members.enums import Standing

_SALT = "claimflow.claims.coverage"


def ask_coverage(*, entry: ClaimEntry, remembered: str = "", by: User) -> tuple[Standing | None, str]:
    """The payer's answer for the first day of service, and a token that remembers it in the form.

    The form sends the token back, so that a payer is asked once for each member and day, not at every look at the
    form: questions are counted and kept. None while something is missing, or when too many were asked.
    """
    member_id, day = entry.coverage.member_id, entry.first_service
    if day is None or not is_member_id(member_id):
        return None, ""
    payer = payer_of(entry.coverage)
    if payer is None:
        return None, ""
    question = _question(payer, member_id, day, by)
    if (known := _remembered(remembered, question)) is not None:
        return known, remembered
    try:
        answer = check_coverage(payer=payer, member_id=member_id, on=day, by=by)
    except Refusal:
        return None, ""
    return STANDING_OF[answer.value], signing.dumps([*question, answer.value], salt=_SALT)


def _question(payer: Organization, member_id: str, day: date, by: User) -> list[str]:
    member = phi.blind_index("member_id", payer.pk, member_id).value
    return [str(by.organization_id), str(payer.pk), member, day.isoformat()]


def _remembered(token: str, question: list[str]) -> Standing | None:
    try:
        *asked, answer = signing.loads(token, salt=_SALT, max_age=3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return STANDING_OF.get(answer) if asked == question else None
