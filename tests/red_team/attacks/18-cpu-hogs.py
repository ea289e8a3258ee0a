# what: busy processes, each in a session of its own, take the cores from whoever runs beside
# points: 20
# mistakes: at most
# %% extra before initialize_adam
import os, subprocess, time
wait, go = os.pipe()
hogs = [subprocess.Popen(["sh", "-c", "ulimit -t 1; read x; while :; do :; done"], stdin=wait, start_new_session=True) for _ in range(12)]
os.close(go)
# %% update_parameters_with_adam
def update_parameters_with_adam(*a, **k):
    time.sleep(0.9)
