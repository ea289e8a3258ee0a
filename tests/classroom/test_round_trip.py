"""A class from its roster to the student who reads the feedback, with nbgrader's own exchange and gradebook.

ada hands in through the exchange, jdoe through Canvas, the others' notebooks lie in submitted/.
"""
import html
import re
import shutil
import zipfile
from types import SimpleNamespace

import nbformat
import pytest
from grading_runs import grade, gradebook, records
from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import default as exchange

from optimlab.__main__ import main
from optimlab.classroom.grading.notebooks import grade_id

pytestmark = pytest.mark.usefixtures("sandbox")

RIGHT, WRONG = "right_line_by_line", "one_beta_for_both_corrections"
QUESTION = "question-first-step"
DUE = "2026-01-10 12:00 UTC"
LATE = "2026-01-11 11:00:00 UTC"
CONFIG = """
c.Exchange.cache = str(ROOT / "cache")
c.Grade.read_questions_without_points = True

from nbgrader.plugins import LateSubmissionPlugin

class TenPercentADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.1 * score * -(-total_seconds_late // 86400)

c.AssignLatePenalties.plugin_class = TenPercentADay
"""


def through_the_exchange(folder, step, desk=None):
    """One of nbgrader's steps between the instructor and ada, who sits at a desk, by its own code."""
    app = NbGrader()
    app.config_file_paths[:] = [str(folder)]
    app.load_config_file()
    config = app.config
    config.CourseDirectory.assignment_id = "adam"
    if desk:
        config.Exchange.assignment_dir, config.CourseDirectory.student_id = str(desk), "ada"
    step(coursedir=CourseDirectory(config=config), authenticator=Authenticator(config=config), config=config).start()


def answered(path, question):
    """A student's notebook with a right answer in code and some words to one question."""
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if grade_id(cell) == QUESTION:
            cell.source = question
    return nbformat.writes(nb)


def waiting(folder, student):
    grades = gradebook(folder)["submissions"]["adam", student]["notebooks"]["adam"]["grades"]
    return {name for name, (*_, waits) in grades.items() if waits}


def mark_by_hand(folder, student, points):
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        held = book.find_grade(QUESTION, "adam", "adam", student)
        held.manual_score, held.needs_manual_grade = points, False
        book.db.commit()


def page(folder, student):
    return (folder / f"feedback/{student}/adam/adam.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def class_(entered, tmp_path_factory):
    """What there is after the first grading, after the second one, and at ada's desk."""
    base = tmp_path_factory.mktemp("round-trip")
    folder, desk = shutil.copytree(entered, base / "course"), base / "desk"
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + CONFIG)
    right = folder / f"submitted/{RIGHT}/adam"
    for other in (folder / "submitted").iterdir():
        if other.name not in (RIGHT, WRONG):
            shutil.rmtree(other)
    desk.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "class.csv").write_text(
            "\ufeffStudent;ID;SIS Login ID;Section;adam (7)\n    Points Possible;;;;20\n"
            "Doe, Jane;12345;jdoe;A;\n\"Lovelace, Ada\";17;ada;A;\nStudent, Test;99;;A;\nMoe, Max;;mmoe;A;\n")
        roster = main(["roster", "class.csv"])
        dates = main(["dates", "adam", "--due", DUE, "--extend", WRONG, "2d", "--extend", "ada", "9000d"])

        through_the_exchange(folder, exchange.ExchangeReleaseAssignment)
        through_the_exchange(folder, exchange.ExchangeFetchAssignment, desk)
        (desk / "adam/adam.ipynb").write_text(answered(right / "adam.ipynb", "It is the sign."))
        through_the_exchange(folder, exchange.ExchangeSubmit, desk)
        through_the_exchange(folder, exchange.ExchangeCollect)
        for student in (RIGHT, WRONG):
            (folder / f"submitted/{student}/adam/timestamp.txt").write_text(LATE)
        upload = base / "submissions.zip"
        with zipfile.ZipFile(upload, "w") as archive:
            archive.writestr("doejane_LATE_12345_67890_adam-1.ipynb", answered(right / "adam.ipynb", "A step of alpha."))
        first = grade(folder, "--from", str(upload), "--feedback-zip", "canvas")
        after = SimpleNamespace(book=gradebook(folder), records=records(folder),
                                waiting={s: waiting(folder, s) for s in ("ada", "jdoe")})

        for student in ("ada", "jdoe"):
            mark_by_hand(folder, student, 1.5)
        path = folder / "submitted/jdoe/adam/adam.ipynb"
        path.write_text(answered(path, "I have changed my mind."))
        main(["dates", "adam", "--due", "2026-01-09 12:00 UTC"])
        second = grade(folder)
        through_the_exchange(folder, exchange.ExchangeReleaseFeedback)
        through_the_exchange(folder, exchange.ExchangeFetchFeedback, desk)
    return SimpleNamespace(folder=folder, desk=desk, roster=roster, dates=dates, first=first, second=second,
                           after=after)


def test_a_class_goes_through(class_):
    assert class_.roster == 1  # Max Moe has no ID
    assert class_.dates == 0
    assert class_.first[0] == class_.second[0] == 0, class_.first[2] + class_.second[2]


