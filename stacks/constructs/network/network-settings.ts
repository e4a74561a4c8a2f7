import { parseCidr } from "../../lib/cidr";
import { type Check, ZONE_LETTERS } from "../../lib/validation";
import { NAT_MODES } from "./nat-gateways";
import type { NetworkSettings } from "./network";
import { INTERFACE_ENDPOINTS } from "./vpc-endpoints";

export function checkNetwork(network: NetworkSettings, region: string, check: Check): void {
  checkBlock(network.cidr, check);
  checkZones(network.zones, region, check);
  check.oneOf("nat", network.nat, NAT_MODES);
  network.endpoints.forEach((service, index) => {
    check.oneOf(`endpoints[${index}]`, service, INTERFACE_ENDPOINTS);
  });
  check.oneOf("endpointZones", network.endpointZones, ["one", "all"]);
  if (network.nat === "none" && !network.endpoints.includes("secretsmanager")) {
    check.reject("nat", network.nat, {
      allowed: '"one" or "perZone", or network.endpoints must hold "secretsmanager"',
      why: "functions in private subnets would reach it neither way",
    });
  }
  if (typeof network.flowLogs === "object") check.onOrReason("flowLogs", network.flowLogs);
  else check.oneOf("flowLogs", network.flowLogs, ["ALL", "REJECT"]);
}

function checkBlock(cidr: string, check: Check): void {
  const [first = 0, second = 0] = cidr.split(".").map(Number);
  const isPrivate =
    first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168);
  if (parseCidr(cidr)?.prefix !== 16 || !isPrivate) {
    check.reject("cidr", cidr, {
      allowed: 'a private IPv4 block of /16 such as "10.20.0.0/16"',
      why: "each subnet takes a /20 of it",
    });
  }
}

function checkZones(zones: readonly string[], region: string, check: Check): void {
  check.number("zones.length", zones.length, {
    least: 2,
    most: 4,
    unit: "zones",
    why: "RDS and ElastiCache need two",
  });
  const known = [...(ZONE_LETTERS[region] ?? "")].map((letter) => `${region}${letter}`);
  zones.forEach((zone, index) => {
    if (known.length > 0) check.oneOf(`zones[${index}]`, zone, known);
    if (zones.indexOf(zone) !== index) check.reject(`zones[${index}]`, zone, { allowed: "named once" });
  });
}
