"""What the pages of stocks and flows show, made on the server."""
