"""The OpenAPI surface that gathers each room's router."""
