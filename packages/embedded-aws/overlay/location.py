"""URL of this server, for responses with links to it."""

base_url = "http://127.0.0.1:5000"
