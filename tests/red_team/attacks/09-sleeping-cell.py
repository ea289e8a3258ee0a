# what: a cell that sleeps for ever: stopped, the rest is graded
# points: 20
# mistakes: flag: run
# %% extra after initialize_adam
import time
while True:
    time.sleep(1000)
