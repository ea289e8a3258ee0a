# what: cells that take long, then several that end the process: what came before would run again and again
# points: 20
# mistakes: flag: run, says: ended the whole Python process
# %% extra before initialize_adam
import os, time
time.sleep(2.5)
# %% extra before initialize_adam
time.sleep(1.5); os._exit(0)
# %% extra before initialize_adam
time.sleep(1.5); os._exit(0)
# %% extra before initialize_adam
time.sleep(1.5); os._exit(0)
