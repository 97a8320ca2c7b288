"""The commands: ``openstack baremetalcompute``."""
