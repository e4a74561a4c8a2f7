import { projectKnowledge } from "../../../cli/review/project";
import { Dependents } from "../../../packages/plan-review/dependents";
import { planDigest } from "../../../packages/plan-review/digest";
import { MASKED } from "../../../packages/plan-review/mask";
import type { Plan } from "../../../packages/terraform/plan";
import { reviewOf } from "../../../packages/plan-review/review";
import { reasonsOf } from "../../../packages/plan-review/text";
import { planOf, type Planted, resource } from "./plans";

const review = (planted: Readonly<Record<string, Planted>>, more: Partial<Plan> = {}) =>
  reviewOf(planOf(planted, more), { ...projectKnowledge, stack: "s" });
const same = { before: { a: 1 }, after: { a: 1 }, actions: ["no-op"] };
const QUEUE = "aws_sqs_queue.q";

test("no changes, safe changes, and the highest severity decides", () => {
  expect(review({ [QUEUE]: same }).verdict).toBe("no-changes");
  expect(review({ "aws_sns_topic.t": { after: { name: "t" } } }).verdict).toBe("safe");
  expect(review({ "aws_lb.l": { after: { internal: false } } }).verdict).toBe("needs-review");
  expect(review({ "aws_lb.l": { after: { internal: false } }, [QUEUE]: { before: {} } })).toMatchObject({
    verdict: "blocked",
    findings: [{ severity: "block" }, { severity: "review" }],
  });
});

test("counts replacements apart from creations and deletions", () => {
  const planted = {
    "aws_iam_role.a": { after: {} },
    "aws_iam_role.b": { before: {}, after: { x: 1 } },
    "aws_iam_role.c": { before: {}, after: {}, actions: ["delete", "create"] },
    "aws_iam_role.d": { before: {} },
    "aws_iam_role.e": { ...same, previous: "aws_iam_role.f" },
  };
  expect(review(planted).counts).toEqual({
    create: 1,
    update: 1,
    replace: 1,
    supersede: 0,
    delete: 1,
    move: 1,
    import: 0,
    forget: 0,
    unknown: 0,
  });
});

test("recognizes a change of tags only", () => {
  const planted = { before: { a: 1, tags_all: { R: "1" } }, after: { a: 1, tags_all: { R: "2" } } };
  expect(review({ [QUEUE]: planted }).changes).toMatchObject([
    { tagsOnly: true, differences: [{ path: "tags.R", before: "1", after: "2" }] },
  ]);
});

test("a secret in an unmarked output blocks the plan, in a sensitive one it does not, and neither is shown", () => {
  const token = `ghp_${"k7Q2mZx9Lr4TvB8n".repeat(2)}`;
  const output = (after_sensitive: boolean) => ({
    output_changes: { token: { actions: ["create"], before: null, after: token, after_sensitive } },
  });
  expect(review({}, output(false))).toMatchObject({
    verdict: "blocked",
    findings: [{ rule: "secret-in-output" }],
  });
  expect(review({}, output(true)).verdict).toBe("safe");
  for (const marked of [true, false])
    expect(JSON.stringify(review({}, output(marked)))).not.toContain("ghp_");
});

test("an output that is no longer sensitive needs review, and shows its value in no case", () => {
  const output = (after_sensitive: boolean) => ({
    output_changes: {
      o: { actions: ["update"], before: "hidden", after: "hidden", before_sensitive: true, after_sensitive },
    },
  });
  expect(review({}, output(false))).toMatchObject({
    verdict: "needs-review",
    findings: [{ rule: "output-unmarked" }],
  });
  expect(review({}, output(true)).findings).toEqual([]);
  const changed = { ...output(false).output_changes.o, after: "hidden too" };
  expect(review({}, { output_changes: { o: changed } }).findings).toMatchObject([
    { rule: "output-unmarked" },
  ]);
  expect(JSON.stringify(review({}, output(false)))).not.toContain("hidden");
});

test("a changed sensitive output is a change, and its values are not shown", () => {
  const output = { actions: ["update"], before: "one-x", after: "two-x" };
  const { verdict, outputs } = review(
    {},
    { output_changes: { o: { ...output, before_sensitive: true, after_sensitive: true } } },
  );
  expect(verdict).toBe("safe");
  expect(outputs).toMatchObject([{ name: "o", before: MASKED, after: MASKED }]);
});

test("a changed password is listed as a changed attribute, an unchanged one is not", () => {
  const planted = (after: string) => ({
    [QUEUE]: {
      before: { password: "old-one-1", delay: 1 },
      after: { password: after, delay: 2 },
      before_sensitive: { password: true },
      after_sensitive: { password: true },
    },
  });
  const paths = (after: string) => review(planted(after)).changes.flatMap(({ differences }) => differences);
  expect(paths("new-one-2")).toEqual([
    { path: "delay", before: 1, after: 2 },
    { path: "password", before: MASKED, after: MASKED },
  ]);
  expect(paths("old-one-1").map(({ path }) => path)).toEqual(["delay"]);
});

