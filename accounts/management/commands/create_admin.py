from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError

from accounts.actions.create import create_user, temporary_password
from accounts.enums import UserRole
from accounts.models import Role, User
from claimflow.lib.db.context import acting_as

ROLE = "Platform administrator"


class Command(BaseCommand):
    help = (
        "Make an administrator of the platform. Prints a temporary password once; it ends after 24 hours and leads to "
        "choosing one's own and a second factor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address. It looks like name@example.com.") from None
        password, hashed = temporary_password()
        user = User(
            email=email,
            first_name=options["first_name"],
            last_name=options["last_name"],
            role=UserRole.ADMIN.value,
        )
        try:
            with acting_as("system", "create_admin"):
                create_user(user=user, password_hash=hashed, roles=[Role.objects.get(name=ROLE)], by=None)
        except IntegrityError:
            raise CommandError(f"There is already an account with the address {email}.") from None
        self.stdout.write(f"{email} may sign in for the next 24 hours with this password, shown only now:")
        self.stdout.write(password)
