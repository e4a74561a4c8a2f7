import { STATIC_ASSETS } from "../../../../cli/web/build";
import { parsePolicy, type Statement } from "../../../../packages/iam/document";
import { evaluate } from "../../../../packages/iam/evaluate";
import { matchesAction } from "../../../../packages/iam/patterns";
import {
  UNRECORDED_ACTIONS,
  type UnrecordedActions,
} from "../../../../stacks/constructs/delivery/unrecorded-actions";
import RECORDED from "../../../support/delivery-asks.json";
import { expectNoFaults } from "../../../support/faults";
import { RECORD_DELIVERIES } from "../../../support/record-deliveries";
import {
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
} from "../../../support/synth";
import { testEnvironments } from "../../../support/test-environments";

/** IAM's maximum number of characters of a managed policy, without white space, and of managed policies of a role. */
const MAX_POLICY_LENGTH = 6_144;
const MAX_POLICIES = 10;

/** What reads, copies, changes or opens data, and that no deployment needs; each on a resource of the environment. */
const DATA_ACCESS = (
  name: string,
  account: string,
): readonly (readonly [action: string, resource: string])[] => {
  const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;
  const bucket = (id: string) => `arn:aws:s3:::streamflow-${name}-${id}-${account}`;
  const pool = arn("cognito-idp", "userpool/us-east-1_a");
  const snapshot = arn("rds", `snapshot:streamflow-${name}`);
  return [
    ...["GetObject", "GetObjectVersion", "PutObject", "ReplicateObject", "PutObjectAcl"].flatMap((action) =>
      ["uploads", "streams", "backup", "logs"].map(
        (id) => [`s3:${action}`, `${bucket(id)}/a/source`] as const,
      ),
    ),
    ["s3:CreateAccessPoint", arn("s3", "accesspoint/a")],
    ["s3:PutBucketAcl", bucket("uploads")],
    ["s3:PutBucketVersioning", "arn:aws:s3:::another-bucket"],
    ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:a")],
    ["secretsmanager:BatchGetSecretValue", "*"],
    ["secretsmanager:PutSecretValue", arn("secretsmanager", "secret:a")],
    ["secretsmanager:PutResourcePolicy", arn("secretsmanager", "secret:a")],
    ["secretsmanager:ReplicateSecretToRegions", arn("secretsmanager", "secret:a")],
    ...["ReceiveMessage", "DeleteMessage", "PurgeQueue", "AddPermission"].map(
      (action) => [`sqs:${action}`, arn("sqs", `streamflow-${name}-media-queue`)] as const,
    ),
    ...["GetLogEvents", "FilterLogEvents", "StartQuery", "StartLiveTail", "PutSubscriptionFilter"].map(
      (action) => [`logs:${action}`, arn("logs", "log-group:/aws/lambda/a:*")] as const,
    ),
    ...["AdminSetUserPassword", "AdminGetUser", "AdminCreateUser", "ListUsers"].map(
      (action) => [`cognito-idp:${action}`, pool] as const,
    ),
    ["ecs:ExecuteCommand", arn("ecs", "task/a/b")],
    ["ecs:RunTask", arn("ecs", "task-definition/a:1")],
    ["lambda:InvokeFunction", arn("lambda", `function:streamflow-${name}-media`)],
    ...["ModifyDBSnapshotAttribute", "CopyDBSnapshot", "DeleteDBSnapshot"].map(
      (action) => [`rds:${action}`, snapshot] as const,
    ),
    ["rds:CreateDBSnapshot", arn("rds", `db:streamflow-${name}-database`)],
    ["rds:RestoreDBInstanceFromDBSnapshot", snapshot],
    ["rds:DownloadDBLogFilePortion", arn("rds", `db:streamflow-${name}-database`)],
    ["rds-db:connect", arn("rds-db", "dbuser:db-A/media")],
    ["elasticache:CopySnapshot", arn("elasticache", "snapshot:a")],
    ["elasticache:CreateSnapshot", arn("elasticache", "replicationgroup:a")],
    ["elasticache:Connect", arn("elasticache", "replicationgroup:a")],
    ["backup:PutBackupVaultAccessPolicy", arn("backup", "backup-vault:a")],
    ["backup:StartCopyJob", arn("backup", "backup-vault:a")],
    ["backup:StartRestoreJob", arn("backup", "recovery-point:a")],
    ["backup:DeleteRecoveryPoint", arn("backup", "recovery-point:a")],
    ["kms:Decrypt", arn("kms", "key/a")],
    ["kms:PutKeyPolicy", arn("kms", "key/a")],
    ["kms:UpdateAlias", arn("kms", "alias/a")],
    ["kms:ReEncryptFrom", arn("kms", "key/a")],
    ["kms:CreateGrant", arn("kms", "key/a")],
    ["ecr:BatchDeleteImage", arn("ecr", "repository/a")],
    ["ecr:SetRepositoryPolicy", arn("ecr", "repository/a")],
    ["ecr:PutImage", arn("ecr", "repository/a")],
    ["ec2:CreateVpcPeeringConnection", arn("ec2", "vpc/vpc-1")],
    ["iam:CreateUser", `arn:aws:iam::${account}:user/a`],
    ["iam:CreateAccessKey", `arn:aws:iam::${account}:user/a`],
    ["iam:PutRolePolicy", `arn:aws:iam::${account}:role/streamflow-foundation-${account}-${name}-apply`],
    ["sts:AssumeRole", `arn:aws:iam::${account}:role/streamflow-${name}-media-role`],
  ];
};

