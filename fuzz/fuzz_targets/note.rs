//! Signed notes, checkpoints and the keys of both, as they come from others: `bodies::note` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("note"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::note(bytes);
});
