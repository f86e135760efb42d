//! What was given, when it is wrong: a closed list. Each field has words for who is at the command line, and its place in the API.

/// Declares the closed list once: name, words, and place in the API; none for what only the command line gives.
macro_rules! fields {
    ($($name:ident $words:literal $(at $place:literal)?),+ $(,)?) => {
        /// Something that was given.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field {
            $(
                #[doc = concat!("`", $words, "`", $(" at `", $place, "`", )? ".")]
                $name,
            )+
        }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Field] = &[$(Field::$name),+];

            /// What it is called at the command line.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {
                    $(Field::$name => $words,)+
                }
            }

            /// Where it stands in the API: a JSON Pointer (RFC 6901) into the body, or the name of a query key or part of the address; none
            /// for what no call gives.
            #[must_use]
            pub fn place(self) -> Option<&'static str> {
                match self {
                    $(Field::$name => [$(Some($place),)? None].into_iter().next().flatten(),)+
                }
            }
        }
    };
}

fields! {
    After "after" at "after",
    Amendment "the amendment" at "",
    Applicant "applicant" at "/applicant",
    At "at" at "/at",
    Audience "audience" at "/audience",
    Authority "--authority",
    Channel "channel" at "/channel",
    Checked "--checked" at "/checked",
    Colleague "person" at "person",
    Column "--column" at "column",
    Columns "columns" at "/columns",
    Completion "completion" at "/completion",
    Cosignatures "the cosignatures",
    Data "data" at "/data",
    Dataset "dataset" at "/dataset",
    Days "--days" at "/step/intend",
    Deal "deal" at "/deal",
    Declared "declared" at "/declared",
    Declined "declined" at "/declined",
    Directory "--data",
    Document "the evidence" at "",
    Edition "edition" at "/edition",
    Evidence "evidence" at "/evidence",
    Fact "fact" at "/fact",
    File "the file",
    From "--from",
    Function "function" at "/function",
    Import "the dataset",
    Kind "--kind",
    Label "label" at "/label",
    Level "level" at "/scope/level",
    Mail "mail" at "/mail",
    Mandate "the mandate",
    MandateDataset "--dataset",
    Measures "measures" at "/measures",
    Name "--name" at "/name",
    Nature "nature" at "/nature",
    Obligation "obligation" at "/obligation",
    Origin "--origin",
    Outcome "outcome" at "/outcome",
    Period "the period" at "from",
    Person "person" at "/person",
    Proof "proof" at "/proof",
    Purpose "purpose" at "/purpose",
    Reason "--reason" at "/reason",
    Reasons "reasons" at "/reasons",
    ReceivedAt "receivedAt" at "/receivedAt",
    Request "request" at "/request",
    Roles "roles" at "/roles",
    Routes "routes" at "/routes",
    ScopeColumns "columns" at "/scope/columns",
    Server "server" at "/server",
    Set "the set",
    Signed "the signed acceptance" at "/signed",
    Sizes "the sizes",
    Statement "statement" at "/statement",
    Terms "terms" at "/terms",
    To "to" at "/to",
    Until "--until" at "/until",
    Url "url" at "/url",
    Use "--use",
    User "user" at "/user",
    Value "value" at "/value",
    View "view" at "/text",
    Words "the words" at "q",
}
