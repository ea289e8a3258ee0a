# what: 75 kB of HTML whose long tags a browser opens again in every paragraph: 100 MB of page
# points: 20
# mistakes: says: more HTML than is shown here
# %% extra after update_parameters_with_adam
from IPython.display import HTML
opened = "".join(f'<b title="{n} {"x" * 1_900}">' for n in range(29))
HTML(opened + "<p>x" * 4_500)
