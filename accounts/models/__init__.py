from accounts.models.alert import Alert, AlertCursor
from accounts.models.backup_code import BackupCode
from accounts.models.credential import Credential
from accounts.models.earlier_password import EarlierPassword
from accounts.models.email_change import EmailChange
from accounts.models.kept_form import KeptForm
from accounts.models.known_browser import KnownBrowser
from accounts.models.organization import Organization, OrganizationProfile
from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.password_reset import PasswordReset
from accounts.models.right import RightGrant, Role
from accounts.models.security_policy import SecurityPolicy
from accounts.models.session import Session
from accounts.models.system_setting import SystemSetting
from accounts.models.throttle import Throttle
from accounts.models.totp_device import TotpDevice
from accounts.models.user import User
from accounts.models.user_contact import UserContact

__all__ = [
    "Alert",
    "AlertCursor",
    "BackupCode",
    "Credential",
    "EarlierPassword",
    "EmailChange",
    "KeptForm",
    "KnownBrowser",
    "Organization",
    "OrganizationProfile",
    "OutgoingMail",
    "PasswordReset",
    "RightGrant",
    "Role",
    "SecurityPolicy",
    "Session",
    "SystemSetting",
    "Throttle",
    "TotpDevice",
    "User",
    "UserContact",
]
