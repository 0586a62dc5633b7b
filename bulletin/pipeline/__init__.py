"""The pipeline: from feeds to a published bulletin, and changes to one that is out."""
