"""Ask a payer's roster one question across the wall (ruling 19): one word comes back, and the question is
kept."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from claimflow.lib.permissions import Refusal
from members.enums import InForce

TOO_MANY = "too_many"


def check_coverage(*, payer: Organization, member_id: str, on: date, by: User) -> InForce:
    """Is ``member_id`` known to ``payer`` and in force on that day?

    The question is recorded before it is answered, with the person it asks about as a blind index.
    ``Refusal`` (code ``too_many``) when ``by`` has asked more than 30 times this minute
    (members/sql/coverage_in_force.sql counts). ValueError for a member id without a letter or digit.
    """
    indexes = phi.blind_indexes("member_id", payer.pk, member_id)
    person = indexes[0]
    record_access(
        Action.ELIGIBILITY_CHECKED,
        [Seen(SubjectKind.ORGANIZATION, payer.pk, by.organization_id, payer.pk, person.value, person.key_id)],
    )
    answer = InForce.UNKNOWN.value
    # While index keys are exchanged, a member may still be filed under an older one.
    for index in indexes:
        answer = _ask(payer, index.value, on)
        if answer != InForce.UNKNOWN:
            break
    if answer == TOO_MANY:
        raise Refusal(
            _("You have asked about many members in a short time. Wait a minute, then try again."),
            code=TOO_MANY,
        )
    return InForce(answer)


def _ask(payer: Organization, member_bidx: str, on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT members.coverage_in_force(%s, %s, %s)", [payer.pk, member_bidx, on])
        return str(cursor.fetchone()[0])
