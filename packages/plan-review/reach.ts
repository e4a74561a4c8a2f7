import type { Condition } from "@packages/iam/conditions";
import { isEverybody } from "@packages/iam/document";

/**
 * Keys of conditions that tell where a request comes from, or who makes it, in lower case. Others, such as
 * aws:SecureTransport, are met by whoever wants to meet them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const PRINCIPAL_KEYS = [
  /^aws:(?:source(?:arn|account|owner|orgid|orgpaths|vpc|vpce|vpcarn|ip)|vpcsourceip|vpce(?:account|orgid|orgpaths))$/,
  /^aws:(?:principal(?:arn|account|orgid|orgpaths|isawsservice|servicename)|principaltag\/.*|userid|username)$/,
  /^(?:kms:calleraccount|s3:dataaccesspoint(?:arn|account)|lambda:sourcefunctionarn)$/,
  /^elasticfilesystem:accessedviamounttarget$/,
];

/** Providers of identities that anybody can have: their `aud` is the same for all of them. */
const SHARED_PROVIDERS =
  /(?:token\.actions\.githubusercontent\.com|gitlab\.com|bitbucket\.org|app\.terraform\.io|agent\.buildkite\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com|cognito-identity\.amazonaws\.com)$/;

/** Operators that a request without the key does not meet, and that a value narrows. */
const POSITIVE =
  /^(?:ForAnyValue:)?(?:String(?:Equals|Like|EqualsIgnoreCase)|Arn(?:Equals|Like)|IpAddress|Bool)$/i;

/** Widest ranges, in bits of their prefix, that are still somebody's. */
const NARROWEST_PREFIX = { ipv4: 8, ipv6: 32 } as const;

/** Whether the world may come in: anybody, or anybody who has an account with a provider that everybody can use. */
export function letsTheWorldIn(principal: string, conditions: readonly Condition[]): boolean {
  if (isEverybody(principal))
    return !isBound(conditions, (key) => PRINCIPAL_KEYS.some((pattern) => pattern.test(key)));
  if (!principal.startsWith("Federated:") || !SHARED_PROVIDERS.test(principal)) return false;
  // A pool of Cognito is one's own: its id is the audience.
  const ownAudience = principal.endsWith("cognito-identity.amazonaws.com");
  return !isBound(conditions, (key) => key.includes(":") && (ownAudience || !key.endsWith(":aud")));
}

/** Whether a condition has a key of the kind that only some can meet. All values count, since any one is enough. */
function isBound(conditions: readonly Condition[], tells: (key: string) => boolean): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      POSITIVE.test(operator) &&
      tells(key.toLowerCase()) &&
      values.length > 0 &&
      values.every((text) => tellsSomebody(key.toLowerCase(), text)),
  );
}

function tellsSomebody(key: string, text: string): boolean {
  if (/ip$/.test(key)) return isNarrowRange(text);
  if (/(?:isawsservice|accessedviamounttarget)$/.test(key)) return text === "true";
  if (text.startsWith("arn:")) {
    const [, , , , account = "", ...resource] = text.split(":");
    // A bucket's ARN has no account: its name is nobody else's.
    return isLiteral(account === "" ? resource.join(":") : account);
  }
  // GitHub's subject: an owner must stand there whole.
  if (text.startsWith("repo:")) return /^repo:[^*?/]+\//.test(text);
  return isLiteral(text.replace(/^\w+:/, ""));
}

const isLiteral = (pattern: string): boolean => /[^*?]/.test(pattern);

function isNarrowRange(range: string): boolean {
  const bits = Number(/\/(\d+)$/.exec(range)?.[1] ?? 128);
  return range !== "" && bits >= (range.includes(":") ? NARROWEST_PREFIX.ipv6 : NARROWEST_PREFIX.ipv4);
}
