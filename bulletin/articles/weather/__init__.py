"""Weather forecasts -> weather reports."""
