"""The code sets in sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.enums import SectionKind
from codes.models import Icd10Section

NOTE_WORDS: dict[str, Promise] = {
    "includes": gettext_lazy("Includes"),
    "inclusion_terms": gettext_lazy("Also called"),
    "excludes1": gettext_lazy("Never together with (Excludes1)"),
    "excludes2": gettext_lazy("Not included here (Excludes2)"),
    "code_first": gettext_lazy("Code first"),
    "use_additional_code": gettext_lazy("Use an additional code"),
    "code_also": gettext_lazy("Code also"),
    "notes": gettext_lazy("Note"),
}


def notes_of(notes: dict[str, list[str]]) -> list[tuple[Promise, list[str]]]:
    """The list's instructions under headings, in a fixed order."""
    return [(words, notes[kind]) for kind, words in NOTE_WORDS.items() if notes.get(kind)]


def section_words(section: Icd10Section) -> str:
    """``"Chapter 9: Diseases of the circulatory system"``, ``"I20-I25: Ischemic heart diseases"``."""
    if section.kind == SectionKind.CHAPTER.value:
        return _("Chapter %(number)s: %(title)s") % {"number": section.code, "title": section.title}
    return f"{section.code}: {section.title}"
