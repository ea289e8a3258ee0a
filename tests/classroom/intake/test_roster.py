"""The class as Canvas, Moodle and nbgrader export it, and whose row each is."""
import pytest

from optimlab.classroom import Unusable
from optimlab.classroom.intake.roster import identified, read

TABLES = {
    "Canvas": ("Student,ID,SIS User ID,SIS Login ID,Section,adam (7)\n,,,,,Manual Posting\n    Points Possible,,,,,20\n"
               "\"Doe, Jane\",12345,s1,jdoe,A,\n\"Roe, Al\",17,,al@x.org,A,5\n\"Student, Test\",99,,,A,\n",
               {"jdoe": ("Jane", "Doe", "", "12345"), "al@x.org": ("Al", "Roe", "al@x.org", "17")}),
    "Canvas, names apart": ("LastName,FirstName,ID,SIS Login ID,Section\nDoe,Jane,12345,jdoe,A\n",
                            {"jdoe": ("Jane", "Doe", "", "12345")}),
    "Canvas, without logins": ("Student,ID,Section\n\"van Doe, Jané\",12345,A\n", {"vandoejané": ("Jané", "van Doe", "", "12345")}),
    "Moodle's participants": ("\ufeff\"First name\",\"Last name\",\"Email address\",Groups\nJane,\"van Doe\",jdoe@x.org,\n",
                              {"jdoe": ("Jane", "van Doe", "jdoe@x.org", "")}),
    "Moodle's grades": ("First name;Surname;ID number;Institution;Email address;Course total (Real)\r\nJane;Doe;s1;;jd@x.org;3\r\n",
                        {"jd": ("Jane", "Doe", "jd@x.org", "s1")}),
    "Moodle's worksheet": ("Identifier,Full name,Email address,Status,Grade\nParticipant 77,Jane van Doe,jdoe@x.org,,\n",
                           {"Jane-van-Doe_77": ("Jane van", "Doe", "jdoe@x.org", "")}),
    "nbgrader's own": ("id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,ada@x.org,5\n\nbob,,,,\n",
                       {"ada": ("Ada", "Lovelace", "ada@x.org", "5"), "bob": ("", "", "", "")}),
    "no more than ids": ("id\nada\n", {"ada": ("", "", "", "")}),
}


def table(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_export_is_read(form, encoding, tmp_path):
    text, expected = TABLES[form]
    entries, refused = read(table(tmp_path, text.removeprefix("\ufeff") if encoding == "utf-16" else text, encoding))
    found, unclear = identified(entries, {}, set(), {})
    assert {id: (e.first_name, e.last_name, e.email, e.lms_user_id) for id, e in found.items()} == expected
    assert refused == unclear == []


CANVAS = "Student,ID,SIS Login ID\n\"Doe, Jane\",12345,jdoe\n"
PARTICIPANTS = "First name,Last name,Email address\nJane,Doe,jdoe@x.org\n"
JANE = {"lms": "moodle", "id": "77", "name": "Jane Doe"}


@pytest.mark.parametrize("text, known, handed_in, gradebook, ids", [
    (CANVAS, {"doejane": {"lms": "canvas", "id": "12345", "name": "doejane"}}, {"jdoe"}, {"x": "12345"}, {"doejane"}),
    (CANVAS, {"doejane": {"lms": "moodle", "id": "12345", "name": "doejane"}}, set(), {}, {"jdoe"}),
    (CANVAS, {}, {"doejane"}, {"x": "12345"}, {"doejane"}),   # as `--from` would call her
    (CANVAS, {}, {"jdoe"}, {"doejane": "12345"}, {"jdoe"}),   # as a JupyterHub does
    (CANVAS, {}, set(), {"x": "12345", "jdoe": ""}, {"x"}),
    (CANVAS, {}, set(), {"doejane": ""}, {"doejane"}),
    (PARTICIPANTS, {"Jane-Doe_77": JANE, "Jane-Doe_91": JANE | {"id": "91"}}, set(), {}, {"Jane-Doe_77", "Jane-Doe_91"}),
    (PARTICIPANTS, {}, {"jdoe@x.org"}, {"jdoe": ""}, {"jdoe@x.org"}),
    (PARTICIPANTS + "Jane,Doe,other@x.org\n", {"Jane-Doe_77": JANE}, set(), {}, {"jdoe", "other"}),  # which of them is it?
    ("id,lms_user_id\nada,12345\n", {}, {"x"}, {"x": "12345"}, {"ada"}),
])
def test_a_row_is_whose_the_lms_says_then_who_handed_in_then_who_is_known(text, known, handed_in, gradebook, ids, tmp_path):
    found, unclear = identified(read(table(tmp_path, text))[0], known, handed_in, gradebook)
    assert found.keys() == ids and unclear == []


@pytest.mark.parametrize("text, line", [
    ("Student,ID\n\"Moe, Max\",\n", "class.csv, row 2: Moe, Max has no ID"),
    ("id,first_name\n../x,Eve\n", "class.csv, row 2: ../x: is no student id"),
    ("id,first_name\n,Eve\n", "class.csv, row 2: an empty cell: is no student id"),
    ("First name,Last name\n,\nJane,Doe\n", "row 3: Jane Doe has nothing that could be a student id"),
    ("id\nada\nbob\nada\n", "row 4: ada is the id of row 2, too"),
    ("First name,Last name,Email address\n,,x@x.org\n", "class.csv, row 2: has no name"),
])
def test_a_row_that_tells_nobody_is_named(text, line, tmp_path):
    entries, refused = read(table(tmp_path, text))
    [told] = refused + identified(entries, {}, set(), {})[1]
    assert told.startswith(line) and told.isprintable()


@pytest.mark.parametrize("data", [b"", b"name,mark\nada,3\n", b"\xff\xfe\x00", b"PK\x03\x04\x00\x00", b"Vorname;Nachname\nJ;D\n",
                                  b'id\n"' + b"x" * 200_000])
def test_what_is_no_roster_is_one_line(data, tmp_path):
    path = tmp_path / "class.csv"
    path.write_bytes(data)
    with pytest.raises(Unusable) as refused:
        read(path)
    assert str(refused.value).startswith(str(path)) and str(refused.value).isprintable()


def test_a_roster_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(Unusable, match="cannot be read: No such file"):
        read(tmp_path / "none.csv")
