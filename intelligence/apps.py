from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    name = "intelligence"
    verbose_name = "Intelligence"

    def ready(self) -> None:
        from audit.enums import SubjectKind
        from audit.presenters import register_subjects
        from intelligence import start_checks  # noqa: F401 - registers its question
        from intelligence.presenters import version_labels

        register_subjects(SubjectKind.MODEL_VERSION, version_labels)
