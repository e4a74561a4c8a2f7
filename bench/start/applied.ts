import { parseEvent } from "@packages/terraform/events";

/** Seconds per resource in the applies of a `runTerraform` log, by address. */
export function appliedSeconds(log: string): Map<string, number> {
  const began = new Map<string, number>();
  const seconds = new Map<string, number>();
  for (const event of eventsOfApplies(log)) {
    const address = event.hook?.resource.addr;
    const at = Date.parse(event["@timestamp"] ?? "");
    if (address === undefined || Number.isNaN(at)) continue;
    if (event.type === "apply_start") began.set(address, at);
    const start = began.get(address);
    if (event.type === "apply_complete" && start !== undefined) seconds.set(address, (at - start) / 1_000);
  }
  if (seconds.size === 0) throw new Error("the log has no apply with completed resources");
  return seconds;
}

/** Events of the applies in a log; each command starts with a line `$ terraform <command> …`. */
function eventsOfApplies(log: string) {
  return log
    .split(/^\$ terraform /m)
    .filter((command) => command.startsWith("apply "))
    .flatMap((command) => command.split("\n").map(parseEvent))
    .filter((event) => event !== undefined);
}
