"""The classroom: running a student's notebook apart from the grader, and grading what comes out."""
