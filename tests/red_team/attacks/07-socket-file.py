# what: a socket's file in the course and in the home
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import socket
for path in ("@HOME@/agent", "/proc/1/root@HOME@/agent"):
    try:
        s = socket.socket(socket.AF_UNIX)
        s.connect(path)
        s.send(b"@MARK@")
        won("connected")
    except OSError as error:
        print(error)
