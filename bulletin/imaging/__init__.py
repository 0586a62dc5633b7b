"""Style, seed and key -> jingles: an ident, a headline bed, stings and a closing, composed and computed."""
