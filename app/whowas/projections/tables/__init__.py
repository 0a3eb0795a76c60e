"""The tables of the read model, and the projector that folds events into them."""
