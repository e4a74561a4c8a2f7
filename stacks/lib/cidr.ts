/** First address and prefix length of an IPv4 block. */
interface Block {
  readonly address: number;
  readonly prefix: number;
}

/** Parses `10.0.0.0/16`; undefined if it is not an IPv4 block or has bits set after the prefix. */
export function parseCidr(cidr: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (match === null) return undefined;
  const [octets, prefix] = [match.slice(1, 5).map(Number), Number(match[5])];
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return address % 2 ** (32 - prefix) === 0 ? { address, prefix } : undefined;
}

export interface SubnetPosition {
  /** Number of additional prefix bits. */
  readonly bits: number;
  /** Index from 0 to `2 ** bits - 1`. */
  readonly index: number;
}

/**
 * A subnet of a block, like Terraform's `cidrsubnet`, but with a readable value in plans. Throws if the index is out of
 * range.
 */
export function subnetCidr(cidr: string, { bits, index }: SubnetPosition): string {
  const block = parseCidr(cidr);
  if (block === undefined || index >= 2 ** bits) {
    throw new Error(`${cidr} has no /${(block?.prefix ?? 0) + bits} block with index ${index}`);
  }
  const prefix = block.prefix + bits;
  const address = block.address + index * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}
