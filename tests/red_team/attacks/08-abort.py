# what: abort, in the destructor of something that a cell leaves behind
# points: 20
# mistakes: at most, flagged
# %% extra after update_parameters_with_adam
import os

class Late:
    def __del__(self):
        os.abort()

late = Late()
# %% extra after update_parameters_with_adam
del late
