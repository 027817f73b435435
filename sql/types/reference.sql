create type automation_private.reference as (
    path text,
    reads text,
    error text
);

comment on type automation_private.reference is
'A resolved name: its jsonpath (text that begins with $), which part of the document it reads, or
the sentence that says why it cannot be read.';