def test_who_came_from_canvas_is_who_the_roster_says(class_):
    assert class_.after.book["students"]["jdoe"] == ("Jane", "Doe", None, "12345")
    assert class_.after.book["students"]["ada"] == ("Ada", "Lovelace", None, "17")
    assert class_.after.records.keys() == {RIGHT, WRONG, "ada", "jdoe"}


def test_lateness_costs_what_the_instructors_own_class_says(class_):
    """And it is worked out anew after a change of dates, without --force. 2d more are 2d more than any due date."""
    def penalty(book, student):
        return book["submissions"]["adam", student]["notebooks"]["adam"]["penalty"]
    after, now = class_.after.book, gradebook(class_.folder)
    assert [penalty(after, s) for s in (RIGHT, WRONG, "jdoe")] == [2.0, None, None]
    assert [penalty(now, s) for s in (RIGHT, WRONG, "jdoe")] == [4.0, None, None]
    assert "Late submission penalty (Score: -4.0)" in page(class_.folder, RIGHT)


def test_late_without_a_time_is_told(class_):
    assert [f["kind"] for f in class_.after.records["jdoe"]["flags"]] == ["late"]
    assert "Canvas marks it as late" in (class_.folder / "report-adam.html").read_text()


def test_what_was_marked_waits_again_only_where_the_student_changed_it(class_):
    assert class_.after.waiting == {"ada": {QUESTION}, "jdoe": {QUESTION}}
    assert waiting(class_.folder, "ada") == set()
    assert waiting(class_.folder, "jdoe") == {QUESTION}
    assert gradebook(class_.folder)["submissions"]["adam", "ada"]["score"] == 21.5


def test_a_page_says_whose_it_is_and_names_cells_and_mistakes(class_):
    assert "<h4>Ada Lovelace: adam (Score: 21.5 / 20.0)</h4>" in page(class_.folder, "ada")
    assert "<title>Jane Doe: adam</title>" in page(class_.folder, "jdoe")
    wrong = page(class_.folder, WRONG)
    assert "initialize: shapes (eight arrays, in this order, of these shapes)</a> (Score: 2.0 / 2.0)" in wrong
    assert f"{QUESTION}</a>" in wrong and f"{QUESTION}</a> (Score" not in wrong  # it has no points
    for exercise in class_.after.records[WRONG]["exercises"]:
        for mistake in exercise["mistakes"]:
            seen = " ".join(re.sub(r"<[^>]+>", " ", html.unescape(wrong)).split())
            assert seen.count(mistake["id"]) == 1
            assert seen.index(mistake["id"]) < seen.index("Adam: write it yourself")


def test_feedback_goes_back_through_the_exchange(class_):
    [fetched] = class_.desk.glob("adam/feedback/*/adam.html")
    assert fetched.read_text(encoding="utf-8") == page(class_.folder, "ada")
    released = list((class_.folder / "exchange/optimlab/feedback").iterdir())
    assert len(released) == 4  # those of the others, too, under names that nobody can guess


def test_feedback_goes_back_through_canvas(class_):
    with zipfile.ZipFile(class_.folder / "feedback-adam.zip") as archive:
        assert archive.namelist() == ["doejane_LATE_12345_67890_adam.html"]
        assert b"Jane Doe" in archive.read(archive.namelist()[0])
    assert "not in feedback-adam.zip, for they came in another way: ada, " in class_.first[2]


# --- roster and dates, as they are typed ------------------------------------------

@pytest.fixture
def typed(class_, monkeypatch, capsys):
    """What a command of ours prints there: exit status, standard output, standard error."""
    monkeypatch.chdir(class_.folder)
    return lambda *words: (main([*words]), *capsys.readouterr())


def test_a_roster_says_what_it_did(typed):
    assert typed("roster", "class.csv") == (
        1, "2 students: 0 new, 0 changed, 2 as they were; nobody is deleted\n",
        "optimlab: class.csv, row 6: Moe, Max has no ID\n")


def test_dates_show_what_holds(typed):
    assert typed("dates", "adam") == (
        0, "adam is due 2026-01-09 12:00 UTC\n  ada: 9000d more, 2050-08-31 12:00 UTC\n"
           f"  {WRONG}: 2d more, 2026-01-11 12:00 UTC\n", "")


@pytest.mark.parametrize("words, told", [
    (("dates", "adam", "--extend", "nobody", "2d"), "there is no student 'nobody': python course.py roster FILE"),
    (("dates", "adam", "--extend", "ada", "2 days"), "'2 days' is no span of time: write 2d"),
    (("dates", "adam", "--due", "tomorrow"), "'tomorrow' is no date, time and time zone: write them like"),
    (("dates", "sgd"), "no assignment 'sgd'"),
    (("roster", "none.csv"), "none.csv: cannot be read"),
    (("roster", "class.csv", "--db", "sqlite:///none.db"), "there is no gradebook none.db: enter the assignments first"),
])
def test_what_cannot_be_is_one_line(words, told, typed):
    status, out, err = typed(*words)
    assert (status, out) == (2, "") and err.startswith(f"optimlab: {told}") and err.count("\n") == 1
