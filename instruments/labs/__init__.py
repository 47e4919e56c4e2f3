"""Labs: instruments that train networks, a step at a time, while the reader watches, or show a trained one."""
