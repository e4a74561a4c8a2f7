import { REGIONS, ZONE_LETTERS } from "../../stacks/lib/aws-regions";
import { SAMPLE_ACCOUNTS } from "../../stacks/lib/samples";
import { optional } from "../../stacks/lib/optional";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { Accounts } from "./accounts";

/** What differs between two owners of this code. */
export interface Owner {
  readonly accounts: Accounts;
  /** Domain of prod. */
  readonly domain: string;
  /** Id of the domain's Route 53 zone; undefined without one. */
  readonly zone: string | undefined;
  readonly repository: string;
  readonly email: string;
  readonly region: string;
  /** Organization in Terraform Cloud; undefined for S3. */
  readonly terraformCloud: string | undefined;
}

/** Whether the settings are those of the sample. */
export const isSample = (environments: readonly EnvironmentSettings[]): boolean =>
  environments.every(({ account }) => SAMPLE_ACCOUNTS.includes(account));

/** The settings of an environment in its owner's account, with the sizes of the sample. */
export function ownSettings(
  sample: EnvironmentSettings,
  owner: Owner,
  playbackKeys: Readonly<Record<string, string>>,
): EnvironmentSettings {
  const { name, alarms, budget, network, state, backup } = sample;
  const { region, repository, email, zone } = owner;
  const account = owner.accounts[name] ?? "";
  const audit = state.kind === "s3" ? state.audit : undefined;
  const recipients = { emails: [email] };
  return {
    ...sample,
    account,
    region,
    repository,
    domain: name === "prod" ? owner.domain : `${name}.${owner.domain}`,
    dns: zone === undefined ? { off: "no hosted zone yet" } : { kind: "route53", hostedZoneId: zone },
    state:
      owner.terraformCloud === undefined
        ? { kind: "s3", bucket: `streamflow-state-${account}`, region, ...optional({ audit }) }
        : { kind: "terraform-cloud", organization: owner.terraformCloud },
    network: { ...network, zones: zonesOf(region, network.zones.length) },
    edge: { ...sample.edge, playbackKeys },
    alarms: "off" in alarms ? alarms : { ...alarms, ...recipients },
    budget: "off" in budget || budget.emails.length === 0 ? budget : { ...budget, ...recipients },
    backup: "off" in backup ? backup : copiedElsewhere(backup, region),
  };
}

const zonesOf = (region: string, count: number): string[] =>
  [...(ZONE_LETTERS[region] ?? "")].slice(0, count).map((letter) => `${region}${letter}`);

/** Copies of backups are in another region. */
function copiedElsewhere<Backup extends Exclude<EnvironmentSettings["backup"], { off: string }>>(
  backup: Backup,
  region: string,
): Backup {
  const { copyTo } = backup;
  if ("off" in copyTo || copyTo.region !== region) return backup;
  const other = REGIONS.find((one) => one !== region && one.startsWith(region.slice(0, 3))) ?? "us-east-1";
  return { ...backup, copyTo: { ...copyTo, region: other } };
}

/** The text of stacks/environments.ts, before prettier. */
export function sourceOf(environments: readonly EnvironmentSettings[]): string {
  return [
    `import type { EnvironmentSettings } from "./settings";`,
    "",
    "/**",
    " * The one file to edit. docs/settings.md describes every setting; every mistake is reported by `npm run synth`, before",
    " * anything is created. The pipeline deploys the environments in this order.",
    " */",
    `export const environments: readonly EnvironmentSettings[] = ${literal(environments)};`,
    "",
  ].join("\n");
}

/** A value in TypeScript; texts of several lines stay readable. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(",\n")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${literal(one)}`);
    return `{\n${members.join(",\n")} }`;
  }
  if (typeof value === "string" && value.includes("\n")) return `\`${value}\``;
  return JSON.stringify(value);
}