test("an action that runs, a failed check, and a part of a plan need review; a whole plan and a passed check do not", () => {
  const verdict = (more: Partial<Plan>) => review({}, more).verdict;
  const check = (status: "pass" | "fail") => ({
    checks: [
      { address: { to_display: "check.tls" }, status, instances: [{ problems: [{ message: "late" }] }] },
    ],
  });
  expect(verdict({ action_invocations: [{ address: "action.a.b", type: "a" }] })).toBe("needs-review");
  expect(verdict({ complete: false })).toBe("needs-review");
  expect(verdict(check("fail"))).toBe("needs-review");
  expect([verdict({ complete: true, action_invocations: [] }), verdict(check("pass"))]).toEqual([
    "no-changes",
    "no-changes",
  ]);
});

test("an ephemeral resource and a data source are no changes", () => {
  const opened = {
    ...resource("aws_secret.s", { after: {}, actions: ["open"] }),
    mode: "ephemeral" as const,
  };
  const read = { ...resource("aws_ami.a", { after: {}, actions: ["read"] }), mode: "data" as const };
  expect(review({}, { resource_changes: [opened, read] }).verdict).toBe("no-changes");
});

test("changes outside Terraform are drift, computed differences are not", () => {
  const drift = (change: Planted) => review({}, { resource_drift: [resource(QUEUE, change)] });
  expect(drift({ before: { delay: 0 }, after: { delay: 5 } })).toMatchObject({
    verdict: "needs-review",
    findings: [{ rule: "drift", title: "outside of Terraform: aws_sqs_queue.q was changed" }],
  });
  expect(drift({ before: {}, actions: ["delete"] })).toMatchObject({
    verdict: "blocked",
    findings: [
      {
        rule: "drift",
        title: expect.stringContaining(
          "outside of Terraform: aws_sqs_queue.q is deleted, which loses",
        ) as string,
      },
    ],
  });
  expect(drift({ before: { tags_all: { a: "1" } }, after: { tags_all: { a: "2" } } }).findings).toEqual([]);
});

test("shows a rise of idle cost, and needs review if it is large", () => {
  const gateway = { after: { connectivity_type: "public" } };
  const many = { "aws_nat_gateway.a": { ...same }, "aws_nat_gateway.b": gateway };
  const { cost, findings } = review(many);
  expect(cost?.before).toBeCloseTo(36.5);
  expect(cost?.after).toBeCloseTo(73);
  expect(findings).toMatchObject([{ severity: "review", rule: "cost" }]);
  expect(
    review({ "aws_db_instance.d": { after: { instance_class: "db.unknown", allocated_storage: 20 } } })
      .findings,
  ).toMatchObject([{ rule: "cost", title: expect.stringContaining("db.unknown") as string }]);
});

test("each changed resource has its cost where its price is known; other types are named", () => {
  const gateway = { connectivity_type: "public" };
  const { cost, changes } = review({
    "aws_nat_gateway.new": { after: gateway },
    "aws_nat_gateway.old": { before: gateway },
    "aws_nat_gateway.same": { before: gateway, after: { ...gateway, allocation_id: "eipalloc-1" } },
    "aws_db_instance.d": { after: { instance_class: "db.unknown", allocated_storage: 20 } },
    "aws_nat_gateway.moved": {
      before: gateway,
      after: gateway,
      previous: "aws_nat_gateway.a",
      actions: ["no-op"],
    },
    "acme_thing.t": { after: { name: "t" } },
    "aws_sqs_queue.q": { after: { name: "q" } },
  });
  expect(cost?.resources).toEqual({
    "aws_nat_gateway.new": expect.closeTo(36.5) as number,
    "aws_nat_gateway.old": expect.closeTo(-36.5) as number,
    "aws_db_instance.d": "not priced",
  });
  expect(cost?.notPricedTypes).toEqual(["acme_thing", "aws_sqs_queue"]);
  const reasons = Object.fromEntries(changes.map((one) => [one.address, reasonsOf(one).join("; ")]));
  expect(reasons).toMatchObject({
    "aws_nat_gateway.new": "+36.50 $ per month",
    "aws_nat_gateway.old": "-36.50 $ per month",
    "aws_nat_gateway.same": "",
    "aws_db_instance.d": "not priced",
    "acme_thing.t": "",
  });
});

test.each([
  "aws_sqs_queue",
  "aws_security_group",
  "aws_iam_role_policy",
  "aws_cloudwatch_log_group",
  "acme_thing",
])("a created %s without known values is never safe", (type) => {
  const unknown = [
    {},
    { after_unknown: { id: true } },
    { after_unknown: { id: true, name: true, policy: true } },
    { after_unknown: true },
    { after: {}, after_unknown: { name: true, id: true } },
  ];
  for (const change of unknown) {
    const planted = { [`${type}.x`]: { actions: ["create"], after: null, ...change } };
    expect(review(planted)).toMatchObject({ verdict: "needs-review", notJudged: [{ type }] });
  }
});

