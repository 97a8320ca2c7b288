"""Stories that are played against the real Manila and against its emulator."""
