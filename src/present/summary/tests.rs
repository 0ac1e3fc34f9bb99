//! Views whose every form is compared whole, and one in which every text attacks.
