import { Dependents } from "../../../tools/review/blast";
import { planDigest } from "../../../tools/review/digest";
import type { Plan } from "../../../tools/review/plan";
import { reviewOf } from "../../../tools/review/review";
import { planOf, type Planted, resource } from "./plans";

const review = (planted: Readonly<Record<string, Planted>>, more: Partial<Plan> = {}) =>
  reviewOf(planOf(planted, more), { stack: "s" });
const same = { before: { a: 1 }, after: { a: 1 }, actions: ["no-op"] };
const QUEUE = "aws_sqs_queue.q";

test("nothing to do is no change, something harmless is safe, and the worst finding decides", () => {
  expect(review({ [QUEUE]: same }).verdict).toBe("none");
  expect(review({ "aws_sns_topic.t": { after: { name: "t" } } }).verdict).toBe("safe");
  expect(review({ "aws_lb.l": { after: { internal: false } } }).verdict).toBe("look");
  expect(review({ "aws_lb.l": { after: { internal: false } }, [QUEUE]: { before: {} } })).toMatchObject({
    verdict: "stop",
    findings: [{ severity: "stop" }, { severity: "look" }],
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
    delete: 1,
    move: 1,
    import: 0,
    forget: 0,
  });
});

test("knows a change of nothing but tags", () => {
  const planted = { before: { a: 1, tags_all: { R: "1" } }, after: { a: 1, tags_all: { R: "2" } } };
  expect(review({ [QUEUE]: planted }).changes).toMatchObject([
    { tagsOnly: true, differences: [{ path: "tags.R", before: "1", after: "2" }] },
  ]);
});

test("a secret in an output that is not marked is a stop, a marked one is none, and neither is told", () => {
  const token = `ghp_${"k7Q2mZx9Lr4TvB8n".repeat(2)}`;
  const output = (after_sensitive: boolean) => ({
    output_changes: { token: { actions: ["create"], before: null, after: token, after_sensitive } },
  });
  expect(review({}, output(false))).toMatchObject({
    verdict: "stop",
    findings: [{ rule: "secret-in-output" }],
  });
  expect(review({}, output(true)).verdict).toBe("safe");
  for (const marked of [true, false])
    expect(JSON.stringify(review({}, output(marked)))).not.toContain("ghp_");
});

test("what others changed is drift, and nothing but computed differences is none", () => {
  const drift = (change: Planted) => review({}, { resource_drift: [resource(QUEUE, change)] });
  expect(drift({ before: { delay: 0 }, after: { delay: 5 } })).toMatchObject({
    verdict: "look",
    findings: [{ rule: "drift", title: "outside of Terraform: aws_sqs_queue.q was changed" }],
  });
  expect(drift({ before: {}, actions: ["delete"] })).toMatchObject({
    verdict: "stop",
    findings: [
      {
        rule: "drift",
        title: expect.stringContaining("outside of Terraform: aws_sqs_queue.q is deleted: lost is") as string,
      },
    ],
  });
  expect(drift({ before: { tags_all: { a: "1" } }, after: { tags_all: { a: "2" } } }).findings).toEqual([]);
});

test("tells what an idle month costs more, and looks when it is much", () => {
  const gateway = { after: { connectivity_type: "public" } };
  const many = { "aws_nat_gateway.a": { ...same }, "aws_nat_gateway.b": gateway };
  const { cost, findings } = review(many);
  expect(cost.before).toBeCloseTo(36.5);
  expect(cost.after).toBeCloseTo(73);
  expect(findings).toMatchObject([{ severity: "look", rule: "cost" }]);
  expect(
    review({ "aws_db_instance.d": { after: { instance_class: "db.unknown", allocated_storage: 20 } } })
      .findings,
  ).toMatchObject([{ rule: "cost", title: expect.stringContaining("db.unknown") as string }]);
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

test("the digest is of what a plan would do: not of when, or in which order it was told", () => {
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
