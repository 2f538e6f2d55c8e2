"""The command. No test here may touch a database: none is marked for it."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.harness import ROOT

HEAD = "cpt\ticd10\tage\tbilled\texpected\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "claims.tsv"


def run(path):
    out = StringIO()
    call_command("evaluate_priority", str(path), stdout=out)
    return out.getvalue().splitlines()


def test_agreement_is_the_last_line(file):
    file.write_text(HEAD + "99285\tI21.9\t58\t$8,500.00\turgent\n99213\tI10\t\t150\troutine\n")
    lines = run(file)
    assert lines[-1] == "agreement 2 of 2"
    assert not [line for line in lines if line.startswith("line ")]


def test_a_disagreement_says_what_and_why(file):
    file.write_text(HEAD + "99213\tI10\t62\t150\troutine\n99213 85025\tE11.9\t50\t180\troutine\n")
    lines = run(file)
    assert lines[0] == (
        "line 3: 99213 85025 with E11.9, $180.00, age 50: expected routine, got standard "
        "(confidence 0.80: Diagnostic service; Routine services on the same claim)"
    )
    assert lines[-1] == "agreement 1 of 2"


def test_bad_rows_are_named_and_the_others_counted(file, capsys):
    file.write_text(HEAD + "99213\tI10\t\tmuch\troutine\n" * 50 + "99213\tI10\t\t150\troutine\n")
    with pytest.raises(SystemExit) as ended:
        call_command("evaluate_priority", str(file))
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert told.err.startswith("Line 2, column billed: Use only digits")
    assert told.err.rstrip().endswith("And 30 more.")
    assert told.out.splitlines()[-1] == "agreement 1 of 1"


def test_a_file_that_is_not_there(file):
    with pytest.raises(CommandError, match=r"cannot be read: No such file or directory\.$"):
        run(file)


@pytest.mark.parametrize(("more", "status"), [("", 0), ("99213\tI10\t\t150\tsoon\n", 1)])
def test_from_a_shell_on_a_fresh_clone(file, more, status):
    """Without any setting, and without a database."""
    file.write_text(HEAD + "99213\tI10\t\t150\troutine\n" + more)
    ended = subprocess.run(
        [sys.executable, "manage.py", "evaluate_priority", file],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CLAIMFLOW_ENV_FILE": "/dev/null"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == status
    assert ended.stdout.splitlines()[-1] == "agreement 1 of 1"
    assert ("Line 3, column expected: write urgent, standard or routine." in ended.stderr) is bool(more)
    assert "Traceback" not in ended.stderr
