import { BlockList, isIP } from "node:net";
import { isPlaceholder } from "../placeholders";

/** Shortest CIDR prefixes, in bits, that one organization can own. */
const NARROWEST_PREFIX = { 4: 8, 6: 16 } as const;

/** Share of all addresses from which a list of ranges counts as the internet. */
const WORLD_SHARE = 1 / 4;

/** Words of firewalls for every address. */
const WORDS = new Set(["*", "internet", "any", "all"]);

const PRIVATE = new BlockList();
for (const [address, prefix] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
] as const) {
  PRIVATE.addSubnet(address, prefix, "ipv4");
}
for (const [address, prefix] of [
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  PRIVATE.addSubnet(address, prefix, "ipv6");
}

/**
 * Whether ranges contain the internet, or a large part of it: `0.0.0.0/0`, `0::/0`, two halves, or `Internet` and `*` as
 * Azure writes them.
 */
export function containsWorld(ranges: readonly unknown[]): boolean {
  let [four, six] = [0, 0];
  for (const range of ranges) {
    if (typeof range !== "string") continue;
    if (WORDS.has(range.toLowerCase())) return true;
    const { family, prefix, address } = parsed(range);
    if (family === 0 || PRIVATE.check(address, family === 6 ? "ipv6" : "ipv4")) continue;
    if (prefix < NARROWEST_PREFIX[family]) return true;
    if (family === 4) four += 2 ** -prefix;
    // 2000::/3 is all that is routed.
    else six += 8 * 2 ** -prefix;
  }
  return four >= WORLD_SHARE || six >= WORLD_SHARE;
}

/** Whether ranges contain public addresses. */
export function containsPublic(ranges: readonly unknown[]): boolean {
  return ranges.some((range) => {
    if (typeof range !== "string") return false;
    const { family, address } = parsed(range);
    return family !== 0 && !PRIVATE.check(address, family === 6 ? "ipv6" : "ipv4");
  });
}

/** Whether ranges are known only after apply, or look like addresses but can't be read. */
export function areUnknown(ranges: readonly unknown[]): boolean {
  return ranges.some((range) => isPlaceholder(range) || (typeof range === "string" && isUnreadable(range)));
}

/** `000.0.0.0/0`, which some programs read as every address and others refuse; not the name of a group or service. */
function isUnreadable(range: string): boolean {
  return /^[\da-f.:]+(?:\/\d*)?$/i.test(range) && /[.:/]/.test(range) && parsed(range).family === 0;
}

interface Range {
  readonly family: 0 | 4 | 6;
  readonly prefix: number;
  readonly address: string;
}

function parsed(text: string): Range {
  const [address = "", bits] = text.split("/");
  const family = isIP(address) as 0 | 4 | 6;
  const whole = family === 6 ? 128 : 32;
  const prefix = bits === undefined ? whole : Number(bits);
  return prefix >= 0 && prefix <= whole ? { family, prefix, address } : { family: 0, prefix: whole, address };
}
