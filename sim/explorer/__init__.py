"""The explorer, what people see in a browser. The top layer: it holds no rule and no statistic, it shows."""
