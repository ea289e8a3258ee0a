"""Book writes what nbgrader writes: nbgrader's own steps run on a copy of the same gradebook, and the two agree.

Then what nbgrader does not promise: all or nothing, points within bounds, and one line for what goes wrong.
"""
import contextlib
import copy
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import nbformat
import pytest
from gradebook_contents import contents
from grading_runs import ASKED
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    ClearHiddenTests,
    ComputeChecksums,
    OverwriteCells,
    SaveAutoGrades,
    SaveCells,
)
from nbgrader.utils import determine_grade
from nbgraders_own import DUE, IN_TIME, LATE, NOTEBOOKS, coda, essay, nbgrader
from sqlalchemy import event
from traitlets.config import Config

from optimlab.classroom import Unusable
from optimlab.classroom.gradebook.book import Book, Person
from optimlab.classroom.gradebook.database import NotEntered, create
from optimlab.classroom.grading.judging import Graded, grade
from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.grading.preprocessors import SaveGrades, SaveMistakes
from optimlab.classroom.sandbox.run import Evidence, Limits

ROOT = Path(__file__).resolve().parents[3]

def about(db_url, notebook, student=None):
    return {"nbgrader": {"notebook": notebook, "assignment": "essay", "student": student, "db_url": db_url},
            "unique_key": notebook}


def enter(db_url):
    """Make a gradebook as `nbgrader generate_assignment` does."""
    with Gradebook(db_url, "optimlab") as book:
        book.add_assignment("essay", duedate=DUE)
        for name in NOTEBOOKS:
            book.add_notebook(name, "essay")
    for name, nb in NOTEBOOKS.items():
        nb, resources = copy.deepcopy(nb), about(db_url, name)
        for step in (ComputeChecksums(), SaveCells()):
            nb, resources = step.preprocess(nb, resources)


def submission(notebook="essay", outputs=(), **sources):
    """A graded notebook as it comes to the gradebook: the released checksums, the student's sources, outputs."""
    nb = copy.deepcopy(NOTEBOOKS[notebook])
    nb, _ = ComputeChecksums().preprocess(nb, {})
    for c in nb.cells:
        c.source = sources.get(grade_id(c), c.source)
        if grade_id(c) == "test":
            c.outputs = list(outputs)
    return nb


@pytest.fixture(scope="module")
def made(empty_gradebook, tmp_path_factory):
    path = Path(shutil.copy(empty_gradebook, tmp_path_factory.mktemp("made")))
    enter(f"sqlite:///{path}")
    return path


@pytest.fixture
def path(made, tmp_path):
    return Path(shutil.copy(made, tmp_path))


@pytest.fixture
def db_url(path):
    return f"sqlite:///{path}"


@pytest.fixture
def other(made, tmp_path):
    """A second gradebook with the same assignment: nbgrader's own."""
    return f"sqlite:///{shutil.copy(made, tmp_path / 'other.db')}"


@pytest.fixture
def book(db_url):
    with Book(db_url, patience=0) as book:
        yield book


def by_nbgrader(db_url, student, notebook, nb, submitted_at=None, config=None):
    """Save a graded notebook as `nbgrader autograde` does, by nbgrader's own code."""
    with Gradebook(db_url) as book:
        book.update_or_create_student(student)
        when = {"timestamp": submitted_at} if submitted_at else {}
        book.update_or_create_submission("essay", student, **when)
    for step in (SaveAutoGrades(config=config), AssignLatePenalties(config=config)):
        step.preprocess(copy.deepcopy(nb), about(db_url, notebook, student))


def by_hand(db_url, student="ada"):
    """What a person enters in formgrader: points, extra points, a comment, a flag."""
    with Gradebook(db_url) as book:
        for name, points in (("test", 1.5), ("proof", 3.0), ("task", 4.0)):
            grade = book.find_grade(name, "essay", "essay", student)
            grade.manual_score, grade.needs_manual_grade = points, False
        book.find_grade("words", "essay", "essay", student).extra_credit = 0.5
        book.find_comment("answer", "essay", "essay", student).manual_comment = "Well done."
        book.find_submission_notebook("essay", "essay", student).flagged = True
        book.db.commit()


