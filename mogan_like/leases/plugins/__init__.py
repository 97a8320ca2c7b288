"""What a lease can hold, and what is done before it ends."""
