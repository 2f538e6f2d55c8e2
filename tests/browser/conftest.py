"""A real Chromium against a real server of this process. Pages are photographed into var/screenshots/."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import BrowserContext, Page

# Playwright's synchronous API runs an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = ROOT / "var" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": WCAG}, "preload": False, "resultTypes": ["violations"]}
"""Without preloading, which asks again for style sheets and finds an import in Django's own under the page's address; and
without describing every part that is sound, which is half of the time."""
AXE_AGAIN = {**AXE, "rules": {"color-contrast": {"enabled": False}}}
"""For a page's further sizes: its colours are the same at each, and measuring them is most of what is left."""
# What sticks to the window's edge covers whatever this scroll position puts under it, which says nothing about the page:
# while axe looks, it lies where it belongs.
UNSTICK = """() => { for (const each of document.querySelectorAll("body *"))
    if (getComputedStyle(each).position === "sticky") { each.dataset.unstuck = ""; each.style.position = "static"; } }"""
STICK = """() => { for (const each of document.querySelectorAll("[data-unstuck]")) {
    each.style.position = ""; delete each.dataset.unstuck; } }"""
SIZES = {"1280": {"width": 1280, "height": 900}, "390": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; root may not use its sandbox."""
    path = os.environ.get("CHROMIUM", CHROMIUM)
    if not Path(path).exists():
        pytest.skip(f"No Chromium at {path}. Install the system's package, or name another in CHROMIUM.")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[str]:
    """The address of a server of this process on the run's database."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://{thread.host}:{thread.port}"
    thread.terminate()


@pytest.fixture
def site(server: str, real_db: None) -> str:
    """The server, with tenant tables that are emptied after the test."""
    return server


@pytest.fixture
def reading_site(server: str, django_db_blocker: Any) -> Iterator[str]:
    """The server for tests that write nothing: nothing needs to be emptied."""
    with django_db_blocker.unblock():
        yield server


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the page said on its console or threw; a test that uses it ends with none."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.fixture
def sign_in(context: BrowserContext, site: str) -> Callable[[Any], None]:
    """``sign_in(user)`` gives this test's browser the session of a person who came through the door."""
    from tests.signed_in import client_of

    def give(user: Any) -> None:
        key = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])

    return give


def assert_good(page: Page, name: str, *, sizes: dict[str, Any] = SIZES) -> None:
    """At each size: styles are loaded, nothing sticks out sideways, axe finds nothing; a picture is kept. Afterwards the
    page has the size that it had before."""
    before = page.viewport_size
    for number, (label, size) in enumerate(sizes.items()):
        page.set_viewport_size(size)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=SCREENSHOTS / f"{name}-{label}.png", full_page=True)
        assert "Public Sans" in page.evaluate("getComputedStyle(document.body).fontFamily"), (
            f"{name}: unstyled"
        )
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} at {label} px is {wide} px too wide"
        page.evaluate(UNSTICK)
        found = Axe().run(page, options=AXE_AGAIN if number else AXE).response["violations"]
        page.evaluate(STICK)
        assert [(item["id"], [node["html"][:160] for node in item["nodes"]]) for item in found] == [], (
            f"{name} at {label}"
        )
    if before:
        page.set_viewport_size(before)
