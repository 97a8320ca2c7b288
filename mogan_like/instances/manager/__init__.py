"""The RPC methods of the conductor, a manager for each noun."""
