# what: each call takes nearly as long as it may, all together for ever
# points: 20
# mistakes: flag: run, at most
# %% extra after update_parameters_with_adam
import time
plain = update_parameters_with_adam

def update_parameters_with_adam(*everything, **keywords):
    time.sleep(0.8)
    return plain(*everything, **keywords)
