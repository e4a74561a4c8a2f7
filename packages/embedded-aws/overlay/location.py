"""Where this server is reached, for answers that hold a link to it."""

base_url = "http://127.0.0.1:5000"
