"""How the documentation is built."""

from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).parents[1] / 'ext'))

project = 'mogan-like'
copyright = 'mogan-like developers'
extensions = [
    'openstackdocstheme',
    'oslo_config.sphinxconfiggen',
    'oslo_config.sphinxext',
    'oslo_policy.sphinxext',
    'oslo_policy.sphinxpolicygen',
    'state_diagram',
]
root_doc = 'index'
pygments_style = 'native'
html_theme = 'openstackdocs'
html_static_path = ['_static']
# Written from the code at each build; nothing of it is kept in the repository.
config_generator_config_file = [
    ('../../etc/oslo-config-generator.conf', '_static/mogan_like')
]
policy_generator_config_file = [
    ('../../etc/oslo-policy-generator.conf', '_static/mogan_like')
]
# The pages speak of the code beside them: name and version would add nothing.
openstackdocs_auto_name = False
openstackdocs_auto_version = False
