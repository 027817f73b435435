"""Templates in settings: what they come to, what is refused, and that they stay data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

NOW = datetime(2026, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)
DOC: dict[str, Any] = {
    "trigger": {"type": "event", "new": {"post_id": 7}},
    "input": {"title": "Spring"},
    "vars": {
        "name": "Ann <b>",
        "lead": {"score": 80, "odd key": {"1": "one"}},
        "empty": None,
        "blank": "",
        "zero": 0,
        "no": False,
        "amount": 1234567.891,
        "text_number": " 12.50 ",
        "items": [{"name": "a", "tags": ["x"]}, {"name": "b"}, {}],
        "words": ["red", None, 7, True],
        "nested": [["x"]],
        "none": [],
        "day": "2026-03-29",
        "local": "2026-03-29 09:30",
        "instant": "2026-03-29T00:30:00Z",
        "seconds": 1772359200,
        "milliseconds": 1772359200000,
        "braces": "{{vars.name}} {{ '{{' }}",
        "stolen": "{{secrets.key}}",
        "spaced": "{{ secrets.key }}",
        "rest": "rets.key}}",
        "arabic": "مرحبا بالعالم",
    },
    "steps": {"fetch": {"items": [{"name": "first"}]}},
    "status": {"fetch": "completed"},
    "loop": {"item": {"id": 3}, "index": 0},
    "hot": {"id": 9},
}


def compiled(
    db: psycopg.Connection, value: Any, roots: tuple[str, ...] = (), pointer: str = ""
) -> tuple[Any, Any, list[str], list[dict[str, str]] | None]:
    """Value, bindings, reads and errors."""
    row = db.execute(
        "select c.value, c.bindings, c.reads, c.errors"
        " from automation_private.compile_template(%s, %s, %s) as c",
        [Jsonb(value), list(roots), pointer],
    ).fetchone()
    assert row
    return row


def rendered(db: psycopg.Connection, value: Any, doc: Any = DOC) -> tuple[Any, Any]:
    """Value and error; the time zone is Riyadh's, three hours ahead of UTC."""
    row = db.execute(
        "select c.errors, r.value, r.error"
        " from automation_private.compile_template(%s, '{hot}') as c"
        " cross join lateral"
        " automation_private.render(c.value, c.bindings, %s, %s, 'Asia/Riyadh') as r",
        [Jsonb(value), doc if isinstance(doc, str) else Jsonb(doc), NOW],
    ).fetchone()
    assert row
    assert row[0] is None
    return row[1:]


def check_values(db: psycopg.Connection, table: dict[str, Any]) -> None:
    """Every template of the table comes to its value."""
    assert {template: rendered(db, template) for template in table} == {
        template: (value, None) for template, value in table.items()
    }


def test_an_expression_alone_keeps_its_type_and_joins_in_text(db):
    table = {
        "{{name}}": "Ann <b>",
        "{{ vars.lead }}": DOC["vars"]["lead"],
        "{{lead.score}}": 80,
        '{{lead["odd key"]["1"]}}': "one",
        "{{no}}": False,
        "{{blank}}": "",
        "{{empty}}": None,
        "{{none}}": [],
        "{{items[1].name}}": "b",
        "{{items[].name}}": ["a", "b"],
        "{{steps.fetch.items[0].name}}": "first",
        "{{status.fetch}}": "completed",
        "{{input.title}}": "Spring",
        "{{trigger.type}} {{trigger.post_id}}": "event 7",
        "{{loop.item.id}} {{hot.id}}": "3 9",
        "{{now}}": "2026-03-01T13:00:00.123+03:00",
        "no braces": "no braces",
        "{ {name} } }}": "{ {name} } }}",
        " {{zero}} ": " 0 ",
        "{{name}}{{zero}}": "Ann <b>0",
        r"\{{name}} = {{name}}": "{{name}} = Ann <b>",
        "{{ '{{' }}name}} {{ \"it's\" }}": "{{name}} it's",
    }
    check_values(db, table)


