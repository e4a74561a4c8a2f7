/** The first address and prefix length of an IPv4 block. */
interface Block {
  readonly address: number;
  readonly prefix: number;
}

/** Reads `10.0.0.0/16`; undefined when it is no IPv4 block, or when bits behind the prefix are set. */
export function parseCidr(cidr: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (match === null) return undefined;
  const [octets, prefix] = [match.slice(1, 5).map(Number), Number(match[5])];
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return address % 2 ** (32 - prefix) === 0 ? { address, prefix } : undefined;
}

export interface SubnetPosition {
  /** By how many bits the prefix grows. */
  readonly bits: number;
  /** From 0 to below `2 ** bits`. */
  readonly index: number;
}

/** One of the equal blocks that a block is cut into, as Terraform's `cidrsubnet`, but readable in the plan. */
export function subnetCidr(cidr: string, { bits, index }: SubnetPosition): string {
  const block = parseCidr(cidr);
  if (block === undefined || index >= 2 ** bits) {
    throw new Error(`${cidr} has no block ${index} of /${(block?.prefix ?? 0) + bits}`);
  }
  const prefix = block.prefix + bits;
  const address = block.address + index * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}
