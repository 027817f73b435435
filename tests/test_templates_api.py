"""Templates: drafts, versions, copies, documents; who may do what."""

from __future__ import annotations

import threading
import uuid

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

DRAFT = {"trigger": {"type": "manual"}, "steps": [{"id": "end", "type": "stop"}]}
OTHER = {"steps": [{"id": "end", "type": "stop", "status": "failed"}]}


class Templates:
    """The template API as one login of one organisation calls it."""

    def __init__(self, database, user, org, user_id=None):
        self.connection = database.connect(user, org=org, user_id=user_id)
        self.admin = database.connect()
        self.admin.row_factory = dict_row

    def call(self, function, *values, **named):
        arguments = ["%s"] * len(values) + [f"{name} => %s" for name in named]
        given = [Jsonb(v) if isinstance(v, dict | list) else v for v in (*values, *named.values())]
        return self.connection.execute(
            f"select automation.{function}({', '.join(arguments)})", given
        ).fetchone()[0]

    def create(self, name="report", definition=DRAFT, **more):
        return self.call("create_template", name, definition, **more)

    def row(self, template):
        return self.admin.execute(
            "select * from automation.workflow_templates where template_id = %s", [template]
        ).fetchone()

    def versions(self, template):
        return [
            row["version"]
            for row in self.admin.execute(
                "select version from automation.workflow_template_versions"
                " where template_id = %s order by version",
                [template],
            )
        ]

    def audit(self, template):
        return [
            (row["operation"], row["details"])
            for row in self.admin.execute(
                "select operation, details from automation.automation_audit"
                " where subject_type = 'template' and subject_id = %s order by audit_id",
                [template],
            )
        ]


@pytest.fixture
def api(database, orgs):
    return Templates(database, "app_backend", orgs.a)


def refused(code):
    return pytest.raises(psycopg.Error, check=lambda error: error.sqlstate == code)


def test_a_template_is_created_as_a_draft(api, orgs):
    template = api.create(
        "  Weekly report ", p_description="d", p_category="reporting", p_tags=["a"]
    )
    row = api.row(template)
    assert (row["org_id"], row["template_name"], row["description"], row["category"]) == (
        orgs.a,
        "Weekly report",
        "d",
        "reporting",
    )
    assert (row["tags"], row["status"], row["total_steps"]) == (["a"], "draft", 1)
    assert row["workflow_definition"] == DRAFT
    assert row["trigger_config"] == {"type": "manual"}
    assert row["published_version"] is None
    assert api.audit(template) == [("create_template", {"name": "Weekly report"})]


def test_the_trigger_given_replaces_that_of_the_definition(api):
    trigger = {"type": "schedule", "config": {"cron": "0 9 * * 1"}}
    row = api.row(api.create(p_trigger=trigger))
    assert row["trigger_config"] == trigger
    assert row["workflow_definition"] == DRAFT | {"trigger": trigger}


def test_unfinished_drafts_are_kept_but_not_published(api):
    for draft in ({}, {"steps": 5}, {"steps": [{"id": 1}]}, {"what": "ever"}):
        template = api.create(str(draft), draft)
        with refused("MA200"):
            api.call("publish_template", template)
        assert api.row(template)["status"] == "draft"


def test_what_cannot_be_a_template_is_refused(api):
    for arguments, code in (
        ({"name": None}, "MA001"),
        ({"name": " "}, "MA001"),
        ({"name": "x" * 201}, "MA001"),
        ({"definition": None}, "MA001"),
        ({"definition": []}, "MA001"),
        ({"definition": {"x": "y" * 262_144}}, "MA003"),
        ({"p_category": "sports"}, "MA001"),
        ({"p_tags": {"a": 1}}, "MA001"),
        ({"p_tags": [1]}, "MA001"),
        ({"p_tags": ["x"] * 51}, "MA001"),
        ({"p_trigger": {"x": "y" * 262_144}}, "MA003"),
    ):
        with refused(code):
            api.create(**arguments)


def test_names_are_unique_within_an_organisation(api, database, orgs):
    template = api.create("one")
    with refused("MA101"):
        api.create(" one ")
    assert Templates(database, "app_backend", orgs.b).create("one")
    other = api.create("two")
    with refused("MA101"):
        api.call("update_template", other, p_name="one")
    api.admin.execute(
        "update automation.workflow_templates set deleted_at = now() where template_id = %s",
        [template],
    )
    assert api.create("one")


def test_two_sessions_that_create_the_same_name_do_not_both_succeed(database, orgs):
    connections = [database.connect("app_backend", org=orgs.a, autocommit=False) for _ in range(2)]
    outcomes = []

    def create(connection):
        try:
            connection.execute(
                "select automation.create_template('same', %s)", [Jsonb(DRAFT)]
            ).fetchone()
            outcomes.append("created")
        except psycopg.Error as error:
            outcomes.append(error.sqlstate)
        connection.rollback() if outcomes[-1] == "MA101" else connection.commit()

    connections[0].execute("select automation.create_template('same', %s)", [Jsonb(DRAFT)])
    thread = threading.Thread(target=create, args=[connections[1]])
    thread.start()
    thread.join(0.3)
    assert outcomes == []
    connections[0].commit()
    thread.join()
    assert outcomes == ["MA101"]


