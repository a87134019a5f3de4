"""What this room lets be imported: talents and organisations. Rooms above register their own."""
