# what: frames of outputs, 4 MB each, 4 GB in all, to fill the memory of the trusted side
# points: 20
# mistakes: at most
# %% extra after update_parameters_with_adam
#: send
text = "x" * 4_000_000
for n in range(1000):
    send({"kind": "outputs", "number": n % 30, "outputs": [{"output_type": "stream", "name": "stdout", "text": text}]})
