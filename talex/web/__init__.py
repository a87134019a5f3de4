"""The site's own pages: homes by role, addresses of every room, the WSGI entry."""
