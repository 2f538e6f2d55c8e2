"""Loading a release: staged, compared, loaded or discarded, recorded; and the command that does it."""

from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import WrongState
from codes.actions import releases
from codes.icd10.rows import FileProblem
from codes.icd10.tabular import bundled_effective_from, read_bundled
from codes.models import CodeRelease, Icd10Code, Icd10Section, Icd10Word, Procedure, ReasonCombination
from tests.codes.conftest import LINES, order_bytes, order_file
from tests.harness import admin_connection

pytestmark = pytest.mark.slow

OCTOBER, NEXT = date(2026, 10, 1), date(2027, 10, 1)
CHANGED = [
    *(line for line in LINES if line[1] != "I10"),
    (0, "I11", "Hypertensive heart disease"),
    (1, "E118", "Type 2 diabetes mellitus with unspecified complications"),
]
REWORDED = [
    (flag, code, "Unspecified multiple injuries, first visit" if code == "T07XXXA" else text)
    for flag, code, text in CHANGED
]


def load(lines=LINES, on=OCTOBER):
    with acting_as("system", "test"):
        return releases.load(
            release=releases.stage(file=order_file(lines), effective_from=on, by=None), by=None
        )


def events(release):
    with admin_connection() as admin:
        return admin.execute(
            "SELECT action, details FROM audit.event WHERE subject_id = %s", [release.pk]
        ).fetchall()


def test_the_template_holds_the_whole_bundled_release(codes_db):
    with acting_as("provider"):
        release = CodeRelease.objects.loaded().get()
        assert (release.code_count, release.billable_count) == (98_186, 74_719)
        assert release.codes.count() == 98_186
        assert release.codes.filter(billable=True).count() == 74_719
        assert release.sections.count() == 319
        assert release.words.filter(word="diabetes").get().uses > 300
        assert release.in_force_from == date(2025, 10, 1)


def test_a_first_release(empty_shelf):
    release = load()
    assert (release.label, release.status, release.added) == ("FY2027 October", "loaded", len(LINES))
    with acting_as("provider"):
        assert Icd10Code.objects.judge("E11.9", on=OCTOBER).known
        assert Icd10Word.objects.filter(release=release, word="diabetes").get().uses == 4


def test_it_leaves_its_event(empty_shelf):
    release = load()
    assert events(release) == [
        ("codes_loaded", {"release": "2026-10-01", "rows": 10, "added": 10, "changed": 0, "ended": 0})
    ]


def test_a_staged_release_answers_nothing(empty_shelf):
    with acting_as("system", "test"):
        releases.stage(file=order_file(), effective_from=OCTOBER, by=None)
        assert Icd10Code.objects.judge("E11.9", on=OCTOBER).before_oldest


def test_the_next_release_is_compared_and_each_answers_for_its_days(empty_shelf):
    load()
    release = load(REWORDED, NEXT)
    assert (release.added, release.revised, release.deleted) == (2, 1, 1)
    with acting_as("provider"):
        assert release.compared_to.label == "FY2027 October"
    assert release.samples["deleted"] == [["I10", "Essential (primary) hypertension"]]
    assert release.samples["revised"][0][0] == "T07XXXA"
    with acting_as("provider"):
        judge = Icd10Code.objects.judge
        assert judge("I10", on=date(2027, 9, 30)).known
        assert not judge("I10", on=NEXT).known
        assert judge("E11.8", on=NEXT).release == "FY2028 October"
        assert not judge("E11.8", on=OCTOBER).known


def test_a_corrected_file_for_the_same_day_replaces(empty_shelf):
    first = load()
    second = load(CHANGED)
    with acting_as("provider"):
        assert CodeRelease.objects.get(pk=first.pk).status == "replaced"
        assert [release.pk for release in CodeRelease.objects.loaded()] == [second.pk]
        assert Icd10Code.objects.judge("E11.8", on=OCTOBER).known


def test_twice_is_refused_in_words(empty_shelf):
    load()
    with pytest.raises(WrongState, match="loaded for this day already"):
        load()


def test_fewer_than_80_percent_is_refused_and_nothing_stays(codes_db):
    with pytest.raises(FileProblem, match=r"10 codes, fewer than 80 percent of the 98,186 of FY2026 April"):
        load()
    with acting_as("provider"):
        assert CodeRelease.objects.count() == 1


