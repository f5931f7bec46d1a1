"""Text out of pictures of pages: where the lines are, which way up they stand, what they say."""
