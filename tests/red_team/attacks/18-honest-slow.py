# what: honest: a function of 0.008 s of a core, so 0.4 s for 50 steps in a row, beside one that takes the cores
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
import time
plain = update_parameters_with_adam

def update_parameters_with_adam(*everything, **keywords):
    began = time.process_time()
    while time.process_time() < began + 0.008:
        pass
    return plain(*everything, **keywords)
