import type { TerraformEvent } from "./events";

const seconds = (milliseconds: number) => `${Math.floor(milliseconds / 1000)} s`;

/** Progress of an apply or destroy, from Terraform's events. */
export class Progress {
  private done = 0;
  private readonly underWay = new Map<string, number>();

  /** `total` is the number of resources in the plan. */
  constructor(private readonly total: number) {}

  on(event: TerraformEvent, now = Date.now()): void {
    const address = event.hook?.resource.addr ?? "";
    if (event.type === "apply_start") this.underWay.set(`${event.hook?.action} ${address}`, now);
    if (event.type === "apply_complete" || event.type === "apply_errored") {
      this.underWay.delete(`${event.hook?.action} ${address}`);
      if (event.type === "apply_complete") this.done++;
    }
  }

  /** Text such as `34 of 60, waiting for aws_db_instance.database (68 s) and 2 more`. */
  status(now = Date.now()): string {
    const oldest = [...this.underWay].sort(([, a], [, b]) => a - b);
    const [first, ...others] = oldest;
    const counted = `${this.done} of ${this.total}`;
    if (!first) return counted;
    const [action, since] = first;
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    return `${counted}, waiting for ${action.split(" ")[1]} (${seconds(now - since)})${more}`;
  }
}
