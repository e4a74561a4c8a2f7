import { parsePolicy } from "../../../../packages/iam/document";
import { evaluate } from "../../../../packages/iam/evaluate";
import { environments } from "../../../../stacks/environments";
import {
  decoded,
  settingsOf,
  type Synthesized,
  synthFoundation,
  synthFoundationOf,
} from "../../../support/synth";
import { testEnvironments } from "../../../support/test-environments";

/** The foundation of an environment whose state bucket has a name like the environment's own buckets. */
function foundationOf(name: string, dataEvents: boolean): Synthesized {
  const { region } = settingsOf(name);
  const audit = { retentionDays: 400, dataEvents };
  const state = { kind: "s3", bucket: `streamflow-${name}-state`, region, audit } as const;
  return synthFoundation(name, { state });
}

const records = "aws_s3_bucket.state_audit_records";

test("without the setting, nothing is recorded", () => {
  const { resources } = synthFoundation("dev");
  expect([...resources.keys()].filter((address) => /audit|cloudtrail|logging/.test(address))).toEqual([]);
});

// A state has addresses and variables of everything, and a role that reads it needs no other permission.
test("the use of the committed states of protected environments is recorded", () => {
  for (const settings of environments.filter(({ protect, state }) => protect && state.kind === "s3")) {
    const { resources } = synthFoundationOf([settings]);
    expect([...resources.keys()]).toEqual(
      expect.arrayContaining([records, "aws_s3_bucket_logging.state_logging"]),
    );
  }
});

describe.each(testEnvironments.map(({ name }) => name))("the audit of the state bucket of %s", (name) => {
  const { account, region } = settingsOf(name);
  const stack = foundationOf(name, true);
  const bucket = `arn:aws:s3:::streamflow-${name}-state-audit`;
  const recordsPolicy = parsePolicy(
    "records",
    decoded(stack.at("aws_s3_bucket_policy.state_audit_records_policy").policy as string),
  );

  test("keeps access logs for the configured time", () => {
    expect(stack.at(records).bucket).toBe(`streamflow-${name}-state-audit`);
    expect(stack.at("aws_s3_bucket_logging.state_logging").target_bucket).toBe(`\${${records}.id}`);
    const { rule } = stack.at("aws_s3_bucket_lifecycle_configuration.state_audit_records_lifecycle");
    expect(rule[0].expiration).toEqual([{ days: 400 }]);
  });

  test("records reads and writes of objects, and of no other bucket", () => {
    const trail = stack.at("aws_cloudtrail.state_audit_trail");
    expect(trail).toMatchObject({ enable_log_file_validation: true, s3_bucket_name: `\${${records}.id}` });
    expect(trail.event_selector).toEqual([
      {
        read_write_type: "All",
        include_management_events: false,
        data_resource: [{ type: "AWS::S3::Object", values: [`arn:aws:s3:::streamflow-${name}-state/`] }],
      },
    ]);
    expect(foundationOf(name, false).of("aws_cloudtrail")).toEqual([]);
  });

  test.each([
    ["cloudtrail.amazonaws.com", "AWSLogs", true],
    ["cloudtrail.amazonaws.com", "s3/state", false],
    ["logging.s3.amazonaws.com", "s3/state", true],
    ["logging.s3.amazonaws.com", "AWSLogs", false],
  ])("%s may write below %s: %s", (service, folder, isAllowed) => {
    const trail = `arn:aws:cloudtrail:${region}:${account}:trail/${stack.at("aws_cloudtrail.state_audit_trail").name as string}`;
    const request = (sourceAccount: string) => ({
      action: "s3:PutObject",
      resource: `${bucket}/${folder}/${account}/a`,
      principal: `Service:${service}` as const,
      context: {
        "aws:SecureTransport": "true",
        "aws:SourceAccount": sourceAccount,
        "aws:SourceArn": trail.replace(account, sourceAccount),
        "s3:x-amz-acl": "bucket-owner-full-control",
      },
    });
    const resultOf = (sourceAccount: string) =>
      evaluate(request(sourceAccount), { resourcePolicy: recordsPolicy }).result;
    expect(resultOf(account) === "allowed").toBe(isAllowed);
    expect(resultOf("999999999999")).not.toBe("allowed");
  });

  test.each([
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:PutObject",
    "s3:PutLifecycleConfiguration",
    "s3:DeleteBucket",
  ])("the apply role may not %s there", (action) => {
    const documentAt = (address: string) => parsePolicy(address, decoded(stack.at(address).policy as string));
    const policies = {
      identityPolicies: parsePolicy("all", { Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
      boundary: documentAt(`aws_iam_policy.${name}_boundary`),
    };
    const workload = { ...policies, boundary: documentAt(`aws_iam_policy.${name}_workload`) };
    const resource = action.includes("Object") ? `${bucket}/AWSLogs/a` : bucket;
    for (const limited of [policies, workload])
      expect(evaluate({ action, resource, context: {} }, limited).result).toBe("explicitly-denied");
  });
});
