"""Tests of the provider's twin, through the same transport that the client uses."""
