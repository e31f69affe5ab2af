//! Compiles again when the built UI changes, since it is embedded.

fn main() {
    println!("cargo:rerun-if-changed=../../web/build");
}
