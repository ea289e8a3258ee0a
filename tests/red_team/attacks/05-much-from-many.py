# what: cells that die one after the other, each after it has sent 50 MB in the names of those that follow
# points: 20
# mistakes: flag: run, at most
# %% extra before initialize_adam
#: inside
def flood(here):
    from optimlab.classroom.sandbox import frames
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * 100_000}] * 120
    for number, source in here["bundle"].head["cells"]:
        if number >= here["number"]:
            frames.write(here["out"], {"kind": "outputs", "number": number, "outputs": outputs})
    os._exit(0)
# %% extra after update_parameters_with_adam
flood(inside())
# %% extra after update_parameters_with_adam
flood(inside())
# %% extra after update_parameters_with_adam
flood(inside())
# %% extra after update_parameters_with_adam
flood(inside())
# %% extra after update_parameters_with_adam
flood(inside())
# %% extra after update_parameters_with_adam
flood(inside())
