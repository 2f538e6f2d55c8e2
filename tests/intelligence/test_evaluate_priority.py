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


def test_bad_rows_end_it_in_sentences(file):
    file.write_text(HEAD + "99213\tI10\t\tmuch\troutine\n")
    with pytest.raises(CommandError, match=r"^Line 2, column billed: Use only digits"):
        run(file)


def test_many_bad_rows_are_not_all_told(file):
    file.write_text(HEAD + "99213\tI10\t\tmuch\troutine\n" * 50)
    with pytest.raises(CommandError, match=r"And 30 more\.$"):
        run(file)


def test_a_file_that_is_not_there(file):
    with pytest.raises(CommandError, match=r"cannot be read: No such file or directory\.$"):
        run(file)


@pytest.mark.parametrize(
    ("rows", "status", "last"),
    [
        ("99213\tI10\t\t150\troutine\n", 0, "agreement 1 of 1"),
        (
            "99213\tI10\t\t150\tsoon\n",
            1,
            "CommandError: Line 2, column expected: write urgent, standard or routine.",
        ),
    ],
)
def test_from_a_shell_without_a_database(file, rows, status, last):
    file.write_text(HEAD + rows)
    ended = subprocess.run(
        [sys.executable, "manage.py", "evaluate_priority", file],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == status
    assert (ended.stdout + ended.stderr).splitlines()[-1] == last
    assert "Traceback" not in ended.stderr
