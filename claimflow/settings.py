"""Settings, all from the environment (django-environ). ``.env.example`` documents each name; a test holds the two equal.

Which database login a process gets depends on what it does (ruling 2): ``migrate`` and its kin use the migrator,
``run_worker`` the worker, everything else the application's login.
"""

import os
import sys
from pathlib import Path
from typing import Any, Literal

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
_env_file = Path(env.str("CLAIMFLOW_ENV_FILE", default=str(BASE_DIR / ".env")))
if _env_file.is_file():
    env.read_env(str(_env_file))

CLAIMFLOW_ENV = env.str("CLAIMFLOW_ENV", default="production")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
_scheme = "https" if CLAIMFLOW_ENV == "production" else "http"
# Links in mails never come from a request's Host header.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"{_scheme}://{ALLOWED_HOSTS[0]}").rstrip("/")

# --- Databases -------------------------------------------------------------------------------------------------
DB_ROLE_PREFIX = env.str("DB_ROLE_PREFIX", default="claimflow_")
_MIGRATOR_COMMANDS = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations"}
_command = (
    sys.argv[1] if len(sys.argv) > 1 and Path(sys.argv[0]).name in {"manage.py", "django-admin"} else ""
)


def _login_of(command: str) -> str:
    if command in _MIGRATOR_COMMANDS:
        return "migrator"
    return "worker" if command == "run_worker" else "app"


DATABASE_LOGIN = env.str("CLAIMFLOW_LOGIN", default=_login_of(_command))
_URL_NAMES = {"app": "DATABASE_URL", "migrator": "MIGRATE_DATABASE_URL", "worker": "WORKER_DATABASE_URL"}


def _database(login: str) -> dict[str, Any]:
    name = _URL_NAMES[login]
    if login == "app" and not env.str(name, default=""):
        config: dict[str, Any] = {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": env.str("DB_HOST", default="127.0.0.1"),
            "PORT": env.str("DB_PORT", default="5432"),
            "NAME": env.str("DB_NAME", default="claimflow"),
            "USER": env.str("DB_USER", default=f"{DB_ROLE_PREFIX}app"),
            "PASSWORD": env.str("DB_PASSWORD", default=""),
        }
    else:
        config = dict(env.db_url(name, default="postgres://127.0.0.1:5432/claimflow"))
        config["ENGINE"] = "django.db.backends.postgresql"
    options: dict[str, Any] = dict(config.get("OPTIONS") or {})
    if env.bool("DB_SSL_ENABLED", default=False):
        options["sslmode"] = "verify-full"
        for option, setting in (
            ("sslrootcert", "DB_SSL_CA"),
            ("sslcert", "DB_SSL_CERT"),
            ("sslkey", "DB_SSL_KEY"),
        ):
            if env.str(setting, default=""):
                options[option] = env.str(setting)
    options["application_name"] = f"claimflow-{login}"
    if login == "migrator":
        options["options"] = f"-c role={DB_ROLE_PREFIX}owner -c lock_timeout=5s"
    else:
        options["options"] = (
            f"-c statement_timeout={env.int('DB_STATEMENT_TIMEOUT_MS', default=20000)}"
            " -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
        )
    if login == "app" and env.bool("DB_POOL", default=True):
        options["pool"] = {
            "min_size": env.int("DB_POOL_MIN", default=2),
            "max_size": env.int("DB_POOL_MAX", default=20),
            "timeout": 5,
        }
    config.update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=False, OPTIONS=options, DISABLE_SERVER_SIDE_CURSORS=True)
    return config


DATABASES = {"default": _database(DATABASE_LOGIN)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Keys ------------------------------------------------------------------------------------------------------
# "2:<base64 of 32 bytes>,1:<...>": the first is the current one, the others are still read.
CONTEXT_KEYS = env.str("CONTEXT_KEYS", default="")
CONTEXT_LIFETIME_SECONDS = 90
PHI_KEYS = env.str("PHI_KEYS", default="")
PHI_INDEX_KEYS = env.str("PHI_INDEX_KEYS", default="")
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", default="")
AUDIT_COPY_DIR = env.str("AUDIT_COPY_DIR", default=str(BASE_DIR / "var" / "audit"))

# --- Backups (docs/operations.md) ------------------------------------------------------------------------------
BACKUP_KEYS = env.str("BACKUP_KEYS", default="")
BACKUP_DIR = env.str("BACKUP_DIR", default=str(BASE_DIR / "var" / "backups"))
PG_BIN = env.str("PG_BIN", default="")

# --- Applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "claimflow.lib",
    "audit",
    "accounts",
    "codes",
    "intelligence",
    "members",
    "claims",
    "engagement",
    "claimflow.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_otp",
    "auditlog",
    "procrastinate.contrib.django",
    "csp",
]
if CLAIMFLOW_ENV != "production":
    INSTALLED_APPS.append("claimflow.demo")

