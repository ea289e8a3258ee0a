"""What comes in: who handed in what, read as from strangers."""