def test_an_update_changes_what_is_given(api):
    template = api.create(p_description="old", p_category="social", p_tags=["a"])
    before = api.row(template)
    stamp = api.call(
        "update_template", template, p_definition=OTHER, p_description="", p_tags=["b"]
    )
    row = api.row(template)
    assert (row["template_name"], row["category"]) == ("report", "social")
    assert (row["description"], row["tags"]) == (None, ["b"])
    assert (row["workflow_definition"], row["trigger_config"]) == (OTHER, None)
    assert row["updated_at"] == stamp > before["updated_at"]
    assert api.audit(template)[-1] == (
        "update_template",
        {"changed": ["definition", "description", "tags"]},
    )
    api.call("update_template", template, p_trigger={"type": "api"}, p_name="new", p_category="")
    row = api.row(template)
    assert (row["template_name"], row["category"]) == ("new", None)
    assert row["workflow_definition"] == OTHER | {"trigger": {"type": "api"}}


def test_an_update_notices_that_somebody_was_faster(api):
    template = api.create()
    seen = api.row(template)["updated_at"]
    api.call("update_template", template, p_name="mine", p_expected_updated_at=seen)
    with refused("MA101"):
        api.call("update_template", template, p_name="yours", p_expected_updated_at=seen)
    assert api.row(template)["template_name"] == "mine"


def test_an_update_that_makes_no_sense_is_refused(api):
    template = api.create()
    before = api.row(template)
    for arguments, code in (
        ({"p_name": " "}, "MA001"),
        ({"p_definition": [1]}, "MA001"),
        ({"p_category": "x"}, "MA001"),
        ({"p_tags": [[]]}, "MA001"),
        ({"p_definition": {"x": "y" * 262_144}}, "MA003"),
    ):
        with refused(code):
            api.call("update_template", template, **arguments)
    assert api.row(template) == before


def test_publishing_makes_versions_and_leaves_earlier_ones_alone(api):
    template = api.create()
    assert api.call("publish_template", template) == 1
    first = api.row(template)
    assert (first["status"], first["published_version"]) == ("active", 1)
    assert api.call("publish_template", template) == 1
    api.call("update_template", template, p_definition=OTHER)
    assert api.row(template)["published_definition_id"] == first["published_definition_id"]
    assert api.call("publish_template", template) == 2
    assert api.row(template)["published_definition_id"] != first["published_definition_id"]
    api.call("update_template", template, p_definition=DRAFT)
    assert api.call("publish_template", template) == 3
    assert api.row(template)["published_definition_id"] == first["published_definition_id"]
    assert api.versions(template) == [1, 2, 3]
    assert [operation for operation, _ in api.audit(template)].count("publish_template") == 3


def test_an_invalid_draft_leaves_the_published_version_in_place(api):
    template = api.create()
    api.call("publish_template", template)
    api.call("update_template", template, p_definition={"steps": [{"id": "a", "type": "x"}]})
    with pytest.raises(psycopg.Error) as caught:
        api.call("publish_template", template)
    assert caught.value.sqlstate == "MA200"
    assert '"/steps/0/type"' in caught.value.diag.message_detail
    assert (api.row(template)["status"], api.versions(template)) == ("active", [1])


def test_two_sessions_that_publish_make_one_version(database, orgs, api):
    template = api.create()
    connections = [database.connect("app_backend", org=orgs.a, autocommit=False) for _ in range(2)]
    versions = []

    def publish(connection):
        versions.append(
            connection.execute("select automation.publish_template(%s)", [template]).fetchone()[0]
        )

    publish(connections[0])
    thread = threading.Thread(target=publish, args=[connections[1]])
    thread.start()
    thread.join(0.3)
    assert versions == [1]
    connections[0].commit()
    thread.join()
    connections[1].commit()
    assert (versions, api.versions(template)) == ([1, 1], [1])


def test_archiving_is_undone_by_publishing(api):
    template = api.create()
    api.call("publish_template", template)
    for _ in range(2):
        api.call("archive_template", template)
        assert api.row(template)["status"] == "archived"
    assert api.call("publish_template", template) == 1
    assert (api.row(template)["status"], api.versions(template)) == ("active", [1])
    assert [operation for operation, _ in api.audit(template)] == [
        "create_template",
        "publish_template",
        "archive_template",
        "publish_template",
    ]


def test_a_draft_may_be_archived(api):
    template = api.create()
    api.call("archive_template", template)
    assert api.row(template)["status"] == "archived"


