create or replace function automation_private.condition_operators()
returns jsonb
language sql immutable
return '{
    "aliases": {
        "=": "eq", "==": "eq", "===": "eq", "equal": "eq", "equals": "eq",
        "!=": "neq", "<>": "neq", "!==": "neq", "ne": "neq", "not_equal": "neq",
        "not_equals": "neq", "not_eq": "neq",
        "<": "lt", "less_than": "lt", "below": "lt",
        "<=": "lte", "le": "lte", "less_than_or_equal": "lte", "less_or_equal": "lte",
        ">": "gt", "greater_than": "gt", "above": "gt",
        ">=": "gte", "ge": "gte", "greater_than_or_equal": "gte", "greater_or_equal": "gte",
        "one_of": "in", "none_of": "not_in",
        "includes": "contains", "does_not_contain": "not_contains", "not_includes": "not_contains",
        "begins_with": "starts_with", "regex": "matches", "not_regex": "not_matches",
        "exists": "is_set", "is_not_null": "is_set", "not_exists": "is_not_set",
        "is_null": "is_not_set", "empty": "is_empty", "not_empty": "is_not_empty",
        "changed_by": "changes_by", "changes_by_pct": "change_pct"
    },
    "shapes": {
        "eq": "scalar", "neq": "scalar", "changed_to": "scalar", "changed_from": "scalar",
        "lt": "order", "lte": "order", "gt": "order", "gte": "order",
        "between": "range", "not_between": "range", "in": "list", "not_in": "list",
        "contains": "needle", "not_contains": "needle", "contains_any": "needles",
        "not_contains_any": "needles", "contains_all": "needles",
        "starts_with": "text", "not_starts_with": "text", "ends_with": "text",
        "not_ends_with": "text", "matches": "pattern", "not_matches": "pattern",
        "length_eq": "count", "length_lt": "count", "length_lte": "count", "length_gt": "count",
        "length_gte": "count",
        "is_set": "none", "is_not_set": "none", "is_empty": "none", "is_not_empty": "none",
        "is_true": "none", "is_false": "none", "is_business_day": "none", "is_anniversary": "none",
        "before": "instant", "after": "instant", "on": "instant", "on_or_before": "instant",
        "on_or_after": "instant",
        "within_last": "duration", "not_within_last": "duration", "within_next": "duration",
        "older_than": "duration", "day_of_week": "days", "time_between": "times",
        "changed": "change", "increased_by": "amount", "decreased_by": "amount",
        "increased_by_pct": "amount", "decreased_by_pct": "amount",
        "changes_by": "amount", "change_pct": "amount"
    },
    "complements": {
        "neq": "eq", "not_between": "between", "not_in": "in", "not_contains": "contains",
        "not_contains_any": "contains_any", "not_starts_with": "starts_with",
        "not_ends_with": "ends_with", "not_matches": "matches", "is_not_set": "is_set",
        "is_not_empty": "is_empty", "not_within_last": "within_last"
    }
}'::jsonb;

comment on function automation_private.condition_operators() is
'Every operator of a condition: the other names it is known by (aliases), what its value looks like
(shapes), and for negative ones the operator they are the exact complement of (complements).';
