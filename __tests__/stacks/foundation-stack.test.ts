import { App } from "cdktf";
import { byAccount, FoundationStack } from "../../stacks/foundation-stack";
import { checkEnvironments } from "../../stacks/settings";
import { parsePolicy } from "../../packages/iam/document";
import { evaluate } from "../../packages/iam/evaluate";
import RECORDED from "../support/plan-reads.json";
import READ_ONLY from "../support/read-only-access.json";
import {
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
  synthFoundationOf,
} from "../support/synth";
import { testEnvironments } from "../support/test-environments";

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, unknown>> };
}

/** As in the examples of GitHub's documentation. */
const IDS = { repositoryIds: { owner: 123_456, repository: 456_789 } };

const statements = (policy: unknown): Statement[] => decoded(policy as string).Statement as Statement[];

/** Whether GitHub's token with a subject is let into a role. */
function isTrusted(
  stack: Synthesized,
  role: string,
  subject: string,
  audience = "sts.amazonaws.com",
): boolean {
  const trust = decoded(stack.at(`aws_iam_role.${role}`).assume_role_policy as string);
  const [provider] = parsePolicy("trust", trust).flatMap(({ principals }) => principals);
  const request = {
    action: "sts:AssumeRoleWithWebIdentity",
    resource: role,
    principal: provider,
    context: {
      "token.actions.githubusercontent.com:aud": audience,
      "token.actions.githubusercontent.com:sub": subject,
    },
  };
  return evaluate(request, { resourcePolicy: parsePolicy("trust", trust) }).result === "allowed";
}

