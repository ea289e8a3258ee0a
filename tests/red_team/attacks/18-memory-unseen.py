# what: shared memory without a file, touched and then let go, so that no process seems to hold it
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import ctypes, mmap
libc = ctypes.CDLL(None, use_errno=True)
kept, size = [], 300_000_000
zero = open("/dev/zero", "r+b")
for file, flags in ((-1, mmap.MAP_SHARED), (-1, 0x3), (zero.fileno(), mmap.MAP_SHARED)):
    try:
        while len(kept) * size < 2_600_000_000:
            memory = mmap.mmap(file, size, flags=flags)
            for at in range(0, size, 4096):
                memory[at] = 1
            memory.madvise(mmap.MADV_DONTNEED)
            kept.append(memory)
        won("holds", len(kept) * size)
    except (OSError, ValueError) as error:
        print(error)
