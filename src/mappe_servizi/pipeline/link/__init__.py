"""The command ``mappe link``: lists of organisations in, links with their evidence out."""
