"""From checked files to videos at home, for every way in: what is wanted, who pays, what came of it; no terminal."""
