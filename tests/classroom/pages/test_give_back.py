"""The zip of feedback holds each page under the name by which Canvas or Moodle knows whose it is."""
import zipfile
from pathlib import Path

import pytest

from optimlab.classroom import Unusable
from optimlab.classroom.intake.submissions import Submission
from optimlab.classroom.pages.give_back import write

CAME_AS = {  # by student; the two numbers tell Canvas, the number after the name tells Moodle
    "canvas": {"doejane": "doejane_LATE_12345_67890_my work-1.ipynb", "anon_x1": "anon_x1_777_adam.ipynb",
               "jose": "josé_9_10_adam.ipynb"},
    "moodle": {"Jane-Doe_77": "Jane Doe_77_assignsubmission_file_", "Al_78": "Al_78_assignsubmission_file",
               "Bo_79": "Bo_79_assignsubmission_file_my adam.ipynb"},
}
GOES_BACK_AS = {
    "canvas": ["anon_x1_777_adam.html", "doejane_LATE_12345_67890_adam.html", "josé_9_10_adam.html"],
    "moodle": ["Al_78_assignsubmission_file/adam.html", "Bo_79_assignsubmission_file_adam.html",
               "Jane Doe_77_assignsubmission_file_/adam.html"],
}
LMS = {student: {"lms": system, "id": "1", "came_as": {"adam/adam": name}}
       for system, names in CAME_AS.items() for student, name in names.items()}
LMS["roe"] = {"lms": "canvas", "id": "2"}  # known from a roster, and handed in in another way


@pytest.fixture
def pages(tmp_path):
    """A page of every student's, under the submission that it is for."""
    def page(student):
        path = tmp_path / student / "adam.html"
        path.parent.mkdir()
        path.write_text(student)
        return path
    return {Submission(student, "adam", Path(), None): page(student) for student in [*LMS, "ada"]}


@pytest.mark.parametrize("system", CAME_AS)
def test_each_page_has_the_name_by_which_it_is_recognised(system, pages, tmp_path):
    path = tmp_path / "feedback-adam.zip"
    left_out = write(path, system, "adam", pages, LMS)
    assert left_out == sorted({*LMS, "ada"} - CAME_AS[system].keys())
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == sorted(GOES_BACK_AS[system])
        assert sorted(archive.read(name).decode() for name in archive.namelist()) == sorted(CAME_AS[system])
    before = path.read_bytes()
    write(path, system, "adam", pages, LMS)
    assert path.read_bytes() == before


def test_what_came_for_another_assignment_is_no_way_back(pages, tmp_path):
    with pytest.raises(Unusable, match=r"^feedback-sgd\.zip is not made, for no submission came from Canvas"):
        write(tmp_path / "feedback-sgd.zip", "canvas", "sgd", pages, LMS)
    assert not (tmp_path / "feedback-sgd.zip").exists()