def test_filters(db):
    table = {
        "{{nope | default:'x'}}": "x",
        "{{empty | default:null}}": None,
        "{{nope | upper | default:1.5}}": 1.5,
        "{{zero | default:9}} {{blank | default:'x'}}!": "0 !",
        "{{none | first | default:'nobody'}}": "nobody",
        "{{nope | default:[]}}": [],
        "{{name | upper}} {{name | lower}}": "ANN <B> ann <b>",
        "{{text_number | trim}}": "12.50",
        "{{name | truncate:4}} {{name | truncate:5:'..'}} {{name | truncate:9}}": (
            "Ann… Ann.. Ann <b>"
        ),
        "{{name | truncate:0}}|{{name | truncate:2:'.....'}}": "|..",
        "{{name | replace:'n':''}}": "A <b>",
        "{{name | replace:'.':'x'}}": "Ann <b>",
        "{{items[1] | json}}": '{"name": "b"}',
        "{{empty | json}} {{name | json}}": 'null "Ann <b>"',
        "{{amount | number:2}} {{amount | number:1:'.':','}}": "1,234,567.89 1.234.567,9",
        "{{text_number | number}}": 12.5,
        "{{zero | number:2}}": "0.00",
        "{{amount | round}}": 1234568,
        "{{amount | round:1}}": 1234567.9,
        "{{words | join}} {{words | join:'/'}} {{none | join}}": "red, 7, true red/7/true ",
        "{{words | first}} {{words | last}}": "red true",
        "{{words | length}} {{name | length}} {{none | length}}": "4 7 0",
        "{{arabic | length}}": 13,
        "{{name | urlencode}} {{arabic | truncate:1:'' | urlencode}}": "Ann%20%3Cb%3E %D9%85",
        "{{name | htmlescape}}": "Ann &lt;b&gt;",
        "{{name | slug}} {{arabic | slug}}": "ann-b مرحبا-بالعالم",
        '{{ nope | default:" Café d\'Été -- nr. 1! " | slug }}': "cafe-dete-nr-1",
    }
    check_values(db, table)


def test_dates_are_shown_in_the_time_zone(db):
    table = {
        "{{instant | date}}": "2026-03-29",
        "{{instant | date:'DD Month YYYY HH24:MI'}}": "29 March 2026 03:30",
        "{{instant | date:'FMDDth Mon, Dy HH12:MI AM'}}": "29th Mar, Sun 03:30 AM",
        "{{instant | date:'HH24:MI OF':'Europe/London'}}": "00:30 +00:00",
        "{{instant | date:'iso':'America/New_York'}}": "2026-03-28T20:30:00.000-04:00",
        "{{day | date:'DD.MM.YY':'America/New_York'}}": "29.03.26",
        "{{local | date:'HH24:MI':'UTC'}}": "06:30",
        "{{seconds | date:'iso'}}": "2026-03-01T13:00:00.000+03:00",
        "{{milliseconds | date:'iso'}}": "2026-03-01T13:00:00.000+03:00",
        "{{now | date:'YYYY \"week\" IW'}}": "2026 week 09",
        "{{empty | date | default:'open'}}": "open",
    }
    check_values(db, table)


def test_substituted_text_is_never_rendered_again(db):
    braces = DOC["vars"]["braces"]
    check_values(db, {"{{braces}}": braces, "{{braces}}!": braces + "!"})


def test_every_text_at_any_depth_is_rendered_but_no_key(db):
    config = {
        "{{name}}": "{{lead.score}}",
        "headers": [{"a": "{{input.title}}", "b": 1}, "{{ zero }}%"],
        "plain": None,
    }
    value = {"{{name}}": 80, "headers": [{"a": "Spring", "b": 1}, "0%"], "plain": None}
    assert rendered(db, config) == (value, None)
    deep: Any = "{{name}}"
    for _ in range(31):
        deep = [deep]
    assert "Ann <b>" in str(rendered(db, deep)[0])
    assert [e["code"] for e in compiled(db, [[deep]])[3] or []] == ["too_deep"]


