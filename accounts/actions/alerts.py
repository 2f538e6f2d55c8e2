"""Acting on an alert: somebody takes it, and says in the end what came of it. Each step is an event of the trail."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.watch import note
from accounts.enums import AlertState
from accounts.models import Alert, User
from accounts.policies import require_alert_handler
from audit.enums import Action
from claimflow.lib.permissions import WrongState


def take(*, alert_id: UUID, by: User) -> Alert:
    """Make it one's own, also from a colleague. Raises ``WrongState`` for a resolved one, ``Forbidden``, and
    ``Alert.DoesNotExist`` for another organization's."""
    require_alert_handler(by)
    alert = _unsettled(alert_id, by)
    old = AlertState(alert.state)
    if alert.owner_id == by.pk:
        return alert
    alert.owner, alert.state = by, AlertState.ACKNOWLEDGED.value
    alert.touch("owner", "state")
    note(Action.ALERT_TAKEN, alert, old=old)
    return alert


def resolve(*, alert_id: UUID, resolution: str, by: User) -> Alert:
    """Close it with what was found and done. Whoever resolves an alert that nobody took owns it. Raises as ``take``."""
    require_alert_handler(by)
    alert = _unsettled(alert_id, by)
    old = AlertState(alert.state)
    alert.owner = alert.owner or by
    alert.state, alert.resolution, alert.resolved_at = (
        AlertState.RESOLVED.value,
        resolution.strip(),
        timezone.now(),
    )
    alert.touch("owner", "state", "resolution", "resolved_at")
    note(Action.ALERT_RESOLVED, alert, old=old)
    return alert


def _unsettled(alert_id: UUID, by: User) -> Alert:
    found = Alert.objects.visible_to(by).select_for_update(of=("self",))
    alert: Alert = found.select_related("organization", "owner").get(pk=alert_id)
    if alert.state == AlertState.RESOLVED:
        raise WrongState(_("This alert was resolved meanwhile. Its page says how."), code="resolved")
    return alert
