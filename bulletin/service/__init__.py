"""Service: stations kept on air by their clocks, monitored, and served over HTTP."""
