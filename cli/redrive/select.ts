import { UsageError } from "@packages/cli-kit/values";
import type { Letter } from "./letters";
import type { Reason } from "./reasons";
import type { ReasonKind } from "./reason-kinds";

/** A dead letter with its reason. */
export interface Explained extends Letter {
  readonly reason: Reason;
}

export interface Selection {
  readonly kind: ReasonKind | undefined;
  /** Whether a reason's text is selected. */
  readonly matches: (text: string) => boolean;
}

/** Parses `--reason`: text to find, case-insensitive, or `/regular expression/`. Throws a UsageError if invalid. */
export function reasonFilter(reason: string | undefined): Selection["matches"] {
  if (reason === undefined) return () => true;
  const [, pattern] = /^\/(.+)\/$/.exec(reason) ?? [];
  if (pattern === undefined) {
    const wanted = reason.toLowerCase();
    return (text) => text.toLowerCase().includes(wanted);
  }
  try {
    const expression = new RegExp(pattern, "iu");
    return (text) => expression.test(text);
  } catch (error) {
    throw new UsageError(`--reason ${reason} is not a valid regular expression: ${(error as Error).message}`);
  }
}

/** The selected letters and the others. */
export function select(
  letters: readonly Explained[],
  { kind, matches }: Selection,
): { selected: Explained[]; others: Explained[] } {
  const selected: Explained[] = [];
  const others: Explained[] = [];
  for (const letter of letters) {
    const meant = (kind === undefined || letter.reason.kind === kind) && matches(letter.reason.text);
    (meant ? selected : others).push(letter);
  }
  return { selected, others };
}
