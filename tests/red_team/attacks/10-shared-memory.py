# what: System V shared memory: touched, then let go, so that no process seems to hold it
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
total, size = 0, 200_000_000
while total < 2_600_000_000:
    number = libc.shmget(0, size, 0o1666)
    address = libc.shmat(number, None, 0)
    if number < 0 or address in (None, 2**64 - 1):
        raise MemoryError(number)
    ctypes.memset(address, 1, size)
    libc.shmdt(ctypes.c_void_p(address))
    total += size
won("holds", total)
