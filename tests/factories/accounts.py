"""Organizations and people without a way in; tests of the door use tests/signed_in.py."""

import factory

from accounts.models import Organization, OrganizationProfile, User


class ProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganizationProfile

    time_zone = "America/New_York"


class OrganizationFactory(factory.django.DjangoModelFactory):
    """A clinic; ``payer=True`` makes an insurer."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    class Params:
        payer = factory.Trait(
            kind="payer",
            type="insurer",
            name=factory.Sequence(lambda n: f"Harbor Health {n}"),
        )

    name = factory.Sequence(lambda n: f"Riverside Clinic {n}")
    kind = "provider"
    type = "clinic"
    profile = factory.RelatedFactory(ProfileFactory, factory_related_name="organization")


class UserFactory(factory.django.DjangoModelFactory):
    """Staff of a new clinic; give ``organization`` to place them elsewhere, or ``admin=True``."""

    class Meta:
        model = User

    class Params:
        admin = factory.Trait(organization=None)

    email = factory.Sequence(lambda n: f"staff{n}@example.com")
    first_name = "Jordan"
    last_name = factory.Sequence(lambda n: f"Reyes{n}")
    organization = factory.SubFactory(OrganizationFactory)
    role = factory.LazyAttribute(lambda user: user.organization.kind if user.organization else "admin")
    is_first_login = False
