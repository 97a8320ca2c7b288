"""A public key that is one."""

PUBLIC = (
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKzWFyRUE2vDeSYoCEl/xdTGK/YzLMuhxlKDkBF5iuCb'
)
#: What is said of it, as ssh-keygen -l does.
FINGERPRINT = 'SHA256:TVsk68yc+nlV+77RjSrKohsGTfud9LzuiVyS75Y589w'
