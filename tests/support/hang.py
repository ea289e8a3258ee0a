"""Nothing that a test waits for goes on for ever."""
import contextlib
import signal

ENOUGH = 120  # seconds: what takes a second where it is right, on however busy a machine; hours where it is not


@contextlib.contextmanager
def hang_guard(seconds=ENOUGH):
    """Fail the test where it does not come to an end; Windows has no such alarm, and so no guard."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def hangs(*_):
        raise AssertionError(f"this hangs: it has not ended after {seconds} s")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
