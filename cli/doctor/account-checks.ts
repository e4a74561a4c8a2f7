import { GetOpenIDConnectProviderCommand, IAMClient, paginateListRoles } from "@aws-sdk/client-iam";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GITHUB_ISSUER } from "../../stacks/constructs/delivery/web-identities";
import type { EnvironmentSettings } from "../../stacks/settings";
import { SERVICES_WITH_ROLES } from "../delivery/service-linked-roles";
import type { Access } from "../lib/account";
import { foundationTargetOf } from "../lib/environment";
import { activeIdentityCenter } from "../lib/identity-center";
import { certificateChecks, delegation } from "./certificate-checks";
import type { Check, Missing } from "./finding";
import { quotaChecks } from "./quota-checks";

type ClientConfig = Access["client"];

/** What an account and its foundation must have before the environment. */
export function accountChecks(settings: EnvironmentSettings, config: ClientConfig): Check[] {
  const { name, dns, grafana, state } = settings;
  const foundation = `npm run deploy -- ${foundationTargetOf(name)}`;
  return [
    ...quotaChecks(settings, config),
    ...(state.kind === "s3"
      ? [
          {
            name: "state bucket",
            ask: () =>
              stateBucket(config, { bucket: state.bucket, region: state.region, remedy: foundation }),
          },
          { name: "GitHub's OIDC provider", ask: () => oidcProvider(settings, config, foundation) },
        ]
      : [{ name: "state", ask: () => Promise.resolve(`Terraform Cloud, ${state.organization}`) }]),
    { name: "service-linked roles", ask: () => serviceLinkedRoles(config, { grafana, remedy: foundation }) },
    ...("kind" in dns && dns.kind === "route53"
      ? [
          { name: "hosted zone", ask: () => hostedZone(config, dns.hostedZoneId, settings) },
          { name: "delegation", ask: () => delegation(config, dns.hostedZoneId) },
        ]
      : []),
    ...certificateChecks(settings, config),
    ...(grafana?.kind === "identity-center"
      ? [{ name: "IAM Identity Center", ask: () => identityCenter(config, settings) }]
      : []),
  ];
}

async function stateBucket(
  config: ClientConfig,
  { bucket, region, remedy }: { readonly bucket: string; readonly region: string; readonly remedy: string },
): Promise<string | Missing> {
  const client = new S3Client({ ...config, region });
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return bucket;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if (name === "NotFound" || $metadata?.httpStatusCode === 404)
      return { missing: `there is no bucket ${bucket}`, remedy };
    throw error;
  } finally {
    client.destroy();
  }
}

async function oidcProvider(
  { account }: EnvironmentSettings,
  config: ClientConfig,
  remedy: string,
): Promise<string | Missing> {
  const arn = `arn:aws:iam::${account}:oidc-provider/${GITHUB_ISSUER}`;
  const client = new IAMClient(config);
  try {
    await client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
    return arn;
  } catch (error) {
    if (/^NoSuchEntity/.test((error as Error).name))
      return { missing: `the account does not have it`, remedy };
    throw error;
  } finally {
    client.destroy();
  }
}

async function serviceLinkedRoles(
  config: ClientConfig,
  { grafana, remedy }: { readonly grafana: EnvironmentSettings["grafana"]; readonly remedy: string },
): Promise<string | Missing> {
  const client = new IAMClient(config);
  try {
    const found = new Set<string>();
    for await (const { Roles = [] } of paginateListRoles({ client }, { PathPrefix: "/aws-service-role/" })) {
      for (const { Path = "" } of Roles) found.add(Path.split("/")[2] ?? "");
    }
    const needed = SERVICES_WITH_ROLES.filter((one) => grafana !== undefined || !one.startsWith("grafana"));
    const missing = needed.filter((service) => !found.has(service));
    if (missing.length === 0) return `${needed.length} of ${needed.length}`;
    return { missing: `none for ${missing.join(", ")}`, remedy };
  } finally {
    client.destroy();
  }
}

async function hostedZone(
  config: ClientConfig,
  Id: string,
  { name, domain }: EnvironmentSettings,
): Promise<string | Missing> {
  const client = new Route53Client(config);
  try {
    const { HostedZone } = await client.send(new GetHostedZoneCommand({ Id }));
    const zone = (HostedZone?.Name ?? "").replace(/\.$/, "");
    if (domain === zone || domain.endsWith(`.${zone}`)) return `${zone} (${Id})`;
    return {
      missing: `${Id} is the zone of ${zone}, which does not contain ${domain}`,
      remedy: `correct ${name}.dns or ${name}.domain in stacks/environments.ts`,
    };
  } catch (error) {
    if ((error as Error).name !== "NoSuchHostedZone") throw error;
    return {
      missing: `the account has no zone ${Id}`,
      remedy: `aws route53 create-hosted-zone --name ${domain} --caller-reference ${name}, then set ${name}.dns`,
    };
  } finally {
    client.destroy();
  }
}

async function identityCenter(
  config: ClientConfig,
  { name, region, grafana }: EnvironmentSettings,
): Promise<string | Missing> {
  const searched = (grafana?.kind === "identity-center" ? grafana.identityCenterRegion : undefined) ?? region;
  const arn = await activeIdentityCenter({ ...config, region: searched });
  if (arn !== undefined) return arn;
  return {
    missing: `the account sees none in ${searched}`,
    remedy: `enable it, or remove ${name}.grafana from stacks/environments.ts`,
  };
}