/** Services that roles trust and that get none from the pipeline, each with its reason. */
const NOT_PASSED_BY_THE_PIPELINE: Readonly<Record<string, string>> = {
  "apigateway.amazonaws.com": "the foundation passes it, which a person deploys",
};

/** AWS services that assume roles of the environments and their foundations. */
function trustedServices(): string[] {
  const services = testEnvironments
    .flatMap(({ name }) => [synthEnvironment(name), synthFoundation(name)])
    .flatMap((stack) => stack.of("aws_iam_role"))
    .flatMap(({ assume_role_policy: trust }) => parsePolicy("trust", decoded(trust as string)))
    .flatMap(({ principals }) => principals)
    .flatMap((principal) => (principal.startsWith("Service:") ? principal.slice("Service:".length) : []));
  return [...new Set(services)];
}

/** Services that get a role of the environments without permission, or need none of the permissions. */
function passedFaults(trusted: readonly string[], passed: readonly string[]): string[] {
  const list = "PASSED_TO_SERVICES in stacks/constructs/delivery/delivery-permissions.ts";
  return [
    ...trusted.filter((service) => !passed.includes(service)).map((service) => `add ${service} to ${list}`),
    ...passed
      .filter((service) => !trusted.includes(service))
      .map((service) => `no role trusts ${service}: remove it from ${list}`),
  ];
}

/** Statements of the apply role's own policies. */
function permissionsOf(foundation: Synthesized, name: string): Statement[] {
  return policiesOf(foundation, name).flatMap(([address, policy]) => parsePolicy(address, policy));
}

function policiesOf({ resources }: Synthesized, name: string): [address: string, policy: object][] {
  return [...resources]
    .filter(([address]) => new RegExp(`^aws_iam_policy\\.${name}_apply_(\\w+_)?permissions$`).test(address))
    .map(([address, { policy }]) => [address, decoded(policy as string)]);
}

const recorded = new Set(RECORDED.apply.map((line) => line.split(" ")[0] ?? ""));

/** Rights that nobody can explain, and explanations of rights that are used or not granted. */
function unusedFaults(
  granted: readonly string[],
  used: ReadonlySet<string>,
  reasons: readonly UnrecordedActions[],
): string[] {
  const explained = reasons.flatMap(({ actions }) => actions);
  const table = "UNRECORDED_ACTIONS in stacks/constructs/delivery/unrecorded-actions.ts";
  return [
    ...granted
      .filter((action) => ![...used].some((one) => matchesAction(action, one)) && !explained.includes(action))
      .map(
        (action) =>
          `${action} is granted and was never recorded: remove it, record it with ${RECORD_DELIVERIES}, or add it to ${table}`,
      ),
    ...explained
      .filter((action) => used.has(action))
      .map((action) => `${action} is recorded: remove it from ${table}`),
    ...explained
      .filter((action) => !granted.includes(action))
      .map((action) => `${action} is not granted: remove it from ${table}`),
    ...explained
      .filter((action, index) => explained.indexOf(action) !== index)
      .map((action) => `${action} is twice in ${table}`),
  ];
}

