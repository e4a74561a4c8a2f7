import { createInterface } from "node:readline/promises";
import { Refusal } from "./refusal";
import type { Reviewed } from "./review";

export interface Approval {
  readonly yes: boolean;
  /** Beginning of the digest of a plan whose verdict is stop. */
  readonly accept: string | undefined;
  /** Asks a person; undefined where there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** Asks on the terminal; undefined when input or output is none. */
export function terminalQuestion(): Approval["ask"] {
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

/** Resolves when the plan may be applied. Throws a Refusal that says what it would take. */
export async function approve(
  name: string,
  reviewed: Pick<Reviewed, "verdict" | "digest">,
  { yes, accept, ask }: Approval,
): Promise<void> {
  const { verdict, digest } = reviewed;
  if (accept !== undefined && !digest.startsWith(accept)) {
    throw new Refusal(
      `--accept ${accept} is of another plan: this one's digest is ${digest}; nothing was applied`,
    );
  }
  if (accept !== undefined) return;
  if (verdict === "stop") {
    throw new Refusal(
      `the review says stop, so nothing was applied; if it is meant all the same: --accept ${digest.slice(0, 12)}`,
    );
  }
  if (yes) return;
  if (ask === undefined) throw new Refusal("nobody can be asked here, so nothing was applied: pass --yes");
  const answer = await ask(`Apply this to ${name}? Only yes is a yes: `);
  if (answer.trim() !== "yes") throw new Refusal(`the answer was "${answer.trim()}", so nothing was applied`);
}
