//! Question banks: browsed and searched by the staff, improved by proposals, practised on by anybody.
