"""Where the rows come from: table contracts, readers, mapping, the sample world."""
