"""Speed and quality, measured on this machine beside their baselines."""
