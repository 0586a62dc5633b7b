"""Files for playouts, speakers and apps: newest bulletin under a fixed name, one sound for each story, Flash Briefing."""
