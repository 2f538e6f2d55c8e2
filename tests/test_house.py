"""The style of the house as tests: what every app, model, template and setting must look like."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from claimflow.lib import jobs
from claimflow.lib.phi.fields import PhiField
from tests.harness import ROOT, admin_connection

APPS = ("accounts", "audit", "claims", "codes", "engagement", "intelligence", "members")
FLOORS = {
    "kernel": 0,
    "audit": 1,
    "codes": 2,
    "accounts": 2,
    "intelligence": 3,
    "members": 4,
    "claims": 5,
    "engagement": 6,
}
OURS = [model for model in apps.get_models() if model._meta.app_label in {*APPS, "kernel"}]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# The rooms of an app (docs/architecture.md), and the few files that stand beside them and say their own name.
ROOMS = {
    "__init__.py", "actions", "admin.py", "apps.py", "data", "enums.py", "forms", "forms.py", "jobs.py", "management",
    "migrations", "models", "models.py", "policies.py", "presenters.py", "querysets.py", "sql", "templatetags", "urls.py",
    "views", "views.py", "workflow.py", "adjudication", "edits",
}  # fmt: skip
OWN_ROOMS = {
    "accounts": {
        "admin_forms.py",
        "admin_recovery.py",
        "backends.py",
        "factors.py",
        "fresh.py",
        "passwords.py",
        "roles.py",
        "safeguards.py",
        "session_store.py",
        "system_setting.py",
        "start_checks.py",
    },
    "claims": {"payer_urls.py"},
    "codes": {"answers.py", "formats.py", "icd10", "npi.py", "search.py"},
    "intelligence": {
        "evaluation.py",
        "families.py",
        "numbers.py",
        "priority.py",
        "remote",
        "score.py",
        "scorecard.py",
        "start_checks.py",
        "together.py",
    },
    "members": {"eligibility.py", "roster"},
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "misc", "base"}

# Rows that are written once and carry the one time that matters.
WRITTEN_ONCE = {
    "accounts.EarlierPassword",  # replaced_at
    "accounts.RightGrant",  # granted_at
    "accounts.Session",  # created_at, last_seen_at
    "audit.Access", "audit.Checkpoint", "audit.Event",  # at
    "claims.Adjustment", "claims.AdjustmentRemark", "claims.ClaimFinding", "claims.ClaimSnapshot", "claims.Decision",
    "claims.Diagnosis", "claims.LineDecision", "claims.PayerNote", "claims.ProviderNote", "claims.ServiceLine",
    "claims.StateTransition",  # the workflow as a table
    "codes.Icd10Code", "codes.Icd10Section", "codes.Icd10Word",  # rows of a release, which has the times
    "engagement.NoticeReading",
    "intelligence.LedgerEntry", "intelligence.LedgerOutcome",  # made_at, decided_at
    "kernel.BackupRun",  # started_at, finished_at
}  # fmt: skip
# Tables with an organization whose rows are reached otherwise.
WITHOUT_A_SCOPE = {
    "accounts.OrganizationProfile", "accounts.RightGrant", "accounts.Session", "accounts.User",  # by their person
    "engagement.NoticeReading",  # by its notice
}  # fmt: skip
# Puts parts together that are escaped each.
BUILDS_HTML = {"claimflow/lib/templatetags/claimflow.py"}


def names(models_: Iterator[type[models.Model]] | list[type[models.Model]]) -> set[str]:
    return {model._meta.label for model in models_}


def python_files(*roots: str) -> Iterator[Path]:
    for root in roots:
        yield from sorted((ROOT / root).rglob("*.py"))


# --- Rooms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_the_rooms_of_the_house(app: str) -> None:
    found = {path.name for path in (ROOT / app).iterdir() if path.name != "__pycache__"}
    assert found <= ROOMS | OWN_ROOMS.get(app, set())


def test_no_room_is_called_after_nothing() -> None:
    for path in python_files(*APPS, "claimflow"):
        assert path.stem not in FORBIDDEN_NAMES or path.parent.name == "management", path


def test_foreign_keys_obey_the_floors() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in OURS
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and FLOORS.get(field.related_model._meta.app_label, 9) > FLOORS[model._meta.app_label]
    ]
    assert wrong == []


# --- Models ------------------------------------------------------------------------------------------------------------


def test_every_table_knows_when_a_row_came_and_changed() -> None:
    without = {
        model._meta.label
        for model in OURS
        if not {"created_at", "updated_at"} <= {field.name for field in model._meta.local_fields}
    }
    assert without == WRITTEN_ONCE & names(OURS)


def test_a_table_of_tenants_has_a_scope() -> None:
    tenants = [
        model
        for model in OURS
        if {"organization", "provider", "payer"} & {field.name for field in model._meta.local_fields}
        or {"organization_id", "provider_id", "payer_id"} & {field.name for field in model._meta.local_fields}
    ]
    assert {model._meta.label for model in tenants if not hasattr(model._default_manager, "visible_to")} == (
        WITHOUT_A_SCOPE & names(tenants)
    )


def sealed_names(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.local_fields if isinstance(field, PhiField)}


def test_str_says_nothing_that_is_encrypted() -> None:
    sealed = {model.__name__: sealed_names(model) for model in OURS}
    for path in python_files(*APPS):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and sealed.get(node.name):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and method.name in {"__str__", "__repr__"}:
                        said = {each.attr for each in ast.walk(method) if isinstance(each, ast.Attribute)}
                        assert not said & sealed[node.name], f"{node.name}.{method.name}"


def test_every_model_says_something_of_itself() -> None:
    assert [model._meta.label for model in OURS if model.__str__ is models.Model.__str__] == []


# --- Templates ----------------------------------------------------------------------------------------------------------

# Found by name by Django: error pages, the administrator's site and form parts.
FOUND_BY_DJANGO = re.compile(r"^(\d{3}(_csrf)?\.html|admin/|django/|registration/)")


def test_no_template_is_unused() -> None:
    sources = "".join(path.read_text() for path in [*TEMPLATES, *python_files("claimflow", *APPS)])
    unused = [
        name
        for path in TEMPLATES
        if not FOUND_BY_DJANGO.match(name := str(path.relative_to(ROOT / "templates")))
        and f'"{name}"' not in sources
    ]
    assert unused == []


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style\b|\sstyle=|\son[a-z]+=\"", re.I
)


def test_templates_have_no_inline_script_or_style() -> None:
    """The Content-Security-Policy would refuse them silently in a browser."""
    assert [str(path) for path in TEMPLATES if INLINE.search(path.read_text())] == []


def test_nothing_is_called_safe_and_no_form_is_exempt() -> None:
    python = re.compile(r"\bmark_safe\b|\bSafeString\b|\bcsrf_exempt\b")
    html = re.compile(r"\|\s*safe\b|autoescape off|\bsafeseq\b")
    found = {
        str(path.relative_to(ROOT))
        for path in python_files("claimflow", *APPS)
        if python.search(path.read_text())
    }
    assert found <= BUILDS_HTML
    assert [str(path) for path in TEMPLATES if html.search(path.read_text())] == []


# Modules that open a connection. The database has its driver, mail is Django's.
CONNECTING = {
    "anthropic",
    "ftplib",
    "http.client",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "urllib.request",
    "urllib3",
}


# The extra that asks a remote model, at the one address of the environment (docs/remote-model.md).
ASKS_A_MODEL = {f"intelligence/remote/{name}.py" for name in ("over_anthropic", "over_openai", "wire")}


def test_nothing_here_calls_another_machine() -> None:
    """But at addresses of the settings: none that somebody typed is ever asked for anything (ASVS 1.3.6)."""
    found = set()
    for path in python_files(*APPS, "claimflow"):
        for node in ast.walk(ast.parse(path.read_text())):
            names_ = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found |= {str(path.relative_to(ROOT)) for name in names_ if name in CONNECTING}
    assert found == ASKS_A_MODEL


# --- Jobs, settings, words ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("django_db_setup")
def test_the_database_accepts_exactly_the_registered_jobs() -> None:
    with admin_connection() as admin:
        allowed = [
            name for (name,) in admin.execute("SELECT name FROM jobs.allowed ORDER BY name").fetchall()
        ]
    assert allowed == [name for name in jobs.names() if "." not in name]


def settings_read() -> set[str]:
    """Names of the environment that settings and db_bootstrap read."""
    found: set[str] = set()
    for path in (ROOT / "claimflow/settings.py", ROOT / "claimflow/lib/management/commands/db_bootstrap.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^DEBUG$", node.value))
    return found - NOT_SETTINGS


# Upper-case words of settings.py that Django or a package reads, not the environment.
NOT_SETTINGS = {"APP_DIRS", "CONN_MAX_AGE"}


def test_the_example_of_settings_is_complete() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    documented = [match[1] for line in lines if (match := re.match(r"#?([A-Z][A-Z0-9_]*)=", line))]
    assert len(documented) == len(set(documented))
    assert set(documented) == settings_read()


def test_every_setting_has_a_comment() -> None:
    previous, without = "", []
    for line in (ROOT / ".env.example").read_text().splitlines():
        if re.match(r"#?[A-Z][A-Z0-9_]*=", line) and not previous.startswith("#"):
            without.append(line)
        previous = line
    assert without == []


# Places on somebody's machine, unfinished work, and addresses that only a developer has.
UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX|HACK)\b|(?<![\w./-])/(?:work|home/\w+|Users|root)/|127\.0\.0\.1:5455"
)


def test_the_repository_names_no_machine_and_no_unfinished_work() -> None:
    looked_at = [
        *python_files("claimflow", *APPS, "bin"),
        *TEMPLATES,
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "static" / "claimflow").glob("*.*"),
        *ROOT.glob("*.*"),
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in looked_at
        if path.is_file() and path.suffix not in {".woff2", ".png"} and path.name != ".git"
        for match in UNFINISHED.finditer(path.read_text(errors="replace"))
    ]
    assert found == []


def test_the_test_database_is_postgresql() -> None:
    """Nothing here would mean anything on another database."""
    assert connection.vendor == "postgresql"
