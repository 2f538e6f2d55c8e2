"""The ledger's codes in words."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from claimflow.lib.sentences import gettext_noop
from intelligence.enums import OverrideReason as O
from intelligence.enums import WaitReason
from intelligence.priority import PLAIN_WORDS

OVERRIDE_WORDS: Mapping[str, str] = {
    O.PHYSICIAN_SAYS_URGENT: gettext_noop("A physician who knows the patient says it is urgent"),
    O.MORE_URGENT: gettext_noop("More urgent than its codes say"),
    O.LESS_URGENT: gettext_noop("Less urgent than its codes say"),
    O.LEGAL_DEADLINE: gettext_noop("A deadline of law or contract"),
    O.CHARGE_MISLEADS: gettext_noop("The charge says nothing about the urgency"),
    O.CODES_MISLEAD: gettext_noop("The codes do not describe the service"),
    O.BELONGS_WITH_ANOTHER: gettext_noop("It belongs with another claim"),
    O.RUN_UNDONE: gettext_noop("A change of many claims was taken back"),
    O.OTHER: gettext_noop("Another reason"),
}
CHOSEN_BY_HAND = tuple(reason for reason in O if reason != O.RUN_UNDONE)
"""What a person chooses from; taking back a run says its reason itself."""
WAIT_WORDS: Mapping[str, str] = {
    WaitReason.WAITED_7_DAYS: gettext_noop("It has waited for 7 days"),
    WaitReason.WAITED_14_DAYS: gettext_noop("It has waited for 14 days"),
}
REASON_WORDS: Mapping[str, str] = {
    **{str(code): words for code, words in PLAIN_WORDS.items()},
    **OVERRIDE_WORDS,
    **WAIT_WORDS,
}


def in_words(codes: Iterable[str]) -> list[str]:
    """Reasons of a priority in words; a code that has left the list keeps its name."""
    return [_(REASON_WORDS[code]) if code in REASON_WORDS else code for code in codes]
