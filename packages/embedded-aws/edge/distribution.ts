import {
  CloudFrontClient,
  GetDistributionCommand,
  GetKeyGroupCommand,
  GetPublicKeyCommand,
  GetResponseHeadersPolicyCommand,
} from "@aws-sdk/client-cloudfront";
import type { AwsClientConfig } from "../client";

/** Where a behaviour's requests go. */
export interface EdgeOrigin {
  readonly id: string;
  readonly domainName: string;
  /** Headers that are set on each request, over whatever the viewer sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether requests are signed for S3. */
  readonly signed: boolean;
}

export interface Behavior {
  /** `/stream/*`; `*` for the default. */
  readonly pattern: string;
  readonly origin: EdgeOrigin;
  readonly methods: readonly string[];
  /** Set on every answer: security headers, CORS. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Names of those that replace what the origin says. */
  readonly overrides: readonly string[];
  /** Public keys in PEM, by their ids; viewers need a cookie that one of them verifies. None: no cookie is needed. */
  readonly trustedKeys: ReadonlyMap<string, string>;
}

/** A distribution as it is deployed, the first behaviour that matches decides. */
export interface EdgeDistribution {
  readonly id: string;
  readonly arn: string;
  /** What viewers see. */
  readonly host: string;
  readonly behaviors: readonly Behavior[];
}

/** Reads a distribution with its policies and keys. Throws when it is not there. */
export async function readDistribution(config: AwsClientConfig, id: string): Promise<EdgeDistribution> {
  const client = new CloudFrontClient(config);
  const { Distribution } = await client.send(new GetDistributionCommand({ Id: id }));
  const deployed = Distribution?.DistributionConfig;
  if (Distribution === undefined || deployed === undefined) throw new Error(`there is no distribution ${id}`);
  const origins = new Map(
    (deployed.Origins?.Items ?? []).map((origin): [string, EdgeOrigin] => [
      origin.Id ?? "",
      {
        id: origin.Id ?? "",
        domainName: origin.DomainName ?? "",
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
        trustedKeys: await trustedKeys(client, behavior.TrustedKeyGroups?.Items ?? []),
      };
    }),
  );
  const [alias] = deployed.Aliases?.Items ?? [];
  return { id, arn: Distribution.ARN ?? "", host: alias ?? Distribution.DomainName ?? "", behaviors };
}

/** Ids of public keys that are deployed and their PEM, of the groups. */
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

async function headersOf(
  client: CloudFrontClient,
  Id: string | undefined,
): Promise<Pick<Behavior, "responseHeaders" | "overrides">> {
  if (!Id) return { responseHeaders: {}, overrides: [] };
  const { ResponseHeadersPolicy } = await client.send(new GetResponseHeadersPolicyCommand({ Id }));
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } =
    ResponseHeadersPolicy?.ResponseHeadersPolicyConfig ?? {};
  const transport = security?.StrictTransportSecurity;
  const told: readonly (readonly [string, string | undefined, boolean | undefined])[] = [
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
  const set = told.filter(([, value]) => value);
  return {
    responseHeaders: Object.fromEntries(set.map(([name, value]) => [name, value ?? ""])),
    overrides: set.filter(([, , override]) => override).map(([name]) => name),
  };
}

/** The behaviour of a path: `*` stands for any text, `?` for one sign. */
export function behaviorOf({ behaviors }: EdgeDistribution, path: string): Behavior {
  const found = behaviors.find(({ pattern }) => matches(pattern, path));
  if (found === undefined) throw new Error("a distribution has a default behaviour");
  return found;
}

function matches(pattern: string, path: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression.startsWith("/") || pattern === "*" ? "" : "/"}${expression}$`, "s").test(
    path,
  );
}
