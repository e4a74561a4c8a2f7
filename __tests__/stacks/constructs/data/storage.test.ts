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
