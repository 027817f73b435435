create type automation_private.diagram_edge as (
    source int,
    target text,
    role text,
    way text,
    label text
);

comment on type automation_private.diagram_edge is
    'A line of a diagram: from a step, by its order, to a node, by its id.';
comment on column automation_private.diagram_edge.way is
    'What an activation of the step that left this way has as its branch; null: it has none.';
