import { setImmediate as nextTurn } from "node:timers/promises";

/** Lets whatever is under way in this process go on until something holds; what never holds meets Jest's deadline. */
export async function turnsUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}
