# what: looks for what an earlier one left in the network, the terminals and the folders' times, then leaves it there (3 of 3)
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: won
import os, pty, socket
for name in ("tcp", "tcp6", "udp"):
    if (left := open(f"/proc/net/{name}").readlines()[1:]):
        won("found", name, left)
if "".join(line for line in open("/proc/net/dev") if "lo:" in line).split()[1] != "0":
    won("found that something was sent")
if sorted(os.listdir("/dev/pts")) != ["ptmx"] or os.stat("/dev/pts").st_mode & 0o777 == 0o711:
    won("found a terminal")
if any(1000 == os.stat(folder).st_atime for folder in ("/scratch", "/dev/shm", "/dev/pts", "/dev/pts/ptmx")):
    won("found a time")
with socket.create_server(("127.0.0.1", 4000 + 3)) as server:
    client = socket.create_connection(("127.0.0.1", 4000 + 3))
    server.accept()[0].close()
    client.close()
pty.openpty()
for folder in ("/scratch", "/dev/shm", "/dev/pts/ptmx", "/dev/pts"):
    try:
        os.utime(folder, (1000, 1000))
        folder == "/dev/pts" and os.chmod(folder, 0o711)
    except OSError as error:
        print(error)
