import { REGIONS, ZONE_LETTERS } from "../../stacks/lib/aws-regions";
import type { EnvironmentSettings } from "../../stacks/settings";

export type Change = (settings: EnvironmentSettings) => Partial<EnvironmentSettings>;

const ZONE = { kind: "route53", hostedZoneId: "Z0123456789ABCDEFGHIJ" } as const;
const postgres =
  (engineVersion: EnvironmentSettings["database"]["engineVersion"]): Change =>
  (settings) => ({
    database: { ...settings.database, engineVersion },
  });
const nat =
  (kind: EnvironmentSettings["network"]["nat"]): Change =>
  ({ network }) => ({
    network: { ...network, nat: kind },
  });
const certificate = (region: string, digit: string): string =>
  `arn:aws:acm:${region}:471112345678:certificate/12345678-1234-1234-1234-12345678901${digit}`;

/** What owners of this code change, each for a small and a large environment. */
export const VARIANTS: readonly (readonly [string, Change])[] = [
  ...REGIONS.map((region): [string, Change] => [
    `the region ${region}`,
    ({ state, network, backup }) => ({
      region,
      state: state.kind === "s3" ? { ...state, region } : state,
      network: { ...network, zones: zonesOf(region, 2) },
      backup:
        "off" in backup || "off" in backup.copyTo || backup.copyTo.region !== region
          ? backup
          : { ...backup, copyTo: { ...backup.copyTo, region: "us-east-1" } },
    }),
  ]),
  ["three zones", ({ region, network }) => ({ network: { ...network, zones: zonesOf(region, 3) } })],
  ["a hosted zone", () => ({ dns: ZONE })],
  [
    "certificates of another provider",
    ({ region }) => ({
      dns: {
        kind: "certificates",
        edgeCertificateArn: certificate("us-east-1", "1"),
        originCertificateArn: certificate(region, "2"),
      },
    }),
  ],
  ["Valkey", ({ cache }) => ({ cache: { ...cache, engine: "valkey", engineVersion: "8.1" } })],
  ["PostgreSQL 15", postgres("15")],
  ["PostgreSQL 16", postgres("16")],
  ["PostgreSQL 17", postgres("17")],
  ["PostgreSQL 18", postgres("18")],
  ["no NAT", nat("none")],
  ["one NAT", nat("one")],
  ["a NAT in each zone", nat("perZone")],
  ["its own keys", () => ({ encryption: "customer" })],
  ["keys of AWS", () => ({ encryption: "aws-owned" })],
  ["no service level", () => ({ slo: { off: "a test" } })],
  ["no alarms", () => ({ alarms: { off: "a test" }, slo: { off: "a test" }, budget: { off: "a test" } })],
  [
    "Grafana by SAML",
    () => ({
      grafana: {
        kind: "saml",
        metadataUrl: "https://idp.example.com/metadata",
        roleAttribute: "role",
        adminRoles: ["platform"],
        editorRoles: ["developers"],
      },
    }),
  ],
  ["a synthetic check", () => ({ syntheticCheck: { everyMinutes: 30, readyWithinMinutes: 5 } })],
  ["no backups", () => ({ backup: { off: "a test" } })],
  ["no web ACL at the edge", ({ firewall }) => ({ firewall: { ...firewall, edge: { off: "a test" } } })],
  ["no invalidations", ({ edge }) => ({ edge: { ...edge, invalidateDeleted: false } })],
  ["on-demand tasks", ({ processor }) => ({ processor: { ...processor, spot: false } })],
  [
    "AV1 and downloads",
    ({ processor }) => ({
      processor: { ...processor, cpu: 1024, memory: 4096, preset: "medium", av1: true, downloads: true },
    }),
  ],
  ["Terraform Cloud", () => ({ state: { kind: "terraform-cloud", organization: "your-organization" } })],
  [
    "the review as a run task",
    () => ({ state: { kind: "terraform-cloud", organization: "your-organization", reviewTask: true } }),
  ],
  ["nothing protected", () => ({ protect: false })],
];

export const zonesOf = (region: string, count: number): string[] =>
  [...(ZONE_LETTERS[region] ?? "")].slice(0, count).map((letter) => `${region}${letter}`);
