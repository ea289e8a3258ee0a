# what: asks the name service, and the cache daemon's socket
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import os, socket
for name in ("localhost.localdomain", "host.docker.internal", "@MARK@.invalid"):
    try:
        print(name, socket.getaddrinfo(name, 80))
    except OSError as error:
        print(error)
for path in ("/run/nscd/socket", "/run/systemd/resolve/io.systemd.Resolve", "/run/dbus/system_bus_socket", "/run/docker.sock"):
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        won("connected to", path)
    except OSError as error:
        print(error)
