from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        from accounts.presenters import PersonPage, register_person_page
        from audit.enums import SubjectKind
        from audit.presenters import register_finder, register_subjects
        from claims.actions import cross_check  # noqa: F401  (registers itself)
        from claims.policies import is_adjudicator
        from claims.presenters import claim_labels, claims_called, limit_in_words

        register_subjects(SubjectKind.CLAIM, claim_labels)
        register_finder(SubjectKind.CLAIM, claims_called)
        register_person_page(
            PersonPage(_("Limit and skills"), "payer:authority", is_adjudicator, limit_in_words)
        )
