"""Every part of the interface: both sizes, both modes, the keyboard alone, and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES, assert_good

pytestmark = pytest.mark.browser


@pytest.fixture
def gallery(page: Page, reading_site: str, faults: list[str]) -> Page:
    page.goto(f"{reading_site}/gallery/")
    return page


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_parts_are_sound_in_both_modes(gallery: Page, mode: str) -> None:
    gallery.emulate_media(color_scheme=mode)
    assert_good(gallery, f"gallery-{mode}")


def test_narrow_layout_is_sound(page: Page, reading_site: str, faults: list[str]) -> None:
    page.goto(f"{reading_site}/gallery/narrow/")
    assert_good(page, "gallery-narrow")


def test_nothing_is_cut_at_200_percent(gallery: Page) -> None:
    gallery.set_viewport_size({"width": 640, "height": 450})
    wide = gallery.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_are_sound(page: Page, reading_site: str, faults: list[str], code: str) -> None:
    from django.template.loader import render_to_string

    page.goto(f"{reading_site}/gallery/narrow/")
    html = render_to_string(f"{code}.html", {"request_id": "0f" * 16})
    page.route("**/shown/", lambda route: route.fulfill(status=200, content_type="text/html", body=html))
    page.goto(f"{reading_site}/shown/")
    expect(page.get_by_text("0f" * 16)).to_be_visible()
    assert_good(page, f"error-{code}")


# --- Keyboard ----------------------------------------------------------------------------------------------


def test_first_stop_is_the_skip_link(gallery: Page) -> None:
    gallery.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    gallery.locator(".usa-skipnav").focus()
    gallery.keyboard.press("Enter")
    assert gallery.evaluate("document.activeElement.id") == "main"


def test_map_lists_the_keys_and_gives_the_focus_back(gallery: Page) -> None:
    link = gallery.get_by_role("link", name="Narrow layout")
    link.focus()
    gallery.keyboard.press("?")
    dialog = gallery.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("row", name="a Approve")).to_be_visible()
    expect(dialog.get_by_role("row", name="/ Search")).to_be_visible()
    expect(dialog.get_by_role("row", name="j k Next and previous row")).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_rows_are_walked_and_opened(gallery: Page) -> None:
    gallery.locator("h1").first.click()
    gallery.keyboard.press("j")
    gallery.keyboard.press("j")
    expect(gallery.locator("tr.is-here .claim-number")).to_have_text("CLM-20261120-0107")
    gallery.keyboard.press("k")
    expect(gallery.locator("tr.is-here .claim-number")).to_be_focused()
    gallery.keyboard.press("Enter")
    assert gallery.url.endswith("#row-1")


def test_keys_never_fire_in_fields(gallery: Page) -> None:
    gallery.keyboard.press("/")
    search = gallery.get_by_label("Search", exact=True)
    expect(search).to_be_focused()
    gallery.keyboard.type("?jkn/")
    expect(search).to_have_value("?jkn/")
    expect(gallery.get_by_role("dialog")).to_be_hidden()
    gallery.keyboard.press("Escape")
    expect(search).not_to_be_focused()


def test_keys_can_be_switched_off_for_good(gallery: Page) -> None:
    gallery.keyboard.press("?")
    gallery.get_by_label("Switch off shortcuts of a single key").check()
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("?")
    expect(gallery.get_by_role("dialog")).to_be_hidden()
    gallery.reload()
    gallery.keyboard.press("/")
    expect(gallery.get_by_label("Search", exact=True)).not_to_be_focused()
    gallery.locator("footer").get_by_role("button", name="Keyboard").click()
    expect(gallery.get_by_role("dialog")).to_be_visible()


# --- Fields ------------------------------------------------------------------------------------------------


def test_combo_box_is_searched_and_chosen_with_keys(gallery: Page) -> None:
    box = gallery.get_by_role("combobox", name="Procedure (optional)")
    box.focus()
    gallery.keyboard.type("visit")
    listbox = gallery.get_by_role("listbox", name="Procedure (optional)")
    expect(listbox.get_by_role("option")).to_have_count(4)
    expect(box).to_have_attribute("aria-expanded", "true")
    gallery.keyboard.press("ArrowDown")
    gallery.keyboard.press("ArrowDown")
    chosen = listbox.locator("[aria-selected=true]")
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    gallery.keyboard.press("Enter")
    expect(box).to_have_value("X0002")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_combo_box_keeps_what_was_typed(gallery: Page) -> None:
    box = gallery.get_by_role("combobox", name="Procedure (optional)")
    box.focus()
    gallery.keyboard.type("zzz")
    expect(gallery.get_by_text("No match").first).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(box).to_have_value("zzz")


def test_open_list_is_sound(gallery: Page) -> None:
    box = gallery.get_by_role("combobox", name="Procedure (optional)")
    box.focus()
    gallery.keyboard.type("visit")
    expect(gallery.locator(".combo-list [role=option]").first).to_be_visible()
    gallery.keyboard.press("ArrowDown")
    assert_good(gallery, "gallery-combo", sizes={"1280": {"width": 1280, "height": 900}})


def test_typed_shortcut_is_written_out(gallery: Page) -> None:
    date = gallery.locator("#id_served_on")
    today = date.get_attribute("data-today") or ""
    date.fill("today")
    date.blur()
    year, month, day = today.split("-")
    expect(date).to_have_value(f"{month}/{day}/{year}")


def test_check_speaks_only_at_fields_that_were_left(gallery: Page) -> None:
    charge = gallery.locator("#id_charge")
    charge.fill("1,2.3")
    charge.blur()
    message = gallery.locator("#id_charge_check")
    expect(message).to_contain_text("The commas and points do not fit together.")
    expect(charge).to_have_attribute("aria-invalid", "true")
    assert "id_charge_check" in (charge.get_attribute("aria-describedby") or "")
    expect(gallery.locator("#id_member_id_check")).to_have_count(0)
    charge.fill("8,512.40")
    charge.blur()
    expect(gallery.locator("[data-check-total]")).to_have_text("8,512.40")
    expect(charge).not_to_have_attribute("aria-invalid", "true")


def test_error_summary_leads_to_the_field(gallery: Page) -> None:
    gallery.locator(".error-summary a", has_text="The calendar has no 02/30/1965.").click()
    expect(gallery.locator("#id_wrong-born_on_0")).to_be_focused()


# --- Lines -------------------------------------------------------------------------------------------------


def test_lines_are_added_renumbered_and_summed(gallery: Page) -> None:
    lines = gallery.locator("[data-lines=line]")
    lines.get_by_role("button", name="Add line").click()
    third = lines.locator("[data-line]").nth(2)
    expect(third.locator("legend")).to_have_text("Service line 3")
    expect(gallery.locator("#id_line-2-procedure")).to_be_focused()
    gallery.locator("#id_line-2-charge").fill("1.234,50")
    expect(gallery.locator("[data-sum-of=charge]")).to_have_text("1,354.50")
    lines.get_by_role("button", name="Remove Service line 2").click()
    expect(gallery.locator("#id_line-1-charge")).to_have_value("1.234,50")
    expect(gallery.locator("[name=line-TOTAL_FORMS]")).to_have_value("2")
    expect(gallery.locator("[data-sum-of=charge]")).to_have_text("1,354.50")


def test_added_combo_box_works(gallery: Page) -> None:
    gallery.get_by_role("button", name="Add line").click()
    gallery.keyboard.type("chest")
    expect(gallery.locator(".combo-list [role=option]:visible")).to_have_count(1)
    gallery.keyboard.press("ArrowDown")
    gallery.keyboard.press("Enter")
    expect(gallery.locator("#id_line-2-procedure")).to_have_value("X0004")


def test_double_click_sends_once(gallery: Page) -> None:
    sent: list[str] = []
    gallery.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with gallery.expect_navigation():
        gallery.locator("#forms [data-main-submit]").dblclick(no_wait_after=True)
    assert len(sent) == 1


# --- Without JavaScript ------------------------------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser, reading_site: str) -> Any:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{reading_site}/gallery/")
    yield page
    context.close()


def test_line_is_added_without_javascript(plain: Page) -> None:
    plain.locator("#id_line-1-procedure").fill("X0005")
    plain.get_by_role("button", name="Add line").click()
    expect(plain.locator("#id_line-1-procedure")).to_have_value("X0005")
    expect(plain.locator("#id_line-2-procedure")).to_be_visible()


def test_line_is_removed_without_javascript(plain: Page) -> None:
    plain.locator("#id_line-1-procedure").fill("X0005")
    plain.get_by_role("button", name="Remove Service line 1").click()
    expect(plain.locator("#id_line-0-procedure")).to_have_value("X0005")
    expect(plain.locator("#id_line-1-procedure")).to_have_count(0)


def test_nothing_useless_is_shown_without_javascript(plain: Page) -> None:
    expect(plain.locator("[data-open-keys]").first).to_be_hidden()
    expect(plain.locator(".key").first).to_be_hidden()


# --- Signed in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["provider", "payer"])
def test_header_of_a_signed_in_person(
    page: Page, site: str, sign_in: Callable[[Any], None], role: str
) -> None:
    from tests.signed_in import make_organization, make_user

    name = "Saint Bartholomew Regional Medical Center and Affiliated Clinics"
    sign_in(make_user(role, organization=make_organization(role, name=name)))
    page.goto(f"{site}/welcome/")
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("button", name="Sign out")).to_be_visible()
    assert_good(page, f"header-{role}-open", sizes={"1280": SIZES["1280"]})
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Sign out")).to_be_hidden()
    assert_good(page, f"header-{role}")


def test_admin_is_sound(page: Page, site: str, sign_in: Callable[[Any], None]) -> None:
    from tests.signed_in import make_user

    sign_in(make_user("admin", "Platform administrator"))
    page.goto(f"{site}/admin/")
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    assert_good(page, "admin-index")
