import { createInterface } from "node:readline/promises";
import { Refusal } from "./refusal";

/** How a person confirms what a command is about to do. */
export interface Confirmation {
  /** Confirmed in advance with `--yes`. */
  readonly yes: boolean;
  /** Asks a question; undefined if there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** A function that asks on the terminal; undefined if input or output is not one. */
export function terminalQuestion(): Confirmation["ask"] {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  };
}

/** Resolves when `--yes` or a person confirms. Throws a Refusal otherwise; nothing has changed then. */
export async function confirm(question: string, { yes, ask }: Confirmation): Promise<void> {
  if (yes) return;
  if (ask === undefined)
    throw new Refusal("no terminal to ask for confirmation; nothing was changed. Pass --yes.");
  const answer = (await ask(`${question} Type yes to continue: `)).trim();
  if (answer !== "yes") throw new Refusal(`not confirmed (answer "${answer}"); nothing was changed`);
}
