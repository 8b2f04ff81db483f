"""Browser tests: all five integrations as a user meets them."""
