import { createVerify } from "node:crypto";

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
 * Checks a viewer's signed cookies for a URL like CloudFront; undefined if valid, else the error.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-cookies.html
 */
export function refusal(
  trusted: ReadonlyMap<string, string>,
  { url, cookie, now }: Viewer,
): string | undefined {
  const cookies = parse(cookie ?? "");
  const [policy, signature, keyId] = ["Policy", "Signature", "Key-Pair-Id"].map((name) =>
    cookies.get(`CloudFront-${name}`),
  );
  if (!policy || !signature || !keyId) return "MissingKey";
  const key = trusted.get(keyId);
  if (key === undefined) return "InvalidKey";
  const text = decode(policy);
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
  return opens(statement?.Resource ?? "*", url) ? undefined : "AccessDenied: another resource";
}

/** Whether a resource pattern matches: `*` is any text including slashes and queries, `?` is one character. */
function opens(resource: string, url: string): boolean {
  const expression = resource
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(url);
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
