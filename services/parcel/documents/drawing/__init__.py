"""How documents are drawn, a file a document."""
