"""Speech servers: requests, time-outs, circuit breaker."""