def test_a_copy_goes_its_own_way(api):
    template = api.create(p_description="d", p_category="social", p_tags=["a"])
    api.call("publish_template", template)
    copy = api.call("duplicate_template", template, "copy")
    row = api.row(copy)
    assert (row["template_name"], row["description"], row["category"], row["tags"]) == (
        "copy",
        "d",
        "social",
        ["a"],
    )
    assert (row["status"], row["published_version"], row["usage_count"]) == ("draft", None, 0)
    assert row["workflow_definition"] == DRAFT
    api.call("update_template", copy, p_definition=OTHER)
    assert api.row(template)["workflow_definition"] == DRAFT
    assert api.audit(copy)[0] == (
        "duplicate_template",
        {"name": "copy", "copied_from": str(template)},
    )
    with refused("MA101"):
        api.call("duplicate_template", template, "copy")
    with refused("MA001"):
        api.call("duplicate_template", template, None)


def test_export_and_import_are_a_round_trip(api, database, orgs):
    definition = DRAFT | {"ui": {"a": None}, "x-note": [1.50, None]}
    template = api.create(
        definition=definition, p_description="d", p_category="social", p_tags=["a"]
    )
    document = api.call("export_template", template)
    assert document == {
        "format": "automation.template",
        "schema_version": 1,
        "name": "report",
        "description": "d",
        "category": "social",
        "tags": ["a"],
        "definition": definition,
    }
    elsewhere = Templates(database, "app_backend", orgs.b)
    copy = elsewhere.call("import_template", document)
    assert elsewhere.call("export_template", copy) == document
    assert elsewhere.row(copy)["status"] == "draft"
    assert elsewhere.audit(copy) == [("import_template", {"name": "report"})]
    with refused("MA101"):
        elsewhere.call("import_template", document)
    assert elsewhere.row(elsewhere.call("import_template", document, "again"))["template_name"] == (
        "again"
    )


def test_an_export_says_nothing_about_the_organisation(api, orgs):
    document = str(api.call("export_template", api.create()))
    assert str(orgs.a) not in document
    assert "created" not in document


def test_what_is_no_exported_template_is_not_imported(api):
    good = {
        "format": "automation.template",
        "schema_version": 1,
        "name": "a",
        "definition": DRAFT,
    }
    for document in (
        None,
        [],
        {},
        good | {"schema_version": 2},
        good | {"format": "something"},
        {key: value for key, value in good.items() if key != "name"},
        {key: value for key, value in good.items() if key != "definition"},
        good | {"name": 5},
        good | {"definition": 5},
        good | {"org_id": "x"},
        good | {"tags": 5},
    ):
        with refused("MA001"):
            api.call("import_template", document)
    assert api.call("import_template", good)


CALLS = [
    ("update_template", "edit"),
    ("publish_template", "publish"),
    ("archive_template", "publish"),
    ("duplicate_template", "edit"),
    ("export_template", "view"),
]


def arguments(function, template):
    named = function in ("duplicate_template", "update_template")
    return (template, f"name {uuid.uuid4()}") if named else (template,)


def test_templates_of_others_deleted_and_unknown_ones_are_not_there(api, database, orgs):
    template, deleted = api.create(), api.create("deleted")
    api.admin.execute(
        "update automation.workflow_templates set deleted_at = now() where template_id = %s",
        [deleted],
    )
    other = Templates(database, "svc_b", orgs.b)
    for function, _ in CALLS:
        for caller, wanted in (
            (other, template),
            (api, deleted),
            (api, uuid.uuid4()),
            (api, None),
        ):
            with refused("MA002"):
                caller.call(function, *arguments(function, wanted))
    assert api.row(template)["status"] == "draft"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("viewer", {"view"}),
        ("content_creator", {"view", "edit"}),
        ("marketing_manager", {"view", "edit", "publish"}),
        ("nobody", set()),
    ],
)
def test_permissions_decide(api, database, orgs, role, allowed):
    person = uuid.uuid4()
    api.call("set_member", person, role)
    template = api.create()
    caller = Templates(database, "app_backend", orgs.a, user_id=person)

    def attempt(needs, function, *values):
        if needs in allowed:
            caller.call(function, *values)
        else:
            with refused("MA301"):
                caller.call(function, *values)

    attempt("edit", "create_template", "mine", DRAFT)
    for function, needs in CALLS:
        attempt(needs, function, *arguments(function, template))
    attempt("view", "export_template", template)
    attempt(
        "edit",
        "import_template",
        {"format": "automation.template", "schema_version": 1, "name": "in", "definition": DRAFT},
    )
    recorded = api.admin.execute(
        "select distinct login, user_id from automation.automation_audit"
        " where operation <> 'set_member' and user_id is not null"
    ).fetchall()
    assert recorded == ([{"login": "app_backend", "user_id": person}] if "edit" in allowed else [])


def test_other_logins_do_not_touch_templates(api, database, orgs):
    template = api.create()
    for user in ("worker", "bi_ro", "stranger"):
        caller = Templates(database, user, orgs.a)
        for function, _ in CALLS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                caller.call(function, *arguments(function, template))


def test_without_an_organisation_nothing_happens(database, orgs):
    for org in (None, orgs.b, uuid.uuid4()):
        with refused("MA300"):
            Templates(database, "svc_a", org).create()
