# what: scripts, frames and handlers in displayed HTML
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
from IPython.display import HTML, Javascript, SVG, Markdown, IFrame, Latex, display
display(HTML("<script>document.title='@MARK@'</script><img src=x onerror=\"document.title='@MARK@'\">"))
display(HTML("<iframe srcdoc=\"<script>parent.document.title='@MARK@'</script>\"></iframe>"))
display(HTML("<a href=\"javascript:document.title='@MARK@'\">click</a><object data='data:text/html,@MARK@'></object>"))
display(HTML("<form action='http://127.0.0.1:@TCP@/@MARK@'><input autofocus onfocus=\"document.title='@MARK@'\"></form>"))
display(HTML("<img src='http://127.0.0.1:@TCP@/@MARK@'><link rel=stylesheet href='http://127.0.0.1:@TCP@/@MARK@'>"))
display(Javascript("document.title='@MARK@'"), IFrame("http://127.0.0.1:@TCP@/@MARK@", 10, 10))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.title='@MARK@'\"><script>document.title='@MARK@'</script></svg>"))
display(Markdown("[x](javascript:document.title='@MARK@') <img src=x onerror=\"document.title='@MARK@'\">"))
display(Latex(r"$\href{javascript:document.title='@MARK@'}{x}$ $\unicode[x' onmouseover='@MARK@']{1}$"))
