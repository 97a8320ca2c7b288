"""The database: engine, migrations and claims on due work."""
