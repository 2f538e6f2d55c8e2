"""What leaves a server with production's settings: headers, cookies, and what it refuses (ASVS V3)."""

import json
import os
import subprocess
import sys

import pytest

from tests.harness import DATABASE, ROOT, environment

pytestmark = pytest.mark.slow

HOST = "claims.example.com"
ASK = f"""
import json, django
django.setup()
from django.conf import settings
from django.test import Client, override_settings
plain = {{"default": {{"BACKEND": "django.core.files.storage.FileSystemStorage"}},
         "staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}}}
client = Client(enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME={HOST!r})
def say(answer):
    cookies = {{name: [morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]]
               for name, morsel in answer.cookies.items()}}
    return {{"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies,
            "text": answer.content.decode()}}
with override_settings(STORAGES=plain):
    print(json.dumps({{
        "page": say(client.get("/sign-in/", secure=True, headers={{"Origin": "https://elsewhere.example"}})),
        "plain": say(client.get("/sign-in/")),
        "trace": say(client.generic("TRACE", "/sign-in/", secure=True)),
        "forged": say(client.post("/sign-in/", {{"email": "a@example.com"}}, secure=True,
                                  headers={{"Origin": "https://elsewhere.example"}})),
        "missing": say(client.get("/no/such/page/", secure=True)),
        "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                    settings.SESSION_COOKIE_SAMESITE],
    }}))
"""


@pytest.fixture(scope="module")
def answers(django_db_setup: None) -> dict[str, dict]:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={
            **os.environ,
            **environment(DATABASE),
            "CLAIMFLOW_ENV": "production",
            "ALLOWED_HOSTS": HOST,
            "DJANGO_SETTINGS_MODULE": "claimflow.settings",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, dict] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Content-Type", "text/html; charset=utf-8"),
    ],
)
def test_every_page_has_the_header(answers: dict[str, dict], header: str, value: str) -> None:
    assert answers["page"]["headers"][header] == value


def test_nothing_is_kept_by_the_browser_or_shared_with_another_site(answers: dict[str, dict]) -> None:
    headers = answers["page"]["headers"]
    assert "no-store" in headers["Cache-Control"]
    assert not [name for name in headers if name.startswith("Access-Control-")]


def test_the_content_policy_allows_no_inline_script_and_no_frame(answers: dict[str, dict]) -> None:
    policy = dict(
        part.strip().split(" ", 1)
        for part in answers["page"]["headers"]["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"


def test_cookies_are_bound_to_the_host_and_out_of_scripts_reach(answers: dict[str, dict]) -> None:
    assert answers["page"]["cookies"]["__Host-csrf"] == [True, True, "Lax", "/", ""]
    assert answers["session"] == ["__Host-session", True, True, "Lax"]


def test_what_comes_without_tls_is_sent_to_it(answers: dict[str, dict]) -> None:
    assert answers["plain"]["status"] == 301
    assert answers["plain"]["headers"]["Location"] == f"https://{HOST}/sign-in/"


def test_trace_and_forged_posts_are_refused(answers: dict[str, dict]) -> None:
    assert answers["trace"]["status"] == 405
    assert answers["forged"]["status"] == 403


def test_an_error_page_says_no_more_than_the_request(answers: dict[str, dict]) -> None:
    page = answers["missing"]
    assert page["status"] == 404
    for word in ("Traceback", "urlpatterns", "Django", "psycopg"):
        assert word not in page["text"]
    assert page["headers"]["Cache-Control"]
