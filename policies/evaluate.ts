import type { Acceptance } from "./exceptions";
import { rules } from ".";
import type { Finding, Rule } from "./rule";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** A finding with the rule that found it and the stack that it was found in. */
export interface Judged extends Finding {
  readonly rule: string;
  readonly stack: string;
}

export interface Verdict {
  readonly findings: readonly Judged[];
  readonly accepted: readonly Judged[];
}

/** Where findings about acceptances themselves are. */
export const ACCEPTED = "policies/exceptions.ts";

/** Every finding of every rule in every stack; those accepted apart. What is expired or unused counts too. */
export function judge(
  stacks: readonly Stack[],
  acceptances: readonly Acceptance[],
  today: Date,
  by: Readonly<Record<string, Rule>> = rules,
): Verdict {
  const all = stacks.flatMap((stack) =>
    Object.entries(by).flatMap(([rule, find]) =>
      find(stack).map((finding): Judged => ({ ...finding, rule, stack: stack.name })),
    ),
  );
  const isAccepted = (finding: Judged) => acceptances.some((acceptance) => covers(acceptance, finding));
  return {
    findings: [
      ...all.filter((finding) => !isAccepted(finding)),
      ...acceptances.flatMap((acceptance) => faultOf(acceptance, all, today)),
    ],
    accepted: all.filter(isAccepted),
  };
}

function covers({ rule, address }: Acceptance, finding: Judged): boolean {
  const pattern = address.split("*").map(escaped).join(".*");
  return rule === finding.rule && new RegExp(`^${pattern}$`).test(finding.address);
}

function faultOf(acceptance: Acceptance, all: readonly Judged[], today: Date): Judged[] {
  const { rule, address, reason, expires } = acceptance;
  const place = { rule, stack: ACCEPTED, address, path: ACCEPTED };
  if (!all.some((finding) => covers(acceptance, finding))) {
    return [{ ...place, what: "is accepted, but nothing breaks the rule there", mend: "remove the entry" }];
  }
  // The last day counts to its end; a date that is none has passed.
  return today.toISOString().slice(0, 10) <= expires && !Number.isNaN(Date.parse(expires))
    ? []
    : [
        {
          ...place,
          what: `was accepted until ${expires}: ${reason}`,
          mend: "mend it, or review the reason and set a new date",
        },
      ];
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
