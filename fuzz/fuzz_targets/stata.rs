#![no_main]
libfuzzer_sys::fuzz_target!(init: evidence::fuzzing::init(), |bytes: &[u8]| {
    evidence::fuzzing::stata(bytes);
});
