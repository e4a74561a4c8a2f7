import { DescribeAddressesCommand, EC2Client, paginateDescribeVpcs, type Tag } from "@aws-sdk/client-ec2";
import {
  CloudFrontClient,
  ListResponseHeadersPoliciesCommand,
  type ListResponseHeadersPoliciesCommandOutput,
} from "@aws-sdk/client-cloudfront";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { HEADERS_POLICIES } from "../../stacks/constructs/edge/edge-policies";
import { EDGE_REGION } from "../../stacks/constructs/observability/metrics";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { Access } from "../lib/account";
import type { Check, Missing } from "./finding";

type ClientConfig = Access["client"];

/** A quota with a default in new accounts that the environment can exceed. */
export interface Quota {
  readonly name: string;
  readonly service: string;
  /** Code of the quota in Service Quotas. */
  readonly code: string;
  /**
   * Region of a global service's quotas.
   * @default the environment's
   */
  readonly region?: string;
  /** What the environment needs of it; of VPCs and policies, with those of its pull requests. */
  readonly needed: number;
  readonly unit: string;
  /** What else in the account's region takes part of it. */
  readonly others?: "vpcs" | "addresses" | "policies";
}

/** Quotas that the environment can exceed, with what others in the account use of them. */
export function quotaChecks(settings: EnvironmentSettings, config: ClientConfig): Check[] {
  return quotasOf(settings).map((quota) => ({
    name: `quota: ${quota.name}`,
    ask: async () =>
      quotaAnswer(quota, {
        value: await valueOf(config, quota),
        used: await usedByOthers(quota, settings, config),
      }),
  }));
}

/** What the environment needs of each quota that is known to bite. */
export function quotasOf({
  processor,
  network,
  pullRequests,
}: Pick<EnvironmentSettings, "processor" | "network" | "pullRequests">): Quota[] {
  const environments = 1 + (pullRequests?.most ?? 0);
  const vcpus = Math.ceil((processor.cpu * processor.maximumTasks) / 1_024);
  const gateways = { none: 0, one: 1, perZone: network.zones.length }[network.nat];
  const addresses: Quota = {
    name: "Elastic IPs",
    service: "ec2",
    code: "L-0263D0A3",
    needed: gateways,
    unit: "addresses",
    others: "addresses",
  };
  return [
    {
      name: "Fargate vCPUs",
      service: "fargate",
      code: processor.spot ? "L-36FBB829" : "L-3032A538",
      needed: vcpus,
      unit: "vCPUs",
    },
    // accounts have 5 in a region, of which one is the default VPC
    {
      name: "VPCs",
      service: "vpc",
      code: "L-F678F1CE",
      needed: environments,
      unit: "VPCs",
      others: "vpcs",
    },
    ...(gateways > 0 ? [addresses] : []),
    // accounts have 20; Service Quotas calls it "Response headers policies per AWS account"
    {
      name: "CloudFront response headers policies",
      service: "cloudfront",
      code: "L-CF0D4FC5",
      region: EDGE_REGION,
      needed: HEADERS_POLICIES * environments,
      unit: "policies",
      others: "policies",
    },
    // new accounts have 10
    { name: "Lambda concurrency", service: "lambda", code: "L-B99A9384", needed: 100, unit: "executions" },
  ];
}

/** Whether a quota's value leaves what the environment needs beside what others use. */
export function quotaAnswer(
  { service, code, region, needed, unit, others }: Quota,
  { value, used }: { readonly value: number; readonly used: number },
): string | Missing {
  const text =
    others === undefined
      ? `${value} ${unit}, ${needed} needed`
      : `${value} ${unit}, of which others use ${used}, ${needed} needed`;
  if (value - used >= needed) return text;
  return {
    missing: text,
    remedy:
      `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} ` +
      `--desired-value ${used + needed}${region === undefined ? "" : ` --region ${region}`}`,
  };
}

async function valueOf(
  config: ClientConfig,
  { service, code, region = config.region }: Quota,
): Promise<number> {
  const client = new ServiceQuotasClient({ ...config, region, maxAttempts: 2 });
  try {
    const { Quota: quota } = await client.send(
      new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }),
    );
    if (quota?.Value === undefined) throw new Error(`Service Quotas has no value of ${service} ${code}`);
    return quota.Value;
  } finally {
    client.destroy();
  }
}

/** What others in the account take of a quota. */
export async function usedByOthers(
  { others }: Quota,
  settings: Pick<EnvironmentSettings, "name" | "pullRequests">,
  config: ClientConfig,
): Promise<number> {
  return others === undefined ? 0 : OTHERS[others](config, isOwn(settings));
}

/** Whether an environment of this name is the settings' own, or that of a pull request which they allow. */
type IsOwn = (environment: string) => boolean;

function isOwn({ name, pullRequests }: Pick<EnvironmentSettings, "name" | "pullRequests">): IsOwn {
  return (environment) =>
    environment === name || (pullRequests !== undefined && pullRequestOf(environment) !== undefined);
}

/** How many of the region's, or of CloudFront's, are not the environment's, by their tags or names. */
const OTHERS: Readonly<
  Record<NonNullable<Quota["others"]>, (config: ClientConfig, own: IsOwn) => Promise<number>>
> = {
  async policies(config, own) {
    const client = new CloudFrontClient({ ...config, region: EDGE_REGION });
    let [others, Marker]: [number, string | undefined] = [0, undefined];
    try {
      do {
        const { ResponseHeadersPolicyList: list }: ListResponseHeadersPoliciesCommandOutput =
          await client.send(new ListResponseHeadersPoliciesCommand({ Type: "custom", Marker }));
        const names = (list?.Items ?? []).map(
          ({ ResponseHeadersPolicy: policy }) => policy?.ResponseHeadersPolicyConfig?.Name ?? "",
        );
        others += names.filter((name) => !own(/^streamflow-(.+)-edge-/.exec(name)?.[1] ?? "")).length;
        Marker = list?.NextMarker;
      } while (Marker !== undefined && Marker !== "");
      return others;
    } finally {
      client.destroy();
    }
  },
  async vpcs(config, own) {
    const client = new EC2Client(config);
    let others = 0;
    try {
      for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {}))
        others += Vpcs.filter(({ Tags }) => !isOf(own, Tags)).length;
      return others;
    } finally {
      client.destroy();
    }
  },
  async addresses(config, own) {
    const client = new EC2Client(config);
    try {
      const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
      return Addresses.filter(({ Tags }) => !isOf(own, Tags)).length;
    } finally {
      client.destroy();
    }
  },
};

function isOf(own: IsOwn, tags: readonly Tag[] = []): boolean {
  const valueOfTag = (key: string): string => tags.find(({ Key }) => Key === key)?.Value ?? "";
  return valueOfTag("Project") === "streamflow" && own(valueOfTag("Environment"));
}
