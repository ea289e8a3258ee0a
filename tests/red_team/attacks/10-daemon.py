# what: a daemon: two forks, a session of its own; it would write into whatever comes next
# points: 20
# mistakes: flagged, at most
# %% extra after update_parameters_with_adam
#: send
import signal, sys, time
if not os.fork():
    os.setsid()
    if not os.fork():
        for signum in range(1, 32):
            if signum not in (signal.SIGKILL, signal.SIGSTOP):
                signal.signal(signum, signal.SIG_IGN)
        open("/proc/self/comm", "w").write("@MARK@"[:15])
        for _ in range(600):
            time.sleep(0.5)
            send({"kind": "missing", "functions": ["initialize_adam", "update_parameters_with_adam"]})
            with open("/tmp/left-behind", "a") as file:
                file.write("@MARK@")
    os._exit(0)
os.wait()
