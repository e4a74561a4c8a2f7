import { ZONE_LETTERS } from "../../lib/aws-regions";
import { parseCidr } from "../../lib/cidr";
import { group, list, oneOf, rule, type Settings, text, textThat, unlessOff } from "../../lib/schema";

export const networkSchema = group({
  /** IPv4 block of the VPC: each subnet takes a /20 of it. */
  cidr: textThat(isPrivateBlock, {
    allowed: 'a private IPv4 block of /16 such as "10.20.0.0/16"',
    why: "each subnet takes a /20 of it",
  }),
  /** Availability zones, such as `us-east-1a`. */
  zones: list(text({ pattern: /^[a-z0-9-]+$/, allowed: 'an availability zone such as "us-east-1a"' }), {
    least: 2,
    most: 4,
    items: "zones",
    why: "RDS and ElastiCache need two",
  }),
  /**
   * NAT gateways, by which private subnets reach the internet: none, one shared by all zones, or one in each zone.
   * @cost Each costs about 37 $ a month with its address, and 0.045 $ a GB.
   * @risk With `one`, the loss of its zone cuts the other zones off.
   */
  nat: oneOf(["none", "one", "perZone"]),
  /**
   * AWS services reached inside the VPC; S3 is always.
   * @cost Each costs about 7 $ a month and zone.
   */
  endpoints: list(oneOf(["ecr.api", "ecr.dkr", "logs", "monitoring", "secretsmanager", "sqs", "xray"]), {
    items: "AWS services",
  }),
  /**
   * In how many zones each endpoint stands.
   * @risk With `one`, the loss of its zone cuts the other zones off.
   */
  endpointZones: oneOf(["one", "all"]),
  /**
   * Which traffic is logged: all of it, what was rejected, or none for the reason given.
   * @cost CloudWatch takes 0.50 $ for a GB.
   */
  flowLogs: unlessOff(oneOf(["ALL", "REJECT"])),
}).check(
  rule(["nat", "endpoints"], ({ nat, endpoints }, reject) => {
    if (nat !== "none" || endpoints.includes("secretsmanager")) return;
    reject("nat", nat, {
      allowed: '"one" or "perZone", or network.endpoints must hold "secretsmanager"',
      why: "functions in private subnets would reach it neither way",
    });
  }),
);

export type NetworkSettings = Settings<typeof networkSchema>;

/** The zones are those of the environment's region. */
export const zonesAreOfRegion = rule<{ region: string; network: { zones: string[] } }>(
  ["region", "network.zones"],
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
