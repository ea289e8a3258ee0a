# what: changes the devices, which may be the machine's own: rights, owner, times, attributes (to what they are already)
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: won
import os
for name in ("null", "zero", "full", "random", "urandom", "tty"):
    path = f"/dev/{name}"
    about, descriptor = os.stat(path), os.open(path, os.O_PATH)
    for change in (lambda at: os.chmod(at, about.st_mode & 0o777), lambda at: os.chown(at, about.st_uid, about.st_gid),
                   lambda at: os.utime(at, ns=(about.st_atime_ns, about.st_mtime_ns)),
                   lambda at: os.setxattr(at, "user.left", b"x"), os.unlink):
        for at in (path, f"/proc/self/fd/{descriptor}"):
            try:
                change(at)
                won("changed", at)
            except OSError as error:
                print(error)
