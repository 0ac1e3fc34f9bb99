//! What the resolver makes of servers of every kind.

mod activate;
mod resolver;
mod zone;
