"""nbgrader's gradebook, and the table of grades made from it."""
