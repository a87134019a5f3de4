"""The shared face: layout, components, template tags, form rendering, lists, charts, exports."""
