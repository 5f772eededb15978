"""The local page that shows open decisions about links and writes the tables that people maintain."""
