import type { Bench, Measured, Sample } from "./case";

/** Measures one thing once. */
export type Take = (turn: number) => Promise<Sample>;

/**
 * Measures things by turns, A B A B …, so that what else the machine does meets all of them alike. Each is run once
 * before that, not measured: what is cached afterwards is cached for all.
 */
export async function takeTurns<Name extends string>(
  { runs, tell }: Pick<Bench, "runs" | "tell">,
  things: Readonly<Record<Name, Take>>,
  { warmUp = true }: { readonly warmUp?: boolean } = {},
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(things) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Sample[]>;
  for (let turn = warmUp ? 0 : 1; turn <= runs; turn++) {
    for (const name of names) {
      tell(turn === 0 ? `warming up: ${name}` : `turn ${turn} of ${runs}: ${name}`);
      const sample = await things[name](turn);
      if (turn > 0) samples[name].push(sample);
    }
  }
  return samples satisfies Measured;
}
