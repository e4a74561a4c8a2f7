import type { Change } from "./changes";
import { differences } from "./difference";
import type { Finding } from "./finding";
import { hasMarks } from "./placeholders";
import { MASKED, uncovered } from "./mask";
import type { Plan, PlannedChange } from "@packages/terraform/plan";

export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "delete";
  readonly before?: unknown;
  readonly after?: unknown;
  /** Whether Terraform marks it, on either side. */
  readonly sensitive: boolean;
}

/** Outputs whose value changes, or may; those whose words stay the same are not told. */
export function readOutputs(changes: Readonly<Record<string, PlannedChange>>): OutputChange[] {
  return Object.entries(changes)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, change]) => {
      const after = change.after_unknown === true ? "(known after apply)" : change.after;
      if (differences(change.before, after, name).length === 0) return [];
      return [
        {
          name,
          action: (change.actions.join() === "create,delete"
            ? "update"
            : change.actions[0]) as OutputChange["action"],
          before: uncovered(change.before ?? undefined),
          after: uncovered(after ?? undefined),
          sensitive: hasMarks(change.after_sensitive) || hasMarks(change.before_sensitive),
        },
      ];
    });
}

/** An output that holds what looks like a secret, and is not marked: everybody who reads the state reads it. */
export function outputFindings(outputs: readonly OutputChange[]): Finding[] {
  return outputs
    .filter(({ after, sensitive }) => !sensitive && JSON.stringify(after ?? "").includes(MASKED))
    .map(({ name }) => ({
      severity: "block",
      rule: "secret-in-output",
      title: `the output ${name} holds what looks like a secret, for everybody who can read the state`,
      details: ["take it out; what needs the secret reads it from Secrets Manager"],
    }));
}

/** An output that was sensitive and is no longer: whoever reads the outputs reads it. */
export function unmarkedFindings({ output_changes: outputs = {} }: Plan): Finding[] {
  return Object.entries(outputs)
    .filter(
      ([, { actions, before_sensitive: before, after_sensitive: after }]) =>
        hasMarks(before) && !hasMarks(after) && actions.join() !== "delete",
    )
    .map(([name]) => ({
      severity: "review",
      rule: "output-unmarked",
      title: `the output ${name} is no longer marked as sensitive`,
    }));
}

/** Attributes that come to hold what looks like a secret: it would be in the state, in logs of plans, in AWS's console. */
export function secretFindings(changes: readonly Change[]): Finding[] {
  return changes.flatMap(({ address, secrets }) => {
    const known = new Set(secrets.before.values());
    const paths = [...secrets.after].filter(([, secret]) => !known.has(secret));
    if (paths.length === 0) return [];
    return [
      {
        severity: "block" as const,
        rule: "secret-in-attribute",
        title: `${address} comes to hold what looks like a secret, in ${paths.map(([path]) => path).join(", ")}`,
        address,
        details: ["keep it in Secrets Manager, and give the name of it"],
      },
    ];
  });
}
