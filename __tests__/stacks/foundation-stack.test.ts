import { byAccount } from "../../stacks/foundation-stack";
import { decoded, settingsOf, type Synthesized, synthEnvironment, synthFoundation } from "../support/synth";
import { testEnvironments } from "../support/test-environments";

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, unknown>> };
}

const statements = (policy: unknown): Statement[] => decoded(policy as string).Statement as Statement[];

/** Who may assume a role: the subjects of GitHub's tokens. */
const subjects = (stack: Synthesized, role: string): unknown =>
  statements(stack.at(`aws_iam_role.${role}`).assume_role_policy)[0]?.Condition?.StringEquals[
    "token.actions.githubusercontent.com:sub"
  ];

describe.each(testEnvironments.map(({ name }) => name))("the foundation of %s", (name) => {
  const stack = synthFoundation(name);
  const { protect } = settingsOf(name);

  test("makes the bucket that the environment's state is kept in", () => {
    const { bucket } = synthEnvironment(name).json.terraform.backend.s3;
    expect(stack.at("aws_s3_bucket.state")).toMatchObject({
      bucket,
      force_destroy: !protect,
      lifecycle: { prevent_destroy: protect },
    });
    expect(stack.at("aws_s3_bucket_versioning.state_versioning").versioning_configuration.status).toBe(
      "Enabled",
    );
  });

  test("plans for pull requests and main, applies for the GitHub environment only", () => {
    expect(subjects(stack, `${name}_plan`)).toEqual([
      "repo:streamflow/infrastructure:pull_request",
      "repo:streamflow/infrastructure:ref:refs/heads/main",
    ]);
    expect(subjects(stack, `${name}_apply`)).toEqual([`repo:streamflow/infrastructure:environment:${name}`]);
  });

  test("the plan role writes nothing but the lock of its own state, and reads no other object", () => {
    const policy = statements(stack.at(`aws_iam_role_policy.${name}_plan_state`).policy);
    const state = `arn:aws:s3:::${settingsOf(name).state.kind === "s3" ? stack.at("aws_s3_bucket.state").bucket : ""}/streamflow-${name}/terraform.tfstate`;
    const writes = policy.filter(({ Action }) => Action.includes("s3:PutObject"));
    expect(writes.flatMap(({ Resource }) => Resource)).toEqual([`${state}.tflock`]);
    const denied = policy.find(({ Effect }) => Effect === "Deny");
    expect(denied).toMatchObject({
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      NotResource: [state, `${state}.tflock`],
    });
  });

  test("the apply role can't widen itself, and ends no data where data is protected", () => {
    const role = stack.at(`aws_iam_role.${name}_apply`);
    expect(role.permissions_boundary).toBe(`\${aws_iam_policy.${name}_boundary.arn}`);
    const boundary = statements(stack.at(`aws_iam_policy.${name}_boundary`).policy);
    const denied = (sid: string): readonly string[] => boundary.find(({ Sid }) => Sid === sid)?.Action ?? [];
    expect(denied("NotItself")).toEqual(["iam:*"]);
    expect(denied("NotTheStateBucket")).toContain("s3:DeleteBucket");
    expect(denied("NotOtherStates")).toContain("s3:PutObject");
    expect(denied("NoDataIsEnded").includes("rds:DeleteDBInstance")).toBe(protect);
    expect(denied("BoundariesStay")).toEqual(["iam:DeleteRolePermissionsBoundary"]);
  });

  test("the apply role makes and fills roles only under the workload boundary, which knows no IAM", () => {
    const workload = stack.at(`aws_iam_policy.${name}_workload`);
    const arn = `arn:aws:iam::${settingsOf(name).account}:policy/${workload.name as string}`;
    const granting = /iam:(CreateRole|AttachRolePolicy|Put\w+)$/;
    const grants = statements(stack.at(`aws_iam_policy.${name}_apply_permissions`).policy).filter(
      ({ Action }) => Action.some((action) => granting.test(action)),
    );
    expect(grants).toHaveLength(1);
    expect(grants[0]?.Condition).toEqual({ StringEquals: { "iam:PermissionsBoundary": arn } });
    const [allowed, ...denied] = statements(workload.policy);
    expect(allowed?.Action.filter((action) => /^(iam|sts|organizations|\*)/.test(action))).toEqual([]);
    expect(denied.map(({ Sid }) => Sid)).toEqual(
      protect ? ["NoStates", "NoDataIsEnded", "NoSnapshotIsEnded"] : ["NoStates"],
    );
    for (const role of synthEnvironment(name).of("aws_iam_role")) {
      expect(role.permissions_boundary).toBe(arn);
    }
  });

  test("a workload boundary holds every action that a role of the environment is given", () => {
    const [allowed] = statements(stack.at(`aws_iam_policy.${name}_workload`).policy);
    const patterns = (allowed?.Action ?? []).map((action) => new RegExp(`^${action.replaceAll("*", ".*")}$`));
    const given = synthEnvironment(name)
      .of("aws_iam_role_policy")
      .flatMap(({ policy }) => statements(policy).flatMap(({ Action }) => Action));
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter((action) => !patterns.some((pattern) => pattern.test(action)))).toEqual([]);
  });
});

test("environments of one account share a foundation", () => {
  const [dev, staging] = [settingsOf("dev"), settingsOf("staging")];
  expect(
    byAccount([dev, { ...staging, account: dev.account }]).map((all) => all.map(({ name }) => name)),
  ).toEqual([["dev", "staging"]]);
  expect(byAccount([dev, staging])).toHaveLength(2);
});
