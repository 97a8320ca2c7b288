"""The authority of users who are not there, kept as Keystone trusts."""
