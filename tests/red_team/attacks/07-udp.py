# what: UDP to a listener on the host, which needs no answer
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
import socket
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"), (socket.AF_INET, "@ADDRESS@")):
    try:
        print(socket.socket(family, socket.SOCK_DGRAM).sendto(b"@MARK@", (host, @UDP@)))
    except OSError as error:
        print(host, error)
