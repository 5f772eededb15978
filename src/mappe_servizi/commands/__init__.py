"""The commands of ``mappe``, one module a group."""
