import { parsePolicy } from "../../packages/iam/document";
import { evaluate as evaluateAccess } from "../../packages/iam/evaluate";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { evaluate } from "../../policies/evaluate";
import { exceptions } from "../../policies/exceptions";
import { SettingsError } from "../../stacks/lib/schema";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import { pullRequestEnvironment, withPullRequest } from "../../stacks/pull-request-environment";
import { checkEnvironments, type EnvironmentSettings } from "../../stacks/settings";
import { decoded, settingsOf, synthFoundationOf, synthSettings } from "../support/synth";

const dev: EnvironmentSettings = { ...settingsOf("dev"), pullRequests: { most: 2, expireAfterDays: 3 } };
const pr = pullRequestEnvironment(dev, 123);

function problemsOf(all: readonly unknown[]): readonly string[] {
  try {
    checkEnvironments(all);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

test.each([
  ["dev", dev],
  [
    "the largest settings",
    { ...settingsOf("prod"), protect: false, pullRequests: dev.pullRequests } as EnvironmentSettings,
  ],
])("made from %s, the settings are accepted, small, and satisfy the policies", (_, base) => {
  const settings = pullRequestEnvironment(base, 123);
  expect(problemsOf([base, settings])).toEqual([]);
  expect(settings).toMatchObject({
    name: "pr-123",
    domain: `pr-123.${base.domain}`,
    protect: false,
    network: { nat: "none", endpoints: ["secretsmanager"] },
    database: { instanceClass: "db.t4g.micro" },
    cache: { nodeType: "cache.t4g.micro" },
  });
  const stack = synthSettings(settings);
  expect(stack.of("aws_nat_gateway")).toEqual([]);
  expect(stack.of("aws_sns_topic")).toEqual([]);
  const { findings } = evaluate([new Stack("streamflow-pr-123", stack.json)], {
    exceptions,
    today: new Date(),
  });
  expect(findings.filter((finding) => finding.stack === "streamflow-pr-123")).toEqual([]);
});

const prod = settingsOf("prod");

/** What an environment of a pull request may not have, and the setting that the message names. */
const FORBIDDEN: readonly (readonly [string, Partial<EnvironmentSettings>])[] = [
  ["protect", { protect: true }],
  ["encryption", { encryption: "customer" }],
  ["network.nat", { network: { ...pr.network, nat: "one" } }],
  ["dns", { dns: { kind: "route53", hostedZoneId: "Z0123456789" } }],
  ["alarms", { alarms: prod.alarms }],
  ["budget", { budget: { monthlyUsd: 10, emails: ["a@b.co"] } }],
  ["backup", { backup: prod.backup }],
  ["syntheticCheck", { syntheticCheck: { everyMinutes: 60, readyWithinMinutes: 5 } }],
  ["app.domain", { app: { ...pr.app, domain: "console.example.com" } }],
  [
    "grafana",
    {
      grafana: {
        kind: "saml",
        metadataUrl: "https://idp.example/m",
        roleAttribute: "role",
        adminRoles: ["ops"],
        editorRoles: ["dev"],
      },
    },
  ],
];

test.each(FORBIDDEN)("with %s, it is refused in one line that says why", (path, change) => {
  const problems = problemsOf([dev, { ...pr, ...change }]).filter((line) => line.startsWith("pr-123"));
  expect(problems).toEqual([
    expect.stringMatching(
      new RegExp(`^pr-123\\.${path} must be .*: an environment of a pull request is destroyed with it$`),
    ),
  ]);
});

test("service levels are refused with the alarms that they need", () => {
  const lines = problemsOf([dev, { ...pr, alarms: prod.alarms, slo: prod.slo }]);
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["pr-123.alarms", "pr-123.slo"]);
});

test.each([
  [
    "a state in Terraform Cloud",
    [{ ...dev, state: { kind: "terraform-cloud", organization: "acme" } }],
    "state.kind",
  ],
  [
    "an account with a protected environment",
    [dev, { ...dev, name: "live", domain: "l.example.com", protect: true, pullRequests: undefined }],
    "pullRequests",
  ],
  [
    "another environment that has them",
    [dev, { ...dev, name: "qa", domain: "qa.example.com" }],
    "pullRequests",
  ],
  ["a name of a pull request without an environment to be made from", [settingsOf("dev"), pr], "name"],
])("with %s, pull requests are refused in one line", (_, all, path) => {
  const environments = all.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)),
  );
  const problems = problemsOf(environments);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`.${path} must be `);
});

test.each(["pr-0", "pr-01", "pr-1234567", "pr-", "pr-x", "pr-1-2", "pr"])(
  "%s is no name of an environment",
  (name) => {
    expect(pullRequestOf(name)).toBeUndefined();
    expect(problemsOf([dev, { ...pr, name }])).toEqual([expect.stringContaining(`name must be 2 to 12`)]);
  },
);

test("is added only where an environment has pullRequests", () => {
  expect(withPullRequest([dev], 123)).toEqual([dev, pr]);
  expect(withPullRequest([dev], undefined)).toEqual([dev]);
  expect(withPullRequest([settingsOf("dev")], 123)).toEqual([settingsOf("dev")]);
});

