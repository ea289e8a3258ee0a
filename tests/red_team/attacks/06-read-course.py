# what: reads gradebook, solutions, settings and the other submissions
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: won
from pathlib import Path
for root in ("@COURSE@", "..", "../..", "../../.."):
    for pattern in ("gradebook.db*", "nbgrader_config.py", "solutions/*/*", "submitted/*/*/*", ".optimlab/*/*/*", "grades*.csv"):
        for path in Path(root).glob(pattern):
            try:
                won("read", path, path.read_bytes())
            except OSError as error:
                print(error)
