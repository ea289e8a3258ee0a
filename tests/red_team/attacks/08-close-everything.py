# what: closes every descriptor, the one of the frames too
# points: 20
# mistakes: flag: run
# %% extra after update_parameters_with_adam
import os
os.closerange(0, 1024)
