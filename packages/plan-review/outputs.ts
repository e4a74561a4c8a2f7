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
  /** Marked as sensitive by Terraform, on either side. */
  readonly sensitive: boolean;
}

/** Outputs whose value changes or may change; those with unchanged code are omitted. */
export function readOutputs(changes: Readonly<Record<string, PlannedChange>>): OutputChange[] {
  return Object.entries(changes)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, change]) => {
      const { after } = change;
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

/** Findings for outputs that look like secrets but are not marked: everyone who can read the state can read them. */
export function outputFindings(outputs: readonly OutputChange[]): Finding[] {
  return outputs
    .filter(({ after, sensitive }) => !sensitive && JSON.stringify(after ?? "").includes(MASKED))
    .map(({ name }) => ({
      severity: "block",
      rule: "secret-in-output",
      title: `the output ${name} looks like a secret and is readable in the state`,
      details: ["remove it; read the secret from Secrets Manager where it is needed"],
    }));
}

/** Findings for outputs that are no longer marked as sensitive. */
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

/**
 * Findings for attributes whose new value looks like a secret: it would be in the state, plan logs and the AWS console.
 */
export function secretFindings(changes: readonly Change[]): Finding[] {
  return changes.flatMap(({ address, secrets }) => {
    const known = new Set(secrets.before.values());
    const paths = [...secrets.after].filter(([, secret]) => !known.has(secret));
    if (paths.length === 0) return [];
    return [
      {
        severity: "block" as const,
        rule: "secret-in-attribute",
        title: `${address} gets a value that looks like a secret, in ${paths.map(([path]) => path).join(", ")}`,
        address,
        details: ["store it in Secrets Manager and refer to it by name"],
      },
    ];
  });
}
