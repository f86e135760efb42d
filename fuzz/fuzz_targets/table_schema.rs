//! Table Schemas that say how a dataset is built, as they come from others: `bodies::table_schema` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("table_schema"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::table_schema(bytes);
});
