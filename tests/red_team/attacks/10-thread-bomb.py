# what: as many threads as it can
# points: 20
# mistakes: says: can't start new thread
# %% extra after update_parameters_with_adam
import threading, time
kept = []
while len(kept) < 5000:
    kept.append(threading.Thread(target=time.sleep, args=(1000,), daemon=True))
    kept[-1].start()
