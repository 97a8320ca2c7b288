"""The library: what the service has, as openstacksdk's proxy and resources."""
