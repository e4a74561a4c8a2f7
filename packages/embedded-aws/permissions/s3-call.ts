import type { AccessRequest } from "@packages/iam/evaluate";
import { type RoleCall, UnknownCallError } from "./role-call";

/**
 * IAM requests of an S3 call. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export function s3Asks(call: RoleCall): AccessRequest[] {
  // The emulator uses path-style addresses: the bucket is the first part of the path.
  const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/s.exec(call.path) ?? [];
  // Copies, tags and ACLs need more permissions; no caller uses them.
  if (bucket === "" || call.headers.length > 0) throw new UnknownCallError(call);
  const arn = `arn:aws:s3:::${bucket}`;
  if (key !== "") return [ask(objectAction(call), `${arn}/${key}`, versionContext(call.query))];
  if (call.method === "POST" && "delete" in call.query) {
    return call.keys.map((one) =>
      ask(one.version === undefined ? "DeleteObject" : "DeleteObjectVersion", `${arn}/${one.key}`),
    );
  }
  return [ask(bucketAction(call), arn, listContext(call.query))];
}

const ask = (action: string, resource: string, context: AccessRequest["context"] = {}): AccessRequest => ({
  action: `s3:${action}`,
  resource,
  context,
});

function objectAction(call: RoleCall): string {
  const { method, query } = call;
  // The SDK's operation marker and common parameters.
  const about = Object.keys(query).filter(
    (name) => !/^(x-id|versionId|response-.*|max-parts|.*-marker)$/.test(name),
  );
  const version = "versionId" in query ? "Version" : "";
  switch (`${method} ${about.sort().join("&")}`) {
    case "GET ":
    case "HEAD ":
    case "GET partNumber":
    case "HEAD partNumber":
      return `GetObject${version}`;
    case "PUT ":
    case "PUT partNumber&uploadId":
    case "POST uploads":
    case "POST uploadId":
      return "PutObject";
    case "GET tagging":
      return `GetObject${version}Tagging`;
    case "GET uploadId":
      return "ListMultipartUploadParts";
    case "DELETE uploadId":
      return "AbortMultipartUpload";
    case "DELETE ":
      return `DeleteObject${version}`;
    default:
      throw new UnknownCallError(call);
  }
}

/** List parameters that need no other permission. */
const LISTING = ["x-id", "list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after"];

function bucketAction(call: RoleCall): string {
  const about = Object.keys(call.query).filter((name) => ![...LISTING, "encoding-type"].includes(name));
  const actions: Readonly<Record<string, string>> = {
    "GET ": "ListBucket",
    "HEAD ": "ListBucket",
    "GET versions": "ListBucketVersions",
    "GET uploads": "ListBucketMultipartUploads",
    "GET location": "GetBucketLocation",
    "GET accelerate": "GetAccelerateConfiguration",
    "GET acl": "GetBucketAcl",
    "GET cors": "GetBucketCORS",
    "GET encryption": "GetEncryptionConfiguration",
    "GET lifecycle": "GetLifecycleConfiguration",
    "GET logging": "GetBucketLogging",
    "GET notification": "GetBucketNotification",
    "GET object-lock": "GetBucketObjectLockConfiguration",
    "GET ownershipControls": "GetBucketOwnershipControls",
    "GET policy": "GetBucketPolicy",
    "GET publicAccessBlock": "GetBucketPublicAccessBlock",
    "GET replication": "GetReplicationConfiguration",
    "GET requestPayment": "GetBucketRequestPayment",
    "GET tagging": "GetBucketTagging",
    "GET versioning": "GetBucketVersioning",
    "GET website": "GetBucketWebsite",
  };
  const action = actions[`${call.method} ${about.join("&")}`];
  if (action === undefined) throw new UnknownCallError(call);
  return action;
}

function versionContext({ versionId }: RoleCall["query"]): AccessRequest["context"] {
  return versionId === undefined ? {} : { "s3:versionid": versionId };
}

function listContext(query: RoleCall["query"]): AccessRequest["context"] {
  return Object.fromEntries(
    ["prefix", "delimiter", "max-keys"].flatMap((name) =>
      query[name] === undefined ? [] : [[`s3:${name}`, query[name]]],
    ),
  );
}
