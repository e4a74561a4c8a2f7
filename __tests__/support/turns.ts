import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Lets pending work of this process continue until a condition holds; a condition that never holds meets Jest's
 * timeout.
 */
export async function turnsUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}
