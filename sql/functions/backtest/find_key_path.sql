create or replace function automation_private.find_key_path(p_key jsonb)
returns text[]
language sql
immutable
return (
    select (p.path::text[])[3:]
    from (select p_key #>> '{bindings,expressions,0,values,0,0}' as path) as p
    where p.path like '{trigger,new,_%'
        and p_key -> 'bindings' = jsonb_build_object(
            'expressions', jsonb_build_array(jsonb_build_object(
                'values', jsonb_build_array(jsonb_build_array(
                    p.path, p_key #>> '{bindings,expressions,0,values,0,1}'
                ))
            ))
        )
);

comment on function automation_private.find_key_path(jsonb) is
    'Where in the new row a compiled key is, when it is a bare field; else null.';
