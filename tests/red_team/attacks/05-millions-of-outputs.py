# what: two million outputs in one frame, as the runner would never send them
# points: 20
# mistakes: flag: rules, at most
# %% extra after update_parameters_with_adam
#: inside
from optimlab.classroom.sandbox import frames
here = inside()
write = frames.write

def much(stream, head, arrays=()):
    if head["kind"] == "outputs":
        head = {**head, "outputs": [{"output_type": "stream", "name": "x"}] * 200_000 + [{}] * 1_800_000}
    write(stream, head, arrays)

frames.write = much
