import type { PolicyException } from "./exceptions";
import { rules } from ".";
import type { Finding, Rule } from "./rule";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** A finding with the rule that found it and the stack that it was found in. */
export interface EvaluatedFinding extends Finding {
  /** Id of the rule. */
  readonly rule: string;
  /** What the rule requires. */
  readonly sentence: string;
  readonly stack: string;
  /** Where to make the change that the remedy describes. */
  readonly files: readonly string[];
}

export interface Evaluation {
  readonly findings: readonly EvaluatedFinding[];
  readonly excepted: readonly EvaluatedFinding[];
}

/** Where findings about exceptions themselves are. */
export const EXCEPTIONS_FILE = "policies/exceptions.ts";
const SETTINGS_FILE = "stacks/environments.ts";

export interface EvaluationOptions {
  readonly exceptions: readonly PolicyException[];
  readonly today: Date;
}

/** The findings of every rule in every stack, those with an exception apart. Expired and unused exceptions are findings. */
export function evaluate(stacks: readonly Stack[], { exceptions, today }: EvaluationOptions): Evaluation {
  const all = stacks.flatMap((stack) =>
    rules.flatMap((rule) => rule.find(stack).map((finding) => evaluated(finding, rule, stack))),
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

function evaluated(finding: Finding, rule: Rule, stack: Stack): EvaluatedFinding {
  return {
    source: rule.source,
    ...finding,
    rule: rule.id,
    sentence: rule.sentence,
    stack: stack.name,
    files: filesOf(rule, finding),
  };
}

/** The file of the settings, or the files of the constructs whose properties the remedy names. */
export function filesOf(rule: Rule, { remedy }: Pick<Finding, "remedy">): string[] {
  if (rule.code === undefined) return [SETTINGS_FILE];
  return Object.entries(rule.code).flatMap(([file, properties]) =>
    properties.some((property) => remedy.includes(property)) ? [file] : [],
  );
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
  const place = {
    rule,
    sentence: "An exception covers a finding, and has not expired.",
    stack: EXCEPTIONS_FILE,
    address,
    path: EXCEPTIONS_FILE,
    files: [EXCEPTIONS_FILE],
  };
  if (!all.some((finding) => covers(exception, finding))) {
    return [{ ...place, finding: "the exception covers no finding", remedy: "remove the exception" }];
  }
  // The last day counts to its end. An invalid date counts as passed.
  return today.toISOString().slice(0, 10) <= expires && !Number.isNaN(Date.parse(expires))
    ? []
    : [
        {
          ...place,
          finding: `the exception expired on ${expires}; its reason was: ${reason}`,
          remedy: "correct the finding and remove the exception, or review the reason and set a new date",
        },
      ];
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
