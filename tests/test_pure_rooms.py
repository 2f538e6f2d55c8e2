"""The rooms that decide from facts load without Django."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PURE = [
    "accounts.safeguards",
    "claimflow.lib.money",
    "claimflow.lib.sentences",
    "claims.adjudication",
    "claims.edits",
    "claims.workflow",
    "codes.formats",
    "codes.npi",
    "intelligence.evaluation",
    "intelligence.families",
    "intelligence.priority",
    "intelligence.remote.call",
    "intelligence.remote.over_anthropic",
    "intelligence.remote.over_openai",
    "intelligence.remote.prices",
    "intelligence.remote.switch",
    "intelligence.score",
    "intelligence.scorecard",
    "intelligence.together",
    "members.eligibility",
    "members.roster.read",
]


@pytest.mark.parametrize("module", PURE)
def test_no_django(module):
    code = f"import sys, {module}; print(sorted(m for m in sys.modules if m.split('.')[0] == 'django'))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
