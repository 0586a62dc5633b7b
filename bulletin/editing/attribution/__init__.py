"""Attribution: who said it comes first; quotations."""
