import { DescribeAddressesCommand, EC2Client, paginateDescribeVpcs, type Tag } from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
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
  /** What the environment needs of it. */
  readonly needed: number;
  readonly unit: string;
  /** What else in the account's region takes part of it. */
  readonly others?: "vpcs" | "addresses";
}

/** Quotas that the environment can exceed, with what others in the account use of them. */
export function quotaChecks(settings: EnvironmentSettings, config: ClientConfig): Check[] {
  return quotasOf(settings).map((quota) => ({
    name: `quota: ${quota.name}`,
    ask: async () =>
      quotaAnswer(quota, {
        value: await valueOf(config, quota),
        used: quota.others === undefined ? 0 : await OTHERS[quota.others](config, settings.name),
      }),
  }));
}

/** What the environment needs of each quota that is known to bite. */
export function quotasOf({
  processor,
  network,
}: Pick<EnvironmentSettings, "processor" | "network">): Quota[] {
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
    { name: "VPCs", service: "vpc", code: "L-F678F1CE", needed: 1, unit: "VPCs", others: "vpcs" },
    ...(gateways > 0 ? [addresses] : []),
    // new accounts have 10
    { name: "Lambda concurrency", service: "lambda", code: "L-B99A9384", needed: 100, unit: "executions" },
  ];
}

/** Whether a quota's value leaves what the environment needs beside what others use. */
export function quotaAnswer(
  { service, code, needed, unit, others }: Quota,
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
      `--desired-value ${used + needed}`,
  };
}

async function valueOf(config: ClientConfig, { service, code }: Quota): Promise<number> {
  const client = new ServiceQuotasClient({ ...config, maxAttempts: 2 });
  try {
    const { Quota: quota } = await client.send(
      new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }),
    );
    return quota?.Value ?? 0;
  } finally {
    client.destroy();
  }
}

/** How many VPCs or addresses of the region are not the environment's, by its tags. */
const OTHERS: Readonly<
  Record<NonNullable<Quota["others"]>, (config: ClientConfig, environment: string) => Promise<number>>
> = {
  async vpcs(config, environment) {
    const client = new EC2Client(config);
    let others = 0;
    try {
      for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {}))
        others += Vpcs.filter(({ Tags }) => !isOf(environment, Tags)).length;
      return others;
    } finally {
      client.destroy();
    }
  },
  async addresses(config, environment) {
    const client = new EC2Client(config);
    try {
      const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
      return Addresses.filter(({ Tags }) => !isOf(environment, Tags)).length;
    } finally {
      client.destroy();
    }
  },
};

function isOf(environment: string, tags: readonly Tag[] = []): boolean {
  const has = (key: string, value: string): boolean =>
    tags.some(({ Key, Value }) => Key === key && Value === value);
  return has("Project", "streamflow") && has("Environment", environment);
}
