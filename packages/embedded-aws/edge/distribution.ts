import {
  CloudFrontClient,
  GetDistributionCommand,
  GetKeyGroupCommand,
  GetOriginRequestPolicyCommand,
  GetPublicKeyCommand,
  GetResponseHeadersPolicyCommand,
} from "@aws-sdk/client-cloudfront";
import { matchesText } from "@packages/iam/patterns";
import type { AwsClientConfig } from "../client";

/** Origin of a behaviour. */
export interface EdgeOrigin {
  readonly id: string;
  readonly domainName: string;
  /** Path that is put before those of requests: `/production`; may be empty. */
  readonly path: string;
  /** Headers set on each request, replacing the viewer's. */
  readonly headers: Readonly<Record<string, string>>;
  /** Requests are signed for S3. */
  readonly signed: boolean;
}

export interface Behavior {
  /** Path pattern, such as `/stream/*`; `*` for the default. */
  readonly pattern: string;
  readonly origin: EdgeOrigin;
  readonly methods: readonly string[];
  /** Headers of every response: security headers, CORS. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Names of headers that replace the origin's. */
  readonly overrides: readonly string[];
  /** Whether viewers' cookies are forwarded. Conditional requests then are not. */
  readonly forwardsCookies: boolean;
  /** Public keys (PEM) by id that verify viewers' cookies; empty if no cookie is needed. */
  readonly trustedKeys: ReadonlyMap<string, string>;
}

/** A deployed distribution; the first matching behaviour applies. */
export interface EdgeDistribution {
  readonly id: string;
  readonly arn: string;
  /** Public host name. */
  readonly host: string;
  readonly behaviors: readonly Behavior[];
}

/** Reads a distribution with its policies and keys. Throws if it does not exist. */
export async function readDistribution(config: AwsClientConfig, id: string): Promise<EdgeDistribution> {
  const client = new CloudFrontClient(config);
  const { Distribution } = await client.send(new GetDistributionCommand({ Id: id }));
  const deployed = Distribution?.DistributionConfig;
  if (Distribution === undefined || deployed === undefined)
    throw new Error(`distribution ${id} does not exist`);
  const origins = new Map(
    (deployed.Origins?.Items ?? []).map((origin): [string, EdgeOrigin] => [
      origin.Id ?? "",
      {
        id: origin.Id ?? "",
        domainName: origin.DomainName ?? "",
        path: origin.OriginPath ?? "",
        headers: Object.fromEntries(
          (origin.CustomHeaders?.Items ?? []).map(({ HeaderName, HeaderValue }) => [
            (HeaderName ?? "").toLowerCase(),
            HeaderValue ?? "",
          ]),
        ),
        signed: (origin.OriginAccessControlId ?? "") !== "",
      },
    ]),
  );
  const all = [
    ...(deployed.CacheBehaviors?.Items ?? []),
    { ...deployed.DefaultCacheBehavior, PathPattern: "*" },
  ];
  const behaviors = await Promise.all(
    all.map(async (behavior): Promise<Behavior> => {
      const origin = origins.get(behavior.TargetOriginId ?? "");
      if (origin === undefined) throw new Error(`${id} has no origin ${behavior.TargetOriginId ?? ""}`);
      return {
        pattern: behavior.PathPattern ?? "*",
        origin,
        methods: behavior.AllowedMethods?.Items ?? ["GET", "HEAD"],
        ...(await headersOf(client, behavior.ResponseHeadersPolicyId)),
        forwardsCookies: await forwardsCookies(client, behavior.OriginRequestPolicyId),
        trustedKeys: await trustedKeys(client, behavior.TrustedKeyGroups?.Items ?? []),
      };
    }),
  );
  const [alias] = deployed.Aliases?.Items ?? [];
  return { id, arn: Distribution.ARN ?? "", host: alias ?? Distribution.DomainName ?? "", behaviors };
}

/** Deployed public keys of the groups: PEM by id. */
async function trustedKeys(
  client: CloudFrontClient,
  groups: readonly string[],
): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for (const Id of groups) {
    const { KeyGroup } = await client.send(new GetKeyGroupCommand({ Id }));
    for (const key of KeyGroup?.KeyGroupConfig?.Items ?? []) {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ Id: key }));
      keys.set(key, PublicKey?.PublicKeyConfig?.EncodedKey ?? "");
    }
  }
  return keys;
}

/** AWS's own policies that forward all cookies: AllViewer and AllViewerExceptHostHeader. */
const COOKIE_POLICY_IDS = ["216adef6-5c7f-47e4-b989-5492eafa07d3", "b689b0a8-53d0-40ab-baf2-68738e2966ac"];

async function forwardsCookies(client: CloudFrontClient, Id: string | undefined): Promise<boolean> {
  if (!Id) return false;
  if (COOKIE_POLICY_IDS.includes(Id)) return true;
  const { OriginRequestPolicy } = await client.send(new GetOriginRequestPolicyCommand({ Id }));
  const behavior = OriginRequestPolicy?.OriginRequestPolicyConfig?.CookiesConfig?.CookieBehavior;
  return behavior !== undefined && behavior !== "none";
}

async function headersOf(
  client: CloudFrontClient,
  Id: string | undefined,
): Promise<Pick<Behavior, "responseHeaders" | "overrides">> {
  if (!Id) return { responseHeaders: {}, overrides: [] };
  const { ResponseHeadersPolicy } = await client.send(new GetResponseHeadersPolicyCommand({ Id }));
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } =
    ResponseHeadersPolicy?.ResponseHeadersPolicyConfig ?? {};
  const transport = security?.StrictTransportSecurity;
  const candidates: readonly (readonly [string, string | undefined, boolean | undefined])[] = [
    [
      "content-security-policy",
      security?.ContentSecurityPolicy?.ContentSecurityPolicy,
      security?.ContentSecurityPolicy?.Override,
    ],
    ["referrer-policy", security?.ReferrerPolicy?.ReferrerPolicy, security?.ReferrerPolicy?.Override],
    ["x-frame-options", security?.FrameOptions?.FrameOption, security?.FrameOptions?.Override],
    [
      "x-content-type-options",
      security?.ContentTypeOptions && "nosniff",
      security?.ContentTypeOptions?.Override,
    ],
    [
      "strict-transport-security",
      transport &&
        `max-age=${transport.AccessControlMaxAgeSec}${transport.IncludeSubdomains ? "; includeSubDomains" : ""}`,
      transport?.Override,
    ],
    ...(custom?.Items ?? []).map(
      ({ Header, Value, Override }) => [(Header ?? "").toLowerCase(), Value, Override] as const,
    ),
  ];
  const set = candidates.filter(([, value]) => value);
  return {
    responseHeaders: Object.fromEntries(set.map(([name, value]) => [name, value ?? ""])),
    overrides: set.filter(([, , override]) => override).map(([name]) => name),
  };
}

/** The behaviour of a path: `*` is any text, `?` is one character. */
export function behaviorOf({ behaviors }: EdgeDistribution, path: string): Behavior {
  const found = behaviors.find(({ pattern }) => matches(pattern, path));
  if (found === undefined) throw new Error("the distribution has no default behaviour");
  return found;
}

function matches(pattern: string, path: string): boolean {
  return matchesText(pattern.startsWith("/") || pattern === "*" ? pattern : `/${pattern}`, path);
}
