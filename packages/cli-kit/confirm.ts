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

export interface Typed extends Pick<Confirmation, "ask"> {
  /** What must be typed, such as a name. */
  readonly word: string;
  /** What was typed in advance, on the command line. */
  readonly typed: string | undefined;
}

/** Resolves when a person types the word that stands for what is at risk. Throws a Refusal otherwise. */
export async function confirmByTyping(question: string, { word, typed, ask }: Typed): Promise<void> {
  if (typed === word) return;
  if (ask === undefined || typed !== undefined)
    throw new Refusal(
      `not confirmed: ${typed === undefined ? "there is no terminal to ask" : `got "${typed}"`}`,
    );
  const answer = (await ask(`${question} Type ${word} to continue: `)).trim();
  if (answer !== word) throw new Refusal(`not confirmed (answer "${answer}")`);
}
