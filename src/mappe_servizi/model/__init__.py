"""What everything else is written in terms of: the maintained tables and what their cells mean."""
