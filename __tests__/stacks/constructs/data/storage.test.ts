import { parsePolicy } from "../../../../packages/iam/document";
import { evaluate } from "../../../../packages/iam/evaluate";
import { SEALED_ACTIONS } from "../../../../stacks/constructs/data/bucket";
import { Storage } from "../../../../stacks/constructs/data/storage";
import { WorkQueue } from "../../../../stacks/constructs/data/work-queue";
import { here } from "../../../support/network";
import { decoded, settingsOf, type Synthesized, synthOf } from "../../../support/synth";

function storage(protect = false, use: (storage: Storage) => void = () => {}): Synthesized {
  return synthOf((stack) => {
    const { storage: settings, queue } = settingsOf("dev");
    const media = new WorkQueue(stack, "media-queue", { ...queue, ...here });
    const address = { url: "https://pages.example" };
    use(new Storage(stack, "storage", { ...settings, ...here, protect, address, queue: media }));
  });
}

const names = ["logs", "uploads", "streams", "static", "backup"];

test.each(names)("the bucket %s is private, encrypted, versioned, tidy and TLS only", (name) => {
  const synthesized = storage();
  const bucket = `\${aws_s3_bucket.storage_${name}.id}`;
  expect(
    synthesized.at(`aws_s3_bucket_public_access_block.storage_${name}_public_access_block`),
  ).toMatchObject({
    bucket,
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  const { rule } = synthesized.at(`aws_s3_bucket_lifecycle_configuration.storage_${name}_lifecycle`);
  expect(rule[0].abort_incomplete_multipart_upload[0].days_after_initiation).toBe(7);
  expect(rule[0].noncurrent_version_expiration[0].noncurrent_days).toBeGreaterThan(0);
  expect(
    synthesized.at(`aws_s3_bucket_versioning.storage_${name}_versioning`).versioning_configuration.status,
  ).toBe("Enabled");
  expect(
    synthesized.at(`aws_s3_bucket_ownership_controls.storage_${name}_ownership`).rule.object_ownership,
  ).toBe("BucketOwnerEnforced");
  const { Statement } = decoded(
    synthesized.at(`aws_s3_bucket_policy.storage_${name}_policy`).policy as string,
  );
  expect(Statement).toContainEqual(
    expect.objectContaining({
      Effect: "Deny",
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
  );
});

describe("a bucket with protected data", () => {
  const ACCOUNT = "123456789012";
  const ROLES = {
    pipeline: `streamflow-foundation-${ACCOUNT}-test-apply`,
    workload: "streamflow-test-media-role",
    person: "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Operator_0123456789abcdef",
  };

  /** Whether a role whose own policies allow everything may do it to the bucket. */
  function may(role: keyof typeof ROLES, action: string, protect: boolean): boolean {
    const arn = `arn:aws:iam::${ACCOUNT}:role/${ROLES[role]}`;
    const { policy } = storage(protect).at("aws_s3_bucket_policy.storage_uploads_policy");
    const request = {
      action,
      resource: `arn:aws:s3:::streamflow-test-uploads-${ACCOUNT}`,
      principal: `AWS:${arn}` as const,
      context: { "aws:PrincipalArn": arn, "aws:SecureTransport": "true" },
    };
    const identityPolicies = parsePolicy("own", {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
    });
    const resourcePolicy = parsePolicy("bucket", decoded(policy as string));
    return evaluate(request, { identityPolicies, resourcePolicy }).result === "allowed";
  }

  test.each(SEALED_ACTIONS)("lets people %s, and neither the pipeline nor a workload", (action) => {
    expect(may("person", action, true)).toBe(true);
    for (const role of ["pipeline", "workload"] as const) {
      expect(may(role, action, true)).toBe(false);
      expect(may(role, action, false)).toBe(true);
    }
  });

  test.each(names)("denies all of them in the policy of the bucket %s", (bucket) => {
    const { policy } = storage(true).at(`aws_s3_bucket_policy.storage_${bucket}_policy`);
    const { Statement } = decoded(policy as string) as { Statement: { Sid: string; Action: string[] }[] };
    expect(Statement.find(({ Sid }) => Sid === "SettingsStay")?.Action).toEqual(SEALED_ACTIONS);
  });

  test("lets the pipeline change other settings", () => {
    for (const action of ["s3:PutBucketCORS", "s3:PutBucketNotification", "s3:PutBucketTagging"])
      expect(may("pipeline", action, true)).toBe(true);
  });

  test("gets the policy that denies them last, so that the pipeline can create the bucket", () => {
    const dependencies = (protect: boolean) =>
      storage(protect).at("aws_s3_bucket_policy.storage_uploads_policy").depends_on as string[];
    for (const type of [
      "lifecycle_configuration.storage_uploads_lifecycle",
      "public_access_block.storage_uploads_public_access_block",
      "replication_configuration.storage_replication_uploads",
      "server_side_encryption_configuration.storage_uploads_encryption",
    ])
      expect(dependencies(true)).toContain(`aws_s3_bucket_${type}`);
    // The lifecycle depends on the versioning.
    expect(dependencies(false)).toHaveLength(1);
  });
});

test("an upload notifies the queue, which accepts messages only from this bucket and account", () => {
  const synthesized = storage();
  const arn = "arn:aws:sqs:us-east-1:123456789012:streamflow-test-media-queue";
  expect(synthesized.at("aws_s3_bucket_notification.storage_uploads_notification").queue).toEqual([
    { id: "media-queue", queue_arn: arn, events: ["s3:ObjectCreated:*"] },
  ]);
  const { Statement } = decoded(synthesized.at("aws_sqs_queue.media_queue").policy as string);
  expect(Statement).toContainEqual(
    expect.objectContaining({
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: {
        ArnEquals: { "aws:SourceArn": "arn:aws:s3:::streamflow-test-uploads-123456789012" },
        StringEquals: { "aws:SourceAccount": "123456789012" },
      },
    }),
  );
});

test("browsers may upload from the environment's own pages only", () => {
  const [rule] = storage().at("aws_s3_bucket_cors_configuration.storage_uploads_cors").cors_rule;
  expect(rule).toMatchObject({
    allowed_methods: ["PUT"],
    allowed_origins: ["https://pages.example"],
    expose_headers: ["ETag"],
  });
});

test("sources, streams and pages are copied to the backup bucket, deletions are not", () => {
  const copies = storage().of("aws_s3_bucket_replication_configuration");
  expect(copies).toHaveLength(3);
  for (const { rule } of copies) {
    expect(rule[0].destination.bucket).toBe("arn:aws:s3:::streamflow-test-backup-123456789012");
    expect(rule[0].delete_marker_replication.status).toBe("Disabled");
  }
});

test("the load balancer and S3 may write their logs, each below its own prefix", () => {
  const { Statement } = decoded(storage().at("aws_s3_bucket_policy.storage_logs_policy").policy as string);
  const writers = (Statement as { Effect: string; Principal: { Service: string }; Resource: string }[])
    .filter(({ Effect }) => Effect === "Allow")
    .map(({ Principal, Resource }) => [Principal.Service, Resource.replace(/^arn:aws:s3:::[^/]+/, "")]);
  expect(writers).toEqual([
    ["logdelivery.elasticloadbalancing.amazonaws.com", "/load-balancer/AWSLogs/123456789012/*"],
    ["logging.s3.amazonaws.com", "/s3/*"],
  ]);
});

test("every bucket except the log bucket is logged, under a unique prefix", () => {
  const logged = storage().of("aws_s3_bucket_logging");
  expect(logged.map(({ target_prefix }) => target_prefix)).toEqual(
    names
      .slice(1)
      .sort()
      .map((name) => `s3/${name}/`),
  );
});

test("protected, buckets can't be deleted", () => {
  for (const bucket of storage(true).of("aws_s3_bucket")) {
    expect(bucket).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
  }
  for (const bucket of storage().of("aws_s3_bucket")) expect(bucket.force_destroy).toBe(true);
});

test("grants reading and writing below a prefix, and apart", () => {
  storage(false, ({ uploads, streams }) => {
    expect(uploads.read("uploads/")).toEqual({
      actions: ["s3:GetObject"],
      resources: [`${uploads.arn}/uploads/*`],
    });
    expect(streams.write("stream/").actions).not.toContain("s3:GetObject");
    expect(streams.remove("stream/")).toEqual({
      actions: ["s3:DeleteObject"],
      resources: [`${streams.arn}/stream/*`],
    });
    expect(streams.list("stream/")).toEqual({
      actions: ["s3:ListBucket"],
      resources: [streams.arn],
      conditions: { StringLike: { "s3:prefix": "stream/*" } },
    });
    expect(uploads.listParts("uploads/").actions).toEqual(["s3:ListMultipartUploadParts"]);
  });
});
