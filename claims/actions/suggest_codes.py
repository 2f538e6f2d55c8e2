"""Codes that a draft might miss: from a short description, and from what the organization's approved claims usually
have together. Nothing is ever put in by itself.

Counted are the newest 1,000 approved claims, so that the cost has a bound whatever the organization's size.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import User
from claimflow.lib.db.context import as_system
from claims import policies
from claims.edits.entry import ClaimEntry
from claims.enums import ClaimState
from claims.models import Claim, ClaimDraft, Diagnosis, ServiceLine
from codes.formats import bare_icd, dotted_icd
from codes.models import Icd10Code, Procedure
from codes.search import Found, find_icd10, find_procedures
from intelligence.actions.ledger import About, Said, record_outcome, remember
from intelligence.enums import SuggestionKind, Verdict
from intelligence.together import VERSION, Fit, Pair, TogetherFacts, count, fit, uses, usual

NEWEST = 1000
MOST_FOUND = 5
WORDS = "words"
"""The model of a suggestion that only searched the description's words."""


@dataclass(frozen=True, slots=True)
class CodeSuggestion:
    """One code to add to ``diagnoses`` or ``lines``, as people read it: because its words fit, or because it usually
    stands with ``pair.given``.

    ``fit`` says how many of the typed words stand in the code's own. ``uses`` is the number of approved claims it stands
    on, 0 where they are too few to be told.
    """

    rows: str
    code: str
    words: str
    pair: Pair | None = None
    uses: int = 0
    fit: Fit | None = None

    @property
    def confidence(self) -> float | None:
        """0 to 1: the share of claims, or of the words that fit."""
        return self.pair.share if self.pair else self.fit.share if self.fit else None

    @property
    def given(self) -> str:
        """The code that it stands with, as people read it."""
        if self.pair is None:
            return ""
        return dotted_icd(self.pair.given) if self.rows == "lines" else self.pair.given

    @property
    def percent(self) -> int | None:
        """The confidence in hundredths: of the claims with the given code those that have this one, or of the typed
        words those that stand in the code's."""
        return None if self.confidence is None else round(100 * self.confidence)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is suggested. ``sentences`` tell how the description was read, ``counted`` how many approved claims were
    asked."""

    codes: tuple[CodeSuggestion, ...]
    sentences: tuple[str, ...]
    counted: int

    def find(self, rows: str, code: str) -> CodeSuggestion | None:
        return next((each for each in self.codes if (each.rows, each.code) == (rows, code)), None)


@dataclass(frozen=True, slots=True)
class _History:
    """The codes of the newest approved claims, by claim."""

    diagnoses: dict[UUID, set[str]]
    procedures: dict[UUID, set[str]]

    @classmethod
    def of(cls, user: User) -> "_History":
        """Three queries."""
        newest = Claim.objects.visible_to(user).filter(
            state=ClaimState.APPROVED, adjudicated_at__isnull=False
        )
        claims = list(newest.order_by("-adjudicated_at", "-seq").values_list("pk", flat=True)[:NEWEST])
        return cls(
            _by_claim(claims, Diagnosis.objects.visible_to(user).values_list("claim_id", "code")),
            _by_claim(claims, ServiceLine.objects.visible_to(user).values_list("claim_id", "procedure_code")),
        )


def suggest_codes(*, entry: ClaimEntry, description: str, today: date, by: User) -> Suggested:
    """Suggest from what was described and from the codes chosen already."""
    policies.require_submit(by)
    day = entry.first_service or today
    history = _History.of(by)
    diagnoses = frozenset(entry.diagnoses)
    procedures = frozenset(line.procedure for line in entry.lines if line.procedure)
    own = [(history.diagnoses.get(claim, set()), codes) for claim, codes in history.procedures.items()]
    for_lines = usual(TogetherFacts(count(own, diagnoses), procedures))
    for_diagnoses = usual(TogetherFacts(count(((b, a) for a, b in own), procedures), diagnoses))
    icd10 = find_icd10(description, on=day, limit=2 * MOST_FOUND) if description.strip() else Found()
    listed = find_procedures(description, on=day, limit=MOST_FOUND) if description.strip() else Found()
    return Suggested(
        codes=(
            *_by_words("diagnoses", icd10, description, uses(history.diagnoses.values()), diagnoses),
            *_by_words("lines", listed, description, uses(history.procedures.values()), procedures),
            *_by_claims("diagnoses", for_diagnoses, _icd10_words(for_diagnoses, day)),
            *_by_claims("lines", for_lines, _procedure_words(for_lines)),
        ),
        sentences=icd10.sentences,
        counted=len(history.procedures),
    )


def accept_code(*, suggestion: CodeSuggestion, chosen: frozenset[str], draft: ClaimDraft, by: User) -> None:
    """Write down that a suggested code was taken over into a draft that had ``chosen``: what was suggested, and by
    whom it was chosen. What is shown and not taken is not kept."""
    pair = suggestion.pair
    said = Said(
        kind=SuggestionKind.CODE_SUGGESTION,
        answer=bare_icd(suggestion.code),
        facts=TogetherFacts((pair,) if pair else (), chosen),
        model=VERSION if pair else WORDS,
        model_version=VERSION,
        rules_version=VERSION,
        confidence=suggestion.confidence,
        because=((pair.given, pair.share),) if pair else (),
    )
    with as_system("suggest"):
        entry = remember(suggestion=said, about=About(by.organization_pk, draft_id=draft.pk))
    record_outcome(entry=entry, verdict=Verdict.AGREED, by=by)


def _by_claim(claims: list[UUID], rows: Any) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for claim, code in rows.filter(claim__in=claims).order_by():
        found.setdefault(claim, set()).add(code)
    return found


def _by_words(
    rows: str, found: Found, description: str, used: Mapping[str, int], chosen: frozenset[str]
) -> Iterable[CodeSuggestion]:
    """The first codes that fit and may stand on a claim, those that the organization uses first."""
    fitting = [hit for hit in found.hits if hit.billable and bare_icd(hit.code) not in chosen]
    for hit in sorted(fitting, key=lambda hit: -used.get(bare_icd(hit.code), 0))[:MOST_FOUND]:
        yield CodeSuggestion(
            rows,
            hit.code,
            hit.description,
            uses=used.get(bare_icd(hit.code), 0),
            fit=fit(description, hit.description),
        )


def _by_claims(rows: str, pairs: tuple[Pair, ...], words: Mapping[str, str]) -> Iterable[CodeSuggestion]:
    for pair in pairs:
        code = dotted_icd(pair.code) if rows == "diagnoses" else pair.code
        yield CodeSuggestion(rows, code, words.get(pair.code, ""), pair)


def _icd10_words(pairs: tuple[Pair, ...], day: date) -> dict[str, str]:
    answers = Icd10Code.objects.judge_many((pair.code, day) for pair in pairs)
    return {code: answer.description for (code, _day), answer in answers.items()}


def _procedure_words(pairs: tuple[Pair, ...]) -> dict[str, str]:
    answers = Procedure.objects.judge_many(pair.code for pair in pairs)
    return {code: answer.description for code, answer in answers.items() if answer}
