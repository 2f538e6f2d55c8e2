"""A claim's number: the day in the platform's zone and a gapless count (ruling 17, performance.md section
5)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from claims.models import Claim

NUMBER = ("claim_number", "number_day", "number_n")


def platform_day(moment: datetime | None = None) -> date:
    """The day of a claim number at ``moment`` (default: now)."""
    return (moment or timezone.now()).astimezone(ZoneInfo(settings.PLATFORM_TIME_ZONE)).date()


def spell_number(day: date, n: int) -> str:
    """CLM-YYYYMMDD-NNNN: at least four digits, widening past 9,999."""
    return f"CLM-{day:%Y%m%d}-{n:04d}"


def assign_number(*, claim: Claim, day: date | None = None, saving: tuple[str, ...] = ()) -> str:
    """Give the claim its number, in one UPDATE with the changed fields that ``saving`` names, and return it.

    The last statements of a submission, in the system's context: they seal the claim (lines, diagnoses and
    snapshot are written before), and the day's counter stays locked until the commit. The number and the
    state that needs one go together.
    """
    day = day or platform_day()
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims.next_number(%s)", [day])
        n = cursor.fetchone()[0]
    number = spell_number(day, n)
    claim.set_number(day, n, number)
    claim.touch(*NUMBER, *saving)
    return number
