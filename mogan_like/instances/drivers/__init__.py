"""Instance drivers: the contract in base, one module or group per driver."""
