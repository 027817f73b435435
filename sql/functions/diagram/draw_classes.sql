create or replace function automation_private.draw_classes()
returns text
language sql
immutable
return concat_ws(
    e'\n',
    '    classDef completed fill:#d3f2d8,stroke:#2f8a45,color:#10381a',
    '    classDef running fill:#d4e6ff,stroke:#2a6ac2,color:#0d2c55',
    '    classDef waiting fill:#fff1c9,stroke:#b98900,color:#4a3700',
    '    classDef failed fill:#ffd9d6,stroke:#c23a2e,color:#561410',
    '    classDef skipped fill:#ececec,stroke:#8a8a8a,color:#404040,stroke-dasharray:4',
    '    classDef cancelled fill:#e6dff0,stroke:#75589c,color:#33234a',
    '    classDef unreached fill:#ffffff,stroke:#c4c4c4,color:#8a8a8a'
);

comment on function automation_private.draw_classes() is
    'How the states of steps look.';