def said(*numbers):
    return [nbformat.v4.new_output("execute_result", {"text/plain": str(n)}) for n in numbers]


ERROR = nbformat.v4.new_output("error", ename="AssertionError", evalue="", traceback=[])
WARNING = nbformat.v4.new_output("stream", name="stderr", text="Warning: 1")
PRINT = nbformat.v4.new_output("stream", name="stdout", text="3")
DISPLAY = nbformat.v4.new_output("display_data", {"text/plain": "2"})
OUTPUTS = {"nothing": [], "number": said(2.5), "zero": said(0), "all": said(4), "text": said("'fine'"),
           "print": [PRINT], "print, number": [PRINT, *said(1)], "error": [ERROR], "warning": [WARNING],
           "number, error": [*said(3), ERROR], "number, warning": [*said(3), WARNING], "two numbers": said(1, 2),
           "error, NaN": [ERROR, *said("nan")], "a display": [DISPLAY]}


class Half(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {"ada": score / 2, "bob": -1, "cyd": score + 1, "dan": None}[student_id]


def late_config(**settings):
    config = Config()
    config.AssignLatePenalties.plugin_class = settings.pop("plugin", LateSubmissionPlugin)
    config.LateSubmissionPlugin.update(settings)
    return config


# --- the same as nbgrader -------------------------------------------------------

@pytest.mark.parametrize("outputs", OUTPUTS)
def test_points_are_those_of_nbgrader(outputs, book, db_url):
    nb = submission("essay", OUTPUTS[outputs])
    expected, _ = determine_grade(next(c for c in nb.cells if grade_id(c) == "test"))
    book.save("ada", "essay", "essay", nb)
    with Gradebook(db_url) as gradebook:
        saved = gradebook.find_grade("test", "essay", "essay", "ada")
        assert (saved.auto_score, saved.needs_manual_grade) == (expected, False)


@pytest.mark.parametrize("sources", [{}, {"answer": "x = 2"}, {"proof": "1", "words": "No."}, {"task": "I drew."}])
def test_what_is_saved_is_what_nbgrader_saves(sources, book, db_url, other):
    """And saved twice is once, and a regrade keeps what a person gave."""
    first, second = submission(outputs=said(4), **sources), submission(outputs=[ERROR], answer="x = 3")
    book.save("ada", "essay", "essay", first, IN_TIME)
    by_nbgrader(other, "ada", "essay", first, IN_TIME)
    assert contents(db_url) == contents(other)
    book.save("ada", "essay", "essay", first, IN_TIME)
    assert contents(db_url) == contents(other)

    by_hand(db_url), by_hand(other)
    # No time of its own: the old one stays. nbgrader asks nobody again to look at a task.
    book.save("ada", "essay", "essay", second, unchanged={"task"})
    by_nbgrader(other, "ada", "essay", second)
    assert contents(db_url) == contents(other)
    notebook = contents(db_url)["submissions"]["essay", "ada"]["notebooks"]["essay"]
    assert notebook["grades"]["test"] == (0, 1.5, None, True) and notebook["flagged"]
    assert notebook["grades"]["words"][2] == 0.5
    assert notebook["comments"]["answer"] == (None, "Well done.")


@pytest.mark.parametrize("student", ["ada", "bob", "cyd", "dan"])
@pytest.mark.parametrize("submitted_at", [IN_TIME, LATE, None])
def test_penalties_are_those_of_the_course_s_own_plugin(student, submitted_at, db_url, other):
    config = late_config(plugin=Half)
    with Book(db_url, config) as book:
        book.save(student, "essay", "essay", submission(outputs=said(3)), submitted_at)
    by_nbgrader(other, student, "essay", submission(outputs=said(3)), submitted_at, config)
    assert contents(db_url) == contents(other)


def test_an_extension_lifts_the_penalty(db_url, other):
    config = late_config(penalty_method="zero")
    nb = submission(outputs=said(3))
    with Book(db_url, config) as book:
        for score in (0, 3):
            book.save("ada", "essay", "essay", nb, LATE)
            by_nbgrader(other, "ada", "essay", nb, LATE, config)
            assert contents(db_url) == contents(other)
            (row,) = book.scores("essay")
            assert (row.score, row.raw_score) == (score, 3)
            for url in (db_url, other):
                with Gradebook(url) as gradebook:
                    gradebook.grant_extension("essay", "ada", hours=3)


def test_comments_stand_in_place_of_nbgrader_s_own(book, db_url):
    comments = {"answer": "beta1_swapped: ...\0\ud800", "test": "no answer cell, so no comment"}
    book.save("ada", "essay", "essay", submission(), comments=comments)
    said = contents(db_url)["submissions"]["essay", "ada"]["notebooks"]["essay"]["comments"]
    assert said["answer"] == ("beta1_swapped: ...\ufffd?", None)
    assert said["words"] == ("No response.", None)


def test_a_notebook_that_was_not_handed_in_is_worth_nothing(book, db_url):
    book.save("ada", "essay", "essay", submission(outputs=said(4)))
    assert book.graded("essay") == {("ada", "essay")}
    book.save("ada", "essay", "coda", None)
    assert book.graded("essay") == {("ada", "essay"), ("ada", "coda")}
    notebooks = contents(db_url)["submissions"]["essay", "ada"]["notebooks"]
    assert notebooks["coda"]["grades"] == {"test": (0, None, None, False)}
    assert notebooks["essay"]["grades"]["test"] == (4, None, None, False)


@pytest.fixture(scope="module")
def graded(graded_by_nbgrader):
    """What nbgrader autograded, as Book.save takes it, with the tutor's comments."""
    from optimlab.classroom.grading.outcomes import as_comment
    from optimlab.classroom.sandbox.places import place_to_run
    place = place_to_run(strict=False, no_sandbox=False)
    parts = []
    for folder in sorted(graded_by_nbgrader.glob("autograded/*/*")):
        student, assignment = folder.parts[-2:]
        stamp = graded_by_nbgrader / "submitted" / student / assignment / "timestamp.txt"
        for name in NOTEBOOKS if assignment == "essay" else ["adam"]:
            nb, comments = None, {}
            if (folder / f"{name}.ipynb").exists():
                nb = nbformat.read(folder / f"{name}.ipynb", as_version=4)
                if assignment == "adam":
                    comments = {r.name: as_comment(r) for r in grade(nb, ASKED, "", Limits(), place).reports}
            parts.append((student, assignment, name, nb, stamp.read_text() if stamp.exists() else None, comments))
    return parts


def save_all(graded, db_url):
    """Save all of it twice; gives the scores that Book says then, and what is in the gradebook."""
    with Book(db_url, late_config(penalty_method="zero")) as book:
        for part in graded * 2:
            book.save(*part)
        return {a: book.scores(a) for a in ("adam", "essay")}, contents(db_url)


@pytest.fixture(scope="module")
def saved(graded_by_nbgrader, graded):
    return save_all(graded, f"sqlite:///{graded_by_nbgrader / 'before.db'}")


def test_a_class_is_saved_as_nbgrader_autograde_saves_it(graded_by_nbgrader, saved):
    _scores, ours = saved
    theirs = contents(f"sqlite:///{graded_by_nbgrader / 'gradebook.db'}")
    assert ours == theirs
    assert len(theirs["submissions"]) >= 12
    penalties = {key: [n["penalty"] for n in s["notebooks"].values()] for key, s in theirs["submissions"].items()}
    assert any(any(p) for p in penalties.values()), "nobody was late"
    comments = [c for s in theirs["submissions"].values() for n in s["notebooks"].values()
                for c, _ in n["comments"].values()]
    assert "No response." in comments and any("points" in c for c in comments if c)


@pytest.mark.parametrize("assignment", ["adam", "essay"])
def test_scores_are_those_that_nbgrader_exports(assignment, graded_by_nbgrader, saved):
    with Gradebook(f"sqlite:///{graded_by_nbgrader / 'gradebook.db'}") as gradebook:
        max_score = gradebook.find_assignment(assignment).max_score
        submissions = {s.student_id: s for s in gradebook.assignment_submissions(assignment)}
        expected = [(s.id, s.id in submissions) for s in gradebook.students]
        rows = saved[0][assignment]
        assert sorted(expected) == sorted((r.student_id, r.submitted) for r in rows)
        for row in rows:
            assert (row.assignment, row.max_score) == (assignment, max_score)
            if s := submissions.get(row.student_id):
                assert (row.raw_score, row.late_submission_penalty, row.score, row.needs_manual_grade,
                        row.timestamp, row.duedate) == (
                    s.score, s.late_submission_penalty, max(0, s.score - s.late_submission_penalty),
                    s.needs_manual_grade, s.timestamp, s.duedate)
            else:
                assert (row.raw_score, row.score, row.needs_manual_grade, row.timestamp) == (0, 0, False, None)


# --- what a person marked --------------------------------------------------------

PARTS = ("test", "proof", "words", "task")


def by_our_step(db_url, nb, unchanged, folder):
    """Save a graded notebook as `nbgrader autograde` does with the course's own step."""
    part = dict.fromkeys(PARTS, "as it is now")
    path = folder / ".optimlab/essay/ada/essay.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"handed_in": {n: part[n] if n in unchanged else "as it was" for n in PARTS}}))
    with Gradebook(db_url) as book:
        book.update_or_create_student("ada")
        book.update_or_create_submission("essay", "ada")
    autograde = Autograde(coursedir=CourseDirectory(root=str(folder)))
    step = SaveGrades(parent=NotebookExporter(parent=autograde))
    step.preprocess(copy.deepcopy(nb), about(db_url, "essay", "ada") | {"handed_in": part})


@pytest.mark.parametrize("unchanged, again", [
    (PARTS, set()), (("test", "task"), {"proof"}), ((), {"test", "proof", "task"})])
def test_what_a_person_marked_waits_again_only_where_the_student_changed_it(unchanged, again, book, db_url, other, tmp_path):
    """`words` has extra points, which are no mark: it waits all the time. nbgrader would ask for all of them again."""
    answered = submission(outputs=said(4), proof="1", words="Yes.")

    def save(unchanged):
        book.save("ada", "essay", "essay", answered, unchanged=unchanged)
        by_our_step(other, answered, unchanged, tmp_path)
        assert contents(db_url) == contents(other)
        return waiting(db_url)
    assert save(()) == {"proof", "words", "task"}
    by_hand(db_url), by_hand(other)
    assert save(unchanged) == again | {"words"}
    assert save(PARTS) == again | {"words"}  # nobody has looked since


@pytest.mark.parametrize("read, expected", [(False, {"proof", "task"}), (True, {"proof", "task", "words"})])
def test_an_answer_without_points_waits_only_if_the_instructor_reads_it(read, expected, db_url):
    config = Config(Grade={"read_questions_without_points": read})
    with Gradebook(db_url) as gradebook:
        gradebook.find_graded_cell("words", "essay", "essay").max_score = 0
        gradebook.db.commit()
    with Book(db_url, config) as book:
        book.save("ada", "essay", "essay", submission(proof="1", words="Yes."))
    assert waiting(db_url) == expected


def waiting(db_url):
    grades = contents(db_url)["submissions"]["essay", "ada"]["notebooks"]["essay"]["grades"]
    return {name for name, (*_, waits) in grades.items() if waits}


# --- who is in the class, and until when ------------------------------------------

def test_students_are_entered_and_changed_and_none_is_deleted(book, db_url):
    book.save("bob", "essay", "essay", submission())
    ada, bob = Person("Ada", "Lovelace", "ada@x.org", "17"), Person(last_name="B" * 200)
    assert book.enter_people({"ada": ada, "bob": bob}) == (1, 1)
    assert book.enter_people({"ada": Person(email="new@x.org"), "bob": bob, "cy": Person()}) == (1, 1)
    assert book.people() == {"ada": ada._replace(email="new@x.org"), "bob": Person("", "B" * 128), "cy": Person()}
    assert contents(db_url)["students"]["bob"][:2] == ("", "B" * 128)  # formgrader would write None for the first name
    assert book.enter_people({"cy": Person("<img src=x onerror='run()'>", "O'Neil-\u06f1\n&\0", 'a"b@x.org')}) == (0, 1)
    assert book.people()["cy"][:3] == ("img src=x onerror='run()'", "O'Neil-\u06f1\ufffd", "ab@x.org")


def test_what_lateness_costs_may_be_an_instructors_own(db_url):
    with Book(db_url, late_config(plugin=Half)) as book:
        assert "class Half" in book.penalty_rule
    with Book(db_url) as book:
        assert "class LateSubmissionPlugin" in book.penalty_rule


# --- points that cannot be, and half-done work ---------------------------------

@pytest.mark.parametrize("result", ["nan", "inf", "-inf", "-1", "4.1", "1e400", ""])
def test_points_that_cannot_be_are_none_and_wait_for_a_person(result, book, db_url):
    book.save("ada", "essay", "essay", submission(outputs=said(result)))
    grades = contents(db_url)["submissions"]["essay", "ada"]["notebooks"]["essay"]["grades"]
    assert grades["test"] == (0, None, None, True)


def test_they_wait_for_a_person_by_nbgrader_s_own_command_too(other):
    """What our step has made of them: an error, of which SaveMistakes tells after nbgrader."""
    nb = submission(outputs=[nbformat.v4.new_output("error", ename="NoPoints", evalue="nan", traceback=[])])
    by_nbgrader(other, "ada", "essay", nb)
    SaveMistakes().preprocess(nb, {**about(other, "essay", "ada"), "optimlab": Graded("", (), Evidence())})
    grades = contents(other)["submissions"]["essay", "ada"]["notebooks"]["essay"]["grades"]
    assert grades["test"] == (0, None, None, True)


@pytest.mark.parametrize("result, points", [(str(0.1 + 0.2 + 3.7), 4), ("4.0000000001", 4), ("-1e-12", 0)])
def test_the_rounding_of_an_honest_sum_costs_nothing(result, points, book, db_url):
    book.save("ada", "essay", "essay", submission(outputs=said(result)))
    grades = contents(db_url)["submissions"]["essay", "ada"]["notebooks"]["essay"]["grades"]
    assert grades["test"] == (points, None, None, False)


def test_all_or_nothing(book, db_url, monkeypatch):
    """What stops at the last step leaves the gradebook as it was."""
    book.save("ada", "essay", "essay", submission(outputs=said(1)))
    before = contents(db_url)
    monkeypatch.setattr(book, "_penalty", lambda *_: 1 / 0)
    for student in ("ada", "new"):
        with pytest.raises(ZeroDivisionError):
            book.save(student, "essay", "essay", submission(outputs=said(4)), LATE)
    assert contents(db_url) == before


def test_held_says_whose_tests_have_their_points(book, db_url):
    assert book.graded("essay") == set()
    book.save("ada", "essay", "essay", submission())
    with Gradebook(db_url) as gradebook:  # as nbgrader leaves it when it is killed between two steps
        gradebook.add_student("bob")
        gradebook.add_submission("essay", "bob")
    assert book.graded("essay") == {("ada", "essay")}


def test_scores_hold_the_whole_class_by_name(book, db_url):
    with Gradebook(db_url) as gradebook:
        gradebook.add_student("z", last_name="Aho", first_name="Ed", email="z@x.org", lms_user_id="17")
        gradebook.add_student("idle", last_name="Byron")
    book.save("ada", "essay", "essay", submission(outputs=said(2)))
    book.save("z", "essay", "essay", submission(outputs=said(1)), IN_TIME)
    book.save("z", "essay", "coda", submission("coda", said(1)), IN_TIME)
    ada, z, idle = book.scores("essay")
    assert (ada.student_id, ada.last_name, ada.raw_score, ada.needs_manual_grade) == ("ada", "", 2, True)
    assert z[3:9] == ("z", "Aho", "Ed", "z@x.org", "17", True) and (z.score, z.max_score) == (2, 15)
    assert (idle.student_id, idle.submitted, idle.score, idle.timestamp) == ("idle", False, 0, None)


def test_templates_have_the_hidden_tests(book, db_url, tmp_path):
    released, _ = ClearHiddenTests().preprocess(submission(), {})
    released, _ = ComputeChecksums().preprocess(released, {})
    nbformat.write(released, tmp_path / "essay.ipynb")
    made = book.templates("essay", tmp_path)
    assert list(made) == ["essay"]  # coda was not released
    expected, _ = OverwriteCells().preprocess(copy.deepcopy(released), about(db_url, "essay"))
    assert made["essay"].cells == expected.cells
    assert "assert x == 1" in made["essay"].cells[2].source


# --- what a person is told ------------------------------------------------------

def refused(work, *words):
    """The one line that is raised."""
    with pytest.raises(Unusable) as error:
        work()
    line = str(error.value)
    assert len(line.splitlines()) == 1 and len(line) < 400, line
    assert all(word in line for word in words), line
    assert "secret" not in line and "Traceback" not in line
    return line


@pytest.mark.parametrize("write, words", [
    (lambda path: path.write_text("{oh no"), "is no notebook"),
    (lambda path: path.write_text('{"nbformat": 4}'), "is no notebook"),
    (lambda path: nbformat.write(nbformat.v4.new_notebook(), path), "other cells"),
    (lambda path: nbformat.write(coda(), path), "other cells"),
])
def test_a_released_notebook_of_another_time(write, words, book, tmp_path):
    write(tmp_path / "essay.ipynb")
    refused(lambda: book.templates("essay", tmp_path), "essay.ipynb", words, "release")


@pytest.mark.parametrize("work, words", [
    (lambda book: book.notebooks("adam"), "no assignment 'adam'"),
    (lambda book: book.scores("adam"), "no assignment 'adam'"),
    (lambda book: book.graded("adam"), "no assignment 'adam'"),
    (lambda book: book.save("ada", "adam", "adam", coda()), "no assignment 'adam'"),
    (lambda book: book.save("ada", "essay", "adam", coda()), "no notebook 'adam'"),
    (lambda book: book.save("ada", "essay", "coda", essay()), "no cell 'proof'"),
    (lambda book: book.save("", "essay", "essay", essay()), "student's id"),
    (lambda book: book.save("a" * 129, "essay", "essay", essay()), "student's id"),
    (lambda book: book.save("a\0b", "essay", "essay", essay()), "student's id"),
    (lambda book: book.save("\ud800", "essay", "essay", essay()), "student's id"),
])
def test_what_the_gradebook_does_not_have(work, words, book, db_url):
    before = contents(db_url)
    refused(lambda: work(book), words)
    assert contents(db_url) == before


@pytest.mark.parametrize("db_url, words", [
    ("", "address"), ("gradebook.db", "address"), ("sqlite:///nowhere.db", "there is no gradebook nowhere.db"),
    ("sqlite://", "in memory"), ("sqlite:///", "in memory"), ("mysql://teacher:secret@host/book", "mysql"),
    ("nosuch://teacher:secret@host/book", "address"), ("postgresql+nosuch://teacher:secret@host/book", "address"),
    ("postgresql+psycopg2://teacher:secret@host/book", "driver"),
    ("postgresql://teacher:secret@host:x/book", "address"),
    ("postgresql://teacher:1@secret@host/book", "%40"), ("postgresql://teacher:1@secret/2@host/book", "%40"),
    ("postgresql://teacher:secret@127.0.0.1:1/book", "book on 127.0.0.1"),
])
def test_an_address_that_leads_nowhere(db_url, words):
    refused(lambda: Book(db_url).scores("essay"), words)


@pytest.mark.parametrize("db_url, words", [
    ("sqlite:///folder", "that is a folder"), ("sqlite:///.", "that is a folder"), ("sqlite:///new.db/", "that is a folder"),
    ("sqlite:///notes.txt", "a file of another kind"), ("sqlite:///folder/notebook.ipynb", "a file of another kind"),
    ("sqlite:///nowhere/x.db", "there is no folder nowhere"), ("sqlite:///~/x.db", "there is no folder ~"),
    ("sqlite:///other.db", "a database of something else"), ("sqlite:///pipe", "that is no file"),
    ("sqlite:///gone.db", "that is no file"), ("sqlite:///a\0b", "there can be no such file"),
    (f"sqlite:///{'x' * 260}", "there can be no such file"), ("sqlite:///:memory:", "in memory"),
    ("sqlite:///x.db?uri=true", "which file"), ("sqlite:///file:folder?mode=ro&uri=true", "which file"),
    ("sqlite://folder", "which file"), ("sqlite+pysqlcipher:///x.db", "which file"), ("sqlite+aiosqlite:///x.db", "which file"),
    ("sqlite:/x.db", "address"), (" ", "address"), ("://", "address"), ("[", "address"),
])
@pytest.mark.skipif(os.name == "nt", reason="has other files")
def test_where_no_gradebook_can_be_nothing_is_made_or_changed(db_url, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir(0o755)
    for name in ("notes.txt", "folder/notebook.ipynb"):
        (tmp_path / name).write_text("{}: a text that is longer than what a database begins with")
    with contextlib.closing(sqlite3.connect("other.db")) as connection:
        connection.execute("CREATE TABLE shop (x)")
    os.mkfifo("pipe")
    os.symlink("nowhere at all", "gone.db")
    before = {p: p.lstat() for p in tmp_path.rglob("*")}
    refused(lambda: create(db_url, ""), words)
    assert {p: p.lstat() for p in tmp_path.rglob("*")}.keys() == before.keys()
    assert all(p.lstat().st_mode == was.st_mode and p.lstat().st_mtime == was.st_mtime for p, was in before.items())



@pytest.fixture
def rival(path):
    """Another program that holds the gradebook; write a line to it to let go."""
    hold = ("import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute(sys.argv[2]);"
            "c.execute('SELECT * FROM grade').fetchone(); print('held', flush=True); input(); c.rollback()")
    running = []

    def start(statement):
        running.append(subprocess.Popen([sys.executable, "-c", hold, path, statement],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert running[0].stdout.readline() == "held\n"
        return running[0]
    yield start
    for process in running:
        process.communicate("\n", timeout=10)


@pytest.mark.slow
@pytest.mark.parametrize("statement", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_gradebook_in_use_is_waited_for_and_named(statement, book, rival):
    rival(statement)
    for work in (lambda: book.save("ada", "essay", "essay", submission()), lambda: book.templates("essay", "."),
                 lambda: book.scores("essay")):
        refused(work, "gradebook.db is in use", "formgrader")


@pytest.mark.slow
@pytest.mark.parametrize("statement", ["BEGIN EXCLUSIVE", "BEGIN"])
def test_a_gradebook_that_is_let_go_is_written(statement, db_url, rival):
    """A reader (BEGIN) is in the way as well, at the very end."""
    process = rival(statement)
    threading.Timer(1.5, lambda: (process.stdin.write("\n"), process.stdin.flush())).start()
    with Book(db_url) as book:
        book.save("ada", "essay", "essay", submission())
        assert book.graded("essay") == {("ada", "essay")}


def test_a_full_disk(book, db_url):
    @event.listens_for(book._database._engine, "connect")
    def no_more_pages(connection, _):
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes it as: no more than there are

    before = contents(db_url)

    def many():
        for n in range(100):
            book.save(f"student-{n}", "essay", "essay", submission(), comments={"answer": "long " * 1000})
    refused(many, "disk is full", "run this again")
    assert contents(db_url)["assignments"] == before["assignments"]


@pytest.mark.parametrize("data, words", [
    (b"not a database, but a text that is long enough " * 100, "damaged"),
    (b"", "no assignments yet"),
    (b"SQLite format 3\0" + b"\xff" * 5000, "gradebook.db"),
])
def test_a_file_that_is_no_gradebook(data, words, path, db_url):
    path.write_bytes(data)
    refused(lambda: Book(db_url).save("ada", "essay", "essay", submission()), words)


def test_what_a_release_would_mend_is_told_apart(made, tmp_path, rival, book):
    """No file, no tables, no assignment: not a gradebook in use, nor one that is damaged."""
    (tmp_path / "empty.db").touch()
    for name, assignment in (("nowhere.db", "essay"), ("empty.db", "essay"), (made, "adam")):
        with pytest.raises(NotEntered):
            Book(f"sqlite:///{tmp_path / name}").notebooks(assignment)
    rival("BEGIN EXCLUSIVE")
    with pytest.raises(Unusable) as error:
        book.notebooks("adam")
    assert error.type is Unusable


def test_a_gradebook_of_another_version(path, book):
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE submitted_notebook RENAME COLUMN late_submission_penalty TO gone")
    connection.close()
    refused(lambda: book.save("ada", "essay", "essay", submission()), "another version", "nbgrader db upgrade")


@pytest.mark.skipif(os.name == "nt", reason="has other rights")
@pytest.mark.parametrize("of_folder, of_file, words", [
    (0o777, 0o444, "cannot be written by you"), (0o777, 0, "cannot be written by you"),
    (0o555, 0o666, "cannot be written by you"), (0, 0o666, "there is no gradebook")])
def test_a_gradebook_without_the_right_to_write(of_folder, of_file, words, made):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(made, folder))
        os.chmod(path, of_file)
        os.chmod(folder, of_folder)
        me = os.geteuid()
        if me == 0:  # root may write everything
            os.seteuid(65534)
        try:
            refused(lambda: Book(f"sqlite:///{path}").save("ada", "essay", "essay", submission()), words)
        finally:
            os.seteuid(me)
            os.chmod(folder, 0o755)


# --- PostgreSQL -----------------------------------------------------------------

def test_postgresql_holds_what_sqlite_holds(graded_by_nbgrader, graded, saved, postgres):
    """nbgrader's own generate_assignment makes the tables there."""
    db_url = postgres()
    for assignment in ("adam", "essay"):
        nbgrader(graded_by_nbgrader, "generate_assignment", assignment, "--force", "--db", db_url)
    with Gradebook(db_url) as gradebook:
        for assignment in gradebook.assignments:
            gradebook.update_or_create_assignment(assignment.name, duedate=DUE)
    assert save_all(graded, db_url) == saved


def test_postgresql_does_as_nbgrader_on_sqlite(postgres, other):
    db_url, config = postgres(), late_config(plugin=Half)
    enter(db_url)
    with Book(db_url, config) as book:
        for nb, when in ((submission(outputs=said(3)), LATE), (submission(answer="x = 2"), None)):
            book.save("ada", "essay", "essay", nb, when, unchanged={"task"})
            by_nbgrader(other, "ada", "essay", nb, when, config)
            assert contents(db_url) == contents(other)
            by_hand(db_url), by_hand(other)
        assert book.graded("essay") == {("ada", "essay")}
        book.save("bob", "essay", "essay", submission(), comments={"answer": "\0\ud800"})


def test_what_goes_wrong_in_postgresql_is_one_line(postgres):
    import psycopg
    db_url = postgres()
    with Book(db_url, patience=0) as book:
        save = lambda: book.save("ada", "essay", "essay", submission())  # noqa: E731
        refused(save, "no assignments yet")
        enter(db_url)
        with psycopg.connect(db_url) as rival:
            rival.execute("LOCK TABLE grade IN ACCESS EXCLUSIVE MODE")
            refused(save, "in use")
        save()
        with psycopg.connect(db_url, autocommit=True) as rival:  # as when the server is started anew
            rival.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        book._database._patience = 5
        save()
        assert book.graded("essay") == {("ada", "essay")}
    refused(lambda: Book(db_url.replace("/gradebook", "/nosuch")).scores("essay"), "nosuch")
