"""Paper of the post: labels, receipts, customs forms and stickers as PDF, and as PNG for printers of receipts."""
