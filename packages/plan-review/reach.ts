import type { Condition } from "@packages/iam/conditions";
import { isEverybody } from "@packages/iam/document";

/**
 * Condition keys that identify a request's origin or requester, in lower case. Other keys, such as aws:SecureTransport,
 * can be satisfied by anyone.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const PRINCIPAL_KEYS = [
  /^aws:(?:source(?:arn|account|owner|orgid|orgpaths|vpc|vpce|vpcarn|ip)|vpcsourceip|vpce(?:account|orgid|orgpaths))$/,
  /^aws:(?:principal(?:arn|account|orgid|orgpaths|isawsservice|servicename)|principaltag\/.*|userid|username)$/,
  /^(?:kms:calleraccount|s3:dataaccesspoint(?:arn|account)|lambda:sourcefunctionarn)$/,
  /^elasticfilesystem:accessedviamounttarget$/,
];

/** Identity providers that anyone can use; their `aud` is the same for all users. */
const SHARED_PROVIDERS =
  /(?:token\.actions\.githubusercontent\.com|gitlab\.com|bitbucket\.org|app\.terraform\.io|agent\.buildkite\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com|cognito-identity\.amazonaws\.com)$/;

/** Operators that fail without the key, and restrict it by value. */
const POSITIVE =
  /^(?:ForAnyValue:)?(?:String(?:Equals|Like|EqualsIgnoreCase)|Arn(?:Equals|Like)|IpAddress|Bool)$/i;

/** Shortest CIDR prefixes, in bits, that still identify one organization. */
const NARROWEST_PREFIX = { ipv4: 8, ipv6: 32 } as const;

/** Whether a statement is public: it allows anyone, or any user of a shared identity provider. */
export function letsTheWorldIn(principal: string, conditions: readonly Condition[]): boolean {
  if (isEverybody(principal))
    return !isBound(conditions, (key) => PRINCIPAL_KEYS.some((pattern) => pattern.test(key)));
  if (!principal.startsWith("Federated:") || !SHARED_PROVIDERS.test(principal)) return false;
  // A Cognito pool is private: its id is the audience.
  const ownAudience = principal.endsWith("cognito-identity.amazonaws.com");
  return !isBound(conditions, (key) => key.includes(":") && (ownAudience || !key.endsWith(":aud")));
}

/**
 * Whether a condition has a key of this kind that restricts the requester. All values must restrict, because one is
 * enough.
 */
function isBound(conditions: readonly Condition[], restricts: (key: string) => boolean): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      POSITIVE.test(operator) &&
      restricts(key.toLowerCase()) &&
      values.length > 0 &&
      values.every((text) => isRestrictive(key.toLowerCase(), text)),
  );
}

function isRestrictive(key: string, text: string): boolean {
  if (/ip$/.test(key)) return isNarrowRange(text);
  if (/(?:isawsservice|accessedviamounttarget)$/.test(key)) return text === "true";
  if (text.startsWith("arn:")) {
    const [, , , , account = "", ...resource] = text.split(":");
    // A bucket's ARN has no account, but its name is unique.
    return isLiteral(account === "" ? resource.join(":") : account);
  }
  // GitHub's subject must contain a complete owner.
  if (text.startsWith("repo:")) return /^repo:[^*?/]+\//.test(text);
  return isLiteral(text.replace(/^\w+:/, ""));
}

const isLiteral = (pattern: string): boolean => /[^*?]/.test(pattern);

function isNarrowRange(range: string): boolean {
  const bits = Number(/\/(\d+)$/.exec(range)?.[1] ?? 128);
  return range !== "" && bits >= (range.includes(":") ? NARROWEST_PREFIX.ipv6 : NARROWEST_PREFIX.ipv4);
}
