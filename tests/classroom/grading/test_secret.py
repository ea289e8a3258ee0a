"""The course's secret is made once, is for its owner alone, and is missed when it is gone."""
import os
import shutil
import stat

import pytest
from grading_runs import ASSIGNMENT, ROOT

from optimlab.classroom.commands import Asked, grade_class
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.grading.secret import LOST, course_secret, is_lost


def a_record(course):
    """What is left of an earlier grading."""
    folder = course / ".optimlab" / ASSIGNMENT / "ada"
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.json").write_text("{}")


def test_it_is_made_once_for_its_owner_alone(tmp_path):
    secret, path = course_secret(tmp_path), tmp_path / ".optimlab" / "secret"
    assert len(secret) == 64 and course_secret(tmp_path) == secret
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("\n")  # a disk that was full
    assert len(course_secret(tmp_path)) == 64 != secret


@pytest.mark.parametrize("graded, kept, lost", [(False, False, False), (True, False, True), (True, True, False)])
def test_it_is_missed_where_something_was_graded(graded, kept, lost, tmp_path):
    if graded:
        a_record(tmp_path)
    if kept:
        course_secret(tmp_path)
    assert is_lost(tmp_path) == lost


@pytest.fixture
def course(entered, tmp_path, monkeypatch):
    folder = shutil.copytree(entered, tmp_path / "course")
    monkeypatch.chdir(folder)
    return folder


def secret_of_a_grading(course):
    folder = CourseFolder()
    with folder.book(ASSIGNMENT) as book:
        return folder.marker(ASSIGNMENT, book).secret


@pytest.mark.slow
def test_one_in_the_settings_wins(course):
    assert secret_of_a_grading(course) == "of a test"
    assert not (course / ".optimlab" / "secret").exists()
    shutil.copy(ROOT / "nbgrader_config.py", course)
    assert secret_of_a_grading(course) == (course / ".optimlab" / "secret").read_text().strip()


@pytest.mark.slow
@pytest.mark.parametrize("settings, told", [("", True), ("\nc.Grade.secret = 'mine'\n", False)])
def test_grading_says_in_one_line_that_it_is_gone(settings, told, course, capsys):
    (course / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + settings)
    a_record(course)
    shutil.rmtree(course / "submitted")
    grade_class(Asked(ASSIGNMENT))
    assert (f"optimlab: {LOST}\n" in capsys.readouterr().err) == told and "\n" not in LOST
