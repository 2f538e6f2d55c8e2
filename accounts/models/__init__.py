from accounts.models.credential import Credential
from accounts.models.email_change import EmailChange
from accounts.models.kept_form import KeptForm
from accounts.models.organization import Organization, OrganizationProfile
from accounts.models.right import RightGrant, Role
from accounts.models.session import Session
from accounts.models.throttle import Throttle
from accounts.models.totp_device import TotpDevice
from accounts.models.user import User
from accounts.models.user_contact import UserContact

__all__ = [
    "Credential",
    "EmailChange",
    "KeptForm",
    "Organization",
    "OrganizationProfile",
    "RightGrant",
    "Role",
    "Session",
    "Throttle",
    "TotpDevice",
    "User",
    "UserContact",
]