def test_reads_name_the_parts_of_the_document(db):
    text = "{{a}} {{vars.b}} {{trigger.x}} {{steps.s.y}} {{status.s}} {{hot.z}} {{now}}"
    _, _, reads, errors = compiled(db, [text, "{{run.id}}", "{{secrets.key}}"], roots=("hot",))
    assert errors is None
    expected = "hot now run secrets status.s steps.s trigger vars"
    assert sorted(reads) == expected.split()
    assert compiled(db, {"a": "x"}) == ({"a": "x"}, None, [], None)


def test_what_cannot_be_rendered_is_an_error_with_its_place(db):
    table = [
        ("{{nope}}", "template_missing", "nope has no value"),
        ("{{lead.nope.deeper}}", "template_missing", "lead.nope.deeper"),
        ("{{items.name}}", "template_missing", "items.name"),
        ("{{items[9].name}}", "template_missing", "items[9].name"),
        ("a {{empty}}", "template_missing", "default:"),
        ("{{none | first}}", "template_missing", "none"),
        ("a {{lead}}", "template_type", "| json"),
        ("a {{words}}", "template_type", "a list"),
        ("{{words | upper}}", "template_type", "upper cannot use a list"),
        ("{{lead | length}}", "template_type", "an object"),
        ("{{nested | join}}", "template_type", "join"),
        ("{{name | date}}", "template_type", "date"),
        ("{{no | number}}", "template_type", "number"),
        ("{{name | round | default:1}}", "template_type", "round"),
    ]
    for template, code, words in table:
        for value, pointer in ((template, ""), ({"a/b": [0, template]}, "/a~1b/1")):
            result, error = rendered(db, value)
            assert (result, error["code"], error["pointer"]) == (None, code, pointer), template
            assert words in error["message"] + error.get("hint", ""), template


def test_text_that_only_resembles_a_date_or_a_number_is_refused(db):
    table = [
        "", "2026-02-29", "2026-13-01", "0000-01-01", "2026-1-1", "12:00", "2026-03-01T24:00:00Z",
        "2026-03-01T10:00:00+99:00", "infinity", "now", "epoch", "1,000", "0x1F", "NaN", "1e5",
    ]  # fmt: skip
    for text in table:
        for template in ("{{x | date}}", "{{x | number}}"):
            error = rendered(db, template, {"vars": {"x": text}})[1]
            assert error["code"] == "template_type", (text, template)


def test_a_faulty_template_is_refused_with_its_place_and_a_remedy(db):
    table = [
        ("Hi {{ name | uper }}", "unknown_filter", "at character 14: ", "upper"),
        ("{{ name | shout }}", "unknown_filter", '"shout"', "htmlescape"),
        ("{{ name | truncate }}", "filter_arguments", "truncate:40", ""),
        ("{{ name | upper:1 }}", "filter_arguments", "upper", ""),
        ("{{ name | default:007 }}", "filter_arguments", "default:", ""),
        ("{{ name | default:other }}", "filter_arguments", "default:", ""),
        ("{{ name | replace:'':'x' }}", "filter_arguments", "replace:", ""),
        ("{{ now | date:'DD/MM/JJJJ' }}", "filter_arguments", "date", "YYYY"),
        ("{{ now | date:'DD':'Mars/Olympus' }}", "filter_arguments", "date", "Area/City"),
        ("{{ now | date:'DD':'UTC+3' }}", "filter_arguments", "date", "Area/City"),
        ("{{ name |}}", "template_syntax", "at character 10: expected a filter", ""),
        ("{{ name", "template_syntax", "at character 1: the braces are not closed", r"\{{"),
        ("a {{{name}}}", "template_syntax", "at character 3", ""),
        ("{{ 'it }}", "template_syntax", "not closed", ""),
        ("{{ 'x' | upper }}", "template_syntax", "quoted text", ""),
        ("{{ 'x' 'y' }}", "template_syntax", "quoted text", ""),
        ("{{}}", "invalid_reference", "expected a path", ""),
        ("{{ a..b }}", "invalid_reference", "expected a path", ""),
        ("{{ name + 1 }}", "invalid_reference", "expected a path", "expr"),
        ("{{ now.year }}", "invalid_reference", "now has no parts", ""),
        ("{{ " + ".".join("a" * 17) + " }}", "invalid_reference", "16", ""),
        ("{{ name" + " | trim" * 17 + " }}", "template_syntax", "16 filters", ""),
        ("{{name}}" * 201, "too_large", "200 expressions", ""),
        ("{{secrets.key}} ", "secret_reference", "whole value", ""),
        ("{{secrets.key | upper}}", "secret_reference", "without filters", ""),
        ('{{secrets["key"]}}', "secret_reference", "{{secrets.name}}", ""),
        (r"\{{secrets.key}}", "secret_reference", "like a secret", ""),
        (r"\{{ secrets.key}}", "secret_reference", "like a secret", ""),
    ]
    for template, code, message, hint in table:
        _, bindings, _, errors = compiled(db, {"list": [template]}, pointer="/steps/0/config")
        assert bindings is None
        assert errors is not None, template
        assert [(e["pointer"], e["code"]) for e in errors] == [("/steps/0/config/list/0", code)]
        assert errors[0].keys() <= {"pointer", "code", "message", "hint"}
        assert message in errors[0]["message"], template
        assert hint in errors[0].get("hint", ""), template


