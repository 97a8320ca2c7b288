"""Steps of leases by the clock: begun and finished in batches, called in parallel."""
