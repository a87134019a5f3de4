"""Events for other systems by Standard Webhooks, a part of the room `messages`."""