describe.each(testEnvironments.map(({ name }) => name))("the foundation of %s", (name) => {
  const stack = synthFoundation(name);
  const { protect } = settingsOf(name);

  test("creates the bucket of the environment's state", () => {
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

  describe.each([
    ["by its names", "octocat/my-repo", {}],
    ["by names and ids", "octocat@123456/my-repo@456789", IDS],
    ["by names, where the ids are known too", "octocat/my-repo", IDS],
  ] as const)("where GitHub's tokens call the repository %s", (_, repository, ids) => {
    const trusting = synthFoundation(name, { repository: "octocat/my-repo", ...ids });

    test.each(["pull_request", "ref:refs/heads/main"])("a job of %s may plan, and not apply", (context) => {
      expect(isTrusted(trusting, `${name}_plan`, `repo:${repository}:${context}`)).toBe(true);
      expect(isTrusted(trusting, `${name}_apply`, `repo:${repository}:${context}`)).toBe(false);
    });

    test("a job of the GitHub environment may apply", () => {
      expect(isTrusted(trusting, `${name}_apply`, `repo:${repository}:environment:${name}`)).toBe(true);
    });
  });

  test.each([
    ["of another environment", "octocat@123456/my-repo@456789:environment:other"],
    ["of another branch", "octocat@123456/my-repo@456789:ref:refs/heads/mine"],
    ["of a tag", "octocat@123456/my-repo@456789:ref:refs/tags/main"],
    ["of a fork", "mallory/my-repo:pull_request"],
    ["of a repository that took the name", `octocat@123456/my-repo@456780:environment:${name}`],
    ["of an owner who took the name", `octocat@123450/my-repo@456789:environment:${name}`],
    ["with the owner's id alone", `octocat@123456/my-repo:environment:${name}`],
    ["with a pattern", `octocat@*/my-repo@*:environment:${name}`],
  ])("no token %s is trusted", (_, subject) => {
    const trusting = synthFoundation(name, { repository: "octocat/my-repo", ...IDS });
    for (const role of [`${name}_plan`, `${name}_apply`]) {
      expect(isTrusted(trusting, role, `repo:${subject}`)).toBe(false);
    }
  });

  test("no token for another audience is trusted", () => {
    const subject = `repo:streamflow/infrastructure:environment:${name}`;
    expect(isTrusted(stack, `${name}_apply`, subject)).toBe(true);
    expect(isTrusted(stack, `${name}_apply`, subject, "https://github.com/streamflow")).toBe(false);
  });

  describe("the plan role", () => {
    const { account } = settingsOf(name);
    const [bucket] = [stack.at("aws_s3_bucket.state").bucket as string];
    const attached = stack.at(`aws_iam_role_policy_attachment.${name}_plan_read_only`).policy_arn as string;
    const policies = {
      identityPolicies: [
        ...parsePolicy("state", decoded(stack.at(`aws_iam_role_policy.${name}_plan_state`).policy as string)),
        ...parsePolicy("ReadOnlyAccess", {
          Statement: [{ Effect: "Allow", Action: READ_ONLY.actions, Resource: "*" }],
        }),
      ],
    };
    const may = (action: string, resource: string) =>
      evaluate({ action, resource, context: {} }, policies).result === "allowed";

    test("may do all that a plan was seen to ask of AWS", () => {
      expect(attached).toBe(READ_ONLY.policy);
      const asked = RECORDED.map((line) =>
        line
          .replace("STATE_BUCKET", bucket)
          .replaceAll("ACCOUNT", account)
          .replaceAll("streamflow-NAME", `streamflow-${name}`)
          .split(" "),
      );
      expect(asked.length).toBeGreaterThan(100);
      const services = asked.map(([action = ""]) => action.split(":")[0] ?? "");
      expect(services.filter((service) => !READ_ONLY.services.includes(service))).toEqual([]);
      expect(asked.filter(([action = "", resource = ""]) => !may(action, resource))).toEqual([]);
    });

    test("reads the objects that the environment's stack manages, and no others that are stored there", () => {
      const environment = synthEnvironment(name);
      const managed = environment.of("aws_s3_object").map(({ bucket: reference, key }) => {
        const [, address = ""] = /^\$\{(aws_s3_bucket\.\w+)\.id\}$/.exec(reference as string) ?? [];
        return `arn:aws:s3:::${environment.at(address).bucket as string}/${key as string}`;
      });
      expect(managed.length).toBeGreaterThan(0);
      expect(managed.filter((arn) => !may("s3:GetObject", arn))).toEqual([]);
      for (const { bucket: other } of environment.of("aws_s3_bucket")) {
        expect(may("s3:GetObject", `arn:aws:s3:::${other as string}/uploads/a/source`)).toBe(false);
        expect(may("s3:GetObject", `arn:aws:s3:::${other as string}/static/other.json`)).toBe(false);
      }
    });
  });

  test("the plan role writes only its own state's lock, and reads no other object", () => {
    const policy = statements(stack.at(`aws_iam_role_policy.${name}_plan_state`).policy);
    const state = `arn:aws:s3:::${settingsOf(name).state.kind === "s3" ? stack.at("aws_s3_bucket.state").bucket : ""}/streamflow-${name}/terraform.tfstate`;
    const writes = policy.filter(({ Action }) => Action.includes("s3:PutObject"));
    expect(writes.flatMap(({ Resource }) => Resource)).toEqual([`${state}.tflock`]);
    const denied = policy.find(({ Effect }) => Effect === "Deny");
    expect(denied).toMatchObject({
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      NotResource: [
        state,
        `${state}.tflock`,
        `arn:aws:s3:::streamflow-${name}-static-${settingsOf(name).account}/static/config.json`,
      ],
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

  test("the apply role creates and changes roles only with the workload boundary, which allows no IAM", () => {
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

  test("a workload boundary allows every action that a role of the environment has", () => {
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

describe("the foundation of an account whose environments change", () => {
  const dev = settingsOf("dev");
  const like = (name: string) => ({ ...dev, name, domain: `${name}.streamflow.com` });
  const alone = synthFoundationOf([dev]);

  /** Addresses that an environment has for itself. */
  const belongsTo = (name: string, address: string) => new RegExp(`^aws_\\w+\\.${name}_`).test(address);
  const without = (names: readonly string[], { resources }: Synthesized) =>
    Object.fromEntries([...resources].filter(([address]) => !names.some((name) => belongsTo(name, address))));
  /** All that a plan compares, its policies aside that name the other environments' states. */
  const kept = (name: string, { resources }: Synthesized) =>
    Object.fromEntries(
      [...resources].filter(
        ([address]) => belongsTo(name, address) && !address.endsWith(`.${name}_boundary`),
      ),
    );

  test.each([
    ["one is added", [dev, like("test")]],
    ["one is added before the others", [like("alpha"), dev]],
    ["they are in another order", [like("test"), like("alpha"), dev]],
  ] as const)("stays as it is when %s: name, state and all that is shared", (_, together) => {
    const changed = synthFoundationOf([...together] as Parameters<typeof synthFoundationOf>[0]);
    expect(changed.json.terraform.backend).toEqual(alone.json.terraform.backend);
    expect(changed.json.provider).toEqual(alone.json.provider);
    const shared = without(["dev"], alone);
    expect(Object.keys(shared).length).toBeGreaterThan(8);
    expect(without(["dev", "test", "alpha"], changed)).toEqual(shared);
    expect(kept("dev", changed)).toEqual(kept("dev", alone));
    const boundary = ({ resources }: Synthesized) => ({
      ...resources.get("aws_iam_policy.dev_boundary"),
      policy: "",
    });
    expect(boundary(changed)).toEqual(boundary(alone));
  });

  test("is the same in any order of its environments", () => {
    expect(synthFoundationOf([like("test"), dev])).toMatchObject({
      json: { resource: synthFoundationOf([dev, like("test")]).json.resource },
    });
  });

  test("keeps its state under the account's name, and denies it to every apply role", () => {
    const { key } = alone.json.terraform.backend.s3;
    expect(key).toBe(`streamflow-foundation-${dev.account}/terraform.tfstate`);
    const denied = statements(alone.at("aws_iam_policy.dev_boundary").policy).find(
      ({ Sid }) => Sid === "NotOtherStates",
    );
    expect(denied?.Resource).toEqual([`arn:aws:s3:::${alone.at("aws_s3_bucket.state").bucket}/${key}`]);
  });
});

test("no environment can be called like something in the foundation", () => {
  const [dev] = testEnvironments;
  if (dev === undefined) throw new Error("there are no environments");
  const { node } = new FoundationStack(new App(), [dev]);
  const ids = node.children.map((child) => child.node.id).filter((id) => /^[a-z][a-z0-9]{1,11}$/.test(id));
  expect(ids).toEqual(expect.arrayContaining(["dev", "aws", "state", "github", "backend"]));
  for (const name of ids.filter((id) => id !== "dev")) {
    expect(() => checkEnvironments([{ ...dev, name }])).toThrow(`${name}.name must be`);
  }
});
