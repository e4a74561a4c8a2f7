import { differences } from "./difference";
import type { Finding } from "./finding";
import { MASKED, secretPaths } from "./mask";
import type { Plan, PlannedChange } from "./plan";

export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "delete";
  readonly before?: unknown;
  readonly after?: unknown;
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
          ...(change.before === null ? {} : { before: change.before }),
          ...(after === null ? {} : { after }),
          sensitive: change.after_sensitive === true,
        },
      ];
    });
}

/** An output that holds what looks like a secret, and is not marked: everybody who reads the state reads it. */
export function outputFindings(outputs: readonly OutputChange[]): Finding[] {
  return outputs
    .filter(({ after, sensitive }) => !sensitive && JSON.stringify(after ?? "").includes(MASKED))
    .map(({ name }) => ({
      severity: "stop",
      rule: "secret-in-output",
      title: `the output ${name} holds what looks like a secret, for everybody who can read the state`,
      details: ["take it out; what needs the secret reads it from Secrets Manager"],
    }));
}

/** Attributes that come to hold what looks like a secret: it would be in the state, in logs of plans, in AWS's console. */
export function secretFindings({ resource_changes: resources }: Plan): Finding[] {
  return resources
    .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op")
    .flatMap(({ address, change }) => {
      const before = secretPaths(change.before, change.before_sensitive);
      const paths = secretPaths(change.after, change.after_sensitive).filter(
        (path) => !before.includes(path),
      );
      if (paths.length === 0) return [];
      return [
        {
          severity: "stop" as const,
          rule: "secret-in-attribute",
          title: `${address} comes to hold what looks like a secret, in ${paths.join(", ")}`,
          address,
          details: ["keep it in Secrets Manager, and give the name of it"],
        },
      ];
    });
}
