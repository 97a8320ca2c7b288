"""Words every domain uses; knows no domain."""
