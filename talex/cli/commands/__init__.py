"""One module a subject; its `command` is what `talex <module name>` runs."""
