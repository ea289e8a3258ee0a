"""Where a student's code runs, and exactly what goes in there."""
