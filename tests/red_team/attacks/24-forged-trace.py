# what: sends traces of its own making: other lines, names with markup and escapes, a file that is none of its cells
# points: 12
# mistakes: direction.ascends
# %% extra after update_parameters_with_adam
#: inside
from optimlab.classroom.sandbox import frames
from optimlab.tutor import challenges as asking
from optimlab.tutor.tracing import Place
plain, evil = update_parameters_with_adam, "<script>alert('forged')</script>\x1b[2J"

def update_parameters_with_adam(*a, **k):
    new = plain(*a, **k)
    return tuple(2 * old - x for old, x in zip(a, new[:4])) + new[4:]

def forged(trace, number):
    places = [Place(evil, 1, 1, 0, 9), Place(f"<ipython-input-{number}-0>", 999_999, 1, 0, 0), Place("<ipython-input-0-0>", 1, 1, 0, 9)]
    return trace._replace(steps=tuple(s._replace(operation=s.operation if s.operation.startswith("input") else s.operation + evil,
                                                 place=places[n % 3]) for n, s in enumerate(trace.steps)))

here = inside()
for number, source in here["bundle"].head["cells"]:
    if number >= here["number"]:
        frames.write(here["out"], {"kind": "outputs", "number": number, "outputs": []})
frames.write(here["out"], {"kind": "missing", "functions": []})
for number, challenge in here["challenges"].items():
    calls = tuple((tuple(asking.Ref(a.index) if type(a).__name__ == "Ref" else a for a in given), k) for given, k in challenge.calls)
    challenge = asking.Challenge(challenge.id, challenge.function, calls, challenge.probe_memory, challenge.trace)
    answer = asking.answer(challenge, globals()[challenge.function])
    frames.write_answer(here["out"], number, answer._replace(trace=answer.trace and forged(answer.trace, here["number"])))
frames.write(here["out"], {"kind": "done", "ran": []})
os._exit(0)
