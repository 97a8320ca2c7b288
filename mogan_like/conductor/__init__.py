"""The only writer: RPC server and the loop of due work."""
