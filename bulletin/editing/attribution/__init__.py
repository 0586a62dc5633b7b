"""Attribution: the speaker comes first; quotations."""
