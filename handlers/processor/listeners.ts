import { isIPv4, isIPv6 } from "node:net";

export interface ListenersOptions {
  /** Maximum of all addresses together. */
  readonly most: number;
  /** Maximum of one address, or of one network of IPv6 addresses. */
  readonly mostPerAddress: number;
}

/** Counts those who listen, from their request until they have gone. */
export class Listeners {
  private count = 0;
  private readonly byAddress = new Map<string, number>();

  constructor(private readonly options: ListenersOptions) {}

  /** Counts a listener until the signal aborts; returns who has too many, if the listener is refused. */
  enter(address: string, gone: AbortSignal): "all" | "address" | undefined {
    const { most, mostPerAddress } = this.options;
    const network = networkOf(address);
    const before = this.byAddress.get(network) ?? 0;
    if (this.count >= most) return "all";
    if (before >= mostPerAddress) return "address";
    this.count++;
    this.byAddress.set(network, before + 1);
    gone.addEventListener("abort", () => this.leave(network), { once: true });
    return undefined;
  }

  private leave(network: string): void {
    this.count--;
    const left = (this.byAddress.get(network) ?? 1) - 1;
    if (left > 0) this.byAddress.set(network, left);
    else this.byAddress.delete(network);
  }
}

/**
 * The viewer's address, from `X-Forwarded-For` as CloudFront and the load balancer write it: each appends the address
 * that it was connected from, so the last one is CloudFront's and the one before is the viewer's. Whatever the viewer
 * sent is before that. Returns the peer's address without such a header.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function viewerAddress(forwardedFor: string | undefined, peer: string): string {
  const addresses = (forwardedFor ?? "").split(",").map((address) => address.trim());
  const viewer = addresses.at(-2) ?? addresses.at(-1);
  return viewer !== undefined && (isIPv4(viewer) || isIPv6(viewer)) ? viewer : peer;
}

/** An IPv4 address, or the first 64 bits of an IPv6 address, which one household has for itself. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = "", tail = ""] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = address.includes("::")
    ? [...groups(head), ...Array<string>(Math.max(0, missing)).fill("0"), ...groups(tail)]
    : groups(head);
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