MIDDLEWARE = [
    "claimflow.middleware.request.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "claimflow.middleware.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "claimflow.middleware.session.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "claimflow.middleware.kept.KeptMiddleware",
    "claimflow.middleware.gate.GateMiddleware",
    "claimflow.middleware.actor.ActorMiddleware",
]
ROOT_URLCONF = "claimflow.urls"
WSGI_APPLICATION = "claimflow.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if CLAIMFLOW_ENV == "test":
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")

SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 24 * 3600  # the longest that a security policy may allow
_secure = CLAIMFLOW_ENV == "production"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "claimflow_session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "claimflow_csrf"
# By this one a browser is known at the next sign-in (accounts/actions/browsers.py); browsers keep none for longer.
BROWSER_COOKIE_NAME = "__Host-browser" if _secure else "claimflow_browser"
BROWSER_COOKIE_AGE = 400 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE: Literal["Lax"] = "Lax"
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE
CSRF_FAILURE_VIEW = "claimflow.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_HANDLERS = [
    "claimflow.lib.uploads.OffDiskHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "claimflow.context_processors.page",
                "django.contrib.messages.context_processors.messages",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Static files, mail, time, words ---------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
_manifest = CLAIMFLOW_ENV in {"production", "demo"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _manifest
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _manifest
WHITENOISE_AUTOREFRESH = CLAIMFLOW_ENV in ("development", "test")

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
elif env.str("SMTP_HOST", default=""):
    EMAIL_HOST = env.str("SMTP_HOST")
    EMAIL_PORT = env.int("SMTP_PORT", default=587)
    EMAIL_HOST_USER = env.str("SMTP_USER", default="")
    EMAIL_HOST_PASSWORD = env.str("SMTP_PASSWORD", default="")
    EMAIL_USE_TLS = env.bool("SMTP_TLS", default=True)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", default=str(BASE_DIR / "var" / "mail"))
EMAIL_TIMEOUT = 5  # seconds for each step of the conversation: a job sends inside its transaction
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="claimflow@localhost")

USE_TZ = True
TIME_ZONE = "UTC"
PLATFORM_TIME_ZONE = env.str("PLATFORM_TIME_ZONE", default="America/New_York")
LANGUAGE_CODE = "en-us"
USE_I18N = True

# --- Parts -----------------------------------------------------------------------------------------------------
OTP_TOTP_ISSUER = "ClaimFlow"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
AUDITLOG_DISABLE_ON_RAW_SAVE = True
AUDITLOG_MASK_CALLABLE = "claimflow.lib.phi.mask"

# --- Remote model: an extra, off by default (docs/remote-model.md) ----------------------------------------------
REMOTE_MODEL = env.str("REMOTE_MODEL", default="")
REMOTE_MODEL_ADDRESS = env.str("REMOTE_MODEL_ADDRESS", default="")
REMOTE_MODEL_KEY = env.str("REMOTE_MODEL_KEY", default="")
REMOTE_MODEL_DEADLINE = env.float("REMOTE_MODEL_DEADLINE", default=5.0)
REMOTE_MODEL_PROXY = env.str("REMOTE_MODEL_PROXY", default="")
REMOTE_MODEL_PRICES = env.str("REMOTE_MODEL_PRICES", default="")

# What may stand in a line, and what never does: claimflow/lib/logs.py.
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if CLAIMFLOW_ENV == "production" else "plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "claimflow.lib.logs.JsonFormatter"},
        "plain": {"()": "claimflow.lib.logs.PlainFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_FORMAT == "json" else "plain",
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        **{
            name: {"level": "WARNING"}
            for name in ("django.db.backends", "procrastinate", "httpx2", "anthropic")
        },
        # Their own handlers would write tracebacks, paths and query strings past the formatters.
        **{
            name: {"handlers": [], "propagate": True}
            for name in ("django", "gunicorn.error", "gunicorn.access")
        },
        "django.server": {"handlers": [], "level": "CRITICAL"},
    },
}
# Session and user come from claimflow.middleware.session, which does what these two middlewares do (ruling 4).
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E410"]
os.environ.setdefault("PGTZ", "UTC")
