//! Answers to video questions.
