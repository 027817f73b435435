create or replace function automation_private.map_targets(
    p_steps automation_private.compiled_step[]
)
returns jsonb
language sql
immutable
begin atomic
    select coalesce(jsonb_object_agg(s.step_key, s.ordinality order by s.ordinality desc), '{}')
    from unnest(p_steps) with ordinality as s
    where s.step_key is not null;
end;

comment on function automation_private.map_targets(automation_private.compiled_step[]) is
    'The order of every step by its id, as an object; of two steps with one id the first counts.';
