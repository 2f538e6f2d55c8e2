from accounts.models.credential import Credential
from accounts.models.earlier_password import EarlierPassword
from accounts.models.organization import Organization, OrganizationProfile
from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.right import RightGrant, Role
from accounts.models.security_policy import SecurityPolicy
from accounts.models.session import Session
from accounts.models.throttle import Throttle
from accounts.models.totp_device import TotpDevice
from accounts.models.user import User

__all__ = [
    "Credential",
    "EarlierPassword",
    "Organization",
    "OrganizationProfile",
    "OutgoingMail",
    "RightGrant",
    "Role",
    "SecurityPolicy",
    "Session",
    "Throttle",
    "TotpDevice",
    "User",
]
