"""Measurements of this machine beside their baselines, in one run, as ratios."""
