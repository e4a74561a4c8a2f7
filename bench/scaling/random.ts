/** Pseudorandom numbers from 0 to 1, deterministic by seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Log-normal numbers with a mean: most slightly below it, few far above. */
export function logNormal(random: () => number, mean: number, sigma: number): () => number {
  const location = Math.log(mean) - sigma ** 2 / 2;
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return Math.exp(location + sigma * radius * Math.cos(2 * Math.PI * random()));
  };
}

/** Arrival times in seconds of a Poisson process with a rate per second. */
export function arrivals(random: () => number, seconds: number, rate: (second: number) => number): number[] {
  const times: number[] = [];
  for (let second = 0; second < seconds; second++) {
    for (let left = rate(second) + Math.log(1 - random()); left > 0; left += Math.log(1 - random())) {
      times.push(second);
    }
  }
  return times;
}
