"""Who looked at a person's data: kept a row a day and way of looking, shown to the person."""
