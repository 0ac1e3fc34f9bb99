//! Text and JSON of advice.
