//! Compiles again when a built-in mapping changes, since they are embedded.

fn main() {
    println!("cargo:rerun-if-changed=../../mappings");
}
