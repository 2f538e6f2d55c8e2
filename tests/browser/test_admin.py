"""The administrator's pages as an administrator sees them, at both sizes, without a finding of axe."""

import pytest
from playwright.sync_api import Page, expect

from claimflow.lib.db.context import acting_as
from claims.models import Claim
from tests.admin.world import fill
from tests.browser.conftest import assert_good
from tests.factories.members import npi
from tests.signed_in import make_user

pytestmark = pytest.mark.browser

PAGES = {
    "admin-door": "/admin/",
    "admin-organizations": "/admin/accounts/organization/",
    "admin-new-organization": "/admin/accounts/organization/add/",
    "admin-new-user": "/admin/accounts/user/add/",
    "admin-users": "/admin/accounts/user/",
    "admin-policies": "/admin/accounts/securitypolicy/",
    "admin-new-policy": "/admin/accounts/securitypolicy/add/",
    "admin-profiles": "/admin/accounts/organizationprofile/",
    "admin-claims": "/admin/claims/claim/",
    "admin-events": "/admin/audit/event/",
    "admin-jobs": "/admin/procrastinate/procrastinatejob/",
    "admin-operations": "/admin/operations/",
    "admin-settings": "/admin/accounts/systemsetting/",
    "admin-releases": "/admin/codes/coderelease/",
    "admin-procedures": "/admin/codes/procedure/",
    "admin-load": "/admin/codes/coderelease/load/",
    "admin-versions": "/admin/intelligence/modelversion/steps/",
    "admin-new-budget": "/admin/intelligence/remotebudget/add/",
}


@pytest.fixture
def administrator(site: str, sign_in) -> str:
    sign_in(make_user("admin", "Platform administrator"))
    return site


def test_pages_look_and_read_well(administrator: str, page: Page) -> None:
    fill(2)
    with acting_as("system", "test"):
        claim = Claim.objects.filter(state="denied").first()
    rows = {
        "admin-claim": f"/admin/claims/claim/{claim.pk}/change/",
        "admin-user": f"/admin/accounts/user/{claim.submitted_by_id}/change/",
        "admin-organization": f"/admin/accounts/organization/{claim.provider_id}/change/",
        "admin-profile": f"/admin/accounts/organizationprofile/{claim.provider_id}/change/",
        "admin-history": f"/admin/accounts/user/{claim.submitted_by_id}/history/",
    }
    wrong = []
    for name, path in (PAGES | rows).items():
        page.goto(administrator + path)
        try:
            assert_good(page, name)
        except AssertionError as error:
            wrong.append(str(error)[:700])
    assert not wrong, "\n\n".join(wrong)


def test_an_organization_is_made_by_hand(administrator: str, page: Page) -> None:
    page.goto(administrator + "/admin/")
    page.get_by_role("link", name="Organizations", exact=True).first.click()
    page.get_by_role("link", name="Add organization").last.click()
    page.get_by_role("button", name="Create").click()
    assert_good(page, "admin-new-organization-errors")
    page.get_by_label("Organization name").fill("Harbor View Clinic")
    page.get_by_label("Type").select_option("clinic")
    page.get_by_label("NPI").fill(npi(77))
    page.get_by_label("Privacy contact").fill("privacy@harbor.example")
    page.get_by_label("E-mail address").fill("ada@harbor.example")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Marsh")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Temporary password")).to_be_visible()
    assert_good(page, "admin-temporary-password")
    assert len(page.locator("#temporary-password").inner_text()) == 16
