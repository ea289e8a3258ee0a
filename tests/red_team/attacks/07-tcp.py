# what: TCP to a listener on the host, by every address that it could have
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import socket
for host in ("127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1", "0.0.0.0", "10.0.2.2", "172.17.0.1", "@ADDRESS@"):
    try:
        with socket.create_connection((host, @TCP@), timeout=0.2) as s:
            s.sendall(b"@MARK@")
        won("connected to", host)
    except OSError as error:
        print(host, error)
