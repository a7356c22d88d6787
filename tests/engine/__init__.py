"""Tests of the engine, through its public functions and its command."""
