"""The course's exercises, one file each: data, and what is asked of it."""
