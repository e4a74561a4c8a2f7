import { changesOf, outputChanges, synthesizedResources } from "../../../packages/plan-review/changes";
import { readPlan } from "../../../packages/terraform/plan";
import { changes, planOf, synthesized } from "./plans";

const QUEUE = "aws_sqs_queue.media";

test("leaves out what stays as it is, and data sources", () => {
  const plan = planOf({ [QUEUE]: { before: { a: 1 }, after: { a: 1 }, actions: ["no-op"] } });
  const data = { ...planOf({ "aws_ami.a": { after: {} } }).resource_changes[0], mode: "data" as const };
  expect(
    changesOf({ ...plan, resource_changes: [...plan.resource_changes, data as never] }, new Map()),
  ).toEqual([]);
});

test.each([
  ["create", { after: {} }],
  ["update", { before: {}, after: { a: 1 } }],
  ["delete", { before: {} }],
  ["replace", { before: {}, after: {}, actions: ["delete", "create"] }],
  ["replace", { before: {}, after: {}, actions: ["create", "delete"] }],
  ["forget", { before: {}, actions: ["forget"] }],
  ["move", { before: {}, after: {}, actions: ["no-op"], previous: "aws_sqs_queue.old" }],
  ["import", { before: {}, after: {}, actions: ["no-op"], importing: { id: "the-id" } }],
])("recognizes a resource that it would %s", (action, planted) => {
  expect(changes({ [QUEUE]: planted })).toMatchObject([{ address: QUEUE, action }]);
});

test("names the attributes that replace the resource, and Terraform's reason", () => {
  const planted = {
    before: {},
    after: {},
    actions: ["create", "delete"],
    replace_paths: [["vpc_options", 0, "subnet_ids"], ["identifier"]],
    reason: "replace_because_cannot_update",
  };
  expect(changes({ [QUEUE]: planted })).toMatchObject([
    {
      replacedBy: ["identifier", "vpc_options.0.subnet_ids"],
      reason: "AWS can't change this in place",
      createsFirst: true,
    },
  ]);
});

test("names the construct, also of a moved resource", () => {
  const code = { [QUEUE]: { "//": { metadata: { path: "streamflow-dev/media-queue/Default" } } } };
  expect(changes({ [QUEUE]: { after: {} } }, code)[0]?.construct).toBe("media-queue");
});

test("fills in an unknown value from the configuration and from known references", () => {
  const plan = planOf({
    "aws_iam_role_policy.p": {
      before: { policy: "{}" },
      after: {},
      after_unknown: { policy: true, id: true },
    },
    [QUEUE]: { before: { arn: "arn:queue" }, after: { arn: "arn:queue" }, actions: ["no-op"] },
    "aws_db_instance.d": { after: {}, after_unknown: { arn: true } },
  });
  const policy =
    '${jsonencode({"Statement" = [{"Action" = ["a:B"], "Resource" = [aws_sqs_queue.media.arn, "${aws_db_instance.d.arn}/*"]}]})}';
  const [, change] = changesOf(
    plan,
    synthesizedResources(synthesized({ "aws_iam_role_policy.p": { policy } })),
  );
  expect(change?.after).toEqual({
    policy: { Statement: [{ Action: ["a:B"], Resource: ["arn:queue", "(aws_db_instance.d.arn)/*"] }] },
    id: "(computed)",
  });
});

test("masks what Terraform marks and what looks like a secret, on both sides and in outputs", () => {
  const key = `AKIA${"QX7M4Z2LRT9VB8NK"}`;
  const planted = {
    before: { password: "old-one-1", note: "fine" },
    after: { password: "new-one-2", note: `key ${key}`, list: ["a", "b"] },
    before_sensitive: { password: true },
    after_sensitive: { password: true, list: [false, true] },
  };
  const text = JSON.stringify(changes({ [QUEUE]: planted }).map(({ shown }) => shown));
  expect(text).not.toMatch(/old-one|new-one|AKIA|"b"/);
  expect(text).toContain("fine");
  const output = { actions: ["create"], before: null, after: "hidden", after_sensitive: true };
  expect(JSON.stringify(outputChanges(planOf({}, { output_changes: { o: output } })))).not.toContain(
    "hidden",
  );
});

test.each([
  ["{", /is not JSON/],
  ['{"a": 1}', /must be a plan of format 0\.x or 1\.x/],
  ['{"format_version": "2.0", "planned_values": {}}', /got 2\.0/],
  ['{"format_version": "1.0", "values": {}}', /perhaps a state/],
  ['{"format_version": "1.2", "planned_values": {}, "errored": true}', /is an incomplete plan/],
])("fails on %s", (text, message) => {
  expect(() => readPlan(text, "plan.json")).toThrow(message);
});
