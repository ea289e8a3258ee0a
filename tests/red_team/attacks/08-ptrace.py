# what: attaches to its parent and to process 1 with ptrace and writes into them
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
PTRACE_ATTACH, PTRACE_SEIZE = 16, 0x4206
for process in {1, os.getppid()}:
    for request in (PTRACE_ATTACH, PTRACE_SEIZE):
        if libc.ptrace(request, process, None, None) == 0:
            won("attached to", process)
        print(os.strerror(ctypes.get_errno()))