describe("the foundation", () => {
  const foundation = synthFoundationOf([dev]);

  test("is the same before, during and after a pull request", () => {
    expect(synthFoundationOf([dev, pr]).json).toEqual(foundation.json);
  });

  test("keeps what it had, with pull requests and a fourth environment", () => {
    const alone = settingsOf("dev");
    const fourth = { ...alone, name: "demo", domain: "demo.streamflow.com" };
    const [before, after] = [synthFoundationOf([alone]), synthFoundationOf([dev, fourth])];
    const renamed = [...before.resources].filter(([address, { name, bucket }]) => {
      const now = after.resources.get(address);
      return now === undefined || now.name !== name || now.bucket !== bucket;
    });
    expect(renamed).toEqual([]);
  });

  /** Whether a GitHub token with this subject can assume a role for pull requests. */
  function isTrusted(role: "plan" | "apply", subject: string): boolean {
    const trust = parsePolicy(
      "trust",
      decoded(foundation.at(`aws_iam_role.pr_${role}`).assume_role_policy as string),
    );
    const [principal] = trust.flatMap(({ principals }) => principals);
    const issuer = "token.actions.githubusercontent.com";
    const context = { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: subject };
    const request = { action: "sts:AssumeRoleWithWebIdentity", resource: role, principal, context };
    return evaluateAccess(request, { resourcePolicy: trust }).result === "allowed";
  }

  const own = `repo:${dev.repository}`;
  test.each([
    // what a branch of the repository can plan, main can sweep, and reviewers let it deploy
    [`${own}:pull_request`, true, false],
    [`${own}:ref:refs/heads/main`, true, true],
    [`${own}:environment:pull-requests`, false, true],
    [`${own}:environment:dev`, false, false],
    [`${own}:environment:pr-123`, false, false],
    [`${own}:ref:refs/heads/mine`, false, false],
    ["repo:mallory/infrastructure:pull_request", false, false],
    ["repo:mallory/infrastructure:environment:pull-requests", false, false],
    ["repo:mallory/infrastructure:ref:refs/heads/main", false, false],
  ])("%s may plan: %s, and apply: %s", (subject, mayPlan, mayApply) => {
    expect([isTrusted("plan", subject), isTrusted("apply", subject)]).toEqual([mayPlan, mayApply]);
  });

  const documentsOf = (addresses: readonly string[]) =>
    addresses.flatMap((address) => parsePolicy(address, decoded(foundation.at(address).policy as string)));
  const policies = {
    identityPolicies: documentsOf(
      ["", "edge_", "operations_", "roles_"].map((part) => `aws_iam_policy.pr_apply_${part}permissions`),
    ),
    boundary: documentsOf(["aws_iam_policy.pr_boundary"]),
  };
  const { account } = dev;
  const bucket = `arn:aws:s3:::streamflow-state-${account}`;
  const workload = (name: string) => `arn:aws:iam::${account}:policy/streamflow-foundation-workload-${name}`;
  const may = (action: string, resource: string, boundary = workload("pr")): boolean =>
    evaluateAccess({ action, resource, context: { "iam:permissionsboundary": boundary } }, policies)
      .result === "allowed";

  test.each([
    ["s3:PutObject", `${bucket}/streamflow-NAME/terraform.tfstate`],
    ["s3:DeleteBucket", `arn:aws:s3:::streamflow-NAME-uploads-${account}`],
    ["iam:CreateRole", `arn:aws:iam::${account}:role/streamflow-NAME-media`],
    ["iam:DeleteRole", `arn:aws:iam::${account}:role/streamflow-NAME-media`],
    ["lambda:InvokeFunction", `arn:aws:lambda:us-east-1:${account}:function:streamflow-NAME-migrate:1`],
  ])("its apply role may %s of pull requests, and of no other environment", (action, resource) => {
    expect(may(action, resource.replace("NAME", "pr-123"))).toBe(true);
    for (const other of ["dev", "prod", `foundation-${account}`])
      expect([other, may(action, resource.replace("NAME", other))]).toEqual([other, false]);
  });

  test("its apply role gives roles the boundary of pull requests only, pushes to their registry, and finds what is left", () => {
    const role = `arn:aws:iam::${account}:role/streamflow-pr-123-media`;
    expect(may("iam:CreateRole", role, workload("dev"))).toBe(false);
    const registry = (name: string) =>
      `arn:aws:ecr:us-east-1:${account}:repository/streamflow-${name}-processor-task-images`;
    expect([may("ecr:PutImage", registry("pr")), may("ecr:PutImage", registry("dev"))]).toEqual([
      true,
      false,
    ]);
    expect(may("tag:GetResources", "*")).toBe(true);
  });

  test("the environment's roles have its boundary, and its tasks its registry", () => {
    const stack = synthSettings(pr);
    const roles = stack.of("aws_iam_role");
    expect(roles.length).toBeGreaterThan(4);
    for (const role of roles) expect(role.permissions_boundary).toBe(workload("pr"));
    expect(JSON.stringify(stack.of("aws_ecs_task_definition"))).toContain(
      "streamflow-pr-processor-task-images",
    );
  });

  test("the apply role of the environment beside can't touch states of pull requests", () => {
    const boundary = documentsOf(["aws_iam_policy.dev_boundary"]);
    const request = {
      action: "s3:PutObject",
      resource: `${bucket}/streamflow-pr-123/terraform.tfstate`,
      context: {},
    };
    expect(evaluateAccess(request, { identityPolicies: boundary, boundary }).result).toBe(
      "explicitly-denied",
    );
  });
});
