import { readFileSync } from "node:fs";
import { Refusal } from "@packages/cli-kit/refusal";

/** Result of a resource: applied; refused by AWS or an emulator; or not tried, because a dependency was refused. */
export type Outcome = "applied" | "refused" | "not-attempted";

export interface AddressReport {
  /** Stack and Terraform address: `streamflow-conform aws_sqs_queue.media`. */
  readonly address: string;
  readonly outcome: Outcome;
  /** The provider's error message, if it was refused. */
  readonly reason?: string;
  /** Attributes that the second plan changes again, because AWS returns them in another form or not at all. */
  readonly differences: readonly string[];
  /** Whether it was still there after the destroy. */
  readonly leftBehind: boolean;
}

export interface ConformanceReport {
  /** Where it was applied: `http://127.0.0.1:5000`, or `profile sandbox`. */
  readonly target: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly resources: readonly AddressReport[];
}

/** Reads the report of a run. Throws a Refusal for any other file. */
export function readReport(file: string): ConformanceReport {
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as Partial<ConformanceReport>;
    if (typeof report.target === "string" && Array.isArray(report.resources))
      return report as ConformanceReport;
  } catch (error) {
    throw new Refusal(`${file} can't be read: ${(error as Error).message}`);
  }
  throw new Refusal(`${file} is not a report of npm run conformance`);
}

/** A report as text: the totals, then each resource that failed. */
export function describeReport({ target, resources }: ConformanceReport): string[] {
  const count = (of: (one: AddressReport) => boolean): number => resources.filter(of).length;
  const lines = resources.filter((one) => !isClean(one)).map(describe);
  return [
    `${target}: ${count((one) => one.outcome === "applied")} of ${resources.length} resources applied, ` +
      `${count((one) => one.outcome === "refused")} refused, ` +
      `${count((one) => one.outcome === "not-attempted")} not attempted, ` +
      `${count((one) => one.differences.length > 0)} change again, ${count((one) => one.leftBehind)} left behind`,
    ...lines.map((line) => `  ${line}`),
  ];
}

/** Resources of two reports whose results differ, one line each. Resources that only one report has are named too. */
export function compareReports(one: ConformanceReport, other: ConformanceReport): string[] {
  const [first, second] = [byAddress(one), byAddress(other)];
  const addresses = [...new Set([...first.keys(), ...second.keys()])].sort();
  return addresses.flatMap((address) => {
    const [a, b] = [result(first.get(address)), result(second.get(address))];
    return a === b ? [] : [`${address}: ${a} by ${one.target}, ${b} by ${other.target}`];
  });
}

const byAddress = ({ resources }: ConformanceReport): ReadonlyMap<string, AddressReport> =>
  new Map(resources.map((resource) => [resource.address, resource]));

/** Whether the resource was applied, had an empty second plan, and was destroyed. */
export const isClean = ({ outcome, differences, leftBehind }: AddressReport): boolean =>
  outcome === "applied" && differences.length === 0 && !leftBehind;

function describe(one: AddressReport): string {
  return `${one.address}: ${result(one)}${one.reason === undefined ? "" : `: ${one.reason}`}`;
}

/** The result as text, without the reason, whose wording differs between emulators. */
function result(one: AddressReport | undefined): string {
  if (one === undefined) return "absent";
  const again = one.differences.length === 0 ? [] : [`changes again (${one.differences.join(", ")})`];
  return [one.outcome, ...again, ...(one.leftBehind ? ["left behind"] : [])].join(", ");
}