test("an unknown value is the provider's only if a configuration does not set it", () => {
  const planted = { [QUEUE]: { after: { name: "q" }, after_unknown: { id: true, new_switch: true } } };
  const verdict = (expressions?: Record<string, unknown>) =>
    review(
      planted,
      expressions && { configuration: { root_module: { resources: [{ address: QUEUE, expressions }] } } },
    ).verdict;
  expect(verdict({ name: { constant_value: "q" } })).toBe("safe");
  expect(verdict({ name: {}, new_switch: { references: ["var.switch"] } })).toBe("needs-review");
  expect(verdict()).toBe("needs-review");
});

test("finds what depends on a resource, through others too", () => {
  const uses = (address: string, ...references: string[]) => ({
    address,
    expressions: { x: [{ y: { references } }] },
  });
  const dependents = new Dependents(
    planOf(
      {},
      {
        configuration: {
          root_module: {
            resources: [
              uses("aws_a.a", "aws_b.b.arn", "aws_b.b"),
              uses("aws_b.b", "aws_c.c.id"),
              { address: "aws_d.d", depends_on: ["aws_b.b"] },
              uses("aws_c.c", "aws_a.a.id"),
            ],
          },
        },
      },
    ),
  );
  expect(dependents.of("aws_b.b")).toEqual(["aws_a.a", "aws_c.c", "aws_d.d"]);
  expect(dependents.of("aws_d.d")).toEqual([]);
});

const digestOf = (planted: Readonly<Record<string, Planted>>, more: Partial<Plan> = {}) =>
  planDigest(planOf(planted, more));

test("plans that import, move, forget or delete something else have other digests", () => {
  const kept = { before: { name: "a" }, after: { name: "a" }, actions: ["no-op"] };
  const digests = [
    digestOf({ [QUEUE]: kept }),
    digestOf({ [QUEUE]: { ...kept, importing: { id: "one" } } }),
    digestOf({ [QUEUE]: { ...kept, importing: { id: "two" } } }),
    digestOf({ [QUEUE]: { ...kept, previous: "aws_sqs_queue.old" } }),
    digestOf({ [QUEUE]: { ...kept, previous: "aws_sqs_queue.older" } }),
    digestOf({ [QUEUE]: { before: { name: "a" }, actions: ["forget"] } }),
    digestOf({ [QUEUE]: { before: { name: "a" }, actions: ["delete"] } }),
    digestOf({}, { resource_changes: [{ ...resource(QUEUE, { before: { name: "a" } }), deposed: "ab12" }] }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

test("plans that run other actions, or defer other changes, have other digests", () => {
  const action = (address: string) => ({ address, type: "aws_lambda_invoke" });
  const deferred = (address: string) => [
    { reason: "provider_config_unknown", resource_change: resource(address, { after: {} }) },
  ];
  const digests = [
    digestOf({}),
    digestOf({}, { action_invocations: [action("action.aws_lambda_invoke.a")] }),
    digestOf({}, { action_invocations: [action("action.aws_lambda_invoke.b")] }),
    digestOf(
      {},
      { deferred_action_invocations: [{ action_invocation: action("action.aws_lambda_invoke.a") }] },
    ),
    digestOf({}, { deferred_changes: deferred("aws_lb.a") }),
    digestOf({}, { deferred_changes: deferred("aws_lb.b") }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

test("plans with other expressions for unknown values have other digests, and a moved address has the same", () => {
  const unknown = { "aws_iam_role_policy.p": { after: {}, after_unknown: { policy: true } } };
  const synthesized = (policy: string) =>
    new Map([["aws_iam_role_policy.p", { policy, "//": { path: "x" } }]]);
  const [narrow, wide] = ["s3:GetObject", "*"].map((action) =>
    planDigest(planOf(unknown), synthesized(`\${jsonencode({"Action" = "${action}"})}`)),
  );
  expect(narrow).not.toBe(wide);
  const configured = (...references: string[]) =>
    digestOf(unknown, {
      configuration: {
        root_module: {
          resources: [{ address: "aws_iam_role_policy.p", expressions: { policy: { references } } }],
        },
      },
    });
  expect(configured("aws_lb.a")).not.toBe(configured("aws_lb.b"));
  expect(configured("aws_lb.a")).toBe(configured("aws_lb.a"));
});

test("the digest depends on the changes only, not on the time or the order", () => {
  const [one, other] = [{ before: { a: 1, b: 2 }, after: { a: 2, b: 2 } }, { after: { x: 1 } }];
  const digest = planDigest(planOf({ [QUEUE]: one, "aws_lb.l": other }));
  const again = planOf({
    "aws_lb.l": other,
    [QUEUE]: { before: { b: 2, a: 1 }, after: { b: 2, a: 2 } },
    "aws_lb.m": same,
  });
  expect(planDigest({ ...again, terraform_version: "1.99" })).toBe(digest);
  expect(planDigest(planOf({ [QUEUE]: { ...one, after: { a: 3, b: 2 } }, "aws_lb.l": other }))).not.toBe(
    digest,
  );
  const secret = (after: string) =>
    planOf(
      {},
      { output_changes: { o: { actions: ["create"], before: null, after, after_sensitive: true } } },
    );
  expect(planDigest(secret("one"))).not.toBe(planDigest(secret("two")));
});
