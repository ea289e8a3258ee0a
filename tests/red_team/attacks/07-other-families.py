# what: raw packets, netlink, vsock, bluetooth and the kernel's own keys and crypto
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import socket
for family, kind in ((socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_INET, socket.SOCK_RAW)):
    try:
        s = socket.socket(family, kind, 1 if family == socket.AF_INET else 3)
        s.sendto(b"@MARK@", ("127.0.0.1", @UDP@) if family == socket.AF_INET else ("eth0", 0))
        won("sent a raw packet")
    except (OSError, TypeError) as error:
        print(error)
for cid in (1, 2):
    try:
        s = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        s.settimeout(0.2)
        s.connect((cid, @TCP@))
        won("connected to the host's vsock")
    except OSError as error:
        print(error)
print(socket.if_nameindex())
