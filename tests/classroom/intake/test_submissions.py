"""Whatever is handed in, only notebooks that are plain files of a student with an id arrive, and the rest is named.

Each attempt of a student is a real file here. LMS zips are made as Canvas and Moodle name their files.
"""
import contextlib
import json
import os
import socket
import stat
import struct
import sys
import zipfile
import zlib

import pytest
from hang import hang_guard
from malformed import FORBIDDEN

from optimlab.classroom import Unusable
from optimlab.classroom.intake import submissions, untrusted_files
from optimlab.classroom.intake.submissions import Submission, lms_ids, read, with_terms
from optimlab.classroom.intake.untrusted_files import shown

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
NB, OTHER = b'{"cells": []}', b'{"cells": [], "nbformat": 4}'
A, B = "a" * 10_000, "\x1b[31mred\x07"


@pytest.fixture
def submitted(tmp_path):
    return tmp_path / "course" / "submitted"


def put(path, content=NB):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def folder_of(path, files):
    path.mkdir(exist_ok=True)
    for name, content in files.items():
        put(path / name, content)
    return path


def zip_of(path, files, method=zipfile.ZIP_DEFLATED):
    """A zip of {name: content}, or of pairs where a name comes twice."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return path


def collect(*given):
    """What collecting says, refused or noted."""
    told = submissions.collect(*given)
    return told.refused + told.noted


def find(*given, **more):
    """What is found, and what is said of the rest, refused or noted."""
    found, told = submissions.find(*given, **more)
    return found, told.refused + told.noted


def arrived(submitted):
    return {str(p.relative_to(submitted)).replace(os.sep, "/"): p.read_bytes()
            for p in submitted.rglob("*") if not p.is_dir()}


def one_line(lines):
    """Each line is one, short and inert."""
    return all(line.isprintable() and len(line) < 400 for line in lines)


# --- read -----------------------------------------------------------------------


def link_to_file(path):
    path.symlink_to(put(path.parent / "secret"))


def link_to_itself(path):
    path.symlink_to(path.name)


def hard_link(path):
    os.link(put(path.parent / "secret"), path)


def bound_socket(path):
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(path.name)
    finally:
        os.chdir(here)


def device(path):
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero never ends
        os.close(os.open(path, os.O_RDONLY))
    except PermissionError:
        pytest.skip("only root makes devices")


def sparse(path):
    with open(path, "wb") as file:
        file.truncate(500 * 10**6)


def linked_folder(path):
    put(path.parent.parent / "other" / path.name)
    path.parent.rmdir()
    path.parent.symlink_to("other", target_is_directory=True)


@posix
@pytest.mark.parametrize("attempt, says", [
    (link_to_file, "is a link"), (link_to_itself, "is a link"), (lambda path: path.symlink_to("/dev/zero"), "is a link"),
    (hard_link, "second name"), (os.mkfifo, "is no file"), (bound_socket, "cannot be read"), (device, "is no file"),
    (os.mkdir, "is no file"), (sparse, "larger than 20 MB"), (lambda path: None, "cannot be read"),
    (linked_folder, "is a link"),
], ids=["link", "loop", "link to a device", "hard link", "pipe", "socket", "device", "folder", "500 MB", "nothing",
        "linked folder"])
def test_only_a_plain_file_is_read(tmp_path, attempt, says):
    path = tmp_path / "mallory" / "adam" / "adam.ipynb"
    path.parent.mkdir(parents=True)
    attempt(path)
    with hang_guard(), pytest.raises(Unusable, match=says) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: ") and "\n" not in str(refused.value)


def test_a_plain_file_is_read_whole(tmp_path):
    content = bytes(range(256)) * 4000
    assert read(put(tmp_path / "ada" / "adam" / "adam.ipynb", content)) == content
    assert read(put(tmp_path / "largest", bytes(untrusted_files.LARGEST))) == bytes(untrusted_files.LARGEST)


@posix
def test_nothing_stays_open(tmp_path):
    before = os.listdir("/dev/fd")
    for attempt in (link_to_file, os.mkfifo, os.mkdir, put):
        path = tmp_path / attempt.__name__ / "adam.ipynb"
        path.parent.mkdir()
        attempt(path)
        with contextlib.suppress(Unusable):
            read(path)
    assert os.listdir("/dev/fd") == before


@posix
def test_links_are_refused_where_folders_cannot_be_held_open(tmp_path, monkeypatch):
    """As on Windows."""
    monkeypatch.setattr(os, "supports_dir_fd", set())
    assert read(put(tmp_path / "ada/adam/adam.ipynb")) == NB
    (tmp_path / "mallory").symlink_to("ada", target_is_directory=True)
    (tmp_path / "ada/adam/link").symlink_to("adam.ipynb")
    for path in ("mallory/adam/adam.ipynb", "ada/adam/link"):
        with pytest.raises(Unusable, match="is a link"):
            read(tmp_path / path)


# --- find -----------------------------------------------------------------------


def test_what_is_handed_in_is_found_in_order(submitted):
    for path in ("zoe/adam/adam.ipynb", "ada/adam/adam.ipynb", "ada/adam/more.ipynb", "bob/other/adam.ipynb",
                 "José@x-1_2+3/adam/adam.ipynb", "ada/adam/numpy.py", "ada/adam/.ipynb_checkpoints/adam-checkpoint.ipynb",
                 "README", ".DS_Store", "ada/adam/unknown.ipynb", "ada/numpy.py"):
        put(submitted / path)
    put(submitted / "ada/adam/timestamp.txt", b"2026-01-10 12:00:00 UTC\n")
    found, refused = find(submitted, "adam", ["more", "adam"], others=["adam", "other"])
    folder = submitted / "ada" / "adam"
    assert found[1:3] == [Submission("ada", "adam", folder / "adam.ipynb", "2026-01-10 12:00:00 UTC"),
                          Submission("ada", "more", folder / "more.ipynb", "2026-01-10 12:00:00 UTC")]
    assert [(s.student, s.notebook, s.submitted_at) for s in found[:1] + found[3:]] == [
        ("José@x-1_2+3", "adam", None), ("zoe", "adam", None)]
    assert refused == []


@pytest.mark.parametrize("text, valid", [
    ("2026-01-10 12:00:00.123456 UTC", True), ("2026-01-10 12:00:00 America/Los_Angeles", True),
    ("2026-01-10 12:00:00 +0100", True), ("2026-01-10T12:00:00Z", True), ("2026-01-10 12:00:00 Etc/GMT+5", True),
    ("2026-99-10 12:00:00 UTC", False), ("2026-01-10 12:00:00 /etc/passwd", False), ("", False),
    ("2026-01-10 12:00:00 ../../../etc/passwd", False), ("now", False), ("\x1b[31m", False), ("\xff", False),
    ("9" * 10_000, False), ("0001-01-01 00:00:00 +0100", False),
], ids=lambda value: ascii(value)[:40])
def test_only_a_valid_timestamp_counts(submitted, text, valid):
    put(submitted / "ada/adam/adam.ipynb")
    put(submitted / "ada/adam/timestamp.txt", text.encode("latin-1"))
    [found], refused = find(submitted, "adam", ["adam"])
    assert (found.submitted_at, refused) == (text if valid else None, [])


@posix
@pytest.mark.parametrize("name", [
    "two\nlines", B, "\u202eevil\u2066\x9b31m", "=cmd|' C calc'!A0", "\t=1+1", "<img src=x>", "a,b", " ", "ada ", ".hidden",
    "..\\x", "$(x)", "a" * 65, "\uff1d1", "\u200b", os.fsdecode(b"\xff\xfe"),
], ids=lambda name: ascii(name)[:20])
def test_a_name_that_is_no_id_is_refused(submitted, name):
    try:
        put(submitted / name / "adam/adam.ipynb")
    except OSError:
        pytest.skip("this disk takes no such name")
    found, [line] = find(submitted, "adam", ["adam"])
    assert found == [] and "is no student id" in line and line.endswith(": rename the folder")
    assert line.startswith(shown(name)) and one_line([line])


@posix
def test_folders_that_are_none_are_refused(submitted):
    put(submitted / "ada/adam/adam.ipynb")
    (submitted / "mallory").symlink_to("ada", target_is_directory=True)
    (submitted / "eve").mkdir()
    (submitted / "eve/adam").symlink_to("../ada/adam", target_is_directory=True)
    put(submitted / "oscar/adam")
    put(submitted / "trudy/adam/Lösung.ipynb")
    (submitted / "gone").symlink_to("nowhere")
    found, refused = find(submitted, "adam", ["adam"])
    assert [s.student for s in found] == ["ada"]
    assert [line.split(":")[0] for line in refused] == ["eve", "gone", "mallory", "oscar", "trudy"] and one_line(refused)


@posix
def test_a_notebook_that_is_no_file_is_found_and_its_reading_refused(submitted):
    """So that its student gets a line in the feedback, too."""
    (submitted / "mallory/adam").mkdir(parents=True)
    (submitted / "mallory/adam/adam.ipynb").symlink_to("/etc/passwd")
    [found], refused = find(submitted, "adam", ["adam"])
    assert (found.student, refused) == ("mallory", [])
    with pytest.raises(Unusable):
        read(found.path)


MISPLACED = {  # what lies in submitted/ -> who is named, what the line says; "" for an empty folder
    "upper case": (["x/Adam/adam.ipynb"], "x", "x: Adam/adam.ipynb lies"),
    "no folder": (["x/adam.ipynb"], "x", "put it at submitted/x/adam/adam.ipynb"),
    "no folder, other name": (["x/homework.ipynb"], "x", "x: homework.ipynb lies"),
    "no student": (["x.ipynb"], "x.ipynb", "put it at submitted/STUDENT/adam/"),
    "a zip": (["class.zip"], "class.zip", "--from"),
    "downloaded twice": (["x/adam/adam (1).ipynb"], "x", "x: adam/adam (1).ipynb lies"),
    "another name": (["x/adam/work.ipynb"], "x", "x: adam/work.ipynb lies"),
    "another name's case": (["x/adam/ADAM.IPYNB"], "x", "x: adam/ADAM.IPYNB lies"),
    "folder with a number": (["x/adam (1)/adam.ipynb"], "x", "x: adam (1)/adam.ipynb lies"),
    "folder of a folder": (["x/adam/adam/adam.ipynb"], "x", "x: adam/adam/adam.ipynb lies"),
    "folder of another name": (["x/Assignment 1/adam.ipynb"], "x", "x: Assignment 1/adam.ipynb lies"),
    "turned round": (["adam/x/adam.ipynb"], "adam", "put it at submitted/STUDENT/adam/adam.ipynb"),
    "nothing": (["x/adam/notes.txt"], "x", "there is no adam.ipynb"),
}


@posix
@pytest.mark.parametrize("lies", MISPLACED)
def test_what_is_misplaced_is_named_with_what_to_do(submitted, lies):
    paths, who, says = MISPLACED[lies]
    for path in ["ada/adam/adam.ipynb", *paths]:
        put(submitted / path)
    found, told = submissions.find(submitted, "adam", ["adam"], others=["adam", "other"])
    assert [s.student for s in found] == ["ada"]
    [line] = told.refused
    assert line.startswith(f"{who}: ") and says in line and one_line([line]) and told.noted == []


@posix
@pytest.mark.parametrize("beside, noted", [
    ("x/adam/adam (1).ipynb", True), ("x/adam/Adam_final.ipynb", True), ("x/adam.ipynb", True), ("x/Adam/adam.ipynb", True),
    ("x/adam/scratch.ipynb", False), ("x/other/adam.ipynb", False), ("x/adam/.ipynb_checkpoints/adam-checkpoint.ipynb", False)])
def test_what_lies_beside_work_is_noted_and_beside_none_a_person_decides(submitted, beside, noted):
    put(submitted / beside)
    work = put(submitted / "x/adam/adam.ipynb")
    given = (submitted, "adam", ["adam"], ["other"])
    found, told = submissions.find(*given)
    assert len(found) == 1 and told.refused == [] and len(told.noted) == noted
    found, told = submissions.find(*given, untouched=lambda path: path == work)
    if noted or "scratch" in beside:
        assert found == [] and beside.removeprefix("x/") in told.refused[0] and told.noted == []
    else:
        assert len(found) == 1 and told == ([], [])


def test_a_linked_folder_is_not_looked_through(submitted):
    if sys.platform == "win32":
        pytest.skip("making a link is a privilege there")
    put(submitted.parent / "outside/adam.ipynb")
    (submitted / "x").mkdir(parents=True)
    (submitted / "x/Adam").symlink_to(submitted.parent / "outside", target_is_directory=True)
    assert find(submitted, "adam", ["adam"]) == ([], [])


# --- whose an upload is -----------------------------------------------------------

NAMES = [  # name in the source -> the student's id
    ("doejane_12345_67890_adam.ipynb", "doejane"), ("doejane_LATE_12345_67890_adam.ipynb", "doejane"),
    ("doejane_12345_67890_adam-1.ipynb", "doejane"), ("doejane_12345_67890_my work.ipynb", "doejane"),
    ("o_hara2jo_12_67_adam.ipynb", "o_hara2jo"), ("anon_xY12z_67890_adam.ipynb", "anon_xY12z"),
    ("LATE_anon_12345_67890_adam.ipynb", "anon_12345"), ("李雷_1_2_adam.ipynb", "李雷"),
    ("Jane Doe_123_assignsubmission_file_/adam.ipynb", "Jane-Doe_123"),
    ("Jane Doe_123_assignsubmission_file/adam.ipynb", "Jane-Doe_123"),
    ("Jane Doe_123_assignsubmission_file_/adam/adam.ipynb", "Jane-Doe_123"),
    ("Jane Doe_123_assignsubmission_file_adam.ipynb", "Jane-Doe_123"),
    ("Seán O'Hara-Żak_7_assignsubmission_file_x_1_2_y.ipynb", "Seán-O-Hara-Żak_7"),
    ("Participant_9_assignsubmission_file_/solution.ipynb", "Participant_9"),
    ("X" * 90 + "_9_assignsubmission_file_/adam.ipynb", "X" * 40 + "_9"),
    ("ada/adam.ipynb", "ada"), ("ada/adam/adam.ipynb", "ada"), ("ada.ipynb", "ada"), ("ada/work.ipynb", "ada"),
    ("ada@x.org/adam/final (1).IPYNB", "ada@x.org"), ("jose\u0301.ipynb", "jos\xe9"), ("ada/Adam/adam.ipynb", "ada"),
    ("Adam_doejane_attempt_2026-01-10-12-00-00_adam.ipynb", "doejane"),
    ("My_own_task_doejane_attempt_2026-01-10-12-00-00_my_work.ipynb", "doejane"),
    ("397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM/adam.ipynb", "Mary-Ann-Smith"),
    ("397063-2557369 - Mary-Ann Smith- Sep 24, 2024 1126 PM - adam.ipynb", "Mary-Ann-Smith"),
    *((f"{around}{name}", student) for around in ("submissions/", "Downloads/My class/submissions/", "adam/") for name, student in (
        ("doejane_12345_67890_adam.ipynb", "doejane"), ("Jane Doe_123_assignsubmission_file_/adam.ipynb", "Jane-Doe_123"),
        ("Jane Doe_123_assignsubmission_file_adam.ipynb", "Jane-Doe_123"), ("ada/adam/adam.ipynb", "ada"), ("ada/adam.ipynb", "ada"),
        ("397063-25 - Jo Li - Sep 24, 2024 926 PM/adam.ipynb", "Jo-Li"),
        ("Adam_doejane_attempt_2026-01-10-12-00-00_adam.ipynb", "doejane"))),
]


@pytest.mark.parametrize("kind", [folder_of, zip_of])
@pytest.mark.parametrize("name, student", NAMES)
def test_the_student_is_read_from_the_name(tmp_path, submitted, name, student, kind):
    source = kind(tmp_path / "source", {name: NB})
    assert collect(source, submitted, "adam", ["adam"]) == []
    assert arrived(submitted) == {f"{student}/adam/adam.ipynb": NB}
    assert collect(source, submitted, "adam", ["adam"]) == []


def test_the_latest_upload_counts(tmp_path, submitted):
    source = zip_of(tmp_path / "x.zip", {"doejane_1_20_adam-1.ipynb": OTHER, "doejane_LATE_1_30_adam-2.ipynb": NB,
                                         "doejane_1_10_adam.ipynb": OTHER, "doejane_1_40_notes.ipynb": OTHER})
    assert collect(source, submitted, "adam", ["adam"]) == []
    assert arrived(submitted) == {"doejane/adam/adam.ipynb": NB}
    assert lms_ids(submitted) == {"doejane": {
        "lms": "canvas", "id": "1", "name": "doejane", "uploads": {"adam/adam": 30},
        "came_as": {"adam/adam": "doejane_LATE_1_30_adam-2.ipynb"}}}
    assert [s.late for s in with_terms(find(submitted, "adam", ["adam"])[0], submitted, "adam")] == [True]


TEXT = {"Adam_doe_attempt_2026-01-12-12-00-00.txt": b"Blackboard writes one for each"}


@pytest.mark.parametrize("earlier, later", [
    ("Adam_doe_attempt_2026-01-10-12-00-00_adam.ipynb", "Adam_doe_attempt_2026-01-11-08-00-00_adam.ipynb"),
    ("1-2 - Jo - Jan 9, 2026 1100 PM/adam.ipynb", "1-2 - Jo - Jan 10, 2026 1200 AM/adam.ipynb"),
    ("1-2 - Jo - Jan 10, 2026 958 AM/adam.ipynb", "1-2 - Jo - Jan 10, 2026 100 PM/adam.ipynb")])
def test_the_latest_attempt_counts(tmp_path, submitted, earlier, later):
    beside = TEXT if "attempt" in later else {"index.html": b"Brightspace writes one for all"}
    source = zip_of(tmp_path / "x.zip", {later: NB, earlier: OTHER, **beside})
    assert collect(source, submitted, "adam", ["adam"]) == []
    assert set(arrived(submitted).values()) == {NB}


@pytest.mark.parametrize("beside", ["__MACOSX/._x", ".DS_Store", "AROUND/.DS_Store", "index.html", "AROUND/index.html"])
@pytest.mark.parametrize("students", [["ada/adam.ipynb", "bob/adam/adam.ipynb"], ["ada.ipynb", "bob.ipynb"],
                                      ["ada_1_2_adam.ipynb", "bob_3_4_adam.ipynb", "bob_3_5_notes.txt"]])
def test_a_folder_around_the_class_is_seen_through(tmp_path, submitted, beside, students):
    around = "adam" if "ada.ipynb" in students else "submissions"  # else it would be a student with two notebooks
    source = zip_of(tmp_path / "x.zip", {beside.replace("AROUND", around): b"", **{f"{around}/{name}": NB for name in students}})
    assert collect(source, submitted, "adam", ["adam"]) == []
    assert arrived(submitted) == {"ada/adam/adam.ipynb": NB, "bob/adam/adam.ipynb": NB}


@pytest.mark.parametrize("name", ["cat_1_2_x_ada_attempt_2026-01-10-12-00-00_adam.ipynb",
                                  "Adam_cat_attempt_2026-01-10-12-00-00_ada_attempt_2027-01-10-12-00-00_adam.ipynb"])
def test_nobody_passes_for_another_by_a_file_s_name(tmp_path, submitted, name):
    [line] = collect(zip_of(tmp_path / "x.zip", {name: NB}), submitted, "adam", ["adam"])
    assert "two students" in line and arrived(submitted) == {}


def test_each_of_several_notebooks_has_its_name(tmp_path, submitted):
    source = zip_of(tmp_path / "x.zip", {"jo_1_20_part-1.ipynb": b"1", "jo_1_21_part-2-1.ipynb": b"2", "al_2_22_x.ipynb": b"x"})
    [line] = collect(source, submitted, "adam", ["part-1", "part-2"])
    assert arrived(submitted) == {"jo/adam/part-1.ipynb": b"1", "jo/adam/part-2.ipynb": b"2"}
    assert line.startswith("al_2_22_x.ipynb: there is no part-1.ipynb or part-2.ipynb")


def test_namesakes_are_told_apart_for_good(tmp_path, submitted):
    first = zip_of(tmp_path / "1.zip", {"doejane_1_10_adam.ipynb": NB, "roejo_5_10_adam.ipynb": NB, "roejo_6_11_adam.ipynb": NB})
    later = zip_of(tmp_path / "2.zip", {"doejane_2_20_adam.ipynb": OTHER, "doejane_1_10_adam.ipynb": NB,
                                        "roesmithjo_6_11_adam.ipynb": NB})
    assert collect(first, submitted, "adam", ["adam"]) == collect(later, submitted, "adam", ["adam"]) == []
    assert arrived(submitted) == {f"{s}/adam/adam.ipynb": c for s, c in (
        ("doejane", NB), ("doejane_2", OTHER), ("roejo_5", NB), ("roejo_6", NB))}
    assert {s: about["id"] for s, about in lms_ids(submitted).items()} == {
        "doejane": "1", "doejane_2": "2", "roejo_5": "5", "roejo_6": "6"}


def test_moodle_is_remembered_with_name_and_number(tmp_path, submitted):
    collect(folder_of(tmp_path / "m", {"Jane Doe_77_assignsubmission_file_/adam.ipynb": NB,
                                       "Jane Doe_77_assignsubmission_onlinetext_/onlinetext.html": b"hi"}),
            submitted, "adam", ["adam"])
    about = lms_ids(submitted)["Jane-Doe_77"]
    assert (about["lms"], about["id"], about["name"]) == ("moodle", "77", "Jane Doe")


def test_a_damaged_memory_is_one_line(submitted):
    path = put(submitted.parent / ".optimlab" / "lms.json", b"[1")
    assert lms_ids(submitted / "..") == {}
    with pytest.raises(Unusable, match="is damaged"):
        lms_ids(submitted)
    path.write_text(json.dumps({"x": 1}))
    with pytest.raises(Unusable, match="is damaged"):
        lms_ids(submitted)


# --- what is refused while collecting ---------------------------------------------


def honest_and(*more):
    """A source with an honest notebook and what mallory put beside it."""
    def make(path):
        return zip_of(path, [("ada/adam/adam.ipynb", NB), *more])
    return make


def linked(path):
    link = zipfile.ZipInfo("mallory/adam/adam.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return honest_and((link, "../../ada/adam/adam.ipynb"))(path)


def lying_bomb(path):
    """Says of 300 MB that they are 100 bytes."""
    packed = zlib.compress(bytes(300_000_000), 1)[2:-4]
    zip_of(path, {"ada/adam/adam.ipynb": NB, "mallory/adam/adam.ipynb": packed}, zipfile.ZIP_STORED)
    return patched(path, (8, "<H", 8), (22, "<I", 100))


def encrypted(path):
    return patched(honest_and(("mallory/adam/adam.ipynb", NB))(path), (6, "<H", 1))


def damaged(path):
    return patched(honest_and(("mallory/adam/adam.ipynb", NB))(path), (14, "<I", 12345))


def patched(path, *changes):
    """Change the last file's headers: (offset in the local one, format, value); the central one has two bytes more."""
    data = bytearray(path.read_bytes())
    for at, form, value in changes:
        struct.pack_into(form, data, data.rindex(b"PK\x03\x04") + at, value)
        struct.pack_into(form, data, data.rindex(b"PK\x01\x02") + at + 2, value)
    path.write_bytes(bytes(data))
    return path


