"""From a notebook to points: what is run, asked, judged and flagged."""
