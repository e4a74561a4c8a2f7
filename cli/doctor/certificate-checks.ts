import { resolveNs } from "node:dns/promises";
import { ACMClient, type CertificateDetail, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { GetHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { originNameOf } from "../../stacks/constructs/edge/settings";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { Access } from "../lib/account";
import type { Check, Missing } from "./finding";

type ClientConfig = Access["client"];

/** Certificates that the settings name: CloudFront's in us-east-1, the load balancer's in the environment's region. */
export function certificateChecks(settings: EnvironmentSettings, config: ClientConfig): Check[] {
  const { dns, domain, region, name } = settings;
  if (!("kind" in dns) || dns.kind !== "certificates") return [];
  return [
    {
      name: "certificate: edge",
      arn: dns.edgeCertificateArn,
      setting: "edgeCertificateArn",
      host: domain,
      region: "us-east-1",
    },
    {
      name: "certificate: origin",
      arn: dns.originCertificateArn,
      setting: "originCertificateArn",
      host: originNameOf(domain),
      region,
    },
  ].map((one) => ({
    name: one.name,
    ask: async () =>
      certificateAnswer(await certificateOf(config, one), { ...one, path: `${name}.dns.${one.setting}` }),
  }));
}

interface Wanted {
  readonly arn: string;
  /** Name that the certificate must cover. */
  readonly host: string;
  /** The setting that names the certificate. */
  readonly path: string;
}

/** Whether a certificate is issued and covers the host; `found` is undefined if the account has no such certificate. */
export function certificateAnswer(
  found: CertificateDetail | undefined,
  { arn, host, path }: Wanted,
): string | Missing {
  if (found === undefined)
    return { missing: `there is no certificate ${arn}`, remedy: `request or import it, and correct ${path}` };
  const names = [...new Set([found.DomainName ?? "", ...(found.SubjectAlternativeNames ?? [])])];
  if (!names.some((name) => covers(name, host)))
    return {
      missing: `${names.join(", ")} does not cover ${host}`,
      remedy: `request another, and set ${path}`,
    };
  if (found.Status === "ISSUED") return names.join(", ");
  return {
    missing: `${names.join(", ")} is ${found.Status ?? "in no state"}`,
    remedy:
      found.Status === "PENDING_VALIDATION"
        ? "create the DNS records that ACM shows for it, and wait until it is issued"
        : `request another, and set ${path}`,
  };
}

/** A wildcard stands for one label. */
function covers(name: string, host: string): boolean {
  if (name === host) return true;
  return name.startsWith("*.") && host.slice(host.indexOf(".") + 1) === name.slice(2);
}

async function certificateOf(
  config: ClientConfig,
  { arn, region }: { readonly arn: string; readonly region: string },
): Promise<CertificateDetail | undefined> {
  const client = new ACMClient({ ...config, region });
  try {
    return (await client.send(new DescribeCertificateCommand({ CertificateArn: arn }))).Certificate;
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Whether the public DNS asks the zone's name servers: without it, ACM never validates the certificates. */
export async function delegation(
  config: ClientConfig,
  Id: string,
  resolve: (zone: string) => Promise<readonly string[]> = resolveNs,
): Promise<string | Missing> {
  const client = new Route53Client(config);
  try {
    const { HostedZone, DelegationSet } = await client.send(new GetHostedZoneCommand({ Id }));
    const zone = (HostedZone?.Name ?? "").replace(/\.$/, "");
    const own = (DelegationSet?.NameServers ?? []).map(withoutDot).sort();
    return delegationAnswer(zone, { own, public: await publicServers(zone, resolve) });
  } finally {
    client.destroy();
  }
}

/** Compares the zone's name servers with those that the public DNS names. */
export function delegationAnswer(
  zone: string,
  servers: { readonly own: readonly string[]; readonly public: readonly string[] },
): string | Missing {
  if (servers.public.some((server) => servers.own.includes(server))) return `${zone} by ${servers.own[0]}`;
  const found = servers.public.length === 0 ? "no name servers" : servers.public.join(", ");
  return {
    missing: `the public DNS has ${found} for ${zone}, so that its certificates are never validated`,
    remedy: `set its NS records at the domain's registrar, or in the zone above, to ${servers.own.join(", ")}`,
  };
}

async function publicServers(
  zone: string,
  resolve: (zone: string) => Promise<readonly string[]>,
): Promise<string[]> {
  try {
    return (await resolve(zone)).map(withoutDot);
  } catch (error) {
    // the DNS answered that there is none; another error is no answer
    if (["ENODATA", "ENOTFOUND"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, "");
