//! What a failing disk does at every operation: the program says so, and leaves what was published as it was.
