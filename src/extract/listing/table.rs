//! Lists that are tables: the link is a number or a word, the title stands in another cell.