def test_discard_leaves_nothing(empty_shelf):
    with acting_as("system", "test"):
        release = releases.stage(file=order_file(), effective_from=OCTOBER, by=None)
        releases.discard(release=release)
        for model in (Icd10Code, Icd10Word, Icd10Section):
            assert not model.objects.filter(release_id=release.pk).exists()
        with pytest.raises(WrongState, match="no longer waiting"):
            releases.load(release=release, by=None)


def test_a_loaded_release_cannot_be_discarded_or_loaded_again(empty_shelf):
    release = load()
    for action in (
        lambda: releases.discard(release=release),
        lambda: releases.load(release=release, by=None),
    ):
        with pytest.raises(WrongState), acting_as("system", "test"):
            action()


@pytest.mark.parametrize("kind", ["provider", "payer", "admin", "auditor", "anonymous"])
def test_only_the_system_writes(codes_db, kind):
    with pytest.raises(Exception, match="permission denied"), acting_as(kind):
        CodeRelease.objects.update(status="replaced")
    with pytest.raises(Exception, match="permission denied"), acting_as(kind):
        Icd10Code.objects.filter(code="E119").delete()


def write(tmp_path, name="icd10cm_order_2027.txt", lines=LINES):
    path = tmp_path / name
    path.write_bytes(order_bytes(lines))
    return path


def test_the_command_takes_the_year_from_the_name(empty_shelf, tmp_path, capsys):
    call_command("load_icd10cm", str(write(tmp_path)))
    said = capsys.readouterr().out
    assert "FY2027 October: 10 codes, 4 billable" in said
    assert "Loaded in" in said
    call_command("load_icd10cm", str(write(tmp_path)))
    assert "already" in capsys.readouterr().out


def test_the_command_shows_the_difference_and_a_preview_keeps_nothing(empty_shelf, tmp_path, capsys):
    call_command("load_icd10cm", str(write(tmp_path)))
    call_command(
        "load_icd10cm", str(write(tmp_path, lines=REWORDED)), "--effective-from=2027-10-01", "--preview"
    )
    said = capsys.readouterr().out
    assert "2 added, 1 revised, 1 deleted" in said
    assert "+ E118" in said
    assert "~ T07XXXA Unspecified multiple injuries, initial encounter -> " in said
    assert "- I10" in said
    with acting_as("provider"):
        assert CodeRelease.objects.loaded().count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name one CMS order file"),
        (["--bundled", "file.txt"], "Name one CMS order file"),
        (["/nowhere/icd10cm_order_2027.txt"], "cannot be read"),
    ],
)
def test_the_command_says_what_is_missing(codes_db, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("load_icd10cm", *arguments)


def test_the_command_needs_a_day(codes_db, tmp_path):
    with pytest.raises(CommandError, match="--effective-from"):
        call_command("load_icd10cm", str(write(tmp_path, "codes.txt")))


def test_the_command_names_the_wrong_line(codes_db, tmp_path):
    path = tmp_path / "icd10cm_order_2027.txt"
    path.write_bytes(order_bytes() + b"rubbish\n")
    with pytest.raises(CommandError, match="Line 11"):
        call_command("load_icd10cm", str(path))


def test_the_bundled_release_is_not_loaded_twice(codes_db, capsys):
    call_command("load_icd10cm", "--bundled")
    assert "loaded already" in capsys.readouterr().out


def test_the_short_lists_can_be_loaded_again(codes_db, capsys):
    with acting_as("system", "test"):
        before = (Procedure.objects.count(), ReasonCombination.objects.count())
    call_command("load_reference_codes")
    assert f"Procedure: {before[0]} rows" in capsys.readouterr().out
    with acting_as("system", "test"):
        assert (Procedure.objects.count(), ReasonCombination.objects.count()) == before


def test_a_full_order_file_borrows_chapters_and_instructions(codes_db):
    bundled = read_bundled()
    lines = [(int(row.billable), row.code, row.description) for row in bundled.rows if row.code != "I10"]
    with acting_as("system", "test"):
        release = releases.stage(file=order_file(lines), effective_from=OCTOBER, by=None)
        assert (release.added, release.revised, release.deleted) == (0, 0, 1)
        assert release.notes_from == "FY2026 April"
        old = CodeRelease.objects.get(effective_from=bundled_effective_from())
        same = "code", "chapter", "block", "parent", "notes"
        assert list(release.codes.filter(code__startswith="C").values_list(*same).order_by("code")) == list(
            old.codes.filter(code__startswith="C").values_list(*same).order_by("code")
        )
        assert release.sections.count() == 319
        releases.discard(release=release)
