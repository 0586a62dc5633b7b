"""What headlines need of English: their tables, their forms, their speakers, their trees."""
