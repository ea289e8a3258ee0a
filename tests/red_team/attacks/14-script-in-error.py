# what: scripts in an error's text and class, which the feedback quotes
# points: 0
# mistakes: raises
# %% extra before initialize_adam
class Error(Exception):
    pass

Error.__name__ = "<script>document.title='@MARK@'</script>"
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    raise Error("<img src=x onerror=\"document.title='@MARK@'\"></script><script>document.title='@MARK@'</script>")
# %% update_parameters_with_adam
raise Error("<iframe src=\"javascript:parent.document.title='@MARK@'\"></iframe>")
