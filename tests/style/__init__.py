"""The checks of style find what they are for."""
