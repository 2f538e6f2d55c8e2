"""Commands of whoever sets an installation up: the first administrator, and the sessions that have ended."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from claimflow.lib.db.context import acting_as
from tests.signed_in import age_session, client_of, make_user

pytestmark = pytest.mark.usefixtures("real_db")


def said(*words: str, **options: str) -> list[str]:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue().splitlines()


def test_an_administrator_comes_in_with_the_password_shown_once() -> None:
    lines = said("create_admin", "Root@Example.com", first_name="Ada")
    client = Client()
    answer = client.post(
        reverse("accounts:sign_in"), {"email": "root@example.com", "password": lines[-1]}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("accounts:first_password")
    with acting_as("system", "test"):
        user = User.objects.get(email="root@example.com")
        assert (user.role, user.is_first_login) == ("admin", True)
        assert [right.role.name for right in user.rights.select_related("role")] == ["Platform administrator"]


@pytest.mark.parametrize(
    ("email", "sentence"), [("root", "not an e-mail address"), ("there@example.com", "already an account")]
)
def test_what_cannot_be_is_said(email: str, sentence: str) -> None:
    make_user("admin", email="there@example.com")
    with pytest.raises(CommandError, match=sentence):
        call_command("create_admin", email)


def test_ended_sessions_are_removed_and_no_other() -> None:
    user = make_user("admin")
    ended, open_one = client_of(user), client_of(user)
    age_session(ended, expire_date=1)
    said("clear_sessions")
    with acting_as("system", "test"):
        assert Session.objects.filter(user=user).count() == 1
    assert open_one.get(reverse("accounts:nothing_yet")).status_code != 302
