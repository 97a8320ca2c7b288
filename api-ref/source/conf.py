"""How the API reference is built."""

from pathlib import Path
import sys

from mogan_like.api import versions

sys.path.insert(0, str(Path(__file__).parents[1] / 'ext'))

project = 'mogan-like API reference'
copyright = 'mogan-like developers'
extensions = ['openstackdocstheme', 'os_api_ref', 'from_code']
root_doc = 'index'
html_theme = 'openstackdocs'
html_theme_options = {'sidebar_mode': 'toc'}
openstackdocs_auto_name = False
openstackdocs_auto_version = False
os_api_ref_min_microversion = versions.MIN_TEXT
os_api_ref_max_microversion = versions.MAX_TEXT
