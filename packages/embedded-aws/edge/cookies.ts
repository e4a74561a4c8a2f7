import { createVerify } from "node:crypto";
import { matchesText } from "@packages/iam/patterns";

interface Policy {
  readonly Statement?: readonly {
    readonly Resource?: string;
    readonly Condition?: {
      readonly DateLessThan?: { readonly "AWS:EpochTime"?: number };
      readonly DateGreaterThan?: { readonly "AWS:EpochTime"?: number };
      readonly IpAddress?: { readonly "AWS:SourceIp"?: string };
    };
  }[];
}

export interface Viewer {
  /** Complete public URL: `https://video.example/stream/…`. */
  readonly url: string;
  /** The Cookie header. */
  readonly cookie: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Checks a viewer's signed URL or signed cookies like CloudFront; undefined if valid, else the error. Parameters of a
 * signed URL, if there are any, take precedence over cookies.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-cookies.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 */
export function refusal(
  trusted: ReadonlyMap<string, string>,
  { url, cookie, now }: Viewer,
): string | undefined {
  const { resource, parameters } = withoutSignature(url);
  const signed = parameters.size > 0 ? parameters : signedCookies(cookie ?? "");
  const [signature, keyId] = [signed.get("Signature"), signed.get("Key-Pair-Id")];
  const text = policyOf(signed, resource);
  if (text === undefined || !signature || !keyId) return "MissingKey";
  const key = trusted.get(keyId);
  if (key === undefined) return "InvalidKey";
  if (!createVerify("RSA-SHA1").update(text).verify(key, decode(signature))) return "InvalidSignature";
  let statement;
  try {
    [statement] = (JSON.parse(text.toString("utf8")) as Policy).Statement ?? [];
  } catch {
    return "MalformedPolicy";
  }
  const { DateLessThan: end, DateGreaterThan: start } = statement?.Condition ?? {};
  const seconds = now / 1_000;
  if (end?.["AWS:EpochTime"] === undefined || seconds >= end["AWS:EpochTime"]) return "AccessDenied: expired";
  if (start?.["AWS:EpochTime"] !== undefined && seconds <= start["AWS:EpochTime"])
    return "AccessDenied: not yet";
  return matchesText(statement?.Resource ?? "*", resource) ? undefined : "AccessDenied: another resource";
}

const SIGNED_URL_PARAMETERS = ["Expires", "Policy", "Signature", "Key-Pair-Id"];

/** The URL that a signature is about, and the parameters with the signature, which are not part of it. */
function withoutSignature(url: string): { resource: string; parameters: Map<string, string> } {
  const [path = "", query = ""] = url.split("?", 2);
  const parameters = new Map<string, string>();
  const rest = query.split("&").filter((pair) => {
    const [name = "", value = ""] = pair.split("=", 2);
    if (!SIGNED_URL_PARAMETERS.includes(name)) return pair !== "";
    parameters.set(name, value);
    return false;
  });
  return { resource: rest.length === 0 ? path : `${path}?${rest.join("&")}`, parameters };
}

function signedCookies(header: string): Map<string, string> {
  const prefix = "CloudFront-";
  return new Map(
    [...parse(header)].flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
    ),
  );
}

/** The custom policy, or the canned one of a URL and its expiry. */
function policyOf(signed: ReadonlyMap<string, string>, resource: string): Buffer | undefined {
  const [policy, expires] = [signed.get("Policy"), signed.get("Expires")];
  if (policy) return decode(policy);
  if (!expires || !/^\d+$/.test(expires)) return undefined;
  const Condition = { DateLessThan: { "AWS:EpochTime": Number(expires) } };
  return Buffer.from(JSON.stringify({ Statement: [{ Resource: resource, Condition }] }));
}

/** Decodes CloudFront's variant of base64 for cookies. */
function decode(text: string): Buffer {
  return Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");
}

function parse(header: string): Map<string, string> {
  return new Map(
    header.split(";").flatMap((pair) => {
      const at = pair.indexOf("=");
      return at === -1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
    }),
  );
}
