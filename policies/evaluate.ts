import type { PolicyException } from "./exceptions";
import { rules } from ".";
import type { Finding, Rule } from "./rule";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** A finding with the rule that found it and the stack that it was found in. */
export interface EvaluatedFinding extends Finding {
  readonly rule: string;
  readonly stack: string;
}

export interface Evaluation {
  readonly findings: readonly EvaluatedFinding[];
  readonly excepted: readonly EvaluatedFinding[];
}

/** Where findings about exceptions themselves are. */
export const EXCEPTIONS_FILE = "policies/exceptions.ts";

export interface EvaluationOptions {
  readonly exceptions: readonly PolicyException[];
  readonly today: Date;
}

/** Every finding of every rule in every stack; those accepted apart. What is expired or unused counts too. */
export function evaluate(stacks: readonly Stack[], { exceptions, today }: EvaluationOptions): Evaluation {
  const all = stacks.flatMap((stack) =>
    Object.entries<Rule>(rules).flatMap(([rule, find]) =>
      find(stack).map((finding): EvaluatedFinding => ({ ...finding, rule, stack: stack.name })),
    ),
  );
  const isExcepted = (finding: EvaluatedFinding) =>
    exceptions.some((exception) => covers(exception, finding));
  return {
    findings: [
      ...all.filter((finding) => !isExcepted(finding)),
      ...exceptions.flatMap((exception) => problemsOf(exception, all, today)),
    ],
    excepted: all.filter(isExcepted),
  };
}

function covers({ rule, address }: PolicyException, finding: EvaluatedFinding): boolean {
  const pattern = address.split("*").map(escaped).join(".*");
  return rule === finding.rule && new RegExp(`^${pattern}$`).test(finding.address);
}

function problemsOf(
  exception: PolicyException,
  all: readonly EvaluatedFinding[],
  today: Date,
): EvaluatedFinding[] {
  const { rule, address, reason, expires } = exception;
  const place = { rule, stack: EXCEPTIONS_FILE, address, path: EXCEPTIONS_FILE };
  if (!all.some((finding) => covers(exception, finding))) {
    return [
      { ...place, finding: "is accepted, but nothing breaks the rule there", remedy: "remove the entry" },
    ];
  }
  // The last day counts to its end; a date that is none has passed.
  return today.toISOString().slice(0, 10) <= expires && !Number.isNaN(Date.parse(expires))
    ? []
    : [
        {
          ...place,
          finding: `was accepted until ${expires}: ${reason}`,
          remedy: "repair it, or review the reason and set a new date",
        },
      ];
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
