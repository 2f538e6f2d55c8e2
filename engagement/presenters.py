"""Notices as sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagement.enums import NoticeKind
from engagement.models import Notice

SENTENCES: dict[str, str | Promise] = {
    NoticeKind.CLAIM_APPROVED: _("was approved"),
    NoticeKind.CLAIM_PARTIALLY_APPROVED: _("was partially approved"),
    NoticeKind.CLAIM_DENIED: _("was denied"),
    NoticeKind.CLAIM_PENDED: _("waits for your answer"),
}


def sentence(notice: Notice) -> str | Promise:
    """What happened to the claim, to stand behind its number."""
    return SENTENCES[notice.kind]
