from accounts.models.alert import Alert, AlertCursor
from accounts.models.credential import Credential
from accounts.models.organization import Organization, OrganizationProfile
from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.right import RightGrant, Role
from accounts.models.session import Session
from accounts.models.throttle import Throttle
from accounts.models.totp_device import TotpDevice
from accounts.models.user import User

__all__ = [
    "Alert",
    "AlertCursor",
    "Credential",
    "Organization",
    "OrganizationProfile",
    "OutgoingMail",
    "RightGrant",
    "Role",
    "Session",
    "Throttle",
    "TotpDevice",
    "User",
]
