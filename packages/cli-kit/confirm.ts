import { createInterface } from "node:readline/promises";
import { Refusal } from "./refusal";

/** How somebody can agree to what a command is about to do. */
export interface Confirmation {
  /** Agrees beforehand: `--yes`. */
  readonly yes: boolean;
  /** Asks a person; undefined where there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** Asks on the terminal; undefined when input or output is none. */
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

/** Resolves when a person, or `--yes`, agrees. Throws a Refusal otherwise: nothing was changed yet. */
export async function confirm(question: string, { yes, ask }: Confirmation): Promise<void> {
  if (yes) return;
  if (ask === undefined) throw new Refusal("nobody can be asked here, so nothing was changed: pass --yes");
  const answer = (await ask(`${question} Only yes is a yes: `)).trim();
  if (answer !== "yes") throw new Refusal(`the answer was "${answer}", so nothing was changed`);
}
