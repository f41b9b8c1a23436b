"""Parts of the explorer's pages: each draws one kind of result."""
