"""Rules of our own about the source: what no line may do, whoever writes it."""
