# what: opens as many files, pipes and sockets as it can
# points: 20
# mistakes: at most
# %% extra after update_parameters_with_adam
import os
kept = []
while len(kept) < 100_000:
    kept.append(os.pipe())
