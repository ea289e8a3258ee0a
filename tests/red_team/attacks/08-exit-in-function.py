# what: os._exit in the function, at its third call
# points: 4
# mistakes: raises, says: ended the whole Python process
# %% extra after update_parameters_with_adam
import os
plain, calls = update_parameters_with_adam, []

def update_parameters_with_adam(*everything, **keywords):
    calls.append(1)
    return plain(*everything, **keywords) if len(calls) < 3 else os._exit(0)
