import type { AccessRequest } from "@packages/iam/evaluate";
import { type RoleCall, UnknownCallError } from "./role-call";

/**
 * IAM actions of S3's operations, where the names differ.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const ACTIONS: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: "PutObject",
  CreateMultipartUpload: "PutObject",
  DeleteBucketCors: "PutBucketCORS",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  DeleteBucketReplication: "PutReplicationConfiguration",
  DeleteBucketTagging: "PutBucketTagging",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  GetBucketAccelerateConfiguration: "GetAccelerateConfiguration",
  GetBucketCors: "GetBucketCORS",
  GetBucketEncryption: "GetEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  GetBucketReplication: "GetReplicationConfiguration",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  HeadBucket: "ListBucket",
  HeadObject: "GetObject",
  ListBuckets: "ListAllMyBuckets",
  ListMultipartUploads: "ListBucketMultipartUploads",
  ListObjectVersions: "ListBucketVersions",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListParts: "ListMultipartUploadParts",
  PutBucketAccelerateConfiguration: "PutAccelerateConfiguration",
  PutBucketCors: "PutBucketCORS",
  PutBucketEncryption: "PutEncryptionConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  PutBucketNotificationConfiguration: "PutBucketNotification",
  PutBucketReplication: "PutReplicationConfiguration",
  PutObjectLockConfiguration: "PutBucketObjectLockConfiguration",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  UploadPart: "PutObject",
};

/** Actions on one version of an object, by the action on the current one. */
const VERSION_ACTIONS: Readonly<Record<string, string>> = {
  DeleteObject: "DeleteObjectVersion",
  DeleteObjectTagging: "DeleteObjectVersionTagging",
  GetObject: "GetObjectVersion",
  GetObjectTagging: "GetObjectVersionTagging",
  PutObjectTagging: "PutObjectVersionTagging",
};

/** The actions that a request to S3 needs. */
export function s3Asks(call: RoleCall): AccessRequest[] {
  const { operation, names, keys, headers } = call;
  const { Bucket = "", Key, VersionId } = names;
  // Copies need permissions on two objects, and access control lists are disabled.
  if (operation === "" || operation.includes("Copy") || headers.includes("x-amz-acl"))
    throw new UnknownCallError(call);
  const bucket = `arn:aws:s3:::${Bucket}`;
  if (operation === "DeleteObjects") {
    return keys.map(({ key, version }) =>
      ask(version === undefined ? "DeleteObject" : "DeleteObjectVersion", `${bucket}/${key}`),
    );
  }
  const action = ACTIONS[operation] ?? operation;
  if (Bucket === "") return [ask(action, "*")];
  if (Key === undefined) return [ask(action, bucket, listContext(names))];
  const object = `${bucket}/${Key}`;
  const versioned = VersionId === undefined ? action : VERSION_ACTIONS[action];
  if (versioned === undefined) throw new UnknownCallError(call);
  const tags = headers.includes("x-amz-tagging") ? [ask("PutObjectTagging", object)] : [];
  return [ask(versioned, object, versionContext(names)), ...tags];
}

const ask = (action: string, resource: string, context: AccessRequest["context"] = {}): AccessRequest => ({
  action: `s3:${action}`,
  resource,
  context,
});

function versionContext({ VersionId }: RoleCall["names"]): AccessRequest["context"] {
  return VersionId === undefined ? {} : { "s3:versionid": VersionId };
}

/** Condition keys of lists, by the parameters that they hold. */
const LIST_KEYS = { Prefix: "s3:prefix", Delimiter: "s3:delimiter", MaxKeys: "s3:max-keys" };

function listContext(names: RoleCall["names"]): AccessRequest["context"] {
  return Object.fromEntries(
    Object.entries(LIST_KEYS).flatMap(([parameter, key]) =>
      names[parameter] === undefined ? [] : [[key, names[parameter]]],
    ),
  );
}
