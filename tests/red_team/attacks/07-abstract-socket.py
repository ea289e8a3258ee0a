# what: an abstract socket, which needs no file and no address
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try:
        s = socket.socket(socket.AF_UNIX, kind)
        s.connect("\0@MARK@")
        s.send(b"@MARK@")
        won("connected")
    except OSError as error:
        print(error)
print(open("/proc/net/unix").read())
