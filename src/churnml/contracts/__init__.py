"""What crosses a stage: the canonical tables, the panel, the predictions, the lists."""
