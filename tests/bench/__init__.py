"""What measures the speed still measures what it says; how fast it is stands in no test."""
