//! The binary as its users run it, and rules that hold for the whole repository.

mod commands;
mod desk;
mod killed;
mod real;
mod rooms;
mod tidy;
mod wrong;
