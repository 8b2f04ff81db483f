"""A Home Assistant to look at, with simulated devices."""
