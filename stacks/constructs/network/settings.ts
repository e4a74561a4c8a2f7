import { ZONE_LETTERS } from "../../lib/aws-regions";
import { parseCidr } from "../../lib/cidr";
import { group, list, oneOf, rule, type Settings, text, textThat, unlessOff } from "../../lib/schema";

export const networkSchema = group({
  /**
   * IPv4 block of the VPC; each subnet gets a /20 of it. Environments may share one: nothing connects their networks. It
   * can't change later, so give them different ones if you may connect them some day.
   */
  cidr: textThat(isPrivateBlock, {
    allowed: 'a private IPv4 block of /16 such as "10.20.0.0/16"',
    why: "each subnet gets a /20 of it",
  }),
  /** Availability zones, such as `us-east-1a`. */
  zones: list(text({ pattern: /^[a-z0-9-]+$/, allowed: 'an availability zone such as "us-east-1a"' }), {
    least: 2,
    most: 4,
    items: "zones",
    why: "RDS and ElastiCache need at least two zones",
  }),
  /**
   * NAT gateways for internet access from private subnets: none, one for all zones, or one per zone.
   * @cost Each costs about $37 per month with its address, and $0.045 per GB.
   * @risk With `one`, losing its zone disconnects the other zones.
   */
  nat: oneOf(["none", "one", "perZone"]),
  /**
   * AWS services with an interface endpoint in the VPC; S3 always has a gateway endpoint.
   * @cost Each costs about $7 per month and zone.
   */
  endpoints: list(oneOf(["ecr.api", "ecr.dkr", "logs", "monitoring", "secretsmanager", "sqs", "xray"]), {
    items: "AWS services",
  }),
  /**
   * Zones of each endpoint: one or all.
   * @risk With `one`, losing its zone disconnects the other zones.
   */
  endpointZones: oneOf(["one", "all"]),
  /**
   * Flow logs: all traffic or rejected traffic.
   * @cost CloudWatch Logs costs $0.50 per GB ingested.
   */
  flowLogs: unlessOff(oneOf(["ALL", "REJECT"])),
}).check(
  rule(
    ["nat", "endpoints"],
    'With `network.nat` "none", `network.endpoints` contains "secretsmanager".',
    ({ nat, endpoints }, reject) => {
      if (nat !== "none" || endpoints.includes("secretsmanager")) return;
      reject("nat", nat, {
        allowed: '"one" or "perZone", or network.endpoints must contain "secretsmanager"',
        why: "functions in private subnets could not reach Secrets Manager",
      });
    },
  ),
);

export type NetworkSettings = Settings<typeof networkSchema>;

export const zonesAreOfRegion = rule<{ region: string; network: { zones: string[] } }>(
  ["region", "network.zones"],
  "Each zone of `network.zones` is in `region`.",
  ({ region, network }, reject) => {
    const known = [...(ZONE_LETTERS[region] ?? "")].map((letter) => `${region}${letter}`);
    network.zones.forEach((zone, index) => {
      if (known.includes(zone)) return;
      reject(["network", "zones", index], zone, {
        allowed: `one of ${known.map((name) => `"${name}"`).join(", ")}`,
        why: `the environment is in ${region}`,
      });
    });
  },
);

function isPrivateBlock(cidr: string): boolean {
  const [first = 0, second = 0] = cidr.split(".").map(Number);
  const isPrivate =
    first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168);
  return isPrivate && parseCidr(cidr)?.prefix === 16;
}
