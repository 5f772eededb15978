"""The local pages that show open decisions and write the tables that people maintain; a folder a page."""
