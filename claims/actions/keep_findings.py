"""What the edits found stays with the claim, for both sides to see (ruling 29)."""

from claims.edits import Finding
from claims.enums import Stage
from claims.models import Claim, ClaimFinding


def keep_findings(*, claim: Claim, findings: list[Finding], stage: Stage) -> None:
    """Store findings by code and values; their words are made anew whenever they are shown."""
    rows = []
    for finding in findings:
        parts = finding.field.split("-")
        of_line = parts[0] == "lines" and len(parts) > 1
        rows.append(
            ClaimFinding(
                **claim.as_parent(),
                rule_set_id=claim.rule_set_id,
                stage=stage.value,
                code=finding.code,
                severity=finding.severity.value,
                field=finding.field,
                line_no=int(parts[1]) + 1 if of_line else None,
                values=dict(finding.sentence.values),
            )
        )
    ClaimFinding.objects.bulk_create(rows)
