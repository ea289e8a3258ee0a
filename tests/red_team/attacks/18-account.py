# what: what the kernel counts for a whole account: watches, asynchronous input, timers, leases
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import ctypes, fcntl, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.inotify_init() >= 0 or libc.inotify_init1(0) >= 0:
    won("watches")
context = ctypes.c_void_p()
if not libc.syscall({"x86_64": 206, "aarch64": 0}[__import__("os").uname().machine], 1000, ctypes.byref(context)):
    won("asynchronous input")
timers, timer = 0, ctypes.c_void_p()
while timers < 20_000 and not libc.timer_create(0, None, ctypes.byref(timer)):
    timers += 1
if timers > 1000:
    won("timers", timers)
for command, value in ((fcntl.F_SETLEASE, fcntl.F_RDLCK), (fcntl.F_SETLEASE, fcntl.F_WRLCK), (fcntl.F_NOTIFY, 1)):
    try:
        fcntl.fcntl(open(np.__file__) if command == fcntl.F_SETLEASE else __import__("os").open(sys.prefix, 0), command, value)
        won("leases", command)
    except OSError as error:
        print(error)
