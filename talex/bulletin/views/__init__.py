"""Pages of figures, of the records behind them, of snapshots and of bulletins."""
