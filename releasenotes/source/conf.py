"""How the release notes are built."""

project = 'mogan-like Release Notes'
copyright = 'mogan-like developers'
extensions = ['openstackdocstheme', 'reno.sphinxext']
root_doc = 'index'
exclude_patterns = []
html_theme = 'openstackdocs'
# Nobody can be asked for the version of a moment: the notes say it themselves.
openstackdocs_auto_name = False
openstackdocs_auto_version = False
