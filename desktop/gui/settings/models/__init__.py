"""The page of models: cards, the details beside them, and what is done with a model file."""