describe.each(testEnvironments.map(({ name }) => name))("the apply role of %s", (name) => {
  const foundation = synthFoundation(name);
  const { protect, account } = settingsOf(name);
  const identityPolicies = permissionsOf(foundation, name);
  const boundary = parsePolicy(
    "boundary",
    decoded(foundation.at(`aws_iam_policy.${name}_boundary`).policy as string),
  );
  const resultOf = (action: string, resource: string) =>
    evaluate({ action, resource, context: {} }, { identityPolicies, boundary }).result;

  test("has every right for a reason: a recorded call, or an entry of the table", () => {
    const granted = [
      ...new Set(
        identityPolicies.filter(({ effect }) => effect === "Allow").flatMap(({ actions }) => actions),
      ),
    ];
    expect(granted.length).toBeGreaterThan(250);
    expectNoFaults(unusedFaults(granted, recorded, UNRECORDED_ACTIONS));
  });

  test("has no wildcard", () => {
    expect(
      identityPolicies.flatMap(({ actions }) => actions).filter((action) => action.includes("*")),
    ).toEqual([]);
  });

  const guarded = DATA_ACCESS(name, account).filter(
    // A backup vault that is not protected can be emptied.
    ([action]) => protect || action !== "backup:DeleteRecoveryPoint",
  );

  test.each(guarded)("may not %s on %s", (action, resource) => {
    expect(resultOf(action, resource)).not.toBe("allowed");
  });

  test("may run migrations, and do what npm run deploy and npm run watch do after Terraform", () => {
    const environment = synthEnvironment(name);
    const { function_name: migrate } = environment.at("aws_lambda_function.migrate");
    const { bucket } = environment.at("aws_s3_bucket.storage_static");
    const calls = [
      ...["7", "live"].map((qualifier) => [
        "lambda:InvokeFunction",
        `arn:aws:lambda:us-east-1:${account}:function:${migrate as string}:${qualifier}`,
      ]),
      ["s3:PutObject", `arn:aws:s3:::${bucket as string}/${STATIC_ASSETS}/app-0123abcd.js`],
      ...["GetApp", "CreateDeployment", "StartDeployment", "GetJob"].map((one) => [`amplify:${one}`, "*"]),
      ...["GetAlias", "GetFunctionConfiguration", "ListVersionsByFunction", "UpdateAlias"].map((one) => [
        `lambda:${one}`,
        "*",
      ]),
      ["cloudwatch:DescribeAlarms", "*"],
    ] as const;
    const denied = calls.filter(([action = "", resource = ""]) => resultOf(action, resource) !== "allowed");
    expect(denied).toEqual([]);
  });

  test("may pass roles only to the services that they trust", () => {
    const passing = identityPolicies.filter(({ actions }) => actions.includes("iam:PassRole"));
    const services = trustedServices().filter((service) => !(service in NOT_PASSED_BY_THE_PIPELINE));
    const conditions = passing.flatMap((statement) => statement.conditions);
    expect(conditions.map(({ operator, key }) => [operator, key])).toEqual([
      ["StringEquals", "iam:PassedToService"],
    ]);
    expectNoFaults(
      passedFaults(
        services,
        conditions.flatMap(({ values }) => values),
      ),
    );
    const mayPass = (service: string) => {
      const context = { "iam:passedtoservice": service };
      const resource = `arn:aws:iam::${account}:role/streamflow-${name}-media-role`;
      return evaluate({ action: "iam:PassRole", resource, context }, { identityPolicies, boundary }).result;
    };
    expect(mayPass("lambda.amazonaws.com")).toBe("allowed");
    for (const other of ["ec2.amazonaws.com", "ssm.amazonaws.com", "glue.amazonaws.com"])
      expect(mayPass(other)).toBe("implicitly-denied");
  });

  test("may create the service-linked roles that recorded calls need, and no others", () => {
    const action = "iam:CreateServiceLinkedRole";
    const granted = identityPolicies
      .filter(({ actions }) => actions.includes(action))
      .flatMap(({ resources }) => resources);
    const needed = RECORDED.apply
      .filter((line) => line.startsWith(`${action} `))
      .map((line) =>
        line
          .slice(action.length + 1)
          .replace("ACCOUNT", account)
          .replace(/[^/]+$/, "*"),
      );
    expect(granted.toSorted()).toEqual([...new Set(needed)].sort());
  });

  test("fits into the policies that IAM allows", () => {
    const policies = policiesOf(foundation, name);
    expect(policies.length).toBeLessThanOrEqual(MAX_POLICIES);
    expect(
      foundation.of("aws_iam_role_policy_attachment").map(({ policy_arn: arn }) => arn as string),
    ).toEqual(expect.arrayContaining(policies.map(([address]) => `\${${address}.arn}`)));
    for (const { policy } of foundation.of("aws_iam_policy")) {
      const { length } = JSON.stringify(decoded(policy as string)).replace(/\s/g, "");
      expect(length).toBeLessThanOrEqual(MAX_POLICY_LENGTH);
    }
  });
});

test("a service that gets no role from the pipeline is one that a role trusts", () => {
  expect(trustedServices()).toEqual(expect.arrayContaining(Object.keys(NOT_PASSED_BY_THE_PIPELINE)));
});

test("a service that roles trust without permission, and one that no role trusts, are named", () => {
  const list = "PASSED_TO_SERVICES in stacks/constructs/delivery/delivery-permissions.ts";
  expect(passedFaults(["lambda.amazonaws.com"], ["lambda.amazonaws.com"])).toEqual([]);
  expect(passedFaults(["lambda.amazonaws.com"], ["ec2.amazonaws.com"])).toEqual([
    `add lambda.amazonaws.com to ${list}`,
    `no role trusts ec2.amazonaws.com: remove it from ${list}`,
  ]);
});

test("a right without a reason, and a reason without a right or with a use, are named", () => {
  const reasons = [{ reason: "why", actions: ["s3:PutBucketAcl", "s3:GetBucketAcl"] }];
  const used = new Set(["s3:GetBucketAcl", "s3:CreateBucket"]);
  expect(unusedFaults(["s3:CreateBucket"], used, [])).toEqual([]);
  expect(unusedFaults(["s3:CreateBucket", "s3:GetBucketAcl", "s3:PutBucketPolicy"], used, reasons)).toEqual([
    expect.stringContaining("s3:PutBucketPolicy is granted and was never recorded"),
    expect.stringContaining("s3:GetBucketAcl is recorded"),
    expect.stringContaining("s3:PutBucketAcl is not granted"),
  ]);
});
