from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        from audit.enums import SubjectKind
        from audit.presenters import register_finder, register_subjects
        from claims.actions import cross_check  # noqa: F401  (registers itself)
        from claims.presenters import claim_labels, claims_called

        register_subjects(SubjectKind.CLAIM, claim_labels)
        register_finder(SubjectKind.CLAIM, claims_called)
