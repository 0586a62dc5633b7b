"""Headlines: English word lists, forms, speakers and dependency trees of titles."""
