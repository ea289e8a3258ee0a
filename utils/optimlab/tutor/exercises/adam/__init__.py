"""The two functions of the Adam assignment."""
