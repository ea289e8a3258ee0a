# what: lowers the limits of process 1, from which the next submissions come: prlimit, affinity, nice, idle
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import os, resource
for process in {1, os.getppid()}:
    for name in ("NPROC", "FSIZE", "NOFILE", "CPU", "STACK", "AS", "DATA"):
        try:
            resource.prlimit(process, getattr(resource, f"RLIMIT_{name}"), (1, 1))
            won("lowered", name, "of", process)
        except (OSError, ValueError) as error:
            print(name, error)
    for attempt in (lambda: os.setpriority(os.PRIO_PROCESS, process, 19),
                    lambda: os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))):
        try:
            attempt()
            won("slowed", process)
        except OSError as error:
            print(error)