def test_all_faulty_templates_are_listed_at_once(db):
    errors = compiled(db, {"a": "{{", "b": "{{name}}", "c": {"d~": ["{{x|y}}"]}})[3] or []
    assert [(e["pointer"], e["code"]) for e in errors] == [
        ("/a", "template_syntax"),
        ("/c/d~0/0", "unknown_filter"),
    ]


def test_a_secret_stays_a_name_that_only_the_definition_can_write(db):
    config = {"auth": "{{ secrets.key }}", "to": "{{name}}", "note": "{{zero}}!"}
    value = {"auth": "{{secrets.key}}", "to": "Ann <b>", "note": "0!"}
    assert rendered(db, config) == (value, None)
    assert compiled(db, "{{ secrets.key }}")[:2] == ("{{secrets.key}}", None)
    for smuggled in (
        "{{stolen}}", "{{spaced}}", "{{spaced | trim}}", "{{vars}}", "{{ '{{sec' }}{{rest}}",
    ):  # fmt: skip
        result, error = rendered(db, config | {"to": smuggled})
        assert (result, error["code"]) == (None, "secret_reference"), smuggled


def test_s14_templates_are_data_other_syntaxes_stay_literal(db):
    table = [
        "{0.__class__}", "%(name)s", "${name}", "$name", "<%= name %>", "}} }}", "{%if 1%}",
        "#{name}", "{name}", "'; drop table x; --", "a\r\nBcc: x@example.org", "\\x", "%s", "{{",
    ]  # fmt: skip
    for text in table:
        assert rendered(db, "{{x}}", {"vars": {"x": text}}) == (text, None)
        if text != "{{":
            assert rendered(db, text) == (text, None)
            assert rendered(db, "{{zero}}" + text) == ("0" + text, None)


def test_s14_templates_are_data_nothing_is_called_or_computed(db):
    table = [
        "7*7", "name()", "pg_sleep(1)", "vars.name.__class__()", "a ? b", "$.vars", "@.x", "vars.*",
        "lax $", "name; select 1", "`id`", "../x", "name | eval:'1'", "-1", "name, name", "{0}",
    ]  # fmt: skip
    assert [source for source in table if compiled(db, "{{ " + source + " }}")[3] is None] == []


def test_hostile_lengths_are_refused_quickly(db):
    db.execute("set statement_timeout = '2s'")
    texts = ["{" * 10**6, "{{" * 10**5 + "}}" * 10**5, "{{'" + "\\" * 10**5, "{{a" + "|" * 10**5]
    assert [text[:9] for text in texts if compiled(db, text)[3] is None] == []

    half, many = "y" * 40_000, ["z"] * 30_000
    big = json.dumps({"vars": {"x": "x" * 10**6, "half": half, "many": many}})
    for template in (
        "{{x}}", "a{{x}}", "{{x|upper}}", "{{half}}{{half}}", "{{many|json}}", "{{many}}",
        ["{{half}}"] * 7, ["{{half|upper}}"] * 7, "{{half | replace:'y':'" + "w" * 100 + "'}}",
    ):  # fmt: skip
        assert rendered(db, template, big)[1]["code"] == "too_large", template
    assert rendered(db, "{{x | truncate:3:''}} {{x | length}}", big) == ("xxx 1000000", None)


