# what: the shell's own ways: curl, wget, /dev/tcp, ping, in the function too
# points: 4
# mistakes: flag: rules
# %% extra after initialize_adam
!curl -m 1 http://127.0.0.1:@TCP@/@MARK@
!timeout 1 bash -c 'echo @MARK@ > /dev/tcp/127.0.0.1/@TCP@'
import urllib.request, os
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return urllib.request.urlopen("http://127.0.0.1:@TCP@/@MARK@", timeout=0.3).read()
