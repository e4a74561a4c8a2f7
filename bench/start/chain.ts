import { addressesIn, type Stack } from "@packages/terraform/synthesized-stack";

/** A chain of dependent resources, first to last. */
export interface Chain {
  readonly seconds: number;
  readonly addresses: readonly string[];
}

const NOTHING: Chain = { seconds: 0, addresses: [] };

/** The slowest dependency chain, which parallelism can't shorten. Throws for cyclic dependencies. */
export function slowestChain(
  seconds: ReadonlyMap<string, number>,
  needs: ReadonlyMap<string, readonly string[]>,
): Chain {
  const known = new Map<string, Chain | "under way">();
  const upTo = (address: string): Chain => {
    const already = known.get(address);
    if (already === "under way") throw new Error(`${address} needs itself`);
    if (already !== undefined) return already;
    known.set(address, "under way");
    const before = slowest((needs.get(address) ?? []).map(upTo));
    const chain = {
      seconds: before.seconds + (seconds.get(address) ?? 0),
      addresses: [...before.addresses, address],
    };
    known.set(address, chain);
    return chain;
  };
  return slowest([...seconds.keys()].map(upTo));
}

const slowest = (chains: readonly Chain[]): Chain =>
  chains.reduce((most, chain) => (chain.seconds > most.seconds ? chain : most), NOTHING);

/** Dependencies of each resource, including `depends_on`. */
export function needsOf({ resources }: Stack): Map<string, string[]> {
  return new Map(
    resources.map(({ address, raw }) => [
      address,
      [...new Set(addressesIn(JSON.stringify(raw)))].filter((needed) => needed !== address),
    ]),
  );
}
