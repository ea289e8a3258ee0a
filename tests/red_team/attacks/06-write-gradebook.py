# what: opens the gradebook and gives itself full points
# points: 4
# mistakes: not_attempted, flagged
# %% extra after update_parameters_with_adam
#: won
import sqlite3
for path in ("@COURSE@/gradebook.db", "gradebook.db", "../../../gradebook.db"):
    try:
        with sqlite3.connect(f"file:{path}?mode=rw", uri=True) as book:
            book.execute("UPDATE grade SET manual_score = 20")
        won("wrote", path)
    except sqlite3.Error as error:
        print(error)
# %% update_parameters_with_adam
#: empty
