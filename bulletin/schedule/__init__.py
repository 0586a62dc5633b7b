"""Schedule: slots of a station's clock, public holidays, time checks."""
