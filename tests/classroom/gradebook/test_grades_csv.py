"""grades.csv says who has how many points, and nothing in it is more than text or a number."""
import csv
import os
import re
from datetime import datetime

import pytest

from optimlab.classroom import Unusable
from optimlab.classroom.gradebook.grades_csv import plain_text, write
from optimlab.classroom.gradebook.scores import Row

DUE, WHEN = datetime(2026, 1, 10, 12), datetime(2026, 1, 10, 14, 30)
ADA = Row("adam", DUE, WHEN, "ada", "Lovelace", "Ada", "ada@x.org", "", True, 17.0, 2.5, 14.5, 20.0, True)
BOB = ADA._replace(student_id="bob", last_name="", first_name="", email="", raw_score=0.1 + 0.2,
                   late_submission_penalty=0.0, score=0.1 + 0.2, needs_manual_grade=False, timestamp=None,
                   duedate=None)
IDLE = BOB._replace(student_id="idle", submitted=False, raw_score=0.0, score=0.0, lms_user_id="99")


def table(path, style, rows, lms=None):
    """The table as any program reads it: a list of rows, and the file's own bytes."""
    write(rows, path, style, lms or {})
    data = path.read_bytes()
    return list(csv.reader(data.decode("utf-8-sig").splitlines())), data


@pytest.fixture
def path(tmp_path):
    return tmp_path / "grades.csv"


def test_the_table_has_nbgrader_s_columns_and_the_whole_class(path):
    lines, data = table(path, "", [ADA, BOB, IDLE])
    # nbgrader 0.9.6, plugins/export.py
    assert lines[0] == ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
                        "raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade"]
    assert lines[1] == ["adam", "2026-01-10 12:00:00", "2026-01-10 14:30:00", "ada", "Lovelace", "Ada",
                        "ada@x.org", "17", "2.5", "14.5", "20", "True"]
    assert lines[2] == ["adam", "", "", "bob", "", "", "", "0.3", "0", "0.3", "20", "False"]
    assert [line[3] for line in lines[1:]] == ["ada", "bob", "idle"]
    assert data.startswith(b"\xef\xbb\xbf\""), "without the mark Excel takes UTF-8 for something else"
    assert re.fullmatch(r'("[^"\n]*",)*"[^"\n]*"', data.decode("utf-8-sig").splitlines()[1]), "all is quoted"


LMS = {"ada": {"lms": "canvas", "id": "4711", "name": "lovelaceada"},
       "bob": {"lms": "moodle", "id": "12", "name": "Bob Bell"}}


def test_canvas_takes_it(path):
    """Its importer: the columns in this order; a row of points; a mark before a quoted cell is an error."""
    lines, data = table(path, "canvas", [ADA, BOB, BOB._replace(student_id="cyd", lms_user_id="8"), IDLE], LMS)
    assert lines == [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "adam"],
                     ["Points Possible", "", "", "", "", "20"],
                     ["Lovelace, Ada", "4711", "", "", "", "14.5"],
                     ["bob", "", "", "bob", "", "0.3"],
                     ["cyd", "8", "", "", "", "0.3"]]
    assert data.startswith(b'"Student"')


def test_moodle_takes_it(path):
    """Its worksheet importer: needs Identifier, Grade and Last modified (grade), in English."""
    lines, _ = table(path, "moodle", [ADA, BOB, IDLE], LMS)
    assert lines == [["Identifier", "Full name", "Email address", "Grade", "Maximum Grade",
                      "Last modified (grade)"],
                     ["", "Lovelace, Ada", "ada@x.org", "14.5", "20", ""],
                     ["Participant 12", "Bob Bell", "", "0.3", "20", ""]]


@pytest.mark.parametrize("style", ["", "canvas", "moodle"])
def test_nobody_at_all(style, path):
    lines, _ = table(path, style, [])
    assert len(lines) == (2 if style == "canvas" else 1)


FORMULAS = ["=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", "|calc", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1",
            "\0=1+1", "\xa0=1+1", "\u3000=1+1", "\u200b=1+1", "\u200d=1+1", "\ufeff=1+1", "\u202e=1+1", "\x1b=1+1",
            "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "\uff5ccalc", "\ufe661+1", "\u207a1", "\u22121",
            '="a"', '",=1+1', "a\n=1+1", "a\r\n=1+1", "a\t=1+1", "a\u2028=1+1", "x;=1+1", 'x";=1+1', "=1+1;=2",
            "\ud800=1"]
SIGNS = tuple("=+-@|\uff1d\uff0b\uff0d\uff20\uff5c\ufe66\u207a\u2212")


@pytest.mark.parametrize("style", ["", "canvas", "moodle"])
@pytest.mark.parametrize("formula", FORMULAS, ids=ascii)
def test_a_formula_is_text(formula, style, path):
    """Wherever a student's text can stand, in whichever way a spreadsheet splits a line into cells."""
    row = ADA._replace(student_id=formula, last_name=formula, first_name=formula, email=formula,
                       lms_user_id=formula)
    lms = {formula: {"lms": style, "id": "" if style == "canvas" else formula, "name": formula}}
    lines, data = table(path, style, [row, row._replace(last_name="", first_name="")], lms)
    assert {len(line) for line in lines} == {len(lines[0])}
    text = data.decode("utf-8-sig")
    assert len(text.splitlines()) == len(lines) == (4 if style == "canvas" else 3)
    for separator in ",;\t":
        for line in csv.reader(text.splitlines(), delimiter=separator):
            for cell in line:
                assert not cell.strip().strip('"\u200d').strip().startswith(SIGNS), (separator, cell)
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\u200b]", text)


@pytest.mark.parametrize("text", ["Ada", "O'Neil-Smith", "a=b", "Müller", "\u0d28\u0d4d\u200d", "李",
                                  "me@x.org", "", "1+1", 'the "great"', "a, b"])
def test_an_honest_name_stays_as_it_is(text, path):
    assert plain_text(text) == text
    lines, _ = table(path, "", [ADA._replace(last_name=text)])
    assert lines[1][4] == text


def test_a_file_that_cannot_be_written(path, monkeypatch):
    """What was there stays, whatever stops the writing."""
    write([ADA], path)
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Unusable, match=r"grades\.csv: cannot be written: No space left on device") as error:
        write([ADA, BOB], path)
    assert len(str(error.value).splitlines()) == 1
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]
