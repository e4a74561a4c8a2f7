import type { Bench, Measured, Sample } from "./case";

/** Takes one sample. */
export type Take = (turn: number) => Promise<Sample>;

/**
 * Measures subjects in turns until none needs more samples. Every second turn reverses the order (A B B A A B …), so
 * that other load affects all alike. Each runs once unmeasured first, to fill caches.
 */
export async function takeTurns(
  { needed, tell }: Pick<Bench, "needed" | "tell">,
  things: Readonly<Record<string, Take>>,
  { warmUp = true }: { readonly warmUp?: boolean } = {},
): Promise<Measured> {
  const names = Object.keys(things);
  const samples: Record<string, Sample[]> = Object.fromEntries(names.map((name) => [name, []]));
  const take = async (name: string, turn: number): Promise<void> => {
    tell(turn === 0 ? `warming up: ${name}` : `turn ${turn}: ${name}`);
    const sample = await things[name]?.(turn);
    if (sample !== undefined && turn > 0) samples[name]?.push(sample);
  };
  const left = (): string[] => names.filter((name) => needed(samples).has(name));
  if (warmUp) for (const name of left()) await take(name, 0);
  for (let turn = 1, now = left(); now.length > 0; turn++, now = left()) {
    for (const name of turn % 2 === 1 ? now : now.reverse()) await take(name, turn);
  }
  return samples;
}

/** Measures subjects that only exist together, in rounds, until none needs more samples. */
export async function takeRounds(
  { needed, tell }: Pick<Bench, "needed" | "tell">,
  round: (turn: number) => Promise<Readonly<Record<string, Sample>>>,
): Promise<Measured> {
  const samples: Record<string, Sample[]> = {};
  for (let turn = 1; needed(samples).size > 0; turn++) {
    tell(`turn ${turn}`);
    for (const [name, sample] of Object.entries(await round(turn))) (samples[name] ??= []).push(sample);
  }
  return samples;
}