def with_method(method):
    def make(path):
        zip_of(path, {"mallory/adam/adam.ipynb": NB}, method)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("ada/adam/adam.ipynb", NB)
        return path
    return make


def nested(path):
    inner = zip_of(path.with_suffix(".inner"), {"adam.ipynb": NB}).read_bytes()
    return honest_and(("mallory/adam/adam.zip", inner))(path)


ZIPS = {  # made by, who is named
    "parent": (honest_and(("../../../escaped.ipynb", NB)), "escaped"),
    "parent inside": (honest_and(("mallory/adam/../../../escaped.ipynb", NB)), "mallory"),
    "absolute": (honest_and(("/tmp/escaped.ipynb", NB)), "escaped"),
    "backslash": (honest_and(("..\\..\\escaped.ipynb", NB)), "escaped"),
    "drive": (honest_and(("C:\\escaped.ipynb", NB)), "escaped"),
    "drive and folder": (honest_and(("C:/escaped.ipynb", NB)), "C:"),
    "symlink": (linked, "mallory"), "encrypted": (encrypted, "mallory"), "wrong checksum": (damaged, "mallory"),
    "bomb": (honest_and(("mallory/adam/adam.ipynb", bytes(60_000_000))), "mallory"),
    "small bomb": (honest_and(("mallory/adam/adam.ipynb", bytes(6_000_000))), "mallory"),
    "lying bomb": (lying_bomb, "mallory"),
    "bzip2": (with_method(zipfile.ZIP_BZIP2), "mallory"), "lzma": (with_method(zipfile.ZIP_LZMA), "mallory"),
    "nested": (nested, "mallory"), "nested on top": (honest_and(("mallory.zip", b"PK")), "mallory"),
    "twice": (honest_and(("mallory/adam/adam.ipynb", NB), ("mallory/adam/adam.ipynb", OTHER)), "mallory"),
    "two places": (honest_and(("mallory/adam.ipynb", NB), ("mallory/adam/adam.ipynb", OTHER)), "mallory"),
    "twice on Canvas": (honest_and(("mallory_1_2_adam.ipynb", NB), ("mallory_1_2_adam-1.ipynb", NB)), "mallory"),
    "upper and lower case": (honest_and(("mallory/adam.ipynb", NB), ("Mallory/adam.ipynb", OTHER)), "allory"),
    "file and folder": (honest_and(("mallory/adam.ipynb", NB), ("mallory.ipynb", OTHER)), "mallory"),
    "as another": (honest_and(("mallory_1_2_ada_3_4_adam.ipynb", NB)), "mallory"),
    "no name": (honest_and(("adam.ipynb", NB)), "adam.ipynb"),
    "control characters": (honest_and(("mal\x1b[31mlory\n/adam/adam.ipynb", NB)), "mal\\x1b[31mlory\\n"),
    "long name": (honest_and((f"{A}/adam/adam.ipynb", NB)), "aaa"),
    "more bytes than a disk takes": (honest_and(("\U00020000" * 64 + ".ipynb", NB)), "\U00020000"),
    "long file name": (honest_and((f"mallory/{A}.ipynb", NB), (f"mallory/{A}2.ipynb", NB)), "mallory"),
    "long numbers": (honest_and((f"mallory_{'1' * 9000}_{'2' * 9000}_adam.ipynb", NB)), "mallory"),
    "hidden": (honest_and((".mallory/adam.ipynb", NB)), ".mallory"),
    "many files": (honest_and(*((f"mallory/adam/{n}.txt", b"") for n in range(3000))), "mallory"),
    "two others": (honest_and(("mallory/a.ipynb", NB), ("mallory/b.ipynb", NB)), "mallory"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("made", ZIPS)
def test_an_attempt_in_a_zip_is_named_and_the_others_arrive(tmp_path, submitted, made):
    make, named = ZIPS[made]
    before = {p.name for p in tmp_path.iterdir()}
    lines = collect(make(tmp_path / "evil.zip"), submitted, "adam", ["adam"])
    assert arrived(submitted) == {"ada/adam/adam.ipynb": NB}
    assert lines and all(named in line for line in lines) and one_line(lines)
    assert {p.name for p in tmp_path.iterdir()} <= before | {"evil.zip", "evil.inner", "course"}


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06 no", "cut", None], ids=str)
def test_a_source_that_is_none_is_one_line(tmp_path, submitted, content):
    path = tmp_path / "evil.zip"
    if content == "cut":
        content = zip_of(path, {"ada/adam.ipynb": NB}).read_bytes()[:-30]
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unusable, match=r"evil.zip: .*(zip|folder)") as refused:
        collect(path, submitted, "adam", ["adam"])
    assert "\n" not in str(refused.value) and not submitted.exists()


@pytest.mark.parametrize("byte", [0, 255])
def test_whichever_byte_of_a_zip_is_wrong_a_person_is_told_in_plain_words(tmp_path, submitted, byte):
    good = honest_and(("ä/adam.ipynb", OTHER))(tmp_path / "x.zip").read_bytes()
    for at in range(len(good)):
        (tmp_path / "x.zip").write_bytes(good[:at] + bytes([byte]) + good[at + 1:])
        try:
            lines = collect(tmp_path / "x.zip", submitted, "adam", ["adam"])
        except Unusable as error:
            lines = [str(error)]
        assert one_line(lines) and not any(FORBIDDEN.search(line.replace(str(tmp_path), "")) for line in lines), (at, lines)


def test_a_zip_unpacks_to_so_much_in_all(tmp_path, submitted, monkeypatch):
    monkeypatch.setattr(submissions, "MOST_IN_ALL", 100)
    source = zip_of(tmp_path / "x.zip", {f"s{n}.ipynb": bytes(60) for n in range(5)})
    with pytest.raises(Unusable, match="collect it in parts"):
        collect(source, submitted, "adam", ["adam"])
    assert len(arrived(submitted)) == 2


def test_a_large_honest_notebook_arrives(tmp_path, submitted):
    rng = os.urandom(6_000_000)
    assert collect(zip_of(tmp_path / "x.zip", {"ada.ipynb": rng}), submitted, "adam", ["adam"]) == []
    assert arrived(submitted) == {"ada/adam/adam.ipynb": rng}


@posix
@pytest.mark.parametrize("attempt", [link_to_file, hard_link, os.mkfifo, bound_socket, sparse])
def test_an_attempt_in_a_folder_is_named_and_the_others_arrive(tmp_path, submitted, attempt):
    source = folder_of(tmp_path / "source", {"ada/adam.ipynb": NB, "mallory/adam/numpy.py": b""})
    attempt(source / "mallory/adam/adam.ipynb")
    lines = collect(source, submitted, "adam", ["adam"])
    assert arrived(submitted) == {"ada/adam/adam.ipynb": NB}
    assert len(lines) == 1 and lines[0].startswith("mallory: ") and one_line(lines)


@posix
@pytest.mark.parametrize("link", ["mallory", "mallory/adam", "mallory.ipynb"])
def test_linked_folders_are_not_entered(tmp_path, submitted, link):
    source = folder_of(tmp_path / "source", {"ada/adam/adam.ipynb": NB})
    (source / link).parent.mkdir(exist_ok=True)
    (source / link).symlink_to(tmp_path / "source/ada/adam")
    lines = collect(source, submitted, "adam", ["adam"])
    assert arrived(submitted) == {"ada/adam/adam.ipynb": NB}
    assert len(lines) == 1 and lines[0].startswith("mallory")


def test_what_lies_beside_is_neither_copied_nor_told(tmp_path, submitted):
    beside = ["ada/numpy.py", "ada/adam/utils.py", "ada/adam/.ipynb_checkpoints/adam-checkpoint.ipynb", "ada/sub/x/y/adam.ipynb",
              "ada/._adam.ipynb", "ada/timestamp.txt", ".DS_Store", "__MACOSX/ada/._adam.ipynb",
              ".ipynb_checkpoints/ada-checkpoint.ipynb", "ada/other/other.ipynb"]
    for n, kind in enumerate((folder_of, zip_of)):
        source = kind(tmp_path / f"source{n}", {"ada/adam/work.ipynb": NB, **dict.fromkeys(beside, b"x")})
        assert collect(source, submitted, "adam", ["adam"]) == []
        assert arrived(submitted) == {"ada/adam/adam.ipynb": NB}


def test_nothing_is_written_through_a_link_in_submitted(tmp_path, submitted):
    if sys.platform == "win32":
        pytest.skip("making a link is a privilege there")
    outside = tmp_path / "outside"
    put(outside / "adam/adam.ipynb", OTHER)
    (submitted / "eve").mkdir(parents=True)
    (submitted / "mallory").symlink_to(outside, target_is_directory=True)
    (submitted / "eve/adam").symlink_to(outside / "adam", target_is_directory=True)
    put(submitted / "oscar/adam/adam.ipynb/x")
    put(submitted / "trudy/adam")
    (submitted / "zoe/adam").mkdir(parents=True)
    (submitted / "zoe/adam/adam.ipynb").symlink_to(outside / "adam/adam.ipynb")
    source = zip_of(tmp_path / "x.zip", {f"{s}.ipynb": NB for s in ("mallory", "eve", "oscar", "trudy", "zoe")})
    lines = collect(source, submitted, "adam", ["adam"])
    assert [line.split(":")[0] for line in lines] == ["eve", "mallory", "oscar", "trudy", "zoe"]
    assert (outside / "adam/adam.ipynb").read_bytes() == OTHER  # zoe's link is replaced, not followed
    assert (submitted / "zoe/adam/adam.ipynb").read_bytes() == NB


# --- what is there already -------------------------------------------------------------


def test_the_same_again_touches_nothing(tmp_path, submitted):
    for source in (folder_of(tmp_path / "f", {"ada.ipynb": NB}), zip_of(tmp_path / "z.zip", {"bob_1_2_adam.ipynb": NB})):
        collect(source, submitted, "adam", ["adam"])
    paths = [*submitted.rglob("*"), submitted.parent / ".optimlab/lms.json"]
    before = [(p.stat().st_mtime_ns, p.stat().st_ino) for p in paths]
    for source in (tmp_path / "f", tmp_path / "z.zip"):
        os.utime(source / "ada.ipynb" if source.is_dir() else source)
        assert collect(source, submitted, "adam", ["adam"]) == []
    assert [(p.stat().st_mtime_ns, p.stat().st_ino) for p in paths] == before


def at(path, when):
    os.utime(path, (when, when))
    return path.parent


@pytest.mark.parametrize("source, says, there", [
    (lambda d: at(put(d / "f/ada.ipynb", OTHER), 2_000), "replaced by a newer one", OTHER),
    (lambda d: at(put(d / "f/ada.ipynb", OTHER), 500), "is older than the one", NB),
    (lambda d: at(put(d / "f/ada.ipynb", b" \n"), 2_000), "is empty", NB),
    (lambda d: zip_of(d / "z", {"ada.ipynb": OTHER}), "replaced by a newer one", OTHER),
    (lambda d: zip_of(d / "z", {"ada.ipynb": b""}), "is empty", NB),
    (lambda d: zip_of(d / "z", {"ada.ipynb": bytes(6_000_000)}), "unpacks to more", NB),
], ids=["newer file", "older file", "empty file", "zip", "empty in a zip", "refused in a zip"])
def test_only_the_newer_replaces_and_a_line_says_so(tmp_path, submitted, source, says, there):
    collect(at(put(tmp_path / "first/ada.ipynb"), 1_000), submitted, "adam", ["adam"])
    [line] = collect(source(tmp_path), submitted, "adam", ["adam"])
    assert line.startswith("ada: ") and says in line
    assert arrived(submitted) == {"ada/adam/adam.ipynb": there}


def test_canvas_counts_its_uploads(tmp_path, submitted):
    """An older zip that is collected by mistake takes nothing away."""
    monday = zip_of(tmp_path / "mon.zip", {"doejane_1_10_adam.ipynb": OTHER})
    tuesday = zip_of(tmp_path / "tue.zip", {"doejane_LATE_1_20_adam-1.ipynb": NB})
    assert [collect(z, submitted, "adam", ["adam"]) for z in (monday, tuesday, monday, tuesday)] == [
        [], ["doejane: adam.ipynb is replaced by a newer one"],
        ["doejane: adam.ipynb is older than the one in submitted/, which is kept"], []]
    assert arrived(submitted) == {"doejane/adam/adam.ipynb": NB}


@posix
def test_a_student_who_is_there_in_other_case_is_told(tmp_path, submitted):
    put(submitted / "Ada/adam/adam.ipynb", OTHER)
    [line] = collect(zip_of(tmp_path / "x.zip", {"ada.ipynb": NB}), submitted, "adam", ["adam"])
    assert line.startswith("ada: there is Ada") and arrived(submitted) == {"Ada/adam/adam.ipynb": OTHER}


def test_what_is_collected_is_found(tmp_path, submitted):
    collect(zip_of(tmp_path / "x.zip", {name: NB for name, _ in NAMES[3:4] + NAMES[7:9]}), submitted, "adam", ["adam"])
    found, refused = find(submitted, "adam", ["adam"])
    assert ([s.student for s in found], refused) == (["Jane-Doe_123", "doejane", "李雷"], [])


@pytest.mark.slow
def test_two_thousand_are_collected_in_seconds(tmp_path, submitted):
    source = zip_of(tmp_path / "x.zip", {f"student{n}_{n}_{n}_adam.ipynb": NB for n in range(2000)})
    with hang_guard():
        assert collect(source, submitted, "adam", ["adam"]) == []
        assert len(find(submitted, "adam", ["adam"])[0]) == 2000


# --- text ------------------------------------------------------------------------------


@pytest.mark.parametrize("text, is_shown", [
    ("plain é 李", "plain é 李"), (B, "\\x1b[31mred\\x07"), ("a\r\nb\u2028", "a\\r\\nb\\u2028"),
    ("\u202eexe.txt\u2066\ufeff\u200b", "\\u202eexe.txt\\u2066\\ufeff\\u200b"), ("\x9b31m\x7f", "\\x9b31m\\x7f"),
    (os.fsdecode(b"\xff") if sys.platform != "win32" else "\udcff", "\\udcff"), (ValueError("x\n"), "x\\n"),
    ("b" * 10_000, "b" * 200 + "..."), ("\U000e0001", "\\U000e0001"),
], ids=lambda text: ascii(text)[:20])
def test_text_is_inert(text, is_shown):
    assert shown(text) == is_shown
    shown(text).encode()