def test_s19_absurd_numbers_come_to_an_error(db):
    numbers = "[1e130000, -1e5000, 1e-16000, " + ", ".join(["1e131000"] * 3000) + "]"
    doc = '{"vars": {"one": 1e130000, "all": ' + numbers + "}}"
    for template in (
        "{{one}} ", "{{one | number}}", "{{one | round:2}}", "{{one | date}}", "{{one | upper}}",
        "{{all}} ", "{{all | json}}", "{{all | join}}",
    ):  # fmt: skip
        code = rendered(db, template, doc)[1]["code"]
        assert code in ("too_large", "template_type"), template


FILTERS = [
    "default:'d'", "default:null", "upper", "lower", "trim", "truncate:3", "truncate:9:'..'",
    "replace:'a':'bb'", "json", "date", "date:'iso'", "date:'Day DDth OF':'Asia/Kathmandu'",
    "number", "number:2", "number:20:' ':','", "round", "round:20", "join", "join:''", "first",
    "last", "length", "urlencode", "htmlescape", "slug",
]  # fmt: skip
PATHS = ["x", "x[0]", "x[].a", "x.a.b", "x[99999999]", 'x["1"]', "now", "x[][]"]
MARKS = [
    "{{", "}}", "|", ":", "'", '"', "\\", "[", "]", ".", " ", "name", "secrets.", "default", "date",
    "\\{{", "1e9",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
SCALARS = st.one_of(
    st.sampled_from([
        "0", "-0.0", "1e400", "1e130000", "-1e130000", "1e-16000", "9" * 60, "0.1", "1e11", "1e38",
        "-62135596801", "253402300800", "1772359200", "true", "null", '"2026-03-01"', '"12.5"',
        '"9999-12-31T23:59:59.999999999-15:59"', '"0001-01-01"', '"{{vars.x}}"',
        '"' + "x" * 70_000 + '"',
    ]),
    st.integers().map(str),
    TEXT.map(json.dumps),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(TEXT, inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{json.dumps(k)}: {v}" for k, v in pairs.items()) + "}"
        ),
    ),
    max_leaves=8,
)
FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.on("embedded")
@FUZZ
@given(
    value=VALUES,
    depth=st.sampled_from([0, 0, 0, 1, 30]),
    path=st.sampled_from(PATHS),
    chain=st.lists(st.sampled_from(FILTERS), max_size=4),
    frame=st.sampled_from(["%s", "a %s b", "%s%s"]),
)
def test_render_never_raises(db, value, depth, path, chain, frame):
    expression = "{{ " + " | ".join([path, *chain]) + " }}"
    doc = '{"vars": {"x": ' + "[" * depth + value + "]" * depth + "}}"
    row = db.execute(
        "select c.errors, r.value ? 'at', r.error, pg_column_size(r.value)"
        " from automation_private.compile_template(%s) as c"
        " cross join lateral"
        " automation_private.render(c.value, c.bindings, %s::jsonb, %s, 'Asia/Kathmandu') as r",
        [Jsonb({"at": [frame.replace("%s", expression)]}), doc, NOW],
    ).fetchone()
    assert row
    faults, is_rendered, error, size = row
    assert faults is None
    if error is None:
        assert is_rendered
        assert size <= 262_144
    else:
        assert size is None
        assert error.keys() >= {"code", "message", "pointer"}


@pytest.mark.on("embedded")
@FUZZ
@given(pieces=st.lists(st.one_of(TEXT, st.sampled_from(MARKS)), max_size=12), opened=st.booleans())
def test_compile_never_raises(db, pieces, opened):
    text = "".join(pieces)
    text = "{{" + text + "}}" if opened else text
    value, bindings, _, errors = compiled(db, [text])
    if errors is not None:
        assert {e["pointer"] for e in errors} == {"/0"}
    elif bindings is None and "{{" not in text:
        assert value == [text]
