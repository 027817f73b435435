create or replace aggregate automation_private.merge_objects(jsonb) (
    sfunc = jsonb_concat,
    stype = jsonb,
    initcond = '{}'
);

comment on aggregate automation_private.merge_objects(jsonb) is
    'Shallow merge of objects in the order given; later ones win. Nulls are passed over.';
