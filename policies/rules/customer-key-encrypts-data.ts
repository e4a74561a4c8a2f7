import { defineRule, each, type Fault } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import { KEY_ATTRIBUTES } from "../key-attributes";
import { serviceLogBuckets } from "../service-logs";

const REPLICATION = "aws_s3_bucket_replication_configuration";

export const customerKeyEncryptsData = defineRule({
  id: "customer-key-encrypts-data",
  sentence:
    "Where an environment has a customer managed key, everything with data is encrypted with the key of its region.",
  source: "https://docs.aws.amazon.com/prescriptive-guidance/latest/encryption-best-practices/kms.html",
  code: { "stacks/constructs/encryption/encryption-keys.ts": ["encryptionKeyArn"] },
  find: each([...Object.keys(KEY_ATTRIBUTES), REPLICATION], (resource, stack): Fault[] => {
    const regions = keyRegions(stack);
    if (regions.size === 0 || isOfServiceLogs(resource, stack)) return [];
    const expected = regions.get(stack.regionOf(resource));
    return [
      ...keyPaths(resource).flatMap((path) => wrongKey(resource.at(path).text, path, expected)),
      ...missingBucketKey(resource),
      ...missingSelection(resource),
    ];
  }),
});

/** Paths of the attributes that need a key. */
function keyPaths(resource: Resource): string[] {
  if (resource.type === REPLICATION) return ["rule.destination.encryption_configuration.replica_kms_key_id"];
  return (KEY_ATTRIBUTES[resource.type] ?? [])
    .filter(({ onlyIf }) => onlyIf === undefined || resource.at(onlyIf).isTrue)
    .map(({ path }) => path);
}

/** Addresses of the aliases by which a stack finds its keys, by region. */
function keyRegions(stack: Stack): Map<string, string> {
  const aliases = stack.json.at("data.aws_kms_alias");
  return new Map(
    aliases.keys.map((name) => [stack.regionOf(aliases.at(name)), `data.aws_kms_alias.${name}`]),
  );
}

/** Other encryption configurations of these buckets are errors: see log-bucket-has-s3-encryption. */
function isOfServiceLogs(resource: Resource, stack: Stack): boolean {
  if (resource.type !== "aws_s3_bucket_server_side_encryption_configuration") return false;
  return serviceLogBuckets(stack).some((bucket) => bucket.isMeantBy(resource.at("bucket").text));
}

function wrongKey(key: string, path: string, expected: string | undefined): Fault[] {
  if (expected !== undefined && key.includes(`${expected}.target_key_arn`)) return [];
  return [
    {
      finding: `${path} is ${key === "" ? "not set" : key}, not the customer managed key of the resource's region`,
      remedy: `set ${path} to encryptionKeyArn of the construct and its provider`,
    },
  ];
}

function missingBucketKey(resource: Resource): Fault[] {
  if (resource.type !== "aws_s3_bucket_server_side_encryption_configuration") return [];
  if (resource.at("rule.bucket_key_enabled").isTrue) return [];
  return [
    {
      finding: "without a bucket key, each object is a billed request to KMS",
      remedy: "set bucketKeyEnabled where encryptionKeyArn gives a key",
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html",
    },
  ];
}

/** S3 replicates an encrypted object only if the configuration selects such objects and names the replica's key. */
function missingSelection(resource: Resource): Fault[] {
  if (resource.type !== REPLICATION) return [];
  const status = resource.at("rule.source_selection_criteria.sse_kms_encrypted_objects.status").text;
  if (status === "Enabled") return [];
  return [
    {
      finding: "objects that are encrypted with KMS are not replicated",
      remedy: "enable sseKmsEncryptedObjects where encryptionKeyArn gives a key",
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html",
    },
  ];
}
