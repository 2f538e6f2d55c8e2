"""Public sample files outside the repository, named by CLAIMFLOW_CORPORA."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def corpus(*parts: str) -> Path:
    """Return a file of the corpora, or skip the test saying what is missing."""
    folder = Path(os.environ.get("CLAIMFLOW_CORPORA", ROOT.parent / "shared" / "corpora"))
    path = folder.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"CORPUS MISSING: {path}. Set CLAIMFLOW_CORPORA to the folder of sample files.")
    return path
