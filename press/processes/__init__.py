"""Other programs that the press starts: Node, processes that answer line by line, a web server of this machine only."""
