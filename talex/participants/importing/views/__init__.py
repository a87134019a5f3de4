"""Pages of imports: thin; what is read is in `queries`, what is written in `services`."""
