//! One question over all datasets: which could be used now, which after what, and which not.
//!
//! Datasets that no question can tell apart are one *class*: the same sets bind them, and whatever those read of a dataset has the same
//! value. A *unit* is one body of a condition with one choice of values of what it reads of a dataset or column; it is evaluated once, by
//! the reading that decides, and a class comes to what its units come to. When a fact changes only the units are evaluated anew
//! whose body names it. The index is made of what is in force and is never trusted: whatever is shown or asked for is decided afresh.
//!
//! | file | what it is |
//! |---|---|
//! | `bodies` | each distinct body once, and what it reads of a dataset |
//! | `index` | units and classes |
//! | `memory` | the last questions |
//! | `ask` | a question: units evaluated or remembered |
//! | `answers` | what each class comes to, and what is missing |
//! | `approvals` | which classes ask an approval, whoever comes |

mod answers;
mod approvals;
mod ask;
mod bodies;
mod index;
mod memory;

pub use answers::{Answers, Standing};
pub use approvals::Approvals;
pub use ask::Asking;
pub use index::{Builder, ClassId, Index, Kind, Read, ReadColumn, SetId};
